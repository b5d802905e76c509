"""Each limit but that of small groups, changed: what is computed, refused, exported and said follows it."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook

from analysis.cycle.title_rules import Rules
from analysis.exports.workbook import community_workbook
from analysis.improvement.next_star import certain_gain
from analysis.publication import snapshots
from analysis.scoring.rating import round_half_up, stability
from dashboard import shown
from dashboard.data.uploads import Uploads
from dashboard.figures import numbers
from survey.core import limits
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, catalogue, say
from survey.files.preflight import Limits, preflight
from survey.files.readers.in_process import read_here
from survey.people import retention
from survey.store import Store
from tests.tools.dashboard_tools import fake_app, show, small_store, words
from tests.tools.towns.cycle_town import make_town
from tests.tools.towns.fake_results import CODES, fake_results

#: how a sentence would spell a limit of today
SPELT = re.compile(
    r"50 ?MB|两位小数|two decimals|2 decimals|95% (及以上|为稳定|certainty|or more|的把握|把握需)|stable from 95|80%–95%|sure 95%|95% sure\b(?! for)"
    r"|不低于 (95|80)%|把握（95%）|for 95%"
)
#: money goes to the fen; “95% sure for all pairs at once” is a level of confidence
OTHERWISE = {"awards_errors.bad_amount", "page_compare.telling_hint"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_spells_a_limit(lang: str) -> None:
    money = re.compile(r"amount|fen")
    found = {k for k, text in catalogue(lang).items() if SPELT.search(text) and not money.search(k)}
    assert found - OTHERWISE == set()


@pytest.fixture
def star_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "STABLE", 0.90)
    monkeypatch.setattr(limits, "FAIRLY_STABLE", 0.75)


@pytest.mark.usefixtures("star_words")
def test_star_words() -> None:
    for chance, word in ((0.92, "stable"), (0.78, "fairly_stable"), (0.74, "borderline")):
        assert (stability(chance), numbers.stability(chance)) == (word, word)
    assert certain_gain(640.0, 650.0, 10.0, 1e9) == pytest.approx(10 + 12.8155, abs=1e-3)


@pytest.mark.usefixtures("star_words")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_star_words_are_said(lang: str) -> None:
    text = words(show("/method", f"?lang={lang}").children)
    assert say(lang, "page_method.stability") in text
    cells = exported(lang)
    for sentence in (say(lang, "page_method.stability"), next(t for t in cells if "90%" in t and "75%" in t)):
        assert "90%" in sentence
        assert not re.search(r"95%|80%", sentence)
    assert "90%" in say(lang, "page_community.lift_sure", sure=1)


def exported(lang: str) -> list[str]:
    """Texts and formulas of one community's workbook."""
    book = load_workbook(BytesIO(community_workbook(fake_results(2014), CODES[0], lang)))
    return [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rounding(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    assert any(re.match(r"=ROUND\(B\d+,2\)", text) for text in exported(lang))
    monkeypatch.setattr(limits, "TOTAL_DECIMALS", 1)
    assert round_half_up(np.array([649.95, 649.949])).tolist() == [650.0, 649.9]
    rules = Rules(((3, 650.0, "district"),), 1000.0, {})
    assert (rules.star_for(649.95), rules.star_for(649.94)) == (3, 0)
    assert numbers.total(649.96, (650.0,)) == "650.0"
    said = exported(lang)
    assert any(re.match(r"=ROUND\(B\d+,1\)", text) for text in said)
    assert not any(re.match(r"=ROUND\(B\d+,2\)", text) for text in said)
    assert say(lang, "export.formula.total") in said
    assert "1" in say(lang, "notes.rounding_decided")
    assert say(lang, "page_method.total", full=1, objective=1, subjective=1, minimum=1).count("1") >= 5


def test_kept_results_are_rounded_again(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store = make_town(Store.open(str(tmp_path / "a.db"), create=True))
    before = snapshots.results(store, 2014).scores["total"].tolist()
    monkeypatch.setattr(limits, "TOTAL_DECIMALS", 0)
    after = snapshots.results(store, 2014).scores["total"].tolist()
    assert after == [np.floor(total + 0.5) for total in before]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_upload_size(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    monkeypatch.setattr(limits, "UPLOAD_BYTES", 3_000_000)
    monkeypatch.setattr(limits, "FORM_AROUND_BYTES", 1_000)
    assert fake_app().server.config["MAX_CONTENT_LENGTH"] == 3_001_000
    with pytest.raises(Refused) as refused:
        preflight("a.csv", b"1" * 4_000_000)
    assert (refused.value.key, refused.value.params["cap"]) == ("preflight.too_big", "3")
    for key in ("page_import.drop_hint", "page_import.too_large", "dash_errors.too_large"):
        assert "3 MB" in say(lang, key)


def test_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "READING_SECONDS", 7)
    monkeypatch.setattr(limits, "READING_MEMORY_BYTES", 123)
    assert (Limits().seconds, Limits().memory, Limits(seconds=1).seconds) == (7, 123, 1)
    monkeypatch.setattr(limits, "READING_ROWS", 2)
    with pytest.raises(Refused) as refused:
        read_here("a.csv", b"a,b\n1,2\n3,4\n5,6\n")
    assert refused.value.key == "sources.many_rows"


def test_waiting_and_kept_uploads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEPT_UPLOADS", 1)
    uploads = Uploads()
    first = uploads.memory("a")
    uploads.memory("b")
    assert uploads.memory("a") is not first
    monkeypatch.setattr(limits, "UPLOAD_WAITS", 5 * 3600.0)
    assert limits.words()["upload_hours"] == "5"


def test_retention(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CONTACT_DAYS", 30)
    store = small_store(Store.open(str(tmp_path / "a.db"), create=True))
    with store.read() as conn:
        assert retention.days(conn) == 30


def test_kept_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    kept = shown.Kept

    class Told(kept):  # type: ignore[valid-type,misc]
        def __init__(self, most: int) -> None:
            asked.append(most)
            super().__init__(most)

    monkeypatch.setattr(shown, "Kept", Told)
    monkeypatch.setattr(limits, "KEPT_PAGES", 3)
    fake_app()
    assert 3 in asked
