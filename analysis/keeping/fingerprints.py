"""What a community's own numbers rest on, as one word: another one as soon as an answer, a weight or a value is another."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

from analysis.sample.pooled_sample import Part
from analysis.scheme.model import Scheme
from analysis.scheme.serial import to_dict
from survey.core import limits
from survey.form.answer_codes import ResponseBlock
from survey.form.serial import to_dict as form_to_dict

_CODE = "community_code"
#: columns of words, eight bytes a cell, each row of them in one piece
Rows = npt.NDArray[np.generic]


def of_all(scheme: Scheme, parts: Iterable[Part], population: pd.DataFrame | None, method: int) -> str:
    """What all communities rest on: scheme, questionnaires, population, limits, how it is computed (``method``) and with what."""
    limit = {
        name: value for name, value in vars(limits).items() if name.isupper() and isinstance(value, (int, float, str))
    }
    people = None if population is None else {str(c): population[c].tolist() for c in population}
    told = [to_dict(scheme), [form_to_dict(form) for form, _ in parts], people, limit, limits.small_groups(), method]
    with_what = [np.__version__, pd.__version__, scipy.__version__]
    return hashlib.sha256(json.dumps([told, with_what], sort_keys=True, default=str).encode()).hexdigest()


def of_answers(parts: Sequence[Part]) -> dict[str, str]:
    """Community → the word of its responses to these questionnaires, in their order; '' for those of no community."""
    made: defaultdict[str, Any] = defaultdict(hashlib.sha256)
    for place, (_, block) in enumerate(parts):
        _add(made, block.design[_CODE], _columns(block), b"%d" % place)
    return {code: one.hexdigest() for code, one in made.items()}


def of_values(values: pd.DataFrame) -> dict[str, str]:
    """Community → the word of its indicator values (``survey.store.year.indicators.current``)."""
    made: defaultdict[str, Any] = defaultdict(hashlib.sha256)
    _add(made, values[_CODE], [_words(values[name]) for name in values], b"values")
    return {code: one.hexdigest() for code, one in made.items()}


def joined(common: str, answers: Mapping[str, str], values: Mapping[str, str], codes: Iterable[str]) -> dict[str, str]:
    """Community → one word of all that it rests on."""
    told = {code: "|".join((common, answers.get(code, ""), values.get(code, ""))) for code in codes}
    return {code: hashlib.sha256(words.encode()).hexdigest() for code, words in told.items()}


def _add(made: Mapping[str, Any], codes: pd.Series[str], columns: Sequence[Rows], head: bytes) -> None:
    """Put the rows of every community into its word; ``columns``: (n,) of eight bytes, or (n, k)."""
    group, names = pd.factorize(codes)
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(-1, len(names) + 1))
    laid = [np.ascontiguousarray(np.asarray(column)[order]) for column in columns]
    for name, (first, after) in zip(("", *map(str, names)), pairwise(bounds.tolist()), strict=True):
        if after > first:
            one = made[name]
            one.update(b"%s %d;" % (head, after - first))
            for column in laid:
                one.update(column[first:after].data)


def _columns(block: ResponseBlock) -> list[Rows]:
    """All that a block says of its responses."""
    n = len(block)
    found: list[Rows] = [_words(block.design[name]) for name in block.design]
    found.append(block.codes)
    found += [values for _, values in sorted(block.numbers.items())]
    for _, texts in sorted(block.texts.items()):
        found.append(_objects(texts, n))
    for _, chosen in sorted(block.multiple.items()):
        found.append(_objects([None if one is None else str(one) for one in chosen], n))
    if block.replicates is not None:
        found.append(block.replicates)
    return found


def _objects(values: Sequence[str | None], n: int) -> Rows:
    if values.count(None) == n:  # as most questions in words are: a look at each would be half of the work
        return np.repeat(_hashed(np.array([None], dtype=object)), n)
    return _hashed(np.array([*values], dtype=object))


def _words(column: pd.Series[Any]) -> Rows:
    """(n,) eight bytes a cell: numbers as they are, of anything else a digest of what it says."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "biuf":
        return np.asarray(column.to_numpy(), dtype=np.float64 if column.dtype.kind == "f" else np.int64)
    return _hashed(column)


def _hashed(values: npt.NDArray[np.object_] | pd.Series[Any]) -> Rows:
    """(n,) a digest of each cell, made once for cells that say the same."""
    place, said = pd.factorize(values)
    told = [f"{type(one).__name__} {one}".encode("utf-8", "surrogatepass") for one in said.tolist()]
    digests = [hashlib.blake2b(one, digest_size=8).digest() for one in told]
    known = np.frombuffer(b"".join([*digests, bytes(8)]), dtype=np.uint64)
    found: Rows = known[place]  # −1, for what is empty, is the last
    return found
