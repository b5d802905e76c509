"""An XLSForm workbook to a ``Questionnaire``: what each cell says, with a finding for each it can't say.

Whether the parts fit together is the checker's business (``survey.form.workbook.checking``); both report at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from survey.core.findings import Finding, blocking
from survey.files.own_workbooks import Column, Record, find_sheet, header_key, plain_text, read_table
from survey.files.read import read_sheets
from survey.files.readers.sheet import Sheet
from survey.form.model import Choice, Question, Questionnaire, with_conditions
from survey.form.workbook import syntax
from survey.form.workbook.checking import check
from survey.form.workbook.report import Places

T = TypeVar("T")

SURVEY = (
    Column("type", ("command",), required=True),
    Column("name", ("tag",), required=True),
    Column("dimension"),
    Column("weight"),
    Column("reverse"),
    Column("minimum"),
    Column("maximum"),
    Column("missing_values"),
    Column("recode"),
    Column("office"),
    Column("role"),
    Column("aliases"),
    Column("required"),
    Column("relevant", ("relevance",)),
    Column("parameters"),
)
CHOICES = (
    Column("list_name", ("list name",), required=True),
    Column("name", ("value",), required=True),
    Column("level"),
    Column("score"),
    Column("missing"),
    Column("aliases"),
)
SETTINGS = (
    Column("form_title", ("title",)),
    Column("form_id", ("id_string",)),
    Column("year"),
    Column("blank"),
    Column("sampling"),
)
#: XLSForm's own columns that the checker looks into; kept under this spelling whatever the workbook's case
XLSFORM_COLUMNS = ("constraint", "calculation", "calculate", "choice_filter", "hint", "appearance", "repeat_count")


@dataclass
class _Reader:
    """One cell after the other, collecting what can't be read."""

    sheet: Sheet
    findings: list[Finding] = field(default_factory=list)

    def parse(self, record: Record, key: str, parser: Callable[[str], T], default: T, code: str) -> T:
        """The parsed cell; the default where it is blank or (with a finding) unreadable."""
        text = record.text(key)
        if not text:
            return default
        try:
            return parser(text)
        except ValueError as problem:
            self.refuse(record, key, code, found=text, part=str(problem))
            return default

    def refuse(self, record: Record, key: str, code: str, **params: Any) -> None:
        """A refusal at one cell of the record."""
        self.findings.append(
            Finding(
                code,
                sheet=self.sheet.name,
                cell=record.addresses.get(key, ""),
                row=record.number,
                header=key,
                params=params,
            )
        )

    def number(self, record: Record, key: str, code: str = "form.bad_number") -> float | None:
        """The cell as a number, None where blank."""
        empty: float | None = None
        return self.parse(record, key, syntax.parse_number, empty, code)


def read_questionnaire(file: str, data: bytes) -> tuple[Questionnaire | None, list[Finding]]:
    """The questionnaire of a workbook, and everything wrong with or worth knowing about it.

    None when any finding refuses.  Raises Refused where the file is no readable workbook at all.
    """
    sheets = read_sheets(file, data)
    survey = find_sheet(sheets, "survey")
    if survey is None:
        names = ", ".join(s.name for s in sheets)
        return None, [Finding("form.no_survey_sheet", scope="file", params={"found": names})]
    choices, settings = find_sheet(sheets, "choices"), find_sheet(sheets, "settings")
    findings: list[Finding] = []
    for sheet in (survey, choices, settings):
        findings += [*sheet.findings, *_error_cells(sheet)] if sheet else []
    options, option_places = _read_settings(settings, findings) if settings else (Questionnaire(rows=()), None)
    language = options.settings.get("default_language", "")
    lists, list_places = _read_choices(choices, language, findings) if choices else ({}, {})
    rows, row_places = _read_survey(survey, language, lists, findings)
    form = Questionnaire(
        rows=with_conditions(rows),
        title=options.title,
        form_id=options.form_id,
        year=options.year,
        blank=options.blank,
        sampling=options.sampling,
        settings=options.settings,
        lists=lists,
    )
    places = Places(
        survey=survey.name,
        choices=choices.name if choices else "choices",
        settings=settings.name if settings else "settings",
        rows=row_places,
        lists=list_places,
        options=option_places or {},
    )
    if not any(f.code == "tables.missing_column" for f in findings):  # else every row would lack the same cell
        findings += check(form, places)
    order = {sheet.name: index for index, sheet in enumerate((survey, choices, settings)) if sheet}
    findings.sort(key=lambda f: (order.get(f.sheet, -1), f.row, len(f.cell), f.cell))
    return (None if blocking(findings) else form), findings


def _error_cells(sheet: Sheet) -> list[Finding]:
    return [
        Finding(
            "form.error_cell",
            sheet=sheet.name,
            cell=sheet.address(row - sheet.top, column - sheet.left),
            row=row + 1,
            params={"found": value},
        )
        for (row, column), value in sorted(sheet.errors.items())
    ]


def _headers(sheet: Sheet) -> list[str]:
    first = next((cells for cells in sheet.rows if any(plain_text(c) for c in cells)), ())
    return [plain_text(cell) for cell in first]


def _label_columns(headers: Sequence[str], default_language: str, cells: Callable[[str], str]) -> tuple[Column, ...]:
    """Columns ``zh`` and ``en``; a plain ``label`` is in the default language, else Chinese if it looks so."""
    found: dict[str, list[str]] = {}
    for header in headers:
        language = syntax.label_language(header)
        if language is not None and header not in found.get(language, []):
            found.setdefault(language, []).append(header)
    if "" in found:
        plain = found.pop("")
        language = syntax.label_language(f"label::{default_language}") or (
            "zh" if any("一" <= c <= "鿿" for c in cells(plain[0])) else "en"
        )
        found.setdefault(language, plain)
    return tuple(Column(f"label {language}", tuple(names)) for language, names in found.items())


def _table(
    sheet: Sheet, columns: Sequence[Column], language: str, findings: list[Finding]
) -> tuple[_Reader, list[Record]]:
    headers = _headers(sheet)
    places = {header: i for i, header in reversed(list(enumerate(headers)))}

    def column_text(header: str) -> str:
        return "".join(plain_text(cells[places[header]]) for cells in sheet.rows)

    labels = _label_columns(headers, language, column_text)
    before = len(findings)
    records = read_table(sheet, (*columns, *labels), findings)
    complete = all(f.code != "tables.missing_column" for f in findings[before:])
    return _Reader(sheet, findings), records if complete else []


def _labels(record: Record) -> dict[str, str]:
    found = {language: record.text(f"label {language}") for language in ("zh", "en")}
    return {language: text for language, text in found.items() if text}


def _extra(record: Record) -> dict[str, str]:
    """Every other column verbatim; XLSForm's own under their plain spelling."""
    return {
        (header_key(name) if header_key(name) in XLSFORM_COLUMNS else name): plain_text(value)
        for name, value in record.extra.items()
    }


def _cells(sheet: Sheet, record: Record) -> dict[str, tuple[str, int]]:
    """Key or header → (A1 address, row) of every column for this record."""
    row = record.number - 1 - sheet.top
    others = {
        (header_key(h) if header_key(h) in XLSFORM_COLUMNS else h): sheet.address(row, i)
        for i, h in reversed(list(enumerate(_headers(sheet))))
    }
    return {key: (cell, record.number) for key, cell in (others | dict(record.addresses)).items()}


def _read_survey(
    sheet: Sheet, language: str, lists: Mapping[str, tuple[Choice, ...]], findings: list[Finding]
) -> tuple[list[Question], list[dict[str, tuple[str, int]]]]:
    reader, records = _table(sheet, SURVEY, language, findings)
    rows = [_question(reader, record, lists) for record in records]
    return rows, [_cells(sheet, record) for record in records]


def _question(reader: _Reader, record: Record, lists: Mapping[str, tuple[Choice, ...]]) -> Question:
    kind, list_name = syntax.parse_type(record.text("type"))
    start, end, step, extra = _range(reader, record, kind, _extra(record))
    required = record.text("required")
    try:
        needed = syntax.parse_yes(required)
    except ValueError:  # an expression: kept for the tools that evaluate it
        needed, extra = False, {**extra, "required": required}
    weight = reader.number(record, "weight")
    return Question(
        name=record.text("name"),
        type=kind,
        labels=_labels(record),
        list_name=list_name,
        choices=lists.get(list_name, ()),
        dimension=record.text("dimension"),
        weight=1.0 if weight is None else weight,
        reverse=reader.parse(record, "reverse", syntax.parse_yes, False, "form.bad_yes_no"),
        minimum=reader.number(record, "minimum"),
        maximum=reader.number(record, "maximum"),
        start=start,
        end=end,
        step=step,
        missing_values=reader.parse(
            record, "missing_values", syntax.parse_missing_values, {}, "form.bad_missing_values"
        ),
        recode=reader.parse(record, "recode", syntax.parse_recode, (), "form.bad_recode"),
        office=record.text("office"),
        role=record.text("role"),
        aliases=syntax.split_bar(record.text("aliases")),
        required=needed,
        relevant=record.text("relevant"),
        extra=extra,
    )


def _range(
    reader: _Reader, record: Record, kind: str, extra: dict[str, str]
) -> tuple[float | None, float | None, float | None, dict[str, str]]:
    """Start, end and step of a range (ODK's defaults where not given); all else of ``parameters`` verbatim."""
    text = record.text("parameters")
    if kind != "range":
        return None, None, None, {**extra, "parameters": text} if text else extra
    pairs, rest = syntax.parse_parameters(text)
    if rest:
        reader.refuse(record, "parameters", "form.bad_parameters", found=text, part=" ".join(rest))
    values = {}
    for key, default in syntax.RANGE_DEFAULTS.items():
        written = pairs.pop(key, "")
        try:
            values[key] = syntax.parse_number(written) if written else default
        except ValueError:
            values[key] = default
            reader.refuse(record, "parameters", "form.bad_parameters", found=text, part=f"{key}={written}")
    if pairs:
        extra = {**extra, "parameters": syntax.format_parameters(pairs)}
    return values["start"], values["end"], values["step"], extra


def _read_choices(
    sheet: Sheet, language: str, findings: list[Finding]
) -> tuple[dict[str, tuple[Choice, ...]], dict[str, list[dict[str, tuple[str, int]]]]]:
    reader, records = _table(sheet, CHOICES, language, findings)
    lists: dict[str, list[Choice]] = {}
    places: dict[str, list[dict[str, tuple[str, int]]]] = {}
    for record in records:
        name = record.text("list_name")
        if not name:
            reader.refuse(record, "list_name", "form.no_list_name", choice=record.text("name"))
            continue
        lists.setdefault(name, []).append(_choice(reader, record))
        places.setdefault(name, []).append(_cells(sheet, record))
    return {name: tuple(choices) for name, choices in lists.items()}, places


def _choice(reader: _Reader, record: Record) -> Choice:
    none: int | None = None
    return Choice(
        name=record.text("name"),
        labels=_labels(record),
        level=reader.parse(record, "level", _whole, none, "form.bad_level"),
        score=reader.number(record, "score", "form.bad_score"),
        missing=record.text("missing") or None,
        aliases=syntax.split_bar(record.text("aliases")),
        extra=_extra(record),
    )


def _whole(text: str) -> int:
    number = syntax.parse_number(text)
    if not number.is_integer():
        raise ValueError(text)
    return int(number)


def _year(text: str) -> int:
    year = _whole(text)
    if not 1900 <= year <= 2100:
        raise ValueError(text)
    return year


def _sampling(text: str) -> Any:
    if text not in ("by_community", "overall"):
        raise ValueError(text)
    return text


def _read_settings(sheet: Sheet, findings: list[Finding]) -> tuple[Questionnaire, dict[str, tuple[str, int]] | None]:
    """The settings as a questionnaire without rows; only the first row counts, as in XLSForm."""
    if not any(_headers(sheet)):
        return Questionnaire(rows=()), None
    reader, records = _Reader(sheet, findings), read_table(sheet, SETTINGS, findings)
    if not records:
        return Questionnaire(rows=()), None
    if len(records) > 1:
        second = records[1]
        findings.append(Finding("form.settings_rows", "note", "row", sheet.name, f"A{second.number}", second.number))
    record = records[0]
    default = Questionnaire(rows=())
    year: int | None = None
    form = Questionnaire(
        rows=(),
        title=record.text("form_title"),
        form_id=record.text("form_id"),
        year=reader.parse(record, "year", _year, year, "form.bad_year"),
        blank=syntax.split_bar(record.text("blank")) if record.text("blank") else default.blank,
        sampling=reader.parse(record, "sampling", _sampling, default.sampling, "form.bad_sampling"),
        settings=_extra(record),
    )
    return form, _cells(sheet, record)
