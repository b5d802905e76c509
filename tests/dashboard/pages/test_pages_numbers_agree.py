"""No number differs between two pages, or between a page and an export (docs/results.md)."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from analysis.exports.workbook import community_workbook
from dashboard.figures import numbers
from survey.core.lang import say
from tests.tools.dashboard_tools import show, shown, with_class, words
from tests.tools.towns.fake_results import CODES, DIMENSIONS, METHOD_CHANGES, YEARS, FakeSource, fake_results

LIMITS = (650.0, 700.0, 750.0, 800.0, 900.0)
CASES = [(code, year) for code in CODES for year in YEARS]


@cache
def league_row(code: str, year: int) -> dict[str, str]:
    """What the overview shows of a community, by the class of the cell."""
    page = shown("/", year)
    for row in with_class(page, "league")[0]["props"]["children"][2]["props"]["children"]:
        cells = row["props"]["children"]
        (link,) = with_class(cells[0], "row-link")
        if link["props"]["href"].startswith(f"/community/{code}?"):
            found: dict[str, str] = {}
            for cell in cells:
                name = str(cell["props"].get("className", "")).split(" ")[-1]
                found[name] = (
                    " ".join(words(cell).split()) if name != "heat" else found.get(name, "") + words(cell) + " "
                )
            found["stars"] = "".join(s["props"]["aria-label"] for s in with_class(cells, "stars"))
            return found
    raise AssertionError(code)


@cache
def community_page(code: str, year: int) -> dict[str, Any]:
    """What the community's own page shows."""
    page = shown(f"/community/{code}", year)
    return {
        "big": words(with_class(page, "big")),
        "stars": "".join(s["props"]["aria-label"] for s in with_class(with_class(page, "stars-big"), "stars")),
        "sure": words(with_class(page, "sure")),
        "facts": words(with_class(page, "facts")),
        "chances": words(with_class(page, "chance-words")),
        "parts": words(with_class(page, "parts")),
        "lost": [words(n) for n in with_class(page, "lost")][1:],
        "table": words(with_class(page, "plain-table")),
    }


@cache
def exported(code: str, year: int) -> dict[str, Any]:
    """First sheet of the breakdown workbook: label → the cells beside it."""
    sheet = load_workbook(
        BytesIO(community_workbook(fake_results(year), code, "zh", {METHOD_CHANGES})), data_only=True
    ).worksheets[0]
    return {
        str(r[0]).strip(): [c for c in r[1:] if c is not None]
        for r in sheet.iter_rows(values_only=True)
        if r[0] is not None
    }


def value(cells: list[Any]) -> float | None:
    return cells[0] if cells and isinstance(cells[0], (int, float)) else None


@pytest.mark.parametrize(("code", "year"), CASES)
def test_overview_community_page_and_workbook_show_the_same_numbers(code, year):
    row, page, book = league_row(code, year), community_page(code, year), exported(code, year)
    labels = {
        k: say("zh", f"export.label.{k}", full=f)
        for k, f in (("objective", "700"), ("subjective", "300"), ("total", "1000"))
    }
    sums = {k: value(book[label]) for k, label in labels.items()}
    assert row["total"] == numbers.total(sums["total"], LIMITS)
    assert row["objective"] == numbers.points(sums["objective"])
    assert row["wide"].split(" ")[0] == numbers.points(sums["subjective"])
    assert page["big"].split(" ")[0] == row["total"]
    assert f"客观 {row['objective']} / 700 · 主观 {row['wide']} / 300" in page["facts"]
    assert row["stars"] == page["stars"]


@pytest.mark.parametrize(
    ("code", "year"), [c for c in CASES if fake_results(c[1]).community(c[0])["total"] is not None]
)
def test_star_stability_rank_change_and_error_agree(code, year):
    row, page, book = league_row(code, year), community_page(code, year), exported(code, year)
    score = fake_results(year).community(code)
    star = value(book[say("zh", "export.label.star")])
    assert (row["stars"] or "未达标") == say("zh", f"dash_words.star_{star:.0f}")
    verdict = book[say("zh", "export.label.star")][1]
    assert row["word"].split() == verdict.split(" · ")[1:]
    assert (say("zh", "dash_words.method_changes") in verdict) == (code == METHOD_CHANGES)
    assert verdict.split(" · ")[1:] == page["sure"].split()
    assert row["rank"] == numbers.ranks(score["rank"], score["rank_low"], score["rank_high"])
    assert page["big"].split(" ", 1)[1] == row["wide"].split(" ", 1)[1]  # the total's error is the survey's
    exact = next(c for c in book[say("zh", "export.label.total_exact")] if isinstance(c, str))
    assert numbers.half_width(score["total_low"], score["total_high"], 1) in exact
    if year > YEARS[0]:
        change = value(book[say("zh", "export.label.change_objective")])
        assert row["change"].split(" / ")[0] == numbers.signed(change)
        assert book[say("zh", "export.label.change_word")][0] in row["change"]
        if change is not None:
            assert f"客观 {numbers.signed(change)}，" in page["facts"]
        assert book[say("zh", "export.label.change_word")][0] in page["facts"]


@pytest.mark.parametrize(("code", "year"), CASES[::5])
def test_rates_parts_and_losses_agree(code, year):
    row, page = league_row(code, year), community_page(code, year)
    score, found = fake_results(year).community(code), fake_results(year)
    for rate, dimension in zip(row["heat"].split(), DIMENSIONS, strict=True):
        objective, subjective = (score[f"{p}_{dimension['code']}"] for p in ("objective", "subjective"))
        if objective is None:
            assert rate == "—"
            continue
        assert rate == numbers.share((objective + subjective) / 200)
        assert (
            f"{numbers.points(objective)} {numbers.points(subjective)} {numbers.points(objective + subjective)}"
            in page["parts"]
        )
    book = load_workbook(BytesIO(community_workbook(found, code, "zh")), data_only=True).worksheets[0]
    cells = {c for r in book.iter_rows(values_only=True) for c in r if isinstance(c, float)}
    shown = {numbers.MINUS + numbers.points(c, 1) for c in cells}
    assert set(page["lost"][:5]) <= shown


def test_trend_of_every_year_shows_that_years_overview_total():
    for code in set(CODES) - {"SL11"}:  # never had enough responses: there is no trend
        table = community_page(code, 2014)["table"]
        for year in YEARS:
            assert f"{year} {league_row(code, year)['total']}" in table


def test_comparison_shows_what_the_overview_shows():
    page = words(show("/compare", "?year=2014&with=SL01,SL06,SL12").children)
    for code in ("SL01", "SL06", "SL12"):
        row = league_row(code, 2014)
        assert f"{row['total']}" in page
        assert row["change"] in " ".join(page.split())


def test_headline_of_the_survey_is_the_street_row():
    street = fake_results(2014).streets.iloc[0]
    text = words(show("/", "", FakeSource()).children)
    assert f"{numbers.points(street['subjective'], 1)} ± {numbers.half_up(2.6, 1)}" in text
    assert f"有效样本 {numbers.count(fake_results(2014).scores['n'].sum())} 份" in text
