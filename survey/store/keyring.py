"""The key that stands outside the store: without it contacts and kept files cannot be read.

From one secret of 32 bytes HKDF-SHA256 (RFC 5869) derives a key that encrypts (AES-256-GCM, NIST SP 800-38D, with a
random nonce of 96 bits) and a key that marks numbers (HMAC-SHA256), so neither says anything about the other.
Several keys make a ring: the newest encrypts, all of them decrypt.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from survey.core import limits
from survey.core.disk import write_file
from survey.core.errors import Refused, Surroundings
from survey.core.lazily import cached_property
from survey.files.input import read_input

KEY_BYTES, NONCE_BYTES = 32, 12
#: 32 random bytes have 30 different values on average; fewer than this is a phrase or a pattern
LEAST_DIFFERENT = 16
IN_ENVIRONMENT, FILE_IN_ENVIRONMENT = "XINGFU_KEY", "XINGFU_KEY_FILE"


@dataclass(frozen=True)
class Key:
    """One key of the ring; its ``id`` tells keys apart and nothing about the secret."""

    secret: bytes = field(repr=False)

    @cached_property
    def id(self) -> str:
        """Eight hexadecimal digits derived from the secret."""
        return self._derived("name", 4).hex()

    def _derived(self, purpose: str, length: int = KEY_BYTES) -> bytes:
        return HKDF(SHA256(), length, salt=None, info=f"xingfu/1/{purpose}".encode()).derive(self.secret)

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self._derived("encrypt"))

    @cached_property
    def _marking(self) -> bytes:
        return self._derived("mark")

    def seal(self, data: bytes, about: str) -> bytes:
        """Encrypt: nonce, then ciphertext and tag.  Opens only with the same ``about`` (associated data)."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, data, about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        """Decrypt; raises Refused if it was changed, or belongs to something else or another key."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode())
        except (InvalidTag, ValueError):
            raise Refused("keyring.does_not_open", key=self.id) from None

    def mark(self, text: str, scope: str) -> bytes:
        """A keyed hash (32 bytes): equal for equal texts of one scope, telling nothing without the key."""
        return hmac.digest(self._marking, f"{scope}\0{text}".encode(), "sha256")

    def written(self) -> str:
        """The secret as a line of the key file."""
        return base64.b64encode(self.secret).decode()


@dataclass(frozen=True)
class Keyring:
    """The keys at hand, newest first, and where they came from (a path, or ``$XINGFU_KEY``)."""

    keys: tuple[Key, ...]
    place: str

    @property
    def newest(self) -> Key:
        """The one that encrypts."""
        return self.keys[0]

    @property
    def ids(self) -> tuple[str, ...]:
        """Names of the keys, newest first."""
        return tuple(key.id for key in self.keys)

    def __iter__(self) -> Iterator[Key]:
        return iter(self.keys)

    def key(self, key_id: str) -> Key:
        """The key of this name; raises Refused if it is not in the ring."""
        found = next((key for key in self.keys if key.id == key_id), None)
        if found is None:
            raise Refused("keyring.missing_key", key=key_id, place=self.place)
        return found


def new_key() -> Key:
    """A key from the system's source of randomness."""
    return Key(os.urandom(KEY_BYTES))


def default_file() -> Path:
    """The user's own key file: ``%APPDATA%\\xingfu\\key``, else ``$XDG_CONFIG_HOME`` or ``~/.config``."""
    own = os.environ.get("APPDATA") if os.name == "nt" else os.environ.get("XDG_CONFIG_HOME")
    return (Path(own) if own else Path.home() / ".config") / "xingfu" / "key"


def key_file() -> Path:
    """The key file in use: ``$XINGFU_KEY_FILE``, else the user's own."""
    named = os.environ.get(FILE_IN_ENVIRONMENT)
    return Path(named).expanduser() if named else default_file()


def load() -> Keyring | None:
    """The ring of ``$XINGFU_KEY``, else of the key file; None if there is neither.

    Raises Surroundings for a key that is none, a named file that is missing, or the user's own file when
    others on the machine can read it.
    """
    text = os.environ.get(IN_ENVIRONMENT, "").strip()
    if text:
        return parse(text, f"${IN_ENVIRONMENT}")
    path = key_file()
    if not path.exists():
        if os.environ.get(FILE_IN_ENVIRONMENT):
            raise Surroundings("keyring.no_file", path=str(path))
        return None
    if path == default_file() and _open_to_others(path):
        raise Surroundings("keyring.open_to_others", path=str(path))
    try:
        return parse(read_input(path, limits.KEY_FILE_BYTES).decode("utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise Surroundings("keyring.unreadable", path=str(path), reason="") from error
    except Refused as error:  # no key is a matter of the surroundings, whatever keeps the file from being read
        key = "keyring.unreadable" if error.key == "cli.unreadable_file" else error.key
        raise Surroundings(key, **error.params) from error


def need() -> Keyring:
    """``load``, raising Surroundings with what to do where there is no key."""
    ring = load()
    if ring is None:
        raise Surroundings("keyring.no_key", path=str(key_file()))
    return ring


def _open_to_others(path: Path) -> bool:
    return os.name == "posix" and bool(path.stat().st_mode & 0o077)


def parse(text: str, place: str) -> Keyring:
    """Keys as base64 or hexadecimal, newest first, separated by line ends, blanks or commas; ``#`` begins a remark."""
    words = re.split(r"[\s,]+", re.sub(r"#.*", "", text).strip())
    keys = dict.fromkeys(Key(_secret(word, place, n)) for n, word in enumerate(words, start=1))
    return Keyring(tuple(keys), place)


def _secret(word: str, place: str, number: int) -> bytes:
    """The 32 bytes that are written; the sentence of the error never shows what was."""
    try:
        if re.fullmatch(r"[0-9A-Fa-f]{64}", word):
            secret = bytes.fromhex(word)
        else:
            plain = word.rstrip("=").replace("-", "+").replace("_", "/")
            secret = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise Surroundings("keyring.bad_key", place=place, number=number)
    if len(set(secret)) < LEAST_DIFFERENT:
        raise Surroundings("keyring.weak_key", place=place, number=number)
    return secret


# ── The key file: made once with access for its owner only, grown when a new key comes, never printed


_HEAD = """\
# xingfu: key(s) for contacts and original files, newest first.  Whoever has this file and the store can read them;
# without this file nobody can.  Keep a copy in another place than the backups of the store.
"""


def create(store_place: str) -> Keyring:
    """Make the key file; raises Refused if there is a key, or if it would lie beside the store."""
    if os.environ.get(IN_ENVIRONMENT, "").strip():
        raise Refused("keyring.in_environment")
    path = key_file()
    if path.exists():
        raise Refused("keyring.exists", path=str(path))
    if "://" not in store_place and path.absolute().parent == Path(store_place).expanduser().absolute().parent:
        raise Refused("keyring.beside_store", path=str(path), store=store_place)
    key = new_key()
    _write(path, [key])
    return Keyring((key,), str(path))


def add_newest(ring: Keyring) -> Keyring:
    """Put a new key before the others in the key file; raises Refused where the ring comes from the environment."""
    path = _file_of(ring)
    keys = (new_key(), *ring.keys)
    _write(path, keys)
    return Keyring(keys, str(path))


def add_older(keys: Sequence[Key]) -> list[str] | None:
    """Put those of these keys that are missing behind the others in the key file, which is made if there is none.

    Returns their names; None where the ring comes from the environment and lacks one.
    """
    ring = load()
    own = () if ring is None else ring.keys
    missing = [key for key in keys if key not in own]
    if not missing:
        return []
    if ring is not None and ring.place.startswith("$"):
        return None
    _write(key_file(), (*own, *missing))
    return [key.id for key in missing]


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
