"""What tests of accounts share: passwords that cost nothing, a store with people in it, a browser that is signed in."""

from __future__ import annotations

import re

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from dashboard.accounts import passwords, sign_in, views
from dashboard.accounts.identity import identify
from dashboard.app import create_app
from survey.store import Store

PASSWORD = "好记的一句话，够长了"
HERE = "192.0.2.7"
PAGE = {"Accept": "text/html"}


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords at the least cost that there is; what they cost otherwise is one test's own."""
    light = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", light)
    monkeypatch.setattr(passwords, "_NOBODYS", light.hash("nobody's"))


def person(store: Store, name: str = "王芳", role: str = "admin", *scopes: tuple[str, str]) -> str:
    """An account whose password is ``PASSWORD``; returns the id of its session."""
    return sign_in.choose(store, name, sign_in.add(store, name, role, scopes, "tests"), PASSWORD, HERE)


def server(store: Store, *, alone: bool = True) -> Flask:
    """The dashboard's server on a store, with accounts."""
    app = create_app(store, identify=identify(store, alone=alone))
    views.install(app.server, store, "zh", alone=alone)
    return app.server


def field(html: str, name: str = "token") -> str:
    """What a hidden field of a page's form holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None
    return found[1]


def enter(client: FlaskClient, name: str = "王芳", password: str = PASSWORD, goes_on: str = "/"):
    """Fill in the form and send it; returns the answer."""
    html = client.get("/sign-in", query_string={"next": goes_on}, headers=PAGE).get_data(as_text=True)
    typed = {"name": name, "password": password, "next": field(html, "next"), "token": field(html)}
    return client.post("/sign-in", data=typed, headers=PAGE)
