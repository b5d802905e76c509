"""The zip for Windows: the embeddable Python told by what it is, wheels beside it, the start, the same bytes each time."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile

import pytest

from bundle.wheels import Target, Unusable
from bundle.windows import AMD64, make, python_of
from tests.bundle.test_wheels import wheel


def program(machine=AMD64):
    """The first bytes of a Windows program for a processor."""
    return b"MZ" + bytes(0x3A) + struct.pack("<I", 0x40) + b"PE\0\0" + struct.pack("<H", machine) + bytes(20)


def embeddable(place, files=None):
    made = place / "python-3.12.9-embed-amd64.zip"
    files = (
        {"python.exe": program(), "python3.dll": b"", "python312.dll": b"", "python312._pth": b"."}
        if files is None
        else files
    )
    with zipfile.ZipFile(made, "w") as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
    return made


def test_the_python_is_told_by_its_library(tmp_path):
    assert python_of(embeddable(tmp_path)) == "3.12"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"readme.txt": b""}, "no embeddable Python"),
        ({"python.exe": program()}, "no embeddable Python"),
        ({"python.exe": program(0x14C), "python312.dll": b""}, "64-bit"),
        ({"python.exe": b"#!/bin/sh", "python312.dll": b""}, "64-bit"),
        ({"python.exe": program(), "python310.dll": b""}, "3.11 or newer"),
    ],
)
def test_another_zip_is_refused_with_what_to_take(tmp_path, files, words):
    with pytest.raises(Unusable, match=words):
        python_of(embeddable(tmp_path, files))


@pytest.mark.parametrize("data", [None, b"not a zip"])
def test_what_is_no_zip_or_not_there_is_one_sentence(tmp_path, data):
    place = tmp_path / "python.zip"
    if data is not None:
        place.write_bytes(data)
    with pytest.raises(Unusable, match="can't be read"):
        python_of(place)


def made(tmp_path, python_zip):
    out = tmp_path / "out.zip"
    wheels = [wheel(tmp_path, ["xingfu.py", "survey/core/a.py"])]
    manifest = make(out, wheels, Target.windows("3.12"), "0.1.0", python_zip)
    return out.read_bytes(), manifest


def test_the_folder_holds_python_what_it_imports_and_a_start(tmp_path):
    data, manifest = made(tmp_path, embeddable(tmp_path))
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        found = {name.removeprefix("xingfu/"): zipped.read(name) for name in zipped.namelist()}
    assert {"python/python.exe", "lib/xingfu.py", "lib/survey/core/a.py", "lib/start.py"} <= set(found)
    assert found["python/python312._pth"].decode().split() == [
        "python312.zip",
        ".",
        "..\\lib",
    ]  # not the one of the zip
    start = found["启动 start.bat"]
    assert b"\r\n" in start
    assert b"\n" not in start.replace(b"\r\n", b"")
    assert not start.startswith(b"\xef\xbb\xbf")
    assert b"python312._pth" in start
    assert b"{" not in start + found["说明 README.txt"]
    listed = json.loads(found.pop("MANIFEST.json"))
    assert listed == {name: hashlib.sha256(held).hexdigest() for name, held in found.items()}
    assert set(manifest) == {*listed, "MANIFEST.json"}


def test_without_python_all_the_rest_is_there_and_what_to_add_is_said(tmp_path):
    data, manifest = made(tmp_path, None)
    assert "python/python.exe" not in manifest
    assert "lib/xingfu.py" in manifest
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        said = zipped.read("xingfu/说明 README.txt").decode("utf-8-sig")
    assert "Windows embeddable package (64-bit)" in said
    assert "3.12" in said


def test_the_same_files_make_the_same_bytes(tmp_path):
    assert made(tmp_path, embeddable(tmp_path)) == made(tmp_path, embeddable(tmp_path))


def test_two_packages_with_different_files_of_one_name_are_refused(tmp_path):
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "a-2-py3-none-any.whl"
    with zipfile.ZipFile(other, "w") as zipped:
        zipped.writestr("xingfu.py", "another")
    with pytest.raises(Unusable, match=r"xingfu\.py"):
        make(tmp_path / "out.zip", [wheel(tmp_path, ["xingfu.py"]), other], Target.windows("3.12"), "0", None)
