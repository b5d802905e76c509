"""docs/cli.md and the commands say the same: each command, argument and option, and nothing else."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

import xingfu
from survey.core.lang import LANGUAGES, say

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
#: take effect everywhere, described once at the top
EVERYWHERE = {"--store", "--lang", "--json", "--help"}


def commands() -> dict[str, object]:
    """``xingfu communities add`` → the command, groups left out."""
    found, waiting = {}, [("xingfu", get_command(xingfu.app))]
    while waiting:
        path, command = waiting.pop()
        children = getattr(command, "commands", None)
        if children is None:
            found[path] = command
        else:
            waiting += [(f"{path} {name}", child) for name, child in children.items()]
    return found


def sections() -> dict[str, str]:
    """Heading ``xingfu communities add`` → the text below it."""
    parts = re.split(r"^### `(xingfu [a-z -]+)`$", (ROOT / "docs" / "cli.md").read_text(encoding="utf-8"), flags=re.M)
    return dict(zip(parts[1::2], (re.split(r"^## ", text, flags=re.M)[0] for text in parts[2::2]), strict=True))


COMMANDS, SECTIONS = commands(), sections()


def test_every_command_is_documented_and_every_documented_command_exists():
    assert COMMANDS.keys() == SECTIONS.keys()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_is_documented_and_every_documented_option_exists(name):
    taken = {opt for p in COMMANDS[name].params for opt in (*p.opts, *p.secondary_opts) if opt.startswith("--")}
    text = SECTIONS.get(name, "")
    usage = next((line for line in text.split("\n\n") if line.strip().startswith("xingfu")), "")
    listed = set(re.findall(r"^- ((?:`--[a-z-]+`(?:, )?)+)", text, flags=re.M))
    assert {opt for line in listed for opt in re.findall(r"--[a-z-]+", line)} == taken - EVERYWHERE
    assert set(re.findall(r"--[a-z-]+", usage)) == taken - EVERYWHERE
    assert set(re.findall(r"--[a-z][a-z-]+", text)) <= taken | EVERYWHERE


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_usage_lines_name_the_arguments(name):
    usage = next(line.strip() for line in SECTIONS[name].splitlines() if line.startswith("    xingfu"))
    metavars = [p.metavar.strip("[]") for p in COMMANDS[name].params if p.param_type_name == "argument"]
    assert all(metavar in usage for metavar in metavars)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_parameter_has_help_in_both_languages(name, lang):
    command = COMMANDS[name]
    keys = [command.help, *(p.help for p in command.params if "--help" not in p.opts)]
    assert all(keys), f"{name} lacks a help text"
    assert all(say(lang, key).strip() for key in keys)


def test_exit_statuses_are_all_there():
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (\d) \|", text, flags=re.M) == list("012345")


def test_every_result_column_of_the_score_is_named():
    from analysis.scoring.results import SCORE_COLUMNS

    text = SECTIONS["xingfu score"]
    written = set(re.findall(r"[a-z_0-9]+", text)) | {f"star_p{k}" for k in range(6)}
    assert set(SCORE_COLUMNS) <= written


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_links_between_documents_lead_somewhere(path):
    links = [
        link for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8")) if "://" not in link
    ]
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_commands_in_the_readmes_exist(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    used = re.findall(r"^\s*(?:\$ )?(xingfu [^\n]*)", text, flags=re.M)
    assert used
    for line in used:
        words = line.replace("\\", " ").split()
        assert any(" ".join(words[:size]) in COMMANDS for size in (2, 3)), line
