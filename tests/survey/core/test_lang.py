"""A text in the words of where it is read."""

from __future__ import annotations

import threading

import pytest

import xingfu
from dashboard.app import create_app
from survey.core.lang import (
    COMMAND,
    PAGE,
    called,
    called_all,
    calling,
    catalogue,
    enumerated,
    first,
    on_surface,
    said_who,
    say,
)


def test_a_text_with_two_wordings_is_said_as_its_surface_says_it() -> None:
    with on_surface(COMMAND):
        assert "--sheet" in say("en", "intake.several_sheets", sheets="A")
        with on_surface(PAGE):
            assert "--sheet" not in say("en", "intake.several_sheets", sheets="A")
        assert "--sheet" in say("zh", "intake.several_sheets", sheets="A")
    assert "--sheet" not in say("zh", "intake.several_sheets", sheets="A")


def test_a_limit_is_filled_on_both_surfaces() -> None:
    for surface in (PAGE, COMMAND):
        with on_surface(surface):
            assert "{" not in say("en", "notes.suppressed")


def test_both_surfaces_have_the_same_keys() -> None:
    for lang in ("zh", "en"):
        assert catalogue(lang, PAGE).keys() == catalogue(lang, COMMAND).keys()
        assert not any(key.endswith((".page", ".command")) for key in catalogue(lang))


def test_a_thread_of_its_own_speaks_as_the_pages_do() -> None:
    """The jobs of the dashboard run in threads of a program that a command started."""
    said: list[str] = []
    with on_surface(COMMAND):
        thread = threading.Thread(target=lambda: said.append(say("en", "intake.several_sheets", sheets="A")))
        thread.start()
        thread.join()
    assert "--sheet" not in said[0]


def test_the_command_speaks_as_a_command(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    assert xingfu.main(["--store", str(tmp_path / "none.db"), "--lang", "en", "batches"]) == 5
    assert "xingfu init" in capsys.readouterr().err
    assert "xingfu" not in say("en", "store.missing", where="x")


def test_a_request_is_answered_in_the_words_of_pages_whoever_started_the_server() -> None:
    said: list[str] = []
    app = create_app(None, source=object())  # type: ignore[arg-type]
    app.server.add_url_rule("/healthz/said", view_func=lambda: said.append(say("en", "store.missing", where="x")) or "")
    with on_surface(COMMAND):
        app.server.test_client().get("/healthz/said", headers={"Host": "127.0.0.1"})
        assert "xingfu init" in say("en", "store.missing", where="x")
    assert said
    assert "xingfu" not in said[0]


@pytest.mark.parametrize(("n", "said"), [(1, "1 community, 1 adult in all"), (2, "2 communities, 1 adult in all")])
def test_a_number_carries_its_noun(n, said):
    assert say("en", "page_basics.register_hint", n=n, adults="1") == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("甲社区", "Alpha"),
        ("东街、西街", "East, 西街"),
        ("甲社区 · 纸质 · 12", "Alpha · 纸质 · 12"),
        ("甲社区 −10.0", "Alpha −10.0"),
        ("甲社区（东街）", "Alpha（East）"),
        ("事务办、社工办", "Affairs and Social Work"),
        ("我住在甲社区很好", "我住在甲社区很好"),
        ("甲社区附近", "甲社区附近"),
        ("x", "x"),
    ],
)
def test_a_name_is_called_as_the_reader_calls_it_and_a_sentence_stays(text, said):
    names = {"甲社区": "Alpha", "东街": "East", "事务办、社工办": "Affairs and Social Work", "x": "y"}
    with calling(names):
        assert called(text) == said
    assert called(text) == text


def test_a_sentence_takes_names_as_the_reader_calls_them_but_quotes_a_file_as_it_is():
    with calling({"甲社区": "Alpha"}):
        assert "Alpha" in say("en", "page_trace.of", community="甲社区")
        assert "甲社区" in say("en", "register.unknown_community", found="甲社区")
        assert enumerated("en", ["甲社区", "乙社区"]) == "Alpha, 乙社区"


def test_a_list_is_said_in_the_readers_language_and_says_that_there_are_more():
    with calling({"甲社区": "Alpha"}):
        assert "1, 2" in say("en", "dash_errors.unknown_year", year=3, years=["1", "2"])
        assert "1、2" in say("zh", "dash_errors.unknown_year", year=3, years=("1", "2"))
        assert "甲社区, 乙 …" in say("en", "awards.unknown_street", street="x", known=first(["甲社区", "乙", "丙"], 2))
    assert first(["a", "b"], 2) == ["a", "b"]


def test_facts_are_called_in_every_depth_and_their_keys_stay():
    facts = {"甲社区": ["甲社区", ("甲社区、乙社区", 3)], "n": None}
    with calling({"甲社区": "Alpha"}):
        assert called_all(facts) == {"甲社区": ["Alpha", ["Alpha, 乙社区", 3]], "n": None}
    assert called_all(facts) is facts


def test_places_that_a_finding_keeps_as_one_text_are_listed_as_the_reader_does() -> None:
    """Rows and cells, in findings that were stored in whatever language; what a file says stays as it is."""
    told = {"n": 2, "rows": "3、5 …", "header": "看病、买药"}
    assert "rows 3, 5 …" in say("en", "platforms.other_text", **told)
    assert "“看病、买药”" in say("en", "platforms.other_text", **told)
    assert "第 3、5 … 行" in say("zh", "platforms.other_text", **told)


def test_the_person_of_this_machine_is_told_in_words_and_everybody_else_by_name():
    assert [said_who("local", lang) for lang in ("zh", "en")] == ["本机", "this machine"]
    assert [said_who(who, "zh") for who in ("王经办", "", None)] == ["王经办", "", ""]
