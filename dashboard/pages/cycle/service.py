"""The year's cycle for the page: where everybody stands, and the steps that a person may take from it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.cycle.stages import NO_NUMBER, Standing
from analysis.cycle.vetoes import Veto
from analysis.cycle.workbooks import KINDS
from analysis.publication import cycle_steps, cycle_table, version_list
from analysis.publication.cycle_steps import import_lines
from analysis.publication.cycle_templates import cycle_template
from dashboard.accounts import half_filled
from dashboard.web.access import Viewer, may, require
from survey.core import limits
from survey.core.cells import as_datetime
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from survey.store import Store, drafts
from survey.store.year import cycle
from survey.store.year.cycle import Event

#: what may be done on the page → the permission that it takes
ACTIONS: Mapping[str, str] = {
    "apply": "enter_step",
    "withdraw": "enter_step",
    "review": "approve_step",
    "veto": "enter_step",
    "approve_veto": "approve_step",
    "lift_veto": "approve_step",
    "calculate": "enter_step",
    "publicise": "enter_step",
    "objection": "enter_step",
    "answer": "enter_step",
    "keep": "enter_step",
    "withdraw_decision": "enter_step",
    "decide": "enter_step",
    "name": "enter_step",
    "rule": "enter_step",
    "import": "enter_step",
    "close": "close_year",
    "correct": "correct_year",
    "persons": "set_one_person",
}


@dataclass(frozen=True)
class YearCycle:
    """One street's year as one viewer may see it; ``steps``: the last ones, newest first; ``versions``: the lists, and the
    versions of the communities in scope that were calculated by themselves.

    ``stages``: where each street of a year with several stands, the ``street`` shown among them; ``without``: how many
    communities of such a year the register gives no street.
    """

    found: cycle_table.Cycle
    standings: Mapping[str, Standing]
    steps: tuple[Mapping[str, Any], ...]
    may: frozenset[str]
    versions: version_list.YearVersions
    street: str = ""
    stages: Mapping[str, str] = field(default_factory=dict)
    without: int = 0

    @property
    def vetoes(self) -> tuple[Veto, ...]:
        """Matters of the communities in scope that are not lifted."""
        return tuple(v for s in self.standings.values() for v in s.vetoes if v.state != "lifted")

    @property
    def objections(self) -> tuple[Event, ...]:
        """Objections of the communities in scope that wait for an answer."""
        return tuple(o for s in self.standings.values() for o in s.objections)


def year_cycle(viewer: Viewer, store: Store, year: int, last: int = 8, street: str = "") -> YearCycle:
    """The year's cycle, of one street where it has several (the first, if none is asked for).

    Raises Refused for a year without a scheme and a street that is not there.
    """
    viewer = viewer.at(year)
    require(viewer, "see")
    whole = cycle_table.read_cycle(store, year)
    parts = _parts(viewer, whole)
    street = _chosen(parts, street)
    found = parts[street]
    mine = {code: at for code, at in found.standings.items() if viewer.sees(code)}
    with store.read() as conn:
        steps = cycle_table.steps_table(conn, year, street=street).tail(200).iloc[::-1].astype(object)
        alone = [code for code in mine if found.log.mine(code, "calculated")]
        versions = version_list.year_versions(conn, year, alone, found.log)
    rows = [
        r
        for r in steps.where(steps.notna(), None).to_dict("records")
        if not r["community_code"] or viewer.sees(r["community_code"])
    ]
    allowed = frozenset(do for do, permission in ACTIONS.items() if may(viewer, permission))
    stages = {name: part.stands for name, part in parts.items()} if street else {}
    without = sum(not street for street in whole.log.streets.values())
    return YearCycle(found, mine, tuple(rows[:last]), allowed, versions, street, stages, without)


def _parts(viewer: Viewer, whole: cycle_table.Cycle) -> dict[str, cycle_table.Cycle]:
    """The streets in which the viewer sees anybody, all of them where there is nobody."""
    parts = whole.parts()
    return {name: part for name, part in parts.items() if any(viewer.sees(c) for c in part.standings)} or parts


def _chosen(parts: Mapping[str, cycle_table.Cycle], asked: str) -> str:
    """The street to show: the one asked for, else the first; a year of one street has no choice."""
    if "" in parts:
        return ""
    if asked and asked not in parts:
        raise Refused("dash_errors.unknown_street", street=asked)
    return asked or next(iter(parts))


def act(viewer: Viewer, store: Store, year: int, do: str, said: Mapping[str, Any]) -> None:
    """Take one step from the page; raises Refused for what may not be done, by this person or now."""
    if do not in ACTIONS:
        raise Refused("dash_errors.forbidden")
    require(viewer, ACTIONS[do])
    words = {name: _text(value) for name, value in said.items()}
    words |= {name: _day(words[name]) for name in ("date", "until") if name in words}
    _DOES[do](store, year, viewer.user, words)
    note(viewer, store, year, words.get("street", ""), do, {})


def note(viewer: Viewer, store: Store, year: int, street: str, do: str, said: Mapping[str, str]) -> None:
    """Keep what is typed so far into the form of a step, so that a reload or an ended session does not lose it."""
    if do not in ACTIONS:
        raise Refused("dash_errors.forbidden")
    require(viewer, ACTIONS[do])
    if not store.read_only:
        with store.write(aside=True) as conn:
            drafts.keep(conn, viewer.user, _form(year, street, do), said, half_filled.sent())


def typed(viewer: Viewer, store: Store, year: int, street: str, do: str) -> Mapping[str, str]:
    """What was typed into the form of a step and not sent: field → text."""
    with store.read() as conn:
        found = drafts.read(conn, viewer.user, _form(year, street, do))
    return {} if found is None else found.said


def _form(year: int, street: str, do: str) -> str:
    return f"cycle/{year}/{street}/{do}"


def _text(value: Any) -> str:
    text = "" if value is None else str(value).strip()
    if len(text) > limits.TYPED_TEXT and not text.startswith("data:"):
        raise Refused("cycle_file.too_long", n=len(text), most=limits.TYPED_TEXT)
    return text


def _day(text: str) -> str:
    """A day as it is kept; what is none is left for the step to refuse."""
    moment = as_datetime(text) if text else None
    return moment.date().isoformat() if moment else text


def _number(text: str, key: str) -> Any:
    if not text:
        return None
    try:
        return int(text) if key in ("star", "matter") else float(text)
    except ValueError:
        raise Refused(f"cycle_file.bad_{'star' if key == 'star' else 'total'}", found=text) from None


def _step(kind: str, year: int, who: str, said: Mapping[str, str], **more: Any) -> Event:
    plain = {
        k: said[k]
        for k in ("community", "subject", "document", "date", "until", "reason", "outcome", "body", "street")
        if k in said
    }
    return Event(
        kind,
        year,
        who=who,
        **{
            **plain,
            "star": _number(said.get("star", ""), "star"),
            "total": _number(said.get("total", ""), "total"),
            **more,
        },
    )


def _plain(kind: str, **more: Any) -> Callable[[Store, int, str, Mapping[str, str]], object]:
    return lambda store, year, who, said: cycle_steps.take(store, _step(kind, year, who, said, **more))


def _answer(kind: str, matter: str) -> Callable[[Store, int, str, Mapping[str, str]], object]:
    """A step about a veto or an objection of this number."""

    def take(store: Store, year: int, who: str, said: Mapping[str, str]) -> object:
        number = _number(said.get("matter", ""), "matter")
        with store.read() as conn:
            found = [e for e in cycle.events(conn, upto=year) if e.kind == matter and e.id == number]
        if not found:
            raise Refused("page_cycle.choose_matter")
        return cycle_steps.take(store, _step(kind, year, who, said, community=found[0].community, ref=number))

    return take


def _codes(said: Mapping[str, str]) -> list[str]:
    return [said["community"]] if said.get("community") else []


def _decide(store: Store, year: int, who: str, said: Mapping[str, str]) -> object:
    outcome = said.get("outcome", "")
    known = outcome if outcome in ("refused", *NO_NUMBER) else ""
    return cycle_steps.take(store, _step("decided", year, who, said, outcome=known))


def _rule(store: Store, year: int, who: str, said: Mapping[str, str]) -> object:
    return cycle_steps.take(store, _step("title", year, who, said, subject="ruling"))


def _name(store: Store, year: int, who: str, said: Mapping[str, str]) -> object:
    return cycle_steps.name(store, _step("title", year, who, {**said, "outcome": "", "subject": ""}), _codes(said))


def _import(store: Store, year: int, who: str, said: Mapping[str, str]) -> object:
    kind, file = said.get("kind", ""), said.get("file_name", "")
    if kind not in KINDS or not file:
        raise Refused("page_cycle.choose_file")
    try:
        data = base64.b64decode(said.get("file", "").partition(",")[2], validate=True)
    except binascii.Error:
        raise Refused("page_cycle.choose_file") from None
    if not data or len(data) > limits.SMALL_UPLOAD_BYTES:
        raise Refused("page_cycle.too_large", most=limits.SMALL_UPLOAD_BYTES // 1_000_000)
    try:
        return import_lines(store, kind, file, data, year=None if kind == "titles" else year, who=who)
    except Refused as refused:
        if not refused.findings:
            raise
        first = refused.findings[0]
        more = len(refused.findings) - 1
        raise Refused(
            "page_cycle.file_refused",
            file=file,
            where=first.where or "—",
            n=more,
            why={lang: first.word(lang) for lang in LANGUAGES},
            findings=refused.findings,
        ) from None


def _persons(store: Store, year: int, who: str, said: Mapping[str, str]) -> None:
    with store.write() as conn:
        cycle.set_one_person(conn, said.get("outcome") == "on", who)


_DOES: Mapping[str, Callable[[Store, int, str, Mapping[str, str]], object]] = {
    "apply": _plain("applied"),
    "withdraw": _plain("withdrawn"),
    "veto": _plain("veto"),
    "publicise": _plain("publicised"),
    "objection": _plain("objection"),
    "keep": _plain("unchanged"),
    "withdraw_decision": _plain("decision_withdrawn"),
    "approve_veto": _answer("veto_approved", "veto"),
    "lift_veto": _answer("veto_lifted", "veto"),
    "answer": _answer("objection_answered", "objection"),
    "decide": _decide,
    "rule": _rule,
    "name": _name,
    "review": lambda store, year, who, said: cycle_steps.review(
        store, year, who, _codes(said), street=said.get("street", "")
    ),
    "calculate": lambda store, year, who, said: cycle_steps.calculate(
        store, year, who, said.get("reason", ""), said.get("community", ""), said.get("street", "")
    ),
    "close": lambda store, year, who, said: cycle_steps.close(store, year, who, said.get("street", "")),
    "correct": lambda store, year, who, said: cycle_steps.correct(
        store, year, who, reason=said.get("reason", ""), approver=said.get("subject", ""), street=said.get("street", "")
    ),
    "import": _import,
    "persons": _persons,
}


def template(viewer: Viewer, store: Store, year: int, kind: str, lang: str, street: str = "") -> tuple[str, bytes]:
    """A workbook to fill in and its name, for one street of several; raises Refused for a kind that is none."""
    require(viewer, "enter_step")
    if kind not in KINDS:
        raise Refused("dash_errors.not_found")
    parts = cycle_table.read_cycle(store, year).parts()
    return f"{kind}_{year}.xlsx", cycle_template(kind, parts[_chosen(parts, street)], lang)
