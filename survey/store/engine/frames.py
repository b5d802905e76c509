"""What is read from the store as columns: small queries as frames, long texts as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
