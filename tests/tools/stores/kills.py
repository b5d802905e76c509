"""A command ended by ``kill -9`` of its whole process group, and what must be true of the store and the files after it.

What a store may look like is what it looked like between two transactions of an undisturbed run: no state but those.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import xingfu
from analysis.keeping.packed import is_packed, unpack
from survey.store import Store
from tests.tools.hostile import killed_postgres

ROOT = Path(__file__).resolve().parents[3]
STORE = "xingfu.db"
#: what two runs of the same command never have in common: moments, randomness, ciphertext, and the hash of an entry with its
#: moment in it
OWN = {"at", "created_at", "added_at", "saved_at", "kept_at", "token", "mark", "phone", "secret", "data", "chain"}
#: what outsiders must not read, whoever was killed when
PRIVATE = ("xingfu.db*", "demo.db*", ".*.part*", "copy.db*", "keys/xingfu/*", "keys/xingfu/.*")
State = tuple[tuple[str, str], ...]


# ── What a store holds


def where(folder: Path = Path()) -> str:
    """How the store of a folder (else of the current one) is named on the command line: a file there, or an address."""
    return killed_postgres.address(folder) or (str(folder / STORE) if folder != Path() else STORE)


def state(place: Path) -> State:
    """Every row of every table but for what no two runs have in common, nothing where there is no store; raises where the file
    is no sound one.  ``place``: the file, or where one would lie in the folder of a database."""
    url = killed_postgres.address(place.parent)
    if not url and not place.exists():
        return ()
    held = {name: rows for name, *rows in (killed_postgres.tables(url) if url else _of_file(place))}
    columns, rows = held.get("contacts", [[], []])
    keys = sorted({row[columns.index("key_id")] for row in rows})
    kept = tuple((name, _rows(name, *held[name], keys)) for name in held if name != "counters")
    # that of the log by itself: a command that ran twice counted twice there
    _, counters = held.get("counters", [[], []])
    return kept + tuple((f"counter of {name}", str(number)) for name, number in sorted(counters))


def _of_file(place: Path) -> Iterator[tuple[str, list[str], list[tuple[Any, ...]]]]:
    """Name, columns and rows of every table of a SQLite file, which is sound."""
    with closing(sqlite3.connect(place)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        names = [n for (n,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        for name in names:
            found = conn.execute(f'SELECT * FROM "{name}"')
            yield name, [column for column, *_ in found.description], found.fetchall()


def _rows(name: str, columns: Sequence[str], found: Sequence[tuple[Any, ...]], keys: Sequence[str]) -> str:
    own = OWN | ({"name"} if name == "contacts" else set())
    kept = [c for c in columns if c not in own]
    rows = [dict(zip(columns, row, strict=True)) for row in found]
    for row in rows:
        for column in kept:
            if column == "key_id":
                row[column] = keys.index(row[column]) if row[column] in keys else row[column]
            if column == "payload":
                row[column] = _timeless(row[column])
        if name == "audit" and row["action"] == "keys rotate":
            row["subject"] = ""
    return "\n".join(sorted(repr([row[c] for c in kept]) for row in rows))


def _timeless(payload: str) -> str:
    try:
        value = json.loads(unpack(payload).to_json() if is_packed(payload) else payload)
    except ValueError:
        return payload
    if isinstance(value, dict) and "meta" in value:
        value["meta"].pop("computed_at", None)
    return json.dumps(value, sort_keys=True)


def without(found: State, *tables: str) -> State:
    """A state but for some tables: a command that ran twice is twice in the log."""
    return tuple((name, rows) for name, rows in found if name not in tables)


def states_of(run: Callable[[], object], place: Path) -> list[State]:
    """What the store looks like before ``run`` (in this process), after each transaction of it, and at its end."""
    found = [state(place)]
    connection = Store._connection

    @contextmanager
    def looked_at(self: Store, *, writes: bool) -> Iterator[object]:
        with connection(self, writes=writes) as conn:
            yield conn
        if writes:
            found.append(state(place))

    with pytest.MonkeyPatch.context() as here:
        here.setattr(Store, "_connection", looked_at)
        run()
    return [*found, state(place)]


def difference(found: State, wanted: Sequence[State]) -> list[list[str]]:
    """For each wanted state the tables that are otherwise."""
    held = dict(found)
    return [[n for n, rows in one if held.get(n) != rows] for one in wanted]


# ── A command, and its end


@contextmanager
def within(folder: Path) -> Iterator[Path]:
    """This process works in the folder, as a command does that is started there."""
    (folder / "tmp").mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        for name, value in environment(folder).items():
            here.setenv(name, value)
        yield folder


@contextmanager
def copy_of(base: Path, name: str) -> Iterator[Path]:
    """The same folder beside it for one try; it stays where the try fails."""
    folder = base.with_name(name)
    shutil.copytree(base, folder)
    url = killed_postgres.address(base)
    if url:
        killed_postgres.a_database(folder, url)
    try:
        with within(folder):
            yield folder
    finally:
        killed_postgres.drop(folder)
    shutil.rmtree(folder)


@dataclass
class Tally:
    """What came of the kills of one command."""

    name: str
    kills: int = 0
    before: int = 0
    between: int = 0
    after: int = 0
    torn: int = 0
    right: int = 0
    moments: Counter[str] = field(default_factory=Counter)

    def row(self) -> list[object]:
        """Its line in the table that ``make soak`` prints."""
        return [self.name, self.kills, self.before, self.between, self.after, self.torn, self.right]


HEAD = [f"{'kill -9':16}", "kills", "before commit", "between commits", "after commit", "torn", "retried right"]


def table(rows: Sequence[Sequence[object]]) -> list[str]:
    """What came of all kills, a line a command and their sum; empty where nothing was killed."""
    if not rows:
        return []
    sums = [sum(int(str(row[i])) for row in rows) for i in range(1, len(HEAD))]
    return [
        "  ".join(f"{v!s:>{len(h)}}" for v, h in zip(row, HEAD, strict=True)) for row in [HEAD, *rows, ["all", *sums]]
    ]


def command(*words: str) -> list[str]:
    """The words that start the program on the store of the current folder."""
    return [sys.executable, str(ROOT / "xingfu.py"), "--lang", "zh", "--store", where(), *words]


def environment(folder: Path) -> dict[str, str]:
    """An own key, an own folder for what waits; the machine's settings stay out."""
    own = {"TMPDIR": str(folder / "tmp"), "XDG_CONFIG_HOME": str(folder / "keys"), "PYTHONPATH": str(ROOT)}
    kept = {k: v for k, v in os.environ.items() if not k.startswith("XINGFU_")}
    return {**kept, **own}


def start(folder: Path, words: Sequence[str]) -> subprocess.Popen[bytes]:
    """The program at the head of a process group of its own."""
    with open(folder / "said.txt", "wb") as said, open(folder / "told.txt", "wb") as told:
        own = environment(folder)
        return subprocess.Popen(words, cwd=folder, env=own, start_new_session=True, stdout=told, stderr=said)


def finish(folder: Path, words: Sequence[str]) -> tuple[int, str, float]:
    """The same, undisturbed: status, what was said, seconds."""
    begun = time.monotonic()
    status = start(folder, words).wait(900)
    return status, (folder / "said.txt").read_text(encoding="utf-8"), time.monotonic() - begun


def end(program: subprocess.Popen[bytes], folder: Path = Path()) -> bool:
    """``kill -9`` for the program and whatever it started; False where it had ended by itself."""
    alive = program.poll() is None
    if alive:
        os.killpg(program.pid, signal.SIGKILL)
        program.wait(30)
        if url := killed_postgres.address(folder):
            killed_postgres.quiet(url)
    return alive


#: what can be seen from outside of how far a command is
def _store_is_open(folder: Path) -> bool:
    if killed_postgres.address(folder):
        return killed_postgres.doing(folder, "open")
    return (folder / f"{STORE}-shm").exists()


def _is_written(folder: Path) -> bool:
    if killed_postgres.address(folder):
        return killed_postgres.doing(folder, "written")
    try:
        return (folder / f"{STORE}-wal").stat().st_size > 0
    except OSError:
        return False


def _is_read(folder: Path) -> bool:
    return any((folder / "tmp").glob("xingfu-read-*"))


def _has_part(folder: Path) -> bool:
    return any(folder.glob(".*.part")) or any(folder.glob("keys/xingfu/.*.part"))


def _waits(folder: Path) -> bool:
    return any((folder / "tmp").glob("xingfu-upload-*/*/0.bin"))


MOMENTS: dict[str, Callable[[Path], bool]] = {
    "open": _store_is_open,
    "written": _is_written,
    "reading": _is_read,
    "part": _has_part,
    "waiting": _waits,
}


def kill_somewhere(
    folder: Path, words: Sequence[str], moments: Sequence[str], seconds: float, chance: random.Random
) -> str:
    """Start and kill: at a drawn moment of the command's usual ``seconds`` (0: not known), or when one of ``moments`` is seen.

    Returns the moment's name; empty where the command was over first.
    """
    moment = chance.choice(["", *moments] if seconds else list(moments))
    # the first half of the time is the start of an interpreter and its libraries; most is written in the last
    delay = (
        chance.uniform(0.4, 1.05) * seconds
        if not moment
        else chance.choice([0.0, chance.uniform(0, 0.02), chance.uniform(0, 0.2)])
    )
    program = start(folder, words)
    wait_for(lambda: program.poll() is None, moment, folder, delay)
    return (moment or "drawn") if end(program, folder) else ""


def wait_for(busy: Callable[[], bool], moment: str, folder: Path, delay: float) -> None:
    """While it is ``busy``: wait until the moment (empty: now) is seen, and so many seconds more."""
    while moment and busy() and not MOMENTS[moment](folder):
        time.sleep(0.0005)
    until = time.monotonic() + delay
    while busy() and time.monotonic() < until:
        time.sleep(0.0005)


def require_private(folder: Path) -> None:
    """Nothing that holds answers, numbers or keys can be read by others, nor anything that waits."""
    held = [path for pattern in PRIVATE for path in folder.glob(pattern)]
    held += [path for top in (folder / "tmp").glob("xingfu-*") for path in (top, *top.rglob("*"))]
    assert [str(p) for p in held if os.path.lexists(p) and p.lstat().st_mode & 0o077] == []


def require_swept(folder: Path) -> None:
    """After the next command nothing is left of the one that was killed."""
    left = [*(folder / "tmp").glob("xingfu-*"), *folder.rglob("*.part"), *folder.rglob("*.part-*")]
    assert [p.relative_to(folder).as_posix() for p in left] == []


def called(*words: str) -> int:
    """The command in this process, in the current folder."""
    return xingfu.main(["--lang", "zh", "--store", where(), *words])
