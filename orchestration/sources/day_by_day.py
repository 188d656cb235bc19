"""Sources that publish one state after another: what stands on each day, and a candidate between two of them.

What belongs here: what daily files, dated releases and overwritten files have in common. What does not: what tells them
apart (`daily_files`, `dated_releases`, `overwritten_file`).
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from orchestration.sources.base import Accepted, Candidate, Read, Source, Tables
from orchestration.sources.rules import first, in_the_future

if TYPE_CHECKING:
    import pandas as pd

    from orchestration.sources.intake.archive import RawFile

State = TypeVar("State")


class DayByDay(Source, Generic[State]):
    """A source whose every file is the state on a day; a candidate is held against the states before and after it."""

    @abstractmethod
    def state(self, day: date, parsed: "pd.DataFrame") -> State:
        """What a parsed file says of its day, as the rules compare it."""

    @abstractmethod
    def shipped_states(self, shipped: Tables) -> Iterable[tuple[date, Callable[[], State]]]:
        """The days of the shipped figures, each with what makes its state when it is asked for."""

    @abstractmethod
    def in_force(self, files: "Sequence[RawFile]") -> "Iterable[RawFile]":
        """The accepted files whose states stand, in the order in which a later one takes the place of an earlier."""

    @abstractmethod
    def objection(self, candidate: State, earlier: State | None, later: State | None) -> str | None:
        """Why a state cannot stand between its accepted neighbours; None where nothing speaks against it."""

    def newest_day(self, candidate: Candidate) -> date:
        """The last day that a candidate speaks of."""
        return candidate.dated

    def accepted(self, files: "Sequence[RawFile]", shipped: Tables, read: Read) -> Accepted:
        """The states by day."""
        states: Timeline[State] = Timeline()
        for day, make in self.shipped_states(shipped):
            states.put(day, make)
        for file in self.in_force(files):
            states.put(self.day_of(file), partial(self._read_state, file, read))
        return _AcceptedStates(self, states)

    def _read_state(self, file: "RawFile", read: Read) -> State:
        return self.state(self.day_of(file), read(file))


class Timeline(Generic[State]):
    """States by day, made when they are asked for: of hundreds of files, a few are neighbours."""

    def __init__(self) -> None:
        self._make: dict[date, Callable[[], State]] = {}
        self._made: dict[date, State] = {}

    def put(self, day: date, make: Callable[[], State]) -> None:
        """Let a day have this state."""
        self._make[day] = make
        self._made.pop(day, None)

    def until(self, day: date) -> State | None:
        """The newest state up to a day, the day itself included."""
        return self._at(max((known for known in self._make if known <= day), default=None))

    def after(self, day: date) -> State | None:
        """The first state after a day."""
        return self._at(min((known for known in self._make if known > day), default=None))

    def _at(self, day: date | None) -> State | None:
        if day is None:
            return None
        if day not in self._made:
            self._made[day] = self._make[day]()
        return self._made[day]


class _AcceptedStates(Generic[State]):
    def __init__(self, source: DayByDay[State], states: Timeline[State]) -> None:
        self._source = source
        self._states = states

    def objection(self, candidate: Candidate) -> str | None:
        state = self._source.state(candidate.dated, candidate.parsed)
        return first(
            in_the_future(self._source.newest_day(candidate), candidate.first_seen),
            lambda: self._source.objection(
                state, self._states.until(candidate.dated), self._states.after(candidate.dated)
            ),
        )

    def take(self, candidate: Candidate) -> None:
        self._states.put(candidate.dated, partial(self._source.state, candidate.dated, candidate.parsed))
