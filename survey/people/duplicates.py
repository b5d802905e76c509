"""Counting nobody twice: the same respondent with the same answers is skipped, with other answers asked about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection

from survey.answers.respondents import any_twice, respondent_keys
from survey.coding.coded_sheet import CodedSheet
from survey.core.findings import Finding
from survey.people.identities import by_number
from survey.people.moved import Moved, find_moved, moved_question
from survey.people.same_table import same_table
from survey.store.intake import batches, responses
from survey.store.year import register

#: rows named in one note; the count is always complete
FIRST_ROWS = 20
#: the question about a respondent who is stored with other answers
STORED = "checking.other_answers_stored"
#: one question for all: numbers written otherwise within the file, and otherwise than stored ones with the same answers
ALIKE_ROWS, ALIKE_STORED = "checking.alike_numbers", "checking.alike_stored"
#: so many questions about single rows are asked one by one; pairs named in the one about all
FEW, FIRST_PAIRS = 2, 6


@dataclass(frozen=True)
class Verdict:
    """``skip``: rows that are already there; ``other_answers``: rows whose respondent gave other answers elsewhere;
    ``moved``: rows that are stored under another community; ``batches``: where the rows that are there already stand;
    ``met``: row → id, batch and row of the stored response of whom gave other answers; ``takes``: row → ids of the stored responses
    whose place it takes, as a person said."""

    skip: npt.NDArray[np.bool_]
    other_answers: npt.NDArray[np.bool_]
    findings: tuple[Finding, ...]
    moved: tuple[Moved, ...] = ()
    batches: tuple[int, ...] = ()
    met: Mapping[int, tuple[int, int, int]] = field(default_factory=dict)
    takes: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


def against_stored(
    conn: Connection,
    coded: CodedSheet,
    questionnaire: str,
    without: Sequence[int] = (),
    taken: Collection[int] = (),
) -> Verdict:
    """``judge`` the usable rows of a coded sheet against the active responses to a questionnaire, but for those of the
    batches whose place it takes (``without``) and the single ones (``taken``: their ids)."""
    stored = responses.identities(conn, questionnaire, list(coded.years))
    stored = stored[~stored["batch_id"].isin(list(without)) & ~stored["id"].isin(list(taken))]
    names = {c.id: c.name for c in register.communities(conn)}
    place, ids = pd.factorize(stored["community_id"].to_numpy(np.int64, na_value=-1))
    known = pd.DataFrame(
        {
            "year": stored["year"],
            "place": np.array([names.get(i, "") for i in ids.tolist()], dtype=object)[place],
            "respondent": stored["respondent"],
            "digest": stored["answers_hash"],
            "batch": stored["batch_id"],
            "sheet": stored["sheet"].fillna(""),
            "row": stored["row"],
            "id": stored["id"],
            "fold": respondent_keys(stored["respondent"], stored["mode"], with_mode=coded.form.mode_in_key),
        }
    )
    found = judge(
        coded.keys.assign(respondent=pd.Series(coded.named, dtype=object)),
        known,
        alike=coded.folds,
        sheet=coded.sheet.name,
        rows=coded.row_numbers,
        cells=coded.respondent_cells,
        header=coded.respondent_header,
    )
    again, same = same_table(conn, coded, questionnaire)
    moved = find_moved(coded, known)
    about = (*found.findings, *([same] if same else []), *([moved_question(coded, moved)] if moved else []))
    found = replace(found, skip=found.skip | again, findings=about, moved=moved)
    files = {n: batches.get(conn, n).file for n in {f.params["batch"] for f in found.findings if f.code == STORED}}
    return replace(found, findings=by_number((_with_file(f, files) for f in found.findings), coded.by_phone))


def _with_file(finding: Finding, files: Mapping[int, str]) -> Finding:
    """A question about a stored response, with the name of the file that it came from."""
    if finding.code != STORED:
        return finding
    return replace(finding, params={**finding.params, "file": files[finding.params["batch"]]})


def judge(
    keys: pd.DataFrame,
    stored: pd.DataFrame,
    *,
    alike: Sequence[str | None],
    sheet: str,
    rows: Sequence[int],
    cells: Sequence[str],
    header: str,
) -> Verdict:
    """Compare rows with each other and with what is stored, numbers as ``survey.answers.respondents`` says.

    ``keys``: year, place (community name or ''), respondent (None where there is none), digest.
    ``stored``: the same columns with batch, sheet and row, of active batches, and ``fold`` what each respondent is compared by.
    ``alike``: what each respondent of ``keys`` is compared by; ``rows``, ``cells``: sheet row and A1 address of the respondent's cell of each row of ``keys``.
    """
    if stored.empty and not any_twice(alike):  # whatever the year and place
        nobody = np.zeros(len(keys), dtype=bool)
        return Verdict(nobody, nobody.copy(), ())
    work = _Work(keys, stored, alike)
    work.compare()
    say = _Sentences(sheet, rows, cells, header, keys["respondent"].tolist())
    there = tuple(sorted({s.batch for _, s in (*work.in_store, *work.alike)}))
    met = {i: (s.id, s.batch, s.row) for i, s in work.other_store}
    return Verdict(work.skip, work.others, tuple(say.findings(work)), batches=there, met=met)


@dataclass(frozen=True, slots=True)
class _Stored:
    """A stored response: who it was as typed, the fingerprint of the answers, where it stands."""

    respondent: str
    digest: str
    batch: int
    sheet: str
    row: int
    id: int = 0


class _Work:
    """The rows one by one: those that are there already, and those whose respondent is there with other answers.

    Pairs of (row, other row or stored response): ``in_file``, ``in_store`` are the same people with the same answers;
    ``twins``: numbers of the file that differ only in how they are written; ``alike``: the same of a stored one that
    gave the same answers; ``other_file``, ``other_store``: other answers.
    """

    def __init__(self, keys: pd.DataFrame, stored: pd.DataFrame, alike: Sequence[str | None]) -> None:
        self.folds = alike
        self.keys = list(zip(*(keys[c].tolist() for c in ("year", "place", "respondent", "digest")), strict=True))
        self.skip, self.others = np.zeros(len(keys), dtype=bool), np.zeros(len(keys), dtype=bool)
        self.known: dict[tuple[Any, Any, str], list[_Stored]] = {}
        columns = ["year", "place", "fold", "respondent", "digest", "batch", "sheet", "row"]
        columns += ["id"] if "id" in stored else []
        stored = stored[stored["fold"].isin({fold for fold in alike if fold is not None})]  # nobody asks for the others
        for year, place, fold, *rest in zip(*(stored[c].tolist() for c in columns), strict=True):
            self.known.setdefault((year, place, fold), []).append(_Stored(*rest))
        self.in_file: list[tuple[int, int]] = []
        self.twins: list[tuple[int, int]] = []
        self.other_file: list[tuple[int, int]] = []
        self.in_store: list[tuple[int, _Stored]] = []
        self.alike: list[tuple[int, _Stored]] = []
        self.other_store: list[tuple[int, _Stored]] = []

    def compare(self) -> None:
        """Fill the lists and the flags."""
        first: dict[tuple[Any, Any, str], int] = {}
        typed: dict[tuple[Any, Any, str], dict[str, int]] = {}  # of the few who stand here more than once
        for i, ((year, place, respondent, _), folding) in enumerate(zip(self.keys, self.folds, strict=True)):
            if folding is None:
                continue
            fold = (year, place, folding)
            twin = first.setdefault(fold, i)
            here = i
            if twin != i:
                here = typed.setdefault(fold, {self.keys[twin][2]: twin}).setdefault(respondent, i)
                if here == i:
                    self.twins.append((i, twin))
            if fold in self.known or here != i:
                self._known(i, here, self.known.get(fold, []))

    def _known(self, i: int, here: int, stored: Sequence[_Stored]) -> None:
        """A row of somebody who stands in the store, or before it in the file (``here``)."""
        respondent, digest = self.keys[i][2:]
        there = self._stored(stored, respondent, digest)
        if there is not None:
            self._against_stored(i, there, same=there.digest == digest)
        elif here != i:
            same = self.keys[here][3] == digest
            (self.in_file if same else self.other_file).append((i, here))
            (self.skip if same else self.others)[i] = True

    @staticmethod
    def _stored(found: Sequence[_Stored], respondent: str, digest: str) -> _Stored | None:
        """The stored response of a respondent: as typed, else the one alike with these answers, else any alike."""
        typed = [s for s in found if s.respondent == respondent]
        return next((s for s in (*reversed(typed), *(f for f in found if f.digest == digest), *found)), None)

    def _against_stored(self, i: int, there: _Stored, *, same: bool) -> None:
        typed = there.respondent == self.keys[i][2]
        (self.skip if same else self.others)[i] = True
        if same:
            (self.in_store if typed else self.alike).append((i, there))
        else:
            self.other_store.append((i, there))


class _Sentences:
    """What is said of a comparison; ``findings`` gives all of it."""

    def __init__(
        self, sheet: str, rows: Sequence[int], cells: Sequence[str], header: str, respondents: Sequence[str | None]
    ) -> None:
        self.sheet, self.rows, self.cells, self.header, self.respondents = sheet, rows, cells, header, respondents

    def findings(self, work: _Work) -> Iterator[Finding]:
        """Questions first, row by row or one for all, then notes on what is skipped."""
        if len(work.twins) > FEW:
            yield self._together(ALIKE_ROWS, [(i, self.rows[j], self.respondents[j] or "") for i, j in work.twins])
        else:
            for i, j in work.twins:
                yield self._one("checking.alike_respondents", i, other=self.rows[j], same=self.respondents[j])
        if work.alike:
            told = [(i, s.row, s.respondent) for i, s in work.alike]
            batches = "、".join(str(b) for b in sorted({s.batch for _, s in work.alike}))
            yield self._together(ALIKE_STORED, told, batches=batches)
        for i, there in work.other_store:
            yield self._one(STORED, i, batch=there.batch, sheet=there.sheet, other=there.row)
        for i, j in work.other_file:
            yield self._one("checking.other_answers", i, other=self.rows[j])
        if work.in_file:
            pairs = "、".join(f"{self.rows[i]}={self.rows[j]}" for i, j in work.in_file[:FIRST_ROWS])
            yield self._skipped("checking.duplicate_rows", [i for i, _ in work.in_file], pairs=pairs)
        if work.in_store:
            batches = "、".join(str(b) for b in sorted({s.batch for _, s in work.in_store}))
            yield self._skipped("checking.already_stored", [i for i, _ in work.in_store], batches=batches)

    def _one(self, code: str, i: int, **params: Any) -> Finding:
        found = {"found": self.respondents[i], **params}
        return Finding(code, "ask", "row", self.sheet, self.cells[i], self.rows[i], self.header, found)

    def _together(self, code: str, told: Sequence[tuple[int, int, str]], **params: Any) -> Finding:
        """One question about rows whose number is another's in another way of writing."""
        i = told[0][0]
        pairs = "、".join(f"{self.respondents[i]}={same}" for i, _, same in told[:FIRST_PAIRS])
        rows = "、".join(str(self.rows[i]) for i, _, _ in told[:FIRST_ROWS])
        said = {"n": len(told), "pairs": pairs, "rows": rows, **params}
        return Finding(code, "ask", "sheet", self.sheet, self.cells[i], 0, self.header, said)

    def _skipped(self, code: str, places: Sequence[int], **params: Any) -> Finding:
        shown = "、".join(str(self.rows[i]) for i in places[:FIRST_ROWS])
        said = {"n": len(places), "rows": shown, **params}
        return Finding(code, "note", "row", self.sheet, self.cells[places[0]], self.rows[places[0]], self.header, said)
