"""Every address of the API, once: server, permissions, document and tests follow this table."""

from __future__ import annotations

from dashboard.api import answers_read, scores_read, year_read
from dashboard.api.declared import Parameter, Route

_COMMUNITY, _STREET, _DIMENSION = Parameter("community"), Parameter("street"), Parameter("dimension")
_PLACE = (_COMMUNITY, _STREET)
_QUESTION = (Parameter("questionnaire"), Parameter("item"))
_ASKED = (_COMMUNITY, Parameter("split"), Parameter("where"), Parameter("also"))

ROUTES: tuple[Route, ...] = (
    Route("years", "years", scores_read.years, "see", scores_read.YEARS),
    Route(
        "communities",
        "communities",
        year_read.communities,
        "see",
        year_read.REGISTER,
        (*_PLACE, Parameter("year", whole=True, least=1900, most=lambda: 2100)),
    ),
    Route("schemes", "schemes", year_read.scheme_list, "see", year_read.VERSIONS),
    Route(
        "batches",
        "batches",
        year_read.batches,
        "see_imports",
        year_read.BATCHES,
        (
            Parameter("kind", values=("answers", "indicators", "register", "calls")),
            Parameter("state", values=("active", "undone", "removed")),
        ),
    ),
    Route("scores", "years/<int:year>/scores", scores_read.scores, "see", scores_read.SCORES, _PLACE),
    Route(
        "dimensions",
        "years/<int:year>/dimensions",
        scores_read.dimensions,
        "see",
        scores_read.DIMENSIONS,
        (*_PLACE, _DIMENSION),
    ),
    Route(
        "items",
        "years/<int:year>/items",
        scores_read.items,
        "see",
        scores_read.ITEMS,
        (*_PLACE, _DIMENSION, Parameter("item")),
    ),
    Route(
        "indicators",
        "years/<int:year>/indicators",
        scores_read.indicators,
        "see",
        scores_read.INDICATORS,
        (*_PLACE, _DIMENSION, Parameter("indicator")),
    ),
    Route("flow", "years/<int:year>/flow", scores_read.flow, "see", scores_read.FLOW, _PLACE),
    Route("streets", "years/<int:year>/streets", scores_read.streets, "see_all", scores_read.STREETS, (_STREET,)),
    Route(
        "questions",
        "years/<int:year>/questions",
        answers_read.questions,
        "see",
        answers_read.QUESTIONS,
        (Parameter("questionnaire"),),
    ),
    Route(
        "answers",
        "years/<int:year>/answers",
        answers_read.distribution,
        "see",
        answers_read.ANSWERS,
        (*_QUESTION, _STREET, *_ASKED, Parameter("cross")),
    ),
    Route(
        "estimates",
        "years/<int:year>/estimates",
        answers_read.estimate_rows,
        "see",
        answers_read.ESTIMATES,
        (*_QUESTION, *_ASKED, Parameter("stat"), Parameter("base")),
        more=True,
    ),
    Route("scheme", "years/<int:year>/scheme", year_read.scheme, "see", year_read.INDICATORS, (_DIMENSION,)),
    Route("status", "years/<int:year>/status", year_read.status, "see", year_read.STATUS, _PLACE),
    Route("steps", "years/<int:year>/steps", year_read.steps, "see", year_read.STEPS, _PLACE),
    Route("decisions", "years/<int:year>/decisions", year_read.decisions, "see", year_read.DECISIONS, _PLACE),
    Route(
        "tasks",
        "years/<int:year>/tasks",
        year_read.tasks,
        "see",
        year_read.TASKS,
        (*_PLACE, Parameter("office"), Parameter("state")),
    ),
)
