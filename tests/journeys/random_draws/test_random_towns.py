"""Random towns from their file to every page: a stated result or one sentence, never a traceback or what is no number."""

from __future__ import annotations

import random
import re
from contextlib import closing
from pathlib import Path

import pytest

from dashboard.data.results import StoreSource
from dashboard.data.uploads import Uploads
from dashboard.router import render
from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from survey.form.default import default_questionnaire
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.year import register
from tests.tools import soak, templates
from tests.tools.dashboard_tools import ADMIN, words

ITEMS = [q.name for q in default_questionnaire().scored]
PATHS = (
    "/",
    "/community/C1",
    "/compare",
    "/method",
    "/quality",
    "/robustness",
    "/drivers",
    "/estimates",
    "/awards",
    "/tasks",
)
NO_NUMBER = re.compile(r"\bnan\b|NaN|\bNone\b(?! of\b)|\binf\b|\{[a-z_]+\}")


def answers(chance: random.Random, places: int) -> bytes:
    """A file of one or two years; how many answer, how much is missing or wrong, and how happy they are is drawn."""
    rows = [["respondent", "community", "year", *ITEMS, "sex", "age", "interviewer", "F1"]]
    missing, wrong = chance.choice([0, 0, 0.1, 0.6]), chance.choice([0, 0, 0.02])
    for year in (2013, 2014)[chance.randint(0, 1) :]:
        for place in range(1, places + 1):
            best = chance.choice(["1", "12", "123", "12345", "5"])
            for i in range(chance.choice([0, 1, 4, 9, 30, 60])):
                levels = [
                    "" if chance.random() < missing else "满" if chance.random() < wrong else chance.choice(best)
                    for _ in ITEMS
                ]
                more = [chance.choice(["男", "女", ""]), chance.choice(["20", "40", "70", ""]), f"访{i % 3}"]
                rows.append([f"{year}-{place}-{i}", f"C{place}", str(year), *levels, *more, str(chance.randint(0, 10))])
    return "\n".join(",".join(row) for row in rows).encode()


def town(store: Store, chance: random.Random) -> bool:
    """Fill the store; whether anything was stored."""
    places = chance.randint(1, 6)
    street = [
        register.Community(
            f"C{i}", f"第{i}社区", sub_district="示例街道", adult_population=chance.choice([None, 90, 5000])
        )
        for i in range(1, places + 1)
    ]
    with store.write() as conn:
        register.save(conn, street)
    try:
        found = inspect(store, "random.csv", answers(chance, places), ImportOptions("default"))
        return commit(store, found, accept_partial=True).stored > 0
    except Refused as refused:
        said = [refused.word(lang) for lang in LANGUAGES]
    assert all(said)
    return False


def shown(folder: Path, seed: int) -> bool:
    """Make the town of this seed and look at its pages; whether it has any response."""
    with closing(templates.initialised(templates.empty_store(folder / f"{seed}.db"))) as store:
        stored = town(store, random.Random(seed))
        source, uploads = StoreSource(store), Uploads(folder)
        for path in PATHS:
            for lang in LANGUAGES:
                page = render(ADMIN, source, store, uploads, path, f"?lang={lang}&year=2014", {})
                assert (seed, path, lang, NO_NUMBER.findall(words(page.children))) == (seed, path, lang, [])
    return stored


@pytest.mark.soak
def test_no_page_of_a_random_town_shows_what_is_no_number(tmp_path):
    """A hundred towns for each of SOAK_TIMES."""
    stored = [shown(tmp_path, soak.SEED + number) for number in range(soak.rounds(100))]
    assert sum(stored) > len(stored) / 2


def test_no_page_of_one_random_town_shows_what_is_no_number(tmp_path):
    assert shown(tmp_path, soak.SEED)
