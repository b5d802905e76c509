"""What was found, in words made of the numbers they speak of."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.statistics.notes import note_text
from dashboard.figures.numbers import points
from dashboard.pages.answers.service import BEYOND, Answers, Group
from dashboard.pages.answers.words import chance_text, choices_of, mean_text, name_of, percents, place_text
from survey.core.lang import enumerated, say


def sentences(found: Answers, lang: str) -> list[str]:
    """How many answered what, whether the groups differ at all and which do beyond chance, what changed since the year before."""
    if found.why is not None or found.whole is None:
        return []
    if found.whole.hidden:
        return [say(lang, "page_answers.nothing_shown")]
    said = [_whole(found, found.whole, lang)]
    shown = [g for g in found.groups if not g.hidden]
    if found.groups:
        said += _together(found, lang)
        hidden = len(found.groups) - len(shown)
        if any(g.against_q is not None for g in shown):
            said += [_apart(found, shown, lang), *_strictly(found, shown, lang)]
        if hidden:
            said.append(say(lang, "page_answers.some_hidden", n=hidden))
    return [*said, *_change(found, shown or [found.whole], lang)]


def _whole(found: Answers, whole: Group, lang: str) -> str:
    n = whole.n or 0
    place = place_text(found, lang)
    if whole.mean is not None and whole.low is not None and whole.high is not None:
        key = "page_answers.say_points" if found.scored else "page_answers.say_mean"
        low, high = (mean_text(found, end) for end in (whole.low, whole.high))
        return say(lang, key, place=place, n=n, value=mean_text(found, whole.mean), low=low, high=high)
    if whole.mean is not None:
        return say(lang, "page_answers.say_no_error", place=place, n=n, value=mean_text(found, whole.mean))
    most = max(whole.shares, key=lambda c: whole.shares[c][0])
    label = dict(choices_of(found, lang)).get(most, most)
    return say(lang, "page_answers.say_most", place=place, n=n, choice=label, share=percents(found, whole)[most])


def _together(found: Answers, lang: str) -> list[str]:
    """Whether the groups differ at all: one test of all of them, or one of each community's."""
    if not found.together:
        return []
    first = found.together[0]
    beyond = [one for one in found.together if one.p_holm < BEYOND]
    numbers_of = {"f": points(first.statistic, 2), "df1": points(first.df1, 0), "df2": points(first.df2, 0)}
    outcome = "apart" if beyond else "within"
    if first.community:
        names = dict.fromkeys(dict(found.asked.places).get(one.community, one.community) for one in beyond)
        n = len({one.community for one in found.together})
        if not names:
            return [say(lang, "page_answers.inside_within", n=n)]
        return [say(lang, "page_answers.inside_apart", n=n, names=enumerated(lang, list(names)))]
    if first.choice:
        label = dict(choices_of(found, lang)).get(first.choice, first.choice)
        chance, n = chance_text("p", first.p_holm), len(found.together)
        key = f"page_answers.together_choice_{outcome}"
        return [say(lang, key, choice=label, n=n, chance=chance, **numbers_of)]
    return [say(lang, f"page_answers.together_{outcome}", chance=chance_text("p", first.p), **numbers_of)]


def _strictly(found: Answers, shown: Sequence[Group], lang: str) -> list[str]:
    """Which of the groups said to differ do not where none may be named wrongly (Holm)."""
    lost = [
        name_of(found, g, lang)
        for g in shown
        if g.better(g.against, g.against_q, found.best_first) and (g.against_holm or 0.0) >= BEYOND
    ]
    return [say(lang, "page_answers.holm_within", names=enumerated(lang, lost), n=len(shown))] if lost else []


def _apart(found: Answers, shown: Sequence[Group], lang: str) -> str:
    """Which groups differ from all others beyond chance, after all were looked at."""
    ups = [g for g in shown if g.better(g.against, g.against_q, found.best_first) > 0]
    downs = [g for g in shown if g.better(g.against, g.against_q, found.best_first) < 0]
    if not ups and not downs:
        return say(lang, "page_answers.none_apart", n=len(shown))
    parts = []
    for key, groups in (("above", ups), ("below", downs)):
        if groups:
            names = [f"{name_of(found, g, lang)}（{mean_text(found, g.mean)}）" for g in groups]
            if lang == "en":
                names = [f"{name_of(found, g, lang)} ({mean_text(found, g.mean)})" for g in groups]
            parts.append(say(lang, f"page_answers.{key}", names=enumerated(lang, names), n=len(groups)))
    rest = len(shown) - len(ups) - len(downs)
    if rest:
        parts.append(say(lang, "page_answers.others_within", n=rest))
    return say(lang, "page_answers.between").join(parts) + say(lang, "page_answers.stop")


def _change(found: Answers, shown: Sequence[Group], lang: str) -> list[str]:
    """What changed since the year before beyond chance; what one test alone would take for a change is said to be none."""
    asked = found.asked
    if asked.broken is not None:
        return [say(lang, "page_answers.question_changed", year=asked.broken)]
    tested = [g for g in shown if g.change_q is not None]
    if asked.before is None or not tested:
        return []
    ups = [g for g in tested if g.better(g.change, g.change_q, found.best_first) > 0]
    downs = [g for g in tested if g.better(g.change, g.change_q, found.best_first) < 0]
    alone = [g for g in tested if g.change_p is not None and g.change_p < BEYOND and (g.change_q or 1.0) >= BEYOND]
    parts = [
        say(lang, f"page_answers.{key}", names=enumerated(lang, [name_of(found, g, lang) for g in groups]))
        for key, groups in (("went_up", ups), ("went_down", downs))
        if groups
    ]
    if not parts:
        parts.append(say(lang, "page_answers.no_change", n=len(tested)))
    said = [
        say(lang, "page_answers.since", year=asked.before)
        + say(lang, "page_answers.between").join(parts)
        + say(lang, "page_answers.stop")
    ]
    if alone:
        names = enumerated(lang, [name_of(found, g, lang) for g in alone])
        said.append(say(lang, "page_answers.alone", names=names, n=len(tested)))
    return said


def common_text(found: Answers, lang: str) -> str:
    """The notes that hold for every line, in words."""
    texts = (note_text(code, lang) for code in found.common)
    return "".join(f"{text[:1].upper()}{text[1:]}{say(lang, 'page_answers.stop')}" for text in texts)
