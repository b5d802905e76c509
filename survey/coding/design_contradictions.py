"""Design columns held against each other and against what is stored of the same year: what would mean nothing together.

What stands here is what a score can't use later (docs/methods.md, 4): two populations of one stratum, or of one PSU, and
populations smaller than the sample.  What is merely unlikely (weights a thousandfold of others in the stratum, a PSU in two
strata) is a question.  Everything works on one frame of the rows of a file and of what is stored, ``UNIT_COLUMNS``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.core.findings import Level, Scope

#: ``stratum`` 0 … H−1 · ``area`` the strata of which psu names are compared · ``label`` the stratum in words · ``psu``,
#: ``ssu`` names, None where a response is its own · ``fpc``, ``fpc2`` NaN where not told · ``low``, ``high`` weights above 0,
#: NaN where none · ``n`` responses · ``batch`` 0 in the file · ``row`` data row of the file, −1 of what is stored
UNIT_COLUMNS = ("stratum", "area", "label", "psu", "ssu", "fpc", "fpc2", "low", "high", "n", "batch", "row")
#: weights of one stratum that differ this many times are asked about: a slipped decimal point, two units in one column
JUMP = 1000.0

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Contradiction:
    """One cause: data rows of the file (ascending) that contradict the others in one way.

    ``code`` the finding's · ``role`` whose column it stands in · ``level``, ``scope`` as a finding's · ``found`` of the
    cells · ``labels`` the strata · ``batches`` that say otherwise · ``params`` further ones of the text.
    """

    code: str
    role: str
    rows: Ints
    found: str
    labels: tuple[str, ...]
    level: Level = "refuse"
    scope: Scope = "cell"
    batches: tuple[int, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)


def contradictions(units: pd.DataFrame) -> list[Contradiction]:
    """Everything in which the rows of the file contradict each other or what is stored; each cause once."""
    found: list[Contradiction] = []
    for role, unit, mine in _stages(units):
        differing = list(_differing(mine, role))
        gone = np.concatenate([c.rows for c in differing]) if differing else np.zeros(0, dtype=np.int64)
        mine = mine.assign(told=mine["told"].mask(mine["row"].isin(gone)))
        found += _alike([*differing, *_too_small(mine, role, unit)])
    return [*found, *_psus_in_strata(units), *_jumping_weights(units), *_weights_beside_none(units)]


def contradicted_strata(units: pd.DataFrame) -> dict[str, tuple[int, ...]]:
    """Stratum in words → batches of it, where what is stored already can't be used by a score."""
    strata: set[int] = set()
    for _, _, mine in _stages(units):
        told = mine.groupby("group")["told"]
        wrong = (told.nunique() > 1) | (told.max() < _units(mine))
        strata |= set(mine[mine["group"].isin(wrong.index[wrong])]["stratum"])
    return {
        str(rows["label"].iloc[0]): _batches(rows)
        for _, rows in units[units["stratum"].isin(strata)].groupby("stratum")
    }


def _stages(units: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Role and unit of both stages, and the rows with their ``group`` (stratum, PSU), ``told`` population and ``unit``."""
    part = units.groupby(["stratum", "psu"], sort=False, dropna=True).ngroup()  # -1 without a psu
    for role, group, unit in (("fpc", units["stratum"], "psu"), ("fpc2", part, "ssu")):
        yield role, unit, units.assign(group=group, told=units[role], unit=units[unit])[group >= 0]


def _alike(found: Iterable[Contradiction]) -> list[Contradiction]:
    """What says the same of several strata is one cause."""
    together: dict[tuple[Any, ...], list[Contradiction]] = {}
    for one in found:
        said = tuple(sorted((k, v) for k, v in one.params.items() if k != "seen"))
        together.setdefault((one.code, one.found, one.batches, said), []).append(one)
    return [merged(same) for same in together.values()]


def merged(same: list[Contradiction]) -> Contradiction:
    """Several of one kind as one, with what the first one says."""
    if len(same) == 1:
        return same[0]
    first = same[0]
    labels = tuple(dict.fromkeys(label for one in same for label in one.labels))
    rows = np.sort(np.concatenate([one.rows for one in same]))
    batches = tuple(sorted({b for one in same for b in one.batches}))
    return Contradiction(
        first.code, first.role, rows, first.found, labels, first.level, first.scope, batches, first.params
    )


def _groups(units: pd.DataFrame, numbers: Iterable[Any]) -> Iterator[pd.DataFrame]:
    """The rows of these groups, group by group."""
    wanted = units[units["group"].isin(list(numbers))]
    for _, mine in wanted.groupby("group", sort=True):
        yield mine


def _shown(value: float) -> str:
    return f"{value:.15g}"


def _batches(stored: pd.DataFrame) -> tuple[int, ...]:
    return tuple(sorted({int(b) for b in stored["batch"]}))


def _differing(units: pd.DataFrame, role: str) -> Iterator[Contradiction]:
    """Numbers that are not those of their group: the stored ones, else those that most rows have, else none is."""
    told = units[units["told"].notna()]
    kinds = told.groupby("group")["told"].nunique()
    for mine in _groups(told, kinds.index[kinds > 1]):
        stored, new = mine[mine["row"] < 0], mine[mine["row"] >= 0]
        often = (new if stored.empty else stored).groupby("told")["n"].sum().sort_values(ascending=False, kind="stable")
        agreed = set(often.index[:1]) if stored.empty else set(often.index)
        if stored.empty and (often == often.iloc[0]).sum() > 1:
            agreed = set()
        for value, rows in new[~new["told"].isin(agreed)].groupby("told", sort=False):
            expected = next(v for v in often.index if v != value)
            others = stored[stored["told"] == expected]
            yield Contradiction(
                f"design.{role}_differs" + ("" if stored.empty else "_stored"),
                role,
                np.sort(rows["row"].to_numpy(dtype=np.int64)),
                _shown(float(str(value))),
                tuple(dict.fromkeys(rows["label"])),
                batches=_batches(others),
                params={"expected": _shown(expected)},
            )


def _too_small(units: pd.DataFrame, role: str, unit: str) -> Iterator[Contradiction]:
    """Populations below the units seen: cells of the file, or, where a stored one is exceeded, the rows that exceed it."""
    seen = _units(units)
    told = units.groupby("group")["told"].max()
    small = told.index[told < seen.reindex(told.index)]
    for mine in _groups(units, small):
        stored, new = mine[mine["row"] < 0], mine[mine["row"] >= 0]
        known = stored["told"].dropna().unique()
        if new.empty or len(known) > 1:
            continue
        count, labels = int(seen[mine["group"].iloc[0]]), tuple(dict.fromkeys(new["label"]))
        if not len(known):
            cells = new[new["told"].notna()]
            params: dict[str, Any] = {"seen": count}
            found = _shown(float(cells["told"].iloc[0]))
            rows = np.sort(cells["row"].to_numpy(dtype=np.int64))
            yield Contradiction(
                f"design.{role}_small", role, rows, found, labels, batches=_batches(stored), params=params
            )
        elif known[0] >= _units(stored).iloc[0]:
            over = new[~(new["unit"].notna() & new["unit"].isin(stored["unit"].dropna()))]
            names = [str(u) for u in dict.fromkeys(over["unit"].dropna())]
            params = {"expected": _shown(known[0]), "seen": count}
            rows = np.sort(over["row"].to_numpy(dtype=np.int64))
            code, batches = f"design.{unit}_too_many", _batches(stored[stored["told"].notna()])
            yield Contradiction(code, unit, rows, "、".join(names[:5]), labels, "refuse", "row", batches, params)


def _units(units: pd.DataFrame) -> pd.Series[float]:
    """Group → units in it: distinct names, and every response that is its own."""
    named = units[units["unit"].notna()].drop_duplicates(["group", "unit"]).groupby("group").size()
    alone = units[units["unit"].isna()].groupby("group")["n"].sum()
    return named.add(alone, fill_value=0)


def _psus_in_strata(units: pd.DataFrame) -> Iterator[Contradiction]:
    """Names of PSUs that stand in two strata; where PSUs are numbered anew in each stratum, one note says so."""
    units = units[units["psu"].notna()]
    pairs = units.groupby(["area", "psu", "stratum"], as_index=False, sort=False).agg(
        n=("n", "sum"), kept=("row", "min"), label=("label", "first")
    )
    times = pairs.groupby(["area", "psu"])["stratum"].transform("size")
    if not (times > 1).any():
        return
    names = pairs.groupby("area")["psu"].transform("nunique")
    again = pairs[times > 1].groupby("area")["psu"].nunique().reindex(pairs["area"]).fillna(0).to_numpy()
    renumbered = (again > 1) & (2 * again > names)
    new = (pairs["kept"] >= 0) & (times > 1)
    yield from _renumbered(units, pairs[renumbered & new])
    for (area, psu), mine in pairs[~renumbered & (times > 1)].groupby(["area", "psu"], sort=False):
        stored = mine[mine["kept"] < 0]
        home = (mine if stored.empty else stored).sort_values("n", ascending=False, kind="stable").iloc[0]
        strata = mine[(mine["kept"] >= 0) & (mine["stratum"] != home["stratum"])]
        rows = units[(units["area"] == area) & (units["psu"] == psu)]
        wrong = rows[rows["stratum"].isin(strata["stratum"])]
        if len(strata):
            yield Contradiction(
                "design.psu_strata" + ("" if stored.empty else "_stored"),
                "psu",
                np.sort(wrong["row"].to_numpy(dtype=np.int64)),
                str(psu),
                tuple(strata["label"]),
                "ask",
                "row",
                _batches(rows[(rows["row"] < 0) & (rows["stratum"] == home["stratum"])]),
                {"expected": str(home["label"])},
            )


def _renumbered(units: pd.DataFrame, pairs: pd.DataFrame) -> Iterator[Contradiction]:
    if len(pairs):
        rows = units[(units["row"] >= 0) & units["psu"].isin(pairs["psu"])]["row"].to_numpy(dtype=np.int64)
        names, labels = dict.fromkeys(pairs["psu"]), tuple(dict.fromkeys(pairs["label"]))
        shown = "、".join([str(name) for name in names][:5])
        yield Contradiction("design.psu_renumbered", "psu", np.sort(rows), shown, labels, "note", "sheet")


def _jumping_weights(units: pd.DataFrame) -> Iterator[Contradiction]:
    """Weights ``JUMP`` times others of the stratum, on the side that is farther from what is usual there."""
    units = units[units["low"].notna()]
    new, stored = units[units["row"] >= 0], units[units["row"] < 0]
    within = units.groupby("stratum").agg(low=("low", "min"), high=("high", "max"))
    wide = within.index[within["high"] >= JUMP * within["low"] * (1 - 1e-12)]
    for stratum, mine in new[new["stratum"].isin(wide)].groupby("stratum", sort=False):
        known, weight = stored[stored["stratum"] == stratum], mine["low"].to_numpy(dtype=float)
        low, high = float(within["low"][stratum]), float(within["high"][stratum])
        usual = float(np.exp(np.median(np.log(weight))))
        off = np.maximum(high / weight, weight / low) >= JUMP * (1 - 1e-12)
        if len(known):
            least, most = float(known["low"].min()), float(known["high"].max())
            usual = float(np.sqrt(least * most))
            slack = np.sqrt(JUMP) if most >= JUMP * least else 1.0  # stored like that: a person has confirmed it
            off &= (weight < least / slack) | (weight > most * slack)
        off &= np.abs(np.log(weight / usual)) >= np.log(JUMP) / 2 - 1e-12
        if off.any():
            odd = mine[off]
            yield Contradiction(
                "design.weight_jump",
                "weight",
                np.sort(odd["row"].to_numpy(dtype=np.int64)),
                _shown(float(odd["low"].iloc[0])),
                tuple(dict.fromkeys(mine["label"])),
                "ask",
                "row",
                _batches(known),
                {"expected": _shown(usual), "jump": int(JUMP)},
            )


def _weights_beside_none(units: pd.DataFrame) -> Iterator[Contradiction]:
    """Weights in areas that are stored without any, or none where weights are stored: of no common scale in a score."""
    new, stored = units[units["row"] >= 0], units[units["row"] < 0]
    own, theirs = (half[half["low"].notna()] for half in (new, stored))
    if len(own):
        rows = own[own["area"].isin(stored["area"]) & ~own["area"].isin(theirs["area"])]
    else:
        rows = new[new["area"].isin(theirs["area"])]
    if rows.empty:
        return
    beside = (stored if len(own) else theirs)["area"].isin(rows["area"])
    weight = (own if len(own) else theirs)["low"]
    yield Contradiction(
        "design.weight_beside_none" if len(own) else "design.none_beside_weight",
        "weight",
        np.sort(rows["row"].to_numpy(dtype=np.int64)),
        _shown(float(np.exp(np.median(np.log(weight))))),
        tuple(dict.fromkeys(rows["label"])),
        "note",
        "sheet",
        _batches((stored if len(own) else theirs)[beside]),
    )
