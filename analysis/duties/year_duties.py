"""The duties of a year, gathered from the facts that other rooms have: values, reviews, steps, answers, awards, tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import pandas as pd

from analysis.awards.disbursements import ledger
from analysis.awards.ledger import Ledger
from analysis.cycle.stages import Standing, standings
from analysis.cycle.stored_steps import read_log
from analysis.duties.duty import Duties, Duty
from analysis.improvement.lost_points import answering
from analysis.improvement.task_list import TaskList, compose
from analysis.indicators.tables import values_table
from analysis.publication import snapshots
from analysis.publication.cycle_steps import today
from analysis.quality.coverage import coverage
from analysis.scoring.merged_communities import communities_in
from analysis.scoring.results import Results
from survey.store import Store
from survey.store.year import plans

#: steps that nobody is behind with: nobody has to apply, and the archive waits for all
NOT_OWED = ("apply", "answer", "close", "nothing")
#: steps that who approves takes, not who enters
OF_REVIEWERS = ("approve_veto", "review")


def year_duties(store: Store, year: int, read: Callable[[int], Results] | None = None) -> Duties:
    """Everything that is owed in a year; ``read`` gives the results of a year, computed here otherwise.

    Raises Refused for a year without a scheme.
    """
    read = read or partial(snapshots.results, store)
    with store.read() as conn:
        known = [y for y in (year - 1, year, year + 1) if y in snapshots.data_years(conn)]
    # first, for whether data have moved since is told by what is computed of them
    near = {y: read(y) for y in known} if year in known else {}
    with store.read() as conn:
        log = read_log(conn, year)
        streets = {c.code: c.sub_district for c in communities_in(conn, year)}
        open_ = frozenset(code for code in log.codes if not log.closed_of(code))
        dates, day = plans.due_dates(conn, year), today(conn)
        values = values_table(conn, year, sorted(open_))
    rows: list[Duty] = []
    if open_:
        rows += _of_values(values, "self_scores" in dates)
        rows += [d for d in _short(store, year, read) if d.community in open_]
        rows += _of_steps(standings(log))
    rows += _of_payments(ledger(store), year)
    if near:
        rows += _of_tasks(compose(store, near[year], near.get(year - 1), near.get(year + 1)))
    told = tuple(duty.until(duty.due or dates.get(duty.kind, ""), day) for duty in rows)
    return Duties(year, day, told, dates, log.names, streets)


def _of_values(values: pd.DataFrame, wanted: bool) -> Iterator[Duty]:
    """Values that nobody entered or that were sent back, self-scores where the year has any (or ``wanted``), reviews."""
    cells = zip(*(values[name].tolist() for name in ("community_code", "office", "review", "self_score")), strict=True)
    own = wanted or bool(values["self_score"].notna().any())
    entered: Counter[tuple[str, str]] = Counter()
    waits: Counter[tuple[str, str]] = Counter()
    self_scores: Counter[str] = Counter()
    for code, office, review, score in cells:
        place = str(code), "" if pd.isna(office) else str(office)
        entered[place] += review in ("empty", "returned")
        waits[place] += review == "entered"
        self_scores[place[0]] += own and bool(pd.isna(score))
    for (code, office), n in entered.items():
        if n:
            yield Duty("values", "office" if office else "street", office, code, n, office=office)
    for (code, office), n in waits.items():
        if n:
            yield Duty("reviews", "review", "", code, n, office=office)
    for code, n in self_scores.items():
        if n:
            yield Duty("self_scores", "community", code, code, n)


def _short(store: Store, year: int, read: Callable[[int], Results]) -> Iterator[Duty]:
    """Communities short of answers."""
    missing = coverage(store, year, read=read).missing
    for code, short in zip(missing["community_code"].tolist(), missing["short"].tolist(), strict=True):
        yield Duty("responses", "community", str(code), str(code), int(short))


def _of_steps(found: Mapping[str, Standing]) -> Iterator[Duty]:
    """Objections without an answer, and the step that each community waits for."""
    for code, at in found.items():
        if at.objections:
            yield Duty("objections", "street", "", code, len(at.objections))
        if at.next not in NOT_OWED:
            yield Duty("steps", "review" if at.next in OF_REVIEWERS else "street", "", code, step=at.next)


def _of_payments(known: Ledger, year: int) -> Iterator[Duty]:
    """Awards of the year that may still be paid."""
    for line in known.of_year(year):
        if line.payable:
            yield Duty("payments", "payer", line.payer, line.community)


def _of_tasks(found: TaskList) -> Iterator[Duty]:
    """Lost points for which nothing is planned, by office; what is planned and not done, each until its own day.

    None once the year after says what became of them.
    """
    if found.known_after:
        return
    open_: Counter[tuple[str, str]] = Counter()
    for row in found.rows:
        office, code = "、".join(answering(row.loss)), str(row.loss["community_code"])
        if row.entered == "open":
            open_[office, code] += 1
        elif row.entered != "done":
            due = row.task.deadline if row.task is not None else ""
            yield Duty("tasks", "office" if office else "street", office, code, step="planned", office=office, due=due)
    for (office, code), n in open_.items():
        yield Duty("tasks", "office" if office else "street", office, code, n, office=office)
