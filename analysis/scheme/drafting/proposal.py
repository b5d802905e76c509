"""An annex as a draft scheme: every clause read as a rule beside it, defaults where the annex is silent, questions where it is open.

A draft is a proposal for a person: nothing of it is a scheme before its questions are answered and somebody has said that
it was looked at (docs/scheme.md, “Out of an annex”).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.scheme.clauses.phrases import read_clause
from analysis.scheme.clauses.readings import Reading
from analysis.scheme.default import default_scheme
from analysis.scheme.drafting.annex_columns import AnnexTable, find_table, plain
from analysis.scheme.drafting.annex_lines import Annex, AnnexLine, Asked, LineReader
from analysis.scheme.model import Dimension, Scheme
from analysis.scheme.rules.rules import chinese_name, parse_rule, unit_name
from analysis.scheme.rules.words import marks
from analysis.scheme.workbook.draft import dimension_spellings
from analysis.scheme.workbook.layout import LEVELS, TABLES
from analysis.scheme.workbook.typed_annex import first_clause
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.core.lang import LANGUAGES, say
from survey.files.own_workbooks import find_sheet
from survey.files.readers.sheet import Sheet

Names = Mapping[str, str]
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年?")
_ANNEX = re.compile(r"^附[件表]\s*\d*\s*[:：]?\s*")
_TITLE = re.compile(r"体系|指标|标准|办法|测评|考评|评价|附表|附件")


@dataclass(frozen=True)
class ProposedRow:
    """One indicator of the draft: ``cells`` of the workbook by column, how its clause was read in words, what is open."""

    line: AnnexLine
    cells: Mapping[str, str | float]
    reading: Names
    checks: tuple[Asked, ...] = ()

    def check(self, lang: str) -> str:
        """What a person has to look at, ``''`` where the reading is certain."""
        return asked_words(self.checks, lang)


@dataclass(frozen=True)
class SchemeDraft:
    """A whole scheme out of an annex: ``scheme`` holds everything but the indicators, which are ``rows``.

    ``stated``: settings that the annex says itself; ``sources``, ``checks``: of a type by its code; ``passed``: rows of
    the annex that are no indicators.
    """

    scheme: Scheme
    rows: tuple[ProposedRow, ...]
    stated: frozenset[str]
    sources: Mapping[str, str]
    checks: Mapping[str, tuple[Asked, ...]]
    passed: tuple[Asked, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def points(self) -> float:
        """Points of all indicators that have some."""
        return math.fsum(row.line.points or 0.0 for row in self.rows)

    @property
    def open(self) -> int:
        """How many rows and types have something to be looked at."""
        return sum(bool(row.checks) for row in self.rows) + sum(map(bool, self.checks.values()))


def asked_words(checks: Sequence[Asked], lang: str) -> str:
    """Questions as sentences, one after the other."""
    keys = ((one.key if "." in one.key else f"scheme_draft.{one.key}", one.params) for one in checks)
    return " ".join(dict.fromkeys(say(lang, key, **params) for key, params in keys))


def draft_scheme(file: str, sheets: Sequence[Sheet]) -> SchemeDraft:
    """The draft out of the tables of an annex; raises Refused where no sheet holds one, or where it is a scheme already."""
    if all(
        find_sheet(sheets, TABLES[name].name, TABLES[name].name_zh) for name in ("scheme", "dimensions", "indicators")
    ):
        raise Refused("scheme_draft.is_scheme", file=file)
    shipped = default_scheme()
    tables, left = _tables(sheets)
    reader = LineReader(dimension_spellings(shipped.dimensions))
    for table in tables:
        reader.read(table)
    annex = reader.annex
    if not annex.lines:
        raise Refused("scheme_draft.no_table", file=file, sheets=[sheet.name for sheet in sheets])
    dimensions, codes, sources, checks = _dimensions(annex, shipped)
    rows = [_row(line, codes) for line in annex.lines]
    title, year = _title(annex, tables)
    scheme = replace(
        shipped,
        code=f"annex{year or ''}",
        names=dict.fromkeys(LANGUAGES, title) if title else dict.fromkeys(LANGUAGES, file.rpartition(".")[0]),
        first_year=year,
        dimensions=tuple(dimensions),
        indicators=(),
        illustrative=False,
    )
    return SchemeDraft(
        scheme,
        tuple(_with_groups(rows, annex)),
        frozenset({"name_zh"} if title else ()) | frozenset({"code", "first_year"} if year else ()),
        sources,
        checks,
        (*annex.passed, *(Asked("passed_sheet", {"place": sheet.name, "found": ""}) for sheet in left)),
        tuple(finding for sheet in sheets for finding in sheet.findings),
    )


def _tables(sheets: Sequence[Sheet]) -> tuple[list[AnnexTable], list[Sheet]]:
    """Tables by their headers; a sheet without one goes on with the table before it where its points stand there, too."""
    tables: list[AnnexTable] = []
    left: list[Sheet] = []
    for sheet in sheets:
        found = find_table(sheet)
        if found is None and tables:
            more = tables[-1].going_on(sheet)
            width = max(more.kinds, default=0) + 1
            found = more if sheet.rows and len(sheet.rows[0]) == width and more.points_below else None
        if found is None:
            left.append(sheet)
        else:
            tables.append(found)
    return tables, left


def _title(annex: Annex, tables: Sequence[AnnexTable]) -> tuple[str, int | None]:
    """The name of the scheme and its first year, as the titles say them."""
    above = (part for t in tables if t.sheet.kind == "docx" for part in t.sheet.name.split(" ")[1:])
    said = [*annex.titles, *above]
    title = max((_ANNEX.sub("", text) for text in said if _TITLE.search(text)), key=len, default="")
    years = {int(found) for text in said for found in _YEAR.findall(plain(text))}
    return title, years.pop() if len(years) == 1 else None


def _dimensions(
    annex: Annex, shipped: Scheme
) -> tuple[list[Dimension], dict[str, str], dict[str, str], dict[str, tuple[Asked, ...]]]:
    """Types, name → code for those that are new, where each was found, and what of them is open."""
    named = list(dict.fromkeys(line.dimension for line in annex.lines))
    new = [name for name in named if name and name not in shipped.dimension]
    codes = {name: f"D{number}" for number, name in enumerate(new, 1)}
    kept = shipped.dimensions if set(named) & set(shipped.dimension) or not new else ()
    found, sources, checks = [], {}, {}
    for dimension in kept:
        one, source, asked = _known(annex, dimension, untyped="" in named)
        found.append(one)
        sources[one.code], checks[one.code] = source, asked
    for name, code in codes.items():
        lines = [line for line in annex.lines if line.dimension == name]
        points, place = annex.said.get((name,), (math.fsum(line.points or 0.0 for line in lines), lines[0].place))
        found.append(Dimension(code, dict.fromkeys(LANGUAGES, name), points, 0.0))
        sources[code] = place
        checks[code] = (Asked("new_dimension", {"name": name}), *_sum_of(lines, points, name))
    if found:
        first = found[0].code
        checks[first] = (*checks[first], *_whole(annex, found, shipped), *annex.sums)
    return found, codes, sources, checks


def _known(annex: Annex, dimension: Dimension, *, untyped: bool) -> tuple[Dimension, str, tuple[Asked, ...]]:
    """A type that ships, with the points that the annex says it has."""
    lines = [line for line in annex.lines if line.dimension == dimension.code]
    points, place = annex.said.get((dimension.code,), (dimension.objective_points, ""))
    name = dimension.names["zh"]
    if not lines:
        return dimension, place, () if untyped else (Asked("no_indicators", {"name": name}),)
    return replace(dimension, objective_points=points), place or lines[0].place, tuple(_sum_of(lines, points, name))


def _sum_of(lines: Sequence[AnnexLine], points: float, name: str) -> Iterator[Asked]:
    """Points of a type that its indicators do not add up to."""
    total = math.fsum(line.points or 0.0 for line in lines)
    if not math.isclose(total, points, abs_tol=1e-6):
        params = {"name": name, "found": marks(total), "expected": marks(points), "difference": marks(total - points)}
        yield Asked("dimension_sum", {**params, "first": lines[0].place, "last": lines[-1].place})


def _whole(annex: Annex, dimensions: Sequence[Dimension], shipped: Scheme) -> Iterator[Asked]:
    """What all indicators together do not add up to, and types that the annex does not name."""
    total, wanted = math.fsum(line.points or 0.0 for line in annex.lines), shipped.objective_points
    untyped = [line for line in annex.lines if not line.dimension]
    if untyped:
        yield Asked("no_dimension", {"n": len(untyped), "place": untyped[0].place})
    if not math.isclose(total, wanted, abs_tol=1e-6):
        places = {"first": annex.lines[0].place, "last": annex.lines[-1].place}
        yield Asked("whole_sum", {"found": marks(total), "expected": marks(wanted), **places})


def _row(line: AnnexLine, codes: Mapping[str, str]) -> ProposedRow:
    """The indicator with its clause read; what is read out of two cells, or left open, is a question."""
    found, checks = _read(line)
    unit = unit_name(line.texts["unit"]) or ("percent" if found and found.percent else "")
    reading = dict.fromkeys(LANGUAGES, "")
    if found is not None and found.rule and line.points:
        key, params = parse_rule(found.rule, found.parameters).describe(line.points, unit)
        reading = {lang: say(lang, key, **params) for lang in LANGUAGES}
    names = line.names or (first_clause(line.texts["text"] or line.texts["scoring"]),)
    if len(names) > len(LEVELS):
        names = (*names[: len(LEVELS) - 1], " · ".join(names[len(LEVELS) - 1 :]))
        checks = (*checks, Asked("many_levels", {"n": len(line.names)}))
    cells: dict[str, str | float] = {
        "dimension": codes.get(line.dimension, line.dimension),
        **dict(zip(LEVELS, names, strict=False)),
        "rule": chinese_name(found.rule) if found and found.rule else "",
        "parameters": found.parameters if found else "",
        "unit": unit,
        "methods": line.texts["methods"],
        "office": line.texts["office"],
        "text_zh": line.texts["text"],
        "scoring_zh": line.texts["scoring"],
        "code": line.texts["code"],
        "source": line.place,
        **({"points": line.points} if line.points is not None else {}),
    }
    return ProposedRow(line, cells, reading, (*line.asked, *checks))


def _read(line: AnnexLine) -> tuple[Reading | None, tuple[Asked, ...]]:
    """How points are earned: out of 评分办法, with 测评内容 where that alone leaves a number out."""
    text, scoring, points = line.texts["text"], line.texts["scoring"], line.points
    clause = scoring or text
    if any("一票否决" in said for said in line.texts.values()):
        return None, (Asked("scheme.clause_veto", {"found": clause}),)
    if not points:
        return None, () if line.asked else (Asked("no_points"),)
    found = read_clause(clause, points) if clause else None
    if found is None and not scoring and not re.search(r"[扣得分]", text):
        return Reading("manual"), (Asked("no_clause"),)
    if scoring and text and _needs_more(found, clause) and re.search(r"\d|[一二三四五六七八九十]", text):
        joined = read_clause(f"{text}，{scoring}", points)
        if joined is not None and joined.rule:
            return joined, (Asked("out_of_two", {"found": first_clause(text)}),)
        if found is not None and found.rule:
            return found, (Asked("number_in_text", {"found": text}),)
    if found is None:
        return None, (Asked("clause_open", {"found": clause}),)
    if found.problem:
        return None, (Asked(f"scheme.clause_{found.problem}", found.params),)
    if found.note:
        said = (
            say("zh", "rules.describe.manual", points=marks(points)),
            say("en", "rules.describe.manual", points=marks(points)),
        )
        return found, (
            Asked(f"scheme.clause_{found.note}", {"found": clause, "said": dict(zip(LANGUAGES, said, strict=True))}),
        )
    return found, ()


def _needs_more(found: Reading | None, clause: str) -> bool:
    """Whether the clause says how, and not from where: a target that is missing, a proportion of nothing named."""
    if found is None or found.problem == "no_target":
        return True
    return found.rule == "ratio_linear" and not re.search(r"\d+(?:\.\d+)?%|\d+(?!分)", plain(clause))


def _with_groups(rows: Sequence[ProposedRow], annex: Annex) -> Iterator[ProposedRow]:
    """The rows, and at the first of each group what its heading says otherwise than its indicators add up to."""
    open_groups: dict[int, list[Asked]] = {}
    for path, (points, place) in annex.said.items():
        within = [i for i, row in enumerate(rows) if (row.line.dimension, *row.line.names)[: len(path)] == path]
        total = math.fsum(rows[i].line.points or 0.0 for i in within)
        if len(path) > 1 and within and not math.isclose(total, points, abs_tol=1e-6):
            params = {"name": path[-1], "place": place, "found": marks(total), "expected": marks(points)}
            open_groups.setdefault(within[0], []).append(Asked("group_sum", params))
    for i, row in enumerate(rows):
        yield replace(row, checks=(*row.checks, *open_groups.get(i, ())))
