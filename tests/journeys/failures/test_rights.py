"""PostgreSQL as an administrator sets it up: what is missing is one sentence, and the role of docs/deploy.md suffices."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest

from survey.core.lang import say
from tests.tools import commands
from tests.tools.commands import answers, table

pytestmark = pytest.mark.postgres
run, town = commands.run, commands.town
DEPLOY = Path(__file__).resolve().parents[3] / "docs" / "deploy.md"


@pytest.fixture
def address(postgresql):
    """A database of the owner's alone, made as docs/deploy.md says; gives the address for a role."""
    text = DEPLOY.read_text(encoding="utf-8")
    told = text[text.index("## A role with few rights") :].split("\n## ")[0]
    before, after = [
        [line.strip() for line in part.split("\n") if re.match(r"    (CREATE|REVOKE|GRANT|ALTER)", line)]
        for part in told.split("xingfu init")
    ]

    def there(role):
        password = "o" if role == "xingfu_owner" else "a"
        return f"postgresql://{role}:{password}@127.0.0.1:{postgresql.port}/xingfu"

    for line in before:
        postgresql.execute(line.replace("'…'", "'o'" if "xingfu_owner" in line else "'a'"))

    def grant():
        with psycopg.connect(there("xingfu_owner"), autocommit=True) as conn:
            for line in after:
                conn.execute(line)

    yield there, grant
    postgresql.execute("DROP DATABASE xingfu WITH (FORCE)")
    for role in ("xingfu", "xingfu_owner"):
        postgresql.execute(f"DROP ROLE {role}")


def test_the_role_of_every_day_does_all_but_change_tables(run, address):
    there, grant = address
    mine = ("--store", there("xingfu"))
    status, _, err = run(*mine, "init")
    assert (status, len(err.strip().splitlines())) == (5, 1), err
    assert say("zh", "store.no_privilege", where="", reason="")[-12:] in err
    assert run("--store", there("xingfu_owner"), "init")[0] == 0
    assert run(*mine, "batches")[0] == 5  # nothing is granted yet
    grant()
    commands.make_town(run)
    assert run(*mine, "communities", "add", "名册.csv")[0] == 0
    assert run(*mine, "questionnaire", "add", "q.xlsx", "--name", "q")[0] == 0
    answers("a.csv")
    assert run(*mine, "import", "a.csv", "--questionnaire", "q")[0] == 0
    (batch,) = [b["batch"] for b in table(run(*mine, "batches")[1]) if b["kind"] == "answers"]
    for words in (("undo", batch), ("redo", batch), ("score",), ("doctor",), ("backup", "b.db"), ("audit", "verify")):
        status, _, err = run(*mine, *words)
        assert status == 0, (words, err)
    assert run(*mine, "remove", "--batch", batch, "--reason", "试", "--yes")[0] == 0
    assert run(*mine, "users", "add", "王芳", "--role", "admin")[0] == 0
    with psycopg.connect(there("xingfu")) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute("CREATE TABLE mine (a int)")


def test_what_keeps_a_role_out_is_said_to_be_its_rights(run, address, postgresql):
    there, _ = address
    postgresql.execute("CREATE ROLE stranger LOGIN PASSWORD 'a'")
    try:
        status, _, err = run("--store", there("stranger"), "init")
        assert (status, len(err.strip().splitlines())) == (5, 1), err
        assert say("zh", "store.no_privilege", where="", reason="")[-12:] in err
        assert "permission denied for database" in err
    finally:
        postgresql.execute("DROP ROLE stranger")


def test_a_backup_is_restored_by_the_owner_only(town, address):
    there, grant = address
    assert town("backup", "b.db")[0] == 0
    assert town("--store", there("xingfu"), "restore", "b.db")[0] == 5
    assert town("--store", there("xingfu_owner"), "restore", "b.db")[0] == 0
    grant()
    assert town("--store", there("xingfu"), "communities", "list")[1] == town("communities", "list")[1]
