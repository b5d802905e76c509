"""From a score back to the cells: which files, sheets and rows a community's year rests on."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from survey.core import limits
from survey.core.columns import CODE, DATE, MIXED, TEXT, WHOLE, Column, columns
from survey.core.errors import Refused
from survey.form.answer_codes import STATE_NAMES, ResponseBlock
from survey.form.model import Questionnaire
from survey.store.intake import batches, questionnaires, responses
from survey.store.year import indicators, register, reviews
from survey.store.year.reviews import Standing

COLUMNS = columns(
    Column("what", CODE),
    Column("name", CODE),
    Column("batch", WHOLE),
    Column("file", TEXT),
    Column("sheet", TEXT),
    Column("row", WHOLE),
    Column("value", MIXED),
    Column("mode", CODE),
    Column("respondent", TEXT),
    Column("n", WHOLE),
    Column("note", TEXT),
    Column("who", TEXT),
    Column("at", DATE),
    Column("reason", TEXT),
    Column("review", CODE),
    Column("reviewed_by", TEXT),
)
#: the note of a group too small to show more than where it came from
SMALL = "totals_only"


def trace(conn: Connection, code: str, year: int, name: str | None = None) -> pd.DataFrame:
    """Where the numbers of a community and year come from (``COLUMNS``).

    Without ``name``: one row a batch of answers and one an indicator value.  With an item or indicator: one
    row a response or value.  An indicator value says who entered it, when, why it was changed, and who reviewed it.
    Raises Refused for a name that is neither.
    """
    answers = _answers(conn, code, year, name)
    values = indicators.current(conn, year, code)
    seen = reviews.standings(conn, year, code)
    if name is not None:
        values = values[values["indicator"] == name]
        if answers is None and values.empty:
            raise Refused("publishing.unknown_trace", name=name, year=year)
    rows = [
        {
            "what": "indicator",
            "name": v["indicator"] + (f":{v['kind']}" if v["kind"] else ""),
            "batch": v["batch_id"],
            "file": v["file"],
            "sheet": v["sheet"],
            "row": v["row"],
            "value": v["value_text"] if pd.isna(v["value"]) else v["value"],
            "n": 1,
            **{name: v[name] for name in ("who", "at", "reason")},
            **_review(seen.get((code, v["indicator"]))),
        }
        for v in values.to_dict("records")
    ]
    frame = pd.DataFrame([*(answers or []), *rows], columns=list(COLUMNS.names))
    typed: pd.DataFrame = COLUMNS.typed(frame)
    return typed


def people_in(frame: pd.DataFrame) -> int:
    """How many single respondents' answers a trace shows."""
    return int(((frame["what"] == "item") & (frame["note"].astype(object) != SMALL)).sum())


def _review(standing: Standing | None) -> dict[str, str | None]:
    return {"review": standing.state if standing else None, "reviewed_by": (standing and standing.reviewed_by) or None}


def _answers(conn: Connection, code: str, year: int, name: str | None) -> list[dict[str, Any]] | None:
    """Rows of answers; None if no questionnaire of the year has a question of this name.

    Under 10 respondents the way back is shown, but not who answered what, nor how many by mode or batch.
    """
    ids = [c.id for c in register.communities(conn) if c.code == code and c.id is not None]
    files = {b.id: b.file for b in batches.listing(conn)}
    forms = [questionnaires.by_id(conn, form_id) for form_id in responses.forms_in(conn, year)]
    loaded = [(stored, responses.load(conn, stored, years=[year], community_ids=ids)) for stored in forms]
    asked = [(s, block) for s, block in loaded if name is None or name in s.form.position]
    if name is not None and not asked:
        return None
    small = sum(len(block) for _, block in loaded) < limits.TOTALS_BELOW
    rows: list[dict[str, Any]] = []
    for stored, block in asked:
        if name is None:
            rows += _by_batch(stored.name, block.design, files, small)
        else:
            rows += _one_by_one(stored.form, name, block, files, small)
    return rows


def _by_batch(name: str, design: pd.DataFrame, files: dict[int, str], small: bool) -> list[dict[str, Any]]:
    """One row a batch, sheet and mode."""
    keys = ["batch_id", "sheet"] if small else ["batch_id", "sheet", "mode"]
    groups = design.groupby(keys, sort=False).size().reset_index(name="n")
    hidden = {"n": None, "note": SMALL} if small else {}
    return [
        {
            "what": "answers",
            "name": name,
            "batch": row["batch_id"],
            "file": files.get(row["batch_id"]),
            "sheet": row["sheet"],
            "mode": row.get("mode"),
            "n": row["n"],
            **hidden,
        }
        for row in groups.to_dict("records")
    ]


def _one_by_one(
    form: Questionnaire, name: str, block: ResponseBlock, files: dict[int, str], small: bool
) -> list[dict[str, Any]]:
    """One row a response."""
    columns = (block.design[c].tolist() for c in ("batch_id", "sheet", "row", "mode", "respondent"))
    hidden = {"mode": None, "respondent": None, "value": None, "note": SMALL} if small else {}
    return [
        {
            "what": "item",
            "name": name,
            "batch": b,
            "file": files.get(b),
            "sheet": s,
            "row": r,
            "mode": m,
            "respondent": who,
            "value": said,
            "n": 1,
            **hidden,
        }
        for b, s, r, m, who, said in zip(*columns, _said(form, name, block), strict=True)
    ]


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
