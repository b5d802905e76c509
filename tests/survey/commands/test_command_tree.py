"""Commands by name: a table is enough for help, a module is imported for who runs it."""

import gc
import sys

import pytest

import xingfu
from survey.commands.command_tree import Command, Group, Listed, hang

FOLDERS = {"survey.commands", "analysis.commands", "dashboard.serving", "dashboard.accounts"}


def listed() -> dict[str, Listed]:
    """``scheme show`` → what stands in the table."""
    found: dict[str, Listed] = {}

    def walk(group, path):
        for name, child in group.commands.items():
            if isinstance(child, Listed):
                found[" ".join([*path, name])] = child
            else:
                if child.alone is not None:
                    found[" ".join([*path, name])] = child.alone
                walk(child, [*path, name])

    walk(xingfu.command_tree(), [])
    return found


LISTED = listed()


def test_there_are_commands():
    assert len(LISTED) > 70


@pytest.mark.parametrize("name", sorted(LISTED))
def test_every_line_leads_to_its_command(name):
    command = LISTED[name].loaded()
    assert command.name == name.split()[-1]
    assert command.help == LISTED[name].help
    assert LISTED[name].line.place.rpartition(":")[0].rpartition(".")[0] in FOLDERS


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A root with one command in a module that nobody imported, and what the command was given."""
    (tmp_path / "far_away.py").write_text(
        "import typer\nCALLS = []\n"
        "def walk(context: typer.Context, far: int = 1) -> None:\n    CALLS.append((context.obj, far))\n"
        "app = typer.Typer()\n@app.command('run')\ndef run() -> None: ...\n@app.command('stay')\ndef stay() -> None: ...\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    yield root_of(Command("walk", "far_away:walk", "cli.help.score"), Command("run", "far_away:app", "cli.help.init"))
    sys.modules.pop("far_away", None)


def test_a_groups_own_word_may_be_a_command_with_others_below_it(tree):
    lines = (Command("run", "far_away:app", "cli.help.init"),)
    root = root_of(Group("far", "cli.help.cycle", lines, alone=Command("walk", "far_away:walk", "cli.help.score")))
    for args, far in ((["far"], 1), (["far", "--far", "3"], 3)):
        root.main(["go", *args], prog_name="root", standalone_mode=False, obj="us")
        assert sys.modules["far_away"].CALLS.pop() == ("session of us", far)
    root.main(["go", "far", "run"], prog_name="root", standalone_mode=False)
    assert sys.modules["far_away"].CALLS == []


def root_of(*lines):
    from typer.core import TyperGroup

    root = TyperGroup(name="root")
    hang(root, [Group("go", "cli.help.cycle", lines)], lambda told: f"session of {told}")
    return root


def test_help_and_wrong_commands_import_nothing(tree, capsys):
    from typer import TyperException

    tree.main(["go", "--help"], prog_name="root", standalone_mode=False)
    assert "walk" in capsys.readouterr().out
    with pytest.raises(TyperException, match=r"No such command 'wlak'. Did you mean 'walk'\?"):
        tree.main(["go", "wlak"], prog_name="root", standalone_mode=False)
    assert "far_away" not in sys.modules


def test_a_command_is_imported_when_it_runs_and_is_given_what_was_prepared(tree):
    tree.main(["go", "walk", "--far", "3"], prog_name="root", standalone_mode=False, obj="us")
    assert sys.modules["far_away"].CALLS == [("session of us", 3)]


def test_rubbish_is_collected_again_after_an_import_also_after_one_that_failed():
    with pytest.raises(ModuleNotFoundError):
        Listed(Command("walk", "nowhere_at_all:walk", "cli.help.score"), lambda told: told).loaded()
    assert gc.isenabled()


def test_a_line_may_name_an_application_with_the_command_in_it(tree):
    assert tree.commands["go"].commands["run"].loaded().name == "run"
