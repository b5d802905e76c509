"""The task list of a year: every lost point, what the offices entered, what became of it, and how it was the year before."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from weakref import ref

import pandas as pd

from analysis.improvement.lost_points import SMALLEST, answering, in_charge, lines_of, loss_frame, offices_of, reason
from analysis.improvement.task_outcome import outcomes
from analysis.publication import snapshots
from analysis.scheme.serial import from_dict
from analysis.scoring.results import Results
from analysis.tables import number_words as numbers
from survey.core import limits
from survey.core.columns import CODE, DATE, NUMBER, TEXT, WHOLE, Column, columns
from survey.core.errors import Refused
from survey.core.lang import say
from survey.store import Store
from survey.store.year import schemes, tasks
from survey.store.year.tasks import Task

Key = tuple[str, str, str]
#: an item that loses less than this share of its points, over all who lost any, is a small one: it comes after all others
MINOR_ITEM = 0.25
#: what became of the losses of one year's results in another's, by these and the indicators whose rule is another one: the same
#: results are listed, filtered and written down by many, and comparing two years is nearly all that a list costs
_COMPARED: OrderedDict[Any, tuple[ref[Results], ref[Results], Mapping[Key, Mapping[str, Any]]]] = OrderedDict()
_COMPARING = threading.Lock()
#: the lost points of some results, by these and the number of answers below which an item is left out
_LOST: OrderedDict[tuple[int, int], tuple[ref[Results], tuple[Mapping[str, Any], ...]]] = OrderedDict()
_LISTING = threading.Lock()
#: what a task may be filtered by besides its outcome
ENTERED = ("open", "planned", *tasks.PROGRESS)


@dataclass(frozen=True)
class TaskRow:
    """One lost point of a year.

    ``loss``: a row of ``loss_frame``; ``task``: what the office entered; ``outcome``: what the year after says of it
    (a row of ``outcomes``), None while there is none; ``earlier``: what this year says of the same loss of the year
    before, None where it lost nothing then; ``before``: what was entered then.
    """

    loss: Mapping[str, Any]
    task: Task | None
    outcome: Mapping[str, Any] | None
    earlier: Mapping[str, Any] | None
    before: Task | None

    @property
    def key(self) -> Key:
        """What it is about within its year."""
        return self.loss["community_code"], self.loss["kind"], self.loss["code"]

    @property
    def entered(self) -> str:
        """``open`` while no action is entered, then ``planned`` or its progress."""
        if self.task is None or not (self.task.action or self.task.progress):
            return "open"
        return self.task.progress or "planned"

    @property
    def state(self) -> str:
        """The outcome, or how far the task is while the year after has no results."""
        return str(self.outcome["state"]) if self.outcome else self.entered


@dataclass(frozen=True)
class TaskGroup:
    """One indicator or item, with its ``rows``: every community that lost points there, the largest loss first."""

    rows: tuple[TaskRow, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Kind and code."""
        return self.rows[0].loss["kind"], self.rows[0].loss["code"]

    @property
    def lost(self) -> float:
        """Points that all of its communities lost together."""
        return sum(float(row.loss["points_lost"]) for row in self.rows)

    @property
    def small(self) -> bool:
        """Whether it is a question to residents of which little is lost (``MINOR_ITEM``)."""
        return self.key[0] == "subjective" and self.lost < MINOR_ITEM * sum(float(r.loss["points"]) for r in self.rows)

    @property
    def entered(self) -> int:
        """For how many of its rows something is planned."""
        return sum(row.entered != "open" for row in self.rows)


def grouped(rows: Iterable[TaskRow]) -> tuple[TaskGroup, ...]:
    """Rows by indicator and item: the most points lost first, small items last."""
    found: dict[tuple[str, str], list[TaskRow]] = {}
    for row in rows:
        found.setdefault((row.loss["kind"], row.loss["code"]), []).append(row)
    groups = [TaskGroup(tuple(sorted(each, key=lambda r: -r.loss["points_lost"]))) for each in found.values()]
    return tuple(sorted(groups, key=lambda g: (g.small, -g.lost, g.key)))


@dataclass(frozen=True)
class TaskList:
    """The tasks of one year; ``known_before``: the year before has results that this one can be held against, and
    ``since`` is what this one says of its losses (rows of ``outcomes``).
    """

    year: int
    results: Results
    rows: tuple[TaskRow, ...]
    known_before: bool
    known_after: bool
    since: tuple[Mapping[str, Any], ...] = ()

    def chosen(
        self, communities: Iterable[str] = (), office: str = "", state: str = "", least: float = 0.0
    ) -> tuple[TaskRow, ...]:
        """Those of some communities, of one office (leading or answering), in one state, from so many points on; ranked as
        ``grouped`` says."""
        codes = set(communities)
        rows = (
            row
            for row in self.rows
            if (not codes or row.loss["community_code"] in codes)
            and (not office or office in in_charge(row.loss))
            and (not state or state in (row.state, row.entered))
            and row.loss["points_lost"] >= least
        )
        return tuple(row for group in grouped(rows) for row in group.rows)

    @property
    def offices(self) -> tuple[str, ...]:
        """Every office that leads or answers, those of the scheme first, in its order."""
        dimensions = self.results.meta["dimensions"]
        named = offices_of(*(d.get("lead_office") for d in dimensions))
        return tuple(dict.fromkeys([*named, *(o for row in self.rows for o in answering(row.loss))]))


def task_list(store: Store, year: int) -> TaskList:
    """The list of a year as its results stand; raises Refused for a year without results."""
    with store.read() as conn:
        known = snapshots.data_years(conn)
    computed = snapshots.results(store, year)
    near = {y: snapshots.results(store, y) for y in (year - 1, year + 1) if y in known}
    return compose(store, computed, near.get(year - 1), near.get(year + 1))


def compose(store: Store | None, computed: Results, before: Results | None, after: Results | None) -> TaskList:
    """The list of ``computed``, held against the years before and after it; without a store nothing is entered."""
    year = int(computed.meta["year"])
    entered: dict[int, dict[Key, Task]] = {year - 1: {}, year: {}}
    if store is not None:
        with store.read() as conn:
            entered = {y: tasks.current(conn, y) for y in entered}
    earlier = None if before is None else _between(store, before, computed)
    following = None if after is None else _between(store, computed, after)
    rows = tuple(
        TaskRow(
            loss=loss,
            task=entered[year].get(key),
            outcome=None if following is None else following.get(key),
            earlier=None if earlier is None else earlier.get(key),
            before=entered[year - 1].get(key),
        )
        for loss in _lost(computed)
        for key in [(loss["community_code"], loss["kind"], loss["code"])]
    )
    since = tuple((earlier or {}).values())
    return TaskList(year, computed, rows, earlier is not None, following is not None, since)


def _lost(results: Results) -> tuple[Mapping[str, Any], ...]:
    """The rows of ``loss_frame``, made once for the same results: every list of theirs, of whichever office, begins with them."""
    at = (id(results), limits.TOTALS_BELOW)
    with _LISTING:  # who asks for what is being listed waits for it
        kept = _LOST.get(at)
        if kept is not None and kept[0]() is results:
            _LOST.move_to_end(at)
            return kept[1]
        found = tuple(MappingProxyType(row) for row in lines_of(loss_frame(results)))
        _LOST[at] = ref(results), found
        while len(_LOST) > limits.KEPT_YEARS:
            _LOST.popitem(last=False)
        return found


def _between(store: Store | None, before: Results, after: Results) -> Mapping[Key, Mapping[str, Any]]:
    """What the year after says of the losses of a year, by key; compared once for the same two results."""
    other = frozenset() if store is None else other_rules(store, before, after)
    at = (id(before), id(after), other)
    with _COMPARING:  # who asks for what is being compared waits for it
        kept = _COMPARED.get(at)
        if kept is not None and kept[0]() is before and kept[1]() is after:
            _COMPARED.move_to_end(at)
            return kept[2]
        rows = lines_of(outcomes(before, after, other))
        found = MappingProxyType({(r["community_code"], r["kind"], r["code"]): MappingProxyType(r) for r in rows})
        _COMPARED[at] = ref(before), ref(after), found
        while len(_COMPARED) > limits.KEPT_YEARS:
            _COMPARED.popitem(last=False)
        return found


def other_rules(store: Store, before: Results, after: Results) -> frozenset[str]:
    """Codes of the indicators that both years have, with another rule or parameters."""
    marks = [(r.meta.get("scheme"), r.meta.get("scheme_version")) for r in (before, after)]
    if marks[0] == marks[1]:
        return frozenset()
    found: list[dict[str, tuple[str, str]]] = []
    with store.read() as conn:
        for code, version in marks:
            try:
                scheme = from_dict(schemes.get(conn, str(code), version).definition)
            except Refused:
                return frozenset(before.indicators["indicator"])  # nobody knows by which rule it was
            found.append({i.code: (i.rule, str(i.parameters)) for i in scheme.scored_indicators})
    return frozenset(code for code in found[0].keys() & found[1].keys() if found[0][code] != found[1][code])


FRAME = columns(
    Column("year", WHOLE),
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("type", TEXT),
    Column("dimension", CODE),
    Column("kind", CODE),
    Column("code", CODE),
    Column("name", TEXT),
    Column("points", NUMBER),
    Column("points_lost", NUMBER),
    Column("why", TEXT),
    Column("lead_office", TEXT),
    Column("office", TEXT),
    Column("action", TEXT),
    Column("person", TEXT),
    Column("deadline", DATE),
    Column("progress", TEXT),
    Column("entered_by", TEXT),
    Column("entered_at", DATE),
    Column("state", CODE),
    Column("regained", NUMBER),
    Column("regained_se", NUMBER),
    Column("earlier_state", CODE),
    Column("earlier_lost", NUMBER),
    Column("earlier_regained", NUMBER),
    Column("earlier_action", TEXT),
)


def task_frame(rows: Iterable[TaskRow], lang: str) -> pd.DataFrame:
    """``FRAME``, one row a task, for files and commands; the reason in words."""
    made = [
        {
            **{
                name: row.loss[name]
                for name in (
                    "year",
                    "community_code",
                    "community",
                    "type",
                    "dimension",
                    "kind",
                    "code",
                    "points",
                    "points_lost",
                    "lead_office",
                )
            },
            "name": row.loss[f"name_{lang}"] or row.loss["name_zh"],
            "why": reason(row.loss, lang),
            "office": "、".join(answering(row.loss)),
            **{
                name: getattr(row.task, name) if row.task else None
                for name in ("action", "person", "deadline", "progress")
            },
            "entered_by": row.task.who if row.task else None,
            "entered_at": row.task.at if row.task else None,
            "state": row.state,
            "regained": row.outcome["regained"] if row.outcome else None,
            "regained_se": row.outcome["regained_se"] if row.outcome else None,
            "earlier_state": row.earlier["state"] if row.earlier else None,
            "earlier_lost": row.earlier["points_lost"] if row.earlier else None,
            "earlier_regained": row.earlier["regained"] if row.earlier else None,
            "earlier_action": row.before.action if row.before else None,
        }
        for row in rows
    ]
    typed: pd.DataFrame = FRAME.typed(pd.DataFrame(made, columns=list(FRAME.names)))
    return typed


# ── How tasks are worded, once for files, commands and pages


def state_word(lang: str, state: str) -> str:
    """已补上, 待填措施 …"""
    return say(lang, f"tasks.state.{state}")


def outcome_words(lang: str, outcome: Mapping[str, Any]) -> str:
    """What became of a loss: the state, with the points and for items their error."""
    state, regained = outcome["state"], outcome["regained"]
    if regained is None:
        return state_word(lang, state)
    points = numbers.won(regained)
    if state == "none" and points == "0":
        return state_word(lang, state)
    if worse(outcome):
        return say(
            lang,
            "tasks.worse",
            state=state_word(lang, state),
            points=_with_error(lang, outcome, numbers.least(-regained)),
        )
    return say(lang, "tasks.outcome", state=state_word(lang, state), points=_with_error(lang, outcome, points))


def worse(outcome: Mapping[str, Any] | None) -> bool:
    """Whether clearly more is lost than the year before."""
    return outcome is not None and outcome["state"] == "none" and outcome["regained"] < -SMALLEST


def _with_error(lang: str, outcome: Mapping[str, Any], points: str) -> str:
    if outcome["regained_half"] is None:
        return points
    return say(lang, "tasks.with_error", points=points, error=f"{outcome['regained_half']:.1f}")


def earlier_words(lang: str, found: TaskList, row: TaskRow) -> str:
    """How the same point stood the year before (上年情况), with what was planned then."""
    if not found.known_before:
        return say(lang, "tasks.no_year_before")
    if row.earlier is None:
        return say(lang, "tasks.not_lost_before")
    text = say(
        lang, "tasks.earlier", lost=numbers.least(row.earlier["points_lost"]), outcome=outcome_words(lang, row.earlier)
    )
    if row.before and row.before.action:
        text += say(lang, "tasks.earlier_action", action=row.before.action)
    return text


def kind_word(lang: str, kind: str) -> str:
    """客观 or 主观."""
    return say(lang, f"tasks.kind.{kind}")
