"""Twelve signed-in clerks who save while one imports 20,000 rows after the other; what signing in and the role check cost."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path
from typing import Any

from flask import Flask

from analysis.publication.new_store import initialise
from analysis.scheme import default_scheme
from benchmarks.bench_dashboard import HOST, free_port, plain
from benchmarks.bench_intake import COLUMNS, ROOT, delimited, fill, form_of, table
from benchmarks.measure import cpu_seconds, show
from dashboard.accounts import identity, passwords, sign_in
from dashboard.web.access import may
from survey.coding.options import ImportOptions
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import batches
from survey.store.year import indicators

CLERKS, ROWS, YEAR, SECONDS, THINKS = 12, 20_000, 2014, 300.0, 1.0
PASSWORD = "好记的一句话，够长了"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Clerk:
    """One person who signs in and fills in one value after the other of one community."""

    def __init__(self, port: int, number: int) -> None:
        self.number, self.saved, self.taken, self.failed = number, 0, list[float](), list[str]()
        self._connection = http.client.HTTPConnection(HOST, port, timeout=60)
        self._cookies: dict[str, str] = {}
        html = plain(self._ask("GET", "/sign-in", None, {"Accept": "text/html"}))
        token = re.search(r'name="token" value="([^"]*)"', html)
        assert token is not None
        said = {"name": f"clerk{number}", "password": PASSWORD, "next": "/", "token": token[1]}
        self._ask("POST", "/sign-in", urllib.parse.urlencode(said), _FORM)
        assert "xingfu_session" in self._cookies
        known = json.loads(plain(self._ask("GET", "/_dash-dependencies", None, {})))
        self._save = next(c for c in known if any('"entry-save"' in i["id"] for i in c["inputs"]))
        self._codes = [i.code for i in default_scheme().scored_indicators]

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> bytes:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        sent = {"Cookie": cookie, "X-CSRFToken": self._cookies.get("xingfu_token", ""), **headers}
        self._connection.request(method, path, body, sent)
        answer = self._connection.getresponse()
        data = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self._cookies[key] = rest.partition(";")[0]
        if answer.status not in (200, 302, 303):
            raise RuntimeError(f"{path}: {answer.status} {data[:200]!r}")
        return data

    def save(self) -> None:
        """One value, as the page sends it."""
        outputs = [part.rpartition(".") for part in self._save["output"].strip(".").split("...")]
        at = f"C{self.number:03d}~{self._codes[self.saved % len(self._codes)]}"
        text = f"clerk{self.number}-{self.saved}"
        value = {"then": "stay", "type": "entry-save"}

        def field(kind: str, name: str, prop: str, said: Any) -> dict[str, Any]:
            return {"id": {"type": kind, "name": name}, "property": prop, "value": said}

        body = {
            "output": self._save["output"],
            "outputs": [{"id": i, "property": p} for i, _, p in outputs],
            "changedPropIds": [json.dumps(value, sort_keys=True, separators=(",", ":")) + ".n_clicks"],
            "inputs": [[{"id": value, "property": "n_clicks", "value": 1}]],
            "state": [
                [field("entry-field", "evidence", "value", text)],
                [field("entry-check", "exempt", "checked", True)],
                {"id": "entry-at", "property": "data", "value": {"at": at, "year": YEAR, "after": ""}},
                {"id": "url", "property": "search", "value": f"?year={YEAR}"},
            ],
        }
        start = time.perf_counter()
        answer = plain(
            self._ask("POST", "/_dash-update-component", json.dumps(body), {"Content-Type": "application/json"})
        )
        self.taken.append(time.perf_counter() - start)
        if '"refresh"' not in answer:
            raise RuntimeError(answer[:300])
        self.saved += 1

    def run(self, done: threading.Event) -> None:
        """Save until it is over; what fails is kept."""
        while not done.is_set():
            try:
                self.save()
            except Exception as error:
                self.failed.append(str(error)[:200])
            done.wait(THINKS)


def main(seconds: float = SECONDS) -> None:
    form = form_of(COLUMNS)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "bench.db"
        store = Store.open(place, create=True)
        initialise(store)
        fill(store, form)
        before = delimited(table(form, True, 1_000, prefix="B"))
        commit(store, inspect(store, "before.csv", before, ImportOptions(questionnaire="bench", year=YEAR)))
        sign_in.choose(store, "admin", sign_in.add(store, "admin", "admin", (), "bench"), PASSWORD, "")
        for n in range(CLERKS):
            name, scopes = f"clerk{n}", [("community", f"C{n:03d}")]
            sign_in.choose(store, name, sign_in.add(store, name, "clerk", scopes, "bench"), PASSWORD, "")
        _alone(store)
        port = free_port()
        command = [sys.executable, str(ROOT / "xingfu.py"), "--store", str(place)]
        server = subprocess.Popen(
            [*command, "serve", "--port", str(port)], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            _answers(port)
            clerks, imported = _together(port, seconds, command, Path(folder), form)
        finally:
            server.terminate()
            server.wait(10)
        with store.read() as conn:
            kept = set(indicators.history(conn, YEAR)["evidence"])
            stored = [b.counts["stored"] for b in batches.listing(conn) if str(b.file).startswith("more")]
        store.close()
    lost = [f"clerk{c.number}-{n}" for c in clerks for n in range(c.saved) if f"clerk{c.number}-{n}" not in kept]
    failed = [why for c in clerks for why in c.failed]
    taken = sorted(t for c in clerks for t in c.taken)
    show(
        f"{CLERKS} clerks saving for {seconds:.0f} s, {imported} imports of {ROWS:,} rows meanwhile",
        ("saves", "errors", "lost", "median s", "p95 s (aim 2)", "longest s", "rows imported"),
        [
            (
                len(taken),
                len(failed),
                len(lost),
                taken[len(taken) // 2],
                taken[int(0.95 * len(taken))],
                taken[-1],
                sum(map(int, stored)),
            )
        ],
    )
    assert not lost, lost[:5]
    assert not failed, failed[:5]
    assert stored == [ROWS] * imported, stored


def _alone(store: Store) -> None:
    """CPU of one password looked at, and of telling who asks and what they may."""
    hashed = passwords.hashed(PASSWORD)
    session = sign_in.sign_in(store, "clerk0", PASSWORD, "")
    app, told = Flask(__name__), identity.identify(store, alone=False)

    def asked() -> None:
        with app.test_request_context("/", headers={"Cookie": f"{identity.COOKIE_SESSION}={session}"}) as context:
            who = told(context.request)
            assert who is not None
            assert may(who, "see", "C000", YEAR)

    show(
        "Signing in and the role check, CPU",
        ("what", "ms"),
        [
            ("a password looked at (aim 300)", 1000 * cpu_seconds(lambda: passwords.fits(hashed, PASSWORD))),
            ("who asks and what they may, a request", 1000 * cpu_seconds(lambda: [asked() for _ in range(50)]) / 50),
        ],
    )


def _answers(port: int) -> None:
    """Wait for the server; it asks whoever comes to sign in."""
    end = time.monotonic() + 60
    while True:
        try:
            connection = http.client.HTTPConnection(HOST, port, timeout=10)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _together(port: int, seconds: float, command: list[str], folder: Path, form: Any) -> tuple[list[Clerk], int]:
    clerks, done = [Clerk(port, n) for n in range(CLERKS)], threading.Event()
    threads = [threading.Thread(target=clerk.run, args=(done,)) for clerk in clerks]
    for thread in threads:
        thread.start()
    end, imported = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        file = folder / f"more{imported}.csv"
        file.write_bytes(delimited(table(form, True, ROWS, prefix=f"M{imported}-")))
        words = ["import", str(file), "--questionnaire", "bench", "--year", str(YEAR)]
        subprocess.run([*command, *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        imported += 1
    done.set()
    for thread in threads:
        thread.join()
    return clerks, imported
