"""What a file is, sheet by sheet, and what to fill in: questionnaire, year, community, mode, kind of sample.

Nothing is decided here: every proposal says from where it comes and how sure it is, and a person confirms it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from survey.files.own_workbooks import plain_text
from survey.files.readers.sheet import Sheet
from survey.form.dispositions import Outcomes
from survey.matching.proposed_options import Cells, propose_mode, propose_questionnaire, propose_sample
from survey.matching.sheet_kinds import Evidence, Kind, possible_kinds
from survey.matching.sheet_matching import upright
from survey.matching.year_community_mode import (
    SURE,
    Names,
    Places,
    Proposal,
    Reason,
    propose_community,
    propose_year,
    year_of_dates,
)
from survey.store.intake.questionnaires import StoredForm
from survey.store.year.register import Community

__all__ = ["SURE", "Names", "Proposal", "Reason", "Recognition", "SheetRecognition", "recognise"]

_SCHEME = "recognition.why.is_scheme"
#: what else may know a sheet (indicator values need the scheme)
Detector = Callable[[Sheet], Evidence | None]


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
        named = {
            "questionnaire": self.questionnaire,
            "year": self.year,
            "community": self.community,
            "mode": self.mode,
            "sample_type": self.sample_type,
        }
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
            "sheet": self.sheet,
            "kind": self.kind,
            "label": Reason(self.label, {"platform": self.platform}).word(lang),
            "certainty": self.certainty,
            "reasons": [r.word(lang) for r in self.reasons],
            "rows": self.rows,
            "header_row": self.header_row,
            "platform": self.platform,
            "with_calls": self.with_calls,
            "also": list(self.also),
            "problem": self.problem.word(lang) if self.problem else None,
            "sure": self.sure,
            **{name: p.as_json(lang) for name, p in self.proposals.items()},
        }


@dataclass(frozen=True)
class Recognition:
    """A file: its sheets in order."""

    file: str
    sheets: tuple[SheetRecognition, ...]

    @property
    def main(self) -> SheetRecognition:
        """The sheet that the file was most probably sent for; a scheme is one as a whole, whatever its sheets hold."""
        scheme = next((s for s in self.sheets if _SCHEME in (r.key for r in s.reasons)), None)
        return scheme or max(
            self.sheets, key=lambda s: (s.kind != "unknown", s.problem is None, s.rows > 0, s.certainty, s.rows)
        )

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
        return {
            "file": self.file,
            "kind": self.kind,
            "sheet": self.main.sheet,
            "sheets": [s.as_json(lang) for s in self.sheets],
        }


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
    (``analysis.indicators.recognition`` adds indicator values).
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
        found = possible_kinds(sheet, self.forms, self.outcomes)
        if not any(e.certainty > 0.5 for e in found):  # what only looks answered is no more
            on_its_side = (upright([sheet], stored.form)[0] for stored in self.forms)
            for upright_one in on_its_side:
                if upright_one is not sheet:
                    return replace(self.sheet(upright_one), sheet=sheet.name)
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
        named = sheet.name if sheet.kind not in ("text", "sav") else ""  # a text file's sheet goes by the file's name
        names = Names(self.file, named, titles)
        cells = Cells(sheet, best)
        fit = best.fits[0] if best.fits else None
        questionnaire = None
        if best.kind in ("answers", "calls"):
            questionnaire = propose_questionnaire(best, self.forms, names)
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
            mode = propose_mode(names, best, cells)
            sample = propose_sample(best, mode, cells)
        return SheetRecognition(
            sheet.name,
            best.kind,
            round(best.certainty, 2),
            best.reasons,
            cells.rows,
            sheet.top + best.row + 1,
            best.platform,
            best.kind == "answers" and best.calls is not None,
            questionnaire,
            year,
            community,
            mode,
            sample,
            also,
            best.problem,
        )


def _best(found: Sequence[Evidence]) -> Evidence | None:
    """The surest; answers with outcomes beside them are answers, however sure the outcomes are."""
    answers = next((e for e in found if e.kind == "answers" and e.calls is not None), None)
    return answers or (found[0] if found else None)
