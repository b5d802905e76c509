"""What each title paid: a community's titles year by year, the amount of each, the payers' shares and the rule behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from analysis.awards.amounts import Amounts
from analysis.cycle.inherited_titles import INHERITED

#: titles that may pay (the others are listed with 0 and their reason)
_RISES = ("first", "renamed", "promoted")


@dataclass(frozen=True)
class Payment:
    """One title of a community and what it pays.

    ``below``: the highest star that was paid before (0: none); ``amount`` in fen, None where the scheme leaves it to be
    set by hand; ``shares``: payer → fen; ``rule``: text key of the reason; ``unstated``: the founding document does not
    say what is paid for this rise, the scheme's setting does; ``held``: the star held before (0: none, or revoked).
    """

    community_code: str
    year: int
    star: int
    below: int
    event: str
    amount: int | None
    rule: str
    shares: Mapping[str, int] = field(default_factory=dict)
    unstated: bool = False
    document: str = ""
    date: str = ""
    held: int = 0


def payments(titles: pd.DataFrame, amounts: Callable[[int], Amounts]) -> list[Payment]:
    """The payments of a history of titles (``survey.store.year.cycle.titles``), by year and in its order.

    ``amounts``: those of a year's scheme.  A first award pays the award of its star, a rise the difference (a jump the sum
    of its steps); keeping a star, falling and losing it pay nothing and take nothing back.  With ``high_water`` a rise
    pays only what lies above the highest star paid before, so nobody is paid twice for rising to the same star; with
    ``step`` it pays from the star held.
    """
    paid: dict[str, int] = {}  # the highest star paid
    held: dict[str, int] = {}
    found = []
    for row in titles.sort_values("year", kind="stable").to_dict("records"):
        code, star, event = str(row["community_code"]), int(row["star"]), str(row["event"])
        if event == INHERITED:  # whoever continues others continues what they were paid and held
            sources, pick = str(row["sources"]).split("|"), max if row["rule"] == "highest" else min
            paid[code], held[code] = pick(paid.get(source, 0) for source in sources), star
            continue
        rules = amounts(int(row["year"]))
        high, before = paid.get(code, 0), held.get(code, 0)
        base = high if rules.repromotion == "high_water" else before
        found.append(replace(_payment(rules, {str(k): v for k, v in row.items()}, star, base, high), held=before))
        paid[code] = max(high, star if event in _RISES else 0)
        held[code] = star if event != "suspended" else before
    return found


def _payment(rules: Amounts, row: Mapping[str, Any], star: int, base: int, high: int) -> Payment:
    event = str(row["event"])
    amount: int | None = 0
    unstated = False
    if event not in _RISES:
        rule = f"awards.rule.{event}"
    elif star <= base:
        rule = "awards.rule.paid_before"
    else:
        amount, unstated = rules.rise(base, star), rules.crosses(base, star)
        rule = _rule(rules, star, base, high, unstated)
    shares = rules.split(star, amount) if amount else {}
    return Payment(
        community_code=str(row["community_code"]),
        year=int(row["year"]),
        star=star,
        below=base,
        event=event,
        amount=amount,
        rule=rule,
        shares=shares,
        unstated=unstated,
        document=str(row.get("document") or ""),
        date=str(row.get("date") or ""),
    )


def _rule(rules: Amounts, star: int, base: int, high: int, unstated: bool) -> str:
    if base == 0:
        return "awards.rule.first" if high == 0 else "awards.rule.first_again"
    if unstated:
        return f"awards.rule.tier_{rules.tier_promotion}"
    return "awards.rule.jump" if star - base > 1 else "awards.rule.promoted"


def what_if(titles: pd.DataFrame, stars: Mapping[str, int], year: int, amounts: Amounts) -> dict[str, Payment]:
    """What each community would be paid if it were named with this star (``stars``: code → star) in ``year``.

    The titles of that year and later are left out: it is a look ahead from the years before.
    """
    past = titles[titles["year"] < year]
    codes = list(stars)
    rows = pd.DataFrame(
        {
            "community_code": codes,
            "year": year,
            "star": [stars[c] for c in codes],
            "decided_by": "",
            "document": "",
            "date": "",
            "event": [_event(past, c, stars[c]) for c in codes],
        }
    )
    whole = pd.concat([past, rows], ignore_index=True) if len(past) else rows
    return {p.community_code: p for p in payments(whole, lambda _: amounts) if p.year == year}


def _event(past: pd.DataFrame, code: str, star: int) -> str:
    mine = past.loc[past["community_code"] == code].sort_values("year", kind="stable")
    before = int(mine["star"].iloc[-1]) if len(mine) else 0
    if star == before:
        return "kept" if star else "revoked"
    if star > before:
        return "promoted" if before else "renamed" if len(mine) else "first"
    return "demoted" if star else "revoked"


def totals(found: Iterable[Payment]) -> dict[str, int]:
    """Payer → fen of all payments."""
    sums: dict[str, int] = {}
    for payment in found:
        for payer, amount in payment.shares.items():
            sums[payer] = sums.get(payer, 0) + amount
    return sums
