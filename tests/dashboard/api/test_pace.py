"""So many questions within a minute, then none until it is over; each reader for itself."""

import threading

from dashboard.api.pace import Pace
from survey.core import limits


def test_so_many_within_the_window_then_none_until_it_is_over(monkeypatch):
    monkeypatch.setattr(limits, "API_REQUESTS", 3)
    now = [100.0]
    pace = Pace(lambda: now[0])
    assert [pace.wait("a") for _ in range(4)] == [0, 0, 0, limits.API_SECONDS]
    assert pace.wait("b") == 0
    now[0] += limits.API_SECONDS - 10
    assert pace.wait("a") == 10
    now[0] += 10
    assert pace.wait("a") == 0


def test_who_has_gone_is_forgotten(monkeypatch):
    now = [0.0]
    pace = Pace(lambda: now[0])
    for n in range(50):
        pace.wait(str(n))
    now[0] = limits.API_SECONDS
    pace.wait("0")
    assert pace.readers() == 1


def test_many_at_once_are_no_more_than_the_limit(monkeypatch):
    monkeypatch.setattr(limits, "API_REQUESTS", 50)
    pace, let = Pace(lambda: 0.0), []
    threads = [threading.Thread(target=lambda: let.append([pace.wait("a") for _ in range(20)])) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(wait == 0 for waits in let for wait in waits) == 50
