"""A draft of the mapping: what would be proposed, as a file that a person corrects."""

from __future__ import annotations

import json

import pytest

from survey.answers.mapping import from_json, to_json
from survey.coding.options import ImportOptions
from survey.commands.mapping_draft import draft_mapping
from survey.intake.answers import inspect
from tests.tools.dashboard_tools import small_store

ODD = "序号,所在的社区,性别（必填）,到社区办事的方便程度,楼道、街巷的清洁卫生\n" + "".join(
    f"{i},春晖社区,男,{word},满意\n" for i, word in enumerate(("很满意", "满意", "基本满意", "不太满意", "不满意"), 1)
)


@pytest.fixture
def store(sqlite_store):
    return small_store(sqlite_store)


def options(**more):
    return ImportOptions("default", year=2014, **more)


def test_scales_and_headers_are_proposed_and_the_file_comes_in_with_them(store):
    draft = draft_mapping(store, "a.csv", ODD.encode(), options(community="春晖社区"))
    text = to_json(draft.mapping)
    assert json.loads(text)["lists"] == {
        "satisfaction": {"很满意": "1", "满意": "2", "基本满意": "3", "不太满意": "4", "不满意": "5"}
    }
    said = " ".join(draft.sentences("zh"))
    assert "基本满意" in said
    assert "一般" in said
    read = inspect(store, "a.csv", ODD.encode(), options(community="春晖社区", mapping=from_json(text, "d.json")))
    assert read.questions == []
    assert not any(f.code == "checking.not_a_choice" for f in read.findings)


def test_a_file_that_speaks_as_the_questionnaire_needs_none(store):
    plain = "respondent,community,A1\n1,春晖社区,满意\n"
    draft = draft_mapping(store, "a.csv", plain.encode(), options())
    assert (draft.columns, draft.words, bool(draft.mapping)) == ((), (), False)
