"""What the groups around a row do to it: names that stand in several groups, and the choices that an ``or_other`` adds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from survey.files.own_workbooks import header_key
from survey.form.model import ANSWER_TYPES, BEGINS, ENDS, Choice, Labels, Question
from survey.form.workbook.syntax import YES

#: XLSForm's setting that lets a code stand more than once in a list
ALLOW_DUPLICATES = "allow_choice_duplicates"
#: the further choice of ``or_other``, as XLSForm's converters write it
OTHER = "other"
_OTHER_LABELS: Labels = {"zh": "其他", "en": "Other"}
_EXPLAIN: Labels = {"zh": "其他（请说明）", "en": "Specify other."}


def group_paths(rows: Iterable[Question]) -> Iterator[tuple[str, ...]]:
    """The names of the groups and repeats around each row, outermost first; a group's own row is outside of it."""
    around: list[str] = []
    for row in rows:
        if row.type in ENDS and around:
            around.pop()
        yield tuple(around)
        if row.type in BEGINS:
            around.append(row.name)


def told_apart(rows: Sequence[Question]) -> list[Question]:
    """The rows, questions of one name in several groups named by the path of their groups (``group/name``)."""
    paths = list(group_paths(rows))
    inside = {i for i, path in enumerate(paths) if set(path) & {row.name for row in rows if row.type == "begin_repeat"}}
    asked = [i for i, row in enumerate(rows) if row.name and (row.type in ANSWER_TYPES or row.role) and i not in inside]
    count = Counter(header_key(rows[i].name) for i in asked)
    places = Counter((paths[i], header_key(rows[i].name)) for i in asked)
    renamed = list(rows)
    for i in asked:
        key = header_key(rows[i].name)
        if count[key] > 1 and places[paths[i], key] == 1 and paths[i]:
            renamed[i] = replace(rows[i], name="/".join((*paths[i], rows[i].name)))
    return renamed


def own_name(name: str) -> str:
    """The name as the workbook has it, without the path that tells it apart."""
    return name.rpartition("/")[2]


def with_other(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """The list with the choice ``other`` at its end; no opinion where the list is a scale."""
    if any(choice.name == OTHER for choice in choices):
        return tuple(choices)
    scale = any(choice.level is not None or choice.score is not None for choice in choices)
    spoken = {lang for choice in choices for lang in choice.labels}
    return (*choices, Choice(OTHER, _in(_OTHER_LABELS, spoken), missing="not_applicable" if scale else None))


def _in(labels: Labels, spoken: Collection[str]) -> Labels:
    """The labels in the languages that those beside them are in."""
    return {lang: text for lang, text in labels.items() if lang in spoken} if spoken else labels


def explaining(question: Question) -> Question:
    """The text question that follows a question with ``or_other``."""
    asked = f"selected(${{{question.name}}}, '{OTHER}')"
    return Question(f"{question.name}_other", "text", _in(_EXPLAIN, question.labels), relevant=asked)


def merged(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Choices of one code as one: its labels side by side, each of them an alias; all else from the first."""
    by_code: dict[str, list[Choice]] = {}
    for choice in choices:
        by_code.setdefault(header_key(choice.name), []).append(choice)
    return tuple(same[0] if len(same) == 1 else _one(same) for same in by_code.values())


def _one(same: Sequence[Choice]) -> Choice:
    labels: Mapping[str, str] = {
        lang: " / ".join(dict.fromkeys(text for c in same if (text := c.labels.get(lang))))
        for lang in dict.fromkeys(lang for c in same for lang in c.labels)
    }
    words = dict.fromkeys(word for c in same for word in (*c.labels.values(), *c.aliases))
    return replace(same[0], labels=labels, aliases=tuple(w for w in words if w not in labels.values()))


def may_repeat(rows: Iterable[Question], settings: Mapping[str, str]) -> set[str]:
    """The lists in which a code may stand more than once: filtered ones, all where the settings allow it."""
    allowed = settings.get(ALLOW_DUPLICATES, "").strip().casefold() in YES
    return {row.list_name for row in rows if row.list_name and (allowed or row.extra.get("choice_filter"))}


def repeats(choices: Sequence[Choice]) -> bool:
    """Whether a code stands more than once."""
    return len({header_key(choice.name) for choice in choices}) < len(choices)
