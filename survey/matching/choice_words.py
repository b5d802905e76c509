"""The words of a file, list of choices by list: how often each stands there, what it means, what it may mean.

A person decides about a list as a whole (``survey.answers.scales``: one word does not say its level); what they decide is a
``survey.answers.mapping`` that is kept and used again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from survey.answers.loose_readings import loosely
from survey.answers.mapping import ColumnMapping
from survey.answers.scales import ScaleMatch, match_lists
from survey.answers.values import blank_words, blanks_of, choice_words, expected_choices, is_blank, reader
from survey.core.addresses import letters
from survey.core.cells import answer_key, clean
from survey.core.findings import Finding
from survey.core.lang import enumerated
from survey.files.layouts.layout import ColumnLayout, Layout
from survey.files.readers.distinct_values import columns_of
from survey.form.model import Choice, Question, Questionnaire
from survey.matching.matched_sheet import ColumnMatch, Matched

#: the finding of a cell whose word is no choice
NO_CHOICE = "checking.not_a_choice"
#: the findings of words that together are another scale: where one of them is a choice of the questionnaire, where none is
ASK, PROPOSAL = "scales.ask", "scales.proposal"
#: cells with words of another scale before they are more than slips
FEWEST_CELLS = 3


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a list as it stands in the file, in ``count`` cells.

    Names of choices: ``own`` what the questionnaire itself reads, ``proposed`` what the whole scale says, ``said``
    what a person mapped; None where there is none, ``said`` may be ``""`` (counts as empty).
    """

    text: str
    count: int
    own: str | None
    proposed: str | None
    said: str | None

    @property
    def meant(self) -> str | None:
        """What a person who agrees with the proposal would map."""
        if self.said is not None:
            return self.said
        return self.proposed if self.proposed is not None else self.own


@dataclass(frozen=True)
class Wording:
    """The words of all columns that share one list of choices; ``columns`` in sheet order, ``scale`` the proposal."""

    list_name: str
    columns: tuple[ColumnMatch, ...]
    choices: tuple[Choice, ...]
    words: tuple[Word, ...]
    scale: ScaleMatch
    mapped: bool

    @property
    def new(self) -> tuple[Word, ...]:
        """Words for which the scale says something that the questionnaire does not, or something else; while nobody mapped the
        scale, without those that are read by themselves."""
        found = (w for w in self.words if w.proposed is not None and w.proposed != w.own)
        return tuple(w for w in found if self.mapped or w.said is None)

    @property
    def open(self) -> bool:
        """Whether the proposal waits for a person."""
        return bool(self.new) and not self.mapped

    @property
    def cells(self) -> int:
        """How many cells the proposal would change."""
        return sum(w.count for w in self.new)

    def label(self, name: str, lang: str) -> str:
        """A choice as the reader knows it."""
        return next((c.label(lang) for c in self.choices if c.name == name), name)

    def pairs(self, lang: str) -> str:
        """``基本满意→一般、…``: what is new."""
        return enumerated(lang, (f"{w.text}→{self.label(w.proposed or '', lang)}" for w in self.new))

    def table(self) -> dict[str, str]:
        """Word → choice of everything that is known or proposed: what confirming the whole scale maps."""
        return {w.text: w.meant for w in self.words if w.meant is not None}


def wordings(matched: Matched, form: Questionnaire, mapping: ColumnMapping | None) -> tuple[Wording, ...]:
    """The words of every list of choices that the sheet has words (not only codes) for."""
    if matched.layout.coded_by == "order":
        return ()
    asked = _columns(matched, form)
    counts = _counts(matched, form, asked)
    if not counts:
        return ()
    scales = match_lists(form, {name: list(found) for name, found in counts.items()})
    lists: dict[str, list[tuple[ColumnMatch, Question]]] = {}
    for column, question in asked:
        if question.name in counts:
            lists.setdefault(question.list_name, []).append((column, question))
    return tuple(_wording(name, pairs, counts, scales[name], mapping) for name, pairs in lists.items())


def _columns(matched: Matched, form: Questionnaire) -> list[tuple[ColumnMatch, Question]]:
    """The columns that hold one choice a cell, but for those of design."""
    found = [(c, form.question(c.question)) for c in matched.columns if c.question and not c.choice]
    return [(c, q) for c, q in found if q.coding == "choice" and not q.role]


def _counts(
    matched: Matched, form: Questionnaire, asked: Sequence[tuple[ColumnMatch, Question]]
) -> dict[str, dict[str, int]]:
    """Question → word → cells; numbers and what says that there is no answer are no words."""
    blank, states = blank_words(form), matched.layout.words
    cells = columns_of(matched.sheet.rows, matched.first, [c.index for c, _ in asked])
    counts: dict[str, dict[str, int]] = {}
    for column, question in asked:
        kept, empty = cells[column.index], blanks_of(question, blank)
        often = np.bincount(kept.codes[kept.codes >= 0], minlength=len(kept.values)).tolist()
        for value, n in zip(kept.values, often, strict=True):
            bare = matched.layout.read(value) if matched.layout.read and isinstance(value, str) else value
            text = clean(bare) if isinstance(bare, str) and not is_blank(bare, empty) else ""
            if text and text.casefold() not in states and not text.isdigit():
                mine = counts.setdefault(question.name, {})
                mine[text] = mine.get(text, 0) + n
    return counts


def _wording(
    name: str,
    pairs: Sequence[tuple[ColumnMatch, Question]],
    counts: Mapping[str, Mapping[str, int]],
    scale: ScaleMatch,
    mapping: ColumnMapping | None,
) -> Wording:
    question = pairs[0][1]
    own = {key: question.choices[place].name for key, place in choice_words(question).items()}
    said = {key: choice for _, q in pairs for key, choice in (mapping.words(q) if mapping else {}).items()}
    often: dict[str, int] = {}
    for _, q in pairs:
        for text, n in counts[q.name].items():
            often[text] = often.get(text, 0) + n
    words = tuple(
        Word(text, n, own.get(answer_key(text)), scale.pairs.get(text), said.get(answer_key(text)))
        for text, n in often.items()
    )
    meant = loosely(question, reader(question))
    mapped = any(meant(key) is None for key in said)  # what is read by itself decides nothing about the scale
    place = {choice.name: i for i, choice in enumerate(question.choices)}
    words = tuple(sorted(words, key=lambda w: (place.get(w.meant or "", len(place)), -w.count)))
    return Wording(name, tuple(c for c, _ in pairs), question.choices, words, scale, mapped)


def scale_questions(found: Iterable[Wording], sheet: str) -> list[Finding]:
    """One finding a list whose scale is another one: a question, but for a slip of the pen that no word of it contradicts."""
    return [
        Finding(
            ASK if w.scale.overruled else PROPOSAL,
            level="ask" if w.scale.overruled or w.cells >= FEWEST_CELLS else "note",
            scope="sheet",
            sheet=sheet,
            cell=w.columns[0].cell,
            header=w.columns[0].header,
            params={
                "words": list(w.scale.overruled),
                "columns": len(w.columns),
                "pairs": {lang: w.pairs(lang) for lang in ("zh", "en")},
            },
        )
        for w in found
        if w.open
    ]


def agreeing(findings: Iterable[Finding], found: Sequence[Wording]) -> tuple[Finding, ...]:
    """Findings of cells with the whole scale's suggestion in place of the nearest word's, which may be another level."""
    meant = {
        (letters(column.cell), answer_key(word.text)): w.label(word.proposed or "", "zh")
        for w in found
        for column in w.columns
        for word in w.new
    }
    return tuple(
        f
        if f.code != NO_CHOICE or (choice := meant.get(_place(f))) is None
        else replace(f, params={**f.params, "suggestion": choice})
        for f in findings
    )


def covering(found: Sequence[Wording]) -> Callable[[Finding], bool]:
    """Tells which findings are settled by deciding about an open list as a whole."""
    waiting = [w for w in found if w.open]
    firsts = {w.columns[0].cell for w in waiting}
    places = {(letters(c.cell), answer_key(n.text)) for w in waiting for c in w.columns for n in w.new}

    def covered(finding: Finding) -> bool:
        if finding.code in (ASK, PROPOSAL):
            return finding.cell in firsts
        return finding.code == NO_CHOICE and _place(finding) in places

    return covered


def asked_once(findings: Sequence[Finding], found: Sequence[Wording]) -> list[Finding]:
    """The findings without the cells whose words are asked about as a whole; they come back where that is left unanswered."""
    open_lists = {f.cell for f in findings if f.code in (ASK, PROPOSAL) and f.level == "ask"}
    covered = covering([w for w in found if w.columns[0].cell in open_lists])
    return [f for f in findings if f.code != NO_CHOICE or not covered(f)]


def _place(finding: Finding) -> tuple[str, str]:
    return letters(finding.cell), answer_key(str(finding.params.get("found", "")))


# ── Words and codes of a file that fit the questionnaire one by one but not as a scale: asked about, never silent


def scale_findings(
    matched: Matched, form: Questionnaire, words: Sequence[Wording], legends: Collection[str] = ()
) -> list[Finding]:
    """One question a list of choices whose words mean something else in the file than in the questionnaire.

    ``legends``: questions whose codes the file explains itself.  What a person has mapped is settled; a list whose words all fit, or simply do not, needs no question (the cells
    that hold no choice are findings of their own).
    """
    found = [
        f for f in (_labels(matched, form, c) for c in matched.columns if c.question not in legends) if f is not None
    ]
    return [*found, *scale_questions(words, matched.sheet.name)]


def _labels(matched: Matched, form: Questionnaire, column: ColumnMatch) -> Finding | None:
    lay = next((c for c in matched.layout.columns if c.index == column.index), None)
    if column.question is None or lay is None or not lay.labels:
        return None
    return label_conflict(matched.layout, lay, form.question(column.question))


#: pairs named in a question about labels
SHOWN = 12


def label_conflict(layout: Layout, column: ColumnLayout, question: Question) -> Finding | None:
    """The question to a person where the file's labels are no choices; None where they agree.

    Labels that are all choices, under whatever codes, are read as they say (``survey.matching.code_legends``).
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
    shown = [f"{code}={label}" for code, label in list(told.items())[:SHOWN]]
    return Finding(
        "platforms.labels_differ",
        "ask",
        "sheet",
        sheet=layout.sheet.name,
        header=column.texts[0],
        params={
            "header": column.texts[0],
            "found": shown,
            "expected": expected_choices(question),
            "question": question.name,
        },
    )


def _agrees(question: Question, place: int | None, code: str, label: str) -> bool:
    if place is None:
        return False
    choice = question.choices[place]
    said = (code, *choice.labels.values(), *choice.aliases)
    return answer_key(label) in map(answer_key, said)
