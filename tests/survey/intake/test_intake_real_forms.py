"""The questionnaires of a real city's survey and of the invented town with the same kinds of dirt."""

from __future__ import annotations

import csv
import json
import math
import runpy
from collections import Counter, defaultdict
from pathlib import Path
from types import SimpleNamespace

import pytest

from survey.coding.options import ImportOptions
from survey.form import Question, Questionnaire
from survey.form.workbook.reading import read_questionnaire
from survey.intake.answers import inspect
from survey.store import Store
from survey.store.intake import questionnaires

DATA = Path(__file__).parents[2] / "data"
city, town = (
    SimpleNamespace(**runpy.run_path(str(DATA / f"make_{name}_questionnaire.py")))
    for name in ("somerville", "dirty_town")
)
EXPECTED = json.loads((DATA / "dirty_town_expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("maker", [city, town], ids=["somerville", "dirty_town"])
def test_the_workbook_is_what_its_maker_writes(maker: SimpleNamespace) -> None:
    form, findings = read_questionnaire("q.xlsx", maker.TARGET.read_bytes())
    assert findings == []
    assert form == maker.questionnaire()


def test_each_header_of_the_city_belongs_to_one_question() -> None:
    form = city.questionnaire()
    headers = [alias for q in form.questions for alias in q.aliases]
    assert (
        len(headers) == len(set(headers)) == 43 - 3
    )  # all columns but Year, Ward and Precinct, which their labels match
    assert (form.sampling, form.blank, form.scored) == ("overall", ("NA",), ())


def _answers(form: Questionnaire, name: str) -> tuple[Question, dict[str, list[str]]]:
    """Non-empty cells of a question by year, from whichever of its columns are filled; two cells are joined."""
    question = form.question(name)
    names = (question.name, *question.labels.values(), *question.aliases)
    by_year = defaultdict(list)
    with (DATA / "dirty_town.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cells = [row[n] for n in names if row.get(n, "NA") not in ("NA", "")]
            if cells:
                by_year[row["Year"]].append(" and ".join(cells))
    return question, by_year


def _number(text: str, question: Question) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    assert question.low is not None
    assert question.high is not None
    return value if question.low <= value <= question.high else None


@pytest.mark.parametrize("name", EXPECTED["numbers"])
def test_the_hand_count_of_the_town_s_numbers_holds(name: str) -> None:
    question, by_year = _answers(town.questionnaire(), name)
    assert set(by_year) == set(EXPECTED["numbers"][name])
    for year, expected in EXPECTED["numbers"][name].items():
        valid = [v for v in (_number(text, question) for text in by_year[year]) if v is not None]
        assert (len(valid), len(by_year[year]) - len(valid)) == (expected["n"], expected["refused"])
        assert math.isclose(sum(valid), expected["sum"])
        assert math.isclose(sum(valid) / len(valid), expected["mean"], abs_tol=5e-7)


@pytest.mark.parametrize("name", EXPECTED["choices"])
def test_the_hand_count_of_the_town_s_choices_holds(name: str) -> None:
    question, by_year = _answers(town.questionnaire(), name)
    codes = {choice.labels["en"]: choice.name for choice in question.choices}
    for year, expected in EXPECTED["choices"][name].items():
        valid = [codes[text] for text in by_year[year] if text in codes]
        assert (len(valid), len(by_year[year]) - len(valid)) == (expected["n"], expected["refused"])
        for code in set(expected) - {"n", "refused"}:
            assert valid.count(code) == expected[code]


def test_the_hand_count_adds_up() -> None:
    parts = (*EXPECTED["numbers"].values(), *EXPECTED["choices"].values())
    assert sum(year["refused"] for item in parts for year in item.values()) == EXPECTED["refused_cells_total"]


def test_the_intake_counts_the_town_s_dirt_as_a_hand_does(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "x.db", create=True)
    with store.write() as conn:
        questionnaires.add(conn, "town", town.questionnaire())
    options = ImportOptions("town", add_communities=True)
    seen = inspect(store, "dirty_town.csv", (DATA / "dirty_town.csv").read_bytes(), options)
    store.close()
    assert (seen.counts.rows, seen.counts.storable) == (EXPECTED["rows"], EXPECTED["rows"])
    assert seen.counts.refused_cells == EXPECTED["refused_cells_total"] == len(seen.refusals)
    assert [c.header for c in seen.columns if c.question is None] == EXPECTED["ignored_columns"]
    refused = Counter(f.code for f in seen.refusals)
    assert refused == {
        "checking.not_a_number": 4,
        "checking.not_numbers": 8,  # of twelve, those of columns with more than five odd words: one question for them
        "checking.out_of_range": 1,
        "checking.out_of_ranges": 6,  # of seven
        "checking.not_a_choice": 2,
        "checking.two_answers": 1,  # of the three words that are no choice
        "checking.answered_twice": 1,
    }
