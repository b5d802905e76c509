"""Pictures as files: texts in SVG, and an SVG as PNG."""

from __future__ import annotations

import html

from dashboard.figures.theme import INK
from survey.core.masking import masked

FONTS = "'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif"
#: media types
SVG, PNG = "image/svg+xml", "image/png"


def letters(said: str) -> str:
    """Text as it stands in the file: persons' numbers masked, no letter that XML lacks."""
    return html.escape("".join(c for c in masked(said) if c >= " " and c not in "\ufffe\uffff"), quote=True)


def text(x: float, y: float, said: str, *, fill: str = INK, size: int = 14, weight: str = "", anchor: str = "") -> str:
    """A text at a place in pixels."""
    more = (f' font-weight="{weight}"' if weight else "") + (f' text-anchor="{anchor}"' if anchor else "")
    return f'<text x="{x:g}" y="{y:g}" fill="{fill}" font-size="{size}"{more}>{letters(said)}</text>'


def png(drawn: str) -> bytes:
    """An SVG as a picture of twice its size; raises Surroundings where the machine has no font with Chinese letters."""
    import typst  # 30 MB, for who takes a picture

    from analysis.papers.typesetting import chinese_font

    page = (
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        '#image(bytes(sys.inputs.drawn), format: "svg", alt: sys.inputs.alt)'
    )
    font = chinese_font()
    given = {"drawn": drawn.replace(FONTS, f"'{font}'"), "alt": ""}
    made: bytes = typst.compile(page.encode(), format="png", ppi=144.0, sys_inputs=given)
    return made
