"""What is read from the store as columns: small queries as frames, long texts as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, Select

#: pandas' own text type; missing is NaN
TEXT = pd.StringDtype("pyarrow", na_value=np.nan)


def frame(conn: Connection, query: Select[Any], text: Iterable[str] = ()) -> pd.DataFrame:
    """A small query as a frame; the columns named in ``text`` have pandas' text type even when empty."""
    result = conn.execute(query)
    data = pd.DataFrame([tuple(r) for r in result], columns=list(result.keys()))
    return data.astype(dict.fromkeys(text, TEXT))


def text_array(parts: Sequence[pa.Array]) -> Any:
    """Arrow string arrays as one pandas text array."""
    return cast(Any, TEXT).__from_arrow__(pa.chunked_array(parts, pa.large_string()))
