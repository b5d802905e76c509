"""Replicate weights that a survey team brings: how they were made, and whether the questionnaire says enough of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from survey.form.model import REPLICATE_WEIGHT, Questionnaire
from survey.form.workbook import syntax
from survey.form.workbook.report import Report

Method = Literal["JK1", "JKn", "bootstrap", "BRR", "Fay"]
METHODS: tuple[Method, ...] = ("JK1", "JKn", "bootstrap", "BRR", "Fay")
#: settings: how the replicates were made; what their squares are multiplied by; around which value they are taken; and
#: Fay's ρ, what is left of a weight in the replicates that leave its half out
METHOD, SCALE, RSCALES, MSE = "replicates", "replicate_scale", "replicate_rscales", "replicate_mse"
RHO = "replicate_rho"


@dataclass(frozen=True)
class Replication:
    """R replicates: ``factor`` (R,) scale times the replicate's own, ``mse`` deviations from the estimate instead of
    the mean of the replicates."""

    method: Method
    factor: tuple[float, ...]
    mse: bool

    @property
    def centre(self) -> tuple[bool, ...]:
        """(R,) replicates that the mean is taken over: those that count in the variance (as R)."""
        return tuple(one > 0 for one in self.factor)


def replication(form: Questionnaire) -> Replication | None:
    """What a (checked) questionnaire says of its replicate weights, None without any.

    Defaults as R ``svrepdesign``: scale (R − 1)/R for JK1, 1 for JKn, 1/(R − 1) for bootstrap; every replicate once,
    which JKn must state.  BRR (1/R) and Fay (1/(R (1 − ρ)²), ρ stated) know their scale (``svrepdesign(type = "Fay",
    rho = ρ)``).  Raises ValueError, with the setting as its text, where that can't be read.
    """
    count = len(form.replicates)
    if not count:
        return None
    found = {name.casefold(): name for name in METHODS}
    method = found.get(form.settings.get(METHOD, "").casefold())
    if method is None:
        raise ValueError(METHOD)
    usual = {
        "JK1": (count - 1) / count if count > 1 else 1.0,
        "JKn": 1.0,
        "bootstrap": 1 / max(count - 1, 1),
        "BRR": 1 / count,
        "Fay": 1 / (count * (1 - _rho(form)) ** 2),
    }[method]
    scale, own = _scale(form, usual), _rscales(form, count)
    try:
        mse = syntax.parse_yes(form.settings.get(MSE, ""))
    except ValueError:
        raise ValueError(MSE) from None
    return Replication(method, tuple(scale * one for one in own), mse)


def _scale(form: Questionnaire, usual: float) -> float:
    text = form.settings.get(SCALE, "")
    try:
        scale = syntax.parse_number(text) if text else usual
    except ValueError:
        raise ValueError(SCALE) from None
    if scale <= 0:
        raise ValueError(SCALE)
    return scale


def _rho(form: Questionnaire) -> float:
    """ρ of Fay's method, 0 ≤ ρ < 1; 0 where nothing is said."""
    text = form.settings.get(RHO, "")
    try:
        rho = syntax.parse_number(text) if text else 0.0
    except ValueError:
        raise ValueError(RHO) from None
    if not 0 <= rho < 1:
        raise ValueError(RHO)
    return rho


def _rscales(form: Questionnaire, count: int) -> list[float]:
    words = re.split(r"[\s,;|，；、｜]+", form.settings.get(RSCALES, "").strip())
    try:
        own = [syntax.parse_number(word) for word in words if word]
    except ValueError:
        raise ValueError(RSCALES) from None
    own = own * count if len(own) == 1 else own or [1.0] * count
    if len(own) != count or min(own) < 0 or max(own) == 0:
        raise ValueError(RSCALES)
    return own


def check_replicates(report: Report) -> None:
    """Columns without a method or a weight, a method without columns, factors that don't fit."""
    form = report.form
    columns = [i for i, row in enumerate(form.rows) if row.role == REPLICATE_WEIGHT]
    stated = form.settings.get(METHOD, "")
    if not columns:
        for setting in (METHOD, SCALE, RSCALES, MSE, RHO):
            if form.settings.get(setting):
                report.setting(setting, "form.replicates_no_columns", setting=setting)
        return
    if len(columns) == 1:
        report.row(columns[0], "role", "form.replicates_one")
    if "weight" not in form.roles:
        report.row(columns[0], "role", "form.replicates_no_weight")
    known = ", ".join(METHODS)
    try:
        made = replication(form)
    except ValueError as problem:
        setting = str(problem)
        code = {METHOD: "replicates_method" if stated else "replicates_no_method"}.get(setting, setting)
        found = form.settings.get(setting, "")
        if setting == METHOD and not stated:
            report.form_wide(f"form.{code}", sheet=report.places.settings, known=known, count=len(columns))
        else:
            report.setting(setting, f"form.{code}", found=found, known=known, count=len(form.replicates))
        return
    if made is not None:
        _check_method(report, made)


def _check_method(report: Report, made: Replication) -> None:
    """What a method needs is there, and nothing that it does not use: R leaves such an argument out with a warning."""
    stated = report.form.settings
    if made.method == "JKn" and not stated.get(RSCALES):
        report.setting(METHOD, "form.replicates_jkn", count=len(made.factor))
    if made.method == "Fay" and not stated.get(RHO):
        report.setting(METHOD, "form.replicates_fay")
    unused = {"Fay": (SCALE,), "BRR": (SCALE, RHO)}.get(made.method, (RHO,))
    for setting in unused:
        if stated.get(setting):
            report.setting(setting, "form.replicates_unused", setting=setting, method=made.method)
