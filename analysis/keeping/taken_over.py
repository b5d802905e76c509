"""A year computed again after data of some communities came: the others' own numbers are taken over as they were kept.

Where each community was sampled on its own, what its answers and values come to rests on nothing of another one
(``analysis.scoring.in_parts``), to the last bit.  What rests on all of them (ranks, q, streets, districts) is computed anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analysis.keeping.packed import FRAMED, LISTED, Lines, head_of, is_packed, lines_of, pack, rows_of, written
from analysis.sample.pooled_sample import Part, asks_adults
from analysis.scoring import in_parts
from analysis.scoring.results import ITEM_COLUMNS, Results, plain_columns
from analysis.scoring.score import Inputs, OfCommunities, of_communities, together
from analysis.scoring.subjective import SubjectiveScores
from analysis.scoring.weighting_effect import CLASS_COLUMNS, WEIGHT_COLUMNS
from survey.form.model import Questionnaire

_CODE = "community_code"
#: what of an item tells whether the questions are those of the year before
_ASKED = ("item", "dimension", "points")


@dataclass(frozen=True)
class Earlier:
    """Kept results: ``keys`` community → the word of what its numbers rest on (``fingerprints``); ``frames`` the rows of
    ``SubjectiveScores`` and of objective points that are in no column of the results as they were; ``lines``."""

    keys: Mapping[str, str]
    frames: Mapping[str, pd.DataFrame]
    lines: Lines


def apart(forms: Iterable[Questionnaire]) -> bool:
    """Whether communities' numbers are their own: each was sampled on its own, and what nobody of a community answered is not
    taken from the others (adults of a household)."""
    known = list(forms)
    return in_parts.apart(known) and not any(asks_adults(form) for form in known)


def earlier(text: str) -> Earlier | None:
    """What a kept text says of each community; None of one that can't be gone on with, whoever wrote it."""
    try:
        head = head_of(text) if is_packed(text) else {}
        own = head.get("own")
        if not own:
            return None
        frames = {name: _frame(columns) for name, columns in own["frames"].items()}
        return Earlier(own["keys"], frames, lines_of(text, head))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


def unchanged(before: Earlier | None, keys: Mapping[str, str]) -> frozenset[str]:
    """The communities of which nothing is other than it was."""
    return frozenset(code for code, key in keys.items() if before is not None and before.keys.get(code) == key)


def only(parts: Sequence[Part], codes: frozenset[str]) -> list[Part]:
    """The responses of these communities; all the questionnaires, with responses or not."""
    found = []
    for form, block in parts:
        places = block.design[_CODE].isin(codes).to_numpy(dtype=bool).nonzero()[0]
        found.append((form, block if len(places) == len(block) else block.take(places)))
    return found


def text_of(
    inputs: Inputs, keys: Mapping[str, str], before: Earlier | None, previous: Results | None, marks: Mapping[str, Any]
) -> str:
    """The results of a year as they are kept.

    ``inputs``: ``parts``, ``scored`` and ``values`` of those communities only that are not ``unchanged``, ``communities``
    all of them; ``keys`` as in ``Earlier``, empty where nothing can be taken over; ``previous`` and ``marks`` as ``score_year``
    has them.
    """
    kept = unchanged(before, keys)
    fresh = of_communities(replace(inputs, communities=[c for c in inputs.communities if c.code not in kept]))
    if before is None or not kept:
        results = together(inputs, fresh, previous, marks)
        return pack(results, _own(keys, fresh) if keys else None)
    everybody, items = _joined(before, kept, fresh, with_items=previous is not None)
    results = together(inputs, everybody, previous, marks, items)
    lines = _lines(before.lines, kept, results, [c.code for c in inputs.communities])
    return written(results, lines, _own(keys, everybody))


def _own(keys: Mapping[str, str], of: OfCommunities) -> dict[str, Any]:
    frames = {"communities": of.subjective.communities, "flow": of.subjective.flow, "objective": of.objective}
    return {"keys": dict(keys), "frames": {name: _columns(frame) for name, frame in frames.items()}}


def _columns(frame: pd.DataFrame) -> dict[str, Any]:
    """Name → kind and cells of a column."""
    return {name: [str(frame[name].dtype), cells] for name, cells in plain_columns(frame).items()}


def _frame(columns: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(cells, dtype=kind) for name, (kind, cells) in columns.items()})


def _joined(
    before: Earlier, kept: frozenset[str], fresh: OfCommunities, *, with_items: bool
) -> tuple[OfCommunities, pd.DataFrame | None]:
    """What all communities have of their own, but for the rows that lie in lines; and, where asked for, what they were asked."""
    mine = {name: frame[frame[_CODE].isin(kept)] for name, frame in before.frames.items()}
    scored = {name: _together(mine[name], getattr(fresh.subjective, name)) for name in ("communities", "flow")}
    objective = _together(mine["objective"], fresh.objective)
    everybody = replace(fresh, subjective=replace(fresh.subjective, **scored), objective=objective)
    if not with_items:
        return everybody, None
    lines = before.lines
    there = replace(lines, order={"items": [code for code in lines.order["items"] if code in kept]})
    asked = rows_of(there, "items", _ASKED)
    return everybody, pd.concat([asked, fresh.subjective.items[[_CODE, *_ASKED]]], ignore_index=True)


def _together(mine: pd.DataFrame, fresh: pd.DataFrame) -> pd.DataFrame:
    """Rows by community."""
    filled = [frame for frame in (mine, fresh) if len(frame)]
    return pd.concat(filled, ignore_index=True).sort_values(_CODE, ignore_index=True) if filled else fresh


def _lines(before: Lines, kept: frozenset[str], results: Results, register: Sequence[str]) -> Lines:
    """The lines of those that are as they were, and new ones; in the order that rows of all of them would have."""
    new = Lines(columns={**before.columns}, shared=before.shared)
    frames, lists = {n: getattr(results, n) for n in FRAMED}, {n: results.extra[n] for n in LISTED}
    if not new.add({n: f for n, f in frames.items() if len(f)}, lists):
        raise AssertionError("rows of a community do not lie together")
    there = {code: line for code, line in before.of.items() if code in kept} | new.of
    place = {code: at for at, code in enumerate(register)}
    order = {}
    for name in (*FRAMED, *LISTED):
        codes = [*(code for code in before.order.get(name, ()) if code in kept), *new.order.get(name, ())]
        order[name] = sorted(codes, key=place.__getitem__) if name == "indicators" else sorted(codes)
    return Lines(there, order, new.columns, new.shared)


def nobody(before: Earlier) -> SubjectiveScores:
    """The scores of no community, with the columns that scores have."""
    communities, flow = (before.frames[name].iloc[:0] for name in ("communities", "flow"))
    items = pd.DataFrame(columns=["year", *ITEM_COLUMNS.names, "note"])
    weights, classes = (pd.DataFrame(columns=list(columns)) for columns in (WEIGHT_COLUMNS, CLASS_COLUMNS))
    return SubjectiveScores(communities, items, flow, weights, classes)
