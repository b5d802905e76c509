"""The lines of an import: one a file (or a sheet of it), with what it was taken for and what a person said instead."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from analysis.indicators.recognition import recognise_sheets
from dashboard.data.uploads import Upload
from survey.answers.mapping import ColumnMapping, from_json, to_json
from survey.core import limits
from survey.core.errors import Refused
from survey.core.lang import say
from survey.decisions.answered_findings import unplaced
from survey.decisions.carried_out import Decision
from survey.decisions.decision_file import read_decisions
from survey.files.read import read_sheets
from survey.matching.file_recognition import SheetRecognition
from survey.matching.year_community_mode import SURE, Reason
from survey.store import Store
from survey.store.intake.questionnaires import StoredForm

KINDS = ("answers", "calls", "indicators", "register", "questionnaire", "scheme", "unknown")
#: what others rest on: kept before them, after which they are looked at again
FIRST = ("register", "questionnaire", "scheme")
MODES = ("paper", "phone", "web")
SAMPLE_TYPES = ("probability", "quota", "open")
#: what a person may choose in a line
FIELDS = ("kind", "questionnaire", "mode", "year", "community", "sample_type", "sheet", "add_communities", "reason")
#: longest name of a sheet that Excel allows, with room for other programs
SHEET_NAME = 60
MOST_DECISIONS = 5000
_DECISION_LIST = "recognition.why.is_decisions"
#: what makes a file a definition, which goes in as a whole
_DEFINITIONS = {"recognition.why.is_questionnaire": "questionnaire", "recognition.why.is_scheme": "scheme"}


@dataclass(frozen=True)
class Choices:
    """What the lines offer: questionnaires (name, title), communities (code, name), years."""

    questionnaires: tuple[tuple[str, str], ...]
    communities: tuple[tuple[str, str], ...]
    years: tuple[int, ...]


@dataclass(frozen=True)
class Why:
    """What a line's value rests on; ``sure`` where nobody needs to look."""

    key: str
    params: Mapping[str, Any]
    certainty: float

    @property
    def sure(self) -> bool:
        """Whether it may go on without asking."""
        return self.certainty >= SURE

    def word(self, lang: str) -> str:
        """The reason in words."""
        return Reason(self.key, self.params).word(lang)


@dataclass(frozen=True)
class Part:
    """One line: which of the upload's files, what was said (``FIELDS``), why it was proposed, and the decisions."""

    file: int
    said: Mapping[str, Any]
    sheets: tuple[str, ...] = ()
    why: Mapping[str, Why] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    mapping: ColumnMapping | None = None

    @property
    def kind(self) -> str:
        """What the line is taken for."""
        return str(self.said["kind"])

    def named(self, file: str) -> str:
        """What the line is called: its file, and its sheet where the file has several."""
        return f"{file} · {self.said['sheet']}" if self.sheets and self.said["sheet"] else file

    def to_json(self) -> dict[str, Any]:
        """As it waits between two requests."""
        return {
            "file": self.file,
            "said": dict(self.said),
            "sheets": list(self.sheets),
            "why": {k: asdict(w) for k, w in self.why.items()},
            "decisions": [asdict(d) for d in self.decisions],
            "mapping": "" if self.mapping is None else to_json(self.mapping),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Part:
        """What ``to_json`` made."""
        return cls(
            kept["file"],
            kept["said"],
            tuple(kept["sheets"]),
            {k: Why(**w) for k, w in kept["why"].items()},
            tuple(Decision(**d) for d in kept["decisions"]),
            from_json(kept["mapping"], "") if kept["mapping"] else None,
        )


def parts_of(upload: Upload) -> list[Part]:
    """The lines of an upload."""
    return [Part.from_json(kept) for kept in upload.options["parts"]]


def told_apart(titles: Mapping[str, str]) -> dict[str, str]:
    """Name → what a questionnaire is called: its title, with its name where another one has the same."""
    every = list(titles.values())
    return {name: title if every.count(title) == 1 else f"{title} · {name}" for name, title in titles.items()}


def bare_name(name: str) -> str:
    """A browser's file name without any path, at most 120 characters."""
    bare = PurePosixPath(PureWindowsPath(name).name).name
    return "".join(c for c in bare if c.isprintable())[-120:] or "—"


def cleaned(given: Mapping[str, Any], offered: Choices) -> dict[str, Any]:
    """What was said about a file, every part held against what there is; unknown parts are refused."""
    names = [name for name, _ in offered.questionnaires]
    if not names:
        raise Refused("page_import.no_questionnaire")
    said = {name: str(given.get(name) or "") for name in FIELDS if name != "add_communities"}
    said["kind"] = said["kind"] or "answers"
    said["questionnaire"] = said["questionnaire"] or names[0]
    said["sample_type"] = said["sample_type"] or "probability"
    year = said["year"]
    fits = (
        said["kind"] in KINDS
        and len(said["sheet"]) <= SHEET_NAME
        and len(said["reason"]) <= limits.TYPED_TEXT
        and said["questionnaire"] in names
        and said["mode"] in ("", *MODES)
        and said["sample_type"] in SAMPLE_TYPES
        and (not year or (year.isascii() and year.isdigit() and len(year) == 4 and 1900 <= int(year) <= 2200))
        and (not said["community"] or said["community"] in [code for code, _ in offered.communities])
    )
    if not fits:
        raise Refused("page_import.bad_option")
    return {**said, "add_communities": bool(given.get("add_communities"))}


def recognised(
    store: Store, file: str, number: int, data: bytes, said: Mapping[str, Any], offered: Choices
) -> list[Part]:
    """The lines of one file: one each for its sheets of answers or calls, else one; ``said`` goes before proposals."""
    told = {k: v for k, v in said.items() if v}
    try:
        sheets = read_sheets(file, data)
        found = recognise_sheets(store, file, sheets)
    except Refused:  # the check says why, in the line of the file
        return [Part(number, cleaned({"kind": "unknown", **told}, offered))]
    names = tuple(s.name for s in sheets) if len(sheets) > 1 else ()
    return [_part(number, sheet, names, told, offered) for sheet in found.parts]


def _part(
    number: int, sheet: SheetRecognition, names: Sequence[str], told: Mapping[str, Any], offered: Choices
) -> Part:
    codes = {name: code for code, name in offered.communities}
    known = {code for code, _ in offered.communities}
    proposed = {name: str(value) for name, value in sheet.given.items()}
    place = proposed.get("community", "")
    proposed["community"] = place if place in known else codes.get(place, "")
    told_by = next((r.key for r in sheet.reasons if r.key in _DEFINITIONS), "")
    kind = _DEFINITIONS.get(told_by, sheet.kind)
    given = {"kind": kind, **proposed, "sheet": sheet.sheet if names else "", **told}
    first = sheet.problem or (sheet.reasons[0] if sheet.reasons else None)
    why = {"kind": Why(first.key, _plain(first.params), sheet.certainty)} if first else {}
    why |= {n: Why(p.reason.key, _plain(p.reason.params), p.certainty) for n, p in sheet.proposals.items()}
    return Part(number, cleaned(given, offered), tuple(names), why)


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(dict(params), default=str))


def is_decision_list(part: Part) -> bool:
    """Whether the file is a filled list of findings."""
    return part.kind == "unknown" and "kind" in part.why and part.why["kind"].key == _DECISION_LIST


def with_list(parts: Sequence[Part], names: Sequence[str], file: str, data: bytes) -> list[Part]:
    """The lines with the decisions of a filled list, each at the file that it is for.

    Raises Refused with the findings where a line of the list can't be understood or fits no file.
    """
    read, findings = read_decisions(file, data)
    if read is None:
        places = "、".join(f.where for f in findings if f.level == "refuse")[:200]
        raise Refused("page_import.bad_list", findings=findings, file=file, places=places)
    there = list(dict.fromkeys(names[p.file] for p in parts if p.kind != "unknown"))
    lost = unplaced(read, there)
    if lost or not there:
        raise Refused("page_import.list_fits_none", findings=lost, file=file, n=len(lost) or len(read))
    out = []
    for part in parts:
        mine = [
            replace(d, file="")
            for d in read
            if part.kind != "unknown"
            and d.file in ("", names[part.file])
            and (len(part.sheets) < 2 or d.sheet in ("", part.said["sheet"]))
        ]
        out.append(with_decisions(part, mine))
    return out


def with_decisions(part: Part, decisions: Sequence[Decision]) -> Part:
    """The line with more decisions; one about the same place replaces the one before it.  Raises Refused for too many."""
    places = {_place(d) for d in decisions}
    kept = (*(d for d in part.decisions if _place(d) not in places), *decisions)
    if len(kept) > MOST_DECISIONS:
        raise Refused("page_import.too_many_decisions", most=MOST_DECISIONS)
    return replace(part, decisions=kept)


def _place(decision: Decision) -> tuple[str, ...]:
    if decision.action == "confirm":
        return ("confirm", decision.sheet, decision.cell, decision.code)
    return (
        ("cell", decision.sheet, decision.cell)
        if decision.cell
        else ("like", decision.sheet, decision.header, decision.found or "")
    )


def version_words(form: StoredForm, lang: str) -> str:
    """Year, questions and version of a questionnaire, behind its title."""
    asked = sum(not q.role for q in form.form.questions)
    year = say(lang, "page_import.of_year", year=form.form.year) if form.form.year else ""
    return say(lang, "page_import.of_version", year=year, n=asked, version=form.version)
