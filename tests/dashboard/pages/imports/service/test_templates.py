"""The workbooks to fill in, from the import page."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from dashboard.app import create_app
from dashboard.pages.imports.service import templates
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from tests.tools.dashboard_tools import ADMIN, COMMUNITIES, small_store


@pytest.fixture
def store(sqlite_store):
    return small_store(sqlite_store)


def test_the_menu_names_every_questionnaire_the_years_indicators_and_the_register(store):
    kinds = [e.kind for e in templates.listed(ADMIN, store, 2014)]
    assert kinds[0] == "answers"
    assert kinds[-2:] == ["indicators", "register"]
    assert "indicators" not in [e.kind for e in templates.listed(ADMIN, store, None)]
    own = templates.listed(Viewer("甲", "community", frozenset({"SL01"})), store, 2014)
    assert [e.kind for e in own] == kinds[:-1]


def test_indicators_are_asked_of_the_communities_that_the_viewer_sees(store):
    one = COMMUNITIES[0][0]
    name, data, _ = templates.indicators(Viewer("v", "leader", frozenset({one})), store, 2014, "zh")
    assert name == "客观指标报送表 2014.xlsx"
    cells = [str(c) for sheet in load_workbook(BytesIO(data)) for row in sheet.iter_rows(values_only=True) for c in row]
    assert any(COMMUNITIES[0][1] in c for c in cells)
    assert not any(c[1] in cells for c in COMMUNITIES[1:])


@pytest.mark.parametrize(
    "path",
    [
        "/download/template",
        "/download/template/default/phone",
        "/download/empty/register",
        "/download/empty/indicators/2014",
    ],
)
def test_each_is_downloaded(store, path):
    answer = create_app(store).server.test_client().get(f"http://localhost{path}?lang=zh")
    assert answer.status_code == 200
    assert load_workbook(BytesIO(answer.data)).sheetnames


def test_a_year_without_a_scheme_and_an_unknown_questionnaire_are_refused(store):
    with pytest.raises(Refused):
        templates.answers(ADMIN, store, "nothing", "zh")
