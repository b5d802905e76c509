"""The ledger of awards (拨付台账): what is due by the titles, what was paid, the difference; and what may still be paid.

Due is what the titles pay as they stand now, so a corrected title shows at once who was paid too much and who too little.
Nobody is paid twice by a correction: what may be paid is held to what the payer owes for the year, to what the payer owes the
community over all years, and to what all payers together owe it.  All amounts in fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from analysis.awards.payments import Payment
from analysis.awards.tables import money, payer_name
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from survey.core.lazily import cached_property
from survey.files.own_workbooks import header_key
from survey.store.year.disbursements import Disbursement, standing

Place = tuple[str, int, str]


@dataclass(frozen=True)
class Line:
    """One community, year and payer: ``due`` (None: still to be set), ``paid`` (less what came back), what may still be
    paid (``payable``); ``last``: the day of the last payment, ``''`` where there is none."""

    community: str
    year: int
    payer: str
    due: int | None
    paid: int
    payable: int = 0
    last: str = ""
    vouchers: tuple[str, ...] = ()

    @property
    def difference(self) -> int | None:
        """Due less paid: above 0 too little was paid, below 0 too much."""
        return None if self.due is None else self.due - self.paid

    @property
    def state(self) -> str:
        """``none`` (nothing due), ``open`` (nothing paid yet), ``under`` (in part), ``settled``, ``over`` (too much paid),
        ``to_set`` (the scheme leaves the amount to be set by hand)."""
        if self.due is None:
            return "to_set"
        if self.paid > self.due:
            return "over"
        if self.paid == self.due:
            return "settled" if self.due else "none"
        return "under" if self.paid else "open"


@dataclass(frozen=True)
class Ledger:
    """``due``: what every title pays; ``entries``: every entry ever made; ``names``, ``streets``: community → what it is
    called, its sub-district; ``moments``: entry → when it was made, in the store's zone."""

    due: tuple[Payment, ...]
    entries: tuple[Disbursement, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    streets: Mapping[str, str] = field(default_factory=dict)
    moments: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def standing(self) -> tuple[Disbursement, ...]:
        """The entries that count."""
        return tuple(standing(self.entries))

    @cached_property
    def titles(self) -> Mapping[tuple[str, int], Payment]:
        """(community, year) → what the title of that year pays."""
        return {(p.community_code, p.year): p for p in self.due}

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every community, year and payer with anything due or paid, by year, in the order of the titles, those of a community together."""
        return _lines(self.due, self.standing)

    def of_year(self, year: int) -> tuple[Line, ...]:
        """Those of one year."""
        return tuple(line for line in self.lines if line.year == year)

    def within(self, street: str) -> Ledger:
        """What is due and what was entered of the communities of one street."""
        here = {code for code, place in self.streets.items() if place == street}
        if not here:
            known = list(dict.fromkeys(filter(None, self.streets.values()))) or "—"
            raise Refused("awards.unknown_street", street=street, known=known)
        due = tuple(p for p in self.due if p.community_code in here)
        return replace(self, due=due, entries=tuple(e for e in self.entries if e.community in here))

    def name(self, community: str) -> str:
        """What a community is called; its code where nobody says."""
        return self.names.get(community, community)

    def book(self, community: str, payer: str) -> tuple[str, str]:
        """Whose book a voucher stands in: every street keeps its own."""
        return payer, self.streets.get(community, "") if payer == "street" else ""


def _lines(payments: Iterable[Payment], entries: Iterable[Disbursement]) -> tuple[Line, ...]:
    due: dict[Place, int | None] = {}
    for payment in payments:
        if payment.amount is None:
            due[payment.community_code, payment.year, ""] = None
        due |= {(payment.community_code, payment.year, name): part for name, part in payment.shares.items()}
    mine: dict[Place, list[Disbursement]] = {}
    for entry in entries:
        mine.setdefault((entry.community, entry.year, entry.payer), []).append(entry)
    known = [*dict.fromkeys((*due, *mine))]
    first: dict[tuple[str, int], int] = {}
    for number, (community, year, _) in enumerate(known):
        first.setdefault((community, year), number)
    places = sorted(known, key=lambda place: (place[1], first[place[:2]]))
    found = [_line(place, due.get(place, 0), mine.get(place, ())) for place in places]
    same: dict[str, list[Line]] = {}
    for line in found:
        same.setdefault(line.community, []).append(line)
    return tuple(_with_payable(line, same[line.community]) for line in found)


def _line(place: Place, due: int | None, mine: Sequence[Disbursement]) -> Line:
    return Line(
        *place,
        due=due,
        paid=sum(e.amount if e.kind == "paid" else -e.amount for e in mine),
        last=max((e.date for e in mine if e.kind == "paid"), default=""),
        vouchers=tuple(e.voucher for e in mine if e.kind == "paid"),
    )


def _with_payable(line: Line, same: Sequence[Line]) -> Line:
    """The line with what may still be paid: no more than is owed for the year, over all years, and by all payers.

    ``same``: the lines of its community.
    """
    left = min(_owed([line]), _owed(x for x in same if x.payer == line.payer), _owed(same))
    return replace(line, payable=max(0, left))


def _owed(lines: Iterable[Line]) -> int:
    return sum((line.due or 0) - line.paid for line in lines)


class Account:
    """A ledger to which entries are added one after the other: what is looked up is of one community, or one voucher."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._due: dict[str, list[Payment]] = {}
        self._entries: dict[str, list[Disbursement]] = {}
        self._vouchers: dict[tuple[str, tuple[str, str]], Disbursement] = {}
        for payment in ledger.due:
            self._due.setdefault(payment.community_code, []).append(payment)
        for entry in ledger.standing:
            self.add(entry)

    def add(self, entry: Disbursement) -> None:
        """Count one more entry."""
        self._entries.setdefault(entry.community, []).append(entry)
        self._vouchers.setdefault(self._voucher(entry), entry)

    def _voucher(self, entry: Disbursement) -> tuple[str, tuple[str, str]]:
        """The same voucher twice is the same payment twice, however it is written."""
        return header_key(entry.voucher), self.ledger.book(entry.community, entry.payer)

    def same_voucher(self, entry: Disbursement) -> Disbursement | None:
        """The entry that was paid by the same voucher of the same book, if there is one."""
        return self._vouchers.get(self._voucher(entry))

    def lines_of(self, community: str) -> tuple[Line, ...]:
        """The lines of one community, all years."""
        return _lines(self._due.get(community, ()), self._entries.get(community, ()))

    def line(self, community: str, year: int, payer: str) -> Line:
        """One line; all of it 0 where nothing is due and nothing was paid."""
        found = (x for x in self.lines_of(community) if (x.year, x.payer) == (year, payer))
        return next(found, Line(community, year, payer, 0, 0))


def check(account: Account, entry: Disbursement, today: str) -> None:
    """Raise Refused, with the way out, for an entry that can't be: a payment, or money that came back."""
    if not entry.amount:
        raise Refused("ledger.nothing")
    if not entry.voucher.strip():
        raise Refused("ledger.need_voucher")
    if entry.date > today:
        raise Refused("ledger.in_future", date=entry.date, today=today)
    known = account.same_voucher(entry)
    if known is not None:
        raise Refused("ledger.voucher_twice", voucher=entry.voucher, number=known.id, date=known.date, year=known.year)
    if entry.kind == "returned":
        _may_return(account, entry)
    else:
        _may_pay(account, entry)


def _may_pay(account: Account, entry: Disbursement) -> None:
    ledger = account.ledger
    title = ledger.titles.get((entry.community, entry.year))
    if title is None:
        raise Refused("ledger.no_title", **_told(ledger, entry))
    if title.amount is None:
        raise Refused("ledger.to_set", **_told(ledger, entry))
    if title.date and entry.date < title.date:
        raise Refused("ledger.before_title", date=entry.date, named=title.date)
    line = account.line(entry.community, entry.year, entry.payer)
    if entry.amount <= line.payable:
        return
    over = [-(x.difference or 0) for x in account.lines_of(entry.community) if x.state == "over"]
    said = _told(ledger, entry, due=line.due or 0, paid=line.paid, left=line.payable, over=sum(over))
    # owed for this year, but paid too much elsewhere; or simply more than is owed
    raise Refused("ledger.set_off" if over and entry.amount <= (line.difference or 0) else "ledger.too_much", **said)


def _may_return(account: Account, entry: Disbursement) -> None:
    line = account.line(entry.community, entry.year, entry.payer)
    if entry.amount > line.paid:
        raise Refused("ledger.return_too_much", **_told(account.ledger, entry, paid=line.paid))


def _told(ledger: Ledger, entry: Disbursement, **amounts: int) -> dict[str, Any]:
    """What a refusal says of an entry, amounts and payer in the reader's words."""
    every = {"amount": entry.amount, **amounts}
    return {
        "community": entry.community,
        "name": ledger.name(entry.community),
        "year": entry.year,
        "payer": {lang: payer_name(lang, entry.payer) for lang in LANGUAGES},
        **{name: {lang: money(lang, amount) for lang in LANGUAGES} for name, amount in every.items()},
    }


def to_withdraw(ledger: Ledger, number: int) -> Disbursement:
    """The entry of this number; raises Refused where there is none that counts, or where what came back rests on it."""
    found = next((e for e in ledger.standing if e.id == number), None)
    if found is None:
        known = next((e for e in ledger.entries if e.id == number), None)
        raise Refused("ledger.withdrawn_before" if known else "ledger.no_entry", number=number)
    if found.kind == "paid" and Account(ledger).line(found.community, found.year, found.payer).paid < found.amount:
        raise Refused("ledger.returned_since", number=number)
    return found
