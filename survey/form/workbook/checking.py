"""Whether the parts of a questionnaire fit together: all problems at once, each with its place.

Types, names, groups, roles, references, labels and headers here; lists, numbers and scoring in
``survey.form.workbook.scoring_checks``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count

from survey.core.findings import Finding
from survey.core.lang import LANGUAGES
from survey.files.own_workbooks import header_key
from survey.form.expression import references
from survey.form.model import (
    ANSWER_TYPES,
    BEGINS,
    ENDS,
    HOUSEHOLD_ADULTS,
    NUMBER,
    NUMBER_AND_MODE,
    PANEL,
    REPLICATE_WEIGHT,
    RESPONDENT_KEY,
    ROLES,
    Question,
    Questionnaire,
    key_said,
)
from survey.form.relevant import evaluable
from survey.form.workbook.replicate_weights import check_replicates
from survey.form.workbook.report import Places, Report, nearest
from survey.form.workbook.row_types import META, NOT_IMPORTED, PHONE, STRUCTURE
from survey.form.workbook.scoring_checks import check_lists, check_numbers, check_scoring
from survey.form.workbook.sections import group_paths, own_name

NUMBER_ROLES = ("weight", "fpc", "fpc2", REPLICATE_WEIGHT)
_NAME = re.compile(r"[^\W\d][\w.:-]*")
_LONGEST_NAME = 200
#: rows named at most by a note that concerns many of them
_FIRST_ROWS = 10
_EXPRESSIONS = ("constraint", "calculation", "calculate", "required")


def check(form: Questionnaire, places: Places | None = None) -> list[Finding]:
    """Every problem of a questionnaire, with sheet and A1 address where ``places`` knows them."""
    report = Report(form, places or Places())
    if not form.questions:
        kept = any(_head(row.type) in NOT_IMPORTED for row in form.rows)
        report.form_wide(
            "form.nothing_taken_in" if kept else "form.no_questions",
            "note" if kept else "refuse",
            sheet=report.places.survey,
        )
    for step in (
        _remarks,
        _types,
        _elsewhere,
        _names,
        _groups,
        _repeats,
        _roles,
        _references,
        _unused_columns,
        check_lists,
        check_numbers,
        check_scoring,
        _labels,
        _headers,
        _blank_words,
        _household,
        check_replicates,
        _panel,
        _respondent_key,
    ):
        step(report)
    return report.findings


def _rows(report: Report) -> Iterator[tuple[int, Question]]:
    return enumerate(report.form.rows)


def takes_answer(row: Question) -> bool:
    """Whether a person answers this row, once a response."""
    return row.type in ANSWER_TYPES and not row.repeated


def _head(kind: str) -> str:
    return kind.split()[0].lower() if kind else ""


def _asked(report: Report) -> Iterator[tuple[int, Question]]:
    """The rows that mean something to a form: no remarks."""
    return ((i, row) for i, row in _rows(report) if row.type or row.name or row.labels)


def _remarks(report: Report) -> None:
    """Rows that ask nothing are passed over, and named together."""
    passed = [
        i for i, row in _rows(report) if not (row.type or row.name or row.labels) or (row.written and not row.type)
    ]
    if passed:
        cells = "、".join(report.where(i, "type") for i in passed[:_FIRST_ROWS])
        report.row(passed[0], "type", "form.remarks", "note", n=len(passed), cells=cells)


def _types(report: Report) -> None:
    for index, row in _asked(report):
        if row.written and not row.type:
            continue
        if not row.type:
            report.row(index, "type", "form.no_type")
        elif row.type == PHONE or _head(row.type) in NOT_IMPORTED:
            report.row(index, "type", "form.not_imported", "note", found=row.type)
        elif row.type not in (*ANSWER_TYPES, *STRUCTURE, *META):
            near = nearest(row.type, ANSWER_TYPES)
            report.row(index, "type", "form.unknown_type", found=row.type, known=", ".join(ANSWER_TYPES), **near)
        if row.type in ("select_one", "select_multiple") and not row.list_name:
            report.row(index, "type", "form.no_list", found=row.type)
        elif row.list_name and not report.form.lists.get(row.list_name):
            known = ", ".join(report.form.lists) or "—"
            near = nearest(row.list_name, report.form.lists)
            report.row(index, "type", "form.unknown_list", found=row.list_name, known=known, **near)


def _elsewhere(report: Report) -> None:
    """Choices in a file or another question, and filters of choices: kept for the tools that read them, said once each."""
    outside = [i for i, row in _rows(report) if row.written and row.type == "text" and not row.repeated]
    if outside:
        found = [report.form.rows[i].written for i in outside[:_FIRST_ROWS]]
        report.row(outside[0], "type", "form.external_choices", "note", found=found)
    filtered = [i for i, row in _rows(report) if row.extra.get("choice_filter") and not row.repeated]
    if filtered:
        names = [report.form.rows[i].name for i in filtered[:_FIRST_ROWS]]
        by = report.form.rows[filtered[0]].extra["choice_filter"]
        report.row(filtered[0], "choice_filter", "form.choice_filter", "note", found=by, names=names)


def _names(report: Report) -> None:
    seen: dict[tuple[tuple[str, ...], str], int] = {}
    for (index, row), path in zip(_rows(report), group_paths(report.form.rows), strict=True):
        if row.type in ENDS or (row.written and not row.type):
            continue
        if not row.name:
            if takes_answer(row) or row.role or row.type in BEGINS:
                report.row(index, "name", "form.no_name", type=row.type)
            continue
        name = own_name(row.name) if "/" in row.name else row.name
        if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
            report.row(index, "name", "form.bad_name", found=row.name)
        place = (path, name.casefold())
        if place in seen:
            taken = {own_name(r.name).casefold() for r in report.form.rows}
            free = next(f"{name}_{n}" for n in count(2) if f"{name}_{n}".casefold() not in taken)
            report.row(index, "name", "form.name_twice", found=name, first=report.where(seen[place]), suggestion=free)
        else:
            seen[place] = index
    apart = [i for i, row in _rows(report) if "/" in row.name]
    if apart:
        names = [report.form.rows[i].name for i in apart[:_FIRST_ROWS]]
        report.row(apart[0], "name", "form.told_apart", "note", names=names)


def _groups(report: Report) -> None:
    open_groups: list[int] = []
    for index, row in _rows(report):
        if row.type in BEGINS:
            open_groups.append(index)
        elif row.type in ENDS:
            begun = report.form.rows[open_groups[-1]].type if open_groups else ""
            if begun.partition("_")[2] == row.type.partition("_")[2]:
                open_groups.pop()
            else:
                report.row(index, "type", "form.group_not_opened")
    for index in open_groups:
        report.row(index, "type", "form.group_not_closed")


def _repeats(report: Report) -> None:
    """A repeat is kept; what it asks several times is not taken in, so it has no points and no role."""
    for index, row in _rows(report):
        if row.type == "begin_repeat":
            report.row(index, "type", "form.repeat", "note")
        if row.repeated and (row.role or row.dimension):
            column = "role" if row.role else "dimension"
            report.row(index, column, "form.repeat_counts", found=row.role or row.dimension)


def _roles(report: Report) -> None:
    first: dict[str, int] = {}
    for index, row in _rows(report):
        if not row.role:
            continue
        if row.role not in ROLES:
            near = nearest(row.role, ROLES)
            report.row(index, "role", "form.unknown_role", found=row.role, known=", ".join(ROLES), **near)
        elif row.role in first and row.role != REPLICATE_WEIGHT:
            report.row(index, "role", "form.role_twice", found=row.role, first=report.where(first[row.role], "role"))
        first.setdefault(row.role, index)
        numeric = row.type not in ("select_one", "text", "date")
        if row.type in (*STRUCTURE, "select_multiple") or (row.role in NUMBER_ROLES and not numeric):
            report.row(index, "role", "form.role_type", found=row.role, type=row.type)


def _references(report: Report) -> None:
    named = Counter(own_name(row.name) for _, row in _rows(report) if row.name and row.type not in ENDS)
    names = set(named)
    for index, row in _rows(report):
        for column, expression in [("relevant", row.relevant), *((c, row.extra.get(c, "")) for c in _EXPRESSIONS)]:
            for name in dict.fromkeys(references(expression)):
                if named[name] > 1 and not row.repeated:
                    report.row(index, column, "form.reference_twice", found=name, where=column)
                elif name not in names:
                    report.row(index, column, "form.unknown_reference", found=name, where=column)
        if row.relevant and set(references(row.relevant)) <= names and not evaluable(report.form, row.relevant):
            report.row(index, "relevant", "form.relevant_not_evaluated", "note", found=row.relevant)
        if row.extra.get("required") and takes_answer(row):
            report.row(index, "required", "form.required_expression", "note", found=row.extra["required"])


def _unused_columns(report: Report) -> None:
    """Our own columns on rows where they can't have an effect."""
    for index, row in _rows(report):
        if takes_answer(row):
            continue
        if row.dimension:
            report.row(index, "dimension", "form.dimension_type", found=row.dimension, type=row.type)


def _labels(report: Report) -> None:
    """Labels that are missing in one language; a form that has one language throughout gets one note."""
    form = report.form
    labelled = [(i, r) for i, r in _rows(report) if takes_answer(r) or (r.type in ("note", "begin_group") and r.labels)]
    options = [(name, i, c) for name, choices in form.lists.items() for i, c in enumerate(choices)]
    for lang in LANGUAGES:
        without = [i for i, row in labelled if not row.labels.get(lang)]
        bare = [(name, i) for name, i, choice in options if not choice.labels.get(lang)]
        if len(without) == len(labelled) and len(bare) == len(options) and (without or bare):
            report.form_wide(f"form.no_labels_{lang}", "note", sheet=report.places.survey)
            continue
        for index in without:
            report.row(index, f"label {lang}", f"form.no_label_{lang}", "note")
        for name, index in bare:
            report.choice(name, index, f"label {lang}", f"form.no_choice_label_{lang}", "note")


def header_names(question: Question) -> set[str]:
    """What a header of an answer file may be for this question, as compared: name, labels, aliases."""
    spellings = (question.name, own_name(question.name), *question.labels.values(), *question.aliases)
    return {header_key(s) for s in spellings if s}


def shared_headers(form: Questionnaire) -> dict[str, list[Question]]:
    """Compared header → the questions that go by it, where there are several."""
    owners: dict[str, list[Question]] = {}
    for question in form.questions:
        for key in header_names(question):
            owners.setdefault(key, []).append(question)
    return {key: questions for key, questions in owners.items() if len(questions) > 1}


def _headers(report: Report) -> None:
    """Headers that two questions share: such a column can't be matched by them."""
    shared = shared_headers(report.form)
    index_of = {row.name: i for i, row in _rows(report)}
    for key, questions in shared.items():
        for other in questions[1:]:
            column = next((f"label {lang}" for lang, text in other.labels.items() if header_key(text) == key), "")
            named = key in (header_key(other.name), header_key(own_name(other.name)))
            column = "name" if named else column or "aliases"
            spellings = (other.name, own_name(other.name), *other.labels.values(), *other.aliases)
            found = next(s for s in spellings if header_key(s) == key)
            if other.name and other.name != questions[0].name:
                report.row(
                    index_of[other.name],
                    column,
                    "form.header_shared",
                    "note",
                    found=found,
                    other=questions[0].name,
                    first=report.where(index_of[questions[0].name]),
                )


def _blank_words(report: Report) -> None:
    """A word that counts as empty and is a choice: the choice wins for the questions of its list, said once."""
    blanks = {header_key(word) for word in report.form.blank}
    found = [
        (name, index, spelling)
        for name, choices in report.form.lists.items()
        for index, choice in enumerate(choices)
        for spelling in dict.fromkeys((choice.name, *choice.labels.values(), *choice.aliases))
        if spelling and header_key(spelling) in blanks
    ]
    if found:
        lists = [*dict.fromkeys(name for name, _, _ in found)]
        words = [*dict.fromkeys(spelling for _, _, spelling in found)]
        report.choice(found[0][0], found[0][1], "name", "form.blank_is_choice", "note", found=words, lists=lists)


def _panel(report: Report) -> None:
    """A panel is yes or no, and needs to know who somebody is."""
    form, found = report.form, report.form.settings.get(PANEL, "").strip()
    if found.lower() not in ("", "yes", "no"):
        report.setting(PANEL, "form.bad_panel", found=found)
    elif form.panel and "respondent" not in form.roles:
        report.setting(PANEL, "form.panel_without_respondent")


def _respondent_key(report: Report) -> None:
    """What somebody is known by is the number, or the number with how they were asked."""
    form, found = report.form, report.form.settings.get(RESPONDENT_KEY, "").strip()
    if key_said(found) not in (NUMBER, NUMBER_AND_MODE):
        report.setting(RESPONDENT_KEY, "form.bad_respondent_key", found=found)
    elif form.mode_in_key and "respondent" not in form.roles:
        report.setting(RESPONDENT_KEY, "form.key_without_respondent")


def _household(report: Report) -> None:
    """The question that household selection weights rest on."""
    form, name = report.form, report.form.settings.get(HOUSEHOLD_ADULTS, "")
    if not name:
        return
    if name not in form.position or form.question(name).coding not in ("step", "number"):
        report.setting(HOUSEHOLD_ADULTS, "form.household_adults", found=name)
    elif "weight" in form.roles:
        report.setting(HOUSEHOLD_ADULTS, "form.household_and_weight", found=name, weight=form.roles["weight"].name)
