"""What the overview weighs on the wire, and how long pages take with twenty people clicking at once.

The server is ours, on 127.0.0.1; the requests are bounded in number and time.
"""

from __future__ import annotations

import csv
import gzip
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path
from typing import Any

from benchmarks.measure import show

ROOT = Path(__file__).resolve().parent.parent
HOST, USERS, REQUESTS = "127.0.0.1", 20, 15
TIMEOUT, READY_WITHIN = 30, 60


class Client:
    """One browser's connection to the server."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT)
        self._cookies: dict[str, str] = {}

    def sign_in(self, name: str, password: str) -> None:
        """As a person does, on the page that asks for it."""
        token = re.search(
            r'name="token" value="([^"]*)"', plain(self._ask("GET", "/sign-in", None, {"Accept": "text/html"}))
        )
        assert token is not None
        said = {"name": name, "password": password, "next": "/", "token": token[1]}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self._ask("POST", "/sign-in", urllib.parse.urlencode(said), form)
        assert "xingfu_session" in self._cookies

    def get(self, path: str) -> bytes:
        """The body as it crosses the wire, compressed."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: Any) -> bytes:
        """The answer to a callback."""
        return self._ask("POST", path, json.dumps(body), {"Content-Type": "application/json"})

    def send(self, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        """The answer to a form with files."""
        return self._ask("POST", path, body, headers)

    def _ask(self, method: str, path: str, body: str | bytes | None, headers: dict[str, str]) -> bytes:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        known = {"Cookie": cookie, "X-CSRFToken": self._cookies.get("xingfu_token", "")} if cookie else {}
        self._connection.request(method, path, body, {"Accept-Encoding": "gzip", **known, **headers})
        answer = self._connection.getresponse()
        data = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self._cookies[key] = rest.partition(";")[0]
        assert answer.status in (200, 302, 303), (method, path, answer.status, data[:300])
        return data


def plain(data: bytes) -> str:
    """A body without its compression."""
    return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8")


def routing(client: Client, path: str, search: str = "") -> dict[str, Any]:
    """The request by which a browser asks for the page at an address."""
    known = json.loads(plain(client.get("/_dash-dependencies")))
    route = next(
        c for c in known if {"url.pathname", "url.search"} <= {f"{i['id']}.{i['property']}" for i in c["inputs"]}
    )
    outputs = re.findall(r"([a-z-]+)\.([a-z-]+)", route["output"].strip("."))
    given = {"pathname": path, "search": search}
    return {
        "output": route["output"],
        "outputs": [{"id": name, "property": prop} for name, prop in outputs],
        "inputs": [{**i, "value": given.get(i["property"])} for i in route["inputs"]],
        "state": [{**i, "value": None} for i in route["state"]],
        "changedPropIds": ["url.pathname"],
    }


def weight(port: int) -> list[tuple[str, float, int]]:
    """Everything the first look at the overview brings over the wire: kind, kB compressed, files."""
    client = Client(port)
    index = client.get("/")
    files = re.findall(r"(?:src|href)=\"(/[^\"]+\.(?:js|css|svg)[^\"]*)\"", plain(index))
    scripts = [len(client.get(name.replace("&amp;", "&"))) for name in dict.fromkeys(files)]
    frame = [len(client.get(name)) for name in ("/_dash-layout", "/_dash-dependencies")]
    page = len(client.post("/_dash-update-component", routing(client, "/")))
    return [
        ("page content (callback)", page / 1000, 1),
        ("frame (index, layout, dependencies)", (len(index) + sum(frame)) / 1000, 3),
        ("scripts and styles, cached after the first visit", sum(scripts) / 1000, len(scripts)),
        ("together", (page + len(index) + sum(frame) + sum(scripts)) / 1000, 4 + len(scripts)),
    ]


def load(port: int, bodies: list[dict[str, Any]]) -> list[float]:
    """Seconds of ``USERS`` x ``REQUESTS`` callbacks, all users at once, one after the other for each."""
    taken: list[float] = []
    failed: list[BaseException] = []

    def user(number: int) -> None:
        try:
            client = Client(port)
            for turn in range(REQUESTS):
                start = time.perf_counter()
                client.post("/_dash-update-component", bodies[(number + turn) % len(bodies)])
                taken.append(time.perf_counter() - start)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=user, args=(number,)) for number in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return taken


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(ROOT / "xingfu.py")]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        subprocess.run([*command, "demo", "--no-serve"], cwd=folder, env=environment, check=True, capture_output=True)
        listing = [*command, "--store", "demo.db", "communities", "list"]
        register = subprocess.run(listing, cwd=folder, env=environment, check=True, capture_output=True, text=True)
        codes = [row["code"] for row in csv.DictReader(register.stdout.splitlines())]
        port = free_port()
        server = subprocess.Popen(
            [*command, "--store", "demo.db", "serve", "--port", str(port)],
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            ready(port)
            _measure(port, codes)
        finally:
            server.terminate()
            server.wait(10)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def ready(port: int) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + READY_WITHIN
    while True:
        try:
            Client(port).get("/")
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _measure(port: int, codes: list[str]) -> None:
    show("Overview over the wire, gzip", ("what", "kB", "files"), weight(port))
    client = Client(port)
    overview = [routing(client, "/", f"?year={year}") for year in (2012, 2013, 2014)]
    community = [routing(client, f"/community/{code}") for code in codes]
    rows = []
    for name, bodies in (("overview", overview), ("community page", community)):
        for body in bodies:
            client.post("/_dash-update-component", body)
        alone = sorted(_seconds(client, bodies[turn % len(bodies)]) for turn in range(20))
        crowd = sorted(load(port, bodies))
        rows.append(
            (
                name,
                1000 * statistics.median(alone),
                1000 * statistics.median(crowd),
                1000 * crowd[int(0.95 * len(crowd))],
            )
        )
    title = f"Page callbacks, {USERS} users x {REQUESTS} requests at once"
    show(title, ("page", "one user, median ms", "20 users, median ms", "20 users, p95 ms"), rows)


def _seconds(client: Client, body: dict[str, Any]) -> float:
    start = time.perf_counter()
    client.post("/_dash-update-component", body)
    return time.perf_counter() - start
