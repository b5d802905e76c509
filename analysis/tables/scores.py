"""The result tables of the commands (docs/results.md), from snapshots or straight from the responses."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.scoring.results import WORDS, Results
from analysis.statistics.notes import note_text

#: columns of ``score`` that hold whole numbers
WHOLE = (
    "year",
    "n",
    "n_received",
    "n_partial",
    "n_excluded",
    "star",
    "rank",
    "rank_low",
    "rank_high",
    "rank_sim_low",
    "rank_sim_high",
    "tier",
    "differs_next",
    "star_awarded",
    "applied_star",
    "title_before",
    "title_before_year",
)


def scores_for(computed: Sequence[Results], lang: str) -> pd.DataFrame:
    """The ``score`` table of one or several years, notes worded in the reader's language."""
    frames = []
    for results in computed:
        frame = results.scores.copy()
        frame["note_text"] = [note_text(note, lang) if note else None for note in frame["note"]]
        frames.append(frame)
    columns = list(dict.fromkeys(c for f in frames for c in f.columns))
    table = pd.concat([f.dropna(axis=1, how="all") for f in frames], ignore_index=True).reindex(columns=columns)
    types = dict.fromkeys(WHOLE, "Int64") | dict.fromkeys(WORDS - {"provisional"}, "string")
    return table.astype({c: t for c, t in types.items() if c in table})
