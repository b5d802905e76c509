"""A clause that gives points step by step: 95%以上得20分，90%-95%得15分，其余不得分; 优秀100%，良好80%; 达标得分，不达标不得分."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from analysis.scheme.clauses.numerals import UNIT, N
from analysis.scheme.clauses.readings import Reading, asked, number_text

_STEP = re.compile(
    rf"(?P<label>.+?)(?:的|者)?(?:可|应)?(?:得|计|记|给|为|打|占|按|:|=)*(?:满分的|分值的|该项分值的|总分的|标准分的)?"
    rf"(?:(?P<full>满分|全分|{N}分满分)|扣(?:除)?(?P<off>{N})分|(?P<points>{N})分|(?P<percent>{N})%(?:的?分(?:值|数)?)?(?:计分|得分)?|(?P<tenths>{N})成(?:分)?"
    r"|(?P<none>不得分|不计分|不给分|零分|0)|(?P<gets>得分))"
)
_BETWEEN = re.compile(
    rf"(?:{N}%?-{N}%?)?" r"(?:其间|中间|之间|两者之间|其余|余|介于两者之间)?(?:的)?(?:按比例|线性|插值)[^\d]*"
)
_FROM = re.compile(
    rf"[^\d]*?(?:≥|>=|不低于|不少于|达到|达|超过|大于|高于|至少)?[^\d]{{0,4}}(?P<n>{N})(?P<unit>{UNIT}|分)?(?:及以上|含以上|或以上|以上|\+)?"
)
_UP = re.compile(r"以上|≥|>=|不低于|不少于|达到|超过|大于|高于|至少|\+")
_BELOW = re.compile(
    rf"[^\d]*?(?:<|低于|不足|少于|未达到|未达|不到|小于|≤|<=)?[^\d]{{0,4}}(?P<n>{N})(?P<unit>{UNIT}|分)?(?:及以下|含以下|或以下|以下|以内)?"
)
_DOWN = re.compile(r"以下|<|低于|不足|少于|未达|不到|小于|≤|以内")
_RANGE = re.compile(
    rf"[^\d]*?(?P<low>{N})(?:{UNIT}|分)?(?:以上)?(?:-|至|到)(?P<high>{N})(?P<unit>{UNIT}|分)?(?:之间|以下|,?不含)?[^\d]{{0,4}}"
)
_REST = re.compile(r"(?:其余|其他|其它|否则|余下|不足的?|未达到的?|达不到的?|以下|低于此)(?:情况|档次|的|者)?")
_NOTHING = re.compile(r"没有|无|零|未(?:建立?|设立?|开展|完成|达标)?")
#: a word for 100 %, beside steps in percent
_ALL = re.compile(r"(?:全部|全面|如期|按期|100%)(?:完成|达标|到位|落实|合格)?|全部")


@dataclass(frozen=True)
class _Step:
    """One step: the value from which it counts (``low``), to which (``high``), or a word; and its share of full marks."""

    label: str
    share: float
    points: float | None
    low: float | None = None
    high: float | None = None
    rest: bool = False

    @property
    def numeric(self) -> bool:
        return self.low is not None or self.high is not None


def read_graded(text: str, points: float, family: str) -> Reading | None:
    """Bands, grades, or two ends with everything between in proportion; None where the clause is none of these."""
    parts = [part for part in re.split(r"[,、]", text) if part]
    between = [part for part in parts if _BETWEEN.fullmatch(part)]
    matches = [_STEP.fullmatch(part) for part in parts if part not in between]
    if len(matches) < 2 and not (matches and between):
        return None
    steps = [_step(match, points) for match in matches if match]
    if len(steps) < len(matches) or any("扣" in step.label or "每" in step.label for step in steps):
        return None
    if all(match["off"] for match in matches if match) or any(step.share < 0 for step in steps):
        return None
    differ = _points_differ(steps, points, text)
    if differ:
        return differ
    if any(step.numeric for step in steps) and "%" in text:
        steps = [replace(step, low=100.0) if _ALL.fullmatch(step.label) else step for step in steps]
    if any(step.numeric for step in steps):
        steps = [replace(s, rest=True) if s.share == 0 and _NOTHING.fullmatch(s.label) else s for s in steps]
    if all(step.numeric or step.rest for step in steps) and any(step.numeric for step in steps):
        return _numeric(steps, text, family, bool(between))
    if between or any(step.numeric for step in steps):
        return None
    return _grades(steps)


def _step(match: re.Match[str], points: float) -> _Step:
    share, given = _share(match, points)
    label = match["label"]
    if _REST.fullmatch(label):
        return _Step(label, share, given, rest=True)
    if span := _RANGE.fullmatch(label):
        low, high = sorted((float(span["low"]), float(span["high"])))
        return _Step(label, share, given, low, high)
    if _DOWN.search(label) and not _UP.search(label) and (below := _BELOW.fullmatch(label)):
        return _Step(label, share, given, None, float(below["n"]))
    if found := _FROM.fullmatch(label):
        return _Step(label, share, given, float(found["n"]))
    return _Step(label, share, given)


def _share(match: re.Match[str], points: float) -> tuple[float, float | None]:
    """The share of full marks, and the points where points were written."""
    if match["points"]:
        return float(match["points"]) / points, float(match["points"])
    if match["percent"]:
        return float(match["percent"]) / 100, None
    if match["off"]:
        return 1 - float(match["off"]) / points, None
    if match["tenths"]:
        return float(match["tenths"]) / 10, None
    return (0.0 if match["none"] else 1.0), None


def _points_differ(steps: Sequence[_Step], points: float, text: str) -> Reading | None:
    """Points that do not fit those of the indicator are asked about, never scaled."""
    given = [step.points for step in steps if step.points is not None]
    full = any(step.share == 1 and step.points is None for step in steps)
    if given and (max(given) > points or (max(given) < points and not full)):
        return asked("points_differ", text, said=number_text(max(given)), points=number_text(points))
    return None


def _numeric(steps: Sequence[_Step], text: str, family: str, between: bool) -> Reading | None:
    """Bands from the highest value down; or a line between two ends."""
    percent = "%" in text.replace("得", "").replace("%的", "") and bool(re.search(r"\d%", text))
    below = [step for step in steps if step.low is None and step.high is not None]
    bands = sorted((s for s in steps if s.low is not None), key=lambda s: -(s.low or 0.0))
    rest = [step for step in steps if step.rest]
    if len(below) + len(rest) > 1 or not bands:
        return asked("less_is_better", text) if below and any(s.share == 1 for s in below) else None
    if below and below[0].share > bands[-1].share:
        return asked("less_is_better", text)
    lowest, top = bands[-1].low or 0.0, bands[0].low or 0.0
    if below and not _next_to(lowest, below[0].high):
        ends = len(bands) == 1 and bands[0].share == 1 and below[0].share == 0
        if ends and (between or family in ("", "ratio_linear")) and (below[0].high or 0.0) < lowest:
            return Reading(
                "ratio_linear", f"zero={number_text(below[0].high or 0.0)} full={number_text(lowest)}", percent
            )
        return asked("gap", text)
    if _two_ends(bands, below or rest):
        zero, full = number_text(lowest), number_text(top)
        return (
            Reading("ratio_linear", f"zero={zero} full={full}", percent)
            if family != "ratio_banded"
            else asked("gap", text)
        )
    if between:
        if len(bands) == 1 and not rest and not below and bands[0].share == 1:
            return Reading("ratio_linear", f"zero=0 full={number_text(top)}", percent)
        return None
    if any(not _next_to(upper.low, lower.high) for upper, lower in pairwise(bands) if lower.high is not None):
        return asked("gap", text)
    if any(upper.share < lower.share or upper.low == lower.low for upper, lower in pairwise(bands)):
        return asked("less_is_better", text)
    other = (below or rest)[0].share if below or rest else 0.0
    words = [f"{number_text(s.low or 0.0)}:{number_text(s.share)}" for s in bands]
    return Reading("ratio_banded", " ".join([*words, f"else:{number_text(other)}"]), percent)


def _two_ends(bands: Sequence[_Step], others: Sequence[_Step]) -> bool:
    """Full marks at one value and none at another (90%为满分，60%为0分): two ends of a line, not two steps."""
    if len(bands) != 2 or others:
        return False
    top, bottom = bands
    return top.share == 1 and bottom.share == 0 and top.high is None and bottom.high is None and top.low != bottom.low


def _next_to(upper: float | None, lower: float | None) -> bool:
    """Whether one step goes on where the other ends: at the same value, or at the next whole one (80-89, 90以上)."""
    if upper is None or lower is None:
        return False
    return upper == lower or (upper.is_integer() and upper - lower == 1)


def _grades(steps: Sequence[_Step]) -> Reading | None:
    """Grades by their names, best first."""
    names = [
        re.sub(r"^(?:评为|评定为|被评为|为)|等级$|(?<=[A-Za-z])[等级档]$", "", step.label) or step.label
        for step in steps
    ]
    names = names if len(set(names)) == len(names) else [step.label for step in steps]
    if len(set(names)) < len(names) or any(re.search(r"[\s,;、:=]", name) for name in names):
        return None
    ordered = sorted(zip(names, steps, strict=True), key=lambda pair: -pair[1].share)
    return Reading("judged_levels", " ".join(f"{name}:{number_text(step.share)}" for name, step in ordered))
