"""Four uploads of 100,000 rows at once into a real server while two people read: nothing lost, and how long each waits."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analysis.publication.new_store import initialise
from benchmarks.bench_dashboard import HOST, Client, plain, ready, routing
from benchmarks.bench_intake import COLUMNS, MANY, ROOT, fill, form_of, table, workbook
from benchmarks.measure import megabytes, show
from survey.coding.options import ImportOptions
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.intake import batches, responses

UPLOADS, READERS, THINKS, WITHIN = 4, 2, 0.2, 180.0
_UPDATE = "/_dash-update-component"


class Waits:
    """Seconds that every request took, by who asked for what; the first failure ends all."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = {}
        self.failed: list[BaseException] = []
        self._lock = threading.Lock()

    @contextmanager
    def of(self, what: str) -> Iterator[None]:
        """Measure the block."""
        start = time.perf_counter()
        yield
        with self._lock:
            self.taken.setdefault(what, []).append(time.perf_counter() - start)


class Importer:
    """One person who drops a file, waits for its check, and stores it, as the page does."""

    def __init__(self, port: int, number: int, data: bytes, waits: Waits) -> None:
        self._client, self._port, self._waits = Client(port), port, waits
        self._file, self._data = f"upload{number}.xlsx", data

    def run(self) -> None:
        """From the drop to the receipt."""
        with self._waits.of("importer: upload answered"):
            token = self._upload()
        page = self._until(token, lambda text: "import-commit" in text)
        assert '"import-stages"' not in page
        with self._waits.of("importer: storing answered"):
            answer = self._commit(token)
        if "batch=" not in answer:
            self._until(token, lambda text: "receipt-lines" in text or '"receipt"' in text)

    def _upload(self) -> str:
        edge = "xingfu-benchmark"
        fields = {"kind": "answers", "questionnaire": "bench", "year": "2014"}
        head = "".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()
        )
        head += f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{self._file}"\r\n\r\n'
        body = head.encode() + self._data + f"\r\n--{edge}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return str(json.loads(plain(self._client.send("/import/upload", body, kind)))["token"])

    def _until(self, token: str, reached: Any) -> str:
        end = time.monotonic() + WITHIN
        while time.monotonic() < end:
            with self._waits.of("importer: page"):
                text = plain(self._client.post(_UPDATE, routing(self._client, "/import", f"?token={token}")))
            assert "sideUpdate" not in text, text[:300]
            if reached(text):
                return text
            time.sleep(0.7)
        raise TimeoutError(text[:500])

    def _commit(self, token: str) -> str:
        known = json.loads(plain(self._client.get("/_dash-dependencies")))
        one = next(c for c in known if any(i["id"] == "import-commit" for i in c["inputs"]))
        outputs = [{"id": i, "property": p} for i, p in re.findall(r"([a-z-]+)\.([a-z-]+)", one["output"].strip("."))]
        given = {"import-commit": 1, "import-token": token, "url": f"?token={token}"}
        return plain(
            self._client.post(
                _UPDATE,
                {
                    "output": one["output"],
                    "outputs": outputs,
                    "changedPropIds": ["import-commit.n_clicks"],
                    "inputs": [{**i, "value": given.get(i["id"])} for i in one["inputs"]],
                    "state": [{**i, "value": given.get(i["id"])} for i in one["state"]],
                },
            )
        )


def main() -> None:
    form = form_of(COLUMNS)
    files = [workbook(table(form, True, MANY, prefix=f"U{n}-")) for n in range(UPLOADS)]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "bench.db"
        store = Store.open(place, create=True)
        initialise(store)
        fill(store, form)
        before = workbook(table(form, True, 5_000, prefix="B"))
        commit(store, inspect(store, "before.xlsx", before, ImportOptions(questionnaire="bench", year=2014)))
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = probe.getsockname()[1]
        command = [sys.executable, str(ROOT / "xingfu.py"), "--store", str(place), "serve", "--port", str(port)]
        server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            ready(port)
            waits, seconds, peak = _together(port, server.pid, files)
        finally:
            server.terminate()
            server.wait(10)
        with store.read() as conn:
            stored = sorted(int(b.counts["stored"]) for b in batches.listing(conn))
            total = int(responses.counts(conn)["n"].sum())
        store.close()
    assert stored == [5_000, *[MANY] * UPLOADS], stored
    assert total == 5_000 + UPLOADS * MANY, total
    rows = [
        (
            what,
            len(taken),
            1000 * sorted(taken)[len(taken) // 2],
            1000 * sorted(taken)[int(0.95 * len(taken))],
            1000 * max(taken),
        )
        for what, taken in sorted(waits.items())
    ]
    show(
        f"{UPLOADS} uploads of {MANY:,} x {COLUMNS} .xlsx at once, {READERS} readers: all {total:,} stored in {seconds:.0f} s, "
        f"server and its readers of files at most {peak:.0f} MB",
        ("who waits for what", "requests", "median ms", "p95 ms", "longest ms"),
        rows,
    )


def _together(port: int, pid: int, files: list[bytes]) -> tuple[dict[str, list[float]], float, float]:
    waits, done, peak = Waits(), threading.Event(), 0.0
    _read_once(Client(port), Waits())

    def guarded(work: Any) -> None:
        try:
            work()
        except BaseException as error:
            waits.failed.append(error)

    def reader() -> None:
        client = Client(port)
        while not done.is_set():
            _read_once(client, waits)
            time.sleep(THINKS)

    importers = [
        threading.Thread(target=guarded, args=(Importer(port, n, data, waits).run,)) for n, data in enumerate(files)
    ]
    readers = [threading.Thread(target=guarded, args=(reader,)) for _ in range(READERS)]
    start = time.perf_counter()
    for thread in (*readers, *importers):
        thread.start()
    while any(thread.is_alive() for thread in importers):
        peak = max(peak, megabytes(pid))
        time.sleep(0.25)
    seconds = time.perf_counter() - start
    done.set()
    for thread in (*readers, *importers):
        thread.join()
    if waits.failed:
        raise waits.failed[0]
    return waits.taken, seconds, peak


def _read_once(client: Client, waits: Waits) -> None:
    for what, path in (
        ("reader: overview", "/"),
        ("reader: community page", "/community/" + urllib.parse.quote("C007")),
    ):
        body = routing(client, path, "?year=2014")
        with waits.of(what):
            client.post(_UPDATE, body)
