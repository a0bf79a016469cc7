"""What the readers of YAML and JSON share: what they give, and how they refuse."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import attrs

from attrest.objects import mapped
from attrest.trees import is_list, is_mapping

DEEPEST: Final = 200
"""How many containers may stand inside each other; the stages after loading walk a tree recursively."""

LARGEST_FILE: Final = 100_000_000
"""How many bytes a file may have."""

FILE_ENDINGS: Final = (".yaml", ".yml", ".json")

TOO_DEEP: Final = f"nested more than {DEEPEST} levels deep"
TOO_LARGE: Final = f"it has more than {LARGEST_FILE // 1_000_000} MB"


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
    lone_surrogates: tuple[int, ...] = ()
    """Where halves of characters stood, in characters."""
    too_large: tuple[int, ...] = ()
    """Where numbers stood that no float can hold, in characters; the data has their text."""


class MalformedError(Exception):
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
    return "propertyName" in mapping and any(names_a_file(target) for _, target in mapped(mapping))


def names_a_file(target: str) -> bool:
    """Tell whether the value of a discriminator's mapping looks like another file, not like a schema's name."""
    return not target.startswith("#") and ("/" in target or "#" in target or target.endswith(FILE_ENDINGS))


def is_too_deep(data: Any) -> bool:
    """Tell whether containers stand inside each other more than ``DEEPEST`` levels deep."""
    level: list[Any] = [data]
    for _ in range(DEEPEST + 1):
        level = [child for container in level for child in _containers(container)]
        if not level:
            return False
    return True


def _containers(value: Any) -> list[Any]:
    children: Iterable[Any] = value.values() if is_mapping(value) else value if is_list(value) else ()
    return [child for child in children if isinstance(child, (dict, list))]
