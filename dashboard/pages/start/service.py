"""How far a year has come: register, questionnaire, scheme, answers, indicators, score; and the workbooks to begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from analysis.publication.new_store import DEFAULT_NAME
from analysis.scheme import default_scheme
from analysis.scheme.rules.words import marks
from analysis.scheme.serial import from_dict
from analysis.scheme.workbook.writing import write_scheme
from analysis.scoring.merged_communities import communities_in
from analysis.scoring.results import records
from dashboard.data.definitions import KINDS, require_adopt
from dashboard.data.files import XLSX, File
from dashboard.data.results import Source
from dashboard.web.access import Viewer, require
from survey.core.errors import Refused
from survey.core.lang import say
from survey.form.default import default_questionnaire
from survey.form.workbook.writing import write_questionnaire
from survey.store import Store, audit, settings
from survey.store.intake import questionnaires, responses
from survey.store.year import indicators, schemes
from survey.store.year.register import Community

STEPS = ("register", "questionnaire", "scheme", "answers", "indicators", "score")
#: setting: the defaults that somebody has taken as they are, joined by commas
TAKEN = "defaults_taken"


@dataclass(frozen=True)
class Step:
    """One step: ``state`` done, default (what came with the program is there to take), open, or waits (for ``after``).

    ``said`` with ``facts`` is the sentence of what is there; ``names``: questionnaires that have an entry workbook.
    """

    key: str
    state: str
    said: str
    facts: Mapping[str, Any]
    after: int = 0
    names: tuple[tuple[str, str], ...] = ()

    def word(self, lang: str) -> str:
        """What is there."""
        return say(lang, self.said, **self.facts)


def first_year(source: Source) -> int:
    """The year to begin with where none is asked for: the newest there is, else this one."""
    return max(source.years(), default=datetime.now().year)


def years(source: Source, year: int) -> tuple[int, ...]:
    """Years to choose from: those with data, the one shown and the next; of an empty store those around it."""
    known = source.years()
    return tuple(sorted({*known, year, max(known) + 1} if known else {year - 1, year, year + 1}))


def steps(viewer: Viewer, store: Store, source: Source, year: int) -> tuple[Step, ...]:
    """The six steps of a year as this viewer sees them."""
    viewer = viewer.at(year)
    require(viewer, "see")
    with store.read() as conn:
        known = [c for c in communities_in(conn, year) if viewer.sees(c.code)]
        forms = {s.name: s for s in questionnaires.listing(conn)}
        taken = settings.get(conn, TAKEN, "").split(",")
        try:
            scheme = schemes.applicable(conn, year)
        except Refused:
            scheme = None
        counts = responses.counts(conn)
        values = indicators.current(conn, year)
    ids, codes = {c.id for c in known}, {c.code for c in known}
    stored = counts[(counts["year"] == year) & (counts["community_id"].isin(ids) | counts["community_id"].isna())]
    values = values[values["community_code"].isin(codes)]
    if len(stored) or len(values):  # what answers or values rest on is in use, whoever took it
        taken = [*taken, "scheme", *(["questionnaire"] if len(stored) else [])]
    found = [_register(known), _questionnaire(forms, taken)]
    definition = from_dict(scheme.definition) if scheme is not None else None
    found.append(_scheme(definition, scheme.version if scheme else 0, "scheme" in taken))
    reached = stored.groupby("community_id")["n"].sum()
    enough = int((reached >= (definition.min_responses if definition else 0)).sum())
    facts = {"n": int(stored["n"].sum()), "enough": enough, "of": len(known)}
    facts["min"] = definition.min_responses if definition else 0
    names = tuple((name, form.form.title or name) for name, form in forms.items())
    found.append(_counted("answers", facts, bool(facts["n"]), 0 if known else 1, names))
    wanted = len(known) * (len(definition.scored_indicators) if definition else 0)
    there = len(values[["community_code", "indicator"]].drop_duplicates())  # one value may stand in several rows
    told = {"n": there, "of": wanted, "communities": len(known)}
    found.append(_counted("indicators", told, bool(told["n"]), 0 if known and definition else 3 if known else 1))
    rows = records(source.results(year).scores) if year in source.years() else []
    totals = sum(r["total"] is not None and viewer.sees(str(r["community_code"])) for r in rows)
    after = 0 if totals else 5 if facts["n"] else 4
    found.append(_counted("score", {"n": totals, "of": len(known)}, bool(totals), after))
    return tuple(found)


def _counted(
    key: str, facts: Mapping[str, Any], there: bool, after: int, names: tuple[tuple[str, str], ...] = ()
) -> Step:
    state = "done" if there else "waits" if after else "open"
    said = "some" if there else "none"
    return Step(key, state, f"page_start.{key}_{said}", facts, after, names)


def _register(known: Sequence[Community]) -> Step:
    adults = sum(c.adult_population is not None for c in known)
    return _counted("register", {"n": len(known), "adults": adults}, bool(known), 0)


def _questionnaire(forms: Mapping[str, questionnaires.StoredForm], taken: Sequence[str]) -> Step:
    own = [s for s in forms.values() if s.name != DEFAULT_NAME or s.version > 1]
    shown = own[-1] if own else next(iter(forms.values()), None)
    if shown is None:
        return Step("questionnaire", "open", "page_start.questionnaire_none", {})
    facts = {
        "name": shown.form.title or shown.name,
        "n": len(shown.form.questions),
        "scored": len(shown.form.scored),
        "version": shown.version,
        "more": len(own) - 1,
    }
    if own:
        said = "page_start.questionnaire_several" if len(own) > 1 else "page_start.questionnaire_some"
        return Step("questionnaire", "done", said, facts)
    state = "done" if "questionnaire" in taken else "default"
    return Step("questionnaire", state, f"page_start.questionnaire_{'taken' if state == 'done' else 'default'}", facts)


def _scheme(scheme: Any, version: int, taken: bool) -> Step:
    if scheme is None:
        return Step("scheme", "open", "page_start.scheme_none", {})
    facts = {
        "name": dict(scheme.names),
        "version": version,
        "n": len(scheme.scored_indicators),
        "objective": marks(scheme.objective_points),
        "subjective": marks(scheme.subjective_points),
        "stars": " / ".join(marks(star.minimum) for star in scheme.stars),
    }
    if not scheme.illustrative:
        return Step("scheme", "done", "page_start.scheme_some", facts)
    return Step("scheme", "done" if taken else "default", f"page_start.scheme_{'taken' if taken else 'default'}", facts)


def take(viewer: Viewer, store: Store, kind: Any) -> None:
    """Note that the default of this kind is taken as it is.  Raises Refused for what has none."""
    if kind not in KINDS:
        raise Refused("dash_errors.not_found")
    require_adopt(viewer, kind)
    with store.write() as conn:
        taken = [name for name in settings.get(conn, TAKEN, "").split(",") if name]
        if kind not in taken:
            settings.put(conn, TAKEN, ",".join([*taken, kind]))
            audit.record(conn, viewer.user, "default taken", str(kind))


def empty_workbook(viewer: Viewer, kind: str, lang: str) -> File:
    """A workbook to begin with that needs no year: the default questionnaire or scheme to change, or an empty annex."""
    require(viewer, "see")
    name = f"{say(lang, f'page_start.file_{kind}')}.xlsx"
    if kind == "questionnaire":
        return name, write_questionnaire(default_questionnaire()), XLSX
    return name, write_scheme(default_scheme(), lang, annex=kind == "annex", sums=True), XLSX
