"""The responses of a year and the year before, read only where one year by itself does not say what changed.

That is where people or PSUs were asked in both years, and where the scored questions or the scheme are others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from analysis.sample.pooled_sample import Part
from analysis.scheme import Scheme
from analysis.scheme.serial import from_dict
from analysis.scoring.change import same_points
from survey.core.errors import Refused
from survey.form.model import PANEL, Questionnaire
from survey.store.intake import questionnaires, responses
from survey.store.intake.identities import overlaps
from survey.store.year import schemes

#: the design columns that tell people apart
PEOPLE = ("respondent", "sex")


def both_years(conn: Connection, year: int, scheme: Scheme, columns: Sequence[str]) -> list[Part]:
    """Questionnaires with their responses of both years, of the communities that need them; often none.

    ``columns``: the design columns that a score rests on.  Whether the same people were asked again is said by the version
    that the later year's answers came in with: it speaks for the year before, too, which came in with an older one.
    """
    now, then = (responses.forms_in(conn, y) for y in (year, year - 1))
    if not now or not then:
        return []
    forms = [questionnaires.by_id(conn, form_id) for form_id in sorted({*now, *then})]
    found = overlaps(conn, year)
    ids: set[int] | None = {i for places in found.values() for i in places}
    by_id = {f.id: f.form for f in forms}
    if others_asked(conn, year, scheme, [by_id[i] for i in now], [by_id[i] for i in then]):
        ids = None
    elif ids and any(form.sampling == "overall" for form in by_id.values()):
        ids = None  # strata reach over communities
    if ids is not None and not ids:
        return []
    named = [*columns, *PEOPLE] if found["respondent"] else columns
    panels = {f.name for f in forms if f.id in now and f.form.panel}
    return [
        (
            _panel(f.form) if f.name in panels else f.form,
            responses.load(conn, f, years=[year - 1, year], community_ids=ids, columns=named),
        )
        for f in forms
    ]


def others_asked(
    conn: Connection, year: int, scheme: Scheme, now: list[Questionnaire], then: list[Questionnaire]
) -> bool:
    """Whether the scored questions of the year or its scheme are others than the year before, so that all are compared."""
    return _items(now) != _items(then) or _scheme_changed(conn, year, scheme)


def _panel(form: Questionnaire) -> Questionnaire:
    return form if form.panel else replace(form, settings={**form.settings, PANEL: "yes"})


def _items(forms: list[Questionnaire]) -> set[tuple[str, str, float]]:
    return {(q.name, q.dimension, q.weight) for form in forms for q in form.scored}


def _scheme_changed(conn: Connection, year: int, scheme: Scheme) -> bool:
    try:
        earlier = from_dict(schemes.applicable(conn, year - 1).definition)
    except Refused:
        return False
    return not same_points(scheme, earlier)
