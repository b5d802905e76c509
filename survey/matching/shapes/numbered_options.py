"""Columns numbered after the choices of a question of several, a tick in each that was chosen: 最需要的服务1, 服务_2, M(3)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from survey.answers.multiple_choice import only_ticks, stem_of_place
from survey.answers.values import is_blank
from survey.files.layouts.layout import spellings
from survey.files.own_workbooks import header_key
from survey.files.readers.distinct_values import Cells
from survey.form.model import Question, Questionnaire
from survey.matching.matched_sheet import ColumnMatch

_NUMBER = re.compile(r"(\d{1,2})\D*$")


def numbered_options(
    columns: Sequence[ColumnMatch],
    form: Questionnaire,
    held: Collection[str],
    cells: Mapping[int, Cells],
    blank: frozenset[str],
) -> dict[int, tuple[Question, str]]:
    """Column → question and choice, where a question that no column holds (``held``) has one column a choice, numbered from 1 to
    the last one, and nothing but ticks stands in them."""
    stems: dict[str, list[ColumnMatch]] = {}
    for column in columns:
        stem = next((s for t in spellings(column.header) if (s := stem_of_place(t))), "")
        if stem and column.index in cells:
            stems.setdefault(stem, []).append(column)
    found: dict[int, tuple[Question, str]] = {}
    for question in form.questions:
        said = {header_key(t) for t in (question.name, *question.labels.values(), *question.aliases) if t}
        mine = next((stems[stem] for stem in stems if stem in said), [])
        if question.type != "select_multiple" or question.name in held or len(mine) != len(question.choices):
            continue
        numbers = [int(m[1]) for c in mine if (m := _NUMBER.search(header_key(c.header)))]
        values = [v for c in mine for v in cells[c.index].values if not is_blank(v, blank)]
        if sorted(numbers) == list(range(1, len(mine) + 1)) and values and only_ticks(values):
            found |= {c.index: (question, question.choices[n - 1].name) for c, n in zip(mine, numbers, strict=True)}
    return found
