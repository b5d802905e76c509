"""SPSS data: variables are questions by name or label; codes mean what the file's own value labels say."""

from __future__ import annotations

from survey.core.cells import answer_key, clean
from survey.core.findings import Finding
from survey.core.scale_words import no_opinion
from survey.files.layouts.layout import ColumnLayout, Layout, Platform, spellings, unique
from survey.files.readers.sheet import Sheet, Variable


def recognise(sheet: Sheet) -> Layout | None:
    """The layout of a sheet whose file describes its variables; else None."""
    if not sheet.variables:
        return None
    return Layout(
        platform="spss",
        sheet=sheet,
        header_rows=(0,),
        first=1,
        columns=tuple(_column(i, variable) for i, variable in enumerate(sheet.variables)),
        coded_by="number",
        findings=(Finding("platforms.is_spss", "note", "sheet", sheet=sheet.name),),
    )


def _column(index: int, variable: Variable) -> ColumnLayout:
    names = unique((variable.name, *(spellings(variable.label) if variable.label else ())))
    words = {answer_key(code): _state(variable.labels.get(code, "")) for code in variable.missing}
    if not variable.set:
        return ColumnLayout(index, names, labels=variable.labels, words=words)
    option = clean(variable.label) or variable.name
    joined = tuple(f"{stem}/{option}" for stem in spellings(variable.set))
    # the labels of a tick (1 = 是) say nothing of the question's own codes
    return ColumnLayout(index, unique((*spellings(variable.set), *joined, *names)), option=option, words=words)


def _state(label: str) -> str:
    """Why a value that is declared as missing is none, by its label."""
    return no_opinion(label) or ("skipped" if "跳" in label or "skip" in label.casefold() else "blank")


PLATFORM = Platform(("spss",), recognise)
