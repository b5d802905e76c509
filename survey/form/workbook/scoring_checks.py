"""Checks of choice lists, bounds and scoring: whether every answer can become the score it should."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Literal

from survey.files.own_workbooks import header_key
from survey.form.answer_codes import GIVEN_MISSING
from survey.form.model import Choice, Question
from survey.form.workbook.report import Report, nearest
from survey.form.workbook.sections import may_repeat, repeats

# ── A modest reading of scale labels: whether a scale offers as many ways to praise as to blame


_NEUTRAL = re.compile(
    r"一般|中立|普通|差不多|无所谓|既不|说不上|neither|neutral|average|indifferent|about the same|so-so"
)
_NEGATIVE = re.compile(
    r"不|差|坏|糟|低|难|dissatisf|unsatisf|unhapp|unsafe|disagree|poor|bad\b|worse|never|\bnot\b|\blow\b|difficult"
)
_POSITIVE = re.compile(
    r"满意|好|同意|幸福|安全|方便|优|高|认同|赞成|satisf|happ|safe|agree|good|excellent|better|\bhigh\b|easy|great"
)


def sentiment(label: str) -> Literal["positive", "negative", "neutral"] | None:
    """Which side of a scale a label is on; None where its words are not among the few we know."""
    text = label.casefold()
    if _NEUTRAL.search(text):
        return "neutral"
    if _NEGATIVE.search(text):
        return "negative"
    return "positive" if _POSITIVE.search(text) else None


def unbalanced(levels: Sequence[tuple[int, Mapping[str, str]]]) -> tuple[int, int] | None:
    """(positive, negative) levels of a scale whose sides differ; None where equal or where a label is unknown."""
    for lang in ("zh", "en"):
        sides = [sentiment(labels[lang]) if labels.get(lang) else None for _, labels in levels]
        if None in sides:
            continue
        positive, negative = sides.count("positive"), sides.count("negative")
        return (positive, negative) if positive != negative else None
    return None


#: words named at most by a note that concerns many of them
_FIRST_WORDS = 10
NUMERIC = ("integer", "decimal", "range")


def check_lists(report: Report) -> None:
    """Codes, labels, levels, scores and missing marks of every list of choices."""
    used = {row.list_name for row in report.form.rows if row.type in ("select_one", "select_multiple")}
    used |= {word for row in report.form.rows for word in (row.type if not row.list_name else "").split()[1:]}
    used |= {word for row in report.form.rows for word in row.written.split()[1:]}
    free = may_repeat(report.form.rows, report.form.settings)
    spaced = {row.list_name for row in report.form.rows if row.type == "select_multiple"}
    for name, choices in report.form.lists.items():
        if name not in used:
            report.choice(name, 0, "list_name", "form.list_unused", "note")
        _codes(report, name, choices, name in spaced, name in free)
        _collisions(report, name, choices, name in free, name in free or not report.form.scored)
        _marks(report, name, choices)
        _levels(report, name, choices)


def _codes(report: Report, name: str, choices: Sequence[Choice], spaced: bool, free: bool) -> None:
    """Codes that are missing, stand twice, or hold a space; under a filter those of one code are one answer."""
    seen: dict[str, Choice] = {}
    for index, choice in enumerate(choices):
        key = header_key(choice.name)
        if not key:
            report.choice(name, index, "name", "form.no_choice_name", label=next(iter(choice.labels.values()), ""))
        elif key in seen and (not free or _scores(seen[key]) != _scores(choice)):
            report.choice(name, index, "name", "form.choice_twice", found=choice.name)
        elif spaced and len(choice.name.split()) > 1:
            report.choice(name, index, "name", "form.choice_space", found=choice.name)
        seen.setdefault(key, choice)
    if free and repeats(choices):
        report.choice(name, 0, "name", "form.choices_merged", "note")


def _scores(choice: Choice) -> tuple[object, ...]:
    return choice.level, choice.score, choice.missing


def _collisions(report: Report, name: str, choices: Sequence[Choice], free: bool, by_code: bool) -> None:
    """Two choices that go by the same word could not be told apart in an answer file.

    ``by_code``: one label may stand for several codes (in the branches of a filter, in a form without points); it is
    said once, and such an answer is taken by its code alone.
    """
    owner: dict[str, int] = {}
    ambiguous: list[tuple[int, str, str]] = []
    for index, choice in enumerate(choices):
        for column, spelling in (
            ("name", choice.name),
            *((f"label {lang}", text) for lang, text in choice.labels.items()),
            *(("aliases", alias) for alias in choice.aliases),
        ):
            key = header_key(spelling)
            first = owner.setdefault(key, index) if key else index
            if first == index:
                continue
            if header_key(choices[first].name) in (
                key if column == "name" else "",
                header_key(choice.name) if free else "",
            ):
                continue  # reported as a code that stands twice
            if by_code and column.startswith("label ") and _is_label(choices[first], key):
                ambiguous.append((index, column, spelling))
                continue
            report.choice(name, index, column, "form.choice_collides", found=spelling, other=choices[first].name)
    if ambiguous:
        words = [*dict.fromkeys(spelling for _, _, spelling in ambiguous[:_FIRST_WORDS])]
        report.choice(name, ambiguous[0][0], ambiguous[0][1], "form.choice_ambiguous", "note", found=words)


def _is_label(choice: Choice, key: str) -> bool:
    return header_key(choice.name) != key and key in {header_key(text) for text in choice.labels.values()}


def _marks(report: Report, name: str, choices: Sequence[Choice]) -> None:
    for index, choice in enumerate(choices):
        if choice.missing and choice.missing not in GIVEN_MISSING:
            report.choice(
                name,
                index,
                "missing",
                "form.unknown_missing",
                found=choice.missing,
                known=", ".join(GIVEN_MISSING),
                **nearest(choice.missing, GIVEN_MISSING),
            )
        if choice.missing and (choice.level is not None or choice.score is not None):
            report.choice(name, index, "missing", "form.missing_scored", found=choice.missing)
        if choice.score is not None and not 0 <= choice.score <= 100:
            report.choice(name, index, "score", "form.bad_score", found=f"{choice.score:g}")


def _levels(report: Report, name: str, choices: Sequence[Choice]) -> None:
    levelled = [(i, c, c.level) for i, c in enumerate(choices) if c.level is not None]
    levels = [level for _, _, level in levelled]
    scored = [c for c in choices if not c.missing and (c.level is not None or c.score is not None)]
    if scored:
        for index, choice in enumerate(choices):
            if not choice.missing and choice.level is None and choice.score is None:
                report.choice(name, index, "level", "form.no_level")
    if not levels:
        return
    top = max(levels)
    if set(levels) != set(range(1, len(set(levels)) + 1)) or top < 2:
        found = ", ".join(str(level) for level in levels)
        report.choice(name, levelled[0][0], "level", "form.level_gap", found=found)
        return
    for position, (index, _, level) in enumerate(levelled):
        if level in levels[:position]:
            report.choice(name, index, "level", "form.level_twice", "note", found=level, levels=top)
    balance = unbalanced([(level, choice.labels) for _, choice, level in levelled])
    if balance:
        report.choice(
            name, levelled[0][0], "level", "form.unbalanced", "note", positive=balance[0], negative=balance[1]
        )


def check_numbers(report: Report) -> None:
    """Bounds, steps, cut points and missing values of the numeric questions, and their misuse on others."""
    for index, row in enumerate(report.form.rows):
        if row.type in NUMERIC:
            _bounds(report, index, row)
            _cuts(report, index, row)
        elif row.recode:
            report.row(index, "recode", "form.recode_type", type=row.type)
        elif row.minimum is not None or row.maximum is not None:
            column = "minimum" if row.minimum is not None else "maximum"
            report.row(index, column, "form.bounds_ignored", "note", type=row.type)
        _missing_values(report, index, row)


def _bounds(report: Report, index: int, row: Question) -> None:
    low, high = row.low, row.high
    column = "parameters" if row.type == "range" else "minimum"
    if low is not None and high is not None and low > high:
        report.row(index, column, "form.bounds_reversed", low=f"{low:g}", high=f"{high:g}")
        return
    if row.type == "range":
        if row.unit <= 0 or row.step == 0:
            report.row(index, column, "form.bad_step", found=f"{row.step or 0:g}")
        elif low is not None and high is not None and not _whole_steps(high - low, row.unit):
            report.row(index, column, "form.step_misses_end", low=f"{low:g}", high=f"{high:g}", step=f"{row.unit:g}")
        if row.minimum is not None or row.maximum is not None:
            report.row(
                index, "minimum" if row.minimum is not None else "maximum", "form.bounds_ignored", "note", type=row.type
            )
    if row.type == "integer":
        for name, bound in (("minimum", low), ("maximum", high)):
            if bound is not None and not bound.is_integer():
                report.row(index, name, "form.bound_not_whole", found=f"{bound:g}")


def _whole_steps(length: float, step: float) -> bool:
    steps = length / step
    return math.isfinite(steps) and abs(steps - round(steps)) <= 1e-9


def _cuts(report: Report, index: int, row: Question) -> None:
    if not row.recode or row.high is None:
        return
    last = row.recode[-1]
    if row.high > last.bound or (row.high == last.bound and last.operator == "<"):
        report.row(
            index, "recode", "form.recode_short", "note", high=f"{row.high:g}", last=f"{last.operator}{last.bound:g}"
        )


def _missing_values(report: Report, index: int, row: Question) -> None:
    names = {choice.name: choice for choice in row.choices}
    for value, state in row.missing_values.items():
        if row.type in NUMERIC:
            try:
                number = float(value)
            except ValueError:
                continue
            inside = row.low is not None and row.high is not None and row.low <= number <= row.high
            if inside:
                report.row(
                    index,
                    "missing_values",
                    "form.missing_value_valid",
                    found=value,
                    low=f"{row.low:g}",
                    high=f"{row.high:g}",
                )
        elif value in names and names[value].missing != state:
            report.row(index, "missing_values", "form.missing_value_choice", found=value)


def check_scoring(report: Report) -> None:
    """Whether every question that names a dimension can be scored."""
    for index, row in enumerate(report.form.rows):
        if row.weight <= 0:
            report.row(index, "weight", "form.bad_weight", found=f"{row.weight:g}")
        if not row.dimension:
            continue
        if row.type in ("select_multiple", "text", "date"):
            report.row(index, "dimension", "form.dimension_type", found=row.dimension, type=row.type)
        elif row.type == "select_one" and row.choices:
            _choice_scoring(report, index, row)
        elif row.type in NUMERIC:
            _number_scoring(report, index, row)


def _choice_scoring(report: Report, index: int, row: Question) -> None:
    substantive = [c for c in row.choices if not c.missing]
    if all(c.level is None and c.score is None for c in substantive):
        report.row(index, "dimension", "form.no_scale", found=row.dimension, list=row.list_name)
    elif row.reverse and all(c.score is not None for c in substantive):
        report.row(index, "reverse", "form.reverse_scores", "note", list=row.list_name)


def _number_scoring(report: Report, index: int, row: Question) -> None:
    if row.recode:
        if len({cut.code for cut in row.recode}) < 2:
            report.row(index, "recode", "form.one_code")
    elif row.low is None or row.high is None:
        report.row(index, "dimension", "form.no_bounds", found=row.dimension)
    elif row.low == row.high:
        report.row(index, "dimension", "form.bounds_equal", low=f"{row.low:g}")
