"""The columns of a matched sheet: which must be there, what their words mean, and who a platform says it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from survey.answers.mapping import ColumnMapping
from survey.answers.scales import ScaleMatch, order_words
from survey.answers.validation import Column
from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, say
from survey.files.layouts.layout import Layout
from survey.files.own_workbooks import plain_text
from survey.files.readers.distinct_values import Cells
from survey.form.model import KEY_ROLES, Question, Questionnaire
from survey.matching.header_matching import suggest_columns
from survey.matching.matched_sheet import Matched


def column_words(
    question: Question, layout: Layout, mapping: ColumnMapping | None, legend: ScaleMatch | None
) -> Mapping[str, str]:
    """What words of a column mean beyond the questionnaire: their order in the platform, what the sheet itself says of
    its codes, then what a person said."""
    ordered = order_words(question) if layout.coded_by == "order" and question.choices else {}
    return {**ordered, **(legend.pairs if legend else {}), **(mapping.words(question) if mapping else {})}


def platform_identity(matched: Matched, form: Questionnaire, taken: set[str]) -> dict[str, list[Column]]:
    """A platform's own identity of each response, where no column gives the respondent (never counted twice)."""
    question = form.roles.get("respondent")
    if question is None or question.name in taken or not matched.identities:
        return {}
    own = matched.layout.by_meaning
    serial = own.get("serial") or own.get("uuid") or matched.layout.columns[0]
    header = plain_text(matched.sheet.rows[matched.header_row][serial.index])
    cells = Cells.of([t or None for t in matched.identities])
    return {question.name: [Column(matched.sheet, header, serial.index, matched.first, cells)]}


def missing_columns(matched: Matched, form: Questionnaire, options: ImportOptions) -> list[Question]:
    """The required and key questions that no column holds and that nothing else says."""
    given = _given(form, options)
    missing = [
        q
        for q in form.questions
        if (q.required or q.role in KEY_ROLES) and q.name not in matched.by_question and not given.get(q.role, False)
    ]
    phone = form.roles.get("phone")  # who it was is then known by the number (``survey.people.identities``)
    known = bool(matched.identities) or (phone is not None and phone.name in matched.by_question)
    return [q for q in missing if q.role != "respondent" or not known]


def _given(form: Questionnaire, options: ImportOptions) -> Mapping[str, bool]:
    return {
        "community": options.community is not None or form.sampling == "overall",
        "year": options.year is not None or form.year is not None,
    }


def require_columns(matched: Matched, form: Questionnaire, options: ImportOptions) -> None:
    """Raise Refused where a required or key column is missing and nothing else says it."""
    given, missing = _given(form, options), missing_columns(matched, form, options)
    if "community" not in form.roles and not given["community"]:
        raise Refused("intake.no_community")
    if "year" not in form.roles and not given["year"]:
        raise Refused("intake.no_year")
    if missing:
        names = {lang: _listed(missing, lang) for lang in LANGUAGES}
        if {q.role for q in missing} <= {"community", "year"} and not any(_alike(matched, form, missing).values()):
            said = " ".join(f"--{q.role}" for q in missing)
            raise Refused("intake.missing_place", sheet=matched.sheet.name, columns=names, options=said)
        raise Refused(
            "intake.missing_columns",
            sheet=matched.sheet.name,
            columns=names,
            row=matched.sheet.top + matched.header_row + 1,
            alike=_alike(matched, form, missing),
        )


def _listed(questions: Sequence[Question], lang: str) -> str:
    if lang == "zh":
        return "、".join(q.name if q.label(lang) == q.name else f"{q.label(lang)}（{q.name}）" for q in questions)
    return ", ".join(q.name if q.label(lang) == q.name else f"{q.label(lang)} ({q.name})" for q in questions)


def _alike(matched: Matched, form: Questionnaire, missing: Sequence[Question]) -> dict[str, str]:
    """By language: which headers of the sheet may be the missing columns; empty where none is like them."""
    names = {q.name for q in missing}
    ignored = {c.header for c in matched.columns if not c.question}
    found = {
        s.question: s.header
        for s in suggest_columns(matched.headers, form)
        if s.question in names and s.header in ignored
    }
    for q in missing:
        if q.role == "community" and q.name not in found:  # 您所在的社区: its label is too short to be likened
            holds = [h for h in ignored if any(len(text) > 1 and text in h for text in q.labels.values())]
            found |= {q.name: holds[0]} if len(holds) == 1 else {}
    return {
        lang: " ".join(
            say(lang, "intake.may_be", header=header, question=form.question(name).label(lang))
            for name, header in found.items()
        )
        for lang in LANGUAGES
    }
