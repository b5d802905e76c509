"""What a ``type`` cell says: today's type, the list of choices, and what of it stands elsewhere.

XLSForm has had several spellings for most types.  All that ``pyxform`` still reads is read here as today's type; what
means more than a type of ours says (a list in another file, a loop) is kept as it stands and written back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: rows without an answer of their own; a row without a type is a remark
STRUCTURE = ("note", "begin_group", "end_group", "begin_repeat", "end_repeat")
#: kept verbatim for the tools that fill them
META = (
    "start",
    "end",
    "today",
    "deviceid",
    "username",
    "phonenumber",
    "email",
    "subscriberid",
    "simserial",
    "start-geopoint",
    "background-geopoint",
    "audit",
    "calculate",
    "hidden",
    "background-audio",
    "xml-external",
    "csv-external",
)
#: XLSForm knows them, answers to them are not taken in
NOT_IMPORTED = (
    "time",
    "datetime",
    "geopoint",
    "geotrace",
    "geoshape",
    "image",
    "photo",
    "audio",
    "video",
    "file",
    "barcode",
    "acknowledge",
    "trigger",
    "rank",
    "signature",
    "decimal_range",
    "osm",
    "entity",
    "include",
    "cascading_select",
)
#: rows of the survey sheet that are settings of the form, as the first XLSForms had them
SETTING_ROWS: Mapping[str, str] = {
    "form_title": "form_title",
    "set_form_title": "form_title",
    "form_id": "form_id",
    "set_form_id": "form_id",
    "id_string": "form_id",
}

#: older spellings of types that take no list
_OLD: Mapping[str, str] = {
    "string": "text",
    "q string": "text",
    "add text prompt": "text",
    "int": "integer",
    "q int": "integer",
    "add integer prompt": "integer",
    "percentage": "integer",
    "number of days in last month": "integer",
    "number of days in last six months": "integer",
    "number of days in last year": "integer",
    "q decimal": "decimal",
    "add decimal prompt": "decimal",
    "q date": "date",
    "add date prompt": "date",
    "q note": "note",
    "add note prompt": "note",
    "q calculate": "calculate",
    "add calculate prompt": "calculate",
    "date time": "datetime",
    "q date time": "datetime",
    "q datetime": "datetime",
    "add date time prompt": "datetime",
    "add datetime prompt": "datetime",
    "gps": "geopoint",
    "location": "geopoint",
    "q location": "geopoint",
    "q geopoint": "geopoint",
    "add location prompt": "geopoint",
    "q geotrace": "geotrace",
    "q geoshape": "geoshape",
    "q image": "image",
    "q picture": "image",
    "add image prompt": "image",
    "add photo prompt": "image",
    "q audio": "audio",
    "add audio prompt": "audio",
    "q video": "video",
    "add video prompt": "video",
    "add file prompt": "file",
    "q barcode": "barcode",
    "add barcode prompt": "barcode",
    "q acknowledge": "acknowledge",
    "add acknowledge prompt": "acknowledge",
    "start time": "start",
    "get start time": "start",
    "end time": "end",
    "get end time": "end",
    "get today": "today",
    "imei": "deviceid",
    "device id": "deviceid",
    "get device id": "deviceid",
    "uri:deviceid": "deviceid",
    "subscriber id": "subscriberid",
    "get subscriber id": "subscriberid",
    "uri:subscriberid": "subscriberid",
    "sim id": "simserial",
    "get sim id": "simserial",
    "uri:simserial": "simserial",
    "uri:username": "username",
    "uri:email": "email",
    "get phone number": "phonenumber",
    "uri:phonenumber": "phonenumber",
}
#: a question for a telephone number, not the number of the device
PHONE = "phone number"

_OTHER = re.compile(r"(?P<select>.+?)\s+(?:or_other|or other|or specify other)", re.IGNORECASE)
_ONE = r"select[_ ]one(?:[_ ](?:from|using))?|select1|q select1|add select one prompt using"
_SEVERAL = (
    r"select[_ ]all[_ ]that[_ ]apply(?:[_ ](?:from|using))?|select[_ ]multiple(?:[_ ](?:from|using))?|q select"
    r"|add select multiple prompt using"
)
_SELECT = re.compile(rf"(?:(?P<one>{_ONE})|(?P<several>{_SEVERAL}))(?:\s+(?P<list>\S.*))?", re.IGNORECASE)
_ELSEWHERE = re.compile(r"select[_ ](?:one|multiple)[_ ](?:from[_ ]file|external)\b|.*\$\{", re.IGNORECASE)
_GROUP = re.compile(
    r"(?P<end>begin|end)[_ ](?P<kind>group|repeat|lgroup|looped group|loop)(?P<over>\s+.*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class RowType:
    """One type cell.

    ``type``      today's name; a text where the choices stand elsewhere; what is none of ours as it stands.
    ``list_name`` of a choice question, else ``""``.
    ``written``   the cell as it stands where ``type`` does not say all of it (a list in a file, a loop over a list).
    ``other``     the question offers a further choice that its own text question explains.
    ``phone``     it asks for a telephone number.
    """

    type: str
    list_name: str = ""
    written: str = ""
    other: bool = False
    phone: bool = False


def parse_type(text: str) -> RowType:
    """The type cell read; never refuses: what is none of XLSForm's comes back as it stands."""
    words = " ".join(text.split())
    if _ELSEWHERE.match(words):
        return RowType("text", written=words)
    other = _OTHER.fullmatch(words)
    select = _SELECT.fullmatch(other["select"] if other else words)
    if select:
        return _choices(select, other=other is not None)
    group = _GROUP.fullmatch(words)
    if group:
        return _group(group, words)
    if words.casefold() == PHONE:
        return RowType("text", phone=True)
    if words.casefold() in _OLD:
        return RowType(_OLD[words.casefold()])
    return RowType(words.lower() if " " not in words else words)


def _choices(match: re.Match[str], other: bool) -> RowType:
    kind = "select_one" if match["one"] else "select_multiple"
    name = match["list"] or ""
    return RowType(f"{kind} {name}") if " " in name else RowType(kind, name, other=other)


def _group(match: re.Match[str], words: str) -> RowType:
    end, kind = match["end"].lower(), match["kind"].lower()
    if kind == "group":
        return RowType(f"{end}_group")
    return RowType(f"{end}_repeat", written=words if kind == "loop" or match["over"] else "")
