"""Compares what only people read of a description as a whole: what it says of itself, and its tags."""

from __future__ import annotations

from typing import Final

from attrest import nodes
from attrest.diffing.changes import DOCUMENTATION, Place
from attrest.diffing.collecting import Collector
from attrest.diffing.remarks import field_facts
from attrest.diffing.views import Part

_EVERYWHERE: Final = Place("")
_VERSION: Final = "version"
"""The field of an Info Object that says which description this is, and nothing about it."""


def compare(collector: Collector) -> None:
    """Compare both Info Objects (OpenAPI 3.1 §4.8.2), the tags by their names, and what stands at the root.

    Args:
        collector: Told what is found.
    """
    old, new = (Part("", side.tree) for side in (collector.old, collector.new))
    collector.nodes(_EVERYWHERE, old, new, "request", "document")
    _compare_information(collector, _information(old), _information(new))
    _compare_tags(collector, _tags(old), _tags(new))


def _information(root: Part) -> Part:
    return root.child("info") if "info" in root.node else Part("", {})


def _compare_information(collector: Collector, old: Part, new: Part) -> None:
    keywords = [key for part in (old, new) for key in nodes.mapping(part.node) if key != _VERSION]
    for fact in field_facts(old, new, keywords, "request", "document"):
        collector.note(_EVERYWHERE, fact)


def _tags(root: Part) -> dict[str, Part]:
    listed = enumerate(nodes.sequence(nodes.mapping(root.node).get("tags")))
    return {str(nodes.mapping(tag).get("name")): root.child("tags", index) for index, tag in listed}


def _compare_tags(collector: Collector, old: dict[str, Part], new: dict[str, Part]) -> None:
    spot = collector.at(_EVERYWHERE, "request", "tag")
    for name, part in old.items():
        if name not in new:
            spot.tell(DOCUMENTATION, "removed", old=part.pointer, subject=name)
    for name, part in new.items():
        if name not in old:
            spot.tell(DOCUMENTATION, "added", new=part.pointer, subject=name)
            continue
        for fact in field_facts(
            old[name], part, [*nodes.mapping(old[name].node), *nodes.mapping(part.node)], "request", "tag"
        ):
            collector.note(_EVERYWHERE.then(f"tag {name}"), fact)
