"""What failed in the last dbt run, down to the rows: read from dbt's own results and its compiled tests.

What belongs here: turning dbt's results into words a person can act on. What does not: running dbt.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.dbt.manifest import read_manifest
from orchestration.settings import Settings

# Enough to find the mistake, few enough to read.
ROWS_SHOWN = 3
_FAILED = {"fail", "error"}
_WITH_ROWS = {"fail", "warn"}


@dataclass(frozen=True)
class DbtFailure:
    """A test that failed, or a seed or model that could not be built."""

    name: str
    file: str
    meaning: str
    rows: list[str]

    def __str__(self) -> str:
        lines = [f"{self.name} ({self.file}): {self.meaning}", *(f"  row: {row}" for row in self.rows)]
        return "\n".join(lines)


def dbt_failures(settings: Settings) -> list[DbtFailure]:
    """Failures of the last dbt run; for a failed test the first failing rows, as column=value.

    Args:
        settings: where dbt's results and the warehouse lie.
    """
    results = _results(settings)
    nodes = read_manifest(settings)["nodes"] if results else {}
    failures = []
    for result in results:
        node = nodes.get(result["unique_id"])
        if result["status"] not in _FAILED or node is None:
            continue
        is_test = node["resource_type"] == "test" and result["status"] == "fail"
        failures.append(
            DbtFailure(
                name=node["name"],
                file=node["original_file_path"],
                meaning=" ".join(node["description"].split()) if is_test else (result["message"] or "").strip(),
                rows=_failing_rows(settings, result.get("compiled_code")) if is_test else [],
            )
        )
    return failures


def first_failing_rows(settings: Settings) -> dict[str, str]:
    """The first failing row of each test that failed or warned in the last dbt run, as column=value, by unique id.

    Args:
        settings: where dbt's results and the warehouse lie.
    """
    return {
        result["unique_id"]: rows[0]
        for result in _results(settings)
        if result["status"] in _WITH_ROWS and (rows := _failing_rows(settings, result.get("compiled_code"), 1))
    }


def _results(settings: Settings) -> list[dict[str, Any]]:
    results_path = settings.dbt_target_dir / "run_results.json"
    if not results_path.exists():  # dbt was killed before it could say anything
        return []
    return json.loads(results_path.read_text(encoding="utf-8"))["results"]


def _failing_rows(settings: Settings, compiled_code: str | None, at_most: int = ROWS_SHOWN) -> list[str]:
    if not compiled_code:
        return []
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        answer = connection.execute(f"select * from ({compiled_code}) limit {at_most}")
        columns = [column[0] for column in answer.description]
        return [_in_words(dict(zip(columns, row, strict=True))) for row in answer.fetchall()]


def _in_words(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{column}={value}" for column, value in row.items() if value is not None)
