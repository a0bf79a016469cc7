"""Checks that every reference inside a gathered description leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrest import pointers
from attrest.diagnostics import Finding
from attrest.document import Document
from attrest.graphs import circles
from attrest.objects import Placed, reference_of
from attrest.trees import is_list, is_mapping


def check_references(document: Document, objects: Sequence[Placed]) -> Iterator[Finding]:
    """Find the references within a document that lead nowhere, or only to each other."""
    tree = document.tree
    known: dict[str, str | None] = {}
    for placed in objects:
        reference = reference_of(placed.node)
        if reference is None or not reference.startswith("#"):
            continue
        if pointers.parse_reference(reference).is_pointer:
            if reference not in known:
                known[reference] = _problem(tree, reference)
            problem = known[reference]
        else:
            problem = f"no schema has the anchor {reference[1:]}"
        if problem:
            rule = "circular-reference" if problem == _CIRCULAR else "dangling-reference"
            pointer = placed.pointer + "/$ref"
            yield document.finding("error", rule, f"{reference} leads nowhere: {problem}", pointer)


def check_compositions(document: Document, objects: Sequence[Placed]) -> Iterator[Finding]:
    """Find schemas that are composed of themselves, which no value can be checked against (JSON Schema 2020-12 §9.4.1).

    A circle through both ``allOf`` and ``oneOf`` or ``anyOf`` is how base classes are written, and none of these.
    """
    schemas = {placed.pointer: placed.node for placed in objects if placed.kind == "schema"}
    for keywords in (("allOf",), ("anyOf", "oneOf")):
        parts = _compositions(schemas, keywords)
        for circle in circles(parts):
            members = [pointer for pointer in circle if reference_of(schemas[pointer])]
            if members and (len(circle) > 1 or circle[0] in parts[circle[0]]):
                pointer = min(members)
                message = f"{schemas[pointer]['$ref']} is composed of itself by {' or '.join(keywords)}"
                yield document.finding("error", "circular-reference", message, f"{pointer}/$ref")


def _compositions(schemas: Mapping[str, Any], keywords: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """Return the schemas that keywords compose, however indirectly, and what of."""
    waiting = [
        pointer
        for pointer, node in schemas.items()
        if is_mapping(node) and any(keyword in node for keyword in keywords)
    ]
    parts: dict[str, frozenset[str]] = {}
    while waiting:
        pointer = waiting.pop()
        if pointer not in parts:
            parts[pointer] = _parts(pointer, schemas[pointer], keywords) & schemas.keys()
            waiting += parts[pointer]
    return parts


def _parts(pointer: str, node: Any, keywords: tuple[str, ...]) -> frozenset[str]:
    """Return the pointers of the schemas that take the same value as one schema does."""
    if not is_mapping(node):
        return frozenset()
    parts = [
        f"{pointer}/{keyword}/{index}"
        for keyword in keywords
        for index in range(len(node[keyword]) if is_list(node.get(keyword)) else 0)
    ]
    reference = reference_of(node)
    target = [pointers.parse_reference(reference).fragment] if reference and reference.startswith("#/") else []
    return frozenset(parts + target)


_CIRCULAR = "it leads back to itself"


def _problem(tree: Any, reference: str) -> str | None:
    """Say why a reference leads nowhere; None if it leads to something."""
    seen: set[str] = set()
    while reference.startswith("#/"):
        if reference in seen:
            return _CIRCULAR
        seen.add(reference)
        tokens = pointers.split(pointers.parse_reference(reference).fragment)
        node = tree
        for depth, token in enumerate(tokens):
            node = pointers.step(node, token)
            if node is pointers.MISSING:
                return f"there is no {pointers.join(tokens[: depth + 1])}"
        following = reference_of(node)
        if following is None:
            return None
        reference = following
    return None
