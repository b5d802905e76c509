"""With SOURCE_DATE_EPOCH set whatever pages offer and commands write is the same bytes when it is taken again.

Held for one of everything here, for all of it in two processes, whose sets have another order, in ``make soak``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from werkzeug.routing import Map, Rule

from dashboard.routes import Number
from survey.store import keyring
from tests.dashboard.test_app_names import FILES as RULES
from tests.tools.stores import written_files
from tests.tools.stores.written_files import CODE, FILES, NEVER_THE_SAME, RUNS, TABLES, Pages, of_commands, prepared

ROOT = Path(__file__).resolve().parents[4]
#: what takes longest, and that the tests beside its own module take twice
ELSEWHERE = ("/download/archive", "/download/letters", "/download/diagnoses", "/download/year", "/download/check")
#: without an address of its own on a page: the record, which tells of each that was taken; a picture of a document, as it lies there;
#: the short form of another; what is made beside the request, which soaks
NOT_OFFERED = {"/download/audit", "/download/picture/<name>", "/download/template", "/download/packed/<kind>"}
#: commands that ``test_every_export.py`` and the test of the pack take twice; those of the short run: the others go through the same writers
BESIDE = ("export", "archive")
SHORT = ("score", "estimate", "lift", "awards show", "words count", "tasks list", *FILES)


@pytest.fixture(scope="module")
def key() -> str:
    return keyring.new_key().written()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, key: str) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XINGFU_KEY", key)
        return prepared(tmp_path_factory.mktemp("bytes"))


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1400000000")
    monkeypatch.setenv("XINGFU_KEY", key)


def differing(first: dict[str, str], second: dict[str, str]) -> list[str]:
    assert first.keys() == second.keys()
    return [name for name in first if first[name] != second[name]]


def test_what_a_page_offers_is_there_and_the_same_again(place):
    pages = Pages(place)
    with closing(pages.store):
        offered = [address for address in pages.offered(2014) if not address.startswith(ELSEWHERE)]
        offered.append(f"/download/notice/{CODE}?year=2013")  # only where there is a title
        first = pages.fetched(offered)
        assert differing(first, pages.fetched(offered)) == []
    known = Map([Rule(rule, endpoint=rule) for rule in RULES], converters={"int": Number}).bind("x")
    reached = {str(known.match(address.partition("?")[0])[0]) for address in first}
    assert set(RULES) - reached - set(ELSEWHERE) == NOT_OFFERED


def test_every_command_that_writes_a_file_is_among_those_that_are_tried():
    assert written_files.that_write() == {*TABLES, *FILES, *NEVER_THE_SAME}


def test_what_commands_write_is_the_same_again(place):
    names = [name for name in SHORT if name not in BESIDE]
    first = of_commands(place, names, whole=False)
    assert len(first) > 40
    assert differing(first, of_commands(place, names, whole=False)) == []


@pytest.mark.soak
@pytest.mark.parametrize("run", RUNS)
def test_another_process_gives_the_same_bytes(place, tmp_path, run):
    own = Path(shutil.copy2(place, tmp_path / "own.db"))
    first = RUNS[run](own)
    command = [sys.executable, "-m", "tests.tools.stores.written_files", run, str(own)]
    done = subprocess.run(
        command, capture_output=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "2011"}, check=True
    )
    assert len(first) > 200
    assert differing(first, json.loads(done.stdout.decode().splitlines()[-1])) == []
