"""The command ``doctor``: is the store whole, do its results follow from its answers, is an archive pack what it was?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from analysis.archive.manifest import examine_pack
from analysis.publication import snapshots
from analysis.scoring.results import Results
from survey.commands.console import session_of
from survey.commands.upkeep import KeyFile, ring_for
from survey.commands.voice import user
from survey.core import progress
from survey.core.errors import Surroundings, WrongUsage
from survey.store import Store, audit
from survey.store.upkeep import backup
from survey.store.upkeep.examination import MENDED, OK, UNCHECKED, WRONG, Examined, examine, payloads_of

#: relative difference from which a kept number is not the one that its answers give
SAME = 1e-9
#: checks of what results rest on: while one of them finds something wrong, nothing is computed again
_BELOW_RESULTS = ("file", "answers", "bits", "payloads")
#: numbers that are held against each other
NUMBERS = ("objective", "subjective", "subjective_se", "total_exact")


def doctor(
    context: typer.Context,
    pack: Annotated[Path | None, typer.Argument(metavar="[PACK]", help="doctor.argument.pack")] = None,
    key: KeyFile = None,
    mend: Annotated[bool, typer.Option("--mend", help="doctor.option.mend")] = False,
) -> None:
    """Look the store over, or an archive pack or a backup, which need no store; status 3 where something is wrong and stays so."""
    session = session_of(context)
    if pack is not None and mend:
        raise WrongUsage("doctor.mend_no_pack")
    if key is not None and (pack is None or pack.is_dir()):
        raise WrongUsage("doctor.key_of_backup")
    if pack is not None and pack.is_file():
        found = list(_of_backup(pack, key))
    elif pack is not None:
        found = list(examine_pack(pack))
    else:
        with session.store() as store:
            found = list(examine(store, mend=mend))
            wrong = [one for one in found if one.state == WRONG and one.check in _BELOW_RESULTS]
            sound = all(one.key == "doctor.payload_wrong_results" for one in wrong)
            found += results(store, mend=mend, sound=sound)
            if mend and sound and wrong:  # what was computed anew stands in place of it
                found = [one for one in found if one not in wrong] + list(payloads_of(store))
            mended = [one.check for one in found if one.state == MENDED]
            if mended:
                with store.write(aside=True) as conn:
                    audit.record(conn, user(), "mend", "、".join(dict.fromkeys(mended)))
    rows = [{"check": one.check, "state": one.state, "told": session.say(one.key, **one.params)} for one in found]
    session.emit(rows)
    wrong = [one for one in found if one.state == WRONG]
    if wrong:
        session.tell("doctor.something_wrong", n=len(wrong), checks=list(dict.fromkeys(o.check for o in wrong)))
        raise typer.Exit(3)
    session.tell("doctor.all_well", n=len(found))


def _of_backup(file: Path, key: Path | None) -> Iterator[Examined]:
    """A backup, encrypted or not: every byte, every page, every reference; raises Refused where its key is not here."""
    try:
        with backup.in_clear(file, ring_for(key)) as (_, keys, rows):
            params = {"n": rows.get("responses", 0), "batches": rows.get("batches", 0)}
            yield Examined("backup", OK, "doctor.backup_ok", params)
            if keys:
                yield Examined("keys", OK, "doctor.backup_keys", {"n": len(keys)})
    except Surroundings as error:
        yield Examined("backup", WRONG, error.key, dict(error.params))


def results(store: Store, *, mend: bool = False, sound: bool = True) -> Iterator[Examined]:
    """The kept results of every open year beside the same computed anew, which ``mend`` keeps where they differ and what
    they rest on is ``sound``."""
    with store.read() as conn:
        years = snapshots.data_years(conn)
    for place, year in enumerate(years):
        progress.at("computing", place, len(years), "years")
        far: list[str] | None = None
        n = 0
        try:
            pair = snapshots.recount(store, year)
            if pair is None:
                yield Examined("results", UNCHECKED, "doctor.results_not_kept", {"year": year})
                continue
            far, n = _far(*pair), len(pair[0].scores)
        except Surroundings as error:
            if error.key != "store.damaged":
                raise
            if not sound:
                yield Examined("results", UNCHECKED, "doctor.results_not_computed", {"year": year})
                continue
        if far is None or far:
            names = list(far or ()) or "—"
            if mend and sound:
                snapshots.renew(store, year)
                yield Examined("results", MENDED, "doctor.results_mended", {"year": year, "names": names})
                continue
            yield Examined("results", WRONG, "doctor.results_wrong", {"year": year, "names": names})
        else:
            yield Examined("results", OK, "doctor.results_ok", {"year": year, "n": n})


def _far(kept: Results, anew: Results) -> list[str] | None:
    """Codes of the communities whose numbers differ; None where not even the communities are the same."""
    if list(kept.scores["community_code"]) != list(anew.scores["community_code"]):
        return None
    old, new = (r.scores[list(NUMBERS)].to_numpy(dtype=np.float64, na_value=np.nan) for r in (kept, anew))
    alike = np.isclose(old, new, SAME, SAME, equal_nan=True).all(axis=1)
    return [str(code) for code, same in zip(kept.scores["community_code"], alike, strict=True) if not same]
