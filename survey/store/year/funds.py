"""The balance of the special fund (专项资金), entered by hand for each year and payer; every entry is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from survey.store import audit
from survey.store.engine.base import now
from survey.store.engine.tables_year import funds


@dataclass(frozen=True)
class Balance:
    """What a payer has for a year, in fen, on whose word and by which document."""

    year: int
    payer: str
    amount: int
    document: str
    date: str
    who: str
    at: datetime


def enter(
    conn: Connection, year: int, payer: str, amount: int, *, document: str = "", date: str = "", who: str = ""
) -> Balance:
    """Keep a balance in fen; the newest of a year and payer counts."""
    values = {
        "year": year,
        "payer": payer,
        "amount": amount,
        "document": document,
        "date": date,
        "who": who,
        "at": now(),
    }
    conn.execute(insert(funds).values(**values))
    detail = {"payer": payer, "amount": amount, "document": document, "date": date}
    audit.record(conn, who, "fund balance", str(year), detail)
    return Balance(**values)  # type: ignore[arg-type]


def balances(conn: Connection, year: int) -> dict[str, Balance]:
    """Payer → the balance that counts, in the order of the payers' first entries."""
    newest = select(func.max(funds.c.id)).where(funds.c.year == year).group_by(funds.c.payer).scalar_subquery()
    columns = [c for c in funds.c if c.name != "id"]
    rows = conn.execute(select(*columns).where(funds.c.id.in_(newest)).order_by(funds.c.id)).mappings()
    return {row["payer"]: Balance(**row) for row in rows}


def history(conn: Connection, year: int) -> list[Balance]:
    """Every entry of a year, oldest first."""
    columns = [c for c in funds.c if c.name != "id"]
    rows = conn.execute(select(*columns).where(funds.c.year == year).order_by(funds.c.id)).mappings()
    return [Balance(**row) for row in rows]
