"""A sample of six women and fourteen men, and a register that knows as many of either."""

from __future__ import annotations

from typing import Any

import pandas as pd

from survey.form.model import Choice, Question
from tests.tools.towns.survey_toys import form, item

SEX = Question("sex", "select_one", role="sex", choices=(Choice("m", {"zh": "男"}), Choice("f", {"zh": "女"})))
FORM = form(item("q1", "a"), item("q2", "a", weight=3), item("q3", "b"), item("q4", "b"), SEX)


def people(*rows: tuple[Any, ...], code: str = "C1", year: int = 2014) -> pd.DataFrame:
    """Rows (sex, age_band, population) of one community and year."""
    return pd.DataFrame(
        [(code, year, *row) for row in rows], columns=["community", "year", "sex", "age_band", "population"]
    )


#: 6 women who are very satisfied with everything and 14 men who are neither: 120 and 72 points
ANSWERS = {q: ["1"] * 6 + ["3"] * 14 for q in ("q1", "q2", "q3", "q4")}
SEXES = ["f"] * 6 + ["m"] * 14
HALF = people(("女", "", 500), ("男", "", 500))
