"""A private PostgreSQL server for tests, from the programs installed on this machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

USER, PASSWORD = "tester", "s3cret-p@ss"
FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "C:/Program Files/PostgreSQL/*/bin",
)
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB"}


@dataclass(frozen=True)
class Server:
    port: int

    def url(self, database: str, password: str = PASSWORD) -> str:
        quoted = password.replace("@", "%40")
        return f"postgresql://{USER}:{quoted}@127.0.0.1:{self.port}/{database}"

    def execute(self, sql: str) -> None:
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as conn:
            conn.execute(sql)


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, the newest version where there are several."""
    on_path = shutil.which("initdb")
    found = [p for pattern in FOLDERS for p in Path(Path(pattern).anchor or "/").glob(_below_root(pattern))]
    folders = ([Path(on_path).parent] if on_path else []) + sorted(found, key=_version, reverse=True)
    return next(
        (f for f in folders if shutil.which("pg_ctl", path=str(f)) and shutil.which("initdb", path=str(f))), None
    )


@contextmanager
def server(bin_folder: Path) -> Iterator[Server]:
    """A server on 127.0.0.1 in a temporary folder, gone at the end of the block."""
    home = Path(tempfile.mkdtemp(prefix="xingfu-pg-"))
    as_user = _ordinary_user(home)
    data, log = home / "data", home / "log"

    def run(program: str, *arguments: str) -> None:
        command = [str(bin_folder / program), *arguments]
        # the server inherits the handles: a pipe would never see its end
        with log.open("ab") as out:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=home, **as_user)
        if done.returncode:
            raise RuntimeError(f"{program} failed: {log.read_text(errors='replace')}")

    try:
        (home / "password").write_text(PASSWORD)
        run(
            "initdb",
            "-D",
            str(data),
            "-U",
            USER,
            "-A",
            "md5",  # asks for the password as it does by default, but a connection costs a tenth: tests open thousands
            "--pwfile",
            str(home / "password"),
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = {**FAST, "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": ""}
        with (data / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{key} = '{value}'\n" for key, value in options.items())
        run("pg_ctl", "-D", str(data), "-w", "-l", str(home / "server.log"), "start")
        try:
            yield Server(port)
        finally:
            run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _below_root(pattern: str) -> str:
    return pattern[len(Path(pattern).anchor) :]


def _version(folder: Path) -> tuple[int, ...]:
    digits = "".join(c if c.isdigit() else " " for c in str(folder))
    return tuple(int(d) for d in digits.split())


def _ordinary_user(home: Path) -> dict[str, Any]:
    """What makes a child process run as an ordinary user: initdb refuses root."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam(next(name for name in ("postgres", "nobody", "daemon") if name in names))
    os.chown(home, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
