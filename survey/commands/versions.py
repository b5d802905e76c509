"""Which versions these are: the program's, its store's and Python's."""

from __future__ import annotations

import platform

#: the program, as pyproject.toml has it (held by a test): asking the installed packages takes longer than the rest
PROGRAM = "0.1.0"
#: the store's schema, one more for each function in ``survey/store/engine/migrations.py`` (held by a test)
SCHEMA = 26


def versions() -> dict[str, str | int]:
    """``program``, ``schema`` (of the store that this program writes), ``python``."""
    return {"program": PROGRAM, "schema": SCHEMA, "python": platform.python_version()}
