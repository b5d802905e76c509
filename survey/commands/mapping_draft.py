"""A draft of the mapping that a file needs, for a person to look through before it is given to ``--mapping``.

It says what the page would propose: headers that look like questions no column holds, and scales that are worded
otherwise.  What is certain anyway is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from survey.answers.mapping import ColumnMapping, to_json
from survey.coding.options import ImportOptions
from survey.commands.console import Session
from survey.core.disk import require_ending, write_file
from survey.core.errors import WrongUsage
from survey.core.lang import say
from survey.files.input import read_input
from survey.files.read import read_sheets
from survey.form.model import Questionnaire
from survey.intake.steps import match_sheets
from survey.matching.choice_words import Wording, wordings
from survey.matching.header_matching import Suggestion, suggest_columns
from survey.store import Store
from survey.store.intake import questionnaires


@dataclass(frozen=True)
class Draft:
    """What to write down, and on what it rests."""

    mapping: ColumnMapping
    columns: tuple[Suggestion, ...]
    words: tuple[Wording, ...]

    def sentences(self, lang: str) -> list[str]:
        """Every proposal in words, with what it rests on."""
        columns = [
            say(
                lang,
                "mapping.draft_column",
                header=s.header,
                question=s.target,
                percent=round(100 * s.certainty),
                reason=say(lang, f"mapping.draft_{s.how}"),
            )
            for s in self.columns
        ]
        scales = [text for w in self.words for text in (*w.scale.sentences(lang), *_words(w, lang))]
        return [*columns, *scales]


def _words(found: Wording, lang: str) -> list[str]:
    percent = round(100 * found.scale.certainty)
    return [
        say(lang, "mapping.draft_word", word=w.text, n=w.count, choice=found.label(w.meant, lang), percent=percent)
        for w in found.words
        if w.meant is not None
    ]


def require_one_draft(files: Sequence[Path], out: Path | None) -> None:
    """A draft is of one file and no file of the call; raises WrongUsage."""
    if out is None:
        return
    if len(files) != 1:
        raise WrongUsage("mapping.draft_one_file")
    require_ending(out, ".json")


def write_draft(session: Session, store: Store, path: Path, options: ImportOptions, out: Path) -> None:
    """Write the draft of a file, and say on standard error what each proposal rests on; nothing to propose, no file."""
    draft = draft_mapping(store, path.name, read_input(path), options)
    if not draft.columns and not draft.words:
        session.tell("mapping.draft_nothing", file=path.name)
        return
    for text in draft.sentences(session.lang):
        session.write_line(f"  {text}")
    write_file(out, to_json(draft.mapping).encode("utf-8"), private=True)
    session.tell("mapping.draft_written", path=str(out))


def draft_mapping(store: Store, file: str, data: bytes, options: ImportOptions) -> Draft:
    """The draft for one file, on top of what was said or kept for it; raises Refused where it can't be read."""
    sheets = read_sheets(file, data, delimiter=options.delimiter)
    with store.read() as conn:
        stored = questionnaires.get(conn, options.questionnaire)
        matched, known = match_sheets(conn, sheets, stored, options)
    headers = [c.header for c in matched.columns if not c.question and c.header and not c.meaning]
    taken = {c.question for c in matched.columns if c.question}
    suggested = _suggested([c.header for c in matched.columns], set(headers), taken, stored.form)
    words = tuple(w for w in wordings(matched, stored.form, known) if w.open)
    fresh = ColumnMapping.of({s.header: s.target for s in suggested}, lists={w.list_name: w.table() for w in words})
    return Draft((known or ColumnMapping()).merged(fresh), suggested, words)


def _suggested(every: Sequence[str], ignored: set[str], taken: set[str], form: Questionnaire) -> tuple[Suggestion, ...]:
    found = suggest_columns(every, form)
    return tuple(s for s in found if s.header in ignored and s.question not in taken)
