"""Who only reads sees a community renewed when five or more of its responses came or went, never one by one."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.publication import kept_measures, snapshots
from analysis.quality.coverage import coverage
from dashboard.data.results import StoreSource
from dashboard.web.access import Viewer
from dashboard.web.permissions import BOUND, ROLES, granted, sees_now
from survey.coding.options import ImportOptions
from survey.intake.answers import commit, inspect
from survey.intake.calls import CallOptions, commit_calls, inspect_calls
from survey.people import removal
from survey.store import settled
from survey.store.intake import batches, calls, questionnaires, reinstatement, responses
from survey.store.year import years
from tests.dashboard.web.test_access import callbacks, post
from tests.tools.towns import cycle_town


def bring(store, first, count, place="甲社区", year=2014):
    """So many answers of one community, all of them the best; the batch."""
    lines = "".join(f"晚{i},{place},{year},1,1,1,1,1,1\n" for i in range(first, first + count))
    data = ("编号,社区,年度,办事方便,环境卫生,A,B,D,E\n" + lines).encode()
    return commit(store, inspect(store, f"{place}{first}.csv", data, ImportOptions("q"))).batch


def read(store, wanted=True):
    """Community → responses that are read of 2014."""
    with settled.reading(wanted), store.read() as conn:
        (form,) = responses.forms_in(conn, 2014)
        block = responses.load(conn, questionnaires.by_id(conn, form), years=[2014])
    codes, n = np.unique(block.design["community_code"].to_numpy(str), return_counts=True)
    assert len(block.codes) == n.sum() == len(block.design)
    return dict(zip(codes.tolist(), n.tolist(), strict=True))


@pytest.fixture
def store(store):
    return cycle_town.make_town(store)


def test_a_community_is_renewed_when_five_came(store):
    bring(store, 0, 3)
    assert (read(store), read(store, False)) == ({"C1": 60, "C2": 60}, {"C1": 63, "C2": 60})
    bring(store, 10, 6, "乙社区")
    assert read(store) == {"C1": 60, "C2": 66}
    bring(store, 3, 1)
    assert read(store) == {"C1": 60, "C2": 66}  # four came
    bring(store, 4, 1)
    assert read(store) == read(store, False) == {"C1": 65, "C2": 66}


def test_what_is_taken_back_goes_with_five_too(store):
    """An import that others have seen is shown on while what went and came since are four or fewer."""
    small, large = bring(store, 0, 3), bring(store, 10, 20)
    assert read(store) == {"C1": 83, "C2": 60}
    with store.write() as conn:
        batches.undo(conn, small, "x")
    assert (read(store), read(store, False)["C1"]) == ({"C1": 83, "C2": 60}, 80)
    bring(store, 40, 2)
    assert read(store) == read(store, False) == {"C1": 82, "C2": 60}
    with store.write() as conn:
        reinstatement.redo(conn, small, "x")
        batches.undo(conn, large, "x")
    assert read(store) == read(store, False) == {"C1": 65, "C2": 60}


def test_a_closed_year_is_shown_as_it_is(store):
    bring(store, 0, 3)
    with store.write() as conn:
        years.close(conn, 2014)
    assert read(store)["C1"] == 63


def test_results_and_measures_are_those_of_what_is_shown_and_both_are_kept_apart(store):
    before = snapshots.results(store, 2014).community("C1")["subjective"]
    bring(store, 0, 4)
    with settled.reading():
        assert snapshots.results(store, 2014).community("C1")["subjective"] == before
    now = snapshots.results(store, 2014).community("C1")
    assert (now["n"], now["subjective"] > before) == (64, True)
    with settled.reading():
        assert snapshots.results(store, 2014).community("C1")["n"] == 60

    def count(conn, year, scheme):
        return {"n": len(responses.load(conn, questionnaires.by_id(conn, responses.forms_in(conn, year)[0])))}

    def measured(wanted):
        with settled.reading(wanted):
            found = kept_measures.kept(store, 2014, "count:1", count)
        assert found.name == "count:1"
        return found.body["n"]

    assert [measured(wanted) for wanted in (True, False, True, False)] == [120, 124, 120, 124]


def test_a_page_shows_each_what_is_theirs(store):
    source = StoreSource(store)

    def n(wanted):
        with settled.reading(wanted):
            return source.results(2014).community("C1")["n"]

    bring(store, 0, 4)
    assert [n(wanted) for wanted in (True, False, True)] == [60, 64, 60]
    bring(store, 4, 1)
    assert [n(wanted) for wanted in (True, False)] == [65, 65]


def test_who_imports_or_decides_sees_everything(store, monkeypatch):
    """Whoever asks a page, its file or its button, by the role alone."""
    assert {role for role in ROLES if granted(role, "see") and not sees_now(role)} == {"community", "scorer", "leader"}
    # who brings files of one community knows what came in there, and sees the others as readers do
    assert all(sees_now(role) for role in ROLES if granted(role, "import") and role not in BOUND)
    from dashboard.app import create_app

    seen = []
    source = StoreSource(store)
    real = source.results
    monkeypatch.setattr(source, "results", lambda year: seen.append(settled.is_reading()) or real(year))
    for role in ("leader", "clerk"):
        app = create_app(store, source=source, identify=lambda _, role=role: Viewer("x", role))
        seen.clear()
        (dependency,) = [d for d, _ in callbacks(app) if d["output"] == "..page.children...view.data.."]
        assert post(app, dependency).status_code == 200
        app.server.test_client().get("/download/community/C1?year=2014")
        assert set(seen) == {role == "leader"}


def missing(store, wanted=True):
    """Community → responses stored, and short of 100, as the page 待办 and ``coverage`` say them; by mode what is stored."""
    with settled.reading(wanted):
        frame = coverage(store, 2014, wanted=100).frame
    frame = frame[frame["community_code"] == "C1"]
    return {
        m: (int(n), None if m else int(s))
        for m, n, s in zip(frame["mode"], frame["stored"], frame["short"], strict=True)
    }


def test_how_many_are_stored_and_missing_is_told_with_five_too(store):
    before = missing(store)
    small = bring(store, 0, 3)
    assert (missing(store), missing(store, False)[""]) == (before, (63, 37))
    bring(store, 3, 2)
    assert missing(store) == missing(store, False)
    with store.write() as conn:
        batches.undo(conn, small, "x")
    assert (missing(store)[""], missing(store, False)[""]) == ((65, 35), (62, 38))


def test_a_first_answer_of_a_year_is_no_year_of_answers_yet(store):
    bring(store, 0, 4, year=2016)

    def known(wanted):
        with settled.reading(wanted), store.read() as conn:
            return responses.years(conn), len(responses.forms_in(conn, 2016)), len(responses.contacts_of(conn, 2016))

    with_it = known(False)
    assert 2016 in with_it[0]
    assert with_it[1:] == (1, 4)
    assert known(True) == (with_it[0][:-1], 0, 0)
    bring(store, 4, 1, year=2016)
    assert known(True) == known(False)


def ring(store, first, count, attempt=1):
    """So many residents of one community called, one outcome each; the batch."""
    lines = "".join(f"电{i},甲社区,2014-09-{attempt:02} 10:00,F1,拒访\n" for i in range(first, first + count))
    data = ("编号,社区,拨打时间,访员,访问结果\n" + lines).encode()
    options = CallOptions(2014, "q")
    return commit_calls(store, inspect_calls(store, f"电话{first}-{attempt}.csv", data, options), who="王").batch


def called(store, wanted=True):
    with settled.reading(wanted), store.read() as conn:
        return len(calls.cases(conn, 2014))


def test_who_was_called_is_told_with_five_persons_too(store):
    """Persons, not calls: four who are called again are four still."""
    ring(store, 0, 4)
    assert (called(store), called(store, False)) == (0, 4)
    ring(store, 0, 4, attempt=2)
    assert (called(store), called(store, False)) == (0, 4)
    ring(store, 4, 1)
    assert called(store) == called(store, False) == 5


def test_who_is_removed_is_in_no_number_any_more(store):
    """One of six that are shown: at once, and the five others stay shown."""
    bring(store, 0, 6)
    assert read(store)["C1"] == 66
    removal.remove(store, removal.Wanted(respondent="晚3", year=2014), "本人要求", "王")
    assert read(store) == read(store, False) == {"C1": 65, "C2": 60}
