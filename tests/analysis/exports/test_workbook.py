"""The breakdown workbook: every number is the engine's, every formula gives it again, no text is ever run."""

import math
from dataclasses import replace
from io import BytesIO

import openpyxl
import pandas as pd
import pytest

from analysis.exports.workbook import community_workbook
from analysis.scoring.results import Results
from survey.core.errors import Refused
from survey.core.lang import calling
from tests.tools.books.recalculated import differing
from tests.tools.towns.fake_results import fake_results

SHEETS = {
    "zh": ["总览", "五型五感", "客观指标", "居民调查", "逐步演算", "样本流程", "计算说明"],
    "en": [
        *("Summary", "Dimensions", "Objective indicators", "Resident survey", "Step by step"),
        *("Sample flow", "How it was computed"),
    ],
}


def near(value):
    """xlsx files keep 16 digits."""
    return pytest.approx(value, rel=1e-15)


def opened(results: Results, code: str, lang: str = "zh", values: bool = True) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(community_workbook(results, code, lang)), data_only=values)


def cells(sheet) -> list:
    return [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]


def labelled(sheet) -> dict:
    """Label in column A → value in column B."""
    return {row[0]: row[1] for row in sheet.iter_rows(values_only=True, max_col=2) if row[0]}


def table(sheet, first: str) -> list[dict]:
    """The rows under the header that starts with ``first``, up to the row of sums."""
    rows = list(sheet.iter_rows(values_only=True))
    top = next(i for i, row in enumerate(rows) if row[0] == first)
    named = [(place, name) for place, name in enumerate(rows[top]) if name]
    body = [row for row in rows[top + 1 :] if row[0]]
    return [{f"{place} {name}": row[place] for place, name in named} for row in body]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sheets_notices_and_print_setup(lang):
    book = opened(fake_results(2014), "SL03", lang)
    assert book.sheetnames == SHEETS[lang]
    sample = {"zh": "示例数据", "en": "Sample data"}[lang]
    illustrative = {
        "zh": "示例指标（非官方2012版原表）",
        "en": "ILLUSTRATIVE INDICATORS, NOT THE OFFICIAL 2012 TABLE",
    }
    for sheet in book:
        texts = [str(v) for v in cells(sheet)]
        assert any(t.startswith(sample) for t in texts)
        assert illustrative[lang] in texts
        assert sheet.page_setup.paperSize == 9
        assert sample in sheet.oddFooter.left.text
    assert all(book[name].freeze_panes for name in SHEETS[lang][1:6])


def test_real_results_of_a_closed_year_carry_no_notice():
    found = fake_results(2013)
    real = replace(found, meta={**found.meta, "sample": False, "illustrative": False})
    assert not [
        v
        for sheet in opened(real, "SL03")
        for v in cells(sheet)
        if "示例" in str(v) and "街道" not in str(v) and "示例测评体系" not in str(v)
    ]


def test_summary_holds_the_engine_s_full_numbers():
    results = fake_results(2014)
    score = results.community("SL03")
    found = labelled(opened(results, "SL03")["总览"])
    assert found["客观得分（满分 700）"] == near(score["objective"])
    assert found["主观得分（满分 300）"] == near(score["subjective"])
    assert found["总分（未四舍五入）"] == near(score["total_exact"])
    assert found["总分（满分 1000）"] == near(score["total"])
    assert found["测算星级"] == near(score["star"])
    assert found["街道内名次"] == near(score["rank"])
    assert found["主观得分变化"] == near(score["change_subjective"])


def test_a_chance_keeps_its_number_and_never_shows_as_100_percent():
    results = fake_results(2014)
    sheet = opened(results, "SL01")["总览"]
    score = results.community("SL01")
    row = next(r for r in sheet.iter_rows() if r[0].value == "各星级的可能性")
    assert [c.value for c in row[1:7]] == near([score[f"star_p{k}"] for k in range(6)])
    assert {c.number_format for c in row[1:7]} == {'[>0.99]">99%";[<0.01]"<1%";0%'}


@pytest.mark.parametrize(("lang", "words"), [("zh", "与上年相比"), ("en", "year before")])
def test_a_first_year_has_no_empty_comparison(lang, words):
    results = fake_results(2014)
    first = replace(
        results, scores=results.scores.assign(change_objective=None, change_subjective=None, change_word=None)
    )
    for found, there in ((results, True), (first, False)):
        sheet = openpyxl.load_workbook(BytesIO(community_workbook(found, "SL03", lang))).worksheets[0]
        told = [str(row[0] or "") for row in sheet.iter_rows(values_only=True)]
        assert any(words in one for one in told) is there


def test_tables_hold_every_indicator_item_and_dimension():
    results = fake_results(2014)
    book = opened(results, "SL03")
    score = results.community("SL03")
    indicators = table(book["客观指标"], "编号")
    assert [r["0 编号"] for r in indicators[:-1]] == [r["indicator"] for r in results.rows("indicators", "SL03")]
    assert math.isclose(indicators[-1]["4 得分"], score["objective"])
    assert indicators[0]["14 来源文件"] == "客观指标_2014.xlsx"
    items = table(book["居民调查"], "题号")
    assert [r["6 百分制得分"] for r in items[:-1]] == near([r["score"] for r in results.rows("items", "SL03")])
    assert items[0]["11 很满意"] == near(results.rows("items", "SL03")[0]["distribution"][0]["share"])
    dimensions = table(book["五型五感"], "类型")
    assert [r["4 得分"] for r in dimensions[:-1]] == [
        score[f"objective_{d['code']}"] for d in results.meta["dimensions"]
    ]
    assert [r["9 标准误"] for r in dimensions[:-1]] == near(
        [score[f"subjective_{d['code']}_se"] for d in results.meta["dimensions"]]
    )
    assert math.isclose(dimensions[-1]["11 得分"], score["total_exact"])


def test_sample_flow_adds_up():
    results = fake_results(2014)
    flow = results.rows("flow", "SL03")[0]
    found = labelled(opened(results, "SL03")["样本流程"])
    assert [found[k] for k in ("收到", "重复", "入库", "不完整", "计分")] == [
        flow[k] for k in ("received", "duplicate", "stored", "incomplete", "scored")
    ]
    assert found["书面"] + found["电话"] == found["合计"] == flow["scored"]


def test_formulas_are_live_where_they_give_our_number():
    book = opened(fake_results(2014), "SL03", values=False)
    formulas = [v for sheet in book for v in cells(sheet) if isinstance(v, str) and v.startswith("=")]
    assert any(v.startswith("=SUM('客观指标'!") for v in formulas)
    assert any(v.startswith("=ROUND(") for v in formulas)
    assert any(v.startswith("=SUMPRODUCT(") for v in formulas)


def test_a_formula_that_would_give_another_number_is_left_out():
    found = fake_results(2014)
    scores = found.scores.copy()
    scores.loc[scores["community_code"] == "SL03", ["objective_ecology", "total_exact"]] = [99.5, 800.25]
    altered = replace(found, scores=scores)
    live = opened(altered, "SL03", values=False)["五型五感"]
    ecology = next(r for r in live.iter_rows(values_only=True) if str(r[0]).startswith("生态型"))
    assert ecology[4] == 99.5
    assert labelled(opened(altered, "SL03", values=False)["总览"])["总分（未四舍五入）"] == 800.25


def test_recommended_is_said_once_somebody_has_recommended():
    """Archives of older versions called a star of the city so before anybody had spoken; an open year says what was done."""
    found = fake_results(2013)
    code = found.scores["community_code"].iloc[0]
    for provisional, words in ((True, "已推荐"), (False, "拟推荐")):
        scores = found.scores.assign(status="recommended", provisional=provisional)
        assert labelled(opened(replace(found, scores=scores), code).worksheets[0])["状态"] == words


def test_what_is_unknown_stays_empty():
    results = fake_results(2014)
    found = labelled(opened(results, "SL09")["总览"])  # objective part not reported
    assert found["总分（满分 1000）"] is None
    assert found["测算星级"] is None
    assert found["主观得分（满分 300）"] == results.community("SL09")["subjective"]
    few = opened(results, "SL11")["总览"]  # too few responses
    assert "不完整，暂不评星" in cells(few)


def test_no_text_is_ever_a_formula():
    found = fake_results(2014)
    frames = {
        "items": found.items.assign(label_zh='=HYPERLINK("http://x")', offices="@SUM(1)"),
        "indicators": found.indicators.assign(name_zh="=1+1", evidence="+1", file="=cmd|' /C calc'!A0"),
    }
    book = opened(replace(found, **frames), "SL03", values=False)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith(("=HYPER", "=1+1", "=cmd", "@", "+1")):
                    assert cell.data_type == "s", (sheet.title, cell.coordinate)


def test_an_item_that_may_not_be_shown_says_why_and_its_sums_stay_empty():
    found = fake_results(2014)
    items = found.items.copy()
    items["note"] = None
    first = items.index[items["community_code"] == "SL03"][0]
    items.loc[first, ["score", "se", "points_got", "points_lost"]] = None
    items.loc[first, "note"] = "suppressed"
    items.at[first, "distribution"] = []
    sheet = opened(replace(found, items=items), "SL03")["居民调查"]
    row, total = table(sheet, "题号")[0], table(sheet, "题号")[-1]
    assert (row["6 百分制得分"], row["4 得分"], row["11 很满意"]) == (None, None, None)
    assert "5" in row["19 说明"]
    assert total["4 得分"] is None


def test_many_different_answers_are_given_in_one_column():
    found = fake_results(2014)
    spread = [
        {"choice": str(i), "label_zh": f"答{i}", "label_en": f"a{i}", "level": i, "share": 1 / 12} for i in range(12)
    ]
    items = found.items.assign(distribution=[spread] * len(found.items))
    first = table(opened(replace(found, items=items), "SL03")["居民调查"], "题号")[0]
    assert first["11 回答分布（占表态者）"].startswith("答0 8.3%  答1 8.3%")


def test_the_same_results_give_the_same_bytes():
    results = fake_results(2014)
    assert community_workbook(results, "SL03", "zh") == community_workbook(results, "SL03", "zh")


def test_a_snapshot_read_back_gives_the_same_workbook():
    results = fake_results(2014)
    back = Results.from_json(results.to_json())
    assert community_workbook(back, "SL03", "en") == community_workbook(results, "SL03", "en")


def test_an_unknown_community_is_one_sentence():
    with pytest.raises(Refused, match="SL99"):
        community_workbook(fake_results(2014), "SL99", "zh")


def test_recalculating_gives_our_numbers(tmp_path):
    """Strip the values we passed (openpyxl does), let LibreOffice compute every formula, compare to 1e-9."""
    found = fake_results(2014)
    books = {code: community_workbook(found, code, "zh") for code in ("SL03", "SL09", "SL11")}
    empty = {name: pd.DataFrame(columns=getattr(found, name).columns) for name in ("items", "indicators", "flow")}
    books["empty"] = community_workbook(replace(found, **empty), "SL03", "zh")
    cells, wrong = differing(books, tmp_path)
    assert cells > 150
    assert not wrong


def test_frames_without_rows_still_give_a_workbook():
    found = fake_results(2014)
    empty = {name: pd.DataFrame(columns=getattr(found, name).columns) for name in ("items", "indicators", "flow")}
    assert opened(replace(found, **empty), "SL03").sheetnames == SHEETS["zh"]


def test_names_are_those_that_the_reader_calls_them_by_and_what_was_typed_stays():
    """Found so: the workbook in English had every community, type and office by its Chinese name, beside those it was told."""
    results = fake_results(2014)
    rows = results.indicators.copy()
    rows["evidence"] = "桂湖社区"
    names = {"桂湖社区": "Osmanthus Lake", "组织办": "Organisation Office", "纪工委": "Discipline", "事务办": "Affairs"}
    with calling(names):
        book = opened(replace(results, indicators=rows), "SL04", "en")
    assert book.properties.title.startswith("Osmanthus Lake 2014")
    assert labelled(book["Summary"])["Community"] == "Osmanthus Lake (SL04)"
    shown = {str(value) for value in cells(book["Dimensions"])}
    assert "Organisation Office" in shown
    assert any(value.startswith("Discipline, Affairs, ") for value in shown)
    assert "组织办" not in shown
    typed = {value for value in cells(book["Objective indicators"]) if value == "桂湖社区"}
    assert typed == {"桂湖社区"}
    assert "组织办" in cells(opened(results, "SL04", "zh")["五型五感"])
