"""What the import of answers tells besides its findings."""

from __future__ import annotations

import pytest

from survey.coding.options import ImportOptions
from survey.commands.imports import _mode_assumed
from survey.intake.answers import inspect
from survey.store.intake import questionnaires
from survey.store.year import register
from tests.tools.forms import form


@pytest.mark.parametrize(
    ("header", "word", "assumed"), [("调查方式", "纸质", False), ("备注", "好", True), ("调查方式", "电话", False)]
)
def test_that_no_mode_was_said_is_told_where_none_was(sqlite_store, header, word, assumed):
    """Of a questionnaire that does not ask for the mode a column of the sheet may tell it."""
    with sqlite_store.write() as conn:
        register.save(conn, [register.Community("C1", "甲社区", ("甲",))])
        questionnaires.add(conn, "q", form())
    rows = "".join(f"{i},甲,2014,{1 + i % 5},{1 + i % 4},{word}\n" for i in range(1, 6))
    data = f"编号,社区,年度,办事方便,环境卫生,{header}\n{rows}".encode()
    assert _mode_assumed(inspect(sqlite_store, "表.csv", data, ImportOptions("q"))) is assumed
