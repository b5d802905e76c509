"""Choices that several pages offer, each of which leads to another address."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc

from dashboard.figures import numbers
from dashboard.parts.context import Context
from dashboard.parts.page import Select
from survey.core.lang import say

STREETS = Select("street-select", "street")


def streets(context: Context, names: tuple[str, ...], chosen: str, unnamed: str = numbers.DASH) -> Any:
    """Which sub-district, where there are several; ``unnamed``: what one without a name is called."""
    if len(names) < 2:
        return None
    address = context.address
    return dmc.Select(
        id=STREETS.id,
        value=address.link(street=chosen),
        allowDeselect=False,
        searchable=True,
        w=200,
        data=[{"value": address.link(street=n), "label": n or unnamed} for n in names],
        **{"aria-label": say(context.lang, "page_shell.street")},
    )
