"""批注版: the user's own workbook with what is wrong coloured and commented, and a first sheet that lists it.

Everything of theirs stays: formats, widths, drop-downs, formulas, comments; what can't be kept is named in the list.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from survey.core.addresses import as_sent
from survey.core.errors import Refused
from survey.core.findings import Finding
from survey.core.lang import LANGUAGES, say
from survey.core.masking import masked
from survey.decisions.finding_list import (
    FILLS,
    SHEET_COLUMNS,
    Concerned,
    drop_downs,
    height,
    in_order,
    line,
    list_workbook,
)
from survey.files.preflight import Checked, preflight

# ── What a workbook holds that is lost when openpyxl writes it again; looked for, so that it can be said


_SHEETS, _DRAWINGS = re.compile(r"xl/worksheets/[^/]+\.xml"), re.compile(r"xl/drawings/[^/]+\.xml")
#: key of the text → where to look and what for (in the bytes of a part)
_MARKS = {
    "shapes": (_DRAWINGS, re.compile(rb"<xdr:(?:sp|grpSp|cxnSp)[ >]")),
    "sparklines": (_SHEETS, re.compile(rb"<x14:sparkline[ >]")),
    "formats": (_SHEETS, re.compile(rb"<x14:cfRule[ >]")),
    "drop_downs": (_SHEETS, re.compile(rb"<x14:dataValidation[ >]")),
}
#: key of the text → names of parts, each of which is one such thing
_PARTS = {
    "threads": re.compile(r"xl/threadedComments/.+\.xml"),
    "controls": re.compile(r"xl/(?:ctrlProps|activeX)/[^/]+\.xml"),
    "slicers": re.compile(r"xl/slicers/.+\.xml"),
    "embedded": re.compile(r"xl/embeddings/.+"),
}
_IMAGES = re.compile(r"xl/media/.+")


def losses(data: bytes) -> tuple[Finding, ...]:
    """One note a kind of thing that an annotated copy of this .xlsx can't keep, with how many there are."""
    with ZipFile(BytesIO(data)) as parts:
        names = parts.namelist()
        lost = {key: sum(1 for n in names if pattern.fullmatch(n)) for key, pattern in _PARTS.items()}
        if find_spec("PIL") is None:  # openpyxl keeps pictures only with Pillow's help
            lost["images"] = sum(1 for n in names if _IMAGES.fullmatch(n))
        for pattern in (_SHEETS, _DRAWINGS):
            for name in filter(pattern.fullmatch, names):
                content = parts.read(name)
                for key, (where, mark) in _MARKS.items():
                    if where is pattern:
                        lost[key] = lost.get(key, 0) + len(mark.findall(content))
    return tuple(Finding(f"annotated.lost.{key}", "note", "file", params={"n": n}) for key, n in lost.items() if n)


#: rows (and findings) of a workbook up to which it is copied; above, the list stands alone
MOST = 20_000
#: bytes of its sheets once inflated; formats of empty cells count too
MOST_BYTES = 120_000_000
_LINK = Font(color="0563C1", underline="single")


def annotated_copy(
    file: str,
    data: bytes,
    findings: Sequence[Finding],
    lang: str,
    *,
    about: Concerned | None = None,
    most: int = MOST,
) -> bytes:
    """An .xlsx with the findings of one file: its own workbook marked, or the list alone.

    The list stands alone for files that are no .xlsx, that hold more than ``most`` rows or findings, or that can't be
    opened; with ``about`` it then shows the rows concerned.
    """
    checked = _checked(file, data)
    alone = _alone(checked, data, findings, most)
    if checked is None or checked.book is None or alone:
        return list_workbook([(file, [*_notes(alone), *findings])], lang, about=about)
    formulas = sum(len(scan.formulas) for scan in checked.book.scans)
    notes = (*losses(data), *(_notes("annotated.formulas", n=formulas) if formulas else ()))
    try:
        return _marked(file, data, [*notes, *findings], lang)
    except Exception as error:  # a workbook that another's reader or writer can't take: the list says so
        note = _notes("annotated.not_opened", kind=type(error).__name__)
        return list_workbook([(file, [*note, *findings])], lang, about=about)


def _notes(code: str, **params: Any) -> tuple[Finding, ...]:
    return (Finding(code, "note", "file", params=params),) if code else ()


def _checked(file: str, data: bytes) -> Checked | None:
    """What preflight says; None for a file that must not be opened."""
    try:
        return preflight(file, data)
    except Refused:
        return None


def _alone(checked: Checked | None, data: bytes, findings: Sequence[Finding], most: int) -> str:
    """Why the list must stand alone (a text's key), or nothing."""
    if checked is None or checked.kind != "xlsx" or checked.book is None:
        return "annotated.list_alone"
    with ZipFile(BytesIO(data)) as parts:
        size = sum(part.file_size for part in parts.infolist() if part.filename.startswith("xl/worksheets/"))
    large = max((scan.rows for scan in checked.book.scans), default=0) > most or len(findings) > most
    return "annotated.too_large" if large or size > MOST_BYTES else ""


def _marked(file: str, data: bytes, findings: Sequence[Finding], lang: str) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl drops is named by ``losses``
        book = load_workbook(BytesIO(data), rich_text=True)
    _unmark(book)
    for cell, said in _by_cell(book, findings):
        _mark(cell, said, lang)
    _list_sheet(book, file, findings, lang)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _by_cell(book: Workbook, findings: Sequence[Finding]) -> list[tuple[Any, list[Finding]]]:
    """The cells to mark, each with its findings; notes mark only the cell that they are about."""
    said: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.cell and finding.row and (finding.level != "note" or finding.scope == "cell"):
            said.setdefault(as_sent(finding.sheet, finding.cell), []).append(finding)
    pages = {page.title: page for page in book.worksheets if isinstance(page, Worksheet)}
    return [(_anchor(pages[sheet], cell), found) for (sheet, cell), found in said.items() if sheet in pages]


def _anchor(page: Worksheet, address: str) -> Any:
    """The cell; of a merged range its first, which is the one that shows."""
    cell = page[address]
    if not isinstance(cell, MergedCell):
        return cell
    area = next(area for area in page.merged_cells.ranges if address in area)
    return page.cell(area.min_row, area.min_col)


def _mark(cell: Any, findings: Sequence[Finding], lang: str) -> None:
    worst = min(findings, key=lambda f: list(FILLS).index(f.level))
    cell.fill = PatternFill("solid", fgColor=FILLS[worst.level])
    own = say(lang, "annotated.mark") + "\n" + "\n".join(dict.fromkeys(masked(f.word(lang)) for f in findings))
    theirs = cell.comment
    text = f"{theirs.text}\n\n{own}" if theirs is not None and theirs.text else own
    author = theirs.author if theirs is not None else say(lang, "annotated.author")
    cell.comment = Comment(_clean(text), author, height=60 + 18 * (text.count("\n") + len(text) // 20), width=320)


def _unmark(book: Workbook) -> None:
    """Take away what an earlier annotated copy added, so that marks do not pile up."""
    titles, marks = ([say(lang, f"annotated.{key}") for lang in LANGUAGES] for key in ("title", "mark"))
    heads = [say(lang, "annotated.column.where") for lang in LANGUAGES]
    for page in list(book.worksheets):
        if any(page.title.startswith(t) for t in titles) and page["A1"].value in heads and len(book.sheetnames) > 1:
            book.remove(page)
    pattern = re.compile(r"\n*(?:" + "|".join(map(re.escape, marks)) + r")\n.*", re.S)
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                comment = cell.comment
                if comment is None or not (match := pattern.search(comment.text)):
                    continue
                rest = comment.text[: match.start()]
                cell.comment = Comment(rest, comment.author, comment.height, comment.width) if rest else None
                if cell.fill.fill_type == "solid" and str(cell.fill.fgColor.rgb)[-6:] in FILLS.values():
                    cell.fill = PatternFill()


def _list_sheet(book: Workbook, file: str, findings: Sequence[Finding], lang: str) -> None:
    """The list as the first sheet, each place a link to its cell."""
    page = book.create_sheet(say(lang, "annotated.title"), 0)
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is page  # two selected sheets would be typed into at once
    book.active = 0
    names = list(SHEET_COLUMNS)
    for column, (name, width) in enumerate(SHEET_COLUMNS.items(), 1):
        page.column_dimensions[get_column_letter(column)].width = width
        cell = _put(page, 1, column, say(lang, f"annotated.column.{name}"))
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E7EAF0")
    wrapped = Alignment(wrap_text=True, vertical="top")
    ordered = in_order(findings)
    for row, finding in enumerate(ordered, 2):
        said = line(file, finding, lang)
        page.row_dimensions[row].height = height(said)
        for column, (name, text) in enumerate(said.items(), 1):
            if text:
                cell = _put(page, row, column, text)
                cell.alignment = wrapped
                if name == "level":
                    cell.fill = PatternFill("solid", fgColor=FILLS[finding.level])
        sheet, address = as_sent(finding.sheet, finding.cell or "")
        if address and sheet in book.sheetnames:
            cell = page.cell(row, 1)
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=_location(sheet, address))
            cell.font = _LINK
    for name, words in drop_downs(lang).items():
        letter = get_column_letter(names.index(name) + 1)
        choice = DataValidation("list", formula1='"' + ",".join(words) + '"', allow_blank=True)
        choice.add(f"{letter}2:{letter}{len(ordered) + 1000}")
        page.add_data_validation(choice)
    page.freeze_panes = "B2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(ordered) + 1}"


def _location(sheet: str, address: str) -> str:
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{address}"


def _put(page: Worksheet, row: int, column: int, text: str) -> Any:
    """A cell that is text whatever it begins with."""
    cell = page.cell(row, column)
    cell.value = _clean(text)
    cell.data_type = "s"
    return cell


def _clean(text: str) -> str:
    """Without the control characters that no workbook may hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)
