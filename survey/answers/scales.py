"""Words of a column → choices of a question, decided for the whole scale at once.

``不满意`` is level 4 of 很满意/满意/一般/不满意/很不满意 and level 5 of 很满意/满意/基本满意/不太满意/不满意: a word alone
does not say.  Whatever is found here is a proposal with its certainty; a person confirms it (``survey.answers.mapping``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from survey.answers.values import choice_words, suggestions
from survey.core.cells import answer_key
from survey.core.lang import say
from survey.core.scale_words import PRAISE, comparable, folded, in_use, is_unbalanced, no_opinion, step
from survey.form.model import Choice, Question, Questionnaire

# How far a proposal can be trusted.  No frequencies stand behind them: they order the proposals and say how carefully
# a person should look.
NUMBERED, KNOWN, EXTRA, PART, ORDERED, AMBIGUOUS, SHORTER, STRETCHED = 0.97, 0.95, 0.9, 0.85, 0.7, 0.6, 0.5, 0.35
OTHER_STEM = 0.6  # factor: 很好 read as 很满意


@dataclass(frozen=True)
class ScaleMatch:
    """What the words of a file mean in the choices of a question.

    ``certainty``    1.0 only if every word is a name, label or alias; else less: a proposal.
    ``pairs``        word as given → choice name; words that fit nowhere are in ``unmatched``.
    ``suggestions``  unmatched word → ((choice name, likeness 0–1), …), best first; never part of ``pairs``.
    ``overruled``    words that the questionnaire has too, but that stand for another choice in this file.
    ``reversed``     the found scale, or the file's codes, run the other way than the questionnaire's.
    ``unbalanced``   the found scale has more steps of praise than of blame, or fewer (基本满意 in the middle).
    ``same_length``  the found scale has as many levels as the questionnaire's.
    ``same_stem``    it speaks of the same (满意); 很好 may be read as 很满意, but is not the same question.
    ``why``, ``params``  text key and its parameters: what the proposal rests on.
    """

    certainty: float
    pairs: Mapping[str, str]
    why: str
    params: Mapping[str, Any] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()
    suggestions: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    overruled: tuple[str, ...] = ()
    reversed: bool = False
    unbalanced: bool = False
    same_length: bool = True
    same_stem: bool = True

    def sentences(self, lang: str) -> list[str]:
        """Why, then what a person should know before confirming, in the reader's language."""
        said = [say(lang, self.why, **self.params)]
        if self.overruled:
            said.append(say(lang, "scales.overruled", words=list(self.overruled)))
        if self.reversed:
            said.append(say(lang, "scales.reversed"))
        if self.unbalanced:
            said.append(say(lang, "scales.unbalanced"))
        if not self.same_length:
            said.append(say(lang, "scales.other_length"))
        if not self.same_stem:
            said.append(say(lang, "scales.other_stem"))
        if self.unmatched:
            said.append(say(lang, "scales.unmatched", words=list(self.unmatched)))
        return said


def match_scale(words: Sequence[str], question: Question) -> ScaleMatch:
    """Match the distinct words of one column, or of all columns of one list of choices, to a question's choices.

    ``words`` are texts of cells that are not blank; those that ``missing_values`` of the question names are
    left out.  Numbers without words say nothing about direction: see ``survey.matching.code_legends``.
    """
    given = {answer_key(word) for word in question.missing_values}
    words = [w for w in dict.fromkeys(words) if answer_key(w) and answer_key(w) not in given]
    names = [choice.name for choice in question.choices]
    exact = {key: names[index] for key, index in choice_words(question).items()}
    pairs = {w: exact[answer_key(w)] for w in words if answer_key(w) in exact}
    if len(pairs) == len(words):
        return ScaleMatch(1.0, pairs, "scales.exact")
    bare = {w: exact[key] for w in words if (key := comparable(w)) in exact}
    if len(bare) == len(words):
        return ScaleMatch(NUMBERED, bare, "scales.numbered", overruled=_overruled(bare, exact))
    found = _whole_scale(words, question, exact)
    left = tuple(w for w in words if w not in found.pairs)
    return replace(
        found,
        certainty=round(found.certainty * len(found.pairs) / len(words), 3),
        pairs={w: found.pairs[w] for w in words if w in found.pairs},
        unmatched=left,
        suggestions={w: near for w in left if (near := suggestions(w, question))},
        overruled=_overruled(found.pairs, exact),
    )


def match_lists(form: Questionnaire, words: Mapping[str, Sequence[str]]) -> Mapping[str, ScaleMatch]:
    """List name → match, for question name → distinct words of its column: columns of one list decide together."""
    pooled: dict[str, dict[str, None]] = {}
    asked: dict[str, Question] = {}
    for name, found in words.items():
        question = form.question(name)
        if question.choices:
            asked.setdefault(question.list_name, question)
            given = {answer_key(word) for word in question.missing_values}
            pooled.setdefault(question.list_name, {}).update(
                dict.fromkeys(w for w in found if answer_key(w) not in given)
            )
    matches = {name: match_scale(tuple(pooled[name]), question) for name, question in asked.items()}
    for name, question in asked.items():
        if matches[name].unmatched:
            mine = [tuple(words[n]) for n in words if form.question(n).list_name == name and form.question(n).choices]
            matches[name] = _with_odd_columns(matches[name], mine, question)
    return matches


def _with_odd_columns(found: ScaleMatch, columns: Sequence[Sequence[str]], question: Question) -> ScaleMatch:
    """The match of a list of which some columns speak the questionnaire's own words and the others another scale: what the
    others say by themselves, unless one of their words means something else than in the rest."""
    exact = {key: question.choices[index].name for key, index in choice_words(question).items()}
    even = [ws for ws in columns if all(answer_key(w) in exact for w in ws)]
    odd = tuple(dict.fromkeys(w for ws in columns if ws not in even for w in ws))
    if not even or not odd:
        return found
    alone = match_scale(odd, question)
    if alone.overruled or len(alone.unmatched) >= len(found.unmatched):
        return found
    own = {w: exact[answer_key(w)] for ws in even for w in ws}
    return replace(alone, pairs={**own, **alone.pairs})


def order_words(question: Question) -> Mapping[str, str]:
    """``"1"`` → first choice, …: what the cells of a column mean that is coded by the order of its options."""
    return {str(i): choice.name for i, choice in enumerate(question.choices, start=1)}


def levels_of(question: Question) -> tuple[Choice, ...]:
    """The choices of a question's scale in the order of their levels; without levels, of their words; else none."""
    plain = [c for c in question.choices if not c.missing]
    levelled = {c.level: c for c in reversed(plain) if c.level is not None}
    if levelled:
        return tuple(levelled[level] for level in sorted(levelled))
    for lang in ("zh", "en"):
        steps = [step(c.labels.get(lang, "")) for c in plain]
        stems = {s.stem for s in steps if s and s.stem}
        degrees = [s.degree for s in steps if s]
        if len(degrees) == len(plain) > 1 and len(stems) == 1 and len(set(degrees)) == len(degrees):
            return tuple(c for _, c in sorted(zip(degrees, plain, strict=True), key=lambda pair: -pair[0]))
    return ()


def _overruled(pairs: Mapping[str, str], exact: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(w for w, name in pairs.items() if exact.get(answer_key(w), name) != name)


def _whole_scale(words: Sequence[str], question: Question, exact: Mapping[str, str]) -> ScaleMatch:
    """The proposal for words of which at least one is new; ``certainty`` as if no word were left over."""
    stem, degrees = _steps(words, question)
    own = {w: exact[answer_key(w)] for w in words if answer_key(w) in exact}
    known = {**own, **_opinionless([w for w in words if w not in degrees], question, exact)}
    if len(known) == len(words):
        return ScaleMatch(KNOWN, known, "scales.words")
    levels = [c.name for c in levels_of(question)]
    if levels and set(own.values()) >= set(levels):  # nothing is left that another word could mean
        return ScaleMatch(EXTRA, known, "scales.extra")
    if len(levels) > 1 and degrees:
        found = _place(degrees, stem, levels, question)
        rest = {w: name for w, name in known.items() if w not in degrees or not found.pairs}
        return replace(found, pairs={**found.pairs, **rest})
    return ScaleMatch(EXTRA, known, "scales.none")


def _steps(words: Sequence[str], question: Question) -> tuple[str, dict[str, int]]:
    """The stem that most words share (the questionnaire's own first), and the degree of each word of it."""
    steps = {w: found for w in words if (found := step(w))}
    stems = Counter(s.stem for w, s in steps.items() if s.stem and not no_opinion(w))
    if not stems:
        return "", {}
    own = {s.stem for c in levels_of(question) for text in c.labels.values() if (s := step(text)) and s.stem}
    stem = max(stems, key=lambda name: (name in own, stems[name]))
    if stem not in own and stem not in PRAISE and stems[stem] < 2:
        return "", {}  # any short word is a step of something
    return stem, {w: s.degree for w, s in steps.items() if s.stem in (stem, "")}


def _opinionless(words: Sequence[str], question: Question, exact: Mapping[str, str]) -> dict[str, str]:
    by_state: dict[str, str] = {}
    for choice in question.choices:
        if choice.missing:
            by_state.setdefault(choice.missing, choice.name)
    return {w: by_state[s] for w in words if answer_key(w) not in exact and (s := no_opinion(w)) in by_state}


def _place(degrees: Mapping[str, int], stem: str, levels: Sequence[str], question: Question) -> ScaleMatch:
    """Put the degrees of a file's scale on the levels of the question; no pairs where the direction is unknown."""
    plain = tuple(sorted(set(degrees.values()), reverse=True))
    fold = dict(zip(plain, folded(plain), strict=True))
    seen = tuple(dict.fromkeys(fold[d] for d in plain))
    examples = {fold[d]: w for w, d in degrees.items()}
    own, turned = _own_degrees(stem, question)
    if turned is None and stem not in PRAISE:
        return ScaleMatch(EXTRA, {}, "scales.direction", {"found": "/".join(examples[d] for d in seen)})
    scale, certainty, why, unsure = _recognise(seen, own, stem, len(levels))
    places = _positions(scale, len(levels))
    order = list(reversed(levels)) if turned else list(levels)
    pairs = {w: order[at] for w, d in degrees.items() if (at := places.get(fold[d])) is not None}
    params: dict[str, Any] = {"found": "/".join(examples.get(d, "…") for d in scale)}
    if why == "scales.ambiguous":
        params["words"] = [w for w, d in degrees.items() if fold[d] in unsure]
    shorter = why == "scales.shorter"
    told = seen if shorter else scale
    return ScaleMatch(
        certainty * (OTHER_STEM if turned is None else 1),
        pairs,
        why,
        params,
        reversed=bool(turned),
        # of a scale that was seen in part, only 基本满意 tells that it leans
        unbalanced=is_unbalanced(told, stem) and (set(told) == set(seen) or 2 in seen),
        same_length=len(scale) == len(levels) and not shorter,
        same_stem=turned is not None,
    )


def _own_degrees(stem: str, question: Question) -> tuple[tuple[int, ...], bool | None]:
    """The degrees of the questionnaire's own labels, strongest first, and whether level 1 is the weakest.

    The second is None where the labels have another stem or no order.
    """
    levels = levels_of(question)
    for lang in ("zh", "en"):
        steps = [step(c.labels.get(lang, "")) for c in levels]
        if all(s and s.stem in (stem, "") for s in steps):
            degrees = folded(tuple(s.degree for s in steps if s))
            down = tuple(sorted(set(degrees), reverse=True))
            if down == degrees:
                return down, False
            if down == degrees[::-1]:
                return down, True
    return (), None


def _recognise(
    seen: tuple[int, ...], own: tuple[int, ...], stem: str, length: int
) -> tuple[tuple[int, ...], float, str, tuple[int, ...]]:
    """(whole scale, certainty, why, degrees that other scales place differently) for the degrees that were seen."""
    known = in_use(stem)
    if len(seen) == length and (seen == own or seen in known):
        return seen, KNOWN, "scales.known", ()
    fitting = [scale for scale in dict.fromkeys((own, *known)) if set(seen) < set(scale) and not _odd(scale, seen)]
    same = [scale for scale in fitting if len(scale) == length]
    if same:
        unsure = tuple(d for d in seen if len({scale.index(d) for scale in same}) > 1)
        if seen in known and same[0] != own:
            return same[0], SHORTER, "scales.shorter", unsure
        return same[0], AMBIGUOUS if unsure else PART, "scales.ambiguous" if unsure else "scales.part", unsure
    if len(seen) == length:
        return seen, ORDERED, "scales.ordered", ()
    whole = seen if seen in known or not fitting else min(fitting, key=len)
    return whole, STRETCHED, "scales.stretched", ()


def _odd(scale: Sequence[int], seen: Sequence[int]) -> bool:
    """Whether a scale has 非常 beside 很, or 基本 beside 一般, which is thought of only where both were seen."""
    return any(pair <= set(scale) and not pair <= set(seen) for pair in ({6, 5}, {-6, -5}, {2, 0}))


def _positions(scale: Sequence[int], length: int) -> dict[int, int]:
    """Degree → level (from 0), evenly spread where the lengths differ.

    A degree halfway between two levels has none, and one of praise or blame never changes its side.
    """
    places: dict[int, int] = {}
    for rank, degree in enumerate(scale):
        twice = 2 * rank * (length - 1)  # the level times two, in units of len(scale) - 1
        unit = 2 * max(len(scale) - 1, 1)
        if twice % unit * 2 == unit:
            continue
        level = (twice + unit // 2) // unit
        side = (level * 2 < length - 1) - (level * 2 > length - 1)
        if side * degree >= 0 or len(scale) == length:
            places[degree] = level
    return places
