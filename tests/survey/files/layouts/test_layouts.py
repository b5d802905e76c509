"""The list of platforms: each has a name in both languages, and says how its forms are filled in."""

from __future__ import annotations

import survey.files.layouts as layouts
from survey.core.lang import known
from survey.files.layouts import PLATFORMS, filled_in, recognise
from survey.files.layouts.layout import Layout, Platform
from tests.tools.forms import sheet


def test_every_platform_has_a_name() -> None:
    names = [name for platform in PLATFORMS for name in platform.names]
    assert len(names) == len(set(names)) >= 6
    assert [name for name in names if not known(f"recognition.platform.{name}")] == []


def test_how_forms_are_filled_in_is_said_by_the_platform() -> None:
    assert [filled_in(name) for name in ("wenjuanxing", "kobo", "odk", "spss", "")] == [
        "web",
        "carried",
        "carried",
        "",
        "",
    ]


def test_a_platform_more_is_one_value_in_the_list(monkeypatch) -> None:
    plain = sheet(("a", "b"), ("1", "2"))
    assert recognise(plain) is None
    found = Layout("new", plain, (0,), 1, ())
    monkeypatch.setattr(layouts, "PLATFORMS", (*PLATFORMS, Platform(("new",), lambda _: found)))
    assert recognise(plain) == found
