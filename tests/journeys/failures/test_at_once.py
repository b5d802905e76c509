"""Several people at once: the second gets one sentence, nothing of the first is lost, and nothing typed by the second."""

import pytest

from analysis.publication import cycle_steps
from analysis.scheme import default_scheme
from dashboard.pages.cycle import service as cycle_service
from dashboard.pages.entry import service
from dashboard.web.access import Viewer
from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.intake.answers import commit, inspect
from survey.store.year import indicators, years
from tests.tools.towns.cycle_town import make_town, publish, step

FIRST, SECOND = Viewer("王芳", "clerk"), Viewer("李明", "clerk")
CODE = default_scheme().scored_indicators[0].code
AT = f"C1~{CODE}"


def seen(store, viewer):
    found = service.board(viewer, store, 2014, {})
    return service.desk(viewer, store, found, AT)


def test_two_clerks_change_one_value(sqlite_store):
    make_town(sqlite_store)
    opened = seen(sqlite_store, SECOND).newest
    said = {"exempt": "yes", "evidence": "李明的依据", "reason": "补正"}
    service.note(SECOND, sqlite_store, 2014, AT, said)
    service.save(FIRST, sqlite_store, 2014, AT, {**said, "evidence": "王芳的依据"}, seen(sqlite_store, FIRST).newest)
    with pytest.raises(Refused) as refused:
        service.save(SECOND, sqlite_store, 2014, AT, said, opened)
    assert "王芳" in refused.value.word("zh")
    again = seen(sqlite_store, SECOND)  # the page loaded again: what stands is the first's, what was typed is there
    assert again.word("evidence") == "王芳的依据"
    assert dict(again.draft.said) == said
    service.save(SECOND, sqlite_store, 2014, AT, said, again.newest)
    assert seen(sqlite_store, SECOND).draft is None
    with sqlite_store.read() as conn:
        past = indicators.history(conn, 2014, "C1", CODE)
    assert past["evidence"].tolist()[-2:] == ["王芳的依据", "李明的依据"]


def test_one_may_change_ones_own_again_without_loading_the_page(sqlite_store):
    make_town(sqlite_store)
    opened = seen(sqlite_store, FIRST).newest
    for evidence in ("一", "二"):
        said = {"exempt": "yes", "evidence": evidence, "reason": "补正"}
        service.save(FIRST, sqlite_store, 2014, AT, said, opened)
    assert seen(sqlite_store, FIRST).word("evidence") == "二"


def test_two_reviewers_judge_one_value(sqlite_store):
    make_town(sqlite_store)
    service.save(FIRST, sqlite_store, 2014, AT, {"exempt": "yes", "evidence": "新", "reason": "补正"})
    reviewers = Viewer("赵", "reviewer"), Viewer("钱", "reviewer")
    marks = [service.board(v, sqlite_store, 2014, {}).reviewable for v in reviewers]
    assert service.approve_listed(reviewers[0], sqlite_store, 2014, marks[0]) == 1
    with pytest.raises(Refused):
        service.approve_listed(reviewers[1], sqlite_store, 2014, marks[1])
    with pytest.raises(Refused):
        service.judge(reviewers[1], sqlite_store, 2014, "approve", AT)
    with sqlite_store.read() as conn:
        assert seen(sqlite_store, reviewers[1]).row["reviewed_by"] == "赵"
        assert indicators.history(conn, 2014, "C1", CODE)["evidence"].tolist()[-1] == "新"


def test_a_value_changed_while_its_review_was_open_is_not_approved(sqlite_store):
    make_town(sqlite_store)
    service.save(FIRST, sqlite_store, 2014, AT, {"exempt": "yes", "evidence": "新", "reason": "补正"})
    reviewer = Viewer("赵", "reviewer")
    marks = service.board(reviewer, sqlite_store, 2014, {}).reviewable
    service.save(SECOND, sqlite_store, 2014, AT, {"exempt": "yes", "evidence": "再改", "reason": "补正"})
    with pytest.raises(Refused):
        service.approve_listed(reviewer, sqlite_store, 2014, marks)
    assert seen(sqlite_store, reviewer).row["review"] == "entered"


def test_one_closes_the_year_while_another_imports(sqlite_store):
    publish(sqlite_store)
    for code in ("C1", "C2"):
        cycle_steps.take(sqlite_store, step("decided", code, body="district", total=720.0))
    cycle_steps.name(sqlite_store, step("title"), ["C1", "C2"])
    lines = "".join(f"晚{i},甲社区,2014,1,1,1,1,1,1\n" for i in range(10))
    looked = inspect(
        sqlite_store, "late.csv", ("编号,社区,年度,办事方便,环境卫生,A,B,D,E\n" + lines).encode(), ImportOptions("q")
    )
    cycle_service.act(FIRST, sqlite_store, 2014, "close", {})
    with pytest.raises(Refused):
        commit(sqlite_store, looked)
    with pytest.raises(Refused):
        service.save(SECOND, sqlite_store, 2014, AT, {"exempt": "yes", "evidence": "晚了", "reason": "补正"})
    with sqlite_store.read() as conn:
        assert years.state(conn, 2014) == "closed"


def test_two_clerks_bring_the_same_file(sqlite_store):
    make_town(sqlite_store)
    lines = "".join(f"同{i},甲社区,2014,1,1,1,1,1,1\n" for i in range(10))
    data = ("编号,社区,年度,办事方便,环境卫生,A,B,D,E\n" + lines).encode()
    looked = [inspect(sqlite_store, "same.csv", data, ImportOptions("q")) for _ in (FIRST, SECOND)]
    commit(sqlite_store, looked[0])
    with pytest.raises(Refused) as refused:
        commit(sqlite_store, looked[1])
    assert refused.value.key.startswith("intake.")


def test_what_was_typed_into_a_step_is_there_after_a_reload_for_its_owner_alone(sqlite_store):
    publish(sqlite_store)
    cycle_service.note(FIRST, sqlite_store, 2014, "", "decide", {"document": "区文〔2014〕1号", "community": "C1"})
    assert cycle_service.typed(FIRST, sqlite_store, 2014, "", "decide")["document"] == "区文〔2014〕1号"
    assert cycle_service.typed(SECOND, sqlite_store, 2014, "", "decide") == {}
    with pytest.raises(Refused):
        cycle_service.act(FIRST, sqlite_store, 2014, "decide", {"community": "C1"})
    assert cycle_service.typed(FIRST, sqlite_store, 2014, "", "decide")  # what was refused is not lost
    said = {"community": "C1", "body": "district", "total": "720", "document": "1号", "date": "2014-12-01"}
    cycle_service.act(FIRST, sqlite_store, 2014, "decide", said)
    assert cycle_service.typed(FIRST, sqlite_store, 2014, "", "decide") == {}
    with pytest.raises(Refused):
        cycle_service.note(Viewer("赵", "reviewer"), sqlite_store, 2014, "", "decide", {"document": "x"})
