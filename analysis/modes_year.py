"""The difference between survey modes in a year, from the store, in words and as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.engine import Connection

from analysis import publishing
from analysis.mode_effect import COLUMNS, TOTAL, mode_effect
from analysis.person_scores import person_scores
from analysis.scheme import Scheme
from survey.errors import Refused
from survey.lang import say

#: the number grows when the payload changes its shape or a formula changes
NAME = "modes:1"
#: design columns beside those that a score rests on
ALSO = ("sex", "age", "age_band")
TABLE = ("mode", "reference", "measure", "label", *COLUMNS[3:-2], "word", "if_all_reference")
SHOWN = ["mode", "reference", "label", "n", "n_reference", "mean", "mean_reference", "difference", "low", "high", "q"]

Body = Mapping[str, Any]


def measure(conn: Connection, year: int, scheme: Scheme) -> dict[str, Any]:
    """The fields of ``ModeEffect`` with ``rows`` for its frame (labels beside), all questionnaires of a year together.

    ``full`` are the points of the total.  Raises Refused as ``mode_effect`` does, and without responses.
    """
    inputs = publishing.gather(conn, year, scheme, ALSO)
    if not inputs.parts:
        raise Refused("modes.no_responses", year=year)
    person = person_scores(scheme, inputs.parts)
    populations = {c.code: float(c.adult_population) for c in inputs.communities if c.adult_population}
    found = mode_effect(person, np.ones(len(person.sample), dtype=bool), populations)
    names = {d.code: d.names for d in scheme.dimensions}
    rows = found.frame.to_dict("records")
    for row in rows:
        named = names.get(row["measure"], {})
        row |= {f"label_{lang}": named.get(lang) or named.get("zh", "") for lang in ("zh", "en")}
    return {
        "rows": rows, "n": found.n, "asked": found.asked, "communities": found.communities, "single": found.single,
        "adjusted": list(found.adjusted), "notes": list(found.notes),
        "full": sum(d.subjective_points for d in person.used),
    }  # fmt: skip


def modes_table(body: Body, lang: str) -> pd.DataFrame:
    """``TABLE`` of what ``measure`` made; ``mode`` and ``reference`` as stored, ``label`` in the reader's language."""
    frame = pd.DataFrame([{**row, "label": label_of(row, lang)} for row in body["rows"]], columns=list(TABLE))
    words = {"mode", "reference", "measure", "label", "word"}
    types = {c: "string" if c in words else "Float64" for c in TABLE}
    return frame.astype({**types, "n": "Int64", "n_reference": "Int64"})


def label_of(row: Mapping[str, Any], lang: str) -> str:
    """The dimension's name, or that it is the total."""
    return say(lang, "modes.total") if row["measure"] == TOTAL else str(row[f"label_{lang}"] or row["measure"])


def mode_word(mode: str, lang: str) -> str:
    """电话, 书面, 网络; a mode of another name as it is."""
    key = {"paper": "modes.mode_paper", "web": "modes.mode_web", "phone": "modes.mode_phone"}.get(mode)
    return say(lang, key) if key else mode


def readings(body: Body, lang: str) -> list[str]:
    """One sentence a mode: the difference of the totals, whether it is more than chance, what it does to the mean."""
    alike = say(lang, "modes.and").join(say(lang, f"modes.alike_{name}") for name in body["adjusted"])
    sentences = []
    for row in body["rows"]:
        if row["measure"] != TOTAL or row["difference"] is None:
            continue
        higher = row["difference"] >= 0
        known = row["low"] is not None
        sentence = say(
            lang, "modes.reading", alike=alike, mode=mode_word(row["mode"], lang),
            reference=mode_word(row["reference"], lang), size=f"{abs(row['difference']):.1f}", full=f"{body['full']:g}",
            way=say(lang, "modes.higher" if higher else "modes.lower"),
            error=f" ± {(row['high'] - row['low']) / 2:.1f}" if known else "",
        )  # fmt: skip
        key = row["word"] or "unknown"
        shift = f"{row['if_all_reference']:+.1f}".replace("-", "−")
        sentences.append(
            sentence + say(lang, f"modes.word.{key}", reference=mode_word(row["reference"], lang), shift=shift)
        )
    return sentences
