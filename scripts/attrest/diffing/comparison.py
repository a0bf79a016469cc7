"""Compares two descriptions by the types of their objects: what changed, where callers meet it, what it means."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from attrest import nodes, pointers
from attrest.diffing import about, components, servers
from attrest.diffing.changes import Change, Place
from attrest.diffing.collecting import Collector
from attrest.diffing.lifecycle import Lifecycle
from attrest.diffing.operations import Item, Operations, items
from attrest.diffing.views import Part, Side

_REFERENCE: Final = re.compile(r'"(#/[^"]*)"')
_INHERITED: Final[tuple[tuple[str, ...], ...]] = (("security",), ("servers",), ("components", "securitySchemes"))
"""What holds for operations without standing in them."""
_PARAMETER: Final = re.compile(r"\{[^{}]*\}")


def compare(old: Mapping[str, Any], new: Mapping[str, Any], today: dt.date) -> tuple[Change, ...]:
    """Compare two descriptions.

    Args:
        old: The old one, gathered, as ``Document.tree`` is.
        new: The new one.
        today: The day by which an announced end has come or not.

    Returns:
        Every change, in the order of the description.
    """
    sides, unchanged, lifecycle = (Side(old), Side(new)), _unchanged(old, new), Lifecycle(today)
    collector = Collector(*sides, unchanged, lifecycle)
    about.compare(collector)
    servers.compare(collector, Place(""), _field(old, "servers"), _field(new, "servers"))
    operations = Operations(collector)
    operations.compare_items(_paths(collector.old), _paths(collector.new), "request", "")
    operations.compare_items(_webhooks(collector.old), _webhooks(collector.new), "response", "webhook")
    met = collector.changes()
    return (*met, *components.changes(Collector(*sides, unchanged, lifecycle), met))


def _field(tree: Mapping[str, Any], keyword: str) -> Part | None:
    return Part(f"/{keyword}", tree[keyword]) if keyword in tree else None


def _webhooks(side: Side) -> dict[str, Item]:
    return items(side, _field(side.tree, "webhooks") or Part("", {}))


def _paths(side: Side) -> dict[str, Item]:
    """Return the path items by their templates without the names of parameters, which do not travel.

    Templates that are told apart by those names alone keep them.
    """
    found = items(side, _field(side.tree, "paths") or Part("", {}))
    nameless = Counter(_PARAMETER.sub("{}", path) for path in found)
    return {key if nameless[key := _PARAMETER.sub("{}", path)] == 1 else path: item for path, item in found.items()}


def _unchanged(old: Mapping[str, Any], new: Mapping[str, Any]) -> frozenset[str]:
    """Return the pointers of components and path items that are the same in both, with all that they refer to."""
    sections: list[tuple[str, ...]] = [("components", section) for section in nodes.mapping(old.get("components"))]
    if all(_text(old, *way) == _text(new, *way) for way in _INHERITED):
        sections += [("paths",), ("webhooks",)]
    mentions: dict[str, set[str]] = {}
    for section in sections:
        left, right = (nodes.mapping(nodes.find(tree, pointers.join(section))) for tree in (old, new))
        for name in left.keys() & right.keys():
            text = _text(left, name)
            if text == _text(right, name):
                mentions[pointers.join((*section, name))] = set(map(_owner, _REFERENCE.findall(text)))
    return _closed(mentions)


def _text(tree: Mapping[str, Any], *way: str) -> str:
    return json.dumps(nodes.find(tree, pointers.join(way)), sort_keys=True, default=str)


def _owner(reference: str) -> str:
    """Return the component, or the path item, that a reference leads into."""
    tokens = pointers.split(nodes.target(reference))
    return pointers.join(tokens[: 3 if tokens[:1] == ("components",) else 2])


def _closed(mentions: dict[str, set[str]]) -> frozenset[str]:
    """Return what mentions nothing but what is there, directly or not."""
    users: dict[str, set[str]] = {}
    for user, mentioned in mentions.items():
        for each in mentioned:
            users.setdefault(each, set()).add(user)
    waiting = [each for each in users if each not in mentions]
    left = set(mentions)
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user in left:
                left.remove(user)
                waiting.append(user)
    return frozenset(left)
