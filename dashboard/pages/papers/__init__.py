"""All papers and files of a year in one place: what there is, when it was last taken, whether it is stale."""

from __future__ import annotations

from dashboard.data.files import File
from dashboard.parts.context import Context
from dashboard.parts.page import MORE, Download, Page, later


def _diagnosis(context: Context, code: str) -> File:
    from dashboard.pages.papers.service import diagnosis_file

    return diagnosis_file(context.viewer, context.source, context.store, context.results_year, code, context.lang)


def _diagnoses(context: Context) -> File:
    from dashboard.pages.papers.service import diagnoses_file

    return diagnoses_file(context.viewer, context.source, context.store, context.results_year, context.lang)


def _notice(context: Context, code: str) -> File:
    from dashboard.pages.papers.service import notice_file

    return notice_file(context.viewer, context.source, context.store, context.results_year, code, context.lang)


def _street(context: Context) -> File:
    from dashboard.pages.papers.service import street_file

    street = context.address.filters.get("street", "")
    return street_file(context.viewer, context.source, context.store, context.results_year, street, context.lang)


def _brief(context: Context) -> File:
    from dashboard.pages.papers.service import brief_file

    street = context.address.filters.get("street", "")
    return brief_file(context.viewer, context.source, context.store, context.results_year, street, context.lang)


def _responses(context: Context) -> File:
    from dashboard.pages.papers.service import responses_file

    return responses_file(context.viewer, context.source, context.store, context.results_year, context.lang)


def _data(context: Context) -> File:
    from dashboard.pages.papers.service import data_file

    return data_file(context.viewer, context.source, context.results_year, context.lang)


def _letters(context: Context) -> File:
    from dashboard.pages.papers.service import letters_file

    street = context.address.filters.get("street", "")
    return letters_file(context.viewer, context.source, context.store, context.results_year, street, context.lang)


def _packed(context: Context, kind: str) -> File:
    from dashboard.pages.papers.packing import packed
    from dashboard.pages.papers.service import order

    street = context.address.filters.get("street", "")
    return packed(
        context.store,
        order(
            context.viewer,
            context.source,
            context.store,
            context.results_year,
            f"/download/{kind}",
            street,
            context.lang,
        ),
    )


def _archive(context: Context) -> File:
    from dashboard.pages.papers.service import archive_file

    return archive_file(context.viewer, context.source, context.store, context.results_year, context.lang)


PAGE = Page(
    "papers",
    later(__name__, "page", "page"),
    needs="see",
    paths=("/papers",),
    label="page_papers.title",
    menu=MORE,
    kept=False,
    one_process=True,
    register=later(__name__, "actions", "register"),
    downloads=(
        Download("/download/diagnosis/<code>", _diagnosis, needs="see"),
        Download("/download/diagnoses", _diagnoses, needs="see"),
        Download("/download/notice/<code>", _notice, needs="see"),
        Download("/download/street", _street, needs="see_all"),
        Download("/download/brief", _brief, needs="see_all"),
        Download("/download/responses", _responses, needs="take_responses"),
        Download("/download/data", _data, needs="see"),
        Download("/download/letters", _letters, needs="see_all"),
        Download("/download/packed/<kind>", _packed, needs="see"),
        Download("/download/archive", _archive, needs="see_all"),
    ),
)
