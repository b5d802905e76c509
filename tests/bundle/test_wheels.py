"""Which of the pinned requirements another platform needs, and where the files of a wheel belong."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from bundle.wheels import Target, Unusable, laid_out, needed

ROOT = Path(__file__).resolve().parents[2]
HASH = "--hash=sha256:" + "0" * 64
PINNED = f"""\
colorama==0.4.6 ; sys_platform == 'win32' \\
    {HASH} \\
    {HASH}
    # via somebody
numpy==2.4.6 ; python_full_version < '3.12' \\
    {HASH}
numpy==2.5.5 ; python_full_version >= '3.12' \\
    {HASH}
rich==14.0 \\
    {HASH}
"""


@pytest.mark.parametrize(
    ("target", "names"),
    [
        (Target.windows("3.11"), ["colorama==0.4.6", "numpy==2.4.6", "rich==14.0"]),
        (Target.windows("3.13"), ["colorama==0.4.6", "numpy==2.5.5", "rich==14.0"]),
        (Target.linux("3.11", "x86_64"), ["numpy==2.4.6", "rich==14.0"]),
        (Target.linux("3.12", "aarch64"), ["numpy==2.5.5", "rich==14.0"]),
    ],
)
def test_markers_are_judged_for_the_machine_it_will_run_on(target, names):
    found = needed(PINNED, target)
    assert [line.split()[0] for line in found.splitlines() if not line.startswith(" ")] == names
    assert found.count(HASH) == len(names) + ("colorama==0.4.6" in names)
    assert ";" not in found


def test_what_this_project_pins_is_all_hashed_and_windows_needs_what_linux_does_not():
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    names = {
        system: {line.split("==")[0] for line in needed(pinned, target).splitlines() if not line.startswith(" ")}
        for system, target in (("windows", Target.windows("3.11")), ("linux", Target.linux("3.11", "x86_64")))
    }
    assert names["windows"] - names["linux"] == {"colorama"}
    assert {"dash", "pandas", "tzdata", "typst"} <= names["linux"]


def test_a_pin_without_a_hash_is_refused():
    with pytest.raises(Unusable, match="make lock"):
        needed("rich==14.0\n", Target.windows("3.11"))


def wheel(place, files):
    made = place / "a-1-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as zipped:
        for name in files:
            zipped.writestr(name, name)
    return made


def test_files_lie_where_an_installer_would_lay_them(tmp_path):
    made = wheel(
        tmp_path,
        [
            "a/b.py",
            "a-1.dist-info/METADATA",
            "a-1.data/purelib/c.py",
            "a-1.data/platlib/d/e.pyd",
            "a-1.data/scripts/run",
        ],
    )
    assert [name for name, _, _ in laid_out(made)] == ["a/b.py", "a-1.dist-info/METADATA", "c.py", "d/e.pyd"]


@pytest.mark.parametrize("name", ["../x.py", "/x.py", "a/../../x.py"])
def test_a_file_outside_of_its_wheel_is_refused(tmp_path, name):
    with pytest.raises(Unusable, match="outside"):
        list(laid_out(wheel(tmp_path, [name])))
