"""Keys: where they come from, what they open, and that no sentence shows one."""

from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from survey.core.errors import Refused, Surroundings, XingfuError
from survey.core.lang import COMMAND, on_surface
from survey.store import keyring
from survey.store.keyring import Key, Keyring, new_key, parse

SECRET = bytes(range(32))
OLDER = bytes(range(100, 132))


def as_text(secret: bytes) -> str:
    return base64.b64encode(secret).decode()


@pytest.mark.parametrize(
    "text",
    [SECRET.hex(), SECRET.hex().upper(), as_text(SECRET), as_text(SECRET).rstrip("="), f"# ours\n{SECRET.hex()} # x\n"],
)
def test_a_key_may_be_written_in_several_ways(text):
    assert parse(text, "$XINGFU_KEY").newest == Key(SECRET)


def test_url_safe_base64_is_read():
    secret = base64.b64decode("+/+/" + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm=")
    assert parse(base64.urlsafe_b64encode(secret).decode(), "x").newest == Key(secret)


def test_a_ring_keeps_its_order_and_drops_repetitions():
    ring = parse(f"{SECRET.hex()}, {as_text(OLDER)}\n{SECRET.hex()}", "x")
    assert [k.secret for k in ring] == [SECRET, OLDER]
    assert ring.newest.id == ring.ids[0]
    assert ring.key(ring.ids[1]) == Key(OLDER)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("geheim", "bad_key"),
        (SECRET.hex()[:-2], "bad_key"),
        ("ä" * 43, "bad_key"),
        (as_text(SECRET) + " x", "bad_key"),
        ("# nothing", "bad_key"),
        ("00" * 32, "weak_key"),
        (as_text(b"password" * 4), "weak_key"),
    ],
)
def test_what_is_no_key_is_said_without_showing_it(text, key):
    with pytest.raises(Surroundings) as error:
        parse(text, "$XINGFU_KEY")
    assert error.value.key == f"keyring.{key}"
    for lang in ("zh", "en"):
        assert text not in error.value.word(lang)
    assert text not in repr(error.value.params)


def test_what_is_sealed_opens_with_its_own_key_and_purpose_only():
    key = Key(SECRET)
    sealed = key.seal(b"13800138001", "contact/t1")
    assert b"138" not in sealed
    assert key.open(sealed, "contact/t1") == b"13800138001"
    assert key.seal(b"13800138001", "contact/t1") != sealed  # a nonce of its own
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for opener, text, about in [
        (key, sealed, "contact/t2"),
        (Key(OLDER), sealed, "contact/t1"),
        (key, changed, "contact/t1"),
        (key, b"", "contact/t1"),
    ]:
        with pytest.raises(Refused) as error:
            opener.open(text, about)
        assert error.value.key == "keyring.does_not_open"


def test_subkeys_are_hkdf_of_the_secret_and_differ():
    """HKDF-SHA256 by hand (RFC 5869): extract with 32 zero bytes as salt, expand one block."""
    import hmac

    prk = hmac.digest(bytes(32), SECRET, "sha256")
    encrypt, mark = (hmac.digest(prk, f"xingfu/1/{p}".encode() + b"\x01", "sha256") for p in ("encrypt", "mark"))
    key = Key(SECRET)
    sealed = key.seal(b"x", "a")
    assert AESGCM(encrypt).decrypt(sealed[:12], sealed[12:], b"a") == b"x"
    assert key.mark("13800138001", "q/2013") == hmac.digest(mark, b"q/2013\x0013800138001", "sha256")
    assert len({encrypt, mark, SECRET}) == 3
    assert key.id not in (SECRET.hex()[:8], encrypt.hex()[:8], mark.hex()[:8])


def test_marks_are_equal_for_equal_numbers_of_one_scope_and_key():
    key = Key(SECRET)
    assert key.mark("1", "q/2013") == Key(SECRET).mark("1", "q/2013")
    others = {key.mark("2", "q/2013"), key.mark("1", "q/2014"), Key(OLDER).mark("1", "q/2013"), key.mark("1", "q/2013")}
    assert len(others) == 4


def test_no_secret_is_shown_by_printing():
    ring = Keyring((Key(SECRET),), "x")
    for text in (repr(ring), str(ring), repr(ring.newest)):
        assert SECRET.hex() not in text
        assert repr(SECRET) not in text


def test_the_environment_comes_before_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    assert keyring.load() is None
    file = tmp_path / "k"
    file.write_text(OLDER.hex(), encoding="utf-8")
    monkeypatch.setenv("XINGFU_KEY_FILE", str(file))
    found = keyring.load()
    assert found is not None
    assert (found.newest, found.place) == (Key(OLDER), str(file))
    monkeypatch.setenv("XINGFU_KEY", SECRET.hex())
    found = keyring.load()
    assert found is not None
    assert (found.newest, found.place) == (Key(SECRET), "$XINGFU_KEY")


def test_a_named_file_that_is_missing_is_not_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("XINGFU_KEY_FILE", str(tmp_path / "none"))
    with pytest.raises(Surroundings, match=r"none"):
        keyring.load()


def test_no_key_is_said_with_what_to_do():
    with pytest.raises(Surroundings) as error:
        keyring.need()
    assert "xingfu" not in error.value.word("en")
    with on_surface(COMMAND):
        assert "xingfu keys create" in error.value.word("en")


def test_a_made_key_file_belongs_to_its_owner_and_is_not_overwritten():
    ring = keyring.create("somewhere/store.db")
    path = keyring.default_file()
    assert keyring.load() == ring
    assert ring.place == str(path)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    before = path.read_bytes()
    with pytest.raises(Refused) as error:
        keyring.create("somewhere/store.db")
    assert error.value.key == "keyring.exists"
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["key"]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permissions")
def test_the_own_key_file_must_be_closed_to_others():
    keyring.create("x/store.db")
    keyring.default_file().chmod(0o640)
    with pytest.raises(Surroundings, match=r"chmod 600"):
        keyring.load()


def test_a_key_does_not_lie_beside_the_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("XINGFU_KEY_FILE", str(tmp_path / "store.db.key"))
    with pytest.raises(Refused) as error:
        keyring.create(str(tmp_path / "store.db"))
    assert error.value.key == "keyring.beside_store"
    assert not (tmp_path / "store.db.key").exists()
    assert keyring.create("postgresql://host/db").newest


def test_a_new_key_stands_before_the_older_until_they_are_forgotten():
    first = keyring.create("x/store.db")
    second = keyring.add_newest(first)
    assert second.keys[1:] == first.keys
    assert keyring.load() == second
    assert keyring.forget_older(second).keys == second.keys[:1]
    third = keyring.load()
    assert third is not None
    assert third.keys == second.keys[:1]


def test_the_environment_is_never_written(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XINGFU_KEY", new_key().written())
    ring = keyring.need()
    for act in (keyring.add_newest, keyring.forget_older):
        with pytest.raises(Refused) as error:
            act(ring)
        assert error.value.key == "keyring.environment_is_yours"
    with pytest.raises(XingfuError):
        keyring.create("x/store.db")


def test_a_disk_that_refuses_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XINGFU_KEY_FILE", str(tmp_path / "file" / "key"))
    with pytest.raises(Surroundings, match=r"key"):
        keyring.create("x/store.db")
