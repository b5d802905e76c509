"""Tables of what readers make of the answers: views that they saved, and codes under which answers in words were put."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from survey.store.engine.base import Instant, Json, metadata

#: an address under a name (``survey.store.views``): ``query`` holds the year and every choice, not the language
views = Table(
    "views",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("owner", String, nullable=False),
    Column("name", String, nullable=False),
    Column("path", String, nullable=False),
    Column("query", Text, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("owner", "name"),
)

#: the list of codes of a question that is answered in words; ``keywords``: what an answer holds that may belong there
word_codes = Table(
    "word_codes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("questionnaire", String, nullable=False),
    Column("question", String, nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("keywords", Json(list, str), nullable=False),
    UniqueConstraint("questionnaire", "question", "name"),
)

#: an answer that was read: ``codes`` are ids of ``word_codes``; ``in_turn``: it was next in the random order
coded_answers = Table(
    "coded_answers",
    metadata,
    Column("response_id", ForeignKey("responses.id"), primary_key=True),
    Column("question", SmallInteger, primary_key=True, autoincrement=False),
    Column("codes", Json(list, int), nullable=False),
    Column("in_turn", Boolean, nullable=False),
    Column("who", String, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
