"""Parts of a description as people write them: as a pointer, in one way or another, or as an operation."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote

from attrest import nodes, pathitems, pointers
from attrest.objects import walk
from attrest.pointers import MISSING

_SECTIONS: Final = ("paths", "webhooks")


class NowhereError(Exception):
    """There is nothing of that name in the description; the message says so, and what comes nearest to it."""


def pointer_of(tree: Any, text: str) -> str:
    """Return the pointer of the part that somebody names.

    Args:
        tree: The description.
        text: A JSON pointer (RFC 6901), also as the fragment of a reference, percent-encoded, or with the slashes of
            paths as they are; or an operationId; or a method and a path, such as ``GET /pets/{id}``. A pointer may lead
            through references.

    Raises:
        NowhereError: There is no such part.
    """
    if text in {"", "#"}:
        return ""
    operations = dict(_operations(tree))
    method, _, path = text.partition(" ")
    for name in (text, f"{method.upper()} {path.strip()}"):
        if name in operations:
            return operations[name]
    written = text.removeprefix("#")
    for spelling in (unquote(written),) if text.startswith("#") else (written, unquote(written)):
        if (found := _below(tree, "", pointers.split(f"/{spelling.removeprefix('/')}"))) is not None:
            return found
    nearest = _nearest(tree, unquote(written)) if written.startswith("/") else None
    similar = [nearest] if nearest else difflib.get_close_matches(text, operations, n=1)
    hint = f"; did you mean {similar[0]}?" if similar else ""
    raise NowhereError(f"there is nothing at {text}{hint}")


def _operations(tree: Any) -> Iterator[tuple[str, str]]:
    """List operations by method and path, and by operationId, with their pointers; of several the last one holds."""
    for section in _SECTIONS:
        for path in nodes.mapping(nodes.mapping(tree).get(section)):
            item, node = nodes.follow(tree, pointers.join((section, path)))
            yield from ((f"{held.method.upper()} {path}", held.pointer) for held in pathitems.operations(item, node))
    for kind, pointer, node in walk(tree):
        if kind == "operation" and (name := nodes.text(nodes.mapping(node).get("operationId"))):
            yield name, pointer


def _below(tree: Any, at: str, tokens: pointers.Tokens) -> str | None:
    """Return what tokens lead to from a place; a key may take several of them, with the slashes between."""
    if not tokens:
        return at
    node = nodes.find(tree, at)
    for count in range(1, len(tokens) + 1):
        key = "/".join(tokens[:count])
        if pointers.step(node, key) is not MISSING:
            found = _below(tree, at + pointers.join((key,)), tokens[count:])
            if found is not None:
                return found
    target, _ = nodes.follow(tree, at)
    return _below(tree, target, tokens) if target != at else None


def _nearest(tree: Any, pointer: str) -> str | None:
    """Return the pointer of what has the most similar name where a pointer leads astray."""
    at = ""
    for token in pointers.split(pointer):
        node = nodes.find(tree, at)
        if pointers.step(node, token) is MISSING:
            similar = difflib.get_close_matches(token, nodes.mapping(node), n=1)
            return at + pointers.join(similar) if similar else None
        at += pointers.join((token,))
    return None
