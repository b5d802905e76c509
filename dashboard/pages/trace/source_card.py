"""An item or indicator: how its points come about, the batches or the value behind it, and the rows of a batch."""

from __future__ import annotations

from typing import Any

from dash import html

from analysis.improvement.lost_points import reason
from analysis.statistics.notes import note_text
from dashboard.data.year import Row
from dashboard.figures import numbers
from dashboard.pages.trace.pieces import code_of, name_in, said_word, table
from dashboard.pages.trace.service import SHOWN, Traced
from dashboard.parts.basic import badge, card, heading, link, mode_word
from dashboard.web.address import Address, in_path
from survey.core.lang import known, said_who, say


def source_cards(data: Traced, address: Address) -> list[html.Section]:
    """What is chosen, then where it comes from."""
    lang = address.lang
    cards = [_points(data, address)]
    if data.source is None:
        return [*cards, card([heading(say(lang, "page_trace.source")), html.P(say(lang, "page_trace.no_source"))])]
    if data.kind == "objective":
        return [*cards, _values(data, address)]
    cards.append(_batches(data, address))
    if data.batch is not None and data.rows_may:
        cards.append(_rows(data, address))
    return cards


def _points(data: Traced, address: Address) -> html.Section:
    lang, one = address.lang, data.chosen
    assert one is not None
    if one.get("counts") is False:
        to = link(say(lang, "page_trace.answers"), address.link("/answers", item=one["item"], community=data.code))
        head = html.Div(html.H2(name_in(one, lang)), className="heading")
        return card([head, html.P(say(lang, "page_trace.item_uncounted")), html.P(to)])
    got, full = numbers.points(one["points_got"], 2), numbers.points(one["points"])
    if data.kind == "objective":
        value = said_word(one["value"])
        text = say(lang, "page_trace.indicator", value=value, got=got, full=full)
        why = reason({**one, "kind": "objective"}, lang)
        more: list[Any] = [html.P(why)] if why else []
        more.append(
            html.P(
                link(say(lang, "page_trace.said"), address.link("/indicators", at=f"{data.code}~{one['indicator']}"))
            )
        )
    elif one["score"] is None:
        text, more = say(lang, "page_trace.item_hidden"), []
    else:
        text = say(
            lang,
            "page_trace.item",
            score=numbers.points(one["score"], 2),
            low=numbers.points(one.get("low"), 1),
            high=numbers.points(one.get("high"), 1),
            n=numbers.count(one["n"]),
            got=got,
            full=full,
        )
        more = [
            html.P(
                link(say(lang, "page_trace.answers"), address.link("/answers", item=one["item"], community=data.code))
            )
        ]
    title = [name_in(one, lang), " ", badge(say(lang, f"dash_words.{data.kind}"), data.kind)]
    return card([html.Div(html.H2(title), className="heading"), html.P(text), *more])


def _values(data: Traced, address: Address) -> html.Section:
    """Each value that was said: where it stands, who said it and why, who looked it over."""
    lang = address.lang
    assert data.source is not None
    body = [
        html.Tr(
            [
                html.Td(said_word(row["value"]), className="number"),
                html.Td(row["file"] or say(lang, "page_trace.typed")),
                html.Td(row["sheet"] or numbers.DASH),
                html.Td(_whole(row["row"])),
                html.Td(row["cell"] or numbers.DASH),
                html.Td(" ".join(str(x) for x in (said_who(row["who"], lang), row["at"]) if x) or numbers.DASH),
                html.Td(row["reason"] or numbers.DASH),
                html.Td(_review(row, lang)),
                html.Td(_note(row, lang)),
            ]
        )
        for row in data.source.rows
    ]
    title = say(lang, "page_trace.values")
    if not body:
        return card([heading(title), html.P(say(lang, "page_trace.no_values"), className="muted")])
    columns = ("value", "file", "sheet", "row", "cell", "who", "why", "review", "note")
    return card([heading(title, say(lang, "page_trace.values_hint")), table(columns, body, lang, title)])


def _review(row: Row, lang: str) -> str:
    key = f"page_entry.state_{row['review']}"
    word = say(lang, key) if row["review"] and known(key) else str(row["review"] or numbers.DASH)
    return " ".join(str(x) for x in (word, said_who(row["reviewed_by"], lang)) if x)


def _batches(data: Traced, address: Address) -> html.Section:
    """The batches with answers, how many each, and for who may see rows how each answered."""
    lang = address.lang
    assert data.source is not None
    found, told = data.source, data.source.answers
    choices = list(dict.fromkeys(said for answers in told.values() for said in answers))
    choices.sort()
    body = []
    seen: set[int] = set()
    for row in found.rows:
        number = int(row["batch"])
        name: Any = f"{row['file']}" + (f" · {row['sheet']}" if row["sheet"] else "")
        counts = told.get(number, {}) if number not in seen else {}
        seen.add(number)
        if told and number in told:
            name = link(name, address.link(f"/trace/{in_path(data.code)}", item=code_of(data), batch=number))
        body.append(
            html.Tr(
                [
                    html.Td(str(number), className="number"),
                    html.Th(name, scope="row"),
                    html.Td(mode_word(lang, row["mode"]) if row["mode"] else numbers.DASH),
                    html.Td(_whole(row["n"]), className="number"),
                    *(html.Td(str(counts.get(said, "")), className="number") for said in choices),
                    html.Td(_note(row, lang)),
                ]
            )
        )
    title = say(lang, "page_trace.batches")
    hint = say(lang, "page_trace.recorded" if told else "page_trace.few" if found.small else "page_trace.batches_hint")
    labels = {said: _answer(data, said, lang) for said in choices}
    columns = ("batch", "file", "mode", "n", *choices, "note")
    return card([heading(title, hint), table(columns, body, lang, title, labels)])


def _rows(data: Traced, address: Address) -> html.Section:
    """The rows of one batch, each with its cell and answer, each leading to all that it changed."""
    lang = address.lang
    body = [
        html.Tr(
            [
                html.Th(
                    link(
                        say(lang, "page_trace.row_n", n=line.row) if line.row else say(lang, "page_trace.row_open"),
                        address.link(f"/trace/{in_path(data.code)}", item=code_of(data), batch=line.batch, at=line.id),
                    ),
                    scope="row",
                ),
                html.Td(line.cells or numbers.DASH),
                html.Td(_answer(data, str(line.said), lang)),
            ]
        )
        for line in data.lines
    ]
    title = say(lang, "page_trace.rows", batch=data.batch)
    hint = (
        say(lang, "page_trace.rows_more", n=SHOWN, more=data.more) if data.more else say(lang, "page_trace.rows_hint")
    )
    return card([heading(title, hint), table(("row", "cell", "answer"), body, lang, title)])


def _answer(data: Traced, said: str, lang: str) -> str:
    """An answer as it was coded, with its words where the item's distribution has them."""
    assert data.chosen is not None
    if known(f"page_trace.state_{said}"):
        return say(lang, f"page_trace.state_{said}")
    for one in data.chosen.get("distribution") or ():
        if str(one["choice"]) == said:
            return f"{said} {one.get(f'label_{lang}') or one['label_zh'] or ''}".strip()
    return said


def _note(row: Row, lang: str) -> str:
    return note_text(row["note"], lang) if row["note"] else numbers.DASH


def _whole(value: Any) -> str:
    return numbers.DASH if value is None else str(int(value))
