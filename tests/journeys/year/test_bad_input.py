"""What must not be is refused in one sentence with the place and the way out, by command and on the page, and stores nothing."""

from __future__ import annotations

import pytest

import xingfu
from analysis.publication import cycle_steps
from analysis.publication.cycle_steps import import_lines
from dashboard.pages.awards import service as awards_page
from dashboard.pages.cycle import service as cycle_page
from survey.coding.options import ImportOptions
from survey.core.errors import Refused
from survey.form.model import Question
from survey.intake.answers import commit, inspect
from survey.store import Store
from survey.store.engine import tables as t
from survey.store.intake import questionnaires
from tests.tools.dashboard_tools import ADMIN, source_of
from tests.tools.forms import form
from tests.tools.towns.cycle_town import ITEMS, make_town

DECIDE = {"community": "C1", "body": "district", "total": "760", "document": "1号", "date": "2014-12-01"}
NAME = {"community": "C1", "document": "1号", "date": "2014-12-05"}
PUBLISH = {"date": "2014-11-20", "until": "2014-11-27"}
PAY = {"year": "2014", "payer": "区", "voucher": "付1", "date": "2014-12-20"}


@pytest.fixture
def town(tmp_path, monkeypatch, capfd):
    """A store, and what a command, a step of the page and a payment of the page answer."""
    monkeypatch.chdir(tmp_path)
    for name in ("XINGFU_STORE", "XINGFU_LANG"):
        monkeypatch.delenv(name, raising=False)
    store = Store.open("xingfu.db", create=True)
    make_town(store)
    yield Walk(store, capfd)
    store.close()


class Walk:
    """Steps on the page and as commands."""

    def __init__(self, store, capfd):
        self.store, self._capfd = store, capfd

    def steps(self):
        with self.store.read() as conn:
            return [conn.exec_driver_sql(f"SELECT count(*) FROM {table.name}").scalar() for table in WATCHED]

    def page(self, do, **said):
        cycle_page.act(ADMIN, self.store, 2014, do, said)

    def refused(self, key, call, *args, **more):
        before = self.steps()
        with pytest.raises(Refused) as error:
            call(*args, **more)
        assert (error.value.key, self.steps()) == (key, before)
        for lang in ("zh", "en"):
            said = error.value.word(lang)
            assert "{" not in said
            assert "\n" not in said
        assert "请" in error.value.word("zh")

    def command(self, *words):
        """A command that is refused: its one sentence on standard error."""
        before = self.steps()
        self._capfd.readouterr()
        assert xingfu.main(list(words)) == 3
        err = self._capfd.readouterr().err.strip()
        assert (len(err.splitlines()), "请" in err, self.steps()) == (1, True, before), err
        return err


WATCHED = (t.cycle_events, t.disbursements, t.results, t.batches)


def test_a_step_out_of_its_turn(town):
    town.refused("cycle.not_applied", town.page, "decide", **DECIDE)
    town.page("apply", community="C1", star="3", date="2014-03-01")
    town.refused("cycle.bad_star", town.page, "apply", community="C1", star="9", date="2014-03-01")
    town.refused("cycle.review_first", town.page, "decide", **DECIDE)
    town.page("review")
    town.page("calculate")
    town.refused("cycle.before_year", town.page, "publicise", date="2013-11-20", until="2013-11-27")
    assert "早于 2014 年" in town.command("cycle", "publicise", "2014", "--from", "2013-01-01", "--to", "2013-01-08")
    town.refused("cycle.ends_first", town.page, "publicise", date="2014-11-27", until="2014-11-20")
    town.refused("cycle.not_published", town.page, "decide", **DECIDE)  # a decision before the publication
    command = ["cycle", "decide", "2014", "C1", "--body", "district", "--total", "760", "--document", "1", "--date"]
    assert "还没有公示" in town.command(*command, "2014-12-01")
    town.page("publicise", **PUBLISH)
    town.refused("cycle.still_public", town.page, "decide", **{**DECIDE, "date": "2014-11-21"})
    for total in ("1760", "nan", "760.001", "-1"):
        town.refused("cycle.bad_total", town.page, "decide", **{**DECIDE, "total": total})
    town.refused("cycle.not_recommended", town.page, "decide", **{**DECIDE, "body": "city"})
    town.refused("cycle.not_decided", town.page, "name", **NAME)
    town.page("decide", **DECIDE)


def test_the_wrong_body_the_wrong_day_and_too_much_money(town):
    cycle_steps.take(town.store, cycle_steps.Event("applied", 2014, "C1", star=3, date="2014-03-01", who="李"))
    for do, said in (("review", {}), ("calculate", {}), ("publicise", PUBLISH), ("decide", DECIDE)):
        town.page(do, **said)
    named = ["cycle", "name", "2014", "C1", "--document", "1", "--date"]
    assert "由区委、区政府命名，不是市委、市政府" in town.command(*named, "2014-12-05", "--body", "city")
    town.refused("cycle.named_before", town.page, "name", **{**NAME, "date": "2014-11-05"})
    sheet = "社区,年度,星级,命名机关,文号,命名日期\nC1,2014,3,市,1号,2014-12-05\n".encode()
    before = town.steps()
    with pytest.raises(Refused) as error:
        import_lines(town.store, "titles", "t.csv", sheet, year=None, who="李")
    assert [f.code for f in error.value.findings] == ["cycle.naming_body"]
    assert town.steps() == before
    town.page("name", **NAME)
    source = source_of(town.store)

    def pay(amount, **changed):
        said = awards_page.Said(**{"community": "C1", "amount": amount, **PAY, "year": 2014, **changed})
        awards_page.pay(ADMIN, source, town.store, said)

    for amount, changed, key in (
        ("150000.01", {}, "ledger.too_much"),
        ("-5", {}, "awards.bad_amount"),
        ("0", {}, "ledger.nothing"),
        ("5", {"payer": "省"}, "awards.unknown_payer"),
        ("5", {"date": "2014-01-20"}, "ledger.before_title"),
        ("5", {"community": "C2"}, "ledger.no_title"),
    ):
        town.refused(key, pay, amount, **changed)
    words = [word for name, value in PAY.items() for word in (f"--{name}", value)]
    assert "不能再拨" in town.command("awards", "pay", "C1", "150000.01", *words)
    town.page("close")
    town.refused("cycle.frozen", town.page, "close")  # a second close
    assert "已归档锁定" in town.command("cycle", "close", "2014")
    town.refused("cycle.frozen", town.page, "decide", **DECIDE)
    town.refused("cycle.need_approver", town.page, "correct", reason="更正", subject="")


def test_a_publication_before_the_first_answer(town):
    asked = form(*ITEMS, Question("sent", "text", {"zh": "提交时间", "en": "sent"}, role="submitted"))
    with town.store.write() as conn:
        questionnaires.add(conn, "dated", asked)
    lines = "".join(f"d{i},甲社区,2014,1,1,1,1,1,1,2014年9月{i + 1}日\n" for i in range(20, 28))
    data = ("编号,社区,年度,办事方便,环境卫生,A,B,D,E,提交时间\n" + lines).encode()
    commit(town.store, inspect(town.store, "d.csv", data, ImportOptions("dated")))
    town.page("apply", community="C1", star="3", date="2014-03-01")
    for do in ("review", "calculate"):
        town.page(do)
    early = {"date": "2014-09-20", "until": "2014-09-27"}
    town.refused("cycle.before_answers", town.page, "publicise", **early)
    said = town.command("cycle", "publicise", "2014", "--from", "2014-09-20", "--to", "2014-09-27")
    assert "2014-09-21" in said
    town.page("publicise", **{**early, "date": "2014-09-21"})


def test_a_merger_in_a_circle(town, tmp_path):
    (tmp_path / "r.csv").write_text("code,name,valid_to,successor\nC1,甲社区,2015,C2\nC2,乙社区,2015,C1\n", "utf-8")
    before = town.steps()
    assert xingfu.main(["communities", "add", "r.csv"]) == 3
    err = town._capfd.readouterr().err
    assert "r!D2" in err
    assert "绕了一圈又回到本社区。请改正其中一个" in err
    assert town.steps() == before
