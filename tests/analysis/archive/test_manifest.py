"""A pack is what its manifest says, or it is said what is not."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from analysis.archive.manifest import NAME, examine_pack, read, with_manifest
from survey.core import limits
from survey.core.disk import write_set
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, say

FILES = [("a.txt", b"one"), ("b/c.csv", "二".encode())]


@pytest.fixture
def pack(tmp_path):
    folder = tmp_path / "pack"
    write_set(folder, with_manifest(FILES, {"year": 2013}))
    return folder


def states(folder):
    return [(one.key, one.params) for one in examine_pack(folder)]


def test_the_manifest_stands_last_and_holds_every_file_with_its_sum():
    names = [name for name, _ in with_manifest(FILES, {"year": 2013})]
    assert names == ["a.txt", "b/c.csv", NAME]
    text = json.loads(list(with_manifest(FILES, {"year": 2013}))[-1][1])
    assert text["year"] == 2013
    assert text["files"]["a.txt"] == {"sha256": hashlib.sha256(b"one").hexdigest(), "bytes": 3}


def test_a_whole_pack_is_well(pack):
    assert states(pack) == [("archive.whole", {"n": 2})]


def test_what_is_gone_differs_or_was_put_there_is_named(pack):
    (pack / "a.txt").write_bytes(b"0ne")
    (pack / "b" / "c.csv").unlink()
    (pack / "b" / "new.csv").write_bytes(b"")
    assert states(pack) == [
        ("archive.gone", {"n": 1, "names": "b/c.csv"}),
        ("archive.changed", {"n": 1, "names": "a.txt"}),
        ("archive.strange", {"n": 1, "names": "b/new.csv"}),
    ]
    for one in examine_pack(pack):
        assert all(say(lang, one.key, **one.params) for lang in LANGUAGES)


def test_a_flipped_bit_of_any_file_is_seen(pack):
    for name, data in FILES:
        for place in range(len(data)):
            (pack / name).write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            assert states(pack) == [("archive.changed", {"n": 1, "names": name})]
        (pack / name).write_bytes(data)


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{}", b'{"format": "other"}', b'{"format":"xingfu-archive","files":{"a":1}}']
)
def test_what_is_no_manifest_is_one_sentence(pack, text):
    (pack / NAME).write_bytes(text)
    with pytest.raises(Refused) as found:
        read(pack)
    assert found.value.key == "archive.no_manifest"


def test_a_manifest_too_large_to_be_one_is_not_read(pack, monkeypatch):
    monkeypatch.setattr(limits, "UPLOAD_BYTES", 10)
    monkeypatch.setattr(Path, "read_bytes", None)
    with pytest.raises(Refused) as found:
        read(pack)
    assert found.value.key == "archive.no_manifest"


def test_another_format_and_no_pack_at_all(pack, tmp_path):
    whole = json.loads((pack / NAME).read_bytes())
    (pack / NAME).write_text(json.dumps(whole | {"format_version": 2}))
    with pytest.raises(Refused) as found:
        read(pack)
    assert found.value.key == "archive.newer"
    for nothing in (tmp_path, tmp_path / "nowhere", pack / "a.txt"):
        with pytest.raises(Refused) as found:
            read(nothing)
        assert found.value.key == "archive.no_pack"
