"""Which registered community a name means."""

from survey.fieldwork.register import Register
from survey.store.year.register import Community


def test_a_name_with_a_digit_for_its_numeral_is_asked_about_before_it_becomes_new():
    register = Register([Community(str(i), f"红旗{c}社区") for i, c in enumerate("一二三")] + [Community("9", "12村")])
    meant = [register.meant(w) for w in ("红旗1社区", "紅旗２居委会", "十二村", "红旗4社区")]
    assert meant == ["红旗一社区", "红旗二社区", "12村", ""]


def test_the_house_at_the_door_of_a_community_is_that_community_and_neighbours_stay_apart():
    register = Register([Community("1", "景田社区"), Community("2", "莲花一村社区"), Community("3", "莲花二村社区")])
    words = (
        "景田社区党群服务中心",
        "景田党委",
        "莲花二村社区工作站",
        "莲花一村便民服务中心",
        "景田社区居委会",
        "莲花三村服务站",
    )
    assert [register.meant(w) for w in words] == [
        "景田社区",
        "景田社区",
        "莲花二村社区",
        "莲花一村社区",
        "景田社区",
        "",
    ]


def test_a_street_before_a_name_and_a_part_of_it_behind_are_both_left_out():
    register = Register([Community(str(i), f"{c}街社区") for i, c in enumerate("东西南")])
    words = (
        "红旗街道-东街社区-第3网格",
        "红旗街道西街社区(第二网格)",
        "红旗街道-南街社区",
        "东街社区-第2网格",
        "北街社区-第1网格",
    )
    assert [register.meant(w) for w in words] == ["东街社区", "西街社区", "南街社区", "东街社区", ""]
