"""What a community is set beside, line by line, as one viewer may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.beside.asked import STREET, Compared, choices, compared
from analysis.beside.lines import ALIKE, EXACT, HIGHER, LOWER, NOTHING, SIDE_COLUMNS
from analysis.improvement.lost_points import lines_of
from dashboard.data.files import File, table
from dashboard.data.results import Source
from dashboard.data.year import Year, read_year
from dashboard.figures.code_words import code_words
from dashboard.figures.table_book import Shown
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.core.lang import say
from survey.core.lazily import cached_property

Line = Mapping[str, Any]


@dataclass(frozen=True)
class Beside:
    """The two sides and their lines, what tells most first.

    ``communities`` (code, name) and ``choices`` what may be asked instead; ``against`` what was.  ``sides`` None: there is
    nothing to set this community beside.
    """

    year: Year
    code: str
    communities: tuple[tuple[str, str], ...]
    choices: tuple[str, ...]
    against: str
    sides: Compared | None
    frame: pd.DataFrame

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The rows of ``frame``."""
        return tuple(lines_of(self.frame))

    def of(self, *parts: str) -> tuple[Line, ...]:
        """The lines of some parts."""
        return tuple(line for line in self.lines if line["part"] in parts)

    def one(self, part: str) -> Line | None:
        """The line of a part that stands once."""
        return next(iter(self.of(part)), None)


def beside(viewer: Viewer, source: Source, year: int, code: str = "", against: str = "") -> Beside:
    """A community beside ``against`` (``analysis.beside.asked.compared``); without one of them the first there is.

    Raises Refused for an unknown community and a side that is not there.
    """
    found = read_year(viewer, source, year)
    if not found.rows:
        raise Refused("page_beside.nobody", year=year)
    code = code or str(found.rows[0]["community_code"])
    row = found.community(code)
    sees = found.viewer.sees
    possible = choices(found.results, source.years(), code, sees)
    against = against or next(iter(possible), "")
    known = tuple((str(r["community_code"]), str(r["community"])) for r in found.of_street(row["sub_district"] or ""))
    if not against:
        return Beside(found, code, known, possible, "", None, pd.DataFrame())
    sides = compared(source.results, source.years(), year, code, against, sees)
    return Beside(found, code, known, possible, against, sides, sides.lines())


def told_apart(lines: tuple[Line, ...]) -> tuple[int, int, int]:
    """How many tested lines there are, and how many of them lie higher and lower beyond chance."""
    tested = [line for line in lines if line["word"] in (HIGHER, LOWER, ALIKE)]
    return len(tested), *(sum(line["word"] == word for line in tested) for word in (HIGHER, LOWER))


def exact_differences(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines without sampling error whose points differ at all."""
    return tuple(x for x in lines if x["word"] == EXACT and abs(float(x["difference"])) > NOTHING)


def beside_file(
    viewer: Viewer, source: Source, year: int, code: str, against: str, lang: str, kind: str = "csv"
) -> File:
    """Every line of the page as a table; raises Refused as ``beside`` does."""
    data = beside(viewer, source, year, code, against or STREET)
    if data.sides is None:
        raise Refused("page_beside.nothing_else")
    name = str(data.sides.own.row["community"])
    stem = say(lang, "page_beside.file", year=year, community=name, other=data.sides.other_words(lang))
    sample, results = bool(data.year.meta.get("sample")), data.year.results
    dimensions = {str(d["code"]) for d in results.meta["dimensions"]}  # the column of types names them
    other = "name_en" if lang == "zh" else "name_zh"
    shown = Shown(
        lang,
        stem.replace("_", " "),
        SIDE_COLUMNS,
        words={**code_words(SIDE_COLUMNS, lang, results), "code": lambda code: None if code in dimensions else code},
        left_out=(other,),
        sample=sample,
        source=results,
    )
    return table(stem, data.frame, kind, shown)
