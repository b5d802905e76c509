"""The store of the demonstration as version 0.1.0 left it (``tests/data/demo_0_1_0``): 2012 and 2013 closed, 2014 open."""

from __future__ import annotations

import lzma
from pathlib import Path

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo_0_1_0"


def unpacked(folder: Path) -> Path:
    """A copy of it in a folder."""
    path = folder / "older.db"
    path.write_bytes(lzma.decompress((DEMO / "store.db.xz").read_bytes()))
    return path
