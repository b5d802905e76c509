"""What ``--version`` says is so, and it says it in both languages."""

import json
import platform
import tomllib
from pathlib import Path

import xingfu
from survey.commands.versions import PROGRAM, SCHEMA, versions
from survey.store.engine import migrations

ROOT = Path(__file__).resolve().parents[3]


def test_the_program_is_the_one_that_is_packed():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == PROGRAM


def test_the_schema_is_the_one_that_is_written():
    assert migrations.newest() == SCHEMA


def test_version_prints_program_schema_and_python(capsys):
    assert xingfu.main(["--version"]) == 0
    assert capsys.readouterr().out == f"xingfu {PROGRAM} · 存储结构 {SCHEMA} · Python {platform.python_version()}\n"
    assert xingfu.main(["--version", "--lang", "en"]) == 0
    assert capsys.readouterr().out == f"xingfu {PROGRAM} · store schema {SCHEMA} · Python {platform.python_version()}\n"


def test_version_as_json(capsys):
    assert xingfu.main(["--version", "--json", "--lang=en"]) == 0
    assert json.loads(capsys.readouterr().out) == {"meta": {"lang": "en"}, "rows": [versions()]}
    assert versions().keys() == {"program", "schema", "python"}


def test_version_stands_before_a_command_that_does_not_run(capsys):
    assert xingfu.main(["--version", "score"]) == 0
    assert capsys.readouterr().out.startswith("xingfu ")
