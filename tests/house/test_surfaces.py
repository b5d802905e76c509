"""Sentences suit where they are read: a page names no command or option, the command line no button."""

import ast
import re
from functools import cache

import pytest

from survey.core.lang import COMMAND, LANGUAGES, PAGE, SURFACES, catalogue
from tests.house.test_texts import FILES, ROOT, SOURCES, fields
from tests.tools.sources import nodes

#: texts that only the command line says: the beginnings of their keys.  All others are said on both surfaces,
#: those of ``dashboard/texts`` on pages only
COMMAND_ONLY = (
    "awards.bad_by",
    "beside.one_community",
    "beside.option",
    "cli.",
    "contacts.export_needs_yes",
    "contacts.option.",
    "contacts.purge_needs_yes",
    "archive.classes_only",
    "letters.templates_only",
    "letters.help",
    "letters.option_",
    "archive.help",
    "archive.option.",
    "audit_cli.",
    "cycle_cli.",
    "data_set.licence_only",
    "data_set.no_verify",
    "data_set.option_",
    "doctor.",
    "engines.belong_together",
    "engines.option.",
    "engines.unknown_engine",
    "dash_errors.bad_host",
    "dash_errors.no_workers",
    "dash_errors.worker_again",
    "dash_errors.worker_fails",
    "dash_errors.bad_proxy",
    "dash_errors.half_a_pair",
    "dash_errors.in_clear",
    "dash_errors.one_way",
    "dash_errors.port_",
    "export.verify_alone",
    "indicators_cli.",
    "keyring.environment_is_yours",
    "keyring.exists",
    "keyring.half_rotated",
    "keyring.in_environment",
    "keyring.older_stay",
    "mapping.draft_",
    "papers.brief_street",
    "papers.option_paper",
    "papers.pdf_only",
    "power.bad_n",
    "retention.kept",
    "retention.not_deleted",
    "retention.sure",
    "single_files.data_only",
    "single_files.option",
    "store.copy_unfinished",
    "tokens.",
    "upkeep.",
    "users.",
    "verification.option",
    "without.option.",
)
#: texts that only pages say though they stand in a room below
PAGE_ONLY = ("power.page.", "small_areas.page.", "verification.download")
#: of a family above, but said on both surfaces
OF_BOTH = ("cli.register_refused", "upkeep.served", "account.", "account_roles.")
#: files that speak on the command line only, outside ``commands/``
ON_COMMAND_LINE = {
    "dashboard/accounts/commands.py",
    "dashboard/accounts/program_commands.py",
    "dashboard/serving/cli.py",
    "dashboard/serving/demonstration.py",
    "dashboard/serving/server.py",
    "dashboard/serving/workers.py",
    "xingfu.py",
    "survey/store/upkeep/examination.py",
}
#: files below both surfaces that hold a text of one: what only that one asks of them
BELOW = {
    COMMAND: {
        "analysis/quality/measure.py",  # options of the commands of measures
        "analysis/quality/without.py",
        "survey/files/input.py",  # files that are named by a path
        "survey/store/engine/copies.py",  # backup, restore
        "survey/store/keyring.py",  # making and changing keys
        "survey/store/upkeep/backup.py",
        "survey/store/upkeep/crossing.py",
        "survey/store/upkeep/sealed.py",
    },
    PAGE: {  # titles and names of downloads of measures
        "analysis/quality/drivers_measure.py",
        "analysis/quality/interviewers.py",
        "analysis/quality/modes.py",
        "analysis/quality/rates.py",
        "analysis/quality/reliability.py",
        "analysis/quality/sensitivity/tables.py",
        "analysis/quality/small_areas.py",
        "analysis/quality/weights.py",
        "analysis/quality/without.py",
    },
}

NO_COMMAND = re.compile(r"(?<![\w-])--[a-z]|xingfu [a-z]|XINGFU_|\bcommand line\b|\bcommunities add\b|命令行", re.I)
NO_BUTTON = re.compile(
    r"\bbuttons?\b|\bclick|\bupload|\b(?:on|under|of) (?:the|this) page\b|\bthis page\b|\bimport page\b|\bdownload (?:it|the)\b"
    r"|按钮|点击|单击|上传|本页|页面上|网页“|（网页|下载模板|页导入",
    re.I,
)


@cache
def rooms() -> dict[str, str]:
    """The package of each table of texts."""
    return {
        table: path.parents[2].name
        for path in FILES["zh"]
        for table in re.findall(r"^\[([A-Za-z0-9_-]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }


def only_on(key: str) -> str:
    """The one surface that says a text; empty for both."""
    if key.startswith(OF_BOTH):
        return ""
    if key.startswith(COMMAND_ONLY):
        return COMMAND
    return PAGE if key.startswith(PAGE_ONLY) or rooms()[key.partition(".")[0]] == "dashboard" else ""


@cache
def places() -> dict[str, set[str]]:
    """String constants and parts of f-strings of the program, no docstrings → the files that hold them."""
    found: dict[str, set[str]] = {}
    for path in SOURCES:
        said = {id(node.value) for node in nodes(path) if isinstance(node, ast.Expr)}
        for node in nodes(path):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
                found.setdefault(node.value, set()).add(path.relative_to(ROOT).as_posix())
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_of_a_page_names_a_command_or_an_option(lang):
    texts = {key: text for key, text in catalogue(lang, PAGE).items() if only_on(key) != COMMAND}
    assert len(texts) > 1500
    assert {key: text for key, text in texts.items() if NO_COMMAND.search(text)} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_of_the_command_line_names_a_button(lang):
    texts = {key: text for key, text in catalogue(lang, COMMAND).items() if only_on(key) != PAGE}
    assert len(texts) > 1500
    assert {key: text for key, text in texts.items() if NO_BUTTON.search(text)} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_two_wordings_differ_and_need_no_more_than_is_given(lang):
    """The page's wording asks for no parameter that the command's has not: one call serves both."""
    page, command = catalogue(lang, PAGE), catalogue(lang, COMMAND)
    assert page.keys() == command.keys()
    two = {key for key in page if page[key] != command[key]}
    assert len(two) > 40
    assert {key for key in two if not set(fields(page[key])) <= set(fields(command[key]))} == set()
    assert {key for key in two if only_on(key)} == set()


def test_both_languages_word_the_same_texts_twice_with_the_same_placeholders():
    for surface in SURFACES:
        zh, en = (catalogue(lang, surface) for lang in ("zh", "en"))
        assert {key for key in zh if set(fields(zh[key])) != set(fields(en[key]))} == set()
    zh, en = ({k for k, v in catalogue(lang, PAGE).items() if v != catalogue(lang, COMMAND)[k]} for lang in LANGUAGES)
    assert zh == en


def wrong_places(surface: str) -> dict[str, list[str]]:
    """Files that hold a text, or the head of a family of texts, that only this surface says, and are not of it."""
    keys = [key for key in catalogue("zh") if only_on(key) == surface]
    families = {f"{key.rpartition('.')[0]}." for key in keys}
    families -= {f for f in families if any(k.startswith(f) and only_on(k) != surface for k in catalogue("zh"))}
    found: dict[str, list[str]] = {}
    for key in (*keys, *sorted(families)):
        for file in places().get(key, ()):
            command = "/commands/" in file or file in ON_COMMAND_LINE
            at_home = command if surface == COMMAND else file.startswith("dashboard/") and not command
            if not at_home:
                found.setdefault(file, []).append(key)
    return found


@pytest.mark.parametrize("surface", SURFACES)
def test_what_is_declared_to_be_of_one_surface_is_said_there_only(surface):
    """A file that is listed for nothing is taken off the list."""
    found = wrong_places(surface)
    assert {file: keys for file, keys in found.items() if file not in BELOW[surface]} == {}
    assert BELOW[surface] - found.keys() == set()


def test_every_declared_beginning_begins_a_text():
    keys = catalogue("zh")
    assert [head for head in (*COMMAND_ONLY, *PAGE_ONLY, *OF_BOTH) if not any(k.startswith(head) for k in keys)] == []


@pytest.mark.parametrize(
    ("text", "command", "button"),
    [
        ("Name one with --sheet.", True, False),
        ("请运行 xingfu init。", True, False),
        ("幸福社区 xingfu", False, False),
        ("Press the button.", False, True),
        ("请上传文件。", False, True),
        ("请在页面上选定。", False, True),
        ("a well--known thing", False, False),
    ],
)
def test_the_words_of_a_surface_are_known(text, command, button):
    assert (bool(NO_COMMAND.search(text)), bool(NO_BUTTON.search(text))) == (command, button)


def test_the_program_hands_texts_no_option_but_where_it_may():
    """A parameter is a text, too: an option stands in the program only where commands are made, or is said there only."""
    found = {
        file
        for words, files in places().items()
        if re.search(r"(?<![\w-])--[a-z]|\bxingfu [a-z]", words)
        for file in files
        if "/commands/" not in file and file not in ON_COMMAND_LINE
    }
    assert not found
