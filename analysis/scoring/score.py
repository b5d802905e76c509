"""The way through: a year's responses and indicator values → one ``Results``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analysis.sample.pooled_sample import Part
from analysis.scheme import Scheme
from analysis.scoring.merged_communities import broken_in
from analysis.scoring.objective import objective_totals, score_indicators
from analysis.scoring.rating import rate
from analysis.scoring.results import FLOW_COLUMNS, ITEM_COLUMNS, PLACE_COLUMNS, Results, records
from analysis.scoring.streets import districts, streets
from analysis.scoring.subjective import SubjectiveScores, score_subjective
from analysis.scoring.two_years import compare_years
from analysis.statistics.notes import NOTE, join_notes
from analysis.statistics.replicates import errors_of
from survey.core import limits
from survey.form.answer_codes import ResponseBlock
from survey.form.model import Questionnaire
from survey.store.year.register import Community


@dataclass(frozen=True)
class Inputs:
    """Everything a year's score rests on.

    ``parts``: questionnaires with their responses of the year; ``values``: indicator values that count
    (``store.indicators.current``); ``tally``: rows received by batch (``store.tallies.tally``);
    ``provisional``: the year is still open; ``sample``: the data are invented; ``vetoed``: codes of the communities
    under a veto in force; ``both_years``: responses of this year and the one before where the change rests on both
    (``both_years.both_years``); ``lineage``: who went before whom (``lineage.predecessors``); ``population``: of the
    register by sex and age band, None where it has none; ``settled``: what is said of the scheme's version and of
    changes after answers came in (``scheme.versions.settled_of``).  ``scored`` and ``together`` stand for ``parts`` and
    ``both_years`` where the responses were scored elsewhere or some communities at a time (``in_parts``).
    """

    year: int
    scheme: Scheme
    parts: Sequence[tuple[Questionnaire, ResponseBlock]]
    communities: Sequence[Community]
    values: pd.DataFrame
    tally: pd.DataFrame
    questionnaires: Sequence[Mapping[str, Any]]
    sample: bool
    provisional: bool
    computed_at: str
    vetoed: frozenset[str] = frozenset()
    both_years: Sequence[Part] = ()
    lineage: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    population: pd.DataFrame | None = None
    settled: Mapping[str, Any] = field(default_factory=dict)
    scored: SubjectiveScores | None = None
    together: pd.DataFrame | None = None


@dataclass(frozen=True)
class OfCommunities:
    """What is each community's own: its part of the 300 points, its indicators, and the sums of these (``objective_totals``)."""

    subjective: SubjectiveScores
    indicators: pd.DataFrame
    objective: pd.DataFrame


def score_year(inputs: Inputs, previous: Results | None, marks: Mapping[str, Any]) -> Results:
    """Score one year: objective and subjective points, total, star, rank and change, for every community.

    ``previous``: the results of the year before, for the change; ``marks``: what the snapshot was computed
    from (scheme and data versions), kept in its meta data.
    """
    return together(inputs, of_communities(inputs), previous, marks)


def of_communities(inputs: Inputs) -> OfCommunities:
    """The own numbers of ``inputs.communities`` and of those that answered."""
    indicators = score_indicators(inputs.scheme, inputs.values, [(c.code, c.name) for c in inputs.communities])
    subjective = inputs.scored or score_subjective(inputs.scheme, inputs.parts, inputs.population)
    return OfCommunities(subjective, indicators, objective_totals(indicators, inputs.scheme))


def together(
    inputs: Inputs,
    own: OfCommunities,
    previous: Results | None,
    marks: Mapping[str, Any],
    items: pd.DataFrame | None = None,
) -> Results:
    """What rests on all communities, laid to what is each one's own.

    ``items``: where ``own`` has not everybody's items, ``community_code, item, dimension, points`` of all.
    """
    scheme, subjective = inputs.scheme, own.subjective
    frame = _frame(inputs, subjective.communities, own.objective)
    meta = {**_meta(inputs), **marks}
    both = inputs.together if previous else None
    if inputs.both_years and previous:
        both = compare_years(scheme, inputs.both_years, inputs.year, inputs.population)
    asked = subjective.items if items is None else items
    scores = rate(scheme, frame, previous, asked, both, broken_in(inputs.lineage, inputs.year))
    known = {c.code: c for c in inputs.communities}
    for name in PLACE_COLUMNS.names:
        scores[name] = [getattr(known[code], name) for code in scores["community_code"]]
    taken_together = areas(scheme, scores, inputs.communities, previous)
    return Results(
        meta=meta,
        scores=scores,
        items=subjective.items[list(ITEM_COLUMNS.names)],
        indicators=own.indicators,
        flow=_flow(inputs, subjective.flow),
        streets=taken_together[0],
        extra={
            "lineage": _lineage(inputs),
            "weights": records(subjective.weights),
            "weight_classes": records(subjective.classes),
            "districts": taken_together[1],
        },
    )


def areas(
    scheme: Scheme, scores: pd.DataFrame, communities: Sequence[Community], previous: Results | None
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """The sub-districts and the districts of score rows (``streets``, ``districts``), with what the register says of them."""
    populations = {c.code: float(c.adult_population) for c in communities if c.adult_population}
    places = {c.code: c.district for c in communities}
    return streets(scheme, scores, populations, previous), districts(scheme, scores, places, populations, previous)


def _frame(inputs: Inputs, subjective: pd.DataFrame, objective: pd.DataFrame) -> pd.DataFrame:
    """One row a community of the register, in its order, with what is known of both parts."""
    register = pd.DataFrame(
        {
            "sub_district": [c.sub_district for c in inputs.communities],
            "community_code": [c.code for c in inputs.communities],
            "community": [c.name for c in inputs.communities],
            "year": inputs.year,
        }
    )
    known = subjective.drop(columns=["community", "sub_district", "year"])
    # where nobody is registered or answered, a column has no kind of its own
    register, known, objective = (f.astype({"community_code": "str"}) for f in (register, known, objective))
    frame = register.merge(known, on="community_code", how="left").merge(objective, on="community_code", how="left")
    counts = ["n", "n_received", "n_partial", "n_excluded"]
    frame.loc[frame["note"].isna(), counts] = 0  # nobody asked there; a count that is held back stays empty
    late = np.full(len(frame), any(inputs.settled.get(k) for k in ("scheme_changes", "item_weights_changed")))
    frame["note"] = join_notes(len(frame), (late, NOTE), start=frame["note"])
    frame["provisional"] = inputs.provisional
    frame["vetoed"] = frame["community_code"].isin(inputs.vetoed)
    return frame


def _lineage(inputs: Inputs) -> dict[str, list[dict[str, Any]]]:
    """Who went before the communities of the year, as far as that year knows."""
    codes = {c.code for c in inputs.communities}
    seen = {
        code: [dict(p) for p in before if p["since"] <= inputs.year]
        for code, before in inputs.lineage.items()
        if code in codes
    }
    return {code: before for code, before in seen.items() if before}


def _flow(inputs: Inputs, scored: pd.DataFrame) -> pd.DataFrame:
    """What became of what was received: rows of files, then stored responses."""
    tally = inputs.tally.dropna(subset=["community_code"])
    sums = tally.groupby("community_code")[["received", "duplicate", "refused", "stored"]].sum()
    known = scored.drop(columns=["year"]).set_index("community_code")
    codes = pd.Series([c.code for c in inputs.communities], name="community_code", dtype="str")
    flow = codes.to_frame().join(sums, on="community_code")
    flow = flow.join(known, on="community_code")
    counted = [c for c in FLOW_COLUMNS.names if c in known.columns and c != "modes"]
    flow.loc[~flow["community_code"].isin(known.index), counted] = (
        0  # nobody asked there; what is held back stays empty
    )
    flow[list(sums.columns)] = flow[list(sums.columns)].fillna(0)
    whole = [c for c in (*sums.columns, *counted) if flow[c].notna().all()]
    flow[whole] = flow[whole].astype("int64")
    few = pd.to_numeric(flow["scored"]).fillna(0) < limits.TOTALS_BELOW  # totals only, no breakdown by mode
    modes = [m if isinstance(m, dict) and not small else {} for m, small in zip(flow["modes"], few, strict=True)]
    flow["modes"] = pd.Series(modes, flow.index, dtype=object)
    return flow[list(FLOW_COLUMNS.names)]


def _meta(inputs: Inputs) -> dict[str, Any]:
    scheme = inputs.scheme
    levels = {str(k): list(v) for k, v in scheme.presets.get(scheme.preset, {}).items()}
    return {
        "year": inputs.year,
        "scheme_names": dict(scheme.names),
        "illustrative": scheme.illustrative,
        "computed_at": inputs.computed_at,
        "sample": inputs.sample,
        "provisional": inputs.provisional,
        "preset": scheme.preset,
        "preset_scores": levels,
        "min_responses": scheme.min_responses,
        "complete_share": scheme.complete_share,
        "partial_share": scheme.partial_share,
        "weighting": scheme.weighting,
        "weighting_settings": {
            "margins": list(scheme.margins),
            "cell_min": scheme.cell_min,
            "trim": scheme.trim,
            "lonely_psu": scheme.lonely_psu,
        },
        "errors": errors_of(form for form, _ in inputs.parts),
        "full_marks": scheme.full_marks,
        "dimensions": [
            {
                "code": d.code,
                "name_zh": d.names.get("zh", d.code),
                "name_en": d.names.get("en", d.code),
                "objective_points": d.objective_points,
                "subjective_points": d.subjective_points,
                "lead_office": d.lead_office,
                "responsible_offices": list(d.responsible_offices),
            }
            for d in scheme.dimensions
        ],
        "stars": [{"star": s.star, "minimum": s.minimum, "decided_by": s.decided_by} for s in scheme.stars],
        **inputs.settled,
        "rules": {i.code: [i.rule, i.parameters] for i in scheme.scored_indicators},
        "targets": [{"star": t.star, "share": t.share, "due_year": t.due_year} for t in scheme.targets],
        "questionnaires": list(inputs.questionnaires),
    }
