"""The result tables of the commands (docs/results.md), from snapshots or straight from the responses."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.scoring.results import FRAMES, Results
from analysis.statistics.notes import note_text


def scores_for(computed: Sequence[Results], lang: str) -> pd.DataFrame:
    """The ``score`` table of one or several years, notes worded in the reader's language."""
    frames = []
    for results in computed:
        frame = results.scores.copy()
        frame["note_text"] = [note_text(note, lang) if note else None for note in frame["note"]]
        frames.append(frame)
    columns = list(dict.fromkeys(c for f in frames for c in f.columns))
    table = pd.concat([f.dropna(axis=1, how="all") for f in frames], ignore_index=True).reindex(columns=columns)
    typed: pd.DataFrame = FRAMES["scores"].typed(table, words=True)
    return typed
