"""What weighting does, community by community, as the tables that commands, pages and files give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.quality.measure import Body, Measure, Option, Table, rows_seen
from analysis.scoring.results import Results
from analysis.scoring.weighting_effect import CLASS_COLUMNS, WEIGHT_COLUMNS
from analysis.statistics.notes import note_text
from survey.core.columns import TEXT, Column, columns
from survey.core.errors import Refused
from survey.core.lang import say

COLUMNS = columns(Column("community", TEXT), *WEIGHT_COLUMNS, Column("note_text", TEXT))
#: margins and categories in words
CLASSES = columns(Column("community", TEXT), *CLASS_COLUMNS.replaced(Column("categories", TEXT)))


def weights_of(results: Results) -> dict[str, Any]:
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
    return {**body, "settings": {"weighting": meta["weighting"], **meta["weighting_settings"]}}


def _rows(body: Body, lang: str) -> list[dict[str, Any]]:
    return [{**row, "note_text": note_text(row["note"], lang) or None} for row in body["rows"]]


def _class_rows(body: Body, lang: str) -> list[dict[str, Any]]:
    return [{**row, "categories": category_words(row["categories"], lang)} for row in body["classes"]]


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


MEASURE = Measure(
    "weights",
    0,
    weights_of,
    (
        Table(
            "weights",
            COLUMNS,
            _rows,
            "community n subjective_unweighted subjective_weighted difference difference_se deff_weights n_effective"
            " note_text",
            "page_quality.file_weights",
        ),
        Table(
            "weight_classes",
            CLASSES,
            _class_rows,
            "community margin categories n sample_share population_share factor",
            "page_quality.file_weight_classes",
        ),
    ),
    lambda body, lang: [reading(body, lang)],
    options=(Option("classes", "weights.help.classes", table="weight_classes"),),
    place=2,
    title="page_quality.title_weights",
    seen=rows_seen("rows", "classes"),
)
