"""What comes later in schemes moves nothing of a closed year: commands, pages, exports are byte for byte what they were."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

import xingfu
from analysis.awards.year import paid, targets
from analysis.exports.workbook import community_workbook
from analysis.publication import cycle_steps, snapshots
from analysis.publication.scheme_versions import put, settled_changes
from analysis.scheme import default_scheme
from dashboard.router import render
from survey.core.lang import LANGUAGES
from survey.store import Store
from survey.store.year import schemes
from survey.store.year.cycle import Event
from tests.tools.dashboard_tools import ADMIN, plain, source_of
from tests.tools.towns.cycle_town import make_town
from tests.tools.towns.two_years import other_points

WAN = 1_000_000
BASE = default_scheme()
YEAR = "2014"
#: what is read of the closed year, by command
COMMANDS = (
    ("score", "--year", YEAR),
    ("estimate", "--questionnaire", "q"),
    ("estimate", "--questionnaire", "q", "--by", "year,community"),
    ("trend",),
    ("streets",),
    ("compare", "--year", YEAR),
    ("lift", "C1", "--year", YEAR),
    ("sensitivity", "--year", YEAR),
    ("targets", "--year", YEAR),
    ("targets", "--year", YEAR, "--communities"),
    ("offices", "--year", YEAR),
    ("coverage", "--year", YEAR),
    ("quality", "reliability", "--year", YEAR),
    ("quality", "weights", "--year", YEAR),
    ("cycle", "show", YEAR),
    ("cycle", "titles"),
    ("awards", "show"),
    ("awards", "forecast", "--year", YEAR),
    ("awards", "forecast", "--year", YEAR, "--by", "community"),
    ("indicators", "list", "--year", YEAR),
    ("tasks", "list", "--year", YEAR),
    ("trace", "C1", YEAR),
    ("scheme", "show", YEAR),
)
PAGES = ("/", "/community/C1", "/compare", "/cycle", "/entry", "/tasks", "/awards", "/quality", "/method")


def dearer(**more):
    """Other amounts, targets, points, thresholds, weights, answer scores: everything that a scheme says."""
    scheme = other_points()
    return replace(
        scheme,
        awards=tuple(replace(a, amount=a.amount + 20_000) for a in scheme.awards),
        targets=tuple(replace(t, share=0.01, due_year=2013) for t in scheme.targets),
        stars=tuple(replace(s, minimum=s.minimum - 100) for s in scheme.stars),
        settings={**scheme.settings, "tier_promotion": "none", "repromotion": "step", "demotion": "one_step"},
        preset=next(name for name in BASE.presets if name != BASE.preset),
        lonely_psu="adjust",
        weighting="rake",
        complete_share=0.5,
        **more,
    )


def close_year(store):
    """C1 five stars by the city, C2 three by the district, archived."""

    def step(kind, code="", **more):
        return Event(kind, 2014, code, **{"who": "李", "document": "1号", "date": "2014-12-01", **more})

    cycle_steps.take_all(store, [step("applied", "C1", star=5), step("applied", "C2", star=4)])
    cycle_steps.review(store, 2014, "李")
    cycle_steps.calculate(store, 2014, "李")
    cycle_steps.take(store, step("publicised", date="2014-11-20", until="2014-11-27"))
    cycle_steps.take(store, step("decided", "C1", total=930.0, body="district"))
    cycle_steps.take(store, step("decided", "C1", total=920.0, body="city"))
    cycle_steps.take(store, step("decided", "C2", total=760.0, body="district"))
    cycle_steps.name(store, step("title", body="city"))
    cycle_steps.name(store, step("title", document="2号"))
    cycle_steps.close(store, 2014, "李")


@pytest.fixture
def archived(tmp_path, monkeypatch):
    """The path of a store whose year 2014 is closed."""
    monkeypatch.chdir(tmp_path)
    for name in ("XINGFU_LANG", "XINGFU_STORE"):
        monkeypatch.delenv(name, raising=False)
    with closing(Store.open("xingfu.db", create=True)) as store:
        make_town(store)
        close_year(store)
    return "xingfu.db"


def commands(capfd):
    """What each command prints and ends with."""
    found = {}
    for words in COMMANDS:
        capfd.readouterr()
        status = xingfu.main([*words])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        found[words] = (status, out)
    return found


def shown(path):
    """The pages in both languages, and the cells of a community's workbook."""
    with closing(Store.open(path)) as store:
        found = {}
        for lang in LANGUAGES:
            for page in PAGES:
                address = f"?year={YEAR}&lang={lang}"
                found[page, lang] = plain(render(ADMIN, source_of(store), store, None, page, address, {}).children)
            book = load_workbook(BytesIO(community_workbook(snapshots.results(store, 2014), "C1", lang)))
            found["workbook", lang] = [[sheet.title, *sheet.values] for sheet in book]
        return found


def test_no_scheme_that_comes_later_moves_a_closed_year(archived, capfd):
    """A new version of its scheme, another scheme that takes the year over, one for the year after."""
    printed, drawn = commands(capfd), shown(archived)
    assert sum(status == 0 for status, _ in printed.values()) > 20
    with closing(Store.open(archived)) as store:
        for later in (dearer(), dearer(code="earlier", first_year=2014), dearer(code="later", first_year=2015)):
            put(store, later, reason="来文")
    assert {words: out for words, out in commands(capfd).items() if out != printed[words]} == {}
    assert {place: tree for place, tree in shown(archived).items() if tree != drawn[place]} == {}


def test_a_correction_keeps_the_rules_and_takes_those_that_were_added_for_it(archived):
    with closing(Store.open(archived)) as store:
        amounts = [p.amount for p in paid(store).payments]
        states = [p.state for p in targets(store, 2014).progress["title"]]
        assert amounts == [50 * WAN, 15 * WAN]
        put(store, dearer())
        cycle_steps.correct(store, 2014, "李", reason="总分录错", approver="王主任")
        assert [p.amount for p in paid(store).payments] == amounts
        assert [p.state for p in targets(store, 2014).progress["title"]] == states
        with store.read() as conn:
            assert schemes.applicable(conn, 2014).version == 1
            assert schemes.applicable(conn, 2015).version == 2
            assert 2014 in settled_changes(conn, other_points())
        more = tuple(replace(a, amount=a.amount + 20_000) for a in BASE.awards)
        put(store, replace(BASE, awards=more))  # the amounts were wrong
        assert [p.amount for p in paid(store).payments] == [52 * WAN, 17 * WAN]
        cycle_steps.close(store, 2014, "李")
        put(store, replace(BASE, min_responses=30), reason="来文")
        assert [p.amount for p in paid(store).payments] == [52 * WAN, 17 * WAN]
