"""Storing what was checked: every line that can be, each in one transaction, then the years computed again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from analysis.indicators.imports import commit_indicators
from analysis.publication import snapshots
from dashboard.data import definitions
from dashboard.data.definitions import Definition
from dashboard.data.jobs import Job
from dashboard.data.uploads import Upload, Uploads
from dashboard.pages.imports.service.checks import Checked, check
from dashboard.pages.imports.service.file_lines import FIRST
from dashboard.pages.imports.service.within import own
from dashboard.web.access import Viewer, require
from survey.core.errors import Refused, Surroundings, XingfuError
from survey.intake import answers
from survey.intake.calls import commit_calls
from survey.intake.register import commit_register
from survey.people import retention
from survey.people.retention import Purged
from survey.store import Store


@dataclass(frozen=True)
class Stored:
    """What became of an upload: batch numbers of what was stored, and the files that stay out with the reason."""

    batches: tuple[int, ...]
    stored: int
    years: tuple[int, ...]
    left: tuple[tuple[str, XingfuError], ...]
    unscored: XingfuError | None = None
    """Why the results could not be computed again, though all of this is stored."""
    adopted: tuple[Definition, ...] = ()
    """Questionnaires and schemes that were kept, after which what waits is looked at again."""
    purged: Purged | None = None
    """Contacts whose term was over, deleted with it, or why they were not."""


def commit(
    viewer: Viewer,
    store: Store,
    uploads: Uploads,
    upload: Upload,
    *,
    accept_partial: bool,
    found: Sequence[Checked] | None = None,
    job: Job | None = None,
) -> Stored:
    """Store every line of the upload that can be, each in one transaction, and compute the years again.

    Raises Refused if nothing could be stored.  Without ``accept_partial`` a file with refused cells or rows stays out.
    What stays out waits on under the same token; so does what rests on a questionnaire or a scheme that comes with it:
    it is looked at again, since it was judged without them.  ``found``: what ``check`` has just said of the upload;
    ``job``: who follows the stages.
    """
    require(viewer, "import")
    numbers, total, changed, left, waits, adopted = [], 0, set(), [], [], []
    failed: Surroundings | None = None
    lines = check(viewer, store, uploads, upload) if found is None else found
    open_lines = Counter(c.part.file for c in lines if c.part)
    this_time = round_of(lines)
    for checked in lines:
        file = checked.part.file if checked.part else 0
        open_lines[file] -= 1
        if not any(checked is one for one in this_time):
            left.append((checked.file, Refused("page_import.next_round", file=checked.file)))
            waits.append(checked.part)
            continue
        if failed is not None:  # what comes after would only fail as well
            left.append((checked.file, failed))
            waits.append(checked.part)
            continue
        try:
            with job.at(file, last=not open_lines[file]) if job else nullcontext():
                if checked.definition is not None:
                    reason = str(checked.part.said.get("reason", "")) if checked.part else ""
                    definitions.adopt(viewer, store, checked.definition, reason=reason)
                    adopted.append(checked.definition)
                    continue
                batch, stored, years = _store(viewer, store, checked, accept_partial)
        except (Refused, Surroundings) as error:
            failed = error if isinstance(error, Surroundings) else None
            left.append((checked.file, error))
            waits.append(checked.part)
            continue
        numbers.append(batch)
        total += stored
        changed |= years
    if not numbers and not adopted:
        raise failed or (left[0][1] if left else Refused("page_import.nothing"))
    if waits and adopted:
        again = sorted({p.file for p in waits if p})
        uploads.change(upload, {"parts": [], "fresh": {"first": 0, "files": again, "said": {}}}, viewer.user)
    elif waits:
        uploads.change(upload, {"parts": [p.to_json() for p in waits if p]}, viewer.user)
    else:
        uploads.drop(upload.token)
    purged, late = _compute(store, changed, job) if failed is None else (None, failed)
    return Stored(tuple(numbers), total, tuple(sorted(changed)), tuple(left), late, tuple(adopted), purged)


def round_of(lines: Sequence[Checked]) -> list[Checked]:
    """The lines that are stored this time.

    Where a questionnaire or a scheme comes in, only what others rest on; where a register does, of the others those
    that lack nothing: what is wrong in the rest may be right once its communities are there.
    """
    ready = {c.kind for c in lines if c.state == "ready"} & set(FIRST)
    if ready - {"register"}:
        return [c for c in lines if c.kind in FIRST]
    if ready:
        return [c for c in lines if c.kind in FIRST or c.state == "ready"]
    return list(lines)


def _compute(store: Store, changed: set[int], job: Job | None) -> tuple[Purged | None, XingfuError | None]:
    purged = None
    try:
        with job.all_at() if job else nullcontext():
            purged = retention.purge_due(store)
            retention.warn(purged)
            snapshots.recompute(store, sorted(changed))
    except XingfuError as error:
        return purged, error
    return purged, None


def _store(viewer: Viewer, store: Store, checked: Checked, accept_partial: bool) -> tuple[int, int, set[int]]:
    """Batch number, what was stored, and the years concerned."""
    if checked.refused is not None:
        raise checked.refused
    checked = own(viewer, store, checked)
    if checked.inspection is not None:
        receipt = answers.commit(store, checked.inspection, accept_partial=accept_partial, who=viewer.user)
        spoken = checked.inspection.called.frame["year"]
        years = {int(y) for y in (*checked.inspection.tally["year"], *spoken)}
        return receipt.batch, receipt.stored, years
    if checked.calls is not None:
        kept = commit_calls(store, checked.calls, accept_partial=accept_partial, who=viewer.user)
        return kept.batch, kept.stored, {int(y) for y in checked.calls.frame["year"]}
    if checked.values is not None:
        values = commit_indicators(store, checked.values, who=viewer.user)
        return values.batch, values.values, {checked.values.year}
    if checked.register is not None:
        receipt = commit_register(store, checked.register, who=viewer.user)
        return receipt.batch, checked.register.count, set(receipt.years)
    raise Refused("page_import.gone")
