"""A store's payments, forecast and targets: where titles, schemes, results and balances come together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from analysis.awards.amounts import Amounts, amounts_of
from analysis.awards.balances import counting, for_street
from analysis.awards.forecast import Forecast, forecast
from analysis.awards.payments import Payment, payments, what_if
from analysis.awards.tables import payer_called
from analysis.awards.targets import Goal, Progress, phases_of, progress
from analysis.cycle.inherited_titles import mergers, titles_with_inherited
from analysis.publication import snapshots
from analysis.scheme.model import Phase, Scheme
from analysis.scheme.options import fen
from analysis.scheme.serial import from_dict
from analysis.scoring.merged_communities import communities_in
from analysis.scoring.results import Results
from survey.core.cells import as_datetime
from survey.core.errors import Refused
from survey.store import Store
from survey.store.year import cycle, funds, register, schemes
from survey.store.year.funds import Balance

STARS = 6


@dataclass(frozen=True)
class Paid:
    """All payments of a store's titles, by year; ``names``: community code → name; ``streets``: year of titles → community →
    its sub-district in that year."""

    payments: tuple[Payment, ...]
    names: Mapping[str, str]
    streets: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    def of_year(self, year: int) -> tuple[Payment, ...]:
        """Those of one year."""
        return tuple(p for p in self.payments if p.year == year)

    def within(self, street: str) -> Paid:
        """Those of one street, as the register had it in the year of the title; raises Refused where no year had it."""
        _known_street(street, (name for places in self.streets.values() for name in places.values()))
        mine = (p for p in self.payments if self.streets.get(p.year, {}).get(p.community_code) == street)
        return replace(self, payments=tuple(mine))

    @property
    def years(self) -> tuple[int, ...]:
        """Years with titles, ascending."""
        return tuple(sorted({p.year for p in self.payments}))


@dataclass(frozen=True)
class Targets:
    """``progress``: basis (``calculated``, ``title``) → every target; ``goals``: annex 2; ``pilots``: annex 3 as (code,
    name, dimension code); ``phases`` of the year."""

    year: int
    progress: Mapping[str, tuple[Progress, ...]]
    goals: tuple[Goal, ...]
    pilots: tuple[tuple[str, str, str], ...]
    phases: tuple[Phase, ...]
    scheme: Scheme


def paid(store: Store) -> Paid:
    """Every title's payment; raises Refused for a year of titles without a scheme."""
    with store.read() as conn:
        return paid_in(conn)


def paid_in(conn: Connection) -> Paid:
    """The same within a transaction."""
    names = {c.code: c.name for c in register.communities(conn)}
    found = tuple(payments(_titles(conn), _amounts(conn)))
    return Paid(found, names, {year: _streets(conn, year) for year in sorted({p.year for p in found})})


def _streets(conn: Connection, year: int) -> dict[str, str]:
    """Community → its sub-district in a year."""
    return {c.code: c.sub_district for c in register.communities(conn, year)}


def _streets_of(conn: Connection, year: int) -> tuple[str, ...]:
    """The streets of a year, in register order."""
    return tuple(dict.fromkeys(filter(None, _streets(conn, year).values())))


def _known_street(street: str, known: Iterable[str]) -> None:
    """Raise Refused, naming those there are, for a street that is none."""
    every = dict.fromkeys(filter(None, known))
    if street and street not in every:
        raise Refused("awards.unknown_street", street=street, known=list(every) or "—")


def payers_of(conn: Connection, year: int) -> list[str]:
    """Who pays by the year's scheme; raises Refused for a year without one."""
    return list(dict.fromkeys(name for shares in amounts_of(_scheme(conn, year)).payers.values() for name in shares))


def _amounts(conn: Connection) -> Any:
    @cache
    def of_year(year: int) -> Amounts:
        return amounts_of(_scheme(conn, year))

    return of_year


def _titles(conn: Connection, year: int | None = None) -> pd.DataFrame:
    """All titles, with what mergers up to ``year`` (None: all) let go over."""
    return titles_with_inherited(cycle.titles(conn), mergers(conn, year))


def _scheme(conn: Connection, year: int) -> Scheme:
    return from_dict(schemes.applicable(conn, year).definition)


def budget(
    store: Store, year: int, street: str = "", results: Results | None = None
) -> tuple[Forecast, dict[str, Balance]]:
    """What the year will cost if its calculation holds, and the balances that were entered; of all, or of one street.

    ``results``: the year's, where they are at hand.
    Raises Refused for a year without data and a street that the year does not have.
    """
    scores = _scores_of(results or snapshots.results(store, year), street)
    with store.read() as conn:
        titles, amounts = _titles(conn, year), amounts_of(_scheme(conn, year))
        entered = counting(funds.newest(conn, year), _streets_of(conn, year), street)
    money = {payer: balance.amount for payer, balance in entered.items()}
    return forecast(scores, titles, year, amounts, money), entered


def _scores_of(found: Results, street: str) -> pd.DataFrame:
    """The score rows of a street, of all without one; raises Refused for a street that is not there."""
    _known_street(street, found.scores["sub_district"].dropna())
    return found.scores[found.scores["sub_district"] == street] if street else found.scores


def targets(store: Store, year: int, street: str = "", results: Results | None = None) -> Targets:
    """The targets as the year's calculation and its titles stand, of all communities or of those of one street.

    ``results``: the year's, where they are at hand.
    Raises Refused for a year without data and a street that the year does not have.
    """
    found = results or snapshots.results(store, year)
    with store.read() as conn:
        scheme = _scheme(conn, year)
        held = _held(_titles(conn, year), year)
        known, names = register.communities(conn), register.names(conn, year)
        here = {c.code for c in communities_in(conn, year)}
    scores = _scores_of(found, street)
    scores = scores[scores["community_code"].isin(here)]
    calculated = {str(r["community_code"]): _star(r) for r in scores.to_dict("records")}
    unknown, open_ = _unknown(scores), bool(found.meta.get("provisional", True))  # a closed year learns nothing more
    vetoed = set(scores.loc[scores["status"] == "vetoed", "community_code"].astype(str))  # held back until it is ruled
    titled = {code: None if code in vetoed else held.get(code) for code in calculated}
    counted = {
        "calculated": progress(scheme, calculated, _chances(scores), len(unknown) if open_ else 0, year),
        "title": progress(scheme, titled, year=year),
    }
    codes = {word: c.code for c in known for word in (*c.former, *c.aliases, c.name, c.code)}
    goals = [
        Goal(
            code,
            names[code],
            star,
            due,
            calculated.get(code),
            titled.get(code),
            unknown=code in unknown,
            overdue=year > due,
        )
        for word, due, star in scheme.community_targets
        if (code := codes.get(word)) is not None and (not street or code in calculated)
    ]
    pilots = tuple(
        (code, names[code], dim)
        for word, dim in scheme.pilots
        if (code := codes.get(word)) is not None and (not street or code in calculated)
    )
    return Targets(year, counted, tuple(goals), pilots, phases_of(scheme, year), scheme)


def _unknown(scores: pd.DataFrame) -> set[str]:
    """Communities without a star because their total is not known yet; a veto is known."""
    return set(scores.loc[scores["star"].isna() & (scores["status"] != "vetoed"), "community_code"].astype(str))


def _star(row: Mapping[Any, Any]) -> int | None:
    """The calculated star; none under a veto."""
    star = row["star"]
    return None if pd.isna(star) or row["status"] == "vetoed" else int(star)


def _held(titles: pd.DataFrame, year: int) -> dict[str, int]:
    """Community → the star that it holds at the end of a year; without those never named, and whose title is held back."""
    newest = titles[titles["year"] <= year].sort_values("year", kind="stable").groupby("community_code").tail(1)
    said = zip(newest["community_code"], newest["star"], newest["event"], strict=True)
    return {str(code): int(star) for code, star, event in said if event != "suspended"}


def _chances(scores: pd.DataFrame) -> dict[str, list[float]]:
    columns = [f"star_p{k}" for k in range(STARS)]
    known = scores[scores[columns].notna().all(axis=1) & (scores["status"] != "vetoed")]
    return {str(row["community_code"]): [float(row[c]) for c in columns] for row in known.to_dict("records")}


def enter_balance(
    store: Store,
    year: int,
    payer: str,
    amount: str,
    *,
    document: str = "",
    date: str = "",
    who: str = "",
    street: str = "",
) -> Balance:
    """Keep what a payer's special fund has for a year, in yuan: for the whole district, or for one street.

    Raises Refused for a payer that the year's scheme does not know, for no amount, a date that is none, a street that the
    year's register does not have, or a street's own fund of which nobody says the street.
    """
    sum_, on = fen(amount), day(date)
    with store.write() as conn:
        name = payer_called(payers_of(conn, year), payer)
        known = _streets_of(conn, year)
        _known_street(street, known)
        place = for_street(name, sum_, street, known, funds.newest(conn, year))
        return funds.enter(conn, year, name, sum_, document=document.strip(), date=on, who=who, street=place)


def day(text: str) -> str:
    """A day (ISO), ``''`` where nothing is said; raises Refused for what is none."""
    if not text.strip():
        return ""
    moment = as_datetime(text.strip())
    if moment is None:
        raise Refused("awards.bad_date", found=text)
    return f"{moment:%Y-%m-%d}"


def would_pay(store: Store, year: int, stars: Mapping[str, int]) -> dict[str, Payment]:
    """What each community (code → star) would be paid if it were named with that star in ``year``; see ``what_if``."""
    with store.read() as conn:
        return what_if(_titles(conn, year), stars, year, amounts_of(_scheme(conn, year)))
