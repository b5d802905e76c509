"""The difference between survey modes in a year, from the store, in words and as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.engine import Connection

from analysis.disclosure.audit import Audit
from analysis.disclosure.family import ALSO
from analysis.publication import inputs as year_inputs
from analysis.quality.measure import WEIGHTS, Body, Measure, Table
from analysis.sample.person_scores import PersonScores, person_scores
from analysis.scheme import Scheme
from analysis.scoring.score_weights import ScoreWeights, Weights, score_weights, weigh_people
from analysis.statistics.design import Bools, Floats, Ints, sum_by
from analysis.statistics.differences import LEVEL, benjamini_hochberg, difference_test
from analysis.statistics.estimation import Domains, base_of, t_quantile, variance
from analysis.statistics.notes import note_text
from survey.core.columns import CODE, NUMBER, TEXT, WHOLE, Column, columns
from survey.core.errors import Refused
from survey.core.lang import say

# ── Phone against paper and web: what is left of the difference when community, sex and age are alike


#: fewer interviews of a mode give no comparison
LEAST = 30
REFERENCE = ("paper", "web", "phone")
TOTAL = "total"
COLUMNS = columns(
    Column("mode", CODE),
    Column("reference", CODE),
    Column("measure", CODE),
    Column("n", WHOLE),
    Column("n_reference", WHOLE),
    Column("mean", NUMBER),
    Column("mean_reference", NUMBER),
    Column("difference", NUMBER),
    Column("se", NUMBER),
    Column("low", NUMBER),
    Column("high", NUMBER),
    Column("df", NUMBER),
    Column("p", NUMBER),
    Column("q", NUMBER),
    Column("word", CODE),
    Column("if_all_reference", NUMBER),
    Column("weights", CODE),
)
#: age bands where the questionnaire asks the age only
_AGES = (30, 45, 60, 75)


@dataclass(frozen=True)
class ModeEffect:
    """``frame`` ``COLUMNS``: one row a mode and measure (``total`` first, then the dimensions), in points.

    ``mean`` are weighted means as they stand, ``difference`` mode minus reference with everything alike; ``word`` from
    q < 0.05 over all rows of the dimensions, from p for the total: higher, lower or no_clear_difference.
    ``if_all_reference``: how far the mean of everyone would move if all had been asked as the reference is.
    ``n`` of ``asked`` scored responses could be compared; ``communities`` have more than one mode, ``single`` have not;
    ``adjusted`` the columns that were held alike; ``weights`` those that were used; ``notes`` stable codes.
    """

    frame: pd.DataFrame
    n: int
    asked: int
    communities: int
    single: int
    adjusted: tuple[str, ...]
    weights: Weights
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Regression:
    """(k, v) ``coefficient`` and ``se`` of k columns on v outcomes, ``df`` (v,), ``usable`` (k,) columns that are no
    combination of others."""

    coefficient: Floats
    se: Floats
    df: Floats
    usable: Bools


def regress(domains: Domains, outcomes: Floats, columns: Floats, cells: Ints) -> Regression:
    """Weighted least squares of (m, v) outcomes on (m, k) columns and a level for each of the cells (m,).

    ``domains`` has one group; rows are its responses (where ``domains.inside`` says so, also others, with any numbers).
    A column that is a combination of those before it and of the cells gets NaN.
    R: ``svyglm(y ~ x + factor(cell), subset(d, inside))``, d as designed or after ``rake``, ``postStratify``.
    """
    weight, size = _own_weight(domains), int(cells.max(initial=-1)) + 1
    total = sum_by(cells, weight, size)

    def centred(values: Floats) -> Floats:
        means = np.column_stack([sum_by(cells, weight * v, size) / np.where(total > 0, total, 1.0) for v in values.T])
        return np.asarray(values - means[cells], dtype=np.float64)

    x, y = centred(columns), centred(outcomes)
    usable = _independent(x, weight, columns)
    inside = x[:, usable]
    inverse = np.linalg.inv(inside.T @ (weight[:, None] * inside))
    beta = inverse @ (inside.T @ (weight[:, None] * y))
    residual = y - inside @ beta
    lead = weight[:, None] * (inside @ inverse)
    errors = np.array(
        [[np.sqrt(variance(domains, lead[:, k] * r)[0]) for r in residual.T] for k in range(lead.shape[1])]
    )
    coefficient, se = np.full((2, columns.shape[1], outcomes.shape[1]), np.nan)
    coefficient[usable], se[usable] = beta, errors.reshape(beta.shape)
    freedom = base_of(domains).df[0] + 1 - int(usable.sum()) - np.count_nonzero(total > 0)
    return Regression(coefficient, se, np.full(outcomes.shape[1], float(freedom)), usable)


def _own_weight(domains: Domains) -> Floats:
    """(m,) weights, 0 outside of the group."""
    return domains.weight if domains.inside is None else np.where(domains.inside, domains.weight, 0.0)


def _independent(x: Floats, weight: Floats, columns: Floats) -> Bools:
    """Which columns add something to those before them, by one Gram–Schmidt pass."""
    usable = np.zeros(x.shape[1], dtype=bool)
    basis: list[Floats] = []
    root = np.sqrt(weight)
    for k, column in enumerate(x.T):
        rest = root * column
        for direction in basis:
            rest = rest - direction * (direction @ rest)
        length, own = float(np.linalg.norm(rest)), float(np.linalg.norm(root * columns[:, k]))
        if length > 1e-7 * max(own, 1e-300):
            usable[k] = True
            basis.append(rest / length)
    return usable


def mode_effect(
    person: PersonScores,
    inside: Bools,
    populations: Mapping[str, float],
    score: ScoreWeights | None = None,
    weights: Weights = Weights.SCORE,
) -> ModeEffect:
    """The difference of every mode from the reference (paper, else web, else phone) among responses of a mask (n,).

    ``score`` as in ``scoring.score_weights.weigh_people``.
    Raises Refused where there is one mode only, or none has enough interviews beside another in a community.
    """
    sample = person.sample
    kept = inside & person.scored & ~np.isnan(person.total)
    modes, names = sample.factor("mode")
    community = sample.community[0]
    held, adjusted, whole = _held_alike(person)
    base = kept & (modes >= 0) & (community >= 0)
    everyone = int((inside & person.scored).sum())
    if len(np.unique(modes[base])) < 2:
        raise Refused("mode_effect.one_mode")
    used = base & whole
    counts = np.bincount(modes[used], minlength=len(names))
    seen = _shown_modes(person, base)
    enough = [i for i in _by_preference(names) if counts[i] >= LEAST and str(names[i]) in seen]
    if len(enough) < 2:
        raise Refused("mode_effect.too_few", least=LEAST)
    reference, *others = enough
    used &= np.isin(modes, enough)
    weighed = weigh_people(sample, used, populations, score, weights)
    domains = weighed.domains
    here, cells = weighed.take(modes), pd.factorize(weighed.take(community))[0].astype(np.int64)
    columns = np.column_stack([*(here == i for i in others), *(np.nan_to_num(weighed.take(h)) for h in held)])
    outcomes = np.nan_to_num(np.column_stack([weighed.take(person.total), weighed.take(person.points)]))
    found = regress(domains, outcomes, columns.astype(np.float64), cells)
    if not found.usable[: len(others)].any():
        raise Refused("mode_effect.nested")
    mine = here >= 0
    mixed = pd.DataFrame({"cell": cells[mine], "mode": here[mine]}).drop_duplicates()["cell"].value_counts()
    measures = [TOTAL, *(d.code for d in person.used)]
    kinds = set(sample.column("sample_type")[used].dropna())
    notes = [
        n
        for n, holds in (
            ("open_sample", "open" in kinds),
            ("no_population", weighed.lacking),
            ("one_psu", bool(base_of(domains).lonely[0])),
        )
        if holds
    ]
    frame = _frame(_own_weight(domains), here, outcomes, found, names, reference, others, measures)
    frame["weights"] = weighed.used.value
    if "open_sample" in notes or "one_psu" in notes:
        frame[["se", "low", "high", "df", "p", "q"]], frame["word"] = np.nan, None
    several, single = int((mixed > 1).sum()), int((mixed == 1).sum())
    told = (*notes, *weighed.notes)
    return ModeEffect(frame, int(used.sum()), everyone, several, single, adjusted, weighed.used, told)


def _shown_modes(person: PersonScores, inside: Bools) -> set[str]:
    """The modes that a table of their means may show, of responses of a mask (n,)."""
    table = Audit(person.sample).by("year", "mode")
    return {str(mode) for mode in table.groups.keys["mode"][~table.shown(inside).hidden]}


def _by_preference(names: pd.Index) -> list[int]:
    """Positions of the modes, the one that the others are compared with first."""
    known = [str(n) for n in names]
    return [known.index(m) for m in REFERENCE if m in known] + [i for i, m in enumerate(known) if m not in REFERENCE]


def _held_alike(person: PersonScores) -> tuple[list[Floats], tuple[str, ...], Bools]:
    """Columns of sex and age band without their first value, the roles there are, and who has them all."""
    columns: list[Floats] = []
    adjusted, whole = ["community"], np.ones(len(person.sample), dtype=bool)
    for role in ("sex", "age_band"):
        codes = _age_bands(person) if role == "age_band" else person.sample.factor(role)[0]
        if (codes >= 0).any() and codes.max() > 0:
            columns += [(codes == i).astype(np.float64) for i in range(1, int(codes.max()) + 1)]
            adjusted.append(role)
            whole &= codes >= 0
    return columns, tuple(adjusted), whole


def _age_bands(person: PersonScores) -> Ints:
    codes, _ = person.sample.factor("age_band")
    if (codes >= 0).any():
        return codes
    age = person.sample.numbers("age")
    return np.where(np.isnan(age), -1, np.searchsorted(_AGES, age, side="right")).astype(np.int64)


def _frame(
    weight: Floats,
    here: Ints,
    outcomes: Floats,
    found: Regression,
    names: pd.Index,
    reference: int,
    others: Sequence[int],
    measures: Sequence[str],
) -> pd.DataFrame:
    rows = []
    whole = weight.sum()
    means = {i: np.average(outcomes[here == i], axis=0, weights=weight[here == i]) for i in (reference, *others)}
    for k, mode in enumerate(others):
        share = weight[here == mode].sum() / whole
        half = t_quantile(found.df) * found.se[k]
        p = difference_test(found.coefficient[k], found.se[k], found.df)
        for v, measure in enumerate(measures):
            b = found.coefficient[k, v]
            rows.append(
                {
                    "mode": names[mode],
                    "reference": names[reference],
                    "measure": measure,
                    "n": int((here == mode).sum()),
                    "n_reference": int((here == reference).sum()),
                    "mean": means[mode][v],
                    "mean_reference": means[reference][v],
                    "difference": b,
                    "se": found.se[k, v],
                    "low": b - half[v],
                    "high": b + half[v],
                    "df": found.df[v],
                    "p": p[v],
                    "if_all_reference": -share * b,
                }
            )
    frame = pd.DataFrame(rows)
    dimension = (frame["measure"] != TOTAL).to_numpy()
    p = frame["p"].to_numpy(dtype=np.float64)
    frame["q"] = np.where(dimension, benjamini_hochberg(np.where(dimension, p, np.nan)), p)
    words = np.where(frame["q"] < LEVEL, np.where(frame["difference"] > 0, "higher", "lower"), "no_clear_difference")
    untested = frame["q"].isna().tolist()
    frame["word"] = [None if u else str(w) for u, w in zip(untested, words, strict=True)]
    return frame


def measure(conn: Connection, year: int, scheme: Scheme, weights: str = "score") -> dict[str, Any]:
    """The fields of ``ModeEffect`` with ``rows`` for its frame (labels beside), all questionnaires of a year together.

    ``full`` are the points of the total; ``weights`` those of the score, or ``base``.  Raises Refused as ``mode_effect`` does, and without responses.
    """
    inputs = year_inputs.gather(conn, year, scheme, ("age", *ALSO))
    if not inputs.parts:
        raise Refused("modes.no_responses", year=year)
    person = person_scores(scheme, inputs.parts)
    populations = {c.code: float(c.adult_population) for c in inputs.communities if c.adult_population}
    score = score_weights(scheme, inputs.parts, inputs.population)
    found = mode_effect(person, np.ones(len(person.sample), dtype=bool), populations, score, Weights(weights))
    names = {d.code: d.names for d in scheme.dimensions}
    rows = found.frame[list(COLUMNS.names)].to_dict("records")
    for row in rows:
        named = names.get(row["measure"], {})
        row |= {f"label_{lang}": named.get(lang) or named.get("zh", "") for lang in ("zh", "en")}
    return {
        "rows": rows,
        "n": found.n,
        "asked": found.asked,
        "communities": found.communities,
        "single": found.single,
        "adjusted": list(found.adjusted),
        "weights": found.weights.value,
        "notes": list(found.notes),
        "full": sum(d.subjective_points for d in person.used),
    }


def _rows(body: Body, lang: str) -> list[dict[str, Any]]:
    """What ``measure`` made; ``mode`` and ``reference`` as stored, ``label`` in the reader's language."""
    return [{**row, "label": label_of(row, lang)} for row in body["rows"]]


def label_of(row: Mapping[str, Any], lang: str) -> str:
    """The dimension's name, or that it is the total."""
    return say(lang, "modes.total") if row["measure"] == TOTAL else str(row[f"label_{lang}"] or row["measure"])


def mode_word(mode: str, lang: str) -> str:
    """电话, 书面, 网络; a mode of another name as it is."""
    key = {"paper": "modes.mode_paper", "web": "modes.mode_web", "phone": "modes.mode_phone"}.get(mode)
    return say(lang, key) if key else mode


def readings(body: Body, lang: str) -> list[str]:
    """One sentence a mode: the difference of the totals, whether it is more than chance, what it does to the mean."""
    alike = say(lang, "modes.and").join(say(lang, f"modes.alike_{name}") for name in body["adjusted"])
    sentences = []
    for row in body["rows"]:
        if row["measure"] != TOTAL or row["difference"] is None:
            continue
        higher = row["difference"] >= 0
        known = row["low"] is not None
        sentence = say(
            lang,
            "modes.reading",
            alike=alike,
            mode=mode_word(row["mode"], lang),
            reference=mode_word(row["reference"], lang),
            size=f"{abs(row['difference']):.1f}",
            full=f"{body['full']:g}",
            way=say(lang, "modes.higher" if higher else "modes.lower"),
            error=f" ± {(row['high'] - row['low']) / 2:.1f}" if known else "",
        )
        key = row["word"] or "unknown"
        shift = f"{row['if_all_reference']:+.1f}".replace("-", "−")
        sentences.append(
            sentence + say(lang, f"modes.word.{key}", reference=mode_word(row["reference"], lang), shift=shift)
        )
    return sentences


def _said(body: Body, lang: str) -> list[str]:
    """The readings, then what limits them."""
    notes = [note_text(";".join(body["notes"]), lang)] if body["notes"] else []
    return [*readings(body, lang), *notes]


MEASURE = Measure(
    "modes",
    4,
    measure,
    (
        Table(
            "modes",
            COLUMNS.after("measure", Column("label", TEXT)),
            _rows,
            "mode reference label n n_reference mean mean_reference difference low high q",
            "page_quality.file_modes",
        ),
    ),
    _said,
    options=(WEIGHTS,),
    place=3,
    title="page_quality.title_modes",
    whole_only=True,
)
