"""Make the invented sample data again: ``python data/sample/generate.py [FOLDER]`` (default: this folder).

Two runs give the same bytes.  ``questionnaire.xlsx`` is not made here: it is what ``xingfu init``
stores, written by the room that owns it.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

from sample_maker.everything import files  # noqa: E402


def main(folder: Path) -> None:
    """Write every file of the sample into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (folder / name).write_bytes(content)
        print(f"{len(content):>9,}  {name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
