"""A year scored from an archive is that of one machine: whatever the sample says of itself, and nothing else is kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.engines import executor, scored
from analysis.publication import snapshots
from analysis.scoring.results import Results
from survey.core.errors import Refused
from survey.store import Store
from survey.store.intake import batches
from tests.tools.stores.archive_reader import PlainArchive
from tests.tools.stores.archived import archived
from tests.tools.stores.sampled_town import CODES, KINDS, make_sampled_town


def agree(found: Results, told: Results) -> None:
    """Every number to 1e-12, relative, every word."""
    for name in ("scores", "items", "flow", "streets", "indicators"):
        one, other = getattr(found, name), getattr(told, name)
        assert list(one.columns) == list(other.columns), name
        assert len(one) == len(other) > 0, name
        for column in one:
            if pd.api.types.is_numeric_dtype(one[column]):
                ours, theirs = (f[column].to_numpy(dtype=np.float64, na_value=np.nan) for f in (one, other))
                np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12, err_msg=f"{name}.{column}")
            else:
                assert _plain(one[column]) == _plain(other[column]), f"{name}.{column}"
    for name in ("weights", "weight_classes", "districts"):
        pd.testing.assert_frame_equal(
            pd.DataFrame(found.extra[name]), pd.DataFrame(told.extra[name]), rtol=1e-12, atol=1e-12, check_dtype=False
        )


def _plain(column: Any) -> list[Any]:
    return [None if v is None or v != v else _rounded(v) for v in column.tolist()]


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.11g}")
    if isinstance(value, list):
        return [_rounded(v) for v in value]
    return {k: _rounded(v) for k, v in value.items()} if isinstance(value, dict) else value


@pytest.fixture
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """The archive is read in this process, some communities at a time."""
    monkeypatch.setattr(scored, "Archive", PlainArchive)
    monkeypatch.setattr(executor, "AT_ONCE", 100)


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_the_result_of_one_machine(kind: str, sqlite_store: Store, tmp_path: Any) -> None:
    town = make_sampled_town(sqlite_store, kind)
    archived(town, tmp_path)
    told = [snapshots.results(town, year) for year in (2013, 2014)]
    assert told[1].scores["change_p"].notna().any()
    notes = ";".join(told[1].scores["note"])
    assert ("panel" in notes, "shared_psu" in notes) == (
        kind == "panel",
        kind in ("psus", "weights", "raked", "overall"),
    )
    for found, there in zip(scored.score(town, str(tmp_path), spark=object()), told, strict=True):  # type: ignore[arg-type]
        assert found.meta["computed_at"] >= there.meta["computed_at"]
        agree(found, there)


@pytest.mark.usefixtures("near")
def test_a_store_without_the_responses_keeps_what_came_until_it_is_computed_anew(
    sqlite_store: Store, tmp_path: Any
) -> None:
    """The ministry's store: register, scheme, questionnaire and indicator values, and not one response."""
    town = make_sampled_town(sqlite_store, "psus")
    archived(town, tmp_path)
    told = {year: snapshots.results(town, year) for year in (2013, 2014)}
    with town.write() as conn:
        for batch in batches.listing(conn):
            if batch.kind == "answers":
                batches.undo(conn, batch.id, "elsewhere")
    assert snapshots.results(town, 2014).scores["subjective"].isna().all()
    found = scored.score(town, str(tmp_path), year=2014, spark=object())  # type: ignore[arg-type]
    assert [r.meta[snapshots.ELSEWHERE] for r in found] == [60 * 5 + 7]
    columns = ["subjective", "subjective_se", "rank", "change_subjective", "change_q", "note"]
    for year in (2013, 2014):
        pd.testing.assert_frame_equal(
            snapshots.results(town, year).scores[columns], told[year].scores[columns], rtol=1e-12
        )
        assert snapshots.recount(town, year) is None
    with town.write() as conn:
        snapshots.years.bump(conn, [2013, 2014])
    snapshots.keep_current(town, 2014)
    assert snapshots.results(town, 2014).scores["subjective"].notna().sum() == len(CODES)


@pytest.mark.usefixtures("near")
def test_what_does_not_belong_together_is_refused_in_a_sentence(sqlite_store: Store, tmp_path: Any) -> None:
    town = make_sampled_town(sqlite_store, "plain")
    archived(town, tmp_path, [2014])

    def refused(**more: Any) -> tuple[str, dict[str, Any]]:
        with pytest.raises(Refused) as caught:
            scored.score(town, str(tmp_path), spark=object(), **more)  # type: ignore[arg-type]
        return caught.value.key, dict(caught.value.params)

    assert refused(year=2013)[0] == "engines.unknown_year"
    assert refused(year=2009)[0] == "publishing.unknown_year"
    # the change rests on 2013, which the archive lacks
    told = {"year": 2013, "community": CODES[0], "archive": 0, "store": 60}
    assert refused(year=2014) == ("engines.other_responses", told)
    archived(town, tmp_path)
    places = tmp_path / "responses" / "by_community"
    path = next((places / "community=C4").glob("*"))
    pd.read_parquet(path).iloc[1:].to_parquet(path)
    assert refused()[1] == {"year": 2013, "community": "C4", "archive": 59, "store": 60}
    (places / "community=C4").rename(places / "community=C9")
    assert refused() == ("engines.no_community", {"n": 1, "names": "C9"})
    archived(town, tmp_path)
    rows = pd.read_parquet(path).assign(version=7)
    rows.to_parquet(path)
    assert refused() == ("engines.no_questionnaire", {"names": "q v7"})


@pytest.mark.usefixtures("near")
def test_a_closed_year_stands_and_is_not_computed(sqlite_store: Store, tmp_path: Any, monkeypatch: Any) -> None:
    town = make_sampled_town(sqlite_store, "plain")
    archived(town, tmp_path)
    told = snapshots.results(town, 2014)
    monkeypatch.setattr(scored.years, "state", lambda conn, year: "closed")
    monkeypatch.setattr(scored, "_collect", lambda *_: pytest.fail("computed"))
    (found,) = scored.score(town, str(tmp_path), year=2014, spark=object())  # type: ignore[arg-type]
    assert found.scores["subjective_se"].equals(told.scores["subjective_se"])
