"""A text read by its bytes is what the csv module reads of it, or nothing."""

from __future__ import annotations

import random

import pytest

from survey.core.errors import Refused
from survey.files.preflight import Limits
from survey.files.readers.delimited import _read
from survey.files.readers.large import even_text
from survey.files.readers.large.even_text import read_even

ALPHABETS = ("ab", "a", "很满意a1 ", "abcdefghijklmnopqrstuvwxyz0123456789", "é\x85\u2028\x0b\x1ca,")


def as_csv(text, delimiter):
    try:
        return _read("a.csv", text, delimiter, Limits())
    except Refused:
        return None


@pytest.mark.parametrize("piece", [8, 64, 1 << 20])
def test_any_text_is_read_as_the_csv_module_reads_it(piece, monkeypatch):
    monkeypatch.setattr(even_text, "PIECE", piece)
    rnd, read = random.Random(piece), 0
    for _ in range(400):
        width, delimiter = rnd.randint(1, 4), rnd.choice(",\t;")
        letters, end = rnd.choice(ALPHABETS), rnd.choice(["\n", "\r\n", "\n", "\r"])
        rows = [
            ["".join(rnd.choices(letters, k=rnd.choice([0, 0, 1, 2, 5, 8, 9, 16, 17, 30]))) for _ in range(width)]
            for _ in range(rnd.randint(1, 30))
        ]
        text = end.join(delimiter.join(row) for row in rows) + end * rnd.randint(0, 1)
        found = read_even(text.encode(), delimiter, Limits())
        if found is None:
            continue
        wanted = as_csv(text, delimiter)
        assert wanted is not None, text
        assert [c.values for c in found.columns] == [c.values for c in wanted.columns], text
        assert [c.codes.tolist() for c in found.columns] == [c.codes.tolist() for c in wanted.columns], text
        read += 1
    assert read > 100


def test_a_column_of_many_texts_is_read_one_by_one():
    text = "".join(f"R{i:06d},{i % 5}\n" for i in range(20_000))
    found = read_even(text.encode(), ",", Limits())
    assert found is not None
    assert found.columns[0].values[:2] == ("R000000", "R000001")
    assert len(found.columns[0].values) == 20_000
    assert found[19_999] == ["R019999", "4"]


@pytest.mark.parametrize(
    "text", ['a,"b"\n1,2\n', "a,b\n1\n", "a,b\n\n1,2\n", "a,b\r1,2\r", "a\n\nb\n", "", "a,b\n1," + "x" * 40_000 + "\n"]
)
def test_what_is_otherwise_is_left_to_the_csv_module(text):
    assert read_even(text.encode(), ",", Limits()) is None


def test_caps_are_left_to_who_says_them():
    assert read_even(b"a,b\n" * 11, ",", Limits(rows=10)) is None
    assert read_even(b"a,b,c\n", ",", Limits(columns=2)) is None
