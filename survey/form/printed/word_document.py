"""A Word document part by part: paragraphs and tables on A4, in the fonts that every office has, the same bytes each time."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
#: characters that XML can't hold
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
#: twentieths of a point: an A4 page, its margins, and what is left between them
_PAGE, _MARGIN = (11906, 16838), 1134
WIDTH = _PAGE[0] - 2 * _MARGIN
#: below it a cell has hardly any margins
_NARROW = 1001
_MOMENT = (2000, 1, 1, 0, 0, 0)


def run(text: str, *, size: float = 0, bold: bool = False, grey: bool = False) -> str:
    """A piece of text; ``size`` in points, 0 for that of the document. Lines are kept."""
    says = ('<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="黑体"/><w:b/>' if bold else "") + (
        '<w:color w:val="595959"/>' if grey else ""
    )
    says += f'<w:sz w:val="{int(size * 2)}"/><w:szCs w:val="{int(size * 2)}"/>' if size else ""
    lines = _ILLEGAL.sub("", text).split("\n")
    parts = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    return f"<w:r>{f'<w:rPr>{says}</w:rPr>' if says else ''}{parts}</w:r>"


def tab() -> str:
    """The way to the next stop."""
    return "<w:r><w:tab/></w:r>"


def paragraph(
    *runs: str,
    keep: bool = False,
    before: int = 0,
    indent: int = 0,
    hanging: int = 0,
    stops: Sequence[int] = (),
    centred: bool = False,
) -> str:
    """A paragraph that no page breaks; ``keep``: nor its end from what follows. Lengths in twentieths of a point."""
    says = ("<w:keepNext/>" if keep else "") + "<w:keepLines/>"
    if stops:
        stopped = "".join(f'<w:tab w:val="left" w:pos="{at}"/>' for at in stops)
        says += f"<w:tabs>{stopped}</w:tabs>"
    says += f'<w:spacing w:before="{before}" w:after="40"/>'
    if indent or hanging:
        says += f'<w:ind w:left="{indent + hanging}" w:hanging="{hanging}"/>'
    says += '<w:jc w:val="center"/>' if centred else ""
    return f"<w:p><w:pPr>{says}</w:pPr>{''.join(runs)}</w:p>"


def table(widths: Sequence[int], rows: Iterable[Sequence[str]], *, header: bool = False) -> str:
    """A ruled table of cells that are paragraphs; no page breaks a row; ``header``: the first row on every page."""
    edges = "".join(
        f'<w:{e} w:val="single" w:sz="4" w:color="808080"/>'
        for e in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    made = []
    for number, cells in enumerate(rows):
        says = "<w:cantSplit/>" + ("<w:tblHeader/>" if header and number == 0 else "")
        inner = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{_margins(width)}<w:vAlign w:val="center"/></w:tcPr>{cell}</w:tc>'
            for width, cell in zip(widths, cells, strict=True)
        )
        made.append(f"<w:tr><w:trPr>{says}</w:trPr>{inner}</w:tr>")
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    fixed = (
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
    )
    return f"<w:tbl><w:tblPr>{fixed}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(made)}</w:tbl>"


def _margins(width: int) -> str:
    """In a narrow cell hardly any: three characters of a choice stand in one line then."""
    if width >= _NARROW:
        return ""
    sides = "".join(f'<w:{side} w:w="28" w:type="dxa"/>' for side in ("left", "right"))
    return f"<w:tcMar>{sides}</w:tcMar>"


def document(body: Sequence[str], *, title: str, footer: str, size: float, lang: str) -> bytes:
    """The .docx: ``footer`` with the page's number on every page; ``size`` of its letters in points."""
    sections = (
        f'<w:sectPr><w:footerReference w:type="default" r:id="footer"/><w:pgSz w:w="{_PAGE[0]}" w:h="{_PAGE[1]}"/>'
        f'<w:pgMar w:top="{_MARGIN}" w:right="{_MARGIN}" w:bottom="{_MARGIN}" w:left="{_MARGIN}" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    )
    spaces = f'xmlns:w="{_MAIN}" xmlns:r="{_OFFICE}"'
    number = "".join(_field(name, between) for name, between in (("PAGE", " / "), ("NUMPAGES", "")))
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(("document", "officeDocument", "word/document.xml")),
        "word/document.xml": f"{_HEAD}<w:document {spaces}><w:body>{''.join(body)}{sections}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations(
            ("styles", "styles", "styles.xml"), ("footer", "footer", "footer1.xml")
        ),
        "word/styles.xml": _styles(size, lang),
        "word/footer1.xml": f"{_HEAD}<w:ftr {spaces}>{paragraph(run(f'{title} · {footer}  ', size=9, grey=True), number, centred=True)}</w:ftr>",
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _field(name: str, after: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:rPr><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>{run(after, size=9) if after else ""}'


def _types() -> str:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    known = {"document": "document.main", "styles": "styles", "footer1": "footer"}
    parts = "".join(f'<Override PartName="/word/{n}.xml" ContentType="{kind}.{k}+xml"/>' for n, k in known.items())
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>{rels}{parts}</Types>'


def _relations(*targets: tuple[str, str, str]) -> str:
    links = "".join(f'<Relationship Id="{i}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for i, kind, to in targets)
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _styles(size: float, lang: str) -> str:
    spoken = "en-US" if lang == "en" else "zh-CN"
    says = (
        '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体" w:cs="Times New Roman"/>'
        f'<w:sz w:val="{int(size * 2)}"/><w:szCs w:val="{int(size * 2)}"/><w:lang w:val="{spoken}" w:eastAsia="zh-CN"/>'
    )
    normal = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    return f'{_HEAD}<w:styles xmlns:w="{_MAIN}"><w:docDefaults><w:rPrDefault><w:rPr>{says}</w:rPr></w:rPrDefault></w:docDefaults>{normal}</w:styles>'
