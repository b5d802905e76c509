"""问卷结果: its numbers are those of ``estimate``, its words are made of them, and its files show the same."""

from __future__ import annotations

import csv
import dataclasses
import io
import math
import xml.etree.ElementTree as Markup
from itertools import pairwise
from typing import Any

import pytest

from analysis.tables.stored_estimates import estimate_for
from dashboard.data.questions.asked import read_asked, same_question
from dashboard.figures.svg_file import png
from dashboard.pages.answers.exported import file, source_line
from dashboard.pages.answers.figure import svg
from dashboard.pages.answers.picture import _plain, axis, bars, picture
from dashboard.pages.answers.sentence import sentences
from dashboard.pages.answers.service import Answers, Group, answers
from dashboard.pages.answers.table import frame, notes_line, table
from dashboard.pages.answers.words import percents
from dashboard.parts.context import Context
from dashboard.router import render
from dashboard.web.access import Viewer
from dashboard.web.address import parse
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES
from survey.store import Store
from tests.tools.dashboard_tools import ADMIN, source_of, with_class, words
from tests.tools.towns import two_years

town = two_years.scored_town
ONE = Viewer("reader", "leader", frozenset({"C1"}))


def asked(store: Store, viewer: Viewer = ADMIN, **filters: str) -> Answers:
    return answers(viewer, source_of(store), store, 2014, filters)


def shown(store: Store, search: str = "", viewer: Viewer = ADMIN) -> Any:
    return render(viewer, source_of(store), store, None, "/answers", f"?year=2014{search}", {}).children


def taken(store: Store, kind: str, search: str = "item=A") -> Any:
    address = parse("/download/answers/" + kind, f"?year=2014&{search}", {})
    return file(Context(ADMIN, source_of(store), address, store), kind)


def test_the_numbers_are_those_of_the_command(town):
    found = asked(town, item="A", split="mode")
    command = estimate_for(town, "q", ["A"], ["sub_district", "year", "mode"], where=["year=2013,2014"], rest=True)
    now = command[command["year"] == 2014]
    (paper,) = [g for g in found.groups if g.value == "paper"]
    of_paper = now[now["mode"] == "paper"].set_index("choice")
    assert paper.mean == of_paper.loc["", "mean_score"]
    assert paper.n == of_paper.loc["", "n"]
    assert {name: share for name, (share, _, _) in paper.shares.items()} == {
        c: of_paper.loc[c, "share"] for c in ("1", "2", "3", "4", "5")
    }
    assert math.isclose(sum(share for share, _, _ in paper.shares.values()), 1.0)
    was = command[(command["year"] == 2013) & (command["mode"] == "paper") & (command["choice"] == "")]
    assert paper.was == was["mean_score"].iloc[0]


def test_the_interval_of_points_is_a_t_interval(town):
    """R: 66.66667 + c(-1, 1) * qt(0.975, 118) * SE(svymean) with the SE and df that the table gives."""
    found = asked(town, item="A").whole
    row = estimate_for(town, "q", ["A"], ["sub_district", "year"], where=["year=2014"]).iloc[0]
    half = 1.980272 * row["se_score"]  # qt(0.975, 118)
    assert row["df"] == 118
    assert found.high - found.mean == pytest.approx(half, rel=1e-5)


def test_a_community_is_seen_by_who_sees_it_alone(town):
    assert {g.value for g in asked(town, item="A", split="community").groups} == {"C1", "C2"}
    assert {g.value for g in asked(town, ONE, item="A", split="community").groups} == {"C1"}
    assert "乙社区" not in words(shown(town, "&item=A&split=community", ONE))
    with pytest.raises(Refused) as refused:
        asked(town, ONE, item="A", community="C2")
    assert refused.value.key == "dash_errors.unknown_community"


@pytest.mark.parametrize(
    ("filters", "key"),
    [
        ({"form": "x"}, "page_estimates.unknown_form"),
        ({"item": "x"}, "page_estimates.unknown_item"),
        ({"split": "respondent"}, "page_estimates.unknown_split"),
        ({"where": "respondent=1"}, "page_estimates.unknown_filter"),
        ({"also": "community=C2"}, "page_estimates.unknown_filter"),
        ({"sort": "x"}, "page_answers.unknown_sort"),
        ({"street": "别的街道"}, "dash_errors.unknown_street"),
    ],
)
def test_only_what_is_offered_is_computed(town, filters, key):
    with pytest.raises(Refused) as refused:
        asked(town, **filters)
    assert refused.value.key == key
    page = words(shown(town, "".join(f"&{name}={value}" for name, value in filters.items())))
    (gone,) = filters.values()
    assert f"“{gone}”" in page
    assert "现在打开的是：" in page


def test_nobody_left_is_a_sentence(town):
    found = asked(town, item="A", where="mode=phone")
    assert found.why is not None
    assert found.why.word("zh") in words(shown(town, "&item=A&where=mode%3Dphone"))
    with pytest.raises(Refused):
        taken(town, "csv", "item=A&where=mode%3Dphone")


def test_a_question_whose_words_changed_is_not_compared(town):
    source = source_of(town)
    assert read_asked(ADMIN, source, town, 2014, {"item": "A"}).before == 2013
    changed = dataclasses.replace(asked(town, item="A").asked, before=None, broken=2013)
    found = dataclasses.replace(asked(town, item="A"), asked=changed)
    for lang in LANGUAGES:
        assert any("2013" in text for text in sentences(found, lang))
    item = asked(town, item="A").asked.item
    others = ({"labels": {**item.labels, "zh": "另一种问法"}}, {"choices": item.choices[:-1]}, {"reverse": True})
    assert same_question(item, dataclasses.replace(item, labels={**item.labels, "en": "other"}))
    assert not any(same_question(item, dataclasses.replace(item, **other)) for other in others)


def group(value: str | None = "1", **more: Any) -> Group:
    given: dict[str, Any] = {
        "n": 50,
        "shares": {"1": (0.5, None, None), "2": (0.3, None, None), "3": (0.2, None, None)},
        "no_opinion": 0.0,
        "mean": 70.0,
        "low": 65.0,
        "high": 75.0,
    }
    return Group(value, **{**given, **more})


def test_words_follow_the_numbers(town):
    """Each sentence changes with the number that it speaks of: q on both sides of 0.05, a p that q takes back."""
    found = asked(town, item="A", split="mode")
    said = lambda *groups: " ".join(sentences(dataclasses.replace(found, groups=groups), "zh"))  # noqa: E731
    apart = group("paper", against=-0.4, against_q=0.01)
    within = group("web", against=0.1, against_q=0.2)
    assert "高于其余各组，超出偶然：书面（70.0）" in said(apart, within)
    assert "低于其余各组，超出偶然：书面（70.0）" in said(dataclasses.replace(apart, against=0.4), within)
    assert "都没有超出偶然" in said(dataclasses.replace(apart, against_q=0.05), within)
    moved = group("paper", change=0.3, change_p=0.01, change_q=0.02)
    assert "书面下降" in said(moved, within)
    assert "书面上升" in said(dataclasses.replace(moved, change=-0.3), within)
    alone = dataclasses.replace(moved, change_p=0.03, change_q=0.06)
    assert "单看像是变了" in said(alone, within)
    assert "书面下降" not in said(alone, within)
    hidden = group("phone", mean=None, shares={}, n=None, notes=("suppressed",))
    assert "1 组不显示" in said(apart, within, hidden)


def test_of_a_question_turned_round_the_highest_level_is_the_best(town):
    found = asked(town, item="A")
    turned = dataclasses.replace(
        found, asked=dataclasses.replace(found.asked, item=dataclasses.replace(found.asked.item, reverse=True))
    )
    for one, better in ((found, -1), (turned, 1)):
        assert group(against=0.4, against_q=0.01).better(0.4, 0.01, one.best_first) == better
    labels = [[p.label for p in bars(one, "zh")[0]] for one in (found, turned)]
    assert labels[0] == labels[1][::-1]
    assert "1 级最好" not in words(notes_line(turned, "zh"))


def test_nothing_of_a_hidden_group_is_on_the_page_but_why(town):
    found = asked(town, item="A", split="mode")
    hidden = group("phone", mean=None, shares={}, n=None, no_opinion=None, low=None, high=None, notes=("suppressed",))
    told = dataclasses.replace(found, groups=(*found.groups, hidden))
    for lang in LANGUAGES:
        for part in (picture(told, lang), table(told, lang)):
            assert "None" not in words(part)
            assert "nan" not in words(part)
        row = frame(told, lang).iloc[-1]
        assert row.iloc[3:-1].isna().all()
        assert "不足" in row.iloc[-1] or "fewer" in row.iloc[-1].lower()


def test_bars_of_a_scale_hang_on_the_middle_of_their_middle(town):
    found = asked(town, item="A")
    other = group(None, shares={"1": (0.1, None, None), "2": (0.4, None, None), "3": (0.5, None, None)})
    two = dataclasses.replace(found, groups=(dataclasses.replace(other, value="paper"),))
    middles = []
    for parts in bars(two, "zh"):
        middles.append(parts[2].left + parts[2].width / 2)
        assert sum(p.width for p in parts) <= 100.01
        assert min(p.left for p in parts) >= -0.01
    assert middles[0] == pytest.approx(middles[1], abs=0.01)


def test_the_axis_holds_every_interval(town):
    found = asked(town, item="A")
    low, high = axis(dataclasses.replace(found, groups=(group("paper", low=41.0, high=99.0),)))
    assert (low, high) == (40.0, 100.0)


@pytest.mark.parametrize(("lang", "said"), [("zh", ("问卷结果", "95% 区间")), ("en", ("Answers", "95% interval"))])
def test_the_page_shows_words_picture_and_table(town, lang, said):
    page = shown(town, f"&item=A&split=community&lang={lang}")
    text = words(page)
    assert [one for one in said if one not in text] == []
    assert len(with_class(page, "answers-line")) == 3
    for wrong in ("nan", "None", "**", "{"):
        assert wrong not in text


def test_a_view_outside_the_tables_to_publish_is_marked(town):
    found = asked(town, item="A", where="mode=paper")
    marked = "not_for_publication" in found.whole.notes
    assert ("仅供内部查看" in words(shown(town, "&item=A&where=mode%3Dpaper"))) == marked
    assert ("仅供内部查看" in source_line(found, "zh")) == marked


def test_files_have_the_rows_of_the_page(town):
    found = asked(town, item="A", split="community")
    name, data, kind = taken(town, "csv", "item=A&split=community")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert (name, kind) == ("2014_示例街道_A_社区.csv", "text/csv")
    assert len(rows) == 1 + len(found.rows)
    assert float(rows[1][rows[0].index("得分")]) == found.whole.mean
    drawn = taken(town, "svg", "item=A&split=community")[1].decode()
    texts = "".join(t.text or "" for t in Markup.fromstring(drawn).iter() if t.text)
    for group_name in ("甲社区", "乙社区", "全部"):
        assert group_name in texts
    assert taken(town, "xlsx")[1][:2] == b"PK"
    with pytest.raises(Refused) as refused:
        taken(town, "exe")
    assert refused.value.key == "page_answers.unknown_kind"


def test_the_picture_is_a_png_and_markup_in_a_name_is_text(town):
    found = asked(town, item="A")
    drawn = svg(found, "zh", '<script>&"13812345678"\x00')
    assert "<script>" not in drawn
    assert "13812345678" not in drawn
    Markup.fromstring(drawn)
    assert png(drawn)[:8] == b"\x89PNG\r\n\x1a\n"


def test_no_two_choices_that_are_no_scale_are_drawn_alike():
    """F3 has three: the first and the last had one colour.  Digits are read on each (4.5 : 1), by the luminance of WCAG."""

    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    pieces = _plain([(str(n), f"选项{n}", 0.1) for n in range(10)])
    assert len({p.colour for p in pieces}) == 10
    for one in pieces:
        high, low = sorted((light(one.colour), light(one.text_colour)), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5
    for one, other in pairwise(pieces):  # beside each other one is dark and one light
        assert one.text_colour != other.text_colour


@pytest.mark.parametrize("split", ["", "community", "mode"])
def test_the_shares_of_a_row_add_up_to_a_hundred_in_table_and_bar(town, split):
    found = asked(town, item="A", split=split)
    rows = [row for row in found.rows if row.shares]
    assert rows
    for row in rows:
        told = [float(text.rstrip("%")) for text in percents(found, row).values()]
        assert round(sum(told), 1) == 100.0
        assert all(abs(t - 100 * s) < 0.1 for t, (s, _, _) in zip(told, row.shares.values(), strict=True))
