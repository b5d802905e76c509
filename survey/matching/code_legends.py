"""Numeric codes → choices, by what the file itself says its codes mean.

Which way 1 … 5 runs is never guessed: value labels (SPSS) or a legend such as ``5=很满意`` decide, or nothing does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import pairwise

from survey.answers.mapping import ColumnMapping
from survey.answers.other_scales import letters_in
from survey.answers.scales import KNOWN, PART, ScaleMatch, levels_of, match_scale
from survey.answers.told_directions import Direction, direction_in, ends_of, require_one_word
from survey.answers.values import choice_words
from survey.core.cells import answer_key, as_number, clean
from survey.core.findings import Finding
from survey.core.lang import LANGUAGES
from survey.core.scale_words import PRAISE, no_opinion, step
from survey.files.layouts.layout import ColumnLayout
from survey.files.own_workbooks import header_key, plain_text
from survey.files.readers.distinct_values import columns_of
from survey.files.readers.sheet import Sheet
from survey.form.model import Question, Questionnaire
from survey.matching.matched_sheet import Matched

#: numbers of a scale from 0 to 100, the largest that a legend has
_HUNDRED = 101
#: roles whose choices a file may code its own way
_READ = ("", "sex", "age_band")
_LABEL = r"[^\W\d_][^\d,;/|()\[\]【】{}…~<>=:\n]*"
_SIGN = r"\s*(?:[=:、—–-]|代表|表示|为)\s*"
_CODE_FIRST = re.compile(rf"(?<!\d)(?<!\d\.)(\d{{1,3}})\s*分?{_SIGN}({_LABEL})")
_BARE = re.compile(rf"(?<!\d)(?<!\d\.)(\d{{1,3}})\s*分?\s*({_LABEL})")
#: words of lists that have no order: 性别(1男2女)
_PAIRED = frozenset({"男", "女", "男性", "女性", "是", "否", "有", "无", "没有"})
_LABEL_FIRST = re.compile(rf"({_LABEL}?)\s*(?:=|:|为)\s*(\d{{1,3}})(?![\d.])")


def legend_in(text: str) -> Mapping[str, str]:
    """``满意度(5=很满意,1=很不满意)`` → ``{"5": "很满意", "1": "很不满意"}``; empty if fewer than two codes are explained.

    Also ``很满意=5``, and ``1很不满意 5很满意`` if these are words of a scale.  A code that is explained twice
    differently makes the legend void.
    """
    text = clean(text)
    if said := _the_more(text):
        return said
    for pattern in (_CODE_FIRST, _LABEL_FIRST, _BARE):
        found: dict[str, set[str]] = {}
        for first, second in pattern.findall(text):
            code, label = (second, first) if pattern is _LABEL_FIRST else (first, second)
            label = re.sub(r"^最", "很", re.sub(r"[至到。.、\-—–]+$", "", label.strip()).strip())
            if label and (pattern is not _BARE or _of_a_scale(label)):
                found.setdefault(str(int(code)), set()).add(label)
        if len(found) > 1 and all(len(labels) == 1 for labels in found.values()):
            return {code: labels.pop() for code, labels in found.items()}
    return {}


def _listed(text: str, question: Question) -> Mapping[str, str]:
    """``党群中心(1去过 2没去过)`` → ``{"1": "去过", "2": "没去过"}``: two choices of the question at least, each behind its number."""
    text, found = clean(text), {}
    for label in {label for c in question.choices for label in (*c.labels.values(), *c.aliases) if label}:
        behind = rf"(?<![\d.])(\d{{1,2}})\s*[.、=:]?\s*{re.escape(clean(label))}(?![^\W\d_])"
        if len(codes := set(re.findall(behind, text))) == 1:
            found[codes.pop()] = label
    return found if len(found) > 1 else {}


def _the_more(text: str) -> Mapping[str, str]:
    """``0-10分，分数越高越满意`` → ``{"0": "很不满意", "10": "很满意"}``; {} for any other text."""
    told = direction_in(text) if "越" in text else None
    return {} if told is None or told.span is None else told.legend(*told.span)


def _of_a_scale(label: str) -> bool:
    found = step(label)
    return label in _PAIRED or bool(no_opinion(label)) or (found is not None and found.stem in (*PRAISE, ""))


def match_codes(codes: Sequence[str], question: Question, legend: Mapping[str, str]) -> ScaleMatch:
    """Match the distinct codes of a column by a legend (code → label), else by the names of the choices.

    ``reversed`` is set where the file counts the other way than the questionnaire's own codes (or, where those
    are no numbers, its levels).  Without a legend nothing is said about direction.
    """
    given = {answer_key(code) for code in question.missing_values}
    codes = [code for code in dict.fromkeys(map(clean, codes)) if code and answer_key(code) not in given]
    if not legend:
        own = choice_words(question)
        pairs = {code: question.choices[own[key]].name for code in codes if (key := answer_key(code)) in own}
        left = tuple(code for code in codes if code not in pairs)
        return ScaleMatch(0.0 if left else 1.0, pairs, "scales.no_legend" if left else "scales.codes", unmatched=left)
    said = {clean(code): label for code, label in legend.items()}
    labels = match_scale(list(said.values()), question)
    explained = {code: labels.pairs[label] for code, label in said.items() if label in labels.pairs}
    between = _between(explained, question)
    missing = {answer_key(c.name): c.name for c in question.choices if c.missing}  # 9 = refused has no direction
    rest = {code: missing[key] for code in codes if code not in said and (key := answer_key(code)) in missing}
    pairs = {code: name for code, name in {**rest, **explained, **between}.items() if code in codes or between}
    names = {answer_key(choice.name): choice.name for choice in question.choices}
    overruled = tuple(c for c, name in pairs.items() if names.get(answer_key(c), name) != name)
    left = tuple(code for code in codes if code not in pairs)
    certainty = min(labels.certainty, PART if between else KNOWN if overruled else 1.0)
    return replace(
        labels,
        certainty=round(certainty * (1 - len(left) / max(len(codes), 1)), 3),
        pairs=pairs,
        why="scales.legend_ends" if between else "scales.legend",
        params={},
        unmatched=left,
        suggestions={},
        overruled=overruled,
        reversed=_reversed(pairs, question),
    )


def _is_number(code: str) -> bool:
    return re.fullmatch(r"-?[0-9]+", code) is not None


def _between(pairs: Mapping[str, str], question: Question) -> dict[str, str]:
    """The numbers of a scale of which a legend explains the two ends (and some between): an even share of them for each
    level, in the legend's direction.  {} where it explains all, or not so that even shares agree with it."""
    if not all(map(_is_number, pairs)):  # codes that are words, as files of SPSS explain them, too
        return {}
    levels = [choice.name for choice in levels_of(question)]
    places = {int(code): levels.index(name) for code, name in pairs.items() if name in levels}
    if len(places) < 2 or len(levels) < 3:
        return {}
    low, high = min(places), max(places)
    size = high - low + 1
    order = levels if places[low] == 0 else levels[::-1]
    if {places[low], places[high]} != {0, len(levels) - 1} or not max(len(levels), len(places) + 1) <= size <= _HUNDRED:
        return {}
    wanted = {number: order[(number - low) * len(levels) // size] for number in range(low, high + 1)}
    if any(levels[place] != wanted[number] for number, place in places.items()):
        return {}
    return {str(number): name for number, name in wanted.items() if number not in places}


def _reversed(pairs: Mapping[str, str], question: Question) -> bool:
    """Whether the file's codes fall where the questionnaire's own codes (or levels) rise."""
    levels = [choice.name for choice in levels_of(question)]
    own = {name: as_number(name) for name in levels}
    numbers = {name: float(i) if None in own.values() else own[name] for i, name in enumerate(levels)}
    points = sorted(
        (code, place)
        for text, name in pairs.items()
        if (code := as_number(text)) is not None and (place := numbers.get(name)) is not None
    )
    return len(points) > 1 and all(later < earlier for (_, earlier), (_, later) in pairwise(points))


def column_legends(
    matched: Matched, form: Questionnaire, mapping: ColumnMapping | None, beside: Sequence[Explained] = ()
) -> dict[str, ScaleMatch]:
    """Question → what its numeric codes mean by the file's own words, where the questionnaire does not say the same.

    The value labels of a .sav go first, else the header of the column, else the lines above the header, else what
    other sheets explain (``beside``).  What a person has mapped is settled.
    """
    sheet, lay = matched.sheet, matched.layout
    about = {c.index: c for c in lay.columns}
    above = [text for row in matched.around for text in row if text]
    general = next((said for t in above if (said := legend_in(t))), {})
    asked = [(c, form.question(c.question)) for c in matched.columns if c.question and not c.choice]
    asked = [(c, q) for c, q in asked if q.coding == "choice" and q.role in _READ]
    pooled: dict[str, set[str]] = {}
    for column, question in asked:
        values = columns_of(sheet.rows, matched.first, [column.index])[column.index].values
        pooled.setdefault(question.list_name, set()).update(t for v in values if (t := clean(v)).isdigit())
    found: dict[str, ScaleMatch] = {}
    quiet: dict[str, list[str]] = {}  # question without a word of the file about its codes → its codes
    told_of: dict[str, list[Mapping[str, str]]] = {}  # list of choices → what headers over its columns say
    for column, question in asked:
        column_says = about[column.index]
        if lay.platform and not column_says.labels:
            continue
        if column_says.option or question.name in found or (mapping and mapping.words(question)):
            continue
        values = columns_of(sheet.rows, matched.first, [column.index])[column.index].values
        codes = [t for v in values if (t := clean(v)).isdigit() and answer_key(t) not in column_says.words]
        heads = _heads(matched, column.index)
        own = _labels(column_says) or next((said for t in heads if (said := legend_in(t) or _listed(t, question))), {})
        own = own or _directed(heads, pooled[question.list_name], question)
        mine = next((t for t in heads if t), "")  # over this column, not over a group of columns
        if own and not column_says.labels and own in (legend_in(mine), _listed(mine, question)):
            told_of.setdefault(question.list_name, []).append(own)
        everywhere = general or _directed(above, pooled[question.list_name], question)
        for offered in [[own]] if own else [[everywhere], _of(question, beside, pooled[question.list_name])]:
            told = [(said, scale) for said in offered if said and (scale := _explained(codes, question, said))]
            scales = [scale for _, scale in told]
            if scales:
                sheets = [next((e.sheet for e in beside if e.said is said), "") for said, _ in told]
                require_one_word(column.header, _labelled(question, sheets, scales), set(codes))
                best = max(scales, key=lambda s: (-len(s.unmatched), s.certainty, bool(s.overruled)))
                found[question.name] = best
                break
        if not own and question.name not in found:
            quiet[question.name] = codes
    for name, codes in quiet.items():  # said once, over the first column: it holds for the others of the list
        question = form.question(name)
        heard = told_of.get(question.list_name, [])
        if heard and all(one == heard[0] for one in heard) and (fits := _explained(codes, question, heard[0])):
            found[name] = fits
    return {name: scale for name, scale in found.items() if _says_more(scale, form.question(name))}


def _heads(matched: Matched, column: int) -> list[str]:
    """What stands above a column, from below: an upper header reaches to the right until the next one begins."""
    *upper, bottom = matched.layout.header_rows
    texts = [plain_text(matched.sheet.rows[bottom][column])]
    for row in reversed(upper):
        cells = (plain_text(v) for v in reversed(matched.sheet.rows[row][: column + 1]))
        texts.append(next((text for text in cells if text), ""))
    return texts


def _directed(texts: Sequence[str], codes: Set[str], question: Question) -> Mapping[str, str]:
    """The ends of the scale on which ``codes`` lie where a text says its direction only (分数越高越满意, 5分为最好); else {}."""
    told = next((d for t in texts if (d := direction_in(t)) is not None), None)
    return {} if told is None else ends_of(told, codes, question)


def _labelled(
    question: Question, sheets: Sequence[str], scales: Sequence[ScaleMatch]
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """What each sheet says of the codes, in the words of the questionnaire."""
    labels = {c.name: c.label("zh") for c in question.choices}
    for sheet, scale in zip(sheets, scales, strict=True):
        yield sheet, {code: labels[name] for code, name in scale.pairs.items()}


def _labels(column: ColumnLayout) -> Mapping[str, str]:
    return {code: label for code, label in column.labels.items() if label and answer_key(code) not in column.words}


def _of(question: Question, beside: Sequence[Explained], codes: Set[str]) -> list[Mapping[str, str]]:
    """What other sheets say of this question, else what they say of any, else the direction of its numbers."""
    mine = [e.said for e in beside if e.question == question.name]
    told = mine or [e.said for e in beside if not e.question and e.said]
    return told or [ends_of(e.direction, codes, question) for e in beside if e.direction is not None]


def _explained(codes: Sequence[str], question: Question, said: Mapping[str, str]) -> ScaleMatch | None:
    """The codes of a column by an explanation; None where it is about something else.

    Codes that it leaves out keep the questionnaire's meaning and are shown with the others; what is none of both is no
    choice, cell by cell.
    """
    scale = match_codes(codes, question, said)
    stems = {s.stem for label in said.values() if (s := step(label))}
    own_only = not stems <= {"好", "good", ""} and all(answer_key(code) in choice_words(question) for code in codes)
    if own_only and scale.why == "scales.legend_ends" and not scale.same_stem:
        return None  # of other questions: 10分为很满意 above a column of 好了, coded as in the questionnaire
    if not any(code in scale.pairs for code in codes) or not any(code in said for code in scale.pairs):
        return None
    if _only_ends(scale, question, said):
        return None
    own = {key: question.choices[place].name for key, place in choice_words(question).items()}
    rest = {code: own[key] for code in scale.unmatched if code not in said and (key := answer_key(code)) in own}
    if any(code in said for code in scale.unmatched):
        return None  # a label that is no choice: what is left of the scale says nothing for sure
    left = tuple(code for code in scale.unmatched if code not in rest)
    return replace(scale, pairs={**scale.pairs, **rest}, unmatched=left)


def _only_ends(scale: ScaleMatch, question: Question, said: Mapping[str, str]) -> bool:
    """Whether a legend explains the ends of a scale whose numbers between it leaves open: their own meanings beside it would
    be two scales in one column."""
    own = choice_words(question)
    levels = [c.name for c in levels_of(question)]
    told = {name for code, name in scale.pairs.items() if code in said and name in levels}
    open_ = [code for code in scale.unmatched if code not in said and answer_key(code) in own]
    return bool(scale.overruled) and len(told) == 2 and {levels[0], levels[-1]} == told and bool(open_)


def _says_more(scale: ScaleMatch, question: Question) -> bool:
    """Whether codes mean something else than in the questionnaire, or something that it does not know."""
    own = choice_words(question)
    return bool(scale.overruled) or any(answer_key(code) not in own for code in scale.pairs)


def legend_findings(matched: Matched, form: Questionnaire, legends: Mapping[str, ScaleMatch]) -> list[Finding]:
    """What codes mean by the file's own words, once for all columns of a list of choices that say the same.

    An open question where the questionnaire means something else by a code; a note where it does not know the codes.
    """
    groups: list[tuple[str, Question, dict[str, str], list[str]]] = []
    for name, scale in legends.items():
        question = form.question(name)
        code = "scales.legend_read" if not scale.overruled and scale.certainty >= KNOWN else "scales.legend_ask"
        for known, first, pairs, names in groups:
            same = all(pairs.get(word, choice) == choice for word, choice in scale.pairs.items())
            if known == code and first.list_name == question.list_name and same:
                pairs.update(scale.pairs)
                names.append(name)
                break
        else:
            groups.append((code, question, dict(scale.pairs), [name]))
    return [_legend_finding(matched, *group) for group in groups]


def _legend_finding(
    matched: Matched, code: str, question: Question, pairs: Mapping[str, str], names: Sequence[str]
) -> Finding:
    labels, column = {c.name: c for c in question.choices}, matched.by_question[names[0]][0]
    said = sorted(pairs.items(), key=lambda pair: (int(pair[0]) if _is_number(pair[0]) else len(pairs), pair[0]))
    shown = {lang: "、".join(f"{word}={labels[choice].label(lang)}" for word, choice in said) for lang in LANGUAGES}
    return Finding(
        code,
        "note" if code == "scales.legend_read" else "ask",
        "sheet",
        matched.sheet.name,
        "" if matched.sheet.top < 0 else column.cell,
        header=column.header,
        params={"pairs": shown, "columns": len(names)},
    )


# ── What other sheets of a workbook say that its codes mean: 代码说明, a codebook, a sentence of instructions


#: a sheet of explanations is small; what has more rows is data
ROWS, COLUMNS = 400, 40
#: so many headers of the questionnaire in one row make a sheet one of answers
HEADERS = 3
#: characters of a label
LONGEST = 30
Grid = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Explained:
    """Code → label as a ``sheet`` says it; ``question``: the only one that it is about, ``''`` for any; ``direction``: what it
    says of numbers without their labels; ``letters``: a text that explains letters."""

    said: Mapping[str, str]
    question: str = ""
    direction: Direction | None = None
    sheet: str = field(default="", compare=False)
    letters: str = ""


def explained(sheets: Iterable[Sheet], form: Questionnaire, taken: str) -> tuple[Explained, ...]:
    """What the sheets beside the one that is taken explain, in their order."""
    words = {
        header_key(text): q.name for q in form.questions for text in (*q.aliases, *q.labels.values(), q.name) if text
    }
    found: list[Explained] = []
    for sheet in sheets:
        grid = [["" if v is None else plain_text(v) for v in row[:COLUMNS]] for row in sheet.rows[: ROWS + 1]]
        if sheet.name == taken or len(grid) > ROWS or any(_asks(row, words) for row in grid):
            continue
        mine = [Explained(said) for row in grid for text in row if (said := _sentence(text))]
        mine += [Explained({}, direction=d) for row in grid for text in row if text and (d := direction_in(text))]
        mine += [*_blocks(grid, words), *_blocks(list(zip(*grid, strict=False)), words)]
        mine += [Explained({}, letters=text) for text in letters_in(grid)]
        found += [replace(one, sheet=sheet.name) for one in mine]
    return tuple(found)


def _asks(row: Sequence[str], words: Mapping[str, str]) -> bool:
    return len({words[key] for text in row if text and (key := header_key(text)) in words}) >= HEADERS


def _sentence(text: str) -> Mapping[str, str]:
    """A legend in a cell, or in one of its lines or sentences where the whole speaks of several questions."""
    return legend_in(text) or next((said for part in re.split(r"[\n。]", text) if (said := legend_in(part))), {})


def _blocks(grid: Grid, words: Mapping[str, str]) -> Iterator[Explained]:
    """Codes below each other with their labels beside them, in either order; what stands before may name the question."""
    width = min((len(row) for row in grid), default=0)
    for column in range(width - 1):
        for code, label in ((column, column + 1), (column + 1, column)):
            yield from _below(grid, code, label, words)


def _below(grid: Grid, code: int, label: int, words: Mapping[str, str]) -> Iterator[Explained]:
    said: dict[str, str] = {}
    about = ""
    before = min(code, label) - 1
    for row in (*grid, ("",) * (max(code, label) + 1)):
        number, text = clean(row[code]), clean(row[label])
        named = words.get(header_key(row[before]), "") if before >= 0 and row[before] else ""
        fits = number.isdigit() and len(number) <= 2 and 0 < len(text) <= LONGEST and not text.isdigit()
        if not fits or named not in ("", about) or number in said or text in said.values():
            if len(said) > 1:
                yield Explained(said, about)
            said, about = {}, named
        if fits:
            about = about or named
            said[number] = text
