"""The archive for Linux installs from itself alone, checks each hash, and says in a sentence what is in its way."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
import tarfile
import zipfile

import pytest

from bundle.linux import make
from bundle.wheels import Target

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a script for Linux")
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
#: as on a server that knows nothing of this checkout
CLEAN = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def installable(place, name, text):
    """A wheel of one module; xingfu has its command."""
    files = {
        f"{name}.py": text,
        f"{name}-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{name}-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{name}-1.0.dist-info/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n",
    }
    rows = []
    for path, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data.encode()).digest()).rstrip(b"=").decode()
        rows.append(f"{path},sha256={digest},{len(data)}")
    record = f"{name}-1.0.dist-info/RECORD"
    made = place / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as zipped:
        for path, data in files.items():
            zipped.writestr(path, data)
        zipped.writestr(record, "\n".join([*rows, f"{record},,", ""]))
    return made


@pytest.fixture
def unpacked(tmp_path):
    ours = installable(tmp_path, "xingfu", "import helper\ndef main(): print(helper.SAID)\n")
    other = installable(tmp_path, "helper", "SAID = 'xingfu 1.0'\ndef main(): pass\n")
    pinned = f"helper==1.0 \\\n    --hash=sha256:{hashlib.sha256(other.read_bytes()).hexdigest()}\n"
    make(tmp_path / "out.tar", [other], ours, pinned, Target.linux(PYTHON, "x86_64"))
    with tarfile.open(tmp_path / "out.tar") as archive:
        archive.extractall(tmp_path / "in a folder", filter="data")
    return tmp_path / "in a folder" / "xingfu"


def install(unpacked, *words, **environment):
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PYTHON": sys.executable, **environment}
    return subprocess.run(
        ["sh", str(unpacked / "install.sh"), *words], env={**CLEAN, **nowhere}, capture_output=True, text=True
    )


@pytest.mark.slow
def test_it_installs_from_its_own_folder_and_again_over_itself(unpacked, tmp_path):
    into = tmp_path / "new place"
    for _ in range(2):
        done = install(unpacked, str(into))
        assert (done.returncode, "xingfu 1.0" in done.stdout) == (0, True), done.stderr
    assert subprocess.run([into / "bin/xingfu"], env=CLEAN, capture_output=True, text=True).stdout == "xingfu 1.0\n"


@pytest.mark.slow
def test_a_wheel_that_was_changed_is_refused(unpacked, tmp_path):
    (unpacked / "wheels/helper-1.0-py3-none-any.whl").unlink()
    installable(unpacked / "wheels", "helper", "SAID = 'evil'\ndef main(): pass\n")
    done = install(unpacked, str(tmp_path / "new"))
    assert done.returncode != 0
    assert "HASH" in done.stderr.upper()


def test_what_is_in_the_way_is_said(unpacked, tmp_path):
    there = tmp_path / "there"
    there.mkdir()
    (there / "letter.txt").write_text("mine")
    assert install(unpacked).returncode == 2
    taken = install(unpacked, str(there))
    assert (taken.returncode, "choose another one" in taken.stderr) == (3, True)
    assert [path.name for path in there.iterdir()] == ["letter.txt"]
    absent = install(unpacked, str(tmp_path / "new"), PYTHON="python9.9")
    assert (absent.returncode, "Name another one with PYTHON=" in absent.stderr) == (5, True)
    assert not (tmp_path / "new").exists()
