"""Path items (OpenAPI 3.2 §4.9): which operations one holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrest import nodes, pointers
from attrest.objects import METHODS


def operations(pointer: str, item: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Return the operations of a path item, in the order written, those with methods of their own last.

    Args:
        pointer: The path item's.
        item: The path item.

    Returns:
        The HTTP method, the pointer and the node of each.
    """
    for method in item:
        if method in METHODS:
            yield method.upper(), pointer + pointers.join((method,)), nodes.mapping(item[method])
    for method, operation in nodes.mapping(item.get("additionalOperations")).items():
        yield method, pointer + pointers.join(("additionalOperations", method)), nodes.mapping(operation)
