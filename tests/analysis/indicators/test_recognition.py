"""What a file is taken for, sheet by sheet, and what is proposed beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.indicators.recognition import recognise, recognise_sheets
from analysis.indicators.template import values_template
from analysis.scheme import default_scheme
from analysis.scheme.workbook.writing import write_scheme
from dashboard.serving.demonstration import sample_folder
from survey.core.lang import known
from survey.fieldwork.register_workbook.written_register import register_template
from survey.files.read import read_sheets
from survey.files.readers.sheet import Sheet
from survey.form.default import default_questionnaire
from survey.form.model import Question
from survey.form.workbook.template import entry_workbook
from survey.form.workbook.writing import write_questionnaire
from survey.matching.file_recognition import Recognition, SheetRecognition
from survey.store.intake import questionnaires
from survey.store.intake.questionnaires import StoredForm
from survey.store.year import register
from survey.store.year.register import Community
from tests.tools.forms import form
from tests.tools.soak import examples
from tests.tools.templates import initialised

REGISTER = (
    Community("SL01", "南塔社区", ("南塔小区",), "南门街道"),
    Community("SL02", "柳营社区", (), "南门街道"),
)
DEFAULT = default_questionnaire()
SCHEME = default_scheme()
ITEMS = ["到社区办事的方便程度", "楼道、街巷的清洁卫生", "邻里纠纷的调解处理", "绿化和公共休闲空间"]
SAMPLE = sample_folder()


def stored(name: str = "default", one: Any = DEFAULT, version: int = 1, day: int = 1) -> StoredForm:
    return StoredForm(day, name, version, one, datetime(2014, 1, day, tzinfo=UTC))


def sheet(*rows: list[Any], file: str = "问卷.xlsx", name: str = "Sheet1", kind: str = "xlsx") -> Sheet:
    width = max(len(r) for r in rows)
    return Sheet(file, name, [[*r, *[None] * (width - len(r))] for r in rows], kind=kind)


def look(*sheets: Sheet, forms: tuple[StoredForm, ...] = (stored(),)) -> Recognition:
    return recognise(sheets[0].file, sheets, forms, REGISTER, SCHEME)


def one(*rows: list[Any], forms: tuple[StoredForm, ...] = (stored(),), **more: Any) -> SheetRecognition:
    return look(sheet(*rows, **more), forms=forms).main


ANSWERS = [["编号", *ITEMS], ["1", "满意", "满意", "一般", "满意"], ["2", "满意", "很满意", "一般", "满意"]]
CALLS = [
    ["样本编号", "社区", "访员", "拨打时间", "拨打结果"],
    ["1", "南塔社区", "F1", "2014-09-01 10:00", "无人接听"],
    ["1", "南塔社区", "F1", "2014-09-02 19:00", "完成"],
    ["2", "柳营社区", "F2", "2014-09-02 10:30", "拒访"],
]


@pytest.mark.parametrize(
    ("name", "kind", "year"),
    [
        ("register.xlsx", "register", None),
        ("questionnaire.xlsx", "unknown", None),
        ("scheme.xlsx", "unknown", None),
        ("示例_书面问卷_2012.xlsx", "answers", 2012),
        ("示例_书面问卷_2013.xlsx", "answers", None),
        ("示例_电话调查_2012.csv", "answers", 2012),
        ("示例_客观指标_2012.xlsx", "indicators", 2012),
        ("示例_客观指标_2014.xlsx", "indicators", 2014),
    ],
)
def test_the_sample_files(name: str, kind: str, year: int | None):
    data = (SAMPLE / name).read_bytes()
    found = recognise(name, read_sheets(name, data), [stored()], REGISTER, SCHEME)
    assert found.kind == kind
    assert (found.main.year.value if found.main.year else None) == year
    if kind == "answers":
        assert found.main.questionnaire
        assert found.main.questionnaire.value == "default"
        assert found.main.mode
        assert found.main.mode.value == ("phone" if name.endswith("csv") else "paper")


def test_what_our_own_templates_are():
    communities = [(c.code, c.name) for c in REGISTER]
    made = {
        "answers": entry_workbook(DEFAULT),
        "indicators": values_template(SCHEME, communities, "zh"),
        "register": register_template("zh"),
        "unknown": write_questionnaire(form()),
    }
    for kind, data in made.items():
        found = recognise("x.xlsx", read_sheets("x.xlsx", data), [stored()], REGISTER, SCHEME)
        assert found.kind == kind
    scheme = recognise("x.xlsx", read_sheets("x.xlsx", write_scheme(SCHEME, "en")), [stored()], REGISTER, SCHEME)
    assert [r.key for r in scheme.main.reasons] == ["recognition.why.is_scheme"]


def test_a_file_named_after_its_community_and_year():
    found = one(*ANSWERS, file="南塔_居民问卷_2014.xlsx")
    assert found.kind == "answers"
    assert found.given == {
        "questionnaire": "default",
        "year": 2014,
        "community": "南塔社区",
        "mode": "paper",
        "sample_type": "probability",
    }
    assert [found.community.source, found.year.source, found.mode.source] == ["file", "file", "usual"]  # type: ignore[union-attr]


def test_sheets_of_a_workbook_are_named_after_communities_and_years():
    found = look(sheet(*ANSWERS, name="南塔2013年"), sheet(*ANSWERS, name="柳营2014年"), sheet(["说明"], name="说明"))
    assert [(s.sheet, s.given["community"], s.given["year"]) for s in found.parts] == [
        ("南塔2013年", "南塔社区", 2013),
        ("柳营2014年", "柳营社区", 2014),
    ]
    assert found.sheets[2].kind == "unknown"


def test_a_title_above_the_table_counts_and_the_header_is_found_below_it():
    found = one(["南塔社区2014年居民问卷汇总表"], [], *ANSWERS)
    assert (found.header_row, found.rows) == (3, 2)
    assert found.community
    assert found.community.source == "title"
    assert (found.given["community"], found.given["year"]) == ("南塔社区", 2014)


def test_two_header_rows_are_read_together():
    rows = [["编号", "环境", None, "服务", None], [None, ITEMS[1], ITEMS[3], ITEMS[0], ITEMS[2]], ["1", 1, 2, 3, 4]]
    found = one(*rows)
    assert (found.kind, found.header_row, found.rows) == ("answers", 2, 1)


def test_the_questionnaire_with_most_of_its_questions_there():
    small = replace(DEFAULT, rows=tuple(q for q in DEFAULT.rows if q.role or q.labels.get("zh") in ITEMS), form_id="s")
    found = one(*ANSWERS, forms=(stored("big"), stored("small", small)))
    assert found.questionnaire
    assert (found.questionnaire.value, found.questionnaire.certainty) == ("small", 0.98)
    assert found.sure is False  # neither year nor community is known


def test_questionnaires_that_fit_alike_are_asked_about_unless_a_name_tells():
    forms = (stored("2013年调查", day=1), stored("2014年调查", day=2))
    asked = one(*ANSWERS, forms=forms)
    assert asked.questionnaire
    assert asked.questionnaire.value == "2014年调查"
    assert (asked.questionnaire.certainty, asked.questionnaire.values) == (0.5, ("2013年调查",))
    named = one(*ANSWERS, forms=forms, file="2013年调查_录入.xlsx")
    assert named.questionnaire
    assert (named.questionnaire.value, named.questionnaire.source) == ("2013年调查", "file")


def test_of_a_questionnaire_the_newest_version_counts():
    renamed = replace(
        DEFAULT,
        rows=tuple(
            replace(q, labels={"zh": f"新{q.name}"}, name=f"N{q.name}", aliases=())
            for q in DEFAULT.rows
            if q.labels.get("zh") in ITEMS
        ),
    )
    rows = [ANSWERS[0], ["1", 1, 2, 3, 4]]
    assert one(*rows, forms=(stored(version=1),)).kind == "answers"
    assert one(*rows, forms=(stored(version=1), stored(one=renamed, version=2))).kind == "unknown"


def test_answers_to_no_stored_questionnaire_are_still_said_to_be_answers():
    found = one(["编号", "窗口态度", "路灯", "停车"], ["1", "满意", "不满意", "满意"], ["2", "满意", "满意", "很满意"])
    assert (found.kind, found.certainty) == ("answers", 0.5)
    assert found.questionnaire
    assert found.questionnaire.open
    assert not found.sure


def test_call_records():
    found = one(*CALLS, file="电话访问_第2轮.xlsx")
    assert (found.kind, found.rows, found.label) == ("calls", 3, "recognition.kind.calls")
    assert found.given == {"questionnaire": "default", "year": 2014}
    assert found.community
    assert found.community.source == "column"
    assert found.mode is None
    assert found.sample_type is None


def test_call_records_side_by_side():
    found = one(["样本编号", "社区", "第1次", "第2次", "第3次"], ["1", "南塔社区", "无人接听", "完成", None])
    assert found.kind == "calls"
    assert found.reasons[0].params == {"n": 3}


def test_answers_with_outcomes_are_answers_by_telephone():
    rows = [[*ANSWERS[0], "访问结果"], [*ANSWERS[1], "完成"], ["2", None, None, None, None, "拒访"]]
    found = one(*rows)
    assert (found.kind, found.with_calls, found.also) == ("answers", True, ("calls",))
    assert found.label == "recognition.kind.answers_calls"
    assert found.mode
    assert (found.mode.value, found.mode.certainty) == ("phone", 0.95)


def platform() -> list[list[Any]]:
    return [
        [
            "序号",
            "提交答卷时间",
            "所用时间",
            "来源",
            "来源详情",
            "来自IP",
            *(f"{i}、{t}" for i, t in enumerate(ITEMS, 1)),
        ],
        ["1", "2014/11/16 12:00:00", "123秒", "链接", "", "1.2.3.4", *["满意"] * 4],
    ]


def test_a_platform_is_the_web_and_its_public_link_is_open_to_all():
    found = one(*platform(), file="123456_按文本_南塔问卷_1_1.xlsx")
    assert (found.kind, found.platform, found.label) == ("answers", "wenjuanxing", "recognition.kind.answers_platform")
    assert found.given == {
        "questionnaire": "default",
        "year": 2014,
        "community": "南塔社区",
        "mode": "web",
        "sample_type": "open",
    }
    assert found.year
    assert found.year.source == "dates"
    assert found.sample_type
    assert "公开链接" in found.sample_type.reason.word("zh")
    assert "问卷星" in found.reasons[0].word("zh")


def test_a_platform_file_that_cant_come_in_says_why():
    found = one(*platform(), file="123456_按分数_南塔问卷_1_1.xlsx")
    assert found.kind == "answers"
    assert found.problem
    assert found.problem.key == "platforms.by_score"
    assert not found.sure


def test_weights_speak_of_a_sample():
    weighted = form(Question("w", "decimal", {"zh": "权数"}, role="weight"), Question("q3", "text", {"zh": "意见"}))
    rows = [["编号", "社区", "年度", "办事方便", "环境卫生", "意见", "权数"], ["1", "南塔社区", 2014, 1, 2, "", 1.5]]
    found = one(*rows, forms=(stored("w", weighted),))
    assert found.sample_type
    assert (found.sample_type.value, found.sample_type.certainty) == ("probability", 0.85)


def test_personal_tokens_speak_of_a_drawn_sample_and_carried_forms_are_asked_about():
    lime = ["id", "submitdate", "lastpage", "startlanguage", "seed", "token", *ITEMS]
    rows = [lime, ["1", "2014-11-16 12:00:00", "3", "zh", "77", "abc", *["满意"] * 4]]
    found = one(*rows)
    assert (found.platform, found.given["mode"], found.given["sample_type"]) == ("limesurvey", "web", "probability")
    assert found.sample_type
    assert found.sample_type.certainty < 0.8
    kobo = ["start", "end", *ITEMS, "_id", "_uuid", "_submission_time", "_index"]
    found = one(
        kobo, ["2014-11-16T12:00:00", "2014-11-16T12:09:00", *["满意"] * 4, "1", "u-1", "2014-11-16T12:10:00", "1"]
    )
    assert found.mode
    assert (found.platform, found.mode.value, found.mode.certainty) == ("kobo", "web", 0.5)
    assert "Kobo" in found.mode.reason.word("zh")


CELLS = st.one_of(
    st.none(),
    st.integers(-5, 2020),
    st.floats(allow_nan=False),
    st.booleans(),
    st.text(max_size=8),
    st.dates(),
    st.sampled_from([*ITEMS, "编号", "社区", "访问结果", "第1次", "完成", "指标", "数值", "2014年", "南塔"]),
)


@given(
    st.integers(0, 4).flatmap(lambda w: st.lists(st.lists(CELLS, min_size=w, max_size=w), max_size=6)),
    st.text(max_size=20),
)
@examples(30)
def test_no_sheet_makes_it_stumble(rows: list[list[Any]], file: str):
    found = look(Sheet(file, "s", rows))
    json.dumps(found.as_json("zh"))
    assert all(0 <= p.certainty <= 1 for p in found.main.proposals.values())


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([["编号", "社区"], ["A1", "南塔社区"], ["A2", "柳营社区"]], "register"),
        ([["编号", "社区", "成年人口"], ["A1", "南塔社区", 100]], "register"),
        ([["社区", "年度", "性别", "人口"], ["南塔社区", 2014, "男", 100]], "register"),
        ([["社区", "ZZ01", "ZZ03"], ["南塔社区", "A", 6]], "indicators"),
        ([["社区", "指标", "数值"], ["南塔社区", "ZZ01", "A"]], "indicators"),
        ([["姓名", "电话"], ["张三", "1"]], "unknown"),
        ([["社区", "经费"], ["南塔社区", 100]], "unknown"),
        ([[None, None]], "unknown"),
        ([["where", "level", "scope", "message", "decision"], ["a", "b", "c", "d", "e"]], "unknown"),
    ],
)
def test_other_sheets(rows: list[list[Any]], kind: str):
    found = one(*rows)
    assert found.kind == kind
    assert found.reasons


def test_everything_is_json_and_has_words_in_both_languages():
    for rows in (ANSWERS, CALLS, platform(), [["x"]]):
        found = look(sheet(*rows))
        for lang in ("zh", "en"):
            text = json.dumps(found.as_json(lang), ensure_ascii=False)
            assert "{" + "name" not in text.replace('{"name', "")
        assert known(found.main.label)


def test_the_same_from_a_store(sqlite_store):
    initialised(sqlite_store)
    with sqlite_store.write() as conn:
        register.save(conn, REGISTER)
        questionnaires.add(conn, "small", form())
    data = "编号,社区,年度,办事方便,环境卫生\n1,南塔,2014,1,2\n".encode()
    found = recognise_sheets(sqlite_store, "甲.csv", read_sheets("甲.csv", data))
    assert found.main.questionnaire
    assert found.main.questionnaire.value == "small"
    assert found.main.year
    assert found.main.year.values == (2014,)
