"""The small town whose commands are killed: two years of answers, telephone numbers under a key, results computed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from survey.form.model import Question
from survey.form.workbook.writing import write_questionnaire
from survey.store import Store, keyring
from survey.store.intake import contacts
from tests.tools import templates
from tests.tools.forms import form
from tests.tools.hostile import killed_postgres
from tests.tools.stores import kills
from tests.tools.stores.kills import called, where
from tests.tools.stores.postgres import Server

HEADER = ["编号", "社区", "年度", "办事方便", "环境卫生", "联系电话"]
PLACES = ("甲社区", "乙社区", "丙社区")
REGISTER = "code,name,sub_district,adult_population\nC1,甲社区,示例街道,3000\nC2,乙社区,示例街道,2000\nC3,丙社区,示例街道,1000\n"
ROWS = 400
#: a command that ran twice is there twice
LOGGED = ("audit", "counter of audit")
#: computed when somebody looks at a page
PAGE_OWN = (*LOGGED, "results", "current_results", "analyses")


def rows(prefix: str, year: int, number: int) -> list[list[object]]:
    """So many responses, with a telephone number each."""
    return [
        [
            f"{prefix}{i}",
            PLACES[i % 3],
            year,
            1 + i % 5,
            1 + i // 3 % 5,
            f"{12000000001 + 37 * (1000 * ord(prefix) + i)}",
        ]
        for i in range(number)
    ]


def delimited(lines: list[list[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *lines])
    return text.getvalue().encode("utf-8")


def workbook(lines: list[list[object]]) -> bytes:
    book, data = openpyxl.Workbook(), io.BytesIO()
    for line in [HEADER, *lines]:
        book.active.append(line)
    book.save(data)
    return data.getvalue()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder with the town in a file."""
    folder = tmp_path / "base"
    folder.mkdir()
    with kills.within(folder):
        templates.folder("kills", folder, _make)
    return folder


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def on_either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A folder with the town in a file, or in a database whose address lies there."""
    if request.param == "sqlite":
        yield request.getfixturevalue("base")
        return
    folder = tmp_path / "base"
    folder.mkdir()
    server: Server = request.getfixturevalue("made_postgresql")
    with kills.within(folder):
        killed_postgres.a_database(folder, server.url("made"))
        _make()
    yield folder
    killed_postgres.drop(folder)


def _make() -> None:
    Path("r.csv").write_text(REGISTER, encoding="utf-8")
    phone = Question("phone", "text", {"zh": "联系电话", "en": "telephone"}, role="phone")
    Path("q.xlsx").write_bytes(write_questionnaire(form(phone)))
    assert called("init") == 0
    assert called("keys", "create") == 0
    assert called("communities", "add", "r.csv") == 0
    assert called("questionnaire", "add", "q.xlsx", "--name", "q") == 0
    for name, prefix, year in (("a.csv", "A", 2013), ("b.csv", "B", 2014), ("c.csv", "C", 2014)):
        Path(name).write_bytes(delimited(rows(prefix, year, ROWS)))
        assert called("import", name, "--questionnaire", "q") == 0
    Path("new.csv").write_bytes(delimited(rows("N", 2014, ROWS)))
    Path("new.xlsx").write_bytes(workbook(rows("N", 2014, ROWS)))


def readable(folder: Path) -> None:
    """Every number opens with a key of the key file, which is whole."""
    ring = keyring.load()
    assert ring is not None
    with closing(Store.open(where(folder))) as store, store.read() as conn:
        found = contacts.listing(conn, ring, None)
    assert found
    assert all(c.phone for c in found)
