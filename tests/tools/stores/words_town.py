"""A street whose people wrote what they want: two communities of 40, one of 6, in two years."""

from __future__ import annotations

import pytest

from analysis.publication import new_store, snapshots
from analysis.words.answers import Asked, read
from survey.coding.options import ImportOptions
from survey.form.model import Question
from survey.intake.answers import commit, inspect
from survey.store import Store, words
from survey.store.intake import questionnaires
from survey.store.words import WordCode
from survey.store.year import register
from tests.tools import templates
from tests.tools.forms import form, item

PEOPLE = {"甲社区": 40, "乙社区": 40, "丙社区": 6}
SAID = ("停车位太少", "垃圾没人清", "很好", "")
YEARS = (2013, 2014)


@templates.once
def make(store: Store) -> None:
    """Of four people in a row one writes of cars, one of rubbish, one is content, one writes nothing."""
    new_store.initialise(store)
    with store.write() as conn:
        places = [
            register.Community(f"C{n}", name, sub_district="示例街道", adult_population=1000)
            for n, name in enumerate(PEOPLE, 1)
        ]
        register.save(conn, places)
        questions = (
            item("A", dimension="autonomy"),
            Question("F4", "text", {"zh": "最希望改进的一件事", "en": "Wish"}),
        )
        questionnaires.add(conn, "w", form(*questions))
    for year in YEARS:
        lines = [
            f"{place}{i},{place},{year},{1 + i % 4},{SAID[i % 4]}\n" for place, n in PEOPLE.items() for i in range(n)
        ]
        data = ("编号,社区,年度,A,F4\n" + "".join(lines)).encode()
        commit(store, inspect(store, f"{year}.csv", data, ImportOptions("w")))
    for year in YEARS:
        snapshots.results(store, year)


@pytest.fixture
def town(sqlite_store: Store) -> Store:
    """The street, nothing coded."""
    made: Store = make(sqlite_store)
    return made


def place(store: Store) -> int:
    """Where the question stands in the form."""
    with store.read() as conn:
        return questionnaires.get(conn, "w").form.position["F4"]


def form_id(store: Store) -> int:
    """The number of the questionnaire's version."""
    with store.read() as conn:
        return questionnaires.get(conn, "w").id


def asked(store: Store) -> Asked:
    """All its answers."""
    with store.read() as conn:
        return read(conn, "w", "F4")


def listed(store: Store) -> dict[str, int]:
    """Three codes; name → id."""
    with store.write(aside=True) as conn:
        wanted = [WordCode(0, "停车", ("停车",)), WordCode(0, "垃圾", ("垃圾", "清运")), WordCode(0, "满意")]
        words.save_codes(conn, "王芳", "w", "F4", wanted)
        return {c.name: c.id for c in words.codes(conn, "w", "F4")}


def code(store: Store, year: int, n: int, *, in_turn: bool = True, only: str = "") -> None:
    """Put the first ``n`` answers of a year (those that hold ``only``) under what they say."""
    found, codes = asked(store), listed(store) if not asked(store).codes else {c.name: c.id for c in asked(store).codes}
    meant = {"停车位太少": "停车", "垃圾没人清": "垃圾", "很好": "满意"}
    with store.write(aside=True) as conn:
        for answer in [a for a in found.of(year) if only in a.text][:n]:
            words.give(
                conn, "王芳", answer.response_id, place(store), [codes[meant[answer.text]]], in_turn=in_turn, name="F4"
            )
