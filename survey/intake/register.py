"""The register into the store: read and checked as a whole, stored in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy.engine import Connection

from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.decisions.answered_findings import Carried, carry_out, unfit
from survey.decisions.carried_out import Decision
from survey.fieldwork.register_file import RegisterFile, register_of
from survey.fieldwork.successors import exists_in
from survey.files.read import read_sheets
from survey.store import Store, audit, names_en
from survey.store.intake import batches, decisions
from survey.store.year import facts, register, years


@dataclass(frozen=True)
class RegisterInspection:
    """What a register file holds and what is wrong with it; ``register`` is None where anything refuses."""

    file: str
    register: RegisterFile | None = field(repr=False)
    findings: tuple[Finding, ...]
    carried: Carried = field(repr=False)

    @property
    def count(self) -> int:
        """Communities that would be stored."""
        return 0 if self.register is None else len(self.register.communities)


@dataclass(frozen=True)
class RegisterReceipt:
    """What was stored; ``years`` may have other results now."""

    batch: int
    added: int
    changed: int
    population_rows: int
    years: tuple[int, ...]
    findings: tuple[Finding, ...]


def inspect_register(
    file: str,
    data: bytes,
    given: Sequence[Decision] = (),
    *,
    year: int | None = None,
    known: Sequence[register.Community] = (),
) -> RegisterInspection:
    """Read and check a register, with what a person decided about cells and rows; nothing is stored yet.

    ``year``: from which rows count that name none; ``known``: the stored register.  Raises Refused where the file is no
    readable table.
    """
    carried = carry_out(read_sheets(file, data), given)
    found, findings = register_of(carried.sheets, year=year, known=known)
    settled = carried.settle(findings)
    return RegisterInspection(file, None if unfit(settled) else found, settled, carried)


def require_storable(store: Store, seen: RegisterInspection) -> RegisterInspection:
    """The inspection, where storing it would alter nothing that is closed or stored; raises Refused as storing it would."""
    if seen.register is not None:
        with store.read() as conn:
            _require_inside(conn, seen)
    return seen


def commit_register(store: Store, seen: RegisterInspection, *, who: str = "") -> RegisterReceipt:
    """Store an inspected register in one transaction; raises Refused and stores nothing where anything refuses."""
    lost = unfit(seen.findings)
    if lost:
        raise Refused("decisions.refused", findings=seen.findings, file=seen.file, n=len(lost))
    if seen.register is None:
        raise Refused("cli.register_refused", findings=seen.findings, file=seen.file)
    told, population = seen.register.told, seen.register.population
    with store.write() as conn:
        _require_inside(conn, seen)
        added, changed = register.tell(conn, told)
        if len(population):
            register.save_population(conn, population)
        names_en.tell(conn, seen.register.english)
        audit.record(conn, who, "communities add", seen.file, {"added": added, "changed": changed})
        n = len(told)
        batch = batches.record(
            conn,
            kind="register",
            target="register",
            file=seen.file,
            who=who,
            sheet=f"{datetime.now():%Y-%m-%d %H:%M:%S.%f}",  # an older register may come again after a newer one
            file_hash=sha256("\n".join(map(repr, told)).encode("utf-8")).hexdigest(),
            counts={
                "rows": n,
                "stored": n,
                "added": added,
                "changed": changed,
                "refused_rows": 0,
                "left_out": seen.carried.left_out,
            },
        )
        batches.save_findings(conn, batch, seen.findings)
        decisions.save(conn, batch, seen.carried.changes, who)
        concerned = tuple(years.with_data(conn))
    return RegisterReceipt(batch, added, changed, len(population), concerned, seen.findings)


def _outside(conn: Connection, history: Mapping[str, facts.Periods]) -> dict[str, set[int]]:
    """Community code → years that hold data of it although the register (``history``) says that it is not there, in that
    year or by the end that it names now: a closed year keeps its facts, and nothing ends before it."""
    data, ids = years.by_community(conn), register.codes(conn)
    found: dict[str, set[int]] = {}
    for code, periods in history.items():
        for year in data.get(ids.get(code, 0), ()):
            then = facts.at(periods, year)
            ended = str(facts.newest(periods)["valid_to"] or year)[:4] < str(year)
            if then is not None and (ended or not exists_in(register.Community(code, **then), year)):
                found.setdefault(code, set()).add(year)
    return found


def _require_inside(conn: Connection, seen: RegisterInspection) -> None:
    """Raise Refused for what alters a closed year, and where a community would end before, or begin after, what is stored
    of it: nobody would see that."""
    assert seen.register is not None
    after = register.foretell(conn, seen.register.told, seen.register.population)
    before, stored = _outside(conn, register.history(conn)), _outside(conn, after)
    findings = []
    for code, place in seen.register.places.items():
        lost = sorted(stored.get(code, set()) - before.get(code, set()))
        if lost:
            one = facts.newest(after[code])
            span = f"{one['valid_from'] or ''}–{one['valid_to'] or ''}"
            params = {"found": one["name"], "span": span, "years": ", ".join(map(str, lost))}
            findings.append(replace(place, code="register.data_outside", params=params))
    if findings:
        raise Refused("cli.register_refused", findings=(*seen.findings, *findings), file=seen.file)
