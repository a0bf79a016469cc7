"""Compares servers (OpenAPI 3.1 §4.8.5)."""

from __future__ import annotations

from attrest import nodes
from attrest.diffing.changes import Place
from attrest.diffing.collecting import Collector
from attrest.diffing.views import Part


def compare(collector: Collector, place: Place, old: Part | None, new: Part | None) -> None:
    """Compare two fields ``servers``.

    Args:
        collector: Told what is found.
        place: The operation that they are of; that of no operation for those of the description.
        old: The old field; None where there is none, which stands for ``/`` (OpenAPI 3.1 §4.8.1.1).
        new: The new one.
    """
    before, after = _listed(old), _listed(new)
    for url, part in before.items():
        if url not in after:
            collector.at(place, "request", "server").tell("existence", "removed", old=part.pointer, subject=url)
    for url, part in after.items():
        if url not in before:
            collector.at(place, "request", "server").tell("existence", "added", new=part.pointer, subject=url)
        else:
            _compare_one(collector, place, before[url], part)
    firsts = next(iter(before)), next(iter(after))
    if firsts[0] != firsts[1] and firsts[0] in after:
        pointers = before[firsts[0]].pointer, after[firsts[1]].pointer
        collector.at(place, "request", "server").tell(
            "first", "changed", old=pointers[0], new=pointers[1], before=firsts[0], after=firsts[1]
        )


def _listed(servers: Part | None) -> dict[str, Part]:
    if servers is None or not nodes.sequence(servers.node):
        return {"/": Part(servers.pointer if servers else "", {})}
    return {
        str(nodes.mapping(node).get("url", "/")).rstrip("/") or "/": servers.child(index)
        for index, node in enumerate(nodes.sequence(servers.node))
    }


def _compare_one(collector: Collector, place: Place, old: Part, new: Part) -> None:
    collector.nodes(place, old, new, "request", "server")
    before, after = (nodes.mapping(nodes.mapping(part.node).get("variables")) for part in (old, new))
    for name in [name for name in after if name in before]:
        _compare_variable(collector, place, old.child("variables", name), new.child("variables", name), name)


def _compare_variable(collector: Collector, place: Place, old: Part, new: Part, name: str) -> None:
    before, after = nodes.mapping(old.node), nodes.mapping(new.node)
    at = {"old": old.pointer, "new": new.pointer, "subject": name}
    if before.get("default") != after.get("default"):
        collector.at(place, "request", "server").tell(
            "variable default", "changed", **at, before=before.get("default"), after=after.get("default")
        )
    values = [list(map(str, nodes.sequence(node.get("enum")))) for node in (before, after)]
    if bool(values[0]) != bool(values[1]):
        action = "restricted" if values[1] else "unrestricted"
        collector.at(place, "request", "server").tell("variable values", action, **at)
        return
    for value in values[0]:
        if value not in values[1]:
            collector.at(place, "request", "server").tell("variable value", "removed", **at, before=value)
    for value in values[1]:
        if value not in values[0]:
            collector.at(place, "request", "server").tell("variable value", "added", **at, after=value)
