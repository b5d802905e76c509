"""Who may do what: the gate, the roles, the headers."""

import json
import re

import pytest

from dashboard.web.access import Viewer, guard_of, guarded
from dashboard.web.permissions import PERMISSIONS, granted
from dashboard.web.security import HEADERS
from survey.core import limits
from tests.tools.dashboard_tools import fake_app

DATA_PATHS = (
    "/",
    "/_dash-layout",
    "/_dash-dependencies",
    "/download/community/SL01",
    "/download/year",
    "/download/trend/SL01",
    "/download/template",
    "/download/compare",
    "/download/pairs",
    "/community/SL01",
)


def callbacks(app):
    """(dependency, registered function) of every callback that runs on the server."""
    client = app.server.test_client()
    client.get("/")
    known = client.get("/_dash-dependencies").get_json()
    return [(d, app.callback_map[d["output"]]["callback"]) for d in known if not d["clientside_function"]]


def body_of(dependency):
    """A request as the browser would send it, with empty values."""

    def value(part):
        name = part["id"]
        if name.startswith("{"):
            return [{"id": {"type": "batch-switch", "batch": 1}, "property": part["property"], "value": None}]
        return {"id": name, "property": part["property"], "value": None}

    outputs = [o.rpartition(".") for o in dependency["output"].strip(".").split("...")]
    listed = [{"id": i, "property": p} for i, _, p in outputs]
    inputs, state = [value(i) for i in dependency["inputs"]], [value(s) for s in dependency["state"]]
    changed = f"{dependency['inputs'][0]['id']}.{dependency['inputs'][0]['property']}"
    return {
        "output": dependency["output"],
        "outputs": listed if len(listed) > 1 else listed[0],
        "inputs": inputs,
        "state": state,
        "changedPropIds": [changed],
    }


def post(app, dependency, **headers):
    return app.server.test_client().post("/_dash-update-component", json=body_of(dependency), headers=headers)


def test_every_callback_on_the_server_goes_through_the_guard():
    found = callbacks(fake_app())
    assert len(found) >= 4
    assert all(getattr(f, "guarded_by", None) in PERMISSIONS for _, f in found)


def test_every_route_of_ours_goes_through_the_guard():
    app = fake_app()
    ours = [e for e in app.server.view_functions if e.startswith("xingfu")]
    assert len(ours) >= 7
    assert all(app.server.view_functions[e].guarded_by in PERMISSIONS for e in ours)


def test_nobody_gets_no_callback():
    app = fake_app()
    known = [d for d, _ in callbacks(app)]
    assert [post(fake_app(None), d).status_code for d in known] == [401] * len(known)


def test_a_viewer_gets_no_callback_of_an_editor():
    app = fake_app("leader")
    wanted = {d["output"]: 200 if granted("leader", f.guarded_by) else 403 for d, f in callbacks(app)}
    assert {d["output"]: post(app, d).status_code for d, _ in callbacks(app)} == wanted
    assert 403 in wanted.values()


@pytest.mark.parametrize("path", DATA_PATHS)
def test_nobody_gets_no_page_and_no_file(path):
    assert fake_app(None).server.test_client().get(path).status_code == 401


def test_only_the_health_check_and_static_files_are_open():
    client = fake_app(None).server.test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/assets/base.css").status_code == 200


def test_a_viewer_may_not_upload():
    assert fake_app("leader").server.test_client().post("/import/upload").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_post_from_another_site_is_refused(headers):
    app = fake_app()
    (dependency, _), *_ = callbacks(app)
    assert post(app, dependency, **headers).status_code == 403
    assert post(app, dependency, Origin="http://localhost").status_code == 200


def test_a_foreign_host_name_is_nobody():
    from dashboard.app import create_app
    from tests.tools.towns.fake_results import FakeSource

    client = create_app(None, source=FakeSource()).server.test_client()
    assert client.get("/", headers={"Host": "rebound.example:8050"}).status_code == 401
    assert client.get("/", headers={"Host": "127.0.0.1:8050"}).status_code == 200


def test_headers_and_policy_allow_this_server_only():
    response = fake_app().server.test_client().get("/")
    assert {k: response.headers[k] for k in HEADERS} == HEADERS
    policy = response.headers["Content-Security-Policy"]
    scripts = re.search(r"script-src ([^;]+)", policy).group(1)
    assert "unsafe" not in scripts
    assert "http" not in policy
    inline = re.findall(r"<script(?![^>]*src)[^>]*>", response.get_data(as_text=True))
    assert scripts.count("sha256-") >= 1
    assert len(inline) >= 1


def test_the_first_html_speaks_the_readers_language_and_names_nothing_outside():
    client = fake_app().server.test_client()
    text = client.get("/?lang=en").get_data(as_text=True)
    assert '<html lang="en">' in text
    assert '<html lang="zh-CN">' in fake_app().server.test_client().get("/").get_data(as_text=True)
    assert re.findall(r'(?:src|href)="(?:https?:)?//', text) == []


def test_a_body_over_the_limit_is_refused_in_a_sentence():
    app = fake_app()
    response = app.server.test_client().post(
        "/import/upload",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(limits.UPLOAD_BYTES + 2 * 1024 * 1024)},
    )
    assert response.status_code == 413
    assert "50 MB" in response.get_data(as_text=True)


def test_the_layout_holds_no_data():
    text = fake_app().server.test_client().get("/_dash-layout").get_data(as_text=True)
    assert "社区" not in json.loads(json.dumps(text))


def test_no_machine_protocol_is_served():
    assert fake_app().server.test_client().get("/mcp").mimetype == "text/html"
    assert not any("mcp" in str(rule) for rule in fake_app().server.url_map.iter_rules())


def test_an_unknown_permission_or_role_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="boss"):
        guarded("boss")
    with pytest.raises(ValueError, match="boss"):
        Viewer("somebody", "boss")


def test_what_is_not_guarded_is_told_by_its_name():
    with pytest.raises(ValueError, match="test_what_is_not_guarded"):
        guard_of(test_what_is_not_guarded_is_told_by_its_name)
