"""Bringing answers in from the page: the same inspection and the same commit as the command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, cast

import pandas as pd

from analysis import publishing
from dashboard.access import Viewer, require_importer
from dashboard.services.uploads import Upload, Uploads
from survey import intake
from survey.errors import Refused
from survey.findings import Finding
from survey.importing import finding_table
from survey.intake import ImportOptions, Inspection
from survey.store import Store, questionnaires, register

MODES = ("paper", "phone", "web")
SAMPLE_TYPES = ("probability", "quota", "open")
#: longest name of a sheet that Excel allows, with room for other programs
SHEET_NAME = 60
FIRST_ADDRESSES = 5


@dataclass(frozen=True)
class Choices:
    """What the form offers: questionnaires (name, title), communities, years."""

    questionnaires: tuple[tuple[str, str], ...]
    communities: tuple[tuple[str, str], ...]
    years: tuple[int, ...]


@dataclass(frozen=True)
class Group:
    """All findings of one kind: how many, the first addresses, the first one in words."""

    level: str
    scope: str
    code: str
    count: int
    where: tuple[str, ...]
    first: Finding


@dataclass(frozen=True)
class Checked:
    """One uploaded file after inspection: ``refused`` says why nothing of it can be read."""

    file: str
    inspection: Inspection | None = None
    refused: Refused | None = None
    groups: tuple[Group, ...] = field(default=())

    @property
    def state(self) -> str:
        """ready, partial (some cells or rows stay out), ask (a person must decide in the file), refused."""
        if self.inspection is None:
            return "refused"
        if self.inspection.questions:
            return "ask"
        if not self.inspection.counts.storable:
            return "nothing"
        return "partial" if self.inspection.refusals else "ready"

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of the file's sheets, where there is one to choose."""
        if self.inspection is not None:
            return self.inspection.sheets
        if self.refused is not None and self.refused.key == "intake.several_sheets":
            return tuple(str(self.refused.params["sheets"]).split("、"))
        return ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of the file."""
        if self.inspection is not None:
            return self.inspection.findings
        return self.refused.findings if self.refused is not None else ()


def choices(viewer: Viewer, store: Store, years: Sequence[int]) -> Choices:
    """What there is to choose from; raises Refused for a viewer who may not import."""
    require_importer(viewer)
    with store.read() as conn:
        forms = questionnaires.listing(conn)
        known = register.communities(conn)
    newest = {f.name: f.form.title or f.name for f in forms}
    last = max([*years, *(f.form.year for f in forms if f.form.year)], default=None)
    this = datetime.now().year
    offered = sorted({*years, last + 1} if last else range(this - 3, this + 1), reverse=True)
    return Choices(tuple(newest.items()), tuple((c.code, c.name) for c in known if viewer.sees(c.code)), tuple(offered))


def bare_name(name: str) -> str:
    """A browser's file name without any path, at most 120 characters."""
    bare = PurePosixPath(PureWindowsPath(name).name).name
    return "".join(c for c in bare if c.isprintable())[-120:] or "—"


def cleaned(given: Mapping[str, Any], offered: Choices) -> dict[str, Any]:
    """What was said about the files, every part held against what there is; unknown parts are refused."""
    names = [name for name, _ in offered.questionnaires]
    if not names:
        raise Refused("page_import.no_questionnaire")
    questionnaire = str(given.get("questionnaire") or names[0])
    mode, sample = str(given.get("mode") or ""), str(given.get("sample_type") or "probability")
    year, community = str(given.get("year") or ""), str(given.get("community") or "")
    sheet = str(given.get("sheet") or "")
    fits = (
        len(sheet) <= SHEET_NAME
        and questionnaire in names and mode in ("", *MODES) and sample in SAMPLE_TYPES
        and (not year or (year.isascii() and year.isdigit() and 1900 <= int(year) <= 2200))
        and (not community or community in [code for code, _ in offered.communities])
    )  # fmt: skip
    if not fits:
        raise Refused("page_import.bad_option")
    return {
        "questionnaire": questionnaire, "mode": mode, "year": year, "community": community, "sample_type": sample, "sheet": sheet,
        "add_communities": bool(given.get("add_communities")),
    }  # fmt: skip


def _options(known: Mapping[str, Any], viewer: Viewer) -> ImportOptions:
    return ImportOptions(
        questionnaire=known["questionnaire"], mode=known["mode"] or None, year=int(known["year"]) if known["year"] else None,
        community=known["community"] or None, sample_type=cast(Any, known["sample_type"]),
        sheet=known["sheet"] or None,
        add_communities=known["add_communities"], who=viewer.user,
    )  # fmt: skip


def check(viewer: Viewer, store: Store, uploads: Uploads, upload: Upload) -> tuple[Checked, ...]:
    """Inspect every file of an upload; nothing is stored."""
    require_importer(viewer)
    options = _options(upload.options, viewer)
    out = []
    for number, file in enumerate(upload.files):
        try:
            found = intake.inspect(store, file, uploads.data(upload, number), options)
        except Refused as refused:
            out.append(Checked(file, refused=refused, groups=group(refused.findings)))
        else:
            out.append(Checked(file, inspection=found, groups=group(found.findings)))
    return tuple(out)


def group(findings: Sequence[Finding]) -> tuple[Group, ...]:
    """Findings of one kind together: what needs a person first, what keeps something out, then notes."""
    order = {"ask": 0, "refuse": 1, "note": 2}
    kinds: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.level, finding.scope, finding.code), []).append(finding)
    groups = [
        Group(level, scope, code, len(found), tuple(f.where for f in found if f.where)[:FIRST_ADDRESSES], found[0])
        for (level, scope, code), found in kinds.items()
    ]
    return tuple(sorted(groups, key=lambda g: (order[g.level], -g.count, g.code)))


@dataclass(frozen=True)
class Stored:
    """What became of an upload: batch numbers of what was stored, and the files that stay out with the reason."""

    batches: tuple[int, ...]
    stored: int
    years: tuple[int, ...]
    left: tuple[tuple[str, Refused], ...]


def commit(viewer: Viewer, store: Store, uploads: Uploads, upload: Upload, *, accept_partial: bool) -> Stored:
    """Store every file of the upload that can be, each in one transaction, and compute its years again.

    Raises Refused if nothing could be stored.  Without ``accept_partial`` a file with refused cells or rows stays out.
    """
    numbers, total, changed, left = [], 0, set(), []
    for checked in check(viewer, store, uploads, upload):
        try:
            if checked.inspection is None:
                raise checked.refused or Refused("page_import.nothing")
            receipt = intake.commit(store, checked.inspection, accept_partial=accept_partial, who=viewer.user)
        except Refused as refused:
            left.append((checked.file, refused))
            continue
        numbers.append(receipt.batch)
        total += receipt.stored
        changed |= {int(y) for y in checked.inspection.tally["year"]}
    if not numbers:
        raise left[0][1]
    uploads.drop(upload.token)
    publishing.recompute(store, sorted(changed))
    return Stored(tuple(numbers), total, tuple(sorted(changed)), tuple(left))


def findings_frame(viewer: Viewer, store: Store, uploads: Uploads, token: str, lang: str) -> pd.DataFrame:
    """All findings of an upload as one table."""
    upload = uploads.find(token, viewer.user)
    tables = [finding_table(c.file, c.findings, lang) for c in check(viewer, store, uploads, upload)]
    return pd.concat(tables, ignore_index=True)
