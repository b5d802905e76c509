"""One community's responses of a year: people, opinions, happiness, and how the interview went."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from .chance import Floats, Ints, stream
from .opinions import ITEMS, SCORES, answers, person_effect
from .people import people
from .remarks import remark
from .street import PLACES, RESPONSES, YEARS, Place, subjective_plan

#: 11 digits that begin with 120 are no Chinese mobile number, so nobody can be called by mistake
PHONE_PREFIX = "1200000"
INTERVIEWERS = 6
#: the phone interviewer whose residents of the last year are happier than chance explains
ROSY, ROSY_YEAR, ROSY_SHARE = 3, 2014, 0.2
#: how much the dimensions weigh in overall happiness: surroundings and belonging most
_CLOSE = np.repeat((0.05, 0.45, 0.06, 0.06, 0.38), 5) / 5


def responses(place: Place, position: int, year: int) -> pd.DataFrame:
    """All interviews of a community and year, paper first; answers as the codes of ``opinions``.

    ``state`` says what becomes of a response: ``complete``, ``partial`` (scored as well), ``incomplete``,
    ``ineligible`` (screened out, nothing asked).
    """
    parts = [_interviews(place, position, year, mode) for mode in ("paper", "phone")]
    frame = pd.concat(parts, ignore_index=True)
    person = frame.pop("person").to_numpy()
    levels = answers(place, year, frame, person, subjective_plan(place.code, year))
    frame[list(ITEMS)] = levels
    if year == ROSY_YEAR:
        frame["interviewer"] = _rosy(frame, levels)
    overall(frame, place, year, person, levels)
    setting(frame, place, year)
    return frame


def _interviews(place: Place, position: int, year: int, mode: str) -> pd.DataFrame:
    random = stream("interviews", place.code, year, mode)
    scored = RESPONSES[year][position]
    paper = round(scored * stream("mode", place.code, year).uniform(0.62, 0.69))
    wanted = paper if mode == "paper" else scored - paper
    small = wanted < 40
    partial = 0 if small else int(random.randint(1, 4 if mode == "paper" else 3))
    incomplete = int(random.randint(0, 2 if small else 3))
    ineligible = int(random.randint(0, 2 if small else 4))
    states = ["complete"] * (wanted - partial) + ["partial"] * partial
    states += ["incomplete"] * incomplete + ["ineligible"] * ineligible
    frame = people(place, year, mode, len(states))
    frame["interviewer"] = interviewers(random, position, mode, len(states))
    frame["person"] = person_effect(place, year, mode, frame, frame["interviewer"].to_numpy())
    frame.insert(0, "state", random.permutation(states))
    frame.insert(0, "mode", mode)
    frame.insert(0, "year", year)
    frame.insert(0, "code", place.code)
    frame = times(random, frame, position, year, mode)
    if mode == "paper":
        frame["respondent"] = [f"{year}-{place.code[2:]}-{i + 1:03d}" for i in range(len(states))]
        frame["phone"] = ""
    else:
        start = sum(RESPONSES[year][:position])
        frame["respondent"] = [f"D{year % 100}{start + i + 1:05d}" for i in range(len(states))]
        serials = random.permutation(10_000)[: len(states)]
        frame["phone"] = [f"{PHONE_PREFIX}{s:04d}" for s in serials]
    return frame


def interviewers(random: np.random.RandomState, position: int, mode: str, n: int) -> Ints:
    """Paper: two who walk the community; phone: six who share the whole street."""
    if mode == "paper":
        return 2 * position + 1 + (random.random_sample(n) < 0.45).astype(int)
    return 1 + random.randint(0, INTERVIEWERS, n)


def _rosy(frame: pd.DataFrame, levels: Ints) -> Ints:
    """Interviewers, some of the least satisfied of one exchanged for the most satisfied of the others.

    Only who asked is exchanged, no answer: scores stay what they are.
    """
    who = frame["interviewer"].to_numpy().copy()
    asked = (levels >= 1) & (levels <= 5)
    mean = np.where(asked, levels, 0).sum(axis=1) / np.maximum(asked.sum(axis=1), 1)
    phone = ((frame["mode"] == "phone") & (frame["state"] == "complete")).to_numpy()
    mine, others = (np.flatnonzero(phone & mask) for mask in (who == ROSY, who != ROSY))
    n = round(ROSY_SHARE * len(mine))
    worst = mine[np.argsort(-mean[mine], kind="stable")][:n]
    best = others[np.argsort(mean[others], kind="stable")][:n]
    who[worst], who[best] = who[best], ROSY
    return who


def times(random: np.random.RandomState, frame: pd.DataFrame, position: int, year: int, mode: str) -> pd.DataFrame:
    """Start and length in seconds: paper by day, phone between nine and nine, a few suspiciously quick."""
    n = len(frame)
    first = datetime(year, 9, 10 if mode == "paper" else 18) + timedelta(days=position)
    day = np.sort(random.randint(0, 52, n))
    if mode == "paper":
        second = random.randint(8 * 3600, 18 * 3600, n)
    else:
        morning = random.random_sample(n) < 0.3
        second = np.where(morning, random.randint(9 * 3600, 12 * 3600, n), random.randint(14 * 3600, 75_000, n))
    median = 540 if mode == "paper" else 410
    length = median * np.exp(random.normal(0, 0.28, n))
    length = np.where(random.random_sample(n) < 0.012, length * 0.25, length)
    length = np.where(frame["state"] == "incomplete", length * 0.4, length)
    length = np.where(frame["state"] == "ineligible", 25 + 20 * random.random_sample(n), length)
    frame["start"] = [first + timedelta(days=int(d), seconds=int(s)) for d, s in zip(day, second, strict=True)]
    frame["duration"] = length.astype(int)
    return frame.sort_values("start", kind="stable", ignore_index=True)


def overall(frame: pd.DataFrame, place: Place, year: int, person: Floats, levels: Ints) -> None:
    """F1, F2 (0–10), F3 (better, same, worse) and F4 (one wish), which hang on the person and the answers."""
    random = stream("overall", place.code, year)
    n = len(frame)
    scores = SCORES[np.where(levels > 5, 0, levels)]
    known = ~np.isnan(scores)
    weight = (known * _CLOSE).sum(axis=1)
    mean = np.where(
        weight > 0, (np.where(known, scores, 0.0) * _CLOSE).sum(axis=1) / np.where(weight > 0, weight, 1), 74.0
    )
    life = random.normal(0, 1, n)
    happy = 7.25 + 0.035 * (mean - 74) + 0.2 * person + 1.05 * life + random.normal(0, 0.75, n)
    content = 7.0 + 0.035 * (mean - 74) + 0.2 * person + 0.95 * life + random.normal(0, 0.85, n)
    better = 0.1 + 0.012 * (mean - 74) + 0.07 * (year - YEARS[0]) + random.normal(0, 0.55, n)
    frame["F1"] = np.clip(np.rint(happy), 0, 10).astype(int)
    frame["F2"] = np.clip(np.rint(content), 0, 10).astype(int)
    frame["F3"] = np.where(better > 0.15, 0, np.where(better > -0.75, 1, 2))
    wishes = random.random_sample(n) < np.where(frame["mode"] == "paper", 0.24, 0.33)
    choice = random.random_sample(n)
    frame["F4"] = [remark(row, draw) if wish else "" for row, wish, draw in zip(levels, wishes, choice, strict=True)]
    stopped = frame["state"].isin(("incomplete", "ineligible")).to_numpy()
    for name in ("F1", "F2", "F3"):
        frame.loc[stopped | (random.random_sample(n) < 0.012), name] = -1
    frame.loc[stopped, "F4"] = ""


def setting(frame: pd.DataFrame, place: Place, year: int) -> None:
    """Screening S1, S2 and the two probes G1 (told what to say), G2 (somebody listened): 1 yes, 0 no, -1 blank."""
    random = stream("setting", place.code, year)
    n = len(frame)
    ineligible = (frame["state"] == "ineligible").to_numpy()
    minor = ineligible & (random.random_sample(n) < 0.25)
    frame["S1"] = np.where(minor, 0, 1)
    frame["S2"] = np.where(minor, -1, np.where(ineligible, 0, 1))
    # who is screened out is thanked and asked no more
    frame.loc[minor, ["age", "band"]] = -1
    frame.loc[ineligible, ["residence", "origin", "education", "occupation"]] = -1
    frame["G1"] = (random.random_sample(n) < 0.028).astype(int)
    frame["G2"] = (random.random_sample(n) < np.where(frame["mode"] == "paper", 0.17, 0.06)).astype(int)
    stopped = frame["state"].isin(("incomplete", "ineligible")).to_numpy()
    frame.loc[stopped, ["G1", "G2"]] = -1


def all_responses() -> dict[int, pd.DataFrame]:
    """Every interview of the three years."""
    return {year: pd.concat([responses(p, i, year) for i, p in enumerate(PLACES)], ignore_index=True) for year in YEARS}
