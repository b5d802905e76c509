"""Which questionnaire, which mode, which kind of sample: what the cells and names of a sheet propose, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from survey.core.cells import clean
from survey.files.layouts import filled_in
from survey.files.layouts.hand_made_sheet import row_kind
from survey.files.layouts.online_forms import submission_times
from survey.files.own_workbooks import plain_text
from survey.files.readers.distinct_values import columns_of
from survey.files.readers.sheet import Sheet
from survey.matching.questionnaire_fit import Fit
from survey.matching.shapes.modes_told import named_mode, says_modes
from survey.matching.sheet_kinds import Evidence
from survey.matching.year_community_mode import Column, Names, Proposal, Reason
from survey.store.intake.questionnaires import StoredForm

#: roles of a design or of fieldwork, which no public link has
TO_THE_DOOR = frozenset({"interviewer", "disposition", "weight", "psu", "ssu", "stratum", "fpc", "fpc2"})


class Cells:
    """The cells below the header, a column at a time; rows that say nothing, totals and signatures do not count."""

    def __init__(self, sheet: Sheet, evidence: Evidence) -> None:
        self.sheet, self.evidence = sheet, evidence
        firsts = (next((v for v in row if v is not None), None) for row in sheet.rows[evidence.first :])
        self.rows = sum(1 for v in firsts if v is not None and not (isinstance(v, str) and row_kind(clean(v))))

    def values(self, index: int) -> Sequence[Any]:
        """The column as it stands below the header."""
        return columns_of(self.sheet.rows, self.evidence.first, [index])[index]

    def column(self, name: str) -> Column | None:
        """The column of this name, if the sheet has one."""
        index = self.evidence.columns.get(name)
        if index is None:
            return None
        return Column(plain_text(self.sheet.rows[self.evidence.row][index]), self.values(index), self.rows)

    def said(self, name: str) -> int:
        """How many cells of the column say anything."""
        index = self.evidence.columns.get(name)
        return 0 if index is None else sum(1 for v in self.values(index) if v is not None and plain_text(v))


def propose_questionnaire(best: Evidence, forms: Sequence[StoredForm], names: Names) -> Proposal:
    """The questionnaire whose questions are there; where several fit alike, the one that file or year name."""
    if best.kind == "calls" or not best.fits:
        return _questionnaire_of_calls(forms, names) if best.kind == "calls" else _no_questionnaire(forms)
    top = best.fits[0]
    alike = [f for f in best.fits if f.share >= top.share - 0.02]
    if len(alike) == 1:
        second = best.fits[1].share if len(best.fits) > 1 else 0.0
        certainty = min(0.98, 0.5 + 0.5 * max(top.cover, top.share)) if top.share - second > 0.1 else 0.7
        return Proposal(top.form.name, "content", round(certainty, 2), _fits(top))
    named = [f for f in alike if _is_named(f.form, names)]
    chosen = named[0] if len(named) == 1 else max(alike, key=lambda f: f.form.added_at)
    others = tuple(f.form.name for f in alike if f is not chosen)
    params = {"name": chosen.form.name, "others": list(others), "n": chosen.questions, "of": chosen.items}
    if len(named) == 1:
        return Proposal(chosen.form.name, "file", 0.8, Reason("recognition.questionnaire.named", params), others)
    return Proposal(chosen.form.name, "content", 0.5, Reason("recognition.questionnaire.alike", params), others)


def _fits(found: Fit) -> Reason:
    return Reason(
        "recognition.questionnaire.fits", {"name": _title(found.form), "n": found.questions, "of": found.items}
    )


def _title(stored: StoredForm) -> str:
    """A questionnaire as people know it."""
    return stored.form.title or stored.name


def _is_named(stored: StoredForm, names: Names) -> bool:
    texts = " ".join(text for _, text in names.texts)
    words = [w for w in (stored.name, stored.form.title) if len(w) > 2]
    return any(w in texts for w in words) or (stored.form.year is not None and str(stored.form.year) in texts)


def _no_questionnaire(forms: Sequence[StoredForm]) -> Proposal:
    known = tuple(f.name for f in forms)
    return Proposal(
        None, "usual", 0.0, Reason("recognition.questionnaire.nothing", {"known": list(known) or "–"}), known
    )


def _questionnaire_of_calls(forms: Sequence[StoredForm], names: Names) -> Proposal:
    """Call records hold no questions: only a name can tell, or that there is but one questionnaire."""
    known = tuple(f.name for f in forms)
    named = [f.name for f in forms if _is_named(f, names)]
    if len(named) == 1:
        return Proposal(named[0], "file", 0.8, Reason("recognition.questionnaire.by_name", {"name": named[0]}))
    if len(known) == 1:
        return Proposal(known[0], "usual", 0.8, Reason("recognition.questionnaire.only", {"name": known[0]}))
    return Proposal(None, "usual", 0.0, Reason("recognition.questionnaire.calls", {"known": list(known) or "–"}), known)


def propose_mode(names: Names, best: Evidence, cells: Cells) -> Proposal:
    """How the interviews were held: a column, what only the telephone leaves, names, the platform; else paper."""
    column = cells.column("mode")
    if column is not None and says_modes(column.header, column.values):
        certainty = 1.0 if cells.said("mode") >= cells.rows else 0.7
        params = {"header": column.header if column else "", "blank": cells.rows - cells.said("mode")}
        key = "recognition.mode.column" if certainty == 1.0 else "recognition.mode.column_partly"
        return Proposal(None, "column", certainty, Reason(key, params))
    if best.calls is not None:
        return Proposal("phone", "column", 0.95, Reason("recognition.mode.outcomes"))
    if said := named_mode(names, ("phone",) if filled_in(best.platform) == "web" else ()):
        mode, source, word = said
        return Proposal(mode, source, 0.9, Reason("recognition.mode.name", {"first": source, "word": word}))
    if filled_in(best.platform) == "carried":
        return Proposal("web", "platform", 0.5, Reason("recognition.mode.carried", {"platform": best.platform}))
    if filled_in(best.platform) == "web":
        return Proposal("web", "platform", 0.9, Reason("recognition.mode.platform", {"platform": best.platform}))
    if cells.said("phone") and cells.said("interviewer"):
        return Proposal("phone", "content", 0.7, Reason("recognition.mode.phones"))
    if not TO_THE_DOOR & best.columns.keys() and (header := submission_times(cells.sheet, best.row, best.first)):
        return Proposal("web", "content", 0.5, Reason("recognition.mode.moments", {"header": header}))
    if column is not None and cells.said("mode"):
        return Proposal("paper", "usual", 0.5, Reason("recognition.mode.unread", {"header": column.header}))
    return Proposal("paper", "usual", 0.6, Reason("recognition.mode.usual"))


def propose_sample(best: Evidence, mode: Proposal, cells: Cells) -> Proposal:
    """How respondents were chosen: a public link lets anybody answer; the design's own columns speak of a sample."""
    if best.columns.keys() & {"weight", "psu", "ssu", "stratum", "fpc", "fpc2"}:
        return Proposal("probability", "content", 0.85, Reason("recognition.sample.design"))
    if mode.value == "web" and cells.said("token"):
        return Proposal("probability", "content", 0.6, Reason("recognition.sample.token"))
    if mode.value == "web":
        return Proposal("open", mode.source, min(0.8, mode.certainty), Reason("recognition.sample.open"))
    return Proposal("probability", "usual", 0.6, Reason("recognition.sample.usual"))
