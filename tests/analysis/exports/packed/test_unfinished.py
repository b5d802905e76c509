"""An interrupted run is gone on with from what is there; other numbers begin anew; nothing is half-written under the name."""

import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from analysis.exports.packed.unfinished import mark_of, write_parts
from survey.core import progress
from survey.core.errors import Refused, Surroundings
from tests.tools.towns.fake_results import fake_results

WHEN = datetime(2014, 3, 9, tzinfo=UTC)


class Desk:
    """Parts that count how often they are made, and stop at one of them."""

    def __init__(self, n=6, stop=None, how=KeyboardInterrupt):
        self.made, self.stop, self.how = [], stop, how
        self.parts = [(f"p{i}.txt", partial(self.make, i)) for i in range(n)]

    def make(self, i):
        if i == self.stop:
            raise self.how
        self.made.append(i)
        return f"paper {i}".encode()


def write(out: Path, desk: Desk, mark="one", **more):
    return write_parts(out, desk.parts, WHEN, mark, **more)


@pytest.mark.parametrize("name", ["all.zip", "all"])
def test_an_interrupted_run_goes_on_from_what_is_there(tmp_path, name):
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / name, Desk(stop=4))
    assert not (tmp_path / name).exists()
    heard, second = [], Desk()
    with progress.listening(heard.append):
        write(tmp_path / name, second)
    assert second.made == [4, 5]
    assert [(s.name, s.done, s.total) for s in heard] == [("writing", d, 6) for d in (4, 5, 6)]
    whole = write(tmp_path / f"again_{name}", Desk())
    for one, other in zip(write(tmp_path / name, Desk()), whole, strict=True):
        assert one.read_bytes() == other.read_bytes()
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_what_is_torn_is_not_taken_for_whole(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "all.zip", Desk(stop=4))
    [left] = tmp_path.glob(".all.zip.*.unfinished")
    assert sorted(p.name for p in left.iterdir()) == [f"{i:06d}" for i in range(4)]
    (left / ".000004.99999999.part").write_bytes(b"pap")
    [path] = write(tmp_path / "all.zip", Desk())
    assert zipfile.ZipFile(path).read("p4.txt") == b"paper 4"


def test_other_numbers_begin_anew_and_what_was_left_goes(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "all.zip", Desk(stop=4))
    desk = Desk()
    write(tmp_path / "all.zip", desk, mark="two")
    assert desk.made == [*range(6)]
    assert [p.name for p in tmp_path.iterdir()] == ["all.zip"]


@pytest.mark.parametrize(
    "how", [Refused("export.no_results", year=2014), Surroundings("disk.cannot_write", path="x", reason="y")]
)
def test_what_can_not_be_finished_leaves_nothing(tmp_path, how):
    with pytest.raises(type(how)):
        write(tmp_path / "all.zip", Desk(stop=3, how=how))
    assert not list(tmp_path.iterdir())


def test_single_responses_never_lie_about_and_are_private(tmp_path):
    beside = [("responses/q.csv", b"secret")]
    [path] = write(tmp_path / "all.zip", Desk(), beside=beside)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "set", Desk(stop=2), beside=beside)
    assert not [p for p in tmp_path.rglob("*") if p.is_file() and b"secret" in p.read_bytes() and p != path]
    found = write(tmp_path / "set", Desk(), beside=beside)
    assert found[-1].stat().st_mode & 0o777 == 0o600


def test_a_place_that_can_not_be_written_is_one_sentence_and_keeps_what_was_there(tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(Surroundings):
        write(tmp_path / "file" / "all.zip", Desk())
    assert (tmp_path / "file").read_bytes() == b"old"


def test_the_mark_is_of_all_numbers_and_of_what_else_is_said():
    found = fake_results(2014)
    other = replace(found, scores=found.scores.assign(total=found.scores["total"] + 1))
    again = replace(found, meta={**found.meta, "computed_at": "2015-01-01T00:00:00+08:00"})
    marks = {mark_of([found], "zh"), mark_of([found], "en"), mark_of([other], "zh"), mark_of([again], "zh")}
    assert len(marks) == 4
    assert mark_of([found], "zh") == mark_of([fake_results(2014)], "zh")
