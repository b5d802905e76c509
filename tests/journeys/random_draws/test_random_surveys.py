"""Random questionnaires, registers and answers, and everything that reads called on them: a result or one sentence.

No state may stay broken: what one command cannot compute another still can, and whatever was brought can be looked at,
exported and taken back.  ``xingfu`` runs in this process, so that many surveys fit into a minute.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

import xingfu
from survey.form.model import Choice, Question, Questionnaire
from survey.form.workbook.writing import write_questionnaire
from survey.store import Store
from survey.store.year import register
from tests.tools import soak, templates

LEVELS = tuple(Choice(str(i), {"zh": f"第{i}级", "en": f"level {i}"}, level=i) for i in range(1, 6))
DIMENSIONS = ("autonomy", "ecology", "service", "culture", "harmony")
#: role → its question's type and what a cell of it may hold
ROLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "respondent": ("text", ()),
    "community": ("text", ()),
    "year": ("integer", ()),
    "sex": ("text", ("男", "女", "")),
    "age": ("integer", ("20", "45", "70", "")),
    "weight": ("decimal", ("1", "2.5", "0.5")),
    "psu": ("text", ("甲楼", "乙楼", "丙楼")),
    "stratum": ("text", ("东", "西")),
    "interviewer": ("text", ("访1", "访2")),
    "mode": ("text", ("paper", "phone", "web")),
}
#: everything that reads, on whatever is there; none of it may fail otherwise than with a sentence
READS = (
    ("score",),
    ("score", "--year", "2014"),
    ("batches",),
    ("coverage",),
    ("rates", "--year", "2014"),
    ("compare",),
    ("trend",),
    ("streets",),
    ("drivers",),
    ("power",),
    ("sensitivity",),
    ("targets",),
    ("offices",),
    ("lift", "C1"),
    ("trace", "C1", "2014"),
    ("estimate", "--questionnaire", "q"),
    ("estimate", "--questionnaire", "q", "--by", "year,sex"),
    ("estimate", "--questionnaire", "q", "--by", "year", "--weighting", "rake"),
    ("quality", "reliability"),
    ("quality", "modes"),
    ("quality", "interviewers"),
    ("quality", "without", "--batch", "1"),
    ("quality", "weights"),
    ("quality", "small-areas"),
    ("cycle", "show"),
    ("awards", "forecast"),
    ("indicators", "list"),
    ("tasks", "list"),
    ("export", "--year", "2014", "--out", "out"),
)


@dataclass(frozen=True)
class Survey:
    """A questionnaire, who is registered (adults by community, None: unknown), and rows of cells by question."""

    form: Questionnaire
    adults: tuple[int | None, ...]
    rows: tuple[tuple[str, ...], ...]
    options: tuple[str, ...] = ()
    reads: tuple[int, ...] = field(default=tuple(range(len(READS))), repr=False)

    def csv(self) -> str:
        """The file of answers."""
        lines = [",".join(q.name for q in self.form.rows), *(",".join(row) for row in self.rows)]
        return "\n".join(lines) + "\n"


def item(number: int, dimension: str) -> Question:
    return Question(f"Q{number}", "select_one", {"zh": f"第{number}题"}, "l", LEVELS, dimension=dimension)


def made(roles: tuple[str, ...], dimensions: tuple[str, ...], **settings: Any) -> Questionnaire:
    """A questionnaire with these roles and one item for each dimension (``''``: not scored)."""
    asked = [Question(role, ROLES[role][0], {"zh": role}, role=role) for role in roles]
    items = [item(number, dimension) for number, dimension in enumerate(dimensions, 1)]
    return Questionnaire(rows=(*asked, *items), title="随机", lists={"l": LEVELS}, **settings)


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    roles = draw(st.sets(st.sampled_from(sorted(ROLES)))) | draw(
        st.sampled_from([{"community", "year"}, {"year"}, set()])
    )
    dimensions = draw(st.lists(st.sampled_from(["", *DIMENSIONS]), min_size=1, max_size=7))
    sampling = draw(st.sampled_from(["by_community", "overall"]))
    form = made(tuple(r for r in ROLES if r in roles), tuple(dimensions), sampling=sampling)
    adults = tuple(draw(st.lists(st.sampled_from([None, 40, 3000]), max_size=3)))
    places = [f"第{i}社区" for i in range(1, len(adults) + 1)] or ["某社区"]
    rows = []
    for year in draw(st.sampled_from([("2014",), ("2013", "2014")])):
        best = draw(st.sampled_from(["1", "12", "12345", "5", ""]))
        for place in places:
            for number in range(draw(st.sampled_from([0, 1, 4, 12, 35]))):
                known = {"respondent": f"{number}", "community": place, "year": year}
                cells = [
                    known.get(q.role) or draw(st.sampled_from(ROLES[q.role][1]))
                    if q.role
                    else (best[(number * 7 + len(rows)) % len(best)] if best else "")
                    for q in form.rows
                ]
                rows.append(tuple(cells))
    options = () if "year" in roles else ("--year", "2014")
    if "community" not in roles and sampling == "by_community" and adults:
        options = (*options, "--community", places[0])
    chosen = tuple(draw(st.lists(st.integers(0, len(READS) - 1), min_size=7, max_size=7, unique=True)))
    return Survey(form, adults, tuple(rows), options, chosen)


def panel() -> Survey:
    """The same people in two years, and no item that scores."""
    rows = [(f"{i}", "第1社区", year, str(1 + i % 5)) for year in ("2013", "2014") for i in range(20)]
    return Survey(made(("respondent", "community", "year"), ("",)), (3000,), tuple(rows))


def nobody_registered() -> Survey:
    """One sample of the whole street, no column of communities, no register."""
    rows = [(f"{i}", "2014", str(1 + i % 5)) for i in range(40)]
    return Survey(made(("respondent", "year"), ("service",), sampling="overall"), (), tuple(rows))


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    before = Path.cwd()
    with TemporaryDirectory() as name:
        os.chdir(name)
        try:
            yield Path(name)
        finally:
            os.chdir(before)


def call(*words: str) -> tuple[int, str]:
    """The status of a command, and all that it printed."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = xingfu.main(["--lang", "zh", "--store", "x.db", *words])
    return status, out.getvalue() + err.getvalue()


def looked_over(survey: Survey) -> None:
    """Bring the survey in, call what reads, take it back and look again."""
    with _folder() as folder:
        with contextlib.closing(templates.initialised(templates.empty_store(folder / "x.db"))) as store:
            _register(store, survey)
        Path("q.xlsx").write_bytes(write_questionnaire(survey.form))
        Path("a.csv").write_text(survey.csv(), encoding="utf-8")
        steps: list[tuple[str, ...]] = [("questionnaire", "add", "q.xlsx", "--name", "q")]
        steps.append(("import", "a.csv", "--questionnaire", "q", "--accept-partial", *survey.options))
        steps += [READS[number] for number in survey.reads]
        steps += [("undo", "1"), READS[survey.reads[0]], ("redo", "1"), ("score",)]
        for words in steps:
            status, said = call(*words)
            assert status in (0, 2, 3, 4), (words, said)
            assert "Traceback" not in said, (words, said)
            assert said.strip() or words[0] == "coverage", words


def _register(store: Store, survey: Survey) -> None:
    with store.write() as conn:
        register.save(
            conn,
            [
                register.Community(f"C{i}", f"第{i}社区", sub_district="示例街道", adult_population=adults)
                for i, adults in enumerate(survey.adults, 1)
            ],
        )


@pytest.mark.property
@soak.examples(5, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(survey=surveys())
@example(survey=panel())
@example(survey=nobody_registered())
def test_whatever_was_brought_every_reader_answers(survey):
    logging.disable(logging.CRITICAL)
    try:
        looked_over(survey)
    finally:
        logging.disable(logging.NOTSET)
