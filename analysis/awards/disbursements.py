"""Payments of awards into the store: entered one by one or by a workbook, taken back by an entry of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from sqlalchemy.engine import Connection

from analysis.awards.ledger import Account, Ledger, check, to_withdraw
from analysis.awards.tables import payer_called
from analysis.awards.year import day, paid_in, payers_of
from analysis.publication.cycle_steps import today
from analysis.scheme.options import fen
from survey.core import limits
from survey.core.cells import as_datetime
from survey.core.errors import Refused
from survey.core.findings import Finding, blocking
from survey.fieldwork.register import FIRST_YEAR, LAST_YEAR, Register
from survey.files.own_workbooks import Column, Record, header_key, plain_text, read_table
from survey.files.read import read_sheets
from survey.store import Store, audit, settings
from survey.store.audit import is_among
from survey.store.year import cycle, disbursements, register
from survey.store.year.disbursements import Disbursement

COLUMNS = (
    Column("year", ("年度", "年份")),
    Column("community", ("社区", "社区编号"), required=True),
    Column("community_name", ("社区名称",)),
    Column("payer", ("承担方",), required=True),
    Column("due", ("应拨",)),
    Column("paid", ("已拨",)),
    Column("payable", ("可拨",)),
    Column("kind", ("种类",)),
    Column("amount", ("金额", "金额（元）", "拨付金额"), required=True),
    Column("voucher", ("凭证号", "凭证"), required=True),
    Column("date", ("日期", "拨付日期"), required=True),
    Column("note", ("说明",)),
)
_TYPED = ("kind", "amount", "voucher", "date", "note")
_KINDS = {"": "paid", "paid": "paid", "拨付": "paid", "returned": "returned", "退回": "returned"}
#: rows above the header (a title, a date) that are looked through
_TITLE_ROWS = 10


@dataclass(frozen=True)
class Said:
    """What somebody says was paid, as typed; ``community``: a code, name or alias."""

    year: int
    community: str
    payer: str
    amount: str
    voucher: str
    date: str
    note: str = ""
    kind: str = "paid"


@dataclass(frozen=True)
class DisbursementReceipt:
    """What was kept of a workbook."""

    kept: tuple[Disbursement, ...]
    findings: tuple[Finding, ...]


def ledger(store: Store) -> Ledger:
    """The ledger of all years; raises Refused for a year of titles without a scheme."""
    with store.read() as conn:
        return ledger_in(conn)


def ledger_in(conn: Connection) -> Ledger:
    """The same within a transaction."""
    titles, entries = paid_in(conn), disbursements.entries(conn)
    streets = {c.code: c.sub_district for c in register.communities(conn)}
    moments = {e.id: settings.local(conn, e.at) for e in entries if e.at}
    return Ledger(titles.payments, tuple(entries), titles.names, streets, moments)


def enter(store: Store, said: Said, *, who: str) -> Disbursement:
    """Keep one payment, or money that came back; raises Refused, with the way out, and keeps nothing."""
    with store.write() as conn:
        return Entering(conn, who).enter(said)


class Entering:
    """Payments kept one after the other in one transaction: what they are held against is read once."""

    def __init__(self, conn: Connection, who: str) -> None:
        self._conn, self._who = conn, who
        self._account = Account(ledger_in(conn))
        self._places = Register(register.communities(conn))
        self._ids = register.codes(conn)
        self._payers = cache(partial(payers_of, conn))
        self._today = today(conn)

    def enter(self, said: Said) -> Disbursement:
        """Keep one; raises Refused, with the way out, and keeps nothing of it."""
        entry = replace(_entry(self._places, self._payers, said), who=self._who)
        check(self._account, entry, self._today)
        kept = replace(entry, id=disbursements.append(self._conn, entry, self._ids))
        self._account.add(kept)
        return kept


def _entry(places: Register, payers: Callable[[int], list[str]], said: Said) -> Disbursement:
    """What was typed as an entry; raises Refused for what can't be read."""
    place = places.find(said.community) if said.community.strip() else None
    if place is None:
        raise Refused("cycle_file.unknown_community", found=said.community)
    for text in (said.voucher, said.note):
        if len(text) > limits.TYPED_TEXT:
            raise Refused("cycle_file.too_long", n=len(text), most=limits.TYPED_TEXT)
    on = day(said.date)
    if not on:
        raise Refused("ledger.need_date")
    return Disbursement(
        year=said.year,
        community=places.communities[place].code,
        payer=payer_called(payers(said.year), said.payer),
        kind=said.kind,
        amount=fen(said.amount),
        voucher=said.voucher.strip(),
        date=on,
        note=said.note.strip(),
    )


def withdraw(store: Store, number: int, *, reason: str, approver: str, who: str) -> Disbursement:
    """Take an entry back by one of its own, with the reason and who approves it; both stay to be read.

    Raises Refused for an entry that does not count, without a reason, and where nobody else approves.
    """
    for key, text in {"reason": reason, "approver": approver}.items():
        if not text.strip():
            raise Refused(f"ledger.need_{key}")
    with store.write() as conn:
        if not cycle.one_person(conn) and is_among(who, [approver.strip()]):
            raise Refused("cycle.own", who=who)
        found = to_withdraw(ledger_in(conn), number)
        entry = replace(
            found, kind="withdrawn", ref=found.id, note=reason.strip(), approved_by=approver.strip(), who=who, at=None
        )
        return replace(entry, id=disbursements.append(conn, entry))


# ── A workbook of payments into the store: every row checked in its place, all of them kept or none


def import_payments(store: Store, file: str, data: bytes, *, year: int | None, who: str) -> DisbursementReceipt:
    """Read a workbook of payments and keep its rows in one transaction; ``year``: of all rows, else each says its own.

    Raises Refused with a finding for every row that can't be kept; nothing is kept then.
    """
    findings: list[Finding] = []
    kept: list[Disbursement] = []
    records = list(_records(file, data, findings))
    with store.write() as conn:
        entering = Entering(conn, who)
        for sheet, record in records:
            try:
                kept.append(entering.enter(_said(record, year)))
            except Refused as refused:
                findings.append(_finding(refused, sheet, record))
        if not kept and not findings:
            findings.append(Finding("cycle_file.empty", scope="sheet"))
        stops = blocking(findings)
        if stops:
            raise Refused("cycle_file.refused", findings=findings, file=file, n=len(stops))
        audit.record(conn, who, "award import", file, {"kept": len(kept)})
    return DisbursementReceipt(tuple(kept), tuple(findings))


def _records(file: str, data: bytes, findings: list[Finding]) -> Iterator[tuple[str, Record]]:
    """The filled-in rows of the first sheet with a column of vouchers."""
    wanted = {header_key(word) for word in ("voucher", "凭证号", "凭证", "凭证号voucher")}
    for sheet in read_sheets(file, data):
        for header, cells in enumerate(sheet.rows[:_TITLE_ROWS]):
            if any(header_key(plain_text(c)) in wanted for c in cells):
                for record in read_table(sheet, COLUMNS, findings, header_row=header):
                    if any(record.text(key) for key in _TYPED):
                        yield sheet.name, record
                return
    findings.append(Finding("ledger.no_table", scope="file"))


def _said(record: Record, year: int | None) -> Said:
    text = record.text("year").removesuffix("年")
    own = int(text) if text.isascii() and text.isdigit() else None
    if (text and own is None) or (own is not None and not FIRST_YEAR <= own <= LAST_YEAR):
        raise Refused("cycle_file.bad_year", found=text)
    if own is None and year is None:
        raise Refused("cycle_file.missing", column="年度 year")
    if own is not None and year not in (None, own):
        raise Refused("cycle_file.other_year", found=text, year=year)
    word = header_key(record.values.get("kind"))
    if word not in _KINDS:
        raise Refused("ledger.bad_kind", found=record.text("kind"))
    moment = as_datetime(record.values["date"]) if record.values.get("date") is not None else None
    return Said(
        year=own if own is not None else year or 0,
        community=record.text("community"),
        payer=record.text("payer"),
        amount=record.text("amount"),
        voucher=record.text("voucher"),
        date=f"{moment:%Y-%m-%d}" if moment else record.text("date"),
        note=record.text("note"),
        kind=_KINDS[word],
    )


#: which cell a refusal is about
_CELLS: Mapping[str, str] = {
    "cycle_file.unknown_community": "community",
    "cycle_file.bad_year": "year",
    "cycle_file.other_year": "year",
    "cycle_file.missing": "year",
    "store.no_scheme_for_year": "year",
    "awards.unknown_payer": "payer",
    "awards.bad_amount": "amount",
    "ledger.nothing": "amount",
    "ledger.too_much": "amount",
    "ledger.set_off": "amount",
    "ledger.return_too_much": "amount",
    "awards.bad_date": "date",
    "ledger.need_date": "date",
    "ledger.in_future": "date",
    "ledger.before_title": "date",
    "ledger.need_voucher": "voucher",
    "ledger.voucher_twice": "voucher",
    "ledger.bad_kind": "kind",
}


def _finding(refused: Refused, sheet: str, record: Record) -> Finding:
    """Why a row can't be kept, in its cell."""
    key = _CELLS.get(refused.key, "community")
    cell = record.addresses.get(key, record.addresses.get("community", f"A{record.number}"))
    params: dict[str, Any] = dict(refused.params)
    return Finding(refused.key, "refuse", "row", sheet, cell, record.number, record.header(key), params=params)
