"""Reliability as one table: a row a dimension, then a row each of its items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.reliability_warnings import worded
from analysis.reliability_year import NONE_BELOW
from survey.lang import say

COLUMNS = (
    "questionnaire", "dimension", "item", "label", "mode", "k", "n", "n_scored", "alpha", "omega", "alpha_pairwise",
    "item_rest", "alpha_without", "mean", "sd", "best_share", "worst_share", "no_opinion", "variance_share", "note",
)  # fmt: skip


def reliability_table(body: Mapping[str, Any], lang: str) -> pd.DataFrame:
    """``COLUMNS`` of what ``reliability_year.measure`` made; ``item`` empty is the dimension, ``dimension`` ``all``
    stands for all scored items, ``mode`` empty for all modes; ``note`` holds the warnings in words.
    """
    rows = [row for form in body["questionnaires"] for block in form["dimensions"] for row in _block(form, block, lang)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    words = {"questionnaire", "dimension", "item", "label", "mode", "note"}
    return frame.astype(
        {c: "string" if c in words else "Float64" for c in COLUMNS} | dict.fromkeys(("k", "n", "n_scored"), "Int64")
    )


def label_of(block: Mapping[str, Any], lang: str) -> str:
    """The name of a dimension, or that it is all items."""
    return str(block[f"name_{lang}"]) if block["dimension"] else say(lang, "reliability.all_items")


def _block(form: Mapping[str, Any], block: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    head = {"questionnaire": form["name"], "dimension": block["dimension"] or "all"}
    note = " ".join(worded(w, lang) for w in block["warnings"])
    if block["state"] == "too_few":
        note = say(lang, "reliability.too_few", n=block["n"], least=NONE_BELOW)
    whole = {name: block.get(name) for name in ("k", "n", "n_scored", "alpha", "omega", "alpha_pairwise", "best_share")}
    rows = [{**head, "label": label_of(block, lang), **whole, "note": note}]
    rows += [{**head, "label": label_of(block, lang), **mode} for mode in block["modes"]]
    if block["dimension"]:
        rows += [{**head, "label": item[f"label_{lang}"], **item} for item in block["items"]]
    return rows
