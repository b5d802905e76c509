"""The papers of a year as files: all of them in a folder or an archive, from our templates or the office's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from analysis.exports.files import computed_at, safe_name
from analysis.exports.packed.unfinished import Part, write_parts
from analysis.exports.workbook import program_version
from analysis.letters.default_template import default_template
from analysis.letters.facts import Facts
from analysis.letters.kinds import LETTERS, Letter
from analysis.letters.letter_template import check_template, filled
from survey.core.disk import write_set
from survey.core.errors import Refused, WrongUsage
from survey.core.lang import say
from survey.core.masking import masked
from survey.files.input import read_input
from survey.files.taking import taker

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
        names = [template_name(letter, lang) for letter in LETTERS]
        raise Refused("letters.no_template", path=str(folder), names=names)
    return found


def letters(streets: Sequence[Facts], own: Own | None = None) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every paper; of several streets each has a folder of its own."""
    for path, make in letter_parts(streets, own)[0]:
        yield path, make()


def letter_parts(
    streets: Sequence[Facts], own: Own | None = None, letters: Sequence[Letter] = LETTERS
) -> tuple[list[Part], str]:
    """Path of every paper (of these kinds) and how it is made, and a mark of everything they are made of."""
    parts: list[Part] = []
    said = sha256(repr((program_version(), taker())).encode("utf-8", "replace"))
    for facts in streets:
        above = f"{safe_name(facts.street)}/" if len(streets) > 1 else ""
        for path, template, context, make in _of_street(facts, own, letters):
            said.update(
                repr((above + path, sha256(template).hexdigest(), sorted(context.items()))).encode("utf-8", "replace")
            )
            parts.append((above + path, make))
    return parts, said.hexdigest()


def _of_street(
    facts: Facts, own: Own | None, letters: Sequence[Letter]
) -> Iterator[tuple[str, bytes, Mapping[str, Any], Callable[[], bytes]]]:
    """The papers in their order, each with its template and what goes into it; those of which there are several lie in a
    folder of their name."""
    lang, when = facts.lang, computed_at(facts.results)
    year = facts.results.meta["year"]
    for letter in letters:
        name = template_name(letter, lang)
        file, data = (own or {}).get(letter.key) or (name, default_template(letter, lang))
        taken: set[str] = set()
        for about, context in facts.documents(letter):
            make = partial(filled, file, data, letter, context, when)
            stem = Path(name).stem
            if letter.per == "street":
                yield f"{safe_name(f'{stem}_{year}')}.docx", data, context, make
                continue
            one = safe_name(masked(f"{stem}_{year}_{about}"))
            while one.casefold() in taken:
                one += "~"
            taken.add(one.casefold())
            yield f"{safe_name(stem)}/{one}.docx", data, context, make


def write_letters(streets: Sequence[Facts], out: Path, own: Own | None = None) -> list[Path]:
    """Write them into a folder or, where ``out`` ends in ``.zip``, an archive; all or nothing, gone on with where a run was
    interrupted.

    Raises WrongUsage for another ending, Refused for a template that may not be used, Surroundings where the disk refuses.
    """
    kind = "" if out.is_dir() else out.suffix.lower()
    if kind not in ("", ".zip"):
        raise WrongUsage("letters.ending", path=str(out))
    parts, mark = letter_parts(streets, own)
    return write_parts(out, parts, computed_at(streets[0].results), mark)


def write_templates(folder: Path, lang: str) -> list[Path]:
    """Write the templates that ship, for an office to change; files that are there already are not touched."""
    files = [(template_name(letter, lang), default_template(letter, lang)) for letter in LETTERS]
    there = [name for name, _ in files if (folder / name).exists()]
    if there:
        raise Refused("letters.there", path=str(folder), names=list(there))
    return write_set(folder, files)
