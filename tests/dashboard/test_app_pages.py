"""Pages register themselves: whoever shows, serves or guards them walks their list and names none."""

import ast
import inspect
from pathlib import Path

import pytest
from dash import Dash, Input, Output, html

from dashboard.app import create_app
from dashboard.pages import FOLDERS, PAGES
from dashboard.parts.context import View
from dashboard.parts.page import MORE, Download, Later, Page, Post, Select, find
from dashboard.router import render
from dashboard.web.access import Viewer, guarded
from dashboard.web.address import FILTERS
from survey.core.lang import known
from tests.tools.dashboard_tools import ADMIN, VIEWER, plain, words
from tests.tools.towns.fake_results import FakeSource

ROOT = Path(__file__).resolve().parents[2]
WALK = ("app.py", "router.py", "routes.py", "serving/server.py", "parts/shell.py", "parts/page.py", "parts/context.py")


def shown(context, what="nothing"):
    return View("made up", "invented", html.P(f"here is {what} of {context.year}"))


def register(app, resources):
    @app.callback(Output("invented", "children"), Input("invented-button", "n_clicks"))
    @guarded("edit_scheme")
    def press(viewer, clicks):
        return viewer.user


INVENTED = Page(
    "invented",
    shown,
    needs="edit_scheme",
    paths=("/invented", "/invented/<what>"),
    label="page_start.title",
    menu=MORE,
    register=register,
    selects=(Select("invented-select", "street"),),
    downloads=(Download("/download/invented/<what>", lambda c, what: (f"{what}.txt", b"x", "text/plain"), "undo"),),
    posts=(Post("/invented/post", lambda context: context.viewer.user, "undo"),),
)


def client_of(role="local", pages=(*PAGES, INVENTED), communities=None):
    app = create_app(None, source=FakeSource(), identify=lambda _: Viewer("somebody", role, communities), pages=pages)
    return app.server.test_client()


def see(path, viewer=ADMIN):
    return render(viewer, FakeSource(), None, None, path, "?lang=zh&year=2014", {}, (*PAGES, INVENTED))


def test_a_page_of_the_list_is_reached_and_stands_in_the_menu():
    assert "here is nothing of 2014" in words(see("/invented").children)
    assert "here is this/and that of 2014" in words(see("/invented/this/and that").children)
    for path in ("/", "/invented"):
        assert '"/invented?lang=zh&year=2014"' in str(plain(see(path).children)).replace("'", '"')
    assert "没有这个页面。" in words(render(ADMIN, FakeSource(), None, None, "/invented", "?lang=zh", {}).children)


def test_its_permission_is_enforced_and_hides_it_from_the_menu():
    assert "无权限" in words(see("/invented", VIEWER).children)
    assert "无权限" in words(see("/invented", Viewer("one", "local", frozenset({"SL01"}))).children)
    assert "/invented" not in str(plain(see("/", VIEWER).children))


def test_its_files_and_posts_are_served_to_who_may_have_them():
    response = client_of().get("/download/invented/abc")
    assert (response.status_code, response.data, response.mimetype) == (200, b"x", "text/plain")
    assert "abc.txt" in response.headers["Content-Disposition"]
    assert client_of().post("/invented/post").data == b"somebody"
    assert client_of("leader").get("/download/invented/abc").status_code == 403
    assert client_of("leader").post("/invented/post").status_code == 403
    assert client_of(pages=PAGES).get("/download/invented/abc").mimetype == "text/html"  # Dash's own page


def test_its_callbacks_and_selects_are_registered():
    client = client_of()
    client.get("/")
    outputs = {d["output"] for d in client.get("/_dash-dependencies").get_json()}
    assert {"invented.children", "invented-select.data-gone"} <= outputs


def test_a_page_is_kept_or_made_anew_as_it_says():
    made = []

    def count(context):
        made.append(context.year)
        return View("x", "x", "x")

    from tests.dashboard.test_app import ask

    for kept, times in ((True, 1), (False, 2)):
        made.clear()
        client = client_of(pages=(Page("x", count, needs="see", paths=("/x",), kept=kept),))
        ask(client, "/x", "?year=2014&lang=zh")
        ask(client, "/x", "?year=2014&lang=zh")
        assert len(made) == times


def test_what_names_no_permission_is_not_registered():
    with pytest.raises(TypeError, match="needs"):
        Page("x", shown)
    with pytest.raises(TypeError, match="needs"):
        Download("/download/x", shown)
    with pytest.raises(TypeError, match="needs"):
        Post("/x", shown)
    for make in (
        lambda: Page("x", shown, needs=""),
        lambda: Download("/download/x", shown, ""),
        lambda: Post("/x", shown, ""),
    ):
        with pytest.raises(ValueError, match="no permission"):
            make()

    def unguarded(app: Dash, resources):
        app.callback(Output("a", "children"), Input("b", "n_clicks"))(lambda clicks: clicks)

    with pytest.raises(ValueError, match="not guarded"):
        client_of(pages=(Page("x", shown, needs="see", register=unguarded),))


def test_a_select_is_called_like_no_other():
    twice = tuple(Page(p, shown, needs="see", selects=(Select("same", p),)) for p in ("street", "at"))
    with pytest.raises(ValueError, match="same"):
        client_of(pages=twice)


@pytest.mark.parametrize("name", WALK)
def test_who_walks_the_list_names_no_page(name):
    tree = ast.parse((ROOT / "dashboard" / name).read_text(encoding="utf-8"))
    imported = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    imported += [alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names]
    assert len(imported) > 3
    assert [module for module in imported if module.startswith("dashboard.pages.")] == []
    words_of = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    addresses = {path for page in PAGES for path in page.paths} - {"/"}
    assert words_of & (addresses | set(FOLDERS) | {s.id for p in PAGES for s in p.selects}) == set()


def test_every_folder_of_a_page_stands_in_the_list():
    folders = {path.parent.name for path in (ROOT / "dashboard" / "pages").glob("*/page.py")}
    assert len(folders) > 10
    assert sorted(FOLDERS) == sorted(folders)


def test_addresses_names_and_files_are_each_one_pages_own():
    for found in (
        [page.name for page in PAGES],
        [path for page in PAGES for path in page.paths],
        [d.rule for page in PAGES for d in (*page.downloads, *page.posts)],
    ):
        assert len(found) == len(set(found)) > 1
    assert find(PAGES, "/nowhere") is None
    assert sum(page.for_empty for page in PAGES) == 1


@pytest.mark.parametrize("one", PAGES, ids=lambda one: one.name)
def test_what_a_page_says_of_itself_is_there(one):
    later = [f for f in (one.show, one.register, *(p.handle for p in one.posts)) if isinstance(f, Later)]
    assert all(callable(f.load()) for f in later)
    show = one.show.load() if isinstance(one.show, Later) else one.show
    assert next(iter(inspect.signature(show).parameters)) == "context"
    assert not one.menu or known(one.label)
    for select in one.selects:
        assert select.parameter in FILTERS or any(f"<{select.parameter}>" in path for path in one.paths)
