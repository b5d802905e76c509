"""One row a community and item of the 300 points: score, points, and how the answers spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.sample.completeness import Item
from analysis.sample.pooled_sample import Groups
from analysis.sample.small_groups import too_few
from analysis.scoring.results import ITEM_COLUMNS
from analysis.statistics.design import Bools, Floats
from analysis.statistics.estimation import Estimate
from analysis.statistics.notes import join_notes
from survey.core import limits
from survey.form.model import Choice

_HIDDEN = ("n", "n_asked", "score", "se", "low", "high", "points_got", "points_lost", "missing_share")


@dataclass(frozen=True)
class ItemMeans:
    """An item by group (G,): its estimate, ``asked`` of the scored, ``points`` it is worth (0 where the
    group's questionnaires do not have it), share without an opinion, and (G, k) shares of ``choices``; ``scores``
    0–100 by choice.
    """

    item: Item
    estimate: Estimate
    asked: Floats
    points: Floats
    missing_share: Floats
    choices: tuple[Choice, ...]
    shares: Floats
    scores: Mapping[str, float]


def item_frame(groups: Groups, measured: Sequence[ItemMeans], hide_all: Bools, totals_only: Bools) -> pd.DataFrame:
    """``year``, ``ITEM_COLUMNS`` and ``note``; one row a group and item that its questionnaires have.

    ``hide_all`` (G,) groups that show nothing, ``totals_only`` (G,) no breakdown by item: their rows keep
    only what the item is worth.
    """
    columns = ["year", *ITEM_COLUMNS.names, "note"]
    if not measured or not len(groups):
        return pd.DataFrame(columns=columns)
    rows: dict[str, list[Any]] = {}
    hidden_dimension = _hidden_dimensions(measured)
    for one in measured:
        n = one.estimate.n
        small = too_few(n)
        beside = hidden_dimension[one.item.dimension.code] & ~small
        blank = hide_all | totals_only | small | beside
        note = join_notes(
            len(groups),
            (hide_all, "suppressed"),
            (~hide_all & totals_only, "totals_only"),
            (~hide_all & ~totals_only & small, "suppressed"),
            (~hide_all & ~totals_only & beside, "complement"),
            (~blank & (n == 0), "unanswered"),
        )
        cells = _rows(groups, one, blank | (n < limits.TOTALS_BELOW) | np.isnan(one.estimate.mean))
        cells |= {name: np.where(blank, np.nan, cells[name]).tolist() for name in _HIDDEN}
        cells["note"] = [
            a if hidden else ";".join(filter(None, (a, b)))
            for a, b, hidden in zip(note, one.estimate.note, blank.tolist(), strict=True)
        ]
        kept = np.flatnonzero(one.points > 0).tolist()
        for name, values in cells.items():
            rows.setdefault(name, []).extend(values[place] for place in kept)
    order = np.argsort(rows["_group"], kind="stable").tolist()
    frame = pd.DataFrame({name: [rows[name][place] for place in order] for name in columns}, columns=columns)
    return frame.astype({"community_code": groups.keys["community_code"].dtype})


def _hidden_dimensions(measured: Sequence[ItemMeans]) -> dict[str, Bools]:
    """Dimension → (G,) whether an item of it has too few answers: the others would reveal it by subtraction."""
    hidden: dict[str, Bools] = {}
    for one in measured:
        code = one.item.dimension.code
        hidden[code] = hidden.get(code, np.zeros(len(one.points), dtype=bool)) | too_few(one.estimate.n)
    return hidden


def _rows(groups: Groups, one: ItemMeans, no_spread: Bools) -> dict[str, list[Any]]:
    """Column → what it holds for each group; lists, for a frame an item would take most of the time of a year."""
    item, question = one.item, one.item.question
    got = one.points * one.estimate.mean / 100
    named = {
        "item": item.name,
        "dimension": item.dimension.code,
        "label_zh": question.label("zh"),
        "label_en": question.label("en"),
        "offices": question.office or item.dimension.lead_office,
    }
    counted = {
        "n": one.estimate.n,
        "n_asked": one.asked,
        "score": one.estimate.mean,
        "se": one.estimate.se,
        "points": one.points,
        "points_got": got,
        "points_lost": one.points - got,
        "missing_share": np.where(no_spread, np.nan, one.missing_share),
        "low": np.maximum(one.estimate.low, 0.0),
        "high": np.minimum(one.estimate.high, 100.0),
    }
    return {
        "_group": list(range(len(groups))),
        **{key: groups.keys[key].tolist() for key in ("year", "community_code")},
        **{name: [value] * len(groups) for name, value in named.items()},
        **{name: values.tolist() for name, values in counted.items()},
        "distribution": _distributions(one, no_spread),
    }


def _distributions(one: ItemMeans, no_spread: Bools) -> list[list[dict[str, Any]]]:
    heads = [
        {"choice": c.name, "label_zh": c.label("zh"), "label_en": c.label("en"), "level": c.level} for c in one.choices
    ]
    worth = [one.scores.get(c.name) for c in one.choices]
    return [
        []
        if hidden
        else [{**h, "share": share, "score": score} for h, share, score in zip(heads, shares, worth, strict=True)]
        for hidden, shares in zip(no_spread.tolist(), one.shares.tolist(), strict=True)
    ]
