"""Reliability of the questionnaire: a row a dimension, its items below on a click, and what to look at in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from analysis.quality.question_warnings import ALPHA_LOW, worded
from analysis.quality.reliability import NONE_BELOW, label_of
from analysis.statistics.notes import note_text
from dashboard.figures import numbers
from dashboard.pages.quality import service
from dashboard.parts.basic import card, heading, mode_word, tables
from dashboard.parts.context import Context
from survey.core.lang import say

Block = Mapping[str, Any]


def reliability(context: Context) -> list[Any]:
    """One card a questionnaire, or the sentence that there is none."""
    lang = context.lang
    found = service.section(context.viewer, context.source, context.store, context.year, "reliability")
    forms = found.body["questionnaires"]
    title = say(lang, "page_quality.title_reliability")
    if not forms:
        return [card([heading(title), html.P(say(lang, "page_quality.nothing_scored"), className="muted")])]
    return [_card(context, form, several=len(forms) > 1) for form in forms]


def _card(context: Context, form: Mapping[str, Any], *, several: bool) -> Any:
    lang = context.lang
    title = say(lang, "page_quality.title_reliability")
    file = tables(say(lang, "page_community.download_csv"), context.address.link("/download/quality/reliability"))
    head = heading(f"{title} · {form['title']}" if several else title, reading(form, lang))
    rule = say(lang, f"page_quality.weighted_{form['weighted']}")
    notes = [html.P(note_text(";".join(form["notes"]), lang), className="hint")] if form["notes"] else []
    modes = list(dict.fromkeys(m["mode"] for b in form["dimensions"] for m in b["modes"]))
    return card(
        [
            html.Div([head, html.Div(file, className="actions")], className="card-top"),
            html.Div(
                html.Table(
                    [_head(modes, lang), html.Tbody([_row(b, modes, lang) for b in form["dimensions"]])],
                    className="lines",
                ),
                className="scroll",
            ),
            *_warnings(form["dimensions"], lang),
            html.Details(
                [
                    html.Summary(say(lang, "page_quality.items")),
                    *[_items(b, lang) for b in form["dimensions"] if b["dimension"] and b["items"]],
                ]
            ),
            html.P(say(lang, "page_quality.reliability_rule", rule=rule, least=NONE_BELOW), className="hint"),
            *notes,
        ]
    )


def reading(form: Mapping[str, Any], lang: str) -> str:
    """The card in one line, from its numbers."""
    own = [b for b in form["dimensions"] if b["dimension"]]
    known = [float(b["alpha"]) for b in own if b["alpha"] is not None]
    if not known:
        alone = all(b["k"] == 1 for b in own)
        return say(lang, "page_quality.one_item" if own and alone else "page_quality.no_alpha")
    serious = sum(w["level"] == "warn" for b in own for w in b["warnings"])
    low, high = two(min(known)), two(max(known))
    ends = {"range": low if low == high else f"{low}–{high}", "limit": two(ALPHA_LOW)}
    few = sum(a < ALPHA_LOW for a in known)
    text = say(lang, "page_quality.alpha_low" if few else "page_quality.alpha_good", count=len(known), few=few, **ends)
    return text + (say(lang, "page_quality.serious", n=serious) if serious else say(lang, "page_quality.none_serious"))


def is_doubtful(form: Mapping[str, Any]) -> bool:
    """Whether a dimension has a question to look at, or an alpha below what is asked."""
    own = [b for b in form["dimensions"] if b["dimension"]]
    low = any(b["alpha"] is not None and b["alpha"] < ALPHA_LOW for b in own)
    return low or any(w["level"] == "warn" for b in own for w in b["warnings"])


def two(value: float | None) -> str:
    """A coefficient with two decimals, ``—`` where there is none."""
    return numbers.points(value, 2)


def _head(modes: Sequence[str], lang: str) -> html.Thead:
    names = ("dimension", "alpha", "omega")
    cells = [
        html.Th(
            say(lang, f"page_quality.col_{n}"),
            scope="col",
            className="" if n == "dimension" else "number",
            title=say(lang, f"page_quality.hint_{n}"),
        )
        for n in names
    ]
    cells += [html.Th(f"α {mode_word(lang, m)}", scope="col", className="number") for m in modes]
    cells += [
        html.Th(
            say(lang, f"page_quality.col_{n}"),
            scope="col",
            className="number",
            title=say(lang, f"page_quality.hint_{n}"),
        )
        for n in ("k", "complete")
    ]
    return html.Thead(html.Tr([*cells, html.Th(say(lang, "page_quality.col_hints"), scope="col")]))


def _row(block: Block, modes: Sequence[str], lang: str) -> html.Tr:
    by_mode = {m["mode"]: m["alpha"] for m in block["modes"]}
    serious = sum(w["level"] == "warn" for w in block["warnings"])
    notes = len(block["warnings"]) - serious
    words = [say(lang, f"page_quality.{key}", n=n) for key, n in (("warns", serious), ("notes", notes)) if n]
    if block["state"] == "too_few":
        words = [say(lang, "reliability.too_few", n=block["n"], least=NONE_BELOW)]
    complete = say(lang, "page_quality.of", n=numbers.count(block["n"]), all=numbers.count(block["n_scored"]))
    cells = [_alpha(block), two(block["omega"]), *[two(by_mode.get(m)) for m in modes]]
    cells += [numbers.count(block["k"]), complete]
    hints = html.Td(
        say(lang, "dash_words.list_comma").join(words) or say(lang, "page_quality.fine"),
        className="" if serious else "muted",
    )
    return html.Tr(
        [html.Th(label_of(block, lang), scope="row"), *[html.Td(c, className="number") for c in cells], hints],
        className="" if block["dimension"] else "muted-row",
    )


def _alpha(block: Block) -> list[Any]:
    """Alpha, and its interval where there is one."""
    low, high = (two(block.get(end)) for end in ("alpha_low", "alpha_high"))
    known = "—" not in (low, high)
    return [html.B(two(block["alpha"])), *([" ", html.Small(f"{low}–{high}", className="muted")] if known else [])]


def _warnings(blocks: Sequence[Block], lang: str) -> list[Any]:
    """The sentences of each dimension that has some."""
    entries = [
        html.Li(
            [
                html.B(label_of(b, lang)),
                html.Ul(
                    [html.Li(worded(w, lang), className="warn" if w["level"] == "warn" else "") for w in b["warnings"]]
                ),
            ]
        )
        for b in blocks
        if b["warnings"]
    ]
    return [html.H3(say(lang, "page_quality.look_at")), html.Ul(entries, className="hints")] if entries else []


def _items(block: Block, lang: str) -> html.Div:
    names = (
        "item",
        "item_mean",
        "item_sd",
        "item_rest",
        "alpha_without",
        "variance_share",
        "best",
        "worst",
        "no_opinion",
    )
    head = html.Tr(
        [
            html.Th(
                say(lang, f"page_quality.col_{n}"),
                scope="col",
                className="" if n == "item" else "number",
                title=say(lang, f"page_quality.hint_{n}"),
            )
            for n in names
        ]
    )
    rows = []
    for item in block["items"]:
        shares = [f"{numbers.share(item[k])}%" for k in ("variance_share", "best_share", "worst_share", "no_opinion")]
        cells = [
            numbers.points(item["mean"], 1),
            numbers.points(item["sd"], 1),
            two(item["item_rest"]),
            two(item["alpha_without"]),
            *shares,
        ]
        name = f"{item['item']} {item[f'label_{lang}']}"
        rows.append(html.Tr([html.Th(name, scope="row"), *[html.Td(c, className="number") for c in cells]]))
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="lines")
    return html.Div([html.H3(label_of(block, lang)), html.Div(table, className="scroll")])
