"""Templates are looked over before anything of them is used: plain fields and loops of the paper, nothing else."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

import pytest
from docx import Document

from analysis.letters.kinds import LETTERS
from analysis.letters.letter_template import Filling, check_template, filled
from survey.core.errors import Refused
from survey.core.lang import calling

NOTICE = next(letter for letter in LETTERS if letter.key == "notice")
SUMMARY = next(letter for letter in LETTERS if letter.key == "summary")
WHEN = datetime(2014, 11, 20, 8, 0, 1)
DOCUMENT = "word/document.xml"


def written(*texts: str, rows: tuple[str, ...] = (), header: str = "") -> bytes:
    document: Any = Document()
    for text in texts:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=len(rows), cols=1)
        for row, text in zip(table.rows, rows, strict=True):
            row.cells[0].text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def changed(data: bytes, replaced: dict[str, tuple[str, str]] | None = None, **added: bytes) -> bytes:
    """The package with texts of parts replaced, and parts added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            for before, after in [(replaced or {}).get(name, ("", ""))]:
                part = part.replace(before.encode(), after.encode(), 1) if before else part
            new.writestr(name, part)
        for name, part in added.items():
            new.writestr(name, part)
    return out.getvalue()


def texts(data: bytes) -> str:
    document: Any = Document(io.BytesIO(data))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def refused(data: bytes, letter: Any = NOTICE) -> Refused:
    with pytest.raises(Refused) as found:
        check_template("模板.docx", data, letter)
    return found.value


CONTEXT = {
    "street": "示例街道",
    "year": "2014",
    "community": {"name": "望江社区", "total": "846.72"},
    "dimensions": [{"name": "生态型"}, {"name": "服务型"}],
}


def test_fields_and_loops_are_filled_in_body_table_and_header():
    data = written(
        "{{ street }} {{ year }}：{{ community.name }} {{community.total}}",
        "{%p for d in dimensions %}",
        "· {{ d.name }}",
        "{%p endfor %}",
        rows=("{%tr for d in dimensions %}", "{{ d.name }}", "{%tr endfor %}"),
        header="{{ street }}",
    )
    made = filled("模板.docx", data, NOTICE, CONTEXT, WHEN)
    assert texts(made).splitlines() == [
        "示例街道 2014：望江社区 846.72",
        *("· 生态型", "· 服务型", "生态型", "服务型"),
    ]
    document: Any = Document(io.BytesIO(made))
    assert document.sections[0].header.paragraphs[0].text == "示例街道"
    assert filled("模板.docx", data, NOTICE, CONTEXT, WHEN) == made


def test_what_is_filled_in_is_text_and_never_a_template_or_xml():
    nasty = '<w:p/> & {{ year }} {% for x in y %} ]]> "'
    context = {**CONTEXT, "community": {"name": nasty}}
    made = filled("模板.docx", written("{{ community.name }}"), NOTICE, context, WHEN)
    assert texts(made).strip() == nasty


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ community.name.__class__ }}",
        "{{ community['name'] }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ community.name|upper }}",
        "{{ year + 1 }}",
        "{{ 7 * 7 }}",
        "{{ range(9) }}",
        "{{ self }}",
        "{{ 'a' }}",
        "{% if year %}x{% endif %}",
        "{% set a = 1 %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% macro a() %}{% endmacro %}",
        "{% for d in dimensions if d.name %}{% endfor %}",
        "{% for d in dimensions recursive %}{% endfor %}",
        "{% for d in [1, 2] %}{% endfor %}",
        "{% for a, b in dimensions %}{% endfor %}",
        "{% for d in dimensions %}{% else %}x{% endfor %}",
        "{# a remark #}",
        "{% for a in dimensions %}{% for b in dimensions %}x{% endfor %}{% endfor %}",
    ],
)
def test_what_is_no_plain_field_or_loop_is_refused_with_its_place(text):
    for data in (written(text), written("x", header=text), written("x", rows=(text,))):
        found = refused(data)
        assert found.key in ("letters.not_plain", "letters.unknown_field"), found.key
        assert "模板.docx" in str(found)


def test_unknown_fields_are_named_with_those_there_are():
    assert refused(written("{{ strett }}")).params["found"] == "strett"
    found = refused(written("{{ community.totl }}"))
    assert found.params["found"] == "community.totl"
    assert "total" in str(found)
    assert refused(written("{{ objection.date }}")).params["found"] == "objection.date"  # of another paper
    assert refused(written("{% for t in tasks %}{% endfor %}")).params["found"] == "tasks"
    assert refused(written("{{ community.name }}"), SUMMARY).params["found"] == "community.name"
    loop = written("{%p for d in dimensions %}", "{{ d.total }}", "{%p endfor %}")
    assert refused(loop).params["found"] == "d.total"


def test_broken_syntax_says_where():
    found = refused(written("{{ street }", "{% for d in dimensions %}"))
    assert found.key == "letters.syntax"
    assert refused(written("{{ year year }}")).key == "letters.syntax"


def test_macros_foreign_contents_and_fields_that_fetch_are_refused():
    plain = written("{{ street }}")
    assert refused(changed(plain, **{"word/vbaProject.bin": b"x"})).key in ("letters.macros", "preflight.macros")
    assert refused(changed(plain, **{"word/embeddings/oleObject1.bin": b"x"})).key == "letters.outside"
    rels = "word/_rels/document.xml.rels"
    for kind, mode in (("attachedTemplate", "External"), ("image", "External"), ("aFChunk", "Internal")):
        link = (
            f'<Relationship Id="rx" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
            f'Target="http://somewhere.invalid/x" TargetMode="{mode}"/></Relationships>'
        )
        assert refused(changed(plain, {rels: ("</Relationships>", link)})).key == "letters.outside", kind
    for field in ("INCLUDETEXT", "DDEAUTO", "includepicture"):
        run = f"<w:r><w:instrText>{field} x</w:instrText></w:r></w:p>"
        assert refused(changed(plain, {DOCUMENT: ("</w:p>", run)})).key == "letters.outside", field


def test_a_link_that_a_reader_may_follow_stays():
    link = (
        '<Relationship Id="rx" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" '
        'Target="https://somewhere.invalid/" TargetMode="External"/></Relationships>'
    )
    check_template(
        "a.docx", changed(written("x"), {"word/_rels/document.xml.rels": ("</Relationships>", link)}), NOTICE
    )


def test_what_is_no_word_document_is_one_sentence():
    for data in (
        b"",
        b"PK",
        b"no document",
        written("x")[:400],
        changed(written("x"), {DOCUMENT: ("<w:body>", "<w:b")}),
    ):
        assert refused(data).key.startswith(("letters.", "preflight."))
    doctype = changed(written("x"), {DOCUMENT: ("<w:document", '<!DOCTYPE a [<!ENTITY b "c">]><w:document')})
    assert refused(doctype).key == "preflight.doctype"


def test_an_archive_that_swells_is_one_sentence_and_is_not_unpacked():
    bomb = io.BytesIO(written("{{ street }}"))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.xml", bytes(300_000_000))
    assert len(bomb.getvalue()) < 1_000_000
    assert refused(bomb.getvalue()).key.startswith("preflight.")


def test_nothing_is_called_even_past_the_check():
    with pytest.raises(Refused):
        Filling().from_string("{{ f() }}").render(f=lambda: 1)


def test_a_field_says_names_as_the_reader_calls_them():
    with calling({"南塔社区": "South Pagoda"}):
        said = Filling().from_string("{{ a }} {{ b }} {{ n }}").render(a="南塔社区", b="到南塔社区去", n=3)
    assert said == "South Pagoda 到南塔社区去 3"
