"""What one version of a questionnaire has otherwise than another, question by question, each as a sentence in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from survey.core.lang import LANGUAGES, enumerated, known, say
from survey.form.model import Choice, Question, Questionnaire
from survey.form.workbook.syntax import format_missing_values, format_number, format_recode

Texts = Mapping[str, str]
Fields = Mapping[str, Texts]
#: what counts in the 300 points: settled once answers of a year are in
COUNTING = ("dimension", "weight", "reverse")
_NOTHING: Texts = dict.fromkeys(LANGUAGES, "")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: ``field`` of the question ``name`` was ``before`` and is ``after``, texts by language.

    ``before`` None: it is new; ``after`` None: it is gone; ``field`` is ``''`` in both cases.  Without a name it is about
    the questionnaire as a whole (a setting, the order).
    """

    name: str
    label: Texts
    field: str = ""
    before: Texts | None = None
    after: Texts | None = None

    @property
    def counts(self) -> bool:
        """Whether it changes how answers turn into points."""
        return self.field in COUNTING

    def word(self, lang: str) -> str:
        """The change as one sentence."""
        shown = self.label[lang]
        what = say(lang, "form_diff.question", name=self.name, label=shown) if shown else self.name
        if not self.field:
            return say(lang, f"form_diff.{'added' if self.before is None else 'gone'}", what=what)
        if self.field == "order":
            return say(lang, "form_diff.order", names=(self.after or _NOTHING)[lang])
        nothing = say(lang, "form_diff.nothing")
        values = {key: (texts or _NOTHING)[lang] or nothing for key, texts in self._values()}
        key = f"form_diff.field.{self.field}"
        field = say(lang, key) if known(key) else self.field  # any setting of an XLSForm: version, instance_name …
        return say(lang, "form_diff.changed" if self.name else "form_diff.setting", what=what, field=field, **values)

    def _values(self) -> Iterator[tuple[str, Texts | None]]:
        yield "before", self.before
        yield "after", self.after


def differences(old: Questionnaire, new: Questionnaire) -> list[Change]:
    """Everything that ``new`` has otherwise than ``old``: the whole, then its questions in the order they stand, then those
    that are gone."""
    before, after = _questions(old), _questions(new)
    found = list(_compare("", _NOTHING, _whole(old), _whole(new)))
    for name, question in after.items():
        label = {lang: question.label(lang) if question.labels else "" for lang in LANGUAGES}
        if name not in before:
            found.append(Change(name, label, "", None, _NOTHING))
        else:
            found += _compare(name, label, _fields(before[name]), _fields(question))
    for name, question in before.items():
        if name not in after:
            label = {lang: question.label(lang) if question.labels else "" for lang in LANGUAGES}
            found.append(Change(name, label, "", _NOTHING, None))
    return [*found, *_order(list(before), list(after))]


def _questions(form: Questionnaire) -> dict[str, Question]:
    """What is shown or answered, by name; groups are told by the conditions of what is in them."""
    return {row.name: row for row in form.rows if row.name and not row.type.startswith(("begin_", "end_"))}


def _compare(name: str, label: Texts, old: Fields, new: Fields) -> Iterator[Change]:
    for field in dict.fromkeys((*old, *new)):
        before, after = old.get(field, _NOTHING), new.get(field, _NOTHING)
        if before != after:
            yield Change(name, label, field, before, after)


def _order(before: list[str], after: list[str]) -> Iterator[Change]:
    """Questions that stand elsewhere among those that both have."""
    old, new = [name for name in before if name in after], [name for name in after if name in before]
    kept = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    stay = {name for block in kept for name in new[block.b : block.b + block.size]}
    moved = [name for name in new if name not in stay]
    if moved:
        yield Change("", _NOTHING, "order", _same(""), {lang: enumerated(lang, moved) for lang in LANGUAGES})


def _same(value: object) -> Texts:
    """A value that reads the same in both languages; nothing for None."""
    text = "" if value is None else format_number(value) if isinstance(value, float) else str(value)
    return dict.fromkeys(LANGUAGES, text)


def _yes(value: bool) -> Texts:
    return {lang: say(lang, f"form_diff.{'yes' if value else 'no'}") for lang in LANGUAGES}


def _whole(form: Questionnaire) -> Fields:
    return {
        "title": _same(form.title),
        "year": _same(form.year),
        "sampling": _same(form.sampling),
        "blank": _same("|".join(form.blank)),
        **{key: _same(value) for key, value in form.settings.items()},
    }


def _fields(row: Question) -> Fields:
    """What of a question is told apart, each as text by language."""
    return {
        "wording": {lang: row.labels.get(lang, "") for lang in LANGUAGES},
        "type": _same(row.type),
        "choices": {lang: _choices(row.choices, lang) for lang in LANGUAGES},
        "scale": _same(_scale(row)),
        "missing": _same(_missing(row)),
        "role": _same(row.role),
        "dimension": _same(row.dimension),
        "weight": _same(float(row.weight)),
        "reverse": _yes(row.reverse),
        "recode": _same(format_recode(row.recode)),
        "required": _yes(row.required),
        "condition": _same(" and ".join(row.conditions)),
        "office": _same(row.office),
        "aliases": _same("|".join(row.aliases)),
        "other": _same(" ".join(f"{key}={value}" for key, value in row.extra.items())),
    }


def _choices(choices: tuple[Choice, ...], lang: str) -> str:
    """Codes and words in their order."""
    return enumerated(lang, (f"{c.name} {c.labels.get(lang, '')}".rstrip() for c in choices))


def _scale(row: Question) -> str:
    """How answers are ordered: levels and scores of choices, ends and steps of numbers."""
    bounds = [*(row.start, row.end, row.step), *(row.minimum, row.maximum)]
    numbers = " ".join("" if value is None else format_number(value) for value in bounds).strip()
    levels = ((c.name, c.level if c.score is None else f"={format_number(c.score)}") for c in row.choices)
    return numbers or " ".join(f"{name}:{value}" for name, value in levels if value is not None)


def _missing(row: Question) -> str:
    """What counts as no opinion."""
    states = " ".join(f"{c.name}:{c.missing}" for c in row.choices if c.missing)
    return " ".join(filter(None, (format_missing_values(row.missing_values), states)))
