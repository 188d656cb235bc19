"""Messages about red runs: what is red, since when, what it means, and where to look.

What belongs here: judging whether there is something new to say, the words, and having them sent. What does not:
finding out what is red (defs/messages.py), and the services (sender.py).
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# The slowest of the usual services answer within seconds; a refresh waits this long for all addresses together.
SEND_TIMEOUT_S = 15
# What stays red is said again after a week: often enough not to be forgotten, seldom enough to be read.
REMIND_AFTER = timedelta(days=7)
# A message is read on a telephone: beyond this the rest is counted.
CHECKS_SHOWN = 10
REASON_CHARACTERS = 600


@dataclass(frozen=True)
class RedCheck:
    """A check that did not pass, and since when it has not."""

    asset: str
    check_name: str
    since: datetime
    measured: str | None
    meaning: str
    # The run of the latest evaluation.
    run_id: str


@dataclass(frozen=True)
class RunReport:
    """What a finished run came to. `failure` is why it failed, None if it did not."""

    run_id: str
    job_name: str
    ended_at: datetime
    failure: str | None
    published: bool
    red_checks: tuple[RedCheck, ...] = ()

    @property
    def is_red(self) -> bool:
        """Whether there is something to look at."""
        return self.failure is not None or bool(self.red_checks)

    @property
    def fingerprint(self) -> str:
        """What is red, without the figures that change every night; empty when nothing is."""
        if not self.is_red:
            return ""
        red = sorted(f"{check.asset}:{check.check_name}" for check in self.red_checks)
        # A failing run names its reason in figures too: that it failed is what counts.
        return hashlib.sha256("\n".join([str(self.failure is not None), *red]).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Told:
    """The last message that went out: what was red in it, and when it was sent."""

    fingerprint: str
    told_at: datetime


@dataclass(frozen=True)
class Message:
    """What is sent."""

    title: str
    body: str


def is_news(report: RunReport, last: Told | None, now: datetime) -> bool:
    """Whether somebody should be told: something else is red than when last told, or it has been red for a week.

    That everything is well again is news once; that it still is well never is.

    Args:
        report: the run at hand.
        last: the last message that went out, if any.
        now: the present, with time zone.
    """
    if report.fingerprint != (last.fingerprint if last else ""):
        return True
    return report.is_red and last is not None and now - last.told_at >= REMIND_AFTER


def message(report: RunReport, ui_url: str) -> Message:
    """The words.

    Args:
        report: the run at hand.
        ui_url: the UI's address, without a slash at its end.
    """
    link = f"Run: {ui_url}/runs/{report.run_id}"
    ended = f"{report.job_name}, {_minute(report.ended_at)}"
    if not report.is_red:
        return Message("War Losses: all checks pass again", f"{ended}\nWhat was red before is well again.\n\n{link}")
    parts = []
    if report.failure is not None:
        title = "War Losses: a run failed, nothing new is published"
        reason = report.failure.strip()
        if len(reason) > REASON_CHARACTERS:
            reason = reason[:REASON_CHARACTERS] + " …"
        parts.append(f"{ended}: failed. The release is as it was before.\n{reason}")
    else:
        count = len(report.red_checks)
        title = f"War Losses: {count} red check{'s' if count > 1 else ''}"
        came_to = "published, with figures to look at" if report.published else "ended without publishing"
        parts.append(f"{ended}: {came_to}.")
    parts += [_in_words(check) for check in report.red_checks[:CHECKS_SHOWN]]
    if len(report.red_checks) > CHECKS_SHOWN:
        parts.append(f"… and {len(report.red_checks) - CHECKS_SHOWN} more red checks.")
    return Message(title, "\n\n".join([*parts, link]))


def _in_words(check: RedCheck) -> str:
    lines = [f"{check.check_name} ({check.asset}), red since {_minute(check.since)}", check.measured, check.meaning]
    return "\n".join(line for line in lines if line)


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def send(urls: Sequence[str], what: Message, timeout_s: float = SEND_TIMEOUT_S) -> list[str]:
    """Send a message to every address; returns what went wrong, in words without the addresses: they hold secrets.

    Never takes longer than the time-out: what hangs is ended.

    Args:
        urls: Apprise addresses.
        what: the message.
        timeout_s: seconds for all addresses together.

    Raises:
        OSError: no process could be started.
    """
    order = json.dumps({"urls": list(urls), "title": what.title, "body": what.body})
    with subprocess.Popen(
        [sys.executable, "-m", "orchestration.alerts.sender"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # whatever a service's code prints may name its address
        text=True,
    ) as sender:
        try:
            answered, _ = sender.communicate(order, timeout=timeout_s)
            silent = "ended without an answer"
        except subprocess.TimeoutExpired:
            sender.kill()
            answered, _ = sender.communicate()
            silent = f"no answer within {timeout_s:g} s"
    answers = dict(json.loads(line) for line in answered.splitlines() if line.endswith("]"))
    problems = {number: answers.get(number, silent) for number in range(1, len(urls) + 1)}
    return [f"address {number} of {len(urls)}: {problem}" for number, problem in problems.items() if problem]
