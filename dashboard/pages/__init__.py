"""The pages, each a folder that registers itself; a page is added by its folder and one line here."""

from __future__ import annotations

from importlib import import_module

from dashboard.parts.page import Page

#: their folders, in the order of the menu
FOLDERS = (
    "overview",
    "community",
    "answers",
    "words",
    "compare",
    "beside",
    "imports",
    "cycle",
    "entry",
    "scheme",
    "todo",
    "tasks",
    "awards",
    "drivers",
    "views",
    "estimates",
    "quality",
    "robustness",
    "method",
    "trace",
    "papers",
    "administration",
    "audit",
    "basics",
    "outlines",
    "bank",
    "drafting",
    "start",
    "help",
    "find",
)
PAGES: tuple[Page, ...] = tuple(import_module(f"{__name__}.{folder}").PAGE for folder in FOLDERS)
