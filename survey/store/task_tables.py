"""The table of rectification tasks (整改任务): every entry that an office made, never changed."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from survey.store.base import Instant, metadata

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
