"""A year's scores without one interviewer or one batch, from the store: subjective score, total and star."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.engine import Connection

from analysis import publishing
from analysis.design import Bools, Floats
from analysis.leave_out import leave_out
from analysis.objective import objective_totals, score_indicators
from analysis.person_scores import person_scores
from analysis.rating import round_half_up, stars_of
from analysis.scheme import Scheme
from analysis.smallgroups import with_complements
from analysis.subjective import score_subjective
from survey.errors import Refused
from survey.store import batches

#: the number grows when the payload changes its shape or a formula changes
NAME = "without:1"
KINDS = ("interviewer", "batch")
NUMBERS = ("removed", "n", "subjective", "se", "df", "total", "star", "difference")


def measure(conn: Connection, year: int, scheme: Scheme) -> dict[str, Any]:
    """``rows``: one a kind (interviewer, batch), key and community: ``kind, key, label, community_code, community,
    removed, n, n_before, subjective_before, subjective, se_before, se, df, total_before, total, star_before, star,
    difference, note``; ``label`` is a batch's file.  ``before`` is what ``score`` gives.

    Fewer than 5 responses taken away or left are not shown, nor what would reveal them.  Raises Refused without
    responses.
    """
    inputs = publishing.gather(conn, year, scheme, ("interviewer",))
    if not inputs.parts:
        raise Refused("without.no_responses", year=year)
    person = person_scores(scheme, inputs.parts)
    before = score_subjective(scheme, inputs.parts, inputs.population).communities
    places = [(c.code, c.name) for c in inputs.communities]
    objective = objective_totals(score_indicators(scheme, inputs.values, places), scheme)
    files = {b.id: b.file for b in batches.listing(conn)}
    pieces = []
    for kind in KINDS:
        keys = person.sample.factor("interviewer" if kind == "interviewer" else "batch_id")
        found = leave_out(person, keys, inputs.population)
        found.insert(0, "kind", kind)
        found["label"] = [files.get(int(k), "") if kind == "batch" else "" for k in found["key"]]
        pieces.append(found)
    frame = pd.concat(pieces, ignore_index=True)
    frame["key"] = [str(k) for k in frame["key"]]
    return {"rows": with_totals(scheme, frame, before, objective), "min_responses": scheme.min_responses}


def with_totals(scheme: Scheme, frame: pd.DataFrame, before: pd.DataFrame, objective: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``leave_out`` (several kinds together) with totals and stars of before and after, small groups hidden."""
    known = before[["community_code", "community", "n", "subjective", "subjective_se", "note"]].rename(
        columns={
            "n": "n_before",
            "subjective": "subjective_before",
            "subjective_se": "se_before",
            "note": "note_before",
        }
    )
    frame = frame.merge(known, on="community_code", how="left")
    frame = frame.merge(objective[["community_code", "objective"]], on="community_code", how="left")
    hidden = _hidden(frame)
    frame["note"] = np.where(hidden, "suppressed", "")
    for column in NUMBERS:
        if column in frame:
            frame[column] = frame[column].astype(np.float64).mask(hidden)
    for moment in ("", "_before"):
        total, star = _rated(scheme, frame, moment)
        frame[f"total{moment}"], frame[f"star{moment}"] = total, star
    frame["difference"] = frame["subjective"] - frame["subjective_before"]
    self_selected = frame["note_before"].fillna("").str.split(";").map(lambda codes: "open_sample" in codes)
    frame.loc[self_selected, ["se", "df"]] = np.nan
    return frame.drop(columns=["objective", "note_before"])


def _rated(scheme: Scheme, frame: pd.DataFrame, moment: str) -> tuple[Floats, Floats]:
    """Total and star, empty where the objective part or enough responses are lacking, as in the results."""
    exact = (frame["objective"] + frame[f"subjective{moment}"]).to_numpy(dtype=np.float64)
    enough = (frame[f"n{moment}"] >= scheme.min_responses).to_numpy(dtype=bool)
    exact = np.where(enough, exact, np.nan)
    return round_half_up(exact), stars_of(scheme, round_half_up(exact))


def _hidden(frame: pd.DataFrame) -> Bools:
    """What too few responses make up, taken away or left, and what would let these be worked out."""
    hidden = np.zeros(len(frame), dtype=bool)
    for kind in frame["kind"].unique():
        rows = np.flatnonzero(frame["kind"] == kind)
        some = frame.iloc[rows]
        removed = some["removed"].to_numpy(dtype=np.float64)
        keys = some[["community_code", "key"]]
        beside = some.groupby("community_code").agg(before=("n_before", "first"), removed=("removed", "sum"))
        outside = pd.DataFrame({"community_code": beside.index, "n": beside["before"] - beside["removed"]})
        left = some["n"].to_numpy(dtype=np.float64)
        hidden[rows] = with_complements(keys, removed, ["key"], {"key": outside}) | ((left > 0) & (left < 5))
    return hidden | frame["n_before"].isna().to_numpy()
