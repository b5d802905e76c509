"""LimeSurvey exports come in with headings as codes, texts or both, and answers as codes or labels."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from survey.files.layouts import recognise
from survey.files.layouts.layout import identities
from tests.tools.books.platform_books import ASKED, FEW, Table, read_back, sheet, tables

OWN = ["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "ipaddr", "refurl"]
FULL = [
    "Response ID",
    "Date submitted",
    "Last page",
    "Start language",
    "Seed",
    "Date started",
    "Date last action",
    "IP address",
    "Referrer URL",
]
TIMINGS = ["interviewtime", "groupTime12", "Q1Time", "WTime"]


def own(n: int, submitted: str | None = "2024-05-06 09:30:00") -> list[Any]:
    return [str(n), submitted, "3", "zh-Hans", f"99{n}", "2024-05-06 09:00:00", "2024-05-06 09:30:00", "1.2.3.4", ""]


def heading(style: str, code: str, sub: str, text: str, item: str) -> str:
    codes, texts = (f"{code}[{sub}]", f"{text} [{item}]") if sub else (code, text)
    return {"code": codes, "full": texts, "both": f"{codes}. {texts}"}[style]


def export(table: Table, style: str, long: bool) -> list[list[Any]]:
    header = list(FULL if style == "full" else OWN if style == "code" else map(". ".join, zip(OWN, FULL, strict=True)))
    for q in ASKED:
        if q.kind == "many":
            header += [heading(style, q.name, str(i), q.label, o) for i, o in enumerate(q.options, 1)]
        elif q.stem:
            header.append(heading(style, q.name[0], q.name[1:], q.stem, q.label))
        else:
            header.append(heading(style, q.name, "", q.label, ""))

    def cells(q: Any, answer: Any) -> list[Any]:
        if q.kind == "many":
            yes, no = ("是", "否") if long else ("Y", "")
            states = {None: None, "skipped": "N/A"}
            if answer in states:
                return [states[answer]] * len(q.options)
            return [yes if i in answer else no for i in range(len(q.options))]
        if answer in (None, "skipped"):
            return ["N/A" if answer else None]
        return [answer if q.kind == "text" else q.options[answer] if long else str(answer + 1)]

    rows = [
        [*own(n), *(c for q, a in zip(ASKED, row, strict=True) for c in cells(q, a)), "61.2", "30", "8", "9"]
        for n, row in enumerate(table.rows, 1)
    ]
    timings = (
        ["Total time", "Group time: 满意度", "Question time: Q1", "Question time: W"] if style == "full" else TIMINGS
    )
    return [[*header, *timings], *rows]


@pytest.mark.property
@pytest.mark.parametrize("style", ["code", "full", "both"])
@pytest.mark.parametrize("long", [False, True])
def test_an_export_comes_back_equal(style, long):
    @FEW
    @given(table=tables(none_ticked=False))
    def holds(table):
        layout = recognise(sheet(export(table, style, long), "results-survey123456.csv"))
        assert (layout.platform, layout.form) == ("limesurvey", "123456")
        assert [c.meaning for c in layout.columns[-4:]] == ["duration", "timing", "timing", "timing"]
        assert read_back(layout) == table.rows

    holds()


def test_names_of_sub_questions():
    layout = recognise(
        sheet(
            [
                [*OWN, "A[SQ001]", "A[SQ002]. 满意吗 [治安(消防)]", "W[1]", "W[2]", "W[other]", "B[1][2]"],
                [*own(1), "A1", "A2", "Y", "", "河边", "3"],
            ],
            "a.csv",
        )
    )
    texts = {c.texts[-1]: (c.texts, c.option) for c in layout.questions}
    assert texts["A[SQ001]"][0] == ("A_SQ001", "ASQ001", "A/SQ001", "A[SQ001]")
    assert texts["A[SQ002]. 满意吗 [治安(消防)]"][0][:4] == ("A_SQ002", "ASQ002", "治安(消防)", "A/治安(消防)")
    assert (texts["W[1]"][0][0], texts["W[1]"][1]) == ("W", "1")
    assert texts["W[other]"][0][0] == "W_other"
    assert texts["B[1][2]"][0][0] == "B_1_2"


def test_what_was_not_submitted_is_read_and_said():
    layout = recognise(sheet([[*OWN, "Q1"], [*own(1), "1"], [*own(2, None), "2"], [None] * 10], "a.csv"))
    (note,) = [f for f in layout.findings if f.code == "platforms.incomplete"]
    assert (note.level, note.row, note.params) == ("note", 3, {"n": 1, "rows": "3"})
    assert layout.skip == {}


def test_a_response_that_is_submitted_later_is_the_same():
    first = recognise(sheet([[*OWN, "Q1"], [*own(7, None), "1"]], "results-survey123456.csv"))
    later = recognise(sheet([[*OWN, "Q1"], [*own(7), "1"]], "results-survey123456 (1).csv"))
    assert identities(first) == identities(later) == ["limesurvey|123456|7|997"]


@pytest.mark.parametrize(
    "header", [["id", "submitdate", "Q1"], ["id", "lastpage", "seed", "Q1"], ["编号", "submitdate", "lastpage"], ["id"]]
)
def test_other_sheets_are_not_taken_for_one(header):
    assert recognise(sheet([header, ["1"] * len(header)], "a.csv")) is None


def test_the_code_of_a_sub_question_may_be_a_question_of_its_own_where_it_stands_once():
    header = ["id", "submitdate", "lastpage", "S[A1]", "S[B1]", "R[C1]", "U[C1]"]
    made = sheet([header, ["1", "2024-05-06", "3", "1", "2", "3", "4"]], "a.csv")
    texts = {c.index: c.texts for c in recognise(made).questions}
    assert "A1" in texts[3]
    assert "B1" in texts[4]
    assert "C1" not in texts[5]
