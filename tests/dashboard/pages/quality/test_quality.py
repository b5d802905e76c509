"""The page of data quality, and its files."""

from __future__ import annotations

import re

import pytest

from dashboard.app import create_app
from dashboard.router import render
from survey.store import Store
from tests.tools.dashboard_tools import ADMIN, VIEWER, small_store, source_of, words
from tests.tools.towns import two_years
from tests.tools.towns.two_years import bring

town = two_years.scored_town


def shown(store: Store, search: str = "?year=2014", viewer=ADMIN) -> str:
    return words(render(viewer, source_of(store), store, None, "/quality", search, {}).children)


@pytest.mark.parametrize(
    ("lang", "texts"),
    [
        ("zh", ("问卷信度", "6 题", "120 / 120", "给问卷设计者的提示", "2013")),
        ("en", ("Reliability of the questionnaire", "120 / 120", "Item by item")),
    ],
)
def test_reliability_is_shown_in_words_and_numbers(town: Store, lang, texts):
    page = shown(town, f"?year=2014&lang={lang}", VIEWER)
    assert [t for t in texts[:1] + texts[2:] if t not in page] == []
    assert re.search(r"0\.\d\d\s*0\.\d\d–0\.\d\d", page)  # alpha and its interval
    assert "nan" not in page.lower()
    assert "None" not in page


def test_too_few_responses_are_said(town: Store):
    bring(town, 2015, rows=10)
    page = shown(town, "?year=2015")
    assert "完整作答仅 20 份（不足 30 份），不计算" in page
    assert "完整作答太少，暂不能计算。" in page


def test_an_empty_store_shows_the_start(sqlite_store: Store):
    assert "六步到得分" in shown(small_store(sqlite_store), "")


def test_the_file_of_a_section_and_one_that_there_is_not(town: Store):
    client = create_app(town).server.test_client()
    answer = client.get("/download/quality/reliability?year=2014&lang=en", headers={"Host": "localhost"})
    assert answer.status_code == 200
    assert answer.data.decode("utf-8-sig").startswith("questionnaire,dimension,item,label")
    assert "2014_reliability.csv" in answer.headers["Content-Disposition"]
    missing = client.get("/download/quality/nothing?year=2014", headers={"Host": "localhost"})
    assert missing.status_code == 404
