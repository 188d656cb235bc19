"""The observation tables of the source."""

from orchestration.sources.base import DATE, INT, TableShape, columns

# Changes of a day's count against the previous vintage: with the vintages, each of them can be rebuilt.
CHANGES = TableShape(
    "confirmed_deaths",
    columns(as_of=DATE, death_date=DATE, change=INT),
    key=("as_of", "death_date"),
    dated_by="as_of",
)
VINTAGES = TableShape(
    "confirmed_deaths_vintages",
    columns(as_of=DATE, last_seen=DATE, data_through=DATE, dated_total=INT),
    key=("as_of",),
    dated_by="as_of",
)
