"""Compares operations (OpenAPI 3.1 §4.8.10): those that callers call, and those that the service does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from attrest import nodes
from attrest.diffing import contents, parameters, responses, security, servers
from attrest.diffing.changes import Direction, Place, opposite
from attrest.diffing.collecting import Collector
from attrest.diffing.views import Part, Side
from attrest.ir import ABSENT
from attrest.objects import METHODS
from attrest.trees import is_list


@attrs.frozen
class Item:
    """A path item, by a path or a webhook's name, and what it refers to."""

    path: str
    parts: tuple[Part, ...]
    """What stands there first, then what its ``$ref`` leads to."""

    def operations(self) -> Iterator[tuple[str, Part]]:
        """List the operations by their methods, as they are sent."""
        seen: set[str] = set()
        for part in self.parts:
            node = nodes.mapping(part.node)
            found = [(method.upper(), part.child(method)) for method in METHODS if method in node]
            others = nodes.mapping(node.get("additionalOperations"))
            found += [(method, part.child("additionalOperations", method)) for method in others]
            for method, operation in found:
                if method not in seen:
                    seen.add(method)
                    yield method, Part(operation.pointer, nodes.mapping(operation.node))

    def field(self, keyword: str) -> Part | None:
        """Return a field of the path item."""
        return next((part.child(keyword) for part in self.parts if keyword in nodes.mapping(part.node)), None)


def items(side: Side, owner: Part) -> dict[str, Item]:
    """Return the path items of a field ``paths``, ``webhooks`` or of a callback, by their keys."""
    found: dict[str, Item] = {}
    for key in nodes.mapping(owner.node):
        if not key.startswith("x-") and key != "$ref":
            part = owner.child(key)
            target = side.follow(part)
            found[key] = Item(key, (part,) if target.pointer == part.pointer else (part, target))
    return found


class Operations:
    """Compares operations of two descriptions."""

    def __init__(self, collector: Collector) -> None:
        """Compare what they share first: the schemes."""
        self._collector = collector
        self._schemes = security.Schemes(collector)

    def compare_items(
        self,
        old: Mapping[str, Item],
        new: Mapping[str, Item],
        direction: Direction,
        prefix: str,
        inside: Place | None = None,
    ) -> None:
        """Compare path items that have the same keys.

        Args:
            old: The old ones.
            new: The new ones.
            direction: ``request`` where callers make the calls.
            prefix: What goes before a method in the name of a place, such as ``webhook``.
            inside: The operation that callbacks are of.
        """
        for key in dict.fromkeys([*old, *new]):
            before, after = old.get(key), new.get(key)
            if before and after and self._collector.is_unchanged(before.parts[0], after.parts[0]):
                continue
            left = dict(before.operations()) if before else {}
            right = dict(after.operations()) if after else {}
            for method in dict.fromkeys([*left, *right]):
                path = after.path if after else before.path if before else key
                name = " ".join(filter(None, (prefix, method, path)))
                place = inside.then(name) if inside else Place(name)
                if method not in right:
                    self._gone(place, left[method], direction)
                elif method not in left:
                    pointer = right[method].pointer
                    self._collector.at(place, direction, "operation").tell("existence", "added", new=pointer)
                elif before and after:
                    _Pair(self._collector, self._schemes, self, place, direction).compare(
                        (before, left[method]), (after, right[method])
                    )

    def _gone(self, place: Place, operation: Part, direction: Direction) -> None:
        action = self._collector.lifecycle.removal(operation.node)
        self._collector.at(place, direction, "operation").tell("existence", action, old=operation.pointer)


_WORDS: Final = (("operationId", "identifier"), ("tags", "tags"), ("x-pagination", "pagination"))


@attrs.frozen
class _Pair:
    """An operation that both sides have."""

    collector: Collector
    schemes: security.Schemes
    operations: Operations
    place: Place
    direction: Direction

    def compare(self, before: tuple[Item, Part], after: tuple[Item, Part]) -> None:
        """Compare it, with its path item."""
        (old_item, old), (new_item, new) = before, after
        collector, place, direction = self.collector, self.place, self.direction
        collector.nodes(place, old, new, direction, "operation")
        self._compare_words(old, new)
        parameters.compare(
            collector,
            place,
            parameters.listed(collector.old, (*reversed(old_item.parts), old), old_item.path),
            parameters.listed(collector.new, (*reversed(new_item.parts), new), new_item.path),
            direction,
        )
        bodies = _field(collector.old, old, "requestBody"), _field(collector.new, new, "requestBody")
        contents.compare_bodies(collector, place.then("body"), *bodies, direction)
        responses.compare(collector, place, old, new, opposite(direction))
        self._compare_callbacks(old, new)
        lists = _own(collector.old, old, "security"), _own(collector.new, new, "security")
        security.compare(collector, self.schemes, place, *lists, direction)
        if _has_own(old_item, old, "servers") or _has_own(new_item, new, "servers"):
            servers.compare(
                collector,
                place,
                _own(collector.old, old, "servers", old_item.field("servers")),
                _own(collector.new, new, "servers", new_item.field("servers")),
            )

    def _compare_words(self, old: Part, new: Part) -> None:
        for keyword, kind in _WORDS:
            first, second = (_comparable(part.node.get(keyword, ABSENT)) for part in (old, new))
            if first != second:
                is_optional = kind == "pagination" and ABSENT in (first, second)
                action = ("added" if first is ABSENT else "removed") if is_optional else "changed"
                self._tell(kind, action, old, new, first, second)
        if (old.node.get("x-idempotent") is True) != (new.node.get("x-idempotent") is True):
            self._tell("idempotency", "added" if new.node.get("x-idempotent") is True else "removed", old, new)
        rates = _rate(old), _rate(new)
        if rates[0] != rates[1]:
            added = "added" if rates[0] is None else "removed" if rates[1] is None else ""
            moved = "lowered" if (rates[1] or 0) < (rates[0] or 0) else "raised"
            limits = (part.node.get("x-rate-limit", ABSENT) for part in (old, new))
            self._tell("rate limit", added or moved, old, new, *limits)

    def _tell(self, kind: str, action: str, old: Part, new: Part, before: Any = ABSENT, after: Any = ABSENT) -> None:
        self.collector.at(self.place, self.direction, "operation").tell(
            kind, action, old=old.pointer, new=new.pointer, before=before, after=after
        )

    def _compare_callbacks(self, old: Part, new: Part) -> None:
        left, right = _callbacks(self.collector.old, old), _callbacks(self.collector.new, new)
        for name in dict.fromkeys([*left, *right]):
            self.operations.compare_items(
                left.get(name, {}), right.get(name, {}), opposite(self.direction), f"callback {name}", self.place
            )


def _callbacks(side: Side, operation: Part) -> dict[str, dict[str, Item]]:
    written = nodes.mapping(operation.node.get("callbacks"))
    return {name: items(side, side.object_of(operation.child("callbacks", name))) for name in written}


def _field(side: Side, owner: Part, keyword: str) -> Part | None:
    return side.object_of(owner.child(keyword)) if keyword in owner.node else None


def _own(side: Side, operation: Part, keyword: str, inherited: Part | None = None) -> Part | None:
    """Return a field of an operation, or else what it inherits, at last from the description."""
    if keyword in operation.node:
        return operation.child(keyword)
    return inherited or (Part("", side.tree).child(keyword) if keyword in side.tree else None)


def _has_own(item: Item, operation: Part, keyword: str) -> bool:
    return keyword in operation.node or item.field(keyword) is not None


def _comparable(value: Any) -> Any:
    return sorted(map(str, value)) if is_list(value) else value


def _rate(operation: Part) -> float | None:
    """Return how often a second an operation may be called."""
    written = nodes.mapping(operation.node.get("x-rate-limit"))
    requests, seconds = written.get("requests"), written.get("seconds")
    if not isinstance(requests, int | float) or not isinstance(seconds, int | float) or seconds <= 0:
        return None
    return requests / seconds
