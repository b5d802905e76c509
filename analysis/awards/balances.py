"""Which balances of the special fund count: a payer's money for the whole district holds what was set apart for its streets.

So nothing is counted twice: of city and district the entry for the whole district stands, where there is one, else the sum of
those for its streets; a street's own fund is that street's, and the district sees the sum.  Where the year has one street, it
makes no difference whether it was named.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from analysis.awards.tables import money, payer_name
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from survey.store.year.funds import Balance

#: the payer that every street is for itself
STREET = "street"


def counting(entries: Sequence[Balance], streets: Collection[str], street: str = "") -> dict[str, Balance]:
    """Payer → the balance that counts of the newest ``entries``, of the whole district or of one street.

    ``streets``: those of the year.
    """
    if len(streets) <= 1:
        return {one.payer: one for one in entries}  # the newest stands last
    found: dict[str, Balance] = {}
    for payer in dict.fromkeys(one.payer for one in entries):
        mine = [one for one in entries if one.payer == payer]
        own, parts = [one for one in mine if not one.street], [one for one in mine if one.street]
        if street:
            counted = [one for one in parts if one.street == street]
        elif payer == STREET:
            counted = parts or own
        else:  # less than its parts it can't be: an older version kept the rest beside them
            counted = own if sum(one.amount for one in own) >= sum(one.amount for one in parts) else mine
        if counted:
            found[payer] = _together(counted)
    return found


def _together(entries: Sequence[Balance]) -> Balance:
    if len(entries) == 1:
        return entries[0]
    documents = "；".join(dict.fromkeys(one.document for one in entries if one.document))
    return replace(entries[-1], amount=sum(one.amount for one in entries), document=documents, street="")


def for_street(payer: str, amount: int, street: str, streets: Collection[str], entries: Sequence[Balance]) -> str:
    """The street that a balance (fen) is kept for beside the newest ``entries``.

    Raises Refused for a street's own fund that says none of several streets, and for parts that are more than the whole.
    """
    if len(streets) <= 1:
        return ""
    if payer == STREET:
        if not street:
            raise Refused("awards.whose_fund", streets=list(streets))
        return street
    stand = {one.street: one.amount for one in entries if one.payer == payer} | {street: amount}
    parts = sum(sum_ for place, sum_ in stand.items() if place)
    if "" in stand and parts > stand[""]:
        told: dict[str, Any] = {"payer": {lang: payer_name(lang, payer) for lang in LANGUAGES}}
        for name, sum_ in (("whole", stand[""]), ("parts", parts)):
            told[name] = {lang: money(lang, sum_) for lang in LANGUAGES}
        raise Refused("awards.parts_exceed", **told)
    return street
