"""Weekly confirmed deaths as they were known on several dates, with the probate estimate beside them."""

from datetime import date, timedelta
from typing import Any

import altair as alt
import duckdb

from orchestration.report.figure import Canvas, Figure, Row, Table, breaks, credit, not_drawn, query
from orchestration.report.render.axes import amount, years
from orchestration.report.render.formatting import count, day, listed, sentence, short_day, some
from orchestration.report.render.palette import LIGHT, SHADES
from orchestration.report.render.svg import data

NAME = "deaths-as-known"

# How long before the newest vintage the others were known, in months: close together where most is still being
# added, and years where a week has long been thought settled. At most as many as there are shades.
MONTHS_BEFORE = (1, 3, 6, 12, 24)

# The weeks whose count then and now make the title: a quarter, long enough not to hang on single battles.
WEEKS_COMPARED = 13

# A count that grew by less than a tenth is called "hardly changed".
HARDLY_CHANGED = 0.1

VINTAGES = """
select max(vintages.as_of) as as_of, max(vintages.data_through) as data_through
from
    (select unnest([0, {months}]) as months_before),
    vintages
where vintages.as_of <= (select max(as_of) from vintages) - to_months(months_before)
group by months_before
qualify row_number() over (partition by max(vintages.as_of) order by months_before) = 1
order by as_of desc
"""

WEEKS = """
with

known as (
    select
        cast(date_trunc('week', history.death_date) as date) as week_start,
        shown.as_of,
        cast(sum(history.confirmed_deaths) as integer) as confirmed_deaths,
    from confirmed_deaths_history as history
    inner join (select unnest(?::date[]) as as_of) as shown
        on history.known_from <= shown.as_of and (history.known_to is null or history.known_to > shown.as_of)
    group by all
    having count(*) = 7
),

probate as (
    select week_start, probate_estimate, is_forecast
    from probate_estimate_by_week
    where as_of = (select max(as_of) from probate_estimate_by_week)
)

select
    coalesce(known.week_start, probate.week_start) as week_start,
    {counts},
    any_value(round(probate.probate_estimate, 1)) as probate_estimate,
    any_value(probate.is_forecast) as probate_is_forecast,
from known
full join probate using (week_start)
group by coalesce(known.week_start, probate.week_start)
order by week_start
"""


def column_of(as_of: date) -> str:
    """The column of the counts as known on that day."""
    return f"confirmed_deaths_as_of_{as_of:%Y_%m_%d}"


def figure(database: duckdb.DuckDBPyConnection) -> Figure:
    """Weekly confirmed deaths as known at up to six dates, and the newest probate estimate."""
    chosen = query(database, VINTAGES.format(months=", ".join(map(str, MONTHS_BEFORE))))
    vintages = [row["as_of"] for row in chosen]
    headings = {
        "week_start": "week from",
        **{column_of(as_of): f"known {short_day(as_of)}" for as_of in vintages},
        "probate_estimate": "probate estimate",
        "probate_is_forecast": "partly forecast",
    }
    if not vintages:
        return not_drawn(
            NAME, "Confirmed deaths by week", "The list has no vintage, so nothing is known.", Table(headings, [])
        )
    counts = ", ".join(
        f"any_value(known.confirmed_deaths) filter (known.as_of = date '{as_of}') as {column_of(as_of)}"
        for as_of in vintages
    )
    rows = query(database, WEEKS.format(counts=counts), vintages)
    table = Table(headings, rows)
    newest = vintages[0]
    if not any(row[column_of(newest)] is not None for row in rows):
        return not_drawn(NAME, "Confirmed deaths by week", "The list does not cover one whole week yet.", table)
    young = query(
        database,
        "select min(week_start) as first, max(week_end) as last from deaths_by_week where status = 'reported_only'",
    )[0]
    release = query(database, "select max(as_of) as as_of from probate_estimate_by_week")[0]["as_of"]
    method_breaks = breaks(database, vintages[-1], newest, "confirmed_deaths")
    notes = [
        f"{sentence(item.what_changed)} Counts known before {day(item.on)} cannot be compared with later ones."
        for item in method_breaks
    ]
    weeks = [row["week_start"] for row in rows]
    measures = ["Confirmed deaths (a minimum) by week of death; the stronger a line, the later it was known"]
    if young["first"]:
        measures.append("hatched weeks are too young to read")
    if release:
        measures.append(
            f"beside them Mediazona and Meduza's estimate from the probate registry, release of {short_day(release)}"
            + (", dashed where partly a forecast" if any(row["probate_is_forecast"] for row in rows) else "")
        )
    return Figure(
        name=NAME,
        title=_title(rows, vintages),
        subtitle=f"{'; '.join(measures)}. Newest list as of {short_day(newest)}.",
        source=credit(database, "confirmed_deaths", *(["probate_estimates"] if release else [])),
        description=_description(rows, vintages, weeks),
        table=table,
        draw=lambda canvas: _draw(canvas, rows, vintages, young, bool(release)),
        notes=notes,
    )


def _compared(rows: list[Row], vintages: list[date]) -> tuple[date, date, int, int] | None:
    """The last weeks known about a year before the newest vintage (or at the oldest one): as of, end, then, now."""
    newest = column_of(vintages[0])
    for as_of in sorted(vintages[1:], key=lambda as_of: abs((vintages[0] - as_of).days - 365)):
        then = column_of(as_of)
        both = [row for row in rows if row[then] is not None and row[newest] is not None][-WEEKS_COMPARED:]
        if len(both) == WEEKS_COMPARED:
            return (
                as_of,
                both[-1]["week_start"] + timedelta(days=6),
                sum(row[then] for row in both),
                sum(row[newest] for row in both),
            )
    return None


def _title(rows: list[Row], vintages: list[date]) -> str:
    compared = _compared(rows, vintages)
    if compared is None:
        return f"Confirmed deaths by week as known on {day(vintages[0])}, the one date this release knows them at"
    as_of, end, then, now = compared
    counts = (
        f"for the {WEEKS_COMPARED} weeks to {day(end)}, {count(then)} deaths were confirmed by {day(as_of)} and "
        f"{count(now)} by {day(vintages[0])}"
    )
    if now >= then * 2:
        return f"Recent weeks look quiet until names are found: {counts}"
    if now > then * (1 + HARDLY_CHANGED):
        return f"The past is still being counted: {counts}"
    if now < then * (1 - HARDLY_CHANGED):
        return f"Counts also fall: {counts}"
    return f"Counts have hardly changed: {counts}"


def _description(rows: list[Row], vintages: list[date], weeks: list[date]) -> str:
    known = [(as_of, sum(row[column_of(as_of)] or 0 for row in rows)) for as_of in sorted(vintages)]
    totals = listed([f"{count(total)} as known on {day(as_of)}" for as_of, total in known])
    probate = [row["probate_estimate"] for row in rows if row["probate_estimate"] is not None]
    return (
        f"Lines by week from {day(weeks[0])} to {day(weeks[-1])}. Confirmed deaths over all whole weeks: {totals}."
        + (
            f" The probate estimate adds up to {count(sum(probate))} over {some(len(probate), 'week')}."
            if probate
            else ""
        )
    )


def _draw(canvas: Canvas, rows: list[Row], vintages: list[date], young: Row, has_probate: bool) -> Any:
    ascending = sorted(vintages)
    labels = {as_of: f"known {short_day(as_of)}" for as_of in ascending}
    shades = SHADES[-len(ascending) :]
    probate_label = "probate estimate"
    known = [
        {"week": row["week_start"], "deaths": row[column_of(as_of)], "series": labels[as_of]}
        for as_of in ascending
        for row in rows
        if row[column_of(as_of)] is not None
    ]
    estimated = [row for row in rows if row["probate_estimate"] is not None]
    solid = [row for row in estimated if not row["probate_is_forecast"]]
    # The forecast starts where the estimate ends, so that the line has no hole.
    dashed = solid[-1:] + [row for row in estimated if row["probate_is_forecast"]]
    domain = [*labels.values(), *([probate_label] if has_probate else [])]
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=domain, range=[*shades, *([LIGHT["orange"]] if has_probate else [])]),
        legend=alt.Legend(title=None, columns=2 if canvas.is_narrow else 3, symbolType="stroke"),
    )
    x = years("week:T", rows[0]["week_start"], rows[-1]["week_start"])
    y = amount("deaths:Q")
    layers = []
    if young["first"]:
        layers.append(
            alt.Chart(data([{"first": young["first"], "last": young["last"]}]))
            .mark_rect(fill=LIGHT["hatch"])
            .encode(x=alt.X("first:T"), x2="last:T")
        )
    layers.append(alt.Chart(data(known)).mark_line(strokeWidth=1.4).encode(x, y, colour))
    for part, dash in ((solid, []), (dashed, [5, 3])):
        if len(part) > 1:
            points = [
                {"week": row["week_start"], "deaths": row["probate_estimate"], "series": probate_label} for row in part
            ]
            layers.append(alt.Chart(data(points)).mark_line(strokeWidth=1.6, strokeDash=dash).encode(x, y, colour))
    return alt.layer(*layers).properties(width=canvas.width - 60, height=260 if canvas.is_narrow else 330)
