"""The ``survey`` sheet: each row a question, with what XLSForm says in few words written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from survey.core.findings import Finding
from survey.files.own_workbooks import Column, Record
from survey.files.readers.sheet import Sheet
from survey.form.model import Choice, Question
from survey.form.workbook import syntax
from survey.form.workbook.records import CellReader, cells_of, extra_of, labels_of, read_records
from survey.form.workbook.row_types import PHONE, SETTING_ROWS, RowType, parse_type
from survey.form.workbook.sections import explaining, may_repeat, merged, with_other

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
    Column("required", ("bind:required", "bind::required")),
    Column("relevant", ("relevance", "bind:relevant", "bind::relevant")),
    Column("parameters"),
)


def read_survey(
    sheet: Sheet, language: str, lists: dict[str, tuple[Choice, ...]], findings: list[Finding]
) -> tuple[list[Question], list[dict[str, tuple[str, int]]]]:
    """The rows and their cells; lists get the choice, and the rows the question, that an ``or_other`` stands for."""
    reader, records = read_records(sheet, SURVEY, language, findings)
    taken = {record.text("name") for record in records}
    rows: list[Question] = []
    places: list[dict[str, tuple[str, int]]] = []
    for record in records:
        found, cells = parse_type(record.text("type")), cells_of(sheet, record)
        row = _question(reader, record, found)
        rows.append(row)
        places.append(cells)
        if found.other and row.list_name in lists:
            params = {"name": row.name, "found": record.text("type"), "list": row.list_name}
            findings.append(
                Finding("form.or_other", "note", "cell", sheet.name, *_at(cells, "type"), header="type", params=params)
            )
            lists[row.list_name] = with_other(lists[row.list_name])
            if f"{row.name}_other" not in taken:
                rows.append(explaining(row))
                places.append(cells)
    return _phones(rows, records), places


def _at(cells: Mapping[str, tuple[str, int]], column: str) -> tuple[str, int]:
    return cells.get(column, ("", 0))


def _phones(rows: list[Question], records: Sequence[Record]) -> list[Question]:
    """A number asked for in words of old is a contact: the role of the first, and no answer of the others."""
    asked = {r.text("name") for r in records if parse_type(r.text("type")).phone}
    taken = any(row.role == "phone" for row in rows)
    done = []
    for row in rows:
        if row.name in asked and row.type == "text" and not row.role:
            row = replace(row, type=PHONE) if taken else replace(row, role="phone")
            taken = True
        done.append(row)
    return done


def with_choices(
    rows: Sequence[Question], lists: Mapping[str, tuple[Choice, ...]], settings: Mapping[str, str]
) -> list[Question]:
    """The rows with the choices of their lists: those of one code are one where they may stand more than once."""
    free = may_repeat(rows, settings)
    return [
        replace(row, choices=merged(lists[row.list_name]) if row.list_name in free else lists[row.list_name])
        if row.list_name in lists
        else row
        for row in rows
    ]


def _question(reader: CellReader, record: Record, found: RowType) -> Question:
    kind, list_name, written = found.type, found.list_name, found.written
    if _is_remark(record, kind):
        kind, list_name, written = "", "", record.text("type")
    start, end, step, extra = _range(reader, record, kind, extra_of(record))
    required = record.text("required")
    try:
        needed = syntax.parse_yes(required)
    except ValueError:  # an expression: kept for the tools that evaluate it
        needed, extra = False, {**extra, "required": required}
    weight = reader.number(record, "weight")
    return Question(
        name=record.text("name"),
        type=kind,
        labels=labels_of(record),
        list_name=list_name,
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
        written=written,
        extra=extra,
    )


def _is_remark(record: Record, kind: str) -> bool:
    """A row that asks nothing: without a type and a name, switched off, or a setting of the form."""
    if not kind:
        return not (record.text("name") or labels_of(record))
    switched_off = extra_of(record).get("disabled", "").casefold() in syntax.YES
    return switched_off or record.text("type") in SETTING_ROWS


def _range(
    reader: CellReader, record: Record, kind: str, extra: dict[str, str]
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
