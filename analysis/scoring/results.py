"""One year's results as an immutable value: what pages, exports and commands read.

Everything shown comes from one ``Results``; the store keeps it as JSON (``to_json``/``from_json``).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

#: columns of ``score`` that do not depend on the scheme, in the order of docs/results.md, “Score”
SCORE_COLUMNS = (
    "sub_district", "community_code", "community", "year", "n", "n_received", "n_partial", "n_excluded",
    "objective", "subjective", "subjective_se", "subjective_low", "subjective_high", "subjective_df",
    "total", "total_exact", "total_low", "total_high", "star", "star_probability",
    "star_p0", "star_p1", "star_p2", "star_p3", "star_p4", "star_p5", "star_next_gap",
    "rank", "rank_low", "rank_high", "rank_sim_low", "rank_sim_high", "tier", "differs_next",
    "change_objective", "change_subjective", "change_subjective_se", "change_p", "change_q", "change_word",
    "change_df", "change_common", "change_common_points", "change_common_se", "change_common_p", "change_common_q",
    "change_common_word",
    "status", "provisional", "star_awarded", "note", "note_text",
)  # fmt: skip

#: what the register says of a community, behind the columns of its scores: basic type (基础类型), feature (创建特色)
PLACE_COLUMNS = ("type", "feature")

#: one row a community and questionnaire item
ITEM_COLUMNS = (
    "community_code", "item", "dimension", "label_zh", "label_en", "offices", "n", "n_asked", "score", "se",
    "points", "points_got", "points_lost", "missing_share", "distribution",
)  # fmt: skip
# distribution: list of {"choice", "label_zh", "label_en", "level", "share"}, best first, shares of the
# substantive answers (sum 1); empty for numeric items and for groups under 10. missing_share: don't know,
# refused and not applicable among all who responded to the item.

#: one row a community and indicator that carries points
INDICATOR_COLUMNS = (
    "community_code", "indicator", "dimension", "name_zh", "name_en", "office", "points", "points_got",
    "points_lost", "value", "state", "reason", "reason_params", "method", "date", "evidence", "assessor",
    "batch", "file", "sheet", "row", "self_score", "entered_by", "entered_at", "change_reason",
    "review", "reviewed_by", "reviewed_at", "review_reason",
)  # fmt: skip
# state: "reported", "exempt", "missing"; reason: a text key that explains the points, reason_params its values.
# review: "empty", "entered" (waits), "reviewed", "returned"; it is no part of the calculation but laid over it.

#: one row a community: what became of what was received (by mode in ``modes``: {"paper": n, …} of the scored)
FLOW_COLUMNS = ("community_code", "received", "duplicate", "refused", "stored", "ineligible", "incomplete",
                "partial", "scored", "modes")  # fmt: skip

#: one row a sub-district
STREET_COLUMNS = (
    "sub_district", "communities", "with_total", "mean_total", "weighted_total", "coverage",
    "subjective", "subjective_se", "subjective_low", "subjective_high", "subjective_df", "change_subjective",
    "change_subjective_se", "change_p", "change_word", "n", "note",
)  # fmt: skip

FRAMES = ("scores", "items", "indicators", "flow", "streets")
#: columns of ``scores`` and ``streets`` that hold words or flags; all others are numbers, NaN for empty
WORDS = frozenset({"sub_district", "community_code", "community", "change_word", "change_common_word",
                   "status", "provisional",
                   "note", "note_text", "stage", "title_event", *PLACE_COLUMNS})  # fmt: skip


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
        frames = {name: pd.DataFrame(data[name], columns=data["columns"][name]) for name in FRAMES}
        for name in ("scores", "streets"):
            numbers = [c for c in frames[name] if c not in WORDS]
            frames[name] = frames[name].astype(dict.fromkeys(numbers, "float64"))
        return cls(meta=data["meta"], extra=data["extra"], **frames)

    def community(self, code: str) -> dict[str, Any]:
        """The score row of one community as a dict, None for empty; KeyError if it is not there."""
        for row in records(self.scores[self.scores["community_code"] == code]):
            return row
        raise KeyError(code)

    def rows(self, frame: str, code: str | None = None) -> list[dict[str, Any]]:
        """Rows of a frame as dicts with None for empty, all or of one community."""
        data: pd.DataFrame = getattr(self, frame)
        if code is not None:
            data = data[data["community_code"] == code]
        return records(data)


def plain(value: Any) -> Any:
    """A JSON value: numpy scalars unwrapped, NaN and NA as None."""
    if hasattr(value, "item") and not isinstance(value, (list, dict, str)):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is pd.NA or value is pd.NaT:
        return None
    return value


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain dicts; pandas keeps whole numbers of a column with gaps as floats, which is fine in JSON."""
    columns = [str(c) for c in frame.columns]
    values = [[plain(v) for v in frame[c].tolist()] for c in frame.columns]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)] if columns else []
