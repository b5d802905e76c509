"""docs/architecture.md is a map of what is there: every folder named, every name a folder or file, one page long."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAP = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`((?:survey|analysis|dashboard|tests|data|benchmarks|bundle)/[\w./]*)`", MAP))
MOST_LINES = 200


def folders() -> set[str]:
    """Every folder of the three packages that holds a file, without those of one language and what Python leaves behind."""
    found = set()
    for package in ("survey", "analysis", "dashboard"):
        for path in (ROOT / package).rglob("*.*"):
            if path.is_file() and "__pycache__" not in path.parts:
                within = [p for p in path.relative_to(ROOT).parents if len(p.parts) > 1 and p.parent.name != "texts"]
                found |= {f"{p.as_posix()}/" for p in within}
    return found


def test_every_folder_is_on_the_map():
    assert len(folders()) > 40
    assert sorted(folders() - NAMED) == []


def test_everything_on_the_map_is_there():
    assert len(NAMED) > 100
    assert sorted(name for name in NAMED if not (ROOT / name).exists()) == []


def test_a_folder_ends_with_a_slash_and_a_file_does_not():
    assert sorted(name for name in NAMED if (ROOT / name).is_dir() != name.endswith("/")) == []


def test_names_in_code_marks_stand_in_the_file_beside_them():
    """``FILLS``, ``round_half_up``: what a row names in a file is written in one of its files."""
    wrong, found = [], 0
    for row in re.findall(r"^\| .* \|$", MAP, flags=re.M):
        files = [ROOT / name for name in re.findall(r"`([\w./]+\.\w+)`", row) if (ROOT / name).is_file()]
        texts = [path.read_text(encoding="utf-8") for path in files]
        for word in re.findall(r"`([A-Z_]{3,}|[a-z]+_[a-z_]+)`", row):
            found += 1
            if not any(word in text for text in texts):
                wrong.append(word)
    assert found > 5
    assert wrong == []


def test_it_stays_one_page():
    assert len(MAP.splitlines()) <= MOST_LINES
