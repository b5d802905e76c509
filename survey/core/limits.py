"""Every limit of the program, once: what is shown of few people, how much is taken in, kept and waited for.

Whoever needs one asks here when needed (``limits.TOTALS_BELOW``, never ``from … import``), so that a changed
number is followed at once; sentences name it as a placeholder, which ``words`` fills (``{totals_below}``).
What a user may set otherwise says so; the rest is set here, for everybody.  Levels that belong to a formula (95 %
confidence, tests at 5 %) stand with the formula, in ``analysis/statistics``.
"""

from __future__ import annotations

from collections.abc import Mapping

# ── SMALL GROUPS: what few respondents show (docs/results.md, “Small groups”)

#: respondents below which a group shows nothing but that it is held back
NOTHING_BELOW = 5
#: respondents below which a group shows totals only: no item, no distribution, no single answer, no interviewer
TOTALS_BELOW = 10
#: interviews below which an interviewer is compared with nobody (docs/methods.md, 13); nor below ``TOTALS_BELOW``
INTERVIEWS = 10


def least_interviews() -> int:
    """Interviews from which something is said of an interviewer: enough to compare, and enough to show."""
    return max(INTERVIEWS, TOTALS_BELOW)


def small_groups() -> list[int]:
    """What a kept result was held back by: where this differs, it is computed again."""
    return [NOTHING_BELOW, TOTALS_BELOW]


def words() -> Mapping[str, str]:
    """Placeholder → the number as a sentence gives it; ``lang.say`` fills what its caller does not."""
    return {
        "nothing_below": str(NOTHING_BELOW),
        "totals_below": str(TOTALS_BELOW),
        "least_interviews": str(least_interviews()),
        "totals_to": str(TOTALS_BELOW - 1),
    }
