"""Which tables are published, in the words of dbt's YAML, and the tables that the release adds of itself.

What belongs here: names, types, units, descriptions, primary keys. What does not: rows (database.py), the texts of
columns that are worded (explanations.py), and which of the names are a promise (contract.py).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from orchestration.release.explanations import WORDED_COLUMNS

# The schema that holds the rows behind the page's charts, in the warehouse and in the published file.
REPORT_SCHEMA = "report"


class ReleaseError(RuntimeError):
    """The release could not be built or is not what was promised. Nothing was published."""


@dataclass(frozen=True)
class Column:
    """A published column: DuckDB type, unit (None where it has none), description, and whether it is never null."""

    name: str
    data_type: str
    unit: str | None
    description: str
    is_required: bool = False


@dataclass(frozen=True)
class PublishedTable:
    """A published table with its description, its columns in order, and the columns that identify a row."""

    name: str
    description: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]


QUALITY_CHECKS = PublishedTable(
    "quality_checks",
    "One row a check (asset, check_name). The latest result of every check of the data behind this release.",
    (
        Column("asset", "VARCHAR", None, "Asset that was checked, as named in Dagster.", is_required=True),
        Column("check_name", "VARCHAR", None, "Name of the check.", is_required=True),
        Column(
            "severity",
            "VARCHAR",
            None,
            "error where a failure would publish a wrong number or a source failed or stopped, warn where it says "
            "look.",
        ),
        Column("passed", "BOOLEAN", None, "Whether the data passed.", is_required=True),
        Column("measured", "VARCHAR", None, "What was measured; for tests in SQL the number of failing rows."),
        Column("threshold", "VARCHAR", None, "What was allowed."),
        Column("meaning", "VARCHAR", None, "What a failure means to a reader."),
        Column("checked_at", "TIMESTAMP", None, "When the check ran, UTC."),
    ),
    ("asset", "check_name"),
)
DATA_DICTIONARY = PublishedTable(
    "data_dictionary",
    "One row a column (table_name, column_name). Every published column with its type, unit and meaning.",
    (
        Column("table_name", "VARCHAR", None, "Published table.", is_required=True),
        Column("column_name", "VARCHAR", None, "Column of the table.", is_required=True),
        Column("data_type", "VARCHAR", None, "Type in DuckDB.", is_required=True),
        Column("unit", "VARCHAR", None, "Unit of the figures; null where they have none."),
        Column("description", "VARCHAR", None, "What the column holds.", is_required=True),
    ),
    ("table_name", "column_name"),
)
RELEASE = PublishedTable(
    "release",
    "One row (version). The release these tables belong to: name it beside the as-of date where figures are cited.",
    (
        Column(
            "version",
            "VARCHAR",
            None,
            "Day of the release, YYYY.MM.DD; with .2, .3 … the next ones of that day.",
            is_required=True,
        ),
        Column("published_at", "TIMESTAMP", None, "When it was built, UTC.", is_required=True),
        Column("as_of", "DATE", None, "Newest vintage of the list of confirmed deaths in it.", is_required=True),
        Column("run_id", "VARCHAR", None, "The run in Dagster that built it.", is_required=True),
        Column("licence", "VARCHAR", None, "Terms of the figures.", is_required=True),
    ),
    ("version",),
)
OWN_TABLES = (QUALITY_CHECKS, DATA_DICTIONARY, RELEASE)


def published_tables(manifest: Mapping[str, Any]) -> list[PublishedTable]:
    """The tables that dbt models for analysts, by name: all models of the marts, with the columns worded from them.

    Args:
        manifest: dbt's manifest, parsed.

    Raises:
        ReleaseError: a mart or one of its columns has no description, no test says what identifies its rows, or a
            worded column has no place in its mart.
    """
    return [_with_worded_columns(table) for table in _tables_of(manifest, "marts")]


def report_tables(manifest: Mapping[str, Any]) -> list[PublishedTable]:
    """The rows behind the charts of the page: all models of the schema `report`, by name; raises as the marts do."""
    return _tables_of(manifest, REPORT_SCHEMA)


def _tables_of(manifest: Mapping[str, Any], schema: str) -> list[PublishedTable]:
    tests = _tests_by_model(manifest)
    tables = []
    for model_id, node in manifest["nodes"].items():
        if node["resource_type"] != "model" or node["schema"] != schema:
            continue
        primary_key = _primary_key(node, tests[model_id])
        required = {*primary_key, *(test["column_name"] for test in _named(tests[model_id], "not_null"))}
        columns = tuple(
            Column(
                name=column["name"],
                data_type=(column.get("data_type") or "").upper(),
                unit=column.get("config", {}).get("meta", {}).get("unit") or column.get("meta", {}).get("unit"),
                description=" ".join(column.get("description", "").split()),
                is_required=column["name"] in required,
            )
            for column in node["columns"].values()
        )
        undescribed = [column.name for column in columns if not column.description]
        if undescribed or not node["description"]:
            raise ReleaseError(
                f"{node['original_file_path']}: {', '.join(undescribed) or 'the model'} has no description. "
                f"Analysts read it in the file: add it to the model's YAML."
            )
        tables.append(PublishedTable(node["name"], " ".join(node["description"].split()), columns, primary_key))
    return sorted(tables, key=lambda table: table.name)


def _with_worded_columns(table: PublishedTable) -> PublishedTable:
    columns = list(table.columns)
    for worded in WORDED_COLUMNS:
        if worded.table != table.name:
            continue
        names = [column.name for column in columns]
        if worded.after not in names or worded.name in names:
            raise ReleaseError(f"{table.name}.{worded.name} cannot be worded: it needs {worded.after} and a free name.")
        columns.insert(names.index(worded.after) + 1, Column(worded.name, "VARCHAR", None, worded.description))
    return replace(table, columns=tuple(columns))


def _tests_by_model(manifest: Mapping[str, Any]) -> Mapping[str, list[Mapping[str, Any]]]:
    tests = defaultdict(list)
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and node.get("attached_node"):
            tests[node["attached_node"]].append(node)
    return tests


def _named(tests: list[Mapping[str, Any]], name: str) -> list[Mapping[str, Any]]:
    return [test for test in tests if (test.get("test_metadata") or {}).get("name") == name]


def _primary_key(model: Mapping[str, Any], tests: list[Mapping[str, Any]]) -> tuple[str, ...]:
    """The columns a test holds to be unique: a key that is tested is one that files may promise."""
    keys = [
        *(tuple(test["test_metadata"]["kwargs"]["columns"]) for test in _named(tests, "unique_combination")),
        *((test["column_name"],) for test in _named(tests, "unique")),
    ]
    if not keys:
        raise ReleaseError(
            f"{model['original_file_path']}: no test says what identifies a row. "
            "Add unique to the column of its grain, or unique_combination to the model."
        )
    return keys[0]
