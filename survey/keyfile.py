"""The key file: made once with access for its owner only, grown when a new key comes, never printed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from survey import keyring
from survey.disk import write_file
from survey.errors import Refused
from survey.keyring import Key, Keyring

_HEAD = """\
# xingfu: key(s) for contacts and original files, newest first.  Whoever has this file and the store can read them;
# without this file nobody can.  Keep a copy in another place than the backups of the store.
"""


def create(store_place: str) -> Keyring:
    """Make the key file; raises Refused if there is a key, or if it would lie beside the store."""
    if os.environ.get(keyring.IN_ENVIRONMENT, "").strip():
        raise Refused("keyring.in_environment")
    path = keyring.key_file()
    if path.exists():
        raise Refused("keyring.exists", path=str(path))
    if "://" not in store_place and path.absolute().parent == Path(store_place).expanduser().absolute().parent:
        raise Refused("keyring.beside_store", path=str(path), store=store_place)
    key = keyring.new_key()
    _write(path, [key])
    return Keyring((key,), str(path))


def add_newest(ring: Keyring) -> Keyring:
    """Put a new key before the others in the key file; raises Refused where the ring comes from the environment."""
    path = _file_of(ring)
    keys = (keyring.new_key(), *ring.keys)
    _write(path, keys)
    return Keyring(keys, str(path))


def forget_older(ring: Keyring) -> Keyring:
    """Leave only the newest key in the key file."""
    _write(_file_of(ring), ring.keys[:1])
    return Keyring(ring.keys[:1], ring.place)


def _file_of(ring: Keyring) -> Path:
    if ring.place.startswith("$"):
        raise Refused("keyring.environment_is_yours")
    return Path(ring.place)


def _write(path: Path, keys: Sequence[Key]) -> None:
    text = _HEAD + "".join(f"{key.written()}  # {key.id}\n" for key in keys)
    write_file(path, text.encode("utf-8"), private=True)
