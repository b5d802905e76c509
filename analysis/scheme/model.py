"""The 1000-point scheme of a year as a value (docs/files.md, “Scheme”)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from survey.core.lazily import cached_property

Weighting = Literal["none", "poststratify", "rake"]
Names = Mapping[str, str]  # "zh", "en" → text


@dataclass(frozen=True, slots=True)
class Dimension:
    """One 型/感; ``lead_office`` may name several, separated by ``、`` in the workbook."""

    code: str
    names: Names
    objective_points: float
    subjective_points: float
    lead_office: str = ""
    responsible_offices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator; only the lowest level carries points and a rule, those above only group.

    ``parameters`` is the text of the workbook, e.g. ``zero=30 full=90``; the rule parses it.
    ``unit`` ``percent`` means values are stored as 0–100.  ``text_zh`` is the annex's 测评内容 (with 评分办法 where it
    stands in one column), ``scoring_zh`` its 评分办法 where that has a column of its own.
    """

    code: str
    names: Names
    dimension: str
    parent: str = ""
    points: float | None = None
    rule: str = ""
    parameters: str = ""
    unit: str = ""
    methods: str = ""
    office: str = ""
    text_zh: str = ""
    text_en: str = ""
    scoring_zh: str = ""
    scoring_en: str = ""


@dataclass(frozen=True, slots=True)
class Star:
    """One star: total ≥ ``minimum``; decided by ``district`` or ``city``."""

    star: int
    minimum: float
    decided_by: str


@dataclass(frozen=True, slots=True)
class Award:
    """First award of a star in yuan, and who pays which share, e.g. ``district:0.5 street:0.5``."""

    star: int
    amount: float
    payers: str


@dataclass(frozen=True, slots=True)
class Veto:
    """One 一票否决 matter."""

    code: str
    names: Names
    window_months: int
    active: bool


@dataclass(frozen=True, slots=True)
class Target:
    """At least ``share`` of the communities at ``star`` or above by ``due_year``."""

    star: int
    share: float
    due_year: int


@dataclass(frozen=True, slots=True)
class Phase:
    """One stage of the work; phases may overlap."""

    name: str
    first_year: int
    last_year: int
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class MarginTarget:
    """Population of one category of a margin that the register does not know; only proportions matter.

    ``margin`` names a question; ``community`` (code or name) and ``year`` empty: any.
    """

    margin: str
    category: str
    population: float
    community: str = ""
    year: int | None = None


@dataclass(frozen=True)
class Scheme:
    """A scheme version.  ``presets``: preset name → {number of levels → scores best first}.

    ``margins`` to which ``weighting`` weights, ``cell_min`` responses that a class of them must have, ``trim``
    largest weight in times the mean (None: no limit), ``lonely_psu`` as ``design.Design.lonely``.
    """

    code: str
    names: Names
    first_year: int | None
    dimensions: tuple[Dimension, ...]
    indicators: tuple[Indicator, ...]
    stars: tuple[Star, ...]
    preset: str = "gd2011"
    presets: Mapping[str, Mapping[int, tuple[float, ...]]] = field(default_factory=dict)
    min_responses: int = 50
    complete_share: float = 0.8
    partial_share: float = 0.5
    weighting: Weighting = "none"
    margins: tuple[str, ...] = ("sex", "age_band")
    cell_min: int = 5
    trim: float | None = None
    lonely_psu: Literal["unknown", "certainty", "average", "adjust"] = "unknown"
    margin_targets: tuple[MarginTarget, ...] = ()
    illustrative: bool = False
    awards: tuple[Award, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    targets: tuple[Target, ...] = ()
    community_targets: tuple[tuple[str, int, int], ...] = ()
    pilots: tuple[tuple[str, str], ...] = ()
    phases: tuple[Phase, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def scored_indicators(self) -> tuple[Indicator, ...]:
        """The indicators that carry points."""
        return tuple(i for i in self.indicators if i.points is not None)

    @cached_property
    def dimension(self) -> Mapping[str, Dimension]:
        """Code → dimension."""
        return {d.code: d for d in self.dimensions}

    @property
    def objective_points(self) -> float:
        """Full marks of the objective part."""
        return sum(d.objective_points for d in self.dimensions)

    @property
    def subjective_points(self) -> float:
        """Full marks of the subjective part."""
        return sum(d.subjective_points for d in self.dimensions)

    @property
    def full_marks(self) -> float:
        """1000 in the founding document."""
        return self.objective_points + self.subjective_points

    def level_scores(self, levels: int) -> tuple[float, ...] | None:
        """Scores of a scale of this length, best first; None if the preset has none of that length."""
        return self.presets.get(self.preset, {}).get(levels)
