"""What the page of data quality begins with: one sentence from the sections' own numbers, and a line each."""

from __future__ import annotations

import pytest

from dashboard.pages.quality import summary
from dashboard.pages.quality.summary import Line, told
from dashboard.router import render
from tests.tools.dashboard_tools import ADMIN, VIEWER, source_of, words
from tests.tools.towns import two_years

town = two_years.scored_town


def line(state, title):
    return Line(title, title, state, "")


@pytest.mark.parametrize(
    ("found", "zh", "en"),
    [
        (
            [line("look", "甲"), line("fine", "乙"), line("beside", "丙")],
            "2 项检查里有 **1 项要看**：甲。",
            "Of 2 checks **1 needs a look**: 甲.",
        ),
        ([line("fine", "甲")], "1 项检查**都没有疑点**。", "1 check: **nothing to look into**."),
        ([line("none", "甲"), line("none", "乙")], "查不了的：甲、乙。", "Not to be checked: 甲, 乙."),
        (
            [line("fine", "甲"), line("none", "乙")],
            "1 项检查**都没有疑点**。查不了的：乙。",
            "1 check: **nothing to look into**. Not to be checked: 乙.",
        ),
    ],
)
def test_the_sentence_counts_what_can_be_told(found, zh, en):
    assert (told(found, "zh"), told(found, "en")) == (zh, en)


def row(**more):
    return {"applied": True, "difference": 1.0, "difference_se": 1.0, "deff_weights": 1.1, **more}


@pytest.mark.parametrize(
    ("name", "body", "state"),
    [
        ("weights", {"rows": [row()]}, "fine"),
        ("weights", {"rows": [row(), row(difference=-2.0)]}, "look"),  # 2.0 > 1.96 x 1.0
        ("weights", {"rows": [row(applied=False, difference=9.0)]}, "none"),
        ("without", {"rows": []}, "none"),
        ("without", {"rows": [{"kind": "batch", "star": 3, "star_before": 3}]}, "fine"),
        ("without", {"rows": [{"kind": "batch", "star": 3, "star_before": 4}]}, "look"),
        ("without", {"rows": [{"kind": "interviewer", "star": None, "star_before": 4}]}, "fine"),
        ("reliability", {"questionnaires": []}, "none"),
        ("modes", {"rows": [], "adjusted": []}, "none"),
    ],
)
def test_a_section_is_judged_by_its_own_numbers(name, body, state):
    assert summary.JUDGED[name](body, "zh")[0] == state


@pytest.mark.parametrize(
    ("p", "deff", "word", "state"),
    [
        (0.001, 2.4, "in_line", "look"),  # much of the variance is theirs, though nobody stands out
        (0.001, 1.01, "in_line", "fine"),
        (0.9, 2.4, "in_line", "fine"),
        (0.9, 1.0, "departs_high", "look"),
        (0.9, 1.0, "", "none"),
    ],
)
def test_interviewers_are_looked_at_together_and_one_by_one(p, deff, word, state):
    whole = {"p": p, "deff": deff, "rho": 0.02, "rho_low": 0.01, "rho_high": 0.05, "interviewers": 9, "mean_size": 40.0}
    one = {"interviewer": "P01", "word": word}
    body = {"variance": [whole], "interviewers": [one] if word else [], "few": 0, "unnamed": 0}
    assert summary.JUDGED["interviewers"](body, "zh")[0] == state


@pytest.mark.parametrize(("alpha", "warned", "state"), [(0.59, "", "look"), (0.61, "", "fine"), (0.9, "warn", "look")])
def test_an_alpha_too_low_or_a_question_to_look_at_is_a_doubt(alpha, warned, state):
    block = {"dimension": "A", "alpha": alpha, "k": 5, "warnings": [{"level": warned}] if warned else []}
    body = {"questionnaires": [{"title": "问卷", "dimensions": [block, {**block, "dimension": "", "alpha": 0.1}]}]}
    assert summary.JUDGED["reliability"](body, "zh")[0] == state


@pytest.mark.parametrize("viewer", [ADMIN, VIEWER])
def test_the_page_begins_with_it_and_each_line_leads_to_its_section(town, viewer):
    page = render(viewer, source_of(town), town, None, "/quality", "?year=2014", {}).children
    text = str(page)
    links = [part.split("'")[0] for part in text.split("href='#")[1:]]
    assert links
    assert [link for link in links if f"id='{link}'" not in text] == []
    assert words(page).index("项检查") < words(page).index("问卷信度")
