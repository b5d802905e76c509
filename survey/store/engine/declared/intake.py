"""Tables of the intake: what was decided and confirmed on the way in, contacts and calls, files as they came."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Double, ForeignKey, Integer, LargeBinary, String, Table, Text

from survey.store.engine.base import Instant, metadata

#: whom to reach, apart from what they answered: no clear number or name stands here
contacts = Table(
    "contacts",
    metadata,
    Column("token", String, primary_key=True),
    Column("batch_id", ForeignKey("batches.id"), nullable=False),
    Column("year", Integer, nullable=False, index=True),
    Column("community_id", ForeignKey("communities.id")),
    Column("key_id", String, nullable=False),
    Column("mark", LargeBinary, nullable=False),
    Column("phone", LargeBinary, nullable=False),
    Column("name", LargeBinary),
    Column("created_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

#: the only way from an answer to a contact; with its line gone nothing leads there any more
contact_links = Table(
    "contact_links",
    metadata,
    Column("token", ForeignKey(contacts.c.token), primary_key=True),
    Column("response_id", ForeignKey("responses.id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)

#: what makes respondent ids of telephone numbers, encrypted; without ``secret`` it was deleted with the contacts
phone_secrets = Table(
    "phone_secrets",
    metadata,
    Column("questionnaire", String, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("key_id", String),
    Column("secret", LargeBinary),
)

#: files as they came, compressed and encrypted in chunks
originals = Table(
    "originals",
    metadata,
    Column("file_hash", String, primary_key=True),
    Column("key_id", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("kept_at", Instant, nullable=False),
)

original_chunks = Table(
    "original_chunks",
    metadata,
    Column("file_hash", ForeignKey("originals.file_hash"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)

#: contacts by telephone, one row an attempt; ``outcome`` is a code of ``survey.form.dispositions``
calls = Table(
    "calls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("batch_id", ForeignKey("batches.id"), nullable=False, index=True),
    Column("questionnaire", String, nullable=False),
    Column("year", Integer, nullable=False, index=True),
    Column("community_id", ForeignKey("communities.id")),
    Column("respondent", String),
    Column("attempt", Integer, nullable=False),
    Column("numbered", Boolean, nullable=False),
    Column("at", String),
    Column("duration", Double),
    Column("interviewer", String),
    Column("outcome", String, nullable=False),
    Column("sheet", String),
    Column("row", Integer),
)

#: how many responses are wanted; mode '' is all modes together
plans = Table(
    "plans",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("community_id", ForeignKey("communities.id"), primary_key=True, autoincrement=False),
    Column("mode", String, primary_key=True),
    Column("wanted", Integer, nullable=False),
)

#: what a person decided about a file before it was stored, place by place
decisions = Table(
    "decisions",
    metadata,
    Column("batch_id", ForeignKey("batches.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("action", String, nullable=False),
    Column("code", String, nullable=False),
    Column("sheet", String, nullable=False),
    Column("cell", String, nullable=False),
    Column("row", Integer, nullable=False),
    Column("header", String, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("who", String, nullable=False),
    Column("at", Instant, nullable=False),
)

#: what a person confirmed of a header row (``survey.answers.mapping``), used again for the next file that has it
mappings = Table(
    "mappings",
    metadata,
    Column("questionnaire", String, primary_key=True),
    Column("fingerprint", String, primary_key=True),
    Column("mapping", Text, nullable=False),
    Column("file", String, nullable=False),
    Column("who", String, nullable=False),
    Column("saved_at", Instant, nullable=False),
)

#: what was removed for good, by whom and why: one line a batch, community and year; nothing of what was answered
removals = Table(
    "removals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("batch_id", ForeignKey("batches.id"), nullable=False),
    Column("questionnaire", String, nullable=False),
    Column("year", Integer, nullable=False, index=True),
    Column("community_id", ForeignKey("communities.id")),
    Column("mark", LargeBinary),
    Column("responses", Integer, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("contacts", Integer, nullable=False),
    Column("closed", Boolean, nullable=False),
)

#: a response whose place another one of the same person took (``by_id``, of ``batch_id``, ``year`` and ``community_id``): it
#: stays in its batch and does not count while that batch is active
replaced = Table(
    "replaced_responses",
    metadata,
    Column("response_id", ForeignKey("responses.id"), primary_key=True, autoincrement=False),
    Column("batch_id", ForeignKey("batches.id"), primary_key=True, autoincrement=False, index=True),
    Column("by_id", ForeignKey("responses.id"), nullable=False, index=True),
    Column("year", Integer, nullable=False),
    Column("community_id", ForeignKey("communities.id")),
)
