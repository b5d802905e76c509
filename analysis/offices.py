"""The points lost in the charge of each office, over all communities and in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.losses import answering, offices_of

COLUMNS = ("office", "lost", "objective", "subjective", "losses", "communities", "shared", "as_lead")
BY_COMMUNITY = (
    "office",
    "community_code",
    "community",
    "lost",
    "objective",
    "subjective",
    "losses",
    "shared",
    "as_lead",
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
    return pd.DataFrame([*rows, _row("", everything, everything)], columns=list(COLUMNS))


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
    return pd.DataFrame(rows, columns=list(BY_COMMUNITY))


def counted(frame: pd.DataFrame) -> tuple[float, float, float]:
    """(sum over the offices, the total without counting anything twice, points that several offices share)."""
    total = frame[frame["office"] == ""].iloc[0]
    return float(frame.loc[frame["office"] != "", "lost"].sum()), float(total["lost"]), float(total["shared"])


def _charged(losses: Iterable[Mapping[str, Any]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(a row an office and loss that it answers for, a row a leading office and loss)."""
    charged, led = [], []
    for loss in losses:
        shown = {"community_code": loss["community_code"], "community": loss["community"], "kind": loss["kind"],
                 "lost": float(loss["points_lost"])}  # fmt: skip
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
        "office": office, "lost": float(mine["lost"].sum()), **parts, "losses": len(mine),
        "communities": int(mine["community_code"].nunique()),
        "shared": float(mine.loc[mine["others"].astype(bool), "lost"].sum()), "as_lead": float(led["lost"].sum()),
    }  # fmt: skip
