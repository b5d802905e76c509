"""What is left of a year's scores without an interviewer or a batch: in words, as a table, as a measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.quality.leave_one_out import KINDS, measure
from analysis.quality.measure import Body, Given, Measure, Option, Table, rows_seen
from analysis.statistics.notes import note_text
from survey.core.cells import clean
from survey.core.columns import CODE, FLAG, NUMBER, TEXT, WHOLE, Column, columns
from survey.core.errors import Refused, WrongUsage
from survey.core.lang import first, say

Row = Mapping[str, Any]
COLUMNS = columns(
    Column("kind", CODE),
    Column("key", TEXT),
    Column("label", TEXT),
    Column("community_code", CODE),
    Column("community", TEXT),
    Column("removed", WHOLE),
    Column("n_before", WHOLE),
    Column("n", WHOLE),
    Column("subjective_before", NUMBER),
    Column("subjective", NUMBER),
    Column("difference", NUMBER),
    Column("se_before", NUMBER),
    Column("se", NUMBER),
    Column("df", NUMBER),
    Column("total_before", NUMBER),
    Column("total", NUMBER),
    Column("star_before", WHOLE),
    Column("star", WHOLE),
    Column("star_changes", FLAG),
    Column("note", TEXT),
)


def star_changes(row: Row) -> bool | None:
    """Whether the calculated star is another one; None where one of the two is not known."""
    if row["star"] is None or row["star_before"] is None:
        return None
    return bool(row["star"] != row["star_before"])


def chosen(rows: Sequence[Row], kind: str, key: str) -> list[Row]:
    """The rows of one interviewer or batch; Refused, naming those there are, for an unknown one."""
    found = [row for row in rows if row["kind"] == kind and clean(row["key"]) == clean(key)]
    if not found:
        known = list(dict.fromkeys(str(row["key"]) for row in rows if row["kind"] == kind))
        listed = first(known, 20)
        raise Refused(f"without.unknown_{kind}", key=key, known=listed or "—")
    return found


def _rows(body: Body, lang: str) -> list[dict[str, Any]]:
    """``note`` in words."""
    return [{**row, "star_changes": star_changes(row), "note": note_text(row["note"], lang)} for row in body["rows"]]


def sentence(row: Row, lang: str) -> str:
    """``去掉访员 F02 后,柳营社区 231.4 → 229.8,星级不变`` for one community."""
    what = say(lang, f"without.{row['kind']}", key=row["key"])
    if row["note"]:
        return say(lang, "without.hidden", what=what, community=row["community"])
    if row["subjective"] is None or row["subjective_before"] is None:
        return say(lang, "without.nothing_left", what=what, community=row["community"])
    changes = star_changes(row)
    if changes is None:
        word = say(lang, "without.no_star")
    elif changes:
        word = say(lang, "without.star_changes", before=_star(row["star_before"], lang), after=_star(row["star"], lang))
    else:
        word = say(lang, "without.star_stays")
    return say(
        lang,
        "without.sentence",
        what=what,
        community=row["community"],
        before=f"{row['subjective_before']:.1f}",
        after=f"{row['subjective']:.1f}",
        word=word,
    )


def _star(star: float, lang: str) -> str:
    return say(lang, f"without.star_{int(star)}" if int(star) in range(6) else "without.star_0")


def largest_changes(rows: Sequence[Row], most: int = 10) -> list[Row]:
    """The rows that matter most: another star first, those without a star last, by the difference of the score."""
    known = [row for row in rows if row["difference"] is not None]
    return sorted(known, key=lambda r: (star_changes(r) is None, not star_changes(r), -abs(r["difference"])))[:most]


def _one_of_two(given: Given) -> None:
    if given["interviewer"] and given["batch"]:
        raise WrongUsage("without.both")


def _asked(body: Body, given: Given) -> Body:
    for kind in KINDS:
        if given[kind]:
            return {"rows": chosen(body["rows"], kind, given[kind]), "chosen": True}
    return body


def _said(body: Body, lang: str) -> list[str]:
    """Every row of what was asked for; the three that matter most where nothing was."""
    return [sentence(row, lang) for row in (body["rows"] if body.get("chosen") else largest_changes(body["rows"], 3))]


MEASURE = Measure(
    "without",
    3,
    measure,
    (
        Table(
            "without",
            COLUMNS,
            _rows,
            "kind key community removed n subjective_before subjective difference se total star_before star",
            "page_quality.file_without",
        ),
    ),
    _said,
    options=(
        Option("interviewer", "without.option.interviewer", str, "", "X"),
        Option("batch", "without.option.batch", str, "", "N"),
    ),
    check=_one_of_two,
    narrow=_asked,
    place=5,
    title="page_quality.title_without",
    seen=rows_seen("rows"),
    published=rows_seen("rows"),
)
