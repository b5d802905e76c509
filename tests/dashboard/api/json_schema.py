"""As much of JSON Schema as our own document uses: whether a value fits, and values that fit or nearly do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


def misfits(value: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], at: str = "$") -> list[str]:
    """Where and how a value is not what the schema says; ``whole``: the document that references lead into."""
    if "$ref" in schema:
        found: Any = whole
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return misfits(value, found, whole, at)
    types = schema.get("type")
    named = [types] if isinstance(types, str) else types
    if named and not any(_is(value, one) for one in named):
        return [f"{at}: {type(value).__name__} is none of {named}"]
    wrong: list[str] = []
    if isinstance(value, dict):
        wrong += [f"{at}: lacks {name}" for name in schema.get("required", ()) if name not in value]
        for name, one in value.items():
            inner = _of_name(name, schema)
            if inner is False:
                wrong.append(f"{at}: has {name}")
            elif isinstance(inner, dict):
                wrong += misfits(one, inner, whole, f"{at}.{name}")
    if isinstance(value, list) and "items" in schema:
        for place, one in enumerate(value):
            wrong += misfits(one, schema["items"], whole, f"{at}[{place}]")
    return wrong


def _is(value: Any, name: str) -> bool:
    return isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def _of_name(name: str, schema: Mapping[str, Any]) -> Any:
    if name in schema.get("properties", {}):
        return schema["properties"][name]
    for pattern, inner in schema.get("patternProperties", {}).items():
        if re.search(pattern, name):
            return inner
    return schema.get("additionalProperties", True)


def texts(schema: Mapping[str, Any], known: tuple[str, ...]) -> st.SearchStrategy[str]:
    """What might be sent for a parameter: what fits, what is known to be there, and anything else."""
    anything = st.text(max_size=40)
    if "enum" in schema:
        return st.one_of(st.sampled_from(schema["enum"]), anything)
    if schema["type"] == "integer":
        return st.one_of(
            st.integers(schema["minimum"], schema["maximum"]).map(str),
            st.sampled_from(["0", "-1", "1e3", "９", str(schema["maximum"] + 1)]),
            anything,
        )
    return st.one_of(st.sampled_from(known), anything)
