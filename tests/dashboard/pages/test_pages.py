"""Every page, in both languages, without a browser."""

import json
from dataclasses import replace

import pytest

from dashboard.figures import numbers
from dashboard.router import render
from tests.tools.dashboard_tools import ADMIN, VIEWER, plain, show, shown, with_class, words
from tests.tools.towns.fake_results import CODES, FakeSource, fake_results

PAGES = ("/", "/community/SL06", "/community", "/compare", "/method")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_each_page_renders_with_its_title_and_the_sample_badge(path, lang):
    page = show(path, f"?lang={lang}")
    assert page.title.endswith({"zh": "示例数据", "en": "Sample data"}[lang])
    assert {"zh": "示例数据", "en": "Sample data"}[lang] in words(page.children)
    assert {"zh": "示例指标", "en": "Illustrative indicators"}[lang] in words(page.children)
    assert page.address.search == f"?lang={lang}&year=2014"


@pytest.mark.parametrize("path", PAGES)
def test_what_the_tests_look_at_is_what_is_sent(path):
    shown = show(path).children
    assert plain(shown) == json.loads(json.dumps(shown, default=lambda o: o.to_plotly_json()))


@pytest.mark.parametrize("year", [2012, 2013, 2014])
@pytest.mark.parametrize("code", CODES)
def test_each_community_has_a_page_in_each_state(code, year):
    text = words(shown(f"/community/{code}", year))
    row = fake_results(year).community(code)
    assert numbers.total(row["total"], (650, 700, 750, 800, 900)) in text


def test_the_overview_says_what_the_numbers_say():
    text = words(show("/").children)
    assert "阶段性数据 · 截至 2014年11月20日 16:02 · 客观指标 11 / 12 已报，居民调查 11 / 12 达到最低 50 份" in text
    assert "样本不足（38份），暂不评星" in text
    assert "客观指标未报" in text
    assert "未达标" in text


def test_how_sure_a_star_is_is_said_of_sampling_and_of_the_method():
    """Other chances and another method give other words, in the sentence above and in the table."""

    class Near(FakeSource):
        def __init__(self, chance, changes):
            super().__init__()
            self.chance, self.changes = chance, changes

        def results(self, year):
            found = super().results(year)
            gap = found.scores["star_next_gap"]
            scores = found.scores.assign(star_probability=self.chance, star_next_gap=gap.where(gap.isna(), 5.0))
            return replace(found, scores=scores)

        def method_changes(self, year):
            return frozenset(CODES if self.changes else ())

    for chance, word in ((0.96, "抽样上稳定"), (0.85, "抽样上较稳定"), (0.5, "抽样上临界")):
        for changes in (True, False):
            page = show("/", "?year=2014", Near(chance, changes)).children
            said = with_class(page, "sentence")
            assert word in words(said)
            assert ("换算法会变" in words(said)) == changes
            cells = [c for c in with_class(page, "word") if c["type"] == "Td"]
            assert len(cells) > 5
            assert {" ".join(words(cell).split()) for cell in cells} == {f"{word} 换算法会变" if changes else word}


def test_every_row_of_the_league_links_to_its_community():
    rows = with_class(show("/").children, "row-link")
    assert len(rows) == 12
    assert all(r["props"]["href"].startswith("/community/SL") for r in rows)


def test_the_league_can_be_ordered_and_says_how():
    names = [r["props"]["children"] for r in with_class(show("/", "?sort=register").children, "row-link")]
    assert names[0] == "春晖社区"
    assert names[8] == "大榕社区"
    page = plain(show("/", "?sort=objective").children)
    assert '"aria-sort": "descending"' in str(page).replace("'", '"')


def test_a_search_by_name_appears_with_many_communities():
    assert "league-find" not in str(plain(show("/").children))
    page = show("/", source=FakeSource(many=4))
    assert "league-find" in str(plain(page.children))
    assert len(with_class(page.children, "row-link")) == 48


def test_chances_never_say_100_percent():
    for code in CODES:
        assert "100%" not in words(show(f"/community/{code}").children)


@pytest.mark.parametrize(
    ("path", "search", "text"),
    [
        ("/", "?year=1999", "没有 1999 年的得分。已有得分的年份：2012、2013、2014。"),
        ("/", "?year=abc", "没有 abc 年的得分。"),
        ("/community/nobody", "", "2014 年的得分里没有编号为“nobody”的社区。"),
        ("/nothing", "", "没有这个页面。"),
        ("/", "?street=火星", "没有“火星”这个街道。"),
    ],
)
def test_what_is_unknown_is_said_in_one_sentence(path, search, text):
    page = show(path, search)
    assert text in words(page.children)
    assert page.address.year == 2014


def test_an_empty_store_shows_six_steps(sqlite_store):
    page = render(ADMIN, FakeSource(years=()), sqlite_store, None, "/", "", {})
    assert "六步到得分" in words(page.children)
    assert "xingfu" not in words(page.children)  # a page names no command
    assert "示例数据" not in page.title


def test_a_viewer_who_may_not_import_is_told_so_and_has_no_entry_for_it():
    page = show("/import", viewer=VIEWER)
    assert "无权限" in words(page.children)
    assert "数据导入" not in words(show("/", viewer=VIEWER).children)


def test_one_year_alone_has_no_trend_and_says_so():
    assert "只有一年数据" in words(show("/compare", source=FakeSource(years=(2014,))).children)


def test_the_method_page_shows_the_schemes_own_numbers():
    text = words(show("/method").children)
    assert "100 / 80 / 60 / 40 / 0" in text
    assert "有效样本达到 50 份" in text
    assert "到 2015 年，30% 的社区达到五星及以上。" in text


def test_a_switch_of_language_keeps_the_page_and_the_year():
    page = show("/community/SL06", "?year=2013&lang=zh")
    (switch,) = with_class(page.children, "language")
    assert switch["props"]["href"] == "/community/SL06?lang=en&year=2013"


class Decided(FakeSource):
    """南塔 is vetoed, 望江 is named."""

    def results(self, year):
        found = fake_results(year)
        scores = found.scores.copy()
        scores.loc[scores["community_code"] == "SL06", "status"] = "vetoed"
        scores.loc[scores["community_code"] == "SL03", "status"] = "named"
        return type(found)(found.meta, scores, found.items, found.indicators, found.flow, found.streets)


def test_a_veto_shows_the_total_and_no_star():
    text = words(show("/community/SL06", source=Decided()).children)
    assert "一票否决，不予评定" in text
    assert numbers.total(fake_results(2014).community("SL06")["total"]) in text
    league = show("/", source=Decided()).children
    assert len(with_class(league, "hollow")) == 1
    assert len(with_class(league, "state-vetoed")) == 1


def test_what_district_and_city_decided_is_told_apart_from_what_the_street_calculates():
    assert "已命名" in words(show("/community/SL03", source=Decided()).children)
    assert "已命名" not in words(show("/community/SL03").children)


class Other(FakeSource):
    """The invented results with some columns of the scores or of the street set to something else."""

    def __init__(self, scores=(), streets=(), **changes):
        super().__init__()
        self.scores, self.streets, self.changes = dict(scores), dict(streets), changes

    def results(self, year):
        found = super().results(year)
        scores, streets = found.scores.assign(**self.scores), found.streets.assign(**self.streets)
        return replace(found, scores=scores, streets=streets, **self.changes)


def test_the_league_explains_the_marks_that_it_draws():
    said = words(show("/").children)
    assert "横线为 95% 误差范围" in said
    nothing = dict.fromkeys(("total_low", "total_high", "subjective_low", "subjective_high", "rank_low"))
    tree = show("/", "", Other(scores={**nothing, "differs_next": 1.0})).children
    assert "横轴从" in words(tree)
    for claim in ("横线为 95% 误差范围", "灰线相连的名次分不清", "95% 把握下的名次范围"):
        assert claim not in json.dumps(plain(tree), ensure_ascii=False)
    joined = show("/", "", Other(scores={"differs_next": 0.0})).children
    assert "灰线相连的名次分不清" in words(joined)


def test_the_trend_speaks_of_an_error_where_it_draws_one():
    assert "竖线为 95% 误差范围" in words(show("/community/SL03").children)
    bare = words(show("/community/SL03", "", Other(scores=dict.fromkeys(("total_low", "total_high")))).children)
    assert "竖线为 95% 误差范围" not in bare
    assert "纵轴从" in bare


@pytest.mark.parametrize(("share", "weighted"), [(0.25, False), (0.2531, True)])
def test_answers_are_called_weighted_where_weights_stand_behind_them(share, weighted):
    """A quarter of 40 people is ten of them; 25.31 % of 40 is no number of people."""
    items = fake_results(2014).items.copy()
    spread = [
        {"choice": str(k), "label_zh": f"{k}", "label_en": f"{k}", "level": k, "share": part}
        for k, part in enumerate((share, 1 - share), 1)
    ]
    items["distribution"], items["n"] = [spread] * len(items), 40.0
    said = words(show("/community/SL03", "", Other(items=items)).children)
    assert ("加权，n = " in said) == weighted
    assert "得分最低的五题" in said


def test_the_method_says_who_was_weighted():
    found = fake_results(2014)
    weights = [{"official": True, "applied": k < 3} for k in range(5)]
    other = Other(meta={**found.meta, "weighting": "rake"}, extra={**found.extra, "weights": weights})
    assert "5 个社区中 3 个能加权" in words(show("/method", "", other).children)
    street = {"mean_total": 800.0, "weighted_total": 801.0}
    assert "全街道按成年人口加权" in words(show("/method", "", Other(streets=street)).children)
    said = words(show("/method", "", Other(streets={**street, "weighted_total": None})).children)
    assert "全街道按成年人口加权" not in said
    assert "全街道不加权" in said
