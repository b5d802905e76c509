"""The ledger (拨付台账): what is due of the year's titles, what was paid, the difference; and the forms that enter payments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from analysis.awards.ledger import Ledger, Line
from analysis.awards.ledger_tables import reading
from analysis.awards.tables import money, payer_name
from dashboard.parts.basic import badge, card, download, heading
from dashboard.web.address import Address
from survey.core import limits
from survey.core.lang import enumerated, said_who, say

_BADGES = {"settled": "good", "open": "warn", "under": "warn", "over": "bad", "none": "info", "to_set": "info"}
_COLUMNS = ("community", "payer", "due_money", "paid_money", "difference", "payable", "vouchers")
_NUMBERS = ("due_money", "paid_money", "difference", "payable")
_ENTRY_COLUMNS = ("number", "community", "payer", "kind", "amount", "voucher", "date", "remark", "who")


def state_words(lang: str, line: Line) -> str:
    """What became of what is due: paid in full, or so much too little or too much."""
    return say(lang, f"page_awards.ledger_{line.state}", amount=money(lang, abs(line.difference or 0)))


def ledger_card(known: Ledger, payers: Sequence[str], address: Address, year: int, *, may_enter: bool) -> html.Section:
    """Each community and payer of the year, every entry below, and what may be entered by whoever may."""
    lang, lines = address.lang, known.of_year(year)
    files = [
        download(say(lang, f"page_awards.download_{name}"), address.link(f"/download/awards/{name}"), "button small")
        for name in ("ledger", "entries")
    ]
    key, words = reading(lang, lines)
    return card(
        [
            html.Div(
                [
                    heading(say(lang, "page_awards.ledger"), say(lang, "page_awards.ledger_hint")),
                    html.Div(files, className="actions"),
                ],
                className="card-top",
            ),
            html.P(say(lang, key, year=year, **words), className="reading"),
            _table(known, lines, lang) if lines else None,
            _entries(known, year, lang),
            *(_forms(known, payers, address, year) if may_enter else ()),
        ],
        id="ledger",
    )


def _head(names: Sequence[str], numbers: Sequence[str], lang: str) -> html.Thead:
    cells = [
        html.Th(say(lang, f"page_awards.{name}"), scope="col", className="number" if name in numbers else "")
        for name in names
    ]
    return html.Thead(html.Tr(cells))


def _table(known: Ledger, lines: Sequence[Line], lang: str) -> html.Div:
    rows = [_row(known, line, lines[at - 1].community if at else "", lang) for at, line in enumerate(lines)]
    table = html.Table([_head(_COLUMNS, _NUMBERS, lang), html.Tbody(rows)], className="lines")
    return html.Div(table, className="scroll")


def _row(known: Ledger, line: Line, before: str, lang: str) -> html.Tr:
    name = known.name(line.community)
    shown = html.Span(name, className="visually-hidden") if line.community == before else name
    told = " · ".join(x for x in (enumerated(lang, line.vouchers), line.last) if x)
    return html.Tr(
        [
            html.Th(shown, scope="row"),
            html.Td(payer_name(lang, line.payer) if line.payer else "—"),
            html.Td(money(lang, line.due), className="number"),
            html.Td(money(lang, line.paid), className="number"),
            html.Td(badge(state_words(lang, line), _BADGES[line.state]), className="number"),
            html.Td(money(lang, line.payable) if line.payable else "—", className="number"),
            html.Td(told or "—", className="muted"),
        ]
    )


def _entries(known: Ledger, year: int, lang: str) -> Any:
    """Every entry of the year, the newest first; those that count no more are struck through."""
    found = [e for e in reversed(known.entries) if e.year == year]
    if not found:
        return None
    standing = {e.id for e in known.standing}
    rows = [
        html.Tr(
            [
                html.Th(e.id, scope="row"),
                html.Td(known.name(e.community)),
                html.Td(payer_name(lang, e.payer)),
                html.Td(
                    say(lang, f"page_awards.kind_{e.kind}")
                    + (say(lang, "page_awards.of_entry", n=e.ref) if e.ref else "")
                ),
                html.Td(money(lang, e.amount), className="number"),
                html.Td(e.voucher),
                html.Td(e.date),
                html.Td(" · ".join(x for x in (e.note, e.approved_by) if x) or "—"),
                html.Td(" · ".join(x for x in (said_who(e.who, lang), known.moments.get(e.id, "")) if x)),
            ],
            className="" if e.id in standing else "taken-back",
        )
        for e in found
    ]
    table = html.Table([_head(_ENTRY_COLUMNS, ("amount",), lang), html.Tbody(rows)], className="lines")
    return html.Details(
        [html.Summary(say(lang, "page_awards.entries", n=len(found))), html.Div(table, className="scroll")]
    )


# ── What may be entered: a payment or money that came back, an entry taken back, a workbook


def _entry(name: str, lang: str, **more: Any) -> html.Label:
    label = html.Span(say(lang, f"page_awards.pay_{name}"))
    return html.Label([label, dcc.Input(id=f"pay-{name}", type="text", debounce=0.4, className="plain", **more)])


def _choice(name: str, options: Sequence[tuple[str, str]], lang: str) -> dmc.Select:
    return dmc.Select(
        id=f"pay-{name}",
        label=say(lang, f"page_awards.pay_{name}"),
        data=[{"label": label, "value": value} for value, label in options],
        value=options[0][0] if options else None,
        allowDeselect=False,
        w=190,
    )


def _button(name: str, lang: str) -> html.Button:
    return html.Button(say(lang, f"page_awards.{name}"), id=name.replace("_", "-"), className="button", type="button")


def _forms(known: Ledger, payers: Sequence[str], address: Address, year: int) -> list[html.Details]:
    lang = address.lang
    codes = list(dict.fromkeys(p.community_code for p in known.due if p.year == year))
    places = [{"value": code, "label": known.name(code)} for code in codes]
    pay = [
        dmc.Select(
            id="pay-community",
            label=say(lang, "page_awards.community"),
            data=places,
            searchable=True,
            allowDeselect=False,
            w=190,
        ),
        _choice("payer", [(p, payer_name(lang, p)) for p in payers], lang),
        _choice("kind", [(k, say(lang, f"page_awards.kind_{k}")) for k in ("paid", "returned")], lang),
        _entry("amount", lang, inputMode="decimal"),
        _entry("voucher", lang),
        _entry("date", lang, placeholder="2014-12-31"),
        _entry("note", lang),
        _button("pay_enter", lang),
    ]
    back = [_entry("number", lang, inputMode="numeric"), _entry("reason", lang), _entry("approver", lang)]
    file = [
        dcc.Upload(
            html.Span(say(lang, "page_awards.pay_choose"), className="button"),
            id="pay-file",
            accept=".xlsx,.csv",
            max_size=limits.SMALL_UPLOAD_BYTES,
        ),
        download(say(lang, "page_awards.pay_template"), address.link("/download/awards/payments_form"), "button"),
    ]
    shown = [("pay_title", pay), ("pay_back_title", [*back, _button("pay_back", lang)]), ("pay_file_title", file)]
    return [
        html.Details([html.Summary(say(lang, f"page_awards.{title}")), html.Div(fields, className="inline-form")])
        for title, fields in shown
        if codes or title == "pay_back_title"
    ]
