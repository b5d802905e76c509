"""Words that name a choice of a list without an order, with more or with fewer words around it: 本社区户籍, 大学本科, 微信.

Of a scale nothing is taken so (不满意 holds 满意); what is found is proposed with the file's other readings.
"""

from __future__ import annotations

import re
from typing import Any

from survey.answers.scales import levels_of
from survey.answers.values import choice_words
from survey.core.cells import answer_key, clean, simplified
from survey.form.model import Question

#: the shortest word that names a choice
SHORTEST = 2
#: what opens a range of words at one end, and what makes a word another one
_OPEN = re.compile(r"(?:及|或|和)?以([上下])$|等$")
_OTHERWISE = re.compile(r"[不没未无非否外另其]")
_BARE = re.compile(r"[\W_]+")
_BRACKET = re.compile(r"\s*[(\[【].*$")
_BETWEEN = re.compile(r"[┋|;、,/+&\s]+")


def without_hint(label: str) -> str:
    """A choice's label without what stands in brackets behind it: 其他 of 其他（请注明）."""
    return clean(_BRACKET.sub("", clean(label)))


def named_choice(value: Any, question: Question) -> str | None:
    """The one choice whose words a cell says with others around them, or some of whose words it says; None where that may be
    several, where the list is a scale, and where a word makes it another thing."""
    text = _BARE.sub("", simplified(clean(value))).casefold() if isinstance(value, str) else ""
    if len(text) < SHORTEST or text.isascii() or levels_of(question) or question.role in ("sex", "age_band"):
        return None
    words = choice_words(question)
    pieces = {words[k] for part in _BETWEEN.split(clean(value)) if (k := answer_key(part)) in words}
    if len(pieces) > 1:  # two marks are no answer
        return None
    found = {c.name for c in question.choices for t in c.labels.values() if _names(text, without_hint(t))}
    return found.pop() if len(found) == 1 else None


def _names(text: str, label: str) -> bool:
    """Whether a text names what a label does."""
    opened = _OPEN.search(text)
    same = _OPEN.search(label)
    if opened and (same is None or opened[1] != same[1]):
        return False  # 本科以下 is no 本科
    core = _BARE.sub("", _OPEN.sub("", label.removesuffix("其他"))).casefold()
    said = _OPEN.sub("", text)
    if min(len(core), len(said)) < SHORTEST or core.isascii() or any(c.isdigit() for c in said + core):
        return False
    longer, shorter = (said, core) if len(said) > len(core) else (core, said)
    if said == core or len(said) == len(core):
        return said == core
    if shorter in longer:
        return not _OTHERWISE.search(longer.replace(shorter, "", 1))
    in_turn = iter(said)  # 大专 of 大学专科
    return len(core) < len(said) <= 2 * len(core) and all(c in in_turn for c in core) and not _OTHERWISE.search(said)
