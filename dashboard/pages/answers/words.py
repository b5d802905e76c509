"""Names and numbers of the lines, shared by the picture, the table, the sentence and the files."""

from __future__ import annotations

from analysis.statistics.notes import SEPARATOR, note_text
from analysis.tables.number_words import to_hundred
from dashboard.data.questions.asked import COMMUNITY, CROSSED
from dashboard.figures import numbers
from dashboard.pages.answers.service import Answers, Group
from dashboard.parts.question_words import condition_text, value_label
from survey.core.lang import say
from survey.form.model import in_language

#: codes of notes that say why nothing of a line is shown
WITHHELD = ("suppressed", "totals_only", "small_area", "complement", "complement_totals")


def name_of(found: Answers, group: Group, lang: str) -> str:
    """A line as a reader calls it."""
    asked = found.asked
    if group.value is None:
        if asked.community:
            return dict(asked.places).get(asked.community, asked.community)
        return say(lang, "page_answers.all")
    names = [
        dict(asked.places).get(value, value) if column == COMMUNITY else value_label(asked.columns[column], value, lang)
        for column, value in zip(asked.splits, group.value.split(CROSSED), strict=True)
    ]
    return " · ".join(names)


def place_text(found: Answers, lang: str) -> str:
    """Of whom all numbers are: the place, and the filters."""
    asked = found.asked
    place = dict(asked.places).get(asked.community, "") or asked.street or say(lang, "page_answers.all")
    said = [condition_text(asked, word, lang) for word in asked.where]
    return f"{place} · {' · '.join(said)}" if said else place


def internal(found: Answers) -> bool:
    """Whether the view is outside the tables that may be published."""
    return any("not_for_publication" in row.notes for row in found.rows)


def choices_of(found: Answers, lang: str) -> list[tuple[str, str]]:
    """Name and label of the choices that are opinions, as the questionnaire has them."""
    return [(c.name, in_language(c.labels, lang, c.name)) for c in found.asked.item.choices if c.missing is None]


def why_hidden(found: Answers, group: Group, lang: str) -> str:
    """Why nothing of a line is shown."""
    codes = [code for code in group.notes if code in WITHHELD] or list(group.notes)
    return note_text(SEPARATOR.join(codes), lang) or say(lang, "page_answers.no_number")


def mean_text(found: Answers, value: float | None) -> str:
    """A mean as it is read: points with one digit, own values with two."""
    return numbers.points(value, 1 if found.scored else 2)


def percent(value: float | None) -> str:
    """A share in percent with one digit."""
    return numbers.DASH if value is None else f"{numbers.points(100 * value, 1)}%"


def percents(found: Answers, row: Group) -> dict[str, str]:
    """The shares of a row in percent with one digit, choice → text: of a question with one answer each as they are rounded
    together, so that what is shown adds up to 100."""
    if found.asked.item.coding == "multiple":
        return {name: percent(share) for name, (share, _, _) in row.shares.items()}
    told = to_hundred([share for share, _, _ in row.shares.values()], 1)
    return {name: f"{numbers.points(value, 1)}%" for name, value in zip(row.shares, told, strict=True)}


def chance_text(letter: str, value: float | None) -> str:
    """A p or q as it is read: ``q=0.03``, ``q<0.001``."""
    if value is None:
        return f"{letter}={numbers.DASH}"
    return f"{letter}<0.001" if value < 0.001 else f"{letter}={numbers.points(value, 3 if value < 0.1 else 2)}"
