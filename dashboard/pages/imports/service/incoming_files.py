"""Files on their way into the waiting room: kept at once, recognised outside of the request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from dashboard.data.jobs import Job
from dashboard.data.uploads import Upload, Uploads
from dashboard.pages.imports.service import file_lines as lines
from dashboard.pages.imports.service.file_lines import FIELDS, Choices, Part, cleaned, parts_of
from dashboard.web.access import Viewer, require
from survey.core import progress
from survey.core.errors import Refused
from survey.files.read import remembering
from survey.store import Store

#: how long somebody who clicks while files are looked at is kept waiting before he is told so (s)
CLICK_WAITS = 2.0


def require_idle(viewer: Viewer, uploads: Uploads, token: str) -> None:
    """Raise Refused while files of the upload are still looked at, or stored."""
    if uploads.jobs.running(token, "store"):
        raise Refused("page_import.storing_now")
    job = uploads.jobs.find(token, "look", viewer.user)
    if job is not None and not job.ended.wait(CLICK_WAITS):
        raise Refused("page_import.looking_now")


def bring(
    viewer: Viewer,
    uploads: Uploads,
    files: Sequence[tuple[str, bytes]],
    said: Mapping[str, Any],
    offered: Choices,
    token: str = "",
) -> Upload:
    """Let files wait, beside those that wait under ``token`` already; ``settle`` finds out what they are."""
    require(viewer, "import")
    told = {name: said[name] for name in FIELDS if said.get(name)}
    cleaned(told, offered)
    upload = uploads.find(token, viewer.user) if token else None
    if upload is None:
        kept = {"parts": [], "fresh": {"first": 0, "said": told}}
        return uploads.find(uploads.keep(files, kept, viewer.user), viewer.user)
    require_idle(viewer, uploads, token)
    kept = {"parts": upload.options["parts"], "fresh": {"first": len(upload.files), "said": told}}
    return uploads.add(upload, files, kept, viewer.user)


def settle(
    viewer: Viewer, store: Store, uploads: Uploads, upload: Upload, offered: Choices, job: Job | None = None
) -> Upload:
    """Recognise the files that were just brought; what they are is proposed in their lines.

    A filled list of findings among them is no line of its own: it decides about the others.  Raises Refused, and
    the upload is as it was before, where such a list can't be used.
    """
    require(viewer, "import")
    fresh = upload.options.get("fresh")
    if fresh is None:
        return upload
    before, there = int(fresh["first"]), list(upload.options["parts"])
    try:
        found = [part.to_json() for part in _lines(store, uploads, upload, fresh, offered, job)]
    except BaseException:
        if before:
            uploads.change(upload, {"parts": there}, viewer.user, files=before)
        else:
            uploads.drop(upload.token)
        raise
    return uploads.change(upload, {"parts": found}, viewer.user)


def _lines(
    store: Store, uploads: Uploads, upload: Upload, fresh: Mapping[str, Any], offered: Choices, job: Job | None
) -> list[Part]:
    found, lists = parts_of(upload), []
    for number in fresh.get("files") or range(int(fresh["first"]), len(upload.files)):
        file, data = upload.files[number], uploads.data(upload, number)
        following = job.at(number, last=False) if job else nullcontext()
        with following, remembering(uploads.memory(upload.token).sheets):
            progress.at("received")
            for part in lines.recognised(store, file, number, data, fresh["said"], offered):
                (lists if lines.is_decision_list(part) else found).append(part)
    for part in lists:
        file, data = upload.files[part.file], uploads.data(upload, part.file)
        found = lines.with_list(found, upload.files, file, data)
    return found


def receive(
    viewer: Viewer,
    store: Store,
    uploads: Uploads,
    files: Sequence[tuple[str, bytes]],
    said: Mapping[str, Any],
    offered: Choices,
    token: str = "",
) -> Upload:
    """``bring`` and ``settle`` in one."""
    return settle(viewer, store, uploads, bring(viewer, uploads, files, said, offered, token), offered)
