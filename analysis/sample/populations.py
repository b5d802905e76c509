"""Who lives in each area: the register's population by sex and age band, or the scheme's own margins."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.scheme.model import MarginTarget
from analysis.statistics.design import Floats, Ints
from survey.core.cells import answer_key, clean

# ── Age bands as people write them: ``18-29``, ``60岁及以上``, ``75+``, ``17岁以下``


_BETWEEN = re.compile(r"(\d{1,3})(?:-|~|–|—|－|～|至|到|to)(\d{1,3})")
_FROM = re.compile(r"(\d{1,3})(?:\+|及以上|及其以上|以上|andover|andolder|orolder|orover)")
_UPTO = re.compile(r"(\d{1,3})(?:及以下|以下|andunder|andyounger|oryounger|orunder)")
_BELOW = re.compile(r"(?:<|under|不满|未满)(\d{1,3})")
_NO_END = 999


def bounds(label: str) -> tuple[int, int] | None:
    """First and last year of age of a band, both inclusive (以上 and 以下 include the number); None if it is no band."""
    text = re.sub(r"周?岁|[\s()（）]|years?(?:old)?|aged?", "", clean(label).lower())
    if found := _BETWEEN.fullmatch(text):
        low, high = int(found[1]), int(found[2])
        return (low, high) if low <= high else None
    if found := _FROM.fullmatch(text):
        return int(found[1]), _NO_END
    if found := _UPTO.fullmatch(text):
        return 0, int(found[1])
    if found := _BELOW.fullmatch(text):
        return 0, int(found[1]) - 1
    return None


def in_order(labels: Sequence[str]) -> list[str]:
    """From the youngest band to the oldest; what is no band comes last, in the order given."""
    return sorted(labels, key=lambda label: bounds(label) or (_NO_END + 1, 0))


def band_of(age: Floats, labels: Sequence[str]) -> Ints:
    """(n,) which of the bands (in order) an age in years falls in, −1 where in none or not known."""
    known = [(i, *ends) for i, label in enumerate(labels) if (ends := bounds(label))]
    if not known:
        return np.full(len(age), -1, dtype=np.int64)
    index, low, high = (np.array(column) for column in zip(*known, strict=True))
    years = np.floor(np.where(np.isnan(age), -1.0, age))
    place = np.searchsorted(low, years, side="right") - 1
    inside = (place >= 0) & (years <= high[place])
    return np.where(inside, index[place], -1).astype(np.int64)


#: years of age from which people are asked
ADULT = 18
_SEXES = {
    "男": "male",
    "男性": "male",
    "m": "male",
    "man": "male",
    "女": "female",
    "女性": "female",
    "f": "female",
    "woman": "female",
}


@dataclass(frozen=True)
class Figures:
    """Population of A areas.

    ``labels`` per margin its categories in order · ``counts`` (A, L₁ … Lₖ), NaN where not known · ``year`` (A,)
    of the figures, NaN where there are none or where they hold for any year.
    """

    labels: tuple[tuple[str, ...], ...]
    counts: Floats
    year: Floats


def category_key(margin: str, word: str) -> Hashable:
    """What two spellings of a category have in common: ``男``, ``男性`` and ``male``; ``60+`` and ``60岁及以上``."""
    if margin == "age_band" and (ends := bounds(word)):
        return ends
    key = answer_key(word)
    return _SEXES.get(key, key) if margin == "sex" else key


def no_population() -> pd.DataFrame:
    """A register that knows no population."""
    types = {"community": "object", "year": "int64", "sex": "object", "age_band": "object", "population": "float64"}
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in types.items()})


def register_figures(areas: pd.DataFrame, population: pd.DataFrame) -> dict[tuple[str, ...], Figures]:
    """Figures of ``("sex",)``, ``("age_band",)`` and of the cells of both, in either order.

    ``areas`` one row an area: ``community_code, year``; ``population`` as ``store.register.population``.  The
    figures of an area are those of its year, else of the last year before, else of the first after.  A row
    without a band (or sex) is the whole of its sex (or band); without such rows it is their sum.  Bands that end
    below 18 are left out: adults are asked.
    """
    population = _adults(population)
    wanted = pd.DataFrame(
        {"community": areas["community_code"].astype(str).astype(object), "year": areas["year"].astype(np.int64)}
    )
    year = np.full(len(wanted), np.nan)
    sexes = tuple(str(s) for s in dict.fromkeys(population["sex"]) if s)
    bands = tuple(in_order([str(b) for b in dict.fromkeys(population["age_band"]) if b]))
    table = np.full((len(areas), len(sexes) + 1, len(bands) + 1), np.nan)  # the last place: all of them
    if len(population):
        known = population.assign(community=population["community"].astype(str).astype(object))
        year = _nearest_year(wanted, known)
        rows = known.merge(
            wanted.assign(area=np.arange(len(wanted)), year=year).dropna().astype({"year": np.int64}),
            on=["community", "year"],
        )
        table[rows["area"], _places(rows["sex"], sexes), _places(rows["age_band"], bands)] = rows["population"]
    joint = table[:, :-1, :-1]
    alone = {"sex": _stated(table[:, :-1, -1], joint, 2), "age_band": _stated(table[:, -1, :-1], joint, 1)}
    return {
        ("sex",): Figures((sexes,), alone["sex"], year),
        ("age_band",): Figures((bands,), alone["age_band"], year),
        ("sex", "age_band"): Figures((sexes, bands), joint, year),
        ("age_band", "sex"): Figures((bands, sexes), joint.transpose(0, 2, 1), year),
    }


def _adults(population: pd.DataFrame) -> pd.DataFrame:
    """The rows of adults, every category in its first spelling, those of one category summed."""
    if population.empty:
        return population
    ends = [bounds(str(band)) for band in population["age_band"]]
    rows = population[np.array([end is None or end[1] >= ADULT for end in ends], dtype=bool)].copy()
    for margin in ("sex", "age_band"):
        first: dict[Hashable, str] = {}
        rows[margin] = [first.setdefault(category_key(margin, str(w)), str(w)) if w else "" for w in rows[margin]]
    keys = ["community", "year", "sex", "age_band"]
    return rows.groupby(keys, sort=False)["population"].sum().reset_index()


def _nearest_year(wanted: pd.DataFrame, known: pd.DataFrame) -> Floats:
    """(A,) the year whose figures count, NaN where the register has none."""
    have = known[["community", "year"]].drop_duplicates().astype({"year": np.int64}).sort_values("year")
    have["used"] = have["year"].astype(np.float64)
    order = wanted.reset_index(drop=True).sort_values("year", kind="stable")
    result = np.full(len(wanted), np.nan)
    for direction in ("backward", "forward"):
        found = pd.merge_asof(order, have, on="year", by="community", direction=direction)["used"].to_numpy()
        place = order.index.to_numpy()
        result[place] = np.where(np.isnan(result[place]), found, result[place])
    return result


def _places(words: pd.Series, labels: Sequence[str]) -> Ints:
    """(rows,) the place of each word among the labels, the last place for a blank."""
    place = {label: i for i, label in enumerate(labels)}
    return np.array([place.get(str(word), len(labels)) for word in words], dtype=np.int64)


def _stated(margin: Floats, joint: Floats, axis: int) -> Floats:
    """The margin where an area states any of it, else the sum of its cells; NaN where there is neither."""
    with_cells = ~np.isnan(joint).all(axis=axis)
    summed = np.where(with_cells, np.nansum(joint, axis=axis), np.nan)
    return np.where(np.isnan(margin).all(axis=1, keepdims=True), summed, margin)


def scheme_figures(areas: pd.DataFrame, name: str, targets: Sequence[MarginTarget]) -> Figures:
    """Figures of one margin from the scheme's sheet; the row that names an area and a year goes before general ones.

    ``areas`` has ``community`` (the name) as well.
    """
    mine = [t for t in targets if t.margin == name]
    labels = tuple(dict.fromkeys(t.category for t in mine))
    counts = np.full((len(areas), len(labels)), np.nan)
    names = [set(map(str, row)) for row in areas[["community_code", "community"]].itertuples(index=False, name=None)]
    years = areas["year"].to_numpy()
    for target in sorted(mine, key=_precision):
        fits = np.array([not target.community or target.community in n for n in names], dtype=bool)
        fits &= (years == target.year) if target.year else True
        counts[fits, labels.index(target.category)] = target.population
    return Figures((labels,), counts, np.full(len(areas), np.nan))


def _precision(target: MarginTarget) -> Any:
    return bool(target.community), bool(target.year)
