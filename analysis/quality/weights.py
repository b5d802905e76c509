"""What weighting does, community by community, as the tables that commands, pages and files give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.publication.kept_measures import Analysis
from analysis.scoring.results import Results
from analysis.scoring.weighting_effect import CLASS_COLUMNS, WEIGHT_COLUMNS
from analysis.statistics.notes import note_text
from survey.core.errors import Refused
from survey.core.lang import say

#: columns that fit a terminal
SHOWN = [
    "community",
    "n",
    "subjective_unweighted",
    "subjective_weighted",
    "difference",
    "difference_se",
    "deff_weights",
    "n_effective",
    "note_text",
]
SHOWN_CLASSES = ["community", "margin", "categories", "n", "sample_share", "population_share", "factor"]
_WHOLE = ("n", "unknown", "trimmed", "population", "population_year", "year")


def weights_of(results: Results) -> Analysis:
    """``rows`` and ``classes`` of a year's results, with the names of the communities; raises Refused for results that
    were computed before there were any."""
    if "weights" not in results.extra:
        raise Refused("weights.older", year=results.meta["year"])
    names = dict(zip(results.scores["community_code"], results.scores["community"], strict=True))
    body = {
        name: [
            {"community": names.get(row["community_code"]), **row}
            for row in results.extra[key]
            if row["community_code"] in names
        ]
        for name, key in (("rows", "weights"), ("classes", "weight_classes"))
    }
    meta = results.meta
    settings = {"weighting": meta["weighting"], **meta["weighting_settings"]}
    return Analysis(
        meta["year"],
        "weights",
        {},
        meta["scheme"],
        meta["scheme_version"],
        meta["data_version"],
        meta["computed_at"],
        bool(meta["sample"]),
        {**body, "settings": settings},
    )


def weights_table(body: Mapping[str, Any], lang: str) -> pd.DataFrame:
    """``WEIGHT_COLUMNS`` with ``community`` and ``note_text``."""
    frame = pd.DataFrame(body["rows"], columns=["community", *WEIGHT_COLUMNS])
    frame["note_text"] = [note_text(note, lang) or None for note in frame["note"]]
    return _typed(frame, ("community_code", "community", "method", "note", "note_text"), ("official", "applied"))


def classes_table(body: Mapping[str, Any], lang: str) -> pd.DataFrame:
    """``CLASS_COLUMNS`` with ``community``; margins and categories in words."""
    frame = pd.DataFrame(body["classes"], columns=["community", *CLASS_COLUMNS])
    frame["categories"] = [category_words(c, lang) for c in frame["categories"]]
    return _typed(frame, ("community_code", "community", "margin", "categories"), ())


def _typed(frame: pd.DataFrame, words: Sequence[str], flags: Sequence[str]) -> pd.DataFrame:
    types = {
        c: "string" if c in words else "boolean" if c in flags else "Int64" if c in _WHOLE else "Float64"
        for c in frame.columns
    }
    return frame.astype(types)


def category_words(categories: Sequence[Sequence[str]], lang: str) -> str:
    """The categories of a class: ``女 60-74、女 75+``, or that it is not known."""
    if not categories:
        return say(lang, "weights.unknown")
    return say(lang, "weights.and").join(" ".join(one) for one in categories)


def margin_word(margin: str, lang: str) -> str:
    """A margin in words: sex, age band, the cells of both, or the name of a question."""
    known = {"sex": "sex", "age_band": "age_band", "sex_age_band": "cells", "age_band_sex": "cells"}
    return say(lang, f"weights.margin.{known[margin]}") if margin in known else margin


def reading(body: Mapping[str, Any], lang: str) -> str:
    """What the weights do, in one sentence, from the numbers."""
    rows = [row for row in body["rows"] if row["applied"]]
    if not rows:
        return say(lang, "weights.none_applied")
    moved = [row["difference"] for row in rows if row["difference"] is not None]
    clear = sum(clearly(row) for row in rows)
    effects = [row["deff_weights"] for row in rows if row["deff_weights"] is not None]
    ends = {"low": "—", "high": "—"}
    if moved:
        ends = {name: f"{value:+.1f}".replace("-", "−") for name, value in (("low", min(moved)), ("high", max(moved)))}
    share = f"{(1 - len(effects) / sum(effects)) * 100:.0f}" if effects else "—"
    return say(lang, "weights.reading", n=len(rows), all=len(body["rows"]), clear=clear, lost=share, **ends)


def clearly(row: Mapping[str, Any]) -> bool:
    """Whether weighting moves the score by more than its own error (95 %)."""
    if row["difference"] is None or row["difference_se"] is None:
        return False
    return bool(abs(row["difference"]) > 1.96 * row["difference_se"])
