"""What a double click starts: a store beside this program if there is none yet, the server, and the browser on it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import urllib.request
import webbrowser
from pathlib import Path

PORT = 8050


def main() -> int:
    """Serve until the window is closed; the status of what failed."""
    folder = Path(os.environ.get("XINGFU_DATA") or Path(__file__).resolve().parent.parent / "data")
    folder.mkdir(parents=True, exist_ok=True)
    store = folder / "xingfu.db"
    program = [sys.executable, "-m", "xingfu", "--store", str(store)]
    if not store.exists():
        made = subprocess.run([*program, "init"])
        if made.returncode:
            return made.returncode
    if _answers():  # started twice: the window that is there serves on
        webbrowser.open(f"http://localhost:{PORT}/")
        return 0
    server = subprocess.Popen([*program, "serve", "--port", str(PORT)])
    threading.Thread(target=_open_when_it_answers, args=(server,), daemon=True).start()
    try:
        return server.wait()
    except KeyboardInterrupt:
        return server.wait()


def _answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _open_when_it_answers(server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        if _answers():
            webbrowser.open(f"http://localhost:{PORT}/")
            return
        threading.Event().wait(0.3)


if __name__ == "__main__":
    sys.exit(main())
