"""A draft between the file and the store: read once, corrected as often as wanted, adopted when every guess was looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboard.data import definitions
from dashboard.data.uploads import Upload, Uploads
from dashboard.web.access import Viewer, require
from survey.core.errors import Refused
from survey.core.findings import blocking
from survey.drafting.guesses import OTHERWISE, Asked, Said, corrected, guessed_dimensions, order_of, questions
from survey.drafting.questionnaire import Draft, annotated, draft
from survey.form.model import Question, Questionnaire
from survey.form.workbook.reading import read_questionnaire
from survey.form.workbook.writing import write_questionnaire
from survey.store import Store

#: under which an upload keeps what was said of its draft
_KEPT = "draft"
#: place in the upload's memory, where lines of an import count from 0
_PLACE = -1


@dataclass(frozen=True)
class Drawn:
    """What the page shows: the draft, what was said of it, what it asks, and its rows as they would be adopted.

    ``rows``: place → question, of those that are kept; ``dimensions``: code → names, of the scheme.
    """

    upload: Upload
    file: str
    draft: Draft
    said: Said
    asked: Sequence[Asked]
    form: Questionnaire
    rows: Mapping[int, Question]
    dimensions: Mapping[str, Mapping[str, str]]
    name: str
    title: str

    @property
    def open(self) -> int:
        """How many questions nobody has answered."""
        return sum(a.key not in self.said.settled for a in self.asked)


def bring(viewer: Viewer, uploads: Uploads, files: Sequence[tuple[str, bytes]]) -> str:
    """Let a file wait and draft it; the token.  Raises Refused, and nothing waits, for one that can't be drafted."""
    require(viewer, "edit_questionnaire")
    if len(files) != 1:
        raise Refused("page_draft.one_file")
    found = draft(*files[0])
    token = uploads.keep(files, {_KEPT: Said().to_json()}, viewer.user)
    uploads.memory(token).found[_PLACE] = (files[0][0], found)
    return token


def drawn(viewer: Viewer, store: Store, uploads: Uploads, token: str) -> Drawn:
    """A draft that waits.  Raises Refused for an unknown token, or one of another upload."""
    require(viewer, "edit_questionnaire")
    upload = uploads.find(token, viewer.user)
    if _KEPT not in upload.options:
        raise Refused("page_import.expired")
    kept, file = upload.options[_KEPT], upload.files[0]
    memory = uploads.memory(token)
    with memory.lock:
        if _PLACE not in memory.found:
            memory.found[_PLACE] = (file, draft(file, uploads.data(upload, 0)))
        found: Draft = memory.found[_PLACE][1]
    said = Said.from_json(kept)
    names = definitions.dimensions(store)
    guesses = guessed_dimensions(found, tuple(names), said)
    asked = questions(found, said, guesses, names)
    title = str(kept.get("title") or found.form.title)
    form = corrected(found, said, guesses, title)
    shown = iter(form.rows)
    places = [p for p in range(len(found.rows)) if said.rows.get(p, {}).get("keep", True)]
    rows = {place: next(shown) for place in places}
    name = str(kept.get("name") or found.form.form_id)
    return Drawn(upload, file, found, said, asked, form, rows, names, name, title)


def _keep(viewer: Viewer, uploads: Uploads, one: Drawn, said: Said, **more: str) -> None:
    kept = {**one.upload.options[_KEPT], **said.to_json(), **more}
    uploads.change(one.upload, {_KEPT: kept}, viewer.user)


def say_row(viewer: Viewer, store: Store, uploads: Uploads, token: str, place: Any, name: Any, value: Any) -> bool:
    """Say one field of a row; whether anything changed.  Raises Refused, and keeps what was, for what can't be."""
    one = drawn(viewer, store, uploads, token)
    if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(one.draft.rows):
        raise Refused("page_import.expired")
    if _value(one, place, str(name)) == value:
        return False
    said = one.said.of_row(place, str(name), value)
    if name == "dimension" and value and value not in one.dimensions:
        raise Refused("drafting.bad_correction", found=str(value)[:60])
    corrected(
        one.draft, said, guessed_dimensions(one.draft, tuple(one.dimensions), said), one.title
    )  # raises what can't be
    _keep(viewer, uploads, one, said)
    return True


def _value(one: Drawn, place: int, name: str) -> Any:
    if name == "keep":
        return place in one.rows
    row = one.rows.get(place, one.draft.rows[place].question)
    return {
        "label": row.label("zh"),
        "type": row.type,
        "role": row.role,
        "dimension": row.dimension,
        "order": order_of(row),
    }.get(name)


def say_order(viewer: Viewer, store: Store, uploads: Uploads, token: str, key: Any, order: Any) -> None:
    """Say the levels of all columns that hold the same codes, which answers their question."""
    one = drawn(viewer, store, uploads, token)
    for asked in one.asked:
        if asked.key == key and order in asked.orders:
            said = one.said.with_settled([asked.key])
            for place in asked.rows:
                said = said.of_row(place, "order", order)
            _keep(viewer, uploads, one, said)


def say_title(viewer: Viewer, store: Store, uploads: Uploads, token: str, title: Any) -> bool:
    """Call the questionnaire otherwise; whether anything changed."""
    one = drawn(viewer, store, uploads, token)
    text = str(title or "").strip()
    if not text or text == one.title:
        return False
    if len(text) > 200:
        raise Refused("drafting.bad_correction", found=text[:60])
    _keep(viewer, uploads, one, one.said, title=text)
    return True


def settle(viewer: Viewer, store: Store, uploads: Uploads, token: str, keys: Sequence[str] | None) -> None:
    """Answer questions as they are guessed; None: all of them."""
    one = drawn(viewer, store, uploads, token)
    known = [a.key for a in one.asked]
    _keep(viewer, uploads, one, one.said.with_settled(known if keys is None else [k for k in keys if k in known]))


def turn(viewer: Viewer, store: Store, uploads: Uploads, token: str, key: Any) -> None:
    """Turn an order that was guessed, which answers its question."""
    one = drawn(viewer, store, uploads, token)
    if key in [a.key for a in one.asked if a.turns]:
        _keep(viewer, uploads, one, one.said.with_turned(key))


def say_other(viewer: Viewer, store: Store, uploads: Uploads, token: str, key: Any) -> None:
    """Say the other reading of a guess for all its rows, or the guess again, which answers its question."""
    one = drawn(viewer, store, uploads, token)
    for asked in one.asked:
        if asked.key == key and asked.code in OTHERWISE:
            said = one.said.with_other(asked)
            corrected(one.draft, said, guessed_dimensions(one.draft, tuple(one.dimensions), said), one.title)
            _keep(viewer, uploads, one, said)


def adopt(viewer: Viewer, store: Store, uploads: Uploads, token: str) -> Any:
    """Keep the questionnaire and let its file wait to be imported by it; the stored version.

    Raises Refused while a guess was not looked at, and where the checker refuses what was corrected; nothing is stored.
    """
    require(viewer, "import")
    one = drawn(viewer, store, uploads, token)
    if one.open:
        raise Refused("page_draft.still_open", n=one.open)
    data = write_questionnaire(one.form)
    form, findings = read_questionnaire(f"{one.title}.xlsx", data)
    if form is None:
        first = blocking(findings)[0]
        raise Refused("page_draft.checker", findings=findings, n=len(blocking(findings)), first=_worded(first))
    found = definitions.of_form(store, form, one.file, data, one.name, findings)
    stored = definitions.adopt(viewer, store, found)
    said = {"kind": "answers", "questionnaire": stored.name}
    uploads.change(one.upload, {"parts": [], "fresh": {"first": 0, "said": said}}, viewer.user)
    uploads.memory(token).found.pop(_PLACE, None)
    return stored


def _worded(finding: Any) -> Mapping[str, str]:
    return {lang: finding.word(lang) for lang in ("zh", "en")}


def workbook(viewer: Viewer, store: Store, uploads: Uploads, token: str, lang: str) -> tuple[str, bytes]:
    """Name and bytes of the draft as a workbook to correct elsewhere and bring back, with what is asked beside each row."""
    one = drawn(viewer, store, uploads, token)
    kept = tuple(one.draft.rows[place] for place in one.rows)
    rows = tuple(replace(d, question=q) for d, q in zip(kept, one.form.rows, strict=True))
    return f"{one.title}.xlsx", write_questionnaire(annotated(replace(one.draft, form=one.form, rows=rows), lang))
