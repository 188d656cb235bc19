"""Small upstream files in the formats of their sources, and an archive that has pulled them.

What belongs here: content that several tests make up. What does not: processes that tests start (running_dbt,
running_ui, receiver), and whole nights of an upstream (reliability/made_up_upstream).
"""

import json
from datetime import date, timedelta

import pandas as pd
from shapely.geometry import box, mapping

from orchestration.sources.confirmed_deaths.parse import FIRST_DAY
from orchestration.sources.intake.archive import Archive, blob_sha

PROBATE = "scripts/mediazona/source/probate_registry_estimate.csv"
PERSONNEL = "data/russia_losses_personnel.json"


def store(archive: Archive, source: str, path: str, content: bytes) -> None:
    """Put a file into the archive as a pull does: stored, and listed upstream beside what is listed already."""
    archive.store(source, path, content, blob_sha(content))
    listed = {
        file.path: file.blob_sha for file in archive.files(source, ("new", "accepted", "quarantined", "rejected"))
    }
    archive.mark_listed(source, {**listed, path: blob_sha(content)})


def deaths(*counts: int) -> bytes:
    """The list of confirmed deaths with so many on each day of the war."""
    lines, total = ["date,change,total"], 0
    for offset, count in enumerate(counts):
        total += count
        lines.append(f"{FIRST_DAY + timedelta(days=offset)},{count},{total}")
    return "\n".join(lines).encode()


def deaths_path(day: str | date) -> str:
    """Path of the list of a day."""
    return f"docs/{day}_cumsum.csv"


def personnel(*figures: int) -> bytes:
    """Claimed casualties, cumulative, by report from 2025-05-01."""
    days = pd.date_range("2025-05-01", periods=len(figures))
    return json.dumps([{"date": f"{d:%Y-%m-%d}", "personnel": n} for d, n in zip(days, figures, strict=True)]).encode()


def area(height: float) -> bytes:
    """A box of Ukraine's width, so many degrees high; ten degrees by two and a half are about 190,000 km²."""
    feature = {"type": "Feature", "properties": {}, "geometry": mapping(box(30, 47, 40, 47 + height))}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def area_path(day: str) -> str:
    """Path of the map of a day."""
    return f"data/deepstatemap_data_{day.replace('-', '')}.geojson"


def probate(*estimates: float) -> bytes:
    """A release of probate estimates by week from 2025-01-06, with a hundred names in each."""
    lines = ["week,real,rnd"]
    lines += [f"{date(2025, 1, 6) + timedelta(weeks=i):%d.%m.%Y},100,{n}" for i, n in enumerate(estimates)]
    return "\n".join(lines).encode()
