"""What the words of a file mean, decided on the page: a whole list at once, or one word of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dashboard.data.uploads import Upload, Uploads
from dashboard.pages.imports.service import checks
from dashboard.pages.imports.service.checks import Checked
from dashboard.web.access import Viewer, require
from survey.answers.mapping import ColumnMapping
from survey.core.errors import Refused
from survey.matching.choice_words import Wording
from survey.store import Store

#: what a choice says for "counts as empty" (an empty value would be no choice)
EMPTY = "-"


def shown(checked: Checked) -> tuple[Wording, ...]:
    """The lists that a person should see: another scale than the questionnaire's, or one that was mapped."""
    found = checked.inspection
    if found is None:
        return ()
    answered = {f.cell for f in checked.findings if f.code == "scales.ask" and f.level == "note"}
    return tuple(w for w in found.words if w.mapped or (w.open and w.columns[0].cell not in answered))


def accept(viewer: Viewer, store: Store, uploads: Uploads, upload: Upload, number: Any, list_name: Any) -> Upload:
    """Read the words of a list as proposed; kept with the next file of this header when stored."""
    found = _wording(viewer, store, uploads, upload, number, list_name)
    return _keep(viewer, store, uploads, upload, number, found, found.table())


def say_word(
    viewer: Viewer, store: Store, uploads: Uploads, upload: Upload, number: Any, list_name: Any, place: Any, choice: Any
) -> Upload:
    """Let one word mean a choice (or nothing); the other words of the list then mean what the page shows for them."""
    found = _wording(viewer, store, uploads, upload, number, list_name)
    if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(found.words):
        raise Refused("page_import.gone")
    if choice != EMPTY and choice not in [c.name for c in found.choices]:
        raise Refused("page_import.bad_option")
    word = found.words[place]
    meant = "" if choice == EMPTY else str(choice)
    if word.meant == meant and (found.mapped or not found.new):
        return upload
    return _keep(viewer, store, uploads, upload, number, found, {**found.table(), word.text: meant})


def forget(viewer: Viewer, store: Store, uploads: Uploads, upload: Upload, number: Any, list_name: Any) -> Upload:
    """Read the words of a list as the questionnaire does."""
    found = _wording(viewer, store, uploads, upload, number, list_name)
    return _keep(viewer, store, uploads, upload, number, found, None)


def _wording(viewer: Viewer, store: Store, uploads: Uploads, upload: Upload, number: Any, list_name: Any) -> Wording:
    require(viewer, "decide_findings")
    checked = checks.check_one(viewer, store, uploads, upload, number, checks.part_at(upload, number))
    found = next((w for w in shown(checked) if w.list_name == list_name), None)
    if found is None:
        raise Refused("page_import.gone")
    return found


def _keep(
    viewer: Viewer,
    store: Store,
    uploads: Uploads,
    upload: Upload,
    number: Any,
    found: Wording,
    words: dict[str, str] | None,
) -> Upload:
    """The line with this list said anew (None: left to the questionnaire); everything else stays as it was read."""
    part = checks.part_at(upload, number)
    checked = checks.check_one(viewer, store, uploads, upload, number, part)
    assert checked.inspection is not None
    before = checked.inspection.mapping or ColumnMapping()
    mine = {c.question for c in found.columns}
    said = ColumnMapping(
        before.columns,
        {name: table for name, table in before.values.items() if name not in mine},
        {name: table for name, table in before.lists.items() if name != found.list_name},
        before.absent,
    )
    if words is not None:
        said = said.merged(ColumnMapping.of(lists={found.list_name: words}))
    return checks.change(viewer, uploads, upload, number, replace(part, mapping=said))
