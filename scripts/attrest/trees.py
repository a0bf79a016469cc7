"""Tells the kinds of JSON values apart, in a way that type checkers follow."""

from __future__ import annotations

from typing import Any, TypeGuard


def is_mapping(value: Any) -> TypeGuard[dict[str, Any]]:
    """Tell whether a value of a tree is a mapping; its keys are strings then, since loading makes them so."""
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Tell whether a value of a tree is a list."""
    return isinstance(value, list)
