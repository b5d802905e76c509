"""The Mantine theme: the colours and type of the design (text at least 13 px, contrast at least 4.5 : 1)."""

INK = "#1f2733"
MUTED = "#5b6472"
LINE = "#e4e7ec"
MARK = "#e07a3f"
FONT = '"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",system-ui,sans-serif'

#: ten shades, the ninth is the ink
_INK_SHADES = [
    "#f6f7f9",
    "#e4e7ec",
    "#cdd3db",
    "#aab2bf",
    "#8791a0",
    "#6b7686",
    "#5b6472",
    "#3c4653",
    "#1f2733",
    "#141a23",
]

THEME = {
    "fontFamily": FONT,
    "headings": {"fontFamily": FONT},
    "primaryColor": "ink",
    "primaryShade": {"light": 8, "dark": 8},
    "colors": {"ink": _INK_SHADES},
    "defaultRadius": "md",
    "black": INK,
    "fontSizes": {"xs": "13px", "sm": "14px", "md": "15px", "lg": "17px", "xl": "20px"},
}

#: what plotly reads as markup, as a field to fill in, or as mathematics, in any text of a figure
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "%": "&#37;", "$": "&#36;"})


def text_of(name: str) -> str:
    """A name for a figure: plotly shows it as it was typed, whatever it looks like (links, ``%{x}``, ``$x$``)."""
    return name.translate(_MARKUP)
