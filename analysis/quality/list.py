"""The measures of quality: one line each, in the order of the commands; none is imported before it is asked for.

A new one is its module with a ``MEASURE``, a line here, and its texts.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """``name`` of the measure, where its value is, the key of its help, and its command under ``xingfu quality``.

    ``command`` is empty where the measure has a command of its own, or none.
    """

    name: str
    place: str
    help: str
    command: str = ""


LINES = (
    Line("coverage", "analysis.quality.coverage:MEASURE", "coverage.help.coverage"),
    Line("drivers", "analysis.quality.drivers_measure:MEASURE", "drivers.help.drivers"),
    Line("power", "analysis.quality.power:MEASURE", "power.help.power"),
    Line("reliability", "analysis.quality.reliability:MEASURE", "quality.help.reliability", "reliability"),
    Line("modes", "analysis.quality.modes:MEASURE", "modes.help.modes", "modes"),
    Line("interviewers", "analysis.quality.interviewers:MEASURE", "interviewers.help.interviewers", "interviewers"),
    Line("without", "analysis.quality.without:MEASURE", "without.help.without", "without"),
    Line("weights", "analysis.quality.weights:MEASURE", "weights.help.weights", "weights"),
    Line("small_areas", "analysis.quality.small_areas:MEASURE", "small_areas.help.small_areas", "small-areas"),
    Line("rates", "analysis.quality.rates:MEASURE", "rates.help.rates"),
    Line("sensitivity", "analysis.quality.sensitivity.tables:MEASURE", "sensitivity.help.sensitivity"),
    Line("sensitivity_runs", "analysis.quality.sensitivity.tables:RUNS", "sensitivity.option.runs_out"),
)
