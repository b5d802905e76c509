"""Targets of a street, what the titles of the year pay, who pays how much, and what was paid out of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.awards.amounts import yuan
from analysis.awards.tables import payer_name, rule_words
from analysis.exports.workbook_writer import MUTED, Formula, Page
from analysis.papers.street.one_street import Street, headed
from survey.core.lang import say

_OPEN = Formula("{due}-{paid}", ("due", "paid"), lambda due, paid: due - paid)


def targets(page: Page, street: Street) -> None:
    """Every target by calculation and by title, then the star that each community aims at."""
    lang = page.book.lang
    head = [
        ("basis", "text", 20),
        ("star", "text", 14),
        ("share", "share", 10),
        ("due_year", "value", 10),
        ("communities", "count", 10),
        ("required", "count", 10),
        ("reached", "count", 10),
        ("missing", "count", 10),
        ("state", "text", 18),
    ]
    page.text(say(lang, "street_papers.reading.targets"), font_color=MUTED)
    progress = street.goals.progress if street.goals is not None else {}
    rows = [
        {
            "basis": say(lang, f"street_papers.basis.{basis}"),
            "star": say(lang, "street_papers.at_least", star=say(lang, f"export.star.{p.target.star}")),
            "share": p.target.share,
            "due_year": p.target.due_year,
            "communities": p.of,
            "required": p.required,
            "reached": p.reached,
            "missing": p.missing,
            "state": say(lang, f"awards.state.{p.state}") if p.state else None,
        }
        for basis, every in progress.items()
        for p in every
    ]
    page.table(headed(lang, "target", head), rows, freeze=True)
    _none(page, rows)
    goals = street.goals.goals if street.goals is not None else ()
    if goals:
        page.gap()
        page.text(say(lang, "street_papers.goals"), bold=True)
        head = [
            ("goal_community", "text", 20),
            ("goal_star", "text", 14),
            ("calculated", "text", 10),
            ("title", "text", 10),
        ]
        lines = [
            {
                "goal_community": goal.name,
                "goal_star": f"{say(lang, f'export.star.{goal.star}')} · {goal.due_year}",
                "calculated": _star(goal.calculated, lang),
                "title": _star(goal.title, lang),
            }
            for goal in goals
        ]
        page.table(headed(lang, "target", head), lines)


def awards(page: Page, street: Street) -> None:
    """One row a title and payer: the amount of the title, its share, the rule behind it."""
    lang = page.book.lang
    head = [
        ("community", "text", 15),
        ("star", "text", 8),
        ("event", "text", 9),
        ("payer", "text", 10),
        ("share", "money", 13),
        ("rule", "text", 28),
        ("document", "text", 17),
        ("date", "text", 11),
    ]
    page.text(say(lang, "street_papers.reading.awards"), font_color=MUTED)
    rows: list[dict[str, Any]] = []
    for payment in street.payments:
        common = {
            "community": street.names.get(payment.community_code, payment.community_code),
            "star": _star(payment.star, lang),
            "event": say(lang, f"awards.event.{payment.event}"),
            "rule": rule_words(lang, payment),
            "document": payment.document or None,
            "date": payment.date or None,
        }
        # an amount that is to be set by hand is no 0
        shares: list[tuple[str | None, float | None]] = [
            (payer_name(lang, payer), yuan(part)) for payer, part in payment.shares.items()
        ] or [(None, None if payment.amount is None else yuan(payment.amount))]
        rows += [{**common, "payer": payer, "share": part} for payer, part in shares]
    total = say(lang, "export.column.total") if rows else ""
    page.table(headed(lang, "award", head, ("share",)), rows, total=total, freeze=True)
    _none(page, rows)


def payers(page: Page, street: Street) -> None:
    """One row a payer: due, paid, still open, in yuan."""
    lang = page.book.lang
    head = [
        ("payer", "text", 24),
        ("communities", "count", 12),
        ("due", "money", 20),
        ("paid", "money", 20),
        ("open", "money", 20),
    ]
    page.text(say(lang, "street_papers.reading.payers"), font_color=MUTED)
    rows = []
    for payer in dict.fromkeys(line.payer for line in street.lines if line.payer):
        mine = [line for line in street.lines if line.payer == payer]
        due, paid = sum(line.due or 0 for line in mine), sum(line.paid for line in mine)
        rows.append(
            {
                "payer": payer_name(lang, payer),
                "communities": len({line.community for line in mine}),
                "due": yuan(due),
                "paid": yuan(paid),
                "open": yuan(due - paid),
            }
        )
    total = say(lang, "export.column.total") if rows else ""
    columns = headed(lang, "ledger", head, ("due", "paid", "open"))
    page.table(columns, rows, formulas={"open": _OPEN}, total=total, freeze=True)
    _none(page, rows)
    by_hand = [street.names.get(line.community, line.community) for line in street.lines if line.due is None]
    if by_hand:
        page.text(say(lang, "street_papers.by_hand", n=len(by_hand), names=by_hand), font_color=MUTED)


def ledger_lines(page: Page, street: Street) -> None:
    """One row a community and payer: due, paid, difference, the day of the last payment and the vouchers."""
    lang = page.book.lang
    head = [
        ("community", "text", 15),
        ("payer", "text", 10),
        ("due", "money", 14),
        ("paid", "money", 14),
        ("open", "money", 14),
        ("state", "text", 10),
        ("last", "text", 11),
        ("vouchers", "text", 24),
    ]
    page.text(say(lang, "street_papers.reading.ledger"), font_color=MUTED)
    rows = [
        {
            "community": street.names.get(line.community, line.community),
            "payer": payer_name(lang, line.payer) if line.payer else None,
            "due": None if line.due is None else yuan(line.due),
            "paid": yuan(line.paid),
            "open": None if line.difference is None else yuan(line.difference),
            "state": say(lang, f"street_papers.paid.{line.state}"),
            "last": line.last or None,
            "vouchers": "、".join(line.vouchers) or None,
        }
        for line in street.lines
    ]
    total = say(lang, "export.column.total") if rows and not any(r["due"] is None for r in rows) else ""
    columns = headed(lang, "ledger", head, ("due", "paid", "open"))
    page.table(columns, rows, formulas={"open": _OPEN}, total=total, freeze=True)
    _none(page, rows)


def _star(star: Any, lang: str) -> str | None:
    return None if star is None else say(lang, f"export.star.{int(star)}")


def _none(page: Page, rows: Sequence[Any]) -> None:
    if not rows:
        page.text(say(page.book.lang, "street_papers.nothing"), font_color=MUTED)
