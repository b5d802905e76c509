"""Errors a user can meet: one sentence in their language, and the exit status that docs/cli.md promises."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from survey.core.findings import Finding
from survey.core.lang import DEFAULT_LANGUAGE, say


class XingfuError(Exception):
    """A sentence for the user: ``key`` names the text, ``params`` fill it."""

    status = 1

    def __init__(self, key: str, /, **params: Any) -> None:
        self.key = key
        self.params = params
        super().__init__(key, params)

    def word(self, lang: str) -> str:
        """The sentence in the reader's language."""
        return say(lang, self.key, **self.params)

    def __str__(self) -> str:
        return self.word(DEFAULT_LANGUAGE)


class WrongUsage(XingfuError):
    """The command was called wrongly (exit 2)."""

    status = 2


class Refused(XingfuError):
    """The input was refused and nothing was stored (exit 3); ``findings`` say why, cell by cell."""

    status = 3

    def __init__(self, key: str, /, *, findings: Iterable[Finding] = (), **params: Any) -> None:
        super().__init__(key, **params)
        self.findings = tuple(findings)


class Surroundings(XingfuError):
    """The surroundings failed: database away, disk full, read-only (exit 5)."""

    status = 5
