"""The results published with a release are the last evaluations, whatever else is planned."""

import dagster as dg
import pytest

from orchestration.runs.check_history import latest_check_results


@dg.asset
def figures() -> None: ...


@dg.asset_check(asset=figures, blocking=True, metadata={"severity": "error", "threshold": "at most 3"})
def few_enough() -> dg.AssetCheckResult:
    """Too many would be counted."""
    return dg.AssetCheckResult(passed=True, metadata={"measured": "2"})


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@dg.asset_check(asset=figures, metadata={"severity": "warn", "threshold": "at most 21 days"})
def recent_enough() -> dg.AssetCheckResult:
    """Nothing new has come."""
    return dg.AssetCheckResult(passed=False, severity=dg.AssetCheckSeverity.ERROR, metadata={"measured": "36 days"})


DEFINITIONS = dg.Definitions(assets=[figures], asset_checks=[few_enough])


def test_a_check_planned_by_a_waiting_run_keeps_its_last_result(instance) -> None:
    job = DEFINITIONS.resolve_implicit_global_asset_job_def()
    assert job.execute_in_process(instance=instance).success
    before = latest_check_results(instance, few_enough.check_specs)
    # A run plans its checks when it is created, and may wait in the queue for long.
    instance.create_run_for_job(job, status=dg.DagsterRunStatus.NOT_STARTED)
    (newest,) = instance.event_log_storage.get_latest_asset_check_execution_by_key(
        [spec.key for spec in few_enough.check_specs]
    ).values()
    assert newest.status.value == "PLANNED"

    assert latest_check_results(instance, few_enough.check_specs) == before
    (result,) = before
    assert (result.check_name, result.severity, result.passed) == ("few_enough", "error", True)
    assert (result.measured, result.threshold, result.meaning) == ("2", "at most 3", "Too many would be counted.")


def test_an_alarm_is_an_error_that_stops_nothing(instance) -> None:
    @dg.asset(deps=[figures])
    def release() -> None: ...

    definitions = dg.Definitions(assets=[figures, release], asset_checks=[recent_enough])
    run = definitions.resolve_implicit_global_asset_job_def().execute_in_process(instance=instance)
    assert run.success
    assert release.key in {event.asset_key for event in run.get_asset_materialization_events()}
    (result,) = latest_check_results(instance, recent_enough.check_specs)
    assert (result.severity, result.passed, result.measured) == ("error", False, "36 days")


def test_a_check_that_moved_is_looked_up_where_it_stands_now(instance) -> None:
    """Its old evaluations stay in the history under the asset that it was a check of."""

    @dg.asset
    def others() -> None: ...

    @dg.asset_check(asset=others, name="few_enough")
    def moved() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=True)

    @dg.asset_check(asset=figures)
    def stayed() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=True)

    before = dg.Definitions(assets=[figures, others], asset_checks=[few_enough, stayed])
    after = dg.Definitions(assets=[figures, others], asset_checks=[moved, stayed])
    for definitions in (before, after):
        assert definitions.resolve_implicit_global_asset_job_def().execute_in_process(instance=instance).success

    results = latest_check_results(instance, [*moved.check_specs, *stayed.check_specs])
    assert sorted((result.asset, result.check_name) for result in results) == [
        ("figures", "stayed"),
        ("others", "few_enough"),
    ]


def test_a_check_never_evaluated_is_left_out(instance) -> None:
    assert latest_check_results(instance, few_enough.check_specs) == []
