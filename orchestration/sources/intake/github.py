"""Pulling from GitHub: one listing a repository, then only the files whose blob sha is not in the archive yet.

Whatever fails is a PullError that says what happened and what to do; whatever came intact stays in the archive. What
belongs here: the network. What does not: what is in the files.
"""

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NoReturn, TypeVar
from urllib.parse import quote

import httpx
import tenacity

from orchestration.settings import Settings
from orchestration.sources.base import Source
from orchestration.sources.errors import PullError
from orchestration.sources.intake.archive import Archive, blob_sha

T = TypeVar("T")

# In bytes. GitHub truncates a listing at 7 MB.
_MAX_LISTING_BYTES = 10_000_000
# Files fetched at a time: enough to hide latency, few enough to be a polite guest.
_CONCURRENCY = 8
# So many failed files mean that the host is down, not that a file is bad: the others are not tried.
_GIVE_UP_AFTER = 8
_SHA = re.compile(r"[0-9a-f]{40}")
_AGAIN = "Pull again later: what came is kept, and what is missing is fetched then"
# Where the facts of a source stand, for those who have to change one.
_FACTS = "orchestration/sources/<source>/source.py"


@dataclass(frozen=True)
class RetryPolicy:
    """How long to wait for an answer, in seconds, and how often to ask again."""

    connect_s: float = 10.0
    read_s: float = 30.0  # between two pieces of an answer
    answer_s: float = 180.0  # for a whole answer: one that trickles in must end too
    attempts: int = 4
    backoff_s: float = 1.0  # the first pause, doubled each time
    longest_pause_s: float = 30.0  # a longer Retry-After is not waited for

    @classmethod
    def for_timeout(cls, timeout_s: float) -> "RetryPolicy":
        """RetryPolicy in proportion to the time after which a silent server counts as hanging, in seconds."""
        usual = cls()
        factor = timeout_s / usual.read_s
        return cls(
            connect_s=min(usual.connect_s, timeout_s),
            read_s=timeout_s,
            answer_s=usual.answer_s * factor,
            backoff_s=min(usual.backoff_s, usual.backoff_s * factor),
            longest_pause_s=usual.longest_pause_s * factor,
        )


@dataclass(frozen=True)
class Listing:
    """The files of a branch (path → blob sha) and the sha of the tree they hang on."""

    tree_sha: str
    files: Mapping[str, str]


@dataclass(frozen=True)
class PullResult:
    """What one pull of one source brought. Names are paths in the repository, sorted."""

    source: str
    upstream_ref: str
    new: list[str]
    changed: list[str]
    unchanged: int
    gone: list[str]
    bytes_fetched: int
    requests: int


class _FailureError(Exception):
    """An answer that is no use: what happened, what to do, and whether asking again may help."""

    def __init__(
        self,
        problem: str,
        remedy: str = _AGAIN,
        *,
        passing: bool = False,
        unreachable: bool = False,
        pause_s: float | None = None,
    ):
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.passing = passing
        self.unreachable = unreachable  # no connection to the host came about
        self.pause_s = pause_s  # what the server asked for


class GitHub:
    """A client for one run. It keeps listings, so that sources sharing a repository share the request."""

    def __init__(self, settings: Settings, policy: RetryPolicy | None = None):
        self.requests = 0
        self._settings = settings
        self._policy = policy or RetryPolicy.for_timeout(settings.pull_timeout_s)
        self._listings: dict[tuple[str, str], Listing] = {}
        # Hosts to which no connection came about, however often it was tried: without a network, every source would
        # otherwise wait through all attempts again.
        self._unreachable: set[str] = set()
        self._lock = threading.Lock()
        self._client = httpx.Client(
            timeout=httpx.Timeout(self._policy.read_s, connect=self._policy.connect_s),
            follow_redirects=False,  # a redirect may lead to another host
            headers={"User-Agent": "war-losses"},
        )

    def __enter__(self) -> "GitHub":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def listing(self, source: Source) -> Listing:
        """The files of the source's branch as it is now, asked for once a run; raises PullError."""
        key = (source.repository, source.branch)
        if key not in self._listings:
            url_path = f"/repos/{source.repository}/git/trees/{quote(source.branch, safe='')}"
            self._listings[key] = self._get(
                source.name,
                self._settings.github_api,
                f"{url_path}?recursive=1",
                max_bytes=_MAX_LISTING_BYTES,
                accept=_listing,
                token=self._settings.github_token,
            )
        return self._listings[key]

    def fetch(self, source: Source, path: str, sha: str, stop: threading.Event | None = None) -> bytes:
        """One file, with the very bytes the listing promised; raises PullError. `stop` ends the waiting."""

        def promised(content: bytes) -> bytes:
            if blob_sha(content) != sha:
                # The raw host may serve the version before for some minutes: worth asking again.
                raise _FailureError(f"{_described(content)}, not the file of the listing (blob {sha})", passing=True)
            return content

        url_path = f"/{source.repository}/{quote(source.branch)}/{quote(path)}"
        return self._get(
            source.name, self._settings.github_raw, url_path, max_bytes=source.max_bytes, accept=promised, stop=stop
        )

    def _get(
        self,
        source: str,
        base: str,
        url_path: str,
        *,
        max_bytes: int,
        accept: Callable[[bytes], T],
        token: str | None = None,
        stop: threading.Event | None = None,
    ) -> T:
        """Ask, and ask again where that may help. `token` goes into this request only."""
        headers = _authorization(source, url_path, token)
        policy = self._policy
        backoff = tenacity.wait_exponential(policy.backoff_s, max=policy.longest_pause_s) + tenacity.wait_random(
            0, policy.backoff_s
        )

        def may_help(error: BaseException) -> bool:
            return (
                isinstance(error, _FailureError) and error.passing and (error.pause_s or 0.0) <= policy.longest_pause_s
            )

        def pause(state: tenacity.RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked_for = error.pause_s if isinstance(error, _FailureError) else None
            return backoff(state) if asked_for is None else asked_for

        stop = stop or threading.Event()
        attempts = 1 if base in self._unreachable else policy.attempts
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(attempts) | tenacity.stop_when_event_set(stop),
            sleep=tenacity.sleep_using_event(stop),
            retry=tenacity.retry_if_exception(may_help),
            wait=pause,
            reraise=True,
        )
        try:
            answer = retrying(lambda: accept(self._ask(base + url_path, headers, max_bytes)))
        except _FailureError as failure:
            if failure.unreachable:
                self._unreachable.add(base)
            asked = retrying.statistics.get("attempt_number", 1)
            times = f" (asked {asked} times)" if asked > 1 else ""
            raise PullError(source, url_path, failure.problem + times, failure.remedy) from None
        self._unreachable.discard(base)
        return answer

    def _ask(self, url: str, headers: Mapping[str, str], max_bytes: int) -> bytes:
        """One request; the body of a 200, else _FailureError."""
        with self._lock:
            self.requests += 1
        deadline = time.monotonic() + self._policy.answer_s
        body = bytearray()
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                if response.status_code != httpx.codes.OK:
                    _refuse_status(response)
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > max_bytes:
                        remedy = f"If upstream has grown, raise its max_bytes ({_FACTS})"
                        raise _FailureError(f"the answer is larger than the limit of {max_bytes:,} bytes", remedy)
                    if time.monotonic() > deadline:
                        problem = f"the answer was not complete after {self._policy.answer_s:g} s"
                        raise _FailureError(problem, passing=True)
        except httpx.ConnectTimeout:
            raise _FailureError(
                f"no connection within {self._policy.connect_s:g} s", passing=True, unreachable=True
            ) from None
        except httpx.ConnectError as error:
            raise _FailureError(f"the connection failed ({error})", passing=True, unreachable=True) from None
        except httpx.TimeoutException:
            raise _FailureError(f"no answer for {self._policy.read_s:g} s", passing=True) from None
        except httpx.RequestError as error:
            raise _FailureError(f"the connection failed ({error})", passing=True) from None
        except httpx.InvalidURL:
            raise _FailureError(
                "the address is no URL", "Look at WAR_LOSSES_GITHUB_API and WAR_LOSSES_GITHUB_RAW"
            ) from None
        return bytes(body)


def pull(
    source: Source,
    archive: Archive,
    settings: Settings,
    on_progress: Callable[[int, int], None] | None = None,
    github: GitHub | None = None,
) -> PullResult:
    """Bring the archive up to date with one source; raises PullError after keeping all that came.

    `on_progress` is told (files done, files to fetch). Give the same `github` to the pulls of one run: sources in the
    same repository then share its listing.
    """
    if github is None:
        with GitHub(settings) as own:
            return pull(source, archive, settings, on_progress, own)
    asked_before = github.requests
    listing = github.listing(source)
    listed = {path: sha for path, sha in listing.files.items() if source.matches(path)}
    if not listed:
        raise PullError(
            source.name,
            f"/{source.repository}/{source.branch}",
            "the repository lists no file of this source",
            f"It may have moved: look at the repository and adapt its path ({_FACTS})",
        )
    held = archive.holds(source.name)
    known_paths = {path for path, _ in held}
    wanted = {path: sha for path, sha in sorted(listed.items()) if (path, sha) not in held}
    fetched, failures = _fetch_all(github, source, wanted, archive, on_progress)
    gone = archive.mark_listed(source.name, listed)
    if failures:
        raise _summary(source, failures, len(wanted), len(fetched))
    archive.record_pull(source.name, listing.tree_sha)
    return PullResult(
        source=source.name,
        upstream_ref=listing.tree_sha,
        new=[path for path in wanted if path not in known_paths],
        changed=[path for path in wanted if path in known_paths],
        unchanged=len(listed) - len(wanted),
        gone=gone,
        bytes_fetched=sum(fetched.values()),
        requests=github.requests - asked_before,
    )


def _fetch_all(
    github: GitHub,
    source: Source,
    wanted: Mapping[str, str],
    archive: Archive,
    on_progress: Callable[[int, int], None] | None,
) -> tuple[dict[str, int], list[PullError]]:
    """Fetch and keep files: sizes in bytes of those that came, errors of those that did not."""
    fetched: dict[str, int] = {}
    failures: list[PullError] = []
    stop = threading.Event()
    pool = ThreadPoolExecutor(max_workers=_CONCURRENCY, thread_name_prefix="pull")
    try:
        pending = {pool.submit(github.fetch, source, path, sha, stop): path for path, sha in wanted.items()}
        for future in as_completed(pending):
            path = pending[future]
            try:
                content = future.result()
            except PullError as error:
                failures.append(error)
                if len(failures) >= _GIVE_UP_AFTER:
                    break
            else:
                archive.store(source.name, path, content, wanted[path])
                fetched[path] = len(content)
            if on_progress:
                on_progress(len(fetched) + len(failures), len(wanted))
    finally:
        # Also when something else failed or the run was interrupted: nothing further is asked or waited for.
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
    return fetched, failures


def _summary(source: Source, failures: list[PullError], wanted: int, fetched: int) -> PullError:
    """One error naming every file that failed."""
    if wanted == 1:
        return failures[0]
    problem = f"{fetched} of {wanted} files came; failed: " + "; ".join(
        f"{failure.url_path} ({failure.problem})" for failure in sorted(failures, key=lambda f: f.url_path)
    )
    if untried := wanted - fetched - len(failures):
        problem += f"; {untried} more were not tried"
    return PullError(source.name, f"/{source.repository}/{source.branch}", problem, failures[0].remedy)


def _listing(content: bytes) -> Listing:
    """Read an answer of the tree listing."""
    try:
        tree = json.loads(content)
        files = {entry["path"]: entry["sha"] for entry in tree["tree"] if entry["type"] == "blob"}
        truncated, tree_sha = tree["truncated"], tree["sha"]
        well_formed = all(map(_SHA.fullmatch, (tree_sha, *files.values())))
    except (ValueError, KeyError, TypeError):
        well_formed = False
    if not well_formed:
        raise _FailureError(f"{_described(content)}, not a listing of the repository", passing=True)
    if truncated is not False:
        raise _FailureError(
            "the listing is truncated: the repository has grown too large for one request",
            "A part of the files would be taken for all of them. List the source's folder by itself instead",
        )
    return Listing(tree_sha, files)


def _authorization(source: str, url_path: str, token: str | None) -> dict[str, str]:
    if not token:
        return {}
    if not re.fullmatch(r"[!-~]+", token):
        raise PullError(
            source, url_path, "GITHUB_TOKEN holds a blank, a line break or another sign no token has", "Set it anew"
        )
    return {"Authorization": f"Bearer {token}"}


def _refuse_status(response: httpx.Response) -> NoReturn:
    """Say what a status other than 200 means."""
    status = response.status_code
    if response.is_redirect:
        raise _FailureError(
            f"answered {status}, a redirect, which is not followed",
            f"The repository may have been renamed: look at it and adapt its name ({_FACTS})",
        )
    if status in (403, 429) and response.headers.get("x-ratelimit-remaining") == "0":
        raise _FailureError(
            f"answered {status}: the rate limit is used up{_until(response)}",
            "Pull again after that, or set GITHUB_TOKEN, which raises the limit",
        )
    if status == 401:
        raise _FailureError("answered 401: the token is refused", "Renew GITHUB_TOKEN or unset it: none is needed")
    if status == 404:
        raise _FailureError(
            "answered 404: not there",
            "If it is not there next time either, it was moved or removed: look at the repository",
        )
    raise _FailureError(f"answered {status}", passing=status == 429 or status >= 500, pause_s=_retry_after(response))


def _retry_after(response: httpx.Response) -> float | None:
    """The pause the server asks for in seconds: the header carries seconds or a date."""
    value = response.headers.get("retry-after", "")
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _until(response: httpx.Response) -> str:
    reset = response.headers.get("x-ratelimit-reset", "")
    if not re.fullmatch(r"[0-9]{10}", reset):
        return ""
    return f" until {datetime.fromtimestamp(int(reset), UTC):%Y-%m-%d %H:%M} UTC"


def _described(content: bytes) -> str:
    """What came instead of what was asked for, in words."""
    if not content.strip():
        return "an empty answer came"
    if content.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html")):
        return "a web page (HTML) came"
    return f"{len(content):,} other bytes came"
