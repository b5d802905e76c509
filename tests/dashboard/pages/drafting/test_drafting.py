"""A draft on the page: looked at before it is adopted, then its own file is imported by it; bad files get one sentence."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from dashboard.data.results import StoreSource
from dashboard.data.uploads import Uploads
from dashboard.pages.drafting import service
from dashboard.pages.drafting.page import MOST_ROWS
from dashboard.router import render
from survey.core.errors import Refused
from survey.core.lang import say
from survey.drafting.guesses import OTHERWISE, Said
from survey.form.workbook.reading import read_questionnaire
from survey.store.intake import questionnaires
from tests.survey.drafting.test_questionnaire import people, satisfied, sheet
from tests.tools.dashboard_tools import ADMIN, VIEWER, small_store, with_class, words

HEADER = ("编号", "社区", "姓名", "联系电话", "楼道的清洁卫生", "看病买药方便吗", "最希望改进的一件事")


def answers(n: int = 30) -> bytes:
    rows = people(
        n,
        lambda i: f"{i:03d}",
        lambda i: ("春晖社区", "锦园社区")[i % 2],
        lambda i: f"甲{i}",
        lambda i: f"1200000{i:04d}",
        satisfied,
        satisfied,
        lambda i: f"事情{i}",
    )
    return sheet(HEADER, *rows)


@pytest.fixture
def store(sqlite_store):
    return small_store(sqlite_store)


@pytest.fixture
def room(tmp_path):
    return Uploads(tmp_path)


@pytest.fixture
def token(room):
    return service.bring(ADMIN, room, [("去年答卷.xlsx", answers())])


def page(store, room, token, lang="zh", viewer=ADMIN):
    found = render(viewer, StoreSource(store), store, room, "/questionnaire/draft", f"?lang={lang}&token={token}", {})
    return found.children


def names(store):
    with store.read() as conn:
        return [(s.name, s.version) for s in questionnaires.listing(conn)]


def test_the_draft_stands_beside_its_source_with_how_sure_it_is(store, room, token):
    for lang in ("zh", "en"):
        shown = page(store, room, token, lang)
        text = words(shown)
        assert "None" not in text
        assert "{" not in text
    assert len(with_class(page(store, room, token), "draft-header")) == 6  # the name is left out
    text = words(page(store, room, token))
    assert "“姓名”是姓名或证件号" in text
    assert "12000000001" not in text
    one = service.drawn(ADMIN, store, room, token)
    assert [q.role for q in one.rows.values()] == ["respondent", "community", "phone", "", "", ""]


def test_nothing_is_adopted_before_every_guess_was_looked_at(store, room, token):
    one = service.drawn(ADMIN, store, room, token)
    assert one.open == len(one.asked) > 1
    with pytest.raises(Refused) as refused:
        service.adopt(ADMIN, store, room, token)
    assert refused.value.key == "page_draft.still_open"
    assert names(store) == [("default", 1)]
    for asked in one.asked[:-1]:
        service.settle(ADMIN, store, room, token, [asked.key])
    assert service.drawn(ADMIN, store, room, token).open == 1
    service.settle(ADMIN, store, room, token, None)
    stored = service.adopt(ADMIN, store, room, token)
    assert names(store) == [("default", 1), ("去年答卷", 1)]
    assert [q.dimension for q in stored.form.scored] == ["ecology", "service"]
    waits = room.find(token, ADMIN.user)
    assert waits.options["fresh"]["said"] == {"kind": "answers", "questionnaire": "去年答卷"}


def test_what_is_said_survives_a_reload_and_is_what_is_adopted(store, room, token):
    assert service.say_row(ADMIN, store, room, token, 3, "label", "楼道干净吗")
    assert not service.say_row(ADMIN, store, room, token, 3, "label", "楼道干净吗")
    assert service.say_row(ADMIN, store, room, token, 5, "keep", False)
    assert service.say_title(ADMIN, store, room, token, "楼道调查 2014")
    order = next(a.key for a in service.drawn(ADMIN, store, room, token).asked if a.turns)
    service.turn(ADMIN, store, room, token, order)
    room.memory(token).found.clear()  # another process draws it anew
    one = service.drawn(ADMIN, store, room, token)
    assert (one.title, order in one.said.turned) == ("楼道调查 2014", True)
    name, data = service.workbook(ADMIN, store, room, token, "zh")
    form, _ = read_questionnaire(name, data)
    assert form is not None
    assert [q.label("zh") for q in form.questions][-2:] == ["楼道干净吗", "看病买药方便吗"]
    assert any(str(c.value).startswith("check") for c in load_workbook(BytesIO(data))["survey"][1])
    for bad in ((99, "label", "x"), (3, "dimension", "mayor"), (True, "keep", False)):
        with pytest.raises(Refused):
            service.say_row(ADMIN, store, room, token, *bad)


def test_every_question_with_another_reading_offers_it(store, room, token):
    one = service.drawn(ADMIN, store, room, token)
    others = [a for a in one.asked if a.code in OTHERWISE]
    assert others
    for asked in others:
        service.say_other(ADMIN, store, room, token, asked.key)
    one = service.drawn(ADMIN, store, room, token)
    assert all(one.said.has_other(a) for a in one.asked if a.code in OTHERWISE)
    for lang in ("zh", "en"):
        text = words(page(store, room, token, lang))
        assert say(lang, "page_draft.as_guessed") in text
        assert say(lang, "page_draft.now_order") in text
    assert not one.form.scored
    service.say_other(ADMIN, store, room, token, others[0].key)
    assert not service.drawn(ADMIN, store, room, token).said.has_other(others[0])


def test_only_who_may_sees_a_draft_and_only_his_own(store, room, token):
    assert "无权限" in words(page(store, room, token, viewer=VIEWER))
    with pytest.raises(Refused):
        service.bring(VIEWER, room, [("a.xlsx", answers())])
    other = room.keep([("a.xlsx", b"x")], {"parts": []}, ADMIN.user)
    with pytest.raises(Refused) as refused:
        service.drawn(ADMIN, store, room, other)
    assert refused.value.key == "page_import.expired"


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([(1, 2, 3), (4, 5, 6), (7, 8, 9)], "坏.xlsx"),
        ([("编号", "社区"), (1, "东园"), (2, "西园"), (3, "东园")], "Sheet"),
        ([("姓名", "联系电话"), ("甲", "12000000001"), ("乙", "12000000002"), ("丙", "12000000003")], "Sheet"),
    ],
)
def test_a_file_that_can_not_be_drafted_is_one_sentence_with_its_place_and_nothing_waits(room, rows, place):
    with pytest.raises(Refused) as refused:
        service.bring(ADMIN, room, [("坏.xlsx", sheet(*rows))])
    text = refused.value.word("zh")
    assert place in text
    assert text.count("。") <= 2
    assert list(room.folder.iterdir()) == []


def test_a_very_wide_file_is_drafted_and_the_page_says_what_it_leaves_to_the_workbook(store, room):
    def wide(n: int) -> bytes:
        return sheet(("编号", *(f"第{k}件事怎么样" for k in range(n))), *people(12, lambda i: i, *[satisfied] * n))

    with pytest.raises(Refused, match="第 2001 列有内容，超出 2000 列上限"):
        service.bring(ADMIN, room, [("太宽.xlsx", wide(2099))])
    data = wide(499)
    token = service.bring(ADMIN, room, [("很宽.xlsx", data)])
    one = service.drawn(ADMIN, store, room, token)
    assert len(one.rows) == 500
    assert one.open <= 3  # alike guesses are one question
    shown = page(store, room, token)
    assert len(with_class(shown, "draft-header")) == MOST_ROWS
    assert "另有 350 列没有列在这里" in words(shown)
    assert Said.from_json(one.upload.options["draft"]) == one.said


def test_levels_of_codes_are_chosen_for_all_columns_that_hold_them(store, room):
    header = ("编号", "社区", "1、楼道的清洁卫生", "2、看病买药方便吗")
    rows = people(30, lambda i: f"{i:03d}", lambda i: "春晖社区", lambda i: 1 + i % 5, lambda i: 5 - i % 5)
    token = service.bring(ADMIN, room, [("按编码.xlsx", sheet(header, *rows))])
    for place in (2, 3):
        service.say_row(ADMIN, store, room, token, place, "type", "select_one")
        service.say_row(ADMIN, store, room, token, place, "order", "1>2>3>4>5")
    shown = page(store, room, token)
    assert words(shown).count("1 > 2 > 3 > 4 > 5") >= 2
    service.settle(ADMIN, store, room, token, None)
    service.adopt(ADMIN, store, room, token)
    with store.read() as conn:
        form = questionnaires.get(conn, "按编码").form
    assert [[c.level for c in q.choices] for q in form.scored] == [[1, 2, 3, 4, 5]] * 2
