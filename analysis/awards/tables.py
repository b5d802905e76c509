"""Payments, forecast and targets as tables that a person signs and a program reads; amounts in yuan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.awards.amounts import yuan
from analysis.awards.forecast import Forecast
from analysis.awards.payments import Payment
from analysis.awards.targets import Goal, Progress
from analysis.scheme.options import payer_key
from survey.core.columns import CODE, DATE, FLAG, NUMBER, SHARE, TEXT, WHOLE, Column, columns
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, known, say
from survey.files.own_workbooks import header_key

PAYMENT_COLUMNS = columns(
    Column("year", WHOLE),
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("star", WHOLE),
    Column("event", CODE),
    Column("below", WHOLE),
    Column("amount", NUMBER),
    Column("payer", CODE),
    Column("share", NUMBER),
    Column("unstated", FLAG),
    Column("rule", TEXT),
    Column("document", TEXT),
    Column("date", DATE),
)
FORECAST_COLUMNS = columns(
    Column("payer", CODE),
    Column("amount", NUMBER),
    Column("expected", NUMBER),
    Column("low", NUMBER),
    Column("high", NUMBER),
    Column("balance", NUMBER),
    Column("short", NUMBER),
)
TARGET_COLUMNS = columns(
    Column("year", WHOLE),
    Column("basis", CODE),
    Column("star", WHOLE),
    Column("share", SHARE),
    Column("due_year", WHOLE),
    Column("communities", WHOLE),
    Column("required", WHOLE),
    Column("reached", WHOLE),
    Column("missing", WHOLE),
    Column("expected", NUMBER),
    Column("state", CODE),
)
GOAL_COLUMNS = columns(
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("star", WHOLE),
    Column("due_year", WHOLE),
    Column("calculated", WHOLE),
    Column("title", WHOLE),
    Column("state", CODE),
)


def payer_name(lang: str, payer: str) -> str:
    """A payer as the reader knows it; one that only the scheme knows by its own name."""
    key = f"awards.payer.{payer}"
    return say(lang, key) if known(key) else payer


def payer_called(payers: Iterable[str], word: str) -> str:
    """The payer among those of a scheme that goes by this word; raises Refused naming those there are."""
    every = list(dict.fromkeys(payers))
    words = {
        header_key(text): name for name in every for text in (name, *(payer_name(lang, name) for lang in LANGUAGES))
    }
    found = words.get(header_key(word), payer_key(word))
    if found not in every:
        raise Refused("awards.unknown_payer", found=word, known=[*every, *(payer_name("zh", n) for n in every)])
    return found


def money(lang: str, amount: int | None) -> str:
    """An amount in fen in words: 万元 in Chinese where it is whole in hundreds of yuan, else yuan and fen."""
    if amount is None:
        return say(lang, "awards.to_set")
    if lang == "zh" and amount % 1_000_000 == 0:
        return f"{amount // 1_000_000} 万元" if amount else "0"
    if lang == "zh" and amount % 10_000 == 0:
        return f"{amount / 1_000_000:.2f}".rstrip("0") + " 万元"
    text = f"{amount // 100:,}" + (f".{amount % 100:02d}" if amount % 100 else "")
    return f"{text} 元" if lang == "zh" else f"¥{text}"


def rule_words(lang: str, payment: Payment) -> str:
    """The rule behind an amount, in one sentence."""
    return say(lang, payment.rule, star=payment.star, below=payment.below, amount=money(lang, payment.amount))


def payment_table(found: Sequence[Payment], names: Mapping[str, str], lang: str) -> pd.DataFrame:
    """``PAYMENT_COLUMNS``: one row a title and payer, a title that pays nothing with one row without payer."""
    rows = [row for payment in found for row in _payment_rows(payment, names, lang)]
    frame = pd.DataFrame(rows, columns=list(PAYMENT_COLUMNS.names))
    typed: pd.DataFrame = PAYMENT_COLUMNS.typed(frame)
    return typed


def _payment_rows(payment: Payment, names: Mapping[str, str], lang: str) -> list[dict[str, Any]]:
    common = {
        "year": payment.year,
        "community_code": payment.community_code,
        "community": names.get(payment.community_code, payment.community_code),
        "star": payment.star,
        "event": payment.event,
        "below": payment.below,
        "amount": None if payment.amount is None else yuan(payment.amount),
        "unstated": payment.unstated,
        "rule": rule_words(lang, payment),
        "document": payment.document,
        "date": payment.date,
    }
    shares = [{"payer": payer, "share": yuan(part)} for payer, part in payment.shares.items()]
    return [{**common, **share} for share in shares or [{"payer": None, "share": None}]]


def forecast_table(found: Forecast) -> pd.DataFrame:
    """``FORECAST_COLUMNS``: one row a payer, and one for all (``payer`` ``total``), the sum of what stands above it."""
    rows: list[dict[str, Any]] = [
        {
            "payer": p.payer,
            "amount": yuan(p.amount),
            "expected": _yuan(p.expected),
            "low": _yuan(p.low),
            "high": _yuan(p.high),
            "balance": _yuan(p.balance),
            "short": _yuan(p.short),
        }
        for p in found.payers
    ]
    expected = [row["expected"] for row in rows if row["expected"] is not None]
    rows.append(
        {"payer": "total", "amount": yuan(found.total), "expected": round(sum(expected), 2) if expected else None}
    )
    frame = pd.DataFrame(rows, columns=list(FORECAST_COLUMNS.names))
    typed: pd.DataFrame = FORECAST_COLUMNS.typed(frame)
    return typed


def _yuan(value: float | None) -> float | None:
    return None if value is None else round(value / 100, 2)


def target_table(year: int, found: Mapping[str, Sequence[Progress]]) -> pd.DataFrame:
    """``TARGET_COLUMNS``: one row a target and basis (``calculated``, ``title``)."""
    rows = [
        {
            "year": year,
            "basis": basis,
            "star": p.target.star,
            "share": p.target.share,
            "due_year": p.target.due_year,
            "communities": p.of,
            "required": p.required,
            "reached": p.reached,
            "missing": p.missing,
            "expected": p.likely,
            "state": p.state,
        }
        for basis, every in found.items()
        for p in every
    ]
    typed: pd.DataFrame = TARGET_COLUMNS.typed(pd.DataFrame(rows, columns=list(TARGET_COLUMNS.names)))
    return typed


def goal_table(found: Sequence[Goal]) -> pd.DataFrame:
    """附件2: ``GOAL_COLUMNS``, one row a community's goal."""
    rows = [
        {
            "community_code": g.code,
            "community": g.name,
            "star": g.star,
            "due_year": g.due_year,
            "calculated": g.calculated,
            "title": g.title,
            "state": g.state,
        }
        for g in found
    ]
    typed: pd.DataFrame = GOAL_COLUMNS.typed(pd.DataFrame(rows, columns=list(GOAL_COLUMNS.names)))
    return typed


def by_payer(found: Sequence[Payment], pick: Callable[[Payment], Any]) -> dict[Any, dict[str, int]]:
    """Group (a year, a community) → payer → fen."""
    sums: dict[Any, dict[str, int]] = {}
    for payment in found:
        mine = sums.setdefault(pick(payment), {})
        for payer, part in payment.shares.items():
            mine[payer] = mine.get(payer, 0) + part
    return sums
