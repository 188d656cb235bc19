"""Who is told about a red run: once, whoever started it, and not again every night."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import dagster as dg
import pytest
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin

from orchestration.defs.messages import TOLD_TAG, messages_sensors, report_on_run, tell_about_run
from orchestration.defs.release import RELEASE_KEY
from orchestration.runs.stale_runs import COMMAND_LINE_TAG, end_stale_runs
from orchestration.settings import Settings, load_settings
from tests.receiver import receiver

RAW = dg.AssetKey(["raw", "figures"])
# What tonight's run finds; a test changes it.
Night = dict[str, bool]


@pytest.fixture
def night() -> Night:
    return {"pulled": True, "fresh": True, "whole": True, "fails": False}


SPECS = [
    dg.AssetCheckSpec("pulled", asset=RAW, description="Upstream did not answer."),
    dg.AssetCheckSpec("fresh", asset=RAW, description="Figures are old."),
    dg.AssetCheckSpec("whole", asset=RAW, description="Rows are missing."),
]


@pytest.fixture
def run(instance: dg.DagsterInstance, night: Night) -> Callable[..., str]:
    """Run a pipeline of two assets as it stands tonight; returns the run's id."""

    @dg.asset(key=RAW, check_specs=SPECS)
    def figures() -> dg.MaterializeResult:
        if night["fails"]:
            raise dg.Failure("a figure is impossible")
        severity = {"whole": dg.AssetCheckSeverity.ERROR}
        return dg.MaterializeResult(
            check_results=[
                dg.AssetCheckResult(
                    check_name=spec.name,
                    passed=night[spec.name],
                    severity=severity.get(spec.name, dg.AssetCheckSeverity.WARN),
                    metadata={"measured": f"measured {spec.name}"},
                )
                for spec in SPECS
            ]
        )

    @dg.asset(key=RELEASE_KEY, deps=[RAW])
    def release() -> None: ...

    def run(**tags: str) -> str:
        assets = dg.materialize([figures, release], instance=instance, raise_on_error=False, tags=tags)
        return assets.run_id

    return run


def settings(*urls: str) -> Settings:
    return Settings(load_settings().data_dir, "", "", None, notify_urls=urls)


def told(instance: dg.DagsterInstance, run_id: str) -> str | None:
    return instance.get_run_by_id(run_id).tags.get(TOLD_TAG)


def test_a_red_source_is_told_once(instance, run, night) -> None:
    night["pulled"] = False
    run_id = run()
    with receiver() as (url, got):
        assert tell_about_run(instance, run_id, settings(url), SPECS) == []
        assert tell_about_run(instance, run_id, settings(url), SPECS) == []
    (message,) = got
    for words in ("pulled (raw/figures)", "red since", "measured pulled", "Upstream did not answer.", run_id):
        assert words in message["message"]
    assert "fresh" not in message["message"]
    assert told(instance, run_id) == "sent"


def test_a_warning_to_look_at_is_no_reason_for_a_message(instance, run, night) -> None:
    night["fresh"] = False
    with receiver() as (url, got):
        tell_about_run(instance, run(), settings(url), SPECS)
    assert got == []


def test_a_failed_run_says_why(instance, run, night) -> None:
    night["fails"] = True
    with receiver() as (url, got):
        tell_about_run(instance, run(), settings(url), SPECS)
    assert "a figure is impossible" in got[0]["message"]


def test_a_run_that_was_killed_says_so(instance, run) -> None:
    @dg.job
    def killed() -> None: ...

    lost = instance.create_run_for_job(killed)
    instance.report_run_failed(lost, "The process ended without a word.")
    with receiver() as (url, got):
        tell_about_run(instance, lost.run_id, settings(url), SPECS)
    assert "The process ended without a word." in got[0]["message"]


def test_nights_of_the_same_red_are_told_once_until_it_changes(instance, run, night) -> None:
    with receiver() as (url, got):

        def next_night(**found: bool) -> list[str]:
            night.update(found)
            before = len(got)
            tell_about_run(instance, run(), settings(url), SPECS)
            return [message["title"] for message in got[before:]]

        assert next_night() == []
        assert next_night(pulled=False) == ["War Losses: 1 red check"]
        assert next_night() == []
        assert next_night(whole=False) == ["War Losses: 2 red checks"]
        assert next_night() == []
        assert next_night(fails=True) == ["War Losses: a run failed, nothing new is published"]
        assert next_night() == []
        assert next_night(fails=False, pulled=True, whole=True) == ["War Losses: all checks pass again"]
        assert next_night() == []
        assert next_night(pulled=False) == ["War Losses: 1 red check"]


def test_red_since_the_first_failure_in_a_row(instance, run, night) -> None:
    def moment() -> datetime:
        return datetime.now(UTC)

    night["pulled"] = False
    run()
    night["pulled"] = True
    run()
    night["pulled"] = False
    before = moment()
    run()
    after = moment()
    run_id = run()
    (red,) = report_on_run(instance, run_id, SPECS).red_checks
    assert before <= red.since <= after


def test_without_addresses_nothing_happens(instance, run, night) -> None:
    night["pulled"] = False
    run_id = run()
    assert tell_about_run(instance, run_id, settings(), SPECS) == []
    assert told(instance, run_id) is None


def test_a_message_that_did_not_arrive_is_logged_and_told_the_next_night(instance, run, night) -> None:
    night["pulled"] = False
    first = run()
    with receiver(status=500) as (url, _):
        (problem,) = tell_about_run(instance, first, settings(url), SPECS)
    assert told(instance, first) == "not sent"
    logged = "\n".join(entry.message for entry in instance.all_logs(first))
    assert problem in logged
    assert "s3cret" not in logged
    with receiver() as (url, got):
        tell_about_run(instance, run(), settings(url), SPECS)
    assert len(got) == 1


def test_an_error_in_the_making_is_not_raised(instance, run, night) -> None:
    night["pulled"] = False
    run_id = run()

    class Unreadable:
        def __iter__(self) -> None:
            raise RuntimeError("no specs")

    (problem,) = tell_about_run(instance, run_id, settings("json://127.0.0.1:9"), Unreadable())
    assert "no specs" in problem
    assert told(instance, run_id) == "not sent"


def test_a_part_that_ran_well_says_nothing_of_the_whole(instance, run, night) -> None:
    night["fails"] = True
    with receiver() as (url, got):
        tell_about_run(instance, run(), settings(url), SPECS)
        part = dg.materialize([dg.AssetsDefinition.from_op(_nothing)], instance=instance)
        tell_about_run(instance, part.run_id, settings(url), SPECS)
    assert len(got) == 1


@dg.op
def _nothing() -> None: ...


# --- The sensors ----------------------------------------------------------------------------------------------------


class Daemon:
    """What the daemon does with the two sensors: a tick each, with the cursor it kept from the tick before."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self._instance = instance
        self._cursors: dict[str, str | None] = {}
        self.tick()  # the first one sets the mark: what ended before is no news

    def tick(self) -> list[str]:
        """Why each sensor did nothing more."""
        reasons = []
        for sensor in messages_sensors(SPECS):
            cursor = self._cursors.get(sensor.name)
            # A daemon knows its code location; a run of the command line belongs to none.
            with dg.build_sensor_context(self._instance, cursor, repository_name="__repository__") as context:
                data = sensor.evaluate_tick(context)
            self._cursors[sensor.name] = data.cursor
            reasons.append(data.skip_message or "")
        return reasons


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict]]:
    """Where the sensors send to; what arrived there."""
    with receiver() as (url, got):
        monkeypatch.setenv("WAR_LOSSES_NOTIFY_URLS", url)
        monkeypatch.setenv("WAR_LOSSES_UI_URL", "https://losses.example.org/")
        yield got


def test_the_sensors_tell_about_each_run_once(instance, run, night, address) -> None:
    daemon = Daemon(instance)
    night["pulled"] = False
    run_id = run()
    for _ in range(3):
        daemon.tick()
    (told_of_red,) = address
    assert f"https://losses.example.org/runs/{run_id}" in told_of_red["message"]
    night["fails"] = True
    run_id = run()
    for _ in range(3):
        daemon.tick()
    (_, told_of_failure) = address
    assert f"https://losses.example.org/runs/{run_id}" in told_of_failure["message"]


def test_what_ended_while_no_daemon_ran_is_told_later(instance, run, night, address) -> None:
    daemon = Daemon(instance)
    night["pulled"] = False
    first = run()
    night["whole"] = False
    second = run()
    for _ in range(3):
        daemon.tick()
    assert [told(instance, run_id) for run_id in (first, second)] == ["sent", "nothing new"]


def test_without_addresses_the_sensors_go_on(instance, run, night, monkeypatch) -> None:
    monkeypatch.delenv("WAR_LOSSES_NOTIFY_URLS", raising=False)
    daemon = Daemon(instance)
    night["pulled"] = False
    run_id = run()
    assert "no addresses in WAR_LOSSES_NOTIFY_URLS" in daemon.tick()
    assert told(instance, run_id) is None


def test_a_run_of_the_command_line_is_left_to_its_command(instance, run, night, address) -> None:
    daemon = Daemon(instance)
    night["fails"] = True
    run_id = run(**dict([COMMAND_LINE_TAG]))
    assert f"{run_id} is left to the command that started it" in daemon.tick()
    assert address == []


def test_a_command_that_was_killed_is_spoken_for(instance, address) -> None:
    @dg.job
    def killed() -> None: ...

    daemon = Daemon(instance)
    lost = instance.create_run_for_job(killed, status=dg.DagsterRunStatus.STARTED, tags=dict([COMMAND_LINE_TAG]))
    assert end_stale_runs(instance, load_settings(), grace_s=0) == [lost.run_id]
    for _ in range(2):
        daemon.tick()
    (message,) = address
    assert "ended without a word" in message["message"]


def test_a_run_of_the_daemon_is_left_to_its_retry(instance, address) -> None:
    location = RegisteredCodeLocationOrigin("orchestration.definitions")
    origin = RemoteJobOrigin(RemoteRepositoryOrigin(location, "__repository__"), "nightly")
    daemon = Daemon(instance)
    lost = instance.create_run_for_job(
        _nightly,
        status=dg.DagsterRunStatus.STARTED,
        remote_job_origin=origin,
        job_code_origin=dg.reconstructable(_nightly).get_python_origin(),
    )
    assert end_stale_runs(instance, load_settings(), grace_s=0) == [lost.run_id]
    assert f"{lost.run_id} is left to its retry" in daemon.tick()
    assert address == []


@dg.job
def _nightly() -> None: ...
