"""How far a pull has come, for whoever shows it in this process: the terminal, or nobody.

A job cannot be handed a callback, so the command registers itself here before it runs one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Told the source, and files done and to fetch; called from the threads that fetch.
Listener = Callable[[str, int, int], None]

_listeners: list[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Let a listener hear of pulls in this process while the block lasts."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def report(source: str) -> Callable[[int, int], None]:
    """What a pull of a source calls with (files done, files to fetch)."""

    def tell(done: int, to_fetch: int) -> None:
        for listener in _listeners:
            listener(source, done, to_fetch)

    return tell
