"""Answers in memory: by questions, whatever order they came in."""

from __future__ import annotations

import numpy as np
import pytest

from survey.form.answer_codes import by_columns


@pytest.mark.parametrize("n", [0, 1, 4095, 4096, 4097, 10_000])
def test_answers_by_question_are_the_same_answers(n: int) -> None:
    rows = np.arange(n * 3, dtype="<i2").reshape(n, 3)
    turned = by_columns(rows)
    assert np.array_equal(turned, rows)
    assert turned.dtype == np.int16
    assert turned.flags.f_contiguous
