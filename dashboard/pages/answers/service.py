"""How people answered one question: by group the distribution, the score with its interval, and what differs beyond chance.

All numbers are those of ``estimate`` (docs/results.md): ``--by PLACE,year,SPLIT --rest --where …`` and ``--difference``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

from analysis.sample.item_values import levelled
from analysis.statistics.differences import benjamini_hochberg, holm
from analysis.statistics.notes import SEPARATOR
from analysis.tables.stored_estimates import Read, estimate_for, reading
from dashboard.data.questions.asked import COMMUNITY, CROSSED, Asked, read_asked
from dashboard.data.results import Source
from dashboard.pages.answers.together import Together, over_groups
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.store import Store

#: chance below which a difference is said to be none of chance, after all groups were looked at
BEYOND = 0.05
#: the column of a table that tells its groups apart
_KEY = "_key"
#: states of a cell that are no opinion
_NO_OPINION = ("dont_know", "refused", "not_applicable")


@dataclass(frozen=True)
class Group:
    """One row. ``value`` of the split, None for all; ``n`` who answered; ``shares`` choice → (share, low, high);
    ``no_opinion`` share of don't knows and refusals; ``mean`` (score 0–100 of levels, else own values) with its interval;
    ``against``, ``against_q``, ``against_holm``: own mean less that of the other groups, with its q and its p after Holm; ``was`` mean of the year before with its
    interval, ``change``, ``change_p``, ``change_q``, ``change_holm`` on own values; ``top`` share of the two best levels with its interval;
    ``notes`` codes."""

    value: str | None
    n: int | None
    shares: Mapping[str, tuple[float, float | None, float | None]]
    no_opinion: float | None
    mean: float | None
    low: float | None
    high: float | None
    against: float | None = None
    against_q: float | None = None
    against_holm: float | None = None
    was: float | None = None
    was_low: float | None = None
    was_high: float | None = None
    change: float | None = None
    change_p: float | None = None
    change_q: float | None = None
    change_holm: float | None = None
    top: tuple[float, float | None, float | None] | None = None
    notes: tuple[str, ...] = ()

    @property
    def hidden(self) -> bool:
        """Whether nothing of it is shown."""
        return self.mean is None and not self.shares

    def better(self, by: float | None, q: float | None, best_first: bool) -> int:
        """1 where a difference beyond chance is one for the better, -1 for the worse, 0 where it is within chance."""
        if by is None or q is None or q >= BEYOND or by == 0:
            return 0
        return (1 if by > 0 else -1) * (-1 if best_first else 1)


@dataclass(frozen=True)
class Answers:
    """What the page shows: ``asked``; ``whole`` and the ``groups``; ``scored``: means are points from 0 to 100;
    ``why`` it could not be computed, if so; ``together`` whether the groups differ at all."""

    asked: Asked
    whole: Group | None
    groups: tuple[Group, ...]
    scored: bool
    why: Refused | None = None
    together: tuple[Together, ...] = ()

    @property
    def best_first(self) -> bool:
        """Whether on its own values the lowest is the best."""
        return self.scored and not self.asked.item.reverse

    @property
    def rows(self) -> tuple[Group, ...]:
        """All lines of the picture."""
        return (*((self.whole,) if self.whole else ()), *self.groups)

    @property
    def common(self) -> tuple[str, ...]:
        """The codes of notes that every line has: they are said once."""
        every = [row.notes for row in self.rows]
        return tuple(code for code in every[0] if all(code in notes for notes in every)) if every else ()


def answers(viewer: Viewer, source: Source, store: Store, year: int, filters: Mapping[str, str]) -> Answers:
    """The answers to what the address asks for.  Raises Refused as ``read_asked`` does."""
    asked = read_asked(viewer, source, store, year, filters)
    scored = levelled(asked.item)
    try:
        with reading(store, asked.form_name) as read:
            alone = _table(store, asked, (), read)
            parts = _table(store, asked, asked.splits, read) if asked.split else None
            changes = _changes(store, asked, read)
    except Refused as why:
        return Answers(asked, None, (), scored, why)
    whole = _groups(asked, alone, changes[0], ())
    groups = () if parts is None else _groups(asked, parts, changes[1], asked.splits)
    together = () if parts is None else over_groups(asked, parts)
    return Answers(asked, next(iter(whole), None), _sorted(groups, asked, scored=scored), scored, together=together)


def _sorted(groups: tuple[Group, ...], asked: Asked, *, scored: bool) -> tuple[Group, ...]:
    """The groups in the order asked for; what is not shown comes last, but where the questionnaire orders or names do."""

    def value(group: Group) -> float:
        return -(group.mean if group.mean is not None else -np.inf)

    def apart(group: Group) -> tuple[bool, float]:
        better = group.better(group.against, group.against_q, scored and not asked.item.reverse)
        return better == 0, -better * abs(group.against or 0.0)

    def label(group: Group) -> list[str]:
        return [_spelled(asked, c, v) for c, v in zip(asked.splits, (group.value or "").split(CROSSED), strict=True)]

    keys: Mapping[str, Callable[[Group], Any]] = {
        "value": lambda g: (g.hidden, value(g)),
        "apart": lambda g: (g.hidden, *apart(g), value(g)),
        "size": lambda g: (g.hidden, -(g.n or 0)),
        "name": label,
    }
    return tuple(sorted(groups, key=keys[asked.sort])) if asked.sort in keys else groups


def _spelled(asked: Asked, column: str, value: str) -> str:
    """A value by its Chinese name, however the reader reads it: the order is one."""
    if column == COMMUNITY:
        return dict(asked.places).get(value, value)
    return asked.columns[column].values.get(value, {}).get("zh", value)


def _years(asked: Asked) -> str:
    return f"year={','.join(str(y) for y in (asked.before, asked.year) if y is not None)}"


def _table(store: Store, asked: Asked, split: Sequence[str], read: Read) -> pd.DataFrame:
    """The table of the place shown, of both years."""
    place = ("community",) if COMMUNITY in split else _place_of(asked)
    street = ("sub_district",) * bool(asked.street)  # the rest of a community are the others of its street
    by = list(dict.fromkeys([*(street if tuple(split) == (COMMUNITY,) else ()), *place, "year", *split]))
    rest = bool(split)
    found = estimate_for(
        store, asked.form_name, [asked.item.name], by, where=[_years(asked), *asked.where], rest=rest, read=read
    )
    return _here(found, asked, COMMUNITY in split)


def _place_of(asked: Asked) -> tuple[str, ...]:
    return ("community",) if asked.community else ("sub_district",) * bool(asked.street)


def _here(found: pd.DataFrame, asked: Asked, communities: bool) -> pd.DataFrame:
    """The rows of the place shown."""
    if communities:
        found = found[found["community_code"].isin([code for code, _ in asked.places])]
    elif asked.community:
        found = found[found["community_code"] == asked.community]
    elif asked.street:
        found = found[found["sub_district"] == asked.street]
    return found.reset_index(drop=True)


def _changes(store: Store, asked: Asked, read: Read) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """The change of the mean since the year before, and the share of the two best levels: of all, and by group."""
    pair = None if asked.before is None else f"year={asked.year},{asked.before}"

    def of(split: Sequence[str]) -> pd.DataFrame | None:
        place = ("community",) if COMMUNITY in split else _place_of(asked)
        by = list(dict.fromkeys([*place, "year", *split]))
        where = [_years(asked), *asked.where]
        try:
            found = estimate_for(
                store,
                asked.form_name,
                [asked.item.name],
                by,
                where=where,
                stats=["mean", "top2"],
                difference=pair,
                read=read,
            )
        except Refused:  # a question without a mean, or nobody in one of the years
            return None
        return _here(found, asked, COMMUNITY in split)

    if pair is None and not levelled(asked.item):
        return None, None
    return of(()), of(asked.splits) if asked.split else None


def _groups(
    asked: Asked, table: pd.DataFrame, changes: pd.DataFrame | None, splits: Sequence[str]
) -> tuple[Group, ...]:
    """One group a value of the split, or a pair of values of both, in the order of the questionnaire."""
    key = _KEY if splits else ""
    plain = _keyed(table.astype(object).where(table.notna(), None), splits)
    changes = None if changes is None else _keyed(changes, splits)
    now = plain[plain["year"] == asked.year]
    was = plain[plain["year"] == asked.before] if asked.before is not None else plain.iloc[:0]
    values: list[Any] = list(dict.fromkeys(now[key])) if key else [None] if len(now) else []
    orders = [
        [code for code, _ in asked.places] if split == COMMUNITY else list(asked.columns[split].values)
        for split in splits
    ]

    def place(value: Any) -> list[int]:
        pairs = zip(orders, str(value).split(CROSSED), strict=True) if splits else ()
        return [order.index(one) if one in order else len(order) for order, one in pairs]

    values = sorted((v for v in values if v is not None or not key), key=place)
    moved = _moved(changes, key, values, asked.year)
    best = _best(changes, key, asked.year)
    return tuple(
        _group(
            asked,
            value,
            now[now[key] == value] if key else now,
            was[was[key] == value] if key else was,
            {**moved.get(value, {}), **best.get(value, {})},
        )
        for value in values
    )


def _keyed(table: pd.DataFrame, splits: Sequence[str]) -> pd.DataFrame:
    """The table with one column that tells its groups apart, None where one of the values is missing."""
    if not splits:
        return table
    columns = [table["community_code" if split == COMMUNITY else split].tolist() for split in splits]
    keys = [
        None if any(v is None or v != v for v in values) else CROSSED.join(map(str, values))
        for values in zip(*columns, strict=True)
    ]
    return table.assign(**{_KEY: pd.Series(keys, index=table.index, dtype=object)})


def _best(changes: pd.DataFrame | None, key: str, year: int) -> dict[Any, dict[str, Any]]:
    """Value → share of the two best levels with its interval."""
    if changes is None or "stat" not in changes:
        return {}
    rows = changes[(changes["stat"] == "top2") & (changes["year"] == year) & changes["value"].notna()]
    plain = rows.astype(object).where(rows.notna(), None)
    return {
        (row[key] if key else None): {"top": (float(row["value"]), row["low"], row["high"])}
        for row in plain.to_dict("records")
    }


def _moved(changes: pd.DataFrame | None, key: str, values: Sequence[Any], year: int) -> dict[Any, dict[str, float]]:
    """Value → change with its p, and its q among all groups shown."""
    if changes is None or "difference" not in changes:
        return {}
    rows = changes[(changes["year"] == year) & (changes["stat"] == "mean")]
    rows = rows[rows["difference"].notna()]
    found = {
        (row[key] if key else None): {"change": row["difference"], "change_p": row["difference_p"]}
        for row in rows.to_dict("records")
    }
    found = {value: found[value] for value in values if value in found}
    if found:
        p = np.array([one["change_p"] for one in found.values()], dtype=float)
        for one, q, strict in zip(found.values(), benjamini_hochberg(p), holm(p), strict=True):
            one |= {"change_q": float(q), "change_holm": float(strict)}
    return {v: {k: x for k, x in one.items() if x == x} for v, one in found.items()}  # NaN: no test


def _group(asked: Asked, value: Any, now: pd.DataFrame, was: pd.DataFrame, moved: Mapping[str, Any]) -> Group:
    mean_row = next(
        (r for r in now.to_dict("records") if r["choice"] in ("", None) and r["item"] == asked.item.name), None
    )
    choices = [r for r in now.to_dict("records") if r is not mean_row]
    names = {c.name for c in asked.item.choices if c.missing is None}
    shares = {
        name: (float(r["share"]), r["share_low"], r["share_high"])
        for r in choices
        if (name := _choice_of(r, asked)) in names and r["share"] is not None
    }
    silent = [float(r["share"]) for r in choices if _choice_of(r, asked) in _silent(asked) and r["share"] is not None]
    mean, low, high = _mean(mean_row, levelled(asked.item))
    before = next((r for r in was.to_dict("records") if r["choice"] in ("", None)), None)
    was_mean, was_low, was_high = _mean(before, levelled(asked.item))
    rest = mean_row or {}
    shown = mean_row or next(iter(choices), {})
    return Group(
        None if value is None else str(value),
        None if shown.get("n") is None else int(shown["n"]),
        shares,
        sum(silent) if silent else None,
        mean,
        low,
        high,
        rest.get("difference"),
        rest.get("difference_q"),
        rest.get("difference_holm"),
        was_mean,
        was_low,
        was_high,
        notes=tuple(code for code in str(shown.get("note") or "").split(SEPARATOR) if code),
        **moved,
    )


def _silent(asked: Asked) -> frozenset[str]:
    return frozenset({*_NO_OPINION, *(c.name for c in asked.item.choices if c.missing is not None)})


def _choice_of(row: Mapping[str, Any], asked: Asked) -> str:
    """The choice a row is of: ``select_multiple`` writes it behind the question's name."""
    item = str(row["item"])
    own = item.removeprefix(f"{asked.item.name}/") if item != asked.item.name else ""
    return own or str(row["choice"] or "")


def _mean(row: Mapping[str, Any] | None, points: bool) -> tuple[float | None, float | None, float | None]:
    """Mean and its t interval: of levels the points from 0 to 100, cut there; else own values."""
    if row is None:
        return None, None, None
    if not points:
        return row["mean"], row["low"], row["high"]
    mean, se, df = row["mean_score"], row["se_score"], row["df"]
    if mean is None or se is None or df is None or df <= 0:
        return mean, None, None
    half = float(student.ppf(0.975, df)) * float(se)
    return float(mean), max(0.0, float(mean) - half), min(100.0, float(mean) + half)
