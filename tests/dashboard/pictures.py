"""The pictures of the documents in Chinese, taken anew of the sample's pages: ``make pictures``.

Each is a page of 1366 × 768 as its document speaks of it, so that what a reader sees there is what the program shows.
"""

from __future__ import annotations

import argparse
import base64
import logging
import os
import struct
import subprocess
import sys
import tempfile
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.tools.dashboard_tools import answers_csv
from tests.tools.needs import CHROMIUM
from tests.tools.sources import ROOT

FOLDER = ROOT / "docs" / "zh" / "pictures"
SCREEN = {"width": 1366, "height": 768}
#: a picture's colours: as many as one byte tells apart
COLOURS = 256
#: how long a page may take, in milliseconds: the machine may be busy
PATIENCE = 240_000
#: the pixels of a picture, read by the browser that took it
PIXELS = """async data => {
    const image = new Image();
    image.src = 'data:image/png;base64,' + data;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    const bytes = pen.getImageData(0, 0, image.width, image.height).data, parts = [];
    for (let i = 0; i < bytes.length; i += 32768) parts.push(String.fromCharCode(...bytes.subarray(i, i + 32768)));
    return btoa(parts.join(''));
}"""


def _file(page: Any, name: str, data: bytes, ready: str) -> None:
    with page.expect_file_chooser() as waiting:
        page.locator("[data-pick]").click()
    waiting.value.set_files([{"name": name, "mimeType": "text/csv", "buffer": data}])
    page.wait_for_selector(ready)


def _answers() -> bytes:
    """Sixty answered forms with two faults, in which who is satisfied is so with most things."""
    head, *rows = [line.split(",") for line in answers_csv(count=60, bad=True).decode().splitlines()]
    for n, row in enumerate(rows):
        for at in range(3, len(row)):
            if row[at].isdigit():
                row[at] = str(min(max(1 + n % 4 + (n + at) % 3 - 1, 1), 5))
    return "\n".join(",".join(row) for row in [head, *rows]).encode()


def _import(page: Any) -> None:
    _file(page, "春晖社区_答卷.csv", _answers(), "#import-commit")
    page.locator(".findings").first.evaluate("area => area.scrollIntoView({block: 'center'})")


def _draft(page: Any) -> None:
    columns = ["编号", "所在社区", "1、您对社区环境卫生满意吗", "2、社区办事公道吗", "3、您幸福吗（0-10）"]
    words = ("很满意", "满意", "一般", "不满意", "很不满意")
    rows = [[f"R{n:03d}", "春晖社区", words[n % 5], words[(n // 5) % 4], str(n % 11)] for n in range(60)]
    text = "\n".join(",".join(row) for row in [columns, *rows]) + "\n"
    _file(page, "去年的答卷.csv", text.encode(), "#main table")


def _nothing(_page: Any) -> None:
    """The page as its address shows it."""


#: name of a picture → the page, and what is done on it first
PICTURES: dict[str, tuple[str, Callable[[Any], None]]] = {
    "overview": ("/?year=2014", _nothing),
    "community": ("/community/SL06?year=2014", _nothing),
    "import": ("/import?year=2014", _import),
    "draft": ("/questionnaire/draft?year=2014", _draft),
    "scheme": ("/scheme?year=2014", _nothing),
    "indicators": ("/indicators?year=2014", _nothing),
    "cycle": ("/cycle?year=2014", _nothing),
}


def palette_png(pixels: np.ndarray) -> bytes:
    """A PNG with a palette of an array height × width × 3 of bytes; colours beyond ``COLOURS`` become the nearest that stays."""
    height, width, _ = pixels.shape
    packed = pixels.astype(np.uint32) @ np.array([65536, 256, 1], dtype=np.uint32)
    found, place, times = np.unique(packed, return_inverse=True, return_counts=True)
    kept = found[np.argsort(-times, kind="stable")[:COLOURS]]
    parts = [np.stack([c >> 16, (c >> 8) & 255, c & 255], axis=1).astype(np.int32) for c in (found, kept)]
    nearest = np.array([((parts[1] - colour) ** 2).sum(axis=1).argmin() for colour in parts[0]], dtype=np.uint8)
    lines = nearest[place.reshape(height, width)]
    data = np.concatenate([np.zeros((height, 1), np.uint8), lines], axis=1).tobytes()
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"PLTE", parts[1].astype(np.uint8).tobytes()), (b"IDAT", zlib.compress(data, 9)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in (*chunks, (b"IEND", b"")))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def take(address: str, wanted: list[str]) -> None:
    """Take pictures of the dashboard at an address, one page after the other."""
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        context = browser.new_context(viewport=SCREEN, locale="zh-CN")
        blank, page = context.new_page(), context.new_page()
        page.set_default_timeout(PATIENCE)
        for name in wanted:
            path, prepare = PICTURES[name]
            page.goto(f"{address}{path}&lang=zh", wait_until="commit", timeout=PATIENCE)
            page.wait_for_selector("#main h1", state="attached")
            prepare(page)
            page.wait_for_timeout(2500)  # figures are drawn
            seen = base64.b64decode(blank.evaluate(PIXELS, base64.b64encode(page.screenshot()).decode()))
            size = SCREEN["height"], SCREEN["width"], 4
            data = palette_png(np.frombuffer(seen, np.uint8).reshape(size)[:, :, :3])
            (FOLDER / f"{name}.png").write_bytes(data)
            print(f"{name}.png {len(data) / 1000:.0f} kB", flush=True)
        browser.close()


def main(wanted: list[str], place: Path | None = None) -> None:
    """Take the pictures that are wanted, or all; ``place``: a store of the sample that is there already, else one is made."""
    from werkzeug.serving import make_server

    from dashboard.app import create_app
    from survey.store import Store

    with tempfile.TemporaryDirectory() as folder:
        if place is None:
            command = [sys.executable, "-m", "xingfu", "demo", "--no-serve"]
            subprocess.run(command, cwd=folder, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
            place = Path(folder) / "demo.db"
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        store = Store.open(place)
        server = make_server("127.0.0.1", 0, create_app(store).server, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        take(f"http://127.0.0.1:{server.server_port}", wanted or list(PICTURES))
        server.shutdown()
        store.close()


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("wanted", nargs="*", help="which pictures; all where none is named")
    given.add_argument("--store", type=Path, help="a store of the sample; without it one is made")
    said = given.parse_args()
    main(list(said.wanted), said.store)
