"""Reading untyped JSON: nodes whose shape the description promises, but may not keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from attrest import objects, pointers


def mapping(node: object) -> Mapping[str, Any]:
    """Return the node where it is an object, and an empty one where it is anything else."""
    return cast("Mapping[str, Any]", node) if isinstance(node, dict) else {}


def sequence(node: object) -> Sequence[Any]:
    """Return the node where it is an array, and an empty one where it is anything else."""
    return cast("Sequence[Any]", node) if isinstance(node, list) else ()


def texts(node: object) -> list[str]:
    """Return the texts of an array, and none where the node is anything else."""
    return [each for each in sequence(node) if isinstance(each, str)]


def text(node: object) -> str | None:
    """Return the node where it is text with more than white space in it, and None where it is anything else."""
    return node if isinstance(node, str) and node.strip() else None


def target(reference: str) -> str:
    """Return the pointer that an internal reference (``#/…``) carries."""
    return pointers.parse_reference(reference).fragment


def find(tree: object, pointer: str) -> Any:
    """Return the node at a pointer, or ``pointers.MISSING``."""
    return pointers.resolve(tree, pointers.split(pointer))


def follow(tree: object, pointer: str) -> tuple[str, Any]:
    """Return where a chain of references that starts at a pointer ends, as ``objects.follow`` does."""
    return objects.follow(tree, pointer, find(tree, pointer))
