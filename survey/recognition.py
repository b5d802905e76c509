"""What a file is, sheet by sheet, and what to fill in: questionnaire, year, community, mode, kind of sample.

Nothing is decided here: every proposal says from where it comes and how sure it is, and a person confirms it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.calls import Outcomes
from survey.clues import (
    SURE,
    Column,
    Names,
    Places,
    Proposal,
    Reason,
    propose_community,
    propose_year,
    year_of_dates,
)
from survey.evidence import Evidence, Fit, Kind, look
from survey.sources.encoded import columns_of
from survey.sources.sheet import Sheet
from survey.store.questionnaires import StoredForm
from survey.store.register import Community
from survey.tables import plain_text

__all__ = ["SURE", "Names", "Proposal", "Reason", "Recognition", "SheetRecognition", "recognise"]

#: what else may know a sheet (indicator values need the scheme)
Detector = Callable[[Sheet], Evidence | None]
_BY_PHONE = re.compile(r"电话|电访|外呼|cati|phone|\btel\b", re.I)
_ON_PAPER = re.compile(r"书面|纸质|纸本|面访|入户|手工录入|paper|face.?to.?face", re.I)
_ON_WEB = re.compile(r"网络|线上|在线|网上|电子问卷|扫码|问卷星|腾讯问卷|金数据|\bweb\b|online", re.I)
#: platforms that interviewers also carry to the door
_CARRIED = frozenset({"kobo", "odk"})


@dataclass(frozen=True)
class SheetRecognition:
    """One sheet: what it is, how sure, why, and what to fill in.

    ``with_calls``: answers whose rows also say how the telephone contact ended, so that some rows are call records
    only.  ``also``: what else it might be.  ``rows``: rows below the header that say anything.  ``problem``: it is
    known what it is, but it can't come in.  A proposal is None where it makes no sense for this kind.
    """

    sheet: str
    kind: Kind
    certainty: float
    reasons: tuple[Reason, ...]
    rows: int = 0
    header_row: int = 0
    platform: str = ""
    with_calls: bool = False
    questionnaire: Proposal | None = None
    year: Proposal | None = None
    community: Proposal | None = None
    mode: Proposal | None = None
    sample_type: Proposal | None = None
    also: tuple[Kind, ...] = ()
    problem: Reason | None = None

    @property
    def label(self) -> str:
        """Text key of what it is called on a page."""
        if self.kind == "answers" and (self.with_calls or self.platform):
            return "recognition.kind.answers_calls" if self.with_calls else "recognition.kind.answers_platform"
        return f"recognition.kind.{self.kind}"

    @property
    def proposals(self) -> Mapping[str, Proposal]:
        """Name → proposal, of those that make sense."""
        named = {"questionnaire": self.questionnaire, "year": self.year, "community": self.community,
                 "mode": self.mode, "sample_type": self.sample_type}  # fmt: skip
        return {name: p for name, p in named.items() if p is not None}

    @property
    def sure(self) -> bool:
        """Whether nothing of it has to be asked: the kind is clear and every proposal is, or is the documented default."""
        clear = all(
            p.certainty >= SURE or (p.source == "usual" and p.value is not None) for p in self.proposals.values()
        )
        return self.certainty >= SURE and not self.problem and clear

    @property
    def given(self) -> dict[str, str | int]:
        """The proposed values as import options: those that the columns do not say themselves."""
        return {name: p.value for name, p in self.proposals.items() if p.value is not None}

    def as_json(self, lang: str) -> dict[str, Any]:
        """For a page or a program, reasons in words too."""
        return {
            "sheet": self.sheet, "kind": self.kind, "label": Reason(self.label, {"platform": self.platform}).word(lang),
            "certainty": self.certainty, "reasons": [r.word(lang) for r in self.reasons], "rows": self.rows,
            "header_row": self.header_row, "platform": self.platform, "with_calls": self.with_calls,
            "also": list(self.also), "problem": self.problem.word(lang) if self.problem else None, "sure": self.sure,
            **{name: p.as_json(lang) for name, p in self.proposals.items()},
        }  # fmt: skip


@dataclass(frozen=True)
class Recognition:
    """A file: its sheets in order."""

    file: str
    sheets: tuple[SheetRecognition, ...]

    @property
    def main(self) -> SheetRecognition:
        """The sheet that the file was most probably sent for."""
        return max(self.sheets, key=lambda s: (s.kind != "unknown", s.problem is None, s.rows > 0, s.certainty, s.rows))

    @property
    def kind(self) -> Kind:
        """What the file is."""
        return self.main.kind

    @property
    def parts(self) -> tuple[SheetRecognition, ...]:
        """What to import one by one: every sheet of answers or calls; a register or indicator file as a whole."""
        main = self.main
        if main.kind in ("register", "indicators"):
            return (main,)
        known = tuple(s for s in self.sheets if s.kind in ("answers", "calls") and s.rows)
        return known or (main,)

    def as_json(self, lang: str) -> dict[str, Any]:
        """For a page or a program."""
        return {"file": self.file, "kind": self.kind, "sheet": self.main.sheet,
                "sheets": [s.as_json(lang) for s in self.sheets]}  # fmt: skip


def recognise(
    file: str,
    sheets: Sequence[Sheet],
    questionnaires: Sequence[StoredForm],
    register: Sequence[Community],
    detectors: Sequence[Detector] = (),
    outcomes: Outcomes | None = None,
) -> Recognition:
    """What each sheet of a file is and what to fill in beside it.

    Of each questionnaire only the newest version is held against the sheets.  ``detectors`` know more kinds of sheet
    (``analysis.recognition`` adds indicator values).
    """
    newest = {stored.name: stored for stored in sorted(questionnaires, key=lambda s: s.version)}
    work = _Work(file, list(newest.values()), Places(register), outcomes or Outcomes(), detectors)
    return Recognition(file, tuple(work.sheet(sheet) for sheet in sheets))


@dataclass(frozen=True)
class _Work:
    file: str
    forms: list[StoredForm]
    places: Places
    outcomes: Outcomes
    detectors: Sequence[Detector]

    def sheet(self, sheet: Sheet) -> SheetRecognition:
        found = look(sheet, self.forms, self.outcomes)
        found += [e for detector in self.detectors if (e := detector(sheet)) is not None]
        found.sort(key=lambda e: -e.certainty)
        best = _best(found)
        if best is None:
            return SheetRecognition(sheet.name, "unknown", 0.0, (Reason("recognition.why.nothing"),))
        also = tuple(dict.fromkeys(e.kind for e in found if e.kind != best.kind and e.certainty >= 0.5))
        if best.kind == "unknown":
            return SheetRecognition(sheet.name, "unknown", best.certainty, best.reasons, also=also)
        return self._proposals(sheet, best, also)

    def _proposals(self, sheet: Sheet, best: Evidence, also: tuple[Kind, ...]) -> SheetRecognition:
        titles = tuple(t for row in sheet.rows[: best.row] for v in row if (t := plain_text(v)))[:8]
        named = sheet.name if sheet.kind in ("xlsx", "xls") else ""  # a text file's sheet goes by the file's name
        names = Names(self.file, named, titles)
        cells = _Cells(sheet, best)
        fit = best.fits[0] if best.fits else None
        questionnaire = None
        if best.kind in ("answers", "calls"):
            questionnaire = _questionnaire(best, self.forms, names)
            fit = next((f for f in best.fits if questionnaire and f.form.name == questionnaire.value), fit)
        form = fit.form.form if fit else None
        year = community = mode = sample = None
        if best.kind != "register":
            dates = sum((year_of_dates(cells.values(i)) for i in best.dates), Counter[int]())
            year = propose_year(names, cells.column("year"), dates, form.year if form else None)
        if best.kind in ("answers", "calls") and not (form and form.sampling == "overall"):
            community = propose_community(names, cells.column("community"), self.places)
        if best.kind == "indicators" and "community" in best.columns:
            community = propose_community(names, cells.column("community"), self.places)
        if best.kind == "answers":
            mode = _mode(names, best, cells)
            sample = _sample(best, mode)
        return SheetRecognition(
            sheet.name, best.kind, round(best.certainty, 2), best.reasons, cells.rows, sheet.top + best.row + 1,
            best.platform, best.kind == "answers" and best.calls is not None, questionnaire, year, community, mode,
            sample, also, best.problem,
        )  # fmt: skip


def _best(found: Sequence[Evidence]) -> Evidence | None:
    """The surest; answers with outcomes beside them are answers, however sure the outcomes are."""
    answers = next((e for e in found if e.kind == "answers" and e.calls is not None), None)
    return answers or (found[0] if found else None)


class _Cells:
    """The cells below the header, a column at a time; only rows that say anything count."""

    def __init__(self, sheet: Sheet, evidence: Evidence) -> None:
        self.sheet, self.evidence = sheet, evidence
        self.filled = [i for i, row in enumerate(sheet.rows[evidence.first :]) if any(v is not None for v in row)]
        self.rows = len(self.filled)

    def values(self, index: int) -> Sequence[Any]:
        return columns_of(self.sheet.rows, self.evidence.first, [index])[index]

    def column(self, name: str) -> Column | None:
        index = self.evidence.columns.get(name)
        if index is None:
            return None
        return Column(plain_text(self.sheet.rows[self.evidence.row][index]), self.values(index), self.rows)

    def said(self, name: str) -> int:
        index = self.evidence.columns.get(name)
        return 0 if index is None else sum(1 for v in self.values(index) if v is not None and plain_text(v))


def _questionnaire(best: Evidence, forms: Sequence[StoredForm], names: Names) -> Proposal:
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
    params = {"name": chosen.form.name, "others": "、".join(others), "n": chosen.questions, "of": chosen.items}
    if len(named) == 1:
        return Proposal(chosen.form.name, "file", 0.8, Reason("recognition.questionnaire.named", params), others)
    return Proposal(chosen.form.name, "content", 0.5, Reason("recognition.questionnaire.alike", params), others)


def _fits(found: Fit) -> Reason:
    return Reason("recognition.questionnaire.fits", {"name": found.form.name, "n": found.questions, "of": found.items})


def _is_named(stored: StoredForm, names: Names) -> bool:
    texts = " ".join(text for _, text in names.texts)
    words = [w for w in (stored.name, stored.form.title) if len(w) > 2]
    return any(w in texts for w in words) or (stored.form.year is not None and str(stored.form.year) in texts)


def _no_questionnaire(forms: Sequence[StoredForm]) -> Proposal:
    known = tuple(f.name for f in forms)
    return Proposal(
        None, "usual", 0.0, Reason("recognition.questionnaire.nothing", {"known": "、".join(known) or "–"}), known
    )


def _questionnaire_of_calls(forms: Sequence[StoredForm], names: Names) -> Proposal:
    """Call records hold no questions: only a name can tell, or that there is but one questionnaire."""
    known = tuple(f.name for f in forms)
    named = [f.name for f in forms if _is_named(f, names)]
    if len(named) == 1:
        return Proposal(named[0], "file", 0.8, Reason("recognition.questionnaire.by_name", {"name": named[0]}))
    if len(known) == 1:
        return Proposal(known[0], "usual", 0.8, Reason("recognition.questionnaire.only", {"name": known[0]}))
    return Proposal(
        None, "usual", 0.0, Reason("recognition.questionnaire.calls", {"known": "、".join(known) or "–"}), known
    )


def _mode(names: Names, best: Evidence, cells: _Cells) -> Proposal:
    """How the interviews were held: a column, what only the telephone leaves, names, the platform; else paper."""
    if cells.said("mode"):
        column = cells.column("mode")
        certainty = 1.0 if cells.said("mode") >= cells.rows else 0.7
        params = {"header": column.header if column else "", "blank": cells.rows - cells.said("mode")}
        key = "recognition.mode.column" if certainty == 1.0 else "recognition.mode.column_partly"
        return Proposal(None, "column", certainty, Reason(key, params))
    if best.calls is not None:
        return Proposal("phone", "column", 0.95, Reason("recognition.mode.outcomes"))
    for source, text in names.texts:
        for mode, pattern in (("phone", _BY_PHONE), ("paper", _ON_PAPER), ("web", _ON_WEB)):
            if (found := pattern.search(text)) and not (mode == "phone" and best.platform):
                reason = Reason("recognition.mode.name", {"first": source, "word": found[0]})
                return Proposal(mode, source, 0.9, reason)
    if best.platform:
        key = "recognition.mode.carried" if best.platform in _CARRIED else "recognition.mode.platform"
        certainty = 0.5 if best.platform in _CARRIED else 0.9
        return Proposal("web", "platform", certainty, Reason(key, {"platform": best.platform}))
    if cells.said("phone") and cells.said("interviewer"):
        return Proposal("phone", "content", 0.7, Reason("recognition.mode.phones"))
    return Proposal("paper", "usual", 0.6, Reason("recognition.mode.usual"))


def _sample(best: Evidence, mode: Proposal) -> Proposal:
    """How respondents were chosen: a public link lets anybody answer; the design's own columns speak of a sample."""
    if best.columns.keys() & {"weight", "psu", "stratum", "fpc"}:
        return Proposal("probability", "content", 0.85, Reason("recognition.sample.design"))
    if mode.value == "web":
        return Proposal("open", mode.source, 0.8, Reason("recognition.sample.open", {"platform": best.platform}))
    return Proposal("probability", "usual", 0.6, Reason("recognition.sample.usual"))
