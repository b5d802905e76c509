"""科室得失分: the points won and lost in the charge of each office, over all communities and in each; annex of 年度绩效."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analysis.exports.workbook_writer import MUTED, Formula, Page
from analysis.improvement.lost_points import answering, office_frame
from analysis.papers.street.one_street import Street, headed
from survey.core.lang import say

_PARTS = ("objective", "subjective")
_LOST = Formula("{full}-{got}", ("full", "got"), lambda full, got: full - got)
_GOT = Formula("{objective}+{subjective}", _PARTS, lambda a, b: a + b)
_RATE = Formula("IF({full}=0,0,{got}/{full})", ("full", "got"), lambda full, got: got / full if full else 0.0)


def offices(page: Page, street: Street) -> None:
    """One row an office: points it answers for, won (by both parts) and lost, of these shared with others; losses it leads."""
    lang = page.book.lang
    head = [
        ("office", "text", 16),
        ("full", "points", 10),
        ("objective", "points", 10),
        ("subjective", "points", 10),
        ("got", "points", 10),
        ("lost", "points", 10),
        ("rate", "share", 8),
        ("losses", "count", 8),
        ("shared", "points", 11),
        ("as_lead", "points", 12),
    ]
    columns = headed(lang, "office", head)
    page.text(say(lang, "street_papers.reading.offices"), font_color=MUTED)
    told = {row["office"]: row for row in office_frame(street.losses).to_dict("records")}
    rows: list[dict[str, Any]] = []
    for office, mine in _charged(street.scored).items():
        lost = told.get(office, {})
        rows.append(
            {
                "office": office,
                **_points(mine),
                "losses": int(lost.get("losses", 0)),
                "shared": float(lost.get("shared", 0.0)),
                "as_lead": float(lost.get("as_lead", 0.0)),
            }
        )
    rows.sort(key=lambda row: (-row["lost"], row["office"]))
    page.table(columns, rows, formulas={"got": _GOT, "lost": _LOST, "rate": _RATE}, freeze=True)
    once = _points(street.scored)
    page.gap()
    text = say(
        lang, "street_papers.once", full=f"{once['full']:.2f}", got=f"{once['got']:.2f}", lost=f"{once['lost']:.2f}"
    )
    page.text(text, font_color=MUTED)


def communities(page: Page, street: Street) -> None:
    """One row an office and community, the offices together, the most points lost first."""
    lang = page.book.lang
    head = [
        ("office", "text", 14),
        ("community", "text", 15),
        ("full", "points", 9),
        ("objective", "points", 9),
        ("subjective", "points", 9),
        ("got", "points", 9),
        ("lost", "points", 9),
        ("rate", "share", 8),
        ("worst", "text", 30),
    ]
    columns = headed(lang, "office", head)
    page.text(say(lang, "street_papers.reading.office_communities"), font_color=MUTED)
    rows = []
    for office, mine in _charged(street.scored).items():
        places = dict.fromkeys((line["community_code"], line["community"]) for line in mine)
        for code, name in places:
            own = [line for line in mine if line["community_code"] == code]
            rows.append({"office": office, "community": name, **_points(own), "worst": _worst(own, lang)})
    whole = {office: _points(mine)["lost"] for office, mine in _charged(street.scored).items()}
    rows.sort(key=lambda row: (-whole[row["office"]], row["office"], -row["lost"], row["community"]))
    page.table(columns, rows, formulas={"got": _GOT, "lost": _LOST, "rate": _RATE}, freeze=True)


def _charged(lines: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Office → the indicators and items that it answers for, in every community."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        for office in answering(line):
            found.setdefault(office, []).append(line)
    return found


def _points(lines: Iterable[dict[str, Any]]) -> dict[str, float]:
    mine = list(lines)
    parts = {part: sum(float(x["points_got"]) for x in mine if x["kind"] == part) for part in _PARTS}
    full, got = sum(float(x["points"]) for x in mine), parts["objective"] + parts["subjective"]
    return {"full": full, **parts, "got": got, "lost": full - got, "rate": got / full if full else 0.0}


def _worst(lines: list[dict[str, Any]], lang: str) -> str | None:
    """The line that lost most."""
    worst = max(lines, key=lambda line: float(line["points_lost"]))
    return str(worst[f"name_{lang}"] or worst["name_zh"]) if float(worst["points_lost"]) > 0 else None
