"""A number is the same by the API, on the page, from the command and in the files; and held back alike, with its reason."""

import csv
import io
import json
import zipfile

import pytest

import xingfu
from dashboard.api.declared import ROOT
from dashboard.api.offers import ROUTES
from dashboard.data.results import StoreSource
from dashboard.pages.answers.service import answers
from dashboard.pages.community.service import community
from dashboard.pages.estimates.service import estimates
from dashboard.pages.papers.service import data_file
from dashboard.pages.tasks.service import year_tasks
from dashboard.web.permissions import PERMISSIONS
from survey.store import settled
from tests.tools.dashboard_tools import VIEWER
from tests.tools.stores.read_town import BIG, FEW, FEWEST, Reader, make_read_town

YEAR = 2014


@pytest.fixture
def town(sqlite_store):
    return make_read_town(sqlite_store)


@pytest.fixture
def command(town, capfd, monkeypatch):
    """The rows of a command."""
    monkeypatch.delenv("XINGFU_LANG", raising=False)

    def call(*words):
        capfd.readouterr()
        assert xingfu.main(["--store", town.where, "--json", *words]) == 0
        return json.loads(capfd.readouterr().out)["rows"]

    return call


def same(rows, others, *names):
    """Rows agree in every number that both have, to the last bit."""
    assert len(rows) == len(others) > 0
    shared = names or [n for n in rows[0] if n in others[0]]
    assert len(shared) > 3
    for one, other in zip(rows, others, strict=True):
        assert {n: one[n] for n in shared} == {n: other[n] for n in shared}


def test_every_address_is_named_once_and_asks_for_a_permission_that_there_is():
    assert len({route.name for route in ROUTES}) == len({route.rule for route in ROUTES}) == len(ROUTES) > 15
    assert {route.needs for route in ROUTES} <= PERMISSIONS.keys()
    assert all(route.rule.startswith(f"{ROOT}/") for route in ROUTES)


def test_scores_are_those_of_the_command_and_of_the_page(town, command):
    rows = Reader(town, "clerk").rows(f"years/{YEAR}/scores")
    same(rows, command("score", "--year", str(YEAR)))
    page = community(VIEWER, StoreSource(town), YEAR, BIG, town)
    mine = next(row for row in rows if row["community_code"] == BIG)
    told = {name: None if v == "" else v for name, v in page.row.items() if name != "note_text"}
    assert {name: mine[name] for name in told} == told


def test_who_only_reads_is_given_what_the_pages_give_them(town):
    """An open year is shown as of when enough had come, so that nobody learns of one answer by reading twice."""
    rows = Reader(town).rows(f"years/{YEAR}/items")
    with settled.reading():
        page = community(VIEWER, StoreSource(town), YEAR, BIG, town)
    shown = {r["item"]: (r["score"], r["n"]) for r in rows if r["community_code"] == BIG}
    assert {r["item"]: (r["score"], r["n"]) for r in page.lowest} == {r["item"]: shown[r["item"]] for r in page.lowest}
    assert FEWEST not in {r["community_code"] for r in rows}


def test_dimensions_are_those_of_the_page(town):
    rows = [r for r in Reader(town, "clerk").rows(f"years/{YEAR}/dimensions") if r["community_code"] == BIG]
    parts = community(VIEWER, StoreSource(town), YEAR, BIG, town).parts
    assert [(r["dimension"], r["objective"], r["subjective"]) for r in rows] == [
        (p.dimension["code"], p.objective, p.subjective) for p in parts
    ]


def test_items_and_indicators_are_those_of_the_files(town):
    reader, source = Reader(town, "clerk"), StoreSource(town)
    held = zipfile.ZipFile(io.BytesIO(data_file(VIEWER, source, YEAR, "zh")[1]))
    for table, numbers in (
        ("items", ("n", "score", "se", "low", "high", "points_got")),
        ("indicators", ("points_got",)),
    ):
        (name,) = [n for n in held.namelist() if n.endswith(f"csv/{table}.csv")]
        filed = list(csv.DictReader(io.StringIO(held.read(name).decode())))
        rows = reader.rows(f"years/{YEAR}/{table}")
        assert len(rows) == len(filed) > 10
        for one, other in zip(rows, filed, strict=True):
            assert {n: one[n] for n in numbers} == {n: float(other[n]) if other[n] else None for n in numbers}


def test_the_answers_to_a_question_are_those_of_the_page_and_of_the_command(town, command):
    reader, source = Reader(town, "clerk"), StoreSource(town)
    rows = reader.rows(f"years/{YEAR}/answers?questionnaire=q&item=A&split=community")
    page = answers(VIEWER, source, town, YEAR, {"form": "q", "item": "A", "split": "community"})
    assert [(r["group"], r["n"], r["mean"], r["low"], r["high"]) for r in rows] == [
        (g.value, g.n, g.mean, g.low, g.high) for g in page.rows
    ]
    assert [{s["choice"]: s["share"] for s in r["shares"]} for r in rows] == [
        {c: share for c, (share, _, _) in g.shares.items()} for g in page.rows
    ]
    names = ("against", "against_q", "against_holm")
    assert [[r[n] for n in names] for r in rows] == [[getattr(g, n) for n in names] for g in page.rows]
    assert [r["mean_change_holm"] for r in rows] == [g.change_holm for g in page.rows]
    told = command(
        "estimate", "--questionnaire", "q", "--item", "A", "--by", "community,year", "--where", f"year={YEAR}"
    )
    by_command = {(r["community_code"], r["choice"]): r["share"] for r in told if r["choice"]}
    shown = {(r["group"], s["choice"]): s["share"] for r in rows[1:] for s in r["shares"]}
    assert shown
    assert {key: by_command[key] for key in shown} == pytest.approx(shown, abs=1e-12)


def test_estimates_are_those_of_the_command_and_of_the_page(town, command):
    rows = Reader(town, "clerk").rows(f"years/{YEAR}/estimates?questionnaire=q&item=A&stat=mean")
    said = ("estimate", "--questionnaire", "q", "--item", "A", "--by", "community,year", "--stat", "mean")
    same(rows, command(*said, "--where", f"year={YEAR}"))
    page = estimates(VIEWER, StoreSource(town), town, YEAR, {"form": "q", "item": "A", "stat": "mean"})
    assert [r["value"] for r in rows if r["value"] is not None] == page.table["value"].dropna().tolist()


def test_the_register_the_scheme_the_cycle_tasks_and_imports_are_those_of_the_commands(town, command):
    reader = Reader(town, "clerk")
    codes = [r["code"] for r in reader.rows("communities")]
    assert codes == [r["code"] for r in command("communities", "list")] == [BIG, "C2", FEW, FEWEST]
    same(reader.rows(f"years/{YEAR}/scheme"), command("scheme", "show", str(YEAR)), "code", "name", "points", "rule")
    same(reader.rows(f"years/{YEAR}/status"), command("cycle", "show", str(YEAR)))
    same(reader.rows("batches"), command("batches"))
    rows = reader.rows(f"years/{YEAR}/tasks")
    assert len(rows) == len(year_tasks(VIEWER, StoreSource(town), town, YEAR).rows) > 0
    key = ("community_code", "kind", "code", "points_lost")
    assert {tuple(r[k] for k in key) for r in rows} == {
        tuple(r[k] for k in key) for r in command("tasks", "list", "--year", str(YEAR))
    }


@pytest.mark.parametrize(("code", "note"), [(FEW, "totals_only"), (FEWEST, "suppressed")])
def test_what_is_held_back_is_null_and_the_note_says_why(town, code, note):
    reader = Reader(town, "clerk")
    (score,) = reader.rows(f"years/{YEAR}/scores?community={code}")
    assert note in score["note"].split(";")
    assert score["note_text"]
    for row in reader.rows(f"years/{YEAR}/dimensions?community={code}"):
        assert (row["subjective"], row["subjective_se"]) == (None, None)
        assert note in row["note"].split(";")
    for row in reader.rows(f"years/{YEAR}/items?community={code}"):
        assert (row["score"], row["low"], row["high"], row["distribution"]) == (None, None, None, [])
        assert note in row["note"].split(";")
    (answered,) = reader.rows(f"years/{YEAR}/answers?questionnaire=q&item=A&community={code}")[:1] or [{"shares": []}]
    assert answered["shares"] == []


def test_what_is_the_streets_is_for_who_sees_all_of_it(town):
    assert [r["sub_district"] for r in Reader(town, "clerk").rows(f"years/{YEAR}/streets")] == ["示例街道"]
    limited = Reader(town, "clerk", ("community", BIG), name="另一个")
    assert limited.get(f"years/{YEAR}/streets").status_code == 403
    assert [r["community_code"] for r in limited.rows(f"years/{YEAR}/scores")] == [BIG]
