"""Words of a file that fit the questionnaire one by one but not as a scale: asked about, never stored silently.

不满意 is level 4 of 很满意/满意/一般/不满意/很不满意 and the worst of 很满意/满意/基本满意/不太满意/不满意; which of them a
file means only its other words tell.  SPSS files say themselves what their codes mean.
"""

from __future__ import annotations

from survey.cells import answer_key, clean
from survey.findings import Finding
from survey.form.model import Question, Questionnaire
from survey.mapping import ColumnMapping
from survey.matching import ColumnMatch, Matched
from survey.scales import ScaleMatch, match_lists
from survey.sources.encoded import columns_of
from survey.sources.platforms.spss import label_conflict
from survey.values import blank_words, choice_words, is_blank


def scale_findings(matched: Matched, form: Questionnaire, mapping: ColumnMapping | None) -> list[Finding]:
    """One question a list of choices whose words mean something else in the file than in the questionnaire.

    What a person has mapped is settled; a list whose words all fit, or simply do not, needs no question (the cells
    that hold no choice are findings of their own, and the proposal for the whole scale stands beside them).
    """
    found = [f for f in (_labels(matched, form, c) for c in matched.columns) if f is not None]
    words, first = _words(matched, form, mapping)
    for name, scale in match_lists(form, words).items():
        if name in first and (pairs := _new_pairs(scale, form.question(first[name].question or ""))):
            found.append(_scale(matched, first[name], scale, pairs))
    return found


def _new_pairs(scale: ScaleMatch, question: Question) -> dict[str, str]:
    """What the scale says beyond, or against, the words of the questionnaire itself: word → label of the choice."""
    own = choice_words(question)
    label = {c.name: c.label("zh") for c in question.choices}
    return {
        word: label.get(choice, choice)
        for word, choice in scale.pairs.items()
        if (place := own.get(answer_key(word))) is None or question.choices[place].name != choice
    }


def _labels(matched: Matched, form: Questionnaire, column: ColumnMatch) -> Finding | None:
    lay = next((c for c in matched.layout.columns if c.index == column.index), None)
    if column.question is None or lay is None or not lay.labels:
        return None
    return label_conflict(matched.layout, lay, form.question(column.question))


def _words(
    matched: Matched, form: Questionnaire, mapping: ColumnMapping | None
) -> tuple[dict[str, list[str]], dict[str, ColumnMatch]]:
    """Question → the distinct words of its column; and the first column of each list."""
    blank = blank_words(form)
    wanted: list[tuple[ColumnMatch, Question]] = []
    for column in matched.columns:
        question = form.question(column.question) if column.question else None
        if question is not None and question.coding == "choice" and not question.role and not column.choice:
            wanted.append((column, question))
    cells = columns_of(matched.sheet.rows, matched.first, [c.index for c, _ in wanted])
    words: dict[str, list[str]] = {}
    first: dict[str, ColumnMatch] = {}
    for column, question in wanted:
        if matched.layout.coded_by == "order" or (mapping and mapping.words(question)):
            continue
        states = matched.layout.words
        texts = [clean(v) for v in cells[column.index].values if isinstance(v, str) and not is_blank(v, blank)]
        texts = [t for t in texts if t.casefold() not in states and not t.isdigit()]
        if texts:
            words[question.name] = [*words.get(question.name, []), *texts]
            first.setdefault(question.list_name, column)
    return words, first


def _scale(matched: Matched, column: ColumnMatch, scale: ScaleMatch, new: dict[str, str]) -> Finding:
    pairs = "、".join(f"{word}→{choice}" for word, choice in new.items())
    return Finding(
        "scales.ask" if scale.overruled else "scales.proposal",
        level="ask" if scale.overruled else "note",
        scope="sheet", sheet=matched.sheet.name, cell=column.cell, header=column.header,
        params={"words": "、".join(scale.overruled), "pairs": pairs},
    )  # fmt: skip
