"""What a message says, when there is something to say, and that sending never harms who sends."""

import socket
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.alerts.message import (
    CHECKS_SHOWN,
    REMIND_AFTER,
    Message,
    RedCheck,
    RunReport,
    Told,
    is_news,
    message,
    send,
)
from orchestration.settings import load_settings
from tests.conftest import ROOT
from tests.receiver import receiver

NOW = datetime(2026, 3, 2, 3, 40, tzinfo=UTC)
PULLED = RedCheck(
    asset="raw/occupied_area",
    check_name="pulled",
    since=datetime(2026, 2, 27, 3, 31, tzinfo=UTC),
    measured="503 from upstream (last complete pull: 2026-02-26 03:31 UTC)",
    meaning="Upstream did not answer in full.",
    run_id="run-1",
)
RED = RunReport("run-1", "nightly_refresh", NOW, failure=None, published=True, red_checks=(PULLED,))
GREEN = replace(RED, red_checks=())
FAILED = replace(RED, failure="limits_present: a limit is missing", published=False)


def test_a_message_says_what_is_red_since_when_and_where() -> None:
    said = message(RED, "http://127.0.0.1:3000")
    assert said.title == "War Losses: 1 red check"
    for words in (
        "nightly_refresh",
        "pulled (raw/occupied_area), red since 2026-02-27 03:31 UTC",
        PULLED.measured,
        PULLED.meaning,
        "http://127.0.0.1:3000/runs/run-1",
        "published",
    ):
        assert words in said.body


def test_a_failed_run_says_why_and_that_the_release_stands() -> None:
    said = message(FAILED, "http://127.0.0.1:3000")
    assert "failed" in said.title
    assert "limits_present: a limit is missing" in said.body
    assert "The release is as it was before." in said.body
    assert "pulled" in said.body


def test_long_messages_are_cut_and_counted() -> None:
    many = replace(FAILED, failure="x" * 5000, red_checks=tuple(replace(PULLED, check_name=f"c{n}") for n in range(50)))
    said = message(many, "http://127.0.0.1:3000").body
    assert f"{50 - CHECKS_SHOWN} more red checks" in said
    assert len(said) < 4000
    assert said.endswith("/runs/run-1")


def test_the_same_red_is_news_once_and_again_after_a_week() -> None:
    told = Told(RED.fingerprint, NOW)
    assert is_news(RED, None, NOW)
    measured_anew = replace(RED, run_id="run-2", red_checks=(replace(PULLED, measured="504", run_id="run-2"),))
    assert not is_news(measured_anew, told, NOW + timedelta(days=1))
    assert not is_news(measured_anew, told, NOW + REMIND_AFTER - timedelta(minutes=1))
    assert is_news(measured_anew, told, NOW + REMIND_AFTER)


@pytest.mark.parametrize(
    "changed",
    [
        FAILED,
        replace(RED, red_checks=(PULLED, replace(PULLED, asset="raw/claimed_losses"))),
        replace(RED, red_checks=(replace(PULLED, check_name="parsed"),)),
    ],
)
def test_anything_else_red_is_news(changed: RunReport) -> None:
    assert is_news(changed, Told(RED.fingerprint, NOW), NOW)


def test_well_again_is_news_once_and_well_never() -> None:
    assert not is_news(GREEN, None, NOW)
    assert is_news(GREEN, Told(RED.fingerprint, NOW), NOW)
    assert not is_news(GREEN, Told(GREEN.fingerprint, NOW), NOW + timedelta(days=30))
    assert "pass again" in message(GREEN, "http://127.0.0.1:3000").title


# --- Sending --------------------------------------------------------------------------------------------------------


WHAT = Message("War Losses: 1 red check", "pulled <b>& parsed</b>")


def test_a_message_arrives_as_it_was_written() -> None:
    with receiver() as (first, got), receiver() as (second, also_got):
        assert send([first, second], WHAT) == []
    for received in (got, also_got):
        assert [(r["title"], r["message"]) for r in received] == [(WHAT.title, WHAT.body)]


def test_what_is_refused_is_said_without_the_address(caplog, capfd) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"json://u:s3cret@127.0.0.1:{closed.getsockname()[1]}/token-s3cret"
        with receiver(status=500) as (refusing, _), receiver() as (taking, got):
            problems = send([refusing, "not-an-address-s3cret", "unknown://s3cret", nobody, taking], WHAT)
    assert [problem.split(":")[0] for problem in problems] == [f"address {n} of 5" for n in (1, 2, 3, 4)]
    assert len(got) == 1
    printed = "".join(capfd.readouterr())
    assert "s3cret" not in "\n".join(problems) + caplog.text + printed


def test_a_service_that_hangs_is_left_behind() -> None:
    with receiver(delay_s=60) as (hanging, _), receiver() as (taking, got):
        started = time.monotonic()
        problems = send([hanging, taking], WHAT, timeout_s=5)
        assert time.monotonic() - started < 20
    assert problems == ["address 1 of 2: no answer within 5 s"]
    assert len(got) == 1


def test_a_service_that_hangs_does_not_keep_the_command_from_ending() -> None:
    with receiver(delay_s=60) as (hanging, _), receiver(delay_s=60) as (also_hanging, _):
        code = (
            "import sys; from orchestration.alerts.message import Message, send;"
            "print(send(sys.argv[1:], Message('a', 'b'), timeout_s=2))"
        )
        ended = subprocess.run(
            [sys.executable, "-c", code, hanging, also_hanging],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
    assert ended.stdout.count("no answer within 2 s") == 2


def test_addresses_are_split_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "WAR_LOSSES_NOTIFY_URLS", "json://a/s3cret, mailto://u:p@example.org?to=x@example.org,y@example.org\njson://b,"
    )
    settings = load_settings()
    assert settings.notify_urls == (
        "json://a/s3cret",
        "mailto://u:p@example.org?to=x@example.org,y@example.org",
        "json://b",
    )
    assert "s3cret" not in repr(settings)
    monkeypatch.delenv("WAR_LOSSES_NOTIFY_URLS")
    assert load_settings().notify_urls == ()
