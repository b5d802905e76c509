"""Scores of answer scales by their length, best first.

``gd2011``   five levels 100/80/60/40/0 as in 建设幸福广东 2011, the only one with an official source; the default.
``floor20``  never below 20: five levels 100/80/60/40/20.
``low30``    five levels 100/80/60/30/0, the common text of satisfaction reports.
``linear``   evenly spaced from 100 to 0.

Lengths that a preset does not name are evenly spaced (``floor20``: down to 20).
"""

from __future__ import annotations

from collections.abc import Mapping

LENGTHS = range(2, 12)


def even(levels: int, top: float = 100.0, bottom: float = 0.0) -> tuple[float, ...]:
    """Evenly spaced scores of a scale of ``levels``, best first."""
    return tuple(bottom + (top - bottom) * (levels - i) / (levels - 1) for i in range(1, levels + 1))


def default_presets() -> Mapping[str, Mapping[int, tuple[float, ...]]]:
    """The presets that ship: preset → {number of levels → scores best first}."""
    linear = {levels: even(levels) for levels in LENGTHS}
    return {
        "gd2011": {**linear, 5: (100.0, 80.0, 60.0, 40.0, 0.0)},
        "floor20": {levels: even(levels, bottom=20.0) for levels in LENGTHS},
        "low30": {**linear, 5: (100.0, 80.0, 60.0, 30.0, 0.0)},
        "linear": linear,
    }
