"""SPSS data: variables are questions by name or label; codes mean what the file's own value labels say."""

from __future__ import annotations

from survey.cells import answer_key, clean
from survey.findings import Finding
from survey.form.model import Question
from survey.known_scales import no_opinion
from survey.sources.layout import ColumnLayout, Layout, spellings, unique
from survey.sources.sheet import Sheet, Variable
from survey.values import choice_words, expected_choices

#: pairs named in a question about labels
SHOWN = 12


def recognise(sheet: Sheet) -> Layout | None:
    """The layout of a sheet whose file describes its variables; else None."""
    if not sheet.variables:
        return None
    return Layout(
        platform="spss", sheet=sheet, header_rows=(0,), first=1,
        columns=tuple(_column(i, variable) for i, variable in enumerate(sheet.variables)), coded_by="number",
        findings=(Finding("platforms.is_spss", "note", "sheet", sheet=sheet.name),),
    )  # fmt: skip


def _column(index: int, variable: Variable) -> ColumnLayout:
    names = unique((variable.name, *(spellings(variable.label) if variable.label else ())))
    words = {answer_key(code): _state(variable.labels.get(code, "")) for code in variable.missing}
    if not variable.set:
        return ColumnLayout(index, names, labels=variable.labels, words=words)
    option = clean(variable.label) or variable.name
    joined = tuple(f"{stem}/{option}" for stem in spellings(variable.set))
    # the labels of a tick (1 = 是) say nothing of the question's own codes
    return ColumnLayout(index, unique((*spellings(variable.set), *joined, *names)), option=option, words=words)


def _state(label: str) -> str:
    """Why a value that is declared as missing is none, by its label."""
    return no_opinion(label) or ("skipped" if "跳" in label or "skip" in label.casefold() else "blank")


def label_conflict(layout: Layout, column: ColumnLayout, question: Question) -> Finding | None:
    """The question to a person where the file's labels are no choices; None where they agree.

    Labels that are all choices, under whatever codes, are read as they say (``survey.legends``).
    """
    if not question.choices or column.option:
        return None
    words = choice_words(question)
    texts = {answer_key(t) for c in question.choices for t in (*c.labels.values(), *c.aliases) if t}
    told = {code: label for code, label in column.labels.items() if answer_key(code) not in column.words and label}
    if all(answer_key(label) in texts for label in told.values()):
        return None
    if all(_agrees(question, words.get(answer_key(code)), code, label) for code, label in told.items()):
        return None
    shown = "、".join(f"{code}={label}" for code, label in list(told.items())[:SHOWN])
    return Finding(
        "platforms.labels_differ", "ask", "sheet", sheet=layout.sheet.name, header=column.texts[0],
        params={"header": column.texts[0], "found": shown, "expected": expected_choices(question),
                "question": question.name},
    )  # fmt: skip


def _agrees(question: Question, place: int | None, code: str, label: str) -> bool:
    if place is None:
        return False
    choice = question.choices[place]
    said = (code, *choice.labels.values(), *choice.aliases)
    return answer_key(label) in map(answer_key, said)
