"""One year's results as an immutable value: what pages, exports and commands read.

Everything shown comes from one ``Results``; the store keeps it as JSON (``to_json``/``from_json``).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from survey.core.columns import CODE, DATE, FLAG, MANY, MIXED, NUMBER, SHARE, TEXT, WHOLE, Column, Columns, columns

#: columns of ``score`` that do not depend on the scheme, in the order of docs/results.md, “Score”
SCORE_COLUMNS = columns(
    Column("sub_district", TEXT),
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("year", WHOLE),
    Column("n", WHOLE),
    Column("n_received", WHOLE),
    Column("n_partial", WHOLE),
    Column("n_excluded", WHOLE),
    Column("objective", NUMBER),
    Column("subjective", NUMBER),
    Column("subjective_se", NUMBER),
    Column("subjective_low", NUMBER),
    Column("subjective_high", NUMBER),
    Column("subjective_df", NUMBER),
    Column("total", NUMBER),
    Column("total_exact", NUMBER),
    Column("total_low", NUMBER),
    Column("total_high", NUMBER),
    Column("star", WHOLE),
    Column("star_probability", SHARE),
    Column("star_p0", SHARE),
    Column("star_p1", SHARE),
    Column("star_p2", SHARE),
    Column("star_p3", SHARE),
    Column("star_p4", SHARE),
    Column("star_p5", SHARE),
    Column("star_next_gap", NUMBER),
    Column("rank", WHOLE),
    Column("rank_low", WHOLE),
    Column("rank_high", WHOLE),
    Column("rank_sim_low", WHOLE),
    Column("rank_sim_high", WHOLE),
    Column("tier", WHOLE),
    Column("differs_next", WHOLE),
    Column("change_objective", NUMBER),
    Column("change_subjective", NUMBER),
    Column("change_subjective_se", NUMBER),
    Column("change_p", NUMBER),
    Column("change_q", NUMBER),
    Column("change_word", CODE),
    Column("change_df", NUMBER),
    Column("change_common", NUMBER),
    Column("change_common_points", NUMBER),
    Column("change_common_se", NUMBER),
    Column("change_common_p", NUMBER),
    Column("change_common_q", NUMBER),
    Column("change_common_word", CODE),
    Column("status", CODE),
    Column("provisional", FLAG),
    Column("star_awarded", WHOLE),
    Column("note", CODE),
    Column("note_text", TEXT),
)
#: of each dimension, behind them
DIMENSION_COLUMNS = columns(
    Column("objective_<dimension>", NUMBER),
    Column("subjective_<dimension>_se", NUMBER),
    Column("subjective_<dimension>", NUMBER),
)
#: what the register says of a community: basic type (基础类型), feature (创建特色)
PLACE_COLUMNS = columns(
    Column("type", TEXT),
    Column("feature", TEXT),
)
#: what district and city have said (``analysis.cycle.decided_results``)
DECIDED_COLUMNS = columns(
    Column("stage", CODE),
    Column("applied_star", WHOLE),
    Column("title_before", WHOLE),
    Column("title_before_year", WHOLE),
    Column("title_event", CODE),
)

#: one row a community and questionnaire item.  ``distribution``: list of {"choice", "label_zh", "label_en", "level",
#: "share", "score"}, best first, shares of the substantive answers (sum 1), ``score`` 0–100 of the choice, None where it has
#: none; empty for numeric items and for groups under 10.  ``low``, ``high``: 95 % interval of the score, cut at 0 and 100.
#: ``missing_share``: don't know, refused and not applicable among all who responded to the item
ITEM_COLUMNS = columns(
    Column("community_code", CODE),
    Column("item", CODE),
    Column("dimension", CODE),
    Column("label_zh", TEXT),
    Column("label_en", TEXT),
    Column("offices", TEXT),
    Column("n", WHOLE),
    Column("n_asked", WHOLE),
    Column("score", NUMBER),
    Column("se", NUMBER),
    Column("points", NUMBER),
    Column("points_got", NUMBER),
    Column("points_lost", NUMBER),
    Column("missing_share", SHARE),
    Column("distribution", MANY),
    Column("low", NUMBER),
    Column("high", NUMBER),
)

#: one row a community and indicator that carries points.  ``state``: "reported", "exempt", "missing"; ``reason``: a text
#: key that explains the points, ``reason_params`` its values.  ``review``: "empty", "entered" (waits), "reviewed",
#: "returned"; it is no part of the calculation but laid over it
INDICATOR_COLUMNS = columns(
    Column("community_code", CODE),
    Column("indicator", CODE),
    Column("dimension", CODE),
    Column("name_zh", TEXT),
    Column("name_en", TEXT),
    Column("office", TEXT),
    Column("points", NUMBER),
    Column("points_got", NUMBER),
    Column("points_lost", NUMBER),
    Column("value", MIXED),
    Column("state", CODE),
    Column("reason", CODE),
    Column("reason_params", MANY),
    Column("method", TEXT),
    Column("date", DATE),
    Column("evidence", TEXT),
    Column("assessor", TEXT),
    Column("batch", WHOLE),
    Column("file", TEXT),
    Column("sheet", TEXT),
    Column("row", WHOLE),
    Column("self_score", NUMBER),
    Column("entered_by", TEXT),
    Column("entered_at", DATE),
    Column("change_reason", TEXT),
    Column("review", CODE),
    Column("reviewed_by", TEXT),
    Column("reviewed_at", DATE),
    Column("review_reason", TEXT),
)

#: one row a community: what became of what was received (by mode in ``modes``: {"paper": n, …} of the scored)
FLOW_COLUMNS = columns(
    Column("community_code", CODE),
    Column("received", WHOLE),
    Column("duplicate", WHOLE),
    Column("refused", WHOLE),
    Column("stored", WHOLE),
    Column("ineligible", WHOLE),
    Column("incomplete", WHOLE),
    Column("partial", WHOLE),
    Column("scored", WHOLE),
    Column("modes", MANY),
)

#: one row a sub-district
STREET_COLUMNS = columns(
    Column("sub_district", TEXT),
    Column("communities", WHOLE),
    Column("with_total", WHOLE),
    Column("mean_total", NUMBER),
    Column("weighted_total", NUMBER),
    Column("coverage", SHARE),
    Column("subjective", NUMBER),
    Column("subjective_se", NUMBER),
    Column("subjective_low", NUMBER),
    Column("subjective_high", NUMBER),
    Column("subjective_df", NUMBER),
    Column("change_subjective", NUMBER),
    Column("change_subjective_se", NUMBER),
    Column("change_p", NUMBER),
    Column("change_word", CODE),
    Column("n", WHOLE),
    Column("note", CODE),
)

#: the frames of results, each with its columns
FRAMES: Mapping[str, Columns] = {
    "scores": SCORE_COLUMNS + DIMENSION_COLUMNS + DECIDED_COLUMNS + PLACE_COLUMNS,
    "items": ITEM_COLUMNS,
    "indicators": INDICATOR_COLUMNS,
    "flow": FLOW_COLUMNS,
    "streets": STREET_COLUMNS,
}


@dataclass(frozen=True)
class Results:
    """Snapshot of one year under one scheme version.

    ``meta``: ``year, scheme, scheme_version, scheme_names {zh,en}, illustrative, data_version, computed_at
    (ISO, with offset), sample (bool: invented data), preset, preset_scores, min_responses, complete_share,
    partial_share, weighting, dimensions [{code, name_zh, name_en, objective_points, subjective_points,
    lead_office, responsible_offices}], stars [{star, minimum, decided_by}], targets [{star, share,
    due_year}], questionnaires [{name, version, title}], full_marks, weighting_settings {margins, cell_min, trim,
    lonely_psu}, errors [{method, replicates, mse}]`` (``replicates.errors_of``; older snapshots have none);
    ``scheme_added_at, scheme_author, fieldwork_since`` (from then on the scheme is settled), ``scheme_changes`` and
    ``item_weights_changed`` (items) after that.
    Frames are written into, if at all, before anybody asks for a community's rows.
    ``extra``: ``weights``, ``weight_classes`` rows of ``weighting_effect`` (snapshots made before they existed have
    none).
    """

    meta: Mapping[str, Any]
    scores: pd.DataFrame
    items: pd.DataFrame
    indicators: pd.DataFrame
    flow: pd.DataFrame
    streets: pd.DataFrame
    extra: Mapping[str, Any] = field(default_factory=dict)
    _found: dict[str, Mapping[str, tuple[int, int, bool]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _arrays: dict[str, tuple[list[str], list[Any]]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def to_json(self) -> str:
        """All of it as JSON, null for empty."""
        frames = {name: records(getattr(self, name)) for name in FRAMES}
        columns = {name: list(getattr(self, name).columns) for name in FRAMES}
        return json.dumps(
            {"meta": dict(self.meta), "columns": columns, "extra": dict(self.extra), **frames},
            ensure_ascii=False,
            allow_nan=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Results:
        """Read back what ``to_json`` wrote."""
        data = json.loads(text)
        frames = {
            name: pd.DataFrame({column: [row[column] for row in data[name]] for column in data["columns"][name]})
            for name in FRAMES
        }
        for name in ("scores", "streets"):
            frames[name] = FRAMES[name].floats(frames[name])
        return cls(meta=data["meta"], extra=data["extra"], **frames)

    def apart(self) -> Results:
        """The same results to write into: a frame is copied when somebody does, what else is said of them at once."""
        frames = {name: getattr(self, name).copy(deep=False) for name in FRAMES}
        return replace(self, meta=deepcopy(dict(self.meta)), extra=deepcopy(dict(self.extra)), **frames)

    def within(self, street: str) -> Results:
        """The rows of one street's communities, and of the street."""
        codes = frozenset(self.scores.loc[self.scores["sub_district"] == street, "community_code"])
        frames = {n: getattr(self, n) for n in FRAMES}
        of_communities = [n for n in frames if "community_code" in frames[n]]
        frames |= {n: frames[n][frames[n]["community_code"].isin(codes)] for n in of_communities}
        frames["streets"] = self.streets[self.streets["sub_district"] == street]
        lists = {k: v for k, v in self.extra.items() if isinstance(v, list) and v and "community_code" in v[0]}
        own = {k: [row for row in rows if row["community_code"] in codes] for k, rows in lists.items()}
        return replace(self, extra={**self.extra, **own}, **frames)

    def community(self, code: str) -> dict[str, Any]:
        """The score row of one community as a dict, None for empty; KeyError if it is not there."""
        for row in self.rows("scores", code):
            return row
        raise KeyError(code)

    def rows(self, frame: str, code: str | None = None) -> list[dict[str, Any]]:
        """Rows of a frame as dicts with None for empty, all or of one community."""
        data: pd.DataFrame = getattr(self, frame)
        if code is None:
            return records(data)
        first, after, alone = self._places(frame).get(code, (0, 0, True))
        names, arrays = self._cells(frame)
        cells = [map(plain, array[first:after].tolist()) for array in arrays]
        found = [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]
        return found if alone else [row for row in found if row["community_code"] == code]

    def _cells(self, frame: str) -> tuple[list[str], list[Any]]:
        """Names and arrays of a frame's columns: to cut a few rows out of an array costs a fraction of what it does out of a frame."""
        if frame not in self._arrays:
            data: pd.DataFrame = getattr(self, frame)
            own = [c.to_numpy() if isinstance(c.dtype, np.dtype) else c.array for _, c in data.items()]
            self._arrays[frame] = ([str(c) for c in data.columns], own)
        return self._arrays[frame]

    def _places(self, frame: str) -> Mapping[str, tuple[int, int, bool]]:
        """Community → its first row, that after its last, and whether no other's lie between; found once, since papers of a
        year ask for every community in turn."""
        if frame not in self._found:
            spans: dict[str, tuple[int, int, bool]] = {}
            for place, code in enumerate(getattr(self, frame)["community_code"].tolist()):
                first, after, alone = spans.get(code, (place, place, True))
                spans[code] = (first, place + 1, alone and after == place)
            self._found[frame] = spans
        return self._found[frame]


def plain(value: Any) -> Any:
    """A JSON value: numpy scalars unwrapped, NaN and NA as None."""
    if hasattr(value, "item") and not isinstance(value, (list, dict, str)):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is pd.NA or value is pd.NaT:
        return None
    return value


#: rows up to which a frame is read row by row
_FEW = 20


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain dicts; pandas keeps whole numbers of a column with gaps as floats, which is fine in JSON."""
    if len(frame) <= _FEW:  # to take each column out costs more than a look at every cell
        names = [str(c) for c in frame.columns]
        return [dict(zip(names, map(plain, row), strict=True)) for row in frame.to_numpy(dtype=object).tolist()]
    columns = plain_columns(frame)
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def plain_columns(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """Name → the cells of a column as JSON values."""
    return {str(name): _plain_column(column) for name, column in frame.items()}


def _plain_column(column: pd.Series) -> list[Any]:
    """``plain`` of every cell; numbers at once."""
    if column.dtype == np.float64:
        finite, values = np.isfinite(column.to_numpy()), column.tolist()
        return values if finite.all() else [v if known else None for v, known in zip(values, finite, strict=True)]
    if column.dtype.kind in "bi" and isinstance(column.dtype, np.dtype):
        return column.tolist()
    return list(map(plain, column.to_numpy(dtype=object).tolist()))
