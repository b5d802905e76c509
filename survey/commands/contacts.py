"""Commands of the contacts room: keys, contacts, original files."""

from __future__ import annotations

import io
import re
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from survey.answers.phones import mask, mask_name
from survey.commands.console import Session
from survey.commands.voice import user
from survey.core.disk import write_file
from survey.core.errors import Refused, Surroundings, WrongUsage
from survey.core.plain_table import PlainTable, csv_text
from survey.files.written_workbook import WrittenWorkbook
from survey.people import retention
from survey.people.contacts import AREA_CODE
from survey.store import audit, keyring, settings
from survey.store.intake import batches, contacts, originals, phone_secrets
from survey.store.intake.contacts import Contact

_COLUMNS = ["community_code", "community", "year", "batch", "respondent", "sheet", "row", "phone", "name"]


class YesNo(StrEnum):
    """A setting that is on or off."""

    yes = "yes"
    no = "no"


def keys_create(
    context: typer.Context, show: Annotated[bool, typer.Option("--print", help="contacts.option.print")] = False
) -> None:
    """Make the key file, or print a key for the environment."""
    session: Session = context.obj
    if show:
        print(keyring.new_key().written())
        return
    ring = keyring.create(session.place)
    session.tell("keyring.created", key=ring.newest.id, path=ring.place)


def keys_show(context: typer.Context) -> None:
    """List keys by their ids, and what of the store each encrypts."""
    session: Session = context.obj
    ring = keyring.load()
    used: dict[str, tuple[int, int]] = {}
    try:
        with session.store() as store, store.read() as conn:
            numbers, files = contacts.by_key(conn), originals.by_key(conn)
            used = {
                key: (numbers.get(key, 0), files.get(key, 0)) for key in {*numbers, *files, *phone_secrets.by_key(conn)}
            }
    except Surroundings as error:  # keys may be looked at before there is a store
        session.write_line(error.word(session.lang))
    known = ring.ids if ring else ()
    rows = [
        (key, "older" if i else "newest", ring.place if ring else "", *used.get(key, (0, 0)))
        for i, key in enumerate(known)
    ]
    rows += [(key, "missing", "", *used[key]) for key in sorted(used.keys() - set(known))]
    session.emit(pd.DataFrame(rows, columns=["key", "state", "place", "contacts", "originals"]))
    if ring is None:
        session.tell("keyring.no_key", path=str(keyring.key_file()))


def keys_rotate(
    context: typer.Context, forget: Annotated[bool, typer.Option("--forget", help="contacts.option.forget")] = False
) -> None:
    """Take a new key into use and encrypt anew what the store holds."""
    session: Session = context.obj
    ring = keyring.need()
    with session.store() as store:
        with store.read() as conn:
            for key in {*contacts.by_key(conn), *originals.by_key(conn), *phone_secrets.by_key(conn)}:
                ring.key(key)  # a missing key is said before anything is changed
        if not (ring.place.startswith("$") and len(ring.keys) > 1):
            ring = keyring.add_newest(ring)
        try:
            with store.erasing() as conn:
                numbers, files = contacts.reencrypt(conn, ring), originals.reencrypt(conn, ring)
                phone_secrets.reencrypt(conn, ring)
                audit.record(conn, user(), "keys rotate", ring.newest.id, {"contacts": numbers, "originals": files})
        except BaseException:  # whatever ends it: what the store holds opens with the keys that are there now
            session.tell("keyring.half_rotated", key=ring.newest.id, place=ring.place)
            raise
    session.tell("keyring.rotated", key=ring.newest.id, contacts=numbers, originals=files)
    if forget:
        keyring.forget_older(ring)
        session.tell("keyring.forgotten", place=ring.place)
    else:
        session.tell("keyring.older_stay", place=ring.place)


def contacts_list(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_or_all")] = None,
) -> None:
    """List contacts with numbers and names masked."""
    session: Session = context.obj
    ring = keyring.need()
    with session.store() as store, store.read() as conn:
        found = contacts.listing(conn, ring, year)
    rows = [{**_row(c), "phone": mask(c.phone) if c.phone else None, "name": mask_name(c.name)} for c in found]
    session.emit(pd.DataFrame(rows, columns=_COLUMNS).astype({"row": "Int64"}))
    _say_locked(session, found)


def contacts_export(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="contacts.argument.out")],
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year_or_all")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="contacts.option.yes")] = False,
) -> None:
    """Write contacts in clear; the record of it is stored before the file appears."""
    session: Session = context.obj
    if out.suffix.lower() not in (".xlsx", ".csv"):
        raise WrongUsage("contacts.export_kind", path=out.name)
    if not yes:
        raise WrongUsage("contacts.export_needs_yes")
    ring = keyring.need()
    with session.store() as store, store.write(aside=True) as conn:
        found = contacts.listing(conn, ring, year)
        clear = [c for c in found if c.phone]
        audit.record(conn, user(), "contacts export", out.name, {"contacts": len(clear), "year": year})
    frame = pd.DataFrame([{**_row(c), "phone": c.phone, "name": c.name} for c in clear], columns=_COLUMNS)
    frame = frame.astype({"row": "Int64"})
    data = _workbook(frame) if out.suffix.lower() == ".xlsx" else csv_text(PlainTable.of_frame(frame)).encode()
    write_file(out, data, private=True)
    session.tell("contacts.exported", n=len(clear), path=str(out))
    _say_locked(session, found)


def _row(contact: Contact) -> dict[str, Any]:
    values = asdict(contact)
    return {**{name: values[name] for name in _COLUMNS if name in values}, "batch": contact.batch_id}


def _say_locked(session: Session, found: list[Contact]) -> None:
    locked = sum(1 for c in found if c.phone is None)
    if locked:
        session.tell("contacts.locked", n=locked)


def _workbook(frame: pd.DataFrame) -> bytes:
    """One sheet; numbers as text, so that no spreadsheet program rounds them."""
    buffer = io.BytesIO()
    with WrittenWorkbook(buffer, {"in_memory": True}) as book:
        sheet, text = book.add_worksheet(), book.add_format({"num_format": "@"})
        sheet.write_row(0, 0, frame.columns)
        for number, values in enumerate(frame.itertuples(index=False), start=1):
            for place, value in enumerate(values):
                if isinstance(value, str):
                    sheet.write_string(number, place, value, text)
                elif not pd.isna(value):
                    sheet.write_number(number, place, value)
    return buffer.getvalue()


def contacts_purge(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", metavar="Y", help="cli.option.year")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="contacts.option.yes")] = False,
) -> None:
    """Delete what is due, or all of one year at once."""
    session: Session = context.obj
    with session.store() as store:
        if year is None:
            done = retention.purge_due(store, user(), sure=yes)
            if done.doubt is not None:
                raise Refused("retention.not_deleted", doubt=done.doubt.word(session.lang))
        else:
            if not yes:
                raise WrongUsage("contacts.purge_needs_yes", year=year, **retention.held(store, year))
            done = retention.purge(store, [year], user())
    gone = sum(done.contacts.values())
    if done.nothing:
        session.tell("contacts.nothing_due")
    else:
        session.tell("contacts.purged", contacts=gone, originals=done.originals)
        if done.held_open:
            session.tell("retention.held_open")
    session.emit([{"contacts": gone, "originals": done.originals}])


def contacts_settings(
    context: typer.Context,
    days: Annotated[int | None, typer.Option("--days", metavar="N", min=0, help="contacts.option.days")] = None,
    keep: Annotated[YesNo | None, typer.Option("--originals", help="contacts.option.originals")] = None,
    area_code: Annotated[
        str | None, typer.Option("--area-code", metavar="0577", help="contacts.option.area_code")
    ] = None,
) -> None:
    """Show or change what is kept and for how long."""
    session: Session = context.obj
    if area_code not in (None, "none") and not re.fullmatch(r"010|02\d|0[3-9]\d\d", area_code or ""):
        raise WrongUsage("contacts.bad_area_code", found=area_code)
    given = {
        retention.CONTACT_DAYS: None if days is None else str(days),
        retention.KEEP_ORIGINALS: keep.value if keep else None,
        AREA_CODE: "" if area_code == "none" else area_code,
    }
    changed = {name: value for name, value in given.items() if value is not None}
    with session.store() as store:
        if changed:
            with store.write() as conn:
                for name, value in changed.items():
                    settings.put(conn, name, value)
                audit.record(conn, user(), "contacts settings", ", ".join(changed), changed)
        with store.read() as conn:
            keeps = "yes" if retention.keeps_originals(conn) else "no"
            now = [
                (retention.CONTACT_DAYS, str(retention.days(conn))),
                (retention.KEEP_ORIGINALS, keeps),
                (AREA_CODE, settings.get(conn, AREA_CODE, "")),
            ]
    session.emit(pd.DataFrame(now, columns=["setting", "value"]))


def original(
    context: typer.Context,
    batch: Annotated[int, typer.Argument(metavar="BATCH", help="cli.argument.batch")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="contacts.argument.out_original")],
) -> None:
    """Fetch the file that a batch came from, as it was; the record of it is stored before the file appears."""
    session: Session = context.obj
    with session.store() as store:
        with store.write(aside=True) as conn:
            found = batches.get(conn, batch)
            if not originals.kept(conn, found.file_hash):
                raise Refused("contacts.no_original")
            ring = keyring.need()
            audit.record(conn, user(), "original", f"batch {batch}", {"file": found.file})
        with store.read() as conn:
            write_file(out, originals.read(conn, ring, found.file_hash), private=True)
    session.tell("contacts.original_written", batch=batch, file=found.file, path=str(out))
