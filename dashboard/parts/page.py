"""What a page says of itself: its folder exports one ``PAGE``, and everything that shows, serves or guards it walks these."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from dash import Dash

from dashboard.accounts.half_filled import Form
from dashboard.data.files import File
from dashboard.data.results import Source
from dashboard.parts.context import Context, View
from dashboard.parts.sent_forms import SentForm
from dashboard.web.address import from_path
from dashboard.web.permissions import known

#: places in the menu: in the header itself, below “more”, at the end of the header, or none
HEAD, MORE, END, NONE = "head", "more", "end", ""


@dataclass(frozen=True)
class Later:
    """A function of a page's own folder, whose module is imported when it is first needed."""

    module: str
    name: str

    def load(self) -> Callable[..., Any]:
        """The function itself; raises ImportError or AttributeError where there is none."""
        found: Callable[..., Any] = getattr(import_module(self.module), self.name)
        return found

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it."""
        return self.load()(*args, **kwargs)


def later(package: str, module: str, name: str) -> Later:
    """``later(__name__, "page", "page")`` is the function ``page`` of this folder's ``page.py``."""
    return Later(f"{package}.{module}", name)


@dataclass(frozen=True)
class Resources:
    """What callbacks hand on to services."""

    source: Source
    store: Any
    uploads: Any


@dataclass(frozen=True)
class Select:
    """A choice that leads to another address.

    ``parameter``: what the choice is in the address, a filter or a name in the page's path; ``how``: the function in
    ``assets/shell.js``; ``go`` takes the address from the choice's own value.
    """

    id: str
    parameter: str
    how: str = "go"


@dataclass(frozen=True)
class Download:
    """A file to have: ``make(context, **names in rule)`` gives name, bytes and media type, or raises Refused.

    ``unrecorded``: it is a blank form, or its service writes down itself who took it.
    """

    rule: str
    make: Callable[..., File]
    needs: str
    unrecorded: bool = False

    def __post_init__(self) -> None:
        known(self.needs)


@dataclass(frozen=True)
class Post:
    """A plain address that takes something: ``handle(context)`` gives what a Flask view gives."""

    rule: str
    handle: Callable[[Context], Any]
    needs: str

    def __post_init__(self) -> None:
        known(self.needs)


@dataclass(frozen=True)
class Page:
    """One page.

    ``name``: what ``View.active`` calls it. ``paths``: its addresses, the first one in the menu; ``<code>`` stands for
    everything that follows and is given to ``show`` by its name. ``needs``: the permission it takes. ``label``: text
    of its entry in ``menu`` (``HEAD``, ``MORE``, ``END``, ``NONE``). ``kept``: shown from memory until results change, or what
    ``rests_on(viewer, store)`` gives; ``until_stored``: until anything at all is stored, or the day is over; else made anew
    each time. ``at_once``: the first HTML carries it. ``without_year``: shown while the store has no year. ``ahead``: a year
    may be begun on it that has no results. ``one_process``: what waits or is under way on it is known to one process of the server, which answers for it. ``for_empty``: shown in place of every page that lacks a year. ``there``: whether there is what the names in the address
    stand for; without it there always is. ``help``: the document that explains it, ``intake`` or ``intake#撤回``.
    ``register``: hangs its callbacks on the app; ``forms``: those that survive a reload while they are filled in;
    ``sent``: which field a refusal of a form speaks of.
    """

    name: str
    show: Callable[..., View]
    needs: str
    paths: tuple[str, ...] = ()
    label: str = ""
    menu: str = NONE
    kept: bool = True
    until_stored: bool = False
    rests_on: Callable[..., Hashable] | None = None
    at_once: bool = False
    without_year: bool = False
    ahead: bool = False
    one_process: bool = False
    for_empty: bool = False
    help: str = ""
    there: Callable[..., bool] | None = None
    register: Callable[[Dash, Resources], object] | None = None
    selects: tuple[Select, ...] = ()
    downloads: tuple[Download, ...] = ()
    posts: tuple[Post, ...] = ()
    forms: tuple[Form, ...] = ()
    sent: tuple[SentForm, ...] = ()

    def __post_init__(self) -> None:
        known(self.needs)
        if self.kept and self.until_stored:
            raise ValueError(f"{self.name}: a page is kept for one of two reasons")
        if self.at_once and not self.kept:
            raise ValueError(f"{self.name}: the first HTML carries what is shown from memory only")
        if self.forms and self.kept:
            raise ValueError(f"{self.name}: a page that is shown from memory keeps no half-filled form")
        if self.menu not in (HEAD, MORE, END, NONE):
            raise ValueError(f"{self.name}: no place in the menu is called {self.menu!r}")
        if self.menu and not (self.label and self.paths and "<" not in self.paths[0]):
            raise ValueError(f"{self.name}: an entry of the menu has a label and a first address without names")

    def names(self, path: str) -> Mapping[str, str] | None:
        """What the names in the page's address stand for in this one; None where it is not the page's."""
        for pattern in self.paths:
            found = re.fullmatch(re.sub(r"<(\w+)>", r"(?P<\1>.+)", pattern), path, re.DOTALL)
            if found is not None:
                return {name: from_path(piece) for name, piece in found.groupdict().items()}
        return None


def community_there(source: Source, code: str = "") -> bool:
    """Whether any year has a community of this code; newest first, which nearly always knows it."""
    return not code or any(
        (source.results(year).scores["community_code"] == code).any() for year in reversed(source.years())
    )


def find(pages: Sequence[Page], path: str) -> tuple[Page, Mapping[str, str]] | None:
    """The page of an address and what its names stand for; None where there is none."""
    for page in pages:
        names = page.names(path)
        if names is not None:
            return page, names
    return None
