"""What the lines of an import offer to choose from."""

from __future__ import annotations

from dashboard.pages.imports.service.file_lines import told_apart


def test_two_questionnaires_of_one_title_are_told_apart_by_their_names():
    titles = {"paper": "居民问卷", "phone": "居民问卷", "web": "网络问卷"}
    assert told_apart(titles) == {"paper": "居民问卷 · paper", "phone": "居民问卷 · phone", "web": "网络问卷"}
