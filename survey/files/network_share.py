"""Whether a folder lies on a share of the network, where a SQLite file is not safe.

Its write-ahead log needs memory that all programs of one machine share, and locks that many shares only pretend to keep
(https://sqlite.org/wal.html, https://sqlite.org/howtocorrupt.html): two machines that write tear the file.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

#: kinds of file systems that lie on another machine, as systems name them (with ``fuse.`` before it, too)
SHARES = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "afs", "afpfs", "coda"),
        *("davfs", "davfs2", "webdav", "sshfs", "rclone", "s3fs", "gvfsd-fuse", "curlftpfs"),
        *("glusterfs", "ceph", "ceph-fuse", "lustre", "beegfs", "moosefs", "orangefs"),
    }
)
MOUNTS = Path("/proc/self/mountinfo")
#: GetDriveTypeW of a drive that is a share
_REMOTE = 4


def share_of(path: Path) -> str:
    """The kind of the share on which ``path`` lies, or would lie; empty on a disk of this machine, or where nobody can say."""
    where = path.absolute()
    if sys.platform == "win32":
        return _of_windows(where)
    try:
        place = where.parent.resolve() / where.name if not where.exists() else where.resolve()
        mounts = (
            MOUNTS.read_text(encoding="utf-8", errors="surrogateescape") if MOUNTS.exists() else _mounts_elsewhere()
        )
    except (OSError, RuntimeError):
        return ""
    return kind_in(mounts, place)


def kind_in(mounts: str, place: Path) -> str:
    """The kind of share by a table of mounts as Linux has it (proc(5), mountinfo): the last of the longest that holds it."""
    found, longest = "", -1
    for line in mounts.splitlines():
        before, _, behind = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not behind:
            continue
        point = re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), fields[4])
        if len(point) >= longest and place.is_relative_to(point):
            found, longest = behind.split(" ")[0], len(point)
    kind = found.removeprefix("fuse.")
    return kind if kind in SHARES else ""


def _mounts_elsewhere() -> str:
    """The mounts of a system without ``/proc``, in the same form."""
    import psutil  # for macOS alone

    return "\n".join(f"0 0 0:0 / {p.mountpoint} - {p.fstype} x" for p in psutil.disk_partitions(all=True))


def _of_windows(where: Path) -> str:
    if sys.platform != "win32":
        return ""
    import ctypes

    if where.drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(where.anchor) == _REMOTE:
        return "SMB"
    return ""
