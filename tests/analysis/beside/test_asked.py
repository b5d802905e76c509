"""What a community can be set beside, and what is said of what it can't."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.beside.asked import choices, compared
from survey.core.errors import Refused
from tests.tools.towns.fake_results import CODES, YEARS, fake_results


def everybody(_):
    return True


def asked(against, sees=everybody, code="SL01"):
    return compared(fake_results, YEARS, 2014, code, against, sees)


def test_another_community_the_street_and_a_year():
    assert [len(asked(a).others) for a in ("SL02", "street", "2013")] == [1, 11, 1]
    assert asked("SL02").other_words("zh") == "锦园社区"
    assert asked("street").other_words("zh") == "示例街道平均"
    assert asked("2013").other_words("zh") == "2013 年"
    assert asked("street").mean
    assert not asked("2013").lines().empty


def test_the_mean_of_a_type():
    def typed(year):
        found = fake_results(year)
        kinds = ["单位型" if c in CODES[:3] else "" for c in found.scores["community_code"]]
        return replace(found, scores=found.scores.assign(type=kinds, feature=""))

    found = compared(typed, YEARS, 2014, "SL01", "type")
    assert len(found.others) == 2
    assert found.other_words("zh") == "同类平均（单位型）"
    with pytest.raises(Refused, match="没有同类型"):
        compared(typed, YEARS, 2014, "SL05", "type")


def test_the_mean_of_a_group_that_is_not_seen_whole_is_refused():
    """The mean of two less one's own is the other's."""
    with pytest.raises(Refused):
        asked("street", lambda c: c in ("SL01", "SL02"))
    with pytest.raises(Refused):
        asked("SL02", lambda c: c == "SL01")
    with pytest.raises(Refused):
        asked("SL01", lambda c: c == "SL02", code="SL01")


@pytest.mark.parametrize("against", ["SL01", "2014", "1999", "XX", "", "²", "streets"])
def test_what_is_not_there_is_refused_by_name(against):
    with pytest.raises(Refused) as refused:
        asked(against)
    assert against in refused.value.word("zh")


def test_what_there_is_depends_on_who_looks():
    results = fake_results(2014)
    assert choices(results, YEARS, "SL01", everybody) == ("street", "2013", "2012", *CODES[1:])
    assert choices(results, YEARS, "SL01", lambda c: c == "SL01") == ("2013", "2012")
