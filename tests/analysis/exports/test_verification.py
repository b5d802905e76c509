"""The folder ``verify``: R and its package survey find every published subjective number again; who stays out of it."""

from __future__ import annotations

import dataclasses
import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.exports.verification import verification
from analysis.scoring.results import Results
from analysis.scoring.score import Inputs, score_year
from survey.form.model import Choice, Question
from survey.store.year.register import Community
from tests.tools import needs
from tests.tools.towns.replicates import PLAIN, responses, with_replicates
from tests.tools.towns.survey_toys import block, form, item, lcg, scheme

SEX = Question("sex", "select_one", role="sex", choices=(Choice("m", {"zh": "男"}), Choice("f", {"zh": "女"})))
ROLES = [
    Question(name, kind, role=name)
    for name, kind in (
        ("weight", "decimal"),
        ("psu", "text"),
        ("ssu", "text"),
        ("fpc", "integer"),
        ("fpc2", "integer"),
        ("phone", "text"),
    )
]
NAMES = ("q1", "q2", "q3", "q4")
BANDS = ("18-29", "30-44", "45+")
FILES = {
    "README.txt",
    "margins.csv",
    "points.csv",
    "replicates.csv",
    "responses.csv",
    "scores.csv",
    "settings.csv",
    "verify.R",
}


def town(sampling: str, *, within: str = "", **changes: Any) -> Inputs:
    """300 responses of four communities in two strata of some seven PSUs each, weights, a population; C3 has 4
    responses, C4 has 8, and nobody of C5 but nine answered the last question.

    ``within`` PSUs ``persons`` or ``households`` (some of 9) were drawn; else PSUs are as if taken whole.
    """
    u = lcg(300 * 14, 11).reshape(-1, 14)
    place = np.floor(u[:, 2] * 3).astype(int)
    place[:4], place[4:12], place[12:60] = 3, 4, 5
    questions = (*(item(q, d) for q, d in zip(NAMES, "aabb", strict=True)), SEX, *ROLES)
    questionnaire = form(*questions, sampling=sampling)
    answers: dict[str, list[Any]] = {
        q: [None if m < 0.1 else str(1 + int(5 * a)) for a, m in zip(u[:, 4 + j], u[:, 8 + j], strict=True)]
        for j, q in enumerate(NAMES)
    }
    answers["q4"][21:60] = [None] * 39
    responses = block(
        questionnaire,
        answers,
        community_code=[f"C{k}" for k in place],
        weight=(0.5 + 2 * u[:, 3]).tolist(),
        psu=[str(int(7 * v)) for v in u[:, 1]],
        stratum=[f"s{int(2 * v)}" for v in u[:, 0]],
        fpc=[(30 if within else 150) if v < 0.5 else None for v in u[:, 0]],
        **_within(within, u),
        sex=[("男", "女")[int(2 * v)] for v in u[:, 12]],
        age_band=[BANDS[int(3 * v)] for v in u[:, 13]],
        phone="120-0000",
    )
    rows = [
        (f"C{k}", 2014, sex, band, 100.0 + 40 * i + 30 * j * k)
        for k in range(6)
        for i, sex in enumerate("男女")
        for j, band in enumerate(BANDS)
    ]
    people = pd.DataFrame(rows, columns=["community", "year", "sex", "age_band", "population"])
    communities = [Community(f"C{k}", f"社区{k}", sub_district="示例街道") for k in range(6)]
    tally = pd.DataFrame(columns=["community_code", "received", "duplicate", "refused", "stored"])
    values = pd.DataFrame(columns=["community_code", "indicator", "kind", "value"])
    return Inputs(
        2014,
        scheme(**changes),
        [(questionnaire, responses)],
        communities,
        values,
        tally,
        [],
        False,
        True,
        "2014-12-01T10:00:00+08:00",
        population=people,
    )


def _within(kind: str, u: np.ndarray[Any, Any]) -> dict[str, list[Any]]:
    """The columns of a second stage; who drew persons says how many there are, in every PSU of the first stratum."""
    if not kind:
        return {}
    psu = np.floor(7 * u[:, 1]).astype(int)
    if kind == "households":
        return {"ssu": [str(int(5 * v)) for v in u[:, 9]], "fpc2": [9] * len(u)}
    return {"fpc2": [60 + 5 * k if v < 0.5 else None for v, k in zip(u[:, 0], psu.tolist(), strict=True)]}


def made(inputs: Inputs, lang: str = "en") -> tuple[Results, dict[str, bytes]]:
    results = score_year(inputs, None, {"scheme": "toy", "scheme_version": 1, "data_version": 1})
    return results, verification(results, inputs, lang).files


def table(files: dict[str, bytes], name: str) -> pd.DataFrame:
    return pd.read_csv(BytesIO(files[name]), dtype={"community": str})


TOWNS: list[tuple[str, dict[str, Any]]] = [
    ("by_community", {}),
    ("overall", {}),
    ("by_community", {"weighting": "rake"}),
    ("by_community", {"weighting": "poststratify", "trim": 1.6}),
    ("overall", {"weighting": "rake", "trim": 1.5}),
    ("by_community", {"within": "persons"}),
    ("overall", {"within": "households", "weighting": "rake"}),
    ("by_community", {"within": "households", "lonely_psu": "adjust"}),
]


@cache
def replicate_weights() -> tuple[Results, dict[str, bytes]]:
    """C0 … C2 with replicates, C0x … C2x without, and Cm, which has some of either and is left to itself."""
    made_of, weights = responses(240, 5)
    plain, _ = responses(150, 9)
    code = plain.design["community_code"]
    plain = dataclasses.replace(
        plain, design=plain.design.assign(community_code=np.where(code == "C2", "Cm", code + "x"))
    )
    mixed = made_of.design["community_code"].mask(np.arange(240) < 20, "Cm")
    made_of = dataclasses.replace(made_of, design=made_of.design.assign(community_code=mixed))
    inputs = dataclasses.replace(
        town("by_community"),
        parts=[with_replicates(made_of, weights), (PLAIN, plain)],
        communities=[Community(c, c, sub_district="示例街道") for c in ("C0", "C1", "C2", "C0x", "C1x", "Cm")],
    )
    return made(inputs)


def another_number() -> tuple[Results, dict[str, bytes]]:
    """A town in whose file one standard error is a billionth larger than it is."""
    results, files = made(town("by_community"))
    scores = pd.read_csv(BytesIO(files["scores.csv"]))
    scores.loc[1, "subjective_se"] *= 1 + 1e-9
    return results, {**files, "scores.csv": scores.to_csv(index=False).encode()}


#: runs several verify.R in one R, each as if alone; beside it goes what it says, last its status
SEVERAL = """
for (script in commandArgs(TRUE)) local({
  status <- 0
  alone <- list2env(list(
    quit = function(status = 0) stop(structure(list(status = status), class = c("ended", "error", "condition"))),
    commandArgs = function(...) paste0("--file=", script)))
  said <- capture.output(tryCatch(sys.source(script, alone), ended = function(end) status <<- end$status))
  writeLines(c(said, status), paste0(script, ".said"), useBytes = TRUE)
})
"""


@pytest.fixture(scope="module")
def found_by_r(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Results, list[str]]]:
    """Results of each of TOWNS, of one with ``replicate_weights`` and of one with ``another_number``, and the lines that R
    says of them with the status at the end; one R for all.
    """
    needs.need(needs.no_r())
    folder = tmp_path_factory.mktemp("several")
    (folder / "several.R").write_text(SEVERAL)
    scored = []
    cases = [*(made(town(sampling, **changes)) for sampling, changes in TOWNS), replicate_weights(), another_number()]
    for number, (results, files) in enumerate(cases):
        (folder / str(number)).mkdir()
        for name, data in files.items():
            (folder / str(number) / name).write_bytes(data)
        scored.append((results, folder / str(number) / "verify.R"))
    command = ["Rscript", str(folder / "several.R"), *(str(script) for _, script in scored)]
    subprocess.run(command, capture_output=True, text=True, check=True)
    return [(results, Path(f"{script}.said").read_text().splitlines()) for results, script in scored]


@pytest.mark.parametrize("number", range(len(TOWNS)), ids=[f"{s} {c}" for s, c in TOWNS])
def test_r_finds_the_same(found_by_r: list[tuple[Results, list[str]]], number: int) -> None:
    results, (*said, status) = found_by_r[number]
    assert status == "0", said
    lines = {line.split()[0]: line for line in said}
    for code in ("C0", "C1", "C2"):
        score = results.community(code)
        assert score["subjective_se"] > 0
        assert f"{score['subjective']:.8f}" in lines[code]
        assert f"{score['subjective_se']:.8f}" in lines[code]
    assert "3 communities" in said[-1]
    assert "the same" in said[-1]
    assert all("not recomputed" in lines[code] for code in ("C3", "C4", "C5"))


def test_r_takes_the_replicate_weights_that_a_team_brought(found_by_r: list[tuple[Results, list[str]]]) -> None:
    results, (*said, status) = found_by_r[-2]
    assert status == "0", said
    assert "5 communities" in "\n".join(said)
    assert f"{results.community('C1')['subjective_se']:.8f}" in "\n".join(said)
    assert results.community("Cm")["subjective"] > 0


def test_who_has_only_some_replicate_weights_is_left_out() -> None:
    assert "Cm" not in set(table(replicate_weights()[1], "responses.csv")["community"])


def test_r_says_which_number_is_another(found_by_r: list[tuple[Results, list[str]]]) -> None:
    _, (*said, status) = found_by_r[-1]
    assert status == "1"
    assert "DIFFERS: subjective_se" in "\n".join(said)


def test_two_stages_are_in_the_file() -> None:
    """Numbers of both, households under new names; every household has one."""
    results, files = made(town("overall", within="households"))
    rows = table(files, "responses.csv")
    assert list(rows)[3:8] == ["stratum", "psu", "ssu", "fpc", "fpc2"]
    assert set(rows.loc[rows["fpc"] < 1e6, "fpc2"]) == {9}
    assert rows.groupby("ssu")["psu"].nunique().max() == 1
    one = made(town("overall"))[0].community("C0")["subjective_se"]
    assert results.community("C0")["subjective_se"] != pytest.approx(one, rel=1e-3)


@pytest.mark.parametrize("sampling", ["by_community", "overall"])
def test_small_communities_and_what_names_a_person_stay_out(sampling: str) -> None:
    results, files = made(town(sampling, weighting="rake"))
    rows = table(files, "responses.csv")
    assert set(files) == FILES
    assert list(rows) == [
        "id",
        "community",
        "year",
        "stratum",
        "psu",
        "fpc",
        "base_weight",
        "weight",
        "scored",
        "margin_1",
        "margin_2",
        *(f"item_{q}" for q in NAMES),
    ]
    assert set(rows["community"].dropna()) == {"C0", "C1", "C2"}
    bare = rows[rows["community"].isna()]
    assert len(bare) == (60 if sampling == "overall" else 0)
    assert bare.filter(like="item_").isna().all(axis=None)
    assert bare["scored"].eq(0).all()
    assert set(table(files, "points.csv")["community"]) == {"C0", "C1", "C2"}
    published = table(files, "scores.csv").set_index("community")
    assert np.isnan(published.loc["C3", "subjective"])
    assert published.loc["C4", "subjective"] == pytest.approx(results.community("C4")["subjective"])
    assert b"120-0000" not in b"".join(files.values())


def test_what_is_not_scored_has_no_answers_there() -> None:
    _, files = made(town("by_community", partial_share=0.9, complete_share=0.95))
    rows = table(files, "responses.csv")
    left_out = rows[rows["scored"] == 0]
    assert len(left_out)
    assert left_out.filter(like="item_").isna().all(axis=None)


def test_the_same_data_give_the_same_files_in_either_language() -> None:
    assert made(town("by_community"))[1] == made(town("by_community"))[1]
    assert "300" in made(town("by_community"), "zh")[1]["README.txt"].decode()


@pytest.mark.parametrize(
    ("sampling", "changes"),
    [("by_community", {"weighting": "rake"}), ("overall", {}), ("overall", {"within": "households"})],
)
def test_the_order_in_which_people_answered_can_not_be_read_off(sampling: str, changes: dict[str, Any]) -> None:
    """The same responses stored in another order, their strata and PSUs under other names, are the same file."""
    inputs = town(sampling, **changes)
    (questionnaire, stored) = inputs.parts[0]
    other = stored.take(np.random.default_rng(0).permutation(len(stored)))
    for column, name in (("psu", "b{}"), ("stratum", "t{}"), *((("ssu", "h{}"),) if "within" in changes else ())):
        other.design[column] = [name.format(9 - int(str(word).strip("s"))) for word in other.design[column]]
    files = made(dataclasses.replace(inputs, parts=[(questionnaire, other)]))[1]
    assert files["responses.csv"] == made(inputs)[1]["responses.csv"]


@pytest.mark.parametrize("weighting", ["rake", "none"])
def test_without_classes_no_weight_tells_them(weighting: str) -> None:
    """Communities that are weighted stay out; where none is, nothing is missing."""
    inputs = town("by_community", weighting=weighting)
    results = score_year(inputs, None, {"scheme": "toy", "scheme_version": 1, "data_version": 1})
    files = verification(results, inputs, "en", classes=False).files
    whole = verification(results, inputs, "en").files
    assert not [c for c in table(files, "responses.csv") if c.startswith("margin_")]
    assert "Without classes of sex and age" in files["README.txt"].decode()
    same = table(files, "responses.csv").equals(table(whole, "responses.csv"))
    assert same == (weighting == "none")
    assert (len(table(files, "points.csv")) > 0) == (weighting == "none")
