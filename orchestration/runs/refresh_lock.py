"""One refresh at a time in a data directory, whoever started it.

DuckDB takes one writer, and runs started on the command line pass by the queue of the UI. The operating system releases
the lock when a process ends, however it ends.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from orchestration.settings import Settings

# A refresh takes under a minute, a first pull some minutes: a lock held for longer belongs to a run that hangs.
TIMEOUT_S = 30 * 60


class RefreshLockedError(RuntimeError):
    """Another refresh held the lock all the time."""


@contextmanager
def refresh_lock(settings: Settings, on_wait: Callable[[str], object], timeout_s: float = TIMEOUT_S) -> Iterator[None]:
    """Hold the lock of the data directory; within one process it may be taken again.

    Args:
        settings: where the lock lies.
        on_wait: is told once if another refresh has to be waited for.
        timeout_s: how long to wait, in seconds.

    Raises:
        RefreshLockedError: another refresh held it for longer.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    # One object a process and path: a run takes the lock again that the command holds already.
    lock = FileLock(settings.lock_path, is_singleton=True, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        on_wait(f"Another refresh is running (it holds {settings.lock_path}): waiting for it to end.")
        try:
            lock.acquire(timeout=timeout_s)
        except Timeout:
            raise RefreshLockedError(
                f"Another refresh has held {settings.lock_path} for {timeout_s / 60:.0f} minutes. Look at it in the UI "
                "and end it if it hangs; then run this one again."
            ) from None
    try:
        yield
    finally:
        lock.release()
