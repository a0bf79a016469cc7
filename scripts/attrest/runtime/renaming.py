"""Names of earlier releases: they lead to what there is now, and warn those who use them."""

from __future__ import annotations

import inspect
import sys
import warnings
from collections.abc import Callable, Mapping
from enum import EnumType
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["RenamedMembers", "attributes", "moved", "parameters"]

_Class = TypeVar("_Class", bound=type[Any])
_Returned = TypeVar("_Returned")


class RenamedMembers(EnumType):
    """The type of an enum whose members had other names; a class for each enum has these as deprecated properties."""

    if not TYPE_CHECKING:  # what type checkers know of enums holds

        def __getitem__(cls, name: str) -> Any:
            """Return the member of a name, which can be an earlier one."""
            earlier = vars(type(cls)).get(name)
            if not isinstance(earlier, property):
                return super().__getitem__(name)
            _warn(earlier.fget.__deprecated__)
            return earlier.fget.__wrapped__(cls)


def attributes(**names: str) -> Callable[[_Class], _Class]:
    """Make a decorator of a class that can then be made with earlier names of its attributes, too.

    Args:
        names: What each earlier name leads to.
    """

    def mark(marked: _Class) -> _Class:
        marked.__init__ = _translating(marked.__init__, names)
        return marked

    return mark


def parameters(**names: str) -> Callable[[Callable[..., _Returned]], Callable[..., _Returned]]:
    """Make a decorator of a function, also a coroutine function, that can then be called with earlier names, too.

    Args:
        names: What each earlier name leads to.
    """
    return lambda marked: _translating(marked, names)


def moved(module: str, places: Mapping[str, str]) -> Callable[[str], object]:
    """Make the ``__getattr__`` (PEP 562) of a module that had what is elsewhere now.

    Args:
        module: What the module is called.
        places: Module and name, as the client's package calls them, of each thing that it had.
    """
    package = (__package__ or "").rpartition(".")[0]

    def find(name: str) -> object:
        if name not in places:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        now = f"{package}.{places[name]}"
        _warn(f"{module}.{name} is deprecated: it was moved to {now}.")
        home, _, attribute = now.rpartition(".")
        return getattr(import_module(home), attribute)

    return find


def _translating(function: Callable[..., _Returned], names: Mapping[str, str]) -> Callable[..., _Returned]:
    """Return a function that does as another does, and takes what is passed under other names.

    It raises TypeError where a value is passed under both of its names.
    """

    @wraps(function)
    def translating(*args: Any, **kwargs: Any) -> _Returned:
        for old, new in names.items():
            if old in kwargs:
                if new in kwargs:
                    raise TypeError(f"{old} was renamed to {new}: pass one of them, not both")
                _warn(f"{old} is deprecated: it was renamed to {new}.")
                kwargs[new] = kwargs.pop(old)
        return function(*args, **kwargs)

    if sys.version_info >= (3, 12) and inspect.iscoroutinefunction(function):
        return inspect.markcoroutinefunction(translating)
    return translating


def _warn(message: str) -> None:
    """Warn whoever called into the runtime, however deep in it this is."""
    frame, level = inspect.currentframe(), 1
    while frame is not None and frame.f_globals.get("__package__") == __package__:
        frame, level = frame.f_back, level + 1
    warnings.warn(message, DeprecationWarning, stacklevel=level)
