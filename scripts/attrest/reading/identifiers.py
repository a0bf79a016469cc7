"""References by identifiers, which become pointers.

A schema may have a URI of its own, from which the references inside it start, and a name (JSON Schema 2020-12 §8.2); so
may a whole description (OpenAPI 3.2 §4.1.2.1, ``$self``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urldefrag, urljoin

from attrest import pointers
from attrest.objects import Placed, walk
from attrest.trees import is_list, is_mapping

_ANCHORS: Final = ("$anchor", "$dynamicAnchor")
_IDENTIFIERS: Final = ("$id", "$self", *_ANCHORS)


def are_in(text: str) -> bool:
    """Tell whether a file may hold identifiers."""
    return any(f"{keyword}" in text for keyword in _IDENTIFIERS)


def resolve(tree: dict[str, Any]) -> None:
    """Write the references of a file that identify a part of the same file as pointers.

    A reference that identifies nothing stays, and so leads where it would lead without any identifiers: descriptions
    give schemas identifiers that have nothing to do with where they are.
    """
    identified = _Identified(tree)
    for placed in identified.objects:
        for keyword in ("$ref", "operationRef") if placed.kind == "link" else ("$ref",):
            reference = placed.node.get(keyword) if is_mapping(placed.node) else None
            target = identified.find(placed.pointer, reference) if isinstance(reference, str) else None
            if target is not None:
                placed.node[keyword] = pointers.as_fragment(target)


def find_anchor(node: Any, name: str) -> pointers.Tokens | None:
    """Find the schema of a name in a file of which nothing else is known."""
    waiting: list[tuple[pointers.Tokens, Any]] = [((), node)]
    while waiting:
        tokens, node = waiting.pop()
        if is_mapping(node) and any(node.get(keyword) == name for keyword in _ANCHORS):
            return tokens
        items: Iterator[tuple[Any, Any]] = iter(
            node.items() if is_mapping(node) else enumerate(node) if is_list(node) else ()
        )
        waiting += [((*tokens, str(key)), child) for key, child in items]
    return None


class _Identified:
    """The identifiers of a file."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self._tree = tree
        self.objects = list(walk(tree))
        self._bases = {"": _text(tree, "$self")}
        """Pointer -> the URI that references inside start from."""
        for placed in self._schemas("$id"):
            self._bases[placed.pointer] = _joined(self._base(placed.pointer), placed.node["$id"])[0]
        self._identified = {base: pointer for pointer, base in reversed(self._bases.items())}
        named = [
            (placed, name)
            for keyword in _ANCHORS
            for placed in self._schemas(keyword)
            if (name := placed.node[keyword])
        ]
        self._named = {(self._base(placed.pointer), name): placed.pointer for placed, name in reversed(named)}
        self._by_name = {name: placed.pointer for placed, name in reversed(named)}

    def find(self, pointer: str, reference: str) -> str | None:
        """Return the pointer of what a reference identifies; None where that is nothing, or the reference says it."""
        url, fragment = _joined(self._base(pointer), reference)
        if fragment and not fragment.startswith("/"):
            anywhere = self._by_name.get(fragment) if reference.startswith("#") else None
            return self._named.get((url, fragment), anywhere)
        if url not in self._identified or (reference.startswith("#") and not self._identified[url]):
            return None
        found = self._identified[url] + fragment
        return None if pointers.resolve(self._tree, pointers.split(found)) is pointers.MISSING else found

    def _schemas(self, keyword: str) -> Iterator[Placed]:
        for placed in self.objects:
            if placed.kind == "schema" and is_mapping(placed.node) and isinstance(placed.node.get(keyword), str):
                yield placed

    def _base(self, pointer: str) -> str:
        while pointer not in self._bases:
            pointer = pointer.rpartition("/")[0]
        return self._bases[pointer]


def _joined(base: str, reference: str) -> tuple[str, str]:
    """Return the URI that a reference names, and the fragment, decoded."""
    parsed = pointers.parse_reference(reference)
    try:
        return urldefrag(urljoin(base, parsed.uri)).url, parsed.fragment
    except ValueError:
        return parsed.uri, parsed.fragment


def _text(tree: dict[str, Any], key: str) -> str:
    value = tree.get(key)
    return value if isinstance(value, str) else ""
