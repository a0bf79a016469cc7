"""Which components of a description something needs (OpenAPI 3.1 §4.8.7)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from attrest import graphs, nodes, pointers
from attrest.objects import Placed, mapped, reference_of, walk


def target(node: Any) -> str:
    """Return the pointer that a reference carries; empty where a node is none."""
    reference = reference_of(node)
    return nodes.target(reference) if reference is not None and reference.startswith("#/") else ""


def needed(tree: Any) -> frozenset[pointers.Tokens]:
    """Return where the components stand that paths, webhooks and the description's own security need."""
    return _reached(needs(tree))


def needs(tree: Any) -> dict[pointers.Tokens, set[pointers.Tokens]]:
    """Return what each component needs, by where it stands; what stands elsewhere needs is under the empty place."""
    found: dict[pointers.Tokens, set[pointers.Tokens]] = {(): set()}
    for placed in walk(tree):
        owner = _component(placed.pointer)
        found.setdefault(owner, set()).update(map(_component, _targets(placed)))
    for parent, heirs in _heirs(tree).items():
        found.setdefault(parent, set()).update(heirs)
    return found


def unneeded(tree: Any) -> list[list[pointers.Tokens]]:
    """Return where the components stand that nothing needs, and no other of these: circles of them together.

    They are in the order of the description.
    """
    found = needs(tree)
    reached = _reached(found)
    rest = {pointers.join(place): place for place in found if place not in reached}
    uses = {name: {pointers.join(each) for each in found[place]} & rest.keys() for name, place in rest.items()}
    circles = [sorted(circle, key=list(rest).index) for circle in graphs.circles(uses)]
    used = {each for circle in circles for name in circle for each in uses[name] if each not in circle}
    return [[rest[name] for name in circle] for circle in circles if used.isdisjoint(circle)]


def _reached(needs: Mapping[pointers.Tokens, Collection[pointers.Tokens]]) -> frozenset[pointers.Tokens]:
    waiting, reached = [pointers.Tokens()], set[pointers.Tokens]()
    while waiting:
        place = waiting.pop()
        if place not in reached:
            reached.add(place)
            waiting += needs.get(place, ())
    return frozenset(reached)


def _component(pointer: str) -> pointers.Tokens:
    """Return where the component stands that a pointer leads to or into; empty where it leads to none."""
    tokens = pointers.split(pointer)
    return tokens[:3] if tokens[:1] == ("components",) and len(tokens) > 2 else ()


def _targets(placed: Placed) -> Iterator[str]:
    """List the pointers of what an object refers to, in whatever way."""
    if found := target(placed.node):
        yield found
    if placed.kind == "security requirement":
        yield from (pointers.join(("components", "securitySchemes", name)) for name in nodes.mapping(placed.node))
    if placed.kind == "discriminator":
        for _, value in mapped(placed.node):
            yield nodes.target(value) if value.startswith("#") else pointers.join(("components", "schemas", value))


def _heirs(tree: Any) -> dict[pointers.Tokens, set[pointers.Tokens]]:
    """Return the schemas that inherit from one with a discriminator, as its values may (OpenAPI 3.1 §4.8.25)."""
    parents: dict[pointers.Tokens, set[pointers.Tokens]] = {}
    for name, node in nodes.mapping(nodes.find(tree, "/components/schemas")).items():
        for part in nodes.sequence(nodes.mapping(node).get("allOf")):
            if found := target(part):
                parents.setdefault(_component(found), set()).add(("components", "schemas", name))
    heirs: dict[pointers.Tokens, set[pointers.Tokens]] = {}
    for parent in parents:
        if "discriminator" in nodes.mapping(pointers.resolve(tree, parent)):
            waiting = [parent]
            while waiting:
                new = parents.get(waiting.pop(), set()) - heirs.setdefault(parent, set())
                heirs[parent] |= new
                waiting += new
    return heirs
