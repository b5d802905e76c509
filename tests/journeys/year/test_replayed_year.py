"""A year in which things go wrong, replayed step by step: after each, every output says the same, to the point and the fen.

A sheet that comes after the publication, an objection upheld after another community was decided, a holder whom nobody
surveyed, and a community that became part of another (``docs/cycle.md``).
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from analysis.awards.disbursements import Said, enter, ledger
from analysis.awards.verdicts import Verdict, verdicts
from analysis.awards.verdicts import words as verdict_words
from analysis.awards.year import paid, targets
from analysis.exports.data_set.tables import tables_of
from analysis.exports.files import export_year
from analysis.exports.workbook import community_workbook
from analysis.papers.diagnosis import Sources, diagnosis
from analysis.publication import cycle_steps, cycle_table, fixed_versions, snapshots
from analysis.publication.version_list import versions_frame, year_versions
from analysis.quality.measure import listed
from analysis.scoring.results import Results
from analysis.tables import number_words as numbers
from analysis.tables.scores import scores_for
from analysis.tables.tracing.trace import trace
from dashboard.pages.community.service import community
from dashboard.pages.overview.service import overview
from survey.core.errors import Refused
from survey.store import Store
from survey.store.year import register
from survey.store.year.cycle import Event
from survey.store.year.register import Community, Told
from tests.tools.dashboard_tools import ADMIN, source_of
from tests.tools.towns.cycle_town import late_answers, make_town, step

YEAR = 2014
WAN = 1_000_000
#: so many answers come after the publication, all of 甲
LATE = 10
#: what of a score row everybody reads
READ = ("n", "objective", "subjective", "total", "total_exact", "star", "rank", "status", "star_awarded", "note")


def known(value: Any) -> Any:
    return None if pd.isna(value) or value == "" else value


def told(row: Any) -> dict[str, Any]:
    return {name: known(row[name]) for name in READ}


def cells(data: bytes) -> set[Any]:
    """Every value of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    return {value for sheet in book for row in sheet.iter_rows(values_only=True) for value in row if value is not None}


def agree(store: Store, *, papers: bool = False) -> dict[str, dict[str, Any]]:
    """Hold every output against ``score`` (``papers``: what is handed out, too); gives its rows by community."""
    found = snapshots.results(store, YEAR)
    rows = {r["community_code"]: r for r in found.rows("scores")}
    source, said = source_of(store), verdicts(store, YEAR)
    shown = overview(ADMIN, source, YEAR, store=store)
    assert {r["community_code"]: told(r) for r in shown.rows} == {code: told(r) for code, r in rows.items()}
    printed = scores_for([found], "zh").set_index("community_code")
    cycle = cycle_table.cycle_table(cycle_table.read_cycle(store, YEAR)).set_index("community_code")
    with store.read() as conn:
        versions = versions_frame(conn, year_versions(conn, YEAR), "zh")
    for code, row in rows.items():
        one = community(ADMIN, source, YEAR, code, store)
        assert told(one.row) == told(row)
        assert told(printed.loc[code]) == told(row)
        at = cycle.loc[code]
        assert (known(at["calculated_total"]), known(at["calculated_star"])) == (
            known(row["total"]),
            known(row["star"]),
        )
        current = versions[(versions["community_code"] == code) & (versions["state"] == "current")]
        assert len(current) == 0 or known(current["total"].iloc[0]) == known(row["total"])
        book = cells(community_workbook(found, code, "zh", frozenset(), said.get(code)))
        assert row["total"] is None or row["total"] in {round(v, 2) for v in book if isinstance(v, float | int)}
        with store.read() as conn:
            sources = trace(conn, code, YEAR)
        answers = sources[sources["what"] == "answers"]
        came_late = answers["note"].astype(object).fillna("").str.contains("late_data")
        assert answers["n"][~came_late].sum() == (row["n_received"] or 0)
        assert answers["n"][came_late].sum() == (LATE if "late_data" in (row["note"] or "") else 0)
    _money(store, said)
    _targets(store, rows)
    if papers:
        _papers(found, rows, said)
    _notices(store, rows)
    return rows


def _papers(found: Results, rows: dict[str, dict[str, Any]], said: Mapping[str, Verdict]) -> None:
    """What is handed out: the archive of workbooks, the data set, and what the printed diagnosis is set from."""
    with tempfile.TemporaryDirectory() as folder:
        (archive,) = export_year(found, "zh", Path(folder) / "year.zip", verdicts=said)
        with zipfile.ZipFile(archive) as files:
            books = {name: cells(files.read(name)) for name in files.namelist()}
    data = tables_of(found, "zh")[0].frame.set_index("community_code")
    sources = Sources([found], said, frozenset())
    for code, row in rows.items():
        (book,) = (held for name, held in books.items() if f"_{code}_" in name)
        assert row["total"] is None or row["total"] in {round(v, 2) for v in book if isinstance(v, float | int)}
        assert told(data.loc[code]) == told(row)
        paper = diagnosis(sources, code, "zh")["card"]
        assert paper["total"] == numbers.total(row["total"], [float(s["minimum"]) for s in found.meta["stars"]])
        assert paper["stars"] == row["star"]
        decided = list(verdict_words(said[code], "zh").values()) if code in said else []
        assert paper["decided"] == decided
        assert set(decided) <= book


def _notices(store: Store, rows: dict[str, dict[str, Any]]) -> None:
    """Whose data came late is said by the sentences of page and command, and by the rows, of the same communities."""
    late = {row["community"] for row in rows.values() if "late_data" in (row["note"] or "")}
    with store.read() as conn:
        sentences = [dict(values) for _, values in fixed_versions.not_counted(conn, [YEAR])]
    assert {name for values in sentences for name in values["communities"].split("、")} == late
    assert [values["n"] for values in sentences] == ([len(late)] if late else [])


def _computed_anew(store: Store, rows: dict[str, dict[str, Any]]) -> None:
    """Where scores are computed anew beside the published ones, none stands that is not the published one."""
    for name, total in (("sensitivity", "total"), ("without", "total_before")):
        shown = listed(name).find(store, YEAR).body
        for one in shown["communities" if name == "sensitivity" else "rows"]:
            assert one[total] is None or one[total] == rows[one["community_code"]]["total"], (name, one)


def _money(store: Store, said: Any) -> None:
    """What titles pay, what is due in the ledger, and what each community's page says of it, in fen."""
    due = {p.community_code: sum(p.shares.values()) for p in paid(store).of_year(YEAR)}
    lines: dict[str, int] = {}
    for line in ledger(store).of_year(YEAR):
        lines[line.community] = lines.get(line.community, 0) + (line.due or 0)
    assert {code: fen for code, fen in due.items() if fen} == {code: fen for code, fen in lines.items() if fen}
    assert {code: one.due for code, one in said.items() if one.due} == {code: fen for code, fen in due.items() if fen}


def _targets(store: Store, rows: dict[str, dict[str, Any]]) -> None:
    for one in targets(store, YEAR).progress["calculated"]:
        reached = [code for code, row in rows.items() if row["star"] is not None and row["star"] >= one.target.star]
        assert (one.of, one.reached) == (len(rows), len(reached))


@pytest.fixture
def street(sqlite_store: Store) -> Iterator[Store]:
    """甲 and 乙 surveyed; 丙 holds three stars and nobody was asked there; 丁 held two and is part of 甲 from 2014 on."""
    store = make_town(sqlite_store)
    with store.write() as conn:
        places = [
            Community("C3", "丙社区", sub_district="示例街道"),
            Community("C4", "丁社区", sub_district="示例街道"),
        ]
        register.tell(conn, [Told(place) for place in places])
    for code, star in (("C3", 3), ("C4", 2)):
        old = Event("title", 2013, code, star=star, subject="history", document="旧1号", date="2013-12-20", who="李")
        cycle_steps.take(store, old)
    with store.write() as conn:
        ended = Community("C4", "丁社区", valid_to="2013", successor="C1")
        register.tell(conn, [Told(ended, said=("valid_to", "successor"))])
    return store


def refused(key: str, call: Any, *args: Any, **more: Any) -> None:
    with pytest.raises(Refused) as error:
        call(*args, **more)
    assert error.value.key == key


@pytest.mark.slow
def test_every_output_of_a_year_that_goes_wrong_says_the_same(street: Store) -> None:
    first = agree(street)
    assert set(first) == {"C1", "C2", "C3"}  # who ended is in no list of the year
    assert "area_changed:丁社区" in first["C1"]["note"]
    cycle_steps.take_all(street, [step("applied", "C1", star=5), step("applied", "C2", star=4)])
    cycle_steps.review(street, YEAR, "李")
    cycle_steps.calculate(street, YEAR, "李")
    cycle_steps.take(street, step("publicised", date="2014-11-20", until="2014-11-27"))
    published = agree(street)

    late_answers(street, "甲社区")  # after the publication: said, and counted nowhere
    late = agree(street, papers=True)
    assert {name: late["C1"][name] for name in ("n", "total", "star")} == {
        name: published["C1"][name] for name in ("n", "total", "star")
    }
    assert "late_data" in late["C1"]["note"]
    _computed_anew(street, late)
    assert told(late["C2"]) == told(published["C2"])
    refused("cycle.late_data", cycle_steps.take, street, step("decided", "C1", total=930.0, body="district"))

    cycle_steps.take(street, step("decided", "C2", total=931.0, body="district"))
    cycle_steps.take(street, step("decided", "C2", total=930.5, body="city"))
    objection = cycle_steps.take(street, step("objection", "C1", date="2014-11-26", reason="漏了一个小区"))
    answer = {"ref": objection.id, "outcome": "upheld", "subject": "王", "reason": "属实"}
    cycle_steps.take(street, step("objection_answered", "C1", **answer))
    agree(street)
    refused("cycle.upheld", cycle_steps.take, street, step("decided", "C1", total=930.0, body="district"))
    refused("cycle.decided_already", cycle_steps.calculate, street, YEAR, "李", "异议成立")

    cycle_steps.calculate(street, YEAR, "李", "异议成立，补录", code="C1")
    cycle_steps.take(street, step("publicised", "C1", date="2014-12-02", until="2014-12-08"))
    anew = agree(street)
    assert anew["C1"]["n"] == published["C1"]["n"] + 10
    assert anew["C1"]["total"] > published["C1"]["total"]
    assert {name: anew["C2"][name] for name in ("n", "total", "star_awarded")} == {
        **{name: published["C2"][name] for name in ("n", "total")},
        "star_awarded": 5,
    }

    after = {"date": "2014-12-10"}
    unsurveyed = {"outcome": "not_rated", "reason": "当年未调查"}
    cycle_steps.take(street, step("decided", "C3", body="district", **unsurveyed, **after))
    cycle_steps.take(street, step("decided", "C1", total=938.0, body="district", **after))
    cycle_steps.take(street, step("decided", "C1", total=937.5, body="city", **after))
    cycle_steps.name(street, step("title", date="2014-12-20"))
    named = agree(street)
    assert (named["C3"]["status"], named["C3"]["total"], named["C1"]["star_awarded"]) == ("not_rated", None, 5)
    due = {p.community_code: sum(p.shares.values()) for p in paid(street).of_year(YEAR)}
    assert {code: fen for code, fen in due.items() if fen} == {"C1": 50 * WAN, "C2": 50 * WAN}
    for payer in ("city", "district"):
        enter(street, Said(YEAR, "C1", payer, "250000", f"凭证-{payer}", "2015-01-10"), who="李")
    agree(street)
    assert {line.difference for line in ledger(street).of_year(YEAR) if line.community == "C1"} == {0}

    cycle_steps.close(street, YEAR, "王")
    closed = agree(street, papers=True)
    assert {code: told(row) for code, row in closed.items()} == {code: told(row) for code, row in named.items()}
    with street.read() as conn:
        kept = cycle_table.version(conn, YEAR, 1).rows("scores")
    assert {r["community_code"]: told(r) for r in kept} == {code: told(row) for code, row in closed.items()}
