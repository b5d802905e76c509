"""A confirmed mapping: what the headers and words of a file mean where the questionnaire itself does not say.

It is the file of ``--mapping`` (``docs/mapping.md``) and what the store keeps for the next file with the same header.
Whatever it says was confirmed by a person, so it wins over the questionnaire's own names, labels and aliases.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from survey.answers.values import reader
from survey.core.cells import answer_key
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.files.own_workbooks import header_key
from survey.form.answer_codes import INVALID
from survey.form.model import Choice, Question, Questionnaire

Words = Mapping[str, str]
PARTS = ("columns", "values", "lists", "absent", "confirmed")
#: questions that may have one column a choice
OPTION_COLUMNS = ("select_multiple", "select_one")
#: names shown where one is unknown
KNOWN_NAMES = 12


@dataclass(frozen=True)
class ColumnMapping:
    """What a person confirmed; keys are comparable (``of`` makes them so).

    ``columns``  header (of several header rows: joined by ``/``) → question, ``question/choice`` for the column of
                 one choice, or ``""``: the column is not read.
    ``values``   question → word → choice name (for other questions: what to read instead), ``""``: counts as empty.
    ``lists``    the same for all questions of a list of choices; ``values`` of a question go before.
    ``absent``   questions that the file does not hold: nobody was asked them.
    ``confirmed`` open questions about how such tables are made that were confirmed (``survey.decisions.remembered``).
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Words] = field(default_factory=dict)
    lists: Mapping[str, Words] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        columns: Words | None = None,
        values: Mapping[str, Words] | None = None,
        lists: Mapping[str, Words] | None = None,
        absent: Iterable[str] = (),
        confirmed: Iterable[str] = (),
    ) -> ColumnMapping:
        """A mapping from headers and words as they stand in a file; raises ValueError where two are the same."""
        return cls(
            _comparable(columns or {}, header_key),
            {name: _comparable(words, answer_key) for name, words in (values or {}).items()},
            {name: _comparable(words, answer_key) for name, words in (lists or {}).items()},
            tuple(dict.fromkeys(absent)),
            tuple(dict.fromkeys(confirmed)),
        )

    def words(self, question: Question) -> Words:
        """Comparable word → choice name (or other text, or ``""``) for one question."""
        return {**self.lists.get(question.list_name, {}), **self.values.get(question.name, {})}

    def merged(self, other: ColumnMapping) -> ColumnMapping:
        """This mapping with everything that ``other`` says, which wins; a question that a column holds is not absent."""
        columns = {**self.columns, **other.columns}
        held = set(columns.values())
        return ColumnMapping(
            columns,
            _merged(self.values, other.values),
            _merged(self.lists, other.lists),
            tuple(q for q in dict.fromkeys((*self.absent, *other.absent)) if q not in held),
            tuple(dict.fromkeys((*self.confirmed, *other.confirmed))),
        )

    def __bool__(self) -> bool:
        return bool(self.columns or self.values or self.lists or self.absent or self.confirmed)


def _merged(one: Mapping[str, Words], other: Mapping[str, Words]) -> dict[str, Words]:
    return {name: {**one.get(name, {}), **other.get(name, {})} for name in (*one, *(n for n in other if n not in one))}


def _comparable(words: Words, key: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for word, meaning in words.items():
        if not key(word) or found.setdefault(key(word), meaning) != meaning:
            raise ValueError(word)
    return found


def fingerprint(headers: Iterable[str]) -> str:
    """What a header row is known by: its headers in any order, width and case; empty ones do not count."""
    keys = sorted(key for header in headers if (key := header_key(header)))
    return blake2b("\x1f".join(keys).encode("utf-8"), digest_size=16).hexdigest()


def to_json(mapping: ColumnMapping) -> str:
    """The mapping as the text of a ``--mapping`` file; empty parts are left out."""
    parts = {part: getattr(mapping, part) for part in PARTS if getattr(mapping, part)}
    return json.dumps(parts, ensure_ascii=False, indent=2) + "\n"


def from_json(data: str | bytes, file: str) -> ColumnMapping:
    """Read a mapping; raises Refused with one sentence where it is no mapping (``file`` names it)."""
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
        found = json.loads(text, object_pairs_hook=_object)
    except _Twice as twice:
        raise Refused("mapping.twice", file=file, found=str(twice)) from None
    except UnicodeDecodeError:
        raise Refused("mapping.not_utf8", file=file) from None
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise Refused("mapping.not_json", file=file, line=line) from None
    if not isinstance(found, dict) or not found.keys() <= set(PARTS):
        wrong = next((key for key in found if key not in PARTS), "") if isinstance(found, dict) else ""
        raise Refused("mapping.unknown_part", file=file, found=wrong, known=", ".join(PARTS))
    _check_shape(found, file)
    try:
        return ColumnMapping.of(**found)
    except ValueError as error:
        raise Refused("mapping.twice", file=file, found=str(error)) from None


class _Twice(Exception):
    """A key that stands twice in one object."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key)
        found[key] = value
    return found


def _check_shape(found: Mapping[str, Any], file: str) -> None:
    """Texts to texts, one level deeper in ``values`` and ``lists``; ``absent`` and ``confirmed`` are lists of texts."""
    for part in PARTS[3:]:
        said = found.get(part, [])
        if not isinstance(said, list) or not all(isinstance(name, str) for name in said):
            raise Refused("mapping.not_names", file=file, part=part)
    tables = [("columns", found.get("columns", {}))]
    for part in PARTS[1:3]:
        inner = found.get(part, {})
        tables += (
            [(f"{part}.{name}", words) for name, words in inner.items()] if isinstance(inner, dict) else [(part, inner)]
        )
    for place, words in tables:
        if not isinstance(words, dict):
            raise Refused("mapping.not_pairs", file=file, place=place)
        for word, meaning in words.items():
            if not isinstance(meaning, str):
                raise Refused("mapping.not_text", file=file, place=place, found=word)


def check(mapping: ColumnMapping, form: Questionnaire, file: str = "") -> list[Finding]:
    """Everything in a mapping that does not fit a questionnaire, all at once; empty if it fits.

    ``file`` is the mapping file, where there is one.  Several headers may mean one question.
    """
    return [
        Finding(code, scope="file", sheet=file, header=header, params={"found": found, **params})
        for code, header, found, params in (
            *_columns(mapping, form),
            *_values(mapping, form),
            *_lists(mapping, form),
            *_absent(mapping, form),
        )
    ]


def require(mapping: ColumnMapping, form: Questionnaire, file: str = "") -> None:
    """Raise Refused with the findings of ``check`` if there are any."""
    findings = check(mapping, form, file)
    if findings:
        raise Refused("mapping.does_not_fit", findings=findings, file=file, n=len(findings), title=form.title)


def split_target(target: str, form: Questionnaire) -> tuple[str, str]:
    """Question and option of ``question/choice``, ``""`` without an option; names that hold a slash go whole."""
    if target in form.position:
        return target, ""
    known = [name for name in form.position if target.startswith(f"{name}/")]
    name = max(known, key=len, default=target.partition("/")[0])
    return name, target[len(name) + 1 :]


_Problem = tuple[str, str, str, dict[str, Any]]


def _columns(mapping: ColumnMapping, form: Questionnaire) -> Iterator[_Problem]:
    for header, target in mapping.columns.items():
        name, option = split_target(target, form)
        if name and name not in form.position:
            yield "mapping.unknown_question", header, name, {"known": _some(form.position)}
        elif name != target and not (form.question(name).type in OPTION_COLUMNS and _has(form.question(name), option)):
            yield "mapping.unknown_option", header, target, {"known": _names(form.question(name).choices)}


def _values(mapping: ColumnMapping, form: Questionnaire) -> Iterator[_Problem]:
    for name, words in mapping.values.items():
        if name not in form.position:
            yield "mapping.unknown_question", "", name, {"known": _some(form.position)}
            continue
        question = form.question(name)
        read = reader(question)
        for word, meaning in words.items():
            if question.choices:
                if meaning and not _has(question, meaning):
                    yield "mapping.unknown_choice", word, meaning, {"place": name, "known": _names(question.choices)}
            elif meaning and read(meaning).code == INVALID:
                yield "mapping.no_answer", word, meaning, {"place": name}


def _lists(mapping: ColumnMapping, form: Questionnaire) -> Iterator[_Problem]:
    for name, words in mapping.lists.items():
        if name not in form.lists:
            yield "mapping.unknown_list", "", name, {"known": _some(form.lists)}
            continue
        names = {choice.name for choice in form.lists[name]}
        for word, meaning in words.items():
            if meaning and meaning not in names:
                yield "mapping.unknown_choice", word, meaning, {"place": name, "known": _names(form.lists[name])}


def _absent(mapping: ColumnMapping, form: Questionnaire) -> Iterator[_Problem]:
    for name in mapping.absent:
        if name not in form.position:
            yield "mapping.unknown_question", "", name, {"known": _some(form.position)}


def _has(question: Question, choice: str) -> bool:
    return any(c.name == choice for c in question.choices)


def _names(choices: Iterable[Choice]) -> str:
    return _some(choice.name for choice in choices)


def _some(names: Iterable[str]) -> str:
    every = list(names)
    return "、".join(every[:KNOWN_NAMES]) + (" …" if len(every) > KNOWN_NAMES else "")
