"""Tables outside of the family: shown where nothing small stands beside them, and never for publication."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure.audit import Audit
from analysis.sample.pooled_sample import pool
from analysis.tables.estimates import estimate_table
from tests.tools.towns.survey_toys import block, form, item, scheme

FORM = form(item("q1", "a"))


def shown(columns: list[str], **design: list[Any]) -> dict[tuple[Any, ...], str]:
    """The note of each group of a table, ``-`` where it shows all."""
    n = len(next(iter(design.values())))
    sample = pool([(FORM, block(FORM, {"q1": [str(k % 5 + 1) for k in range(n)]}, **design))])
    table = Audit(sample).by(*columns)
    found = table.shown(np.ones(n, dtype=bool))
    keys = table.groups.keys.itertuples(index=False, name=None)
    return {key: note or "-" for key, note in zip(keys, found.note, strict=True)}


def split(*counts: tuple[int, Any]) -> list[Any]:
    return [value for n, value in counts for _ in range(n)]


DEEP = ["year", "community_code", "sex", "age_band", "mode"]


def test_a_deeper_table_says_that_it_is_not_for_publication() -> None:
    eight = [(s, a, m) for s in "fm" for a in "yo" for m in ("paper", "phone")]
    rows = [c for c in eight for _ in range(12)]
    found = shown(DEEP, sex=[r[0] for r in rows], age_band=[r[1] for r in rows], mode=[r[2] for r in rows])
    assert len(found) == 8
    assert set(found.values()) == {"not_for_publication"}


def test_one_small_group_of_a_deeper_table_takes_its_lines_along() -> None:
    eight = [(s, a, m) for s in "fm" for a in "yo" for m in ("paper", "phone")]
    rows = [c for c in eight for _ in range(3 if c == ("f", "y", "phone") else 20)]
    found = shown(DEEP, sex=[r[0] for r in rows], age_band=[r[1] for r in rows], mode=[r[2] for r in rows])
    hidden = {key[2:] for key, note in found.items() if note != "not_for_publication"}
    lines = {("f", "y", "paper"), ("f", "o", "phone"), ("m", "y", "phone")}
    assert {("f", "y", "phone"), *lines} <= hidden


@pytest.mark.parametrize(("few", "words"), [(12, "not_for_publication"), (6, "complement;not_for_publication")])
def test_a_question_beside_a_variable_is_another_table(few: int, words: str) -> None:
    """Six of a line take it and what they cross along; the question alone is a table of the family."""
    columns = {"sex": split((30, "f"), (30, "m"), (30, "f"), (few, "m")), "own": split((60, "yes"), (30 + few, "no"))}
    alone = shown(["year", "community_code", "own"], **columns)
    assert set(alone.values()) == {"-"}
    both = shown(["year", "community_code", "sex", "own"], **columns)
    assert both[(2014, "C1", "m", "yes")] == words
    assert all("not_for_publication" in note for note in both.values())


@pytest.mark.parametrize(("few", "words"), [(1, "complement;not_for_publication"), (12, "not_for_publication")])
def test_several_years_leave_nothing_of_one(few: int, words: str) -> None:
    """Women of three years together, less those of two of them, would be the few of the third."""
    years = split((30, 2012), (30, 2013), (few, 2014), (30, 2012), (30, 2013), (30, 2014))
    sex = ["f"] * (60 + few) + ["m"] * 90
    found = shown(["community_code", "sex"], year=years, sex=sex)
    assert found[("C1", "f")] == words


def test_one_year_need_not_be_named() -> None:
    found = shown(["community_code", "sex"], sex=["f"] * 30 + ["m"] * 30)
    assert set(found.values()) == {"-"}


def test_a_street_less_its_communities_is_not_shown() -> None:
    """Three responses of a community are what the street has more than the others."""
    code = split((40, "C1"), (40, "C2"), (3, "C3"))
    assert shown(["year", "sub_district"], community_code=code) == {(2014, "示例街道"): "complement"}
    code = split((40, "C1"), (40, "C2"), (3, "C3"), (4, "C4"))
    assert shown(["year", "sub_district"], community_code=code)[(2014, "示例街道")] == "complement_totals"


def test_who_leaves_sex_blank_is_not_the_rest() -> None:
    """Everybody less women less men is the one who left it blank: the smaller of the two goes."""
    sex = ["f"] * 30 + ["m"] * 20 + [None]
    assert shown(["year", "community_code", "sex"], sex=sex) == {
        (2014, "C1", "f"): "-",
        (2014, "C1", "m"): "complement",
    }


def test_another_weighting_is_not_for_publication() -> None:
    """The scheme does not weight: weighted means are two sums over the same people beside its own."""
    parts = [(FORM, block(FORM, {"q1": ["1", "3"] * 10}, sex=["f", "m"] * 10))]
    people = pd.DataFrame(
        [("C1", 2014, s, "", 500.0) for s in ("女", "男")],
        columns=["community", "year", "sex", "age_band", "population"],
    )
    given: dict[str, Any] = {"items": ["q1"], "populations": {}, "scheme": scheme(), "population": people}
    usual = estimate_table(parts, **given)
    aside = estimate_table(parts, **given, weighting="poststratify")
    assert not usual["note"].str.contains("not_for_publication").any()
    assert aside["note"].str.contains("not_for_publication").all()
