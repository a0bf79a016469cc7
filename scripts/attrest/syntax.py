"""What the readers of YAML and JSON share: what they give, and how they refuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import attrs

DEEPEST: Final = 200
"""How many containers may stand inside each other; the stages after loading walk a tree recursively."""

TOO_DEEP: Final = f"nested more than {DEEPEST} levels deep"


@attrs.frozen
class Duplicate:
    """A mapping key that was written twice."""

    key: str
    offset: int
    """Where it stands for the second time, in characters."""
    first: int
    """Where it stood before."""


@attrs.frozen
class Parsed:
    """The data of one file."""

    data: Any
    duplicates: tuple[Duplicate, ...]
    points_outside: bool
    """Whether some reference may lead to another file."""


class SyntaxProblem(Exception):
    """The text is not what its format asks for."""

    def __init__(self, message: str, offset: int) -> None:
        self.message = message
        self.offset = offset
        super().__init__(message)


def points_outside(mapping: dict[str, Any]) -> bool:
    """Tell whether a mapping, were it a reference or a discriminator, may name another file."""
    reference = mapping.get("$ref")
    if isinstance(reference, str):
        return not reference.startswith("#")
    targets = mapping.get("mapping")
    if isinstance(targets, dict) and "propertyName" in mapping:
        return any(isinstance(target, str) and not target.startswith("#") for target in targets.values())
    return False


def is_too_deep(data: Any) -> bool:
    """Tell whether containers stand inside each other more than ``DEEPEST`` levels deep."""
    level: list[Any] = [data]
    for _ in range(DEEPEST + 1):
        level = [child for container in level for child in _containers(container)]
        if not level:
            return False
    return True


def _containers(value: Any) -> Iterator[Any]:
    if type(value) is dict:
        children = value.values()
    elif type(value) is list:
        children = value
    else:
        return iter(())
    return iter([child for child in children if type(child) is dict or type(child) is list])
