"""Rows of an archive become the very blocks that left the store; what an archive can't hold is said before anything is computed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.archive.single_responses import single_responses
from analysis.engines.archived_rows import COLUMNS, answer_columns, block_of, needs_person, require_whole
from survey.core.errors import Refused
from survey.form.answer_codes import BLANK
from survey.form.model import Question
from survey.store import Store
from survey.store.intake import questionnaires, responses
from tests.tools.forms import form, item
from tests.tools.stores.sampled_town import MORE, make_sampled_town
from tests.tools.stores.store_data import fill


def test_every_way_of_answering_comes_back_as_it_was(sqlite_store: Store) -> None:
    with sqlite_store.write() as conn:
        fill(conn, numbers=[f"1380013{i:04d}" for i in range(40)])
    rows = single_responses(sqlite_store, [2013]).frame
    with sqlite_store.read() as conn:
        stored = questionnaires.by_id(conn, 1)
        there = responses.load(conn, stored)
    found = block_of("q", stored.form, rows, {"A01": ("甲", "街"), "A02": ("乙", "街")})
    held = [stored.form.position[n] for n in ("q1", "q2", "income", "uses")]
    np.testing.assert_array_equal(found.codes[:, held], there.codes[:, held])
    assert (found.codes[:, stored.form.position["comment"]] == BLANK).all()
    np.testing.assert_array_equal(found.numbers["income"], there.numbers["income"])
    assert list(found.multiple["uses"]) == list(there.multiple["uses"])
    assert found.design["community"].tolist()[:2] == ["甲", "乙"]
    for name in ("weight", "age"):
        np.testing.assert_array_equal(found.design[name], there.design[name])


def test_numbers_keep_every_digit(sqlite_store: Store) -> None:
    town = make_sampled_town(sqlite_store, "plain")
    rows = single_responses(town, [2013]).frame
    with town.read() as conn:
        stored = questionnaires.by_id(conn, 1 + len(questionnaires.listing(conn)) - 1)
        there = responses.load(conn, stored, years=[2013])
    register = {str(c): ("", "") for c in rows["community"].unique()}
    np.testing.assert_array_equal(block_of("q", stored.form, rows, register).numbers["K"], there.numbers["K"])


def test_columns_are_those_of_the_files(sqlite_store: Store) -> None:
    town = make_sampled_town(sqlite_store, "adults")
    rows = single_responses(town, [2013]).frame
    assert {*COLUMNS} <= {*rows.columns}
    with town.read() as conn:
        stored = questionnaires.get(conn, "q")
    assert {*answer_columns(stored.form)} == {c for c in rows if str(c).startswith("q_")}


def test_another_questionnaire_of_the_same_name_is_told_by_its_words() -> None:
    rows = pd.DataFrame({"year": [2013], "community": ["C"], "q_Q1": ["seven"]})
    with pytest.raises(Refused) as caught:
        block_of("q", form(), rows, {"C": ("", "")})
    assert (caught.value.key, caught.value.params["found"]) == ("engines.unknown_answer", "seven")


WHO = Question("who", "select_one", choices=MORE[4].choices, role="interviewer")
REPLICATED = (Question("w", "decimal", role="weight"), Question("r1", "decimal", role="replicate_weight"))


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ((Question("why", "text"), item("X", conditions=("${why} != ''",))), "engines.condition"),
        ((WHO, item("X", conditions=("${who} = 'm'",))), "engines.condition"),
        (REPLICATED, "engines.replicates"),
    ],
)
def test_what_an_archive_does_not_hold_is_refused(more: tuple[Question, ...], key: str) -> None:
    with pytest.raises(Refused) as caught:
        require_whole("q", form(*more, settings={"replicates": "bootstrap"}))
    assert caught.value.key == key


def test_conditions_on_closed_answers_sex_and_what_is_never_evaluated_pass() -> None:
    never: Any = replace(item("Y"), conditions=("${Q1} = position(..)",))
    asked = form(*MORE, never)
    require_whole("q", asked)
    assert needs_person(asked)
    assert not needs_person(form(never))
