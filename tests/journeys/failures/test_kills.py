"""``kill -9`` wherever it strikes: nothing is torn, nothing lies about, what was said is kept, the doctor finds nothing wrong,
and the same command again ends as it should.

Two hundred kills of each engine in ``make soak``, spread over what changes a store or writes files; a handful in ``make test``.
"""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from survey.store import Store
from survey.store.engine import copies
from tests.tools import soak
from tests.tools.hostile import killed_postgres, killed_town
from tests.tools.hostile.killed_town import LOGGED, readable
from tests.tools.stores import kills
from tests.tools.stores.kills import STORE, Tally, called, command, kill_somewhere, state, where, without

base, on_either = killed_town.base, killed_town.on_either

# ── What each command leaves beside the store


def nothing(folder: Path) -> None:
    """The command writes no file."""


def a_copy(folder: Path) -> None:
    """No copy, or a sound one."""
    if (folder / "copy.db").exists():
        copies.counts(folder / "copy.db")


#: three workbooks and the street's, and what the independent check needs
EXPORTED = 4 + 8


def a_set(folder: Path) -> None:
    """No file of the export, or all of them, each whole."""
    out = folder / "out"
    if not out.exists():
        return
    names = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    assert len(names) == EXPORTED, names
    assert {"verify/responses.csv", "verify/verify.R"} <= names
    for path in out.glob("*.xlsx"):
        with zipfile.ZipFile(path) as book:
            assert book.testzip() is None


@dataclass(frozen=True)
class Case:
    """A command to be killed: how often, when, what must be so beside the store, and the status of a second run that
    finds its work done."""

    words: tuple[str, ...]
    kills: int
    moments: tuple[str, ...] = ("open", "written")
    files: Callable[[Path], None] = nothing
    done: int = 0
    before: tuple[tuple[str, ...], ...] = ()
    out: str = ""


CASES = {
    "import .xlsx": Case(("import", "new.xlsx", "--questionnaire", "q"), 20, ("open", "reading", "written"), done=3),
    "import .csv": Case(("import", "new.csv", "--questionnaire", "q"), 20, ("open", "reading", "written"), done=3),
    "undo": Case(("undo", "4"), 16, done=3),
    "redo": Case(("redo", "4"), 16, done=3, before=(("undo", "4"),)),
    "score": Case(("score", "--year", "2014"), 16, before=(("undo", "4"), ("redo", "4"))),
    "export": Case(("export", "--out", "out", "--year", "2014", "--verify"), 16, ("part", "open"), a_set, out="out"),
    "contacts purge": Case(("contacts", "purge", "--year", "2014", "--yes"), 16),
    "keys rotate": Case(("keys", "rotate"), 16, ("open", "written", "part"), readable),
    "cycle step": Case(("cycle", "apply", "2014", "甲社区", "--star", "3"), 16, done=3),
    "backup": Case(("backup", "copy.db"), 8, ("part", "open"), a_copy, done=3, out="copy.db"),
    "restore": Case(
        ("restore", "copy.db"), 8, ("part", "part", "open"), a_copy, done=3, before=(("backup", "copy.db"),), out=STORE
    ),
}


def prepared(case: Case) -> None:
    for words in case.before:
        assert called(*words) == 0
    if case.words[0] == "score":  # what was kept is gone: it has to be computed
        with closing(Store.open(where())) as store, store.write(aside=True) as conn:
            for table in ("current_results", "results"):
                conn.exec_driver_sql(f"DELETE FROM {table}")
    if case.words[0] == "restore":
        for path in Path().glob(f"{STORE}*"):
            path.unlink()


def killed(case: Case, base: Path, name: str, times: int, *, drawn: bool = True) -> Tally:
    """Kill the command so often, each time in a folder of its own; raises AssertionError for what is not as it must be."""
    chance, tally = random.Random(f"{soak.SEED} {name}"), Tally(name)
    with kills.within(base):
        prepared(case)
    with kills.copy_of(base, "reference") as folder:
        whole = kills.states_of(lambda: called(*case.words), folder / STORE)
    seconds = _seconds(case, base, whole[-1]) if drawn else 0.0
    tries = 0
    while tally.kills < times:
        tries += 1
        assert tries <= 4 * times, "the command is over before it is killed"
        with kills.copy_of(base, str(tries)) as folder:
            moment = kill_somewhere(folder, command(*case.words), case.moments, seconds, chance)
            if moment:
                tally.kills += 1
                tally.moments[moment] += 1
                _looked_at(folder, case, whole, tally)
    return tally


def _seconds(case: Case, base: Path, wanted: kills.State) -> float:
    """How long the command takes here, as a program of its own that nobody disturbs."""
    with kills.copy_of(base, "timed") as folder:
        status, said, seconds = kills.finish(folder, command(*case.words))
        assert status == 0, said
        assert state(folder / STORE) == wanted
    return seconds


def _looked_at(folder: Path, case: Case, whole: list[kills.State], tally: Tally) -> None:
    """What must be true after a kill, and of the same command again."""
    found = state(folder / STORE)
    tally.torn += found not in whole
    assert found in whole, (tally, kills.difference(found, whole))
    case.files(folder)
    kills.require_private(folder)
    done = (folder / case.out).exists() if case.out else found != whole[0]
    last = (folder / case.out).exists() if case.out else found == whole[-1]
    told = (folder / "told.txt").read_text(encoding="utf-8")
    assert done or not told, (tally, told)  # a table on standard output says what was done
    if found:
        assert called("doctor") == 0, tally
    tally.after, tally.between, tally.before = (
        tally.after + last,
        tally.between + (done and not last),
        tally.before + (not done),
    )
    status, said, _ = kills.finish(folder, command(*case.words))
    assert status == (case.done if done else 0), (tally, said)
    if status == 3:  # done before; what a first run computes after it is computed when it is wanted
        assert called("score", "--year", "2014") == 0
    again = without(state(folder / STORE), *LOGGED)
    assert again == without(whole[-1], *LOGGED), (tally, kills.difference(again, [without(whole[-1], *LOGGED)]))
    case.files(folder)
    kills.require_private(folder)
    kills.require_swept(folder)
    tally.right += 1


#: which of them ``make test`` kills, and how often
SOME = {"keys rotate": 1}
#: what is not there on PostgreSQL, which has tools of its own for it
FILES_ONLY = {"backup", "restore"}


@pytest.mark.parametrize("name", SOME)
def test_a_killed_command_leaves_nothing_torn_and_is_done_again(base, name):
    tally = killed(CASES[name], base, name, SOME[name], drawn=False)
    assert tally.right == SOME[name]


@pytest.mark.parametrize("name", CASES)
def test_every_command_of_the_soak_ends_undisturbed_as_the_harness_says(base, name):
    """What the soak counts, and the status of a second run, are those of today's program: it is in no gate itself."""
    case = CASES[name]
    with kills.within(base):
        prepared(case)
        assert called(*case.words) == 0
        case.files(base)
        assert (base / case.out).exists() or not case.out
        whole = state(base / STORE)
        assert called(*case.words) == case.done
        if case.done:
            assert without(state(base / STORE), *LOGGED) == without(whole, *LOGGED)
        kills.require_private(base)
        kills.require_swept(base)


@pytest.mark.soak
@pytest.mark.parametrize("name", CASES)
def test_wherever_a_command_is_killed_nothing_is_torn(on_either, name, record_property):
    case = CASES[name]
    served = bool(killed_postgres.address(on_either))
    if served and name in FILES_ONLY:
        return
    tally = killed(case, on_either, f"{name} pg" if served else name, soak.rounds(case.kills))
    record_property("kills", tally.row())
    assert tally.right == tally.kills
