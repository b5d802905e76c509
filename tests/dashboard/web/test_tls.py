"""TLS of our own: a pair of files that is one, and the limits of connections over it as over any other."""

import socket
import ssl
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from dashboard.serving import server
from dashboard.web import connections, tls
from survey.core import limits
from survey.core.errors import Refused
from tests.dashboard.web.test_connections import HEADS, LARGE, application, judged


def written(folder, name, days=30, passphrase=None):
    """A key and its own certificate, as two files."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(called, called, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    locked = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    certificate, private = folder / f"{name}.crt", folder / f"{name}.key"
    certificate.write_bytes(made.public_bytes(pem))
    private.write_bytes(key.private_bytes(pem, pkcs8, locked))
    return certificate, private


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    return written(tmp_path_factory.mktemp("pair"), "server")


@pytest.fixture
def port(pair):
    """A server over TLS that runs, by its port."""
    held = server.listen("127.0.0.1", 0, move_on=False)
    made = connections.make(application, held, 2, judge=judged, lang="en", secure=tls.context(*pair))
    stop = threading.Event()

    def run():
        while not stop.is_set():
            made.asyncore.loop(timeout=0.05, map=made.map, use_poll=True, count=1)

    thread = threading.Thread(target=run)
    thread.start()
    yield held[0].getsockname()[1]
    stop.set()
    thread.join()
    made.close()


def plain(port):
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def secured(port):
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    return trusting.wrap_socket(plain(port))


def ask(one, path=b"/", more=b"", body=b""):
    """The whole answer to a request, until the other side ends."""
    method = b"POST" if more else b"GET"
    one.sendall(method + b" " + path + b" HTTP/1.1\r\nConnection: close\r\n" + HEADS + more + b"\r\n" + body)
    answer = b""
    while data := one.recv(65_536):
        answer += data
    return answer


def test_requests_and_answers_of_any_size_go_over_tls(port):
    assert ask(secured(port)).endswith(b"got 0")
    assert len(ask(secured(port), b"/large")) > LARGE
    body = b"x" * 3_000_000
    assert ask(secured(port), b"/", b"Content-Length: 3000000\r\n", body).endswith(b"got 3000000")


def test_several_requests_in_one_record_are_all_answered(port):
    with secured(port) as one:
        one.sendall(3 * (b"GET / HTTP/1.1\r\n" + HEADS + b"\r\n"))
        answer = b""
        while answer.count(b"got 0") < 3:
            answer += one.recv(65_536)


def test_a_body_that_is_refused_is_answered_and_the_answer_arrives(port):
    with secured(port) as one:
        one.sendall(b"POST /forbidden HTTP/1.1\r\n" + HEADS + b"Content-Length: 2000000\r\n\r\n" + b"x" * 2_000_000)
        assert one.recv(1000).startswith(b"HTTP/1.1 403")


def test_who_does_not_speak_tls_is_let_go_and_nobody_else(port):
    with plain(port) as one:
        one.sendall(b"GET / HTTP/1.1\r\n" + HEADS + b"\r\n")
        with suppress(ConnectionResetError):  # closed with the request unread
            assert b"HTTP" not in one.recv(1000)
    assert ask(secured(port)).endswith(b"got 0")


def test_a_hundred_that_never_agree_lock_nobody_out(port):
    slow = [plain(port) for _ in range(100)]
    for one in slow[::2]:
        one.sendall(b"\x16\x03\x01")
    begun = time.monotonic()
    assert ask(secured(port)).endswith(b"got 0")
    assert time.monotonic() - begun < 3
    for one in slow:
        one.close()


def test_a_handshake_has_the_time_of_a_head(port, monkeypatch):
    with secured(port) as one:
        one.sendall(b"GET / HTTP/1.1\r\n" + HEADS + b"\r\n")
        answer = b""
        while b"got 0" not in answer:  # both sides agreed before the time is cut: that takes a while on a busy machine
            answer += one.recv(1000)
        monkeypatch.setattr(limits, "HEAD_SECONDS", 0.3)
        one.sendall(b"GET / HT")
        assert b"408" in one.recv(1000)
    with plain(port) as one:
        one.sendall(b"\x16\x03\x01")
        assert one.recv(100) == b""


def test_a_reset_at_any_moment_ends_one_connection_only(port):
    for sent in (b"", b"\x16\x03\x01\x02\x00"):
        one = plain(port)
        one.sendall(sent)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        one.close()
    one = secured(port)
    one.sendall(b"GET /large HTTP/1.1\r\n" + HEADS + b"\r\n")
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    one.close()
    assert ask(secured(port)).endswith(b"got 0")


def test_old_tls_is_not_spoken(pair):
    assert tls.context(*pair).minimum_version == ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("wrong", ["missing", "no pair", "no certificate", "passphrase", "expired", "endless", "large"])
def test_files_that_are_no_pair_are_told_in_a_sentence(tmp_path, pair, wrong):
    certificate, key = pair
    if wrong == "missing":
        key = tmp_path / "nowhere.key"
    elif wrong == "no pair":
        key = written(tmp_path, "other")[1]
    elif wrong == "no certificate":
        certificate = tmp_path / "x.crt"
        certificate.write_text("nothing of the kind")
    elif wrong == "passphrase":
        certificate, key = written(tmp_path, "locked", passphrase=b"secret")
    elif wrong == "endless":
        key = tmp_path / "zero"
        key.symlink_to("/dev/zero")
    elif wrong == "large":
        certificate, key = written(tmp_path, "large")
        with certificate.open("ab") as file:
            file.truncate(2_000_000_000)  # takes no room on the disk, and is not read
    else:
        certificate, key = written(tmp_path, "old", days=-1)
    with pytest.raises(Refused) as caught:
        tls.context(certificate, key)
    keys = {"missing": "tls_unreadable", "expired": "tls_expired"}
    assert caught.value.key == f"dash_errors.{keys.get(wrong, 'tls_no_pair')}"
    assert str(tmp_path) in caught.value.word("en")
