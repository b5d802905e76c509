"""Which column and which indicator a header or a cell of an indicator file means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from analysis.scheme.model import Indicator, Scheme
from analysis.scheme.rules.rule import Rule
from analysis.scheme.rules.rules import parse_rule
from analysis.scheme.rules.words import words_for
from survey.core.lazily import cached_property
from survey.files.own_workbooks import Column, header_key

#: the long form (docs/files.md, “Indicator values”); ``community_name`` to ``how`` only help the person who fills it in
COLUMNS = (
    Column("community", ("社区", "社区编号"), required=True),
    Column("community_name", ("社区名称",)),
    Column("indicator", ("指标", "指标编号"), required=True),
    Column("indicator_name", ("指标名称",)),
    Column("kind", ("种类",)),
    Column("points", ("满分", "分值")),
    Column("how", ("填报说明",)),
    Column("value", ("数值",)),
    Column("self_score", ("自评分",)),
    Column("assessor", ("考评人",)),
    Column("assessor_score", ("考评分",)),
    Column("method", ("方法",)),
    Column("date", ("日期",)),
    Column("evidence", ("依据",)),
    Column("exempt", ("免检",)),
    Column("note", ("说明",)),
    Column("reason", ("变更原因",)),
    Column("self_evidence", ("自评依据",)),
)
#: a row that has none of these says nothing
TELLING = ("value", "self_score", "assessor_score", "exempt")
#: what a row entered by hand may say instead
REMARKS = ("evidence", "note")


def column_of(header: object) -> str:
    """The key of the long form's column that goes by this header, ``''`` if none does."""
    return _SPELLINGS.get(header_key(header), "")


_SPELLINGS = {
    header_key(spelling): column.key
    for column in COLUMNS
    for spelling in (
        column.key,
        *column.headers,
        *(column.key + h for h in column.headers),
        *(h + column.key for h in column.headers),
    )
}


@dataclass(frozen=True)
class Entry:
    """An indicator that carries points, with its rule."""

    indicator: Indicator
    rule: Rule

    def kind_of(self, text: str) -> str | None:
        """The rule's kind that goes by this text: a blank one where there is only one; None if there is none."""
        kinds = self.rule.kinds
        if not text:
            return kinds[0] if len(kinds) == 1 else None if kinds else ""
        return next((k for k in kinds if header_key(text) in _kind_spellings(k)), None)


@lru_cache
def _kind_spellings(kind: str) -> frozenset[str]:
    return frozenset(header_key(word) for word in (kind, *words_for("kind", kind).values()))


class Entries:
    """The indicators of a scheme by code, name in either language, or both in one cell."""

    def __init__(self, scheme: Scheme) -> None:
        self.entries = [Entry(i, parse_rule(i.rule, i.parameters)) for i in scheme.scored_indicators]
        self._groups = {header_key(i.code) for i in scheme.indicators if i.points is None}
        self._found: dict[str, list[Entry]] = {}
        codes = {header_key(e.indicator.code) for e in self.entries}
        for entry in self.entries:
            code, *names = (entry.indicator.code, *dict.fromkeys(entry.indicator.names.values()))
            self._found.setdefault(header_key(code), []).append(entry)
            for word in (*names, *(code + n for n in names), *(n + code for n in names)):
                if header_key(word) not in codes:  # a code goes before another indicator's name
                    self._found.setdefault(header_key(word), []).append(entry)

    def find(self, text: str) -> list[Entry]:
        """The indicators that go by this text: one, none, or several of the same name."""
        return self._found.get(header_key(text), [])

    def is_group(self, text: str) -> bool:
        """Whether it is the code of an indicator that only groups others."""
        return header_key(text) in self._groups

    def header(self, text: str) -> list[tuple[Entry, str]]:
        """Indicator and kind that a header of the wide form means (kind ``''`` where it names none)."""
        plain = [(entry, "") for entry in self.find(text)]
        return plain or self._headers.get(header_key(text), [])

    def close(self, text: str) -> str:
        """Codes and names near to this text, for a sentence; all codes where nothing is near."""
        words = {w: e for e in self.entries for w in (e.indicator.code, *e.indicator.names.values())}
        near = get_close_matches(text, words, 3, 0.5)
        if not near:
            return ", ".join(e.indicator.code for e in self.entries)
        return ", ".join(dict.fromkeys(f"{words[w].indicator.code} {words[w].indicator.names['zh']}" for w in near))

    @cached_property
    def _headers(self) -> Mapping[str, list[tuple[Entry, str]]]:
        """``HX01:major``, ``HX01 重大刑事案件``, ``社会治安与刑事案件：major`` …"""
        headers: dict[str, list[tuple[Entry, str]]] = {}
        for word, entries in self._found.items():
            for entry, kind, spelling in _kinds(entries):
                for joint in (":", "", "/", "-", "_"):
                    place = headers.setdefault(word + joint + spelling, [])
                    if (entry, kind) not in place:
                        place.append((entry, kind))
        return headers


def _kinds(entries: list[Entry]) -> Iterator[tuple[Entry, str, str]]:
    for entry in entries:
        for kind in entry.rule.kinds:
            for spelling in _kind_spellings(kind):
                yield entry, kind, spelling
