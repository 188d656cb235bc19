"""Dagster's event log in one SQLite file, with its connection kept open.

Dagster's own class for it (ConsolidatedSqliteEventLogStorage) does not serve as it is: it makes an engine, a connection
and a compiled statement for every event, a third of Dagster's work in a refresh of 250 checks. What belongs here: how
the file is opened. What does not: what is stored in it.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property

from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from dagster._core.storage.event_log.polling_event_watcher import SqlPollingEventWatcher
from sqlalchemy import Connection, Engine, create_engine, event

# How long a writer waits for another (the UI, the daemon, a run), in seconds; Dagster's own value.
_BUSY_TIMEOUT_S = 30


class EventLog(ConsolidatedSqliteEventLogStorage):
    """The consolidated event log; the class that dagster.yaml names."""

    @cached_property
    def _engine(self) -> Engine:
        engine = create_engine(self._conn_string, connect_args={"timeout": _BUSY_TIMEOUT_S})

        @event.listens_for(engine, "connect")
        def _relax(connection, _record) -> None:
            # With a write-ahead log this cannot damage the file; a power cut may lose the last events of a run that
            # it ends anyway.
            connection.execute("pragma synchronous = normal")

        # A forked child must not write on its parent's connections.
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=lambda: engine.dispose(close=False))
        return engine

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        with self._engine.connect() as connection, connection.begin():
            yield connection

    # Dagster asks the file for its list of tables before and after every check; it makes them all when it opens one.
    @cached_property
    def supports_asset_checks(self) -> bool:
        """Whether the file has the table of evaluations."""
        return super().supports_asset_checks

    @cached_property
    def _watcher(self) -> SqlPollingEventWatcher:
        return SqlPollingEventWatcher(self)

    # Dagster's own watcher waits for the file to change, but new events lie in the write-ahead log beside it as long
    # as a connection is open: a page that shows a run would fall behind.
    def watch(self, run_id: str, cursor: str | None, callback: Callable[[EventLogEntry, str], None]) -> None:
        """Tell a page about new events of a run, by asking for them."""
        self._watcher.watch_run(run_id, cursor, callback)

    def end_watch(self, run_id: str, handler: Callable[[EventLogEntry, str], None]) -> None:
        """Stop telling."""
        self._watcher.unwatch_run(run_id, handler)

    def dispose(self) -> None:
        """Close the connections with the storage."""
        self._watcher.close()
        self._engine.dispose()
