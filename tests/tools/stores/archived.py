"""Single responses of a store written the way ``archive --responses`` writes them, without a closed year around them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis.archive.single_responses import response_files, single_responses
from survey.store import Store
from survey.store.intake import responses


def archived(store: Store, folder: Path, years: Sequence[int] = (), *, classes: bool = True) -> Path:
    """The folder, with the responses of these years (default: all) below ``responses/``."""
    with store.read() as conn:
        wanted = list(years) or responses.years(conn)
    for name, data in response_files(single_responses(store, wanted, classes=classes)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder
