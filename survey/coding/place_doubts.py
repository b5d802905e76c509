"""Whether everything belongs to the community that was chosen for the file: a column, a title or the sheet's name may say
otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from survey.answers.told_directions import require_one_word
from survey.coding.options import ImportOptions
from survey.core.cells import answer_key, as_number
from survey.core.findings import Finding
from survey.core.lang import LANGUAGES, say
from survey.decisions.carried_out import NAMED, Decision
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR, Register
from survey.files.own_workbooks import header_key, plain_text
from survey.files.readers.distinct_values import columns_of
from survey.files.readers.replaced_cells import edited
from survey.form.header_words import YEAR
from survey.form.model import Questionnaire
from survey.matching.code_legends import Explained
from survey.matching.matched_sheet import ColumnMatch, Matched
from survey.matching.shapes.place_columns import places_like, unlettered
from survey.matching.shapes.place_names import HOW as PLACED
from survey.matching.year_community_mode import stem, year_of_cells, years_in

COLUMN, TITLE, YEARS = "intake.community_column", "intake.community_title", "intake.year_column"
YEAR_NAMED, OTHER_COLUMN = "intake.year_named", "intake.community_columns"
#: how sure a name must say a year: one that stands by itself, no day and no two digits
SURE_YEAR = 0.9
FIRST = 6
#: the other answer to a column that its sheet's name contradicts, as it is proposed, and its words
BY_SHEET = "按表名 by_sheet"
_BY_SHEET = frozenset(map(header_key, (*BY_SHEET.split(), BY_SHEET)))
#: how the name of a community's office ends that leaves 社区 out
OFFICES = ("居委会", "居民委员会")
#: the year in the name of a program or a format, which is no year of a survey
_VERSION = re.compile(r"(?:excel|office|word|wps|xml|xls|表格|电子表格)[ _-]?(?:19|20)\d\d(?!\d|[ ]?年)", re.IGNORECASE)
#: columns of communities that say something else than where an interview was held
_ELSEWHERE = re.compile(r"户籍|户口|籍|原|迁|工作|单位|学校|就业|父母|子女")
#: rows of one community from which on a name that says another one is more than a left-over
FEWEST = 3


def community_columns(matched: Matched, register: Register) -> list[tuple[ColumnMatch, dict[str, int]]]:
    """The unread columns of which most cells are communities, by whichever name, with how often each stands there."""
    unread = [c for c in matched.columns if not c.question and not c.meaning and c.how != "calls"]
    cells = columns_of(matched.sheet.rows, matched.first, [c.index for c in unread])
    return [(c, often) for c in unread if (often := places_like(cells[c.index], register))]


def place_doubts(matched: Matched, form: Questionnaire, register: Register, options: ImportOptions) -> list[Finding]:
    """One question where the file names other communities than the one that was chosen for all of it."""
    role = form.roles.get("community")
    held = [] if role is None else list(matched.by_question.get(role.name, ()))
    if len(held) == 1 and held[0].how != PLACED:
        return _named_otherwise(matched, held[0], register) or _another_column(matched, held[0], register)
    place = None if options.community is None else register.find(options.community)
    if place is None or (role is not None and role.name in matched.by_question):
        return []
    chosen = register.communities[place].name
    for column, often in community_columns(matched, register):
        others = {name: n for name, n in often.items() if name != chosen}
        if others:
            shown = [f"{name} ×{n}" for name, n in list(others.items())[:FIRST]]
            params = {"n": sum(others.values()), "found": column.header, "names": shown, "chosen": chosen}
            return [
                Finding(COLUMN, "ask", "sheet", matched.sheet.name, column.cell, header=column.header, params=params)
            ]
    return _titles(matched, register, chosen)


def _throughout(matched: Matched, column: ColumnMatch, register: Register) -> tuple[str, int]:
    """The one community that a column says in all its cells, and how many they are; ('', 0) where it says several, or hardly any."""
    if column.index >= len(matched.sheet.rows[0]):
        return "", 0
    cells = columns_of(matched.sheet.rows, matched.first, [column.index])[column.index]
    kept = np.ones(len(cells.codes), dtype=bool)
    kept[[row - matched.first for row in matched.layout.skip if row >= matched.first]] = False
    said = {register.find(cells.values[code]) for code in np.unique(cells.codes[kept]).tolist() if code >= 0}
    n = int((cells.codes[kept] >= 0).sum())
    if len(said) != 1 or n < FEWEST or (place := said.pop()) is None:
        return "", 0
    return register.communities[place].name, n


def _another_column(matched: Matched, column: ColumnMatch, register: Register) -> list[Finding]:
    """A question where the column says one community throughout, as a template does that was filled in beforehand, and an unread
    one says several; where somebody is from or works is another matter."""
    name, n = _throughout(matched, column, register)
    for other, often in community_columns(matched, register) if name else ():
        others = {place: times for place, times in often.items() if place != name}
        if others and not _ELSEWHERE.search(plain_text(other.header)):
            params = {
                **{"header": column.header, "said": name, "n": n, "found": other.header, "m": sum(others.values())},
                "names": [f"{place} ×{times}" for place, times in list(others.items())[:FIRST]],
            }
            sheet = matched.sheet.name
            return [Finding(OTHER_COLUMN, "ask", "sheet", sheet, other.cell, header=other.header, params=params)]
    return []


def _named_otherwise(matched: Matched, column: ColumnMatch, register: Register) -> list[Finding]:
    """A question where the whole column says one community, and the sheet, its title or the file is named after another one."""
    name, n = _throughout(matched, column, register)
    if not name:
        return []
    sheet = matched.sheet
    for text in _names(matched):
        names = _named(text, register)
        if names and name not in names:
            params: dict[str, Any] = {"word": text[:40], "names": list(names[:FIRST]), "said": name, "n": n}
            one = "one" if len(names) == 1 else "several"
            params["other"] = {lang: say(lang, f"intake.community_named_{one}") for lang in LANGUAGES}
            params |= {"suggestion": BY_SHEET} if len(names) == 1 else {}
            return [Finding(NAMED, "ask", "sheet", sheet.name, column.cell, header=column.header, params=params)]
    return []


def is_by_sheet(value: str) -> bool:
    """Whether an answer says that each sheet's rows are of the community that the sheet is named after."""
    return header_key(value) in _BY_SHEET


def as_sheet_named(
    matched: Matched, form: Questionnaire, register: Register, answers: Mapping[str, Decision]
) -> Matched:
    """The sheet with the community that it is named after in the column that says another one throughout, and a note, where that
    was the answer: the column of a copied sheet.  ``answers``: what was decided of questions about the whole sheet, by code."""
    answer, role = answers.get(NAMED), form.roles.get("community")
    held = [] if role is None else list(matched.by_question.get(role.name, ()))
    if answer is None or answer.action != "set" or len(held) != 1 or held[0].how == PLACED:
        return matched
    for asked in _named_otherwise(matched, held[0], register):
        name, place = asked.params["names"][0], register.find(answer.value)
        same = place is not None and register.communities[place].name == name
        if len(asked.params["names"]) > 1 or not (same or is_by_sheet(answer.value)):
            continue
        column = columns_of(matched.sheet.rows, matched.first, [held[0].index])[held[0].index]
        rows = (np.flatnonzero(column.codes >= 0) + matched.first).tolist()
        sheet = edited(matched.sheet, {held[0].index: dict.fromkeys(set(rows) - set(matched.layout.skip), name)})
        said = {"decision": "set", "value": answer.value, "reason": answer.reason}
        note = replace(asked, level="note", params={**asked.params, **said})
        layout = replace(matched.layout, sheet=sheet)
        return replace(matched, sheet=sheet, layout=layout, findings=(*matched.findings, note))
    return matched


def year_doubts(matched: Matched, form: Questionnaire, options: ImportOptions) -> list[Finding]:
    """One question where a column of years that the questionnaire does not ask for says another year than the file gets."""
    year = options.year if options.year is not None else form.year
    role = form.roles.get("year")
    held = [] if role is None else list(matched.by_question.get(role.name, ()))
    if held:
        return _year_otherwise(matched, held[0])
    if year is None:
        return []
    if options.year is None and (named := _named_year(matched, year)):
        return named
    if role is not None:
        return []
    words = set(map(header_key, YEAR))
    unread = [c for c in matched.columns if not c.question and not c.meaning and header_key(c.header) in words]
    cells = columns_of(matched.sheet.rows, matched.first, [c.index for c in unread])
    for column in unread:
        often: dict[str, int] = {}
        for code in cells[column.index].codes.tolist():
            said = (
                as_number(plain_text(cells[column.index].values[code]).removesuffix("年度").removesuffix("年"))
                if code >= 0
                else None
            )
            if said is not None and FIRST_YEAR <= said <= LAST_YEAR and said != year:
                often[str(int(said))] = often.get(str(int(said)), 0) + 1
        if often:
            shown = [f"{name} ×{n}" for name, n in list(often.items())[:FIRST]]
            params = {"n": sum(often.values()), "found": column.header, "years": shown, "year": str(year)}
            return [
                Finding(YEARS, "ask", "sheet", matched.sheet.name, column.cell, header=column.header, params=params)
            ]
    return []


def _year_otherwise(matched: Matched, column: ColumnMatch) -> list[Finding]:
    """A question where the whole column says one year, and the sheet, its title or the file another."""
    if column.index >= len(matched.sheet.rows[0]):
        return []
    cells = columns_of(matched.sheet.rows, matched.first, [column.index])[column.index]
    years, bad = year_of_cells(cells.values)
    return _named_year(matched, next(iter(years)), column) if len(years) == 1 and not bad else []


def _named_year(matched: Matched, year: int, column: ColumnMatch | None = None) -> list[Finding]:
    sheet = matched.sheet
    for text in _names(matched):
        said = [y for y, sure in years_in(_VERSION.sub(" ", text)) if sure >= SURE_YEAR]
        if said:
            params = {"word": text[:40], "said": str(said[0]), "year": str(year)}
            at = (column.cell, 0, column.header) if column else ("", 0, "")
            differs = year not in [y for y, _ in years_in(text)]
            return [Finding(YEAR_NAMED, "ask", "sheet", sheet.name, *at, params)] if differs else []
    return []


def _names(matched: Matched) -> list[str]:
    """What a sheet is called: what stands above its table, its own name, the file's."""
    sheet = matched.sheet
    above = [t for row in range(matched.layout.header_rows[0]) for v in sheet.rows[row] if (t := plain_text(v))]
    return [*above, sheet.name, stem(sheet.file)]


def _titles(matched: Matched, register: Register, chosen: str) -> list[Finding]:
    """One question with all titles above the table or among its rows, and the sheet's name, that say other communities."""
    sheet = matched.sheet
    told = [("", sheet.name)]
    rows = sorted({*range(matched.layout.header_rows[0]), *matched.layout.skip, *matched.layout.titles})
    for row in rows:
        cells = enumerate(sheet.rows[row])
        told += [(sheet.address(row, at), text) for at, v in cells if isinstance(v, str) and (text := plain_text(v))]
    others = [(cell, text, names) for cell, text in told if (names := _named(text, register)) and chosen not in names]
    if not others:
        return []
    found = list(dict.fromkeys(text[:40] for _, text, _ in others))
    named = list(dict.fromkeys(name for _, _, names in others for name in names))
    params = {"found": found[:FIRST] if len(found) > 1 else found[0], "names": named[:FIRST], "chosen": chosen}
    return [Finding(TITLE, "ask", "sheet", sheet.name, others[0][0], params=params)]


def _named(text: str, register: Register) -> Sequence[str]:
    """The communities whose whole name, or that of whose office (东街居委会), a text holds."""
    key = header_key(text)
    held = {c.name: [c.name, *(f"{c.name.removesuffix('社区')}{e}" for e in OFFICES)] for c in register.communities}
    return [name for name, said in held.items() if len(name) > 1 and any(header_key(s) in key for s in said)]


def other_names(
    values: Mapping[int, Any], register: Register, beside: Sequence[Explained], header: str = ""
) -> dict[int, str]:
    """Place → the community that its value (``values``, by place) means where the register does not have it as it stands:
    another spelling, or a number that another sheet (``beside``) explains as one.

    Raises Refused where two sheets explain a number under this ``header`` differently.
    """
    unknown = {place: value for place, value in values.items() if register.find(value) is None}
    if not unknown:
        return {}
    lists = [(e.sheet, {answer_key(c): _community(name, register) for c, name in e.said.items()}) for e in beside]
    lists = [(sheet, names) for sheet, names in lists if names and all(names.values())]
    require_one_word(header, lists, {answer_key(value) for value in unknown.values()})
    numbered = {code: name for _, names in reversed(lists) for code, name in names.items()}
    found = {
        place: _community(unlettered(v) if isinstance(v, str) else v, register) or numbered.get(answer_key(v), "")
        for place, v in unknown.items()
    }
    return {place: name for place, name in found.items() if name}


def _community(word: str, register: Register) -> str:
    place = register.find(word)
    return register.meant(word) if place is None else register.communities[place].name
