"""The table of the special fund's balances: every entry, never changed."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from survey.store.base import BIG, Instant, metadata

#: ``amount`` in fen
funds = Table(
    "funds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("year", Integer, nullable=False, index=True),
    Column("payer", String, nullable=False),
    Column("amount", BIG, nullable=False),
    Column("document", String, nullable=False),
    Column("date", String, nullable=False),
    Column("who", String, nullable=False),
    Column("at", Instant, nullable=False),
)
