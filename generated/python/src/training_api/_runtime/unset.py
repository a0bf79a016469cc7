"""The value of a field that is neither set nor null."""

from __future__ import annotations

from enum import Enum
from typing import Final, Literal


class Unset(Enum):
    """The type of ``UNSET``; an enum, so that ``value is UNSET`` narrows for type checkers."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        """Count as false, as None does."""
        return False

    def __repr__(self) -> str:
        """Read as it is written in code."""
        return "UNSET"


UNSET: Final = Unset.UNSET
"""Stands for absence where null is a value of its own: such a field is not sent."""
