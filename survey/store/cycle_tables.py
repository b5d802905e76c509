"""The table of the yearly cycle: every step that was taken, never changed, only followed by newer ones."""

from __future__ import annotations

from sqlalchemy import Column, Double, ForeignKey, Integer, String, Table, Text

from survey.store.base import Instant, metadata

#: one row a step (``survey.store.cycle.Event``); without a community it concerns the whole year
cycle_events = Table(
    "cycle_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("year", Integer, nullable=False, index=True),
    Column("community_id", ForeignKey("communities.id")),
    Column("kind", String, nullable=False),
    Column("star", Integer),
    Column("total", Double),
    Column("body", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("document", String, nullable=False),
    Column("date", String, nullable=False),
    Column("until", String, nullable=False),
    Column("months", Integer),
    Column("reason", Text, nullable=False),
    Column("ref", ForeignKey("cycle_events.id")),
    Column("result_id", ForeignKey("results.id")),
    Column("who", String, nullable=False),
    Column("at", Instant, nullable=False),
)
