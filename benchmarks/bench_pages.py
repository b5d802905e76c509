"""Pages beside static pages of the same picture, as a browser meets them, and fifty readers over all of them.

The static twin is what the browser has built (``#page`` with the styles in force, charts as SVG), served gzipped by a server
of its own without a script.  Browser contexts are fresh, so that nothing is cached; both sides take turns.
"""

from __future__ import annotations

import gzip
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import sync_playwright

from benchmarks.bench_dashboard import HOST, ROOT, Client, free_port, ready, routing
from benchmarks.bench_intake import COLUMNS, delimited, fill, form_of, table
from benchmarks.measure import show
from dashboard.accounts import sign_in
from survey.store import Store

CHROMIUM = "/usr/bin/chromium"
TURNS, YEAR = 7, 2014
#: address → the element whose text tells that the page is there, and a link on it that is clicked first
PAGES = {
    f"/?year={YEAR}": ("h1", "main a[href*='/community/SL03']"),
    f"/community/SL02?year={YEAR}": ("h1", ".steps-buttons a:last-child"),
    f"/answers?year={YEAR}": ("h1", "main a[href*='item=A2']"),
}
#: what fifty readers look at
READ = (
    "/",
    "/community/SL01",
    "/community/SL05",
    "/answers",
    "/compare",
    "/compare/beside",
    "/cycle",
    "/indicators",
    "/scheme",
    "/tasks",
    "/awards",
    "/quality",
    "/method",
    "/todo",
    "/papers",
    "/basics",
    "/help",
)
FILES = ("/download/compare", "/download/tasks", "/download/community/SL02")
READERS, ACCOUNTS, THINKS, SECONDS, FILE_SHARE, ROWS = 50, 10, 1.0, 60.0, 0.05, 20_000
PASSWORD = "好记的一句话，够长了"
_PAINTED = """window.painted = 0; new PerformanceObserver(list => {
  for (const one of list.getEntries()) window.painted = one.startTime;
}).observe({ type: 'largest-contentful-paint', buffered: true });"""
_PLACE = """link => {
  const one = document.querySelector(link);
  one.scrollIntoView({ block: 'nearest' });
  const box = one.getBoundingClientRect();
  return [one.getAttribute('href'), box.x + box.width / 2, box.y + box.height / 2];
}"""
_TWIN = """() => [
  [...document.styleSheets].map(sheet => [...sheet.cssRules].map(rule => rule.cssText).join('')).join(''),
  document.querySelector('#page').innerHTML, document.documentElement.lang];"""


class Twins:
    """A server of static pages, address with query → HTML, gzipped once."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        twins = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = twins.pages.get(self.path, b"")
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Encoding", "gzip")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Nothing: it is measured."""

        self._server = ThreadingHTTPServer((HOST, 0), Handler)
        self.base = f"http://{HOST}:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def keep(self, address: str, page: Any) -> None:
        """Make the twin of what a browser has built."""
        styles, body, lang = page.evaluate(_TWIN)
        text = f'<!DOCTYPE html><html lang="{lang}"><meta charset="utf-8"><style>{styles}</style><body>{body}</body></html>'
        self.pages[address] = gzip.compress(text.encode("utf-8"))


def _twins(browser: Any, base: str) -> Twins:
    """The twins of the pages measured and of where their first clicks lead."""
    twins = Twins()
    page = browser.new_page()
    for address, (_, link) in PAGES.items():
        _built(page, base + address)
        twins.keep(address, page)
        there = page.locator(f"#page {link}").first.get_attribute("href")
        _built(page, base + there)
        twins.keep(there, page)
    page.close()
    return twins


def _built(page: Any, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("#page main")
    page.wait_for_timeout(1500)


def _look(browser: Any, address: str, link: str, root: str) -> dict[str, float]:
    """One visit: content painted, first click answered (both from the start of the visit), the same click once all is
    there, and kB until the page was at rest."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.add_init_script(_PAINTED)
    page = context.new_page()
    devtools, weight = context.new_cdp_session(page), [0.0]
    devtools.send("Network.enable")
    devtools.on("Network.loadingFinished", lambda one: weight.append(one["encodedDataLength"]))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    painted, kilobytes = page.evaluate("window.painted"), sum(weight) / 1000
    later = _click(page, link, root)
    context.close()
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    before = page.locator("main h1").first.inner_text()
    first = _click(page, link, "", before) and time.perf_counter() - start
    context.close()
    return {"painted": painted / 1000, "first": first, "later": later, "kB": kilobytes}


def _click(page: Any, link: str, root: str, before: str = "") -> float:
    """Seconds from a click to the address and heading of where it leads."""
    page.wait_for_selector(f"{root} {link}".strip())
    start = time.perf_counter()
    there, x, y = page.evaluate(_PLACE, f"{root} {link}".strip())  # in one breath: the page may take over at any moment
    path = urlsplit(there)
    page.mouse.click(x, y)  # a guarded click gives up then
    page.wait_for_function(
        "want => location.pathname + location.search === want && document.querySelector('main h1')",
        arg=f"{path.path}?{path.query}",
    )
    return time.perf_counter() - start


def looks(base: str) -> None:
    """The table of pages beside their twins."""
    rows = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        twins = _twins(browser, base)
        for address, (_, link) in PAGES.items():
            sides: dict[str, list[dict[str, float]]] = {"ours": [], "static": []}
            for _turn in range(TURNS):
                sides["ours"].append(_look(browser, base + address, link, "#page"))
                sides["static"].append(_look(browser, twins.base + address, link, ""))
            ours, static = (
                {name: statistics.median(one[name] for one in side) for name in side[0]} for side in sides.values()
            )
            for name in ("painted", "first", "later", "kB"):
                rows.append((address, name, ours[name], static[name], ours[name] / static[name]))
        browser.close()
    show("Pages beside static twins (seconds, kB)", ("page", "what", "ours", "static", "ratio"), rows)


def readers(port: int, command: list[str], folder: Path) -> None:
    """Fifty signed-in readers with a second's thought over all pages, one importer of 20,000 rows beside them."""
    taken: dict[str, list[float]] = {"page": [], "file": []}
    failed: list[str] = []
    over, there, one_by_one = threading.Event(), threading.Barrier(READERS + 1), threading.Lock()

    def signed_in(number: int) -> Client:
        client = Client(port)
        with one_by_one:
            client.sign_in(f"reader{number % ACCOUNTS}", PASSWORD)
        return client

    def reader(number: int) -> None:
        client, chance = signed_in(number), random.Random(number)
        there.wait()  # what signing in costs is measured at the desk
        while not over.is_set():
            kind = "file" if chance.random() < FILE_SHARE else "page"
            path = chance.choice(FILES if kind == "file" else READ)
            start = time.perf_counter()
            try:
                if kind == "file":
                    client.get(f"{path}?year={YEAR}&with=SL01")
                else:
                    client.post("/_dash-update-component", routing_of(path))
            except (AssertionError, OSError) as error:
                failed.append(str(error)[:120])
                client = signed_in(number)
            taken[kind].append(time.perf_counter() - start)
            over.wait(THINKS)

    kept: dict[str, dict[str, Any]] = {}
    first = signed_in(0)

    def routing_of(path: str) -> dict[str, Any]:
        if path not in kept:
            kept[path] = routing(first, path, f"?year={YEAR}")
        return kept[path]

    for path in READ:
        first.post("/_dash-update-component", routing_of(path))
    own, before = psutil.Process(), psutil.Process().cpu_times()
    threads = [threading.Thread(target=reader, args=(n,)) for n in range(READERS)]
    for thread in threads:
        thread.start()
    there.wait()
    end, imports = time.monotonic() + SECONDS, 0
    while time.monotonic() < end:
        sheet = folder / f"more{imports}.csv"
        sheet.write_bytes(delimited(table(form_of(COLUMNS), True, ROWS, prefix=f"M{imports}-")))
        words = ["import", str(sheet), "--questionnaire", "bench", "--year", str(YEAR)]
        subprocess.run([*command, *words], cwd=folder, check=True, capture_output=True)
        imports += 1
    over.set()
    for thread in threads:
        thread.join()
    spent = own.cpu_times()
    rows = [
        (kind, len(times), statistics.median(times), sorted(times)[int(0.95 * len(times))], max(times))
        for kind, times in taken.items()
    ]
    show(
        f"{READERS} readers, {SECONDS:.0f} s, {imports} imports of {ROWS:,} rows meanwhile; errors {len(failed)}; "
        f"generator {spent.user + spent.system - before.user - before.system:.0f} CPU s",
        ("what", "answers", "median s", "p95 s", "longest s"),
        rows,
    )
    for why, times in Counter(failed).most_common(5):
        print(f"{times} x {why}")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, str(ROOT / "xingfu.py")]
        subprocess.run([*command, "demo", "--no-serve"], cwd=folder, check=True, capture_output=True)
        port, store = free_port(), [*command, "--store", str(folder / "demo.db")]
        server = subprocess.Popen(
            [*store, "serve", "--port", str(port)], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            ready(port)
            looks(f"http://{HOST}:{port}")
            place = Store.open(folder / "demo.db")
            fill(place, form_of(COLUMNS))  # what is imported meanwhile goes to communities of its own
            names = [("admin", "admin"), *((f"reader{n}", "leader") for n in range(ACCOUNTS))]
            for person, role in names:  # leaders read and change nothing
                sign_in.choose(place, person, sign_in.add(place, person, role, (), "bench"), PASSWORD, "")
            place.close()
            readers(port, store, folder)
        finally:
            server.terminate()
            server.wait(10)
