"""A measure is one value: what is kept, what a command and a section make of it, and that every one is whole."""

from __future__ import annotations

from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from analysis.commands.measures import command_of
from analysis.exports import flat_files
from analysis.publication import kept_measures
from analysis.quality.list import LINES
from analysis.quality.measure import Measure, Option, Table, downloads, listed, measures, rows_seen, sections
from dashboard.data.measures import measured, table_file
from dashboard.data.results import StoreSource
from dashboard.pages.quality import page, summary
from dashboard.parts.context import Context
from dashboard.web.access import Viewer
from dashboard.web.address import parse
from survey.commands.console import Session
from survey.core.columns import FLAG, SHARE, TEXT, WHOLE, Column, columns
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, known, say
from survey.store import Store
from tests.tools.dashboard_tools import plain, words
from tests.tools.towns import cycle_town, field_town

ROWS = [
    {"community_code": "C1", "community": "甲社区", "n": 1234, "share": 0.25, "planned": True},
    {"community_code": "C2", "community": "乙社区", "n": None, "share": None, "planned": None},
]
TOY = Measure(
    "toy",
    1,
    lambda conn, year, scheme, least=0: {"rows": ROWS, "least": least},
    (
        Table(
            "toy",
            columns(
                Column("community", TEXT),
                Column("n", WHOLE),
                Column("share", SHARE),
                Column("planned", FLAG, "columns.n"),
            ),
            lambda body, lang: body["rows"],
            "community n share planned",
            "page_quality.file_modes",
        ),
        Table("short", columns(Column("n", WHOLE)), lambda body, lang: body["rows"], "n", "page_quality.file_weights"),
    ),
    lambda body, lang: [f"{len(body['rows'])}/{body['least']}"],
    options=(
        Option("short", "weights.help.classes", table="short"),
        Option("least", "power.option.n", int, 0, "N", least=0, asked=True),
        Option("where", "drivers.option.community", "community", "", "C"),
    ),
    narrow=lambda body, given: {**body, "rows": [r for r in ROWS if given["where"] in ("", r["community"])]},
    place=9,
    title="page_quality.title_modes",
    seen=rows_seen("rows"),
)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return field_town.town(tmp_path_factory.mktemp("field"))


@pytest.fixture
def run(town: Store) -> Any:
    app = typer.Typer()
    app.command("toy")(command_of(TOY))
    session = Session(town.where, "en", False, flat_files)
    return lambda *given: CliRunner().invoke(app, list(given), obj=session)


def test_what_is_kept_has_the_name_and_the_version(town: Store):
    found = TOY.find(town, 2014)
    assert (found.name, found.body) == ("toy:1", {"rows": ROWS, "least": 0})
    assert found == kept_measures.kept(town, 2014, "toy:1", lambda *_: pytest.fail("computed twice"))


def test_a_command_says_its_sentences_and_gives_the_table_asked_for(run, tmp_path):
    done = run()
    assert (done.exit_code, done.stderr) == (0, "2/0\n")
    assert done.stdout == "community,n,share,planned\n甲社区,1234,0.25,true\n乙社区,,,\n"
    done = run("--short", "--least", "7", "--where", "甲社区", "--year", "2014")
    assert (done.stdout, done.stderr) == ("n\n1234\n", "1/7\n")
    assert run("--least", "-1").exit_code == 2
    assert run("--out", str(tmp_path / "toy.csv")).stdout == ""
    assert (tmp_path / "toy.csv").read_text(encoding="utf-8").startswith("community,n,share,planned\n")
    with pytest.raises(Refused):
        raise run("--year", "1990").exception


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_section_is_drawn_from_the_value_alone(town: Store, lang: str, monkeypatch: pytest.MonkeyPatch):
    one = Viewer("c1", "leader", frozenset({"C1"}))
    found = measured(one, StoreSource(town), town, 2014, TOY)
    assert [row["community_code"] for row in found.body["rows"]] == ["C1"]
    name, data, _ = table_file(found, TOY.table(), lang)
    assert name == f"2014_{say(lang, 'page_quality.file_modes')}.csv"
    assert "乙社区" not in data.decode("utf-8-sig")
    whole = Viewer("all", "leader")
    context = page_context(whole, town, lang)
    monkeypatch.setattr(page, "DRAWN", {})
    monkeypatch.setattr(summary, "JUDGED", {})
    monkeypatch.setattr(page, "sections", lambda: (TOY,))
    monkeypatch.setattr(page.service, "listed", lambda name: TOY)
    drawn = page.page(context).children
    said = words(drawn)
    for text in ("1,234", "25%", "甲社区", "—", "2/0", say(lang, "columns.share"), say(lang, "page_quality.yes")):
        assert text in said
    assert "/download/quality/short" in str(plain(drawn))


def page_context(viewer: Viewer, store: Store, lang: str) -> Any:
    return Context(viewer, StoreSource(store), parse("/quality", f"?year=2014&lang={lang}", {}), store)


def test_those_for_the_whole_are_not_for_a_part(town: Store):
    one = Viewer("c1", "leader", frozenset({"C1"}))
    with pytest.raises(Refused) as refused:
        measured(one, StoreSource(town), town, 2014, listed("modes"))
    assert refused.value.key == "page_field.whole_only"


def test_names_of_kept_results_are_what_they_were():
    assert {m.kept_as for m in measures() if m.version} == {
        "reliability:4",
        "drivers:3",
        "modes:4",
        "interviewers:2",
        "without:3",
        "rates:1",
        "sensitivity:5",
        "sensitivity_runs:4",
    }


def test_every_measure_is_whole():
    assert [m.name for m in measures()] == [line.name for line in LINES]
    assert [line.help for line in LINES if not known(line.help)] == []
    assert len(set(LINES)) == len(LINES) > 9
    for one in measures():
        texts = [*(o.help for o in one.options), *([one.title] if one.place else [])]
        texts += [t.title for t in one.tables if one.place]
        assert [key for key in texts if not known(key)] == []
        for table in one.tables:
            assert table.columns.kinds(table.fits)
        asked = {o.table for o in one.options if o.table}
        assert asked <= {t.name for t in one.tables}


def test_sections_and_downloads_are_those_of_the_addresses():
    assert [m.name for m in sections()] == [
        "reliability",
        "weights",
        "modes",
        "interviewers",
        "without",
        "small_areas",
        "rates",
    ]
    assert set(downloads()) == {
        "reliability",
        "weights",
        "weight_classes",
        "modes",
        "interviewers",
        "variance",
        "without",
        "small_areas",
        "rates",
        "rates_community",
        "rates_interviewer",
        "rates_mode",
        "rates_week",
    }


def test_scores_computed_anew_leave_out_whom_the_published_result_does_not_count_whole(
    sqlite_store: Store,
):
    published = cycle_town.publish(sqlite_store)
    before = {name: listed(name).find(published, 2014).body for name in ("sensitivity", "sensitivity_runs", "without")}
    assert [row["rank"] for row in before["sensitivity"]["communities"]] == [1, 1]
    cycle_town.late_answers(published)
    left = listed("sensitivity").find(published, 2014).body["communities"]
    assert [(row["community_code"], row["rank"], row["runs_rank_low"]) for row in left] == [("C2", None, None)]
    assert left[0]["total"] == before["sensitivity"]["communities"][1]["total"]
    runs = listed("sensitivity_runs").find(published, 2014).body
    assert [one["community_code"] for one in runs["communities"]] == ["C2"]
    assert {len(run) for run in runs["totals"]} == {1}
    assert {rank for run in runs["ranks"] for rank in run} == {None}
    assert {row["community_code"] for row in before["without"]["rows"]} == {"C1", "C2"}
    assert {row["community_code"] for row in listed("without").find(published, 2014).body["rows"]} == {"C2"}
    session = Session(published.where, "zh", False, flat_files)
    app = typer.Typer()
    app.command("without")(command_of(listed("without")))
    said = CliRunner().invoke(app, [], obj=session).stderr
    assert say("zh", "cycle.left_out", year=2014, n=1, communities="甲社区") in said
