"""Checks that every reference inside a gathered description leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrest import pointers
from attrest.diagnostics import Finding
from attrest.document import Document
from attrest.objects import reference_of, walk
from attrest.trees import is_mapping


def check_references(document: Document) -> Iterator[Finding]:
    """Find the references within a document that lead nowhere, or only to each other."""
    tree = document.tree
    known: dict[str, str | None] = {}
    anchors: frozenset[str] | None = None
    for placed in walk(tree):
        reference = reference_of(placed.node)
        if reference is None or not reference.startswith("#"):
            continue
        if pointers.parse_reference(reference).is_pointer:
            if reference not in known:
                known[reference] = _problem(tree, reference)
            problem = known[reference]
        else:
            anchors = _anchors(tree) if anchors is None else anchors
            problem = None if reference[1:] in anchors else f"no schema has the anchor {reference[1:]}"
        if problem:
            rule = "circular-reference" if problem == _CIRCULAR else "dangling-reference"
            pointer = placed.pointer + "/$ref"
            yield document.finding("error", rule, f"{reference} leads nowhere: {problem}", pointer)


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
        if following is None or len(node) > 1:
            return None
        reference = following
    return None


def _anchors(tree: Any) -> frozenset[str]:
    found: set[str] = set()
    for placed in walk(tree):
        if placed.kind == "schema" and is_mapping(placed.node):
            found.update(str(placed.node[key]) for key in ("$anchor", "$dynamicAnchor") if key in placed.node)
    return frozenset(found)
