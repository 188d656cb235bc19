"""What tunes performance, each with the seconds it was measured to save on two cores (a refresh takes about 20).

| what                                                          | where                           | saves              |
| ------------------------------------------------------------- | ------------------------------- | ------------------ |
| young objects are looked through seldom                       | collect_seldom                  | 0.5 s a refresh    |
| what is loaded is never looked through again                  | keep_what_is_loaded             | 1 s a command      |
| dbt's process collects nothing                                | never_collect                   | 1 s a refresh      |
| dbt says its version without loading itself                   | dbt/command.py                  | 1 s a refresh      |
| dbt writes no log of every statement                          | defs/resources.py               | 1 s a refresh      |
| Dagster sets up no dbt adapter of its own                     | defs/resources.py (DbtCommand)  | 1 s a refresh      |
| the event log keeps its connection open                       | runs/event_log.py               | a third of Dagster |
| steps run in one process, threads inside them                 | definitions.py (executor)       | 4 s a step         |
| pandas and GEOS are imported where a run uses them            | defs/, sources/                 | 0.5 s a process    |
| Altair and vl-convert are imported where the page is written  | defs/release.py                 | 1 s a process      |
| PNGs are rendered in a process of their own                   | report/render/png.py            | half of the page   |
| a command imports its own module only                         | cli/lazy_group.py               | 0.1 s a command    |

What belongs here: settings of Python's garbage collector, and the table above. What does not: what is tuned.
"""

import atexit
import gc

# A collection of the youngest objects after so many new ones. Python's own 700 walks through what Dagster and pandas
# load, which stays, hundreds of times.
YOUNG_OBJECTS = 100_000


def collect_seldom() -> None:
    """Look for garbage seldom: for the commands, most of whose objects live as long as they do."""
    gc.set_threshold(YOUNG_OBJECTS)


def keep_what_is_loaded() -> None:
    """Leave out of every collection to come what is loaded by now, least of all the last ones at a process's end."""
    gc.freeze()


def never_collect() -> None:
    """Look for no garbage at all, not even at the end: for a process that lives for seconds; costs dbt 50 MB."""
    gc.disable()
    atexit.register(gc.freeze)
