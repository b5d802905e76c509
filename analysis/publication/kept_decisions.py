"""What may be shown of the responses of a questionnaire: decided once for a data version, kept, and read from then on.

A decision is named after what it rests on (``disclosure.audit``): who answered what, by which limits and which method.  So
what is kept is never out of date, only left behind: once data have moved on, the next table replaces it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Connection

from analysis.disclosure.decision import Kept
from analysis.publication.kept_measures import SETTLED
from survey.core import limits
from survey.store import Store, settled
from survey.store.engine.failures import Unreadable
from survey.store.year import analyses, schemes, years

#: grows when what is kept changes its shape
NAME = "shown:1"


@contextmanager
def kept_decisions(store: Store, questionnaire: str, of_years: Iterable[int]) -> Iterator[Kept]:
    """What decisions over the responses of a questionnaire (all its years) have shown; what the block adds is kept, too.

    It stands with the newest year.  Nothing is kept where that has no scheme, or nobody can write; nor where the block raises.
    """
    asked = json.dumps({"questionnaire": questionnaire}, ensure_ascii=False)
    year = max(of_years, default=0)
    with store.read() as conn:
        scheme = schemes.among(schemes.readable(conn, year), year)
        version = years.data_version(conn, year)
        name = NAME + (SETTLED if settled.held(conn) else "")
        kept = _there(conn, year, name, asked)
    before = _names(kept)
    yield kept
    if scheme is None or store.read_only or _names(kept) == before:
        return
    with store.note() as conn:  # it follows from what is stored: nothing else moved
        for made, shown in _there(conn, year, name, asked).items():  # another table may have been made meanwhile
            if made.split(":")[0] in {one.split(":")[0] for one in kept}:
                kept[made] = {**shown, **kept.get(made, {})}
        body = {made: shown for made, shown in kept.items() if shown}
        payload = json.dumps({"body": body, "small_groups": limits.small_groups()})
        analyses.save(conn, year, name, asked, scheme_id=scheme.id, data_version=version, payload=payload)


def _names(kept: Kept) -> set[tuple[str, str]]:
    return {(name, place) for name, shown in kept.items() for place in shown}


def _there(conn: Connection, year: int, name: str, asked: str) -> Kept:
    """What is kept; raises Unreadable for what no program of ours wrote."""
    found = analyses.get(conn, year, name, asked)
    if found is None:
        return {}
    try:
        return {name: {**shown} for name, shown in json.loads(found.payload)["body"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"{NAME}: {type(error).__name__}") from error
