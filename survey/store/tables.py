"""All tables of the store.  They are fixed: a questionnaire that arrives adds rows, never columns.

Design columns of a response are columns; its closed answers are one packed value (see ``survey.answers``);
unbounded numbers, texts and multiple choices have a table each, keyed by the question's place in the form.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData()

#: SQLite knows its row id only by the plain word INTEGER
BIG = BigInteger().with_variant(Integer, "sqlite")


class Instant(TypeDecorator[datetime]):
    """A moment with its offset, kept as ISO text in UTC because SQLite drops time zones."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """To text."""
        return None if value is None else value.astimezone(UTC).isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """From text."""
        return None if value is None else datetime.fromisoformat(value)


def now() -> datetime:
    """This moment, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


meta = Table("meta", metadata, Column("key", String, primary_key=True), Column("value", String, nullable=False))

settings = Table("settings", metadata, Column("key", String, primary_key=True), Column("value", Text, nullable=False))

#: the next free number of what is numbered without gaps (batches) or in bulk (responses)
counters = Table(
    "counters",
    metadata,
    Column("name", String, primary_key=True),
    Column("next", BIG, nullable=False),
)

communities = Table(
    "communities",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("code", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("sub_district", String, nullable=False),
    Column("district", String, nullable=False),
    Column("adult_population", Integer),
    Column("type", String, nullable=False),
    Column("feature", String, nullable=False),
    Column("valid_from", String),
    Column("valid_to", String),
    Column("successor", String, nullable=False),
)

population = Table(
    "population",
    metadata,
    Column("community_id", ForeignKey("communities.id"), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("sex", String, primary_key=True),
    Column("age_band", String, primary_key=True),
    Column("population", Double, nullable=False),
)

questionnaires = Table(
    "questionnaires",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("form", JSON, nullable=False),
    Column("workbook", LargeBinary),
    Column("added_at", Instant, nullable=False),
    UniqueConstraint("name", "version"),
)

schemes = Table(
    "schemes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("first_year", Integer),
    Column("definition", JSON, nullable=False),
    Column("workbook", LargeBinary),
    Column("added_at", Instant, nullable=False),
    UniqueConstraint("code", "version"),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("target", String, nullable=False),
    Column("version_id", Integer),
    Column("file", String, nullable=False),
    Column("file_hash", String, nullable=False),
    Column("sheet", String, nullable=False),
    Column("sample_type", String, nullable=False),
    Column("who", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("state", String, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("options", JSON, nullable=False),
)
_ACTIVE = batches.c.state == "active"
#: a file and sheet stands once among the active batches of its questionnaire or scheme
Index(
    "one_active_batch", batches.c.kind, batches.c.target, batches.c.file_hash, batches.c.sheet,
    unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE,
)  # fmt: skip

findings = Table(
    "findings",
    metadata,
    Column("batch_id", ForeignKey("batches.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("code", String, nullable=False),
    Column("level", String, nullable=False),
    Column("scope", String, nullable=False),
    Column("sheet", String, nullable=False),
    Column("cell", String, nullable=False),
    Column("row", Integer, nullable=False),
    Column("header", String, nullable=False),
    Column("params", JSON, nullable=False),
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

#: what became of the rows of a file, by community (empty: unknown), year and mode
tallies = Table(
    "tallies",
    metadata,
    Column("batch_id", ForeignKey("batches.id"), nullable=False, index=True),
    Column("community_id", ForeignKey("communities.id")),
    Column("year", Integer, index=True),
    Column("mode", String),
    Column("received", Integer, nullable=False),
    Column("duplicate", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("stored", Integer, nullable=False),
)

responses = Table(
    "responses",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    Column("batch_id", ForeignKey("batches.id"), nullable=False, index=True),
    Column("form_id", ForeignKey("questionnaires.id"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("community_id", ForeignKey("communities.id")),
    Column("mode", String),
    Column("respondent", String),
    Column("household", String),
    Column("interviewer", String),
    Column("weight", Double),
    Column("psu", String),
    Column("stratum", String),
    Column("fpc", Double),
    Column("sex", String),
    Column("age", Double),
    Column("age_band", String),
    Column("started", String),
    Column("ended", String),
    Column("submitted", String),
    Column("duration", Double),
    Column("disposition", String),
    Column("sheet", String),
    Column("row", Integer),
    Column("answers_hash", String),
    Column("answers", LargeBinary, nullable=False),
    Index("responses_by_community", "community_id", "year"),
)

#: what was appended at once: consecutive responses, and the design columns that are the same in all of them
response_runs = Table(
    "response_runs",
    metadata,
    Column("first_id", ForeignKey("responses.id"), primary_key=True),
    Column("last_id", ForeignKey("responses.id"), nullable=False),
    Column("batch_id", ForeignKey("batches.id"), nullable=False, index=True),
    Column("form_id", ForeignKey("questionnaires.id"), nullable=False),
    Column("constants", JSON, nullable=False),
)

#: how many responses a batch brought, so that years, forms and counts are known without reading responses
response_counts = Table(
    "response_counts",
    metadata,
    Column("batch_id", ForeignKey("batches.id"), nullable=False, index=True),
    Column("form_id", ForeignKey("questionnaires.id"), nullable=False),
    Column("year", Integer, nullable=False, index=True),
    Column("community_id", ForeignKey("communities.id")),
    Column("mode", String),
    Column("n", Integer, nullable=False),
)

response_numbers = Table(
    "response_numbers",
    metadata,
    Column("response_id", ForeignKey("responses.id"), primary_key=True),
    Column("question", SmallInteger, primary_key=True, autoincrement=False),
    Column("value", Double, nullable=False),
    sqlite_with_rowid=False,
)

response_texts = Table(
    "response_texts",
    metadata,
    Column("response_id", ForeignKey("responses.id"), primary_key=True),
    Column("question", SmallInteger, primary_key=True, autoincrement=False),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

response_choices = Table(
    "response_choices",
    metadata,
    Column("response_id", ForeignKey("responses.id"), primary_key=True),
    Column("question", SmallInteger, primary_key=True, autoincrement=False),
    Column("value", SmallInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

#: whom to reach, apart from what they answered: no clear number or name stands here
contacts = Table(
    "contacts",
    metadata,
    Column("token", String, primary_key=True),
    Column("batch_id", ForeignKey("batches.id"), nullable=False, index=True),
    Column("year", Integer, nullable=False, index=True),
    Column("community_id", ForeignKey("communities.id")),
    Column("key_id", String, nullable=False),
    Column("mark", LargeBinary, nullable=False),
    Column("phone", LargeBinary, nullable=False),
    Column("name", LargeBinary),
    Column("created_at", Instant, nullable=False),
)

#: the only way from an answer to a contact; with its line gone nothing leads there any more
contact_links = Table(
    "contact_links",
    metadata,
    Column("token", ForeignKey("contacts.token"), primary_key=True),
    Column("response_id", ForeignKey("responses.id"), nullable=False, index=True),
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

#: contacts by telephone, one row an attempt; ``outcome`` is a code of ``survey.calls``
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

#: what a person confirmed of a header row (``survey.mapping``), used again for the next file that has it
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

indicator_values = Table(
    "indicator_values",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("batch_id", ForeignKey("batches.id"), nullable=False, index=True),
    Column("year", Integer, nullable=False, index=True),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("indicator", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("value", Double),
    Column("value_text", String),
    Column("self_score", Double),
    Column("assessor", String, nullable=False),
    Column("assessor_score", Double),
    Column("method", String),
    Column("date", String),
    Column("evidence", Text),
    Column("exempt", Boolean, nullable=False),
    Column("note", Text),
    Column("sheet", String),
    Column("row", Integer),
)

results = Table(
    "results",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("year", Integer, nullable=False, index=True),
    Column("scheme_id", ForeignKey("schemes.id"), nullable=False),
    Column("data_version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Column("approved_by", String, nullable=False),
    Column("payload", Text, nullable=False),
)

#: the snapshot that pages and exports read: one for a year and scheme
current_results = Table(
    "current_results",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("scheme_code", String, primary_key=True),
    Column("result_id", ForeignKey("results.id"), nullable=False),
)

years = Table(
    "years",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("state", String, nullable=False),
    Column("data_version", Integer, nullable=False),
    Column("closed_at", Instant),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("detail", JSON, nullable=False),
)
