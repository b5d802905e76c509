"""English names: told, told otherwise, taken away; a closed year is read with those that count now."""

from __future__ import annotations

from survey.store import Store, names_en


def test_an_english_name_is_kept_changed_and_taken_away(store: Store) -> None:
    with store.write() as conn:
        names_en.tell(conn, {"甲社区": "Alpha", "东街": "East Street"})
        names_en.tell(conn, {"甲社区": "Alfa", "乙社区": ""})
        assert names_en.stored(conn) == {"甲社区": "Alfa", "东街": "East Street"}
        names_en.tell(conn, {"甲社区": ""})
        assert names_en.stored(conn) == {"东街": "East Street"}
