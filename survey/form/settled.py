"""What of a questionnaire decides points, and so is settled before the first answer: type, weight and direction of items."""

from __future__ import annotations

from collections.abc import Iterable

from survey.form.model import Questionnaire


def weights_changed(old: Questionnaire, new: Questionnaire) -> list[str]:
    """Names of scored items that count otherwise in ``new``, or in only one of them, in the order of ``old``."""
    before, after = _counts(old), _counts(new)
    return [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]


def reweighted(versions: Iterable[tuple[str, Questionnaire]]) -> list[str]:
    """Items that count otherwise in two versions of one questionnaire, given as (name, form) in the order they came."""
    first: dict[str, Questionnaire] = {}
    found: list[str] = []
    for name, form in versions:
        found += weights_changed(first.setdefault(name, form), form)
    return list(dict.fromkeys(found))


def _counts(form: Questionnaire) -> dict[str, tuple[object, ...]]:
    return {q.name: (q.dimension, q.weight, q.reverse) for q in form.scored}
