"""A year scored on Spark into the very snapshot that one machine makes: what goes out, what comes back, and what is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import pandas as pd
from sqlalchemy.engine import Connection

from analysis.engines.archived_rows import answer_columns, needs_person, require_whole
from analysis.engines.executor import SCORES, TOGETHER, Form, Task, Year
from analysis.engines.spark import Archive, SparkSession, session
from analysis.publication import inputs, snapshots
from analysis.publication.scheme_versions import settled_of
from analysis.publication.two_year_inputs import others_asked
from analysis.scheme.serial import from_dict
from analysis.scoring import in_parts
from analysis.scoring.results import Results
from survey.core import progress
from survey.core.errors import Refused
from survey.store import Store
from survey.store.intake import questionnaires, responses
from survey.store.intake.questionnaires import StoredForm
from survey.store.year import register, schemes, years

#: names that a sentence tells at most
_NAMED = 5


def score(
    store: Store,
    place: str,
    *,
    year: int | None = None,
    scheme: str | None = None,
    spark: SparkSession | None = None,
    master: str = "",
) -> list[Results]:
    """The results of ``year``, or of all years of an archive that the store knows, computed on Spark and kept as ``score`` does.

    ``place``: folder or address of an archive with single responses (``xingfu archive --responses``); register, scheme,
    questionnaires, indicator values, vetoes and decisions are the store's.  The store holds the same responses or, of that year,
    none.  ``scheme`` as in ``snapshots.results``; ``spark``: your own session, which stays open, else one is made (``master``)
    and closed.  A closed year stands as it was closed.  Numbers are those of one machine, 1e-12 relative.

    Raises Refused for no archive, one of other columns, a year that it or the store does not have, other responses than the
    store's, an unknown questionnaire or community; Surroundings without pyspark or Java, or where Spark fails.
    """
    own = session(master) if spark is None else spark
    try:
        archive = Archive(own, place)
        sizes = archive.sizes()
        with store.read() as conn:
            wanted = _wanted(conn, place, sizes, year)
            todo = [y for y in _known(conn, sizes) if y <= max(wanted) and years.state(conn, y) != "closed"]
            plan = _plan(conn, archive, sizes, todo, scheme)
        pieces: dict[tuple[int, str], list[Any]] = {}
        for task in plan.tasks:
            _collect(archive, sizes, task, pieces)
        _keep(store, plan, pieces, scheme)
    finally:
        if spark is None:
            own.stop()
    return [snapshots.results(store, y, scheme) for y in wanted]


def _known(conn: Connection, sizes: pd.DataFrame) -> list[int]:
    held = {int(y) for y in sizes["year"].unique()}
    return sorted(held & {*snapshots.data_years(conn)})


def _wanted(conn: Connection, place: str, sizes: pd.DataFrame, year: int | None) -> list[int]:
    held = sorted({int(y) for y in sizes["year"].unique()})
    if year is None:
        known = _known(conn, sizes)
        if not known:
            raise Refused("engines.no_year", path=place, known=_names(held))
        return known
    snapshots.require_year(conn, year)
    if year not in held:
        raise Refused("engines.unknown_year", path=place, year=year, known=_names(held))
    return [year]


@dataclass(frozen=True)
class _Plan:
    """The passes over the archive; of each year its scoring, the store's forms and how many responses are elsewhere."""

    tasks: Sequence[Task]
    years: Mapping[int, Year]
    forms: Mapping[int, Sequence[StoredForm]]
    elsewhere: Mapping[int, int]


def _plan(conn: Connection, archive: Archive, sizes: pd.DataFrame, todo: Sequence[int], scheme: str | None) -> _Plan:
    """The passes that score these years: one for years of communities sampled on their own, one for the others."""
    known = {(f.name, f.version): f for f in questionnaires.listing(conn)}
    wanted = sizes[sizes["year"].isin({*todo, *(y - 1 for y in todo)})]
    _require_known(wanted, known, {c.code: c for c in register.communities(conn)})
    forms = {y: sorted((known[k] for k in _forms(wanted, y)), key=lambda f: f.id) for y in {*wanted["year"]}}
    elsewhere = {y: _require_same(conn, wanted, y) for y in todo}
    for before in {y - 1 for y in todo} & {*responses.years(conn)}:  # the change rests on it, too
        _require_same(conn, wanted, before)
    made = {y: _year(conn, y, scheme, forms) for y in todo}
    used = {f.id: f for some in forms.values() for f in some}
    for form in used.values():
        require_whole(form.name, form.form)
        weighted = any(one.scheme.weighting != "none" for one in made.values())
        if not archive.with_persons and (weighted or needs_person(form.form)):
            raise Refused("engines.no_persons", path=archive.place)
    together = [y for y in todo if not in_parts.apart(f.form for f in (*forms[y], *forms.get(y - 1, ())))]
    register_of = {c.code: (c.name, c.sub_district) for c in register.communities(conn)}
    every = {(f.name, f.version): f.form for f in used.values()}
    tasks = []
    keys: tuple[tuple[Literal["community", "task_year"], list[int]], ...] = (
        ("community", [y for y in todo if y not in together]),
        ("task_year", together),
    )
    for key, some in keys:
        if some:
            tasks.append(Task(tuple(made[y] for y in some), every, register_of, register.population(conn), key))
    return _Plan(tasks, made, forms, elsewhere)


def _year(conn: Connection, year: int, scheme: str | None, forms: Mapping[int, Sequence[StoredForm]]) -> Year:
    """What is scored of a year and what is laid beside the year before, by the rules of ``two_year_inputs``."""
    stored = schemes.get(conn, scheme) if scheme else schemes.applicable(conn, year)
    rules = from_dict(stored.definition)
    now, then = forms[year], forms.get(year - 1, ())
    both = sorted({f.id: f for f in (*now, *then)}.values(), key=lambda f: f.id)
    overall = not in_parts.apart(f.form for f in both)
    compared: Literal["all", "again", ""] = ""
    if then:
        everybody = overall or others_asked(conn, year, rules, [f.form for f in now], [f.form for f in then])
        compared = "all" if everybody else "again"
    return Year(
        year,
        rules,
        tuple((f.name, f.version) for f in now),
        compared,
        tuple((f.name, f.version) for f in both),
        frozenset(f.name for f in now if f.form.panel),
    )


def _collect(archive: Archive, sizes: pd.DataFrame, task: Task, pieces: dict[tuple[int, str], list[Any]]) -> None:
    """One pass over the archive: what it says of each year goes to the other pieces of it."""
    span = {y for one in task.years for y in (one.year, one.year - 1)}
    rows = int(sizes.loc[sizes["year"].isin(span), "n"].sum())
    names = sorted({c for form in task.forms.values() for c in answer_columns(form)})
    for year, kind, found in archive.score(task, names, rows):
        pieces.setdefault((year, kind), []).append(found)


def _keep(store: Store, plan: _Plan, pieces: dict[tuple[int, str], list[Any]], scheme: str | None) -> None:
    """Year after year through ranks, q and streets into its snapshot."""
    for place, (year, one) in enumerate(sorted(plan.years.items())):
        progress.at("computing", place, len(plan.years), "years")
        with store.read() as conn:
            stored = schemes.get(conn, scheme) if scheme else schemes.applicable(conn, year)
            given = replace(
                inputs.without_responses(conn, year, one.scheme, plan.forms[year]),
                scored=in_parts.joined(pieces.pop((year, SCORES), [])),
                together=_together(pieces.pop((year, TOGETHER), [])),
                settled=settled_of(conn, year, stored),
            )
        snapshots.keep(store, year, scheme, partial(inputs.score_year, given), plan.elsewhere[year])


def _together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame | None:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else None


def _forms(sizes: pd.DataFrame, year: int) -> set[Form]:
    mine = sizes.loc[sizes["year"] == year, ["questionnaire", "version"]].drop_duplicates()
    return {(str(name), int(version)) for name, version in mine.itertuples(index=False, name=None)}


def _require_known(sizes: pd.DataFrame, forms: Iterable[Form], places: Iterable[str]) -> None:
    asked = {f for y in sizes["year"].unique() for f in _forms(sizes, int(y))}
    if lacking := sorted(asked - {*forms}):
        raise Refused("engines.no_questionnaire", names=_names([f"{name} v{version}" for name, version in lacking]))
    if strange := sorted({*sizes["community"].dropna().astype(str)} - {*places}):
        raise Refused("engines.no_community", n=len(strange), names=_names(strange))


def _require_same(conn: Connection, sizes: pd.DataFrame, year: int) -> int:
    """0 where the store holds the same responses of a year, else how many the archive has where the store has none.

    Raises Refused where it holds others.
    """
    codes = {c.id: c.code for c in register.communities(conn)}
    stored = responses.counts(conn)
    stored = stored[stored["year"] == year]
    there = sizes[sizes["year"] == year]
    if stored.empty:
        return int(there["n"].sum())
    mine = (
        stored.assign(community=stored["community_id"].map(codes))
        .groupby(["questionnaire", "community"], dropna=False)["n"]
        .sum()
    )
    theirs = there.groupby(["questionnaire", "community"], dropna=False)["n"].sum()
    both = pd.DataFrame({"store": mine, "archive": theirs}).fillna(0).astype("int64")
    other = both[both["store"] != both["archive"]]
    if len(other):
        (_, community), counts = other.index[0], other.iloc[0]
        raise Refused(
            "engines.other_responses",
            year=year,
            community="—" if pd.isna(community) else str(community),
            archive=int(counts["archive"]),
            store=int(counts["store"]),
        )
    return 0


def _names(names: Sequence[Any]) -> str:
    shown = "、".join(map(str, names[:_NAMED])) or "—"
    return f"{shown} …" if len(names) > _NAMED else shown
