"""Pages of accounts as the server writes them: they work without a script, and hold nothing but a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode, urlsplit

from dashboard.web.error_pages import HTML_LANGUAGE
from survey.core import limits
from survey.core.lang import say

#: such a page takes our style and sends its form to us, and nothing else
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@dataclass(frozen=True)
class Field:
    """One line of a form. ``fills``: what a browser's store of passwords may fill in; ``hint``: a text key."""

    name: str
    label: str
    fills: str
    hidden: bool = True
    value: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Form:
    """A form: where it goes, its fields, what its button says; ``carried``: values that nobody sees."""

    action: str
    fields: Sequence[Field]
    button: str
    carried: Mapping[str, str]
    kind: str = "primary"


def own(address: str) -> str:
    """An address to go on to, if it is one of this server; else that of the overview."""
    if len(address) > limits.ADDRESS_BYTES or not address.isprintable() or "\\" in address:
        return "/"
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    plain = address.startswith("/") and "//" not in parts.path and not parts.scheme and not parts.netloc
    return address if plain and not parts.path.startswith(("/sign-in", "/account", "/_dash", "/assets")) else "/"


def link(path: str, **values: str) -> str:
    """An address with what it carries."""
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{path}?{query}" if query else path


def page(
    title: str,
    forms: Sequence[Form],
    lang: str,
    *,
    lines: Sequence[str] = (),
    warning: str = "",
    error: str = "",
    wrong: Sequence[str] = (),
    ways: Sequence[tuple[str, str]] = (),
    other: str = "",
) -> str:
    """One page in HTML.

    ``title``: a text key; ``lines``: sentences above the forms; ``error``: what went wrong, and ``wrong``, the fields it
    is about; ``ways``: (sentence, address) of links below; ``other``: the address of the same page in the other language.
    """
    brand, head = say(lang, "dash_words.brand"), say(lang, title)
    told = "".join(f'<p class="hint">{escape(line)}</p>' for line in lines if line)
    warned = f'<p class="form-warning" role="note">{escape(warning)}</p>' if warning else ""
    failed = f'<p class="form-error" role="alert" id="error">{escape(error)}</p>' if error else ""
    below = "".join(f'<p><a href="{escape(address)}">{escape(text)}</a></p>' for text, address in ways)
    switch = "en" if lang == "zh" else "zh"
    language = escape(say(lang, "page_shell.language"))
    turn = f'<a class="language" lang="{HTML_LANGUAGE[switch]}" href="{escape(other)}">{language}</a>' if other else ""
    return f"""<!DOCTYPE html>
<html lang="{HTML_LANGUAGE[lang]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(head)} · {escape(brand)}</title>
<link rel="icon" href="/assets/icon.svg">
<link rel="stylesheet" href="/assets/base.css">
<link rel="stylesheet" href="/assets/forms.css">
</head>
<body class="form-page">
<header class="header"><div class="header-inner"><a class="brand" href="/"><i class="dot"></i><span>{escape(brand)}</span></a>
<div class="header-end">{turn}</div></div></header>
<main class="card form-card" id="main">
<h1>{escape(head)}</h1>
{warned}{failed}{told}
{"".join(_form(form, lang, wrong if error else ()) for form in forms)}
{below}
</main>
</body>
</html>
"""


def _form(form: Form, lang: str, wrong: Sequence[str]) -> str:
    carried = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in form.carried.items()
    )
    fields = "".join(_field(field, lang, field.name in wrong) for field in form.fields)
    button = f'<button type="submit" class="button {form.kind}">{escape(say(lang, form.button))}</button>'
    return f'<form method="post" action="{escape(form.action)}">{carried}{fields}{button}</form>\n'


def _field(field: Field, lang: str, wrong: bool) -> str:
    name = escape(field.name)
    described = [f"{name}-hint"] if field.hint else []
    described += ["error"] if wrong else []
    marks = ' aria-invalid="true"' if wrong else ""
    marks += f' aria-describedby="{" ".join(described)}"' if described else ""
    marks += f' value="{escape(field.value)}"' if field.value and not field.hidden else ""
    kind = "password" if field.hidden else "text"
    hint = f'<span class="hint" id="{name}-hint">{escape(say(lang, field.hint))}</span>' if field.hint else ""
    return (
        f'<p class="form-field"><label for="{name}">{escape(say(lang, field.label))}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{field.fills}" required spellcheck="false" '
        f'autocapitalize="none"{marks}>{hint}</p>'
    )
