"""Every address, file and callback that the dashboard has: promises to links, scripts and open browsers.

Pages register themselves; what they register is written down here a second time, so that none is lost or renamed.
"""

from functools import cache

import pytest

from dashboard.data.uploads import Uploads
from dashboard.router import render
from dashboard.web.permissions import granted
from tests.dashboard.web.test_access import post
from tests.tools.dashboard_tools import ADMIN, fake_app, nodes, plain, show, small_store, words
from tests.tools.towns.fake_results import FakeSource

#: address → the entry of the menu that is marked on it
PAGES = {
    "/": "总览",
    "/community": "社区",
    "/community/SL01": "社区",
    "/trace/SL01": "社区",
    "/answers": "问卷结果",
    "/answers/words": "问卷结果",
    "/compare": "历年对比",
    "/compare/beside": "历年对比",
    "/import": "数据导入",
    "/import/": "数据导入",
    "/import/anything": "数据导入",
    "/cycle": "年度流程",
    "/indicators": "指标填报",
    "/scheme": "测评体系",
    "/todo": "待办",
    "/tasks": "整改任务",
    "/awards": "奖励与目标",
    "/drivers": "影响因素",
    "/drivers/SL01": "影响因素",
    "/views": "已存视图",
    "/estimates": "统计与筛选",
    "/quality": "数据质量",
    "/robustness": "稳健性",
    "/method": "方法说明",
    "/papers": "导出",
    "/administration": "管理",
    "/audit": "审计日志",
    "/basics": "基础信息",
    "/basics/map": "基础信息",
    "/start": "开始年度",
    "/help": "帮助",
    "/help/first-year": "帮助",
    "/help/intake": "帮助",
}
#: pages that a store without responses has nothing for, which they say
REFUSED = ("/robustness",)
#: the menu: its words and where they lead
MENU = [(name, path) for path, name in PAGES.items() if "/" not in path[1:]]
NO_PAGES = ("/nothing", "/help/nothing", "/help/../privacy", "/importer", "/compare/SL01", "/tasks/1", "/communities")
#: address of a file → the permission it takes
FILES = {
    "/download/alike": "see",
    "/download/answers/<kind>": "see",
    "/download/annotated/<token>/<int:number>": "import",
    "/download/contents/<token>/<int:number>": "import",
    "/download/audit": "read_audit",
    "/download/awards/<name>": "see_all",
    "/download/basics/questionnaire/<int:number>": "see",
    "/download/basics/register": "edit_register",
    "/download/basics/scheme/<int:number>": "see",
    "/download/draft/<token>": "edit_questionnaire",
    "/download/beside": "see",
    "/download/batch/<int:number>": "see_imports",
    "/download/original/<int:number>": "see_originals",
    "/download/check": "take_responses",
    "/download/community/<code>": "see",
    "/download/compare": "see",
    "/download/cycle/<kind>": "enter_step",
    "/download/drivers": "see",
    "/download/drivers/<code>": "see",
    "/download/empty/<any(questionnaire,scheme,annex):kind>": "see",
    "/download/empty/indicators/<int:year>": "see",
    "/download/empty/register": "see",
    "/download/estimates": "see",
    "/download/findings/<token>.<any(csv,xlsx):kind>": "import",
    "/download/pairs": "see",
    "/download/picture/<name>": "sign_in",
    "/download/quality/<name>": "see",
    "/download/robustness/<name>": "see",
    "/download/scheme/<kind>": "see",
    "/download/tasks": "see",
    "/download/tasks/offices": "see",
    "/download/template": "see",
    "/download/template/<name>": "see",
    "/download/template/<name>/phone": "see",
    "/download/data": "see",
    "/download/letters": "see_all",
    "/download/archive": "see_all",
    "/download/diagnoses": "see",
    "/download/packed/<kind>": "see",
    "/download/diagnosis/<code>": "see",
    "/download/notice/<code>": "see",
    "/download/street": "see_all",
    "/download/brief": "see_all",
    "/download/responses": "take_responses",
    "/download/todo": "see",
    "/download/todo/letter": "see",
    "/download/trend/<code>": "see",
    "/download/trend-picture/<code>/<kind>": "see",
    "/download/words/<kind>": "see",
    "/download/words/answers/<kind>": "read_words",
    "/download/year": "see",
}
#: address of the API → the permission it takes
API = {
    "/api/v1/openapi.json": "sign_in",
    "/api/v1/years": "see",
    "/api/v1/communities": "see",
    "/api/v1/schemes": "see",
    "/api/v1/batches": "see_imports",
    "/api/v1/years/<int:year>/scores": "see",
    "/api/v1/years/<int:year>/dimensions": "see",
    "/api/v1/years/<int:year>/items": "see",
    "/api/v1/years/<int:year>/indicators": "see",
    "/api/v1/years/<int:year>/flow": "see",
    "/api/v1/years/<int:year>/streets": "see_all",
    "/api/v1/years/<int:year>/questions": "see",
    "/api/v1/years/<int:year>/answers": "see",
    "/api/v1/years/<int:year>/estimates": "see",
    "/api/v1/years/<int:year>/scheme": "see",
    "/api/v1/years/<int:year>/status": "see",
    "/api/v1/years/<int:year>/steps": "see",
    "/api/v1/years/<int:year>/decisions": "see",
    "/api/v1/years/<int:year>/tasks": "see",
}
#: address to which a file is sent → the permission it takes
POSTS = {
    "/import/upload": "import",
    "/questionnaire/draft/upload": "edit_questionnaire",
    "/basics/map/upload": "edit_register",
}
#: outputs of a callback that runs on the server → the permission it takes
CALLBACKS = {
    "kept-fund.data": "enter_balance",
    "kept-pay.data": "enter_payment",
    "kept-pay-back.data": "enter_payment",
    "kept-bank.data": "edit_questionnaire",
    "kept-findings.data": "decide_findings",
    "kept-removal.data": "remove_people",
    "kept-review.data": "review",
    "kept-scheme.data": "edit_scheme",
    "..entry-preview.children...entry-preview.data-state..": "fill_in",
    "..import-question.opened...goto.data...refresh.data@b99159e5f1e40f0cd5422693b2e2d70d2886d13d8fb2cf1942f7b44847266cb8..": "import",
    "..import-stages.children...refresh.data@c74b47b45b6608377384f994a2b55185b7a60aeff0e9774142017ddcdad663b7...goto.data@c74b47b45b6608377384f994a2b55185b7a60aeff0e9774142017ddcdad663b7..": "import",
    "..page.children...view.data..": "sign_in",
    "..removal-found.children...removal-seen.data..": "remove_people",
    "removal-found.children@4ab1511756d56eeae87b4e7c40f20afb8d0795bbaa817044174571d274bd90af": "remove_people",
    "..refresh.data@3bd55eb2284a6da7f0d845119ef66ba3889e75efdf0adb54d9b56ac747d6e652...goto.data@3bd55eb2284a6da7f0d845119ef66ba3889e75efdf0adb54d9b56ac747d6e652..": "take_step",
    "..refresh.data@8a60fbe9430db3ee18c4a93045d91f367eea8c8b52a6696748b3c70c94d400fc...goto.data@8a60fbe9430db3ee18c4a93045d91f367eea8c8b52a6696748b3c70c94d400fc..": "fill_in",
    "..scheme-findings.children...refresh.data@bd7c9112a863ec4b7151f3b5a5e2d2c62580bd711d2db9276f6be4ca09185b83..": "edit_scheme",
    "refresh.data@526d8088884e93bcfe4a2291cce46578ad356a46097e09ddf72143b5cc92e207": "keep_views",
    "refresh.data@12332686e6e12c2d79f3af3bfe6af2f41da01b0a872be61a7a306215967bd7e0": "keep_views",
    "search-found.children": "sign_in",
    "words-read.children": "code_words",
    "refresh.data@fc3d15f0c0fd082553616e7a300adfe5a25f97d4941e351affea6ef9cdfc8c69": "code_words",
    "refresh.data": "undo",
    "refresh.data@f1213081b3d609734508981b26ce8424c11a6c048448dd688c3113428225643b": "edit_questionnaire",
    "refresh.data@cbf8042c1b0057fc1779fdb317a9be7df95a52c5cc4c4a1888cbee4814475c55": "import",
    "refresh.data@930f803bf353261dfda2ed96649e05d6f1fcd96729c9dd3a8c7adb9923ff7343": "decide_findings",
    "goto.data@a5767b21882e8e77c229cd4e50e968a5f117697c2d2b360737b79fae0429f3ed": "edit_questionnaire",
    "goto.data@020b62af3d8806ccfded07118df6e62b51f13886eff5dd171127f91c2e4e4a89": "edit_register",
    "refresh.data@47d31586b78d188ba599d69908879684853c7eead3f97e95719c6ed5c2aede47": "edit_register",
    "refresh.data@da785f9d9ae65e0579c349fe20c22b9b16747e3164fef66d8ee2041285cf9111": "edit_questionnaire",
    "refresh.data@dfa9d0e622795a15f32ba6a01175058771bb04cb704008f6b21580b95a1cbf03": "edit_questionnaire",
    "goto.data@dd9423e1db0c80b57572ac22873c72262cff9087c2155b3071f44ff84cbb6df6": "edit_questionnaire",
    "refresh.data@af09c7609b2abf30deb55117d1d1c4191d27cbb7c2fd9dafa56d29e898340b94": "import",
    "..account-list.children@5167609397cdfec4caa192a351c5f6b66229c48e0c34c5a29c2aa888c98f2306...account-said.children@5167609397cdfec4caa192a351c5f6b66229c48e0c34c5a29c2aa888c98f2306..": "manage_accounts",
    "..account-list.children@9403d8d96e226c9e9c77eff8925715363320da34697a34abe3423127476aae42...account-said.children@9403d8d96e226c9e9c77eff8925715363320da34697a34abe3423127476aae42..": "manage_accounts",
    "..account-list.children@71687cec973b8a5a0ce37e79d6f4ee54637747d771c75aaaa1bbe6055336fc01...account-said.children@71687cec973b8a5a0ce37e79d6f4ee54637747d771c75aaaa1bbe6055336fc01..": "manage_accounts",
    "refresh.data@fffbfc868151119e6cb8860f9c62f39f12a8a7f3b82780ac156a10d2269448c9": "manage_accounts",
    "refresh.data@a7b5fcc656d56a150644f65db648b9ea9488100665e2550115b6baa1f485896c": "manage_accounts",
    "refresh.data@06bfe405416fce55edea2f58df71a04294c913de7d25f387c8963df34bb636dd": "review",
    "refresh.data@b5d2dd58f8a9f5cea9173a9b218a8194620611eab965e97b6ad434bcad829687": "decide_findings",
    "refresh.data@3f01095c8dd9f3daa99a03b1ffe5f0653203a14cab0345aed0d4021202d764ef": "enter_balance",
    "refresh.data@4f07c4c8a4164135dff78192cb32cdee8463bc3e090bb6582ff0aedc3af350dc": "fill_in",
    "refresh.data@886708c74c1a1afd6112eb44aba356e3a8ec8a260f501b77b4d30944f66556b6": "decide_findings",
    "refresh.data@91b4e1a3095d088dee13267ceedf56761e8dbc819bdefb6b48545a8d94f1ddfa": "bring_tasks",
    "refresh.data@2504b601d5f457b5b6d5ccc9a6ac25ac678a146c41d6254ec70e5718d2ec6886": "enter_payment",
    "refresh.data@9cfce7642bbd9a56cf20c603f25e016e40684c1a46cdf1de421f22a793af61d1": "enter_payment",
    "refresh.data@7b120254c96bd8de57b96ab80d31d3d2e0b3ba04051d46a33f7dff7c52af4e91": "enter_payment",
    "refresh.data@5a59a67cad62e9ce00a5cc41f6a2a358040ff7e40efcacbcfa642c72dfe706a8": "review",
    "..entry-question.opened...refresh.data@3750798b3d5c83ff58109618c52d5b1eb90efd278ef76eda27f14e5ba3fa3ff9..": "review",
    "kept-cycle.data": "take_step",
    "refresh.data@8b79ef7964ca1c2e5fbbf689a66d88ce7b930126a932fefa7a927dead18efcca": "fill_in",
    "refresh.data@bb30ad34d2cfa0b96ab6a6717931dffd462f3d864aaab68e862591399660ae67": "set_dates",
    "refresh.data@cd2d0a32246475f8b77cd09c0181d319c5b6fbdaa504c47b8d4aadab250ae64a": "decide_findings",
    "..papers-under-way.children...refresh.data@5b3aa97648b12495e8b0f247457fb0f2a14709cb79c585f8ae0b21264054d9b3..": "see",
    "refresh.data@7099fc6cbe1325f5313173c58622f2786f09d15fc70d59b71e8795a729aeb614": "see",
    "..program-list.children...program-which.data...program-said.children..": "manage_accounts",
}
#: outputs of callbacks that run in the browser
IN_BROWSER = (
    "answers-also.data-gone",
    "answers-community.data-gone",
    "answers-cross.data-gone",
    "answers-form.data-gone",
    "answers-sort.data-gone",
    "answers-split.data-gone",
    "answers-street.data-gone",
    "answers-where.data-gone",
    "audit-action.data-gone",
    "audit-state.data-gone",
    "audit-who.data-gone",
    "beside-against.data-gone",
    "beside-community.data-gone",
    "burger.opened",
    "community-select.data-gone",
    "compare-select.data-gone",
    "drawer.opened",
    "drivers-community.data-gone",
    "drivers-form.data-gone",
    "drivers-outcome.data-gone",
    "drivers-weights.data-gone",
    "entry-community.data-gone",
    "entry-dimension.data-gone",
    "entry-office.data-gone",
    "entry-state.data-gone",
    "estimates-also.data-gone",
    "estimates-base.data-gone",
    "estimates-community.data-gone",
    "estimates-form.data-gone",
    "estimates-item.data-gone",
    "estimates-split.data-gone",
    "estimates-stat.data-gone",
    "estimates-where.data-gone",
    "goto.modified_timestamp",
    "notice.children",
    "scheme-file-name.children",
    "street-select.data-gone",
    "tasks-community.data-gone",
    "tasks-office.data-gone",
    "tasks-state.data-gone",
    "todo-street.data-gone",
    "words-also.data-gone",
    "words-community.data-gone",
    "words-find.data-gone",
    "words-form.data-gone",
    "words-item.data-gone",
    "words-street.data-gone",
    "words-where.data-gone",
)
#: what stands in the address of a file where its pattern has a name
EXAMPLES = {
    "<code>": "SL01",
    "<name>": "x",
    "<kind>": "x",
    "<token>": "x",
    "<int:number>": "1",
    "<int:year>": "2014",
    "<any(csv,xlsx):kind>": "csv",
    "<any(questionnaire,scheme,annex):kind>": "scheme",
}


def ours(app):
    return [r for r in app.server.url_map.iter_rules() if str(r.endpoint).startswith("xingfu")]


def dependencies(app):
    client = app.server.test_client()
    client.get("/")
    return client.get("/_dash-dependencies").get_json()


def active(page):
    """What the menu marks."""
    return [n["props"]["children"] for n in nodes(plain(page.children)) if n["props"].get("aria-current") == "page"]


@pytest.mark.parametrize("path", PAGES)
def test_each_address_has_its_page(path, sqlite_store):
    page = render(ADMIN, FakeSource(), small_store(sqlite_store), Uploads(), path, "?year=2014&lang=zh", {})
    assert "没有这个页面。" not in words(page.children)
    assert active(page)[:1] == ([] if path in REFUSED else [PAGES[path]])


@pytest.mark.parametrize("path", NO_PAGES)
def test_what_has_no_page_says_so(path):
    assert "没有这个页面。" in words(show(path, "?lang=zh").children)


def test_the_menu_lists_the_pages_in_their_order():
    found = [n for n in nodes(plain(show("/", "?lang=zh").children)) if n["props"].get("className") == "drawer-nav"]
    assert [
        (n["props"]["children"], n["props"]["href"].partition("?")[0]) for n in nodes(found) if "href" in n["props"]
    ] == MENU


def test_each_file_has_its_address():
    app = fake_app()
    assert {str(r) for r in ours(app) if "GET" in r.methods} == set(FILES)
    assert {str(r) for r in ours(app) if "POST" in r.methods} == set(POSTS)


@cache
def browser(role):
    """Who only looks needs no app of the own."""
    return fake_app(role).server.test_client()


def test_each_address_of_the_api_is_the_one_that_it_was():
    found = [r for r in fake_app().server.url_map.iter_rules() if str(r).startswith("/api/")]
    assert {str(r) for r in found} == set(API)
    assert {method for r in found for method in r.methods} == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("rule", [*FILES, *API])
def test_each_file_is_given_to_who_may_have_it_at_all(rule):
    path = rule
    for name, value in EXAMPLES.items():
        path = path.replace(name, value)
    assert "<" not in path
    assert browser("local").get(path).status_code != 403
    for role in ("leader", "clerk", "interviewer"):
        assert (browser(role).get(path).status_code == 403) == (not granted(role, {**FILES, **API}[rule]))


def test_each_callback_has_its_outputs():
    found = dependencies(fake_app())
    assert {d["output"] for d in found if not d["clientside_function"]} == set(CALLBACKS)
    assert sorted(d["output"] for d in found if d["clientside_function"]) == list(IN_BROWSER)


def test_each_callback_runs_for_who_may_call_it_at_all():
    app = fake_app("leader")
    refused = {d["output"]: post(app, d).status_code == 403 for d in dependencies(app) if not d["clientside_function"]}
    assert refused == {output: not granted("leader", needed) for output, needed in CALLBACKS.items()}
