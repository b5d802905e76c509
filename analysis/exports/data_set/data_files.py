"""A year's results as the files of a data set: each table in five formats, the dictionary, what it is, under which licence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from analysis.exports.data_set.dictionary import as_json, dictionary
from analysis.exports.data_set.statistics_formats import to_dta, to_sav
from analysis.exports.data_set.tables import DataTable, Described, tables_of
from analysis.exports.files import computed_at
from analysis.exports.flat_files import to_csv_text, to_json_text, to_parquet
from analysis.exports.origin import origin_of
from analysis.exports.packed.unfinished import Part, mark_of, write_parts
from analysis.exports.workbook import notices, program_version
from analysis.scoring.results import Results
from survey.core.errors import Refused, WrongUsage
from survey.core.lang import say
from survey.core.masking import masked_all, masked_frame
from survey.files.taking import taker

Writer = Callable[[DataTable, str, Mapping[str, Any], datetime], bytes]
LICENCE = "LICENCE.txt"
#: folder and ending of each format
FORMATS: Mapping[str, Writer] = {
    "csv": lambda table, _lang, _meta, _when: to_csv_text(table.frame).encode(),
    "json": lambda table, _lang, meta, _when: to_json_text(table.frame, {**meta, "table": table.name}).encode(),
    "parquet": lambda table, _lang, meta, _when: to_parquet(table.frame, {**meta, "table": table.name}),
    "sav": lambda table, lang, _meta, when: to_sav(table, lang, when),
    "dta": lambda table, lang, _meta, when: to_dta(table, lang, when),
}
_META = ("year", "scheme", "scheme_version", "data_version", "computed_at", "sample", "illustrative", "weighting")


def data_set(
    results: Results, lang: str, codes: Collection[str] | None = None, licence: bytes | None = None
) -> list[tuple[str, bytes]]:
    """The files of ``data_parts``, made."""
    return [(name, make()) for name, make in data_parts(results, lang, codes, licence)]


def data_parts(
    results: Results, lang: str, codes: Collection[str] | None = None, licence: bytes | None = None
) -> list[Part]:
    """The files and how each is made, paths in the order of their names: ``README.txt``, ``dictionary.csv`` and ``.json``,
    ``LICENCE.txt`` where a licence is given, and ``FORMAT/TABLE.FORMAT`` of every table (``tables.tables_of``; ``codes`` as
    there).

    The same results give the same bytes.  Raises Refused for a year without results.
    """
    if results.scores.empty:
        raise Refused("export.no_results", year=results.meta["year"])
    tables = [_covered(table) for table in tables_of(results, lang, codes)]
    when = computed_at(results)
    about = {"state": origin_of(results, lang).state, "taken_by": taker() or None, "lang": lang}
    meta = masked_all({**{key: results.meta.get(key) for key in _META}, **about})
    files: dict[str, Callable[[], bytes]] = {
        "README.txt": lambda: _about(results, tables, lang, licence is not None).encode(),
        "dictionary.csv": lambda: to_csv_text(dictionary(tables)).encode(),
        "dictionary.json": lambda: as_json(tables).encode(),
    }
    if licence is not None:
        files[LICENCE] = lambda: licence
    for ending, written in FORMATS.items():
        for table in tables:
            files[f"{ending}/{table.name}.{ending}"] = partial(written, table, lang, meta, when)
    return sorted(files.items(), key=lambda file: file[0])


def _covered(table: DataTable) -> DataTable:
    """Numbers of persons masked, wherever somebody typed one: in cells, in names, in what codes stand for."""
    columns = tuple(
        Described(c.name, c.kind, masked_all(dict(c.label)), masked_all({k: dict(w) for k, w in c.values.items()}))
        for c in table.columns
    )
    return DataTable(table.name, masked_frame(table.frame), columns)


def write_data_set(
    results: Results, out: Path, parts: Sequence[Part], beside: Sequence[tuple[str, bytes]] = (), *more: object
) -> list[Path]:
    """Put the files into a folder, or into one archive where ``out`` ends in ``.zip``; returns what was written.

    All of it or nothing, gone on with where a run was interrupted; ``beside``: files with single responses; ``more``: what
    else the parts are made of.  Raises WrongUsage for another ending, Surroundings where the disk refuses.
    """
    fits_data(out)
    return write_parts(out, parts, computed_at(results), mark_of([results], program_version(), *more), beside)


def fits_data(out: Path) -> bool:
    """Whether ``out`` is an archive, else a folder; raises WrongUsage for any other file."""
    if out.is_dir() or not out.suffix:
        return False
    if out.suffix.lower() != ".zip":
        raise WrongUsage("data_set.ending", path=str(out))
    return True


def versions_line(meta: Mapping[str, Any], lang: str) -> str:
    """Which scheme and which data the numbers rest on, and when they were computed."""
    return say(
        lang,
        "data_set.versions",
        scheme=meta["scheme"],
        version=meta["scheme_version"],
        data_version=meta["data_version"],
        computed_at=str(meta["computed_at"]),
    )


def _about(results: Results, tables: Sequence[DataTable], lang: str, licensed: bool) -> str:
    meta = results.meta
    lines = [
        say(lang, "data_set.title", year=meta["year"]),
        *notices(results, {"provisional": bool(results.scores["provisional"].any())}, lang),
        versions_line(meta, lang),
        origin_of(results, lang).taken,
        say(lang, "data_set.tables"),
        *(f"  {t.name}  {say(lang, f'data_set.table.{t.name}')} ({len(t.frame)})" for t in tables),
        say(lang, "data_set.formats"),
        say(lang, "data_set.empty"),
        say(lang, "data_set.left_out"),
        say(lang, "data_set.licensed" if licensed else "data_set.no_licence"),
    ]
    return "\n".join(lines) + "\n"
