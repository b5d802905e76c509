"""Serving on this machine only, on a port that is free."""

import errno
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from dashboard.accounts import sign_in
from dashboard.serving import server
from survey.core.errors import Refused, Surroundings, WrongUsage
from tests.tools.templates import initialised

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", ""])
def test_a_host_that_others_reach_is_refused_until_there_are_accounts(sqlite_store, host):
    with pytest.raises(Refused) as caught:
        server.serve(sqlite_store, host, 8050, "zh")
    assert f"--host {host}" in caught.value.word("zh")


def test_whoever_is_behind_a_proxy_is_not_alone_either(sqlite_store):
    way = server.Way(proxies=("127.0.0.1",))
    with pytest.raises(Refused) as caught:
        server.serve(sqlite_store, "127.0.0.1", 8050, "zh", way=way)
    assert caught.value.key == "dash_errors.bad_host"
    sign_in.add(sqlite_store, "王芳", "admin", [], "tests")
    assert not server.alone(sqlite_store, "127.0.0.1", way)
    assert server.alone(sqlite_store, "127.0.0.1", server.ALONE)


def test_with_accounts_passwords_travel_in_clear_only_where_that_is_said(sqlite_store):
    sign_in.add(sqlite_store, "王芳", "admin", [], "tests")
    with pytest.raises(Refused) as caught:
        server.serve(sqlite_store, "0.0.0.0", 8050, "zh")
    assert caught.value.key == "dash_errors.in_clear"
    certified = server.Way(certificate=Path("a.crt"), key=Path("a.key"))
    for way in (server.Way(plain=True), certified, server.Way(proxies=("192.0.2.1",))):
        assert not server.alone(sqlite_store, "0.0.0.0", way)
    with pytest.raises(Refused) as missing:
        server.serve(sqlite_store, "0.0.0.0", 8050, "zh", way=certified)
    assert missing.value.key == "dash_errors.tls_unreadable"


@pytest.mark.parametrize("wrong", ["localhost", "10.0.0.0/8"])
def test_a_proxy_is_told_by_its_address(sqlite_store, wrong):
    sign_in.add(sqlite_store, "王芳", "admin", [], "tests")
    with pytest.raises(Refused) as caught:
        server.serve(sqlite_store, way=server.Way(proxies=("127.0.0.1", wrong)))
    assert (caught.value.key, wrong in caught.value.word("en")) == ("dash_errors.bad_proxy", True)


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"certificate": Path("a")}, "half_a_pair"),
        ({"key": Path("a")}, "half_a_pair"),
        ({"proxies": ("192.0.2.1",), "plain": True}, "one_way"),
        ({"certificate": Path("a"), "key": Path("b"), "plain": True}, "one_way"),
        ({"certificate": Path("a"), "key": Path("b"), "proxies": ("192.0.2.1",)}, "one_way"),
    ],
)
def test_there_is_one_way_for_others(given, key):
    with pytest.raises(WrongUsage) as caught:
        server.Way(**given)
    assert caught.value.key == f"dash_errors.{key}"


@pytest.fixture
def taken():
    """A port on which another program listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def port_of(held):
    port = held[0].getsockname()[1]
    server.close(held)
    return port


def test_who_may_move_on_gets_the_next_free_port(taken):
    assert taken < port_of(server.listen("127.0.0.1", taken, move_on=True)) <= taken + server.TRIED


def test_a_port_that_was_named_and_is_taken_is_said_and_nothing_else_is_tried(taken):
    with pytest.raises(Surroundings) as caught:
        server.listen("127.0.0.1", taken, move_on=False)
    assert (caught.value.key, caught.value.status) == ("dash_errors.port_taken", 5)
    assert str(taken) in caught.value.word("zh")


def test_no_free_port_is_said_in_a_sentence(taken, monkeypatch):
    monkeypatch.setattr(server, "TRIED", 1)
    with pytest.raises(Surroundings) as caught:
        server.listen("127.0.0.1", taken, move_on=True)
    assert "--port" in caught.value.word("en")


@pytest.mark.parametrize(
    ("error", "key"),
    [(PermissionError(), "port_denied"), (OSError(errno.EADDRNOTAVAIL, "no such address"), "port_fails")],
    ids=["denied", "no address"],
)
def test_a_port_that_cannot_be_opened_is_said_with_the_reason(monkeypatch, error, key):
    def fails(*_):
        raise error

    monkeypatch.setattr(server, "_bound", fails)
    with pytest.raises(Surroundings) as caught:
        server.listen("127.0.0.1", 8050, move_on=True)
    assert caught.value.key == f"dash_errors.{key}"


def test_a_port_is_free_again_at_once_though_its_last_connection_still_waits_to_end():
    """A server that closes first leaves its side in TIME_WAIT for a minute."""
    held = server.listen("127.0.0.1", 0, move_on=False)
    port = held[0].getsockname()[1]
    with socket.create_connection(("127.0.0.1", port)) as client:
        ours, _ = held[0].accept()
        ours.close()
        server.close(held)
        client.recv(1)
    assert port_of(server.listen("127.0.0.1", port, move_on=False)) == port


def test_two_servers_never_share_a_port():
    held = server.listen("127.0.0.1", 0, move_on=False)
    with pytest.raises(Surroundings):
        server.listen("127.0.0.1", held[0].getsockname()[1], move_on=False)
    server.close(held)


def told(line):
    """The address that ``serve`` prints."""
    return re.search(r"http://\S+?/", line)[0]


def start(folder, *words):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(ROOT / "xingfu.py"), "--lang", "en", *words]
    program = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True)
    for line in program.stderr:
        if "http://" in line:
            return program, told(line)
    program.wait()
    return program, ""


@pytest.mark.slow
def test_the_address_is_told_when_it_answers_and_a_restart_gets_it_back(tmp_path, sqlite_store, taken):
    initialised(sqlite_store)
    port = port_of(server.listen("127.0.0.1", 0, move_on=False))
    words = ("--store", sqlite_store.where, "serve", "--port", str(port))
    for _ in range(2):
        program, address = start(tmp_path, *words)
        assert address == f"http://localhost:{port}/"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:  # at once
            assert answer.status == 200
        program.send_signal(signal.SIGINT)
        program.communicate(timeout=30)
    program, address = start(tmp_path, "--store", sqlite_store.where, "serve", "--port", str(taken))
    assert (program.returncode, address) == (5, "")


@pytest.mark.slow
def test_an_address_of_version_6_stands_in_brackets(tmp_path, sqlite_store):
    initialised(sqlite_store)
    program, address = start(tmp_path, "--store", sqlite_store.where, "serve", "--host", "::1")
    try:
        if program.poll() is None:
            assert re.fullmatch(r"http://\[::1\]:\d+/", address)
            with urllib.request.urlopen(f"{address}healthz") as answer:
                assert answer.status == 200
        else:
            assert program.returncode == 5  # a machine without version 6
    finally:
        program.kill()
        program.communicate()
