"""Who publishes what, where it lies, under which terms, and how old it may get. Facts only, no reading."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """One upstream series. Tables are the observation tables it fills; `max_bytes` limits one file of it.

    `cadence_days` is the age at which the figures are older than the source's rhythm (None: a closed series);
    `alarm_days` the age at which a source that is asked and has nothing new must have stopped (None: its rhythm is too
    loose to tell).
    """

    name: str
    title: str
    publisher: str
    repository: str
    branch: str
    path_pattern: re.Pattern[str]
    url: str
    licence: str
    citation: str
    cadence_days: int | None
    alarm_days: int | None
    max_bytes: int
    columns: tuple[str, ...]
    tables: tuple[str, ...]
    note: str

    def matches(self, path: str) -> bool:
        """Whether a path of the repository is a file of this source."""
        return self.path_pattern.fullmatch(path) is not None


# Size limits a file, in bytes: some ten times the largest file seen (in brackets), to stop a runaway answer.
_KB, _MB = 1_000, 1_000_000

# fmt: off
_BRANCH_COLUMNS = (
    "week_start", "total", "nguard", "rifle", "air", "pilot", "seaman", "marine", "tank", "art", "eng", "other",
    "nd", "special", "vol", "mob", "signal", "airdef", "chem", "pmc", "fsb", "groundavia", "inmates",
)
# fmt: on

_ALL = (
    Source(
        name="confirmed_deaths",
        title="Confirmed deaths by day of death, every vintage of the list",
        publisher="Mediazona and BBC News Russian",
        repository="thunderquack/MZCasualitiesExtractor",
        branch="master",
        # docs/last_data.csv repeats the newest file, docs/index.html is a page: neither is a vintage.
        path_pattern=re.compile(r"^docs/\d{4}-\d{2}-\d{2}_cumsum\.csv$", re.ASCII),
        url="https://github.com/thunderquack/MZCasualitiesExtractor",
        licence="MIT (repository); the list is the work of Mediazona and BBC News Russian: cite them",
        citation=(
            "Mediazona and BBC News Russian, list of Russian military deaths confirmed by name; daily copies by "
            "thunderquack/MZCasualitiesExtractor"
        ),
        # The list is renewed every two weeks; a week of slack for holidays.
        cadence_days=21,
        # Two renewals missed and a week more. (41 days in March 2024, when copies of a fortnight are missing; else 29.)
        alarm_days=35,
        max_bytes=500 * _KB,  # (26 kB)
        columns=("date", "change", "total"),
        tables=("confirmed_deaths", "confirmed_deaths_vintages"),
        note="Names with a known day of death; Russian forces without DPR/LPR militias. A minimum; counts fall too.",
    ),
    Source(
        name="claimed_losses",
        title="Claimed Russian losses in personnel and equipment, cumulative by day",
        publisher="General Staff of the Armed Forces of Ukraine",
        repository="PetroIvaniuk/2022-Ukraine-Russia-War-Dataset",
        branch="main",
        # russia_losses_equipment_oryx.json counts visually confirmed items, another measure: not taken.
        path_pattern=re.compile(r"^data/russia_losses_(personnel|equipment|equipment_correction)\.json$", re.ASCII),
        url="https://github.com/PetroIvaniuk/2022-Ukraine-Russia-War-Dataset",
        licence="MIT (repository)",
        citation=(
            "General Staff of the Armed Forces of Ukraine, daily claims of Russian losses; collected in "
            "PetroIvaniuk/2022-Ukraine-Russia-War-Dataset"
        ),
        # The claim is reported every morning; two days of slack for the collector.
        cadence_days=3,
        alarm_days=None,
        max_bytes=10 * _MB,  # (645 kB)
        columns=("date", "day"),
        tables=("claimed_losses",),
        note="Claimed by a party to the war. Personnel: killed and wounded. Corrections make cumulative figures fall.",
    ),
    Source(
        name="occupied_area",
        title="Area of occupied territory by day, derived from DeepState's map",
        publisher="DeepState",
        repository="cyterat/deepstate-map-data",
        branch="main",
        path_pattern=re.compile(r"^data/deepstatemap_data_\d{8}\.geojson$", re.ASCII),
        url="https://github.com/cyterat/deepstate-map-data",
        licence=(
            "GPL-3.0 (repository); DeepState's own terms forbid passing on its geometry: "
            "only areas in km² derived from it are shipped"
        ),
        citation="DeepState (deepstatemap.live), occupied territory by day; daily copies by cyterat/deepstate-map-data",
        # The map is copied every day; two days of slack, single days are missing.
        cadence_days=3,
        alarm_days=None,
        max_bytes=5 * _MB,  # (86 kB)
        columns=("type", "name", "crs", "features"),
        tables=("occupied_area",),
        note="Geodesic area on WGS 84 computed here. Days are missing; batch edits make the level jump by tens of km².",
    ),
    Source(
        name="occupied_area_2022_23",
        title="Area of occupied territory, levels from April 2022 to March 2023",
        publisher="DeepState",
        repository="conflict-investigations/deepstatemap-territory",
        branch="master",
        path_pattern=re.compile(r"^deepstate\.csv$", re.ASCII),
        url="https://github.com/conflict-investigations/deepstatemap-territory",
        licence="none stated; figures derived from DeepState's map: cite both",
        citation="DeepState (deepstatemap.live); area levels by conflict-investigations/deepstatemap-territory",
        # A closed series: it ended on 2023-03-16 and cannot become stale.
        cadence_days=None,
        alarm_days=None,
        max_bytes=500 * _KB,  # (26 kB)
        columns=("date", "id", "area"),
        tables=("occupied_area_2022_23",),
        note="Closed series of levels, no polygons. Around May 2022 faulty by its author's word.",
    ),
    Source(
        name="probate_estimates",
        title="Weekly estimate of deaths from the probate registry",
        publisher="Mediazona and Meduza",
        repository="Narretz/sbs-stats",
        branch="main",
        path_pattern=re.compile(r"^scripts/mediazona/source/probate_registry_estimate\.csv$", re.ASCII),
        url="https://github.com/Narretz/sbs-stats",
        licence="none stated; figures by Mediazona and Meduza: cite them",
        citation="Mediazona and Meduza, weekly estimate of Russian military deaths from the probate registry",
        # Two releases a year at best; half a year.
        cadence_days=180,
        alarm_days=None,
        max_bytes=500 * _KB,  # (7 kB)
        columns=("week", "real", "rnd"),
        tables=("probate_estimates",),
        note="Every release revises all weeks; the last half-year of a release is partly a forecast.",
    ),
    Source(
        name="deaths_by_branch",
        title="Confirmed deaths by branch of service and week",
        publisher="Mediazona and BBC News Russian",
        repository="Narretz/sbs-stats",
        branch="main",
        path_pattern=re.compile(r"^scripts/mediazona/source/confirmed_losses_per_week\.csv$", re.ASCII),
        url="https://github.com/Narretz/sbs-stats",
        licence="none stated; figures by Mediazona and BBC News Russian: cite them",
        citation="Mediazona and BBC News Russian, confirmed Russian military deaths by branch of service and week",
        # Copied by hand together with the probate estimate.
        cadence_days=180,
        alarm_days=None,
        max_bytes=500 * _KB,  # (15 kB)
        columns=_BRANCH_COLUMNS,
        tables=("deaths_by_branch",),
        note="Weeks start on Thursdays: another grid and another vintage than the deaths by day. nd = no data.",
    ),
)

SOURCES: dict[str, Source] = {source.name: source for source in _ALL}
