"""Where the time of a refresh goes, by what Dagster's event log and dbt's results say of the last run."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

from tests.benchmarks.installation import Installation
from tests.benchmarks.measuring import Run

START = "imports, instance, definitions"
PULLING = "pulling"
OBSERVING = "observations"
CHECKING = "observation checks"
DBT = "dbt: seeds, models, tests"
DBT_AROUND = "dbt: starting, parsing; its results as events"
RELEASING = "release"
END = "summary, tidying up"


def phases(installation: Installation, run: Run) -> dict[str, float]:
    """Seconds by phase of the refresh that ran last; they add up to its wall time but for gaps between steps."""
    with closing(sqlite3.connect(installation.data / "dagster" / "event_log.db")) as log:
        events = log.execute(
            "select dagster_event_type, step_key, timestamp from event_logs"
            " where run_id = (select run_id from event_logs order by id desc limit 1) order by id"
        ).fetchall()
    moments = {(kind, step): _unix(at) for kind, step, at in events if kind}
    dbt_s = json.loads(installation.run_results.read_text(encoding="utf-8"))["elapsed_time"]
    spent = dict.fromkeys([START, PULLING, OBSERVING, CHECKING, DBT, DBT_AROUND, RELEASING, END], 0.0)
    spent[START] = moments["PIPELINE_START", None] - run.started_at
    spent[END] = run.started_at + run.wall_s - moments["PIPELINE_SUCCESS", None]
    for (kind, step), ended in moments.items():
        if kind == "STEP_SUCCESS":
            spent[_phase(step)] += ended - moments["STEP_START", step]
    spent[DBT] = dbt_s
    spent[DBT_AROUND] -= dbt_s
    return spent


def _phase(step: str) -> str:
    if step.startswith("raw__"):
        return PULLING
    if step.startswith("observe_") or step in ("observations__source_provenance", "observations__accepted_by_people"):
        return OBSERVING
    if step == "warehouse":
        return DBT_AROUND
    return RELEASING if step == "release" else CHECKING


def model_seconds(installation: Installation) -> dict[str, float]:
    """Seconds of each seed, model and test of dbt's last run, by name."""
    results = json.loads(installation.run_results.read_text(encoding="utf-8"))["results"]
    return {result["unique_id"].split(".")[2]: result["execution_time"] for result in results}


def _unix(stamp: str) -> float:
    return datetime.fromisoformat(stamp).replace(tzinfo=UTC).timestamp()
