"""A new store: the default scheme and the default questionnaire, both named ``default``."""

from __future__ import annotations

from analysis.scheme import default_scheme
from analysis.scheme.serial import to_dict
from analysis.scheme.workbook.writing import write_scheme
from survey.form.default import default_questionnaire
from survey.form.workbook.writing import write_questionnaire
from survey.store import Store, audit, settings
from survey.store.intake import questionnaires
from survey.store.year import schemes

DEFAULT_NAME = "default"


def initialise(store: Store) -> bool:
    """Put the defaults into a store that has none; returns whether it was new."""
    with store.write() as conn:
        new = not schemes.listing(conn) and not questionnaires.listing(conn)
        if new:
            scheme = default_scheme()
            schemes.add(conn, scheme.code, scheme.first_year, to_dict(scheme), write_scheme(scheme, "zh"))
            form = default_questionnaire()
            questionnaires.add(conn, DEFAULT_NAME, form, write_questionnaire(form))
            settings.put(conn, "timezone", settings.TIME_ZONE)
            audit.record(conn, "", "init", store.where, {})
    return new
