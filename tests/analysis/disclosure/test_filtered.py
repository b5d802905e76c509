"""Filtered tables: one value is a cell as any other, several together need enough beside them and are never published."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.disclosure.audit import Audit
from analysis.disclosure.filtered import filtered
from analysis.sample.filters import make_filters
from analysis.sample.grouping import make_grouping
from analysis.sample.pooled_sample import pool
from survey.form.model import Choice, Question
from tests.tools.towns.survey_toys import block, form, item

SEX = Question("sex", "select_one", choices=(Choice("f", {}), Choice("m", {})), role="sex")
FORM = form(item("q1", "a"), SEX)
BY = ("community", "year")


def notes(word, **design):
    n = len(next(iter(design.values())))
    sample = pool([(FORM, block(FORM, {"q1": [str(k % 5 + 1) for k in range(n)]}, **design))])
    audit, grouping = Audit(sample), make_grouping(sample, BY)
    asked = filtered(audit, grouping, make_filters(sample, [word]))
    return asked.shown(np.ones(n, dtype=bool)).note.tolist(), audit.by("community_code", "year", word.split("=")[0])


@pytest.mark.parametrize(("women", "men"), [(30, 30), (30, 3), (3, 30), (7, 40)])
def test_one_value_shows_what_its_group_shows_in_the_table_split_by_it(women, men):
    """Else a filter would say what the table holds back."""
    sex = ["f"] * women + ["m"] * men
    found, table = notes("sex=f", sex=sex)
    whole = table.shown(np.ones(len(sex), dtype=bool)).note
    assert found == [whole[list(table.groups.keys["sex"]).index("f")]]


@pytest.mark.parametrize(
    ("rest", "words"),
    [(20, "not_for_publication"), (6, "complement;not_for_publication"), (0, "not_for_publication")],
)
def test_several_values_together_need_enough_beside_them(rest, words):
    mode = ["phone"] * 15 + ["web"] * 15 + ["paper"] * rest
    assert notes("mode=phone,web", mode=mode)[0] == [words]


def test_a_filter_on_a_column_of_the_table_changes_nothing_of_what_it_shows():
    assert notes("year=2014", year=[2014] * 20 + [2013] * 20)[0] == [""]
