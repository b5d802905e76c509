"""What a scheme pays for which title, in fen, and why (the founding document, section 四 (六)).

The document gives one amount a star, and a further amount for rising from 1 to 2, 2 to 3 and 4 to 5 stars: each is the
difference of the two awards.  Rising over the line between district and city (3 to 4) it does not mention; the setting
``tier_promotion`` says what is paid then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from analysis.scheme.model import Scheme
from analysis.scheme.options import MANUAL, REPROMOTION, TIER_PROMOTION, chosen, fen, parse_payers


@dataclass(frozen=True)
class Amounts:
    """``awards``: star → fen of the first award; ``payers``: star → payer → share; ``tiers``: star → who decides it.

    ``tier_promotion``: what rising over the line between two who decide pays: the ``difference`` of the awards, the
    ``full`` new award, ``none``, or an amount set by hand (``manual``, fen; None: not set yet).  ``repromotion``:
    ``high_water`` pays only what lies above the highest star paid before, ``step`` pays every rise anew.
    """

    awards: Mapping[int, int]
    payers: Mapping[int, Mapping[str, Decimal]]
    tiers: Mapping[int, str]
    tier_promotion: str = "difference"
    repromotion: str = "high_water"
    manual: int | None = None

    def first(self, star: int) -> int:
        """Fen for being named with this star for the first time; 0 where the scheme gives none."""
        return self.awards.get(star, 0)

    def rise(self, below: int, star: int) -> int | None:
        """Fen for rising from one star to a higher one: the sum of its steps; None where one is still to be set."""
        if below == 0:
            return self.first(star)
        ladder = [s for s in sorted(self.awards) if below <= s <= star]
        steps = [self._step(a, b) for a, b in pairwise(ladder)]
        return None if None in steps else sum(s for s in steps if s is not None)

    def crosses(self, below: int, star: int) -> bool:
        """Whether a rise passes a line between two who decide, which the founding document leaves open."""
        return below > 0 and self.tiers.get(below) != self.tiers.get(star)

    def _step(self, below: int, star: int) -> int | None:
        difference = self.first(star) - self.first(below)
        if not self.crosses(below, star):
            return difference
        return {"difference": difference, "full": self.first(star), "none": 0}.get(self.tier_promotion, self.manual)

    def split(self, star: int, amount: int) -> dict[str, int]:
        """Who pays how many fen of an amount: the shares of the star, whole fen that sum exactly to it.

        What is left over by rounding down goes one fen each to the payers with the largest remainders, in their order.
        """
        shares = self.payers.get(star, {})
        exact = {name: share * amount for name, share in shares.items()}
        whole = {name: int(value) for name, value in exact.items()}
        left = amount - sum(whole.values())
        order = sorted(exact, key=lambda name: whole[name] - exact[name])
        return {name: fen + (name in order[:left]) for name, fen in whole.items()}


def amounts_of(scheme: Scheme) -> Amounts:
    """The amounts of a scheme; raises Refused for an option that is none."""
    manual = chosen(scheme.settings, MANUAL)
    return Amounts(
        awards={a.star: fen(a.amount) for a in scheme.awards},
        payers={a.star: parse_payers(a.payers) for a in scheme.awards},
        tiers={s.star: s.decided_by for s in scheme.stars},
        tier_promotion=chosen(scheme.settings, TIER_PROMOTION),
        repromotion=chosen(scheme.settings, REPROMOTION),
        manual=fen(manual) if manual else None,
    )


def yuan(amount: int) -> float:
    """Fen as yuan, for tables; exact to the fen up to ten billion yuan."""
    return amount / 100
