"""What interviewers do to the answers of a year, from the store: variance, design effect, who stands out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.engine import Connection

from analysis.disclosure.audit import Audit
from analysis.disclosure.family import ALSO
from analysis.publication import inputs as year_inputs
from analysis.quality.measure import Body, Measure, Option, Table
from analysis.quality.modes import mode_word
from analysis.sample.person_scores import PersonScores, person_scores
from analysis.scheme import Scheme
from analysis.statistics.design import Bools, Floats, Ints, sum_by
from analysis.statistics.differences import LEVEL
from analysis.statistics.interviewer_variance import Components, Crossing, components, crossing, departures, shrunken
from survey.core import limits
from survey.core.columns import CODE, NUMBER, TEXT, WHOLE, Column, columns
from survey.core.errors import Refused
from survey.core.lang import enumerated, say

TOTAL = "total"
_FIELDS = ("n", "interviewers", "mean_size", "rho", "rho_low", "rho_high", "deff", "deff_low", "deff_high", "p")


def measure(conn: Connection, year: int, scheme: Scheme) -> dict[str, Any]:
    """``variance``: rows ``level, name, mode, label_zh, label_en`` and the fields of ``Components``: the total (all
    modes together, then each), the dimensions, the items.  ``interviewers``: rows ``interviewer, modes, communities,
    n, mean, difference, se, p, q, shrunken, partners, word``, who has enough interviews, farthest first.
    ``unnamed`` scored responses without an interviewer, ``few`` interviewers that are not listed.

    Raises Refused where there is no interviewer, one only, or nobody shares a community and mode with another.
    """
    inputs = year_inputs.gather(conn, year, scheme, ALSO)
    if not inputs.parts:
        raise Refused("interviewers.no_responses", year=year)
    person = person_scores(scheme, inputs.parts)
    return of_people(person)


def of_people(person: PersonScores) -> dict[str, Any]:
    """The body of ``measure``."""
    who, names = person.sample.factor("interviewer")
    there = person.scored & (who >= 0)
    if not there.any():
        raise Refused("interviewers.none")
    if len(np.unique(who[there])) < 2:
        raise Refused("interviewers.one", interviewer=str(names[who[there][0]]))
    codes, found, parts = _of(person, who, person.total, there)
    if found.between < 1:
        raise Refused("interviewers.nested")
    if np.isnan(parts.rho):
        raise Refused("interviewers.alike")
    rows = _list(person, who, names, codes, found, parts)
    everyone = np.unique(who[there])
    return {
        "variance": _variance(person, who, there),
        "interviewers": rows,
        "few": len(everyone) - len(rows),
        "unnamed": int((person.scored & (who < 0)).sum()),
        "n": int(there.sum()),
        "of": len(everyone),
        "full": sum(d.subjective_points for d in person.used),
    }


def _of(person: PersonScores, who: Ints, values: Floats, there: Bools) -> tuple[Ints, Crossing, Components]:
    """Interviewers as they are numbered, who interviewed where, and the components; cells are community and mode."""
    community, mode = person.sample.community[0], person.sample.factor("mode")[0]
    whole = there & ~np.isnan(values) & (community >= 0)
    cell = pd.factorize(community[whole] * (mode.max(initial=0) + 2) + mode[whole] + 1)[0]
    number, codes = pd.factorize(who[whole])
    found = crossing(number.astype(np.int64), cell.astype(np.int64))
    return np.asarray(codes, dtype=np.int64), found, components(found, values[whole])


def _variance(person: PersonScores, who: Ints, there: Bools) -> list[dict[str, Any]]:
    modes, names = person.sample.factor("mode")
    rows = [_row("total", TOTAL, "", {}, _of(person, who, person.total, there)[2])]
    present = [i for i in range(len(names)) if (there & (modes == i)).any()]
    if len(present) > 1:
        for i in present:
            rows.append(
                _row("total", TOTAL, str(names[i]), {}, _of(person, who, person.total, there & (modes == i))[2])
            )
    for d, dimension in enumerate(person.used):
        parts = _of(person, who, person.dimensions[:, d], there)[2]
        rows.append(_row("dimension", dimension.code, "", dimension.names, parts))
    for j, item in enumerate(person.items):
        parts = _of(person, who, person.scores[:, j], there)[2]
        rows.append(_row("item", item.name, "", item.question.labels, parts))
    return rows


def _row(level: str, name: str, mode: str, labels: Mapping[str, str], parts: Components) -> dict[str, Any]:
    words = {f"label_{lang}": labels.get(lang) or labels.get("zh", "") for lang in ("zh", "en")}
    return {"level": level, "name": name, "mode": mode, **words, **{f: getattr(parts, f) for f in _FIELDS}}


def _list(
    person: PersonScores, who: Ints, names: pd.Index, codes: Ints, found: Crossing, parts: Components
) -> list[dict[str, Any]]:
    """Interviewers with enough interviews on both sides, those that depart first, then by distance."""
    whole = person.scored & (who >= 0) & ~np.isnan(person.total) & (person.sample.community[0] >= 0)
    gone = departures(found.interviewer, found.cell, person.total[whole], limits.least_interviews())
    own = shrunken(found, person.total[whole], parts)
    sums = sum_by(found.interviewer, person.total[whole], len(found.size))
    table = Audit(person.sample).by("year", "interviewer")
    shown = table.groups.keys["interviewer"][~table.shown(whole).spread_hidden]
    hidden = ~np.isin(names[codes].astype(str), [str(name) for name in shown])
    communities, modes = person.sample.community, person.sample.factor("mode")
    rows = []
    for i in np.flatnonzero(~np.isnan(gone.q) & ~hidden):
        mine = whole & (who == codes[i])
        rows.append(
            {
                "interviewer": str(names[codes[i]]),
                "modes": _named(modes, mine),
                "communities": len(np.unique(communities[0][mine])),
                "community": _only(person, communities, mine),
                "n": int(found.size[i]),
                "mean": sums[i] / found.size[i],
                "difference": gone.difference[i],
                "se": gone.se[i],
                "p": gone.p[i],
                "q": gone.q[i],
                "shrunken": own[i],
                "partners": int(gone.partners[i]),
                "word": _word(bool(gone.flagged[i]), gone.difference[i], int(gone.partners[i])),
            }
        )
    return sorted(rows, key=lambda r: (r["word"] == "in_line", r["p"]))


def _named(factor: tuple[Ints, pd.Index], mask: Bools) -> list[str]:
    codes, values = factor
    return [str(values[i]) for i in np.unique(codes[mask]) if i >= 0]


def _only(person: PersonScores, communities: tuple[Ints, pd.Index], mask: Bools) -> str:
    """The community of someone who worked in one only, else empty."""
    rows = np.flatnonzero(mask)
    places: Sequence[int] = np.unique(communities[0][rows]).tolist()
    if len(places) != 1:
        return ""
    name = person.sample.column("community").iloc[int(rows[0])]
    return str(communities[1][places[0]]) if pd.isna(name) else str(name)


def _word(flagged: bool, difference: float, partners: int) -> str:
    """``departs_high``, ``departs_low``, ``in_line``; ``departs_pair`` where two differ and nobody says which it is."""
    if not flagged:
        return "in_line"
    if partners == 1:
        return "departs_pair"
    return "departs_high" if difference > 0 else "departs_low"


# ── Interviewers in words and as tables: the variance they add, and who stands out


Row = Mapping[str, Any]
#: the total, the dimensions, the items; ``rho`` empty where it can't be known
VARIANCE = columns(
    Column("level", CODE),
    Column("name", CODE),
    Column("label", TEXT),
    Column("mode", CODE),
    Column("n", WHOLE),
    Column("interviewers", WHOLE),
    Column("mean_size", NUMBER),
    Column("rho", NUMBER),
    Column("rho_low", NUMBER),
    Column("rho_high", NUMBER),
    Column("deff", NUMBER),
    Column("deff_low", NUMBER),
    Column("deff_high", NUMBER),
    Column("p", NUMBER),
)
#: interviewers, those who stand out first; ``note`` says in words what that means
LISTED = columns(
    Column("interviewer", TEXT),
    Column("modes", TEXT),
    Column("communities", WHOLE),
    Column("community", TEXT),
    Column("n", WHOLE),
    Column("mean", NUMBER),
    Column("difference", NUMBER),
    Column("se", NUMBER),
    Column("p", NUMBER),
    Column("q", NUMBER),
    Column("shrunken", NUMBER),
    Column("partners", WHOLE),
    Column("word", CODE),
    Column("note", TEXT),
)
#: from this design effect on, beyond chance, interviewers matter
NOTABLE = 1.5


def _variance_rows(body: Body, lang: str) -> list[dict[str, Any]]:
    return [{**row, "label": label_of(row, lang)} for row in body["variance"]]


def _listed_rows(body: Body, lang: str) -> list[dict[str, Any]]:
    return [
        {**row, "modes": "、".join(row["modes"]), "note": word_text(row["word"], lang)} for row in body["interviewers"]
    ]


def label_of(row: Row, lang: str) -> str:
    """What a row of the variance is about."""
    if row["name"] != TOTAL or row["level"] != "total":
        return str(row[f"label_{lang}"] or row["name"])
    total = say(lang, "interviewers.total")
    return say(lang, "interviewers.of_mode", total=total, mode=mode_word(row["mode"], lang)) if row["mode"] else total


def word_text(word: str, lang: str) -> str:
    """What the comparison with the others came to."""
    return say(lang, f"interviewers.word.{word}")


def size(body: Body) -> str:
    """How much of the whole score's variance interviewers add: ``unclear, small, large``."""
    whole = body["variance"][0]
    return "unclear" if whole["p"] >= LEVEL else "large" if whole["deff"] >= NOTABLE else "small"


def readings(body: Body, lang: str) -> list[str]:
    """What the variance means, then who stands out."""
    whole = body["variance"][0]
    sentences = [
        say(
            lang,
            "interviewers.reading",
            rho=f"{100 * whole['rho']:.1f}%",
            low=f"{100 * whole['rho_low']:.1f}%",
            high=f"{100 * whole['rho_high']:.1f}%",
            interviewers=whole["interviewers"],
            size=f"{whole['mean_size']:.0f}",
            deff=f"{whole['deff']:.2f}",
            word=say(lang, f"interviewers.{size(body)}"),
        )
    ]
    marked = [row for row in body["interviewers"] if row["word"].startswith("departs")]
    names = enumerated(lang, (row["interviewer"] for row in marked))
    compared = "interviewers.nobody" if body["interviewers"] else "interviewers.too_few_each"
    key = "interviewers.marked" if marked else compared
    sentences.append(say(lang, key, n=len(marked), names=names, of=len(body["interviewers"])))
    if body["few"]:
        sentences.append(say(lang, "interviewers.few", n=body["few"], least=limits.least_interviews()))
    if body["unnamed"]:
        sentences.append(say(lang, "interviewers.unnamed", n=body["unnamed"]))
    return sentences


MEASURE = Measure(
    "interviewers",
    2,
    measure,
    (
        Table(
            "interviewers",
            LISTED,
            _listed_rows,
            "interviewer n mean difference se q shrunken note",
            "page_quality.file_interviewers",
        ),
        Table(
            "variance",
            VARIANCE,
            _variance_rows,
            "level label mode n interviewers rho rho_low rho_high deff",
            "page_quality.file_variance",
        ),
    ),
    readings,
    options=(Option("variance", "interviewers.option.variance", table="variance"),),
    place=4,
    title="page_quality.title_interviewers",
    whole_only=True,
)
