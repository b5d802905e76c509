"""The numbers of ``survey/core/limits.py`` stand nowhere else: documents say the same, and no module keeps its own."""

import re
from pathlib import Path

import pytest

from survey.core import limits

ROOT = Path(__file__).resolve().parents[2]
#: document, a sentence of it with the numbers left out, the limits that stand there
SAID = (
    (
        "results.md",
        r"A group under (\d+) respondents shows nothing but its note, (\d+)–(\d+) its total only, from (\d+) its",
        "nothing_below nothing_below totals_to totals_below",
    ),
    (
        "privacy.md",
        r"A group of fewer than (\d+) respondents .{0,60} a note; (\d+)–(\d+) show totals",
        "nothing_below nothing_below totals_to",
    ),
    ("privacy.md", r"no distribution; from (\d+) the\s+distribution", "totals_below"),
    (
        "privacy.md",
        r"Communities with fewer than (\d+) scored responses, or with an item that fewer than (\d+) answered",
        "totals_below totals_below",
    ),
    (
        "methods.md",
        r"Under (\d+) respondents nothing, (\d+)–(\d+) totals only, from (\d+) everything",
        "nothing_below nothing_below totals_to totals_below",
    ),
    (
        "methods.md",
        r"under (\d+) scored responses a community and year .{0,60} from (\d+) to (\d+) its total",
        "nothing_below nothing_below totals_to",
    ),
    (
        "methods.md",
        r"under (\d+) one row with the note, from (\d+) to (\d+) the mean",
        "nothing_below nothing_below totals_to",
    ),
    ("methods.md", r"Under (\d+) interviews, and what would let", "least_interviews"),
    (
        "methods.md",
        r"Communities with fewer than (\d+) scored responses, or an item that fewer than (\d+) answered",
        "totals_below totals_below",
    ),
    ("cli.md", r"Items of communities with fewer than (\d+) respondents are left out", "totals_below"),
    ("cli.md", r"Where fewer than (\d+) responses go or stay", "nothing_below"),
    ("tasks.md", r"not reported yet, or fewer than (\d+) people asked", "totals_below"),
)


@pytest.mark.parametrize(("document", "sentence", "names"), SAID)
def test_documents_say_the_limits_there_are(document, sentence, names):
    found = re.search(sentence, (ROOT / "docs" / document).read_text(encoding="utf-8"), re.S)
    assert found is not None, "the sentence is worded otherwise now: word it here, too"
    words = limits.words()
    assert list(found.groups()) == [words[name] for name in names.split()]
