"""The papers of a year as files: all of them in a folder or an archive, from our templates or the office's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from analysis.exports.files import archive_of, safe_name
from analysis.letters.default_template import default_template
from analysis.letters.facts import Facts
from analysis.letters.kinds import LETTERS, Letter
from analysis.letters.letter_template import check_template, filled
from survey.core.disk import write_file, write_set
from survey.core.errors import Refused, WrongUsage
from survey.core.lang import say
from survey.core.masking import masked
from survey.files.input import read_input

#: paper → name and bytes of the office's own template
Own = Mapping[str, tuple[str, bytes]]


def template_name(letter: Letter, lang: str) -> str:
    """``05_异议答复函.docx``: in the order of the year."""
    return f"{LETTERS.index(letter) + 1:02d}_{say(lang, f'letters.name.{letter.key}')}.docx"


def own_templates(folder: Path, lang: str) -> Own:
    """Paper → name and bytes of the office's template in a folder, by the names that ``template_name`` gives or ``KEY.docx``.

    Raises Refused for a template that may not be used, and for a folder in which none of the names is found.
    """
    if not folder.is_dir():
        raise Refused("letters.no_folder", path=str(folder))
    found: dict[str, tuple[str, bytes]] = {}
    for letter in LETTERS:
        for name in (template_name(letter, lang), f"{letter.key}.docx"):
            if letter.key not in found and (folder / name).is_file():
                data = read_input(folder / name)
                check_template(name, data, letter)
                found[letter.key] = (name, data)
    if not found:
        names = "、".join(template_name(letter, lang) for letter in LETTERS)
        raise Refused("letters.no_template", path=str(folder), names=names)
    return found


def letters(streets: Sequence[Facts], own: Own | None = None) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every paper; of several streets each has a folder of its own."""
    for facts in streets:
        above = f"{safe_name(facts.street)}/" if len(streets) > 1 else ""
        for name, data in _of_street(facts, own):
            yield above + name, data


def _of_street(facts: Facts, own: Own | None) -> Iterator[tuple[str, bytes]]:
    """The papers in their order; those of which there are several lie in a folder of their name."""
    lang, when = facts.lang, datetime.fromisoformat(str(facts.results.meta["computed_at"]))
    year = facts.results.meta["year"]
    for letter in LETTERS:
        name = template_name(letter, lang)
        file, data = (own or {}).get(letter.key) or (name, default_template(letter, lang))
        taken: set[str] = set()
        for about, context in facts.documents(letter):
            made = filled(file, data, letter, context, when)
            stem = Path(name).stem
            if letter.per == "street":
                yield f"{safe_name(f'{stem}_{year}')}.docx", made
                continue
            one = safe_name(masked(f"{stem}_{year}_{about}"))
            while one.casefold() in taken:
                one += "~"
            taken.add(one.casefold())
            yield f"{safe_name(stem)}/{one}.docx", made


def write_letters(streets: Sequence[Facts], out: Path, own: Own | None = None) -> list[Path]:
    """Write them into a folder or, where ``out`` ends in ``.zip``, an archive; all or nothing.

    Raises WrongUsage for another ending, Refused for a template that may not be used, Surroundings where the disk refuses.
    """
    kind = "" if out.is_dir() else out.suffix.lower()
    if kind not in ("", ".zip"):
        raise WrongUsage("letters.ending", path=str(out))
    if kind == ".zip":
        return [write_file(out, archive_of(streets[0].results, letters(streets, own)))]
    return write_set(out, letters(streets, own))


def write_templates(folder: Path, lang: str) -> list[Path]:
    """Write the templates that ship, for an office to change; files that are there already are not touched."""
    files = [(template_name(letter, lang), default_template(letter, lang)) for letter in LETTERS]
    there = [name for name, _ in files if (folder / name).exists()]
    if there:
        raise Refused("letters.there", path=str(folder), names="、".join(there))
    return write_set(folder, files)
