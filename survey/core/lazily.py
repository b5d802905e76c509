"""An attribute that is worked out when it is first asked for, and kept with its object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Value = TypeVar("Value")


class cached_property(Generic[Value]):  # noqa: N801 – a decorator, called as that of functools
    """As that of ``functools`` has been since Python 3.12: nobody waits for another.

    Before, all objects of a class shared one lock: a page that took seconds for an attribute held up the pages of everybody
    else that asked their own object for it.  Two threads that ask one object for it at the same time may both work it out;
    either value is right.
    """

    def __init__(self, make: Callable[[Any], Value]) -> None:
        self._make = make
        self.__doc__ = make.__doc__
        self._name = make.__name__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, held: None, owner: type) -> cached_property[Value]: ...
    @overload
    def __get__(self, held: object, owner: type) -> Value: ...
    def __get__(self, held: object | None, owner: type) -> Value | cached_property[Value]:
        if held is None:
            return self
        made = self._make(held)
        held.__dict__[self._name] = made  # found there from now on, and this one is not asked again
        return made
