"""How many are alone with what is known of them: counted by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.exports.recognisable import recognisable
from analysis.sample.pooled_sample import pool
from tests.tools.towns.survey_toys import block, form, item


def test_who_is_alone() -> None:
    """C1: two women of one band, one man of it; C2: one woman.  The man and the woman of C2 are alone with sex and band;
    rows 1 and 2 share their answers; row 4 belongs to a stratum only and is nobody."""
    sample = pool(
        [
            (
                form(item("q1", "a")),
                block(
                    form(item("q1", "a")),
                    {"q1": ["1", "1", "2", "1", "1"]},
                    sex=["f", "f", "m", "f", "f"],
                    age_band=["30-44"] * 5,
                ),
            )
        ]
    )
    rows = pd.DataFrame(
        {
            "community": ["C1", "C1", "C1", "C2", None],
            "margin_1": [0, 0, 1, 0, None],
            "item_q1": [100.0, 100.0, 80.0, 100.0, None],
        }
    )
    found = recognisable(sample, np.arange(5), rows, ["margin_1"])
    assert (found.rows, found.people, found.classes, found.answers) == (4, 2, 2, 2)
    assert recognisable(sample, np.arange(5), rows, []).classes == 1  # the only row of C2
    assert all(str(n) in found.told("zh") for n in (4, 2))
    assert "named receiver" in found.told("en")
