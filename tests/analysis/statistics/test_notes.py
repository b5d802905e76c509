"""Note codes and their words."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np

from analysis.statistics.notes import join_notes, note_text
from survey.core.lang import known
from tests.tools.sources import nodes


def test_codes_are_joined_once_each() -> None:
    notes = join_notes(
        3,
        (np.array([True, True, False]), "one_psu"),
        (np.array([True, False, False]), ["a", "b", "c"]),
        start=["one_psu", "", None],
    )
    assert notes.tolist() == ["one_psu;a", "one_psu", ""]


def test_words_in_both_languages() -> None:
    note = "item_unanswered:A1,A2;no_such_code"
    assert note_text(note, "en") == "nobody answered A1, A2, so its dimension and the total are empty; no_such_code"
    assert note_text(note, "zh").startswith("A1、A2 没有人回答")
    assert note_text("", "zh") == note_text(None, "en") == ""


def given_codes() -> set[str]:
    """Second elements of the pairs (mask, "code") in the modules that give notes."""
    codes = set()
    for path in (Path(__file__).parents[3] / "analysis").rglob("*.py"):
        if path.parent.name == "cycle":
            continue  # its pairs are reasons for refusing a step
        found = nodes(path)
        places = {id(node.slice) for node in found if isinstance(node, ast.Subscript)}
        for node in found:
            if isinstance(node, ast.Tuple) and len(node.elts) == 2 and id(node) not in places:
                mask, code = node.elts
                if (
                    isinstance(code, ast.Constant)
                    and isinstance(code.value, str)
                    and not isinstance(mask, (ast.Constant, ast.Starred))
                ):
                    codes.add(code.value)
    return codes - {""}


def test_every_code_that_is_given_has_words() -> None:
    codes = given_codes()
    assert {"one_psu", "sample_too_small", "communities_changed"} <= codes
    assert [code for code in sorted(codes) if not known(f"notes.{code}")] == []
