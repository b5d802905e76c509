"""The sensitivity of a year as tables and in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from survey.core.lang import say

COLUMNS = (
    "sub_district",
    "community_code",
    "community",
    "total",
    "star",
    "rank",
    "se",
    "total_low",
    "total_high",
    "star_probability",
    "star_kept",
    "runs_total_low",
    "runs_total_high",
    "runs_star_low",
    "runs_star_high",
    "runs_rank_low",
    "runs_rank_high",
    "runs_sd",
    "both_se",
    "both_probability",
)
FACTOR_COLUMNS = (
    "factor",
    "runs",
    "changed_share",
    "communities",
    "mean_shift",
    "largest_shift",
    "rank_shift",
    "factor_text",
)
_WORDS = ("sub_district", "community_code", "community", "factor", "factor_text")
_WHOLE = ("star", "rank", "runs_star_low", "runs_star_high", "runs_rank_low", "runs_rank_high", "runs", "communities")
#: communities named in the reading
MOST_NAMED = 3

Rows = Sequence[Mapping[str, Any]]


def sensitivity_table(rows: Rows) -> pd.DataFrame:
    """``COLUMNS``: one row a community with a total (``measure.community_rows``)."""
    return _typed(pd.DataFrame(list(rows), columns=list(COLUMNS)))


def factor_table(rows: Rows, lang: str) -> pd.DataFrame:
    """``FACTOR_COLUMNS``: one row a choice that was varied, named in the reader's language."""
    frame = pd.DataFrame(list(rows), columns=list(FACTOR_COLUMNS[:-1]))
    return _typed(frame.assign(factor_text=[factor_word(f, lang) for f in frame["factor"]]))


def runs_table(body: Mapping[str, Any], codes: Sequence[str] | None = None) -> pd.DataFrame:
    """One row a run: its parameters, then ``total_<code>, star_<code>, rank_<code>`` of each community (or ``codes``)."""
    frame = pd.DataFrame(list(body["parameters"]))
    known = [c["community_code"] for c in body["communities"]]
    found = {
        f"{name}_{code}": [run[place] for run in body[f"{name}s"]]
        for place, code in enumerate(known)
        if codes is None or code in codes
        for name in ("total", "star", "rank")
    }
    return pd.concat([frame, pd.DataFrame(found, index=frame.index, dtype="float64")], axis=1)


def factor_word(factor: str, lang: str) -> str:
    """What a factor is called."""
    return say(lang, f"sensitivity.factor.{factor}")


def reading(rows: Rows, factors: Rows, runs: int, lang: str) -> str:
    """The result in one line: how many keep their star throughout, who does not, and what matters most."""
    if not rows:
        return say(lang, "sensitivity.nothing")
    moved = sorted((r for r in rows if r["star_kept"] < 1), key=lambda r: float(r["star_kept"]))
    text = say(lang, "sensitivity.kept", kept=len(rows) - len(moved), all=len(rows), runs=runs)
    if moved:
        between = say(lang, "reliability.between")
        named = between.join(
            say(lang, "sensitivity.named", name=r["community"], share=kept_share(float(r["star_kept"])))
            for r in moved[:MOST_NAMED]
        )
        key = "sensitivity.moved_more" if len(moved) > MOST_NAMED else "sensitivity.moved"
        text += say(lang, key, names=named, more=len(moved) - MOST_NAMED)
    return text + _most(factors, lang)


def kept_share(share: float) -> str:
    """A share of runs in whole percent, never rounded up to all of them or down to none."""
    if 0.99 < share < 1:
        return ">99%"
    return "<1%" if 0 < share < 0.01 else f"{100 * share:.0f}%"


def _most(factors: Rows, lang: str) -> str:
    """The choice that changes most stars, or most points where it changes none."""
    own = [f for f in factors if f["factor"] != "joint"]
    if not own:
        return ""
    most = max(own, key=lambda f: (f["changed_share"], f["mean_shift"] or 0.0))
    word = factor_word(most["factor"], lang)
    if most["changed_share"] > 0:
        return say(lang, "sensitivity.most", factor=word)
    return say(lang, "sensitivity.most_points", factor=word, points=f"{most['largest_shift'] or 0.0:.1f}")


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    types = {c: "string" if c in _WORDS else "Int64" if c in _WHOLE else "Float64" for c in frame.columns}
    return frame.astype(types)
