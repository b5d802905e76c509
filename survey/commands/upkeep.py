"""The commands ``backup`` and ``restore``: a copy of the store while it is in use, and a store made of one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from survey.commands.console import Session, session_of
from survey.commands.voice import user
from survey.core import limits
from survey.core.errors import WrongUsage
from survey.files.input import read_input
from survey.store import audit, keyring
from survey.store.keyring import Key, Keyring
from survey.store.upkeep import backup as upkeep

KeyFile = Annotated[Path | None, typer.Option("--key", metavar="FILE", help="upkeep.option.key")]


def backup(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="upkeep.argument.out")],
    keep: Annotated[int | None, typer.Option("--keep", metavar="N", min=1, help="upkeep.option.keep")] = None,
    encrypt: Annotated[bool, typer.Option("--encrypt", help="upkeep.option.encrypt")] = False,
    key: KeyFile = None,
    with_keys: Annotated[bool, typer.Option("--with-keys", help="upkeep.option.with_keys")] = False,
) -> None:
    """Copy the store, in use or not, into a file of its own, and look it over."""
    session = session_of(context)
    if keep is not None and not out.is_dir():
        raise WrongUsage("upkeep.keep_in_folder", place=str(out))
    if with_keys and key is None:
        raise WrongUsage("upkeep.keys_need_another")
    seal = _seal(encrypt, key, with_keys)
    with session.store() as store:
        done = upkeep.backup(store, out, seal)
        session.tell("upkeep.backed_up", file=done.file)  # whatever comes of noting it, and of older ones
        if seal is not None:
            session.tell("upkeep.sealed_now", key=seal.key.id)
        if not store.read_only:  # where nothing can be written, nobody can ask when it was either
            with store.write(aside=True) as conn:
                detail = {"bytes": done.size, **({} if seal is None else {"key": seal.key.id})}
                audit.record(conn, user(), "backup", Path(done.file).name, detail)
        older = [] if keep is None else upkeep.drop_older(store, out, keep, Path(done.file))
    if older:
        session.tell("upkeep.dropped", n=len(older), keep=keep)
    session.emit([done.row()])


def _seal(encrypt: bool, file: Path | None, with_keys: bool) -> upkeep.Seal | None:
    """With what to encrypt: the newest key of the file or else, with ``encrypt``, of the ring of contacts."""
    if file is not None:
        key, kept = ring_in(file).newest, keyring.need().keys if with_keys else ()
        if key in kept:  # it would lie in the box that it opens
            raise WrongUsage("upkeep.keys_need_another")
        return upkeep.Seal(key, kept)
    return upkeep.Seal(keyring.need().newest) if encrypt else None


def ring_in(file: Path) -> Keyring:
    """The keys of a file that was named; raises as ``keyring.parse`` and ``read_input`` do."""
    try:
        text = read_input(file, limits.KEY_FILE_BYTES).decode("utf-8")
    except UnicodeDecodeError:
        text = "-"  # no key
    return keyring.parse(text, str(file))


def ring_for(file: Path | None) -> Keyring | None:
    """The keys that a backup may be opened with: those of the file, if one is named, and those of contacts."""
    own = keyring.load()
    if file is None:
        return own
    named = ring_in(file)
    return Keyring((*named.keys, *(own.keys if own else ())), named.place)


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="upkeep.argument.file")],
    key: KeyFile = None,
) -> None:
    """Make a store of a backup, where there is none."""
    session = session_of(context)
    place = session.place if "://" in session.place else Path(session.place).expanduser()
    done, keys = upkeep.restore(file, place, ring_for(key))
    session.tell("upkeep.restored", file=str(file), place=done.file)
    if keys:
        _bring_back(session, keys)
    session.emit([done.row()])


def _bring_back(session: Session, keys: list[Key]) -> None:
    """Put the keys that lay in a backup where this user's stand; what stands there stays first."""
    added = keyring.add_older(keys)
    if added is None:
        session.tell("upkeep.keys_elsewhere", keys=[one.id for one in keys])
    elif added:
        session.tell("upkeep.keys_back", keys=list(added), path=str(keyring.key_file()))
    else:
        session.tell("upkeep.keys_there")
