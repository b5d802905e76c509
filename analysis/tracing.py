"""From a score back to the cells: which files, sheets and rows a community's year rests on."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from survey.answers import STATE_NAMES
from survey.errors import Refused
from survey.form.model import Questionnaire
from survey.store import batches, indicators, questionnaires, register, responses

COLUMNS = ("what", "name", "batch", "file", "sheet", "row", "value", "mode", "respondent", "n")


def trace(conn: Connection, code: str, year: int, name: str | None = None) -> pd.DataFrame:
    """Where the numbers of a community and year come from (``COLUMNS``).

    Without ``name``: one row a batch of answers and one an indicator value.  With an item or indicator: one
    row a response or value.  Raises Refused for a name that is neither.
    """
    answers = _answers(conn, code, year, name)
    values = indicators.current(conn, year)
    values = values[values["community_code"] == code]
    if name is not None:
        values = values[values["indicator"] == name]
        if answers is None and values.empty:
            raise Refused("publishing.unknown_trace", name=name, year=year)
    rows = [
        {"what": "indicator", "name": v["indicator"] + (f":{v['kind']}" if v["kind"] else ""),
         "batch": v["batch_id"], "file": v["file"], "sheet": v["sheet"], "row": v["row"],
         "value": v["value_text"] if pd.isna(v["value"]) else v["value"], "n": 1}
        for v in values.to_dict("records")
    ]  # fmt: skip
    frame = pd.DataFrame([*(answers or []), *rows], columns=list(COLUMNS))
    return frame.astype({"batch": "Int64", "row": "Int64", "n": "Int64"})


def _answers(conn: Connection, code: str, year: int, name: str | None) -> list[dict[str, Any]] | None:
    """Rows of answers; None if no questionnaire of the year has a question of this name."""
    ids = [c.id for c in register.communities(conn) if c.code == code and c.id is not None]
    files = {b.id: b.file for b in batches.listing(conn)}
    rows: list[dict[str, Any]] = []
    found = name is None
    for form_id in responses.forms_in(conn, year):
        stored = questionnaires.by_id(conn, form_id)
        if name is not None and name not in stored.form.position:
            continue
        found = True
        block = responses.load(conn, stored, years=[year], community_ids=ids)
        design = block.design
        if name is None:
            groups = design.groupby(["batch_id", "sheet", "mode"], sort=False).size().reset_index(name="n")
            rows += [
                {
                    "what": "answers",
                    "name": stored.name,
                    "batch": b,
                    "file": files.get(b),
                    "sheet": s,
                    "mode": m,
                    "n": n,
                }
                for b, s, m, n in groups.itertuples(index=False)
            ]
            continue
        said = _said(stored.form, name, block)
        rows += [
            {"what": "item", "name": name, "batch": b, "file": files.get(b), "sheet": s, "row": r, "mode": m,
             "respondent": who, "value": v, "n": 1}
            for b, s, r, m, who, v in zip(
                *(design[c].tolist() for c in ("batch_id", "sheet", "row", "mode", "respondent")), said, strict=True
            )
        ]  # fmt: skip
    return rows if found else None


def _said(form: Questionnaire, name: str, block: Any) -> list[Any]:
    """Each response's answer as it was coded: choice name, number, text, or why there is none."""
    question, place = form.question(name), form.position[name]
    words: list[Any] = []
    for row, code in enumerate(block.codes[:, place].tolist()):
        if code < 0:
            words.append(STATE_NAMES[code])
        elif question.coding == "choice":
            words.append(question.choices[code].name)
        elif question.coding == "step":
            words.append((question.low or 0.0) + code * question.unit)
        elif question.coding == "number":
            words.append(float(block.numbers[name][row]))
        elif question.coding == "multiple":
            words.append(" ".join(question.choices[i].name for i in block.multiple[name][row] or ()))
        else:
            words.append(block.texts[name][row] if name in block.texts else None)
    return words
