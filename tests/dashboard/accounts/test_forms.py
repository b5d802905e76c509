"""Pages that the server writes: where they lead on to, and that what was typed never becomes part of them."""

import pytest

from dashboard.accounts import forms
from dashboard.accounts.forms import Field, Form
from survey.core.lang import LANGUAGES


@pytest.mark.parametrize("address", ["/", "/community/SL01?year=2014&lang=zh", "/import", "/社区"])
def test_one_goes_on_to_ones_own_addresses(address):
    assert forms.own(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "//evil.example",
        "/\\evil.example",
        "/.//evil.example",
        "/%09//evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "evil",
        "/\t/evil.example",
        "/a\r\nSet-Cookie: x=y",
        "http://[x",
        "/sign-in?next=/",
        "/account/sign-out",
        "/_dash-layout",
        "/" + "a" * 9000,
    ],
)
def test_nobody_is_led_anywhere_else(address):
    assert forms.own(address) == "/"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_form_says_what_is_wrong_at_the_field_that_it_is_about(lang):
    fields = (
        Field("name", "page_account.name", "username", hidden=False, value='"><script>'),
        Field("new", "page_account.new", "new-password", value="never shown", hint="page_account.new_hint"),
    )
    form = Form("/sign-in", fields, "page_account.enter", {"next": '"/>'})
    html = forms.page("page_account.sign_in", [form], lang, error="<b>", wrong=["new"], other="/?a=1&b=2")
    assert "<script" not in html
    assert "never shown" not in html
    assert 'value="&quot;/&gt;"' in html
    assert '<p class="form-error" role="alert" id="error">&lt;b&gt;</p>' in html
    assert 'id="new" name="new" type="password" autocomplete="new-password"' in html
    assert 'aria-invalid="true" aria-describedby="new-hint error"' in html
    assert html.count("aria-invalid") == 1
    assert html.count("<label for=") == 2


def test_without_an_error_nothing_is_marked():
    form = Form("/sign-in", (Field("name", "page_account.name", "username"),), "page_account.enter", {})
    html = forms.page("page_account.sign_in", [form], "zh", wrong=["name"])
    assert "aria-invalid" not in html
    assert "role=" not in html
