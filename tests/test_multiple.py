"""Options spread over columns come together again."""

from __future__ import annotations

from forms import SATISFACTION, sheet

from survey.answers import BLANK, INVALID
from survey.checking import Column
from survey.form.model import Question
from survey.multiple import code_options

MANY = Question("M", "select_multiple", choices=SATISFACTION[:2])


def test_ones_zeros_words_and_blanks():
    rows = [[1, 0], ["是", "否"], ["√", None], [None, None], [0, 0], ["很满意", 2], ["?", 1]]
    data = sheet(["M/1", "M/2"], *rows)
    options = [(str(i + 1), Column(data, f"M/{i + 1}", i, 1, [r[i] for r in rows])) for i in range(2)]
    coded = code_options(MANY, options, frozenset())
    assert coded.multiple == [(0,), (0,), (0,), None, (), (0, 1), None]
    assert coded.codes.tolist() == [0, 0, 0, BLANK, 0, 0, INVALID]
    (finding,) = coded.findings
    assert (finding.code, finding.cell) == ("checking.not_yes_no", "A8")
