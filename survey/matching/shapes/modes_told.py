"""How the interviews were held, where the sheet says it and the questionnaire does not ask: a column of such words, or names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from survey.core.cells import answer_key, clean
from survey.core.findings import Finding
from survey.core.lang import LANGUAGES, enumerated, say
from survey.fieldwork.register import mode_of, mode_within
from survey.files.own_workbooks import header_key, plain_text
from survey.files.readers.distinct_values import Cells, columns_of
from survey.files.readers.replaced_cells import edited
from survey.form.header_words import MODE
from survey.form.model import Question, Questionnaire
from survey.matching.matched_sheet import ColumnMatch, Matched
from survey.matching.year_community_mode import Names, Source

#: how a column of modes was found that the questionnaire does not ask for
HOW = "mode"
_KEYS = frozenset(header_key(word) for word in MODE)
#: other headers of such a column, which count where all that stands below is a mode and several are
_ASKS = re.compile(r"(?:方式|形式|途径|渠道|类型|类别|来源|方法|模式|mode|method|channel|source)(?:\(.*\))?$", re.I)
#: … and those of them that ask how something was done: with more modes than other words below, they are asked about
_HOW_ASKED = re.compile(r"(?:方式|形式|方法|模式|mode|method)(?:\(.*\))?$", re.I)
#: codes and the words behind them; a code alone, and how many of them a sentence names
_CODED = re.compile(r"(?<![A-Za-z\d])([A-Za-z]|\d{1,2})\s*[=:、.\-]?\s*([\u4e00-\u9fff]{2,8})")
_CODE, FIRST = re.compile(r"[a-z]|\d{1,2}"), 6
#: headers that ask for the mode and for nothing else
_SURE = frozenset(key for key in _KEYS if "方式" in key or "mode" in key)
_BY_PHONE = re.compile(r"电话|电访|外呼|cati|phone|\btel\b", re.I)
_ON_PAPER = re.compile(r"书面|纸质|纸本|面访|入户|手工录入|paper|face.?to.?face", re.I)
_ON_WEB = re.compile(r"网络|线上|在线|网上|电子问卷|扫码|问卷星|腾讯问卷|金数据|\bweb\b|online", re.I)
_PATTERNS = (("phone", _BY_PHONE), ("paper", _ON_PAPER), ("web", _ON_WEB))


def says_modes(header: str, values: Sequence[Any]) -> bool:
    """Whether a column is one of modes: such a word stands over it, and most of what it says is one; under a word that may ask
    for other things, too (渠道, 访问形式), everything, and not the same throughout."""
    words = [v for v in values if v is not None and plain_text(v)]
    if header_key(header) not in _KEYS:
        said = [mode_of(v) for v in words]
        return bool(_ASKS.search(header_key(header))) and None not in said and len(set(said)) > 1
    return 2 * sum(mode_within(v) is not None for v in words) > len(words)


def in_a_column(columns: Sequence[ColumnMatch], form: Questionnaire) -> bool:
    """Whether one of the columns says how each interview was held: a question's, or one that the questionnaire does not ask for."""
    role = form.roles.get("mode")
    return any(c.how == HOW or (role is not None and c.question == role.name) for c in columns)


def with_modes(matched: Matched, form: Questionnaire, *, chosen: bool = False) -> Matched:
    """The sheet with its column of modes, where no question of the form holds one; ``chosen``: one was said for all of it."""
    role = form.roles.get("mode")
    matched = _decoded(matched, role)
    if role is not None and matched.by_question.get(role.name):
        return matched
    free = [c for c in matched.columns if c.question is None and c.how == "none" and not c.meaning]
    free = [c for c in free if _ASKS.search(header_key(c.header)) or header_key(c.header) in _KEYS]
    cells = columns_of(matched.sheet.rows, matched.first, [c.index for c in free])
    told = [c for c in free if says_modes(c.header, cells[c.index].values)]
    told = [c for c in told if header_key(c.header) in _KEYS] or told
    if len(told) != 1:
        return matched if chosen else _with_doubt(matched, free, cells)
    mine = replace(told[0], question=role.name if role else None, how="alias" if role else HOW)
    return matched.with_columns([mine if c is told[0] else c for c in matched.columns])


def _decoded(matched: Matched, role: Question | None) -> Matched:
    """The sheet with words for the codes of a column of modes whose header explains them: 调查方式(1纸质 2网络 3电话)."""
    held = [
        c for c in matched.columns if (role and c.question == role.name) or (c.question is None and c.how == "none")
    ]
    for column in held:
        legend = _legend(column.header)
        if not legend or not _ASKS.search(header_key(column.header)):
            continue
        cells = columns_of(matched.sheet.rows, matched.first, [column.index])[column.index]
        said = [legend.get(answer_key(v), "") for v in cells.values]
        if not said or not all(said):
            continue
        found = {matched.first + row: said[code] for row, code in enumerate(cells.codes.tolist()) if code >= 0}
        sheet = edited(matched.sheet, {column.index: dict(found)})
        pairs = {
            lang: enumerated(lang, (f"{c}={say(lang, f'recognition.mode.is_{m}')}" for c, m in legend.items()))
            for lang in LANGUAGES
        }
        note = Finding(
            "scales.legend_read",
            "note",
            "sheet",
            sheet.name,
            column.cell,
            0,
            column.header,
            {"pairs": pairs, "columns": 1},
        )
        layout = replace(matched.layout, sheet=sheet)
        return replace(matched, sheet=sheet, layout=layout, findings=(*matched.findings, note))
    return matched


def _legend(header: str) -> dict[str, str]:
    """Code → mode of the legend in a header; {} where there is none, or where it is of other things."""
    said = {answer_key(code): mode_of(label) or _mode_in(label) for code, label in _CODED.findall(clean(header))}
    return {code: mode for code, mode in said.items() if mode} if len(said) > 1 and all(said.values()) else {}


def _mode_in(word: str) -> str:
    return next((mode for mode, pattern in _PATTERNS if pattern.search(word)), "")


def _with_doubt(matched: Matched, free: Sequence[ColumnMatch], cells: Mapping[int, Cells]) -> Matched:
    """The question about a column of modes that holds codes which nothing explains, or other words beside modes."""
    for column in free:
        key = header_key(column.header)
        if key not in _KEYS and not (_HOW_ASKED.search(key) and _mostly_modes(cells[column.index].values)):
            continue
        words = [word for v in cells[column.index].values if (word := answer_key(v))]
        unknown = [w for w in words if mode_within(w) is None]
        codes = key in _SURE and len(words) > 1 and all(_CODE.fullmatch(w) for w in words)
        if codes or 0 < len(unknown) < len(words):
            params = {"found": column.header, "words": sorted(unknown)[:FIRST]}
            asked = Finding(
                "intake.mode_codes", "ask", "sheet", matched.sheet.name, column.cell, 0, column.header, params
            )
            return replace(matched, findings=(*matched.findings, asked))
    return matched


def _mostly_modes(values: Sequence[Any]) -> bool:
    """Whether more than half of the distinct words of a column are modes, and not all one."""
    words = [w for v in values if (w := answer_key(v))]
    said = [mode for w in words if (mode := mode_within(w))]
    return 2 * len(said) > len(words) and len(set(said)) > 1


def mode_question() -> Question:
    """What a column of modes is read as, where the questionnaire does not ask for it."""
    labels = {lang: say(lang, "recognition.mode.asked") for lang in LANGUAGES}
    return Question("mode", "text", labels, role="mode")


def named_mode(names: Names, without: Sequence[str] = ()) -> tuple[str, Source, str] | None:
    """Mode, where it is said, and the word that says it, of the nearest name; ``without``: modes that it can't be."""
    for source, text in names.texts:
        for mode, pattern in _PATTERNS:
            if (found := pattern.search(text)) and mode not in without:
                return mode, source, found[0]
    return None


def mode_note(sheet: str, mode: str, source: Source, word: str) -> Finding:
    """What is said where a name tells the mode."""
    said = {lang: say(lang, f"recognition.mode.is_{mode}") for lang in LANGUAGES}
    where = {lang: say(lang, f"recognition.source.{source}") for lang in LANGUAGES}
    return Finding("intake.mode_by_name", "note", "sheet", sheet, params={"mode": said, "where": where, "word": word})
