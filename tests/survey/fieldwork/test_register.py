"""Which registered community a name means."""

from survey.fieldwork.register import Register
from survey.store.year.register import Community


def test_a_name_with_a_digit_for_its_numeral_is_asked_about_before_it_becomes_new():
    register = Register([Community(str(i), f"红旗{c}社区") for i, c in enumerate("一二三")] + [Community("9", "12村")])
    meant = [register.meant(w) for w in ("红旗1社区", "紅旗２居委会", "十二村", "红旗4社区")]
    assert meant == ["红旗一社区", "红旗二社区", "12村", ""]
