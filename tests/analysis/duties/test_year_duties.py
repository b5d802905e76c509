"""What is owed in a year follows from what is stored: it comes and goes with values, reviews, steps, payments."""

from collections import Counter

from analysis.duties.year_duties import year_duties
from analysis.indicators.entry import enter
from analysis.publication import cycle_steps
from analysis.scheme import default_scheme
from survey.store.year import plans, tasks
from survey.store.year.plans import Plan
from survey.store.year.tasks import Task
from tests.tools.towns.cycle_town import make_town, publish, step


def owed(store, year=2014):
    """(kind, owner, step) → how much, over both communities."""
    found = Counter()
    for duty in year_duties(store, year).rows:
        found[duty.kind, duty.owner_kind, duty.step] += duty.n
    return dict(found)


def test_a_reviewed_year_owes_steps_only_until_values_change(sqlite_store):
    make_town(sqlite_store)
    lost = {k: n for k, n in owed(sqlite_store).items() if k[0] != "tasks"}
    assert lost == {}  # nobody applied: nobody has to
    cycle_steps.take(sqlite_store, step("applied", "C1", star=5))
    first = default_scheme().scored_indicators[0]
    enter(
        sqlite_store,
        2014,
        [{"community": "C1", "indicator": first.code, "exempt": "是", "evidence": "另一份"}],
        who="王",
        via="page",
    )
    found = {k: n for k, n in owed(sqlite_store).items() if k[0] != "tasks"}
    assert found == {("reviews", "review", ""): 1, ("steps", "review", "review"): 1}
    (value,) = [d for d in year_duties(sqlite_store, 2014).rows if d.kind == "reviews"]
    assert (value.community, value.office) == ("C1", first.office)


def test_what_was_never_entered_is_its_offices(sqlite_store):
    make_town(sqlite_store)
    rows = [d for d in year_duties(sqlite_store, 2015).rows if d.kind == "values"]
    offices = Counter(i.office for i in default_scheme().scored_indicators)
    assert {(d.owner, d.n) for d in rows if d.community == "C2"} == set(offices.items())
    assert sum(d.n for d in rows) == 2 * len(default_scheme().scored_indicators)


def test_self_scores_are_owed_where_the_year_has_any_or_a_day_for_them(sqlite_store):
    make_town(sqlite_store)
    every = len(default_scheme().scored_indicators)
    with sqlite_store.write() as conn:
        plans.set_due(conn, 2014, {"self_scores": "2014-10-15"})
    assert owed(sqlite_store)["self_scores", "community", ""] == 2 * every
    with sqlite_store.write() as conn:
        plans.set_due(conn, 2014, {"self_scores": ""})
    assert ("self_scores", "community", "") not in owed(sqlite_store)
    enter(
        sqlite_store,
        2014,
        [{"community": "C1", "indicator": default_scheme().scored_indicators[0].code, "self_score": "5"}],
        who="王",
        via="page",
    )
    assert owed(sqlite_store)["self_scores", "community", ""] == 2 * every - 1


def test_communities_short_of_answers_objections_and_decisions(sqlite_store):
    publish(sqlite_store)
    with sqlite_store.write() as conn:
        plans.save(conn, [Plan(2014, "C1", "", 100)])
        plans.set_due(conn, 2014, {"responses": "2000-01-01"})
    (short,) = [d for d in year_duties(sqlite_store, 2014).rows if d.kind == "responses"]
    assert (short.owner, short.n, short.overdue) == ("C1", 40, True)
    assert owed(sqlite_store)["steps", "street", "decide"] == 2
    cycle_steps.take(sqlite_store, step("objection", "C2", reason="漏记一项", date="2014-11-25"))
    found = owed(sqlite_store)
    assert (found["steps", "street", "decide"], found["objections", "street", ""]) == (1, 1)


def test_a_planned_measure_has_its_own_day_and_ends_when_it_is_done(sqlite_store):
    make_town(sqlite_store)
    before = [d for d in year_duties(sqlite_store, 2014).rows if d.kind == "tasks"]
    first = before[0]
    total = sum(d.n for d in before)
    task = Task(2014, first.community, "subjective", "A", action="开会", deadline="2014-10-01", progress="under_way")
    with sqlite_store.write() as conn:
        tasks.enter(conn, [task], who="李")
    rows = [d for d in year_duties(sqlite_store, 2014).rows if d.kind == "tasks"]
    (planned,) = [d for d in rows if d.step == "planned"]
    assert (planned.due, planned.overdue, sum(d.n for d in rows)) == ("2014-10-01", True, total)
    with sqlite_store.write() as conn:
        tasks.enter(conn, [Task(**{**vars(task), "progress": "done"})], who="李")
    rows = [d for d in year_duties(sqlite_store, 2014).rows if d.kind == "tasks"]
    assert sum(d.n for d in rows) == total - 1


def test_after_the_archive_only_payments_and_measures_are_left(sqlite_store):
    publish(sqlite_store)
    for code in ("C1", "C2"):
        cycle_steps.take(sqlite_store, step("decided", code, body="district", total=720.0))
    assert owed(sqlite_store)["steps", "street", "name"] == 2
    cycle_steps.name(sqlite_store, step("title"), ["C1", "C2"])
    found = owed(sqlite_store)
    assert {kind for kind, *_ in found} == {"payments", "tasks"}
    cycle_steps.close(sqlite_store, 2014, "李")
    assert owed(sqlite_store) == found
    # a correction opens the year, and nobody's data have moved
    cycle_steps.correct(sqlite_store, 2014, "李", reason="总分录错", approver="王")
    assert owed(sqlite_store) == found
