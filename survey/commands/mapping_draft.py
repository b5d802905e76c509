"""A draft of the mapping that a file needs, for a person to look through before it is given to ``--mapping``.

It says what the page would propose: headers that look like questions no column holds, and scales that are worded
otherwise.  What is certain anyway is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from survey.answers.mapping import ColumnMapping, from_json, to_json
from survey.coding.options import ImportOptions
from survey.commands.console import Session
from survey.core import limits
from survey.core.disk import require_ending, write_file
from survey.core.errors import Refused, WrongUsage
from survey.core.lang import enumerated, say
from survey.files.input import read_input
from survey.files.own_workbooks import header_key
from survey.files.read import remembering
from survey.intake.answers import inspect
from survey.intake.contents.lines import Contents, of_file, of_inspection
from survey.intake.contents.table import ENDINGS, contents_mapping, contents_text, contents_workbook
from survey.matching.choice_words import Wording
from survey.matching.header_matching import Suggestion, suggest_columns
from survey.store import Store
from survey.store.intake import questionnaires


@dataclass(frozen=True)
class Draft:
    """What to write down, and on what it rests."""

    mapping: ColumnMapping
    contents: Contents
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
        return [*columns, *_readings(self.contents, lang), *scales, *_absent(self.contents, lang)]


def _readings(found: Contents, lang: str) -> list[str]:
    """Spellings that would be read as something that the questionnaire knows, each with its cells."""
    return [
        say(lang, "mapping.draft_reading", word=r.text, n=r.count, header=n.columns[0].header, meaning=r.meaning[lang])
        for n in found.lines
        for r in n.readings
        if r.how == "proposed"
    ]


def _absent(found: Contents, lang: str) -> list[str]:
    names = [n.question.label(lang) for n in found.lines if n.question and n.question.name in found.absent]
    return [say(lang, "mapping.draft_absent", n=len(names), names=enumerated(lang, names))] if names else []


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
    require_ending(out, ".json", *ENDINGS)


def write_draft(session: Session, store: Store, path: Path, options: ImportOptions, out: Path) -> None:
    """Write the draft of a file, and say on standard error what each proposal rests on; as JSON only what is proposed (and
    no file where nothing is), as a table everything that the file holds."""
    draft = draft_mapping(store, path.name, read_input(path), options)
    for text in draft.sentences(session.lang):
        session.write_line(f"  {text}")
    if out.suffix.lower() == ".xlsx":
        data = contents_workbook(draft.contents, session.lang)
    elif out.suffix.lower() == ".csv":
        data = contents_text(draft.contents, session.lang).encode("utf-8")
    elif not draft.contents.waits:
        session.tell("mapping.draft_nothing", file=path.name)
        return
    else:
        data = to_json(draft.mapping).encode("utf-8")
    write_file(out, data, private=True)
    session.tell("mapping.draft_written", path=str(out))


def draft_mapping(store: Store, file: str, data: bytes, options: ImportOptions) -> Draft:
    """The draft for one file, on top of what was said or kept for it; raises Refused where it can't be read."""
    with remembering({}):
        try:
            found = of_inspection(inspect(store, file, data, options))
        except Refused:  # what it lacks may be what the draft says
            found = of_file(store, file, data, options)
    with store.read() as conn:
        form = questionnaires.get(conn, options.questionnaire).form
    every = suggest_columns(found.headers, form)
    suggested = tuple(s for s in every if found.proposed.columns.get(header_key(s.header)) == s.target)
    return Draft(found.accepted(), found, suggested, tuple(w for w in found.words if w.open))


def read_mapping(store: Store, questionnaire: str, path: Path) -> ColumnMapping:
    """The mapping of a file: JSON, or the table of what a file holds that a person looked through."""
    data = read_input(path, limits.SMALL_UPLOAD_BYTES)
    if path.suffix.lower() not in ENDINGS:
        return from_json(data, path.name)
    with store.read() as conn:
        form = questionnaires.get(conn, questionnaire).form
    return contents_mapping(path.name, data, form)
