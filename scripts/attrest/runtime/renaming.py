"""Names of earlier releases: they lead to what there is now, and warn those who use them."""

from __future__ import annotations

import warnings
from enum import EnumType
from typing import TYPE_CHECKING, Any

__all__ = ["RenamedMembers"]


class RenamedMembers(EnumType):
    """The type of an enum whose members had other names; a class for each enum has these as deprecated properties."""

    if not TYPE_CHECKING:  # what type checkers know of enums holds

        def __getitem__(cls, name: str) -> Any:
            """Return the member of a name, which can be an earlier one."""
            earlier = vars(type(cls)).get(name)
            if not isinstance(earlier, property):
                return super().__getitem__(name)
            warnings.warn(earlier.fget.__deprecated__, DeprecationWarning, stacklevel=2)
            return earlier.fget.__wrapped__(cls)
