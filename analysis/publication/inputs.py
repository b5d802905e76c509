"""What a year's score is computed from, read from the store in one consistent snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy.engine import Connection

from analysis.cycle.stored_steps import vetoed
from analysis.keeping import fingerprints, taken_over
from analysis.keeping.taken_over import Earlier
from analysis.publication.scheme_versions import settled_of
from analysis.publication.two_year_inputs import both_years
from analysis.sample.pooled_sample import Part
from analysis.scheme import Scheme
from analysis.scheme.serial import from_dict
from analysis.scoring import in_parts
from analysis.scoring.merged_communities import communities_in, predecessors
from analysis.scoring.results import Results
from analysis.scoring.score import Inputs, score_year
from analysis.scoring.subjective import SubjectiveScores, score_subjective
from survey.form.answer_codes import ResponseBlock
from survey.form.model import Questionnaire
from survey.store import settings
from survey.store.engine import payloads
from survey.store.intake import questionnaires, responses, tallies
from survey.store.intake.questionnaires import StoredForm
from survey.store.year import indicators, register, years
from survey.store.year.schemes import StoredScheme

__all__ = [
    "SAMPLING",
    "WEIGHING",
    "Inputs",
    "gather",
    "gone_on_with",
    "score_year",
    "settled_inputs",
    "without_responses",
]

#: the design columns that a score rests on (and replicate weights); the others are read where the questionnaire asks for them
SAMPLING = ("mode", "weight", "psu", "ssu", "stratum", "fpc", "fpc2", "replicates")
WEIGHING = ("household", "sex", "age", "age_band")


@dataclass(frozen=True)
class GoneOnWith:
    """``inputs`` of the communities that are not as they were ``before``, and the word of what each one's numbers rest on
    (``keeping.taken_over``); of all of them, and no words, where communities do not stand on their own."""

    inputs: Inputs
    keys: dict[str, str]
    before: Earlier | None

    def text(self, previous: Results | None, marks: Mapping[str, Any]) -> str:
        """The results of the year as they are kept; arguments as of ``score_year``."""
        return taken_over.text_of(self.inputs, self.keys, self.before, previous, marks)


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


def gone_on_with(conn: Connection, year: int, stored: StoredScheme, kept: str, method: int) -> GoneOnWith:
    """The same, gone on with from results as they are ``kept`` ('' for none); ``method``: the number of the way of computing."""
    forms = [questionnaires.by_id(conn, form_id) for form_id in responses.forms_in(conn, year)]
    if not taken_over.apart(f.form for f in forms):
        return GoneOnWith(settled_inputs(conn, year, stored), {}, None)
    payloads.require(conn, payloads.SCHEMES, [stored.id])
    bare = without_responses(conn, year, from_dict(stored.definition), forms)
    before = taken_over.earlier(kept)
    given, keys = _changed(conn, bare, forms, before, method)
    return GoneOnWith(replace(given, settled=settled_of(conn, year, stored)), keys, before)


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
    return in_parts.score_shares(bare.scheme, _samples(conn, bare.year, forms, sizes), bare.population)


def _changed(
    conn: Connection,
    bare: Inputs,
    forms: Sequence[StoredForm],
    before: Earlier | None,
    method: int,
) -> tuple[Inputs, dict[str, str]]:
    """The inputs with the communities scored that are not as they were, and everybody's words."""
    common = fingerprints.of_all(bare.scheme, bare.parts, bare.population, method)
    values = fingerprints.of_values(bare.values)
    keys = fingerprints.joined(common, {}, values, (c.code for c in bare.communities))
    scored: list[SubjectiveScores] = []
    for parts in _samples(conn, bare.year, forms, responses.sizes(conn, bare.year)):
        answers = fingerprints.of_answers(parts)
        for code in answers:
            keys.pop(code, None)
        if "" not in answers:  # who belongs to no community is no community's own
            keys |= fingerprints.joined(common, answers, values, answers)
        kept = taken_over.unchanged(before, {code: keys[code] for code in answers if code in keys})
        if len(kept) < len(answers):
            sample = taken_over.only(parts, frozenset(answers) - kept) if kept else parts
            scored.append(score_subjective(bare.scheme, sample, bare.population))
    kept = taken_over.unchanged(before, keys)
    mine = bare.values[~bare.values["community_code"].isin(kept)]
    of = in_parts.joined(scored) or (taken_over.nobody(before) if before is not None else None)
    return replace(bare, values=mine, scored=of, both_years=_both(conn, bare.year, bare.scheme)), keys


def _samples(conn: Connection, year: int, forms: Sequence[StoredForm], sizes: dict[int, int]) -> Iterator[list[Part]]:
    """The responses of a year, all at once or, of a large one, some communities at a time."""
    whole = sum(sizes.values()) <= in_parts.AT_ONCE
    for ids in [None] if whole else in_parts.shares(sizes):
        yield [
            (f.form, responses.load(conn, f, years=[year], community_ids=ids, columns=_columns(f.form))) for f in forms
        ]


def _both(conn: Connection, year: int, scheme: Scheme) -> list[Part]:
    return both_years(conn, year, scheme, SAMPLING if scheme.weighting == "none" else (*SAMPLING, *WEIGHING))


def _columns(form: Questionnaire) -> list[str]:
    return [*SAMPLING, *(role for role in WEIGHING if role in form.roles)]
