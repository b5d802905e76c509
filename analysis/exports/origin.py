"""Where a file comes from: scheme, data version, time, whether the year is closed, who took it; the same words in every format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.scoring.results import Results
from survey.core.lang import say
from survey.files.taking import taker


@dataclass(frozen=True)
class Origin:
    """``scheme``, ``data``, ``state`` (阶段性, 已归档) and ``taken``, state and person, as a reader's words."""

    scheme: str
    data: str
    state: str
    taken: str

    @property
    def line(self) -> str:
        """All of it in one line."""
        return " · ".join((self.scheme, self.data, self.taken))


def origin(meta: Mapping[str, Any], lang: str, provisional: bool, *, named: bool = True) -> Origin:
    """What stands in every file of these results; ``named`` false leaves out who took it, on what hangs in public."""
    names = meta["scheme_names"]
    taken = state_of(provisional, lang)
    if named and taker():
        taken = say(lang, "papers.taken", state=taken, who=taker())
    return Origin(
        say(lang, "papers.foot_scheme", scheme=names.get(lang) or meta["scheme"], version=meta["scheme_version"]),
        say(lang, "papers.foot_data", version=meta["data_version"], at=str(meta["computed_at"])[:16].replace("T", " ")),
        state_of(provisional, lang),
        taken,
    )


def origin_of(results: Results, lang: str) -> Origin:
    """The same of all communities of these results: provisional while any of them is."""
    return origin(results.meta, lang, bool(results.scores["provisional"].any()))


def state_of(provisional: Any, lang: str) -> str:
    """阶段性 or 已归档."""
    return say(lang, f"street_papers.state_{'provisional' if provisional else 'closed'}")
