"""The documented queries, timed on the published file as an analyst's own program would ask them."""

import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import duckdb

_BLOCK = re.compile(r"```sql\n(.*?)```", re.DOTALL)
_MILLISECONDS = 1000


@dataclass(frozen=True)
class Timed:
    """A query by page and place on it; medians in milliseconds."""

    name: str
    warm_ms: float
    cold_ms: float


def documented(pages: Sequence[Path]) -> dict[str, str]:
    """SQL by page and place; a page that is not there has none."""
    return {
        f"{page.name} {place}": sql
        for page in pages
        if page.exists()
        for place, sql in enumerate(_BLOCK.findall(page.read_text(encoding="utf-8")), start=1)
    }


def time_queries(database: Path, queries: dict[str, str], runs: int) -> list[Timed]:
    """Warm: on an open connection that answered it before. Cold: opening and asking, the file out of the page cache."""
    timed = []
    for name, sql in queries.items():
        cold = [_cold_ms(database, sql) for _ in range(runs)]
        with duckdb.connect(str(database), read_only=True) as connection:
            connection.execute(sql).fetchall()
            warm = [_asked_ms(connection, sql) for _ in range(runs)]
        timed.append(Timed(name, median(warm), median(cold)))
    return timed


def _cold_ms(database: Path, sql: str) -> float:
    _drop_from_cache(database)
    start = time.perf_counter()
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute(sql).fetchall()
        return (time.perf_counter() - start) * _MILLISECONDS


def _asked_ms(connection: duckdb.DuckDBPyConnection, sql: str) -> float:
    start = time.perf_counter()
    connection.execute(sql).fetchall()
    return (time.perf_counter() - start) * _MILLISECONDS


def _drop_from_cache(path: Path) -> None:
    """Ask the system to forget the file's pages; a no-op where it cannot be asked."""
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
