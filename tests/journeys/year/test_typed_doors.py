"""The other doors through which text is typed: money, decisions taken back, corrections, questions answered, pages."""

from __future__ import annotations

import json
from typing import Any

import xingfu
from analysis.awards import disbursements
from analysis.awards.disbursements import Said
from analysis.publication import cycle_steps
from analysis.quality import rates
from dashboard.pages.awards import service as awards_page
from dashboard.pages.cycle import service as cycle_page
from dashboard.pages.cycle.service import year_cycle
from dashboard.router import render
from survey.core import limits
from survey.form.model import Question
from survey.form.workbook.writing import write_questionnaire
from survey.store import Store, keyring
from survey.store.year.cycle import Event
from tests.journeys.year.test_typed_texts import NAME, book, kept, nasty, rows, town  # noqa: F401
from tests.tools.dashboard_tools import ADMIN, source_of, words
from tests.tools.forms import form


def opened(call: Any) -> Any:
    """What ``call`` gives of the store, which is closed afterwards."""
    store = Store.open("xingfu.db")
    try:
        return call(store)
    finally:
        store.close()


def page(path: str) -> str:
    return opened(lambda s: words(render(ADMIN, source_of(s), s, None, path, "?year=2014", {}).children))


def step(kind: str, code: str = "", **more: Any) -> Event:
    return Event(kind, 2014, code, **{"who": "李", "document": "1号", "date": "2014-12-01", **more})


def named(store: Store) -> None:
    """Both communities named with three stars."""
    cycle_steps.take_all(store, [step("applied", "C1", star=3), step("applied", "C2", star=3)])
    cycle_steps.review(store, 2014, "李")
    cycle_steps.calculate(store, 2014, "李")
    cycle_steps.take(store, step("publicised", date="2014-11-20", until="2014-11-27"))
    cycle_steps.take_all(store, [step("decided", c, total=760.0, body="district") for c in ("C1", "C2")])
    cycle_steps.name(store, step("title"))


def test_money(town):  # noqa: F811
    opened(named)
    town("awards", "balance", "1000", "--year", "2014", "--payer", "区", "--document", nasty("余额"))
    paid = ("--year", "2014", "--payer", "区", "--date", "2014-12-20", "--by", nasty("出纳"))
    town("awards", "pay", "C1", "75000", *paid, "--voucher", nasty("付"), "--note", nasty("首笔"))
    town("awards", "return", "C1", "100", *paid, "--voucher", nasty("退"), "--note", nasty("退款"))
    by = ("--approver", nasty("主任"), "--by", nasty("会计"))
    town("awards", "withdraw", "2", "--reason", nasty("重录"), *by)
    header = ["社区", "承担方", "金额", "凭证号", "日期", "说明"]
    book("p.xlsx", header, ["C2", "街道", "75000", nasty("簿"), "2014-12-21", nasty("次笔")])
    town("awards", "import", "p.xlsx", "--year", "2014", "--by", nasty("出纳"))
    typed = {nasty(t) for t in ("出纳", "付", "首笔", "退", "退款", "主任", "会计", "重录", "簿", "次笔")}
    assert {*typed, nasty("余额")} <= kept()
    listed = {v for row in rows(town("awards", "entries")) for v in row.values()}
    assert typed <= listed
    assert nasty("簿") in {row["vouchers"] for row in rows(town("awards", "ledger"))}
    shown = page("/awards")
    assert [t for t in {*typed, nasty("余额")} if t not in shown] == []


def test_decisions_taken_back_and_corrections(town):  # noqa: F811
    opened(named)
    by = ("--by", nasty("李"))
    town("cycle", "decide", "2014", "C1", "--withdraw", "--reason", nasty("撤"), "--document", nasty("撤文"), *by)
    town(
        "cycle",
        "decide",
        "2014",
        "C1",
        *by,
        "--body",
        "district",
        "--outcome",
        "deferred",
        "--date",
        "2014-12-05",
        "--document",
        nasty("暂文"),
        "--reason",
        nasty("暂缓"),
    )
    (veto,) = rows(
        town(
            "cycle",
            "veto",
            "add",
            "2014",
            "C2",
            "--kind",
            "other",
            "--document",
            nasty("纪"),
            "--date",
            "2014-12-03",
            "--reason",
            nasty("通报"),
            *by,
        )
    )
    town("cycle", "veto", "approve", "2014", veto["id"], "--by", nasty("王"))
    town("cycle", "veto", "lift", "2014", veto["id"], "--reason", nasty("误报"), "--by", nasty("王"))
    wanted = {nasty(t) for t in ("李", "撤", "撤文", "暂文", "暂缓", "纪", "通报", "王", "误报")}
    assert wanted <= kept()
    assert wanted <= {v for row in rows(town("cycle", "log", "2014")) for v in row.values()}
    shown = page("/cycle")
    assert nasty("误报") in shown


def test_a_correction_says_who_approved_it_and_why(town):  # noqa: F811
    opened(named)
    town("cycle", "close", "2014", "--by", nasty("李"))
    town("cycle", "correct", "2014", "--reason", nasty("更正"), "--approver", nasty("主任"), "--by", nasty("李"))
    town("cycle", "close", "2014", "--by", nasty("李"))
    listed = rows(town("cycle", "versions", "2014"))[-1]
    assert (listed["reason"], listed["approved_by"], listed["who"]) == (nasty("更正"), nasty("主任"), nasty("李"))
    assert nasty("更正") in page("/cycle")


def test_objections_on_the_page(town):  # noqa: F811
    def published(store: Store) -> None:
        cycle_steps.take(store, step("applied", "C1", star=3))
        cycle_steps.review(store, 2014, "李")
        cycle_steps.calculate(store, 2014, "李")
        cycle_steps.take(store, step("publicised", date="2014-11-20", until="2014-11-27"))

    def act(do: str, **said: str) -> None:
        opened(lambda s: cycle_page.act(ADMIN, s, 2014, do, said))

    opened(published)
    about = {"subject": nasty("事项"), "reason": nasty("异议"), "document": nasty("函"), "date": "2014-11-21"}
    act("objection", community="C1", **about)
    (number,) = {e.id for e in opened(lambda s: year_cycle(ADMIN, s, 2014).found.log.events) if e.kind == "objection"}
    said = {"subject": nasty("事务办"), "reason": nasty("答复"), "outcome": "upheld", "document": nasty("复")}
    act("answer", matter=str(number), **said)
    act("keep", community="C1", reason=nasty("不变"))
    wanted = {nasty(t) for t in ("事项", "异议", "函", "事务办", "答复", "复", "不变")}
    assert wanted <= kept()
    assert wanted <= {v for row in rows(town("cycle", "log", "2014")) for v in row.values()}
    shown = page("/cycle")
    assert [t for t in (nasty("异议"), nasty("答复"), nasty("不变")) if t not in shown] == []


def test_money_on_the_page(town):  # noqa: F811
    opened(named)

    def typed(store: Store) -> None:
        source = source_of(store)
        awards_page.enter(ADMIN, source, store, 2014, "区", "1000", nasty("余额"), "2014-12-31")
        said = Said(2014, "C1", "区", "10", nasty("付"), "2014-12-20", nasty("首笔"))
        entry = awards_page.pay(ADMIN, source, store, said)
        awards_page.take_back(ADMIN, store, str(entry.id), nasty("重录"), nasty("主任"))
        assert disbursements.ledger(store).entries[0].voucher == nasty("付")

    opened(typed)
    wanted = {nasty(t) for t in ("余额", "付", "首笔", "重录", "主任")}
    assert wanted <= kept()
    shown = page("/awards")
    assert [t for t in wanted if t not in shown] == []


def test_what_a_person_decides_about_an_import(town):  # noqa: F811
    header = ["编号", "社区", "年度", "办事方便", "环境卫生", "A", "B", "D", "E"]
    book("a.xlsx", header, ["1", "C1", "2014", *"112211"], ["2", "C1", "2014", *"119211"])
    said = [{"file": "a.xlsx", "sheet": "Sheet", "cell": "F3", "decision": "留空", "reason": nasty("看不清")}]
    with open("d.json", "w", encoding="utf-8") as file:
        json.dump(said, file, ensure_ascii=False)
    town("import", "a.xlsx", "--questionnaire", "q", "--decisions", "d.json")
    assert nasty("看不清") in kept()


def test_a_street_is_asked_for_by_the_name_it_was_given(town):  # noqa: F811
    header = ["code", "name", "sub_district"]
    book("r.xlsx", header, ["C1", "甲社区", nasty("甲", NAME)], ["C2", "乙社区", nasty("乙", NAME)])
    town("communities", "add", "r.xlsx")
    town("awards", "balance", "1000", "--year", "2014", "--payer", "区", "--street", nasty("甲", NAME))
    (line,) = rows(town("awards", "forecast", "--year", "2014", "--street", nasty("甲", NAME)))[:1]
    assert line["balance"] == "1000"


def test_why_answers_were_deleted_for_good(town):  # noqa: F811
    header = ["编号", "社区", "年度", "办事方便", "环境卫生", "A", "B", "D", "E"]
    name = f"{nasty('删', NAME)}.xlsx"
    book(name, header, ["z1", "C1", "2014", *"112211"])
    town("import", name, "--questionnaire", "q")
    batch = rows(town("batches"))[0]
    assert batch["file"] == name
    town("remove", "--batch", batch["batch"], "--reason", nasty("退出"), "--yes")
    assert nasty("退出") in kept()
    assert rows(town("remove"))[-1]["reason"] == nasty("退出")
    assert nasty("退出") in town("audit", "list")


def test_a_plan_of_how_many_are_wanted_is_known_by_its_files_name(town):  # noqa: F811
    name = f"{nasty('计划', NAME)}.xlsx"
    book(name, ["社区", "年度", "方式", "应收"], ["Ｃ１", "２０１４", "纸质", "１２０"])
    town("coverage", "--year", "2014", "--plan", name)
    assert name in kept()
    lines = {
        row["mode"]: row["wanted"] for row in rows(town("coverage", "--year", "2014")) if row["community"] == "甲社区"
    }
    assert "120" in lines.values()


def test_whom_to_call_back(town, monkeypatch):  # noqa: F811
    monkeypatch.setenv("XINGFU_KEY", keyring.new_key().written())
    with open("q.xlsx", "wb") as file:
        file.write(write_questionnaire(form(Question("tel", "text", {"zh": "联系电话", "en": "phone"}, role="phone"))))
    town("questionnaire", "add", "q.xlsx", "--name", "tel")
    name = f"{nasty('答卷', NAME)}.xlsx"
    book(
        name, ["编号", "社区", "年度", "办事方便", "环境卫生", "联系电话"], ["R001", "C1", "2014", *"11", "13800131234"]
    )
    town("import", name, "--questionnaire", "tel")
    town("contacts", "export", "out.csv", "--yes")
    with open("out.csv", encoding="utf-8-sig") as file:
        (line,) = rows(file.read())
    assert (line["respondent"], line["phone"]) == ("R001", "13800131234")
    assert {name, "out.csv"} <= kept()


def test_numbers_of_respondents_and_names_of_interviewers(town):  # noqa: F811
    """Stored as typed; the same person however the number is written: counted once, and gone with every call."""
    with open("q.xlsx", "wb") as file:
        file.write(write_questionnaire(form(Question("who", "text", {"zh": "访员", "en": "by"}, role="interviewer"))))
    town("questionnaire", "add", "q.xlsx", "--name", "by")
    header, place = ["编号", "社区", "年度", "办事方便", "环境卫生", "访员"], ["C1", "2014"]
    sheet = [[f"Ｒ－００{i}", *place, *"11", "①号 Ａ" if i < 6 else "1号 A"] for i in range(1, 10)]
    book("a.xlsx", header, *sheet)
    town("import", "a.xlsx", "--questionnaire", "by")
    assert {"Ｒ－００1", "①号 Ａ"} <= kept()
    book("b.xlsx", header, ["R-001", *place, *"11", "①号 Ａ"])
    assert xingfu.main(["import", "b.xlsx", "--questionnaire", "by"]) == 3  # the same person in another writing: asked
    calls = [[number, *place, "1", "完成", "①号 Ａ"] for number in ("r1", "Ｒ００２", "R-011")]
    book("c.xlsx", ["编号", "社区", "年度", "次数", "访问结果", "访员"], *calls)
    town("calls", "import", "c.xlsx", "--questionnaire", "by")
    assert "Ｒ００２" in kept()

    def held(store: Store) -> tuple[Any, Any]:
        with store.read() as conn:
            found = rates.cases(conn, 2014)
            return found["respondent"].tolist(), set(found["interviewer"])

    assert opened(held) == (["R-011", "r1", "Ｒ００２"], {"①号 Ａ"})
    groups = rows(town("estimate", "--questionnaire", "by", "--item", "Q1", "--by", "interviewer"))
    assert {row["interviewer"] for row in groups} == {"①号 Ａ"}
    town("remove", "--respondent", "R002", "--reason", "退出", "--yes")
    assert opened(held)[0] == ["R-011", "r1"]
    assert not {"Ｒ００２", "Ｒ－００2"} & kept()


def test_names_of_strata_units_and_households(town, monkeypatch):  # noqa: F811
    """Stored as typed; two writings are one unit in the same file, in a later one and in what may be asked for."""
    monkeypatch.setattr(limits, "BESIDE_BELOW", 0)  # this community is smaller than one of which a split is shown
    roles = ("stratum", "psu", "ssu", "household")
    asked = [Question(role, "text", {"zh": f"抽样{role}", "en": role}, role=role) for role in roles]
    with open("q.xlsx", "wb") as file:
        file.write(write_questionnaire(form(*asked)))
    town("questionnaire", "add", "q.xlsx", "--name", "d")
    header = ["编号", "社区", "年度", "办事方便", "环境卫生", *(f"抽样{role}" for role in roles)]

    def sheet(name: str, numbers: range, *units: tuple[str, ...]) -> None:
        lines = [[str(i), "C1", "2014", str(i % 5 + 1), "1", *units[i % len(units)]] for i in numbers]
        book(name, header, *lines)
        town("import", name, "--questionnaire", "d")

    plain = (("甲 A", "A1", "B1", "①号"), ("甲 A", "A2", "B2", "②号"))
    wide = (("甲　Ａ", "Ａ１", "Ｂ１", "①号"), ("甲　Ａ", "Ａ２", "Ｂ２", "②号"))
    sheet("a.xlsx", range(1, 13), *plain, *wide)
    assert {"甲　Ａ", "Ａ１", "Ｂ１", "①号", "甲 A", "A1"} <= kept()
    sheet("b.xlsx", range(13, 25), *wide)

    def listed(*by: str) -> list[dict[str, str]]:
        found = rows(town("estimate", "--questionnaire", "d", "--item", "Q1", *by))
        return [row for row in found if not row["choice"]]

    assert listed()[0]["df"] == "1"  # two PSUs in one stratum
    assert [(row["psu"], row["n"]) for row in listed("--by", "psu")] == [("Ａ１", "12"), ("A2", "12")]
    assert [row["stratum"] for row in listed("--by", "stratum")] == ["甲 A"]
    assert listed("--where", "stratum=甲　Ａ")[0]["n"] == "24"
    assert listed("--where", "psu=A1")[0]["n"] == "12"


def test_a_community_that_comes_with_its_answers(town):  # noqa: F811
    header, new = ["编号", "社区", "年度", "办事方便", "环境卫生"], "新Ａ（２）村"
    book("n.xlsx", header, ["1", new, "2014", *"11"], ["2", "新A(2)村", "2014", *"11"])
    town("import", "n.xlsx", "--questionnaire", "q", "--add-communities")
    assert [row["name"] for row in rows(town("communities", "list"))][2:] == [new]
    assert new in kept()
    book("m.xlsx", header[:1] + header[2:], ["3", "2014", *"11"])
    town("import", "m.xlsx", "--questionnaire", "q", "--add-communities", "--community", "又Ｂ　村")
    assert "又Ｂ　村" in {row["name"] for row in rows(town("communities", "list"))}
