"""What the processes of a server note together: taken in turns, kept as it was left, nothing torn."""

import os
import threading

import pytest

from survey.files.shelf import Shelf


@pytest.fixture(params=["memory", "folder"])
def shelves(request, tmp_path):
    """The shelf as two holders of it see it."""
    if request.param == "memory":
        one = Shelf()
        return one, one
    return Shelf(tmp_path), Shelf(tmp_path)


def test_what_one_notes_the_other_finds(shelves):
    with shelves[0].noted("a") as found:
        found["n"] = [1, 0.5]
    with shelves[1].noted("a") as found:
        assert found == {"n": [1, 0.5]}
        del found["n"]
    for name in ("a", "b"):
        with shelves[0].noted(name) as found:
            assert found == {}


def test_a_hundred_at_once_are_a_hundred(tmp_path):
    def count(shelf):
        for _ in range(25):
            with shelf.noted("n") as found:
                found["n"] = found.get("n", 0) + 1

    threads = [threading.Thread(target=count, args=(Shelf(tmp_path),)) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with Shelf(tmp_path).noted("n") as found:
        assert found == {"n": 100}


def test_a_note_that_its_writer_did_not_finish_is_none(tmp_path):
    with Shelf(tmp_path).noted("王芳") as found:
        found["n"] = 1
    (file,) = tmp_path.iterdir()
    assert "王芳" not in file.name
    assert os.stat(file).st_mode & 0o777 == 0o600
    for torn in ('{"n"', "", "[1]"):
        file.write_text(torn)
        with Shelf(tmp_path).noted("王芳") as found:
            assert found == {}


def test_turns_and_marks(tmp_path):
    one, other = Shelf(tmp_path), Shelf(tmp_path)
    with one.turn("year", wait=True) as mine, other.turn("year", wait=False) as late, other.turn("b", wait=False) as b:
        assert (mine, late, b) == (True, False, True)
    with one.turn("year", wait=False) as mine:
        assert mine
    assert not other.is_marked("renewing")
    with one.marked("renewing"), other.marked("renewing"):
        assert other.is_marked("renewing")
    assert not other.is_marked("renewing")


def test_one_process_waits_for_no_other():
    alone = Shelf()
    with alone.turn("a", wait=True) as mine, alone.turn("a", wait=False) as again, alone.marked("b"):
        assert (mine, again, alone.is_marked("b")) == (True, True, False)
