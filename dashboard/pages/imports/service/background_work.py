"""What an upload has done outside of the request: looking at its files, storing them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from dashboard.data.jobs import PATIENCE, Job
from dashboard.data.results import Source
from dashboard.data.uploads import Upload, Uploads
from dashboard.pages.imports.service import checks, incoming_files, storing
from dashboard.pages.imports.service.checks import Checked
from dashboard.pages.imports.service.file_lines import Choices, parts_of
from dashboard.pages.imports.service.storing import Stored
from dashboard.web.access import Viewer, require
from survey.core.errors import Refused
from survey.store import Store, audit, change_mark


def look(viewer: Viewer, store: Store, uploads: Uploads, upload: Upload, offered: Choices) -> Job:
    """Have the files recognised and every line checked; what is done within a moment has ended on return."""
    require(viewer, "import")
    with store.read() as conn:
        mark = (json.dumps(upload.options, sort_keys=True), change_mark.mark(conn))

    def work(job: Job) -> None:
        brought = uploads.find(upload.token, viewer.user)
        try:
            waits = incoming_files.settle(viewer, store, uploads, brought, offered, job)
        except Refused:
            _refused(viewer, store, brought.files)
            raise
        parts = parts_of(waits)
        left = Counter(part.file for part in parts)
        for number, part in enumerate(parts):
            left[part.file] -= 1
            with job.at(part.file, last=not left[part.file]):
                found = checks.check_one(viewer, store, uploads, waits, number, part)
            if found.refused is not None and "fresh" in brought.options:  # said once, not with every look
                _refused(viewer, store, (found.file,))

    job = uploads.jobs.start(upload.token, "look", viewer.user, mark, upload.files, work)
    job.ended.wait(PATIENCE)
    return job


def put_in(
    viewer: Viewer,
    store: Store,
    uploads: Uploads,
    upload: Upload,
    source: Source,
    found: tuple[Checked, ...],
    *,
    accept_partial: bool,
) -> Job:
    """Store what was found, once however often it is asked for; readers go on with the old results meanwhile."""
    require(viewer, "import")
    mark = json.dumps(upload.options, sort_keys=True)

    def work(job: Job) -> Stored:
        try:
            with source.renewing():
                return storing.commit(
                    viewer, store, uploads, upload, accept_partial=accept_partial, found=found, job=job
                )
        except Refused:
            _refused(viewer, store, upload.files)
            raise

    job = uploads.jobs.start(upload.token, "store", viewer.user, mark, upload.files, work)
    job.ended.wait(PATIENCE)
    return job


def _refused(viewer: Viewer, store: Store, files: Sequence[str]) -> None:
    """A line of the record about files that stay out, at reading or at storing; none where nothing can be written."""
    if not store.read_only:
        with store.write(aside=True) as conn:
            audit.record(conn, viewer.user, "import refused", "、".join(files), outcome=audit.REFUSED)


def at_work(viewer: Viewer, uploads: Uploads, token: Any) -> tuple[str, Job] | None:
    """What runs for an upload now: storing before looking; None where nothing does."""
    require(viewer, "import")
    for kind in ("store", "look"):
        job = uploads.jobs.find(str(token), kind, viewer.user)
        if job is not None and job.running:
            return kind, job
    return None


def stored(viewer: Viewer, uploads: Uploads, token: Any) -> Stored | None:
    """What became of an upload that was stored as a whole, for who comes back to its address."""
    require(viewer, "import")
    job = uploads.jobs.find(str(token), "store", viewer.user)
    return job.result if job is not None and isinstance(job.result, Stored) else None


def failure(viewer: Viewer, uploads: Uploads, token: Any, kind: str) -> Refused | None:
    """Why the last job of this kind came to nothing."""
    job = uploads.jobs.find(str(token), kind, viewer.user)
    error = job.error if job is not None else None
    if job is None or error is None or isinstance(error, Refused):
        return error
    return Refused("page_import.told", why=job.said)
