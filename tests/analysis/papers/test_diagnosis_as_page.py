"""The diagnosis that is signed says what the community's page shows, and the printed sheet says all of it."""

import re
import shutil
import subprocess

import pytest

from analysis.papers.diagnosis import Sources, diagnosis
from analysis.papers.paper_files import diagnosis_pdf
from tests.tools.dashboard_tools import show, words
from tests.tools.needs import need
from tests.tools.towns.fake_results import CODES, fake_results

SOURCES = Sources([fake_results(y) for y in (2012, 2013, 2014)], {})
PDFTOTEXT = shutil.which("pdftotext")


def numbers(code):
    """What both show alike: total, its half width, both parts, points of the dimensions, the gap, weakest items and ways by name."""
    facts = diagnosis(SOURCES, code, "zh")
    card = facts["card"]
    told = [card["total"], card["half"], card["objective"].split(" ")[0], card["subjective"].partition(" /")[0]]
    for one in facts["dimensions"]:
        told += [one["objective"]["text"], one["subjective"]["text"], one["score"]]
    told += [one["name"] for one in facts["items"]]
    if facts["ways"]:
        told += [facts["ways"]["gap"], *(one["what"] for one in facts["ways"]["rows"][1:])]
    return [str(one) for one in told if one]


@pytest.mark.parametrize("code", CODES)
def test_its_numbers_and_names_stand_on_the_page(code):
    page = words(show(f"/community/{code}", "?year=2014&lang=zh").children)
    assert [one for one in numbers(code) if one not in page] == []


@pytest.mark.parametrize("code", CODES)
def test_the_printed_sheet_holds_them_all_as_text(code, tmp_path):
    need("" if PDFTOTEXT else "THE TEXT OF PAPERS IS NOT READ: pdftotext (poppler-utils) is not installed")
    path = tmp_path / "d.pdf"
    path.write_bytes(diagnosis_pdf(SOURCES, code, "zh"))
    run = subprocess.run([PDFTOTEXT, "-raw", str(path), "-"], capture_output=True, text=True, check=True)
    text = re.sub(r"\s", "", run.stdout)
    facts = diagnosis(SOURCES, code, "zh")
    told = [
        *numbers(code),
        facts["head"]["community"],
        facts["lead"],
        *facts["foot"],
        *(i["score"] for i in facts["items"]),
    ]
    assert [one for one in told if re.sub(r"\s", "", one) not in text] == []
