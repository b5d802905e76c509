"""From a file to what it changed: how a batch answered an item, the rows of a batch, and one row with all that it counts for.

Who gave an answer is never told: not the respondent's id, nor the interviewer.  Of a community with few respondents nothing
is told but where its answers stand (``limits.TOTALS_BELOW``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.engine import Connection

from analysis.sample.completeness import COMPLETE, INCOMPLETE, INELIGIBLE, PARTIAL, completeness, scored_items
from analysis.sample.person_scores import PersonScores, person_scores
from analysis.sample.pooled_sample import Part
from analysis.scheme import Scheme
from analysis.scheme.serial import from_dict
from analysis.statistics.design import Floats
from analysis.tables.tracing.trace import published_batches, said_in
from survey.core import limits
from survey.core.errors import Refused
from survey.core.lazily import cached_property
from survey.form.model import Question
from survey.store.intake import batches, questionnaires, responses
from survey.store.intake.batches import Batch
from survey.store.intake.questionnaires import StoredForm
from survey.store.year import register, schemes

#: what became of a response → its word
STATES = {COMPLETE: "complete", PARTIAL: "partial", INCOMPLETE: "incomplete", INELIGIBLE: "ineligible"}


@dataclass(frozen=True)
class Cell:
    """One answer: ``cells`` its addresses (empty where only the row is known), ``said`` as it was coded, ``score`` 0–100 where
    it has one; ``points`` what it adds to the community's score of ``full``, None where it adds nothing or it is not told."""

    question: Question
    cells: str
    said: Any
    dimension: str = ""
    score: float | None = None
    full: float | None = None
    points: float | None = None


@dataclass(frozen=True)
class Row:
    """One response: where it stands, what became of it, and each answer."""

    id: int
    batch: Batch
    sheet: str
    row: int
    mode: str
    state: str
    counts: bool
    weight: float | None
    cells: tuple[Cell, ...]

    @property
    def points(self) -> float:
        """What it adds to the community's survey score."""
        return sum(cell.points or 0.0 for cell in self.cells)


@dataclass(frozen=True)
class Line:
    """A response in a list: where it stands, and its answer to the item that is asked for."""

    id: int
    batch: int
    sheet: str
    row: int
    cells: str
    said: Any


class Responses:
    """The active responses of a community and year under the scheme of that year; ``small`` where few answered."""

    def __init__(self, conn: Connection, code: str, year: int) -> None:
        ids = [c.id for c in register.communities(conn) if c.code == code and c.id is not None]
        forms = [questionnaires.by_id(conn, form_id) for form_id in responses.forms_in(conn, year)]
        loaded = [(stored, responses.load(conn, stored, years=[year], community_ids=ids)) for stored in forms]
        self.stored: tuple[StoredForm, ...] = tuple(stored for stored, block in loaded if len(block))
        self.parts: tuple[Part, ...] = tuple((stored.form, block) for stored, block in loaded if len(block))
        self.scheme: Scheme = from_dict(schemes.applicable(conn, year).definition)
        self.batches: Mapping[int, Batch] = {b.id: b for b in batches.listing(conn)}
        counted = published_batches(conn, code, year)
        self.counted = None if counted is None else frozenset(counted)
        self.small = sum(len(block) for _, block in self.parts) < limits.TOTALS_BELOW

    @cached_property
    def persons(self) -> PersonScores:
        """Scores of every response and item."""
        return person_scores(self.scheme, self.parts)

    @cached_property
    def status(self) -> Any:
        """(n,) what became of every response."""
        return completeness(self.scheme, self.persons.sample, scored_items(self.scheme, self.parts)).status

    @cached_property
    def weight(self) -> Floats | None:
        """(n,) design weights; None where the scheme weights anew over all of them, so that no single share can be told."""
        if self.scheme.weighting != "none":
            return None
        return np.asarray(self.persons.sample.design.weight, dtype=np.float64)

    def by_batch(self, item: str) -> dict[int, dict[str, int]]:
        """Batch → answer as it was coded → how many; nothing where few answered."""
        found: dict[int, dict[str, int]] = {}
        for line in self.lines(item):
            answers = found.setdefault(line.batch, {})
            answers[str(line.said)] = answers.get(str(line.said), 0) + 1
        return found

    def lines(self, item: str, batch: int | None = None) -> list[Line]:
        """The responses that were asked the item, of one batch or all; none where few answered."""
        if self.small:
            return []
        found = []
        for form, block in self.parts:
            if item not in form.position:
                continue
            design = block.design
            places = zip(*(design[c].tolist() for c in ("response_id", "batch_id", "sheet", "row")), strict=True)
            for (number, of, sheet, row), said in zip(places, said_in(form, item, block), strict=True):
                if batch is None or of == batch:
                    found.append(
                        Line(int(number), int(of), str(sheet or ""), int(row), self._cells(of, row, item), said)
                    )
        return found

    def one(self, number: int, points: Mapping[str, float]) -> Row:
        """One response; ``points``: what each item is worth in this community.  Raises Refused for one that is not here."""
        if self.small:
            raise Refused("tracing.few")
        at = 0
        for form, block in self.parts:
            place = np.flatnonzero(block.design["response_id"].to_numpy() == number)
            if len(place):
                return self._row(form, block, int(place[0]), at + int(place[0]), points)
            at += len(block)
        raise Refused("tracing.no_row", number=number)

    def _row(self, form: Any, block: Any, place: int, at: int, points: Mapping[str, float]) -> Row:
        design = block.design.iloc[place]
        batch, row = int(design["batch_id"]), int(design["row"])
        mine = {item.name: j for j, item in enumerate(self.persons.items)}
        counts = bool(self.persons.scored[at]) and (self.counted is None or batch in self.counted)
        private = {q.name for q in form.questions if q.role or q.coding == "text"}
        cells = [
            self._cell(form, block, question, place, at, mine.get(question.name), points, counts=counts)
            for question in form.questions
            if question.name not in private
        ]
        weight = None if self.weight is None else float(self.weight[at])
        return Row(
            int(design["response_id"]),
            self.batches[batch],
            str(design["sheet"] or ""),
            row,
            str(design["mode"] or ""),
            STATES[int(self.status[at])],
            counts,
            weight,
            tuple(cells),
        )

    def _cell(
        self,
        form: Any,
        block: Any,
        question: Question,
        place: int,
        at: int,
        item: int | None,
        points: Mapping[str, float],
        *,
        counts: bool,
    ) -> Cell:
        design = block.design.iloc[place]
        said = said_in(form, question.name, block)[place]
        where = self._cells(int(design["batch_id"]), int(design["row"]), question.name)
        if item is None:
            return Cell(question, where, said)
        score = float(self.persons.scores[at, item])
        full = points.get(question.name)
        adds = None
        if counts and full is not None and not np.isnan(score):
            share = self._share(at, item)
            adds = None if share is None else full * score / 100 * share
        dimension = self.persons.items[item].dimension.code
        return Cell(question, where, said, dimension, None if np.isnan(score) else score, full, adds)

    def _share(self, at: int, item: int) -> float | None:
        """The part of an item's mean that one response makes up."""
        if self.weight is None:
            return None
        used = self.persons.scored & ~np.isnan(self.persons.scores[:, item])
        if self.counted is not None:
            used &= np.isin(self.persons.sample.numbers("batch_id"), list(self.counted))
        total = float(self.weight[used].sum())
        return float(self.weight[at]) / total if total > 0 else None

    def _cells(self, batch: int, row: int, question: str) -> str:
        """``E7``; several parted by blanks; empty where the import did not keep which column it was, or no row is known."""
        columns: Any = self.batches[batch].options.get("columns") or {}
        letters: Sequence[str] = str(columns.get(question, "")).split() if row > 0 else ()
        return " ".join(f"{one}{row}" for one in letters)
