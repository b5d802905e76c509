"""What the papers say, out of the store: numbers of the fixed version, steps, money, tasks, duties, as words for a template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.awards.disbursements import ledger
from analysis.awards.ledger import Line
from analysis.awards.tables import payer_name
from analysis.awards.verdicts import Verdict, verdicts
from analysis.cycle.stages import Standing, published
from analysis.duties.duty import Duties, due_word, folded, what_word
from analysis.duties.year_duties import year_duties
from analysis.exports.files import codes_of
from analysis.improvement.lost_points import answering, offices_of, reason
from analysis.improvement.task_list import TaskList, TaskRow, state_word, task_list
from analysis.letters.kinds import LETTERS, LISTS, RECORDS, Letter
from analysis.publication.cycle_table import Cycle, objections_table, read_cycle, vetoes_table
from analysis.scoring.results import Results
from analysis.tables.number_words import DASH, points
from survey.core.lang import enumerated, say
from survey.core.lazily import cached_property
from survey.core.masking import masked_all
from survey.files.taking import taker
from survey.store import Store

#: what is filled in by hand, in a table
BLANK = "＿＿＿＿"
#: standings of a community that say why it has no total, and so no star
_WITHOUT_TOTAL = ("incomplete", "not_rated", "deferred", "kept_previous")
#: a community is recommended to the city from this star on (founding document: four and five stars are the city's)
_CITY = 4


@dataclass(frozen=True)
class Facts:
    """One street in one year."""

    results: Results
    cycle: Cycle
    verdicts: Mapping[str, Verdict]
    lines: Sequence[Line]
    tasks: TaskList
    duties: Duties
    street: str
    lang: str
    only: str = ""

    def documents(self, letter: Letter) -> Iterator[tuple[str, dict[str, Any]]]:
        """What each paper of a kind is about (for its file name), and the fields of its template.

        With ``only`` a community those that are about it alone.
        """
        if self.only and letter.per not in ("community", "objection"):
            return
        if letter.key == "application":
            codes = [c for c in self.codes if self.cycle.standings[c].taking_part]
        else:
            codes = [c for c in self.codes if self._row(c)]
        if letter.per == "street":
            yield "", self._context(letter)
        elif letter.per == "community":
            for code in codes:
                if self.only and code != self.only:
                    continue
                yield self.cycle.log.name(code), self._context(letter, code=code)
        elif letter.per == "objection":
            for row in objections_table(self.cycle).to_dict("records"):
                if self.only and row["community_code"] != self.only:
                    continue
                about = f"{row['community']}_{row['id']}"
                yield about, self._context(letter, code=row["community_code"], objection=row)
        else:
            for office in self._offices(letter):
                yield office, self._context(letter, office=office)

    @cached_property
    def codes(self) -> list[str]:
        """The communities of the street, in register order."""
        return [c for c in self.cycle.log.codes if not self.street or self.cycle.streets.get(c) == self.street]

    def _context(self, letter: Letter, *, code: str = "", objection: Any = None, office: str = "") -> dict[str, Any]:
        lang, meta = self.lang, self.results.meta
        told = published(self.cycle.log, code or next(iter(self.codes), ""))
        scores = self.results.scores
        # of the fixed version: what a step of the cycle kept was provisional when it was calculated
        open_ = bool(scores[scores["community_code"].isin(self.codes)]["provisional"].astype(bool).any())
        notices = [say(lang, f"export.notice.{key}") for key in ("sample", "illustrative") if meta.get(key)]
        given: dict[str, Any] = {
            "street": self.street,
            "year": str(meta["year"]),
            "scheme": meta["scheme_names"][lang],
            "scheme_version": str(meta["scheme_version"]),
            "data_version": str(meta["data_version"]),
            "computed_at": str(meta["computed_at"])[:10],
            "taken_by": taker() or DASH,
            "state": say(lang, "letters.state.provisional" if open_ else "letters.state.closed"),
            "publicised_from": told.date if told else "",
            "publicised_until": told.until if told else "",
            "publication_document": told.document if told else "",
            "office": office,
            "today": self.duties.today,
        }
        context: dict[str, Any] = {name: self._said(given[name], name) for name in letter.plain if name != "notice"}
        context["notice"] = " · ".join(notices)
        made: Mapping[str, Any] = {
            "community": lambda: self._community(code),
            "objection": lambda: self._objection(objection),
            "communities": lambda: [self._community(c) for c in self.codes if self.cycle.standings[c].taking_part],
            "named": lambda: [self._community(c) for c in self.codes if self._named(c)],
            "recommended": lambda: [self._community(c) for c in self.codes if self._recommended(c)],
            "reevaluated": lambda: [self._community(c) for c in self.codes if self.cycle.standings[c].held],
            "dimensions": lambda: self._dimensions(code),
            "payments": self._payments,
            "sums": self._sums,
            "vetoes": self._vetoes,
            "tasks": lambda: [self._task(row) for row in self._tasks(office)],
            "duties": lambda: self._duties(office),
            "files": self._files,
        }
        for name in (*letter.records, *letter.lists):
            fields = RECORDS.get(name) or LISTS[name]
            found = made[name]()
            if name in LISTS:
                context[name] = [self._in_table(row, fields) for row in found] or [self._nothing(fields)]
            else:
                context[name] = {field: self._said(found.get(field), field) for field in fields}
        masked: dict[str, Any] = masked_all(context)
        return masked

    def _in_table(self, row: Mapping[str, Any], fields: Sequence[str]) -> dict[str, str]:
        """A row of a table, whose heading names what a blank is of."""
        return {name: _text(row.get(name)) or BLANK for name in fields}

    def _nothing(self, fields: Sequence[str]) -> dict[str, str]:
        """The one row of a table of which there is nothing to list."""
        return {name: DASH if place else say(self.lang, "letters.none") for place, name in enumerate(fields)}

    def _said(self, value: Any, name: str) -> str:
        """A value as text; what is not known is a visible blank with its name."""
        return _text(value) or say(self.lang, "letters.blank", name=say(self.lang, f"letters.field.{name}"))

    def _row(self, code: str) -> Mapping[str, Any]:
        return self.cycle.calculated.get(code) or {}

    def _star(self, star: Any) -> str:
        return "" if star is None or star != star else say(self.lang, f"export.star.{int(star)}")

    def _community(self, code: str) -> dict[str, Any]:
        lang, row, at = self.lang, self._row(code), self.cycle.standings[code]
        verdict = self.verdicts.get(code)
        decision, title = (verdict.decision, verdict.title) if verdict else (None, None)
        status = at.status or str(row.get("status") or "")
        numbers: Mapping[str, str | None] = {
            name: _points(row.get(name)) for name in ("objective", "subjective", "total")
        }
        ends: Mapping[str, str | None] = {end: _points(row.get(f"total_{end}")) for end in ("low", "high")}
        star, gap = self._star(row.get("star")), _points(row.get("star_next_gap"))
        if row and numbers["total"] is None:  # what the calculation did not give is nothing that somebody fills in
            numbers = {**{name: said or DASH for name, said in numbers.items()}, "total": say(lang, "letters.no_total")}
            star = say(lang, f"export.status.{status}") if status in _WITHOUT_TOTAL else DASH
            ends, gap = dict.fromkeys(ends, DASH), DASH
        lines = [line for line in self.lines if line.community == code]
        due = None if any(line.due is None for line in lines) or not lines else sum(line.due or 0 for line in lines)
        return {
            "name": self.cycle.log.name(code),
            "code": code,
            "type": row.get("type"),
            "feature": row.get("feature"),
            "n": None if row.get("n") is None else f"{int(row['n'])}",
            **numbers,
            **ends,
            "star": star,
            "gap": gap,
            "status": say(lang, f"export.status.{status}") if status else None,
            # a holder is rated again without an application
            "applied_star": self._star(at.applied.star)
            if at.applied
            else say(lang, "letters.again")
            if at.held
            else None,
            "applied_date": at.applied.date if at.applied else DASH if at.held else None,
            "title_before": self._star(at.held.star) if at.held else say(lang, "letters.none"),
            "title_before_year": at.held.year if at.held else DASH,
            "vetoes": self._of_vetoes(at),
            "decided_body": say(lang, f"cycle_words.decided_by.{decision.body}")
            if decision and decision.body
            else None,
            "star_awarded": self._star(verdict.star) if verdict else None,
            "decision_document": decision.document if decision else None,
            "decision_date": decision.date if decision else None,
            "decision_by": decision.who if decision else None,
            "event": say(lang, f"cycle_words.title_event.{at.title_event}") if at.title_event else None,
            "naming_body": say(lang, f"cycle_words.named_by.{title.body}") if title and title.body else None,
            "naming_document": title.document if title else None,
            "naming_date": title.date if title else None,
            "award": _yuan(due),
            "paid": _yuan(sum(line.paid for line in lines)) if lines else None,
        }

    def _of_vetoes(self, at: Standing) -> str:
        """The matters that count, in words; that there is none is known, too."""
        around = "{}（{}）" if self.lang == "zh" else "{} ({})"
        words = [
            around.format(self._veto(matter.event.subject), say(self.lang, f"cycle_words.veto.{matter.state}"))
            for matter in at.vetoes
            if matter.state != "lifted"
        ]
        return enumerated(self.lang, words) or say(self.lang, "letters.none")

    def _named(self, code: str) -> bool:
        """Whether it bears a title of this year; one that is suspended, revoked or waits for a ruling is not given."""
        at, verdict = self.cycle.standings[code], self.verdicts.get(code)
        if at.title is None or not at.title.star or at.title.subject == "history":
            return False
        return at.title_event not in ("suspended", "revoked", "pending") and bool(verdict and verdict.star)

    def _recommended(self, code: str) -> bool:
        at = self.cycle.standings[code]
        star = self._row(code).get("star")
        return at.taking_part and not at.vetoed and star is not None and star >= _CITY

    def _dimensions(self, code: str) -> Iterator[dict[str, Any]]:
        row = self._row(code)
        for one in self.results.meta["dimensions"]:
            yield {
                "name": one[f"name_{self.lang}"] or one["code"],
                "full": f"{one['objective_points'] + one['subjective_points']:g}",
                "objective": _points(row.get(f"objective_{one['code']}")),
                "subjective": _points(row.get(f"subjective_{one['code']}")),
            }

    @cached_property
    def _mine(self) -> list[Line]:
        return [line for line in self.lines if line.community in self.codes]

    def _payments(self) -> Iterator[dict[str, Any]]:
        for line in self._mine:
            verdict = self.verdicts.get(line.community)
            yield {
                "community": self.cycle.log.name(line.community),
                "star": self._star(verdict.star) if verdict else None,
                "payer": payer_name(self.lang, line.payer),
                "due": _yuan(line.due),
                "paid": _yuan(line.paid),
                "open": _yuan(line.difference),
            }

    def _sums(self) -> Iterator[dict[str, Any]]:
        for payer in dict.fromkeys(line.payer for line in self._mine):
            lines = [line for line in self._mine if line.payer == payer]
            known = all(line.due is not None for line in lines)
            due, paid = sum(line.due or 0 for line in lines), sum(line.paid for line in lines)
            yield {
                "payer": payer_name(self.lang, payer),
                "due": _yuan(due) if known else None,
                "paid": _yuan(paid),
                "open": _yuan(due - paid) if known else None,
            }

    def _vetoes(self) -> Iterator[dict[str, Any]]:
        for row in vetoes_table(self.cycle).to_dict("records"):
            state = say(self.lang, f"cycle_words.veto.{row['state']}")
            yield {**_named(row), "subject": self._veto(row["subject"]), "status": state}

    def _veto(self, code: str) -> str:
        """A kind of veto as the scheme calls it; one that the scheme does not name stays its code."""
        names = self.cycle.log.rules.veto_names.get(code) or {}
        return names.get(self.lang) or names.get("zh") or code

    def _objection(self, row: Mapping[str, Any]) -> dict[str, Any]:
        subject, state = str(row["subject"]), say(self.lang, f"cycle_words.outcome.{row['state']}")
        scored = self.results.rows("indicators", str(row["community_code"]))
        called = next((one for one in scored if one["indicator"] == subject), {})
        name = called.get(f"name_{self.lang}") or called.get(
            "name_zh"
        )  # else it is about something in the office's words
        return {**row, "subject": f"{subject} {name}" if name else subject, "status": state}

    def _offices(self, letter: Letter) -> list[str]:
        if letter.key == "reminder":
            owed = (d.owner for d in self.duties.rows if d.owner_kind == "office" and d.owner)
            return offices_of(*owed)  # what several owe together stands in the paper of each
        return list(dict.fromkeys(o for row in self.tasks.rows if self._here(row) for o in answering(row.loss) if o))

    def _here(self, row: TaskRow) -> bool:
        return row.loss["community_code"] in self.codes

    def _tasks(self, office: str) -> list[TaskRow]:
        rows = [row for row in self.tasks.rows if self._here(row) and office in answering(row.loss)]
        return sorted(rows, key=lambda row: -float(row.loss["points_lost"]))

    def _task(self, row: TaskRow) -> dict[str, Any]:
        task = row.task
        return {
            "community": row.loss["community"],
            "name": row.loss[f"name_{self.lang}"] or row.loss["name_zh"],
            "lost": _points(row.loss["points_lost"]),
            "why": reason(row.loss, self.lang) or DASH,
            "action": task.action if task else None,
            "person": task.person if task else None,
            "deadline": task.deadline if task else None,
            "status": state_word(self.lang, row.state),
        }

    def _duties(self, office: str) -> Iterator[dict[str, Any]]:
        for owed in folded(self.duties.only(office=office).rows):
            names = enumerated(self.lang, (self.duties.names.get(c, c) for c in owed.communities))
            first = owed.first
            yield {"what": what_word(self.lang, first, owed.n), "places": names, "due": due_word(self.lang, first)}

    def _files(self) -> Iterator[dict[str, Any]]:
        """The papers of the year in their order: the contents of the file that the archive gets."""
        for number, letter in enumerate((one for one in LETTERS if one.key != "contents"), 1):
            about = say(self.lang, f"letters.about.{letter.key}")
            yield {"number": str(number), "name": say(self.lang, f"letters.name.{letter.key}"), "about": about}


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def _named(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in row.items()}


def _points(value: Any) -> str | None:
    return None if value is None or value != value else points(float(value), 2)


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else f"{'−' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def facts_of(store: Store, results: Results, lang: str, street: str = "", community: str = "") -> list[Facts]:
    """Everything the papers of a year say, a street each; of one ``street``, or of one ``community`` alone.

    Raises Refused for a street that the year does not have.
    """
    year, scores = int(results.meta["year"]), results.scores
    codes_of(results, street)  # names those there are
    streets = [street] if street else list(dict.fromkeys(scores["sub_district"].fillna("").astype(str)))
    if community:
        streets = [str(results.community(community)["sub_district"] or "")]
    several = scores["sub_district"].nunique() > 1
    said, lines, tasks, duties = (
        verdicts(store, year),
        ledger(store).of_year(year),
        task_list(store, year),
        year_duties(store, year),
    )
    return [
        Facts(
            results=results,
            cycle=read_cycle(store, year, one if several else ""),
            verdicts=said,
            lines=lines,
            tasks=tasks,
            duties=duties.only(street=one if several else ""),
            street=one,
            lang=lang,
            only=community,
        )
        for one in streets
    ]
