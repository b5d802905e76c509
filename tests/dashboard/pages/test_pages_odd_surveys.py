"""Odd surveys on every page: one respondent, all alike, an item nobody answered, weights that sum to nothing …

Each is a stated result or one sentence; no page shows NaN, None or a placeholder, in either language.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace

import pytest

from analysis.publication import snapshots
from dashboard.data.results import StoreSource
from dashboard.data.uploads import Uploads
from dashboard.router import render
from survey.coding.options import ImportOptions
from survey.decisions.carried_out import Decision
from survey.form.default import default_questionnaire
from survey.form.model import Question
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.year import register
from tests.tools import templates
from tests.tools.dashboard_tools import ADMIN, plain, words
from tests.tools.templates import initialised

PATHS = (
    "/",
    "/community/C1",
    "/compare",
    "/method",
    "/quality",
    "/robustness",
    "/drivers",
    "/drivers/C1",
    "/estimates",
    "/awards",
    "/cycle",
    "/import",
    "/scheme",
    "/tasks",
    "/indicators",
)
#: pages that make sentences of numbers: looked at in both languages
WORDY = ("/", "/quality", "/community/C1")
ITEMS = [q.name for q in default_questionnaire().scored]
WEIGHTS = {"zero_weights": "0", "weights": None}
ODD = (
    "one_respondent",
    "seven",
    "all_alike",
    "item_nobody_answered",
    "nobody_has_an_opinion",
    "one_psu",
    "one_community",
    *WEIGHTS,
)
#: the furthest from a usual survey; the others are looked at in ``make soak``
SOME = ("one_respondent", "nobody_has_an_opinion", "one_psu", "zero_weights")


def cells(kind: str, place: int, i: int, chance: random.Random) -> list[str]:
    answers = [chance.choice("12345") for _ in ITEMS]
    if kind == "all_alike":
        answers = ["1"] * len(ITEMS)
    if kind == "item_nobody_answered":
        answers[3] = ""
    if kind == "nobody_has_an_opinion":
        answers = ["8"] * len(ITEMS)
    row = [
        f"{place}-{i}",
        f"C{place}",
        "2014",
        *answers,
        chance.choice(["男", "女", ""]),
        chance.choice(["20", "40", "70", ""]),
        f"访{i % 3}",
        str(chance.randint(0, 10)),
    ]
    if kind == "one_psu":
        row.append("甲" if place == 1 else f"p{i % 5}")
    if kind in WEIGHTS:
        row.append(WEIGHTS[kind] or chance.choice(["0.5", "1", "3"]))
    return row


@templates.once
def survey(store: Store, kind: str) -> None:
    initialised(store)
    form = default_questionnaire()
    extra = [Question("p", "text", {"zh": "抽样单元", "en": "psu"}, role="psu")] if kind == "one_psu" else []
    extra += [Question("w", "decimal", {"zh": "权重", "en": "weight"}, role="weight")] if kind in WEIGHTS else []
    n = {"one_respondent": 1, "seven": 7}.get(kind, 60)
    with store.write() as conn:
        register.save(
            conn,
            [
                register.Community(f"C{i}", f"第{i}社区", sub_district="示例街道", adult_population=1000 * i)
                for i in (1, 2, 3)
            ],
        )
        questionnaires.add(conn, "q", replace(form, rows=(*form.rows, *extra)), b"")
    chance = random.Random(2014)
    header = ["respondent", "community", "year", *ITEMS, "sex", "age", "interviewer", "F1", *[q.name for q in extra]]
    places = (1,) if kind == "one_community" else (1, 2, 3)
    rows = [header, *(cells(kind, place, i, chance) for place in places for i in range(n))]
    data = "\n".join(",".join(row) for row in rows).encode()
    confirmed = (Decision("confirm", code="intake.scored_blank"),) if kind == "item_nobody_answered" else ()
    options = ImportOptions("q", year=2014, decisions=confirmed)
    commit(store, inspect(store, "odd.csv", data, options), accept_partial=True)
    snapshots.results(store, 2014)


@pytest.mark.parametrize("kind", [kind if kind in SOME else pytest.param(kind, marks=pytest.mark.soak) for kind in ODD])
def test_no_page_shows_what_is_no_number(kind, tmp_path):
    store = survey(templates.empty_store(tmp_path / "odd.db"), kind)
    source, uploads = StoreSource(store), Uploads(tmp_path)
    for path in PATHS:
        for lang in ("zh", "en") if path in WORDY else ("zh",):
            shown = render(ADMIN, source, store, uploads, path, f"?lang={lang}&year=2014", {})
            tree = plain(shown.children)
            found = re.findall(r"\bnan\b|NaN|\bNone\b(?! of\b)|\binf\b|\{[a-z_]+\}", words(tree))
            assert (path, lang, found) == (path, lang, [])
            assert not re.search(r"NaN|Infinity", json.dumps(tree))


@pytest.mark.parametrize(
    ("kind", "note"),
    [
        ("one_respondent", "suppressed"),
        ("all_alike", "no_variation"),
        ("item_nobody_answered", "item_unanswered:A4"),
        ("zero_weights", "no_weight"),
        ("one_psu", "one_psu"),
        ("seven", "totals_only"),
    ],
)
def test_the_score_says_why(kind, note, tmp_path):
    store = survey(templates.empty_store(tmp_path / "odd.db"), kind)
    first = snapshots.results(store, 2014).scores["note"].iloc[0]
    assert note in first.split(";")
