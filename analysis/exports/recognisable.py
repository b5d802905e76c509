"""How easily single responses are recognised by somebody who knows the person: said wherever they leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.sample.pooled_sample import Pool
from analysis.statistics.design import Bools, Ints
from survey.core.lang import say


@dataclass(frozen=True)
class Recognisable:
    """Of ``rows`` responses: ``people`` are alone in their community with their sex and age band, ``classes`` are alone
    there with what the file says of them beside their answers, ``answers`` gave answers that nobody else there gave."""

    rows: int
    people: int
    classes: int
    answers: int

    def told(self, lang: str) -> str:
        """In one sentence."""
        return say(
            lang, "verification.risk", rows=self.rows, people=self.people, classes=self.classes, answers=self.answers
        )


def recognisable(sample: Pool, places: Ints, rows: pd.DataFrame, beside: Sequence[str]) -> Recognisable:
    """The counts of single responses with a community (``rows``, at ``places`` of the sample).

    ``beside`` are the columns of ``rows`` that hold something of the person; those that begin with ``item_`` hold answers.
    """
    own = rows["community"].notna().to_numpy()
    mine = rows[own].reset_index(drop=True)
    known = mine[["community"]].assign(**{n: sample.factor(n)[0][places][own] for n in ("sex", "age_band")})
    items = [str(column) for column in rows if str(column).startswith("item_")]
    return Recognisable(
        len(mine),
        int(_alone(known).sum()),
        int(_alone(mine[["community", *beside]]).sum()),
        int(_alone(mine[["community", *items]]).sum()),
    )


def _alone(frame: pd.DataFrame) -> Bools:
    """(n,) rows that no other is equal to."""
    return np.asarray(~frame.duplicated(keep=False))
