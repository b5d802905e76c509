"""What a year's score is computed from, read from the store in one consistent snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy.engine import Connection

from analysis.cycle.stored_steps import vetoed
from analysis.publication.scheme_versions import settled_of
from analysis.publication.two_year_inputs import both_years
from analysis.sample.pooled_sample import Part
from analysis.scheme import Scheme
from analysis.scheme.serial import from_dict
from analysis.scoring import in_parts
from analysis.scoring.merged_communities import communities_in, predecessors
from analysis.scoring.score import Inputs, score_year
from analysis.scoring.subjective import SubjectiveScores
from survey.form.answer_codes import ResponseBlock
from survey.form.model import Questionnaire
from survey.store import settings
from survey.store.engine import payloads
from survey.store.intake import questionnaires, responses, tallies
from survey.store.intake.questionnaires import StoredForm
from survey.store.year import indicators, register, years
from survey.store.year.schemes import StoredScheme

__all__ = ["SAMPLING", "WEIGHING", "Inputs", "gather", "score_year", "settled_inputs", "without_responses"]

#: the design columns that a score rests on (and replicate weights); the others are read where the questionnaire asks for them
SAMPLING = ("mode", "weight", "psu", "ssu", "stratum", "fpc", "fpc2", "replicates")
WEIGHING = ("household", "sex", "age", "age_band")


def settled_inputs(conn: Connection, year: int, stored: StoredScheme) -> Inputs:
    """What a year is scored from under a stored scheme, and since when it has been settled for the year.

    A large year comes scored already (``Inputs.scored``), some communities at a time, where they stand on their own.
    """
    payloads.require(conn, payloads.SCHEMES, [stored.id])
    scheme = from_dict(stored.definition)
    sizes = responses.sizes(conn, year)
    forms = [questionnaires.by_id(conn, form_id) for form_id in responses.forms_in(conn, year)]
    if sum(sizes.values()) <= in_parts.AT_ONCE or not in_parts.apart(f.form for f in forms):
        given = gather(conn, year, scheme)
    else:
        bare = without_responses(conn, year, scheme, forms)
        given = replace(bare, scored=_scored(conn, bare, forms, sizes), both_years=_both(conn, year, scheme))
    return replace(given, settled=settled_of(conn, year, stored))


def gather(conn: Connection, year: int, scheme: Scheme, also: Iterable[str] = ()) -> Inputs:
    """Everything a year's score is computed from, read in one consistent snapshot; ``also`` further design columns."""
    forms = [questionnaires.by_id(conn, form_id) for form_id in responses.forms_in(conn, year)]
    return replace(
        without_responses(conn, year, scheme, forms),
        parts=[(f.form, responses.load(conn, f, years=[year], columns=[*_columns(f.form), *also])) for f in forms],
        both_years=_both(conn, year, scheme),
    )


def without_responses(conn: Connection, year: int, scheme: Scheme, forms: Sequence[StoredForm]) -> Inputs:
    """The same without any response, for whoever scored those of these questionnaires."""
    zone = ZoneInfo(settings.get(conn, "timezone", settings.TIME_ZONE))
    return Inputs(
        year=year,
        scheme=scheme,
        parts=[(f.form, ResponseBlock(pd.DataFrame(), np.zeros((0, len(f.form.questions)), np.int16))) for f in forms],
        lineage=predecessors(register.communities(conn, year)),
        communities=communities_in(conn, year),
        population=register.population(conn),
        values=indicators.current(conn, year),
        tally=tallies.tally(conn, year),
        questionnaires=[{"name": f.name, "version": f.version, "title": f.form.title} for f in forms],
        sample=settings.get(conn, "sample") == "1",
        provisional=years.state(conn, year) == "open",
        vetoed=vetoed(conn, year),
        computed_at=datetime.now(zone).isoformat(timespec="seconds"),
    )


def _scored(
    conn: Connection, bare: Inputs, forms: Sequence[StoredForm], sizes: dict[int, int]
) -> SubjectiveScores | None:
    samples = (
        [
            (f.form, responses.load(conn, f, years=[bare.year], community_ids=ids, columns=_columns(f.form)))
            for f in forms
        ]
        for ids in in_parts.shares(sizes)
    )
    return in_parts.score_shares(bare.scheme, samples, bare.population)


def _both(conn: Connection, year: int, scheme: Scheme) -> list[Part]:
    return both_years(conn, year, scheme, SAMPLING if scheme.weighting == "none" else (*SAMPLING, *WEIGHING))


def _columns(form: Questionnaire) -> list[str]:
    return [*SAMPLING, *(role for role in WEIGHING if role in form.roles)]
