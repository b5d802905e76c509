"""What is given wrongly is one sentence and status 5, before anything is fetched."""

from __future__ import annotations

import pytest

from bundle.__main__ import main


@pytest.mark.parametrize("data", [None, b"not a zip"])
def test_a_python_that_is_none_is_refused_and_nothing_is_written(tmp_path, capsys, data):
    place = tmp_path / "python.zip"
    if data is not None:
        place.write_bytes(data)
    assert main(["--python-zip", str(place), "--out", str(tmp_path / "dist")]) == 5
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert str(place) in said
    assert list((tmp_path / "dist").iterdir()) == []
