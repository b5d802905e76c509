"""The table of the yearly cycle: every step that was taken, never changed, only followed by newer ones."""

from __future__ import annotations

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, String, Table, Text

from survey.store.engine.base import BIG, Instant, metadata

#: one row a step (``survey.store.year.cycle.Event``); without a community it is one of the whole street, without a
#: street of every street of the year
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
    Column("street", String, nullable=False, server_default=""),
)


# ── The table of the special fund's balances: every entry, never changed


#: ``amount`` in fen; without a street it is one of the whole district
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
    Column("street", String, nullable=False, server_default=""),
)


# ── The table of what was paid: every entry, never changed


#: ``amount`` in fen, never below 0; ``kind`` says which way it went (``survey.store.year.disbursements``); ``ref``: the
#: entry that this one takes back
disbursements = Table(
    "disbursements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("year", Integer, nullable=False, index=True),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("payer", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("amount", BIG, nullable=False),
    Column("voucher", String, nullable=False),
    Column("date", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("ref", ForeignKey("disbursements.id")),
    Column("approved_by", String, nullable=False),
    Column("who", String, nullable=False),
    Column("at", Instant, nullable=False),
)


# ── The table of reviews of indicator values: rows are only ever added


#: one row a review; ``content`` is what was looked at (``survey.store.year.reviews``): other content is not reviewed by it
indicator_reviews = Table(
    "indicator_reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("year", Integer, nullable=False),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("indicator", String, nullable=False),
    Column("content", Text, nullable=False),
    Column("outcome", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("who", String, nullable=False),
    Column("at", Instant, nullable=False),
    Index("reviews_by_year", "year", "community_id"),
)


# ── The table of rectification tasks (整改任务): every entry that an office made, never changed


#: ``kind`` objective or subjective, ``code`` of the indicator or item; ``deadline`` YYYY-MM-DD; empty texts are blank
tasks = Table(
    "tasks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("year", Integer, nullable=False),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("code", String, nullable=False),
    Column("action", Text, nullable=False),
    Column("person", String, nullable=False),
    Column("deadline", String, nullable=False),
    Column("progress", String, nullable=False),
    Column("file", String, nullable=False),
    Column("who", String, nullable=False),
    Column("at", Instant, nullable=False),
    Index("tasks_of_a_year", "year", "community_id"),
)


# ── The table of what the register says of a community, and from which year


#: one row a period: these facts count from ``from_year`` (0: from the beginning) until the community's next row; the
#: last is what ``communities`` says too
community_facts = Table(
    "community_facts",
    metadata,
    Column("community_id", ForeignKey("communities.id"), primary_key=True),
    Column("from_year", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("sub_district", String, nullable=False),
    Column("district", String, nullable=False),
    Column("adult_population", Integer),
    Column("type", String, nullable=False),
    Column("feature", String, nullable=False),
    Column("valid_from", String),
    Column("valid_to", String),
    Column("successor", String, nullable=False),
)


# ── The table of English names


#: what the pages call something in English whose own name is another: a community, a street, an office, a type
english_names = Table(
    "english_names",
    metadata,
    Column("name", String, primary_key=True),
    Column("name_en", String, nullable=False),
    sqlite_with_rowid=False,
)


# ── The table of due dates: until when what is to be done in a year


#: ``kind`` of duty (``survey.store.year.plans.DUE``); ``due`` YYYY-MM-DD
due_dates = Table(
    "due_dates",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, primary_key=True),
    Column("due", String, nullable=False),
    sqlite_with_rowid=False,
)
