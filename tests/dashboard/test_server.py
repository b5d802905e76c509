"""Serving on this machine only, on a port that is free."""

import socket

import pytest

from dashboard import server
from survey.core.errors import Refused, Surroundings


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", ""])
def test_a_host_that_others_reach_is_refused_until_there_are_accounts(host):
    with pytest.raises(Refused) as caught:
        server.serve(None, host, 8050, "zh")
    assert f"--host {host}" in caught.value.word("zh")


def test_the_next_free_port_is_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < server.free_port(port) <= port + server.TRIED


def test_no_free_port_is_said_in_a_sentence(monkeypatch):
    monkeypatch.setattr(server, "TRIED", 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Surroundings) as caught:
            server.free_port(taken.getsockname()[1])
    assert "--port" in caught.value.word("en")
