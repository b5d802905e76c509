"""Commands ``quality …``: how far the questionnaire and the sample can be trusted; one a measure in the list."""

from __future__ import annotations

from collections.abc import Callable

from analysis.commands.measures import command_of
from analysis.quality.measure import listed


def __getattr__(name: str) -> Callable[..., None]:
    """The command of the measure of this name, made when it is asked for."""
    try:
        return command_of(listed(name))
    except KeyError:
        raise AttributeError(name) from None
