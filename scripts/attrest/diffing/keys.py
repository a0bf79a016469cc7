"""Compares the keys of two mappings, in the order in which they are written: what is printed is the same every time."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import TypeVar

Key = TypeVar("Key")


def lacking(first: Iterable[Key], second: Container[Key]) -> list[Key]:
    """Return those of the first that the second lacks."""
    return [key for key in first if key not in second]


def shared(first: Iterable[Key], second: Container[Key]) -> list[Key]:
    """Return those of the first that the second has too."""
    return [key for key in first if key in second]
