"""Plain routes beside Dash: files to download, files to upload."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import flask
from flask import Response

from dashboard.access import Viewer, guarded
from dashboard.address import Address, parse
from dashboard.services import (
    awards,
    cycle,
    downloads,
    drivers,
    imports,
    looking,
    quality,
    receiving,
    records,
    robustness,
    scheme,
    tasks,
    templates,
    verifying,
)
from dashboard.services.source import Source, year_or_latest
from dashboard.services.uploads import Uploads
from survey.errors import Refused, XingfuError
from survey.importing import finding_table
from survey.lang import say
from survey.store import Store


def _address() -> Address:
    return parse(flask.request.path, flask.request.query_string.decode("utf-8", "replace"), flask.request.cookies)


def _send(file: downloads.File) -> Response:
    name, data, kind = file
    plain = "".join(c if c.isascii() and c not in '"\\' and c.isprintable() else "_" for c in name)
    response = Response(data, mimetype=kind)
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return response


def _refusal(refused: Refused) -> Response:
    return Response(refused.word(_address().lang), 404, mimetype="text/plain")


def install(server: flask.Flask, source: Source, store: Store, uploads: Uploads) -> None:
    """Hang the routes on the server; every one is guarded."""

    def route(rule: str, role: str, make: Callable[..., downloads.File]) -> None:
        @guarded(role)
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

    def breakdown(viewer: Viewer, address: Address, code: str) -> downloads.File:
        return downloads.breakdown(viewer, source, year_of(address), code, address.lang)

    def archive(viewer: Viewer, address: Address) -> downloads.File:
        return downloads.year_archive(viewer, source, year_of(address), address.filters.get("street", ""), address.lang)

    def trend(viewer: Viewer, address: Address, code: str) -> downloads.File:
        return downloads.trend(viewer, source, year_of(address), code, address.lang)

    def compared(viewer: Viewer, address: Address) -> downloads.File:
        codes = [c for c in address.filters.get("with", "").split(",") if c]
        street = address.filters.get("street", "")
        return downloads.compared(viewer, source, year_of(address), street, codes, address.lang)

    def check(viewer: Viewer, address: Address) -> downloads.File:
        return verifying.check(viewer, source, store, year_of(address), address.lang)

    def pairs(viewer: Viewer, address: Address) -> downloads.File:
        street = address.filters.get("street", "")
        return downloads.pairs(viewer, source, year_of(address), street, address.lang)

    def alike(viewer: Viewer, address: Address) -> downloads.File:
        return downloads.alike(viewer, source, year_of(address), address.filters.get("street", ""), address.lang)

    def template(viewer: Viewer, address: Address, name: str = "") -> downloads.File:
        return templates.answers(viewer, store, name, address.lang)

    def phone_template(viewer: Viewer, address: Address, name: str) -> downloads.File:
        return templates.answers(viewer, store, name, address.lang, "phone")

    def empty_indicators(viewer: Viewer, address: Address, year: int) -> downloads.File:
        return templates.indicators(viewer, store, year, address.lang)

    def awards_file(viewer: Viewer, address: Address, name: str) -> downloads.File:
        return awards.file(viewer, source, store, year_of(address), name, address.lang)

    def empty_register(viewer: Viewer, address: Address) -> downloads.File:
        return templates.empty_register(viewer, address.lang)

    def findings(viewer: Viewer, address: Address, token: str, kind: str) -> downloads.File:
        frame = imports.findings_frame(viewer, store, uploads, token, address.lang)
        return downloads.table(say(address.lang, "page_import.findings"), frame, kind)

    def annotated(viewer: Viewer, address: Address, token: str, number: int) -> downloads.File:
        file, data = imports.annotated(viewer, store, uploads, token, number, address.lang)
        return (
            f"{file.rpartition('.')[0] or file}_{say(address.lang, 'page_import.annotated_name')}.xlsx",
            data,
            downloads.XLSX,
        )

    def batch(viewer: Viewer, address: Address, number: int) -> downloads.File:
        kept, found = records.kept_findings(viewer, store, number)
        return downloads.table(
            f"{say(address.lang, 'page_import.findings')}_{number}",
            finding_table(kept.file, found, address.lang),
            "xlsx",
        )

    def quality_table(viewer: Viewer, address: Address, name: str) -> downloads.File:
        return quality.file(viewer, source, store, year_of(address), name, address.lang)

    def robustness_table(viewer: Viewer, address: Address, name: str) -> downloads.File:
        return robustness.file(viewer, source, store, year_of(address), name, address.lang)

    route("/download/robustness/<name>", "viewer", robustness_table)

    def drivers_table(viewer: Viewer, address: Address, code: str = "") -> downloads.File:
        asked = (address.filters.get("outcome", ""), address.filters.get("form", ""))
        return drivers.file(drivers.drivers(viewer, source, store, year_of(address), code, *asked), address.lang)

    route("/download/quality/<name>", "viewer", quality_table)
    route("/download/drivers", "viewer", drivers_table)
    route("/download/drivers/<code>", "viewer", drivers_table)

    def cycle_book(viewer: Viewer, address: Address, kind: str) -> downloads.File:
        return (*cycle.template(viewer, store, year_of(address), kind, address.lang), downloads.XLSX)

    def scheme_book(viewer: Viewer, address: Address, kind: str) -> downloads.File:
        return scheme.workbook(viewer, store, year_of(address), kind, address.lang)

    route("/download/scheme/<kind>", "viewer", scheme_book)
    route("/download/cycle/<kind>", "editor", cycle_book)
    route("/download/community/<code>", "viewer", breakdown)
    route("/download/year", "viewer", archive)
    route("/download/check", "editor", check)
    route("/download/trend/<code>", "viewer", trend)
    route("/download/compare", "viewer", compared)
    route("/download/pairs", "viewer", pairs)

    def task_book(viewer: Viewer, address: Address) -> downloads.File:
        chosen = (address.filters.get("office", ""), address.filters.get("at", ""))
        return tasks.workbook(viewer, source, store, year_of(address), *chosen, address.lang)

    def office_table(viewer: Viewer, address: Address) -> downloads.File:
        return tasks.office_table(viewer, source, store, year_of(address), address.lang)

    route("/download/tasks", "viewer", task_book)
    route("/download/tasks/offices", "viewer", office_table)
    route("/download/alike", "viewer", alike)
    route("/download/template", "viewer", template)
    route("/download/template/<name>", "viewer", template)
    route("/download/template/<name>/phone", "viewer", phone_template)
    route("/download/empty/indicators/<int:year>", "viewer", empty_indicators)
    route("/download/empty/register", "viewer", empty_register)
    route("/download/awards/<name>", "viewer", awards_file)
    route("/download/findings/<token>.<any(csv,xlsx):kind>", "editor", findings)
    route("/download/annotated/<token>/<int:number>", "editor", annotated)
    route("/download/batch/<int:number>", "editor", batch)
    server.add_url_rule(
        "/import/upload", endpoint="xingfu/upload", view_func=_upload(source, store, uploads), methods=["POST"]
    )


def _upload(source: Source, store: Store, uploads: Uploads) -> Any:
    @guarded("editor")
    def upload(viewer: Viewer) -> Response | tuple[Response, int]:
        lang = _address().lang
        said, brought = flask.request.form, flask.request.files.getlist("file")  # 413 where there is too much
        try:
            offered = imports.choices(viewer, store, source.years())
            files = [(imports.bare_name(f.filename or ""), f.read()) for f in brought if f.filename]
            waits = receiving.bring(viewer, uploads, files, said, offered, str(said.get("token") or ""))
            job = looking.look(viewer, store, uploads, waits, offered)
            if job.error is not None and not job.running:
                raise job.error
            return flask.jsonify(token=waits.token)
        except XingfuError as error:
            return flask.jsonify(error=error.word(lang)), 422

    return upload
