"""The shipped claims overlaid by the newest files: figures and corrections apart, then side by side."""

from collections.abc import Callable, Sequence

import pandas as pd

from orchestration.sources.claimed_losses.parse import KEY
from orchestration.sources.intake.archive import RawFile, newest_by_path


def overlay(shipped: pd.DataFrame, files: Sequence[RawFile], read: Callable[[RawFile], pd.DataFrame]) -> pd.DataFrame:
    """Claimed losses by day and category; a figure without a correction has 0 beside it."""
    figures = [shipped[[*KEY, "claimed_losses_cum"]]]
    corrections = [shipped.loc[shipped["correction"] != 0, [*KEY, "correction"]]]
    for file in newest_by_path(files):
        parsed = read(file)
        (corrections if "correction" in parsed else figures).append(parsed)
    claimed = _newest(figures).merge(_newest(corrections), on=KEY, how="left")
    claimed["correction"] = claimed["correction"].fillna(0).astype("int64")
    return claimed


def _newest(frames: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True).drop_duplicates(KEY, keep="last")
