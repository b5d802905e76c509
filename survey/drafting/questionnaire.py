"""The whole draft: every column of a data file as a row of the questionnaire, with where it came from and how sure it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from survey.core.addresses import column_letters
from survey.core.cells import clean
from survey.core.errors import Refused
from survey.core.lang import enumerated, say
from survey.drafting.column_answers import Answers, Option, Sure, read_answers, scale_of
from survey.drafting.column_roles import names_a_person, role_of
from survey.drafting.sheet_layout import answers_in, raw_header
from survey.files.layouts.layout import ColumnLayout, Layout
from survey.files.own_workbooks import header_key
from survey.files.read import read_sheets
from survey.form.model import Choice, Question, Questionnaire

_CODE = re.compile(r"\s*([A-Za-z]{1,3}\d{1,3}(?:[._-]\d{1,3})?|[A-Za-z_][A-Za-z0-9_]{0,39})\s*(?:[.、:：)）]\s*|$)")
_NUMBER = re.compile(r"\s*(?:第\s*)?(\d{1,3})\s*(?:题|[、.:：)）])")
_TICKED = frozenset(
    {"1", "0", "1.0", "0.0", "√", "✓", "是", "否", "true", "false", "yes", "no", "选中", "未选中", "×", "y", "n"}
)
#: what a tick column says beside its question: stem_option, stem（option）, stem—option
_SPLIT = re.compile(r"(?P<stem>.+?)\s*(?:[_/—:：]|——|(?P<open>[(（]))\s*(?P<option>[^()（）_/—]+?)\s*(?(open)[)）])\s*")
#: roles whose numbers are codes, never quantities
_CODED_ROLES = ("sex", "age_band", "mode")


@dataclass(frozen=True)
class Drafted:
    """One question of the draft: its row, the columns it came from, and what a person should look at.

    ``check``: text key of the question to the person, ``""`` where nothing is guessed; ``n``: answered rows.
    """

    question: Question
    source: str
    header: str
    sure: Sure
    why: str
    check: str = ""
    n: int = 0
    options: tuple[Option, ...] = ()
    scale: str = ""
    unfit: tuple[str, ...] = ()

    def question_of(self, lang: str) -> str:
        """What a person should look at, in words; ``""`` where nothing is guessed."""
        return say(lang, self.check, words=enumerated(lang, self.unfit)) if self.check else ""


@dataclass(frozen=True)
class Draft:
    """The questionnaire and how each of its rows came about; ``left_out``: columns that are no question, with why."""

    form: Questionnaire
    rows: tuple[Drafted, ...]
    left_out: tuple[tuple[str, str, str], ...] = ()
    layout: Layout | None = field(default=None, compare=False)


def draft(file: str, data: bytes) -> Draft:
    """A questionnaire out of a data file; raises Refused where it has no header or no column that can be a question."""
    layout = answers_in(file, read_sheets(file, data))
    rows, left_out = _columns(layout)
    if not any(not d.question.role for d in rows):
        raise Refused("drafting.no_question", file=file, sheet=layout.sheet.name)
    rows = _named(_one_role_each(rows))
    lists, rows = _lists(rows, by_code=layout.coded_by == "name")
    title = re.sub(r"\.[A-Za-z]+$", "", file.replace("\\", "/").rpartition("/")[2])
    form = Questionnaire(
        rows=tuple(d.question for d in rows),
        title=title,
        form_id=_form_id(title),
        lists=lists,
        settings={"default_language": "中文 (zh)"},
    )
    return Draft(form, tuple(rows), tuple(left_out), layout)


def _form_id(title: str) -> str:
    found = re.sub(r"\W+", "_", title).strip("_")
    return found if re.match(r"[^\W\d]", found) else f"q_{found}"


def _columns(layout: Layout) -> tuple[list[Drafted], list[tuple[str, str, str]]]:
    drafted: list[Drafted] = []
    left_out: list[tuple[str, str, str]] = []
    columns = _with_ticks(layout, [c for c in layout.questions if c.texts])
    taken = Counter(header_key(c.texts[0]) for c in columns if not c.option)
    done: set[str] = set()
    for column in columns:
        place, header = _place(layout, [column]), raw_header(layout, column.index)
        if column.option:
            stem = column.texts[0]
            if header_key(stem) not in done:
                done.add(header_key(stem))
                drafted.append(_options(layout, [c for c in columns if c.option and c.texts[0] == stem]))
        elif names_a_person(column.texts):
            left_out.append((place, header, "drafting.left_person"))
        else:
            unique = taken[header_key(column.texts[0])] == 1
            drafted.append(_single(layout, column, place, header, unique))
    return drafted, left_out


def _place(layout: Layout, columns: Sequence[ColumnLayout]) -> str:
    letters = [column_letters(layout.sheet.left + c.index) for c in columns]
    shown = letters[0] if len(letters) == 1 else f"{letters[0]}–{letters[-1]}"
    return f"{layout.sheet.name}!{shown}"


def _counts(layout: Layout, column: ColumnLayout) -> Counter[str]:
    """Cell text → how often, of the rows that are responses."""
    cells = [
        layout.sheet.rows[row][column.index]
        for row in range(layout.first, len(layout.sheet.rows))
        if row not in layout.skip
    ]
    read = layout.read or (lambda value: value)
    return Counter(clean(read(value)) for value in cells if value is not None and clean(value))


def _single(layout: Layout, column: ColumnLayout, place: str, header: str, unique: bool) -> Drafted:
    counts = _counts(layout, column)
    role = role_of(column.texts)
    words = {**layout.words, **column.words}
    coded = layout.coded_by == "order" if not role else role in _CODED_ROLES
    found = read_answers(
        counts, labels=column.labels, words=words, coded=coded, separator=layout.separator, header=header
    )
    if role in ("community", "sub_district", "respondent", "household", "interviewer", "stratum", "psu", "phone"):
        found = replace(found, kind="text", sure="likely", why="drafting.why_role", options=())
    elif role in ("year", "weight", "age", "duration") and found.kind not in ("integer", "decimal"):
        role = "age_band" if role == "age" and found.options else ""
    elif role in ("start", "end", "submitted"):
        found = replace(found, kind="text" if found.kind != "date" else "date", why="drafting.why_role", options=())
    if role and role in ("year", "weight", "age", "duration"):
        found = replace(found, low=None, high=None, options=(), why="drafting.why_role", sure="likely")
    if role == "respondent" and max(counts.values(), default=0) > 1:
        role = "" if len(counts) < 0.5 * sum(counts.values()) else role
    if found.kind == "phone":
        role, found = "phone", replace(found, kind="text")
    label = column.texts[0] if unique else next((t for t in column.texts if "/" in t), header)
    aliases = tuple(dict.fromkeys(t for t in (header,) if t and header_key(t) != header_key(label)))
    kind = "text" if found.kind == "empty" else found.kind
    question = Question(
        "",
        kind,
        {"zh": label},
        role=role,
        minimum=found.low,
        maximum=found.high,
        aliases=aliases,
        required=role == "community",
    )
    check = "" if role and found.why != "drafting.why_codes" else _check(found, layout, label)
    return Drafted(
        question, place, header, found.sure, found.why, check, found.n, found.options, found.scale, found.unfit
    )


def _check(found: Answers, layout: Layout, label: str) -> str:
    """What a person should look at: only what was guessed."""
    return {
        "drafting.why_scale_words": "drafting.check_unfit" if found.unfit else "drafting.check_order",
        "drafting.why_often": "drafting.check_choices",
        "drafting.why_scale": "drafting.check_scale_unfit" if found.unfit else "drafting.check_scale",
        "drafting.why_codes": "drafting.check_codes",
        "drafting.why_empty": "drafting.check_empty",
        "drafting.why_several": "" if layout.separator.strip() else "drafting.check_several",
    }.get(found.why, "drafting.check_text" if found.kind == "text" and found.sure == "guess" else "")


def _with_ticks(layout: Layout, columns: Sequence[ColumnLayout]) -> list[ColumnLayout]:
    """Neighbours that share a stem and hold nothing but ticks, as the options of one question."""
    if any(c.option for c in columns):
        return list(columns)
    found: list[ColumnLayout] = []
    for run in _runs(layout, columns):
        parts = [_SPLIT.fullmatch(raw_header(layout, c.index)) for c in run]
        if len(run) > 1 and all(parts):
            found += [
                replace(c, texts=(m["stem"], raw_header(layout, c.index)), option=m["option"])
                for c, m in zip(run, parts, strict=True)
                if m
            ]
        else:
            found += run
    return found


def _runs(layout: Layout, columns: Sequence[ColumnLayout]) -> Iterator[list[ColumnLayout]]:
    run: list[ColumnLayout] = []
    stem = ""
    for column in columns:
        match = _SPLIT.fullmatch(raw_header(layout, column.index))
        ticks = set(map(str.casefold, _counts(layout, column))) <= _TICKED
        own = match["stem"] if match and ticks and not column.labels else ""
        if run and (not own or own != stem):
            yield run
            run = []
        run.append(column)
        stem = own
        if not own:
            yield run
            run = []
    if run:
        yield run


def _options(layout: Layout, columns: Sequence[ColumnLayout]) -> Drafted:
    """A multiple choice of one column an option."""
    rows = [row for row in range(layout.first, len(layout.sheet.rows)) if row not in layout.skip]
    filled = np.zeros(len(rows), dtype=bool)
    for column in columns:
        filled |= np.array([clean(layout.sheet.rows[row][column.index] or "") != "" for row in rows], dtype=bool)
    label = columns[0].texts[0]
    header = "、".join(raw_header(layout, c.index) for c in columns[:2])
    options = tuple(Option(c.option) for c in columns)
    question = Question("", "select_multiple", {"zh": label})
    return Drafted(
        question, _place(layout, columns), header, "sure", "drafting.why_columns", "", int(filled.sum()), options
    )


def _one_role_each(rows: Sequence[Drafted]) -> list[Drafted]:
    """A role stands once: the first column that has it, what else goes by it is a question; numbers of persons never."""
    seen: set[str] = set()
    kept = []
    for row in rows:
        role = row.question.role
        if role and role in seen:
            if role == "phone":
                continue
            row = replace(
                row, question=replace(row.question, role="", required=False), sure="guess", check="drafting.check_text"
            )
        seen.add(role)
        kept.append(row)
    return kept


def _named(rows: Sequence[Drafted]) -> list[Drafted]:
    """Every question with a name: its role, the code its header begins with, or its number."""
    taken: set[str] = set()
    named = []
    for place, row in enumerate(rows, start=1):
        code, number = _CODE.match(row.header), _NUMBER.match(row.header)
        name = row.question.role or (code[1] if code else f"Q{number[1]}" if number else f"q{place}")
        name = re.sub(r"[^\w.-]", "_", name)
        if name.casefold() in taken:
            name = next(f"{name}_{k}" for k in range(2, len(rows) + 3) if f"{name}_{k}".casefold() not in taken)
        taken.add(name.casefold())
        label = row.question.labels.get("zh", "")
        aliases = tuple(a for a in row.question.aliases if header_key(a) not in (header_key(name), header_key(label)))
        named.append(replace(row, question=replace(row.question, name=name, aliases=aliases)))
    return named


def _lists(rows: Sequence[Drafted], by_code: bool) -> tuple[dict[str, tuple[Choice, ...]], list[Drafted]]:
    """The lists of choices, one for all questions with the same; a scale holds the words of all questions on it."""
    words: dict[str, list[str]] = {}
    for row in rows:
        words.setdefault(row.scale, []).extend(o.text for o in row.options if row.scale)
    scales = {stem: scale_of(said) for stem, said in words.items() if stem}
    lists: dict[str, tuple[Choice, ...]] = {}
    done = []
    for row in rows:
        if not row.options:
            done.append(row)
            continue
        options = scales.get(row.scale, ()) or row.options
        choices = _choices(options, by_code=by_code)
        name = next((n for n, known in lists.items() if known == choices), "")
        if not name:
            name = f"list_{len(lists) + 1}"
            lists[name] = choices
        question = replace(row.question, list_name=name, choices=choices)
        done.append(replace(row, question=question))
    return lists, done


def _choices(options: Sequence[Option], by_code: bool) -> tuple[Choice, ...]:
    """Codes as the file has them, else numbers in order; with a letter where texts of the choices are numbers, too."""
    numeric = [bool(re.fullmatch(r"-?\d+(?:\.\d+)?", o.text)) for o in options]
    by_code = by_code and all(re.fullmatch(r"[\w.-]+", o.text) for o in options)
    letter = "a" if any(numeric) else ""
    return tuple(
        Choice(
            o.text if all(numeric) or o.label or by_code else f"{letter}{number}",
            {"zh": o.label or o.text},
            level=None if o.missing else o.level,
            missing=o.missing or None,
        )
        for number, o in enumerate(options, start=1)
    )


def annotated(found: Draft, lang: str) -> Questionnaire:
    """The draft with what a person needs to correct it, in columns that XLSForm passes over."""
    beside = {d.question.name: d for d in found.rows}

    def noted(row: Question) -> Question:
        d = beside[row.name]
        checks = [d.question_of(lang), say(lang, "drafting.check_dimension") if row.dimension else ""]
        notes = {
            "source 来自": f"{d.source} {d.header}".strip(),
            "sure 把握": say(lang, f"drafting.{d.sure}"),
            "why 依据": say(lang, d.why),
            "check 请核对": " ".join(filter(None, checks)),
        }
        return replace(row, extra={key: text for key, text in notes.items() if text})

    return replace(found.form, rows=tuple(map(noted, found.form.rows)))
