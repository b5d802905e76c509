"""Bringing files in from the page: the same inspections and the same commits as the commands."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from analysis.cycle import workbooks
from analysis.indicators.imports import IndicatorInspection, inspect_indicators
from analysis.publication.fixed_versions import Sentence, would_wait
from dashboard.data import definitions
from dashboard.data.definitions import Definition
from dashboard.data.uploads import Upload, Uploads
from dashboard.pages.imports.service.definition_cells import corrected_cells
from dashboard.pages.imports.service.file_lines import (
    FIELDS,
    MODES,
    SAMPLE_TYPES,
    Choices,
    Part,
    bare_name,
    cleaned,
    parts_of,
    told_apart,
    version_words,
)
from dashboard.pages.imports.service.incoming_files import receive, require_idle
from dashboard.pages.imports.service.within import own, require_kind
from dashboard.web.access import Viewer, require
from survey.coding.options import ImportOptions
from survey.core.errors import Refused, XingfuError
from survey.core.findings import Finding, blocking, open_questions
from survey.core.lang import LANGUAGES, say
from survey.files.read import read_sheets, remembering
from survey.intake import answers
from survey.intake.answers import Inspection
from survey.intake.calls import CallInspection, CallOptions, inspect_calls
from survey.intake.contents.lines import Contents, of_file, of_inspection
from survey.intake.register import RegisterInspection, inspect_register, require_storable
from survey.store import Store, change_mark, settled
from survey.store.intake import questionnaires
from survey.store.year import register

__all__ = ["FIELDS", "MODES", "SAMPLE_TYPES", "Choices", "bare_name", "cleaned", "parts_of", "receive"]

LOG = logging.getLogger("xingfu.dashboard")
FIRST_ADDRESSES = 5


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
class Counts:
    """What becomes of the rows of a file, whatever its kind."""

    rows: int = 0
    storable: int = 0
    duplicates: int = 0
    refused_rows: int = 0
    refused_cells: int = 0
    questions: int = 0
    left_out: int = 0
    outcomes: int = 0
    calls: int = 0


@dataclass(frozen=True)
class Checked:
    """One line of an upload after inspection: ``refused`` says why nothing of it can be read.

    One of ``inspection`` (answers), ``calls``, ``values``, ``register`` and ``definition`` is there, by the line's kind.
    ``waits``: whose published results would not count what it brings; ``contents``: what answers, also refused ones, hold.
    """

    file: str
    inspection: Inspection | None = None
    refused: Refused | None = None
    groups: tuple[Group, ...] = field(default=())
    number: int = 0
    part: Part | None = None
    calls: CallInspection | None = None
    values: IndicatorInspection | None = None
    register: RegisterInspection | None = None
    definition: Definition | None = None
    findings: tuple[Finding, ...] = ()
    counts: Counts = Counts()
    waits: tuple[Sentence, ...] = ()
    contents: Contents | None = None

    @property
    def kind(self) -> str:
        """What the line is taken for."""
        return self.part.kind if self.part else "answers"

    @property
    def state(self) -> str:
        """ready, partial (some cells or rows stay out), ask (a person must decide), nothing, refused."""
        if self.refused is not None:
            return "refused"
        if open_questions(self.findings):
            return "ask"
        stops = blocking(self.findings)
        if any(f.code.startswith("decisions.") for f in stops) or (stops and self.kind in ("indicators", "register")):
            return "ask"
        if not (self.counts.storable or self.counts.calls):
            return "nothing"
        return "partial" if stops else "ready"

    @property
    def named(self) -> str:
        """What the line is called: its file, and its sheet where the file has several."""
        return self.part.named(self.file) if self.part else self.file


def choices(viewer: Viewer, store: Store, years: Sequence[int], lang: str = "") -> Choices:
    """What there is to choose from; raises Refused for a viewer who may not import."""
    require(viewer, "import")
    with store.read() as conn:
        forms = questionnaires.listing(conn)
        known = register.communities(conn)
    here = viewer.at()
    newest = told_apart({f.name: f.form.title or f.name for f in forms})
    if lang:
        newest |= {f.name: f"{newest[f.name]}{version_words(f, lang)}" for f in forms}
    last = max([*years, *(f.form.year for f in forms if f.form.year)], default=None)
    this = datetime.now().year
    offered = sorted({*years, last + 1} if last else range(this - 3, this + 1), reverse=True)
    return Choices(tuple(newest.items()), tuple((c.code, c.name) for c in known if here.sees(c.code)), tuple(offered))


def waiting(upload: Upload) -> int:
    """How many lines wait, or files that are to be looked at again."""
    return len(parts_of(upload)) or len(upload.options.get("fresh", {}).get("files", ()))


def part_at(upload: Upload, number: Any) -> Part:
    """One line; raises Refused where there is none of this number."""
    found = parts_of(upload)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < len(found):
        raise Refused("page_import.expired")
    return found[number]


def say_year_of_all(viewer: Viewer, uploads: Uploads, upload: Upload, year: Any, offered: Choices) -> Upload:
    """Choose one year for all lines of an upload that are asked one."""
    for number in range(len(parts_of(upload))):
        upload = say_of(viewer, uploads, upload, number, "year", year, offered)
    return upload


def change(viewer: Viewer, uploads: Uploads, upload: Upload, number: int, part: Part) -> Upload:
    """Say something else about one line."""
    require(viewer, "import")
    require_idle(viewer, uploads, upload.token)
    part_at(upload, number)
    kept = [*upload.options["parts"]]
    kept[number] = part.to_json()
    return uploads.change(upload, {"parts": kept}, viewer.user)


def say_of(
    viewer: Viewer, uploads: Uploads, upload: Upload, number: Any, name: Any, value: Any, offered: Choices
) -> Upload:
    """Choose one value of a line; what was proposed for it needs nobody's look any more."""
    part = part_at(upload, number)
    if name not in FIELDS:
        raise Refused("page_import.bad_option")
    said = cleaned({**part.said, name: value}, offered)
    if said == dict(part.said):
        return upload
    drop = {name} if name != "kind" else set(part.why)
    why = {k: w for k, w in part.why.items() if k not in drop}
    forget = name in ("kind", "sheet", "questionnaire")
    return change(
        viewer, uploads, upload, number, replace(part, said=said, why=why, mapping=None if forget else part.mapping)
    )


def check(viewer: Viewer, store: Store, uploads: Uploads, upload: Upload) -> tuple[Checked, ...]:
    """Inspect every line of an upload; nothing is stored."""
    require(viewer, "import")
    return tuple(_checked(viewer, store, uploads, upload, dict(enumerate(parts_of(upload)))).values())


def check_one(viewer: Viewer, store: Store, uploads: Uploads, upload: Upload, number: int, part: Part) -> Checked:
    """Inspect one line; nothing is stored.  What was found stands until the line or the store is another."""
    require(viewer, "import")
    lines = {**_ahead(upload, number, part), number: part}
    return _checked(viewer, store, uploads, upload, lines)[number]


def _checked(
    viewer: Viewer, store: Store, uploads: Uploads, upload: Upload, lines: Mapping[int, Part]
) -> dict[int, Checked]:
    """Some lines inspected, in order: each beside those before it that bring answers to the same questionnaire."""
    memory, now, found = uploads.memory(upload.token), _now(store), dict[int, Checked]()
    for number, part in lines.items():
        mark, ahead = (viewer, *_said(upload, number, part), now), _ahead(upload, number, part)
        before = [i for n in ahead if (i := found[n].inspection) is not None]
        with memory.lock:
            kept = memory.found.get(number)
            if kept is None or kept[0] != mark:
                with remembering(memory.sheets), settled.reading(False):  # held against all that is stored
                    kept = memory.found[number] = (mark, _inspect(viewer, store, uploads, upload, number, part, before))
        found[number] = kept[1]
    return found


def known(viewer: Viewer, store: Store, uploads: Uploads, upload: Upload) -> tuple[Checked, ...] | None:
    """What ``check`` would say, if all of it has been found already."""
    require(viewer, "import")
    if "fresh" in upload.options:
        return None
    kept, now, found = uploads.memory(upload.token).found, _now(store), []
    for number, part in enumerate(parts_of(upload)):
        mark, one = kept.get(number, (None, None))
        if one is None or mark != (viewer, *_said(upload, number, part), now):
            return None
        found.append(one)
    return tuple(found)


def _said(upload: Upload, number: int, part: Part) -> list[str]:
    """What is said of a line and of those that are inspected before it."""
    return [json.dumps(one.to_json(), sort_keys=True) for one in (part, *_ahead(upload, number, part).values())]


def _now(store: Store) -> Any:
    with store.read() as conn:
        return change_mark.mark(conn)


def _ahead(upload: Upload, number: int, part: Part) -> dict[int, Part]:
    """The lines before this one that bring answers to the same questionnaire, by their number."""
    lines = enumerate(parts_of(upload)[:number] if part.kind == "answers" else ())
    return {n: p for n, p in lines if p.kind == "answers" and p.said["questionnaire"] == part.said["questionnaire"]}


def _inspect(
    viewer: Viewer,
    store: Store,
    uploads: Uploads,
    upload: Upload,
    number: int,
    part: Part,
    before: Sequence[Inspection],
) -> Checked:
    file, data = upload.files[part.file], uploads.data(upload, part.file)
    blank = Checked(file, number=number, part=part)
    try:
        require_kind(viewer, part.kind)
        if part.kind == "answers":
            found = own(viewer, store, _answers(viewer, store, blank, data, before))
        else:
            found = own(viewer, store, _LOOKS[part.kind](viewer, store, blank, data, part.said))
    except Refused as refused:
        left = replace(blank, refused=refused, findings=refused.findings, groups=group(refused.findings))
        return replace(left, contents=_contents_refused(viewer, store, blank, data))
    except XingfuError as error:  # what fails around us says itself what it is
        return replace(blank, refused=Refused(error.key, **error.params))
    except Exception as error:  # a fault of ours in one file: the others come in all the same
        LOG.error("inspection failed", exc_info=error)
        return replace(blank, refused=Refused("page_import.check_failed", file=file))
    with store.read() as conn:
        waits = would_wait(conn, _places(found))
    return replace(found, groups=group(found.findings), waits=tuple(waits))


def _places(found: Checked) -> set[tuple[int, str]]:
    """Years and communities that would get answers or values."""
    if found.inspection is not None:
        return answers.places_of(found.inspection)
    if found.values is not None and found.values.values is not None:
        return {(found.values.year, str(code)) for code in found.values.values.frame["community_code"]}
    return set()


def _year(said: Mapping[str, Any]) -> int | None:
    return int(said["year"]) if said["year"] else None


def _answer_options(viewer: Viewer, part: Part) -> ImportOptions:
    said = part.said
    return ImportOptions(
        questionnaire=said["questionnaire"],
        mode=said["mode"] or None,
        year=_year(said),
        community=said["community"] or None,
        sample_type=cast(Any, said["sample_type"]),
        sheet=said["sheet"] or None,
        add_communities=said["add_communities"],
        decisions=part.decisions,
        mapping=part.mapping,
        who=viewer.user,
    )


def _answers(viewer: Viewer, store: Store, blank: Checked, data: bytes, before: Sequence[Inspection]) -> Checked:
    assert blank.part is not None
    found = answers.inspect(store, blank.file, data, _answer_options(viewer, blank.part), before)
    counts = Counts(**{name: getattr(found.counts, name) for name in Counts.__dataclass_fields__})
    return replace(blank, inspection=found, findings=found.findings, counts=counts, contents=of_inspection(found))


def _contents_refused(viewer: Viewer, store: Store, blank: Checked, data: bytes) -> Contents | None:
    """What a file of answers holds that can't be stored as it is; None where no sheet of it fits the questionnaire."""
    if blank.part is None or blank.part.kind != "answers":
        return None
    try:
        return of_file(store, blank.file, data, _answer_options(viewer, blank.part))
    except Refused:  # the file's own refusal is shown
        return None


def _calls(viewer: Viewer, store: Store, blank: Checked, data: bytes, said: Mapping[str, Any]) -> Checked:
    assert blank.part is not None
    options = CallOptions(
        _year(said),
        said["questionnaire"],
        said["community"] or None,
        said["sheet"] or None,
        decisions=blank.part.decisions,
    )
    found = inspect_calls(store, blank.file, data, options)
    known = [name for name in Counts.__dataclass_fields__ if name != "calls"]  # they are what is storable
    counts = Counts(**{name: int(found.counts.get(name, 0)) for name in known})
    return replace(blank, calls=found, findings=found.findings, counts=counts)


def _values(viewer: Viewer, store: Store, blank: Checked, data: bytes, said: Mapping[str, Any]) -> Checked:
    year = _year(said)
    if year is None:
        raise Refused("page_import.need_year")
    assert blank.part is not None
    found = inspect_indicators(store, blank.file, data, year, blank.part.decisions)
    counts = Counts(found.count, 0 if blocking(found.findings) else found.count, left_out=found.carried.left_out)
    return replace(blank, values=found, findings=found.findings, counts=counts)


def _register(viewer: Viewer, store: Store, blank: Checked, data: bytes, said: Mapping[str, Any]) -> Checked:
    assert blank.part is not None
    with store.read() as conn:
        known = register.communities(conn)
    seen = inspect_register(blank.file, data, blank.part.decisions, year=_year(said), known=known)
    found = require_storable(store, seen)
    counts = Counts(found.count, found.count, left_out=found.carried.left_out)
    return replace(blank, register=found, findings=found.findings, counts=counts)


def _definition(viewer: Viewer, store: Store, blank: Checked, data: bytes, said: Mapping[str, Any]) -> Checked:
    found = definitions.look(viewer, store, said["kind"], blank.file, data, cells=corrected_cells(blank.part))
    waits = found.settled is not None and not str(said.get("reason", "")).strip()
    return replace(blank, definition=found, findings=found.findings, counts=Counts(1, 0 if found.same or waits else 1))


def _unknown(viewer: Viewer, store: Store, blank: Checked, data: bytes, said: Mapping[str, Any]) -> Checked:
    kind = workbooks.recognised(read_sheets(blank.file, data))  # a file that can't be read says itself why
    if kind:
        raise Refused(
            "page_import.of_the_cycle", kind={lang: say(lang, f"page_cycle.choice_{kind}") for lang in LANGUAGES}
        )
    why = blank.part.why.get("kind") if blank.part else None
    raise Refused(why.key, **why.params) if why else Refused("recognition.why.nothing")


_LOOKS = {
    "calls": _calls,
    "indicators": _values,
    "register": _register,
    "questionnaire": _definition,
    "scheme": _definition,
    "unknown": _unknown,
}


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
