"""Weighted means and shares of any question by any groups, with their standard errors (docs/results.md, “Estimate”)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.disclosure.audit import Audit, Shown, TableAudit
from analysis.disclosure.counted import Counted
from analysis.disclosure.decision import Kept
from analysis.disclosure.filtered import FilteredAudit, left_of
from analysis.sample.calibrated_domains import Weighted
from analysis.sample.filters import make_filters
from analysis.sample.grouping import Grouping, make_grouping, positions_of
from analysis.sample.item_spread import answer_places, best_first
from analysis.sample.item_values import NO_OPINION, answered, levelled, numeric_codes, opinions, own_values
from analysis.sample.pooled_sample import Part, Pool, pool
from analysis.sample.year_schemes import YearSchemes
from analysis.scheme.model import Scheme, Weighting
from analysis.statistics.design import Bools, Floats, Ints
from analysis.statistics.estimation import Base, Domains, Estimate, base_of, estimate
from analysis.statistics.notes import join_notes
from analysis.tables.asked_statistics import asked_items
from analysis.tables.group_against_rest import REST, Rest, make_rest, over_choices
from survey.core import limits
from survey.core.errors import Refused
from survey.core.lazily import cached_property
from survey.form.answer_codes import BLANK, STATE_NAMES
from survey.form.model import Question

Places = npt.NDArray[np.int16]
Texts = npt.NDArray[np.object_]

MEASURES = (
    *("n", "sum_weight"),
    *("mean", "se", "low", "high", "df", "deff"),
    *("share", "share_low", "share_high"),
    *("mean_score", "se_score"),
)
_ERRORS = ("se", "low", "high", "df", "deff", "share_low", "share_high", "se_score")


def estimate_table(
    parts: Sequence[Part],
    *,
    items: Sequence[str] | None = None,
    by: Sequence[str] = ("community", "year"),
    populations: Mapping[str, float],
    scheme: Scheme | None = None,
    schemes: Mapping[int, Scheme] | None = None,
    weighting: Weighting = "none",
    population: pd.DataFrame | None = None,
    rest: bool = False,
    where: Sequence[str] = (),
    kept: Kept | None = None,
) -> pd.DataFrame:
    """The columns of ``by`` (``community`` with ``community_code``), ``item, choice``, MEASURES, ``note``.

    ``parts`` questionnaires with their responses, versions put together; ``items`` question names (default:
    every closed or numeric question without a role); ``populations`` community code → adults; ``schemes`` (year →
    scheme; ``scheme`` where none is named) give the scores of levels, the rule for lonely PSUs and what ``weighting``
    (of every response, to ``population``, the register's) goes by, each of the responses of its year, and say which
    responses the published points rest on: where few of a community do not count there, its scored items leave them out, note ``scored_only``, every item few of none (``placeless``).

    Numeric and levelled items have one row with ``choice`` ``''``: ``mean`` of own values, ``mean_score``
    0–100.  Choice items have one more a choice: ``share`` among those with an opinion, ``se`` and a logit
    interval; ``select_multiple`` as item ``question/choice``.  Don't know, refused and not applicable are
    rows with that word as ``choice``: ``share`` among all who responded.  ``n`` is the base of the row.

    Small groups (per item): under 5 one row with nothing but ``suppressed``, 5–9 no shares; what would reveal them by
    subtraction, from this table or another, is held back as well (``disclosure.audit``).
    ``where``: ``COLUMN=V1,V2``, a domain: the rest of the design stays (``sample.filters``).
    ``rest`` adds ``group_against_rest.REST``: each group against the others of its area and year, by mean or share.
    Raises Refused for unknown names, for weights or fpc that mean nothing, and where replicate weights were to be weighted.
    """
    table = lay_table(
        pool(parts),
        by=by,
        populations=populations,
        scheme=scheme,
        schemes=schemes,
        weighting=weighting,
        population=population,
        rest=rest,
        where=where,
        kept=kept,
    )
    return estimate_rows(table, items)


def estimate_rows(table: EstimateTable, items: Sequence[str] | None) -> pd.DataFrame:
    """The rows of ``estimate_table`` of a table that is laid out."""
    names = asked_items(table.sample, items)
    rows = [list(table.rows(name)) for name in names]
    each = [over_choices(found) for found in rows] if table.rest else rows
    pieces = [piece.assign(_item=i) for i, found in enumerate(each) for piece in found]
    return assembled(table.sample, table.grouping, [*MEASURES, *(REST if table.rest else ())], pieces)


def lay_table(
    sample: Pool,
    *,
    by: Sequence[str],
    populations: Mapping[str, float],
    scheme: Scheme | None = None,
    schemes: Mapping[int, Scheme] | None = None,
    weighting: Weighting = "none",
    population: pd.DataFrame | None = None,
    rest: bool = False,
    where: Sequence[str] = (),
    kept: Kept | None = None,
    audit: Audit | None = None,
) -> EstimateTable:
    """What the rows of all items of such a table share; raises Refused as ``estimate_table`` does.

    ``kept`` is what decisions of what may be shown of these responses have shown, and will; ``audit`` one of them all.
    """
    if rest and weighting != "none":
        raise Refused("estimation.rest_weighted")
    if sample.replicates and weighting != "none":
        raise Refused("estimation.replicates_weighted")
    audit = audit or Audit(sample, kept)
    grouping, filters = make_grouping(sample, by), make_filters(sample, where)
    asked: TableAudit | FilteredAudit = audit.table(grouping)
    if filters:
        grouping, asked = left_of(audit, grouping, filters)
    years = YearSchemes.of(sample, schemes or {}, scheme)
    counted = Counted(sample, schemes or {})
    groups = replace(grouping.groups, code=np.where(counted.of_none, -1, grouping.groups.code))
    weigh = partial(years.weigh, weighting=weighting, population=population, populations=populations)
    weighted = weigh(groups)
    open_, sampled = sample.sample_notes(grouping.groups)
    sums, laid = partial(left_of, audit, filters=filters), replace(grouping, groups=groups)
    against = make_rest(laid, weighted.domains, weigh, sums) if rest else None
    aside = years.weighted_otherwise(grouping.groups, weighting)  # what is published is weighted as the scheme says
    expand = partial(weigh, groups, every=True)
    return EstimateTable(sample, grouping, weighted, expand, open_, sampled, years, against, asked, counted, aside)


def valued(question: Question, *, asked: bool = False) -> bool:
    """Whether its answers have values of their own: a number or a level; where a mean is ``asked`` for also codes that are
    all numbers."""
    if question.coding != "choice":
        return question.coding in ("step", "number")
    return levelled(question) or (asked and bool(opinions(question)) and numeric_codes(question))


@dataclass(frozen=True)
class Answers:
    """An item's answers: ``positions`` of the parts that ask it, ``several`` choices at once, ``places`` (n,) of each
    answer or its state, ``chosen`` choice → who chose it (n,), ``out`` (n,) left out, ``base`` and ``shown`` of its groups,
    ``unsaid`` (G,) groups whose rest has a mean, or shares, that are held back."""

    name: str
    positions: tuple[int, ...]
    several: bool
    places: Places
    chosen: dict[str, Bools]
    out: Bools
    base: Base
    shown: Shown
    unsaid: tuple[Bools, Bools] | None


@dataclass(frozen=True)
class EstimateTable:
    """Everything that the rows of all items share."""

    sample: Pool
    grouping: Grouping
    weighted: Weighted
    expand: Callable[[], Weighted]
    open_: Bools
    sampled: Texts
    years: YearSchemes
    rest: Rest | None
    audit: TableAudit | FilteredAudit
    counted: Counted
    aside: Bools

    @property
    def domains(self) -> Domains:
        """The groups with the weights that everything but totals takes."""
        return self.weighted.domains

    @cached_property
    def expanded(self) -> Weighted:
        """The same with weights that sum to the population, as totals take them."""
        return self.expand()

    def answers(self, name: str) -> Answers:
        """Who answered an item, how, and what may be shown of it."""
        positions = positions_of(self.sample, name)
        several = self._question(name, positions).coding == "multiple"
        positions = tuple(p for p in positions if (self._question(name, [p]).coding == "multiple") == several)
        places, chosen = self._multiple(name, positions) if several else self._single(name, positions)
        out = self.counted.left_out(name, answered(places))
        places, chosen = np.where(out, BLANK, places), {choice: ticked & ~out for choice, ticked in chosen.items()}
        base = base_of(self.domains, self.domains.take(places) >= 0)
        shown = self.shown(places >= 0, out, None if several else places)
        unsaid = None if self.rest is None else self.rest.unsaid(places >= 0, None if several else _levels(places))
        return Answers(name, positions, several, places, chosen, out, base, shown, unsaid)

    def rows(self, name: str) -> Iterator[pd.DataFrame]:
        """The rows of one item, one frame a choice; ``_group`` and ``_order`` say where they go."""
        a = self.answers(name)
        here = self.domains.take(a.places)
        yield self._head(a)
        for order, (choice, ticked) in enumerate(a.chosen.items(), 1):
            item = f"{name}/{choice}" if a.several else name
            yield self._share(a, item, choice, order, a.base, self.domains.take(ticked), a.shown)
        for state in NO_OPINION:
            if (here == state).any():
                responded = base_of(self.domains, answered(here))
                both = _both(a.shown, self.shown(answered(a.places), a.out))
                yield self._share(a, name, STATE_NAMES[state], len(a.chosen) - state, responded, here == state, both)

    def own(self, a: Answers) -> Floats | None:
        """(n,) own values of an item, NaN where left out; None where it has none."""
        questions = [self._question(a.name, [p]) for p in a.positions]
        if not any(valued(q, asked=True) for q in questions):
            return None
        own = self.sample.stack(lambda form, block: own_values(form, block, a.name), a.positions)
        return np.where(a.out, np.nan, own)

    def _question(self, name: str, positions: Sequence[int]) -> Question:
        return self.sample.parts[positions[-1]][0].question(name)

    def _single(self, name: str, positions: Sequence[int]) -> tuple[Places, dict[str, Bools]]:
        """Place or state of each response (n,), and choice → who chose it (n,)."""
        choices = best_first(self.sample, name, positions)
        places = answer_places(self.sample, name, positions, choices)
        return places, {choice.name: places == i for i, choice in enumerate(choices)}

    def _multiple(self, name: str, positions: Sequence[int]) -> tuple[Places, dict[str, Bools]]:
        """0 or the state of each response (n,), and choice → who ticked it (n,)."""
        places = np.full(len(self.sample), BLANK, dtype=np.int16)
        ticked: dict[str, Bools] = {}
        for position in positions:
            (form, block), rows = self.sample.parts[position], self.sample.bounds[position]
            answers = block.multiple[name]
            places[rows] = np.minimum(block.codes[:, form.position[name]], 0)
            row = np.repeat(np.arange(rows.start, rows.stop), [len(a or ()) for a in answers])
            index = np.array([i for a in answers if a for i in a], dtype=np.int64)
            for i, choice in enumerate(form.question(name).choices):
                column = ticked.setdefault(choice.name, np.zeros(len(self.sample), dtype=bool))
                column[row[index == i]] = True
        return places, ticked

    def shown(self, answered: Bools, out: Bools, places: Places | None = None) -> Shown:
        """What groups may show of an item that a mask (n,) answered, ``out`` (n,) left out; ``places`` (n,) among choices."""
        shown = self.audit.shown(answered, _levels(places))
        years, placeless, any_of = self.sample.numbers("year"), self.counted.placeless, self.grouping.groups.any
        of_none = out & placeless & np.isin(years, years[~placeless])  # a year without communities has no few of none
        less, fewer = (any_of(some) & ~shown.hidden for some in (out & ~of_none, of_none))
        notes = ((less, "scored_only"), (fewer, "placeless"), (self.aside, "not_for_publication"))
        return replace(shown, note=join_notes(len(less), *notes, start=shown.note))

    def _head(self, a: Answers) -> pd.DataFrame:
        """The row with an empty choice: means where the item has values, else only what small groups must say."""
        name, positions, base, shown, out = a.name, a.positions, a.base, a.shown, a.out
        questions = [self._question(name, [p]) for p in positions]
        has_values = any(map(valued, questions))
        columns: dict[str, Floats] = {}
        kernel = np.full(len(base.n), "", dtype=object)
        if has_values:
            own = self.sample.stack(lambda form, block: own_values(form, block, name), positions)
            x = self.domains.take(np.where(out, np.nan, own))
            mean = self._mean(x, base)
            scores = self.years.scores(name, positions)
            score = self._mean(self.domains.take(np.where(out, np.nan, scores)), base)
            columns = {c: getattr(mean, c) for c in ("mean", "se", "low", "high", "df", "deff")}
            columns |= {"mean_score": score.mean, "se_score": score.se}
            columns |= self._against(a, np.nan_to_num(x), ~np.isnan(x), base.n > 0, shown)
            kernel = mean.note
        where = (base.n > 0) & (has_values | (shown.note != ""))
        return self._frame(name, "", 0, base, columns, kernel, shown, where)

    def _mean(self, x: Floats, base: Base) -> Estimate:
        """Mean of those that have a value: the base, unless some opinion has none."""
        known = ~np.isnan(x)
        same = np.array_equal(known, base.share > 0)
        return estimate(self.domains, x, base=base if same else base_of(self.domains, known))

    def _share(
        self, a: Answers, item: str, choice: str, order: int, base: Base, chosen: Bools, shown: Shown
    ) -> pd.DataFrame:
        """The rows of one choice: its share with a logit interval."""
        result = estimate(self.domains, chosen.astype(np.float64), base=base, share=True)
        columns: dict[str, Floats] = {
            "share": result.mean,
            "se": result.se,
            "share_low": result.low,
            "share_high": result.high,
            "df": result.df,
            "deff": result.deff,
        }
        where = (base.n >= limits.TOTALS_BELOW) & ~shown.spread_hidden
        there = np.ones(len(chosen), dtype=bool) if base.answered is None else base.answered
        columns |= self._against(a, chosen.astype(np.float64), there, where, shown, share=True)
        return self._frame(item, choice, order, base, columns, result.note, shown, where)

    def _against(
        self, a: Answers, values: Floats, answered: Bools, where: Bools, shown: Shown, *, share: bool = False
    ) -> dict[str, Floats]:
        """``REST`` by group of those that are shown (G,); nothing where it was not asked for."""
        if self.rest is None or a.unsaid is None:
            return {}
        seen = where & ~shown.hidden & ~self.weighted.silent & ~a.unsaid[share]
        least = limits.TOTALS_BELOW if share else limits.NOTHING_BELOW
        return self.rest.columns(values, answered, seen, ~self.open_, least)

    def _frame(
        self,
        item: str,
        choice: str,
        order: int,
        base: Base,
        columns: Mapping[str, Floats],
        kernel: Texts,
        shown: Shown,
        where: Bools,
    ) -> pd.DataFrame:
        """Rows of the groups ``where``, without what open samples, missing populations and small groups leave out."""
        blank = {name: shown.hidden | self.weighted.silent | (self.open_ & (name in _ERRORS)) for name in MEASURES}
        blank["n"] = shown.hidden
        given = {"n": base.n, "sum_weight": base.sum_weight, **columns}
        spoken = ~self.open_ & ~self.weighted.silent & ~shown.hidden
        note = join_notes(
            len(where),
            (shown.note != "", shown.note),
            *self.weighted.notes(shown.hidden),
            (spoken & (kernel != ""), kernel),
            (~shown.hidden & (self.sampled != ""), self.sampled),
        )
        values = {name: np.where(blank[name], np.nan, given.get(name, np.nan))[where] for name in blank}
        if self.rest is not None:
            nothing = np.full(len(where), np.nan)
            values |= {name: columns.get(name, nothing)[where] for name in REST}
        return pd.DataFrame(
            {
                "_group": np.flatnonzero(where),
                "_order": order,
                "item": item,
                "choice": choice,
                **values,
                "note": note[where],
            }
        )


def _levels(places: Places | None) -> Ints | None:
    """The place of each answer in the order of its choices as an audit takes it, −1 for none."""
    return None if places is None else np.maximum(places, -1).astype(np.int64)


def _both(one: Shown, other: Shown) -> Shown:
    """What may be shown by both."""
    return replace(one, hidden=one.hidden | other.hidden, spread_hidden=one.spread_hidden | other.spread_hidden)


def assembled(
    sample: Pool, grouping: Grouping, measures: Sequence[str], pieces: Sequence[pd.DataFrame]
) -> pd.DataFrame:
    """All rows in the order of groups, items and choices, with the columns of ``by`` in front."""
    keys = grouping.groups.keys.copy()
    leading = list(grouping.factors)
    if "community_code" in keys:
        keys["community"] = pd.Series(_names(sample, keys["community_code"]), dtype=object)
        place = leading.index("community_code")
        leading.insert(place, "community")
    columns = [*leading, "item", "choice", *measures, "note"]
    if not pieces:
        return pd.DataFrame(columns=columns)
    table = pd.concat(pieces, ignore_index=True).sort_values(["_group", "_item", "_order"], kind="stable")
    table = table.join(keys.infer_objects(), on="_group").reset_index(drop=True)
    for whole in ("n", "df"):
        if not table[whole].isna().any():
            table[whole] = table[whole].astype(np.int64)
    return table[columns]


def _names(sample: Pool, codes: pd.Series) -> list[object]:
    """The name of each community, its code where it has none."""
    known = pd.DataFrame({"code": sample.column("community_code"), "name": sample.column("community")}).dropna()
    names = known.drop_duplicates("code").set_index("code")["name"].to_dict()
    return [names.get(code, code) for code in codes]
