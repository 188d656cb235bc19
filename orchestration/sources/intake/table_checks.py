"""Checks of the observation tables: what is measured, what is allowed and why, and what a failure means to a reader.

What belongs here: judging parsed figures before they are modelled, as pure functions over Parquet files. What does
not: whether a file could be read (its parser), and what the models make of the figures (dbt tests beside them).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow.parquet as pq

from orchestration.dbt import thresholds
from orchestration.settings import EMBEDDED_DIR
from orchestration.sources import SOURCES, TABLES
from orchestration.sources.base import Source

Severity = Literal["error", "warn"]


@dataclass(frozen=True)
class Outcome:
    """What a check measured, in words, and whether that is allowed.

    `is_alarm` marks a failure of a warning that somebody should act on: it is shown and told as an error, and stops no
    release all the same.
    """

    passed: bool
    measured: str
    is_alarm: bool = False


@dataclass(frozen=True)
class Measurement:
    """What a check may look at: the observation tables, the shipped row counts and today's date (UTC).

    `pulled_on` gives the day (UTC) of each source's last complete pull; one that was never pulled is not in it.
    `accepted_by_people` names source and day of files a person accepted although they looked implausible: what a
    person looked at and answers for stops no release.
    """

    observations_dir: Path
    shipped_rows: dict[str, int]
    today: date
    accepted_by_people: frozenset[tuple[str, date]] = frozenset()
    pulled_on: Mapping[str, date] = field(default_factory=dict)

    def table_path(self, table: str) -> Path:
        """The Parquet file of an observation table."""
        return self.observations_dir / f"{table}.parquet"

    def query(self, sql: str) -> list[tuple]:
        """Rows of an SQL query in which {table} stands for an observation table's file."""
        tables = {table: f"read_parquet('{self.table_path(table)}')" for table in TABLES}
        with duckdb.connect() as connection:
            return connection.execute(sql.format(**tables)).fetchall()


@dataclass(frozen=True)
class Check:
    """One check of one observation table.

    A failing check of severity error stops the models from being built on the table; warn says: look.
    """

    table: str
    name: str
    severity: Severity
    meaning: str
    threshold: str
    measure: Callable[[Measurement], Outcome]


def observation_checks() -> list[Check]:
    """All checks of observation tables, in the order in which they are worth reading."""
    checks = []
    for source in SOURCES.values():
        for table in source.table_names:
            checks += [_schema_check(table), _row_count_check(table)]
        checks.append(_freshness_check(source))
    return [check for check in checks if check is not None] + _SERIES_CHECKS


def _schema_check(table: str) -> Check:
    def measure(data: Measurement) -> Outcome:
        expected = TABLES[table].schema
        found = pq.read_schema(data.table_path(table))
        differing = sorted(
            {f"{field.name} {field.type}" for field in expected} ^ {f"{field.name} {field.type}" for field in found}
        )
        return Outcome(not differing, ", ".join(differing) or f"{len(found.names)} columns as declared")

    return Check(
        table,
        f"{table}_schema",
        "error",
        "A column is missing, new or of another type, so figures could be read as something they are not.",
        "the declared columns and types",
        measure,
    )


ROW_FLOOR_SHARE = thresholds.number("row_floor_share")


def _row_count_check(table: str) -> Check:
    def measure(data: Measurement) -> Outcome:
        rows = pq.read_metadata(data.table_path(table)).num_rows
        shipped = data.shipped_rows.get(table)
        if shipped is None:  # a source that nothing is shipped of may be as empty as it comes
            return Outcome(True, f"{rows:,} rows, none shipped")
        return Outcome(rows > 0 and rows >= shipped * ROW_FLOOR_SHARE, f"{rows:,} rows")

    return Check(
        table,
        f"{table}_row_count",
        "error",
        "Rows of the past are missing, so totals would fall without anybody having been taken off the list.",
        f"at least {ROW_FLOOR_SHARE:.0%} of the shipped rows",
        measure,
    )


def _freshness_check(source: Source) -> Check | None:
    if source.cadence_days is None:  # a closed series cannot be late
        return None

    table, dated_by = source.tables[-1].name, source.tables[-1].dated_by

    def measure(data: Measurement) -> Outcome:
        ((newest,),) = data.query(f"select max({dated_by})::date from {{{table}}}")
        if newest is None:
            return Outcome(False, "no rows")
        age = (data.today - newest).days
        pulled_on = data.pulled_on.get(source.name)
        # Figures that nobody asked for grow old by themselves; only where upstream was asked has it stopped.
        stopped = (
            source.alarm_days is not None and pulled_on is not None and (pulled_on - newest).days > source.alarm_days
        )
        asked = f"asked on {pulled_on}" if pulled_on else "never asked since they were shipped"
        return Outcome(age <= source.cadence_days, f"{age} days since {newest}, {asked}", is_alarm=stopped)

    meaning = (
        "The newest figures are older than this source's rhythm: right as of their date, but newer ones may exist."
    )
    threshold = f"at most {source.cadence_days} days, the source's own rhythm and some slack"
    if source.alarm_days is not None:
        meaning += " An error where upstream was asked and has had nothing new for so long that it must have stopped."
        threshold += f"; error where upstream was asked over {source.alarm_days} days after them"
    return Check(table, f"{source.name}_fresh", "warn", meaning, threshold, measure)


def _categories_known(data: Measurement) -> Outcome:
    from orchestration.sources.intake.embedded import read_embedded  # pandas: only where a run uses it

    shipped = set(read_embedded(EMBEDDED_DIR, ["claimed_losses"])["claimed_losses"]["category"])
    rows = data.query("select category, min(report_date) from {claimed_losses} group by category order by 2, 1")
    new = [f"{category.replace('_', ' ')} since {day}" for category, day in rows if category not in shipped]
    return Outcome(not new, "new: " + ", ".join(new) if new else f"{len(rows)} categories, all known")


DECREASE_WARN_SUM = thresholds.whole("decreases_usual_sum")
DECREASE_WARN_WEEK = thresholds.whole("decreases_usual_week")

_STEP_DECREASES = """
    with decreases as (
        select as_of, death_date, change from {confirmed_deaths}
        where change < 0 and as_of > (select min(as_of) from {confirmed_deaths_vintages})
    ),
    weeks as (
        select as_of, date_trunc('week', death_date) as week_start, sum(change) as change
        from {confirmed_deaths}
        where as_of > (select min(as_of) from {confirmed_deaths_vintages})
        group by all
    )
    select
        v.as_of,
        v.dated_total,
        coalesce((select sum(-d.change) from decreases as d where d.as_of = v.as_of), 0)::int as removed,
        coalesce((select max(-w.change) from weeks as w where w.as_of = v.as_of and w.change < 0), 0)::int as worst_week
    from {confirmed_deaths_vintages} as v
    order by v.as_of
"""


def _decreases_of_newest_step(data: Measurement) -> Outcome:
    as_of, _, removed, worst_week = data.query(_STEP_DECREASES)[-1]
    return Outcome(
        removed <= DECREASE_WARN_SUM and worst_week <= DECREASE_WARN_WEEK,
        f"{as_of}: {removed} taken off days in sum, {worst_week} off the worst week",
    )


def _decreases_of_any_step(data: Measurement) -> Outcome:
    shares = [
        (removed / max(total, 1), as_of, removed)
        for as_of, total, removed, _ in data.query(_STEP_DECREASES)
        if ("confirmed_deaths", as_of) not in data.accepted_by_people
    ]
    share, as_of, removed = max(shares, default=(0.0, "no vintage", 0))
    return Outcome(share <= LIST_REMOVED_SHARE, f"{as_of}: {removed} taken off days, {share:.2%} of the list")


def _vintages_sum_to_total(data: Measurement) -> Outcome:
    rows = data.query("""
        with steps as (select as_of, sum(change) as change from {confirmed_deaths} group by as_of),
        totals as (select as_of, sum(change) over (order by as_of) as summed from steps)
        select v.as_of, v.dated_total, coalesce(t.summed, 0)::int as summed
        from {confirmed_deaths_vintages} as v
        asof left join totals as t on v.as_of >= t.as_of
        where coalesce(t.summed, 0) <> v.dated_total order by v.as_of
    """)
    return Outcome(not rows, "; ".join(f"{a}: days {s:,}, total {t:,}" for a, t, s in rows[:3]) or "all vintages agree")


def _counts_within_coverage(data: Measurement) -> Outcome:
    rows = data.query("""
        with counts as (
            select as_of, death_date, sum(change) over (partition by death_date order by as_of) as deaths
            from {confirmed_deaths}
        )
        select c.as_of, c.death_date, c.deaths from counts as c
        inner join {confirmed_deaths_vintages} as v on c.as_of = v.as_of
        where c.deaths < 0 or c.death_date < date '2022-02-24' or (c.death_date > v.data_through and c.deaths <> 0)
        order by all
    """)
    return Outcome(not rows, "; ".join(f"{a}: {n} on {d}" for a, d, n in rows[:3]) or "all days within coverage")


LIST_REMOVED_SHARE = thresholds.number("list_removed_share")
AREA_BOUNDS_KM2 = (thresholds.whole("area_least_km2"), thresholds.whole("area_most_km2"))
SHIFT_LOW, SHIFT_HIGH = thresholds.number("break_pace_low"), thresholds.number("break_pace_high")
SHIFT_STEPS = thresholds.whole("break_pace_steps")


def _volume_shift_of_newest_step(data: Measurement) -> Outcome:
    rows = data.query(f"""
        with steps as (
            select as_of, (dated_total - lag(dated_total) over (order by as_of))
                / (as_of - lag(as_of) over (order by as_of)) as a_day
            from {{confirmed_deaths_vintages}}
        )
        select as_of, a_day, median(a_day) over (
            order by as_of rows between {SHIFT_STEPS} preceding and 1 preceding
        ) as usual
        from steps order by as_of
    """)
    as_of, a_day, usual = rows[-1]
    if not usual:
        return Outcome(True, "too few vintages to compare")
    ratio = a_day / usual
    return Outcome(
        SHIFT_LOW <= ratio <= SHIFT_HIGH, f"{as_of}: {a_day:.0f} dated names a day, {ratio:.2f} times the usual"
    )


AREA_JUMP_KM2 = thresholds.whole("area_jump_km2")
AREA_JUMP_WINDOW_DAYS = thresholds.whole("area_jump_window_days")


def _area_within_bounds(data: Measurement) -> Outcome:
    low, high = AREA_BOUNDS_KM2
    levels = [
        km2
        for day, km2 in data.query("select area_date, occupied_km2 from {occupied_area}")
        if ("occupied_area", day) not in data.accepted_by_people
    ]
    least, most = min(levels, default=low), max(levels, default=high)
    return Outcome(low <= least and most <= high, f"{least:,.0f} to {most:,.0f} km²")


def _area_differences_agree(data: Measurement) -> Outcome:
    # 0.01 km² is a hundred times the worst rounding of the polygon differences seen (0.003 km²), a thousandth of a day.
    rows = data.query("""
        select t.area_date, t.occupied_km2 - p.occupied_km2 - (t.gained_km2 - t.lost_km2) as off
        from {occupied_area} as t inner join {occupied_area} as p on t.previous_date = p.area_date
        where abs(off) > 0.01 order by t.area_date
    """)
    return Outcome(not rows, "; ".join(f"{day}: off by {off:.2f} km²" for day, off in rows[:3]) or "all steps agree")


def _area_jumps(data: Measurement) -> Outcome:
    rows = data.query(f"""
        with steps as (
            select area_date, occupied_km2 - lag(occupied_km2) over (order by area_date) as step from {{occupied_area}}
        )
        select area_date, step from steps
        where abs(step) > {AREA_JUMP_KM2}
            and area_date > (select max(area_date) from {{occupied_area}}) - {AREA_JUMP_WINDOW_DAYS}
        order by area_date
    """)
    return Outcome(not rows, "; ".join(f"{day}: {step:+.0f} km²" for day, step in rows) or "none")


_SERIES_CHECKS = [
    Check(
        "confirmed_deaths_vintages",
        "vintages_sum_to_total",
        "error",
        "The days of a vintage do not add up to its total, so names are lost or counted twice.",
        "days add up to the total in every vintage",
        _vintages_sum_to_total,
    ),
    Check(
        "confirmed_deaths",
        "counts_within_coverage",
        "error",
        "A day has fewer than no dead, or a death lies outside the days a vintage covers.",
        "no negative day, no death before 2022-02-24 or after the vintage's last day",
        _counts_within_coverage,
    ),
    Check(
        "confirmed_deaths",
        "decreases_usual",
        "warn",
        "The newest vintage took more names off days than usual: figures quoted from earlier vintages may be too high.",
        f"at most {DECREASE_WARN_SUM} in sum and {DECREASE_WARN_WEEK} in a week; a few move in every step",
        _decreases_of_newest_step,
    ),
    Check(
        "confirmed_deaths",
        "decreases_bounded",
        "error",
        "A vintage lost so many names at once that the copy is broken rather than corrected.",
        f"at most {LIST_REMOVED_SHARE:.1%} of the list; the largest step so far took off 0.09 %",
        _decreases_of_any_step,
    ),
    Check(
        "confirmed_deaths_vintages",
        "volume_shift",
        "warn",
        "The newest vintage grew unlike the ones before: a partial copy, or a bulk match that is not news of deaths.",
        f"{SHIFT_LOW} to {SHIFT_HIGH} times the median of the last {SHIFT_STEPS} steps; ordinary steps stay inside",
        _volume_shift_of_newest_step,
    ),
    Check(
        "claimed_losses",
        "categories_known",
        "warn",
        "A category of losses appeared: it is published under the name it is reported by, and what it counts may have "
        "been in another one before. It counts as known once the shipped figures have it.",
        "the categories of the shipped figures",
        _categories_known,
    ),
    Check(
        "occupied_area",
        "area_within_bounds",
        "error",
        "The occupied area is implausible: a part of the map is missing or another layer was exported.",
        f"{AREA_BOUNDS_KM2[0]:,} to {AREA_BOUNDS_KM2[1]:,} km²; the series has run from 109,361 to 116,586",
        _area_within_bounds,
    ),
    Check(
        "occupied_area",
        "area_differences_agree",
        "error",
        "Gains less losses do not explain the change of the level, so a polygon is broken.",
        "within 0.01 km², the rounding of polygon differences",
        _area_differences_agree,
    ),
    Check(
        "occupied_area",
        "area_jumps",
        "warn",
        "The map changed by more than a day's advance at once: a batch edit, not to be read as movement on that day.",
        f"at most {AREA_JUMP_KM2} km² between files of the last {AREA_JUMP_WINDOW_DAYS} days; larger steps were edits",
        _area_jumps,
    ),
]
