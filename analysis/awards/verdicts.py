"""What was decided of each community in a year, as one value that page, overview, workbook and trend read.

Star, total and who decided; on which version of the community, by which document, when, entered by whom; the naming that
followed; and what of its award was paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from analysis.awards.disbursements import ledger_in
from analysis.awards.ledger import Ledger, Line
from analysis.awards.tables import money
from analysis.cycle.stages import Standing, standings
from analysis.cycle.step_log import Log
from analysis.cycle.stored_steps import read_steps
from survey.core.columns import CODE, DATE, NUMBER, TEXT, WHOLE, Column, columns
from survey.core.lang import said_who, say
from survey.store import Store
from survey.store.year.cycle import Event


@dataclass(frozen=True)
class Verdict:
    """One community in one year.

    ``decision``: the last word of district or city, on the ``version`` of that number (None: it rests on none); ``title``:
    the naming, or the ruling on a title under a veto; ``star``: what is awarded by it, as ``score`` says (None before the last
    word, and under a veto); ``lines``: due and paid of the year's award, a line a payer.
    """

    community: str
    year: int
    status: str
    decision: Event | None
    version: int | None
    title: Event | None
    lines: tuple[Line, ...] = ()
    star: int | None = None

    @property
    def due(self) -> int | None:
        """Fen of the award; None where the scheme leaves it to be set by hand."""
        parts = [line.due for line in self.lines]
        return None if None in parts else sum(part or 0 for part in parts)

    @property
    def paid(self) -> int:
        """Fen that were paid of it."""
        return sum(line.paid for line in self.lines)


def verdicts(store: Store, year: int) -> dict[str, Verdict]:
    """Community → what was decided of it; those of whom nobody has spoken are left out."""
    with store.read() as conn:
        return verdicts_in(conn, year, ledger_in(conn))


def verdicts_in(conn: Connection, year: int, known: Ledger) -> dict[str, Verdict]:
    """The same within a transaction, with a ledger that was read already."""
    log = read_steps(conn, year)
    lines: dict[str, list[Line]] = {}
    for line in known.of_year(year):
        lines.setdefault(line.community, []).append(line)
    found = {
        code: Verdict(
            code,
            year,
            at.status,
            at.decision,
            _version(log, at),
            at.title,
            tuple(lines.get(code, ())),
            at.star_awarded,
        )
        for code, at in standings(log).items()
    }
    return {code: one for code, one in found.items() if one.decision or one.title or one.lines}


def _version(log: Log, at: Standing) -> int | None:
    """The number of the calculation that the decision rests on."""
    if at.decision is None or at.decision.total is None:
        return None
    number = at.decision.id
    return sum(e.kind == "calculated" and e.result is not None and e.id < number for e in log.steps_of(at.code)) or None


def words(one: Verdict, lang: str) -> dict[str, str]:
    """A verdict in words: ``decision``, ``naming`` and ``payment``, those that there are."""
    found = {"decision": _decided(one, lang), "naming": _named(one, lang), "payment": payment_words(one, lang)}
    return {part: text for part, text in found.items() if text}


def _decided(one: Verdict, lang: str) -> str:
    event = one.decision
    if event is None:
        return ""
    if event.total is not None:
        outcome = say(lang, "verdict.total", star=event.star, total=f"{event.total:.2f}")
    else:
        outcome = "" if event.star is None else say(lang, "verdict.star", star=event.star)
    said = say(lang, f"cycle_words.status.{event.outcome}") if event.outcome in _SAID else ""
    body = say(lang, f"cycle_words.decided_by.{event.body}") if event.body else ""
    version = say(lang, "verdict.version", n=one.version) if one.version else ""
    return _joined(lang, body, outcome, said, version, event.document, event.date, _by(event, lang))


_SAID = ("recommended", "not_rated", "deferred", "kept_previous")


def _named(one: Verdict, lang: str) -> str:
    event = one.title
    if event is None:
        return ""
    word = say(lang, f"cycle_words.title_event.{event.outcome}") if event.outcome else ""
    star = say(lang, "verdict.star", star=event.star or 0)
    body = say(lang, f"cycle_words.named_by.{event.body}") if event.body else ""
    return _joined(lang, body, word, star, event.document, event.date, _by(event, lang))


def payment_words(one: Verdict, lang: str) -> str:
    """What is due of the award and what was paid, with the last day; empty where there is nothing to pay and nothing was paid."""
    if not one.lines:
        return ""
    last = max((line.last for line in one.lines), default="")
    text = say(lang, "verdict.payment", due=money(lang, one.due), paid=money(lang, one.paid))
    over = -sum(min(0, line.difference or 0) for line in one.lines)
    if not over:
        return _joined(lang, text, last)
    under = sum(
        max(0, line.difference or 0) for line in one.lines
    )  # what one payer paid too much is not what another owes
    less = say(lang, "verdict.under", under=money(lang, under)) if under else ""
    return _joined(lang, text, last, less, say(lang, "verdict.over", over=money(lang, over)))


def _by(event: Event, lang: str) -> str:
    return say(lang, "verdict.by", who=said_who(event.who, lang)) if event.who else ""


def _joined(lang: str, *parts: str) -> str:
    return say(lang, "verdict.between").join(part for part in parts if part)


VERDICT_COLUMNS = columns(
    Column("star_awarded", WHOLE),
    Column("version", WHOLE),
    Column("decided_by", CODE),
    Column("document", TEXT),
    Column("decided_date", DATE),
    Column("decided_who", TEXT),
    Column("title_event", CODE),
    Column("title_document", TEXT),
    Column("title_date", DATE),
    Column("due", NUMBER),
    Column("paid", NUMBER),
)


def verdict_columns(one: Verdict | None) -> Mapping[str, object]:
    """``VERDICT_COLUMNS`` of one row, None where nothing was said; amounts in yuan."""
    decision, title = (one.decision, one.title) if one else (None, None)
    paid = one is not None and bool(one.lines)
    return {
        "star_awarded": one.star if one else None,
        "version": one.version if one else None,
        "decided_by": decision.body or None if decision else None,
        "document": decision.document or None if decision else None,
        "decided_date": decision.date or None if decision else None,
        "decided_who": decision.who or None if decision else None,
        "title_event": title.outcome or None if title else None,
        "title_document": title.document or None if title else None,
        "title_date": title.date or None if title else None,
        "due": one.due / 100 if one and paid and one.due is not None else None,
        "paid": one.paid / 100 if one and paid else None,
    }
