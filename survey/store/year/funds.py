"""The balance of the special fund (专项资金), entered by hand for each year and payer; every entry is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from survey.store import audit
from survey.store.engine.base import now
from survey.store.engine.tables_year import funds


@dataclass(frozen=True)
class Balance:
    """What a payer has for a year, in fen, on whose word and by which document; ``street`` empty: for the whole district."""

    year: int
    payer: str
    amount: int
    document: str
    date: str
    who: str
    at: datetime
    street: str = ""


def enter(
    conn: Connection,
    year: int,
    payer: str,
    amount: int,
    *,
    document: str = "",
    date: str = "",
    who: str = "",
    street: str = "",
) -> Balance:
    """Keep a balance in fen; the newest of a year, payer and street counts."""
    values = {
        "year": year,
        "payer": payer,
        "amount": amount,
        "document": document,
        "date": date,
        "who": who,
        "at": now(),
        "street": street,
    }
    conn.execute(insert(funds).values(**values))
    detail = {"payer": payer, "amount": amount, "document": document, "date": date}
    detail |= {"street": street} if street else {}
    audit.record(conn, who, "fund balance", str(year), detail)
    return Balance(**values)  # type: ignore[arg-type]


def balances(conn: Connection, year: int, street: str | None = None) -> dict[str, Balance]:
    """Payer → the balance that counts, in the order of the payers' first entries.

    ``street``: what was entered for one street; None: of every street and of the district, added up by payer.
    """
    newest = select(func.max(funds.c.id)).where(funds.c.year == year).group_by(funds.c.payer, funds.c.street)
    columns = [c for c in funds.c if c.name != "id"]
    query = select(*columns).where(funds.c.id.in_(newest.scalar_subquery())).order_by(funds.c.id)
    found: dict[str, Balance] = {}
    for row in conn.execute(query if street is None else query.where(funds.c.street == street)).mappings():
        one = Balance(**row)
        known = found.get(one.payer)
        found[one.payer] = one if known is None else _together(known, one)
    return found


def _together(first: Balance, second: Balance) -> Balance:
    documents = "；".join(dict.fromkeys(d for d in (first.document, second.document) if d))
    return replace(second, amount=first.amount + second.amount, document=documents, street="")


def history(conn: Connection, year: int) -> list[Balance]:
    """Every entry of a year, oldest first."""
    columns = [c for c in funds.c if c.name != "id"]
    rows = conn.execute(select(*columns).where(funds.c.year == year).order_by(funds.c.id)).mappings()
    return [Balance(**row) for row in rows]
