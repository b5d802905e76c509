"""What a file holds, as one table both ways: questions without a column, what waits, columns nobody reads, what is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.figures import numbers
from dashboard.pages.imports.service.checks import Checked
from dashboard.pages.imports.service.contents import EMPTY
from dashboard.pages.imports.view.wording import wording_lists
from dashboard.parts.basic import badge, card, download, heading
from dashboard.web.address import Address
from survey.core.lang import say
from survey.form.model import Question
from survey.intake.contents.lines import Contents, Line, Read

PREVIEW_COLUMNS = 12
#: lines that each part of the table shows; the file has all
MOST_CHOICES = 40
#: readings that a line shows, and questions without a column before the others are folded away
READINGS = FIRST = 8


def contents_card(checked: Checked, address: Address, token: str, named: bool) -> Any:
    """The table of one line of an upload, what waits open and what is settled folded away; None where there is none."""
    found, lang = checked.contents, address.lang
    if found is None:
        return None
    title = say(lang, "page_import.holds")
    table = download(
        say(lang, "page_import.holds_file"),
        address.link(f"/download/contents/{token}/{checked.number}"),
        "button small",
        title=say(lang, "page_import.holds_file_hint"),
    )
    whole = _button(checked, "all", say(lang, "page_import.accept_all"), primary=True) if found.waits else None
    parts = [
        _missing(checked, found, lang),
        _proposed(checked, found, lang),
        _words(checked, found, lang),
        wording_lists(checked, lang),
        _unread(checked, found, lang),
        _read(checked, found, lang),
        _preview(checked, lang),
    ]
    return card(
        [
            html.Div(
                [
                    heading(f"{title} · {checked.named}" if named else title, _summary(found, lang)),
                    html.Div([table, whole], className="actions"),
                ],
                className="card-top",
            ),
            html.P(_agreed(found, lang), className="hint") if found.waits else None,
            *[part for part in parts if part is not None],
        ],
        "contents-card",
    )


def _summary(found: Contents, lang: str) -> str:
    """61 题：53 题已对上…；70 列：9 列没有读取."""
    asked = [n for n in found.lines if n.question]
    columns = {c.index for n in found.lines for c in n.columns}
    return say(
        lang,
        "page_import.holds_summary",
        questions=len(asked),
        read=sum(n.state in ("read", "words") for n in asked),
        proposed=len(found.of("proposed")),
        missing=len(found.of("missing", "empty", "absent")),
        columns=len(columns),
        unread=len(found.of("unread")),
    )


def _agreed(found: Contents, lang: str) -> str:
    """What one press agrees with."""
    said = []
    for key, count in (
        ("agree_columns", len(found.proposed.columns)),
        ("agree_words", sum(r.how == "proposed" for n in found.lines for r in n.readings)),
        ("agree_scales", sum(w.open for w in found.words) + bool(found.legends)),
        ("agree_absent", len(found.absent)),
    ):
        if count:
            said.append(say(lang, f"page_import.{key}", n=numbers.count(count)))
    return say(lang, "page_import.agree", what=say(lang, "dash_words.list_comma").join(said))


def _button(checked: Checked, what: str, text: str, name: str = "", primary: bool = False) -> html.Button:
    return html.Button(
        text,
        id={"type": "accept", "part": checked.number, "what": what, "name": name},
        type="button",
        className="button primary" if primary else "button small",
    )


def _part(title: str, act: Any, heads: Sequence[str], rows: Sequence[html.Tr], left: int, lang: str) -> html.Div:
    """One part of the table under its title, with what is done for all of it."""
    more = html.P(say(lang, "page_import.holds_more", n=left), className="hint") if left > 0 else None
    return html.Div(
        [
            html.Div([html.H3(title), act], className="part-top"),
            html.Div(_table(heads, rows, lang), className="scroll"),
            more,
        ],
        className="contents-part",
    )


def _table(heads: Sequence[str], rows: Sequence[html.Tr], lang: str) -> html.Table:
    head = html.Tr([html.Th(say(lang, f"page_import.{h}"), scope="col") if h else html.Td() for h in heads])
    return html.Table([html.Thead(head), html.Tbody(list(rows))], className="lines contents")


def _name(line: Line, lang: str) -> list[Any]:
    """A question as people know it, with what it is needed for."""
    q = line.question
    assert q is not None
    said: list[Any] = [q.label(lang)]
    if q.label(lang) != q.name:
        said += [" ", html.Span(q.name, className="muted small")]
    if line.needed:
        said += [" ", badge(say(lang, "page_import.is_needed"), "bad")]
    elif q.scored:
        said += [" ", badge(say(lang, "page_import.is_scored"), "info")]
    return said


def _column(line: Line) -> list[Any]:
    shown = [html.Div([html.Span(c.cell, className="cells"), " ", c.header]) for c in line.columns[:READINGS]]
    return [*shown, html.Div(f"… {len(line.columns)}", className="muted")] if len(line.columns) > READINGS else shown


def _readings(readings: Sequence[Read], lang: str) -> list[Any]:
    """Each text, what it is read as, and in how many cells."""
    said: list[Any] = [
        html.Span([_reading(r, lang), html.B(f" {numbers.count(r.count)}")], className=f"reading {r.how}")
        for r in readings[:READINGS]
    ]
    if len(readings) > READINGS:
        said.append(html.Span(say(lang, "page_import.more_readings", n=len(readings) - READINGS), className="muted"))
    return said


def _reading(read: Read, lang: str) -> str:
    meaning = read.meaning[lang] or say(lang, "page_import.no_answer")
    return meaning if read.text in ("", meaning) else f"{read.text} → {meaning}"


def _missing(checked: Checked, found: Contents, lang: str) -> Any:
    """Questions without a column first: which column holds them, or that nobody was asked."""
    lines = found.of("missing", "empty")
    if not lines:
        return None
    unread = found.of("unread")
    rows = []
    for line in lines:
        assert line.question is not None
        name = line.question.name
        absent = _button(checked, "absent", say(lang, "page_import.not_asked"), name) if name in found.absent else None
        empty = html.Div(say(lang, "page_import.column_empty", header=line.columns[0].header)) if line.columns else None
        rows.append(
            html.Tr(
                [
                    html.Th(_name(line, lang), scope="row"),
                    html.Td([empty, _point(checked, line.question, unread, lang)]),
                    html.Td(absent, className="act"),
                ]
            )
        )
    act = _button(checked, "absent", say(lang, "page_import.none_asked", n=len(found.absent))) if found.absent else None
    heads, first = ("col_question", "col_column", ""), max(FIRST, sum(n.needed for n in lines))
    part = _part(say(lang, "page_import.part_missing", n=len(lines)), act, heads, rows[:first], 0, lang)
    if len(rows) > first:
        more = html.Summary(say(lang, "page_import.more_missing", n=len(rows) - first))
        part.children.append(html.Details([more, html.Div(_table(heads, rows[first:], lang), className="scroll")]))
    return part


def _point(checked: Checked, question: Question, unread: Sequence[Line], lang: str) -> Any:
    if not unread:
        return html.Span(say(lang, "page_import.no_column_left"), className="muted")
    data = [{"value": str(n.columns[0].index), "label": f"{n.columns[0].cell} {n.columns[0].header}"} for n in unread]
    return dmc.Select(
        allowDeselect=False,
        id={"type": "find-column", "part": checked.number, "question": question.name},
        data=data,
        value=None,
        placeholder=say(lang, "page_import.which_column"),
        size="xs",
        searchable=len(data) > 8,
        className="field",
        **{"aria-label": question.label(lang)},
    )


def _proposed(checked: Checked, found: Contents, lang: str) -> Any:
    """Columns whose header is not quite the question's."""
    lines = found.of("proposed")
    if not lines:
        return None
    rows = []
    for line in lines[:MOST_CHOICES]:
        first = line.columns[0]
        refuse = html.Button(
            say(lang, "page_import.unread"),
            type="button",
            className="button small",
            id={"type": "unmap-column", "part": checked.number, "index": first.index},
        )
        acts = [_button(checked, "column", say(lang, "page_import.accept_one"), first.header), refuse]
        rows.append(
            html.Tr(
                [
                    html.Th(_name(line, lang), scope="row"),
                    html.Td(_column(line)),
                    html.Td(_readings(line.readings, lang) or numbers.count(line.filled), className="readings"),
                    html.Td(acts, className="act"),
                ]
            )
        )
    act = _button(checked, "columns", say(lang, "page_import.accept_columns", n=len(found.proposed.columns)))
    title = say(lang, "page_import.part_proposed", n=len(lines))
    heads = ("col_question", "col_column", "col_read_as", "")
    return _part(title, act, heads, rows, len(lines) - MOST_CHOICES, lang)


def _words(checked: Checked, found: Contents, lang: str) -> Any:
    """Texts that the questionnaire does not know as they stand, question by question, each with what it would be read as."""
    lines = [n for n in found.lines if n.question and any(r.how == "proposed" for r in n.readings)]
    if not lines:
        return None
    rows, kinds = [], 0
    for line in lines[:MOST_CHOICES]:
        assert line.question is not None
        told = [(place, read) for place, read in enumerate(line.readings) if read.how == "proposed"]
        kinds += len(told)
        heads = ("words_word", "words_cells", "words_means", "")
        single = [html.Tr(_word(checked, line.question, place, read, lang)) for place, read in told[:MOST_CHOICES]]
        one_by_one = html.Details([html.Summary(say(lang, "page_import.one_by_one")), _table(heads, single, lang)])
        rows.append(
            html.Tr(
                [
                    html.Th(_name(line, lang), scope="row"),
                    html.Td([*_readings([r for _, r in told], lang), one_by_one], className="readings"),
                    html.Td(numbers.count(sum(r.count for _, r in told)), className="number"),
                    html.Td(
                        _button(checked, "reading", say(lang, "page_import.accept_one"), line.question.name),
                        className="act",
                    ),
                ]
            )
        )
    act = _button(checked, "readings", say(lang, "page_import.accept_words", n=kinds)) if len(lines) > 1 else None
    title = say(lang, "page_import.part_words", n=kinds)
    heads = ("col_question", "col_read_as", "words_cells", "")
    return _part(title, act, heads, rows, len(lines) - MOST_CHOICES, lang)


def _word(checked: Checked, q: Question, place: int, read: Read, lang: str) -> list[Any]:
    at = {"part": checked.number, "question": q.name, "word": place}
    choices = [{"value": c.name, "label": c.label(lang)} for c in q.choices] if q.coding == "choice" else []
    data = [
        *(choices or ([{"value": "=", "label": read.meaning[lang]}] if read.value else [])),
        {"value": EMPTY, "label": say(lang, "page_import.words_empty")},
    ]
    meant = dmc.Select(
        id={"type": "read-as", **at},
        data=data,
        value=(read.value if choices else "=") if read.value else EMPTY,
        size="xs",
        allowDeselect=False,
        className="field unsure",
        **{"aria-label": read.text},
    )
    button = html.Button(
        say(lang, "page_import.accept_one"), type="button", className="button small", id={"type": "read-so", **at}
    )
    return [
        html.Th(read.text, scope="row"),
        html.Td(numbers.count(read.count), className="number"),
        html.Td(meant if q.coding != "multiple" else read.meaning[lang]),
        html.Td(button, className="act"),
    ]


def _unread(checked: Checked, found: Contents, lang: str) -> Any:
    """Columns that nobody reads, each with the questions that it may hold."""
    lines = found.of("unread")
    if not lines:
        return None
    free = [n.question for n in found.of("missing", "absent", "empty") if n.question]
    rows = []
    for line in lines[:MOST_CHOICES]:
        rows.append(
            html.Tr(
                [
                    html.Th(_column(line), scope="row"),
                    html.Td("、".join(line.examples), className="muted"),
                    html.Td(numbers.count(line.filled), className="number"),
                    html.Td(_target(checked, line, free, lang)),
                ]
            )
        )
    title = say(lang, "page_import.part_unread", n=len(lines))
    heads = ("col_column", "col_example", "words_cells", "col_question")
    part = _part(title, None, heads, rows, len(lines) - MOST_CHOICES, lang)
    return html.Details([html.Summary(title), *part.children[1:]], open=bool(found.of("missing")) and len(lines) < 9)


def _target(checked: Checked, line: Line, free: Sequence[Question], lang: str) -> dmc.Select:
    data = [
        {"value": "", "label": say(lang, "page_import.ignored")},
        *(
            {"value": q.name, "label": f"{q.name} · {q.label(lang)}" if q.label(lang) != q.name else q.name}
            for q in free
        ),
    ]
    return dmc.Select(
        id={"type": "map-column", "part": checked.number, "index": line.columns[0].index},
        value="",
        data=data,
        size="xs",
        searchable=len(data) > 8,
        allowDeselect=False,
        className="field",
        **{"aria-label": line.columns[0].header},
    )


def _read(checked: Checked, found: Contents, lang: str) -> Any:
    """What is read as it says, with how many of each answer; folded away."""
    lines = found.of("words", "read", "absent", "own")
    if not lines:
        return None
    rows = []
    for line in lines:
        how = line.columns[0].how if line.columns else "absent"
        told = say(lang, "page_import.of_calls" if how == "calls" else f"page_import.how_{how}")
        take = None
        if line.question is not None and line.columns and how != "platform":
            text = say(lang, "page_import.unmap" if how == "mapping" else "page_import.unread")
            at = {"type": "unmap-column", "part": checked.number, "index": line.columns[0].index}
            take = html.Button(text, type="button", className="button small", id=at)
        name: Any = _name(line, lang) if line.question else html.Span(told, className="muted")
        rows.append(
            html.Tr(
                [
                    html.Th(name, scope="row"),
                    html.Td([*_column(line), html.Span(told, className="muted small") if line.question else None]),
                    html.Td(_readings(line.readings, lang) or numbers.count(line.filled), className="readings"),
                    html.Td(take, className="act"),
                ]
            )
        )
    title = say(lang, "page_import.part_read", n=len(lines))
    table = _table(("col_question", "col_column", "col_read_as", ""), rows, lang)
    kept = html.P(say(lang, "page_import.mapping_kept"), className="hint")
    return html.Details([html.Summary(title), kept, html.Div(table, className="scroll tall")])


def _preview(checked: Checked, lang: str) -> Any:
    """The first rows as they stand."""
    found = checked.inspection
    if found is None:
        return None
    headers = [c.header for c in found.columns][:PREVIEW_COLUMNS]
    left = len(found.columns) - len(headers)
    table = html.Table(
        [
            html.Thead(html.Tr([html.Th(h, scope="col") for h in headers])),
            html.Tbody([html.Tr([html.Td(cell) for cell in row[:PREVIEW_COLUMNS]]) for row in found.preview]),
        ],
        className="lines",
    )
    note = html.P(say(lang, "page_import.preview_left", n=left), className="hint") if left > 0 else None
    summary = html.Summary(say(lang, "page_import.preview", n=len(found.preview)))
    return html.Details([summary, html.Div([table, note], className="scroll")], className="preview")
