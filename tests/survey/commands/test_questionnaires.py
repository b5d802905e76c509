"""Commands of questionnaires: out again as XLSForm and on paper, and taken back in with what changed."""

from __future__ import annotations

import csv
from contextlib import closing
from dataclasses import replace
from io import StringIO

import pytest
from pyxform.xls2xform import convert

from survey.answers.mapping import ColumnMapping
from survey.files.read import read_here
from survey.form.default import default_questionnaire
from survey.form.workbook.reading import read_questionnaire
from survey.form.workbook.writing import write_questionnaire
from survey.store import Store
from survey.store.intake import mappings
from tests.tools.commands import run

__all__ = ["run"]


@pytest.fixture
def store(run):
    assert run("init")[0] == 0
    return run


def test_out_as_xlsform_is_legal_and_equal_and_back_in_is_no_version(store, tmp_path):
    assert store("questionnaire", "export", "default", "form.xlsx")[0] == 0
    data = (tmp_path / "form.xlsx").read_bytes()
    assert "<h:html" in convert(xlsform=str(tmp_path / "form.xlsx"), validate=False).xform
    assert read_questionnaire("form.xlsx", data) == (default_questionnaire(), [])
    status, out, said = store("questionnaire", "add", "form.xlsx", "--name", "default")
    assert (status, "default,1," in out) == (0, True)
    assert "没有差别" in said


def test_out_on_paper_and_other_endings(store, tmp_path):
    status, _, said = store("questionnaire", "export", "default", "form.docx")
    assert status == 0
    assert "没有印出" in said
    assert len(read_here("form.docx", (tmp_path / "form.docx").read_bytes())) > 5
    assert store("questionnaire", "export", "default", "form.pdf")[0] == 2
    assert store("questionnaire", "export", "default", "form.xlsx", "--version", "2")[0] == 3
    assert store("questionnaire", "export", "nobody", "form.xlsx")[0] == 3


def test_a_corrected_version_says_what_changed_question_by_question(store, tmp_path):
    form = default_questionnaire()
    rows = tuple(
        replace(r, labels={**r.labels, "zh": "楼道、街巷是否干净"}) if r.name == "B1" else r
        for r in form.rows
        if r.name != "F4"
    )
    (tmp_path / "form.xlsx").write_bytes(write_questionnaire(replace(form, rows=rows)))
    status, out, said = store("questionnaire", "add", "form.xlsx", "--name", "default")
    assert (status, "default,2," in out) == (0, True)
    assert "与版本 1 相比有 2 处不同" in said
    assert "B1（楼道、街巷是否干净） 的题目文字由“楼道、街巷的清洁卫生”改为“楼道、街巷是否干净”" in said
    assert "取消题目 F4" in said
    assert store("questionnaire", "export", "default", "old.xlsx", "--version", "1")[0] == 0
    assert read_questionnaire("old.xlsx", (tmp_path / "old.xlsx").read_bytes())[0] == form


def test_what_was_confirmed_for_a_header_is_listed_and_forgotten(store, tmp_path):
    assert (store("questionnaire", "mappings")[0], store("questionnaire", "mappings", "--forget", "x")[0]) == (0, 3)
    with closing(Store.open(tmp_path / "xingfu.db")) as opened, opened.write() as conn:
        kept = mappings.save(
            conn, "default", ["编号", "年纪"], ColumnMapping.of({"年纪": "age"}), file="九月.xlsx", who="王"
        )
    status, out, _ = store("questionnaire", "mappings")
    (row,) = csv.DictReader(StringIO(out))
    assert (status, row["mapping_id"], row["file"], row["who"]) == (0, kept.fingerprint, "九月.xlsx", "王")
    assert '"年纪": "age"' in row["mapping"]
    status, out, _ = store("questionnaire", "mappings", "--forget", kept.fingerprint)
    assert (status, list(csv.DictReader(StringIO(out)))) == (0, [])
