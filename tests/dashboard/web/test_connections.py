"""Who trickles, announces too much or does not fetch its answer keeps nobody else out."""

import socket
import threading
import time

import pytest

from dashboard.serving import server
from dashboard.web import connections
from survey.core import limits

HEADS = b"Host: localhost\r\n"
LARGE = 4_000_000


def application(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] == "/said":
        return [environ.get("HTTP_X_FORWARDED_PROTO", "nothing").encode()]
    return [b"x" * LARGE if environ["PATH_INFO"] == "/large" else b"got %d" % len(body)]


def judged(environ):
    return (403 if environ["PATH_INFO"] == "/forbidden" else 0), 30_000_000


@pytest.fixture
def port():
    """A server that runs, by its port."""
    held = server.listen("127.0.0.1", 0, move_on=False)
    made = connections.make(application, held, 2, judge=judged, lang="en")
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


class Client:
    """One connection to the server."""

    def __init__(self, port, sent=b""):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.send(sent)

    def send(self, data):
        """Send; whether the other side still takes it."""
        try:
            self.socket.sendall(data)
        except OSError:
            return False
        return True

    def status(self):
        """The status of the answer; 0 where the connection ends without one."""
        try:
            answer = self.socket.recv(200)
        except ConnectionError:
            return 0
        return int(answer.split()[1]) if answer else 0


def get(port, path=b"/"):
    with Client(port, b"GET " + path + b" HTTP/1.1\r\nConnection: close\r\n" + HEADS + b"\r\n").socket as one:
        return int(one.recv(100).split()[1])


def post(port, path, length, sent=b""):
    return Client(port, b"POST " + path + b" HTTP/1.1\r\n" + HEADS + b"Content-Length: %d\r\n\r\n" % length + sent)


def test_a_hundred_that_trickle_lock_nobody_out(port):
    slow = [Client(port, b"GET / HTTP/1.1\r\nHo") for _ in range(100)]
    begun = time.monotonic()
    assert get(port) == 200
    assert time.monotonic() - begun < 2
    assert sum(one.send(b"s") and one.send(b"t") for one in slow) <= 100
    slow += [Client(port) for _ in range(100)]
    assert get(port) == 200


def test_a_body_that_is_refused_is_answered_before_it_is_sent_and_the_answer_arrives(port):
    one = post(port, b"/forbidden", 2**30)
    assert one.status() == 403
    two = post(port, b"/forbidden", 2_000_000)
    two.send(b"x" * 2_000_000)  # all of it, as a browser does, before it looks for the answer
    assert two.status() == 403


def test_what_a_proxy_says_of_a_request_reaches_whoever_judges_of_it(port):
    more = b"X-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.1\r\nConnection: close\r\n\r\n"
    answer = b""
    with Client(port, b"GET /said HTTP/1.1\r\n" + HEADS + more).socket as one:
        while data := one.recv(1000):
            answer += data
    assert answer.endswith(b"https")


def test_a_body_that_may_come_arrives_whole(port):
    one = post(port, b"/", 3_000_000)
    one.send(b"x" * 3_000_000)
    answer = b""
    while b"got" not in answer:
        answer += one.socket.recv(1000)
    assert answer.endswith(b"got 3000000")


def test_who_waits_for_leave_to_send_is_answered(port):
    expect = b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"
    one = Client(port, b"POST / HTTP/1.1\r\n" + HEADS + expect)
    assert one.status() == 100
    one.send(b"12345")
    assert one.status() == 200
    assert Client(port, b"POST /forbidden HTTP/1.1\r\n" + HEADS + expect).status() == 403


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHo"], ids=["nothing", "half a head"])
def test_who_says_nothing_is_let_go(port, monkeypatch, sent):
    monkeypatch.setattr(limits, "HEAD_SECONDS", 0.5)
    monkeypatch.setattr(limits, "IDLE_SECONDS", 0.5)
    assert Client(port, sent).status() == (408 if sent else 0)


def test_a_head_that_gets_a_byte_now_and_then_has_no_more_time(port, monkeypatch):
    monkeypatch.setattr(limits, "HEAD_SECONDS", 1.0)
    one, begun = Client(port, b"GET /"), time.monotonic()
    one.socket.settimeout(0.2)
    answer = b""
    while not answer and time.monotonic() - begun < 8:
        one.send(b"a")
        try:
            answer = one.socket.recv(100)
        except TimeoutError:
            continue
    assert answer.split()[1] == b"408"


def test_a_body_that_trickles_is_given_up(port, monkeypatch):
    monkeypatch.setattr(limits, "PACE_AFTER_SECONDS", 0.5)
    assert post(port, b"/", 1000, b"x").status() == 408


def test_an_answer_that_nobody_fetches_is_given_up(port, monkeypatch):
    monkeypatch.setattr(limits, "PACE_AFTER_SECONDS", 0.5)
    monkeypatch.setattr(limits, "PACE_BYTES", 10**9)
    many = b"GET /large HTTP/1.1\r\n" + HEADS + b"\r\n"
    greedy = [Client(port, many * 20) for _ in range(4)]  # more than both threads can write without being read
    time.sleep(3)
    assert get(port) == 200
    for one in greedy:
        one.socket.close()


def test_a_connection_that_is_used_again_and_again_stays(port, monkeypatch):
    monkeypatch.setattr(limits, "HEAD_SECONDS", 1.0)
    monkeypatch.setattr(limits, "IDLE_SECONDS", 3.0)
    monkeypatch.setattr(limits, "PACE_AFTER_SECONDS", 1.0)
    one = Client(port)
    for _ in range(8):
        one.send(b"GET / HTTP/1.1\r\n" + HEADS + b"\r\n")
        answer = b""
        while not answer.endswith(b"got 0"):
            more = one.socket.recv(1000)
            assert more
            answer += more
        time.sleep(0.5)


def test_no_more_comes_in_at_once_than_there_is_room_for(port, monkeypatch):
    monkeypatch.setattr(limits, "ARRIVING_BYTES", 1_000_000)
    first = post(port, b"/", 800_000, b"x")
    time.sleep(0.2)
    assert post(port, b"/", 300_000).status() == 503
    assert get(port) == 200
    first.send(b"x" * 799_999)
    assert first.status() == 200
    time.sleep(0.2)  # the answer is there before the request is put away
    again = post(port, b"/", 300_000, b"x" * 300_000)
    assert again.status() == 200


def test_where_everybody_is_at_work_the_new_one_goes(port, monkeypatch):
    monkeypatch.setattr(limits, "CONNECTIONS", 3)
    held = [post(port, b"/", 1000, b"x") for _ in range(3)]
    time.sleep(0.2)
    assert Client(port).status() == 0
    for one in held:
        one.send(b"x" * 999)
        assert one.status() == 200
