"""Tables of accounts: who may sign in, as what and for what, and who is signed in.

No password, session id or token stands here in clear: of each only what it can be compared with.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, UniqueConstraint

from survey.store.engine.base import Instant, metadata

#: ``folded``: the name as it is compared; ``password``: its Argon2 hash, none until the first was chosen
accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("folded", String, nullable=False),
    Column("role", String, nullable=False),
    Column("password", String),
    Column("password_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String, nullable=False),
    Column("disabled_at", Instant),
    Column("signed_in_at", Instant),
    UniqueConstraint("folded"),
)

#: what an account may see, one row a value; ``kind``: district, street, community, office
account_scopes = Table(
    "account_scopes",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("kind", String, primary_key=True),
    Column("value", String, primary_key=True),
    sqlite_with_rowid=False,
)

#: who is signed in; ``mark``: SHA-256 of the id that the browser holds
sessions = Table(
    "sessions",
    metadata,
    Column("mark", String, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

#: tries to sign in that failed or are under way; ``mark``: SHA-256 of the name or the address that they came with
sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mark", String, nullable=False, index=True),
    Column("at", Instant, nullable=False),
)

#: one-time tokens with which a password is chosen; ``mark``: SHA-256 of the token
account_tokens = Table(
    "account_tokens",
    metadata,
    Column("mark", String, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("until", Instant, nullable=False),
    sqlite_with_rowid=False,
)

#: tokens of programs that read (``dashboard.accounts.programs``); ``mark``: SHA-256 of the token; ``until``: its last moment
program_tokens = Table(
    "program_tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("folded", String, nullable=False),
    Column("mark", String, nullable=False),
    Column("role", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String, nullable=False),
    Column("until", Instant, nullable=False),
    Column("seen_at", Instant),
    Column("revoked_at", Instant),
    UniqueConstraint("folded"),
    UniqueConstraint("mark"),
)

#: what a token may see, as ``account_scopes`` of accounts
program_scopes = Table(
    "program_scopes",
    metadata,
    Column("token_id", ForeignKey("program_tokens.id"), primary_key=True),
    Column("kind", String, primary_key=True),
    Column("value", String, primary_key=True),
    sqlite_with_rowid=False,
)

#: half-filled forms (``survey.store.drafts``); ``key``: id of the key that ``content`` is encrypted with, empty for none
drafts = Table(
    "drafts",
    metadata,
    Column("account", String, primary_key=True),
    Column("form", String, primary_key=True),
    Column("key", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
