"""Every place that writes a file says whether it holds persons, and every column that names one is known as such."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from analysis.exports.flat_files import PERSONS
from tests.tools.sources import nodes

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("survey", "analysis", "dashboard", "xingfu.py")
#: what puts a file on the disk
WRITERS = {"write_file", "write_set", "write_parts", "write_zip", "write_table", "write_text", "write_bytes", "mkstemp"}
#: place → why others may read it, or how it is closed to them; whatever is not named here says ``private=True``
KNOWN = {
    "analysis/archive/pack.py:write_pack": "the folder of single responses is private, the rest sums over groups",
    "analysis/commands/audit_log.py:export_entries": "write_table: who and when, so private",
    "analysis/commands/export.py:workbooks": "a street's paper, made to be handed out",
    "analysis/commands/measures.py:_write_others": "write_table: private where a column names persons",
    "analysis/commands/duties.py:todo": "a letter to an office or community: names of places only",
    "analysis/commands/scheme.py:scheme_against": "write_table: rules of a scheme",
    "analysis/commands/scheme.py:scheme_template": "a form to fill in, empty",
    "analysis/commands/scheme_draft.py:scheme_draft": "a scheme drafted out of an annex",
    "analysis/commands/shared.py:give": "write_table: private where a column names persons",
    "analysis/exports/data_set/data_files.py:write_data_set": "single responses are private, the rest sums over groups",
    "analysis/exports/files.py:export_year": "papers made to be handed out; single responses are private",
    "analysis/exports/flat_files.py:to_parquet": "into memory",
    "analysis/exports/flat_files.py:write_table": "private where a column names persons",
    "analysis/exports/packed/unfinished.py:write_parts": "single responses are private",
    "analysis/exports/packed/zips.py:write_zip": "as its caller says",
    "analysis/letters/letter_files.py:write_letters": "papers made to be handed out",
    "analysis/letters/letter_files.py:write_templates": "templates, empty",
    "analysis/papers/paper_files.py:write_papers": "papers made to be handed out",
    "dashboard/pages/papers/packing.py:_make": "below a folder of its owner's only",
    "survey/commands/communities.py:communities_template": "a form to fill in, empty",
    "survey/commands/questionnaires.py:questionnaire_bank": "a questionnaire",
    "survey/commands/questionnaires.py:questionnaire_export": "a questionnaire",
    "survey/commands/questionnaires.py:questionnaire_template": "a form to fill in, empty",
    "survey/core/disk.py:_exchange": "names of files",
    "survey/core/disk.py:write_set": "as its caller says",
    "survey/files/readers/reading_process.py:read_apart": "made 0600 before it is written, without a name on Linux",
}
#: columns whose heading speaks of persons but names none
NO_NAMES = {"own"}


def written() -> Iterator[tuple[str, ast.Call]]:
    """(file:function, call) of everything that writes a file."""
    for package in PACKAGES:
        top = ROOT / package
        for path in [top] if top.is_file() else sorted(top.rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            for function in (n for n in nodes(path) if isinstance(n, ast.FunctionDef)):
                for node in ast.walk(function):
                    if isinstance(node, ast.Call) and _name(node.func) in WRITERS:
                        yield f"{place}:{function.name}", node


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def _private(call: ast.Call) -> bool:
    return any(
        k.arg == "private" and isinstance(k.value, ast.Constant) and k.value.value is True for k in call.keywords
    )


def test_every_file_that_is_written_is_private_or_known_to_hold_no_person():
    found = list(written())
    assert len(found) > 40
    others = {place for place, call in found if not _private(call)}
    assert sorted(others - KNOWN.keys()) == []
    assert sorted(KNOWN.keys() - others) == []


def test_nothing_is_opened_for_writing_past_them():
    """What opens a file itself gives its mode: ``os.open`` with three arguments, or a descriptor of it."""
    past = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in nodes(path):
                if isinstance(node, ast.Call) and _opens_to_write(node):
                    past.append(f"{path.relative_to(ROOT).as_posix()}:{node.lineno}")
    known = {"survey/commands/voice.py", "survey/files/readers/reading_process.py"}  # nowhere; the child's own places
    assert [place for place in past if place.partition(":")[0] not in known] == []


def _opens_to_write(call: ast.Call) -> bool:
    if _name(call.func) != "open":
        return False
    if isinstance(call.func, ast.Attribute) and _name(call.func.value) == "os":
        writes = any(isinstance(n, ast.Attribute) and n.attr in ("O_WRONLY", "O_CREAT") for n in ast.walk(call.args[1]))
        return writes and len(call.args) < 3
    modes = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    opened = call.args[:1] if isinstance(call.func, ast.Name) else []
    by_number = [a for a in opened if isinstance(a, ast.Call) and _name(a.func) == "open"]
    return any(set(m) & set("wax") and set(m) <= set("wax+bt") for m in modes) and not by_number


def test_every_column_that_names_persons_is_known():
    headings = tomllib.loads((ROOT / "survey/texts/zh/commands.toml").read_text(encoding="utf-8"))["columns"]
    named = {name for name, said in headings.items() if said.endswith(("人", "访问员", "操作者")) or "访问员或" in said}
    assert sorted(named - PERSONS - NO_NAMES) == []
    assert sorted(PERSONS - named) == []
