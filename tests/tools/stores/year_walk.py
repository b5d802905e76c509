"""A year of three communities in which steps are tried in any order, and led on to the archive from wherever they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from analysis.cycle.stages import NO_NUMBER, standings
from analysis.cycle.stored_steps import read_log
from analysis.indicators.entry import enter
from analysis.indicators.review import review
from analysis.publication import cycle_steps, snapshots
from analysis.scoring.results import Results
from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import batches, reinstatement
from survey.store.year import register, years
from survey.store.year.cycle import Event
from tests.tools.soak import TIMES
from tests.tools.templates import once
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
_STEP = st.tuples(st.sampled_from(DOES), st.sampled_from(sorted(NAMES)), st.integers(1, 4))
STEPS = st.lists(_STEP, min_size=1, max_size=2 if not TIMES else 9)
#: what happens between the archive and the next one, after the correction has opened the year
AFTER = st.lists(_STEP, max_size=1 if not TIMES else 4)
#: how many rounds of what comes next bring everybody to the archive from wherever they are
_ROUNDS = 12


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

    def lead_on(self) -> None:
        """To the archive, from wherever everybody is: what is due is done, what has moved is published anew."""
        for _ in range(_ROUNDS):
            log = self.log()
            if log.closed:
                return
            self.attempt("approve", "C1", 3)
            waits = {code for code in NAMES if code in log.moved or moved_on(log, code)}
            for code in sorted(NAMES):
                if code in waits:
                    self._publish_anew(code)
                else:
                    self.attempt("next", code, 3)
        raise AssertionError(f"the archive is not reached: {self.tried}")

    def _publish_anew(self, code: str) -> None:
        for do in ("withdraw", "calculate", "publicise"):
            self.attempt(do, code, 3)

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


def moved_on(log: Any, code: str) -> bool:
    """Whether a community was calculated since it was published last."""
    kinds = [e.kind for e in log.steps_of(code) if e.kind in ("calculated", "publicised")]
    return bool(kinds) and kinds[-1] == "calculated"


def same_numbers(one: Results, other: Results, codes: Any) -> None:
    for code in codes:
        assert [one.community(code)[c] for c in OWN] == [other.community(code)[c] for c in OWN]
