"""How answers are kept: one small integer a question, with a word for every way of not answering.

A response's answers are packed in form order as int16.  A value ≥ 0 is an answer: the index of the
choice (``select_one``), the step of the range (``range``, bounded ``integer``), or 0 as a mark that the
value stands in a table of its own (unbounded numbers, text, dates, multiple choice).  A value < 0 says
why there is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

BLANK = -1
SKIPPED = -2
DONT_KNOW = -3
REFUSED = -4
NOT_APPLICABLE = -5
INVALID = -6

STATES: Mapping[str, int] = {
    "blank": BLANK,
    "skipped": SKIPPED,
    "dont_know": DONT_KNOW,
    "refused": REFUSED,
    "not_applicable": NOT_APPLICABLE,
    "invalid": INVALID,
}
STATE_NAMES: Mapping[int, str] = {code: name for name, code in STATES.items()}
#: given by the respondent as an answer that is no opinion; counts as answered for completeness
GIVEN_MISSING = ("dont_know", "refused", "not_applicable")

Codes = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: the design columns of a response, in the order they are stored
DESIGN_COLUMNS = (
    "year",
    "community_id",
    "mode",
    "respondent",
    "household",
    "interviewer",
    "weight",
    "psu",
    "ssu",
    "stratum",
    "fpc",
    "fpc2",
    "sex",
    "age",
    "age_band",
    "started",
    "ended",
    "submitted",
    "duration",
    "disposition",
    "sheet",
    "row",
    "answers_hash",
)


#: rows that are turned at once: their bytes stay in the processor's cache
_TURNED = 4096


def by_columns(rows: npt.NDArray[np.integer]) -> Codes:
    """(n, q) answers by response as the same array with each question in one piece of memory: it is read by questions."""
    turned = np.empty(rows.shape[::-1], dtype=np.int16)
    for first in range(0, len(rows), _TURNED):
        turned[:, first : first + _TURNED] = rows[first : first + _TURNED].T
    return turned.T


@dataclass(frozen=True)
class ResponseBlock:
    """Responses of one questionnaire version, columnar.

    ``design``   n rows: ``DESIGN_COLUMNS``; a block read from the store also has ``response_id, batch_id,
                 sample_type, community_code, community, sub_district``.  Text columns hold str or a missing
                 value (NaN in pandas' text type, as the store gives them: ask ``isna``, not ``is None``),
                 numbers float with NaN, ``year`` int, ``community_id`` nullable Int64.
    ``codes``    (n, q) int16, one column a question in form order (``Questionnaire.questions``); from the store each in
                 one piece of memory.
    ``numbers``  question name → (n,) float, NaN where there is no number.
    ``texts``    question name → (n,) list of str or None (text and ISO dates).
    ``multiple`` question name → (n,) list of tuples of choice indices, or None where not answered.
    ``replicates`` (n, R) replicate weights in the order of ``Questionnaire.replicates``; None where the
                 questionnaire has none or they were not asked for.
    """

    design: pd.DataFrame
    codes: Codes
    numbers: Mapping[str, Floats] = field(default_factory=dict)
    texts: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    multiple: Mapping[str, Sequence[tuple[int, ...] | None]] = field(default_factory=dict)
    replicates: Floats | None = None

    def __len__(self) -> int:
        return len(self.design)

    def take(self, places: Ints) -> ResponseBlock:
        """The responses at these places, in their order."""
        return ResponseBlock(
            self.design.iloc[places].reset_index(drop=True),
            self.codes[places],
            {name: values[places] for name, values in self.numbers.items()},
            {name: [values[k] for k in places] for name, values in self.texts.items()},
            {name: [values[k] for k in places] for name, values in self.multiple.items()},
            None if self.replicates is None else self.replicates[places],
        )
