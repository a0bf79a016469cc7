"""References that lead nowhere, and such as stand where none may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from attrest import nodes, pointers
from attrest.mending.draft import Draft
from attrest.mending.shapes import empty
from attrest.objects import WITH_SIBLINGS, Kind, Shape, reference_of, slots
from attrest.trees import is_mapping

_ANY_CONTENT: Final[Mapping[str, Any]] = {"*/*": {}}
_STAND_INS: Final[Mapping[Kind, tuple[Mapping[str, Any], str]]] = {
    "schema": ({}, "any value is taken"),
    "response": ({"description": "", "content": _ANY_CONTENT}, "any answer is taken"),
    "request body": ({"content": _ANY_CONTENT}, "any body is taken"),
    "header": ({"schema": {}}, "any value is taken"),
    "media type": ({}, "any value is taken"),
    "path item": ({}, "its operations are not known"),
}
"""What takes the place of a reference that leads nowhere, and what that comes to."""
_LEFT_OUT: Final[tuple[Mapping[str, Any], str]] = {}, "it is left out"
_MOST_ROUNDS: Final = 10
"""How often what a reference made way for may hold such references itself."""


@attrs.frozen
class _Site:
    """A reference, and the kind of object, or the list or map of them, that it stands for."""

    pointer: str
    kind: Kind
    shape: Shape
    reference: str


def settle(draft: Draft) -> None:
    """Make every reference lead to something, and stand where there may be one (OpenAPI 3.1 §4.8.23)."""
    for _ in range(_MOST_ROUNDS):
        if not _put_in_place(draft):
            break
    _put_stand_ins(draft)


def _put_in_place(draft: Draft) -> bool:
    """Put what references refer to in their place where there may be none; tell whether there were any."""
    tree = draft.tree
    sites = [
        site
        for site in _sites(draft)
        if not (_may_be_reference(draft, site) or _is_broken(tree, site) or _is_around(site))
    ]
    for site in sites:
        target = draft.copy(_target(tree, site.reference))
        siblings = _siblings(tree, site) if site.kind == "path item" and is_mapping(target) else {}
        draft.put(site.pointer, {**target, **siblings} if siblings else target)
    return bool(sites)


def _put_stand_ins(draft: Draft) -> None:
    tree = draft.tree
    for site in list(_sites(draft)):
        if not _may_be_reference(draft, site) or _is_broken(tree, site):
            node, outcome = _stand_in(site, tree)
            draft.put(site.pointer, node)
            note = draft.lose if site.kind == "path item" else draft.note
            note(site.pointer, f"{_fault(site.reference)}: {outcome}")


def _may_be_reference(draft: Draft, site: _Site) -> bool:
    if site.kind == "path item" and _siblings(draft.tree, site):
        return False
    return site.shape == "one" and site.kind in draft.referable


def _sites(draft: Draft) -> Iterator[_Site]:
    for kind, pointer, node in draft.objects:
        reference = reference_of(node)
        if reference is not None:
            yield _Site(pointer, kind, "one", reference)
        for key, slot in slots(kind, nodes.mapping(node)):
            inner = reference_of(node[key]) if slot.shape != "one" else None
            if inner is not None:
                yield _Site(f"{pointer}/{pointers.escape(key)}", slot.kind, slot.shape, inner)


def _target(tree: Any, reference: str) -> Any:
    return nodes.find(tree, nodes.target(reference))


def _is_broken(tree: Any, site: _Site) -> bool:
    """Tell whether a reference leads nowhere, or back to itself."""
    if not site.reference.startswith("#/") or _target(tree, site.reference) is pointers.MISSING:
        return True
    pointer, seen = site.pointer, {site.pointer}
    node = nodes.find(tree, pointer)
    while (reference := reference_of(node)) is not None and reference.startswith("#/"):
        pointer = nodes.target(reference)
        if pointer in seen:
            return pointer == site.pointer
        seen.add(pointer)
        node = nodes.find(tree, pointer)
    return False


def _is_around(site: _Site) -> bool:
    """Tell whether a reference leads to what it stands in."""
    target = pointers.split(nodes.target(site.reference))
    return pointers.split(site.pointer)[: len(target)] == target


def _fault(reference: str) -> str:
    is_remote = pointers.parse_reference(reference).is_remote
    return f"{reference} is not fetched" if is_remote else f"{reference} leads nowhere"


def _stand_in(site: _Site, tree: Any) -> tuple[Any, str]:
    if site.shape != "one":
        return empty(site.shape), "all of it is left out"
    stand_in, outcome = _STAND_INS.get(site.kind, _LEFT_OUT)
    return (_siblings(tree, site) if site.kind in WITH_SIBLINGS else dict(stand_in)), outcome


def _siblings(tree: Any, site: _Site) -> dict[str, Any]:
    written = nodes.mapping(nodes.find(tree, site.pointer))
    return {key: value for key, value in written.items() if key != "$ref"}
