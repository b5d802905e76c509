"""What would lift a community: the indicators and items that cost most, why, and who answers for them."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import numbers
from dashboard.components.basic import badge, card, heading
from dashboard.services.community import Community, Loss, lift
from dashboard.services.street import name_of
from survey.lang import known, say


def losses(data: Community, lang: str) -> html.Section:
    """The table and the line that says what it would take."""
    if not data.losses:
        table: Any = html.P(say(lang, "page_community.no_losses"), className="muted")
    else:
        head = [html.Th(say(lang, f"page_community.col_{c}"), scope="col", className=c)
                for c in ("dimension", "item", "lost", "reason", "office")]  # fmt: skip
        table = html.Table(
            [html.Thead(html.Tr(head)), html.Tbody([_row(x, lang) for x in data.losses])], className="losses"
        )
    return card([heading(say(lang, "page_community.lift"), need(data, lang)), table], "losses-card")


def need(data: Community, lang: str) -> str:
    """How far the next star is and what would cover it."""
    row = data.row
    if data.state != "rated" or row["star_next_gap"] is None or not data.losses:
        return say(lang, "page_community.lift_top")
    gap = float(row["star_next_gap"])
    key, count = lift(data.losses, gap)
    text = say(
        lang,
        f"page_community.lift_{key}",
        star=numbers.star_word(lang, int(row["star"]) + 1),
        gap=_short(gap),
        count=count,
    )
    if data.sure is None or data.sure <= gap + 0.5:
        return text
    return text + say(lang, "page_community.lift_sure", sure=numbers.points(data.sure))


def _short(gap: float) -> str:
    from dashboard.pages.overview import gap as words

    return words(gap)


def _row(loss: Loss, lang: str) -> html.Tr:
    row = loss.row
    name = row.get(f"name_{lang}") or row.get(f"label_{lang}") or row.get("name_zh") or row.get("label_zh") or ""
    dimension = name_of(loss.dimension, lang)[0] if loss.dimension else numbers.DASH
    why = reason(loss, lang)
    return html.Tr([
        html.Td(dimension, className="dimension"),
        html.Th([html.Span(name), badge(say(lang, f"dash_words.{loss.kind}"), loss.kind)], className="item", scope="row"),
        html.Td(f"{numbers.MINUS}{numbers.points(loss.lost, 1)}", className="lost"),
        html.Td(why, className="reason", title=why),
        html.Td(offices(loss), className="office"),
    ])  # fmt: skip


def reason(loss: Loss, lang: str) -> str:
    """Why the points are lost, in words."""
    row = loss.row
    if loss.kind == "objective":
        key = row.get("reason") or ""
        return say(lang, key, **(row.get("reason_params") or {})) if known(key) else ""
    choices = row.get("distribution") or []
    if len(choices) >= 3:
        best = sum(float(c["share"]) for c in choices[: len(choices) // 2])
        return say(lang, "page_community.item_reason", share=numbers.share(best))
    return say(lang, "page_community.item_reason_score", score=numbers.points(row["score"]))


def offices(loss: Loss) -> str:
    """The lead office of the dimension, then the one that answers for this indicator or item."""
    lead = str((loss.dimension or {}).get("lead_office") or "")
    own = str(loss.row.get("office") or loss.row.get("offices") or "")
    found = [o for text in (lead, own) for o in text.replace(",", "、").replace("，", "、").split("、") if o]
    return "、".join(dict.fromkeys(found)) or numbers.DASH
