"""What changes something: files brought, what an upload is, storing it, taking an import back."""

from __future__ import annotations

import time
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update, set_props
from flask import Response, jsonify, request

from dashboard.accounts import half_filled
from dashboard.data.uploads import Upload
from dashboard.pages.imports import DECIDING
from dashboard.pages.imports.readings import register_readings
from dashboard.pages.imports.removal import register_removal
from dashboard.pages.imports.service import background_work, checks, decisions, import_history, incoming_files
from dashboard.pages.imports.service.storing import Stored
from dashboard.pages.imports.view.progress import stage_lines
from dashboard.parts.context import Context
from dashboard.parts.page import Resources
from dashboard.web.access import Viewer, guarded
from dashboard.web.address import parse
from survey.core import commits
from survey.core.errors import Refused, Surroundings, XingfuError
from survey.core.lang import say
from survey.people import retention

#: field in which Enter was pressed → what it does, as its button would
_ENTERED = {"decide-value": "set", "decide-reason": "leave_out"}


def register(app: Dash, resources: Resources) -> None:
    """Register them; every one is guarded."""
    source, store, uploads = resources.source, resources.store, resources.uploads
    register_readings(app, store, uploads)
    register_removal(app, store)

    def waiting(viewer: Viewer, token: Any) -> Upload:
        return uploads.find(str(token), viewer.user)

    def clicked(*names: str) -> tuple[Any, ...] | None:
        """The parts of the id of what was really clicked; None where a line has only appeared."""
        one, values = ctx.triggered_id, [t["value"] for t in ctx.triggered]
        return tuple(one.get(n) for n in names) if isinstance(one, dict) and any(values) else None

    def beside(where: str, **at: Any) -> Any:
        """The value of the field of the same finding."""
        fields = [f for group in ctx.states_list if isinstance(group, list) for f in group]
        return next((f.get("value") for f in fields if f["id"] == {"type": where, **at}), None)

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input({"type": "part-field", "part": ALL, "name": ALL}, "value"),
        Input({"type": "part-check", "part": ALL}, "checked"),
        Input({"type": "year-of-all", "part": ALL}, "value"),
        State("import-token", "data"),
        prevent_initial_call=True,
    )
    @guarded("import")
    def change(viewer: Viewer, _fields: Any, _checks: Any, _year: Any, token: Any) -> Any:
        one = ctx.triggered_id
        if not token or not isinstance(one, dict) or len(ctx.triggered) != 1:
            return no_update
        upload = waiting(viewer, token)
        offered = checks.choices(viewer, store, source.years())
        name = one.get("name") if one.get("type") == "part-field" else "add_communities"
        value = ctx.triggered[0]["value"]
        if one.get("type") == "year-of-all":
            if not value:
                return no_update
            everyone = checks.say_year_of_all(viewer, uploads, upload, value, offered)
            return no_update if everyone is upload else time.time()
        changed = checks.say_of(viewer, uploads, upload, one.get("part"), name, value, offered)
        return no_update if changed is upload else time.time()

    at = {"part": ALL, "cell": ALL, "code": ALL}

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input({"type": "decide", **at, "action": ALL}, "n_clicks"),
        Input({"type": "decide-value", **at}, "n_submit"),
        Input({"type": "decide-reason", **at}, "n_submit"),
        State({"type": "decide-value", **at}, "value"),
        State({"type": "decide-reason", **at}, "value"),
        State({"type": "decide-alike", **at}, "checked"),
        State("import-token", "data"),
        prevent_initial_call=True,
    )
    @guarded("decide_findings")
    def decide(
        viewer: Viewer, _clicks: Any, _sent: Any, _why: Any, _values: Any, _reasons: Any, _alike: Any, token: Any
    ) -> Any:
        parts = clicked("type", "part", "cell", "code", "action")
        if parts is None or not token:
            return no_update
        kind, part, cell, code, action = parts
        action = _ENTERED.get(kind, action)
        here = {"part": part, "cell": cell, "code": code}
        decisions.decide(
            viewer,
            store,
            uploads,
            waiting(viewer, token),
            part,
            cell=cell,
            code=code,
            action=action,
            value=beside("decide-value", **here),
            reason=beside("decide-reason", **here),
            all_alike=beside("decide-alike", **here) is True,
        )
        return time.time()

    @app.callback(
        Output("refresh", "data", allow_duplicate=True),
        Input({"type": "undecide", "part": ALL, "which": ALL}, "n_clicks"),
        State("import-token", "data"),
        prevent_initial_call=True,
    )
    @guarded("decide_findings")
    def take_back(viewer: Viewer, _clicks: Any, token: Any) -> Any:
        parts = clicked("part", "which")
        if parts is None or not token:
            return no_update
        decisions.undecide(viewer, uploads, waiting(viewer, token), *parts)
        return time.time()

    def lead_on(viewer: Viewer, token: Any, done: Any, search: Any) -> str:
        """The address of the receipt; what stays out waits on under the same token."""
        address = parse("/import", str(search or ""), request.cookies)
        year = done.years[-1] if done.years else address.year
        if said := beside_the_receipt(done, address.lang):
            set_props("notice", {"children": said})
        rest = str(token) if done.left else None
        if rest is None:
            half_filled.forget(viewer, store, DECIDING, parse("/import", f"token={token}"))
        if (
            not done.batches
        ):  # only questionnaires and schemes, which are no batches: on to what waits, or to the next step
            return address.link("/import", token=rest) if rest else address.link("/start")
        return address.link("/import", batch=",".join(map(str, done.batches)), year=year, token=rest)

    @app.callback(
        Output("import-question", "opened"),
        Output("goto", "data"),
        Output("refresh", "data", allow_duplicate=True),
        Input("import-commit", "n_clicks"),
        Input("import-confirm", "n_clicks"),
        Input("import-back", "n_clicks"),
        State("import-token", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("import")
    def store_it(
        viewer: Viewer, asked: int | None, confirmed: int | None, _back: int | None, token: str, search: str
    ) -> Any:
        clicked = ctx.triggered_id
        if clicked == "import-back" or not (asked or confirmed):
            return False, no_update, no_update
        if background_work.at_work(viewer, uploads, token):
            return False, no_update, time.time()
        upload = waiting(viewer, token)
        found = checks.known(viewer, store, uploads, upload)
        if found is None:  # something was stored meanwhile: it is looked at again, and shown
            return False, no_update, time.time()
        if clicked == "import-commit" and any(c.state == "partial" for c in found):
            return True, no_update, no_update
        sure = clicked == "import-confirm"
        job = background_work.put_in(viewer, store, uploads, upload, source, found, accept_partial=sure)
        if job.running:
            return False, no_update, time.time()
        refused = background_work.failure(viewer, uploads, token, "store")
        if refused is not None:
            raise refused
        return False, lead_on(viewer, token, job.result, search), no_update

    @app.callback(
        Output("import-stages", "children"),
        Output("refresh", "data", allow_duplicate=True),
        Output("goto", "data", allow_duplicate=True),
        Input("import-tick", "n_intervals"),
        State("import-stages", "data-kind"),
        State("import-token", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("import")
    def follow(viewer: Viewer, _ticks: int | None, kind: Any, token: Any, search: Any) -> Any:
        work = background_work.at_work(viewer, uploads, token)
        if work is not None:
            return stage_lines(*work, parse("/import", str(search or ""), request.cookies).lang), no_update, no_update
        done = background_work.stored(viewer, uploads, token) if kind == "store" else None
        if done is not None:
            return no_update, no_update, lead_on(viewer, token, done, search)
        return no_update, time.time(), no_update

    @app.callback(
        Output("refresh", "data"),
        Input({"type": "batch-switch", "batch": ALL}, "n_clicks"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @guarded("undo")
    def switch(viewer: Viewer, clicks: list[int | None], search: Any) -> Any:
        clicked = ctx.triggered_id
        if not any(clicks) or not isinstance(clicked, dict):
            return no_update
        number = clicked.get("batch")
        if not isinstance(number, int):
            raise Refused("store.unknown_batch", batch=number)
        batch, unscored = import_history.switch(viewer, store, number)
        lang = parse("/import", str(search or ""), request.cookies).lang
        told = late(unscored, lang) if unscored else " ".join(import_history.waiting(viewer, store, batch, lang))
        if told:
            set_props("notice", {"children": told})
        return time.time()


def beside_the_receipt(done: Stored, lang: str) -> str:
    """What happened besides storing: contacts whose term was over, years that could not be computed."""
    said = [say(lang, "definition.adopted", name=d.name, version=d.version) for d in done.adopted]
    said += [] if done.purged is None else [retention.words(done.purged, lang)]
    return "".join([*said, *([] if done.unscored is None else [late(done.unscored, lang)])])


def late(error: XingfuError, lang: str) -> str:
    """What went wrong after something was stored, and that it stays so."""
    return commits.worded(error, commits.Work(kept=int(isinstance(error, Surroundings))), lang)


def upload(context: Context) -> Response | tuple[Response, int]:
    """Files from the browser: the token under which they wait, or why they are refused."""
    viewer, store, uploads = context.viewer, context.store, context.uploads
    said, brought = request.form, request.files.getlist("file")  # 413 where there is too much
    try:
        offered = checks.choices(viewer, store, context.source.years())
        files = [(checks.bare_name(f.filename or ""), f.read()) for f in brought if f.filename]
        waits = incoming_files.bring(viewer, uploads, files, said, offered, str(said.get("token") or ""))
        job = background_work.look(viewer, store, uploads, waits, offered)
        if job.error is not None and not job.running:
            raise job.error
        return jsonify(token=waits.token)
    except XingfuError as error:
        return jsonify(error=error.word(context.lang)), 422
