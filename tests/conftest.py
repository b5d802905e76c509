"""Fixtures that several test files share."""

from __future__ import annotations

import gc
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

# as the command does, and before anything brings numpy in: on small matrices the threads of OpenBLAS cost more than the work
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from hypothesis import is_hypothesis_test, settings

from survey.files import read
from survey.files.readers import reading_process
from survey.store import Store
from tests.tools import needs, soak, templates
from tests.tools.hostile import warm_reader
from tests.tools.stores import kills, postgres

# where nothing else is said; in CI the same examples every time
settings.register_profile("usual", soak.examples(30, derandomize=os.environ.get("CI") == "true" and not soak.TIMES))
settings.load_profile("usual")
_numbers = itertools.count(1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What draws examples is a property, which ``make soak`` tries on many more."""
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker("property")


def pytest_collection_finish() -> None:
    """What is imported by now stays: the collector need not look at it after every test again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if soak.TIMES:
        terminalreporter.write_line(soak.told())
    lines = [
        value
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == "kills"
    ]
    for line in kills.table(lines):
        terminalreporter.write_line(line)


@pytest.fixture(autouse=True)
def _read_in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in a child process; tests of what is read go without, those marked ``apart`` with it, and those marked
    ``warm`` with one that need not start."""
    if request.node.get_closest_marker("apart") is not None:
        return
    if request.node.get_closest_marker("warm") is not None and hasattr(os, "fork"):
        monkeypatch.setattr(reading_process, "subprocess", warm_reader)
    else:
        monkeypatch.setattr(read, "apart", False)


@pytest.fixture(autouse=True)
def no_key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees, or makes, a key of the person who runs it."""
    for name in ("XINGFU_KEY", "XINGFU_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path_factory.getbasetemp() / f"config{next(_numbers)}"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgres.Server]:
    """A private PostgreSQL server, one a session (and worker)."""
    needs.need(needs.no_postgresql())
    folder = postgres.programs()
    assert folder is not None
    with postgres.server(folder) as server:
        yield server


@pytest.fixture(scope="session")
def made_postgresql(postgresql: postgres.Server) -> postgres.Server:
    """The server with a database ``made``, an empty store that others are copies of."""
    postgresql.execute("CREATE DATABASE made TEMPLATE template0")
    Store.open(postgresql.url("made"), create=True).close()
    return postgresql


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database: a path that is free or an empty one of PostgreSQL, a copy of ``made`` for ``store``."""
    if request.param == "sqlite":
        yield str(tmp_path / "store.db")
        return
    wanted = "made" if "store" in request.fixturenames else "template0"
    server: postgres.Server = request.getfixturevalue("made_postgresql" if wanted == "made" else "postgresql")
    name = f"test_{next(_numbers)}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE {wanted}")
    yield server.url(name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    """An empty store, on both databases."""
    opened = Store.open(where) if "://" in where else templates.empty_store(Path(where))
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """An empty store in a file, for tests that are not about the database."""
    opened = templates.empty_store(tmp_path / "store.db")
    yield opened
    opened.close()
