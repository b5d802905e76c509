"""The task list as a workbook (整改任务清单): what was lost, what the offices fill in, and how it was the year before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from analysis.exports.workbook_writer import HEAD, MUTED, Book, Page
from analysis.improvement.lost_points import answering, offices_of, reason
from analysis.improvement.task_list import TaskList, TaskRow, earlier_words, kind_word, outcome_words
from survey.core import limits
from survey.core.lang import language, say
from survey.files.own_workbooks import Column
from survey.store.year.tasks import PROGRESS

#: key, headers and width of the columns; the first four and the last come from the results, the offices fill in four
SHEET: tuple[tuple[Column, int], ...] = (
    (Column("year", ("年度",)), 7),
    (Column("community", ("社区",), required=True), 12),
    (Column("dimension", ("类型（维度）", "类型", "维度")), 18),
    (Column("kind", ("部分",)), 7),
    (Column("code", ("编号",)), 8),
    (Column("name", ("指标/题目", "指标／题目", "指标", "题目")), 28),
    (Column("lost", ("失分",)), 8),
    (Column("why", ("原因",)), 36),
    (Column("lead", ("牵头科室",)), 13),
    (Column("office", ("责任科室",)), 13),
    (Column("action", ("整改措施",), required=True), 36),
    (Column("person", ("责任人",)), 11),
    (Column("deadline", ("时限",)), 12),
    (Column("progress", ("办理进展", "进展")), 10),
    (Column("earlier", ("上年情况",)), 34),
)
COLUMNS = tuple(column for column, _ in SHEET)
FILLED = ("action", "person", "deadline", "progress")
_LAST = ("community", "dimension", "kind", "code", "name", "lost", "lead", "office", "action", "person", "outcome")
_FILL, _EDGE = "#FFF8E6", "#E4E7EC"


def task_workbook(
    found: TaskList,
    rows: Sequence[TaskRow],
    lang: str,
    last: tuple[TaskList, Sequence[TaskRow]] | None = None,
    about: str = "",
) -> bytes:
    """The .xlsx of some tasks of a year; ``last``: those of the year before with what became of them; ``about``: whose."""
    lang = language(lang)
    meta = found.results.meta
    title = say(lang, "tasks.title", year=found.year)
    book = Book(
        lang=lang,
        subject=f"{title} · {about}" if about else title,
        notices=[
            say(lang, f"export.notice.{key}") for key in ("sample", "illustrative", "provisional") if meta.get(key)
        ],
        created=datetime.fromisoformat(meta["computed_at"]).replace(tzinfo=None),
        own_names=True,
    )
    page = book.page(say(lang, "tasks.sheet"))
    page.text(say(lang, "tasks.reading"), font_color=MUTED)
    _tasks(page, found, rows)
    if last is not None:
        page = book.page(say(lang, "tasks.sheet_last", year=last[0].year))
        page.text(say(lang, "tasks.reading_last", year=last[0].year, after=found.year), font_color=MUTED)
        _last(page, last[0], last[1])
    notes = book.page(say(lang, "tasks.sheet_notes"), landscape=False)
    notes.sheet.set_column(0, 0, 100)
    for line in say(lang, "tasks.notes").split("|"):
        notes.text(line)
    return book.finish()


def _tasks(page: Page, found: TaskList, rows: Sequence[TaskRow]) -> None:
    book, top = page.book, page.row
    for place, (column, width) in enumerate(SHEET):
        page.sheet.set_column(place, place, width)
        align = "right" if column.key == "lost" else "left"
        page.put(
            top,
            place,
            f"{column.headers[0]} {column.key}",
            bold=True,
            bg_color=HEAD,
            bottom=1,
            text_wrap=True,
            align=align,
        )
    for at, row in enumerate(rows, top + 1):
        values = _given(found, row, book.lang)
        for place, column in enumerate(COLUMNS):
            if column.key in FILLED:
                _filled(page, at, place, column.key, row)
            else:
                shows = {"lost": "points", "year": "value"}.get(column.key, "text")
                page.put(
                    at,
                    place,
                    values[column.key],
                    shows,
                    text_wrap=column.key in ("why", "name", "earlier"),
                    border=1,
                    border_color=_EDGE,
                )
    page.row = top + 1 + len(rows)
    page.sheet.freeze_panes(top + 1, 2)
    page.sheet.repeat_rows(top)
    if rows:
        page.sheet.autofilter(top, 0, top + len(rows), len(SHEET) - 1)
        _checks(page.sheet, found, top + 1, top + len(rows), book.lang)


def _given(found: TaskList, row: TaskRow, lang: str) -> dict[str, Any]:
    """The cells that come from the results."""
    loss = row.loss
    return {
        "year": found.year,
        "community": loss["community"],
        "dimension": dimension_names(found, lang).get(loss["dimension"], loss["dimension"]),
        "kind": kind_word(lang, loss["kind"]),
        "code": loss["code"],
        "name": loss[f"name_{lang}"] or loss["name_zh"],
        "lost": loss["points_lost"],
        "why": reason(loss, lang),
        "lead": "、".join(offices_of(loss["lead_office"])) or None,
        "office": "、".join(answering(loss)) or None,
        "earlier": earlier_words(lang, found, row),
    }


def dimension_names(found: TaskList, lang: str) -> Mapping[str, str]:
    """Code → name in the reader's language."""
    return {d["code"]: d[f"name_{lang}"] or d["name_zh"] or d["code"] for d in found.results.meta["dimensions"]}


def _filled(page: Page, at: int, place: int, key: str, row: TaskRow) -> None:
    """A cell for the office to fill in, with what it said before."""
    look: dict[str, Any] = {"bg_color": _FILL, "border": 1, "border_color": _EDGE, "text_wrap": True}
    value = getattr(row.task, key) if row.task else ""
    if key == "deadline":
        form = page.book.format("value", num_format="yyyy-mm-dd", **look)
        if value:
            page.sheet.write_datetime(at, place, datetime.fromisoformat(value), form)
        else:
            page.sheet.write_blank(at, place, None, form)
        return
    if key == "progress" and value:
        value = say(page.book.lang, f"tasks.state.{value}")
    page.put(at, place, value or None, **look)


def _checks(sheet: Any, found: TaskList, first: int, last: int, lang: str) -> None:
    """What the cells take as they are typed: a day from the year's first on, a progress of the list, texts not too long."""
    place = {column.key: at for at, column in enumerate(COLUMNS)}
    sheet.data_validation(
        first,
        place["deadline"],
        last,
        place["deadline"],
        {
            "validate": "date",
            "criteria": ">=",
            "value": datetime(found.year, 1, 1),
            "error_title": say(lang, "tasks.check"),
            "error_message": say(lang, "tasks.check_deadline", year=found.year),
        },
    )
    words = [say(lang, f"tasks.state.{p}") for p in PROGRESS]
    sheet.data_validation(
        first,
        place["progress"],
        last,
        place["progress"],
        {
            "validate": "list",
            "source": words,
            "error_title": say(lang, "tasks.check"),
            "error_message": say(lang, "tasks.check_progress"),
        },
    )
    sheet.data_validation(
        first,
        place["action"],
        last,
        place["action"],
        {
            "validate": "length",
            "criteria": "<=",
            "value": limits.TYPED_TEXT,
            "error_title": say(lang, "tasks.check"),
            "error_message": say(lang, "tasks.check_length", most=limits.TYPED_TEXT),
        },
    )


def _last(page: Page, found: TaskList, rows: Sequence[TaskRow]) -> None:
    """The year before: each task with its outcome."""
    lang = page.book.lang
    widths = {column.key: width for column, width in SHEET} | {"outcome": 30}
    for place, key in enumerate(_LAST):
        page.sheet.set_column(place, place, widths[key])
        page.put(page.row, place, say(lang, f"tasks.column.{key}"), bold=True, bg_color=HEAD, bottom=1)
    page.sheet.freeze_panes(page.row + 1, 1)
    for at, row in enumerate(rows, page.row + 1):
        values = _given(found, row, lang)
        values |= {key: (getattr(row.task, key) or None) if row.task else None for key in ("action", "person")}
        values["outcome"] = outcome_words(lang, row.outcome) if row.outcome else None
        for place, key in enumerate(_LAST):
            page.put(at, place, values[key], "points" if key == "lost" else "text", text_wrap=key in ("name", "action"))
    page.row += 1 + len(rows)
