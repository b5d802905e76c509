"""What was typed for a parameter, read without a library for checking where there is nothing to check.

For every parameter of a command that runs, also for those that nobody gave, Typer makes a validator of pydantic, which
takes a fifth of a second to import.  Words, years and what is missing need none.
"""

from __future__ import annotations

import re
from typing import Any

_DIGITS = re.compile("[0-9]{1,9}")


class Plain:
    """The reader of one parameter, in the place of Typer's; what it does not know itself it leaves to Typer's."""

    def __init__(self, parameter: Any) -> None:
        self.kind = parameter.type_descriptor.annotation
        self.typers = parameter.get_runtime_param
        self.several = parameter.nargs != 1 or getattr(parameter, "multiple", False)
        self.least, self.most = parameter.min, parameter.max

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value as the command takes it; raises what Typer raises for one that it does not take."""
        if value is None:
            return () if self.several else None
        if not self.several:
            if self.kind is str and isinstance(value, str):
                return value
            if self.kind is int and _DIGITS.fullmatch(str(value)) and self._allowed(int(value)):
                return int(value)
            if self.kind is float and isinstance(value, float) and self._allowed(value):
                return value
        return self.typers().coerce(value, param=param, ctx=ctx)

    def _allowed(self, value: float) -> bool:
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


def read_plainly(command: Any) -> Any:
    """The command (or group) itself; its parameters, ``--help`` with them, are read by ``Plain``."""
    for parameter in command.params:
        _replace(parameter)
    make = command.get_help_option

    def help_option(context: Any) -> Any:
        return _replace(make(context))

    command.get_help_option = help_option
    return command


def _replace(parameter: Any) -> Any:
    """The parameter with our reader, None for none; Typer makes the option of help once and hands it out again."""
    if parameter is not None and "get_runtime_param" not in vars(parameter):
        plain = Plain(parameter)
        parameter.get_runtime_param = lambda: plain
    return parameter
