"""Counting nobody twice: the same respondent with the same answers is skipped, with other answers asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection

from survey.coding.coded_sheet import CodedSheet
from survey.core.findings import Finding
from survey.people.identities import by_number
from survey.store.intake import batches, responses
from survey.store.year import register

#: rows named in one note; the count is always complete
FIRST_ROWS = 20
#: the question about a respondent who is stored with other answers
STORED = "checking.other_answers_stored"


@dataclass(frozen=True)
class Verdict:
    """``skip``: rows that are already there; ``other_answers``: rows whose respondent gave other answers elsewhere."""

    skip: npt.NDArray[np.bool_]
    other_answers: npt.NDArray[np.bool_]
    findings: tuple[Finding, ...]


def against_stored(conn: Connection, coded: CodedSheet, questionnaire: str) -> Verdict:
    """``judge`` the usable rows of a coded sheet against the active responses to a questionnaire."""
    stored = responses.identities(conn, questionnaire, list(coded.years))
    names = {c.id: c.name for c in register.communities(conn)}
    known = pd.DataFrame(
        {
            "year": stored["year"],
            "place": [names.get(i, "") if pd.notna(i) else "" for i in stored["community_id"]],
            "respondent": stored["respondent"],
            "digest": stored["answers_hash"],
            "batch": stored["batch_id"],
            "sheet": stored["sheet"].fillna(""),
            "row": stored["row"],
        }
    )
    who = [r if u else None for r, u in zip(coded.keys["respondent"].tolist(), coded.usable, strict=True)]
    keys = coded.keys.assign(respondent=pd.Series(who, dtype=object))
    found = judge(
        keys,
        known,
        sheet=coded.sheet.name,
        rows=coded.row_numbers,
        cells=coded.respondent_cells,
        header=coded.respondent_header,
    )
    files = {n: batches.get(conn, n).file for n in {f.params["batch"] for f in found.findings if f.code == STORED}}
    return replace(found, findings=by_number((_with_file(f, files) for f in found.findings), coded.by_phone))


def _with_file(finding: Finding, files: Mapping[int, str]) -> Finding:
    """A question about a stored response, with the name of the file that it came from."""
    if finding.code != STORED:
        return finding
    return replace(finding, params={**finding.params, "file": files[finding.params["batch"]]})


def judge(
    keys: pd.DataFrame, stored: pd.DataFrame, *, sheet: str, rows: Sequence[int], cells: Sequence[str], header: str
) -> Verdict:
    """Compare rows with each other and with what is stored.

    ``keys``: year, place (community name or ''), respondent (None where there is none), digest.
    ``stored``: the same columns with batch, sheet and row, of active batches.
    ``rows``, ``cells``: sheet row and A1 address of the respondent's cell of each row of ``keys``.
    """
    n = len(keys)
    skip, others = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    known = {
        (year, place, respondent): (digest, batch, sheet_, row)
        for year, place, respondent, digest, batch, sheet_, row in zip(
            *(stored[c].tolist() for c in ("year", "place", "respondent", "digest", "batch", "sheet", "row")),
            strict=True,
        )
    }
    first: dict[tuple[Any, Any, Any], int] = {}
    alike: dict[tuple[Any, Any, str], int] = {}
    in_file: list[tuple[int, int]] = []
    in_store: list[tuple[int, int]] = []
    findings: list[Finding] = []
    values = zip(*(keys[c].tolist() for c in ("year", "place", "respondent", "digest")), strict=True)
    for i, (year, place, respondent, digest) in enumerate(values):
        if respondent is None:
            continue
        key = (year, place, respondent)
        here, there = first.setdefault(key, i), known.get(key)
        twin = alike.setdefault((year, place, folded(respondent)), i)
        if here == i and twin != i:
            findings.append(
                _ask(
                    "checking.alike_respondents",
                    sheet,
                    rows[i],
                    cells[i],
                    header,
                    respondent,
                    other=rows[twin],
                    same=keys["respondent"].iat[twin],
                )
            )
        if there is not None:
            if there[0] == digest:
                skip[i] = True
                in_store.append((i, there[1]))
            else:
                others[i] = True
                findings.append(
                    _ask(
                        STORED,
                        sheet,
                        rows[i],
                        cells[i],
                        header,
                        respondent,
                        batch=there[1],
                        sheet=there[2],
                        other=there[3],
                    )
                )
        elif here != i:
            if keys["digest"].iat[here] == digest:
                skip[i] = True
                in_file.append((i, here))
            else:
                others[i] = True
                findings.append(
                    _ask("checking.other_answers", sheet, rows[i], cells[i], header, respondent, other=rows[here])
                )
    if in_file:
        findings.append(
            _skipped(
                "checking.duplicate_rows",
                sheet,
                header,
                [(rows[i], cells[i]) for i, _ in in_file],
                pairs="、".join(f"{rows[i]}={rows[j]}" for i, j in in_file[:FIRST_ROWS]),
            )
        )
    if in_store:
        findings.append(
            _skipped(
                "checking.already_stored",
                sheet,
                header,
                [(rows[i], cells[i]) for i, _ in in_store],
                batches="、".join(str(b) for b in sorted({b for _, b in in_store})),
            )
        )
    return Verdict(skip, others, tuple(findings))


def folded(respondent: str) -> str:
    """A number as it is said: any case, without the leading zeros that a spreadsheet drops."""
    return respondent.casefold().lstrip("0")


def _ask(code: str, place: str, row: int, cell: str, header: str, respondent: str, **params: Any) -> Finding:
    return Finding(
        code,
        level="ask",
        scope="row",
        sheet=place,
        cell=cell,
        row=row,
        header=header,
        params={"found": respondent, **params},
    )


def _skipped(code: str, sheet: str, header: str, places: Sequence[tuple[int, str]], **params: Any) -> Finding:
    shown = "、".join(str(row) for row, _ in places[:FIRST_ROWS])
    return Finding(
        code,
        level="note",
        scope="row",
        sheet=sheet,
        cell=places[0][1],
        row=places[0][0],
        header=header,
        params={"n": len(places), "rows": shown, **params},
    )
