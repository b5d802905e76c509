"""What one version of a scheme changes of another, each change as a sentence in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.scheme.model import Indicator, Scheme
from analysis.scheme.options import OPTIONS
from analysis.scheme.rules.rules import parse_rule
from analysis.scheme.rules.words import marks
from survey.core.errors import Refused
from survey.core.lang import LANGUAGES, say

Names = Mapping[str, str]
Fields = Mapping[str, Names]
#: kinds of what a scheme is made of, in the order they are told
PARTS = (
    "setting",
    "preset",
    "dimension",
    "indicator",
    "star",
    "award",
    "veto",
    "target",
    "phase",
    "community_target",
    "pilot",
    "margin",
)
#: what turns answers into points and points into stars: settled before the first answer comes in
LOCKED_SETTINGS = (
    "preset",
    "min_responses",
    "complete_share",
    "partial_share",
    "weighting",
    "margins",
    "cell_min",
    "trim",
    "lonely_psu",
)
_LOCKED = {
    "star": ("minimum",),
    "dimension": ("objective_points", "subjective_points"),
    "margin": ("population",),
    "preset": ("value",),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: ``field`` of a ``part`` with this ``code`` was ``before`` and is ``after``, texts by language.

    ``before`` None: it is new; ``after`` None: it is gone; ``field`` is ``''`` in both cases.
    """

    part: str
    code: str
    name: Names
    field: str = ""
    before: Names | None = None
    after: Names | None = None

    @property
    def locked(self) -> bool:
        """Whether it changes what is settled before the first answer."""
        if self.part == "setting":
            return self.code in LOCKED_SETTINGS
        return self.part in _LOCKED and (not self.field or self.field in _LOCKED[self.part])

    def word(self, lang: str) -> str:
        """The change as one sentence."""
        part = say(lang, f"scheme_diff.part.{self.part}")
        name = self.name[lang]
        what = " ".join(filter(None, (self.code, name if name != self.code else "")))
        if not self.field:
            key = "added" if self.before is None else "gone"
            detail = (self.after if self.before is None else self.before) or {}
            return say(lang, f"scheme_diff.{key}", part=part, what=what, detail=detail.get(lang, ""))
        known = self.part in ("setting", "preset")
        field = what if known else say(lang, f"scheme_diff.field.{self.field}")
        values = {
            k: (v or {}).get(lang) or say(lang, "scheme_diff.nothing")
            for k, v in (("before", self.before), ("after", self.after))
        }
        return say(
            lang, "scheme_diff.setting" if known else "scheme_diff.changed", part=part, what=what, field=field, **values
        )

    def plain(self) -> dict[str, Any]:
        """As JSON values, for keeping."""
        return {
            "part": self.part,
            "code": self.code,
            "name": dict(self.name),
            "field": self.field,
            "before": None if self.before is None else dict(self.before),
            "after": None if self.after is None else dict(self.after),
        }


def differences(old: Scheme, new: Scheme) -> list[Change]:
    """Everything that ``new`` has otherwise than ``old``, part by part in the order of ``PARTS``."""
    before, after = _flat(old), _flat(new)
    same_rule = {i.code for i in old.indicators} & {i.code for i in new.indicators} - _other_rules(old, new)
    found: list[Change] = []
    for part in PARTS:
        for code in dict.fromkeys([*before[part], *after[part]]):
            found.extend(_compare(part, code, before[part].get(code), after[part].get(code)))
    return [c for c in found if not (c.field == "rule" and c.code in same_rule)]


def _other_rules(old: Scheme, new: Scheme) -> set[str]:
    """Codes of indicators with another rule; its words name the points, too, which are told by themselves."""
    rules = [{i.code: (i.rule, i.parameters, bool(i.points)) for i in scheme.indicators} for scheme in (old, new)]
    return {code for code, rule in rules[1].items() if rules[0].get(code) != rule}


def _compare(part: str, code: str, old: Fields | None, new: Fields | None) -> Iterator[Change]:
    one = new or old or {}
    name = one.get("name", _same(code))
    if old is None or new is None:
        detail = one.get("detail", _same(""))
        yield Change(part, code, name, "", None if old is None else detail, None if new is None else detail)
        return
    for field in old:
        if field != "detail" and old[field] != new[field]:
            yield Change(part, code, name, field, old[field], new[field])


def _same(value: object) -> Names:
    """A value that reads the same in both languages; nothing for None."""
    text = "" if value is None else marks(value) if isinstance(value, float) else str(value)
    return dict.fromkeys(LANGUAGES, text)


def _flat(scheme: Scheme) -> dict[str, dict[str, Fields]]:
    """Part → code → field → text by language."""
    settings = {
        "name": dict(scheme.names),
        "first_year": _same(scheme.first_year),
        "full_marks": _same(scheme.full_marks),
        "illustrative": _yes(scheme.illustrative),
        **{key: _same(getattr(scheme, key)) for key in LOCKED_SETTINGS if key != "margins"},
        "margins": _same(", ".join(scheme.margins)),
        **{key: _same(option.unsaid) for key, option in OPTIONS.items()},
        **{key: _same(value) for key, value in scheme.settings.items()},
    }
    return {
        "setting": {key: {"value": value} for key, value in settings.items()},
        "preset": {
            f"{name} ({levels})": {"value": _same("/".join(f"{s:.4g}" for s in scores))}
            for name, scales in scheme.presets.items()
            for levels, scores in scales.items()
        },
        "dimension": {
            d.code: {
                "name": d.names,
                "objective_points": _same(d.objective_points),
                "subjective_points": _same(d.subjective_points),
                "lead_office": _same(d.lead_office),
                "responsible_offices": _same("、".join(d.responsible_offices)),
            }
            for d in scheme.dimensions
        },
        "indicator": {i.code: _indicator(i) for i in scheme.indicators},
        "star": {
            str(s.star): {"minimum": _same(float(s.minimum)), "decided_by": _same(s.decided_by)} for s in scheme.stars
        },
        "award": {str(a.star): {"amount": _same(float(a.amount)), "payers": _same(a.payers)} for a in scheme.awards},
        "veto": {
            v.code: {"name": v.names, "window_months": _same(v.window_months), "active": _yes(v.active)}
            for v in scheme.vetoes
        },
        "target": {f"{t.star} ({t.due_year})": {"share": _same(f"{t.share * 100:.10g}%")} for t in scheme.targets},
        "phase": {p.name: {"years": _same(f"{p.first_year}–{p.last_year}")} for p in scheme.phases},
        "community_target": {f"{c} ({y})": {"star": _same(s)} for c, y, s in scheme.community_targets},
        "pilot": {f"{c} · {d}": {} for c, d in scheme.pilots},
        "margin": {
            " ".join(str(x) for x in (t.margin, t.category, t.community, t.year or "") if x): {
                "population": _same(f"{t.population:.10g}")
            }
            for t in scheme.margin_targets
        },
    }


def _yes(value: bool) -> Names:
    return {lang: say(lang, f"scheme_diff.{'yes' if value else 'no'}") for lang in LANGUAGES}


def _indicator(i: Indicator) -> Fields:
    points = "" if i.points is None else marks(i.points)
    return {
        "name": i.names,
        "detail": _same(points),
        "parent": _same(i.parent),
        "dimension": _same(i.dimension),
        "points": _same(points),
        "rule": rule_words(i),
        "unit": _same(i.unit),
        "methods": _same(i.methods),
        "office": _same(i.office),
        "text": {"zh": i.text_zh, "en": i.text_en or i.text_zh},
        "scoring": {"zh": i.scoring_zh, "en": i.scoring_en or i.scoring_zh},
    }


def rule_words(indicator: Indicator) -> Names:
    """The rule of an indicator as a sentence in both languages, ``''`` for a group."""
    if indicator.points is None or not indicator.rule:
        return _same("")
    try:
        key, params = parse_rule(indicator.rule, indicator.parameters).describe(indicator.points, indicator.unit)
    except Refused:  # a scheme kept by another version of the program
        return _same(f"{indicator.rule} {indicator.parameters}")
    return {lang: say(lang, key, **params) for lang in LANGUAGES}
