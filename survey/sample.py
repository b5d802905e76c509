"""Where the invented sample data lies: in the checkout, or in the installed package."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from survey.errors import Surroundings

#: the name under which ``data/sample`` is installed (pyproject.toml)
PACKAGE = "xingfu_sample"


def sample_folder() -> Path:
    """The folder of the sample data; raises Surroundings where it was not installed."""
    checkout = Path(__file__).resolve().parent.parent / "data" / "sample"
    if checkout.is_dir():
        return checkout
    spec = find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    if not folders:
        raise Surroundings("sample.missing")
    return Path(folders[0])
