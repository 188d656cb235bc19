"""The observation tables: their columns, types and keys in one place.

What belongs here: the shape of the tables, light to import. What does not: how they are written and read
(`observations`), and how a source fills them (its own module).
"""

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class Table:
    """Columns in order, the key rows are unique and sorted by, and the column that says how recent the table is."""

    schema: pa.Schema
    key: tuple[str, ...]
    dated_by: str

    @property
    def columns(self) -> list[str]:
        """Column names in order."""
        return self.schema.names


def _schema(optional: tuple[str, ...] = (), **types: pa.DataType) -> pa.Schema:
    """Columns in order; only the optional ones may be null."""
    return pa.schema([pa.field(name, kind, nullable=name in optional) for name, kind in types.items()])


_DATE, _INT, _DOUBLE, _TEXT = pa.date32(), pa.int32(), pa.float64(), pa.string()
_UTC = pa.timestamp("us")  # times are UTC and written without a zone: DuckDB's TIMESTAMP

TABLES: dict[str, Table] = {
    # Changes of a day's count against the previous vintage: with the vintages, each of them can be rebuilt.
    "confirmed_deaths": Table(
        _schema(as_of=_DATE, death_date=_DATE, change=_INT),
        key=("as_of", "death_date"),
        dated_by="as_of",
    ),
    "confirmed_deaths_vintages": Table(
        _schema(as_of=_DATE, last_seen=_DATE, data_through=_DATE, dated_total=_INT),
        key=("as_of",),
        dated_by="as_of",
    ),
    "claimed_losses": Table(
        _schema(report_date=_DATE, category=_TEXT, claimed_losses_cum=_INT, correction=_INT),
        key=("report_date", "category"),
        dated_by="report_date",
    ),
    "occupied_area": Table(
        _schema(
            optional=("previous_date", "gained_km2", "lost_km2"),
            area_date=_DATE,
            occupied_km2=_DOUBLE,
            previous_date=_DATE,
            gained_km2=_DOUBLE,
            lost_km2=_DOUBLE,
        ),
        key=("area_date",),
        dated_by="area_date",
    ),
    "occupied_area_2022_23": Table(
        _schema(observed_at=_UTC, occupied_km2=_DOUBLE),
        key=("observed_at",),
        dated_by="observed_at",
    ),
    "probate_estimates": Table(
        _schema(as_of=_DATE, week_start=_DATE, documented_deaths=_INT, probate_estimate=_DOUBLE),
        key=("as_of", "week_start"),
        dated_by="as_of",
    ),
    "deaths_by_branch": Table(
        _schema(as_of=_DATE, week_start=_DATE, branch=_TEXT, confirmed_deaths=_INT, week_total=_INT),
        key=("as_of", "week_start", "branch"),
        dated_by="as_of",
    ),
    # Without the person's name: that stays in the ledger.
    "accepted_by_people": Table(
        _schema(source=_TEXT, dated=_DATE),
        key=("source", "dated"),
        dated_by="dated",
    ),
    "source_provenance": Table(
        _schema(
            optional=("last_observation", "last_pulled_at", "upstream_ref", "cadence_days", "alarm_days"),
            source=_TEXT,
            title=_TEXT,
            publisher=_TEXT,
            licence=_TEXT,
            citation=_TEXT,
            url=_TEXT,
            origin=_TEXT,
            last_observation=_DATE,
            last_pulled_at=_UTC,
            row_count=_INT,
            upstream_ref=_TEXT,
            cadence_days=_INT,
            alarm_days=_INT,
            note=_TEXT,
        ),
        key=("source",),
        dated_by="last_observation",
    ),
}
