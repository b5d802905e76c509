"""What the program says: sentences and findings on standard error, in the reader's language.

Nothing here needs the store or a table, so that a wrong call is answered at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from survey.core.errors import Refused, WrongUsage, XingfuError
from survey.core.findings import Finding, shortened
from survey.core.lang import known, say
from survey.core.masking import masked

DEFAULT_STORE = "xingfu.db"
#: groups of alike findings that are printed; all of them are kept with the batch and in the list of findings
FIRST_GROUPS = 40
FIRST_CELLS = 8
#: what would steer a terminal or turn the direction of a line, if a cell or a file's name holds it
_UNSEEN = dict.fromkeys(
    {*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {ord("\n"), ord("\t")}, "\ufffd"
)


def store_place(option: str | None) -> str:
    """``--store``, else ``$XINGFU_STORE``, else ``xingfu.db`` in the current folder (docs/cli.md).

    Raises WrongUsage for an empty option: a script whose variable is unset would write into another store.
    """
    if option is not None and not option.strip():
        raise WrongUsage("cli.empty_store")
    return option or os.environ.get("XINGFU_STORE") or DEFAULT_STORE


def user() -> str:
    """Who runs the command, by the system's word, for the audit record."""
    return os.environ.get("USERNAME") or os.environ.get("USER") or ""


@dataclass
class Voice:
    """What was asked of the program as a whole: where the store is, who reads, whether as JSON."""

    place: str
    lang: str
    as_json: bool
    #: exit statuses of what went wrong after the command had done what it was asked for; the highest counts
    late: list[int] = field(default_factory=list, kw_only=True)

    def say(self, key: str, /, **params: Any) -> str:
        """A text in the reader's language."""
        return say(self.lang, key, **params)

    def tell(self, key: str, /, **params: Any) -> None:
        """A sentence on standard error: progress and remarks never mix with results."""
        self.write_line(self.say(key, **params))

    def write_line(self, text: str, stream: IO[str] | None = None) -> None:
        """One line of plain text, numbers of persons masked.

        Where standard error takes nothing there is nowhere left to say so, and what is done stays done.
        """
        line = masked(text).translate(_UNSEEN)
        if stream is not None:
            print(line, file=stream, flush=True)
            return
        try:
            print(line, file=sys.stderr, flush=True)
        except OSError:
            sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - what it still holds can't be written either

    def heading(self, column: str) -> str:
        """A column's name as a user reads it on a terminal; its lasting name where there is none."""
        return self.say(f"columns.{column}") if known(f"columns.{column}") else column

    def show_findings(self, findings: Iterable[Finding]) -> None:
        """Findings on standard error, those alike together, with the first addresses of each."""
        groups: dict[tuple[str, str], list[Finding]] = {}
        for finding in findings:
            groups.setdefault((finding.level, finding.word(self.lang)), []).append(finding)
        order = {"refuse": 0, "ask": 1, "note": 2}
        ranked = sorted(groups.items(), key=lambda item: order[item[0][0]])
        for (level, sentence), alike in ranked[:FIRST_GROUPS]:
            where = self._places(alike)
            header = (
                f" [{shortened(alike[0].header)}]" if alike[0].header and len({f.header for f in alike}) == 1 else ""
            )
            self.write_line(
                f"  {self.say('cli.level.' + level)} {where}{header} {sentence}".rstrip().replace("\n", " ")
            )
        if len(ranked) > FIRST_GROUPS:
            self.tell("cli.more_groups", n=len(ranked) - FIRST_GROUPS)

    def _places(self, alike: Sequence[Finding]) -> str:
        """``数据!F37 F52 …`` and how many more; a sheet is named once."""
        shown, sheet = [], None
        for finding in [f for f in alike if f.where][:FIRST_CELLS]:
            shown.append(finding.cell if finding.sheet == sheet and finding.cell else finding.where)
            sheet = finding.sheet
        more = len(alike) - len(shown)
        return " ".join(shown) + (self.say("cli.and_more", n=more) if shown and more else "")


def sentence(error: XingfuError, voice: Voice) -> None:
    """An error as the user sees it: its findings, then one sentence."""
    if isinstance(error, Refused):
        voice.show_findings(error.findings)
    voice.write_line(error.word(voice.lang))
