"""A questionnaire or a scheme on its way into the store: looked at first, then kept as the newest version of its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from sqlalchemy import Connection

from analysis.publication import scheme_versions
from analysis.scheme import Scheme, default_scheme
from analysis.scheme import difference as scheme_difference
from analysis.scheme.rules.words import marks
from analysis.scheme.serial import from_dict
from analysis.scheme.workbook.reading import read_scheme
from dashboard.web.access import Viewer, may
from survey.core import limits
from survey.core.errors import Refused
from survey.core.findings import Finding, blocking
from survey.core.lang import say
from survey.drafting.bank import reworded
from survey.form import difference as form_difference
from survey.form.model import Questionnaire
from survey.form.workbook.corrected_cells import CorrectedCell
from survey.form.workbook.reading import read_questionnaire
from survey.form.workbook.writing import write_questionnaire
from survey.store import Store
from survey.store.intake import questionnaires
from survey.store.year import register, schemes

KINDS = ("questionnaire", "scheme")


def may_adopt(viewer: Viewer, kind: str) -> bool:
    """Whether the viewer may keep a definition of this kind."""
    return may(viewer, "edit_scheme") if kind == "scheme" else may(viewer, "edit_questionnaire")


def require_adopt(viewer: Viewer, kind: str) -> None:
    """Raise Refused unless the viewer may."""
    if not may_adopt(viewer, kind):
        raise Refused("dash_errors.forbidden")


def seen_scheme(viewer: Viewer, conn: Connection, definition: Mapping[str, Any]) -> Scheme:
    """A stored scheme without the goals and the pilots of communities that the viewer does not see."""
    scheme, here = from_dict(definition), viewer.at()
    if here.everywhere:
        return scheme
    mine = {w for c in register.communities(conn) if here.sees(c.code) for w in (c.code, c.name, *c.aliases, *c.former)}
    return replace(
        scheme,
        community_targets=tuple(goal for goal in scheme.community_targets if goal[0] in mine),
        pilots=tuple(pilot for pilot in scheme.pilots if pilot[0] in mine),
    )


@dataclass(frozen=True)
class Definition:
    """A workbook that can be kept: under which ``name``, after which version (0: the first), and what was remarked.

    ``same``: the newest version of the name says the same already; ``changed``: how much of it is otherwise;
    ``settled``: the sentence that it goes in with a reason only, None where it needs none.
    """

    kind: str
    file: str
    data: bytes = field(repr=False)
    name: str
    before: int
    same: bool
    changed: int
    findings: tuple[Finding, ...]
    form: Questionnaire | None = None
    scheme: Scheme | None = None
    settled: Refused | None = None

    @property
    def version(self) -> int:
        """The number that it will have."""
        return self.before if self.same else self.before + 1

    def word(self, lang: str) -> str:
        """What it holds, under which name it will go, in one sentence."""
        after = "definition.same" if self.same else "definition.next" if self.before else "definition.first"
        told = say(lang, after, name=self.name, version=self.version, n=self.changed)
        if self.form is not None:
            held = say(lang, "definition.questionnaire", n=len(self.form.questions), scored=len(self.form.scored))
        else:
            assert self.scheme is not None
            held = say(
                lang,
                "definition.scheme",
                n=len(self.scheme.scored_indicators),
                year=self.scheme.first_year,
                full=marks(self.scheme.full_marks),
            )
        return held + told


def dimensions(store: Store) -> dict[str, Mapping[str, str]]:
    """Code → names of the newest scheme's dimensions, of the default one where there is none."""
    with store.read() as conn:
        known = schemes.listing(conn)
    scheme = from_dict(known[-1].definition) if known else default_scheme()
    return {d.code: d.names for d in scheme.dimensions}


def look(
    viewer: Viewer,
    store: Store,
    kind: str,
    file: str,
    data: bytes,
    name: str = "",
    cells: Sequence[CorrectedCell] = (),
) -> Definition:
    """What a workbook holds, with the ``cells`` of a questionnaire that were corrected; nothing is kept.

    Raises Refused, with every finding, for one that can't be taken."""
    require_adopt(viewer, kind)
    if kind == "scheme":
        return _scheme(store, file, data)
    form, findings = read_questionnaire(file, data, cells)
    if form is None:
        raise _refused(kind, file, findings)
    return of_form(store, form, file, write_questionnaire(form) if cells else data, name, findings)


def of_form(
    store: Store, form: Questionnaire, file: str, data: bytes, name: str = "", findings: Sequence[Finding] = ()
) -> Definition:
    """A questionnaire that is read already."""
    called = name.strip() or form.form_id or PurePath(file).stem
    if len(called) > limits.TYPED_TEXT:
        raise Refused("cycle_file.too_long", n=len(called), most=limits.TYPED_TEXT)
    settled = None
    with store.read() as conn:
        every = questionnaires.listing(conn)
        try:
            questionnaires.require_unsettled(conn, called, form)
        except Refused as refused:
            settled = refused
    mine = [s for s in every if s.name == called]
    remarks = [
        *findings,
        *_elsewhere(form, dimensions(store)),
        *reworded(form, [(s.name, s.version, s.form) for s in every]),
    ]
    known = mine[-1] if mine else None
    changed = len(form_difference.differences(known.form, form)) if known else 0
    same = known is not None and questionnaires.alike(known.form, form)
    before = known.version if known else 0
    return Definition(
        "questionnaire", file, data, called, before, same, changed, tuple(remarks), form=form, settled=settled
    )


def _elsewhere(form: Questionnaire, known: Mapping[str, Mapping[str, str]]) -> list[Finding]:
    """Dimensions that the scheme does not have, each once: what is asked under them counts nowhere."""
    strange: dict[str, list[str]] = {}
    for one in form.questions:
        if one.dimension and one.dimension not in known:
            strange.setdefault(one.dimension, []).append(one.name)
    return [
        Finding(
            "definition.strange_dimension",
            "note",
            "file",
            params={"found": found, "n": len(names), "first": names[0], "known": ", ".join(known)},
        )
        for found, names in strange.items()
    ]


def _scheme(store: Store, file: str, data: bytes) -> Definition:
    scheme, findings = read_scheme(file, data)
    if scheme is None:
        raise _refused("scheme", file, findings)
    with store.read() as conn:
        mine = [s for s in schemes.listing(conn) if s.code == scheme.code]
        remarks = [*findings, *scheme_versions.strangers(conn, scheme)]
    known = mine[-1] if mine else None
    changed = len(scheme_difference.differences(from_dict(known.definition), scheme)) if known else 0
    return Definition(
        "scheme",
        file,
        data,
        scheme.code,
        known.version if known else 0,
        known is not None and not changed,
        changed,
        tuple(remarks),
        scheme=scheme,
    )


def _refused(kind: str, file: str, findings: Sequence[Finding]) -> Refused:
    return Refused(f"definition.{kind}_refused", findings=list(findings), file=file[:200], n=len(blocking(findings)))


def adopt(viewer: Viewer, store: Store, found: Definition, author: str = "", reason: str = "") -> Any:
    """Keep what was looked at; gives the stored version.  Raises Refused where it changes what is settled without a reason."""
    require_adopt(viewer, found.kind)
    said = [text.strip() for text in (author, reason)]
    if any(len(text) > limits.TYPED_TEXT for text in said):
        raise Refused("cycle_file.too_long", n=max(map(len, said)), most=limits.TYPED_TEXT)
    who, why = said[0] or viewer.user, said[1]
    if found.scheme is not None:
        return scheme_versions.put(store, found.scheme, found.data, file=found.file, author=who, reason=why)
    assert found.form is not None
    with store.write() as conn:
        return questionnaires.put(conn, found.name, found.form, found.data, file=found.file, author=who, reason=why)
