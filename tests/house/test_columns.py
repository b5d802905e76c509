"""Every declared column of a table has a text in both languages, one kind within its tables, and a line in the docs."""

from __future__ import annotations

import importlib
import re
from collections import defaultdict
from pathlib import Path

import pytest

from analysis.quality.measure import measures
from analysis.scoring.results import FRAMES
from survey.core.columns import COUNTED, Columns, Kind
from survey.core.lang import LANGUAGES, catalogue

ROOT = Path(__file__).resolve().parents[2]
#: lists in what is kept and words in what is written; a factor of weights and one of the other ways to compute; a part
#: of 1 and a payer's part of an award in yuan; responses and yuan that are still missing; points that several offices
#: answer for, and whether two years share PSUs; an outcome rate and what was typed for an indicator
OTHERWISE = {"categories", "modes", "factor", "share", "shared", "short", "value"}
WORDS = (Kind.text, Kind.code, Kind.date)


def declared() -> dict[str, Columns]:
    """Module and name → every declaration of the program, and measure and table of the measures."""
    found: dict[str, Columns] = {}
    for package in ("analysis", "survey", "dashboard"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if re.search(r"^from survey.core.columns import .*\bcolumns$", path.read_text("utf-8"), flags=re.M):
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                values = vars(importlib.import_module(name)).items()
                found |= {f"{name}.{key}": value for key, value in values if isinstance(value, Columns)}
    return found | {f"{m.name}:{table.name}": table.columns for m in measures() for table in m.tables}


DECLARED = declared()


def test_the_declarations_are_found():
    assert len(DECLARED) > 20
    assert {"analysis.scoring.results.SCORE_COLUMNS", "drivers:drivers"} <= DECLARED.keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_column_has_a_text(lang):
    texts = catalogue(lang)
    without = {c.key for table in DECLARED.values() for c in table if not texts.get(c.key)}
    assert without == set()


@pytest.mark.parametrize("table", sorted(DECLARED))
def test_a_table_names_a_column_once(table):
    names = [c.name for c in DECLARED[table]]
    assert len(names) == len(set(names))


def test_a_name_holds_the_same_in_every_table():
    """Numbers stay numbers, counts stay counts: who reads one table can read the other."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for table in DECLARED.values():
        for column in table:
            kinds[column.name].add("words" if column.kind in WORDS else column.kind)
    several = {name for name, found in kinds.items() if len(found) > 1}
    assert several == OTHERWISE


def test_the_frames_of_a_year_agree_on_what_is_computed():
    kinds: dict[str, set[bool]] = defaultdict(set)
    for table in FRAMES.values():
        for column in table:
            kinds[column.name].add(column.kind in COUNTED)
    assert [name for name, found in kinds.items() if len(found) > 1] == []
