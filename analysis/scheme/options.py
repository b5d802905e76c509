"""What the founding document leaves open and a scheme's settings decide: one list for every room that reads them.

The rooms of titles and of money take their words from here, the checker refuses what stands in no list, the template
writes every key with what applies without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.scheme.money import fen, share
from survey.errors import Refused

TIER_PROMOTION, REPROMOTION, MANUAL = "tier_promotion", "repromotion", "tier_promotion_amount"
DEMOTION, VETO_TITLE = "demotion", "veto_title"
TOLERANCE = "target_tolerance"


@dataclass(frozen=True, slots=True)
class Option:
    """One setting: the ``words`` it may say (the first applies without it), or ``reads``, which raises Refused.

    ``default``: what applies without the key, ``''`` where there is nothing to apply.
    """

    words: tuple[str, ...] = ()
    reads: Callable[[str], object] | None = None
    default: str = ""

    @property
    def unsaid(self) -> str:
        """What applies where the scheme says nothing."""
        return self.words[0] if self.words else self.default

    def problem(self, text: str) -> Refused | None:
        """Why ``text`` can't stand here, None where it can."""
        if self.words:
            expected = ", ".join(self.words)
            return None if text in self.words else Refused("scheme.option_unknown", found=text, expected=expected)
        try:
            if self.reads is not None:
                self.reads(text)
        except Refused as refused:
            return refused
        return None


#: key → what it may say
OPTIONS: Mapping[str, Option] = {
    DEMOTION: Option(("match", "one_step")),
    VETO_TITLE: Option(("pending", "suspend", "revoke")),
    TIER_PROMOTION: Option(("difference", "full", "none", "manual")),
    MANUAL: Option(reads=fen),
    REPROMOTION: Option(("high_water", "step")),
    TOLERANCE: Option(reads=share, default="0.05"),
}


def chosen(settings: Mapping[str, str], key: str) -> str:
    """What a scheme says of an option, or what applies without it; raises Refused for what can't stand there."""
    option = OPTIONS[key]
    said = settings.get(key, "") or option.unsaid
    refused = option.problem(said) if said else None
    if refused is not None and option.words:
        raise Refused("scheme.bad_option", key=key, found=said, expected=", ".join(option.words))
    if refused is not None:
        raise refused
    return said
