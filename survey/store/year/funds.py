"""The balance of the special fund (专项资金), entered by hand for each year and payer; every entry is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from survey.store import audit
from survey.store.engine.base import now
from survey.store.engine.declared.year import funds


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
    """Keep a balance in fen; which of them count, ``analysis.awards.balances`` says."""
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


def newest(conn: Connection, year: int) -> list[Balance]:
    """The newest entry of each payer and street (empty: of the whole district), in the order in which they were entered."""
    last = select(func.max(funds.c.id)).where(funds.c.year == year).group_by(funds.c.payer, funds.c.street)
    columns = [c for c in funds.c if c.name != "id"]
    query = select(*columns).where(funds.c.id.in_(last.scalar_subquery())).order_by(funds.c.id)
    return [Balance(**row) for row in conn.execute(query).mappings()]


def history(conn: Connection, year: int) -> list[Balance]:
    """Every entry of a year, oldest first."""
    columns = [c for c in funds.c if c.name != "id"]
    rows = conn.execute(select(*columns).where(funds.c.year == year).order_by(funds.c.id)).mappings()
    return [Balance(**row) for row in rows]
