"""Path items (OpenAPI 3.2 §4.9): which operations one holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from attrest import nodes, pointers
from attrest.objects import METHODS


class Held(NamedTuple):
    """An operation as it stands in its path item."""

    method: str
    """The HTTP method, as it is sent."""
    pointer: str
    node: Mapping[str, Any]
    """What stands there; empty where that is no object."""


def operations(pointer: str, item: object) -> Iterator[Held]:
    """Return the operations of a path item, in the order written, those with methods of their own last.

    Args:
        pointer: The path item's.
        item: The path item.
    """
    members = nodes.mapping(item)
    for method in members:
        if method in METHODS:
            yield Held(method.upper(), pointer + pointers.join((method,)), nodes.mapping(members[method]))
    for method, operation in nodes.mapping(members.get("additionalOperations")).items():
        yield Held(method, pointer + pointers.join(("additionalOperations", method)), nodes.mapping(operation))
