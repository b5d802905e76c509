"""The templates that ship hold to their own rules, in both languages alike."""

from __future__ import annotations

import pytest

from analysis.letters.default_template import default_template, layouts
from analysis.letters.kinds import LETTERS, LISTS, RECORDS
from analysis.letters.letter_template import check_template
from survey.core.lang import LANGUAGES, known, say


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.key)
def test_every_paper_has_a_template_that_may_be_used(letter, lang):
    data = default_template(letter, lang)
    check_template("t.docx", data, letter)
    default_template.cache_clear()
    assert default_template(letter, lang) == data


def test_both_languages_have_the_same_papers_tables_and_fields():
    shapes = [
        {
            key: (
                sorted(layout),
                [[field for _, field in layout[t]["columns"]] for t in ("table", "second") if t in layout],
                len(layout.get("after", ())),
                len(layout.get("body", ())),
            )
            for key, layout in layouts(lang).items()
        }
        for lang in LANGUAGES
    ]
    assert shapes[0] == shapes[1]
    assert list(layouts("zh")) == [letter.key for letter in LETTERS]


def test_every_field_has_a_word_for_its_blank():
    names = {name for fields in (*RECORDS.values(), *LISTS.values()) for name in fields}
    names |= {name for letter in LETTERS for name in letter.plain}
    assert [name for name in sorted(names) if not known(f"letters.field.{name}")] == []
    assert all(say(lang, f"letters.field.{name}") for name in names for lang in LANGUAGES)
