"""Receipt, collection progress and the list of imports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import html

from dashboard.figures import numbers
from dashboard.pages.imports.service.import_history import Aftermath, Batch, Progress, correction_words
from dashboard.parts.basic import asked_first, badge, card, download, heading, link
from dashboard.web.address import Address
from survey.core.lang import say
from survey.core.masking import masked


def local_time(moment: datetime, zone: str) -> str:
    """2014-11-20 16:02 in the store's time zone."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo("UTC"))
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def progress_card(found: Sequence[Progress], year: int | None, lang: str) -> html.Section:
    """Every community against the minimum."""
    if year is None or not found:
        return card(
            [
                html.H2(say(lang, "page_import.progress_title")),
                html.P(say(lang, "page_import.progress_none"), className="muted"),
            ]
        )
    head = [
        html.Th(say(lang, "page_import.community"), scope="col"),
        html.Th(say(lang, "page_import.mode"), scope="col", className="modes"),
        html.Th(say(lang, "page_import.progress_col_stored"), scope="col", className="number"),
        html.Th(say(lang, "page_import.progress_col_minimum"), scope="col", className="number"),
        html.Td(),
        html.Td(),
        html.Th(say(lang, "page_import.progress_col_objective"), scope="col"),
    ]
    table = html.Table(
        [html.Thead(html.Tr(head)), html.Tbody([_progress(p, year, lang) for p in found])],
        className="lines progress-table",
    )
    return card([heading(say(lang, "page_import.progress", year=year)), html.Div(table, className="scroll tall")])


def _progress(p: Progress, year: int, lang: str) -> html.Tr:
    share = 100.0 if not p.wanted else min(100.0, 100 * max(0, p.wanted - p.short) / p.wanted)
    bar = html.Div(
        html.I(className="fill", style={"width": f"{share:.0f}%"}), className="progress" + ("" if p.short else " met")
    )
    text = say(lang, "page_import.progress_short", n=p.short) if p.short else say(lang, "page_import.progress_enough")
    if p.settled:
        text = say(lang, "page_import.progress_settled")
    objective = (
        say(lang, "page_import.progress_missing", n=p.missing_indicators)
        if p.missing_indicators or not p.indicators
        else say(lang, "page_import.progress_reported")
    )
    modes = [
        say(lang, "page_import.mode_count", mode=say(lang, f"dash_words.mode_{m}"), n=numbers.count(n))
        for m, n in p.modes
    ]
    return html.Tr(
        [
            html.Th(p.community, scope="row"),
            html.Td(" · ".join(modes), className="muted modes"),
            html.Td(numbers.count(p.stored), className="number"),
            html.Td(numbers.count(p.wanted), className="number"),
            html.Td("" if p.settled else bar, className="bar"),
            html.Td(text, className="muted" if not p.short else "short"),
            html.Td(
                link(objective, Address("/indicators", lang, year).link(community=p.code)),
                className="short" if p.missing_indicators and not p.settled else "muted",
            ),
        ]
    )


def records_card(
    found: Sequence[Batch],
    address: Address,
    zone: str,
    *,
    may_undo: bool,
    frozen: Collection[int] = (),
    originals: Collection[int] = (),
    every: bool = True,
    taken: Mapping[int, Mapping[int, int]] | None = None,
) -> html.Section:
    """The imports, newest first, each with the way back for who may go it.

    ``frozen``: the batches whose year is archived, which have none; ``originals``: the batches whose original may be taken; ``every``: imports of all communities are listed;
    ``taken``: batch → who took places in it.
    """
    lang = address.lang
    title = heading(say(lang, "page_import.records"))
    if not found:
        return card(
            [
                title,
                html.P(
                    say(lang, "page_import.records_none" if every else "page_import.records_none_own"),
                    className="muted",
                ),
            ]
        )
    keys = ("time", "file", "stored", "left")
    head = [
        html.Th(say(lang, f"page_import.col_{k}"), scope="col", className="number" if k in ("stored", "left") else "")
        for k in keys
    ]
    of_several = _of_several(found)
    rows = [
        _record(
            b,
            address,
            zone,
            may_undo and b.id not in frozen,
            b.id in originals,
            of_several,
            correction_words(b, (taken or {}).get(b.id, {}), lang),
        )
        for b in found
    ]
    table = html.Table([html.Thead(html.Tr([*head, html.Td()])), html.Tbody(rows)], className="lines records")
    return card([title, html.Div(table, className="scroll tall")])


def _record(
    batch: Batch,
    address: Address,
    zone: str,
    may_undo: bool,
    may_see: bool,
    of_several: Collection[str],
    corrections: Sequence[str],
) -> html.Tr:
    lang = address.lang
    undone, gone = batch.state == "undone", batch.state == "removed"
    counts = batch.counts
    word = "redo" if undone else "undo"
    button = html.Button(
        say(lang, f"page_import.do_{word}"),
        className="button small" if undone else "button small danger",
        type="button",
        id={"type": "batch-switch", "batch": batch.id},
    )
    covers = say(lang, f"page_import.sure_{word}", file=batch.file, n=_count(counts, "stored"))
    way = asked_first(say(lang, f"page_import.{word}"), covers, button)
    back = way if may_undo and not gone and batch.kind != "register" else None
    original = None
    if may_see:
        original = download(
            say(lang, "page_import.original"), address.link(f"/download/original/{batch.id}"), "button small"
        )
    return html.Tr(
        [
            html.Td(local_time(batch.created_at, zone), className="cells"),
            html.Th(
                [
                    html.Span(_called(batch, of_several)),
                    " ",
                    html.Span(say(lang, "page_import.batch_number", batch=batch.id), className="muted"),
                    " ",
                    badge(say(lang, f"page_import.kind_{batch.kind}"), "info"),
                    badge(say(lang, f"page_import.{batch.state}"), "warn") if undone or gone else None,
                    *[html.Div(text, className="muted small") for text in corrections],
                ],
                scope="row",
            ),
            html.Td(_count(counts, "stored"), className="number"),
            html.Td(_count(counts, "refused_rows"), className="number"),
            html.Td([original, back], className="act"),
        ],
        className="undone" if undone or gone else "",
    )


def _count(counts: Any, key: str) -> str:
    value = counts.get(key)
    return numbers.count(value) if isinstance(value, int) else numbers.DASH


def receipt_card(
    batches: Sequence[Batch],
    sentence: str,
    told: Aftermath,
    address: Address,
    more: Any = None,
    answers: Sequence[str] = (),
) -> html.Section:
    """What was stored, with one sentence that can be copied into a message, and what is ``told`` of the results since;
    ``more`` leads to what still waits; ``answers``: how many of each answer were stored, question by question."""
    lang = address.lang
    lines: list[Any] = []
    if sentence:
        copy = html.Button(
            say(lang, "page_import.copy"),
            className="button small",
            type="button",
            **{"data-copy": sentence, "data-copied": say(lang, "page_import.copied")},
        )
        lines.append(html.P([html.B(sentence), " ", copy], className="to-copy"))
    of_several = _of_several(batches)
    lines += [html.P(receipt_line(b, lang, of_several)) for b in batches]
    lines += [html.P(text, className="hint") for text in told.moved]
    lines += [html.P(text, className="form-warning") for text in told.warnings]
    if answers:
        shown = html.Ul([html.Li(text) for text in answers], className="answers-stored")
        lines.append(html.Details([html.Summary(say(lang, "page_import.answers_stored")), shown]))
    values = [b for b in batches if b.kind == "indicators"]
    actions = [
        more,
        *[
            link(
                say(lang, "page_import.review"),
                address.link("/indicators", year=b.options.get("year"), batch=b.id),
                "button",
            )
            for b in values
        ],
        link(say(lang, "page_import.see_overview"), address.link("/"), "button" if more else "button primary"),
        link(say(lang, "page_import.next_step"), address.link("/start"), "button"),
        link(say(lang, "page_import.import_more"), address.link("/import"), "button"),
        *[
            download(say(lang, "page_import.receipt_findings"), address.link(f"/download/batch/{b.id}"), "button")
            for b in batches[:1]
        ],
    ]
    gone = [b for b in batches if b.state != "active"]
    title = html.H2([html.Span("✓ ", className="word-up"), say(lang, "page_import.receipt")])
    if batches and len(gone) == len(batches):
        title = html.H2(say(lang, "page_import.receipt_undone"))
    return card(
        [title, html.Div(lines, className="receipt-lines"), html.Div(actions, className="actions")],
        "receipt",
        role="status",
    )


def _of_several(found: Sequence[Batch]) -> frozenset[str]:
    """The hashes of the files of which several sheets are among these."""
    seen = Counter(b.file_hash for b in found)
    return frozenset(name for name, n in seen.items() if n > 1)


def _called(batch: Batch, of_several: Collection[str]) -> str:
    """The file, and its sheet where several of them came in."""
    return f"{batch.file} · {batch.sheet}" if batch.sheet and batch.file_hash in of_several else batch.file


def receipt_line(batch: Batch, lang: str, of_several: Collection[str] = ()) -> str:
    """问卷.xlsx：入库 612 份，2 行未入库（批次 12）."""
    counts = batch.counts
    n = _count(counts, "stored")
    stored = say(lang, f"page_import.what_{batch.kind}", n=n) if batch.kind != "answers" else ""
    text = (
        say(lang, "page_import.receipt_line", file=_called(batch, of_several), stored=n)
        if not stored
        else say(lang, "page_import.receipt_other", file=_called(batch, of_several), what=stored)
    )
    for key, name, field in (
        ("left", "rows", "refused_rows"),
        ("cells", "cells", "refused_cells"),
        ("unchanged" if batch.kind == "indicators" else "duplicates", "duplicates", "duplicates"),
        ("calls", "calls", "calls"),
        ("outcomes", "outcomes", "outcomes"),
    ):
        if counts.get(field):
            text += say(lang, f"page_import.receipt_{key}", **{name: _count(counts, field)})
    if counts.get("replaced"):
        text += say(lang, "page_import.receipt_replaced", what=say(lang, "corrections.corrects", n=counts["replaced"]))
    if batch.state != "active":
        text += say(lang, f"page_import.receipt_{batch.state}_line")
    return text + say(lang, "page_import.receipt_batch", batch=batch.id)


#: stored responses that the list of numbers alike shows; the command has all
MOST_ALIKE_SHOWN = 200


def alike_card(found: Sequence[Mapping[str, Any]], lang: str) -> html.Section:
    """Stored numbers that differ only in how they are written, each with where it came from."""
    title = heading(say(lang, "page_import.alike_numbers"), say(lang, "page_import.alike_numbers_hint"))
    if not found:
        return card([title, html.P(say(lang, "page_import.alike_none"), className="muted")])
    keys = ("year", "community", "respondent", "alike", "batch", "row")
    head = html.Tr([html.Th(say(lang, f"page_import.alike_{k}"), scope="col") for k in keys])
    rows = [html.Tr([html.Td(masked(str(line[k]))) for k in keys]) for line in found[:MOST_ALIKE_SHOWN]]
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="lines")
    return card([title, html.Div(table, className="scroll tall")])
