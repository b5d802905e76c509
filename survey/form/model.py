"""The questionnaire as a value: questions, choices, scores, roles (docs/questionnaire.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from survey.core.lazily import cached_property

Labels = Mapping[str, str]  # "zh", "en" → text

ANSWER_TYPES = ("select_one", "select_multiple", "integer", "decimal", "range", "text", "date")
ROLES = (
    "community",
    "sub_district",
    "year",
    "respondent",
    "household",
    "interviewer",
    "weight",
    "psu",
    "ssu",
    "stratum",
    "fpc",
    "fpc2",
    "sex",
    "age",
    "age_band",
    "mode",
    "start",
    "end",
    "submitted",
    "duration",
    "phone",
    "disposition",
    "replicate_weight",
)
#: a bad or blank cell under one of these refuses the row, elsewhere the cell
KEY_ROLES = ("community", "year", "respondent", "weight", "psu", "stratum", "replicate_weight")
#: the one role that several questions have: the columns of replicate weights, in the order of their rows
REPLICATE_WEIGHT = "replicate_weight"
#: setting: the question that asks how many adults live in the household, one of whom was drawn
HOUSEHOLD_ADULTS = "household_adults"
#: setting: whether the same people are asked every year, under the same respondent ids (yes or no, the default)
PANEL = "panel"
#: setting: what a respondent is known by, the number (default) or the number with how they were asked
RESPONDENT_KEY, NUMBER, NUMBER_AND_MODE = "respondent_key", "number", "number,mode"
#: more steps than this do not fit the packed answers; the number goes to its own table
MAX_STEPS = 30_000

Coding = Literal["choice", "step", "number", "text", "date", "multiple"]


def key_said(setting: str) -> str:
    """The setting ``respondent_key`` in its one spelling (``number, mode`` in any order, case and separator); what it is not
    stays as it stands."""
    words = sorted(
        w
        for w in setting.lower().replace(";", ",").replace("+", ",").replace("，", ",").replace(" ", ",").split(",")
        if w
    )
    return {(): NUMBER, ("number",): NUMBER, ("mode", "number"): NUMBER_AND_MODE}.get(tuple(words), setting)


def in_language(labels: Labels, lang: str, otherwise: str) -> str:
    """The label in the reader's language, else in another one, else what stands for it."""
    return labels.get(lang) or next((v for v in labels.values() if v), otherwise)


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a list: ``level`` 1 = best … k, ``score`` 0–100 overrides, ``missing`` marks no opinion."""

    name: str
    labels: Labels
    level: int | None = None
    score: float | None = None
    missing: str | None = None
    aliases: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    def label(self, lang: str) -> str:
        """The label in the reader's language, else the other one, else the code."""
        return in_language(self.labels, lang, self.name)


@dataclass(frozen=True, slots=True)
class Cut:
    """One cut point of a ``recode``: the first that holds gives the code."""

    operator: Literal["<", "<="]
    bound: float
    code: float


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the ``survey`` sheet.

    ``relevant`` is the row's own expression; ``conditions`` holds it together with those of the
    enclosing groups (all must hold for the question to be asked); ``repeated`` rows stand in a repeat,
    whose answers are not taken in.  ``extra`` keeps every column that is not ours verbatim, ``written`` a type
    that says more than ``type`` does (a list in another file, a loop), so that the workbook is written back as
    it came.  Of questions of one name in several groups ``name`` is the path, ``group/name``.
    """

    name: str
    type: str
    labels: Labels = field(default_factory=dict)
    list_name: str = ""
    choices: tuple[Choice, ...] = ()
    dimension: str = ""
    weight: float = 1.0
    reverse: bool = False
    minimum: float | None = None
    maximum: float | None = None
    start: float | None = None
    end: float | None = None
    step: float | None = None
    missing_values: Mapping[str, str] = field(default_factory=dict)
    recode: tuple[Cut, ...] = ()
    office: str = ""
    role: str = ""
    aliases: tuple[str, ...] = ()
    required: bool = False
    relevant: str = ""
    conditions: tuple[str, ...] = ()
    repeated: bool = False
    written: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def scored(self) -> bool:
        """Whether the item counts in the 300 points (a dimension is named)."""
        return bool(self.dimension)

    @property
    def low(self) -> float | None:
        """Lowest valid number: ``start`` of a range, else ``minimum``."""
        return self.start if self.type == "range" else self.minimum

    @property
    def high(self) -> float | None:
        """Highest valid number: ``end`` of a range, else ``maximum``."""
        return self.end if self.type == "range" else self.maximum

    @property
    def unit(self) -> float:
        """Size of one packed step of a bounded number."""
        return float(self.step or 1.0) if self.type == "range" else 1.0

    @property
    def coding(self) -> Coding:
        """How the answer is stored (see ``survey.answers``)."""
        if self.type == "select_one":
            return "choice"
        if self.type == "select_multiple":
            return "multiple"
        if self.type == "date":
            return "date"
        if self.type not in ANSWER_TYPES or self.type == "text":  # meta rows (start, calculate …) that have a role
            return "text"
        low, high = self.low, self.high
        bounded = self.type in ("range", "integer") and low is not None and high is not None
        if bounded and (high - low) / self.unit <= MAX_STEPS:  # type: ignore[operator]
            return "step"
        return "number"

    def label(self, lang: str) -> str:
        """The label in the reader's language, else the other one, else the name."""
        return in_language(self.labels, lang, self.name)


@dataclass(frozen=True)
class Questionnaire:
    """A questionnaire version: all rows of the survey sheet in order, and the settings.

    ``sheets``: XLSForm's further sheets (lists of external choices, entities), cell by cell, only kept.
    """

    rows: tuple[Question, ...]
    title: str = ""
    form_id: str = ""
    year: int | None = None
    blank: tuple[str, ...] = ("NA", "(空)", "(跳过)")
    sampling: Literal["by_community", "overall"] = "by_community"
    settings: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    sheets: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The rows that take an answer, and meta rows with a role: the order in which answers are packed."""
        return tuple(q for q in self.rows if (q.type in ANSWER_TYPES or q.role) and not q.repeated)

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Question name → column of the packed answers."""
        return {q.name: i for i, q in enumerate(self.questions)}

    @cached_property
    def roles(self) -> Mapping[str, Question]:
        """Role → the question that has it; without ``replicate_weight``, which several have (``replicates``)."""
        return {q.role: q for q in self.questions if q.role and q.role != REPLICATE_WEIGHT}

    @cached_property
    def replicates(self) -> tuple[Question, ...]:
        """The columns of replicate weights, in the order of the survey sheet."""
        return tuple(q for q in self.questions if q.role == REPLICATE_WEIGHT)

    @cached_property
    def scored(self) -> tuple[Question, ...]:
        """The items that count in the 300 points."""
        return tuple(q for q in self.questions if q.scored)

    @property
    def panel(self) -> bool:
        """Whether the same people are asked every year: declared, never found out."""
        return self.settings.get(PANEL, "").strip().lower() == "yes"

    @property
    def mode_in_key(self) -> bool:
        """Whether the same number by another mode is another respondent: declared, never found out."""
        return key_said(self.settings.get(RESPONDENT_KEY, "")) == NUMBER_AND_MODE

    def question(self, name: str) -> Question:
        """The question of this name; KeyError if there is none."""
        return self.questions[self.position[name]]


# ── Groups of the survey sheet: which conditions a row inherits from those around it


BEGINS = ("begin_group", "begin_repeat")
ENDS = ("end_group", "end_repeat")


def with_conditions(rows: Iterable[Question]) -> tuple[Question, ...]:
    """The rows with ``conditions`` set: ``relevant`` of the groups around each, outermost first, then its own.

    What stands between the begin and the end of a repeat is ``repeated``, the two rows themselves too.
    """
    open_groups: list[tuple[str, str]] = []
    done = []
    for row in rows:
        repeated = any(kind == "begin_repeat" for kind, _ in open_groups) or row.type == "begin_repeat"
        if row.type in ENDS and open_groups:
            open_groups.pop()
        conditions = tuple(c for c in (*(relevant for _, relevant in open_groups), row.relevant) if c)
        done.append(replace(row, conditions=conditions, repeated=repeated))
        if row.type in BEGINS:
            open_groups.append((row.type, row.relevant))
    return tuple(done)
