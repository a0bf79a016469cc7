"""Marks what a description deprecates, for type checkers and for those who call it (PEP 702)."""

from __future__ import annotations

import inspect
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from typing_extensions import deprecated  # what type checkers know as warnings.deprecated

__all__ = ["deprecated", "deprecated_arguments"]

_Marked = TypeVar("_Marked", bound=Callable[..., Any])


def _deprecated(message: str) -> Callable[[_Marked], _Marked]:
    """Make a decorator that does as ``warnings.deprecated`` of Python 3.13 does, for what clients consist of.

    A function, also a coroutine function, warns when it is called; a class when it is called to make an instance, but
    not where a model is decoded, copied or unpickled. An enum, which nobody calls, only has the mark.

    Args:
        message: What the warning says; it is kept as ``__deprecated__``.
    """

    def mark(marked: _Marked) -> _Marked:
        found: Any = marked
        if not isinstance(marked, type):
            found = _warning(marked, lambda _: (message,))
        elif not issubclass(marked, Enum):
            found.__init__ = _warning(found.__init__, lambda _: (message,))
        found.__deprecated__ = message
        made: _Marked = found
        return made

    return mark


def deprecated_arguments(*names: str) -> Callable[[_Marked], _Marked]:
    """Make a decorator of a function, also a coroutine function, that warns those who pass certain arguments.

    Args:
        names: The arguments, which are passed by name; None, as good as none, is passed in silence.
    """

    def told(given: Mapping[str, Any]) -> Iterable[str]:
        passed = (name for name in names if given.get(name) is not None)
        return (f"{name} is deprecated: the service advises against it." for name in passed)

    def mark(marked: _Marked) -> _Marked:
        found: Any = _warning(marked, told)
        made: _Marked = found
        return made

    return mark


def _warning(function: Callable[..., Any], told: Callable[[Mapping[str, Any]], Iterable[str]]) -> Callable[..., Any]:
    """Return a function that warns its caller and goes on as another does.

    Args:
        function: The other.
        told: Says what to warn of, by the arguments that are passed by name.
    """

    @wraps(function)
    def warning(*args: Any, **kwargs: Any) -> Any:
        for message in told(kwargs):
            warnings.warn(message, DeprecationWarning, stacklevel=2)
        return function(*args, **kwargs)

    if sys.version_info >= (3, 12) and inspect.iscoroutinefunction(function):
        return inspect.markcoroutinefunction(warning)
    return warning


if not TYPE_CHECKING:
    deprecated = _deprecated
