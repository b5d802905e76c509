"""Interviewers in words and as tables: the variance they add, and who stands out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.change import LEVEL
from analysis.interviewers_year import LEAST, TOTAL
from analysis.modes_year import mode_word
from survey.lang import say

Body = Mapping[str, Any]
Row = Mapping[str, Any]
VARIANCE = ("level", "name", "label", "mode", "n", "interviewers", "mean_size", "rho", "rho_low", "rho_high", "deff",
            "deff_low", "deff_high", "p")  # fmt: skip
LISTED = ("interviewer", "modes", "communities", "community", "n", "mean", "difference", "se", "p", "q", "shrunken",
          "partners", "word", "note")  # fmt: skip
SHOWN_VARIANCE = ["level", "label", "mode", "n", "interviewers", "rho", "rho_low", "rho_high", "deff"]
SHOWN_LISTED = ["interviewer", "n", "mean", "difference", "se", "q", "shrunken", "note"]
#: from this design effect on, beyond chance, interviewers matter
NOTABLE = 1.5


def variance_table(body: Body, lang: str) -> pd.DataFrame:
    """``VARIANCE``: the total, the dimensions, the items; ``rho`` empty where it can't be known."""
    rows = [{**row, "label": label_of(row, lang)} for row in body["variance"]]
    frame = pd.DataFrame(rows, columns=list(VARIANCE))
    words = {"level", "name", "label", "mode"}
    types = {c: "string" if c in words else "Float64" for c in VARIANCE}
    return frame.astype({**types, "n": "Int64", "interviewers": "Int64"})


def listed_table(body: Body, lang: str) -> pd.DataFrame:
    """``LISTED``: interviewers, those who stand out first; ``note`` says in words what that means."""
    rows = [
        {**row, "modes": "、".join(row["modes"]), "note": word_text(row["word"], lang)} for row in body["interviewers"]
    ]
    frame = pd.DataFrame(rows, columns=list(LISTED))
    words = {"interviewer", "modes", "community", "word", "note"}
    types = {c: "string" if c in words else "Float64" for c in LISTED}
    return frame.astype({**types, **dict.fromkeys(("communities", "n", "partners"), "Int64")})


def label_of(row: Row, lang: str) -> str:
    """What a row of the variance is about."""
    if row["name"] != TOTAL or row["level"] != "total":
        return str(row[f"label_{lang}"] or row["name"])
    total = say(lang, "interviewers.total")
    return say(lang, "interviewers.of_mode", total=total, mode=mode_word(row["mode"], lang)) if row["mode"] else total


def word_text(word: str, lang: str) -> str:
    """What the comparison with the others came to."""
    return say(lang, f"interviewers.word.{word}")


def readings(body: Body, lang: str) -> list[str]:
    """What the variance means, then who stands out."""
    whole = body["variance"][0]
    size = "unclear" if whole["p"] >= LEVEL else "large" if whole["deff"] >= NOTABLE else "small"
    sentences = [
        say(lang, "interviewers.reading", rho=f"{100 * whole['rho']:.1f}%", low=f"{100 * whole['rho_low']:.1f}%",
            high=f"{100 * whole['rho_high']:.1f}%", interviewers=whole["interviewers"], size=f"{whole['mean_size']:.0f}",
            deff=f"{whole['deff']:.2f}", word=say(lang, f"interviewers.{size}"))
    ]  # fmt: skip
    marked = [row for row in body["interviewers"] if row["word"].startswith("departs")]
    between = "、" if lang == "zh" else ", "
    names = between.join(row["interviewer"] for row in marked)
    compared = "interviewers.nobody" if body["interviewers"] else "interviewers.too_few_each"
    key = "interviewers.marked" if marked else compared
    sentences.append(say(lang, key, n=len(marked), names=names, of=len(body["interviewers"])))
    if body["few"]:
        sentences.append(say(lang, "interviewers.few", n=body["few"], least=LEAST))
    if body["unnamed"]:
        sentences.append(say(lang, "interviewers.unnamed", n=body["unnamed"]))
    return sentences
