"""What a user reads: the same texts with the same placeholders in both languages, and none that is missing."""

import ast
import re
import string
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from survey.core.lang import LANGUAGES, ROOMS, catalogue, known
from tests.tools.sources import nodes

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / "xingfu.py", *(p for room in ROOMS for p in (ROOT / room).rglob("*.py"))]
FILES = {lang: {p for room in ROOMS for p in (ROOT / room / "texts" / lang).glob("*.toml")} for lang in LANGUAGES}
TABLES = {
    lang: [(t, p) for p in FILES[lang] for t in tomllib.loads(p.read_text(encoding="utf-8"))] for lang in LANGUAGES
}
STEMS = sorted({table for table, _ in TABLES["zh"]})
#: last words of dotted names that are files, not texts
ENDINGS = {"xlsx", "csv", "db", "toml", "json", "css", "js", "svg", "zip", "py", "log"}
_KEY = re.compile(rf"(?:{'|'.join(STEMS)})(?:\.[A-Za-z0-9_]+)+")
_STEM = re.compile(rf"(?:{'|'.join(STEMS)})\.(?:[A-Za-z0-9_]+\.)*[A-Za-z0-9_]*")
#: half-width marks between or after Chinese characters
_HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?]|[\u4e00-\u9fff]\((?=[^)]*[\u4e00-\u9fff])")


def fields(text: str) -> Counter:
    """Placeholders with how often they stand; ``{zero[zh]}`` and ``{zero[en]}`` are the same one."""
    names = (field for _, field, _, _ in string.Formatter().parse(text) if field is not None)
    return Counter(re.sub(r"\[(zh|en)\]$", "[lang]", name) for name in names)


def test_both_languages_have_the_same_files():
    names = {lang: {p.relative_to(p.parents[2]) for p in paths} for lang, paths in FILES.items()}
    assert {str(n).replace("zh", "", 1) for n in names["zh"]} == {str(n).replace("en", "", 1) for n in names["en"]}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_tables_are_unique_over_all_files(lang):
    assert len(TABLES[lang]) > 50
    assert [table for table, n in Counter(table for table, _ in TABLES[lang]).items() if n > 1] == []


def test_a_table_stands_in_the_same_file_in_both_languages():
    places = {lang: {(table, path.name, path.parents[2].name) for table, path in TABLES[lang]} for lang in LANGUAGES}
    assert places["zh"] == places["en"]


@pytest.mark.parametrize("stem", STEMS)
def test_both_languages_say_the_same_things_with_the_same_placeholders(stem):
    texts = {lang: {k: v for k, v in catalogue(lang).items() if k.startswith(f"{stem}.")} for lang in LANGUAGES}
    assert texts["zh"].keys() == texts["en"].keys()
    different = [key for key, text in texts["zh"].items() if set(fields(text)) != set(fields(texts["en"][key]))]
    assert different == []


@pytest.mark.parametrize("stem", STEMS)
def test_each_text_says_something_unless_both_languages_leave_it_out(stem):
    assert any(k.startswith(f"{stem}.") for k in catalogue("zh"))
    assert [k for k, v in catalogue("zh").items() if k.startswith(f"{stem}.") and v != v.strip("\n")] == []


def test_chinese_texts_use_chinese_punctuation():
    plain = {key: re.sub(r"\{[^}]*\}|\S+://\S+", "", text) for key, text in catalogue("zh").items()}
    assert {key: text for key, text in plain.items() if _HALF_WIDTH.search(text)} == {}


@cache
def literals() -> dict[str, list[tuple[str, int]]]:
    """String constants of the program that look like a text's key → where they stand."""
    found: dict[str, list[tuple[str, int]]] = {}
    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _STEM.fullmatch(node.value):
                found.setdefault(node.value, []).append((str(path.relative_to(ROOT)), node.lineno))
    return found


def test_every_key_in_the_program_has_a_text():
    """A key is a constant ``stem.key``; one that ends in a dot, or opens an f-string, is the head of several."""
    keys = catalogue("zh")
    missing = {
        key: places
        for key, places in literals().items()
        if key.rpartition(".")[2] not in ENDINGS and not known(key) and not any(k.startswith(key) for k in keys)
    }
    assert missing == {}


@pytest.mark.parametrize("call", ["say", "Finding", "Refused", "WrongUsage", "Surroundings"])
def test_what_is_raised_or_said_by_name_is_a_text(call):
    """First argument (second of ``say``) of the calls that word something, wherever it is a plain constant."""
    place = 1 if call == "say" else 0
    wrong = []
    for path in SOURCES:
        for node in nodes(path):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == call
            if not named or len(node.args) <= place or not isinstance(node.args[place], ast.Constant):
                continue
            if not known(node.args[place].value):
                wrong.append((str(path.relative_to(ROOT)), node.lineno, node.args[place].value))
    assert wrong == []


def test_every_text_is_said_somewhere():
    """Its key stands in the program: whole, without its stem, or as the head of an f-string that makes it."""
    whole: set[str] = set()
    heads: set[str] = set()
    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                heads.add(str(node.values[0].value))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                (heads if node.value.endswith(".") else whole).add(node.value)
    heads = {head for head in heads if re.search(r"[a-z]{2}.*[._]$", head)}
    silent = []
    for key in catalogue("zh"):
        names = (key, key.partition(".")[2])
        if not any(name in whole or name.startswith(tuple(heads)) for name in names):
            silent.append(key)
    assert silent == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_is_found_by_its_heading(lang):
    """Files are parsed one by one as their tables are asked for; together they are all that the files hold."""
    whole: dict[str, object] = {}
    for room in ROOMS:
        for path in sorted((ROOT / room / "texts" / lang).glob("*.toml")):
            whole |= tomllib.loads(path.read_text(encoding="utf-8"))
    assert {key.partition(".")[0] for key in catalogue(lang)} == set(whole)


#: what is counted in English texts, as many
COUNTED = (
    "communities responses rows values cells places files questions indicators respondents points entries columns "
    "differences items lines sheets measures days characters contacts calls problems decisions interviews cases"
)


#: never 1: limits of ours, and wholes that a part is said of
SEVERAL = r"(?:least|totals_below|minimum|rows|all|count|fpc|seen|items|of|subjective|more)\}"


def test_a_number_carries_its_noun_in_both_forms():
    """``{n} rows`` would say “1 rows”: it is ``{n:row|rows}``, with the verb where there is one."""
    between = (
        "(?:more|valid|complete|scored|single|indicator|phone|telephone|original|call|unanswered|hidden|respondent) "
    )
    loose = re.compile(rf"\{{\w+\}} (?:{'|'.join(COUNTED.split())})\b|\{{(?!{SEVERAL})\w+\}} {between}+[a-z]+s\b")
    texts = catalogue("en")
    assert sum("|" in text for text in texts.values()) > 380
    assert {key: text for key, text in texts.items() if loose.search(text)} == {}


def test_a_number_does_not_stand_before_its_verb_alone():
    """``{names} {n:is|are} lower`` says “A, B 2 are lower”: the noun goes in, too."""
    verbs = "is|are|was|were|has|have|holds|hold|does|do|goes|go|stays|stay"
    loose = re.compile(rf"\{{\w+:(?:{verbs})\b")
    assert {key: text for key, text in catalogue("en").items() if loose.search(text)} == {}
