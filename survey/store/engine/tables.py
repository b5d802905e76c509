"""All tables of the store.  They are fixed: a questionnaire that arrives adds rows, never columns.

Design columns of a response are columns; its closed answers are one packed value (see ``survey.answers``);
unbounded numbers, texts and multiple choices have a table each, keyed by the question's place in the form.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from survey.store.engine.base import BIG as BIG
from survey.store.engine.base import WHERE, Json
from survey.store.engine.base import Instant as Instant
from survey.store.engine.base import metadata as metadata
from survey.store.engine.base import now as now
from survey.store.engine.declared.accounts import account_scopes as account_scopes
from survey.store.engine.declared.accounts import account_tokens as account_tokens
from survey.store.engine.declared.accounts import accounts as accounts
from survey.store.engine.declared.accounts import drafts as drafts
from survey.store.engine.declared.accounts import program_scopes as program_scopes
from survey.store.engine.declared.accounts import program_tokens as program_tokens
from survey.store.engine.declared.accounts import sessions as sessions
from survey.store.engine.declared.accounts import sign_in_attempts as sign_in_attempts
from survey.store.engine.declared.intake import calls as calls
from survey.store.engine.declared.intake import contact_links as contact_links
from survey.store.engine.declared.intake import contacts as contacts
from survey.store.engine.declared.intake import decisions as decisions
from survey.store.engine.declared.intake import mappings as mappings
from survey.store.engine.declared.intake import original_chunks as original_chunks
from survey.store.engine.declared.intake import originals as originals
from survey.store.engine.declared.intake import phone_secrets as phone_secrets
from survey.store.engine.declared.intake import plans as plans
from survey.store.engine.declared.intake import removals as removals
from survey.store.engine.declared.intake import replaced as replaced
from survey.store.engine.declared.words_and_views import coded_answers as coded_answers
from survey.store.engine.declared.words_and_views import views as views
from survey.store.engine.declared.words_and_views import word_codes as word_codes
from survey.store.engine.declared.year import community_facts as community_facts
from survey.store.engine.declared.year import cycle_events as cycle_events
from survey.store.engine.declared.year import disbursements as disbursements
from survey.store.engine.declared.year import due_dates as due_dates
from survey.store.engine.declared.year import english_names as english_names
from survey.store.engine.declared.year import funds as funds
from survey.store.engine.declared.year import indicator_reviews as indicator_reviews
from survey.store.engine.declared.year import tasks as tasks

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
    Column("aliases", Json(list, str), nullable=False),
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
    Column("form", Json(dict), nullable=False),
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
    Column("definition", Json(dict), nullable=False),
    Column("workbook", LargeBinary),
    Column("added_at", Instant, nullable=False),
    Column("author", String, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    Column("after_fieldwork", Json(list, dict), nullable=False, server_default="[]"),
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
    Column("counts", Json(dict), nullable=False),
    Column("options", Json(dict), nullable=False),
)
_ACTIVE = batches.c.state == "active"
#: a file and sheet stands once among the active batches of its questionnaire or scheme
Index(
    "one_active_batch",
    batches.c.kind,
    batches.c.target,
    batches.c.file_hash,
    batches.c.sheet,
    unique=True,
    info={WHERE: _ACTIVE},
)

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
    Column("params", Json(dict), nullable=False),
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
    Column("ssu", String),
    Column("fpc2", Double),
    Index("responses_by_community", "community_id", "year"),
)

#: what was appended at once: consecutive responses, the design columns that are the same in all of them, and a sum over
#: their answers (``survey/store/upkeep/sums.py``)
response_runs = Table(
    "response_runs",
    metadata,
    Column("first_id", ForeignKey("responses.id"), primary_key=True),
    Column("last_id", ForeignKey("responses.id"), nullable=False),
    Column("batch_id", ForeignKey("batches.id"), nullable=False, index=True),
    Column("form_id", ForeignKey("questionnaires.id"), nullable=False),
    Column("constants", Json(dict), nullable=False),
    Column("answers_sum", String),
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

#: the replicate weights of a response: float64 little-endian in the order of the questionnaire's columns
response_replicates = Table(
    "response_replicates",
    metadata,
    Column("response_id", ForeignKey("responses.id"), primary_key=True),
    Column("weights", LargeBinary, nullable=False),
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
    Column("reason", Text),
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

#: a sum over what is kept once and never changed, by its ``kind`` (``survey/store/engine/payloads.py``) and number
payload_sums = Table(
    "payload_sums",
    metadata,
    Column("kind", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sum", String, nullable=False),
    sqlite_with_rowid=False,
)

#: the snapshot that pages and exports read: one for a year and scheme
current_results = Table(
    "current_results",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("scheme_code", String, primary_key=True),
    Column("result_id", ForeignKey("results.id"), nullable=False),
)

#: specialist results, computed when first asked for: the newest of its kind, year and parameters
analyses = Table(
    "analyses",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("name", String, primary_key=True),
    Column("parameters", String, primary_key=True),
    Column("scheme_id", ForeignKey("schemes.id"), nullable=False),
    Column("data_version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("payload", Text, nullable=False),
)

years = Table(
    "years",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("state", String, nullable=False),
    Column("data_version", Integer, nullable=False),
    Column("closed_at", Instant),
)

#: ``address``: where a page was asked from; ``chain``: hash of this entry and of the one before
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("address", String, nullable=False, server_default=""),
    Column("outcome", String, nullable=False, server_default="done"),
    Column("chain", String, nullable=False, server_default=""),
)
