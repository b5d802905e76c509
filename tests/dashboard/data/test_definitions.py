"""A definition on its way into the store says how much of it is otherwise, counted as everywhere else."""

from __future__ import annotations

from dataclasses import replace

from analysis.publication.new_store import initialise
from dashboard.data import definitions
from survey.form.default import default_questionnaire
from survey.form.difference import differences


def test_what_is_otherwise_is_counted_as_the_list_of_versions_counts_it(sqlite_store):
    initialise(sqlite_store)
    form = default_questionnaire()
    item = form.scored[0]
    other = replace(item, labels={**item.labels, "zh": "另一种说法"}, weight=2.0)
    changed = replace(form, title="另一个名称", rows=tuple(other if row is item else row for row in form.rows))
    found = definitions.of_form(sqlite_store, changed, "f.xlsx", b"", "default")
    assert (found.same, found.version, found.changed) == (False, 2, 3)  # the title, one wording, one weight
    assert found.changed == len(differences(form, changed))
    assert "3 处不同" in found.word("zh")


def test_the_same_again_is_no_new_version(sqlite_store):
    initialise(sqlite_store)
    found = definitions.of_form(sqlite_store, default_questionnaire(), "f.xlsx", b"", "default")
    assert (found.same, found.version, found.changed) == (True, 1, 0)


def test_dimensions_are_those_of_the_default_scheme_where_there_is_no_other(sqlite_store):
    assert list(definitions.dimensions(sqlite_store)) == ["autonomy", "ecology", "service", "culture", "harmony"]
