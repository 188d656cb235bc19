"""What versions of a whole series are compared by. Needs pandas: only rules import it."""

import pandas as pd


def changed_share(accepted: pd.DataFrame, offered: pd.DataFrame, key: list[str], measure: str) -> float:
    """Share of the cells in both whose figure differs."""
    both = accepted.merge(offered, on=key, suffixes=("_before", "_after"))
    return float((both[f"{measure}_before"] != both[f"{measure}_after"]).mean()) if len(both) else 0.0
