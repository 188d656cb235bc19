"""What we use of Dagster's and dbt's inner parts is there as we use it: an upgrade that moves it fails here, by name.

Every such import in the source must have its uses listed below.
"""

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dagster_dbt import DagsterDbtTranslator, DbtCliResource

from orchestration.defs.resources import DbtCommand
from orchestration.defs.warehouse import Translator
from orchestration.runs.event_log import EventLog
from tests.conftest import ROOT

PACKAGES = {"dagster", "dagster_dbt", "dagster_webserver", "dagster_graphql", "dagster_shared", "dbt"}
# What these promise not to change is imported from their top.
PUBLIC = {"dagster", "dagster_dbt"}


def takes(*arguments: Any, **named: Any) -> Callable[[Any], object]:
    """A use: it can be called with these."""
    return lambda found: inspect.signature(found).bind(*arguments, **named)


def has(*names: str, **methods: Callable[[Any], object]) -> Callable[[Any], object]:
    """A use: it has these members, the methods used as said."""

    def look(found: Any) -> None:
        missing = [name for name in (*names, *methods) if not hasattr(found, name)]
        assert not missing, f"has no {', '.join(missing)}"
        for name, used in methods.items():
            used(getattr(found, name))

    return look


def is_value(value: object) -> Callable[[Any], object]:
    """A use: its value, which is stored with runs, is this one."""

    def look(found: Any) -> None:
        assert found == value, f"is {found!r}, not {value!r}"

    return look


def command(*names: str, **options: tuple[str, ...]) -> Callable[[Any], object]:
    """A use: a click group with these commands and their options."""

    def look(found: Any) -> None:
        for name in (*names, *options):
            assert name in found.commands, f"has no command {name}"
            known = {option for parameter in found.commands[name].params for option in parameter.opts}
            assert set(options.get(name, ())) <= known, f"{name} takes {sorted(known)}"

    return look


SELF, ANY = object(), object()
# By module and name: how it is used.
USES: dict[tuple[str, str], Callable[[Any], object]] = {
    ("dagster._cli.proxy_server_manager", "ProxyServerManager"): lambda found: (
        takes(ANY, ANY, code_server_log_level="WARNING")(found),
        has("__enter__", "__exit__", get_code_server_specs=takes(SELF))(found),
    ),
    ("dagster._core.events.log", "EventLogEntry"): has("get_dagster_event"),
    ("dagster._core.storage.asset_check_execution_record", "AssetCheckExecutionRecord"): has(
        "key", "id", "run_id", "status", "event"
    ),
    ("dagster._core.storage.asset_check_execution_record", "AssetCheckExecutionRecordStatus"): has(
        "SUCCEEDED", "FAILED"
    ),
    ("dagster._core.storage.event_log", "ConsolidatedSqliteEventLogStorage"): has(
        "supports_asset_checks",
        get_asset_check_execution_history=takes(SELF, ANY, limit=1, cursor=None, status=set()),
        get_latest_asset_check_execution_by_key=takes(SELF, []),
    ),
    ("dagster._core.storage.event_log.polling_event_watcher", "SqlPollingEventWatcher"): lambda found: (
        takes(ANY)(found),
        has(watch_run=takes(SELF, "", None, print), unwatch_run=takes(SELF, "", print), close=takes(SELF))(found),
    ),
    ("dagster._core.storage.event_log.schema", "AssetCheckExecutionsTable"): lambda found: has("run_id")(found.c),
    ("dagster._core.storage.event_log.sql_event_log", "SqlEventLogStorage"): has(index_connection=takes(SELF)),
    ("dagster._core.storage.tags", "WILL_RETRY_TAG"): is_value("dagster/will_retry"),
    ("dagster._core.workspace.context", "WorkspaceProcessContext"): takes(ANY, ANY, version="", read_only=True),
    ("dagster._core.workspace.load_target", "ModuleTarget"): lambda found: found(
        "module", attribute=None, working_directory=None, location_name=None
    ),
    ("dagster._core.workspace.load_target", "WorkspaceFileTarget"): lambda found: found(["workspace.yaml"]),
    ("dagster._daemon.cli", "cli"): command(run=("--workspace", "--log-level")),
    ("dagster_webserver", "app"): has("create_app_from_workspace_process_context"),
    ("dagster_webserver.app", "create_app_from_workspace_process_context"): takes(ANY, live_data_poll_rate=1),
    ("dbt.cli.main", "cli"): command("build", "parse"),
}


def private_imports() -> Iterator[tuple[tuple[str, str], str]]:
    """Module and name of every import of an inner part, also of those in functions, and where it stands."""
    for path in sorted((ROOT / "orchestration").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found = [(node.module, alias.name) for alias in node.names]
            elif isinstance(node, ast.Import):
                found = [(alias.name.rpartition(".")[0], alias.name.rpartition(".")[2]) for alias in node.names]
            else:
                continue
            for module, name in found:
                if module.split(".")[0] in PACKAGES and module not in PUBLIC:
                    yield (module, name), f"{path.relative_to(ROOT)}:{node.lineno}"


FOUND = dict(private_imports())


def test_every_private_import_is_listed_and_no_other() -> None:
    assert {module for module, _ in FOUND} >= {"dagster._core.storage.tags", "dbt.cli.main"}
    assert FOUND.keys() - USES.keys() == set(), "list how it is used"
    assert USES.keys() - FOUND.keys() == set(), "no longer used"


@pytest.mark.parametrize("imported", sorted(USES), ids=".".join)
def test_a_private_import_is_there_as_it_is_used(imported: tuple[str, str]) -> None:
    module, name = imported
    try:
        found = importlib.import_module(module)
        found = getattr(found, name) if hasattr(found, name) else importlib.import_module(f"{module}.{name}")
        USES[imported](found)
    except (ImportError, AttributeError, TypeError, AssertionError) as error:
        pytest.fail(f"{module}.{name}, used in {FOUND.get(imported)}, is not as it was: {error}", pytrace=False)


@pytest.mark.parametrize(
    ("ours", "theirs", "overridden"),
    [
        (
            EventLog,
            EventLog.__base__,
            {"_connect", "supports_asset_checks", "watch", "end_watch", "dispose"},
        ),
        (DbtCommand, DbtCliResource, {"_initialize_dbt_core_adapter"}),
        (
            Translator,
            DagsterDbtTranslator,
            {"get_group_name", "get_owners", "get_description", "get_metadata", "get_asset_check_spec"},
        ),
    ],
    ids=["EventLog", "DbtCommand", "Translator"],
)
def test_what_is_overridden_is_called_as_before_and_nothing_by_chance(
    ours: type, theirs: type, overridden: set[str]
) -> None:
    own = {name for name, member in vars(ours).items() if not name.startswith(("__", "_abc_", "model_"))}
    assert {name for name in own if hasattr(theirs, name)} == overridden
    for name in overridden:
        before, after = (inspect.getattr_static(cls, name) for cls in (theirs, ours))
        if inspect.isfunction(before):
            known = list(inspect.signature(before).parameters)
            taken = inspect.signature(after).parameters
            takes_all = any(parameter.kind is parameter.VAR_POSITIONAL for parameter in taken.values())
            assert takes_all or list(taken) == known, f"{theirs.__name__}.{name}"


def test_the_event_log_finds_its_file(tmp_path: Path) -> None:
    (tmp_path / "dagster.yaml").write_text("")
    log = EventLog(str(tmp_path))
    try:
        assert str(tmp_path) in log._conn_string
        with log.index_connection() as connection:
            assert connection.exec_driver_sql("select 1").scalar() == 1
    finally:
        log.dispose()
