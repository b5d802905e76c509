"""What of an address is still there: questions, places, years go, and an address that was kept goes on naming them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.data.questions.subjects import READ, Subject
from dashboard.data.results import Source
from dashboard.web.access import Viewer
from survey.core.errors import Refused
from survey.store import Store

#: what a refusal says is gone → the choices that go with it; of a filter the one that named it
_GONE = {
    "page_estimates.unknown_form": ("form", "item", "split", "cross", "where", "also"),
    "page_estimates.unknown_item": ("item",),
    "page_estimates.unknown_split": ("split", "cross"),
    "page_estimates.unknown_filter": ("where", "also"),
    "page_answers.unknown_sort": ("sort",),
    "dash_errors.unknown_street": ("street", "community"),
    "dash_errors.unknown_community": ("community", "with"),
    "beside.unknown": ("against",),
    "beside.no_street": ("against",),
    "beside.no_type": ("against",),
    "beside.no_year": ("against",),
}
#: refusals that name the value which is gone: other choices of the same kind stay
_NAMED = {"page_estimates.unknown_filter": "found", "page_estimates.unknown_split": "found"}


@dataclass(frozen=True)
class Standing:
    """``asked``: what the address shows without what is gone, None where nothing is left; ``filters`` of that;
    ``gone``: a sentence for each thing that is not there; ``year`` that is shown."""

    asked: Subject | None
    filters: Mapping[str, str]
    gone: tuple[Refused, ...]
    year: int | None


def standing(
    viewer: Viewer, source: Source, store: Store, year: int | None, filters: Mapping[str, str], path: str = "/answers"
) -> Standing:
    """What is left of an address of ``READ`` for this viewer; without a year, or with one that is gone, of the newest year."""
    read, _ = READ[path]
    years = source.years()
    gone: list[Refused] = []
    if not years:
        return Standing(None, {}, (), None)
    if year is not None and year not in years:
        gone.append(Refused("dash_errors.unknown_year", year=year, years=list(map(str, years))))
    here = year if year in years else years[-1]
    left = dict(filters)
    while True:
        try:
            return Standing(read(viewer, source, store, here, left), left, tuple(gone), here)
        except Refused as refused:
            gone.append(refused)
            names = [name for name in _GONE.get(refused.key, ()) if left.get(name)]
            if refused.key in _NAMED:
                names = [name for name in names if left[name] == refused.params[_NAMED[refused.key]]]
            if not names:
                return Standing(None, left, tuple(gone), here)
            for name in names:
                others = _others(left[name], str(refused.params.get("community", ""))) if name == "with" else ""
                left = {k: v for k, v in left.items() if k != name} | ({name: others} if others else {})


def _others(codes: str, gone: str) -> str:
    """A list of codes without the one that is gone."""
    return ",".join(code for code in codes.split(",") if gone and code != gone)
