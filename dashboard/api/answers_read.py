"""How people answered a question, as 问卷结果 and 统计 show it: the same call, so the same numbers and the same held back."""

from __future__ import annotations

from typing import Any

from analysis.scoring.results import plain
from analysis.statistics.notes import note_text
from analysis.tables.estimates import MEASURES
from dashboard.api.declared import Asked, Table, gives
from dashboard.data.questions.asked import CROSSED
from dashboard.data.questions.choices import forms_of, items
from dashboard.data.year import read_year
from dashboard.pages.answers.service import Answers, Group, answers
from dashboard.pages.answers.together import of_group
from dashboard.pages.estimates.service import estimates
from survey.core.columns import CODE, FLAG, MANY, NUMBER, SHARE, TEXT, WHOLE, Column, columns

#: a parameter → what the pages call it in their addresses
_AS_PAGES = {"questionnaire": "form"}
#: what a group of the page and a row here call the same
_AS_GROUP = ("no_opinion", "mean", "low", "high", "against", "against_q", "against_holm", "was", "was_low", "was_high")
#: of the test of all groups together, in the row of each, as ``estimate --rest`` calls it
_TOGETHER = ("statistic", "df1", "df2", "p", "p_holm")
_KINDS = {"n": WHOLE, "share": SHARE, "share_low": SHARE, "share_high": SHARE}
QUESTIONS = columns(
    Column("questionnaire", CODE),
    Column("item", CODE),
    Column("label_zh", TEXT),
    Column("label_en", TEXT),
    Column("dimension", CODE),
    Column("counts_in_score", FLAG),
)
ANSWERS = columns(
    Column("group", TEXT),
    Column("n", WHOLE),
    Column("shares", MANY),
    Column("no_opinion", SHARE),
    Column("mean", NUMBER),
    Column("low", NUMBER),
    Column("high", NUMBER),
    Column("against", NUMBER),
    Column("against_q", NUMBER),
    Column("against_holm", NUMBER),
    Column("was", NUMBER),
    Column("was_low", NUMBER),
    Column("was_high", NUMBER),
    Column("mean_change", NUMBER),
    Column("mean_change_p", NUMBER),
    Column("mean_change_q", NUMBER),
    Column("mean_change_holm", NUMBER),
    Column("tested_choice", CODE),
    *(Column(name, NUMBER) for name in _TOGETHER),
    Column("note", CODE),
    Column("note_text", TEXT),
)
ESTIMATES = columns(
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("year", WHOLE),
    Column("item", CODE),
    Column("choice", CODE),
    Column("stat", CODE),
    Column("value", NUMBER),
    *(Column(name, _KINDS.get(name, NUMBER)) for name in MEASURES),
    Column("note", CODE),
    Column("note_text", TEXT),
)


@gives(QUESTIONS)
def questions(asked: Asked) -> Table:
    """The questions that may be asked for, of every questionnaire with answers of the year."""
    read_year(asked.viewer, asked.source, asked.year)
    rows = [
        {
            "questionnaire": name,
            "item": question.name,
            "label_zh": question.labels.get("zh"),
            "label_en": question.labels.get("en"),
            "dimension": question.dimension or None,
            "counts_in_score": question.scored,
        }
        for name, form in forms_of(asked.stored, asked.year).items()
        for question in items(form).values()
    ]
    return Table([row for row in rows if asked.fits(row, questionnaire="questionnaire")])


@gives(ANSWERS)
def distribution(asked: Asked) -> Table:
    """The whole first (``group`` empty), then each value of the split; shares with their intervals."""
    found = answers(asked.viewer, asked.source, asked.stored, asked.year, _filters(asked))
    if found.why is not None:
        raise found.why
    about = found.asked
    meta = {
        "questionnaire": about.form_name,
        "item": about.item.name,
        "scored": found.scored,
        "street": about.street,
        "community": about.community or None,
        "split": list(about.splits),
        "where": list(about.where),
        "before": about.before,
    }
    return Table([_group(one, found, asked.lang) for one in found.rows], meta)


def _group(one: Group, found: Answers, lang: str) -> dict[str, Any]:
    note = ";".join(one.notes)
    tested = None if one.hidden else of_group(found.together, one.value)
    return {
        "group": None if one.value is None else one.value.replace(CROSSED, " / "),
        "n": one.n,
        "shares": [{"choice": c, "share": s, "low": low, "high": high} for c, (s, low, high) in one.shares.items()],
        **{name: getattr(one, name) for name in _AS_GROUP},
        "mean_change": one.change,
        "mean_change_p": one.change_p,
        "mean_change_q": one.change_q,
        "mean_change_holm": one.change_holm,
        "tested_choice": (tested.choice or None) if tested else None,
        **{name: getattr(tested, name) if tested else None for name in _TOGETHER},
        "note": note or None,
        "note_text": note_text(note, lang) if note else None,
    }


@gives(ESTIMATES)
def estimate_rows(asked: Asked) -> Table:
    """The rows of ``estimate`` by community and year, of the communities in scope."""
    found = estimates(asked.viewer, asked.source, asked.stored, asked.year, _filters(asked))
    if found.why is not None:
        raise found.why
    rows = [
        {str(k): plain(v) for k, v in row.items()} | {"note_text": note_text(row["note"], asked.lang) or None}
        for row in found.table.to_dict("records")
    ]
    meta = {
        "questionnaire": found.form_name,
        "item": found.item.name,
        "stat": found.stat,
        "split": found.split or None,
        "where": list(found.where),
    }
    return Table(rows, meta)


def _filters(asked: Asked) -> dict[str, str]:
    return {_AS_PAGES.get(name, name): str(value) for name, value in asked.given.items()}
