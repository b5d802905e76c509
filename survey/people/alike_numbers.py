"""Stored respondents whose numbers differ only in how they are written (``1`` and ``001``): listed, never merged.

Newer files are asked about such numbers when they come in; these came in before, or were confirmed to be different people.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from survey.answers.respondents import respondent_keys
from survey.store.intake import questionnaires, responses
from survey.store.year import register

#: the columns of the list
COLUMNS = ("questionnaire", "year", "community", "respondent", "alike", "batch", "sheet", "row")


def alike_numbers(conn: Connection) -> list[dict[str, Any]]:
    """One row a stored response whose number another one of its questionnaire, year and community has in another writing.

    ``alike``: the other writings.  Only active batches count.
    """
    names = {c.id: c.name for c in register.communities(conn)}
    years = responses.years(conn)
    forms = {f.name: f.form.mode_in_key for f in questionnaires.listing(conn)}  # the newest version says it
    return [
        row
        for form, with_mode in forms.items()
        for row in _of(form, responses.identities(conn, form, years), names, with_mode)
    ]


def _of(form: str, stored: pd.DataFrame, names: dict[Any, str], with_mode: bool) -> Sequence[dict[str, Any]]:
    if stored.empty:
        return ()
    keys = respondent_keys(stored["respondent"], stored["mode"], with_mode=with_mode)
    key = pd.Series(keys, index=stored.index, dtype=object)
    places = stored["community_id"].fillna(-1)
    groups = stored.groupby([stored["year"], places, key], sort=True)
    several = groups["respondent"].transform("nunique") > 1
    rows = []
    for (year, place, _), group in stored[several].groupby([stored["year"], places, key], sort=True):
        typed = list(dict.fromkeys(group["respondent"].tolist()))
        for line in group.to_dict("records"):
            others = [t for t in typed if t != line["respondent"]]
            said = (form, int(str(year)), names.get(place, ""), line["respondent"], "、".join(others))
            rows.append(
                dict(zip(COLUMNS, (*said, int(line["batch_id"]), line["sheet"], int(line["row"])), strict=True))
            )
    return rows
