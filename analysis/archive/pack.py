"""What the archive pack of a year holds, file by file, as the year was closed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from analysis.archive.manifest import with_manifest
from analysis.archive.single_responses import FOLDER, Single, response_files, single_responses
from analysis.exports.data_set.data_files import data_set
from analysis.exports.files import codes_of, file_name
from analysis.exports.flat_files import to_csv_text
from analysis.exports.origin import origin
from analysis.exports.verification import SCRIPT
from analysis.exports.workbook import community_workbook, notices, program_version
from analysis.papers.paper_files import diagnoses
from analysis.papers.year_sources import year_sources
from analysis.publication import cycle_table, snapshots, version_list
from analysis.publication.kept_measures import scheme_of
from analysis.scheme.workbook.writing import write_scheme
from analysis.scoring.results import Results
from survey.core.disk import write_set
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
    """Write the pack of a closed year into a folder that is empty or not there yet; all of it or nothing.

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
    written = write_set(folder, pack_files(store, results, lang, single), private=f"{FOLDER}/")
    return Packed(len(written), single)


def closed_results(store: Store, year: int) -> Results:
    """The results of a year as it was closed; raises Refused for one that is open or has nothing."""
    with store.read() as conn:
        if years.state(conn, year) != "closed":
            known = "、".join(str(y) for y in years.closed(conn)) or "—"
            raise Refused("archive.open_year", year=year, known=known)
    return snapshots.results(store, year)


def pack_files(store: Store, results: Results, lang: str, single: Single | None = None) -> Iterator[tuple[str, bytes]]:
    """The files of the pack one after the other, the manifest last."""
    return with_manifest(_files(store, results, lang, single), _about(results, lang, single is not None))


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


def _files(store: Store, results: Results, lang: str, single: Single | None) -> Iterator[tuple[str, bytes]]:
    """One file after the other, so that a thousand communities need the memory of one."""
    year, codes = int(results.meta["year"]), codes_of(results, "")
    sources = year_sources(store, results)
    yield "README.txt", _readme(results, lang, single).encode()
    yield "results.json", results.to_json().encode()
    yield "verify.R", SCRIPT.read_bytes()
    with store.read() as conn:
        yield "scheme.xlsx", write_scheme(scheme_of(conn, year), lang)
        for form_id in responses.forms_in(conn, year):
            stored = questionnaires.by_id(conn, form_id)
            yield f"questionnaires/{stored.name}_v{stored.version}.xlsx", write_questionnaire(stored.form)
        for name, frame in _tables(conn, year, lang):
            yield f"year/{name}.csv", to_csv_text(frame).encode()
    found = cycle_table.read_cycle(store, year)
    for name, frame in (
        ("communities", cycle_table.cycle_table(found)),
        ("vetoes", cycle_table.vetoes_table(found)),
        ("objections", cycle_table.objections_table(found)),
    ):
        yield f"year/{name}.csv", to_csv_text(frame).encode()
    for code in codes:
        book = community_workbook(results, code, lang, sources.method_changes, sources.verdicts.get(code))
        yield f"workbooks/{file_name(results, code)}", book
    for name, data in diagnoses(sources, codes, lang):
        yield f"diagnoses/{name}", data
    for name, data in data_set(results, lang):
        yield f"data/{name}", data
    if single is not None:
        yield from response_files(single)


def _tables(conn: Connection, year: int, lang: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """The log of the year, its versions, and where its numbers came from."""
    yield "steps", cycle_table.steps_table(conn, year)
    versions = version_list.year_versions(conn, year)
    yield "versions", version_list.versions_frame(conn, versions, lang)
    yield "lists", version_list.lists_frame(conn, versions)
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
    yield "batches", pd.DataFrame(rows)


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
