"""From a score back to the cells: which files, sheets and rows a community's year rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from analysis.cycle.stored_steps import published_results, read_steps
from analysis.statistics.notes import LATE
from survey.core import limits
from survey.core.columns import CODE, DATE, MIXED, TEXT, WHOLE, Column, columns
from survey.core.errors import Refused
from survey.form.answer_codes import STATE_NAMES, ResponseBlock
from survey.form.model import Questionnaire
from survey.store.intake import batches, questionnaires, responses
from survey.store.year import cycle, indicators, register, results, reviews
from survey.store.year.arrivals import Arrival, arrivals
from survey.store.year.reviews import Standing

COLUMNS = columns(
    Column("what", CODE),
    Column("name", CODE),
    Column("batch", WHOLE),
    Column("file", TEXT),
    Column("sheet", TEXT),
    Column("row", WHOLE),
    Column("value", MIXED),
    Column("mode", CODE),
    Column("respondent", TEXT),
    Column("n", WHOLE),
    Column("note", TEXT),
    Column("who", TEXT),
    Column("at", DATE),
    Column("reason", TEXT),
    Column("review", CODE),
    Column("reviewed_by", TEXT),
    Column("cell", TEXT),
)
#: the note of a group too small to show more than where it came from
SMALL = "totals_only"
#: of a published community: what came since and does not count, what counts and was taken back since
TAKEN_BACK = "taken_back"


def trace(conn: Connection, code: str, year: int, name: str | None = None) -> pd.DataFrame:
    """Where the numbers of a community and year come from (``COLUMNS``).

    ``cell``: where the answer or value stands, as far as the import kept which column it was.

    Without ``name``: one row a batch of answers and one an indicator value.  With an item or indicator: one
    row a response or value.  An indicator value says who entered it, when, why it was changed, and who reviewed it.
    Of a published community the rows are those of its published version, whatever came, went or was changed since: ``note``
    says ``taken_back`` of those that went; those that came and do not count follow with ``late_data``.
    Raises Refused for a name that is neither.
    """
    counts = published_batches(conn, code, year)
    answers = _answers(conn, code, year, name, counts)
    values = _values(conn, code, year, counts)
    seen = reviews.standings(conn, year, code)
    if name is not None:
        values = values[values["indicator"] == name]
        if answers is None and values.empty:
            raise Refused("publishing.unknown_trace", name=name, year=year)
    rows = [
        {
            "what": "indicator",
            "name": v["indicator"] + (f":{v['kind']}" if v["kind"] else ""),
            "batch": v["batch_id"],
            "file": v["file"],
            "sheet": v["sheet"],
            "row": v["row"],
            "value": v["value_text"] if pd.isna(v["value"]) else v["value"],
            "n": 1,
            "note": v["mark"] or None,
            **{name: v[name] for name in ("who", "at", "reason")},
            **_review(seen.get((code, v["indicator"])) if v["stands"] else None),
        }
        for v in values.to_dict("records")
    ]
    kept = {b.id: b.options.get("columns") or {} for b in batches.listing(conn)}
    found = [{**row, "cell": _cell(row, kept.get(row["batch"], {}))} for row in [*(answers or []), *rows]]
    frame = pd.DataFrame(found, columns=list(COLUMNS.names))
    typed: pd.DataFrame = COLUMNS.typed(frame)
    return typed


def _cell(row: Mapping[str, Any], columns: Mapping[str, Any]) -> str | None:
    """``E7``; several parted by blanks; None where only the row is known, or not even that."""
    number = row.get("row")
    if number is None or pd.isna(number) or int(number) <= 0:
        return None
    of, name = columns, str(row["name"])
    if row["what"] == "indicator":
        of = columns.get(row["sheet"]) or {}
        name += "?" if row["value"] in (None, "") or pd.isna(row["value"]) else ""
    letters = str(of.get(name, "") if isinstance(of, Mapping) else "").split()
    return " ".join(f"{one}{int(number)}" for one in letters) or None


def settled_after(frame: pd.DataFrame) -> bool:
    """Whether anything came or went since the community was published."""
    notes = frame["note"].astype(object)
    return bool((notes.isin([LATE, TAKEN_BACK]) | notes.eq(f"{SMALL};{LATE}")).any())


def people_in(frame: pd.DataFrame) -> int:
    """How many single respondents' answers a trace shows."""
    small = frame["note"].astype(object).fillna("").str.startswith(SMALL)
    return int(((frame["what"] == "item") & ~small).sum())


def published_batches(conn: Connection, code: str, year: int) -> Mapping[int, Arrival] | None:
    """The batches that the published version of a community counts; None where it is not published."""
    if cycle.last_publication(conn, year) is None:
        return None
    number = published_results(read_steps(conn, year)).get(code)
    made = {s.id: s.created_at for s in results.versions(conn, year)}
    if number is None:
        return None
    return {batch.id: batch for batch in arrivals(conn, year) if batch.counted(made[number])}


def _values(conn: Connection, code: str, year: int, counts: Mapping[int, Arrival] | None) -> pd.DataFrame:
    """The indicator values of the published version (``counts``: its batches), then those of now that it does not count.

    ``mark``: the note of a value; ``stands``: whether it counts now, so that its review is its own.
    """
    now = indicators.current(conn, year, code)
    if counts is None:
        return now.assign(mark="", stands=True)
    past = indicators.history(conn, year, code, undone=True)
    held = past["batch_id"].isin(counts)
    then = indicators.what_counts(indicators.counting_anew(past[held].assign(state="active")))
    gone = {*past.loc[past["state"] != "active", "batch_id"]}
    place = ["batch_id", "indicator", "kind", "assessor"]
    today = {tuple(row) for row in now[place].to_numpy().tolist()}
    stands = [tuple(row) in today for row in then[place].to_numpy().tolist()]
    then = then.assign(mark=[TAKEN_BACK if b in gone else "" for b in then["batch_id"]], stands=stands)
    late = now[~now["batch_id"].isin(counts)].assign(mark=LATE, stands=True)
    return pd.concat([then, late], ignore_index=True) if len(late) else then


def _review(standing: Standing | None) -> dict[str, str | None]:
    return {"review": standing.state if standing else None, "reviewed_by": (standing and standing.reviewed_by) or None}


def _answers(
    conn: Connection, code: str, year: int, name: str | None, counts: Mapping[int, Arrival] | None
) -> list[dict[str, Any]] | None:
    """Rows of answers; None if no questionnaire of the year has a question of this name.

    Under 10 respondents the way back is shown, but not who answered what, nor how many by mode or batch.
    """
    ids = [c.id for c in register.communities(conn) if c.code == code and c.id is not None]
    files = {b.id: b.file for b in batches.listing(conn)}
    forms = [questionnaires.by_id(conn, form_id) for form_id in responses.forms_in(conn, year)]
    loaded = [(stored, responses.load(conn, stored, years=[year], community_ids=ids)) for stored in forms]
    asked = [(s, block) for s, block in loaded if name is None or name in s.form.position]
    if name is not None and not asked:
        return None
    left = sum(len(block) for _, block in loaded)
    small = left < limits.TOTALS_BELOW
    rows: list[dict[str, Any]] = []
    for stored, block in asked:
        if name is None:
            rows += _by_batch(stored.name, block.design, files, small)
        else:
            rows += _one_by_one(stored.form, name, block, files, small)
    if counts is None:
        return rows
    late = [row["batch"] not in counts for row in rows]
    marked = [{**row, "note": _marked(row.get("note"))} if new else row for row, new in zip(rows, late, strict=True)]
    gone = _taken_back(conn, code, counts, left) if name is None else []
    return (
        [row for row, new in zip(marked, late, strict=True) if not new]
        + gone
        + [row for row, new in zip(marked, late, strict=True) if new]
    )


def _marked(note: str | None) -> str:
    return f"{note};{LATE}" if note else LATE


def _taken_back(conn: Connection, code: str, counts: Mapping[int, Arrival], left: int) -> list[dict[str, Any]]:
    """One row a batch of answers that the published version counts and that was taken back since.

    How many is said unless the version counts few, or few are ``left``, whom it would reveal: nobody is left to reveal
    where all went.
    """
    counted = sum(b.answers.get(code, 0) for b in counts.values())
    small = 0 < left < limits.TOTALS_BELOW or counted < limits.TOTALS_BELOW
    active = {b.id for b in batches.listing(conn) if b.state == "active"}
    return [
        {"what": "answers", "batch": b.id, "file": b.file, "n": None if small else b.answers[code], "note": TAKEN_BACK}
        for b in counts.values()
        if b.id not in active and b.answers.get(code)
    ]


def _by_batch(name: str, design: pd.DataFrame, files: dict[int, str], small: bool) -> list[dict[str, Any]]:
    """One row a batch, sheet and mode."""
    keys = ["batch_id", "sheet"] if small else ["batch_id", "sheet", "mode"]
    groups = design.groupby(keys, sort=False).size().reset_index(name="n")
    hidden = {"n": None, "note": SMALL} if small else {}
    return [
        {
            "what": "answers",
            "name": name,
            "batch": row["batch_id"],
            "file": files.get(row["batch_id"]),
            "sheet": row["sheet"],
            "mode": row.get("mode"),
            "n": row["n"],
            **hidden,
        }
        for row in groups.to_dict("records")
    ]


def _one_by_one(
    form: Questionnaire, name: str, block: ResponseBlock, files: dict[int, str], small: bool
) -> list[dict[str, Any]]:
    """One row a response."""
    columns = (block.design[c].tolist() for c in ("batch_id", "sheet", "row", "mode", "respondent"))
    hidden = {"mode": None, "respondent": None, "value": None, "note": SMALL} if small else {}
    return [
        {
            "what": "item",
            "name": name,
            "batch": b,
            "file": files.get(b),
            "sheet": s,
            "row": r,
            "mode": m,
            "respondent": who,
            "value": said,
            "n": 1,
            **hidden,
        }
        for b, s, r, m, who, said in zip(*columns, said_in(form, name, block), strict=True)
    ]


def said_in(form: Questionnaire, name: str, block: Any) -> list[Any]:
    """Each response's answer as it was coded: choice name, number, text, or why there is none."""
    question, place = form.question(name), form.position[name]
    words: list[Any] = []
    for row, code in enumerate(block.codes[:, place].tolist()):
        if code < 0:
            words.append(STATE_NAMES[code])
        elif question.coding == "choice":
            words.append(question.choices[code].name)
        elif question.coding == "step":
            words.append((question.low or 0.0) + code * question.unit)
        elif question.coding == "number":
            words.append(float(block.numbers[name][row]))
        elif question.coding == "multiple":
            words.append(" ".join(question.choices[i].name for i in block.multiple[name][row] or ()))
        else:
            words.append(block.texts[name][row] if name in block.texts else None)
    return words
