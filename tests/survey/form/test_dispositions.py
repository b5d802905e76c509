"""Outcomes of calls: everyday words, codes, suggestions, and what a case comes to in the end."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from survey.core.lang import LANGUAGES
from survey.form.dispositions import DISPOSITIONS, AaporClass, Outcomes, class_label
from survey.form.model import Choice, Question

DOCS = Path(__file__).resolve().parents[3] / "docs" / "calls.md"

TABLE = Outcomes()
#: docs/calls.md, “Outcomes” (AAPOR, Standard Definitions, 10th ed. 2023): code → class
AAPOR = {
    "1.1": "I",
    "1.2": "P",
    "2.111": "R",
    "2.112": "R",
    "2.12": "R",
    "2.21": "NC",
    "2.22": "NC",
    "2.31": "O",
    "2.32": "O",
    "2.33": "O",
    "2.34": "O",
    "2.35": "O",
    "2.36": "O",
    "3.11": "UH",
    "3.12": "UH",
    "3.13": "UH",
    "3.14": "UH",
    "3.15": "UH",
    "3.16": "UH",
    "3.21": "UO",
    "3.91": "UO",
    "4.10": "NE",
    "4.20": "NE",
    "4.30": "NE",
    "4.50": "NE",
    "4.54": "NE",
    "4.70": "NE",
    "4.80": "NE",
}


def code(value: object) -> str | None:
    found = TABLE.find(value)
    return found.code if found else None


def test_the_table_has_aapors_codes_in_their_classes():
    assert {c: TABLE.by_code[c].aapor for c in AAPOR} == AAPOR
    assert {d.aapor for d in DISPOSITIONS} == set(get_args(AaporClass))
    for d in DISPOSITIONS:  # the first figure says the class
        assert d.aapor in {"1": ("I", "P"), "2": ("R", "NC", "O"), "3": ("UH", "UO"), "4": ("NE",)}[d.code[0]]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("完成", "1.1"),
        (" 成功 访问", "1.1"),
        ("部分完成", "1.2"),
        ("拒访", "2.11"),
        ("拒绝", "2.11"),
        ("本人拒绝", "2.112"),
        ("中途挂断", "2.12"),
        ("约访", "2.20"),
        ("不在家", "2.21"),
        ("无人接听", "3.13"),
        ("占线", "3.12"),
        ("关机", "3.131"),
        ("停机", "4.30"),
        ("空号", "4.30"),
        ("不是本社区", "4.54"),
        ("配额已满", "4.80"),
        ("拒访。", "2.11"),
        ("Completed", "1.1"),
        ("NO ANSWER", "3.13"),
        ("busy", "3.12"),
        ("1.1", "1.1"),
        (1.1, "1.1"),
        (4.1, "4.10"),
        ("4.10", "4.10"),
        (3.91, "3.91"),
        (4.3, "4.30"),
        ("2.112", "2.112"),
        ("空号/停机", "4.30"),
        ("语音信箱（不知是否住户）", "3.14"),
    ],
)
def test_everyday_words_and_codes(word: object, expected: str):
    assert code(word) == expected


@pytest.mark.parametrize("word", ["完成?", "1", 1.0, "9.9", "满意", "", "接听"])
def test_what_is_no_outcome_stays_unknown(word: object):
    assert code(word) is None


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("完成?", "1.1"),
        ("无人接", "3.13"),
        ("拒访（老人）", "2.11"),
        ("关机了", "3.131"),
        ("complet", "1.1"),
        ("满意度", None),
        ("xyz", None),
        ("", None),
    ],
)
def test_the_nearest_is_suggested_or_nothing(word: str, near: str | None):
    found = TABLE.near(word)
    assert (found.code if found else None) == near


def test_no_word_leads_to_two_outcomes():
    words: dict[str, str] = {}
    for d in DISPOSITIONS:
        for word in (d.zh, d.en, *d.words):
            key = word.casefold().replace(" ", "")
            assert words.setdefault(key, d.code) == d.code, word
            assert code(word) == d.code


@pytest.mark.parametrize(
    ("codes", "final"),
    [
        (["3.13", "3.12"], "3.12"),
        (["3.13", "1.1"], "1.1"),
        (["1.1", "2.11"], "1.1"),
        (["2.11", "3.13"], "2.11"),
        (["2.20", "3.13", "3.13"], "2.20"),
        (["2.113", "1.2"], "1.2"),
        (["2.113", "4.54"], "4.54"),
        (["3.13", "3.21", "3.12"], "3.21"),
        ([], None),
    ],
)
def test_what_a_case_comes_to(codes: list[str], final: str | None):
    found = TABLE.final(codes)
    assert (found.code if found else None) == final


def test_a_questionnaires_own_words_lead_to_the_codes():
    question = Question(
        "d",
        "select_one",
        {"zh": "结果"},
        "d",
        (
            Choice("1.1", {"zh": "聊完了"}),
            Choice("x", {"zh": "拒访"}, aliases=("不理人",)),
            Choice("y", {"zh": "别的事"}),
        ),
        role="disposition",
    )
    own = TABLE.with_choices(question)
    assert [d.code if (d := own.find(w)) else None for w in ("聊完了", "不理人", "x", "别的事", "完成")] == [
        "1.1",
        "2.11",
        "2.11",
        None,
        "1.1",
    ]
    assert TABLE.with_choices(None) is TABLE


def test_words_for_readers():
    for lang in LANGUAGES:
        assert len({class_label(c, lang) for c in get_args(AaporClass)}) == 8
        assert TABLE.by_code["1.1"].label(lang) in TABLE.listed(lang)


def test_the_documented_table_is_the_table():
    lines = [
        line.strip("| ").split(" | ") for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| ")
    ]
    documented = [(c[0], c[1], c[2], c[3], tuple(c[5].split("、"))) for c in lines if c[0][0].isdigit()]
    assert documented == [(d.code, d.aapor, d.zh, d.en, d.words) for d in DISPOSITIONS]
