"""The steps by which a file of answers is inspected: match → code → who → compare with what is stored → decide.

Each takes values and returns a new one.  What a step asks the store it asks in the one transaction that is open, so
that all of them see the same moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.engine import Connection

from survey.answers.mapping import ColumnMapping, check, require
from survey.answers.scales import ScaleMatch
from survey.answers.validation import gathered
from survey.coding.coded_sheet import CodedSheet
from survey.coding.coder import code_sheet
from survey.coding.doubtful_rows import merged_answers, merged_filled, without_examples
from survey.coding.options import ImportOptions
from survey.coding.place_doubts import as_sheet_named, place_doubts, year_doubts
from survey.coding.readings.reading_proposals import of_proposals, propose_readings
from survey.coding.silent_rows import without_silent
from survey.core.errors import Refused
from survey.core.findings import Finding, Level, many_words
from survey.core.lang import LANGUAGES, say
from survey.decisions.answered_findings import is_confirmed, settle
from survey.decisions.carried_out import OWN_READING, SILENT, Decided, decide_sheets
from survey.decisions.remembered import without_answered
from survey.fieldwork.register import Register
from survey.files.layouts import filled_in
from survey.files.layouts.online_forms import submission_times
from survey.files.own_workbooks import plain_text
from survey.files.readers.sheet import Sheet
from survey.form.model import Questionnaire
from survey.intake.call_part import CallPart, compare_calls
from survey.intake.questions_besides import other_sheets, questions_besides
from survey.intake.same_file import batch_sheet, refuse_same_calls
from survey.matching.choice_words import (
    Wording,
    agreeing,
    asked_once,
    covering,
    scale_questions,
    wordings,
)
from survey.matching.code_legends import column_legends, explained
from survey.matching.column_proposals import Proposals, as_proposed, guess_headers, guessed_columns, propose_columns
from survey.matching.header_findings import unused_headers
from survey.matching.matched_sheet import Matched
from survey.matching.proposed_options import TO_THE_DOOR
from survey.matching.shapes.carried_down import carried_down
from survey.matching.shapes.modes_told import HOW as MODE_TOLD
from survey.matching.shapes.modes_told import in_a_column, mode_note, named_mode, with_modes
from survey.matching.shapes.place_names import asked_together, with_places
from survey.matching.shapes.sample_kinds import with_sample
from survey.matching.shapes.trial_rows import without_trial_rows
from survey.matching.shapes.turned_round import named_before, turned_question
from survey.matching.shapes.void_rows import without_void_rows
from survey.matching.shapes.zero_rows import without_zero_rows
from survey.matching.sheet_matching import match, upright
from survey.matching.year_community_mode import Names
from survey.people import contacts, retention
from survey.people.corrections import against_corrected
from survey.people.duplicates import Verdict
from survey.people.identities import known_by_number
from survey.people.removed_people import holds_removed, leave_out
from survey.people.restarts import (
    AGAIN,
    NOBODY,
    RESTARTS,
    TWICE,
    coded_before,
    find_again,
    find_restarts,
    find_typed_twice,
    kept_first,
    prefix_of,
    told_apart,
)
from survey.store import Store
from survey.store.intake import identities, mappings, questionnaires
from survey.store.intake.questionnaires import StoredForm
from survey.store.keyring import Keyring
from survey.store.year import register


@dataclass(frozen=True)
class Known:
    """What is known before a file is looked at: the questionnaire and the communities."""

    stored: StoredForm
    register: Register


def read_known(conn: Connection, questionnaire: str) -> Known:
    """What is known now; raises Refused where there is no such questionnaire."""
    return Known(questionnaires.get(conn, questionnaire), Register(register.communities(conn), register.history(conn)))


@dataclass(frozen=True)
class MatchedFile:
    """The sheet of a file that holds the answers, after what a person decided.

    ``decided``: every sheet after the decisions, by name; ``mapping``: what a person said, now or before, of columns
    and words; ``legends``: question → what the sheet itself says of its codes; ``proposed``: what is read of columns
    and words besides, and waits for a person with ``asked``.
    """

    decided: Mapping[str, Decided]
    matched: Matched
    mapping: ColumnMapping | None
    legends: Mapping[str, ScaleMatch]
    proposed: ColumnMapping = field(default_factory=ColumnMapping)
    asked: tuple[Finding, ...] = ()

    @property
    def read_by(self) -> ColumnMapping | None:
        """Everything that columns and words are read by: what a person said, and what is proposed."""
        return (self.mapping or ColumnMapping()).merged(self.proposed) if self.proposed else self.mapping

    @property
    def mine(self) -> Decided:
        """What was decided about the sheet that is taken."""
        return self.decided[self.matched.sheet.name]


def match_file(conn: Connection, sheets: Sequence[Sheet], known: Known, options: ImportOptions) -> MatchedFile:
    """Carry out the decisions, find the sheet of answers and what its columns hold; raises Refused where none fits."""
    form = known.stored.form
    if options.header_rows is None:
        together = {name for name, _ in options.sheets}
        sheets = upright(sheets, form, options.mapping, named=options.sheet, together=together)
        options = replace(options, sheet=options.sheet and named_before(options.sheet, sheets))
    decided = decide_sheets(sheets, options.decisions)
    places = known.register if options.community is None else None
    after = [decided[s.name].sheet for s in sheets]
    try:
        matched, mapping = match_sheets(conn, after, known.stored, options)
        columns = propose_columns(with_sample(matched), form, mapping, places)
    except Refused as refused:
        matched, mapping, columns = _guessed(conn, after, known.stored, options, refused, places)
    read_by = (mapping or ColumnMapping()).merged(columns.mapping) if columns.mapping else mapping
    if columns.mapping:
        again = match(after, form, sheet=matched.sheet.name, header_rows=options.header_rows, mapping=read_by)
        matched = as_proposed(again, columns)
    matched = with_sample(with_modes(matched, form, chosen=options.mode is not None))
    matched = with_places(matched, form, known.register, chosen=options.community, told=bool(options.sheets))
    matched = asked_together(carried_down(matched, form), options.sheets)
    if matched.layout.platform or options.header_rows is not None:
        matched = without_examples(matched, form)
    matched = without_trial_rows(without_void_rows(matched, form), form)
    matched = without_zero_rows(matched, form, decided[matched.sheet.name].answers)
    matched = merged_filled(matched, form, decided[matched.sheet.name])
    matched = as_sheet_named(matched, form, known.register, decided[matched.sheet.name].answers)
    beside, year, add = explained(after, form, matched.sheet.name), options.year or form.year, options.add_communities
    legends = column_legends(matched, form, read_by, beside)
    readings = propose_readings(matched, form, read_by, legends, known.register, add=add, year=year, beside=beside)
    agreed, told = _agreed_words(matched, form, read_by, decided[matched.sheet.name])
    doubts = (
        *told,
        *turned_question(matched),
        *merged_answers(matched, form),
        *place_doubts(matched, form, known.register, options),
        *year_doubts(matched, form, options),
    )
    asked = (
        *columns.findings,
        *readings.findings,
        *doubts,
        *other_sheets(after, matched, options),
    )
    return MatchedFile(
        decided, matched, mapping, legends, columns.mapping.merged(readings.mapping).merged(agreed), asked
    )


def _agreed_words(
    matched: Matched, form: Questionnaire, mapping: ColumnMapping | None, mine: Decided
) -> tuple[ColumnMapping, list[Finding]]:
    """What the words of another scale are read as where a person confirmed the question about it, and that question; nothing where
    they answered it with the questionnaire's own reading (``OWN_READING``)."""
    own = {c.cell for c in mine.changes if c.action == "confirm" and c.after == OWN_READING}
    agreed: dict[str, Mapping[str, str]] = {}
    asked: list[Finding] = []
    for wording in wordings(matched, form, mapping) if mine.confirmed else ():
        found = scale_questions([wording], matched.sheet.name)
        told = [f for f in found if is_confirmed(f, mine) and f.cell not in own]
        agreed |= {wording.list_name: wording.table()} if told else {}
        asked += told
    return ColumnMapping.of(lists=agreed), asked


def _guessed(
    conn: Connection,
    sheets: Sequence[Sheet],
    stored: StoredForm,
    options: ImportOptions,
    refused: Refused,
    places: Register | None,
) -> tuple[Matched, ColumnMapping | None, Proposals]:
    """The sheet of which no header is a question's own, by what its headers are like or were confirmed as; raises
    ``refused`` where they are like none."""
    form = stored.form
    named = [s for s in sheets if options.sheet is None or s.name == options.sheet]
    found = guess_headers(named, form) if refused.key == "intake.wrong_questionnaire" and not options.mapping else None
    if found is None:
        raise refused
    sheet, guessed = found
    matched = match(sheets, form, sheet=sheet, header_rows=options.header_rows, mapping=guessed)
    kept = mappings.find(conn, stored.name, matched.headers)
    if kept is not None and not check(kept.mapping, form):
        matched = match(sheets, form, sheet=sheet, header_rows=options.header_rows, mapping=kept.mapping)
        return matched, kept.mapping, propose_columns(matched, form, kept.mapping)
    return matched, None, guessed_columns(matched, form, guessed, places)


def match_sheets(
    conn: Connection, sheets: Sequence[Sheet], stored: StoredForm, options: ImportOptions
) -> tuple[Matched, ColumnMapping | None]:
    """Match with what the user said of the columns, else with what was confirmed for such a header before."""
    if options.mapping is not None:
        require(options.mapping, stored.form)
    matched = match(sheets, stored.form, sheet=options.sheet, header_rows=options.header_rows, mapping=options.mapping)
    if options.mapping is not None:
        unused = unused_headers(options.mapping, matched)
        return replace(matched, findings=(*matched.findings, *unused)), options.mapping
    kept = mappings.find(conn, stored.name, matched.headers)
    if kept is None or check(kept.mapping, stored.form):
        return matched, None
    again = match(sheets, stored.form, sheet=matched.sheet.name, header_rows=options.header_rows, mapping=kept.mapping)
    return again, kept.mapping


def of_platform(found: MatchedFile, options: ImportOptions, form: Questionnaire) -> tuple[MatchedFile, ImportOptions]:
    """The file and its options where people filled the form in themselves and nobody said what kind of sample it is: the
    same proposal that the page makes, asked about where another mode was said, or where interviewers use the platform, too."""
    platform = found.matched.layout.platform
    carried = filled_in(platform) == "carried" and options.mode is None and not _to_the_door(found.matched, form)
    if options.sample_said or not (carried or filled_in(platform) == "web"):
        return found, options
    agreed = options.mode in (None, "web")
    params = {"platform": {lang: say(lang, f"recognition.platform.{platform}") for lang in LANGUAGES}}
    code = "intake.mode_carried" if carried else "intake.platform_open" if agreed else "intake.platform_mode"
    level: Level = "note" if code == "intake.platform_open" else "ask"
    finding = Finding(code, level, "sheet", found.matched.sheet.name, params=params)
    taken = replace(options, mode=options.mode or "web", sample_type="open")
    return replace(found, asked=(*found.asked, finding)), taken


def _to_the_door(matched: Matched, form: Questionnaire) -> bool:
    """Whether the sheet says itself how people were asked, or holds what only a design or fieldwork leaves."""
    held = {form.question(name).role for name in matched.by_question}
    told = any(c.how in (MODE_TOLD, "calls") for c in matched.columns)
    return told or "mode" in held or not held.isdisjoint(TO_THE_DOOR)


def of_names(found: MatchedFile, options: ImportOptions, form: Questionnaire) -> tuple[MatchedFile, ImportOptions]:
    """The file and its options where nobody said how the interviews were held and a name does (工作表 电话): the same
    proposal that the page makes.  A web survey is one that anybody may fill in, unless somebody said what sample it is."""
    matched = found.matched
    if options.mode is not None or in_a_column(matched.columns, form):
        return found, options
    sheet = matched.sheet
    titles = tuple(t for row in sheet.rows[: matched.layout.header_rows[0]] for v in row if (t := plain_text(v)))[:8]
    named = sheet.name if sheet.kind not in ("text", "sav") else ""
    said = named_mode(Names(sheet.file, named, titles))
    if said is None:
        return found, options
    taken = replace(options, mode=said[0])
    if said[0] == "web" and not options.sample_said:
        taken = replace(taken, sample_type="open")
    return replace(found, asked=(*found.asked, mode_note(sheet.name, *said))), taken


def of_moments(found: MatchedFile, options: ImportOptions, form: Questionnaire) -> tuple[MatchedFile, ImportOptions]:
    """The file and its options where nothing tells how the interviews were held, but every row says to the minute when it was
    submitted: such a table comes from an online form, and whether it does is one question."""
    matched = found.matched
    if options.mode is not None or matched.layout.platform or _to_the_door(matched, form):
        return found, options
    header = submission_times(matched.sheet, matched.header_row, matched.first)
    if not header:
        return found, options
    finding = Finding("intake.mode_unsaid", "ask", "sheet", matched.sheet.name, header=header, params={"found": header})
    taken = replace(options, mode="web", sample_type=options.sample_type if options.sample_said else "open")
    return replace(found, asked=(*found.asked, finding)), taken


def code_file(found: MatchedFile, known: Known, options: ImportOptions) -> CodedSheet:
    """Code every data row; raises Refused where a required or key column is missing, with what else has to be answered."""
    try:
        coded = code_sheet(
            found.matched,
            known.stored.form,
            known.register,
            options,
            left_out=found.mine.left_out,
            mapping=found.read_by,
            legends=found.legends,
        )
    except Refused as refused:
        if refused.findings:
            raise
        words = words_of_file(found, known.stored.form)
        asked = questions_besides(found.matched, known.stored.form, found.asked, found.legends, words)
        settled = settle(without_answered(asked, found.mapping), found.decided, found.matched.sheet.name)
        raise Refused(refused.key, findings=[f for f in settled if f.level == "ask"], **refused.params) from None
    return without_silent(coded, [d for code, d in found.mine.answers.items() if code == SILENT])


def know_respondents(
    store: Store,
    conn: Connection,
    ring: Keyring | None,
    questionnaire: str,
    coded: CodedSheet,
    mine: Decided,
    beside: Sequence[tuple[str, CodedSheet]] = (),
) -> CodedSheet:
    """The sheet with its respondents known by their telephone numbers, where no column says who they are, told apart where
    their numbers restart in it or in the sheets ``beside`` it, and without those who were removed on their request."""
    who = known_by_number(store, conn, ring, questionnaire, coded)
    known = coded if who is None else coded.known_as(who)
    answer = mine.answers.get(RESTARTS)
    if (found := find_restarts(known, prefix_of(answer))) is not None:
        known = told_apart(known, found, answer)
    elif (twice := find_typed_twice(known, NOBODY)) is not None:
        return leave_out(conn, questionnaire, kept_first(known, twice, mine.answers.get(TWICE)))
    answer = mine.answers.get(AGAIN)
    if beside and (found := find_again(known, coded_before(beside), prefix_of(answer))) is not None:
        known = told_apart(known, found, answer)
    elif beside and (twice := find_typed_twice(known, coded_before(beside))) is not None:
        known = kept_first(known, twice, mine.answers.get(TWICE))
    return leave_out(conn, questionnaire, known)


@dataclass(frozen=True)
class Compared:
    """A coded sheet held against what is stored.

    ``coded``: the sheet, its respondents told apart from stored ones; ``verdict``: who answered already; ``phones`` and ``about_phones``: numbers, and what is to be said of them;
    ``called``: its call records; ``seen``: the mark of what it was held against; ``keeps_file``: whether
    the store keeps the file itself; ``replaces``: batches whose place the file takes, as a person confirmed.
    """

    coded: CodedSheet = field(repr=False)
    verdict: Verdict
    phones: contacts.Phones = field(repr=False)
    about_phones: tuple[Finding, ...]
    called: CallPart
    seen: identities.Mark
    keeps_file: bool
    replaces: tuple[int, ...] = ()


def compare_with_stored(
    conn: Connection, ring: Keyring | None, questionnaire: str, coded: CodedSheet, digest: str, mine: Decided
) -> Compared:
    """Hold a coded sheet against the stored answers, numbers and calls; raises Refused where its calls are stored."""
    seen = identities.mark(conn)
    coded, verdict, replaces = against_corrected(conn, coded, questionnaire, mine)
    phones, about_phones = contacts.sheet_phones(conn, ring, questionnaire, coded, verdict.skip)
    if coded.split is not None:
        refuse_same_calls(conn, digest, batch_sheet(coded.sheet))
    called = compare_calls(conn, coded, questionnaire)
    keeps = ring is not None and retention.keeps_originals(conn) and not holds_removed(coded)
    return Compared(coded, verdict, phones, about_phones, called, seen, keeps, replaces)


def decide(found: MatchedFile, coded: CodedSheet, compared: Compared, words: Sequence[Wording]) -> tuple[Finding, ...]:
    """Everything to be said of a file, in order: what its decisions settle as notes, personal numbers masked."""
    matched, form = coded.matched, coded.form
    noticed = (
        *questions_besides(matched, form, found.asked, found.legends, words),
        *gathered(f for f in agreeing(coded.findings, words) if not of_proposals(f, matched, found.proposed)),
    )
    told = without_answered(
        (*noticed, *compared.verdict.findings, *compared.about_phones, *compared.called.findings), found.mapping
    )
    settled = many_words(asked_once(settle(told, found.decided, matched.sheet.name), words), covering(words))
    return contacts.veil(in_order(settled), coded.phone_columns)


def words_of_file(found: MatchedFile, form: Questionnaire) -> tuple[Wording, ...]:
    """What the words of a sheet mean that was matched and not coded."""
    return wordings(found.matched, form, found.read_by)


def words_of(found: MatchedFile, coded: CodedSheet) -> tuple[Wording, ...]:
    """What the words of the sheet mean, list by list."""
    return wordings(coded.matched, coded.form, found.read_by)


def in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """File and sheet notes first, then top to bottom."""
    return tuple(sorted(findings, key=lambda f: (f.row, len(f.cell), f.cell)))
