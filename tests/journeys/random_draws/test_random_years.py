"""Random orders of everything that happens in a year: after each step all that is read of a published year says the same.

Calculations, publications, objections, decisions, namings, vetoes, corrections and archives, between them answers and values
that come late, are taken back and brought back.  What must not be is refused in one sentence, and changes nothing.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from analysis.awards.year import budget, paid, targets
from analysis.cycle.stages import NO_NUMBER, standings
from analysis.cycle.stored_steps import read_log
from analysis.cycle.versions import digests, read_back
from analysis.exports.workbook import community_workbook
from analysis.improvement.task_list import task_list
from analysis.indicators.entry import enter
from analysis.indicators.review import review
from analysis.publication import cycle_steps, cycle_table, fixed_versions, snapshots, version_list
from analysis.scoring.results import Results
from analysis.statistics.notes import LATE
from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import batches, reinstatement
from survey.store.year import cycle, register, years
from survey.store.year import results as stored_results
from survey.store.year.cycle import Event
from tests.tools.soak import examples
from tests.tools.templates import empty_store, once
from tests.tools.towns.cycle_town import make_town

YEAR = 2014
#: the third takes part and nobody was asked there
NAMES = {"C1": "甲社区", "C2": "乙社区", "C3": "丙社区"}
#: what of a score row is the community's own
OWN = ("n", "objective", "subjective", "subjective_se", "total", "total_exact", "star", "star_probability")
DOES = (
    "next",
    "next",
    "next",
    "next_all",
    "next_all",
    "answers",
    "values",
    "approve",
    "back",
    "calculate",
    "publicise",
    "object",
    "answer",
    "keep",
    "decide",
    "withdraw",
    "without",
    "name",
    "veto",
    "lift",
    "close",
    "correct",
)
STEPS = st.lists(
    st.tuples(st.sampled_from(DOES), st.sampled_from(sorted(NAMES)), st.integers(1, 4)), min_size=4, max_size=9
)


@once
def build(store: Store) -> None:
    """Two communities of 937 points and one of which nothing is known, all three published."""
    make_town(store)
    with store.write() as conn:
        register.save(conn, [register.Community("C3", "丙社区", sub_district="示例街道", adult_population=500)])
    for code in NAMES:
        cycle_steps.take(store, Event("applied", YEAR, code, star=5, date="2014-10-01", who="李"))
    town = Town(store)
    for do in ("review", "calculate", "publicise"):
        assert town.attempt(do, "C1", 1)


@dataclass
class Town:
    """A store in which steps are tried, and what its archived year said when it was archived."""

    store: Store
    archived: str = ""
    tried: list[str] = field(default_factory=list)

    def step(self, kind: str, code: str = "", **more: Any) -> Event:
        said = {"who": "李", "document": "1号", "date": "2014-12-20", **more}
        return cycle_steps.take(self.store, Event(kind, YEAR, code, **said))

    def attempt(self, do: str, code: str, level: int) -> bool:
        """Whether it was done; what is refused says why and leaves the data as they were."""
        before = None if do not in ("answers", "values", "back") else self.data()
        try:
            getattr(self, f"do_{do}")(code, level)
            self.tried.append(f"{do} {code} {level}")
        except Refused as refused:
            worded = refused.word("zh") + refused.word("en")
            self.tried.append(f"{do} {code} {level} refused {refused.key}")
        else:
            return True
        assert "{" not in worded
        assert before is None or self.data() == before
        return False

    def data(self) -> int:
        with self.store.read() as conn:
            return years.data_version(conn, YEAR)

    def log(self) -> Any:
        snapshots.results(self.store, YEAR)
        with self.store.read() as conn:
            return read_log(conn, YEAR)

    # ── What may happen

    def do_next(self, code: str, level: int) -> None:
        """Whatever comes next for a community."""
        due = standings(self.log())[code].next
        does: Mapping[str, Callable[[str, int], None]] = {
            "review": self.do_review,
            "calculate": self.do_calculate,
            "publicise": self.do_publicise,
            "answer": self.do_answer,
            "change": self.do_keep,
            "late": self.do_calculate,
            "decide": self.do_decide,
            "city": self.do_decide,
            "name": self.do_name,
            "close": self.do_close,
        }
        does.get(due, self.do_close)(code, level)

    def do_next_all(self, code: str, level: int) -> None:
        """Whatever comes next for everybody who is where the first is, as clerks go on."""
        for one in sorted(NAMES):
            self.attempt("next", one, level)

    def do_review(self, code: str, level: int) -> None:
        cycle_steps.review(self.store, YEAR, "李")

    def do_calculate(self, code: str, level: int) -> None:
        log = self.log()
        whole = log.last("calculated") is None or level == 1
        cycle_steps.calculate(self.store, YEAR, "李", "数据有变化", "" if whole else code)

    def do_publicise(self, code: str, level: int) -> None:
        whole = self.log().last("publicised") is None or level == 1
        self.step("publicised", "" if whole else code, date="2014-11-20", until="2014-11-27")

    def do_object(self, code: str, level: int) -> None:
        self.step("objection", code, reason="次数不对", date="2014-11-21")

    def do_answer(self, code: str, level: int) -> None:
        waiting = standings(self.log())[code].objections
        said = {"outcome": "upheld" if level < 3 else "rejected", "reason": "已核对", "subject": "事务办"}
        self.step("objection_answered", code, ref=waiting[0].id if waiting else 0, **said)

    def do_keep(self, code: str, level: int) -> None:
        self.step("unchanged", code, reason="不影响得分")

    def do_decide(self, code: str, level: int) -> None:
        """The district, then the city; the total is their own and seldom the street's."""
        self.attempt("approve", code, level)
        at = standings(self.log())[code]
        body = "city" if at.next == "city" else "district"
        self.step("decided", code, body=body, total=(620.0, 720.0, 860.0, 930.0)[level - 1], reason="复核")

    def do_without(self, code: str, level: int) -> None:
        self.step("decided", code, body="district", outcome=NO_NUMBER[level % 3], reason="未调查")

    def do_withdraw(self, code: str, level: int) -> None:
        self.step("decision_withdrawn", code, reason="录错")

    def do_name(self, code: str, level: int) -> None:
        cycle_steps.name(
            self.store, Event("title", YEAR, document="2号", date="2014-12-25", who="李", reason="更正"), [code]
        )

    def do_veto(self, code: str, level: int) -> None:
        number = self.step("veto", code, subject="other", reason="事故", months=12).id
        self.step("veto_approved", code, ref=number, who="王")

    def do_lift(self, code: str, level: int) -> None:
        matter = next((v.event.id for v in standings(self.log())[code].vetoes if v.state == "active"), 0)
        self.step("veto_lifted", code, ref=matter, reason="误报", who="王")

    def do_answers(self, code: str, level: int) -> None:
        """Ten more answers, all of them at one level."""
        number = len(self.tried)
        lines = "".join(f"晚{number}-{i},{NAMES[code]},{YEAR}{f',{level}' * 6}\n" for i in range(10))
        data = ("编号,社区,年度,办事方便,环境卫生,A,B,D,E\n" + lines).encode()
        commit(self.store, inspect(self.store, f"late_{number}.csv", data, ImportOptions("q")))
        snapshots.recompute(self.store, [YEAR])

    def do_values(self, code: str, level: int) -> None:
        """An indicator that was exempt is reported, and waits for its review."""
        said = {"community": code, "indicator": "ZZ03", "value": str(level), "reason": "补报"}
        enter(self.store, YEAR, [said], who="李", via="command")

    def do_approve(self, code: str, level: int) -> None:
        review(self.store, YEAR, "approve", who="复核员")

    def do_back(self, code: str, level: int) -> None:
        """A batch that came in is taken back, or brought back."""
        with self.store.write() as conn:
            known = batches.listing(conn)
            chosen = known[(level - 1) % len(known)]
            reinstatement.set_state(conn, chosen.id, "undone" if chosen.state == "active" else "active", "李")

    def do_close(self, code: str, level: int) -> None:
        before = snapshots.results(self.store, YEAR)
        cycle_steps.close(self.store, YEAR, "李")
        self.archived = snapshots.results(self.store, YEAR).to_json()
        same_numbers(before, snapshots.results(self.store, YEAR), NAMES)

    def do_correct(self, code: str, level: int) -> None:
        before = snapshots.results(self.store, YEAR)
        cycle_steps.correct(self.store, YEAR, "李", reason="更正", approver="王")
        same_numbers(before, snapshots.results(self.store, YEAR), NAMES)


def same_numbers(one: Results, other: Results, codes: Any) -> None:
    for code in codes:
        assert [one.community(code)[c] for c in OWN] == [other.community(code)[c] for c in OWN]


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
        the_cycle_says_the_same(store, log, rows, told)
        awards_and_targets_say_the_same(store, rows)


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


def the_workbooks_say_the_same(store: Store) -> None:
    found = snapshots.results(store, YEAR)
    for code in NAMES:
        book = openpyxl.load_workbook(io.BytesIO(community_workbook(found, code, "zh")), data_only=True)
        cells = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True, max_col=2) if row[0]}
        total = found.community(code)["total"]
        shown = cells["总分（满分 1000）"]
        assert (shown is None or isinstance(shown, str)) if total is None else abs(shown - total) < 1e-9


@examples(2, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(STEPS)
def test_all_that_is_read_of_a_published_year_says_the_same(steps: list[tuple[str, str, int]]):
    with tempfile.TemporaryDirectory() as folder, closing(build(empty_store(Path(folder) / "t.db"))) as store:
        town = Town(store)
        for do, code, level in steps:
            if town.attempt(do, code, level):
                agree(town)
        the_workbooks_say_the_same(store)
