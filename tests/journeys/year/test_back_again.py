"""Single responses that were exported for other programs come back through our own intake, answer by answer."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select, update

import xingfu
from analysis.indicators.stored import stored
from analysis.publication.new_store import initialise
from survey.form.answer_codes import BLANK, INVALID, SKIPPED
from survey.store import Store, names_en
from survey.store.engine import tables as t
from survey.store.intake import questionnaires, responses
from survey.store.year import register, schemes
from tests.tools.stores.older_demo import unpacked

YEAR = "2013"


#: a year with answers of two kinds of samples to one questionnaire: people drawn, and quotas
TWO_KINDS = "2014"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Path]]:
    """A store, and the folder of single responses of two of its years."""
    folder = tmp_path_factory.mktemp("back")
    place = unpacked(folder)
    with Store.open(place).write() as conn:
        mine = select(t.responses.c.batch_id).where(t.responses.c.year == int(TWO_KINDS), t.responses.c.mode == "phone")
        conn.execute(update(t.batches).where(t.batches.c.id.in_(mine)).values(sample_type="quota"))
    for year in (YEAR, TWO_KINDS):
        told = ["export", "--year", year, "--format", "data", "--responses", "--out", str(folder / year)]
        assert xingfu.main(["--store", str(place), *told]) == 0
    return place, {year: folder / year / "responses" for year in (YEAR, TWO_KINDS)}


def answers(place: Path, year: str) -> Counter[tuple[object, ...]]:
    """What everybody of the year answered to the closed questions; what is no valid answer is none."""
    with Store.open(place).read() as conn:
        version = questionnaires.get(conn, "default")
        block = responses.load(conn, version)
    rows = (block.design["year"] == int(year)).to_numpy()
    asked = [
        version.form.position[q.name] for q in version.form.questions if q.coding in ("choice", "step") and not q.role
    ]
    codes, kept = block.codes[rows][:, asked], block.design[rows]
    codes = np.where(np.isin(codes, (SKIPPED, INVALID)), BLANK, codes)
    said = [kept[c].astype(str) for c in ("community_code", "mode", "sample_type", "sex", "age_band")]
    return Counter(zip(*said, map(tuple, codes.tolist()), strict=True))


@pytest.mark.parametrize("ending", ["csv", "sav"])
@pytest.mark.parametrize("year", [YEAR, TWO_KINDS])
def test_everybody_is_there_again_with_every_answer_and_nothing_is_asked(exported, tmp_path, capsys, year, ending):
    place, folders = exported
    new = tmp_path / "new.db"
    with Store.open(place).read() as conn:
        communities = register.communities(conn)
    store = Store.open(new, create=True)
    initialise(store)
    with store.write() as conn:
        register.save(conn, communities)
    store.close()
    files = sorted(map(str, folders[year].glob(f"default_v1*.{ending}")))
    assert len(files) == (2 if year == TWO_KINDS else 1)
    assert xingfu.main(["--store", str(new), "import", *files, "--questionnaire", "default"]) == 0
    told = answers(new, year)
    assert told.total() > 1000
    assert told == answers(place, year)
    assert len({kind for _, _, kind, *_ in told}) == len(files)


def test_what_our_intake_does_not_read_says_what_to_take_instead(exported, tmp_path, capsys):
    place, folders = exported
    for ending in ("dta", "parquet"):
        assert (
            xingfu.main(
                [
                    "--store",
                    str(place),
                    "import",
                    str(folders[YEAR] / f"default_v1.{ending}"),
                    "--questionnaire",
                    "default",
                ]
            )
            == 3
        )
        said = capsys.readouterr().out
        assert ".csv" in said
        assert "XML" not in said


@pytest.mark.parametrize(("out", "back"), [("zh", "en"), ("en", "zh")])
def test_register_forms_and_values_come_back_in_the_other_language_and_nothing_is_asked(tmp_path, capsys, out, back):
    """What is kept of them and what it says is the same; once there, none of them says anything new."""
    old, new = unpacked(tmp_path), tmp_path / "new.db"
    files = {name: str(tmp_path / name) for name in ("q.xlsx", "s.xlsx", "i.xlsx", "r.xlsx")}

    def run(place: Path, lang: str, *words: str) -> tuple[int, str]:
        capsys.readouterr()
        return xingfu.main(["--store", str(place), "--lang", lang, *words]), capsys.readouterr().out

    assert run(old, out, "questionnaire", "export", "default", files["q.xlsx"])[0] == 0
    assert run(old, out, "scheme", "template", files["s.xlsx"], "--scheme", "default")[0] == 0
    assert run(old, out, "indicators", "template", YEAR, files["i.xlsx"])[0] == 0
    assert run(old, out, "communities", "export", files["r.xlsx"])[0] == 0
    assert run(new, back, "init")[0] == 0
    for words in (
        ["communities", "add", files["r.xlsx"]],
        ["questionnaire", "add", files["q.xlsx"], "--name", "default"],
        ["scheme", "add", files["s.xlsx"]],
        ["indicators", "import", files["i.xlsx"], "--year", YEAR],
    ):
        assert run(new, back, *words)[0] == 0, words
    assert known(new) == known(old)
    kept = [newest(place) for place in (old, new)]
    assert kept[0] == kept[1]
    assert grounds(new) == grounds(old)
    assert values(run(new, back, "indicators", "list", "--year", YEAR)[1]) == values(
        run(old, back, "indicators", "list", "--year", YEAR)[1]
    )


def known(place: Path) -> tuple[object, ...]:
    """The register: what counted of each community and when, its groups of people, English names."""
    with Store.open(place).read() as conn:
        people = register.population(conn).to_dict("records")
        assert people
        return register.communities(conn), register.history(conn), people, names_en.stored(conn)


def newest(place: Path) -> tuple[object, object]:
    """The questionnaire and the scheme that count, as values."""
    with Store.open(place).read() as conn:
        return questionnaires.get(conn, "default").form, schemes.get(conn, "default").definition


def values(listed: str) -> list[dict[str, str]]:
    """What a list says of every value, but for who brought it in, when, and who looked it over: that is of each store."""
    others = ("entered_by", "entered_at", "review", "reviewed_by", "reviewed_at", "review_reason")
    return [
        {key: cell for key, cell in row.items() if key not in others} for row in csv.DictReader(io.StringIO(listed))
    ]


def grounds(place: Path) -> dict[tuple[str, str], tuple[float, str]]:
    """Community and indicator → the self-score and what it rests on."""
    with Store.open(place).read() as conn:
        known = stored(conn, int(YEAR))
    return {at: (score, known.grounds[at]) for at, score in known.selves.items()}
