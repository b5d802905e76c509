"""What a year's score is computed from, read from the store in one consistent snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from analysis.cycle.stored_steps import vetoed
from analysis.publication.scheme_versions import settled_of
from analysis.publication.two_year_inputs import both_years
from analysis.scheme import Scheme
from analysis.scheme.serial import from_dict
from analysis.scoring.merged_communities import communities_in, predecessors
from analysis.scoring.score import Inputs, score_year
from survey.form.model import Questionnaire
from survey.store import settings
from survey.store.intake import questionnaires, responses, tallies
from survey.store.year import indicators, register, years
from survey.store.year.schemes import StoredScheme

__all__ = ["SAMPLING", "WEIGHING", "Inputs", "gather", "score_year", "settled_inputs"]

#: the design columns that a score rests on (and replicate weights); the others are read where the questionnaire asks for them
SAMPLING = ("mode", "weight", "psu", "ssu", "stratum", "fpc", "fpc2", "replicates")
WEIGHING = ("household", "sex", "age", "age_band")


def settled_inputs(conn: Connection, year: int, stored: StoredScheme) -> Inputs:
    """``gather`` with a stored scheme, and since when it has been settled for the year."""
    return replace(gather(conn, year, from_dict(stored.definition)), settled=settled_of(conn, year, stored))


def gather(conn: Connection, year: int, scheme: Scheme, also: Iterable[str] = ()) -> Inputs:
    """Everything a year's score is computed from, read in one consistent snapshot; ``also`` further design columns."""
    forms = [questionnaires.by_id(conn, form_id) for form_id in responses.forms_in(conn, year)]
    zone = ZoneInfo(settings.get(conn, "timezone", settings.TIME_ZONE))
    return Inputs(
        year=year,
        scheme=scheme,
        parts=[(f.form, responses.load(conn, f, years=[year], columns=[*_columns(f.form), *also])) for f in forms],
        both_years=both_years(conn, year, scheme, SAMPLING if scheme.weighting == "none" else (*SAMPLING, *WEIGHING)),
        lineage=predecessors(register.communities(conn, year)),
        communities=communities_in(conn, year),
        population=register.population(conn),
        values=indicators.current(conn, year),
        tally=tallies.tally(conn, year),
        questionnaires=[{"name": f.name, "version": f.version, "title": f.form.title} for f in forms],
        sample=settings.get(conn, "sample") == "1",
        provisional=years.state(conn, year) == "open",
        vetoed=vetoed(conn, year),
        computed_at=datetime.now(zone).isoformat(timespec="seconds"),
    )


def _columns(form: Questionnaire) -> list[str]:
    return [*SAMPLING, *(role for role in WEIGHING if role in form.roles)]
