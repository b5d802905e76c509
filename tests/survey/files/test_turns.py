"""So many at once, the others in the order in which they came."""

import threading
import time

import pytest

from survey.files.turns import Turns


def until(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_no_more_than_so_many_run_and_who_came_first_goes_first():
    turns, go, inside, came, most = Turns(lambda: 2), threading.Event(), [], [], []

    def work(number):
        with turns.one():
            inside.append(number)
            came.append(number)
            most.append(len(inside))
            go.wait(20)
            inside.remove(number)

    threads = []
    for number in range(8):
        threads.append(threading.Thread(target=work, args=(number,)))
        threads[-1].start()
        until(lambda n=number: len(came) == n + 1 if n < 2 else len(turns._waiting) == n - 1)
    assert came == [0, 1]
    go.set()
    for thread in threads:
        thread.join(20)
    assert max(most) == 2
    assert sorted(came) == list(range(8))
    assert all(abs(place - number) <= 1 for place, number in enumerate(came))  # two that run at once may swap


def test_a_turn_ends_with_a_failure_too():
    turns = Turns(lambda: 1)
    for _ in range(3):
        with pytest.raises(ValueError, match="lost"), turns.one():
            raise ValueError("lost")
    with turns.one():
        pass


def test_nobody_is_kept_out_for_good():
    turns = Turns(lambda: 0)
    with turns.one():
        pass
