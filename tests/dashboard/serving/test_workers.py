"""Several processes behind one address: they answer the same, know what the others do, come back, and end together."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlencode

import psutil
import pytest

from dashboard.accounts import sign_in
from dashboard.serving import server
from survey.core import limits
from survey.core.errors import WrongUsage
from tests.dashboard.serving.test_server import ROOT, told
from tests.dashboard.web.test_intake import SHOW
from tests.tools.dashboard_tools import answers_csv, small_store

MESSAGE = "/_dash-update-component"
PAGE = {"Accept": "text/html"}
LONG = 60


class Served:
    """A server in a process of its own; ``to(number)`` is a connection that this worker holds."""

    def __init__(self, where, folder, *words):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"}
        line = [sys.executable, str(ROOT / "xingfu.py"), "--lang", "en", "--store", where, "serve", *words]
        start = f"import os,signal,sys; signal.signal(signal.SIGINT,signal.SIG_DFL); os.execv({line[0]!r}, {line!r})"
        self.said = folder / "said"
        with self.said.open("w") as out:
            command = [sys.executable, "-c", start]
            self.program = subprocess.Popen(command, cwd=folder, env=environment, stderr=out, stdout=out)
        until = time.monotonic() + LONG
        while "http://" not in self.said.read_text() and self.program.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        assert self.program.poll() is None, self.said.read_text()
        self.port = int(re.search(r":(\d+)/", told(self.said.read_text()))[1])

    def workers(self):
        """The processes that answer, in the order of their start."""
        return sorted(psutil.Process(self.program.pid).children(), key=lambda one: one.pid)

    @contextmanager
    def to(self, worker):
        """A connection that nobody but this worker can have taken."""
        others = [one for one in self.workers() if one != worker]
        for one in others:
            one.suspend()
        try:
            there = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG)
            there.request("GET", "/healthz")
            assert there.getresponse().read()
        finally:
            for one in others:
                one.resume()
        try:
            yield there
        finally:
            there.close()

    def end(self):
        for one in (*self.workers(), self.program):
            one.kill()
        self.program.wait()


def asked(there, method, path, body=None, **headers):
    there.request(method, path, body, headers)
    answer = there.getresponse()
    return answer.status, answer.read().decode(), answer


def shown(there, path, search=""):
    """What the message of an address gives."""
    inputs = [{**SHOW["inputs"][0], "value": path}, {**SHOW["inputs"][1], "value": search}, SHOW["inputs"][2]]
    status, text, _ = asked(
        there, "POST", MESSAGE, json.dumps({**SHOW, "inputs": inputs}), **{"Content-Type": "application/json"}
    )
    assert status == 200, text
    return text


def stored(there, token):
    """Press the button that stores an upload."""
    _, known, _ = asked(there, "GET", "/_dash-dependencies")
    output = next(d["output"] for d in json.loads(known) if any(i["id"] == "import-commit" for i in d["inputs"]))
    places = [one.rpartition(".") for one in output.strip(".").split("...")]
    clicks = [("import-commit", 1), ("import-confirm", None), ("import-back", None)]
    body = {
        "output": output,
        "outputs": [{"id": at, "property": what} for at, _, what in places],
        "inputs": [{"id": at, "property": "n_clicks", "value": n} for at, n in clicks],
        "state": [
            {"id": "import-token", "property": "data", "value": token},
            {"id": "url", "property": "search", "value": f"?token={token}"},
        ],
        "changedPropIds": ["import-commit.n_clicks"],
    }
    return asked(there, "POST", MESSAGE, json.dumps(body), **{"Content-Type": "application/json"})[:2]


def sent(there, *files):
    """Upload files; returns the token."""
    edge = "edge"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + data + b"\r\n"
        for name, data in files
    ]
    kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    status, text, _ = asked(there, "POST", "/import/upload", b"".join([*parts, f"--{edge}--\r\n".encode()]), **kind)
    assert status == 200, text
    return json.loads(text)["token"]


def waited(until):
    """What ``until`` gives once it is something."""
    end = time.monotonic() + LONG
    while not (found := until()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


@pytest.fixture
def served(where, store, tmp_path):
    small_store(store)
    there = Served(where, tmp_path, "--workers", "2")
    yield there
    there.end()


@pytest.mark.slow
def test_what_one_worker_is_told_the_other_knows(served, store, tmp_path):
    first, second = served.workers()
    with served.to(first) as one, served.to(second) as other:
        # the same page, byte for byte
        assert shown(one, "/help") == shown(other, "/help")
        assert "2 processes answer together" in served.said.read_text()

        # an upload begun on one is looked at and stored on the other, and seen at once by both
        token = sent(other, ("问卷.csv", answers_csv(count=12)))
        waited(lambda: "12 份可入库" in str(json.loads(shown(one, "/import", f"?token={token}&lang=zh"))))
        status, text = stored(other, token)
        assert status == 200, text
        for there in (one, other):
            waited(lambda there=there: "春晖社区" in str(json.loads(shown(there, "/", "?year=2014&lang=zh"))))
        receipt = [str(json.loads(shown(there, "/import", "?batch=1&lang=zh"))) for there in (one, other)]
        assert all("问卷.csv：入库 12 份" in text for text in receipt)

        # wrong passwords are counted together, whoever they reach
        sign_in.add(store, "王芳", "admin", [], "tests")
        answers = []
        for n in range(limits.ATTEMPTS_OF_ACCOUNT + 1):
            there = (one, other)[n % 2]
            _, form, answer = asked(there, "GET", "/sign-in", **PAGE)
            field = re.search(r'name="token" value="([^"]*)"', form)[1]
            cookies = "; ".join(c.split(";")[0] for c in answer.headers.get_all("Set-Cookie") or [])
            typed = urlencode({"name": "王芳", "password": "wrong wrong wrong", "token": field, "next": "/"})
            kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies, **PAGE}
            answers.append(asked(there, "POST", "/sign-in", typed, **kind)[1])
        assert answers[0] != answers[-1]
        assert "15" in answers[-1]
    assert "Traceback" not in served.said.read_text()


@pytest.mark.slow
def test_a_worker_that_is_killed_comes_back_and_what_waits_is_there(served):
    first, second = served.workers()
    with served.to(second) as other:
        token = sent(other, ("问卷.csv", answers_csv(count=12)))
        first.send_signal(signal.SIGKILL)
        assert waited(lambda: "可入库" in str(json.loads(shown(other, "/import", f"?token={token}&lang=zh"))))
        second.send_signal(signal.SIGKILL)
    waited(lambda: {first, second}.isdisjoint(served.workers()) and len(served.workers()) == 2)
    for worker in served.workers():
        with served.to(worker) as there:
            assert asked(there, "GET", "/healthz")[0] == 200
            assert "可入库" in str(json.loads(shown(there, "/import", f"?token={token}&lang=zh")))
    assert served.said.read_text().count("ended unexpectedly (signal 9)") == 2


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_all_end_with_the_one_that_started_them(sqlite_store, tmp_path, how):
    small_store(sqlite_store)
    served = Served(sqlite_store.where, tmp_path, "--workers", "2")
    team = served.workers()
    served.program.send_signal(how)
    served.program.wait(LONG)
    _, left = psutil.wait_procs(team, LONG)
    assert not left
    if how != signal.SIGKILL:
        assert served.program.returncode == 0
        assert not list(tmp_path.glob("xingfu-upload-*"))


SCRIPT = """
import os, sys, time
from dashboard.serving import workers
def work(number, up):
    {work}
try:
    workers.run(2, work, lambda: print("up", flush=True), "en")
except Exception as error:
    print(type(error).__name__, error.key)
"""


@pytest.mark.parametrize(
    ("work", "said"),
    [
        ("raise ValueError", ["Surroundings dash_errors.worker_fails"]),
        ("up()", ["up", "Surroundings dash_errors.worker_fails"]),
    ],
    ids=["before they answer", "whenever they are started"],
)
def test_workers_that_end_at_once_are_not_started_for_ever(work, said):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(work=work)], env=environment, capture_output=True, text=True, timeout=LONG
    )
    assert done.stdout.split("\n")[:-1] == said


def test_where_processes_cannot_be_forked_it_is_said_in_one_sentence(sqlite_store, monkeypatch):
    monkeypatch.delattr(os, "fork")
    with pytest.raises(WrongUsage) as caught:
        server.serve(sqlite_store, workers=2)
    assert caught.value.key == "dash_errors.no_workers"
    for lang in ("zh", "en"):
        assert "--workers" in caught.value.word(lang)


@pytest.mark.parametrize("given", ["0", "-1", "99", "two"])
def test_a_number_that_is_none_is_said_in_one_sentence(given, tmp_path, sqlite_store):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    line = [sys.executable, str(ROOT / "xingfu.py"), "--lang", "en", "--store", sqlite_store.where]
    done = subprocess.run(
        [*line, "serve", "--workers", given], env=environment, capture_output=True, text=True, timeout=LONG
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "--workers" in done.stderr
    assert str(limits.WORKERS if given == "99" else given) in done.stderr
