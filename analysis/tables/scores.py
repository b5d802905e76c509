"""The result tables of the commands (docs/results.md), from snapshots or straight from the responses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.scheme import Scheme
from analysis.scheme.model import Weighting
from analysis.scheme.serial import from_dict
from analysis.scoring.results import WORDS, Results
from analysis.statistics.notes import note_text
from analysis.statistics.replicates import errors_of
from analysis.tables.estimates import estimate_table
from survey.core.errors import Refused
from survey.form.model import REPLICATE_WEIGHT, Questionnaire
from survey.store import Store
from survey.store.intake import questionnaires, responses
from survey.store.year import register, schemes

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


def estimate_for(
    store: Store,
    name: str,
    items: Sequence[str] | None,
    by: Sequence[str],
    weighting: Weighting = "none",
    *,
    rest: bool = False,
) -> pd.DataFrame:
    """The ``estimate`` table of a questionnaire over all its versions and years."""
    with store.read() as conn:
        newest = questionnaires.get(conn, name)
        _check_names(newest.form, items, by)
        versions = [questionnaires.get(conn, name, v) for v in range(1, newest.version + 1)]
        parts = [(v.form, responses.load(conn, v)) for v in versions]
        parts = [(form, block) for form, block in parts if len(block)]
        known = register.communities(conn)
        scheme = _scheme(schemes.listing(conn))
        people = register.population(conn)
    if not parts:
        raise Refused("publishing.no_responses", name=name)
    populations = {c.code: float(c.adult_population) for c in known if c.adult_population}
    return estimate_table(
        parts,
        items=items,
        by=by,
        populations=populations,
        scheme=scheme,
        weighting=weighting,
        population=people,
        rest=rest,
    )


def errors_for(store: Store, name: str) -> list[dict[str, Any]]:
    """How the standard errors of a questionnaire's versions are computed (``replicates.errors_of``)."""
    with store.read() as conn:
        newest = questionnaires.get(conn, name)
        return errors_of(questionnaires.get(conn, name, v).form for v in range(1, newest.version + 1))


def _scheme(stored: Sequence[schemes.StoredScheme]) -> Scheme | None:
    """The newest scheme gives the preset by which levels become 0–100."""
    return from_dict(stored[-1].definition) if stored else None


def _check_names(form: Questionnaire, items: Sequence[str] | None, by: Sequence[str]) -> None:
    known = [q.name for q in form.questions if q.role != REPLICATE_WEIGHT]
    for item in items or ():
        if item not in known:
            raise Refused("publishing.unknown_item", item=item, known="、".join(known))
    roles = [*form.roles, "community", "year", "mode", "sub_district"]
    for word in by:
        if word not in roles and word not in known:
            raise Refused("publishing.unknown_by", word=word, known="、".join(dict.fromkeys([*roles, *known])))
