"""The scheme that ships against the founding document (docs/methods.md, “The founding document”) and the illustrative table."""

from __future__ import annotations

import json

import pytest

from analysis.scheme import default_scheme, from_dict, to_dict
from analysis.scheme.options import parse_payers
from analysis.scheme.rules.rules import parse_rule
from analysis.scheme.workbook.reading import read_scheme
from analysis.scheme.workbook.writing import write_scheme

SCHEME = default_scheme()


def test_points_are_those_of_the_document():
    assert (SCHEME.full_marks, SCHEME.objective_points, SCHEME.subjective_points) == (1000, 700, 300)
    assert len(SCHEME.scored_indicators) == 31
    for dimension in SCHEME.dimensions:
        assert (dimension.objective_points, dimension.subjective_points) == (140, 60)
        assert sum(i.points for i in SCHEME.indicators if i.dimension == dimension.code) == 140


def test_offices_are_those_of_the_document():
    leads = {d.code: d.lead_office for d in SCHEME.dimensions}
    assert leads == {
        "autonomy": "组织办",
        "ecology": "城管办",
        "service": "事务办、社工办",
        "culture": "宣传办",
        "harmony": "综治办",
    }
    counts = {d.code: len(d.responsible_offices) for d in SCHEME.dimensions}
    assert counts == {"autonomy": 5, "ecology": 5, "service": 11, "culture": 3, "harmony": 9}
    for indicator in SCHEME.indicators:
        dimension = SCHEME.dimension[indicator.dimension]
        assert indicator.office in {*dimension.lead_office.split("、"), *dimension.responsible_offices}


def test_stars_awards_targets_phases_are_those_of_the_document():
    assert [(s.star, s.minimum, s.decided_by) for s in SCHEME.stars] == [
        (1, 650, "district"),
        (2, 700, "district"),
        (3, 750, "district"),
        (4, 800, "city"),
        (5, 900, "city"),
    ]
    assert {a.star: a.amount for a in SCHEME.awards} == {1: 5e4, 2: 1e5, 3: 1.5e5, 4: 3e5, 5: 5e5}
    assert [sorted(parse_payers(a.payers)) for a in SCHEME.awards][2:4] == [
        ["district", "street"],
        ["city", "district"],
    ]
    assert {t.star: (t.share, t.due_year) for t in SCHEME.targets} == {5: (0.3, 2015), 4: (0.5, 2015), 3: (1.0, 2015)}
    assert [(p.first_year, p.last_year) for p in SCHEME.phases] == [(2012, 2013), (2013, 2014), (2014, 2015)]
    assert [v.code for v in SCHEME.vetoes if v.active] == ["V1", "V2", "V3"]


def test_it_says_that_its_indicators_are_illustrative_and_applies_everywhere():
    assert SCHEME.illustrative
    assert "示例指标" in SCHEME.names["zh"]
    assert "illustrative" in SCHEME.names["en"]
    assert (SCHEME.code, SCHEME.first_year) == ("default", None)


def test_every_indicator_has_a_rule_that_parses_and_texts_in_both_languages():
    for indicator in SCHEME.indicators:
        assert parse_rule(indicator.rule, indicator.parameters)
        assert indicator.text_zh
        assert indicator.text_en.isprintable()
        assert not any("一" <= c <= "鿿" for c in indicator.text_en)


def test_a_perfect_community_gets_700():
    total = 0.0
    for indicator in SCHEME.indicators:
        rule = parse_rule(indicator.rule, indicator.parameters)
        best = {"counts": dict.fromkeys(rule.kinds, 0.0), "grade": (rule.grades or ("",))[0], "number": 1e6}[rule.entry]
        total += rule.score(best, indicator.points)
    assert total == pytest.approx(700)


def test_presets_have_every_length_and_the_official_five():
    assert SCHEME.level_scores(5) == (100, 80, 60, 40, 0)
    assert SCHEME.level_scores(4) == (100, 200 / 3, 100 / 3, 0)
    assert {name: scales[5] for name, scales in SCHEME.presets.items()} == {
        "gd2011": (100, 80, 60, 40, 0),
        "floor20": (100, 80, 60, 40, 20),
        "low30": (100, 80, 60, 30, 0),
        "linear": (100, 75, 50, 25, 0),
    }
    for scales in SCHEME.presets.values():
        assert sorted(scales) == list(range(2, 12))


def test_json_round_trip_is_exact():
    assert from_dict(json.loads(json.dumps(to_dict(SCHEME)))) == SCHEME


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_workbook_round_trip_is_exact(lang):
    scheme, findings = read_scheme("scheme.xlsx", write_scheme(SCHEME, lang))
    assert findings == []
    assert scheme == SCHEME
