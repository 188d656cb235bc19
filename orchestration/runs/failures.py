"""Why a run failed, in the words of the step that did."""

import dagster as dg


def step_failure_reason(event: dg.DagsterEvent) -> str:
    """The words the step gave, else the error it raised rather than where Dagster noticed it.

    Args:
        event: a step failure.
    """
    if event.step_failure_data.user_failure_data and event.step_failure_data.user_failure_data.description:
        return event.step_failure_data.user_failure_data.description
    error = event.step_failure_data.error
    # Dagster wraps what a step raised; what that was caused by is in its own words already.
    while error is not None and error.cause is not None and (error.cls_name or "").startswith("Dagster"):
        error = error.cause
    return f"{event.step_key}: {error.message.strip()}" if error else str(event.step_key)


def run_failure_reason(instance: dg.DagsterInstance, run_id: str) -> str:
    """Why a run failed: what its failed steps say, else what was reported of its end.

    Args:
        instance: the Dagster instance.
        run_id: a failed run.
    """
    steps = instance.all_logs(run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    ends = instance.all_logs(run_id, of_type=dg.DagsterEventType.RUN_FAILURE)
    said = [step_failure_reason(entry.get_dagster_event()) for entry in steps] or [
        entry.get_dagster_event().message or "" for entry in ends
    ]
    return "\n".join(filter(None, said)) or "The run failed without saying why: see its log in the UI."
