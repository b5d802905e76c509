"""What is left without an interviewer or a batch, in words and as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.notes import note_text
from survey.errors import Refused
from survey.lang import say

Row = Mapping[str, Any]
TABLE = ("kind", "key", "label", "community_code", "community", "removed", "n_before", "n", "subjective_before",
         "subjective", "difference", "se_before", "se", "df", "total_before", "total", "star_before", "star",
         "star_changes", "note")  # fmt: skip
SHOWN = ["kind", "key", "community", "removed", "n", "subjective_before", "subjective", "difference", "se", "total", "star_before",
         "star"]  # fmt: skip


def star_changes(row: Row) -> bool | None:
    """Whether the calculated star is another one; None where one of the two is not known."""
    if row["star"] is None or row["star_before"] is None:
        return None
    return bool(row["star"] != row["star_before"])


def chosen(rows: Sequence[Row], kind: str, key: str) -> list[Row]:
    """The rows of one interviewer or batch; Refused, naming those there are, for an unknown one."""
    found = [row for row in rows if row["kind"] == kind and row["key"] == key]
    if not found:
        known = list(dict.fromkeys(str(row["key"]) for row in rows if row["kind"] == kind))
        listed = "、".join(known[:20]) + ("…" if len(known) > 20 else "")
        raise Refused(f"without.unknown_{kind}", key=key, known=listed or "—")
    return found


def without_table(rows: Sequence[Row], lang: str) -> pd.DataFrame:
    """``TABLE``, ``note`` in words."""
    worded = [{**row, "star_changes": star_changes(row), "note": note_text(row["note"], lang)} for row in rows]
    frame = pd.DataFrame(worded, columns=list(TABLE))
    words = {"kind", "key", "label", "community_code", "community", "note"}
    types = {c: "string" if c in words else "Float64" for c in TABLE}
    whole = dict.fromkeys(("removed", "n_before", "n", "star_before", "star"), "Int64")
    return frame.astype({**types, **whole, "star_changes": "boolean"})


def sentence(row: Row, lang: str) -> str:
    """``去掉访员 F02 后,柳营社区 231.4 → 229.8,星级不变`` for one community."""
    what = say(lang, f"without.{row['kind']}", key=row["key"])
    if row["note"]:
        return say(lang, "without.hidden", what=what, community=row["community"])
    if row["subjective"] is None or row["subjective_before"] is None:
        return say(lang, "without.nothing_left", what=what, community=row["community"])
    changes = star_changes(row)
    if changes is None:
        word = say(lang, "without.no_star")
    elif changes:
        word = say(lang, "without.star_changes", before=_star(row["star_before"], lang), after=_star(row["star"], lang))
    else:
        word = say(lang, "without.star_stays")
    return say(lang, "without.sentence", what=what, community=row["community"], before=f"{row['subjective_before']:.1f}",
               after=f"{row['subjective']:.1f}", word=word)  # fmt: skip


def _star(star: float, lang: str) -> str:
    return say(lang, f"without.star_{int(star)}" if int(star) in range(6) else "without.star_0")


def telling(rows: Sequence[Row], most: int = 10) -> list[Row]:
    """The rows that matter most: another star first, those without a star last, by the difference of the score."""
    known = [row for row in rows if row["difference"] is not None]
    return sorted(known, key=lambda r: (star_changes(r) is None, not star_changes(r), -abs(r["difference"])))[:most]
