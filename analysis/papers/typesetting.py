"""A paper out of its facts: a typst template lays out what Python has worded, and computes nothing.

typst comes as one package without system libraries; it is given no package folder and no network.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from survey.core.errors import Surroundings
from survey.core.lang import called_all
from survey.core.masking import masked_all
from survey.files.taking import taker

TEMPLATES = Path(__file__).with_name("templates")
#: fonts with Chinese letters that systems bring, the first that is there is taken
FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "SimHei",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
)
#: what a PDF must satisfy: tagged for screen readers, fonts embedded (PDF/UA-1)
STANDARD: Literal["ua-1"] = "ua-1"


#: typst keeps what it worked out for the last thirty documents, ten megabytes each; so many empty ones behind a paper make it
#: forget all but the last few
_FORGETTING = 6


@cache
def _fonts(*, any_at_all: bool = True) -> Any:
    """The fonts of this machine, looked for once: that is half of what a paper takes; or none."""
    import typst  # 30 MB, for who makes a paper

    return typst.Fonts(include_system_fonts=any_at_all, include_embedded_fonts=any_at_all)


@cache
def chinese_font() -> str:
    """The font that papers are set in; raises Surroundings where the machine has none with Chinese letters."""
    families = set(_fonts().families())
    found = next((name for name in FONTS if name in families), None)
    if found is None:
        raise Surroundings("papers.no_font", fonts=list(FONTS[:3]))
    return found


def pdf(template: str, facts: Mapping[str, Any], when: datetime) -> bytes:
    """The paper of a template (``templates/NAME.typ``) as a tagged PDF whose only clock is ``when``."""
    import typst

    made: bytes = typst.compile(_path(template), format="pdf", pdf_standards=[STANDARD], **_given(facts, when))
    for _ in range(_FORGETTING):
        typst.compile(b"", font_paths=_fonts(any_at_all=False))
    return made


def _path(template: str) -> str:
    return str(TEMPLATES / f"{template}.typ")


def _given(facts: Mapping[str, Any], when: datetime) -> dict[str, Any]:
    about = {"font": chinese_font(), "author": [taker()] if taker() else []}
    told = json.dumps({**masked_all(called_all(dict(facts))), **about}, ensure_ascii=False)
    where = {"root": str(TEMPLATES), "font_paths": _fonts()}
    return {**where, "sys_inputs": {"facts": told}, "timestamp": int(when.timestamp())}
