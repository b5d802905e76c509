"""What a scheme must hold: all problems at once, each at its cell."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Hashable, Iterable
from difflib import get_close_matches
from itertools import pairwise
from typing import TypeVar

from analysis.scheme.model import Indicator, Star
from analysis.scheme.options import MANUAL, OPTIONS, TIER_PROMOTION, default_presets, parse_payers
from analysis.scheme.rules.rule import Rule
from analysis.scheme.rules.rules import parse_rule
from analysis.scheme.rules.words import is_percent, marks
from analysis.scheme.workbook.draft import Draft
from analysis.scheme.workbook.layout import REGISTER_MARGINS
from analysis.scheme.workbook.rows import Row
from survey.core.errors import Refused
from survey.files.own_workbooks import header_key

T = TypeVar("T")

#: codes that would make a column of the results ambiguous (``subjective_se``)
_RESERVED = ("se", "low", "high", "df")
_LEVELS = 3


def check(draft: Draft) -> None:
    """Append every finding to ``draft.findings``."""
    _check_settings(draft)
    _check_presets(draft)
    _check_dimensions(draft)
    _check_indicators(draft)
    _check_points(draft)
    _check_stars(draft)
    _check_awards(draft)
    _once(draft.vetoes, lambda v: header_key(v.code), "code", lambda v: v.code)
    _check_targets(draft)
    _check_lists(draft)
    _check_margins(draft)


def _once(
    rows: Iterable[tuple[T, Row]], key: Callable[[T], Hashable], column: str, shown: Callable[[T], object] = str
) -> None:
    """A finding for every row that repeats another's key."""
    seen: dict[Hashable, Row] = {}
    for value, row in rows:
        first = seen.setdefault(key(value), row)
        if first is not row:
            row.complain("twice", column, found=str(shown(value)), first=first.at(column))


def _check_settings(draft: Draft) -> None:
    values = draft.values
    if draft.settings and not values.code:
        next(iter(draft.settings.values())).complain("setting_missing", "key", key="code")
    if values.code and values.code != "default" and values.first_year is None:
        row = draft.settings.get("first_year", draft.settings["code"])
        row.complain("first_year", "value", code=values.code)
    if values.partial_share > values.complete_share:
        row = draft.settings.get("partial_share") or draft.settings["complete_share"]
        row.complain("partial_above_complete", "value", partial=values.partial_share, complete=values.complete_share)
    if draft.settings.get("full_marks") and values.full_marks == 0:
        draft.settings["full_marks"].complain("points_zero", "value")
    for key, option in OPTIONS.items():
        said = values.others.get(key, "")
        refused = option.problem(said) if said else None
        if refused is not None:
            draft.settings[key].refuse(refused, "value")
    if values.others.get(TIER_PROMOTION) == "manual" and not values.others.get(MANUAL):
        draft.settings[TIER_PROMOTION].complain("manual_amount", "value", "note", key=MANUAL)
    known = {name for (name, _, _), _ in draft.presets} or set(default_presets())
    if values.preset not in known:
        place = draft.settings.get("preset") or next(iter(draft.settings.values()), None)
        if place:
            place.complain("preset_unknown", "value", found=values.preset, expected=", ".join(sorted(known)))


def _check_presets(draft: Draft) -> None:
    _once(draft.presets, lambda p: p[:2], "levels", lambda p: f"{p[0]} {p[1]}")
    for (_, _, scores), row in draft.presets:
        if not scores:
            continue
        found = "/".join(f"{s:g}" for s in scores)
        if min(scores) < 0 or max(scores) > 100:
            row.complain("preset_range", "scores", found=found)
        if any(a < b for a, b in pairwise(scores)) or scores[0] == scores[-1]:
            row.complain("preset_rises", "scores", found=found)


def _check_dimensions(draft: Draft) -> None:
    _once(draft.dimensions, lambda d: header_key(d.code), "code", lambda d: d.code)
    for dimension, row in draft.dimensions:
        code = dimension.code
        if code and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", code):
            row.complain("dimension_code", "code", found=code)
        elif code in _RESERVED or code.endswith("_se"):
            row.complain("dimension_reserved", "code", found=code)


def _check_indicators(draft: Draft) -> None:
    _once(draft.indicators, lambda i: header_key(i.code), "code", lambda i: i.code)
    for indicator, row in draft.indicators:
        if re.search(r"[\s:：|;；]", indicator.code):
            row.complain("indicator_code", "code", found=indicator.code)
        _check_place(draft, indicator, row)
        if header_key(indicator.code) in draft.parents:
            _check_group(indicator, row)
        else:
            _check_leaf(indicator, row)
        _check_office(draft, indicator, row)


def _check_place(draft: Draft, indicator: Indicator, row: Row) -> None:
    """Its dimension and its parents."""
    if indicator.parent and header_key(indicator.parent) not in draft.by_code:
        row.complain("parent_unknown", "parent", found=indicator.parent)
    above = draft.above(indicator)
    if above is None:
        row.complain("parent_circle", "parent", code=indicator.code)
    elif len(above) >= _LEVELS:
        row.complain("too_deep", "parent", code=indicator.code, levels=len(above) + 1)
    if indicator.dimension and not draft.dimension_code(indicator.dimension):
        expected = ", ".join(d.code for d, _ in draft.dimensions)
        row.complain("dimension_unknown", "dimension", found=indicator.dimension, expected=expected)
    elif not indicator.dimension and not draft.dimension_of(indicator):
        row.complain("blank", "dimension", column="dimension")
    elif above and draft.dimension_of(above[0]) not in ("", draft.dimension_of(indicator)):
        row.complain(
            "other_dimension",
            "dimension",
            found=draft.dimension_of(indicator),
            parent=above[0].code,
            expected=draft.dimension_of(above[0]),
        )


def _check_group(indicator: Indicator, row: Row) -> None:
    if indicator.points is not None:
        row.complain("points_on_group", "points", code=indicator.code)
    if indicator.rule:
        row.complain("rule_on_group", "rule", code=indicator.code)


def _check_leaf(indicator: Indicator, row: Row) -> None:
    if indicator.points is None:
        row.complain("points_missing", "points", code=indicator.code)
    if not indicator.rule:
        row.complain("blank", "rule", column="rule")
        return
    try:
        _check_percent(indicator, parse_rule(indicator.rule, indicator.parameters), row)
    except Refused as refused:
        row.refuse(refused, "rule" if refused.key == "rules.unknown" else "parameters")


def _check_percent(indicator: Indicator, rule: Rule, row: Row) -> None:
    """Percentages are 0–100: parameters written as shares would give everyone full marks."""
    best = rule.full_from
    if best is not None and is_percent(indicator.unit) and not 1 < best <= 100:
        row.complain("percent_parameters", "parameters", "note", found=indicator.parameters)


def _check_office(draft: Draft, indicator: Indicator, row: Row) -> None:
    """An office that its dimension does not list is worth a look: it may be a slip of the pen."""
    code = draft.dimension_of(indicator)
    dimension = next((d for d, _ in draft.dimensions if d.code == code), None)
    listed = [*dimension.lead_office.split("、"), *dimension.responsible_offices] if dimension else []
    listed = list(dict.fromkeys(o for o in listed if o))
    for office in indicator.office.split("、") if listed and indicator.office else ():
        if office not in listed:
            close = get_close_matches(office, listed, 1, 0.5)
            expected = list(close or listed)
            row.complain("office_not_listed", "office", "note", found=office, dimension=code, expected=expected)


def _check_points(draft: Draft) -> None:
    """Indicators sum to their dimension's objective points, dimensions to full marks."""
    for dimension, row in draft.dimensions:
        points = [
            i.points
            for i, _ in draft.indicators
            if i.points is not None
            and header_key(i.code) not in draft.parents
            and draft.dimension_of(i) == dimension.code
        ]
        total = math.fsum(points)
        if not _equal(total, dimension.objective_points):
            row.complain(
                "points_sum",
                "objective_points",
                code=dimension.code,
                found=marks(total),
                expected=marks(dimension.objective_points),
                difference=marks(total - dimension.objective_points),
            )
    total = math.fsum(d.objective_points + d.subjective_points for d, _ in draft.dimensions)
    if draft.dimensions and not _equal(total, draft.values.full_marks):
        draft.dimensions[0][1].complain(
            "full_marks", "objective_points", found=marks(total), expected=marks(draft.values.full_marks)
        )


def _equal(a: float, b: float) -> bool:
    """Equal points; NaN (a cell with its own finding) counts as equal."""
    return math.isnan(a) or math.isnan(b) or math.isclose(a, b, abs_tol=1e-6)


def _check_stars(draft: Draft) -> None:
    _once(draft.stars, lambda s: s.star, "star", lambda s: s.star)
    full = math.fsum(d.objective_points + d.subjective_points for d, _ in draft.dimensions)
    below: Star | None = None
    for expected, (star, row) in enumerate(draft.stars, 1):
        if star.star not in (-1, expected):
            row.complain("star_order", "star", found=star.star, expected=expected)
        if below is not None and star.minimum <= below.minimum:
            row.complain(
                "star_minimum", "minimum", star=star.star, found=marks(star.minimum), below=marks(below.minimum)
            )
        if star.minimum > full:
            row.complain("star_unreachable", "minimum", star=star.star, found=marks(star.minimum), full=marks(full))
        below = star


def _star_known(draft: Draft, star: int, row: Row) -> None:
    stars = [s.star for s, _ in draft.stars]
    if star != -1 and star not in stars:
        row.complain("star_unknown", "star", found=star, expected=", ".join(map(str, stars)))


def _check_awards(draft: Draft) -> None:
    _once(draft.awards, lambda a: a.star, "star", lambda a: a.star)
    for award, row in draft.awards:
        _star_known(draft, award.star, row)
        try:
            parse_payers(award.payers)
        except Refused as refused:
            row.complain(refused.key.removeprefix("scheme."), "payers", **refused.params)


def _check_targets(draft: Draft) -> None:
    """Targets nest: no more communities at a higher star than at a lower one, by the same year."""
    _once(draft.targets, lambda t: (t.star, t.due_year), "star", lambda t: f"{t.star} ({t.due_year})")
    for target, row in draft.targets:
        _star_known(draft, target.star, row)
        for other, _ in draft.targets:
            if other.star < target.star and other.due_year == target.due_year and other.share < target.share:
                row.complain(
                    "target_not_nested",
                    "share",
                    star=target.star,
                    found=target.share,
                    other=other.star,
                    expected=other.share,
                )


def _check_lists(draft: Draft) -> None:
    """Annexes 2 and 3, and the phases."""
    _once(draft.community_targets, lambda t: (header_key(t[0]), t[1]), "community", lambda t: f"{t[0]} {t[1]}")
    for (_, _, star), row in draft.community_targets:
        _star_known(draft, star, row)
    _once(draft.pilots, lambda p: (header_key(p[0]), draft.dimension_code(p[1])), "community", " ".join)
    for (_, dimension), row in draft.pilots:
        if dimension and not draft.dimension_code(dimension):
            expected = ", ".join(d.code for d, _ in draft.dimensions)
            row.complain("dimension_unknown", "dimension", found=dimension, expected=expected)
    _once(draft.phases, lambda p: header_key(p.name), "name", lambda p: p.name)
    for phase, row in draft.phases:
        if -1 < phase.last_year < phase.first_year:
            row.complain("phase_ends_before", "to", found=phase.last_year, start=phase.first_year)


def _check_margins(draft: Draft) -> None:
    """A margin is the register's, or the sheet says its population."""
    values, rows = draft.values, draft.margin_targets
    known = dict.fromkeys(target.margin for target, _ in rows)
    place = draft.settings.get("margins") or next(iter(draft.settings.values()), None)
    _once(rows, lambda t: (t.margin, t.category, t.community, t.year), "category", lambda t: t.category)
    for name in values.margins:
        if place and name not in (*REGISTER_MARGINS, *known):
            place.complain("margin_unknown", "value", found=name)
    own = [name for name in values.margins if name not in REGISTER_MARGINS]
    if place and values.weighting == "poststratify" and own and len(values.margins) > 1:
        place.complain("margin_cells", "value", found=list(own))
    for target, row in rows:
        if target.margin in REGISTER_MARGINS:
            row.complain("margin_of_register", "margin", found=target.margin)
        elif target.margin and target.margin not in values.margins:
            row.complain("margin_unused", "margin", "note", found=target.margin)
