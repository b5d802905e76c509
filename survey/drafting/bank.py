"""The bank of questions: items that are asked already, to be asked again in the same words; and where words were changed.

Years are compared item by item, so an item taken from the bank keeps wording, choices and scores exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.files.own_workbooks import header_key
from survey.form.model import Choice, Question, Questionnaire

#: likeness of two wordings from which they are taken for one item in other words
_ALIKE = 0.6


@dataclass(frozen=True)
class Item:
    """One question of the bank: the questionnaire and version it stands in first, and how it is called there."""

    form: str
    version: int
    question: Question

    @property
    def key(self) -> str:
        """``form:name``, by which it is taken."""
        return f"{self.form}:{self.question.name}"


Known = Sequence[tuple[str, int, Questionnaire]]


def items(known: Known) -> list[Item]:
    """Every question of the newest version of each questionnaire, each wording once, where it stands first.

    ``known``: name, version and form, in the order they came.  Roles and remarks are no items of the bank.
    """
    newest = {name: (version, form) for name, version, form in known}
    found: dict[tuple[str, str], Item] = {}
    for name, (version, form) in newest.items():
        for question in form.questions:
            if not question.role:
                found.setdefault((header_key(question.label("zh")), question.dimension), Item(name, version, question))
    return list(found.values())


def compose(known: Known, keys: Sequence[str], title: str) -> Questionnaire:
    """A questionnaire of the items taken, each exactly as it stands, behind the columns of roles of the first form.

    Raises Refused for a key that is none, or for none at all.
    """
    every = {item.key: item for item in items(known)}
    unknown = [key for key in keys if key not in every]
    if unknown or not keys:
        raise Refused("bank.unknown_item", found=list(unknown[:5]) or "—", n=len(every))
    newest = {name: form for name, _, form in known}
    roles = [q for q in next(iter(newest.values())).questions if q.role]
    taken = [every[key] for key in dict.fromkeys(keys)]
    lists: dict[str, tuple[Choice, ...]] = {}
    names: set[str] = set()
    rows = [_fitted(question, lists, names) for question in (*roles, *(item.question for item in taken))]
    return Questionnaire(tuple(rows), title=title, lists=lists, settings={"default_language": "中文 (zh)"})


def _fitted(question: Question, lists: dict[str, tuple[Choice, ...]], names: set[str]) -> Question:
    """The question with a name and a list that nobody else has; conditions on questions that may be absent go."""
    name = _free(question.name.rpartition("/")[2], names)
    names.add(name)
    row = replace(question, name=name, relevant="", conditions=())
    if not row.list_name:
        return row
    same = next((known for known, choices in lists.items() if choices == row.choices), "")
    called = same or _free(row.list_name, lists)
    lists[called] = row.choices
    return replace(row, list_name=called)


def _free(name: str, taken: Iterable[str]) -> str:
    known = set(taken)
    return (
        name
        if name not in known
        else next(f"{name}_{k}" for k in range(2, len(known) + 3) if f"{name}_{k}" not in known)
    )


def reworded(form: Questionnaire, known: Known) -> list[Finding]:
    """A remark for every scored item that an earlier questionnaire asks in nearly, but not exactly, these words.

    Held against the newest version of each: an item of the same name there, else the most similar one of its dimension.
    """
    newest = {name: (version, old) for name, version, old in known}
    exact = {header_key(q.label("zh")) for _, old in newest.values() for q in old.scored}
    found = []
    for item in form.scored:
        label = item.label("zh")
        if header_key(label) in exact:
            continue
        alike = [
            (_likeness(label, old.label("zh")), name, version, old)
            for name, (version, known_form) in newest.items()
            for old in known_form.scored
            if old.dimension == item.dimension
        ]
        best = max(alike, key=lambda one: one[0], default=None)
        if best is not None and best[0] >= _ALIKE:
            params = {"item": item.name, "new": label, "old": best[3].label("zh"), "name": best[1], "version": best[2]}
            found.append(Finding("bank.reworded", "note", "sheet", "survey", params=params))
    return found


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, header_key(one), header_key(other), autojunk=False).ratio()
