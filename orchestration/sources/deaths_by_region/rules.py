"""Whether a vintage of the deaths by region is whole, and whether it can follow another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from orchestration.dbt import thresholds
from orchestration.sources.rules import first, rise

# Regions told by name in an objection; a file cut short lacks dozens.
_TOLD = 5


@dataclass(frozen=True)
class RegionCounts:
    """One vintage: located names (persons) and the Russian name of each region, by its English name."""

    as_of: date
    counts: Mapping[str, int]
    names_ru: Mapping[str, str]


def whole(vintage: RegionCounts, known: Mapping[str, str]) -> str | None:
    """Whether it holds the known regions (Russian by English name) and no others; the reason why not."""
    missing, unknown = known.keys() - vintage.counts.keys(), vintage.counts.keys() - known.keys()
    if missing and unknown:
        return (
            f"regions renamed: {_named(unknown)} came where {_named(missing)} went; what upstream renamed "
            "gets a row with held_from in seeds/regions.csv, and its old name held_until"
        )
    if missing:
        return (
            f"regions missing: {_named(missing)}; the file holds {len(vintage.counts)} of {len(known)} regions, so its "
            "sum is that of a part"
        )
    if unknown:
        return (
            f"unknown regions: {_named(unknown)}; a new region needs a row in seeds/regions.csv (with "
            "held_from) and in seeds/men_16_61_by_region.csv, a row of totals or of unlocated names is no region"
        )
    other = [region for region, name in known.items() if vintage.names_ru[region] != name]
    if other:
        return (
            f"names differ: {_named(other)} stands beside {vintage.names_ru[other[0]]!r} in Russian, not "
            f"{known[other[0]]!r}; counts may be those of another region"
        )
    return None


def follows(earlier: RegionCounts, later: RegionCounts) -> str | None:
    """Whether a vintage can follow another, by the regions that both hold; the reason why not."""
    both = [region for region in earlier.counts if region in later.counts]
    total_before, total = sum(earlier.counts[r] for r in both), sum(later.counts[r] for r in both)
    taken_off = sum(max(0, earlier.counts[region] - later.counts[region]) for region in both)
    allowed = thresholds.number("list_removed_share")
    return first(
        *(_fall(region, earlier, later) for region in both),
        f"history shrunk: {taken_off:,} of {total_before:,} names went from their regions between {earlier.as_of} and "
        f"{later.as_of} (allowed are {allowed:.1%})"
        if taken_off > allowed * total_before
        else None,
        rise("the number of located names", total_before, total),
        *(_growth(region, earlier, later, total / max(total_before, 1)) for region in both),
    )


def _fall(region: str, earlier: RegionCounts, later: RegionCounts) -> str | None:
    before, after = earlier.counts[region], later.counts[region]
    persons, share = thresholds.whole("region_fall_persons"), thresholds.number("region_fall_share")
    if before - after <= max(persons, share * before) and (after or not before):
        return None
    return (
        f"history shrunk: {region} falls from {before:,} ({earlier.as_of}) to {after:,} ({later.as_of}); corrections "
        f"take at most {persons} names or {share:.0%} off a region, and never all"
    )


def _growth(region: str, earlier: RegionCounts, later: RegionCounts, growth: float) -> str | None:
    before, after = earlier.counts[region], later.counts[region]
    factor = thresholds.number("region_growth_factor")
    if after <= factor * growth * max(before, thresholds.whole("small_count")):
        return None
    return (
        f"jump: {region} rises from {before:,} ({earlier.as_of}) to {after:,} ({later.as_of}), while all regions "
        f"together rise to {growth:.2f} times (allowed are {factor:g} times that)"
    )


def _named(regions: Iterable[str]) -> str:
    names = sorted(map(repr, regions))
    rest = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
    return ", ".join(names[:_TOLD]) + rest
