"""Note codes: why a number is missing, or what it should be read with.

Codes are stable and joined by ``;``; one may carry a parameter after a colon (``item_unanswered:A1,A2``).
They are stored with the results and worded when shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from survey.core.lang import known, language, say

Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.object_]

SEPARATOR = ";"
_BETWEEN = {"zh": ("；", "、"), "en": ("; ", ", ")}


def join_notes(
    size: int, *flagged: tuple[Mask, str | Sequence[str] | Codes], start: Iterable[str] | None = None
) -> Codes:
    """(size,) codes joined by ``;``: of each pair (mask, code or codes by row) the code where the mask holds."""
    notes = np.full(size, "", dtype=object)
    if start is not None:
        notes[:] = [value if isinstance(value, str) else "" for value in start]
    for mask, code in flagged:
        for i in np.flatnonzero(mask).tolist():
            one = code if isinstance(code, str) else code[i]
            if one not in notes[i].split(SEPARATOR):
                notes[i] = f"{notes[i]}{SEPARATOR}{one}" if notes[i] else one
    return notes


def note_text(note: str | None, lang: str) -> str:
    """The note in the reader's language; an unknown code (of a newer version) is shown as it is."""
    between, listing = _BETWEEN[language(lang)]
    words = []
    for code in filter(None, (note or "").split(SEPARATOR)):
        name, _, parameter = code.partition(":")
        key = f"notes.{name}"
        words.append(say(lang, key, parameter=parameter.replace(",", listing)) if known(key) else code)
    return between.join(words)


#: the note of every result of a year whose scheme was changed when answers were coming in
NOTE = "scheme_changed_after_fieldwork"
#: the note of a closed year's results of a community of which responses were removed for good since; with their number
REMOVED = "responses_removed"
#: the note of a published community for which data came in that its published version does not count
LATE = "late_data"
#: the note of results in whose strata populations (fpc, fpc2) contradict each other or the sample; with the batches
CONTRADICTS = "fpc_contradicts"
