"""Whether the parts of a questionnaire fit together: all problems at once, each with its place.

Types, names, groups, roles, references, labels and headers here; lists, numbers and scoring in
``survey.form.workbook.scoring_checks``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from survey.core.findings import Finding
from survey.core.lang import LANGUAGES
from survey.files.own_workbooks import header_key
from survey.form.expression import references
from survey.form.model import ANSWER_TYPES, HOUSEHOLD_ADULTS, PANEL, REPLICATE_WEIGHT, ROLES, Question, Questionnaire
from survey.form.relevant import evaluable
from survey.form.workbook.replicate_weights import check_replicates
from survey.form.workbook.report import Places, Report
from survey.form.workbook.scoring_checks import check_lists, check_numbers, check_scoring

#: rows without an answer of their own
STRUCTURE = ("note", "begin_group", "end_group")
#: kept verbatim for the tools that fill them
META = (
    "start",
    "end",
    "today",
    "deviceid",
    "username",
    "phonenumber",
    "email",
    "subscriberid",
    "simserial",
    "start-geopoint",
    "audit",
    "calculate",
    "hidden",
    "background-audio",
    "xml-external",
    "csv-external",
)
#: XLSForm knows them, answers to them are not taken in
NOT_IMPORTED = (
    "time",
    "datetime",
    "geopoint",
    "geotrace",
    "geoshape",
    "image",
    "photo",
    "audio",
    "video",
    "file",
    "barcode",
    "acknowledge",
    "trigger",
    "rank",
    "signature",
    "decimal_range",
    "osm",
    "entity",
)
NUMBER_ROLES = ("weight", "fpc", "fpc2", REPLICATE_WEIGHT)
_NAME = re.compile(r"[^\W\d][\w.-]*")
_LONGEST_NAME = 64
_EXPRESSIONS = ("constraint", "calculation", "calculate", "required")


def check(form: Questionnaire, places: Places | None = None) -> list[Finding]:
    """Every problem of a questionnaire, with sheet and A1 address where ``places`` knows them."""
    report = Report(form, places or Places())
    if not form.questions:
        report.form_wide("form.no_questions", sheet=report.places.survey)
    for step in (
        _types,
        _names,
        _groups,
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
    ):
        step(report)
    return report.findings


def _rows(report: Report) -> Iterator[tuple[int, Question]]:
    return enumerate(report.form.rows)


def takes_answer(row: Question) -> bool:
    """Whether a person answers this row."""
    return row.type in ANSWER_TYPES


def _types(report: Report) -> None:
    for index, row in _rows(report):
        head = row.type.split()[0] if row.type else ""
        if not row.type:
            report.row(index, "type", "form.no_type")
        elif "or_other" in row.type.split():
            report.row(index, "type", "form.or_other", found=row.type)
        elif head in ("begin_repeat", "end_repeat"):
            if head == "begin_repeat":
                report.row(index, "type", "form.repeat")
        elif "${" in row.type or head.endswith(("_from_file", "_external")):
            report.row(index, "type", "form.external_choices", found=row.type)
        elif head.lower() in NOT_IMPORTED:
            report.row(index, "type", "form.not_imported", "note", found=row.type)
        elif row.type not in (*ANSWER_TYPES, *STRUCTURE, *META):
            report.row(index, "type", "form.unknown_type", found=row.type, known=", ".join(ANSWER_TYPES))
        if row.type in ("select_one", "select_multiple") and not row.list_name:
            report.row(index, "type", "form.no_list", found=row.type)
        elif row.list_name and not report.form.lists.get(row.list_name):
            known = ", ".join(report.form.lists) or "—"
            report.row(index, "type", "form.unknown_list", found=row.list_name, known=known)
        if row.extra.get("choice_filter"):
            report.row(index, "choice_filter", "form.choice_filter", found=row.extra["choice_filter"])


def _names(report: Report) -> None:
    seen: dict[str, int] = {}
    for index, row in _rows(report):
        if row.type == "end_group":
            continue
        if not row.name:
            if takes_answer(row) or row.role or row.type == "begin_group":
                report.row(index, "name", "form.no_name", type=row.type)
            continue
        if not _NAME.fullmatch(row.name) or len(row.name) > _LONGEST_NAME:
            report.row(index, "name", "form.bad_name", found=row.name)
        key = row.name.casefold()
        if key in seen:
            report.row(index, "name", "form.name_twice", found=row.name, first=report.where(seen[key]))
        else:
            seen[key] = index


def _groups(report: Report) -> None:
    open_groups: list[int] = []
    for index, row in _rows(report):
        if row.type == "begin_group":
            open_groups.append(index)
        elif row.type == "end_group":
            if open_groups:
                open_groups.pop()
            else:
                report.row(index, "type", "form.group_not_opened")
    for index in open_groups:
        report.row(index, "type", "form.group_not_closed")


def _roles(report: Report) -> None:
    first: dict[str, int] = {}
    for index, row in _rows(report):
        if not row.role:
            continue
        if row.role not in ROLES:
            report.row(index, "role", "form.unknown_role", found=row.role, known=", ".join(ROLES))
        elif row.role in first and row.role != REPLICATE_WEIGHT:
            report.row(index, "role", "form.role_twice", found=row.role, first=report.where(first[row.role], "role"))
        first.setdefault(row.role, index)
        numeric = row.type not in ("select_one", "text", "date")
        if row.type in (*STRUCTURE, "select_multiple") or (row.role in NUMBER_ROLES and not numeric):
            report.row(index, "role", "form.role_type", found=row.role, type=row.type)


def _references(report: Report) -> None:
    names = {row.name for _, row in _rows(report) if row.name}
    for index, row in _rows(report):
        for column, expression in [("relevant", row.relevant), *((c, row.extra.get(c, "")) for c in _EXPRESSIONS)]:
            for name in dict.fromkeys(references(expression)):
                if name not in names:
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
        if len(without) == len(labelled) and len(bare) == len(options):
            report.form_wide(f"form.no_labels_{lang}", "note", sheet=report.places.survey)
            continue
        for index in without:
            report.row(index, f"label {lang}", f"form.no_label_{lang}", "note")
        for name, index in bare:
            report.choice(name, index, f"label {lang}", f"form.no_choice_label_{lang}", "note")


def header_names(question: Question) -> set[str]:
    """What a header of an answer file may be for this question, as compared: name, labels, aliases."""
    spellings = (question.name, *question.labels.values(), *question.aliases)
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
            column = "name" if header_key(other.name) == key else column or "aliases"
            spellings = (other.name, *other.labels.values(), *other.aliases)
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
    """A word that counts as empty must not be an answer."""
    blanks = {header_key(word): word for word in report.form.blank}
    for name, choices in report.form.lists.items():
        for index, choice in enumerate(choices):
            for spelling in dict.fromkeys((choice.name, *choice.labels.values(), *choice.aliases)):
                if spelling and header_key(spelling) in blanks:
                    report.choice(name, index, "name", "form.blank_is_choice", found=spelling)


def _panel(report: Report) -> None:
    """A panel is yes or no, and needs to know who somebody is."""
    form, found = report.form, report.form.settings.get(PANEL, "").strip()
    if found.lower() not in ("", "yes", "no"):
        report.setting(PANEL, "form.bad_panel", found=found)
    elif form.panel and "respondent" not in form.roles:
        report.setting(PANEL, "form.panel_without_respondent")


def _household(report: Report) -> None:
    """The question that household selection weights rest on."""
    form, name = report.form, report.form.settings.get(HOUSEHOLD_ADULTS, "")
    if not name:
        return
    if name not in form.position or form.question(name).coding not in ("step", "number"):
        report.setting(HOUSEHOLD_ADULTS, "form.household_adults", found=name)
    elif "weight" in form.roles:
        report.setting(HOUSEHOLD_ADULTS, "form.household_and_weight", found=name, weight=form.roles["weight"].name)
