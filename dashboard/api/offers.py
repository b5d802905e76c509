"""Every address of the API, once: server, permissions, document and tests follow this table."""

from __future__ import annotations

from dashboard.api.declared import Parameter, Route

_COMMUNITY, _STREET, _DIMENSION = Parameter("community"), Parameter("street"), Parameter("dimension")
_PLACE = (_COMMUNITY, _STREET)
_QUESTION = (Parameter("questionnaire"), Parameter("item"))
_ASKED = (_COMMUNITY, Parameter("split"), Parameter("where"), Parameter("also"))

ROUTES: tuple[Route, ...] = (
    Route("years", "years", "dashboard.api.scores_read:years", "see"),
    Route(
        "communities",
        "communities",
        "dashboard.api.year_read:communities",
        "see",
        (*_PLACE, Parameter("year", whole=True, least=1900, most=lambda: 2100)),
    ),
    Route("schemes", "schemes", "dashboard.api.year_read:scheme_list", "see"),
    Route(
        "batches",
        "batches",
        "dashboard.api.year_read:batches",
        "see_imports",
        (
            Parameter("kind", values=("answers", "indicators", "register", "calls")),
            Parameter("state", values=("active", "undone", "removed")),
        ),
    ),
    Route("scores", "years/<int:year>/scores", "dashboard.api.scores_read:scores", "see", _PLACE),
    Route(
        "dimensions",
        "years/<int:year>/dimensions",
        "dashboard.api.scores_read:dimensions",
        "see",
        (*_PLACE, _DIMENSION),
    ),
    Route(
        "items",
        "years/<int:year>/items",
        "dashboard.api.scores_read:items",
        "see",
        (*_PLACE, _DIMENSION, Parameter("item")),
    ),
    Route(
        "indicators",
        "years/<int:year>/indicators",
        "dashboard.api.scores_read:indicators",
        "see",
        (*_PLACE, _DIMENSION, Parameter("indicator")),
    ),
    Route("flow", "years/<int:year>/flow", "dashboard.api.scores_read:flow", "see", _PLACE),
    Route("streets", "years/<int:year>/streets", "dashboard.api.scores_read:streets", "see_all", (_STREET,)),
    Route(
        "questions",
        "years/<int:year>/questions",
        "dashboard.api.answers_read:questions",
        "see",
        (Parameter("questionnaire"),),
    ),
    Route(
        "answers",
        "years/<int:year>/answers",
        "dashboard.api.answers_read:distribution",
        "see",
        (*_QUESTION, _STREET, *_ASKED, Parameter("cross")),
    ),
    Route(
        "estimates",
        "years/<int:year>/estimates",
        "dashboard.api.answers_read:estimate_rows",
        "see",
        (*_QUESTION, *_ASKED, Parameter("stat"), Parameter("base")),
        more=True,
    ),
    Route("scheme", "years/<int:year>/scheme", "dashboard.api.year_read:scheme", "see", (_DIMENSION,)),
    Route("status", "years/<int:year>/status", "dashboard.api.year_read:status", "see", _PLACE),
    Route("steps", "years/<int:year>/steps", "dashboard.api.year_read:steps", "see", _PLACE),
    Route("decisions", "years/<int:year>/decisions", "dashboard.api.year_read:decisions", "see", _PLACE),
    Route(
        "tasks",
        "years/<int:year>/tasks",
        "dashboard.api.year_read:tasks",
        "see",
        (*_PLACE, Parameter("office"), Parameter("state")),
    ),
)
