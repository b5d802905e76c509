"""Indicator values for the page: what stands, one value with its history, and what a person may do with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.indicators.columns import Entries, Entry
from analysis.indicators.entry import enter, foresee
from analysis.indicators.review import last_action, review
from analysis.indicators.stored import Stored, plain_rows, stored
from analysis.indicators.tables import past, values_table
from analysis.publication.fixed_versions import change_not_counted
from analysis.scheme.model import Scheme
from analysis.scheme.rules.rules import parse_rule
from analysis.scheme.serial import from_dict
from analysis.scoring.merged_communities import communities_in
from dashboard.accounts import half_filled
from dashboard.web.access import Viewer, may, require
from dashboard.web.permissions import granted
from survey.core.errors import Refused
from survey.core.lang import say
from survey.files.own_workbooks import header_key
from survey.store import Store, drafts
from survey.store.audit import is_among
from survey.store.drafts import Draft
from survey.store.intake import batches, reinstatement
from survey.store.year import cycle, indicators, reviews, schemes, years
from survey.store.year.reviews import STATES, Outcome, Standing

#: filters of the list, as they stand in the address
FILTERS = ("community", "dimension", "office", "state", "batch")
#: what a community fills in of its own (社区填报员)
OWN_FIELDS = frozenset({"self_score", "evidence", "note", "reason"})
#: rows of the list shown at once: what is approved at once is among them
MOST = 80
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Board:
    """The values of a year that a viewer sees.

    ``rows``: those that the filters leave, without any filter what is left to do (columns of
    ``analysis.indicators.tables.values_table``, None for empty);
    ``counts``: community → state → how many, of all; ``names``: community → name; ``dimensions``: code → names;
    ``offices``; ``may``: ``enter``, ``own``, ``review``; ``reviewable``: the values among the first ``MOST`` rows that this
    viewer may approve, with the mark of what they say; ``last``: what the viewer's newest review action left as it
    stands; ``units``: indicator → unit of its values; ``archived``: the communities whose street's year is archived,
    of which nothing is left to do: ``counts`` has them with what was reviewed alone.
    """

    year: int
    rows: tuple[Row, ...]
    counts: Mapping[str, Mapping[str, int]]
    names: Mapping[str, str]
    dimensions: Mapping[str, Mapping[str, str]]
    offices: tuple[str, ...]
    filters: Mapping[str, str]
    may: frozenset[str]
    closed: bool
    one_person: bool
    reviewable: Mapping[tuple[str, str], str]
    last: tuple[Standing, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    archived: frozenset[str] = frozenset()

    def total(self, state: str) -> int:
        """How many values of the year are in a state."""
        return sum(counts[state] for counts in self.counts.values())

    def over(self, code: str) -> bool:
        """Whether nothing can be done about a community's values any more."""
        return self.closed or code in self.archived


@dataclass(frozen=True)
class Desk:
    """One value: its rule, what stands, everything that was said, and what comes after it in the list.

    ``assessor``: whose report the form holds; ``past``: rows of ``analysis.indicators.tables.past``, newest first;
    ``may``: what of ``Board.may`` goes for this value; ``mine``: the viewer entered a part of what counts; ``undoable``: changes that the viewer may take back or bring back;
    ``folded``: when the newest change was made whose texts an older program kept in another form than typed, if any;
    ``draft``: what the viewer typed here and has not stored.
    """

    entry: Entry
    row: Row
    known: Stored
    assessor: str
    past: tuple[Row, ...]
    mine: bool
    undoable: frozenset[int]
    after: str
    may: frozenset[str]
    folded: str = ""
    draft: Draft | None = None

    @property
    def place(self) -> tuple[str, str]:
        """Community and indicator."""
        return str(self.row["community_code"]), self.entry.indicator.code

    @property
    def at(self) -> str:
        """How the value is named in an address."""
        return "~".join(self.place)

    @property
    def newest(self) -> int:
        """The newest change of the value, 0 for none: what the form was filled in on."""
        return max((int(r["change"]) for r in self.past if r["change"] is not None), default=0)

    @property
    def assessors(self) -> tuple[str, ...]:
        """Everybody who reported or scored, by name."""
        return tuple(self.known.assessors.get(self.place, {}).values())

    def report(self, kind: str = "") -> Row:
        """What the assessor of the form reported, of a kind of case."""
        return self.known.reports.get((*self.place, kind, header_key(self.assessor)), {})

    def word(self, name: str) -> str:
        """The newest text of a column."""
        return self.known.word(self.place, self.assessor, name)


def board(viewer: Viewer, store: Store, year: int, filters: Mapping[str, str]) -> Board:
    """The year's values; raises Refused for a year without a scheme."""
    said = {name: filters[name] for name in FILTERS if filters.get(name)}
    viewer = viewer.at(year)
    require(viewer, "see")
    with store.read() as conn:
        scheme = from_dict(schemes.applicable(conn, year).definition)
        ours = [c for c in communities_in(conn, year) if viewer.sees(c.code)]
        names = {c.code: c.name for c in ours}
        frame = values_table(conn, year, list(names))
        closed, one_person = years.state(conn, year) == "closed", cycle.one_person(conn)
        standing = reviews.standings(conn, year)
        done = years.archived(conn).get(year, {})
    archived = frozenset(c.code for c in ours if c.id in done)
    every = list(plain_rows(frame))
    counts = {code: dict.fromkeys(STATES, 0) for code in names}
    for row in every:
        if row["community_code"] not in archived or row["review"] == "reviewed":
            counts[row["community_code"]][row["review"]] += 1
    rows = tuple(row for row in every if _wanted(row, said, archived) and (said or closed or _open(row, archived)))
    allowed = _allowed(viewer, closed)
    reviewing = "review" in allowed
    found = [standing.get((str(row["community_code"]), str(row["indicator"]))) for row in rows[:MOST] if reviewing]
    mine = {i.code for i in scheme.scored_indicators if viewer.answers_for(i.office)}
    waits = [s for s in found if s is not None and s.state == "entered" and s.place[1] in mine]
    waits = [s for s in waits if s.place[0] not in archived]
    reviewable = {s.place: s.mark for s in waits if one_person or not is_among(viewer.user, s.entered_by)}
    return Board(
        year,
        rows,
        counts,
        names,
        {d.code: dict(d.names) for d in scheme.dimensions},
        tuple(dict.fromkeys(i.office for i in scheme.scored_indicators if i.office)),
        said,
        allowed,
        closed,
        one_person,
        reviewable,
        tuple(last_action(standing.values(), viewer.user)) if reviewing else (),
        {i.code: i.unit for i in scheme.scored_indicators},
        archived,
    )


def _open(row: Row, archived: frozenset[str]) -> bool:
    """Whether something is left to do about a value."""
    return row["review"] != "reviewed" and row["community_code"] not in archived


def _wanted(row: Row, said: Mapping[str, str], archived: frozenset[str]) -> bool:
    if said.get("state", "reviewed") != "reviewed" and row["community_code"] in archived:
        return False  # nobody waits for it
    columns = {"community": "community_code", "dimension": "dimension", "office": "office", "state": "review"}
    return all(row[columns[name]] == value for name, value in said.items() if name in columns) and (
        "batch" not in said or str(row["batch"]) == said["batch"]
    )


def _allowed(viewer: Viewer, closed: bool) -> frozenset[str]:
    asked = {
        "own": may(viewer, "self_assess"),
        "enter": may(viewer, "enter_values"),
        "review": may(viewer, "review"),
    }
    return frozenset() if closed else frozenset(name for name, allowed in asked.items() if allowed)


def desk(viewer: Viewer, store: Store, found: Board, at: str) -> Desk | None:
    """The value of an address (``community~indicator~assessor``); None where it names none."""
    code, _, rest = at.partition("~")
    name, _, who = rest.partition("~")
    if code not in found.names:
        return None
    with store.read() as conn:
        entry = _entry(from_dict(schemes.applicable(conn, found.year).definition), name)
        if entry is None:
            return None
        known, told = stored(conn, found.year, code), past(conn, found.year, code, entry.indicator.code)
        row = next(iter(plain_rows(_one(values_table(conn, found.year, [code]), entry.indicator.code))))
        folded = indicators.folded_to(conn)
        draft = drafts.read(conn, viewer.user, _form(found.year, at))
    place = (code, entry.indicator.code)
    named = known.assessors.get(place, {})
    plain = any(key[:2] == place and not key[3] for key in known.reports) or (*place, "") in known.exempt
    assessor = named.get(header_key(who), who) if who else "" if plain or not named else next(iter(named.values()))
    history = tuple(plain_rows(told))[::-1]
    standing = known.standings.get(place)
    changes = {r["change"]: r for r in history if r["what"] == "entry"}
    allowed = found.may if viewer.answers_for(entry.indicator.office) and code not in found.archived else frozenset()
    undoable = frozenset(
        n for n, r in changes.items() if "enter" in allowed or ("own" in allowed and r["who"] == viewer.user)
    )
    return Desk(
        entry,
        row,
        known,
        assessor,
        history,
        standing is not None and is_among(viewer.user, standing.entered_by),
        undoable,
        _after(found, place),
        allowed,
        next((str(r["at"]) for r in history if r["change"] is not None and r["change"] <= folded), ""),
        draft if allowed & {"own", "enter"} else None,
    )


def _form(year: int, at: str) -> str:
    """What the form of a value is called among the half-filled ones."""
    return f"indicators/{year}/{at}"


def _entry(scheme: Scheme, name: str) -> Entry | None:
    named = next((i for i in scheme.scored_indicators if i.code == name), None)  # as addresses of the page name them
    if named is not None:
        return Entry(named, parse_rule(named.rule, named.parameters))
    found = Entries(scheme).find(name)
    return found[0] if len(found) == 1 else None


def _one(frame: Any, code: str) -> Any:
    return frame[frame["indicator"] == code]


def _after(found: Board, place: tuple[str, str]) -> str:
    """The next value of the list, so that one after the other is filled in; the first where this one is not listed."""
    places = [(str(r["community_code"]), str(r["indicator"])) for r in found.rows]
    at = places.index(place) + 1 if place in places else 0
    return "~".join(places[at]) if at < len(places) else ""


def rows_of(viewer: Viewer, entry: Entry, code: str, said: Mapping[str, str]) -> list[dict[str, str]]:
    """Rows of the long form from the fields of the page; raises Refused for a field that is not this viewer's."""
    filled = {k for k, v in said.items() if v}
    if filled - OWN_FIELDS:
        if not granted(viewer.role, "enter_values"):
            raise Refused("page_entry.own_only")
        require(viewer, "enter_values", code)
    if "self_score" in filled and not granted(viewer.role, "self_assess"):
        raise Refused("page_entry.not_own")
    base = {"community": code, "indicator": entry.indicator.code, "assessor": said.get("assessor", "")}
    words = {k: said[k] for k in ("method", "date", "evidence", "note", "reason") if said.get(k)}
    extra = {k: said[k] for k in ("assessor_score", "exempt", "self_score") if said.get(k)}
    kinds = entry.rule.kinds
    if len(kinds) > 1:
        counts = [{**base, **words, "kind": k, "value": said[f"value:{k}"]} for k in kinds if said.get(f"value:{k}")]
        return counts + ([{**base, **words, **extra}] if extra or not counts else [])
    value = {k: said[k] for k in ("value", "standards") if said.get(k)}
    return [{**base, **words, **extra, **value}]


def save(viewer: Viewer, store: Store, year: int, at: str, said: Mapping[str, str], seen: int | None = None) -> int:
    """Keep what was filled in as one change, and let go of the half-filled form; returns the change's number.

    ``seen``: the newest change when the form was opened; raises Refused where somebody else has changed the value since.
    """
    code, entry = _place(viewer, store, year, at, "fill_in")
    if seen is not None:
        _unchanged(store, year, code, entry, seen, viewer.user, "page_entry.changed_since")
    rows, form = rows_of(viewer.at(year), entry, code, said), _form(year, at)
    return enter(
        store, year, rows, who=viewer.user, via="page", beside=lambda conn: drafts.drop(conn, viewer.user, form)
    ).batch


def _unchanged(store: Store, year: int, code: str, entry: Entry, seen: int, user: str, key: str) -> None:
    with store.read() as conn:
        told = tuple(plain_rows(past(conn, year, code, entry.indicator.code)))
    newer = [r for r in told if r["change"] is not None and r["change"] > seen and r["who"] != user]
    if newer:
        raise Refused(key, who=newer[-1]["who"] or "—", at=newer[-1]["at"])


def note(viewer: Viewer, store: Store, year: int, at: str, said: Mapping[str, str], seen: int | None = None) -> None:
    """Keep what is typed so far, so that a reload or an ended session does not lose it.

    ``seen`` as in ``save``: what arrives after its writer has stored the form is kept no more.
    """
    code, entry = _place(viewer, store, year, at, "fill_in")
    if store.read_only:  # nothing can be stored of the form either
        return
    with store.write(aside=True) as conn:
        if seen is None or indicators.newest_of(conn, year, code, entry.indicator.code, viewer.user) <= seen:
            drafts.keep(conn, viewer.user, _form(year, at), said, half_filled.sent())


def forget(viewer: Viewer, store: Store, year: int, at: str) -> None:
    """Let go of what was typed and not stored."""
    with store.write(aside=True) as conn:
        drafts.drop(conn, viewer.user, _form(year, at))


def waiting(viewer: Viewer, store: Store, year: int, at: str, lang: str) -> str:
    """What is said where the community is published, so that the change does not count; empty where it does."""
    code = at.partition("~")[0]
    require(viewer, "fill_in", code, year)
    with store.read() as conn:
        told = change_not_counted(conn, year, code)
    return say(lang, told[0], **told[1]) if told else ""


def preview(viewer: Viewer, store: Store, year: int, at: str, said: Mapping[str, str]) -> Row:
    """The value as it would stand, ``points_got, reason, reason_params`` …; raises Refused for what could not be kept."""
    code, entry = _place(viewer, store, year, at, "fill_in")
    return foresee(store, year, rows_of(viewer.at(year), entry, code, said))


def _place(viewer: Viewer, store: Store, year: int, at: str, permission: str) -> tuple[str, Entry]:
    """Community and indicator of an address; raises Refused for a viewer who may not do this there."""
    code, _, rest = at.partition("~")
    require(viewer, permission, code, year)
    with store.read() as conn:
        entry = _entry(from_dict(schemes.applicable(conn, year).definition), rest.partition("~")[0])
    if entry is None:
        raise Refused("dash_errors.not_found")
    if not viewer.answers_for(entry.indicator.office):
        raise Refused("page_entry.other_office", office=entry.indicator.office, code=entry.indicator.code)
    return code, entry


def switch(viewer: Viewer, store: Store, year: int, at: str, number: int) -> None:
    """Take a change back, or bring it back; raises Refused for one that is not of this value, or not this viewer's."""
    found = board(viewer, store, year, {})
    here = desk(viewer, store, found, at)
    if here is None or number not in here.undoable:
        raise Refused("dash_errors.forbidden")
    with store.write() as conn:
        undone = batches.get(conn, number).state == "undone"
        reinstatement.set_state(conn, number, "active" if undone else "undone", viewer.user)


#: what a reviewer is told who comes after another one
_TOO_LATE = ("indicator_review.nothing", "indicator_review.nothing_back")


def judge(
    viewer: Viewer, store: Store, year: int, outcome: Outcome, at: str, reason: str = "", seen: int | None = None
) -> None:
    """Approve one value, send it back, or take its review back; ``seen``: the newest change that the reviewer was shown.

    Raises Refused where somebody else has changed or judged it since.
    """
    code, entry = _place(viewer, store, year, at, "review")
    if seen is not None:
        _unchanged(store, year, code, entry, seen, viewer.user, "page_entry.changed_unseen")
    try:
        review(store, year, outcome, who=viewer.user, reason=reason, community=code, indicator=entry.indicator.code)
    except Refused as refused:
        rows = board(viewer, store, year, {"community": code}).rows
        row = next((r for r in rows if r["indicator"] == entry.indicator.code), None)
        if row is None or refused.key not in _TOO_LATE or not row["reviewed_by"]:
            raise
        who, when = str(row["reviewed_by"]), str(row["reviewed_at"])
        raise Refused("page_entry.judged_before", who=who, at=when) from None


def approve_listed(viewer: Viewer, store: Store, year: int, shown: Mapping[tuple[str, str], str]) -> int:
    """Approve what was on the screen (``Board.reviewable`` of then), all of it as it stood there or nothing."""
    for code, name in shown or [("", "")]:
        require(viewer, "review", code or None, year)
        if viewer.offices is not None:
            _place(viewer, store, year, f"{code}~{name}", "review")
    return review(store, year, "approve", who=viewer.user, seen=shown).done


def take_back(viewer: Viewer, store: Store, year: int) -> int:
    """Take back what is left of this viewer's newest review action; returns how many values wait again."""
    require(viewer, "review")
    return review(store, year, "withdraw", who=viewer.user).done
