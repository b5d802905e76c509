"""A year scored some communities at a time: the same numbers in a fraction of the memory, and on several machines.

What is additive is nothing but the community.  Where each was sampled on its own, its strata, PSUs, weights, replicates and
classes of raking are its own, and so are its item scores, the influences of its responses, standard errors, notes and
small groups: ``score_subjective`` of some communities says of them what it says of all.  What needs all of them together
(ranks, q, streets, districts) starts from the rows that come out and stays where it is (``rating``, ``streets``).
One sample of the whole area (``sampling: overall``) has strata that reach over communities and is never taken apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields

import pandas as pd

from analysis.sample.pooled_sample import Part
from analysis.scheme.model import Scheme
from analysis.scoring.subjective import SubjectiveScores, score_subjective
from survey.form.model import Questionnaire

#: responses that are scored at once where a year is taken apart; 25 items take some 600 bytes each
AT_ONCE = 500_000
#: communities at most whose numbers one query names
NAMED = 10_000


def apart(forms: Iterable[Questionnaire]) -> bool:
    """Whether communities can be scored one after the other: each was sampled on its own in all of these questionnaires."""
    return all(form.sampling == "by_community" for form in forms)


def shares(sizes: Mapping[int, int], most: int | None = None) -> Iterator[list[int]]:
    """Communities put together so that each share has at most ``most`` (``AT_ONCE``) responses, or is one community.

    ``sizes``: id of a community → its responses; in the order given.
    """
    most = AT_ONCE if most is None else most
    share: list[int] = []
    taken = 0
    for place, size in sizes.items():
        if share and (taken + size > most or len(share) >= NAMED):
            yield share
            share, taken = [], 0
        share.append(place)
        taken += size
    if share:
        yield share


def score_shares(
    scheme: Scheme, samples: Iterable[Sequence[Part]], population: pd.DataFrame | None = None
) -> SubjectiveScores | None:
    """``score_subjective`` of samples that have no community in common, as of all of them together; None without any.

    ``samples``: the questionnaires, the same in each, with the responses of some communities.
    """
    return joined([score_subjective(scheme, parts, population) for parts in samples])


def joined(pieces: Sequence[SubjectiveScores]) -> SubjectiveScores | None:
    """Scores of communities that no two pieces share as one, by year and community as ``score_subjective`` has them."""
    if len(pieces) < 2:
        return pieces[0] if pieces else None
    frames = {f.name: _together([getattr(piece, f.name) for piece in pieces]) for f in fields(SubjectiveScores)}
    return SubjectiveScores(**frames)


def _together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Rows by year and community, those of one community in the order they have."""
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return frames[0]
    return pd.concat(filled, ignore_index=True).sort_values(
        ["year", "community_code"], kind="stable", ignore_index=True
    )
