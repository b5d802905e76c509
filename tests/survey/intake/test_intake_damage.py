"""Random damage to a good file never crashes the program and never stores part of a batch.

``make soak`` draws many more examples.
"""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from survey.form.model import Choice, Question, Questionnaire
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import batches, questionnaires, responses
from survey.store.year import register
from tests.tools.forms import SATISFACTION
from tests.tools.rounds.round_forms import Round
from tests.tools.rounds.round_writers import WRITERS
from tests.tools.soak import examples

pytestmark = [pytest.mark.warm, pytest.mark.property]
SOME = examples(4)
PLACES = tuple(Choice(str(i), {"zh": label}) for i, label in enumerate(("公园", "广场", "文化站"), 1))
FORM = Questionnaire(
    rows=(
        Question("id", "text", {"zh": "编号"}, role="respondent"),
        Question("q1", "select_one", {"zh": "办事方便"}, "sat", SATISFACTION),
        Question("q2", "select_multiple", {"zh": "去过哪里"}, "places", PLACES),
        Question("q3", "integer", {"zh": "住了几年"}, minimum=0, maximum=99),
        Question("q4", "date", {"zh": "填写日期"}),
        Question("q5", "text", {"zh": "意见"}),
    ),
    title="好文件",
    lists={"sat": SATISFACTION, "places": PLACES},
)
GOOD = Round(
    FORM,
    tuple({"q1": i % 5, "q2": (i % 3,), "q3": i, "q4": date(2014, 5, 1 + i), "q5": f"多种树{i}"} for i in range(12)),
)
FORMATS = ("xlsx", "xls", "csv gb18030", "tsv", "sav", "wenjuanxing by number", "kobo both")
FILES = {name: WRITERS[name](GOOD) for name in FORMATS}
_numbers = count(1)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    store = Store.open(tmp_path_factory.mktemp("damage") / "store.db", create=True)
    with store.write() as conn:
        register.save(conn, [register.Community("1", "一社区")])
    yield store
    store.close()


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """Bytes changed, cut off, cut out, doubled, put in, or moved."""
    kind = draw(st.sampled_from(["flip", "flip", "cut", "drop", "double", "insert", "swap"]))
    at = draw(st.integers(0, len(data) - 1))
    if kind == "cut":
        return data[:at]
    length = draw(st.integers(1, min(400, len(data) - at)))
    if kind == "drop":
        return data[:at] + data[at + length :]
    if kind == "double":
        return data[: at + length] + data[at:]
    if kind == "insert":
        return data[:at] + draw(st.binary(min_size=1, max_size=40)) + data[at:]
    changed = bytearray(data)
    if kind == "swap":
        other = draw(st.integers(0, len(data) - length))
        changed[at : at + length], changed[other : other + length] = (
            data[other : other + length],
            data[at : at + length],
        )
        return bytes(changed)
    for place in draw(st.lists(st.integers(0, len(data) - 1), min_size=1, max_size=20)):
        changed[place] = draw(st.integers(0, 255))
    return bytes(changed)


def try_import(store: Store, file: str, data: bytes, **said: str) -> None:
    """Import as it is: everything in the sheet is stored, or nothing is, and the refusal is a sentence."""
    name = f"q{next(_numbers)}"
    with store.write() as conn:
        form = questionnaires.add(conn, name, FORM)
        before = len(batches.listing(conn))
    try:
        inspection = inspect(store, file, data, ImportOptions(name, year=2014, community="一社区", **said))
        receipt = commit(store, inspection)
    except Refused as error:
        for lang in LANGUAGES:
            _ = [error.word(lang), *(f.word(lang) for f in error.findings)]  # worded without a fault
        with store.read() as conn:
            assert len(batches.listing(conn)) == before
            assert len(responses.load(conn, form)) == 0
        return
    counts = inspection.counts
    assert (counts.refused_rows, counts.refused_cells, counts.questions) == (0, 0, 0)
    assert receipt.stored == counts.storable == counts.rows - counts.duplicates
    with store.read() as conn:
        assert len(responses.load(conn, form)) == receipt.stored


@pytest.mark.parametrize("name", FORMATS)
def test_damaged_bytes_are_stored_whole_or_not_at_all(home, name):
    file, data, said = FILES[name]

    @SOME
    @given(bad=damaged(data))
    def holds(bad: bytes) -> None:
        try_import(home, file, bad, **said)

    holds()


@SOME
@given(data=st.data())
def test_swapped_cells_are_stored_whole_or_not_at_all(home, data):
    file, good, said = FILES["csv gb18030"]
    rows = list(csv.reader(StringIO(good.decode("gb18030"), newline="")))
    places = st.tuples(st.integers(0, len(rows) - 1), st.integers(0, len(rows[0]) - 1))
    for (i, j), (k, m) in data.draw(st.lists(st.tuples(places, places), min_size=1, max_size=4)):
        rows[i][j], rows[k][m] = rows[k][m], rows[i][j]
    out = StringIO()
    csv.writer(out).writerows(rows)
    try_import(home, file, out.getvalue().encode("gb18030"), **said)


@pytest.mark.parametrize("name", FORMATS)
def test_the_good_file_comes_in(home, name):
    file, data, said = FILES[name]
    with home.write() as conn:
        questionnaires.add(conn, f"good {name}", FORM)
    inspection = inspect(home, file, data, ImportOptions(f"good {name}", year=2014, community="一社区", **said))
    assert commit(home, inspection).stored == len(GOOD.rows)
