"""Uploaded bytes between the preview and the decision: in a private folder, under a random name, for a while.

The folder lies outside anything the server hands out; a file is found by its token alone and only by the viewer who
brought it.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import secrets
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashboard.data.jobs import Jobs
from survey.core import limits
from survey.core.errors import Refused
from survey.files.readers.sheet import Sheet
from survey.files.waiting import UPLOADS, Held, sweep
from survey.store.keyring import Key, new_key

MOST_FILES = 12
#: seconds between two looks at what expired, while a server runs
LOOK = 300.0
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True)
class Upload:
    """What is waiting under a token: file names in order, and what was said about them."""

    token: str
    files: tuple[str, ...]
    options: Mapping[str, Any]


@dataclass
class Memory:
    """What was read and found of an upload, so that nothing is read or checked twice.

    ``sheets`` by file; ``found`` by line: what it was found for, and the findings of ``checks``.
    """

    sheets: dict[tuple[str, str, str | None], tuple[Sheet, ...]] = field(default_factory=dict)
    found: dict[int, tuple[Hashable, Any]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)


class Uploads:
    """The waiting room of one server process; ``jobs`` are those at work on what waits, ``papers`` those on what leaves.

    ``folder``: where files wait, in place of one of its own; a process that is forked later can go on with what waits there.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._memories: OrderedDict[str, Memory] = OrderedDict()
        self._key: Key | None = None if folder is None else new_key()
        self.jobs = Jobs()
        self.papers = Jobs(1)

    def memory(self, token: str) -> Memory:
        """What is remembered of an upload; the uploads looked at least recently are forgotten first."""
        with self._lock:
            found = self._memories.setdefault(token, Memory())
            self._memories.move_to_end(token)
            while len(self._memories) > limits.KEPT_UPLOADS:
                self._memories.popitem(last=False)
            return found

    @property
    def folder(self) -> Path:
        """Where uploads wait; made when first needed, readable by this user only."""
        with self._lock:
            if self._folder is None or not self._folder.is_dir():
                sweep()
                held = Held(UPLOADS)
                self._folder = held.path
                atexit.register(held.drop)
            return self._folder

    def end(self) -> None:
        """Wait for the jobs at work; begin no other."""
        self.jobs.end()
        self.papers.end()

    @contextmanager
    def swept(self) -> Iterator[None]:
        """While the block runs, delete what expired every few minutes, and what killed programs left."""
        stop = threading.Event()

        def work() -> None:
            while not stop.wait(LOOK):
                sweep()
                if self._folder is not None:
                    self.sweep()

        threading.Thread(target=work, name="sweep", daemon=True).start()
        try:
            yield
        finally:
            stop.set()

    def keep(self, files: Sequence[tuple[str, bytes]], options: Mapping[str, Any], user: str) -> str:
        """Keep files and what was said about them; returns the token.  Raises Refused for none or too many."""
        self.sweep()
        if not files:
            raise Refused("page_import.no_file")
        if len(files) > MOST_FILES:
            raise Refused("page_import.too_many", most=MOST_FILES)
        token = secrets.token_urlsafe(24)
        place = self.folder / token
        place.mkdir(mode=0o700)
        for number, (_, data) in enumerate(files):
            self._put(place, f"{number}.bin", data)
        self._write(place, {"files": [name for name, _ in files], "options": dict(options), "user": user})
        return token

    def find(self, token: str, user: str) -> Upload:
        """What waits under a token; raises Refused if there is none, it expired, or it is another viewer's."""
        place = self.folder / token if _TOKEN.fullmatch(token) else None
        if place is None or not (place / "upload.json").is_file() or self._age(place) > limits.UPLOAD_WAITS:
            raise Refused("page_import.expired")
        known = json.loads(self._get(place, "upload.json"))
        if known["user"] != user:
            raise Refused("page_import.expired")
        return Upload(token, tuple(known["files"]), known["options"])

    def of_user(self, user: str) -> tuple[Upload, ...]:
        """What a viewer brought and has neither stored nor let go, the newest first."""
        if self._folder is None or not self._folder.is_dir():
            return ()  # nothing was brought yet: no folder is made for a look
        found: list[tuple[float, Upload]] = []
        for place in self._folder.iterdir():
            try:
                found.append((self._age(place), self.find(place.name, user)))
            except (Refused, FileNotFoundError):
                continue  # another viewer's, expired, or gone meanwhile
        return tuple(upload for _, upload in sorted(found, key=lambda pair: pair[0]))

    def data(self, upload: Upload, number: int) -> bytes:
        """The bytes of one file."""
        return self._get(self.folder / upload.token, f"{number}.bin")

    def change(self, upload: Upload, options: Mapping[str, Any], user: str, *, files: int | None = None) -> Upload:
        """Say something else about the same files, or only the first ``files`` of them."""
        names = upload.files[:files]
        self._write(self.folder / upload.token, {"files": list(names), "options": dict(options), "user": user})
        return Upload(upload.token, names, dict(options))

    def add(self, upload: Upload, files: Sequence[tuple[str, bytes]], options: Mapping[str, Any], user: str) -> Upload:
        """Let more files wait under the same token.  Raises Refused for none or too many."""
        if not files:
            raise Refused("page_import.no_file")
        if len(upload.files) + len(files) > MOST_FILES:
            raise Refused("page_import.too_many", most=MOST_FILES)
        place = self.folder / upload.token
        for number, (_, data) in enumerate(files, len(upload.files)):
            self._put(place, f"{number}.bin", data)
        names = (*upload.files, *(name for name, _ in files))
        self._write(place, {"files": list(names), "options": dict(options), "user": user})
        return Upload(upload.token, names, dict(options))

    def drop(self, token: str) -> None:
        """Forget a token and delete its files."""
        if _TOKEN.fullmatch(token):
            shutil.rmtree(self.folder / token, ignore_errors=True)
            self._forget(token)

    def _forget(self, token: str) -> None:
        with self._lock:
            self._memories.pop(token, None)

    def sweep(self) -> None:
        """Delete what expired."""
        for place in self.folder.iterdir():
            if place.is_dir() and self._age(place) > limits.UPLOAD_WAITS:
                shutil.rmtree(place, ignore_errors=True)
                self._forget(place.name)

    @staticmethod
    def _age(place: Path) -> float:
        first = place / "0.bin"
        return time.time() - (first if first.exists() else place).stat().st_mtime

    def _write(self, place: Path, known: Mapping[str, Any]) -> None:
        self._put(place, "upload.json", json.dumps(known, ensure_ascii=False).encode())

    def _put(self, place: Path, name: str, data: bytes) -> None:
        """Write a file that nobody else can read, now or when this process was killed: its key is in memory only.

        Who reads meanwhile reads the old one or the new one, never half of it.
        """
        fresh = place / f"{secrets.token_hex(8)}.part"
        with open(
            os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb"
        ) as out:
            out.write(self._sealing().seal(data, f"{place.name}/{name}"))
        os.replace(fresh, place / name)

    def _get(self, place: Path, name: str) -> bytes:
        return self._sealing().open((place / name).read_bytes(), f"{place.name}/{name}")

    def _sealing(self) -> Key:
        """The key of this process, made with its first upload."""
        with self._lock:
            self._key = self._key or new_key()
            return self._key
