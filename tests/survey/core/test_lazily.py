"""Worked out once, kept with the object, also of a frozen one; nobody waits for another object's."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from survey.core.lazily import cached_property


@dataclass(frozen=True)
class Named:
    name: str
    waits: threading.Event | None = None

    @cached_property
    def letters(self) -> list[str]:
        """The letters."""
        if self.waits is not None:
            assert self.waits.wait(30)
        return [*self.name]


def test_it_is_worked_out_once_and_kept_with_the_object():
    one = Named("ab")
    assert one.letters == ["a", "b"]
    assert one.letters is one.letters
    assert replace(one, name="c").letters == ["c"]


def test_the_class_tells_what_it_is():
    assert Named.letters.__doc__ == "The letters."
    assert isinstance(Named.letters, cached_property)


def test_nobody_waits_for_another_object():
    go, got = threading.Event(), []
    slow = threading.Thread(target=lambda: got.append(Named("slow", go).letters))
    slow.start()
    quick = threading.Thread(target=lambda: got.append(Named("q").letters))
    quick.start()
    quick.join(20)
    assert got == [["q"]]
    go.set()
    slow.join(20)
    assert got == [["q"], [*"slow"]]
