"""A paper is one tagged page with its fonts in it, the same bytes each time; a machine without a font says which."""

from datetime import UTC, datetime

import psutil
import pytest
import typst

from analysis.papers import typesetting
from analysis.papers.diagnosis import Sources, diagnosis
from survey.core.errors import Surroundings
from survey.core.lang import calling
from tests.tools.towns.fake_results import CODES, fake_results

WHEN = datetime(2014, 11, 20, tzinfo=UTC)
SOURCES = Sources([fake_results(y) for y in (2012, 2013, 2014)], {})


def pages(facts):
    """Its pages as pictures, too small to read."""
    made = typst.compile(typesetting._path("diagnosis"), format="png", ppi=20.0, **typesetting._given(facts, WHEN))
    return made if isinstance(made, list) else [made]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", CODES)
def test_a_diagnosis_is_one_page(code, lang):
    assert len(pages(diagnosis(SOURCES, code, lang))) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_of_thirty_characters_and_long_decisions_stay_on_one_page(lang):
    facts = diagnosis(SOURCES, "SL06", lang)
    name = "很长很长的社区名称" * 3 + "三十个"
    facts["head"] |= {"community": name, "street": name}
    facts["card"]["decided"] = [f"{name}，{name}"] * 3
    for row in [*facts["ways"]["rows"], *facts["items"], *facts["dimensions"]]:
        row["name"] = row["what"] = row["offices"] = name
    for row in [*facts["moves"]["better"]["rows"], *facts["moves"]["worse"]["rows"]]:
        row["name"] = row["offices"] = name
        row["way"] = f"{name} → {name}"
    facts["tasks"] = f"{name}；{name}。" * 3
    assert len(pages(facts)) == 1


def test_it_is_tagged_with_its_fonts_and_the_same_each_time():
    facts = diagnosis(SOURCES, "SL03", "zh")
    made = typesetting.pdf("diagnosis", facts, WHEN)
    assert made == typesetting.pdf("diagnosis", facts, WHEN)
    assert made.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in made
    assert b"/FontFile" in made


def test_a_thousand_papers_need_the_memory_of_a_few():
    """typst kept ten megabytes of each of the last thirty; ten papers grew by 170 MB, and now by less than 30."""
    facts = diagnosis(SOURCES, "SL03", "zh")
    mine = psutil.Process()

    def made(n):
        facts["head"] |= {"community": f"第{n}社区"}
        typesetting.pdf("diagnosis", facts, WHEN)
        return mine.memory_info().rss / 2**20

    first = [made(n) for n in range(3)][-1]
    assert [made(n) for n in range(3, 12)][-1] - first < 60


def test_texts_of_people_are_no_markup():
    facts = diagnosis(SOURCES, "SL03", "zh")
    facts["head"]["community"] = '#read("/etc/passwd") *x* $y$ "'
    assert len(pages(facts)) == 1


def test_without_a_chinese_font_one_sentence_names_what_to_install(monkeypatch):
    typesetting.chinese_font.cache_clear()
    monkeypatch.setattr(typesetting, "FONTS", ("No Such Font",))
    with pytest.raises(Surroundings, match="No Such Font"):
        typesetting.pdf("diagnosis", {}, WHEN)
    monkeypatch.undo()
    typesetting.chinese_font.cache_clear()


def test_names_are_those_that_the_reader_calls_them_by():
    """docs/files.md said so of papers, and the diagnosis in English had every name in Chinese."""
    facts = diagnosis(SOURCES, "SL06", "en")
    with calling({"南塔社区": "South Pagoda", "城管办": "Urban Management"}):
        told = typesetting._given(facts, WHEN)["sys_inputs"]["facts"]
    assert "South Pagoda" in told
    assert "南塔社区" not in told
    assert "Urban Management" in told
    assert "南塔社区" in typesetting._given(facts, WHEN)["sys_inputs"]["facts"]
