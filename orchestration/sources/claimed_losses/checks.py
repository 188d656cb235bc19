"""The check of the claims that dbt cannot make: it holds them against the shipped figures."""

from orchestration.settings import SHIPPED_DIR
from orchestration.sources.checks import Check, Measurement, Outcome


def categories_known(data: Measurement) -> Outcome:
    """Whether every category is one of the shipped figures."""
    from orchestration.sources.intake.shipped import read_shipped  # pandas: only where a run uses it

    shipped = set(read_shipped(SHIPPED_DIR, ["claimed_losses"])["claimed_losses"]["category"])
    rows = data.query("select category, min(report_date) from {claimed_losses} group by category order by 2, 1")
    new = [f"{category.replace('_', ' ')} since {day}" for category, day in rows if category not in shipped]
    return Outcome(not new, "new: " + ", ".join(new) if new else f"{len(rows)} categories, all known")


CATEGORIES_KNOWN = Check(
    "claimed_losses",
    "categories_known",
    "warn",
    "A category of losses appeared: it is published under the name it is reported by, and what it counts may have been "
    "in another one before. It counts as known once the shipped figures have it.",
    "the categories of the shipped figures",
    categories_known,
)
