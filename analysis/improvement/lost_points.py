"""Every point that a community lost, by indicator and questionnaire item: how many, why, and who answers for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.scoring.results import Results, records
from analysis.tables.community_types import kinds, with_types
from survey.core import limits
from survey.core.columns import CODE, MANY, NUMBER, TEXT, WHOLE, Column, columns
from survey.core.lang import known, say

COLUMNS = columns(
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("year", WHOLE),
    Column("type", TEXT),
    Column("dimension", CODE),
    Column("kind", CODE),
    Column("code", CODE),
    Column("name_zh", TEXT),
    Column("name_en", TEXT),
    Column("points", NUMBER),
    Column("points_got", NUMBER),
    Column("points_lost", NUMBER),
    Column("possible", NUMBER),
    Column("lead_office", TEXT),
    Column("office", TEXT),
    Column("reason", CODE),
    Column("reason_params", MANY),
    Column("n", WHOLE),
    Column("score", NUMBER),
    Column("se", NUMBER),
    Column("distribution", MANY),
)
#: less than this is no loss: what rounding to two decimals hides
SMALLEST = 0.005
_BETWEEN = re.compile(r"[、,，;；/+＋|]")


def offices_of(*texts: object) -> list[str]:
    """The offices that cells name, each once, in order: ``事务办+社工办`` are two."""
    words = (word.strip() for text in texts if isinstance(text, str) for word in _BETWEEN.split(text))
    return list(dict.fromkeys(w for w in words if w))


def scored_lines(results: Results) -> pd.DataFrame:
    """``COLUMNS`` without ``possible``, one row a community and indicator (``objective``) or item (``subjective``) whose
    points are known; items of communities with fewer than 10 respondents, or with fewer than 10 answers, are left out.
    """
    scores = with_types(results.scores)
    objective = results.indicators.rename(columns={"indicator": "code"}).assign(
        kind="objective", n=None, score=None, se=None, distribution=None
    )
    subjective = results.items.rename(
        columns={"item": "code", "label_zh": "name_zh", "label_en": "name_en", "offices": "office"}
    ).assign(kind="subjective", reason="", reason_params=None)
    few = set(scores.loc[scores["n"].fillna(0) < limits.TOTALS_BELOW, "community_code"])
    answered = pd.to_numeric(subjective["n"]).fillna(0) >= limits.TOTALS_BELOW
    subjective = subjective[answered & ~subjective["community_code"].isin(few)]
    shared = [c for c in COLUMNS.names if c not in ("community", "year", "type", "possible", "lead_office")]
    lines = pd.concat([f.reindex(columns=shared).astype(object) for f in (objective, subjective)], ignore_index=True)
    numbers = ["points", "points_got", "points_lost", "n", "score", "se"]
    lines[numbers] = lines[numbers].apply(pd.to_numeric).astype(np.float64)
    lines = lines[lines["points_lost"].notna()]
    places = scores.set_index("community_code")
    for name in ("community", "type"):
        lines[name] = lines["community_code"].map(places[name])
    lines["year"] = int(results.meta["year"])
    leads = {d["code"]: d.get("lead_office") or "" for d in results.meta["dimensions"]}
    lines["lead_office"] = lines["dimension"].map(leads).fillna("")
    order = {code: place for place, code in enumerate(scores["community_code"])}
    lines = lines[lines["community_code"].isin(order)]
    lines = lines.assign(_place=lines["community_code"].map(order), _down=-lines["points_lost"])
    lines = lines.sort_values(["_place", "_down", "kind", "code"], kind="stable").reset_index(drop=True)
    return lines[[c for c in COLUMNS.names if c != "possible"]]


def loss_frame(results: Results, cap: str = "full") -> pd.DataFrame:
    """``COLUMNS``, every loss of every community, communities in the order of the register, the largest loss first.

    ``possible``: the points that making it good may bring, never more than were lost. ``cap`` ``street`` takes the best
    of the sub-district for what can be reached, ``type`` the best of the own type (of the sub-district, where a
    community is the only one of its type or has none).
    """
    lines = scored_lines(results)
    lines.insert(COLUMNS.names.index("possible"), "possible", lines["points_lost"])
    if cap != "full" and len(lines):
        lines["possible"] = np.clip(_best(results, lines, cap) - lines["points_got"], 0.0, lines["points_lost"])
    return lines[lines["points_lost"] > SMALLEST].reset_index(drop=True)


def _best(results: Results, lines: pd.DataFrame, cap: str) -> pd.Series[float]:
    """The most points that anybody of the circle got for the same indicator or item."""
    scores = with_types(results.scores)
    street = dict(zip(scores["community_code"], scores["sub_district"].fillna(""), strict=True))
    circle = lines["community_code"].map(street).astype(str)
    if cap == "type":
        kind = dict(zip(scores["community_code"], kinds(scores), strict=True))
        own = lines["community_code"].map(kind)
        sizes = pd.Series(kind).value_counts()
        circle = circle.where((own == "") | (own.map(sizes) < 2), own)
    return lines.groupby([circle, lines["kind"], lines["code"]])["points_got"].transform("max")


def lowest_items(results: Results, code: str, most: int) -> list[dict[str, Any]]:
    """The item rows of a community with the lowest scores that have a distribution to show."""
    items = [
        r
        for r in results.rows("items", code)
        if r["score"] is not None and r["distribution"] and (r["n"] or 0) >= limits.TOTALS_BELOW
    ]
    return sorted(items, key=lambda r: (float(r["score"]), str(r["item"])))[:most]


def reason(row: Mapping[str, Any], lang: str) -> str:
    """Why the points are lost: the rule in words, or the share that is satisfied and the lowest answers."""
    if row["kind"] == "objective":
        key = row.get("reason") or ""
        return say(lang, key, **(row.get("reason_params") or {})) if known(key) else ""
    score = f"{row['score']:.0f}"
    choices: Sequence[Mapping[str, Any]] = row.get("distribution") or ()
    if len(choices) < 3:
        return say(lang, "losses.item_score", score=score)
    half = len(choices) // 2
    satisfied = sum(float(c["share"]) for c in choices[:half])
    low = [c for c in choices[-half:] if float(c["share"]) >= SMALLEST]
    text = say(lang, "losses.item", score=score, share=f"{100 * satisfied:.0f}")
    if not low:
        return text
    words = [f"{c.get(f'label_{lang}') or c['label_zh']} {100 * float(c['share']):.0f}%" for c in low]
    return text + say(lang, "losses.lowest", answers=say(lang, "losses.between").join(words))


def in_charge(row: Mapping[str, Any]) -> list[str]:
    """The lead office of the dimension, then those that answer for the indicator or item."""
    return offices_of(row.get("lead_office"), row.get("office"))


def answering(row: Mapping[str, Any]) -> list[str]:
    """The offices that answer for it: its own, or where it names none the lead office of its dimension."""
    return offices_of(row.get("office")) or offices_of(row.get("lead_office"))


def lines_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dicts, None for empty."""
    return records(frame)


# ── The points lost in the charge of each office, over all communities and in each


OFFICE_COLUMNS = columns(
    Column("office", TEXT),
    Column("lost", NUMBER),
    Column("objective", NUMBER),
    Column("subjective", NUMBER),
    Column("losses", WHOLE),
    Column("communities", WHOLE),
    Column("shared", NUMBER),
    Column("as_lead", NUMBER),
)
BY_COMMUNITY = columns(
    Column("office", TEXT),
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("lost", NUMBER),
    Column("objective", NUMBER),
    Column("subjective", NUMBER),
    Column("losses", WHOLE),
    Column("shared", NUMBER),
    Column("as_lead", NUMBER),
)


def office_frame(losses: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """``COLUMNS``, one row an office, the most points lost first; then one for all (``office`` empty).

    ``losses``: rows of ``loss_frame`` as dicts.  An office answers for what names it, or where nobody is named for the
    dimension that it leads.  ``lost``: points lost in its charge, ``shared`` of them those that other offices answer for,
    too: each of these counts them whole, the row of all counts them once.  ``as_lead``: points lost in the dimensions
    that it leads, whoever answers for them.
    """
    charged, led = _charged(losses)
    offices = list(dict.fromkeys([*charged["office"], *led["office"]]))
    rows = [_row(office, charged[charged["office"] == office], led[led["office"] == office]) for office in offices]
    rows.sort(key=lambda row: (-row["lost"], -row["as_lead"], row["office"]))
    everything = _once(losses)
    return pd.DataFrame([*rows, _row("", everything, everything)], columns=list(OFFICE_COLUMNS.names))


def office_communities(losses: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """``BY_COMMUNITY``, one row an office and community that lost points in its charge or under its lead."""
    charged, led = _charged(losses)
    keys = ["office", "community_code", "community"]
    pairs = pd.concat([charged[keys], led[keys]]).drop_duplicates()
    rows = []
    for office, code, name in pairs.itertuples(index=False):
        mine, lead = (f[(f["office"] == office) & (f["community_code"] == code)] for f in (charged, led))
        rows.append({**_row(office, mine, lead), "community_code": code, "community": name})
    order = {office: place for place, office in enumerate(office_frame(losses)["office"])}
    rows.sort(key=lambda row: (order[row["office"]], -row["lost"], row["community_code"]))
    return pd.DataFrame(rows, columns=list(BY_COMMUNITY.names))


def counted(frame: pd.DataFrame) -> tuple[float, float, float]:
    """(sum over the offices, the total without counting anything twice, points that several offices share)."""
    total = frame[frame["office"] == ""].iloc[0]
    return float(frame.loc[frame["office"] != "", "lost"].sum()), float(total["lost"]), float(total["shared"])


def _charged(losses: Iterable[Mapping[str, Any]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(a row an office and loss that it answers for, a row a leading office and loss)."""
    charged, led = [], []
    for loss in losses:
        shown = {
            "community_code": loss["community_code"],
            "community": loss["community"],
            "kind": loss["kind"],
            "lost": float(loss["points_lost"]),
        }
        offices = answering(loss)
        charged += [{**shown, "office": office, "others": len(offices) > 1} for office in offices]
        led += [{**shown, "office": office, "others": False} for office in offices_of(loss["lead_office"])]
    columns = ["community_code", "community", "kind", "lost", "office", "others"]
    return pd.DataFrame(charged, columns=columns), pd.DataFrame(led, columns=columns)


def _once(losses: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Every loss once."""
    rows = [
        (x["community_code"], x["community"], x["kind"], float(x["points_lost"]), "", len(answering(x)) > 1)
        for x in losses
    ]
    return pd.DataFrame(rows, columns=["community_code", "community", "kind", "lost", "office", "others"])


def _row(office: str, mine: pd.DataFrame, led: pd.DataFrame) -> dict[str, Any]:
    parts = {kind: float(mine.loc[mine["kind"] == kind, "lost"].sum()) for kind in ("objective", "subjective")}
    return {
        "office": office,
        "lost": float(mine["lost"].sum()),
        **parts,
        "losses": len(mine),
        "communities": int(mine["community_code"].nunique()),
        "shared": float(mine.loc[mine["others"].astype(bool), "lost"].sum()),
        "as_lead": float(led["lost"].sum()),
    }
