"""The table of reviews of indicator values: rows are only ever added."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from survey.store.base import Instant, metadata

#: one row a review; ``content`` is what was looked at (``survey.store.reviews``): other content is not reviewed by it
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
