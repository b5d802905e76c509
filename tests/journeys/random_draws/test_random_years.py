"""Random orders of everything that happens in a year: after each step all that is read of a published year says the same.

Calculations, publications, objections, decisions, namings, vetoes, corrections and archives, between them answers and values
that come late, are taken back and brought back.  What must not be is refused in one sentence, and changes nothing.
Wherever the random steps lead, every year is then led on to its archive, opened for a correction, and archived again.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given

from analysis.awards.verdicts import verdicts
from analysis.awards.year import budget, paid, targets
from analysis.cycle.stages import NO_NUMBER, standings
from analysis.cycle.versions import digests, read_back
from analysis.exports.workbook import community_workbook
from analysis.improvement.task_list import task_list
from analysis.publication import cycle_table, fixed_versions, snapshots, version_list
from analysis.scoring.results import Results
from analysis.statistics.notes import LATE
from analysis.tables.scores import scores_for
from analysis.tables.tracing.trace import trace
from dashboard.pages.awards import service as awards_page
from dashboard.pages.community import service as community
from dashboard.pages.cycle import service as cycle_page
from dashboard.pages.overview import service as overview
from survey.core import limits
from survey.store import Store
from survey.store.year import cycle
from survey.store.year import results as stored_results
from tests.tools.dashboard_tools import ADMIN, source_of
from tests.tools.soak import TIMES, examples
from tests.tools.stores.year_walk import AFTER, NAMES, OWN, STEPS, YEAR, Town, build, same_numbers
from tests.tools.templates import empty_store

#: what pages and tables show beside
SAID = (*OWN, "rank", "status", "star_awarded", "title_event", "note")


# ── What everything that is read must agree on


def agree(town: Town) -> None:
    store = town.store
    found, log = snapshots.results(store, YEAR), town.log()
    told = {code: fixed_snapshot(log, code) for code in log.codes}
    if log.closed:
        assert found.to_json() == town.archived
        with store.read() as conn:
            last = len(cycle_table.versions_table(conn, YEAR))
            assert cycle_table.version(conn, YEAR, last).to_json() == town.archived
    elif any(told.values()):
        numbers_are_the_published_ones(store, found, told)
    if log.closed or any(told.values()):
        rows = {row["community_code"]: row for row in found.rows("scores")}
        the_list_is_of_these_rows(found, rows)
        with pytest.MonkeyPatch.context() as once_is_enough:
            # the readers below all ask for these results; a soak has each of them ask by itself
            if not TIMES:
                once_is_enough.setattr(snapshots, "results", lambda *_: found)
            the_cycle_says_the_same(store, log, rows, told)
            awards_and_targets_say_the_same(store, rows)
            the_pages_say_the_same(store, found, rows)
        the_trace_leads_to_what_counts(store, found, told)


def fixed_snapshot(log: Any, code: str) -> int | None:
    """The last calculation before the last publication, told from the plain steps."""
    mine = [e for e in log.events if e.year == YEAR and e.community in ("", code)]
    published = [e.id for e in mine if e.kind == "publicised"]
    before = [e.result for e in mine if e.kind == "calculated" and published and e.id < published[-1]]
    return before[-1] if before else None


def numbers_are_the_published_ones(store: Store, found: Results, told: Mapping[str, int | None]) -> None:
    newest = snapshots.calculated(store, YEAR)
    with store.read() as conn:
        kept = {n: read_back(stored_results.get(conn, n)) for n in {*told.values()} if n is not None}
        waits = dict(fixed_versions.not_counted(conn, [YEAR]))
    now, then = digests(newest), {n: digests(k) for n, k in kept.items()}
    late = {code for code, n in told.items() if n is not None and then[n][code] != now[code]}
    for code, n in told.items():
        if n is not None:
            same_numbers(kept[n], found, [code])
            for name in ("items", "indicators"):
                points = [[(r["points"], r["points_got"]) for r in f.rows(name, code)] for f in (kept[n], found)]
                assert points[0] == points[1]
        note = found.community(code)["note"] or ""
        assert (LATE in note.split(";")) == (code in late), (code, note)
    assert sorted(fixed_versions.late_names(found)) == sorted(NAMES[c] for c in late)
    log_says = waits.get("cycle.not_counted", {}).get("communities", "")
    assert {n for n in log_says.split("、") if n} <= {NAMES[c] for c in late}


def the_list_is_of_these_rows(found: Results, rows: Mapping[str, Mapping[str, Any]]) -> None:
    ranked = [r for r in rows.values() if r["total"] is not None and r["status"] != "vetoed"]
    for row in rows.values():
        place = 1 + sum(r["total"] > row["total"] for r in ranked) if row in ranked else None
        assert row["rank"] == place
    known = [r["total_exact"] for r in rows.values() if r["total_exact"] is not None]
    street = found.rows("streets")[0]
    assert street["with_total"] == len(known)
    assert abs((street["mean_total"] or 0) - (sum(known) / len(known) if known else 0)) < 1e-9


def the_cycle_says_the_same(store: Store, log: Any, rows: Mapping[str, Any], told: Mapping[str, int | None]) -> None:
    shown = cycle_table.cycle_table(cycle_table.read_cycle(store, YEAR)).astype(object)
    at = standings(log)
    with store.read() as conn:
        numbered = version_list.year_versions(conn, YEAR)
        titles = cycle.titles(conn)
    named = {r["community_code"]: r["star"] for r in titles[titles["year"] == YEAR].to_dict("records")}
    for line in shown.where(shown.notna(), None).to_dict("records"):
        code, row = line["community_code"], rows[line["community_code"]]
        if told[code] is not None or log.closed:
            assert (line["calculated_total"], line["calculated_star"]) == (row["total"], row["star"]), (code, line, row)
            assert line["status"] == row["status"]
        assert (row["star_awarded"], row["title_event"]) == (at[code].star_awarded, at[code].title_event or None)
        title = at[code].title
        assert title is None or named[code] == title.star
        current = [v for v in numbered.versions[code] if v.state == "current"]
        assert len(current) == (told[code] is not None)
        for version in current:
            assert numbered.row(code, version)["total"] == row["total"]
            assert numbered.lists["示例街道"][-1].versions[code] == version.number
        decision = at[code].decision
        if decision is not None and decision.outcome not in NO_NUMBER:
            assert [v.decided.id for v in current if v.decided] == [decision.id]


def awards_and_targets_say_the_same(store: Store, rows: Mapping[str, Any]) -> None:
    counts = [r for r in rows.values() if r["star"] is not None and r["status"] != "vetoed"]
    for one in targets(store, YEAR).progress["calculated"]:
        assert one.reached == sum(r["star"] >= one.target.star for r in counts)
    unknown = set(budget(store, YEAR)[0].unknown)
    assert unknown <= {c for c, r in rows.items() if r["total"] is None}
    with store.read() as conn:
        held = {(r["community_code"], r["year"]): r["star"] for r in cycle.titles(conn).to_dict("records")}
    assert {(p.community_code, p.year): p.star for p in paid(store).payments} == held
    lost = dict.fromkeys(rows, 0.0)
    for task in task_list(store, YEAR).rows:
        lost[task.loss["community_code"]] += task.loss["points_lost"]
    for code, row in rows.items():
        if row["total_exact"] is not None:
            assert abs(1000 - row["total_exact"] - lost[code]) < 1e-6, code


def the_pages_say_the_same(store: Store, found: Results, rows: Mapping[str, Any]) -> None:
    source = source_of(store)
    said = [
        overview.overview(ADMIN, source, YEAR, store=store).rows,
        [community.community(ADMIN, source, YEAR, code, store).row for code in rows],
    ]
    for shown in said:
        assert {r["community_code"]: {c: r[c] for c in SAID} for r in shown} == {
            code: {c: row[c] for c in SAID} for code, row in rows.items()
        }
    page = cycle_page.year_cycle(ADMIN, store, YEAR)
    assert {code: at.star_awarded for code, at in page.standings.items()} == {
        code: row["star_awarded"] for code, row in rows.items()
    }
    decided = {code: one.star for code, one in verdicts(store, YEAR).items()}
    assert {c: s for c, s in decided.items() if s is not None} == {
        c: r["star_awarded"] for c, r in rows.items() if r["star_awarded"] is not None
    }
    money = awards_page.money(ADMIN, source, store, YEAR)
    assert set(money.forecast.unknown) <= {c for c, r in rows.items() if r["total"] is None}
    table = scores_for([found], "zh").astype(object)
    for line in table.where(table.notna(), None).to_dict("records"):
        assert {c: line[c] for c in SAID} == {c: rows[line["community_code"]][c] for c in SAID}


def the_trace_leads_to_what_counts(store: Store, found: Results, told: Mapping[str, int | None]) -> None:
    for code in (code for code, number in told.items() if number is not None):
        with store.read() as conn:
            frame = trace(conn, code, YEAR).astype(object)
        counts = frame[~frame["note"].astype(object).fillna("").str.contains(LATE)]
        answers = counts[counts["what"] == "answers"]
        received = found.community(code)["n_received"] or 0
        assert answers["n"].sum() == received or received < limits.TOTALS_BELOW
        values = {r["name"]: r["value"] for r in counts[counts["what"] == "indicator"].to_dict("records")}
        for row in found.rows("indicators", code):
            if isinstance(row["value"], (int, float)):
                assert float(values[row["indicator"]]) == row["value"]


def the_workbooks_say_the_same(store: Store) -> None:
    found = snapshots.results(store, YEAR)
    for code in NAMES:
        book = openpyxl.load_workbook(io.BytesIO(community_workbook(found, code, "zh")), data_only=True)
        cells = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True, max_col=2) if row[0]}
        total = found.community(code)["total"]
        shown = cells["总分（满分 1000）"]
        assert (shown is None or isinstance(shown, str)) if total is None else abs(shown - total) < 1e-9


@examples(2, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(STEPS, AFTER)
def test_all_that_is_read_of_a_published_year_says_the_same(
    steps: list[tuple[str, str, int]], after: list[tuple[str, str, int]]
):
    with tempfile.TemporaryDirectory() as folder, closing(build(empty_store(Path(folder) / "t.db"))) as store:
        town = Town(store)
        for do, code, level in steps:
            if town.attempt(do, code, level):
                agree(town)
        to_the_archive(town)
        assert town.attempt("correct", "C1", 1), town.tried
        agree(town)
        for do, code, level in after:
            if town.attempt(do, code, level):
                agree(town)
        to_the_archive(town)
        the_workbooks_say_the_same(store)
        with store.read() as conn:
            assert len(cycle_table.versions_table(conn, YEAR)) >= 2


def to_the_archive(town: Town) -> None:
    """The rest of the way, and a look at the archive."""
    town.lead_on()
    agree(town)
    assert not town.attempt("answers", "C1", 1), town.tried
    assert not town.attempt("close", "C1", 1), town.tried
