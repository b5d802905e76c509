"""What a scheme says of the cycle: who decides which star, what vetoes, how far a title may fall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from analysis.scheme.model import Scheme
from analysis.scheme.options import DEMOTION, VETO_TITLE, chosen
from survey.core import limits

#: a veto that the scheme does not name (the document's list ends with 等方面), and for how many months it counts
OTHER, OTHER_MONTHS = "other", 12


@dataclass(frozen=True)
class Rules:
    """``stars``: (star, minimum, decided by) ascending; ``vetoes``: code → months, those in use only.

    ``demotion``: ``match`` (the star of the score, may fall several) or ``one_step``; ``veto_title``: what becomes of
    the title of a vetoed holder: ``pending`` (somebody rules), ``suspend`` or ``revoke``; ``veto_names``: code → names.
    """

    stars: tuple[tuple[int, float, str], ...]
    full_marks: float
    vetoes: Mapping[str, int]
    demotion: str = "match"
    veto_title: str = "pending"
    veto_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def top(self) -> int:
        """The highest star."""
        return max((star for star, _, _ in self.stars), default=0)

    def star_for(self, total: float, held: int = 0) -> int:
        """The star of a total, rounded as ours, thresholds inclusive; ``held`` matters where a title falls by steps."""
        exact = Decimal(str(total)).quantize(Decimal(1).scaleb(-limits.TOTAL_DECIMALS), ROUND_HALF_UP)
        star = max((s for s, minimum, _ in self.stars if exact >= Decimal(str(minimum))), default=0)
        return max(star, held - 1) if self.demotion == "one_step" and held else star

    def body_of(self, star: int) -> str:
        """Who decides a star: ``city`` or ``district``; no star at all is the district's word."""
        return next((body for s, _, body in self.stars if s == star), "district")

    @property
    def highest_of_district(self) -> int:
        """What a community gets that the city refuses: the highest star that the district decides."""
        return max((s for s, _, body in self.stars if body != "city"), default=0)

    def rulings(self) -> tuple[str, ...]:
        """What may become of the title of a vetoed holder."""
        return {"suspend": ("suspended",), "revoke": ("revoked",)}.get(self.veto_title, ("suspended", "revoked"))


def rules_of(scheme: Scheme) -> Rules:
    """The rules of a scheme; raises Refused for an option that is none."""
    return Rules(
        stars=tuple((s.star, s.minimum, s.decided_by) for s in sorted(scheme.stars, key=lambda s: s.minimum)),
        full_marks=scheme.full_marks,
        vetoes={v.code: v.window_months for v in scheme.vetoes if v.active},
        demotion=chosen(scheme.settings, DEMOTION),
        veto_title=chosen(scheme.settings, VETO_TITLE),
        veto_names={v.code: dict(v.names) for v in scheme.vetoes},
    )


def spoken_event(event: str, before: int | None) -> str:
    """How an event of a title is worded: whoever is named again after a revocation (no star ``before``) does not rise."""
    return "renamed" if event == "promoted" and not before else event
