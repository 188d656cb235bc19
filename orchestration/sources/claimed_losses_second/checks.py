"""The check of the two copies of the claims that dbt cannot make: it knows the differences of the shipped figures."""

import csv
from typing import TYPE_CHECKING

from orchestration.settings import DBT_PROJECT_DIR, SHIPPED_DIR
from orchestration.sources.checks import Check, Measurement, Outcome

if TYPE_CHECKING:
    import pandas as pd

CATEGORIES = DBT_PROJECT_DIR / "seeds" / "claimed_loss_categories.csv"
# A measured value is read in a table: the newest few say what has happened, the published table has all.
_NAMED = 5


def differences(first: "pd.DataFrame", second: "pd.DataFrame") -> list[tuple[str, str, int, int]]:
    """Day, category of the first source and both figures where both have one and they differ, newest day first.

    Args:
        first: report_date, category, claimed_losses_cum of the first source.
        second: the same of the second, by its own categories; those that correspond to none are left out.
    """
    with CATEGORIES.open(encoding="utf-8", newline="") as file:
        corresponding = {row["second_category"]: row["category"] for row in csv.DictReader(file)}
    mapped = second.assign(category=second["category"].map(corresponding)).dropna(subset="category")
    both = first.merge(mapped, on=["report_date", "category"], suffixes=("_first", "_second"))
    differing = both[both["claimed_losses_cum_first"] != both["claimed_losses_cum_second"]]
    return [
        (f"{row.report_date:%Y-%m-%d}", row.category, row.claimed_losses_cum_first, row.claimed_losses_cum_second)
        for row in differing.sort_values(["report_date", "category"], ascending=[False, True]).itertuples()
    ]


def sources_agree(data: Measurement) -> Outcome:
    """Whether the two differ anywhere where the shipped figures do not already."""
    # pandas: only where a run uses it
    from orchestration.sources import TABLES, tables
    from orchestration.sources.intake.shipped import read_shipped

    names = ("claimed_losses", "claimed_losses_second")
    found = differences(*(tables.read_table(data.observations_dir, TABLES[name]) for name in names))
    shipped = read_shipped(SHIPPED_DIR, names)
    known = set(differences(*(shipped.get(name, tables.empty(TABLES[name])) for name in names)))
    new = [difference for difference in found if difference not in known]
    if not new:
        newest = f", the newest {_in_words(*found[0])}" if found else ""
        return Outcome(True, f"{len(found)} differences, all in the shipped figures{newest}")
    named = "; ".join(_in_words(*difference) for difference in new[:_NAMED])
    more = f"; and {len(new) - _NAMED} more" if len(new) > _NAMED else ""
    return Outcome(False, f"{len(new)} new differences: {named}{more}")


def _in_words(day: str, category: str, first: int, second: int) -> str:
    return f"{day} {category.replace('_', ' ')} {first:,}, second source {second:,} ({second - first:+,})"


SOURCES_AGREE = Check(
    "claimed_losses_second",
    "claimed_losses_sources_agree",
    "warn",
    "Two copies of the same report differ, so one of them has a slip or one was corrected later: the report itself "
    "says which (its address is in the table claimed_losses_differences). The first source's figure is published. A "
    "difference counts as known once the shipped figures have it.",
    "no difference beyond those of the shipped figures",
    sources_agree,
    also_reads=("claimed_losses",),
)
