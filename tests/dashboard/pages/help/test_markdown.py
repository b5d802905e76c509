"""Forms of Markdown as parts of a page, and nothing that a text could smuggle in."""

import pytest
from dash import html

from dashboard.pages.help.markdown import anchor, rendered
from tests.house import test_links
from tests.tools.dashboard_tools import nodes, plain, words


def parts(text):
    return plain(html.Div(rendered(text, lambda to, inner: html.A(inner, href=f"<{to}>"), lambda name: f"<{name}>")))


def of(text, kind):
    return [n["props"] for n in nodes(parts(text)) if n["type"] == kind]


def test_headings_have_the_ids_that_links_lead_to():
    (found,) = of("## 撤回、恢复 `/import`\n", "H2")
    assert found["id"] == "撤回恢复-import"


@pytest.mark.parametrize("heading", ["撤回、恢复", "A b-c", "1. 名册（模板）", "9月 截止"])
def test_ids_are_made_as_documents_are_checked(heading):
    assert anchor(heading) == test_links.anchor(heading)


def test_lists_tables_and_code():
    assert words(of("1. 一\n2. 二\n", "Ol")[0]["children"]) == "一 二"
    assert len(of("- a\n- b\n", "Li")) == 2
    table = "| 列 | 说明 |\n|---|---|\n| **a** | `b` |\n"
    assert [one["scope"] for one in of(table, "Th")] == ["col", "col"]
    assert [words(one["children"]) for one in of(table, "Td")] == ["a", "b"]
    assert words(of("    a < b\n", "Pre")[0]["children"]) == "a < b\n"


def test_addresses_in_code_marks_lead_there_and_other_code_does_not():
    assert [one["href"] for one in of("看 `/import` 和 `.xlsx`", "A")] == ["</import>"]


def test_links_and_pictures_are_asked_for():
    assert [one["href"] for one in of("[x](intake.md#撤回)", "A")] == ["<intake.md#撤回>"]
    (picture,) = of("![一页](pictures/a.png)", "Img")
    assert (picture["src"], picture["alt"]) == ("<pictures/a.png>", "一页")


def test_html_of_a_text_is_text():
    told = parts(
        "<script>alert(1)</script> a <b onclick=x>b</b>\n\n<img src=x onerror=y>\n\n[z](javascript:alert(1))\n"
    )
    assert {n["type"] for n in nodes(told)} <= {"Div", "P", "Span"}
    assert "<script>" in words(told)
