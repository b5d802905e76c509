"""What is read from the store as columns: small queries as frames, long texts as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, Select

#: pandas' own text type; missing is NaN
TEXT = pd.StringDtype("pyarrow", na_value=np.nan)


def frame(
    conn: Connection, query: Select[Any], text: Iterable[str] = (), types: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """A small query as a frame; the columns named in ``text`` have pandas' text type even when empty, those named in
    ``types`` the one there.
    """
    result, wanted = conn.execute(query), {**dict.fromkeys(text, TEXT), **(types or {})}
    names, rows = list(result.keys()), result.all()
    found = zip(*rows, strict=True) if rows else ((),) * len(names)
    columns = {
        name: pd.array(list(cells), dtype=cast(Any, wanted[name])) if name in wanted else list(cells)
        for name, cells in zip(names, found, strict=True)
    }
    return pd.DataFrame(columns)


def text_array(parts: Sequence[pa.Array]) -> Any:
    """Arrow string arrays as one pandas text array."""
    return cast(Any, TEXT).__from_arrow__(pa.chunked_array(parts, pa.large_string()))


def records(data: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows of a frame as dicts of plain Python values, None for what is missing."""
    names = [str(name) for name in data.columns]
    columns = [[_plain(value) for value in data.iloc[:, place].tolist()] for place in range(len(names))]
    for cells in zip(*columns, strict=True):
        yield dict(zip(names, cells, strict=True))


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and value != value) or value is pd.NaT:
        return None
    return value.item() if isinstance(value, np.generic) else value
