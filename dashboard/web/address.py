"""The address is the state: language, year and every filter, so that a link shows the same view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlencode

from survey.core.lang import DEFAULT_LANGUAGE, LANGUAGES, language

SORTS = ("total", "objective", "subjective", "change", "register")
#: how the address of a table says that it is wanted as a workbook
AS = "as"
#: what may stand in an address besides language and year; anything else is dropped
FILTERS = (
    "sort",
    "street",
    "with",
    "token",
    "batch",
    "alike",
    "outcome",
    "weights",
    "form",
    "do",
    "at",
    "against",
    "community",
    "dimension",
    "office",
    "state",
    "item",
    "stat",
    "base",
    "split",
    "cross",
    "where",
    "also",
    "who",
    "find",
    "action",
    AS,
)
COOKIE_LANGUAGE = "xingfu_lang"
COOKIE_YEAR = "xingfu_year"


@dataclass(frozen=True)
class Address:
    """A parsed address. ``year`` None: none asked for; ``bad_year``: what was asked for and is no year."""

    path: str = "/"
    lang: str = DEFAULT_LANGUAGE
    year: int | None = None
    bad_year: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def sort(self) -> str:
        """The order of the league table."""
        wanted = self.filters.get("sort", "")
        return wanted if wanted in SORTS else "total"

    @property
    def search(self) -> str:
        """The query string with its question mark."""
        return "?" + self.link().partition("?")[2]

    def link(self, path: str | None = None, **changes: str | int | None) -> str:
        """The address of another view that keeps language, year and street; None takes a filter away.

        Going to another path drops the filters that belong to one page only.
        """
        keep = dict(self.filters) if path is None else {k: v for k, v in self.filters.items() if k == "street"}
        values: dict[str, str | int | None] = {"lang": self.lang, "year": self.year, **keep, **changes}
        query = urlencode({k: v for k, v in values.items() if v not in (None, "")})
        return f"{quote(path or self.path)}?{query}"


def parse(path: str | None, search: str | None, cookies: Mapping[str, str] | None = None) -> Address:
    """Read an address: what it says, else what the browser remembers, else the defaults."""
    stored = cookies or {}
    query = dict(parse_qsl((search or "").lstrip("?")))
    asked = query.get("lang", "")
    lang = asked if asked in LANGUAGES else language(stored.get(COOKIE_LANGUAGE))
    year_text = query.get("year", "")
    year = int(year_text) if year_text.isascii() and year_text.isdigit() and len(year_text) == 4 else None
    return Address(
        path=unquote((path or "/").rstrip("/") or "/"),
        lang=lang,
        year=year,
        bad_year=year_text if year_text and year is None else "",
        filters={k: query[k] for k in FILTERS if query.get(k)},
    )


def in_path(code: str) -> str:
    """A code or name as one piece of a path: one that a browser would read as several, or as a way out (``A/1``, ``..``), is
    written otherwise, every other stands as it is."""
    if code not in (".", "..") and not set(code) & set("/~%"):
        return code
    return "~" + quote(code, safe="").replace("~", "%7E").replace(".", "%2E").replace("%", "~")


def from_path(piece: str) -> str:
    """The code or name that a piece of a path stands for."""
    return unquote(piece[1:].replace("~", "%")) if piece.startswith("~") else piece


def stored_year(cookies: Mapping[str, str]) -> int | None:
    """The year this browser looked at last."""
    text = cookies.get(COOKIE_YEAR, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None
