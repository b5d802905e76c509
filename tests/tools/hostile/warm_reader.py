"""The child process that reads a file, forked from one that has its libraries already: the same but for the start.

An interpreter with its readers takes a quarter of a second to start; tests of a hundred files have them read under the
same limits, in a process of their own, handed over the same way, and a few of them start the real one.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from typing import Any

from survey.files.readers.reading_process import _ROOT, _environment

#: forks for each order that comes in on a line; tells the child's number, and how it ended
_SERVER = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
import defusedxml.ElementTree, pyreadstat, python_calamine
from survey.files.readers import in_process, sav, xlsx
from survey.files.readers.reading_process import main
for line in sys.stdin:
    order = json.loads(line)
    child = os.fork()
    if not child:
        os.closerange(0, 3)
        for _ in range(3):
            os.open(os.devnull, os.O_RDWR)
        status = 1
        try:
            main(*order)
            status = 0
        except SystemExit as end:
            status = end.code
        finally:
            os._exit(status)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
_server: subprocess.Popen[bytes] | None = None
DEVNULL, TimeoutExpired = subprocess.DEVNULL, subprocess.TimeoutExpired


class Popen:
    """What ``reading_process`` asks of ``subprocess.Popen``, for the last four words of its command."""

    def __init__(self, words: list[str], **_: Any) -> None:
        global _server
        if _server is None or _server.poll() is not None:
            command = [sys.executable, "-I", "-X", "utf8", "-c", _SERVER, _ROOT]
            _server = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=_environment()
            )
        self._tell, self._told = _server.stdin, _server.stdout
        assert self._tell is not None
        self._tell.write((json.dumps(words[-4:]) + "\n").encode())
        self.pid = self._line()
        self.returncode: int | None = None

    def _line(self) -> int:
        """The next number that the server tells; it writes a line at a time."""
        assert self._told is not None
        found = b""
        while not found.endswith(b"\n"):
            byte = self._told.read(1)
            assert byte, "the server of the reading process has ended"
            found += byte
        return int(found)

    def wait(self, timeout: float | None = None) -> int:
        """The child's exit status; raises TimeoutExpired where it has none yet."""
        if self.returncode is None:
            if timeout is not None and not select.select([self._told], [], [], timeout)[0]:
                raise TimeoutExpired("reading", timeout)
            self.returncode = self._line()
        return self.returncode

    def kill(self) -> None:
        """End the child."""
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)
