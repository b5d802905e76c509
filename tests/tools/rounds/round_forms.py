"""Questionnaires with odd but legal labels and answers to them, for hypothesis to draw."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st

from survey.answers.values import blank_words, is_blank
from survey.form.answer_codes import BLANK, SKIPPED, STATES
from survey.form.model import Choice, Question, Questionnaire

SCALES = (
    ("很满意", "满意", "一般", "不满意", "很不满意"),
    ("很满意", "满意", "基本满意", "不太满意", "不满意"),
    ("非常好", "好", "不好"),
    ("经常", "有时", "从不"),
)
HANZI = "社区满意度办事便环境卫生安全停车老人邻里幸福"
#: what people put into labels: full width, brackets, dashes, letters, digits, marks
ODD = HANZI * 2 + "，。：；（）/？“”《》—·-&%#1２Ａbé"
PREFIXES = ("", "", "", "1、", "（一）", "Q9. ", "★", "3-5岁")
ENDINGS = ("", "", "", "？", "：", "（可多选）", "*", "【必填】")
OPTIONS = HANZI + "/·-&%1２Ａbé"
NOTES = ("", "", "", "(含分校)", "（请注明）")
TEXTS = HANZI * 2 + "，。！？“”'\"=+-@;,\t\n12 　😀é𠮷"
ROWS = 8


@dataclass(frozen=True, repr=False)
class Round:
    """A questionnaire and answers to it: index of a choice, indices of several, number, text, date, or None."""

    form: Questionnaire
    rows: tuple[dict[str, Any], ...]

    def __repr__(self) -> str:
        """Short enough to be read when an example fails."""
        asked = [(q.name, q.type, q.label("zh"), [c.label("zh") for c in q.choices]) for q in self.asked]
        return f"Round({asked}, {[tuple(row.values()) for row in self.rows]})"

    @property
    def asked(self) -> list[Question]:
        return [q for q in self.form.questions if not q.role]


def bare(text: str) -> str:
    """What is left to tell two labels apart when numbering, marks and punctuation are gone."""
    return re.sub(r"[^\u4e00-\u9fffA-Za-z]", "", text).casefold()


@st.composite
def labels(draw: st.DrawFn, count: int) -> list[str]:
    """So many labels that differ in more than their marks."""
    word = st.text(st.sampled_from(ODD), min_size=2, max_size=12)
    core = word.filter(lambda t: len(bare(t)) > 1 and t[0] in HANZI and t[-1] in HANZI)
    cores = draw(st.lists(core, min_size=count, max_size=count, unique_by=bare))
    return [draw(st.sampled_from(PREFIXES)) + c + draw(st.sampled_from(ENDINGS)) for c in cores]


@st.composite
def choices(draw: st.DrawFn, *, several: bool = False) -> tuple[Choice, ...]:
    """A scale with levels, or options with scores or without; perhaps a “don't know” at the end."""
    if not several and draw(st.booleans()):
        words = list(draw(st.sampled_from(SCALES)))
        made = [Choice(str(i), {"zh": w}, level=i) for i, w in enumerate(words, 1)]
    else:
        word = st.text(st.sampled_from(OPTIONS), min_size=1, max_size=8).filter(
            lambda t: t[0] in HANZI and t[-1] in HANZI
        )
        words = [w + draw(st.sampled_from(NOTES)) for w in draw(st.lists(word, min_size=2, max_size=6, unique_by=bare))]
        scored = not several and draw(st.booleans())
        made = [Choice(str(i), {"zh": w}, score=100.0 / i if scored else None) for i, w in enumerate(words, 1)]
    if not several and draw(st.booleans()):
        said, state = draw(
            st.sampled_from([("不清楚", "dont_know"), ("拒答", "refused"), ("不适用", "not_applicable")])
        )
        made.append(Choice(str(len(made) + 1), {"zh": said}, missing=state))
    return tuple(made)


@st.composite
def questions(draw: st.DrawFn) -> tuple[Question, ...]:
    kinds = ["select_one", *draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=6))]
    made = []
    for i, (kind, label) in enumerate(zip(kinds, draw(labels(len(kinds))), strict=True), 1):
        more: dict[str, Any] = {}
        if kind.startswith("select"):
            more = {"list_name": f"l{i}", "choices": draw(choices(several=kind == "select_multiple"))}
        elif kind == "range":
            start, end, step = draw(
                st.sampled_from([(0.0, 10.0, 1.0), (1.0, 5.0, 1.0), (0.0, 1.0, 0.25), (10.0, 100.0, 10.0)])
            )
            more = {"start": start, "end": end, "step": step}
        made.append(Question(f"q{i}", kind, {"zh": label}, **more))
    return tuple(made)


KINDS = ("select_one", "select_multiple", "integer", "decimal", "range", "text", "date")


def answers(question: Question, form: Questionnaire) -> st.SearchStrategy[Any]:
    blank = blank_words(form)
    if question.type == "select_one":
        return st.integers(0, len(question.choices) - 1)
    if question.type == "select_multiple":
        indices = st.integers(0, len(question.choices) - 1)
        return st.frozensets(indices, min_size=1).map(lambda chosen: tuple(sorted(chosen)))
    if question.type == "integer":
        return st.integers(-1, 10**9)
    if question.type == "decimal":
        return st.integers(-(10**9), 10**9).map(lambda n: n / 1000).filter(lambda n: n not in (-2, -3))
    if question.type == "range":
        steps = round((question.end - question.start) / question.step)
        return st.integers(0, steps).map(lambda i: question.start + i * question.step)
    if question.type == "date":
        return st.dates(date(1950, 1, 1), date(2030, 12, 31))
    plain = st.text(st.sampled_from(TEXTS), min_size=1, max_size=15)
    return plain.filter(
        lambda t: t == t.strip() and not t.startswith("'") and not is_blank(t, blank) and t not in ("-2", "-3")
    )


@st.composite
def rounds(draw: st.DrawFn) -> Round:
    """A questionnaire and up to eight people; everyone answers the first question."""
    asked = draw(questions())
    lists = {q.list_name: q.choices for q in asked if q.choices}
    who = Question("id", "text", {"zh": "编号"}, role="respondent")
    form = Questionnaire(rows=(who, *asked), title="往返", lists=lists)
    row = {q.name: answers(q, form) if i == 0 else answers(q, form) | st.none() for i, q in enumerate(asked)}
    return Round(form, tuple(draw(st.lists(st.fixed_dictionaries(row), min_size=1, max_size=ROWS))))


def expected(question: Question, answer: Any) -> Any:
    """What the store should give for an answer."""
    if answer is None:
        return None
    if question.type == "select_one":
        missing = question.choices[answer].missing
        return STATES[missing] if missing else answer
    return answer.isoformat() if question.type == "date" else answer


def read_back(block: Any, form: Questionnaire, question: Question) -> list[Any]:
    """The answers to one question as the store holds them; None where there is none."""
    codes = block.codes[:, form.position[question.name]].tolist()
    given = [code not in (BLANK, SKIPPED) for code in codes]
    if question.coding == "multiple":
        values = list(block.multiple[question.name])
    elif question.coding == "number":
        values = block.numbers[question.name].tolist()
    elif question.coding in ("text", "date"):
        values = list(block.texts[question.name])
    elif question.coding == "step":
        values = [question.start + code * question.step for code in codes]
    else:
        values = codes
    return [value if there else None for value, there in zip(values, given, strict=True)]
