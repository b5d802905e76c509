"""The page of indicator values: what each person sees and may do, and that the services hold it."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.indicators.entry import enter
from analysis.indicators.review import review
from dashboard.pages.entry import actions, service
from dashboard.pages.entry.form import standards
from dashboard.router import render
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.store import Store
from survey.store import audit as persons
from survey.store.year import cycle, years
from tests.tools.dashboard_tools import nodes, plain, source_of, words
from tests.tools.towns.cycle_town import make_town, publish

LI, WANG, CHIEF = Viewer("李", "local"), Viewer("王", "local"), Viewer("主任", "local")
READER, OWN = Viewer("读者", "leader"), Viewer("社区", "community", frozenset({"C1"}))
FORMS = {
    "C1~ZZ01": {"value"},
    "C1~ZZ02": {"value"},
    "C1~ZZ04": {"value:missing", "value:late"},
    "C1~ST01": {"value"},
    "C1~WH01": {"standards"},
}
COMMON = {"self_score", "assessor", "assessor_score", "method", "date", "evidence", "note", "reason"}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two communities whose values are exempt, entered by nobody in particular and reviewed."""
    return make_town(Store.open(tmp_path_factory.mktemp("entry") / "t.db", create=True))


def test_a_value_of_a_published_community_is_said_not_to_count(sqlite_store: Store):
    store = publish(sqlite_store)
    assert service.waiting(LI, store, 2014, "C1~ZZ01", "zh") == (
        "2014 年甲社区已公示：这项改动不计入已公示的结果，重新测算并公示后才计入。"
    )
    with store.write() as conn:
        years.close(conn, 2014)
    assert service.waiting(LI, store, 2014, "C1~ZZ01", "zh") == ""


def page(store: Store, search: str = "", viewer: Viewer = LI, lang: str = "zh") -> Any:
    return render(viewer, source_of(store), store, None, "/indicators", f"?year=2014&lang={lang}{search}", {}).children


def fields(tree: Any) -> set[str]:
    ids = [n["props"].get("id") for n in nodes(plain(tree))]
    return {i["name"] for i in ids if isinstance(i, dict) and i.get("type") == "entry-field"}


def has(tree: Any, name: Any) -> bool:
    return any(n["props"].get("id") == name for n in nodes(plain(tree)))


def has_judge(tree: Any, outcome: str) -> bool:
    return has(tree, {"type": "entry-judge", "outcome": outcome})


def shown(store: Store, viewer: Viewer, **filters: str) -> dict[tuple[str, str], str]:
    """What the page would list to approve."""
    return dict(service.board(viewer, store, 2014, filters).reviewable)


def refused(key: str, call: Any, *args: Any) -> None:
    with pytest.raises(Refused) as error:
        call(*args)
    assert error.value.key == key


def row(store: Store, at: str) -> dict[str, Any]:
    found = service.board(CHIEF, store, 2014, {"community": at.partition("~")[0]})
    return dict(next(r for r in found.rows if r["indicator"] == at.partition("~")[2]))


def test_the_form_asks_what_the_rule_asks_for(town: Store):
    for place, (at, wanted) in enumerate(FORMS.items()):
        tree = page(town, f"&at={at}", lang=("zh", "en")[place % 2])
        assert fields(tree) == wanted | COMMON
        assert not {"None", "nan"} & set(words(tree).split())
    assert fields(page(town, "&at=C1~ZZ02", READER)) == set()
    assert fields(page(town, "&at=C1~ZZ02", OWN)) == service.OWN_FIELDS
    assert fields(page(town, "&at=C9~ZZ02")) == fields(page(town, "&at=nonsense")) == set()


def test_entry_review_undo_from_the_page(town: Store):
    at = "C1~ZZ03"
    said = {"value": "5", "evidence": "会议记录"}
    assert service.preview(LI, town, 2014, at, said)["points_got"] == pytest.approx(25 * 5 / 6)
    assert row(town, at)["points_got"] == 25  # foreseen, not stored
    refused("indicator_entry.reason_needed", service.save, LI, town, 2014, at, said)
    refused("indicator_entry.bad", service.preview, LI, town, 2014, at, {"value": "2.5"})
    number = service.save(LI, town, 2014, at, {**said, "reason": "核实"})
    tree = page(town, f"&at={at}")
    assert "你填报的内容" in words(tree)
    assert "5 · 会议记录" in words(tree)
    refused("indicator_review.own", service.judge, LI, town, 2014, "approve", at)
    assert has(page(town, "&state=entered", WANG), "entry-approve-listed")
    assert not has(page(town, "&state=entered", LI), "entry-approve-listed")
    service.judge(WANG, town, 2014, "return", at, "缺附件")
    assert "王 退回：缺附件" in words(page(town, f"&at={at}"))
    service.switch(LI, town, 2014, at, number)
    assert (row(town, at)["review"], row(town, at)["state"]) == ("reviewed", "exempt")
    service.switch(LI, town, 2014, at, number)
    assert row(town, at)["review"] == "returned"
    service.judge(WANG, town, 2014, "approve", at)
    assert row(town, at)["review"] == "reviewed"


def test_everything_listed_is_approved_at_once(town: Store):
    for at in ("C2~ST01", "C2~ST02"):
        service.save(LI, town, 2014, at, {"value": "4", "reason": "核实"})
    service.save(WANG, town, 2014, "C2~ST05", {"value": "4", "reason": "核实"})
    assert service.approve_listed(WANG, town, 2014, shown(town, WANG, community="C2", dimension="ecology")) == 2
    assert row(town, "C2~ST05")["review"] == "entered"
    assert service.approve_listed(LI, town, 2014, shown(town, LI)) == 1


def test_what_was_on_the_screen_is_approved_and_no_more_and_can_be_taken_back(town: Store, monkeypatch):
    places = ("C2~ST01", "C2~ST02", "C2~ST05")
    for at in places:
        service.save(LI, town, 2014, at, {"value": "3", "reason": "再核实"})
    monkeypatch.setattr(service, "MOST", 2)
    seen = shown(town, WANG)
    assert sorted(seen) == [("C2", "ST01"), ("C2", "ST02")]
    tree = page(town, viewer=WANG)
    assert "复核通过本页 2 项" in words(tree)
    assert "将复核通过本页列出的 2 项指标值，涉及 1 个社区" in words(tree)
    assert "另有 1 项待复核不在其中" in words(tree)
    service.save(LI, town, 2014, "C2~ST02", {"value": "2", "reason": "更正"})
    refused("indicator_review.moved", service.approve_listed, WANG, town, 2014, seen)
    assert row(town, "C2~ST01")["review"] == "entered"
    assert service.approve_listed(WANG, town, 2014, shown(town, WANG)) == 2
    assert [row(town, at)["review"] for at in places] == ["reviewed", "reviewed", "entered"]
    assert "复核通过 2 项" in words(page(town, viewer=WANG))
    refused("dash_errors.forbidden", service.take_back, OWN, town, 2014)
    assert service.take_back(WANG, town, 2014) == 2
    assert [row(town, at)["review"] for at in places] == ["entered"] * 3
    assert (row(town, "C2~ST01")["reviewed_by"], "撤回复核" in words(page(town, "&at=C2~ST01"))) == ("", True)
    service.judge(WANG, town, 2014, "approve", "C2~ST01")
    assert has_judge(page(town, "&at=C2~ST01", WANG), "withdraw")
    service.judge(WANG, town, 2014, "withdraw", "C2~ST01")
    assert row(town, "C2~ST01")["review"] == "entered"
    monkeypatch.undo()
    assert service.approve_listed(WANG, town, 2014, shown(town, WANG)) == 3


def test_command_and_page_of_one_machine_are_one_person(town: Store):
    here = Viewer(persons.LOCAL, "local")
    said = {"community": "C1", "indicator": "ST05", "value": "3", "reason": "核实"}
    enter(town, 2014, [said], who=persons.machine_user(), via="command")
    refused("indicator_review.own", service.judge, here, town, 2014, "approve", "C1~ST05")
    assert ("C1", "ST05") not in shown(town, here)
    assert "须由另一人复核" in words(page(town, "&at=C1~ST05", here))
    service.judge(WANG, town, 2014, "approve", "C1~ST05")


def test_nothing_is_approved_that_no_page_listed():
    for rows in (None, [], [["C1", "ZZ03"]], [["C1", "ZZ03", 5]], "x"):
        refused("dash_errors.not_found", actions.listed, rows)
    assert actions.listed([["C1", "ZZ03", "m"]]) == {("C1", "ZZ03"): "m"}


def test_an_editor_of_some_communities_enters_self_scores_and_evidence_only(town: Store):
    at = "C1~FW02"
    service.save(OWN, town, 2014, at, {"self_score": "20", "evidence": "照片.jpg"})
    service.save(OWN, town, 2014, at, {"self_score": "20", "evidence": "台账.pdf"})
    assert (row(town, at)["self_score"], row(town, at)["review"]) == (20, "reviewed")
    assert "台账.pdf" in words(page(town, f"&at={at}", OWN))
    service.save(OWN, town, 2014, "C1~FW03", {"evidence": "只有依据.pdf"})
    refused("page_entry.own_only", service.save, OWN, town, 2014, at, {"value": "5", "reason": "x"})
    refused("page_entry.own_only", service.save, OWN, town, 2014, at, {"exempt": "yes", "evidence": "x"})
    refused("dash_errors.forbidden", service.save, OWN, town, 2014, "C2~FW02", {"self_score": "20"})
    refused("dash_errors.forbidden", service.judge, OWN, town, 2014, "approve", at)
    refused("dash_errors.forbidden", service.approve_listed, OWN, town, 2014, {})
    refused("dash_errors.forbidden", service.save, READER, town, 2014, at, {"self_score": "20"})
    others = service.save(LI, town, 2014, at, {"self_score": "19"})
    refused("dash_errors.forbidden", service.switch, OWN, town, 2014, at, others)
    assert "乙社区" not in words(page(town, "&state=reviewed", OWN))


def test_standards_are_kept_by_name_and_number(town: Store):
    at = "C1~WH01"
    service.save(LI, town, 2014, at, {"value": "2", "standards": "1,3", "reason": "实地看过"})
    (group,) = (n for n in nodes(plain(page(town, f"&at={at}"))) if n["type"] == "CheckboxGroup")
    assert group["props"]["value"] == ["1", "3"]
    assert row(town, at)["points_got"] == 12.5
    assert standards("两项标准：甲；乙。其他", 2, "zh") == ["甲", "乙"]
    assert standards("", 2, "en") == ["Standard 1", "Standard 2"]


def test_the_form_is_read_as_it_is_filled():
    def field(name: str, value: Any) -> dict[str, Any]:
        return {"id": {"name": name}, "value": value}

    group = [field("value", " 5 "), field("note", ""), field("exempt", True), field("reason", None)]
    assert actions.said([group, field("x", 1)]) == {"value": "5", "exempt": "yes"}
    assert actions.said([[field("standards", ["3", "1"])]]) == {"value": "2", "standards": "1,3"}
    assert actions.said([[field("standards", ["0"])]]) == {"value": "0", "standards": "0"}
    assert actions.said([[field("standards", [])]]) == {}


def test_a_year_may_be_begun_before_it_has_any_result(town: Store):
    assert "开始填报 2015 年" in words(page(town))
    tree = render(LI, source_of(town), town, None, "/indicators", "?year=2015&lang=zh&at=C1~ZZ03", {}).children
    assert fields(tree) == {"value"} | COMMON
    assert "待填 62 项" in " ".join(words(tree).split())
    links = [n["props"]["href"] for n in nodes(plain(tree)) if n["props"].get("href", "").startswith("/?")]
    assert links
    assert all("year=2014" in href for href in links)  # the other pages have nothing to show of it
    other = render(LI, source_of(town), town, None, "/", "?year=2015&lang=zh", {})
    assert "2014" in words(other.children)


def test_one_person_mode_and_a_closed_year(sqlite_store: Store):
    store = make_town(sqlite_store)
    service.save(LI, store, 2014, "C1~ZZ03", {"value": "5", "reason": "核实"})
    with store.write() as conn:
        cycle.set_one_person(conn, True)
    assert "单人模式" in words(page(store))
    service.judge(LI, store, 2014, "approve", "C1~ZZ03")
    with store.write() as conn:
        years.close(conn, 2014)
    tree = page(store, "&at=C1~ZZ03", CHIEF)
    assert fields(tree) == set()
    assert "只能查看" in words(tree)
    refused("store.year_closed", service.save, LI, store, 2014, "C1~ZZ03", {"value": "4", "reason": "x"})
    with pytest.raises(Refused, match="2014 年已关闭"):
        review(store, 2014, "approve", who="王")


def test_of_two_reviewers_the_second_is_told_of_the_first_and_nobody_approves_what_they_have_not_seen(town: Store):
    at = "C2~ST06"
    service.save(LI, town, 2014, at, {"value": "3", "reason": "核实"})
    shown = service.desk(WANG, town, service.board(WANG, town, 2014, {}), at)
    service.save(LI, town, 2014, at, {"value": "2", "reason": "再核"})
    refused("page_entry.changed_unseen", service.judge, WANG, town, 2014, "approve", at, "", shown.newest)
    assert row(town, at)["review"] == "entered"
    newest = service.desk(WANG, town, service.board(WANG, town, 2014, {}), at).newest
    service.judge(WANG, town, 2014, "approve", at, "", newest)
    refused("page_entry.judged_before", service.judge, CHIEF, town, 2014, "approve", at, "", newest)
    with pytest.raises(Refused) as told:
        service.judge(CHIEF, town, 2014, "approve", at, "", newest)
    assert told.value.word("zh").startswith("王 已在 ")


def test_what_arrives_after_its_writer_stored_the_form_is_kept_no_more(sqlite_store: Store):
    """The last words typed may be under way when 保存 is pressed: the stored form came back as one that is half filled in."""
    store = make_town(sqlite_store)
    board = service.board(LI, store, 2014, {})
    seen = service.desk(LI, store, board, "C1~ZZ02").newest
    typed = {"value": "3", "evidence": "台账", "reason": "重新清点"}
    service.note(LI, store, 2014, "C1~ZZ02", typed, seen)
    assert service.desk(LI, store, board, "C1~ZZ02").draft.said == typed
    done = service.save(LI, store, 2014, "C1~ZZ02", typed, seen)
    service.note(LI, store, 2014, "C1~ZZ02", typed, seen)
    assert service.desk(LI, store, board, "C1~ZZ02").draft is None
    service.switch(LI, store, 2014, "C1~ZZ02", done)
    here = service.desk(LI, store, board, "C1~ZZ02")
    service.note(LI, store, 2014, "C1~ZZ02", typed, here.newest)  # a form made after that is kept again
    assert service.desk(LI, store, board, "C1~ZZ02").draft.said == typed
