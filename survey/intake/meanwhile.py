"""What came in between looking at a file and storing it: the file is held against it anew, before the store is held for writing.

Writers take turns.  What a file is compared with may be a whole district's answers, so it is read while nobody waits; in
the transaction that stores the file only what moved since then is looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy.engine import Connection

from survey.coding.coded_sheet import CodedSheet, Flags
from survey.core.findings import Finding
from survey.form.answer_codes import ResponseBlock
from survey.intake.design_columns import hold_design
from survey.people import contacts
from survey.people.duplicates import Verdict, against_stored
from survey.store import keyring
from survey.store.intake import identities
from survey.store.intake.identities import Mark
from survey.store.year import register


@dataclass(frozen=True)
class HeldAgain:
    """A coded sheet held against what is stored once more.

    ``mark``: of what it was held against; ``about_phones``: what is to be said of its numbers; ``design``: the sheet with
    what its design columns contradict.
    """

    mark: Mark
    verdict: Verdict
    about_phones: tuple[Finding, ...]
    design: CodedSheet = field(repr=False)


@dataclass(frozen=True)
class Prepared:
    """A file ready to be stored: its rows as a block, the communities that they were placed by (name → id), and how it was
    held against the store again, where something had come in since it was looked at.

    ``block``: none where the file brings new communities, which have no id before it is stored.
    """

    block: ResponseBlock | None = field(repr=False)
    ids: Mapping[str, int] = field(repr=False)
    again: HeldAgain | None = None


def hold_again(
    conn: Connection,
    coded: CodedSheet,
    questionnaire: str,
    together: Collection[int] = (),
    taken: Collection[int] = (),
) -> HeldAgain:
    """Hold a coded sheet against the answers, numbers and designs that are stored now.

    ``together``: batches stored in the same transaction; ``taken``: ids of the responses whose place it takes.
    """
    mark = identities.mark(conn)
    verdict = against_stored(conn, coded, questionnaire, taken=taken)
    _, about_phones = contacts.sheet_phones(conn, keyring.load(), questionnaire, coded, verdict.skip)
    design = hold_design(conn, coded, coded.usable & ~verdict.skip, together)
    return HeldAgain(mark, verdict, tuple(about_phones), design)


def prepare(
    conn: Connection,
    coded: CodedSheet,
    questionnaire: str,
    keep: Flags,
    seen: Mark | None,
    taken: Collection[int] = (),
) -> Prepared:
    """What storing the ``keep`` rows takes that can be made while others write; ``seen``: what the file was held against."""
    ids = community_ids(conn)
    again = None if identities.mark(conn) == seen else hold_again(conn, coded, questionnaire, taken=taken)
    return Prepared(None if coded.new_communities else coded.block(keep, ids), ids, again)


def community_ids(conn: Connection) -> dict[str, int]:
    """Community name → id."""
    return {c.name: int(c.id or 0) for c in register.communities(conn)}


def is_new(verdict: Verdict, answered: set[tuple[str, str]], asked: Finding, together: Mapping[int, str]) -> bool:
    """Whether somebody is stored under another community since the inspection, by another call than this one."""
    return (asked.code, asked.cell) not in answered and any(m.batch not in together for m in verdict.moved)


def batches_of(finding: Finding) -> tuple[int, ...]:
    """The stored batches that a finding is about."""
    return (finding.params["batch"],) if "batch" in finding.params else tuple(finding.params.get("batches", ()))


def of_file(finding: Finding, together: Mapping[int, str]) -> Finding:
    """A finding about a batch of the same call, worded with the file's name."""
    code = {
        "checking.other_answers_stored": "checking.other_answers_file",
        "identities.other_answers_stored": "identities.other_answers_file",
        "contacts.same_phone_stored": "contacts.same_phone_file",
    }.get(finding.code)
    file = together.get(finding.params.get("batch", 0))
    return replace(finding, code=code, params={**finding.params, "file": file}) if code and file else finding
