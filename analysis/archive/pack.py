"""What the archive pack of a year holds, file by file, as the year was closed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from analysis.archive.manifest import with_manifest
from analysis.archive.single_responses import Single, response_files, single_responses
from analysis.exports.data_set.data_files import data_parts
from analysis.exports.files import codes_of, computed_at, workbooks
from analysis.exports.flat_files import to_csv_text
from analysis.exports.origin import origin
from analysis.exports.packed.unfinished import Part, Through, mark_of, write_parts
from analysis.exports.verification import SCRIPT
from analysis.exports.workbook import notices, program_version
from analysis.letters.facts import facts_of
from analysis.letters.kinds import LETTERS
from analysis.letters.letter_files import letter_parts
from analysis.papers.paper_files import paper_parts
from analysis.papers.street.all_books import books_of, with_district
from analysis.papers.street.one_street import street_of, streets_in
from analysis.papers.year_sources import year_sources
from analysis.publication import cycle_table, snapshots, version_list
from analysis.publication.kept_measures import scheme_of
from analysis.scheme.workbook.writing import write_scheme
from analysis.scoring.results import Results
from survey.core.errors import Refused
from survey.core.lang import say
from survey.files.taking import taker
from survey.form.workbook.writing import write_questionnaire
from survey.store import Store, settings
from survey.store.intake import batches, questionnaires, responses
from survey.store.year import years


@dataclass(frozen=True)
class Packed:
    """How many ``files`` a pack has, and the ``single`` responses in it, None where they were not asked for."""

    files: int
    single: Single | None


def write_pack(
    store: Store, year: int, folder: Path, lang: str, *, with_responses: bool, classes: bool = True
) -> Packed:
    """Write the pack of a closed year into a folder that is empty or not there yet; all of it or nothing, gone on with where a
    run was interrupted.

    ``with_responses`` adds the single responses of this and earlier years (``single_responses``), readable by their owner
    only.  Raises Refused for a year that is not closed or a folder that holds something, Surroundings where the disk or a
    font fails.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused("archive.not_empty", path=str(folder))
    results = closed_results(store, year)
    single = None
    if with_responses:
        with store.read() as conn:
            asked = [y for y in responses.years(conn) if y <= year]
        single = single_responses(store, asked, classes=classes)
    parts, said = pack_parts(store, results, lang, single)
    told = [(name, make()) for name, make in parts if name.startswith(_TABLES)]
    mark = mark_of([results], lang, program_version(), told, said)
    beside = response_files(single) if single is not None else ()
    through = manifest_behind(results, lang, with_responses=single is not None)
    return Packed(len(write_parts(folder, parts, computed_at(results), mark, beside, through)), single)


def closed_results(store: Store, year: int) -> Results:
    """The results of a year as it was closed; raises Refused for one that is open or has nothing."""
    with store.read() as conn:
        if years.state(conn, year) != "closed":
            known = [str(y) for y in years.closed(conn)] or "—"
            raise Refused("archive.open_year", year=year, known=known)
    return snapshots.results(store, year)


def manifest_behind(results: Results, lang: str, *, with_responses: bool = False) -> Through:
    """What puts the manifest behind the files of the pack."""
    return lambda files: with_manifest(files, _about(results, lang, with_responses))


def _about(results: Results, lang: str, with_responses: bool) -> Mapping[str, Any]:
    meta = results.meta
    keys = ("year", "scheme", "scheme_version", "data_version", "computed_at", "sample", "illustrative")
    return {
        **{key: meta.get(key) for key in keys},
        "lang": lang,
        "program": program_version(),
        "taken_by": taker() or None,
        "single_responses": with_responses,
    }


def pack_parts(store: Store, results: Results, lang: str, single: Single | None = None) -> tuple[list[Part], str]:
    """The files of the pack, without single responses and manifest, and how each is made; and a mark of what its papers say beside
    results and tables."""
    year, codes = int(results.meta["year"]), codes_of(results, "")
    sources = year_sources(store, results)
    with store.read() as conn:
        scheme = scheme_of(conn, year)
        forms = [questionnaires.by_id(conn, form_id) for form_id in responses.forms_in(conn, year)]
    streets = [street_of(store, sources, name) for name in with_district(streets_in(results))]
    alone = [s for s in streets if s.name or len(streets) == 1]
    hung = paper_parts(sources, codes, lang, papers=("notice",))
    written, said = letter_parts(facts_of(store, results, lang), letters=_KEPT)
    parts: list[tuple[str, Callable[[], bytes]]] = [
        ("README.txt", lambda: _readme(results, lang, single).encode()),
        ("results.json", lambda: results.to_json().encode()),
        ("verify.R", SCRIPT.read_bytes),
        ("scheme.xlsx", partial(write_scheme, scheme, lang)),
        *((f"questionnaires/{one.name}_v{one.version}.xlsx", partial(write_questionnaire, one.form)) for one in forms),
        *_tables(store, year, lang),
        *_within("workbooks", workbooks(results, codes, lang, sources.method_changes, sources.verdicts)),
        *_within("diagnoses", paper_parts(sources, codes, lang, papers=("diagnosis",))),
        *_within("streets", books_of(streets, lang)),
        *_within("streets", paper_parts(sources, codes, lang, alone, ("brief",))),
        *_within("notices", [(Path(name).name, make) for name, make in hung]),
        *_within("letters", written),
        *_within("data", data_parts(results, lang)),
    ]
    money = [(s.name, s.payments, s.lines, s.goals) for s in streets]
    tasks = [] if sources.tasks is None else [row.task for row in sources.tasks.rows if row.task is not None]
    return parts, repr((said, money, tasks, sorted(sources.verdicts.items())))


#: the papers of the cycle that an archive keeps: a reminder says what is owed today
_KEPT = tuple(letter for letter in LETTERS if letter.key != "reminder")
#: folder of the tables of the year; they are what a pack is made of beside its results
_TABLES = "year/"


def _within(folder: str, parts: Sequence[Part]) -> list[Part]:
    return [(f"{folder}/{name}", make) for name, make in parts]


def _tables(store: Store, year: int, lang: str) -> list[Part]:
    """The log of the year, its versions, where its numbers came from, and where each community stood."""
    found = cycle_table.read_cycle(store, year)
    with store.read() as conn:
        versions = version_list.year_versions(conn, year)
        tables = [
            ("steps", cycle_table.steps_table(conn, year)),
            ("versions", version_list.versions_frame(conn, versions, lang)),
            ("lists", version_list.lists_frame(conn, versions)),
            ("batches", _batches(conn, year)),
        ]
    tables += [
        ("communities", cycle_table.cycle_table(found)),
        ("vetoes", cycle_table.vetoes_table(found)),
        ("objections", cycle_table.objections_table(found)),
    ]
    return [(f"{_TABLES}{name}.csv", _as_csv(frame)) for name, frame in tables]


def _as_csv(frame: pd.DataFrame) -> Callable[[], bytes]:
    return lambda: to_csv_text(frame).encode()


def _batches(conn: Connection, year: int) -> pd.DataFrame:
    """Every import that the year rests on, with the hash of its file."""
    rows = [
        {
            "batch": one.id,
            "kind": one.kind,
            "target": one.target,
            "file": one.file,
            "sheet": one.sheet,
            "sha256": one.file_hash,
            "sample_type": one.sample_type,
            "state": one.state,
            "who": one.who,
            "at": settings.local(conn, one.created_at),
            "counts": json.dumps(one.counts, ensure_ascii=False, sort_keys=True),
        }
        for one in batches.listing(conn)
        if year in years.with_data(conn, batch_id=one.id)
    ]
    return pd.DataFrame(rows)


def _readme(results: Results, lang: str, single: Single | None) -> str:
    meta = results.meta
    lines = [
        say(lang, "archive.title", year=meta["year"]),
        *notices(results, {"provisional": False}, lang),
        origin(results.meta, lang, False).line,
        *(say(lang, f"archive.about.{key}") for key in ("files", "numbers", "check", "verify")),
    ]
    if single is not None:
        lines.append(say(lang, "archive.about.responses"))
        lines.append(say(lang, "archive.risk", rows=len(single.frame), alone=single.alone))
    return "\n\n".join(lines) + "\n"
