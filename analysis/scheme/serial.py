"""A scheme as plain JSON values and back, exactly: what the store keeps of a version."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from analysis.scheme.model import Award, Dimension, Indicator, MarginTarget, Phase, Scheme, Star, Target, Veto

_ROWS: Mapping[str, Callable[..., Any]] = {
    "indicators": Indicator,
    "stars": Star,
    "awards": Award,
    "vetoes": Veto,
    "targets": Target,
    "phases": Phase,
    "margin_targets": MarginTarget,
}


def to_dict(scheme: Scheme) -> dict[str, Any]:
    """Plain dicts, lists, texts, numbers; lengths of preset scales become texts as JSON wants them."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(scheme), ensure_ascii=False, allow_nan=False))
    return plain


def from_dict(data: Mapping[str, Any]) -> Scheme:
    """The scheme that ``to_dict`` wrote; raises TypeError or KeyError on anything else."""
    fields = dict(data)
    for name, row in _ROWS.items():
        fields[name] = tuple(row(**values) for values in fields.get(name, ()))
    fields["dimensions"] = tuple(
        Dimension(**{**d, "responsible_offices": tuple(d.get("responsible_offices", ()))}) for d in data["dimensions"]
    )
    fields["presets"] = {
        name: {int(levels): tuple(scores) for levels, scores in scales.items()}
        for name, scales in data.get("presets", {}).items()
    }
    fields["community_targets"] = tuple((c, int(y), int(s)) for c, y, s in data.get("community_targets", ()))
    fields["pilots"] = tuple((c, d) for c, d in data.get("pilots", ()))
    if "margins" in data:
        fields["margins"] = tuple(data["margins"])
    return Scheme(**fields)
