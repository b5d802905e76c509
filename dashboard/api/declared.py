"""What an address of the API says of itself; everything that serves, guards or describes it walks these."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from dashboard.data.results import Source
from dashboard.web.access import Viewer
from dashboard.web.permissions import known
from survey.core import limits
from survey.core.columns import Columns
from survey.core.errors import Surroundings
from survey.core.lang import LANGUAGES
from survey.core.lazily import cached_property

#: where all of it is; what is added later never changes what stands here
ROOT = "/api/v1"
DOCUMENT = f"{ROOT}/openapi.json"
#: a name in a path, as Flask has it → as OpenAPI has it
_NAMES = re.compile(r"<(?:int:)?(\w+)>")


@dataclass(frozen=True)
class Parameter:
    """One parameter of an address: a text, one of ``values``, or a whole number from ``least`` to ``most()``."""

    name: str
    values: tuple[str, ...] = ()
    whole: bool = False
    least: int = 1
    most: Callable[[], int] = lambda: 2**31 - 1


#: what every address takes
EVERYWHERE = (
    Parameter("lang", values=LANGUAGES),
    Parameter("limit", whole=True, most=lambda: limits.API_MOST_ROWS),
    Parameter("cursor"),
)


@dataclass(frozen=True)
class Asked:
    """Who asks for what: ``year`` where the address has one, ``given`` the parameters as they were checked."""

    viewer: Viewer
    source: Source
    store: Any
    lang: str
    year: int = 0
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stored(self) -> Any:
        """The store behind the results; raises Surroundings where there is none."""
        if self.store is None:
            raise Surroundings("dash_errors.failed")
        return self.store

    def text(self, name: str) -> str:
        """A parameter's text; empty where it was not given."""
        return str(self.given.get(name, ""))

    def fits(self, row: Mapping[str, Any], **columns: str) -> bool:
        """Whether a row is of what was asked for: parameter → the column that must say the same."""
        return all(row.get(column) == self.given[name] for name, column in columns.items() if name in self.given)


@dataclass(frozen=True)
class Table:
    """What an address answers: rows, and what is said of all of them."""

    rows: Sequence[Mapping[str, Any]]
    meta: Mapping[str, Any] = field(default_factory=dict)


Reader = Callable[[Asked], Table]


def gives(columns: Columns) -> Callable[[Reader], Reader]:
    """Declare the columns of the rows that a reader gives."""

    def declare(read: Reader) -> Reader:
        read.columns = columns  # type: ignore[attr-defined]
        return read

    return declare


@dataclass(frozen=True)
class Route:
    """One address, below ``ROOT``.

    ``path``: with ``<int:year>`` where it is of a year. ``place``: ``module:function`` of its reader, which ``gives`` its
    columns; imported when it is first asked for, since a server starts without what only some answers need. ``more``: a
    row may have other columns, named by the questionnaire. ``single``: rows tell of single persons, so that every use is
    a line of the record.
    """

    name: str
    path: str
    place: str
    needs: str
    parameters: tuple[Parameter, ...] = ()
    more: bool = False
    single: bool = False

    def __post_init__(self) -> None:
        known(self.needs)

    @cached_property
    def reader(self) -> Reader:
        """What reads its rows; raises ImportError or AttributeError where there is none."""
        module, _, name = self.place.partition(":")
        found: Reader = getattr(import_module(module), name)
        return found

    @property
    def columns(self) -> Columns:
        """The columns of each row."""
        found: Columns = self.reader.columns  # type: ignore[attr-defined]
        return found

    def read(self, asked: Asked) -> Table:
        """The rows; raises Refused as its reader does."""
        return self.reader(asked)

    @property
    def rule(self) -> str:
        """The whole address, as the server knows it."""
        return f"{ROOT}/{self.path}"

    @property
    def told(self) -> str:
        """The whole address, as the document and the record have it."""
        return _NAMES.sub(r"{\1}", self.rule)

    @property
    def of_year(self) -> bool:
        """Whether a year stands in the address."""
        return "<int:year>" in self.path

    @property
    def takes(self) -> Mapping[str, Parameter]:
        """Name → every parameter."""
        return {one.name: one for one in (*self.parameters, *EVERYWHERE)}
