"""Whether the groups of a view differ at all: one test of all of them, of each community where the view is of several.

The numbers are those of ``estimate --rest`` (``statistic, df1, df2, p``); Holm's p is over all such tests that the page shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.statistics.differences import holm
from dashboard.data.questions.asked import COMMUNITY, CROSSED, Asked


@dataclass(frozen=True)
class Together:
    """One test. ``community`` whose groups, '' where all groups are one family; ``choice`` whose share, '' of the mean;
    ``statistic`` F on ``df1`` and ``df2``; ``p``, and ``p_holm`` over all tests of the view."""

    community: str
    choice: str
    statistic: float
    df1: float
    df2: float
    p: float
    p_holm: float


def over_groups(asked: Asked, parts: pd.DataFrame) -> tuple[Together, ...]:
    """The tests of the groups of this year, the most telling first: of means where the question has them, else of the
    shares of its choices; empty where nothing is left to judge by.  ``parts`` is the table of the groups."""
    if "statistic" not in parts:
        return ()
    rows = parts[(parts["year"] == asked.year) & parts["statistic"].notna()]
    means = rows["choice"] == ""
    rows = rows[means] if means.any() else rows[_opinion(rows, asked)]
    inside = COMMUNITY in asked.splits and len(asked.splits) > 1
    areas = rows["community_code"] if inside else pd.Series("", index=rows.index)
    rows = rows.assign(_area=areas).drop_duplicates(["_area", "item", "choice"])
    adjusted = holm(rows["p"].to_numpy(dtype=np.float64))
    found = [
        Together(str(r["_area"]), str(r["choice"]), *(float(r[name]) for name in ("statistic", "df1", "df2", "p")), q)
        for r, q in zip(rows.to_dict("records"), adjusted.tolist(), strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (one.p_holm, one.p)))


def of_group(tests: Sequence[Together], value: str | None) -> Together | None:
    """The test of all groups that this one is of: of a question without a mean that of the choice that tells most; None for the
    whole, and where nothing was tested."""
    area = (value or "").split(CROSSED)[0]
    return None if value is None else next((one for one in tests if one.community in ("", area)), None)


def _opinion(rows: pd.DataFrame, asked: Asked) -> pd.Series[bool]:
    """The rows of choices that are opinions: don't knows and refusals are none."""
    return rows["choice"].isin([c.name for c in asked.item.choices if c.missing is None])
