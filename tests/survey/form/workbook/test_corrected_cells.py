"""A workbook's cells as they were corrected before it is taken in."""

from __future__ import annotations

import pytest

from survey.files.readers.sheet import Sheet
from survey.form.workbook.corrected_cells import CorrectedCell, corrected


@pytest.mark.parametrize(
    ("stood", "found", "value", "then"),
    [
        ("select_one agegroup", "agegroup", "age_band", "select_one age_band"),
        ("select_one agegroup", "agegroup", "select_one age_band", "select_one age_band"),
        ("A3", "A3", "A3_2", "A3_2"),
        ("环境 卫生", "环境 卫生", "ecology", "ecology"),
        ("环境", "环境", "", None),
        (99.0, "99", "dont_know", "dont_know"),
        (None, "", "ecology", "ecology"),
    ],
)
def test_one_word_of_a_cell_or_all_of_it_is_another(stood, found, value, then):
    sheet = Sheet("a.xlsx", "survey", [["type"], [stood]], top=1, errors={(2, 0): "#N/A"})
    (one,) = corrected([sheet], [CorrectedCell("survey", "A3", found, value)])
    assert (one.rows, one.errors) == ([["type"], [then]], {})
    assert sheet.rows[1] == [stood]


def test_a_cell_of_another_sheet_or_beyond_the_sheet_changes_nothing():
    sheet = Sheet("a.xlsx", "survey", [["type"], ["text"]])
    (one,) = corrected(
        [sheet], [CorrectedCell("choices", "A2", "text", "note"), CorrectedCell("survey", "A9", "", "x")]
    )
    assert [list(row) for row in one.rows] == [["type"], ["text"]]
