"""What the address asks of a question: a place, a split, filters; whatever is not there is one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.data.questions.choices import Column, among, chosen_question, columns, conditions
from dashboard.data.results import Source
from dashboard.data.year import Year, read_year
from dashboard.web.access import Viewer
from survey.core.lazily import cached_property
from survey.form.model import Question, Questionnaire
from survey.store import Store
from survey.store.intake import questionnaires, responses

#: the split by communities, which is no column of a questionnaire
COMMUNITY = "community"
#: how groups are ordered: as the questionnaire has them, the best first, what differs beyond chance first, the largest
#: first, by name
SORTS = ("order", "value", "apart", "size", "name")
#: between the values of a group that is split twice
CROSSED = "\x1f"


@dataclass(frozen=True)
class Asked:
    """``year`` · ``seen`` its results as the viewer may see them · ``forms`` name → questionnaire with answers of it ·
    ``form_name``, ``item`` chosen · ``street`` shown ('' where places have none) · ``community`` code or '' · ``split``
    a column, ``community`` or '' · ``cross`` a second column that the groups are split by, or '' · ``where`` filters ``column=value`` · ``sort`` · ``before`` the year to compare with,
    None where there is none, ``broken`` the year whose question was another."""

    year: int
    seen: Year
    forms: Mapping[str, Questionnaire]
    form_name: str
    item: Question
    street: str
    community: str
    split: str
    cross: str
    where: tuple[str, ...]
    sort: str
    before: int | None
    broken: int | None

    @property
    def form(self) -> Questionnaire:
        """The chosen questionnaire."""
        return self.forms[self.form_name]

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """What can be filtered and split by."""
        return columns(self.form)

    @property
    def place(self) -> tuple[str, ...]:
        """The column that tells the place shown from others; none where the store has one place."""
        return ("community",) if self.community or self.split == COMMUNITY else ("sub_district",) * bool(self.street)

    @property
    def splits(self) -> tuple[str, ...]:
        """The columns that groups are split by."""
        return tuple(name for name in (self.split, self.cross) if name)

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Code and name of the communities of the street in scope."""
        return tuple((str(r["community_code"]), str(r["community"])) for r in self.seen.of_street(self.street))


def read_asked(viewer: Viewer, source: Source, store: Store, year: int, asked: Mapping[str, str]) -> Asked:
    """What the address asks for; what it does not name is the first there is.

    Raises Refused for a year without answers and for what is not among the choices, places out of scope too.
    """
    seen = read_year(viewer, source, year)
    forms, name, item = chosen_question(store, year, asked)
    community = asked.get("community", "")
    row = seen.community(community) if community else None
    street = (row["sub_district"] or "") if row is not None else seen.street(asked.get("street", ""))
    split = asked.get("split", "")
    if split:
        among(split, (COMMUNITY, *columns(forms[name])), "page_estimates.unknown_split")
    split = "" if split == COMMUNITY and community else split
    cross = asked.get("cross", "") if split else ""
    if cross:
        among(cross, tuple(columns(forms[name])), "page_estimates.unknown_split")
    cross = "" if cross in (split, item.name) else cross
    where = conditions(asked, columns(forms[name]))
    sort = among(asked.get("sort", ""), SORTS, "page_answers.unknown_sort")
    before, broken = _before(store, source, name, item, year)
    return Asked(year, seen, forms, name, item, street, community, split, cross, where, sort, before, broken)


def _before(store: Store, source: Source, name: str, item: Question, year: int) -> tuple[int | None, int | None]:
    """The year before that has the same question, and the one that has another under its name."""
    earlier = max((y for y in source.years() if y < year), default=None)
    if earlier is None:
        return None, None
    with store.read() as conn:
        stored = [questionnaires.by_id(conn, form_id) for form_id in responses.forms_in(conn, earlier)]
    asked = [one.form.question(item.name) for one in stored if one.name == name and item.name in one.form.position]
    if not asked:
        return None, None
    return (earlier, None) if all(same_question(one, item) for one in asked) else (None, earlier)


def same_question(one: Question, other: Question) -> bool:
    """Whether two versions ask the same: words, choices, levels, direction, range."""
    return (
        one.labels.get("zh") == other.labels.get("zh")
        and [(c.name, c.labels.get("zh"), c.level) for c in one.choices]
        == [(c.name, c.labels.get("zh"), c.level) for c in other.choices]
        and (one.type, one.reverse, one.minimum, one.maximum)
        == (other.type, other.reverse, other.minimum, other.maximum)
    )
