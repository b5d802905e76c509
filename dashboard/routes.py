"""Plain routes beside Dash: files to download, files to upload."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import flask
from flask import Response

from dashboard import downloads
from dashboard.data import files as _files
from dashboard.data.results import Source, year_or_latest
from dashboard.pages.awards import service
from dashboard.pages.cycle import service as cycle
from dashboard.pages.drivers import service as drivers
from dashboard.pages.imports.service import background_work, checks, import_history, incoming_files, templates
from dashboard.pages.imports.service.uploads import Uploads
from dashboard.pages.method import service as verifying
from dashboard.pages.quality import service as quality
from dashboard.pages.robustness import service as robustness
from dashboard.pages.scheme import service as scheme
from dashboard.pages.tasks import service as tasks
from dashboard.web.access import Viewer, guarded
from dashboard.web.address import Address, parse
from survey.core.errors import Refused, XingfuError
from survey.core.lang import say
from survey.decisions.finding_list import finding_table
from survey.store import Store


def _address() -> Address:
    return parse(flask.request.path, flask.request.query_string.decode("utf-8", "replace"), flask.request.cookies)


def _send(file: _files.File) -> Response:
    name, data, kind = file
    plain = "".join(c if c.isascii() and c not in '"\\' and c.isprintable() else "_" for c in name)
    response = Response(data, mimetype=kind)
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return response


def _refusal(refused: Refused) -> Response:
    return Response(refused.word(_address().lang), 404, mimetype="text/plain")


def install(server: flask.Flask, source: Source, store: Store, uploads: Uploads) -> None:
    """Hang the routes on the server; every one is guarded."""

    def route(rule: str, needs: str, make: Callable[..., _files.File]) -> None:
        @guarded(needs)
        def handle(viewer: Viewer, **names: str) -> Response:
            try:
                return _send(make(viewer, _address(), **names))
            except Refused as refused:
                return _refusal(refused)

        server.add_url_rule(rule, endpoint=f"xingfu{rule}", view_func=handle, methods=["GET"])

    def year_of(address: Address) -> int:
        year = year_or_latest(source, address.year, address.bad_year)
        if year is None:
            raise Refused("dash_errors.unknown_year", year="", years="")
        return year

    def breakdown(viewer: Viewer, address: Address, code: str) -> _files.File:
        return downloads.breakdown(viewer, source, year_of(address), code, address.lang)

    def archive(viewer: Viewer, address: Address) -> _files.File:
        return downloads.year_archive(viewer, source, year_of(address), address.filters.get("street", ""), address.lang)

    def trend(viewer: Viewer, address: Address, code: str) -> _files.File:
        return downloads.trend(viewer, source, year_of(address), code, address.lang)

    def compared(viewer: Viewer, address: Address) -> _files.File:
        codes = [c for c in address.filters.get("with", "").split(",") if c]
        street = address.filters.get("street", "")
        return downloads.compared(viewer, source, year_of(address), street, codes, address.lang)

    def check(viewer: Viewer, address: Address) -> _files.File:
        return verifying.check(viewer, source, store, year_of(address), address.lang)

    def pairs(viewer: Viewer, address: Address) -> _files.File:
        street = address.filters.get("street", "")
        return downloads.pairs(viewer, source, year_of(address), street, address.lang)

    def alike(viewer: Viewer, address: Address) -> _files.File:
        return downloads.alike(viewer, source, year_of(address), address.filters.get("street", ""), address.lang)

    def template(viewer: Viewer, address: Address, name: str = "") -> _files.File:
        return templates.answers(viewer, store, name, address.lang)

    def phone_template(viewer: Viewer, address: Address, name: str) -> _files.File:
        return templates.answers(viewer, store, name, address.lang, "phone")

    def empty_indicators(viewer: Viewer, address: Address, year: int) -> _files.File:
        return templates.indicators(viewer, store, year, address.lang)

    def awards_file(viewer: Viewer, address: Address, name: str) -> _files.File:
        return service.file(viewer, source, store, year_of(address), name, address.lang)

    def empty_register(viewer: Viewer, address: Address) -> _files.File:
        return templates.empty_register(viewer, address.lang)

    def findings(viewer: Viewer, address: Address, token: str, kind: str) -> _files.File:
        frame = checks.findings_frame(viewer, store, uploads, token, address.lang)
        return _files.table(say(address.lang, "page_import.findings"), frame, kind)

    def annotated(viewer: Viewer, address: Address, token: str, number: int) -> _files.File:
        file, data = checks.annotated(viewer, store, uploads, token, number, address.lang)
        return (
            f"{file.rpartition('.')[0] or file}_{say(address.lang, 'page_import.annotated_name')}.xlsx",
            data,
            _files.XLSX,
        )

    def batch(viewer: Viewer, address: Address, number: int) -> _files.File:
        kept, found = import_history.kept_findings(viewer, store, number)
        return _files.table(
            f"{say(address.lang, 'page_import.findings')}_{number}",
            finding_table(kept.file, found, address.lang),
            "xlsx",
        )

    def quality_table(viewer: Viewer, address: Address, name: str) -> _files.File:
        return quality.file(viewer, source, store, year_of(address), name, address.lang)

    def robustness_table(viewer: Viewer, address: Address, name: str) -> _files.File:
        return robustness.file(viewer, source, store, year_of(address), name, address.lang)

    route("/download/robustness/<name>", "see", robustness_table)

    def drivers_table(viewer: Viewer, address: Address, code: str = "") -> _files.File:
        asked = (address.filters.get("outcome", ""), address.filters.get("form", ""))
        return drivers.file(drivers.drivers(viewer, source, store, year_of(address), code, *asked), address.lang)

    route("/download/quality/<name>", "see", quality_table)
    route("/download/drivers", "see", drivers_table)
    route("/download/drivers/<code>", "see", drivers_table)

    def cycle_book(viewer: Viewer, address: Address, kind: str) -> _files.File:
        return (*cycle.template(viewer, store, year_of(address), kind, address.lang), _files.XLSX)

    def scheme_book(viewer: Viewer, address: Address, kind: str) -> _files.File:
        return scheme.workbook(viewer, store, year_of(address), kind, address.lang)

    route("/download/scheme/<kind>", "see", scheme_book)
    route("/download/cycle/<kind>", "take_step", cycle_book)
    route("/download/community/<code>", "see", breakdown)
    route("/download/year", "see", archive)
    route("/download/check", "take_responses", check)
    route("/download/trend/<code>", "see", trend)
    route("/download/compare", "see", compared)
    route("/download/pairs", "see", pairs)

    def task_book(viewer: Viewer, address: Address) -> _files.File:
        chosen = (address.filters.get("office", ""), address.filters.get("at", ""))
        return tasks.workbook(viewer, source, store, year_of(address), *chosen, address.lang)

    def office_table(viewer: Viewer, address: Address) -> _files.File:
        return tasks.office_table(viewer, source, store, year_of(address), address.lang)

    route("/download/tasks", "see", task_book)
    route("/download/tasks/offices", "see", office_table)
    route("/download/alike", "see", alike)
    route("/download/template", "see", template)
    route("/download/template/<name>", "see", template)
    route("/download/template/<name>/phone", "see", phone_template)
    route("/download/empty/indicators/<int:year>", "see", empty_indicators)
    route("/download/empty/register", "see", empty_register)
    route("/download/awards/<name>", "see", awards_file)
    route("/download/findings/<token>.<any(csv,xlsx):kind>", "import", findings)
    route("/download/annotated/<token>/<int:number>", "import", annotated)
    route("/download/batch/<int:number>", "import", batch)
    server.add_url_rule(
        "/import/upload", endpoint="xingfu/upload", view_func=_upload(source, store, uploads), methods=["POST"]
    )


def _upload(source: Source, store: Store, uploads: Uploads) -> Any:
    @guarded("import")
    def upload(viewer: Viewer) -> Response | tuple[Response, int]:
        lang = _address().lang
        said, brought = flask.request.form, flask.request.files.getlist("file")  # 413 where there is too much
        try:
            offered = checks.choices(viewer, store, source.years())
            files = [(checks.bare_name(f.filename or ""), f.read()) for f in brought if f.filename]
            waits = incoming_files.bring(viewer, uploads, files, said, offered, str(said.get("token") or ""))
            job = background_work.look(viewer, store, uploads, waits, offered)
            if job.error is not None and not job.running:
                raise job.error
            return flask.jsonify(token=waits.token)
        except XingfuError as error:
            return flask.jsonify(error=error.word(lang)), 422

    return upload
