"""Drivers of a year's overall happiness, from the store: for all communities together, or for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.engine import Connection

from analysis.publication import inputs as year_inputs
from analysis.quality.drivers import COLUMNS, LEAST, candidates, find_drivers, outcome_of, outcome_values
from analysis.quality.measure import WEIGHTS, Body, Measure, Option, Table
from analysis.sample.completeness import scored_items
from analysis.sample.person_scores import PersonScores, person_scores
from analysis.sample.pooled_sample import Part
from analysis.scheme import Scheme
from analysis.scoring.score import Inputs
from analysis.scoring.score_weights import Weights, score_weights
from analysis.statistics.notes import note_text
from survey.core.columns import TEXT, Column
from survey.core.errors import Refused
from survey.core.lang import say
from survey.form.model import Question


def measure(
    conn: Connection,
    year: int,
    scheme: Scheme,
    questionnaire: str = "",
    outcome: str = "",
    community: str = "",
    weights: str = "score",
) -> dict[str, Any]:
    """The fields of ``Drivers`` with ``rows`` for its frame (labels beside), and what was asked.

    ``questionnaire``: name, empty for the one with the most responses; ``outcome``: question name, empty for the
    default; ``community``: code, empty for all; ``weights`` those of the score, or ``base``.  Beside: ``weighting`` of
    the scheme, ``questionnaires``, ``outcomes`` that could be chosen,
    ``communities`` (code, name, n complete cases) of at least ``LEAST``.  Raises Refused as ``find_drivers`` does.
    """
    inputs = year_inputs.gather(conn, year, scheme)
    name, titles, parts = _chosen(inputs, questionnaire)
    newest = parts[-1][0]
    question = outcome_of(newest, outcome or None)
    person = person_scores(scheme, parts)
    values = outcome_values(person, question.name)
    place = next((c for c in inputs.communities if c.code == community), None)
    if community and place is None:
        raise Refused("drivers.unknown_community", community=community, year=year)
    populations = {c.code: float(c.adult_population) for c in inputs.communities if c.adult_population}
    score = score_weights(scheme, inputs.parts, inputs.population)
    if score is not None:
        score = score.at([i for i, known in enumerate(inputs.questionnaires) if known["name"] == name])
    found = find_drivers(person, values, _inside(person, community), populations, score, Weights(weights))
    words = {item.name: item.question for item in scored_items(scheme, parts)}
    dimensions = {d.code: d for d in scheme.dimensions}
    rows = found.frame.to_dict("records")
    for row in rows:
        named = dimensions[row["name"]].names if row["level"] == "dimension" else words[row["name"]].labels
        row |= {f"label_{lang}": named.get(lang) or named.get("zh") or row["name"] for lang in ("zh", "en")}
    return {
        "questionnaire": name,
        "title": titles[name],
        "outcome": _named(question),
        "scale": _scale(question),
        "community": community,
        "community_name": place.name if place else "",
        "n": found.n,
        "asked": found.asked,
        "r2": found.r2,
        "r2_low": found.r2_low,
        "r2_high": found.r2_high,
        "leading": found.leading,
        "leads": found.leads,
        "weights": found.weights.value,
        "weighting": scheme.weighting,
        "notes": list(found.notes),
        "rows": rows,
        "questionnaires": [{"name": key, "title": title} for key, title in titles.items()],
        "outcomes": [_named(q) for q in candidates(newest)],
        "communities": _communities(person, values, inputs),
    }


def _chosen(inputs: Inputs, name: str) -> tuple[str, dict[str, str], list[Part]]:
    """The questionnaire asked for or the largest that can be used, the titles of all, and its versions of the year."""
    by_name: dict[str, list[Part]] = {}
    titles: dict[str, str] = {}
    for known, part in zip(inputs.questionnaires, inputs.parts, strict=True):
        by_name.setdefault(known["name"], []).append(part)
        titles[known["name"]] = known["title"] or known["name"]
    if not by_name:
        raise Refused("drivers.no_responses", year=inputs.year)
    if name and name not in by_name:
        raise Refused("drivers.unknown_questionnaire", name=name, year=inputs.year, known=list(by_name))
    size = {key: (bool(candidates(parts[-1][0])), sum(len(b) for _, b in parts)) for key, parts in by_name.items()}
    chosen = name or max(size, key=lambda key: size[key])
    return chosen, titles, by_name[chosen]


def _inside(person: PersonScores, community: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    if not community:
        return np.ones(len(person.sample), dtype=bool)
    return (person.sample.column("community_code") == community).to_numpy(dtype=bool, na_value=False)


def _named(question: Question) -> dict[str, Any]:
    return {"name": question.name, **{f"label_{lang}": question.label(lang) for lang in ("zh", "en")}}


def _scale(question: Question) -> list[float] | None:
    """The ends of the scale as people know it, where it has some."""
    low, high = question.low, question.high
    return None if low is None or high is None else [low, high]


def _communities(person: PersonScores, values: Any, inputs: Inputs) -> list[dict[str, Any]]:
    complete = person.scored & ~np.isnan(values) & ~np.isnan(person.dimensions).any(axis=1)
    counts: Mapping[Any, int] = pd.Series(person.sample.column("community_code")[complete]).value_counts().to_dict()
    enough = [c for c in inputs.communities if counts.get(c.code, 0) >= LEAST]
    return [{"code": c.code, "name": c.name, "n": counts[c.code]} for c in enough]


# ── Drivers in words and as one table


#: dimensions first, then items; ``note`` in words
TABLE = (
    COLUMNS.after("name", Column("label", TEXT))
    .after("priority", Column("priority_text", TEXT))
    .replaced(Column("note", TEXT))
)


def _rows(body: Body, lang: str) -> list[dict[str, Any]]:
    return [
        {
            **row,
            "label": row[f"label_{lang}"],
            "note": note_text(row["note"], lang),
            "priority_text": priority_text(row, lang),
        }
        for row in body["rows"]
    ]


def decided(row: Mapping[str, Any]) -> str:
    """The priority of a row whose importance lies surely above or below the average; empty for every other.

    The one place that decides it: charts, tables, sentences and files ask here, for all communities and for one.
    """
    return str(row["priority"]) if row["priority"] and row["clear"] else ""


def priority_text(row: Mapping[str, Any], lang: str) -> str | None:
    """优先改进, 继续保持 …; 未定 where chance alone could put it on the other side; None where nothing is known."""
    if not row["priority"]:
        return None
    code = decided(row)
    return say(lang, f"drivers.priority.{code}") if code else say(lang, "drivers.undecided")


def percent(value: float) -> str:
    """A share in whole percent."""
    return f"{int(100 * value + 0.5)}%"


def outcome_label(body: Body, lang: str) -> str:
    """What the outcome asks, without its number on the scale."""
    return str(body["outcome"][f"label_{lang}"])


def reading(body: Body, lang: str) -> str:
    """What the numbers say, in two sentences, the second that it is no cause."""
    rows = [row for row in body["rows"] if row["level"] == "dimension"]
    first = next(row for row in rows if row["name"] == body["leading"])
    return say(
        lang,
        "drivers.reading",
        outcome=outcome_label(body, lang),
        k=len(rows),
        r2=percent(body["r2"]),
        r2_range=_range(body["r2_low"], body["r2_high"], lang),
        first=first[f"label_{lang}"],
        share=percent(first["share"]),
        share_range=_range(first["share_low"], first["share_high"], lang),
        leads=say(lang, f"drivers.{_leading(body, first, len(rows))}"),
    )


def _leading(body: Body, first: Mapping[str, Any], k: int) -> str:
    """How surely the first dimension leads: surely, not surely; nothing to say it by; nothing beside it."""
    if k < 2:
        return "only_one"
    if first["share_low"] is None:
        return "untested"
    return "leads" if body["leads"] else "not_leads"


def _range(low: float | None, high: float | None, lang: str) -> str:
    if low is None or high is None:
        return ""
    return say(lang, "drivers.range", low=percent(low), high=percent(high))


def _said(body: Body, lang: str) -> list[str]:
    """The reading, that it is no cause, what limits it."""
    notes = [note_text(";".join(body["notes"]), lang)] if body["notes"] else []
    return [reading(body, lang), say(lang, "drivers.caution"), *notes]


MEASURE = Measure(
    "drivers",
    3,
    measure,
    (
        Table(
            "drivers",
            TABLE,
            _rows,
            "level name label n score share share_low share_high among_all priority_text note",
            "page_drivers.title",
        ),
    ),
    _said,
    options=(
        Option("questionnaire", "drivers.option.questionnaire", str, "", "N", asked=True),
        Option("outcome", "drivers.option.outcome", str, "", "NAME", asked=True),
        Option("community", "drivers.option.community", "community", "", "C", asked=True),
        WEIGHTS,
    ),
)
