"""The page of the year's cycle: every form is drawn in both languages, steps go through roles, bad input is answered."""

from __future__ import annotations

import base64

import pytest

from dashboard.pages.cycle import service
from dashboard.pages.cycle.form import FIELDS, STEP_NAMES, form
from dashboard.router import render
from dashboard.web.access import Viewer
from dashboard.web.address import Address
from survey.core.errors import Refused
from survey.store.year import cycle as steps
from survey.store.year import register
from survey.store.year.register import Community, Told
from tests.tools.dashboard_tools import nodes, plain, source_of, with_class, words
from tests.tools.towns.cycle_town import answers, late_answers, make_town

LI, WANG, CHIEF = Viewer("李", "local"), Viewer("王", "local"), Viewer("主任", "local")
READER, LOCAL = Viewer("读者", "leader"), Viewer("社区", "community", frozenset({"C1"}))


@pytest.fixture
def town(sqlite_store):
    return make_town(sqlite_store)


def page(store, search="", viewer=CHIEF, path="/cycle", lang="zh"):
    return render(viewer, source_of(store), store, None, path, f"?year=2014&lang={lang}{search}", {})


def refused(key, *args, **said):
    with pytest.raises(Refused) as error:
        service.act(*args, said)
    assert error.value.key == key
    assert "{" not in error.value.word("zh") + error.value.word("en")


def published(store):
    service.act(LI, store, 2014, "apply", {"community": "C1", "star": "5", "date": "2014年3月1日"})
    service.act(LI, store, 2014, "review", {})
    service.act(LI, store, 2014, "calculate", {})
    service.act(LI, store, 2014, "publicise", {"date": "2014-11-20", "until": "2014-11-27"})


def test_every_form_is_drawn_with_its_fields(town):
    data = service.year_cycle(CHIEF, town, 2014)
    for lang in ("zh", "en"):
        address = Address("/cycle", lang, 2014)
        for do in FIELDS:
            if do != "correct":
                assert do in data.may
                drawn(form(data, do, "C1", address), do)
    drawn(page(town, "&do=veto&at=C1").children, "veto")
    assert set(FIELDS) == set(service.ACTIONS)
    assert set(STEP_NAMES) <= {f.rstrip("?") for fields in FIELDS.values() for f in fields}
    finished(town)
    drawn(page(town, "&do=correct&at=C1").children, "correct")


def drawn(shown, do):
    found = {
        n["props"]["id"]["name"]
        for n in nodes(plain(shown))
        if isinstance(n["props"].get("id"), dict) and n["props"]["id"].get("type") == "cycle-field"
    }
    assert found == {f.rstrip("?") for f in FIELDS[do]}
    assert "None" not in words(shown)


def finished(store):
    published(store)
    said = {"community": "C1", "document": "1号", "date": "2014-12-01"}
    service.act(LI, store, 2014, "decide", {**said, "body": "district", "total": "930"})
    service.act(LI, store, 2014, "decide", {**said, "body": "city", "total": "910.5"})
    service.act(LI, store, 2014, "name", said)
    service.act(CHIEF, store, 2014, "close", {})


def test_what_is_published_is_listed_with_what_differs_for_whom_may_see_it(town):
    assert "公示的名单和版本" not in words(page(town).children)
    published(town)
    assert "第 1 份名单，公示 2014-11-20 至 2014-11-27" in words(page(town).children)
    late_answers(town)
    service.act(LI, town, 2014, "calculate", {"community": "C1", "reason": "迟到的答卷"})
    service.act(LI, town, 2014, "publicise", {"community": "C1", "date": "2014-12-01", "until": "2014-12-08"})
    text = words(page(town).children)
    assert "第 2 份名单，公示 2014-12-01 至 2014-12-08 · 甲社区重新公示 · 第 1 版：乙社区、第 2 版：甲社区" in text
    assert "现行公示 · 批次 3（late_甲社区_2014.csv）新增 10 份答卷" in text
    other = words(page(town, viewer=Viewer("社区", "community", frozenset({"C2"}))).children)
    assert "第 2 份名单" in other
    assert "甲社区" not in other.partition("公示的名单和版本")[2].partition("最近办理")[0]


def test_a_year_on_the_page(town):
    assert "还没有社区申报" in words(page(town).children)
    published(town)
    text = words(page(town).children)
    assert "目前处在" in text
    assert "评定" in text
    number = _veto(town)
    refused("cycle.own", LI, town, 2014, "approve_veto", matter=number)
    service.act(WANG, town, 2014, "approve_veto", {"matter": number})
    assert "一票否决（综治），不予评定" in words(page(town).children)
    assert "一票否决（综治），不予评定" in words(page(town, path="/").children)
    assert "一票否决（综治），不予评定" in words(page(town, path="/community/C1").children)
    service.act(WANG, town, 2014, "lift_veto", {"matter": number, "reason": "误报"})
    service.act(LI, town, 2014, "review", {})
    service.act(LI, town, 2014, "objection", {"community": "C1", "reason": "次数不对", "date": "2014-11-21"})
    objection = str(steps_of(town)[-1].id)
    assert "1 件异议待答复" in words(page(town).children)
    service.act(
        LI, town, 2014, "answer", {"matter": objection, "outcome": "rejected", "reason": "已核对", "subject": "事务办"}
    )
    said = {"community": "C1", "document": "1号", "date": "2014-12-01"}
    service.act(LI, town, 2014, "decide", {**said, "body": "district", "total": "930", "outcome": ""})
    assert "已推荐五星，待市测评" in words(page(town, path="/community/C1").children)
    service.act(LI, town, 2014, "decide", {**said, "body": "city", "outcome": "refused"})
    service.act(LI, town, 2014, "name", said)
    assert "命名三星（首次命名）" in words(page(town, path="/community/C1").children)
    refused("dash_errors.forbidden", Viewer("周", "reviewer"), town, 2014, "close")
    service.act(CHIEF, town, 2014, "close", {})
    text = words(page(town).children)
    assert "已归档锁定" in text
    assert "更正已归档结果" in text
    refused("cycle.frozen", LI, town, 2014, "apply", community="C2", star="3")
    service.act(CHIEF, town, 2014, "correct", {"reason": "录错", "subject": "王"})
    assert "更正中：录错" in words(page(town).children)


def test_the_buttons_of_the_present_stage_come_first(town):
    def offered():
        (row,) = with_class(page(town).children, "cycle-offers")
        return words(row)

    assert offered().startswith("本阶段 导入工作簿 录入申报")
    published(town)
    now, _, other = offered().partition("其他")
    assert "录入申报" in other
    assert "录入评定结果" in now
    assert "录入异议" in other or "录入异议" in now


def test_only_a_name_leads_to_its_community(town):
    """``row-link`` stretches over the row it stands in, which here would cover the forms."""
    shown = plain(page(town).children)
    assert not with_class(shown, "row-link")
    assert [n["props"]["children"] for n in with_class(shown, "cycle-link")] == ["甲社区", "乙社区"]


def steps_of(store):
    with store.read() as conn:
        return steps.events(conn)


def _veto(store) -> str:
    service.act(
        LI,
        store,
        2014,
        "veto",
        {"community": "C1", "subject": "V2", "document": "1", "date": "2014-05-01", "reason": "x"},
    )
    return str(steps_of(store)[-1].id)


@pytest.mark.parametrize("viewer", [READER, LOCAL])
def test_who_may_not_enter_sees_no_form_and_is_refused(town, viewer):
    shown = page(town, "&do=apply", viewer=viewer)
    assert not [n for n in nodes(plain(shown.children)) if n["props"].get("id") == "cycle-submit"]
    refused("dash_errors.forbidden", viewer, town, 2014, "apply", community="C1", star="3")
    assert ("乙社区" in words(shown.children)) == (viewer is READER)


BAD = (
    ("cycle_file.bad_star", "apply", {"community": "C1", "star": "三"}),
    ("cycle.bad_star", "apply", {"community": "C1", "star": "9", "date": "2014-03-01"}),
    ("store.unknown_community", "apply", {"star": "3"}),
    ("cycle.bad_date", "apply", {"community": "C1", "star": "3", "date": "明天"}),
    ("cycle_file.bad_total", "decide", {"community": "C1", "total": "九百"}),
    ("page_cycle.choose_matter", "approve_veto", {"matter": "99"}),
    ("page_cycle.choose_file", "import", {"kind": "titles"}),
    ("page_cycle.choose_file", "import", {"kind": "titles", "file_name": "a.csv", "file": "data:x,%%%"}),
    ("cycle_file.too_long", "objection", {"community": "C1", "reason": "很" * 501}),
    ("dash_errors.forbidden", "drop", {}),
)


def test_bad_input_is_answered_and_nothing_is_kept(town):
    for key, do, said in BAD:
        refused(key, LI, town, 2014, do, **said)
    assert steps_of(town) == []


def test_a_workbook_comes_in_from_the_page_or_says_where_it_is_wrong(town):
    def sent(text: str) -> dict[str, str]:
        return {
            "kind": "applications",
            "file_name": "申报.csv",
            "file": "data:text/csv;base64," + base64.b64encode(text.encode()).decode(),
        }

    refused("page_cycle.file_refused", LI, town, 2014, "import", **sent("社区,拟创星级\n丙,3\nC1,9\n"))
    service.act(LI, town, 2014, "import", sent("社区,拟创星级\nC1,5\nC2,3\n"))
    assert [(e.community, e.star, e.who) for e in steps_of(town)] == [("C1", 5, "李"), ("C2", 3, "李")]
    name, data = service.template(LI, town, 2014, "decisions", "zh")
    assert (name, data[:2]) == ("decisions_2014.xlsx", b"PK")


def test_one_person_mode_is_said_on_the_page(town):
    service.act(CHIEF, town, 2014, "persons", {"outcome": "on"})
    assert "未经复核" in words(page(town).children)
    number = _veto(town)
    service.act(LI, town, 2014, "approve_veto", {"matter": number})
    assert steps_of(town)[-1].kind == "veto_approved"


def chosen(store, do):
    """The community that a form offers when the row of C1 was pressed."""
    shown = form(service.year_cycle(CHIEF, store, 2014), do, "C1", Address("/cycle", "zh", 2014))
    wanted = {"type": "cycle-field", "name": "community"}
    return next(n["props"].get("value") for n in nodes(plain(shown)) if n["props"].get("id") == wanted)


def test_a_row_pressed_for_the_first_time_means_everybody_and_afterwards_itself(town):
    service.act(LI, town, 2014, "apply", {"community": "C1", "star": "5", "date": "2014年3月1日"})
    service.act(LI, town, 2014, "review", {})
    assert chosen(town, "calculate") is None
    service.act(LI, town, 2014, "calculate", {})
    assert chosen(town, "publicise") is None
    service.act(LI, town, 2014, "publicise", {"date": "2014-11-20", "until": "2014-11-27"})
    assert [chosen(town, do) for do in ("calculate", "publicise")] == ["C1", "C1"]


def test_a_decision_is_taken_back_and_made_without_a_total_from_the_page(town):
    published(town)
    said = {"community": "C1", "document": "1号", "date": "2014-12-01"}
    service.act(LI, town, 2014, "decide", {**said, "body": "district", "total": "930"})
    refused("cycle.need_reason", LI, town, 2014, "withdraw_decision", community="C1")
    service.act(LI, town, 2014, "withdraw_decision", {"community": "C1", "reason": "录错"})
    refused("cycle.nothing_decided", LI, town, 2014, "withdraw_decision", community="C1", reason="录错")
    refused("cycle.need_reason", LI, town, 2014, "decide", **said, body="district", outcome="deferred")
    service.act(LI, town, 2014, "decide", {**said, "body": "district", "outcome": "deferred", "reason": "待查"})
    for lang, word in (("zh", "暂缓评定"), ("en", "deferred")):
        assert word in words(page(town, lang=lang).children)
        assert word in words(page(town, path="/community/C1", lang=lang).children)


def test_late_data_lead_to_the_step_that_takes_them_up(town):
    published(town)
    late_answers(town)

    def leads_to(code):
        links = [n["props"].get("href", "") for n in nodes(plain(page(town).children))]
        return [href for href in links if f"at={code}" in href]

    assert any("do=calculate" in href for href in leads_to("C1"))
    said = {"community": "C1", "body": "district", "document": "1号", "date": "2014-12-01", "reason": "未调查"}
    service.act(LI, town, 2014, "calculate", {"community": "C1", "reason": "迟到的答卷"})
    service.act(LI, town, 2014, "publicise", {"community": "C1", "date": "2014-11-28", "until": "2014-12-01"})
    service.act(LI, town, 2014, "decide", {**said, "total": "930"})
    answers(town, 2014, offset=100, rows=5)
    assert any("do=withdraw_decision" in href for href in leads_to("C1"))
    # only what was decided can be taken back
    shown = form(service.year_cycle(CHIEF, town, 2014), "withdraw_decision", "C1", Address("/cycle", "zh", 2014))
    wanted = {"type": "cycle-field", "name": "community"}
    offered = next(n["props"]["data"] for n in nodes(plain(shown)) if n["props"].get("id") == wanted)
    assert [one["value"] for one in offered] == ["C1"]


def test_an_upheld_objection_is_followed_up_from_the_page(town):
    published(town)
    service.act(LI, town, 2014, "objection", {"community": "C1", "reason": "少算", "date": "2014-11-21"})
    number = str(service.year_cycle(LI, town, 2014).objections[0].id)
    answer = {"matter": number, "outcome": "upheld", "reason": "属实", "subject": "民政科"}
    service.act(LI, town, 2014, "answer", answer)
    assert service.year_cycle(LI, town, 2014).standings["C1"].next == "change"
    service.act(LI, town, 2014, "keep", {"community": "C1", "reason": "不影响得分"})
    assert service.year_cycle(LI, town, 2014).standings["C1"].next == "decide"


def test_a_district_goes_through_its_streets_one_by_one(town):
    with town.write() as conn:
        places = [Community("C1", "甲社区", sub_district="北街道"), Community("C2", "乙社区", sub_district="南街道")]
        register.tell(conn, [Told(place, said=("sub_district",)) for place in places])
    north, south = {"street": "北街道"}, {"street": "南街道"}
    service.act(LI, town, 2014, "apply", {"community": "C1", "star": "5", "date": "2014年3月1日", **north})
    service.act(LI, town, 2014, "review", north)
    refused("cycle.review_nobody", LI, town, 2014, "review", **south)
    service.act(LI, town, 2014, "calculate", north)
    service.act(LI, town, 2014, "publicise", {"date": "2014-11-20", "until": "2014-11-27", **north})
    refused("cycle.nobody", LI, town, 2014, "calculate", **south)
    refused("cycle.which_street", LI, town, 2014, "calculate")
    shown = page(town)  # the first street, where none is asked for
    said = words(shown.children)
    assert "北街道：评定" in said
    assert "南街道：社区申报" in said
    assert "甲社区" in said
    assert "乙社区" not in said
    other = words(page(town, "&street=南街道").children)
    assert "乙社区" in other
    assert "还没有社区申报" in other
    form_of = [
        n for n in nodes(plain(page(town, "&street=南街道&do=import").children)) if n["props"].get("id") == "cycle-do"
    ]
    assert [n["props"]["data"]["street"] for n in form_of] == ["南街道"]
    with pytest.raises(Refused):
        service.year_cycle(CHIEF, town, 2014, street="东街道")
    assert service.template(LI, town, 2014, "applications", "zh", "南街道")[0] == "applications_2014.xlsx"
    only = service.year_cycle(LOCAL, town, 2014)  # who sees one community sees one street
    assert (only.street, set(only.stages)) == ("北街道", {"北街道"})
    with town.write() as conn:
        register.tell(conn, [Told(Community("C3", "丙社区"))])
    assert "1 个社区在名册里没有街道" in words(page(town).children)


def test_who_sees_one_community_reads_nowhere_how_many_others_wait(town):
    for code in ("C1", "C2"):
        service.act(LI, town, 2014, "apply", {"community": code, "star": "5", "date": "2014-03-01"})
    text = words(with_class(page(town, viewer=LOCAL).children, "stage-line"))
    assert "1 个社区" in text
    assert "2 个社区" not in text
    assert "2 个社区" in words(with_class(page(town).children, "stage-line"))
