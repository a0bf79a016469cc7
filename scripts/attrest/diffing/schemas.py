"""Compares schemas pair by pair: each pair once, however many places lead to it, and whatever holds itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

import attrs

from attrest import nodes, pointers
from attrest.diffing import conditions, constraints, remarks
from attrest.diffing.changes import Direction, Fact
from attrest.diffing.exclusion import are_apart, exclude_each_other
from attrest.diffing.keys import lacking, shared
from attrest.diffing.lifecycle import Lifecycle
from attrest.diffing.matching import matched, name_of
from attrest.diffing.rules import effect, is_widening
from attrest.diffing.views import Alternatives, Key, Part, Parts, Side, View, covers


@attrs.frozen
class Pair:
    """Two schemas to compare."""

    old: Key
    new: Key
    direction: Direction
    textual: bool
    """Whether values travel as plain text, which does not tell a number from a text."""


_OPPOSITE: Final[Mapping[frozenset[str | None], str]] = {
    frozenset({"narrowed"}): "widened",
    frozenset({"widened"}): "narrowed",
}
"""What becomes of values that must not fit a schema by what becomes of those that do."""
Edge: TypeAlias = tuple[str, Parts, Parts]
"""A step, and the schemas of what is there on both sides."""


@attrs.define
class _Comparison:
    facts: list[Fact]
    edges: list[tuple[str, Pair]]
    exclusive: list[tuple[Pair, Fact]]
    """Alternatives that others may overlap with once they are widened, and what is to be told then."""
    excluded: Pair | None = None
    """What a value must not be, where that changed."""


class Schemas:
    """All comparisons of schemas of two descriptions."""

    def __init__(self, old: Side, new: Side, unchanged: frozenset[str], lifecycle: Lifecycle) -> None:
        """Start with none.

        Args:
            old: The old description.
            new: The new one.
            unchanged: Pointers of components that are the same in both, with all that they refer to.
            lifecycle: What is known of dates.
        """
        self._old = old
        self._new = new
        self._unchanged = unchanged
        self._lifecycle = lifecycle
        self._compared: dict[Pair, _Comparison] = {}
        self._waiting: list[tuple[Pair, Parts, Parts]] = []

    def pair(self, old: Parts, new: Parts, direction: Direction, *, textual: bool = False) -> Pair:
        """Compare two schemas and what they hold; what comes out is told by ``found``.

        Args:
            old: The old one.
            new: The new one.
            direction: Who sends the value.
            textual: Whether it travels as plain text.
        """
        pair = self._enter(old, new, direction, textual=textual)
        while self._waiting:
            self._compare(*self._waiting.pop())
        return pair

    def found(self, start: Pair) -> Iterator[tuple[tuple[str, ...], Fact]]:
        """List what differs in a pair and in all that it holds, each once, with the steps of the shortest way there."""
        ways: dict[Pair, tuple[str, ...]] = {start: ()}
        waiting = deque([start])
        while waiting:
            pair = waiting.popleft()
            comparison = self._compared[pair]
            for fact in comparison.facts:
                yield ways[pair], fact
            for step, inner in comparison.edges:
                if inner not in ways and inner in self._telling:
                    ways[inner] = (*ways[pair], step) if step else ways[pair]
                    waiting.append(inner)

    def close(self) -> None:
        """Work out which pairs lead to a difference, once all are compared."""
        holders: dict[Pair, list[Pair]] = {}
        for pair, comparison in self._compared.items():
            for _, inner in comparison.edges:
                holders.setdefault(inner, []).append(pair)
        waiting = [pair for pair, comparison in self._compared.items() if comparison.facts]
        self._telling = set(waiting)
        while waiting:
            for holder in holders.get(waiting.pop(), ()):
                if holder not in self._telling:
                    self._telling.add(holder)
                    waiting.append(holder)
        for comparison in reversed(self._compared.values()):  # what is inside first
            if comparison.excluded is not None:
                comparison.facts = [self._decided(fact, comparison.excluded) for fact in comparison.facts]
        for comparison in self._compared.values():
            overlapping = (fact for pair, fact in comparison.exclusive if self._is_widened(pair))
            comparison.facts += [fact for fact in overlapping if fact not in comparison.facts]

    def _is_widened(self, pair: Pair) -> bool:
        """Tell whether something in a pair allows values that it did not: what breaks those who receive them."""
        return pair in self._telling and any(is_widening(fact) for _, fact in self.found(pair))

    def _decided(self, fact: Fact, excluded: Pair) -> Fact:
        """Say of what a value must not be whether that leaves fewer values, or more, where it can be told."""
        if (fact.kind, fact.subject) != ("condition", "not") or not self.is_telling(excluded):
            return fact
        effects = frozenset(effect(each) for _, each in self.found(excluded) if not each.is_remark)
        return attrs.evolve(fact, action=_OPPOSITE.get(effects, fact.action))

    def is_telling(self, pair: Pair) -> bool:
        """Tell whether a pair leads to a difference."""
        return pair in self._telling

    def _enter(self, old: Parts, new: Parts, direction: Direction, *, textual: bool) -> Pair:
        pair = Pair(tuple(part.pointer for part in old), tuple(part.pointer for part in new), direction, textual)
        if pair not in self._compared:
            self._compared[pair] = _Comparison([], [], [])
            if not self._is_unchanged(old, new):
                self._waiting.append((pair, old, new))
        return pair

    def _is_unchanged(self, old: Parts, new: Parts) -> bool:
        if len(old) != 1 or len(new) != 1:
            return not old and not new
        target = self._old.follow(old[0]).pointer
        return target in self._unchanged and target == self._new.follow(new[0]).pointer and old[0].node == new[0].node

    def _compare(self, pair: Pair, old: Parts, new: Parts) -> None:
        views = constraints.Views(*self._views(old, new), pair.direction, pair.textual)
        found = self._compared[pair]
        alternatives = self._alternatives(views)
        inner: list[Edge] = []
        if views.old.own is not None and views.old.own == views.new.own:
            found.facts += _required_facts(views)
            inner += _edges(views)
        else:
            found.facts += remarks.facts(views)
            replaces = alternatives is not None and alternatives.replaces
            found.facts += () if replaces else constraints.facts(views)
            if not replaces and not constraints.are_unlike(views):
                found.facts += self._property_facts(views)
                found.facts += conditions.facts(self._old, self._new, views)
                excluded = conditions.excluded(self._old, self._new, views)
                if excluded is not None:
                    found.excluded = self._enter((excluded[0],), (excluded[1],), "request", textual=pair.textual)
                inner += _edges(views)
        if alternatives is not None:
            found.facts += alternatives.facts
            inner += alternatives.edges
            for left, right, fact in alternatives.exclusive:
                found.exclusive.append((self._enter(left, right, pair.direction, textual=False), fact))
        for step, left, right in inner:
            textual = pair.textual and not step.startswith("as ") and self._are_plain(left, right)
            found.edges.append((step, self._enter(left, right, pair.direction, textual=textual)))

    def _are_plain(self, old: Parts, new: Parts) -> bool:
        """Tell whether two schemas are of no objects, which do not travel as text where they are part of something."""
        return not any(
            covers(types, "object") for types in (self._old.view(old).types, self._new.view(new).types) if types
        )

    def _views(self, old: Parts, new: Parts) -> tuple[View, View]:
        """Return both sides, alternatives that only name types as a list of types where neither side has others."""
        folded = self._old.view(old, folded=True), self._new.view(new, folded=True)
        if any(view.alternatives for view in folded):
            return self._old.view(old), self._new.view(new)
        return folded

    def _property_facts(self, views: constraints.Views) -> Iterator[Fact]:
        yield from _required_facts(views)
        yield from _additional_facts(views)
        old, new = views.old.properties, views.new.properties
        for name in lacking(old, new):
            yield from self._gone(views, name, old[name])
        for name in lacking(new, old):
            yield from self._come(views, name, new[name])

    def _gone(self, views: constraints.Views, name: str, parts: Parts) -> Iterator[Fact]:
        view = self._old.view(parts)
        if _travels(view, views.direction):
            action = self._lifecycle.removal(parts[0].node, view.said("deprecated"), view.said("x-sunset"))
            if action == "removed":
                action = _removal(views, name)
            yield views.fact("property", action, parts[0], None, name, told=False)

    def _come(self, views: constraints.Views, name: str, parts: Parts) -> Iterator[Fact]:
        if _travels(self._new.view(parts), views.direction):
            if views.direction == "request" and name in views.new.required:
                action = "added as required"
            else:
                action = "added to closed" if views.old.closed and not views.old.unlisted(name) else "added"
            yield views.fact("property", action, None, parts[0], name, told=False)

    def _alternatives(self, views: constraints.Views) -> _Found | None:
        old, new = views.old.alternatives, views.new.alternatives
        if not old and not new:
            return _Found.discriminated(self._old, self._new, views)
        if old and new:
            found = _Found()
            for left, right in zip(old, new, strict=False):
                found.add(self._old, self._new, views, left.members, right.members, exclusive=right.keyword == "oneOf")
                if left.keyword == right.keyword == "oneOf" and views.direction == "request":
                    found.exclude(self._new, views, left, right)
                found.facts += _keyword_facts(views, left, right)
            found.facts += _left_over(views, old[len(new) :], new[len(old) :])
            return found
        return self._wrapped(views, old, new)

    def _wrapped(self, views: constraints.Views, old: list[Alternatives], new: list[Alternatives]) -> _Found | None:
        """Compare a schema with the alternatives that it became, or that became it."""
        found = _Found()
        group = (old or new)[0]
        composed, alone = (views.old, views.new) if old else (views.new, views.old)
        if _says_all_of(composed, alone):
            found.facts += _left_over(views, old, new)
            return found
        found.replaces = True
        members = group.members, (alone.raw,)
        exclusive = not old and group.keyword == "oneOf"
        found.add(self._old, self._new, views, *(members if old else members[::-1]), exclusive=exclusive)
        return found


@attrs.define
class _Found:
    """What a comparison of alternatives finds."""

    facts: list[Fact] = attrs.field(factory=list[Fact])
    edges: list[Edge] = attrs.field(factory=list[Edge])
    exclusive: list[tuple[Parts, Parts, Fact]] = attrs.field(factory=list[tuple[Parts, Parts, Fact]])
    """Alternatives that others may overlap with once they are widened, and what is to be told then."""
    replaces: bool = False
    """Whether one side is compared as one alternative of the other."""

    def add(
        self,
        old: Side,
        new: Side,
        views: constraints.Views,
        olds: tuple[Parts, ...],
        news: tuple[Parts, ...],
        *,
        exclusive: bool,
    ) -> None:
        """Compare alternatives, and what tells them apart.

        Args:
            old: The old description.
            new: The new one.
            views: What they are alternatives of.
            olds: The old alternatives.
            news: The new ones.
            exclusive: Whether what fits several of the new ones is refused.
        """
        same: dict[str, str] = {}
        pairs = matched(old, olds, new, news)
        stayed = [new.view(right) for left, right in pairs if left is not None and right is not None]
        for left, right in pairs:
            if left is not None and right is not None:
                self.edges.append((f"as {name_of(new, right, news.index(right))}", left, right))
                same[old.follow(left[0]).pointer] = new.follow(right[0]).pointer
            elif left is not None:
                name = name_of(old, left, olds.index(left))
                self.facts.append(views.fact("variant", "removed", left[0], None, name, told=False))
            elif right is not None:
                name = name_of(new, right, news.index(right))
                may_overlap = exclusive and views.new.discriminator is None and _may_overlap(new.view(right), stayed)
                action = "added overlapping" if may_overlap else "added"
                self.facts.append(views.fact("variant", action, None, right[0], name, told=False))
        announced = _announced(old, views.old, olds), _announced(new, views.new, news)
        self.facts += _discriminator_facts(views)
        self.facts += _announced_facts(views, *announced, same)

    def exclude(self, new: Side, views: constraints.Views, before: Alternatives, after: Alternatives) -> None:
        """List the alternatives that nothing keeps apart from the others (``oneOf`` refuses what fits several)."""
        if views.new.discriminator is not None:
            return
        fact = views.at("alternatives", "less apart", before.pointer, after.pointer)
        for _, left, right in self.edges:
            others = [new.view(other) for other in after.members if other != right]
            if right in after.members and not all(are_apart(new.view(right), other) for other in others):
                self.exclusive.append((left, right, fact))

    @classmethod
    def discriminated(cls, old: Side, new: Side, views: constraints.Views) -> _Found | None:
        """Compare the schemas that a base schema's discriminator names; None where it has none."""
        if views.old.discriminator is None and views.new.discriminator is None:
            return None
        found = cls(facts=list(_discriminator_facts(views)))
        announced = _announced(old, views.old, ()), _announced(new, views.new, ())
        found.facts += _announced_facts(views, *announced, {})
        found.edges += [
            (f"as {value}", (announced[0][value],), (announced[1][value],))
            for value in shared(announced[0], announced[1])
        ]
        return found


def _may_overlap(view: View, others: Iterable[View]) -> bool:
    return not all(exclude_each_other(view, other) for other in others)


def _says_all_of(composed: View, alone: View) -> bool:
    """Tell whether a view says all that another one does, so that its alternatives only narrow that."""
    return (
        alone.types in (None, composed.types)
        and alone.properties.keys() <= composed.properties.keys()
        and alone.required.keys() <= composed.required.keys()
        and (alone.values is None or composed.values is not None)
        and bool(alone.items) <= bool(composed.items)
        and bool(alone.additional) <= bool(composed.additional)
    )


def _keyword_facts(views: constraints.Views, old: Alternatives, new: Alternatives) -> Iterator[Fact]:
    if old.keyword != new.keyword:
        action = "exclusive" if new.keyword == "oneOf" else "overlapping"
        yield views.at("alternatives", action, old.pointer, new.pointer, old.keyword, new.keyword)


def _left_over(views: constraints.Views, old: list[Alternatives], new: list[Alternatives]) -> Iterator[Fact]:
    for each in old:
        yield views.at("alternatives", "removed", each.pointer, None)
    for each in new:
        yield views.at("alternatives", "added", None, each.pointer)


def _announced(side: Side, view: View, members: Iterable[Parts]) -> dict[str, Part]:
    """Return the schemas that a discriminator announces, by value (OpenAPI 3.1 §4.8.25)."""
    if view.discriminator is None:
        return {}
    targets = {(target := side.follow(parts[0])).pointer: target for parts in members}
    named: dict[str, Part] = {}
    for value, written in nodes.mapping(view.discriminator.node.get("mapping")).items():
        found = side.follow(Part("", {"$ref": _as_reference(str(written))}))
        if found.pointer:
            named[value] = found
            targets.pop(found.pointer, None)
    implicit = {pointers.split(pointer)[-1]: target for pointer, target in targets.items() if _is_named(pointer)}
    return {**implicit, **named}


def _as_reference(written: str) -> str:
    return written if "#" in written else f"#/components/schemas/{written}"


def _is_named(pointer: str) -> bool:
    return len(pointers.split(pointer)) == 3


def _discriminator_facts(views: constraints.Views) -> Iterator[Fact]:
    old, new = views.old.discriminator, views.new.discriminator
    if old and new:
        names = old.node.get("propertyName"), new.node.get("propertyName")
        if names[0] != names[1]:
            yield views.at("discriminator", "changed", old.pointer, new.pointer, *names)
    elif old or new:
        yield views.fact("discriminator", "removed" if old else "added", old, new, told=False)


def _announced_facts(
    views: constraints.Views, old: dict[str, Part], new: dict[str, Part], same: dict[str, str]
) -> Iterator[Fact]:
    """Compare values of discriminators; an alternative that came or went is told of by itself."""
    if views.old.discriminator is None or views.new.discriminator is None:
        return
    for value in lacking(old, new):
        if not same or old[value].pointer in same:
            yield views.at("discriminator value", "removed", views.old.discriminator.pointer, None, value)
    for value in lacking(new, old):
        if not same or new[value].pointer in same.values():
            yield views.at("discriminator value", "added", None, views.new.discriminator.pointer, after=value)
    for value in shared(old, new):
        if (twin := same.get(old[value].pointer)) is not None and twin != new[value].pointer:
            pointers_ = views.old.discriminator.pointer, views.new.discriminator.pointer
            yield views.at("discriminator value", "moved", *pointers_, old[value].pointer, new[value].pointer, value)


_DIRECTED: Final = (("readOnly", "request"), ("writeOnly", "response"))
"""What does not travel in which direction."""


def _travels(view: View, direction: Direction) -> bool:
    return not any(view.is_set(keyword) for keyword, hidden in _DIRECTED if hidden == direction)


def _removal(views: constraints.Views, name: str) -> str:
    """Return how a property goes that was not announced to."""
    is_unlisted = bool(views.new.unlisted(name))
    stays_required = is_unlisted and name in views.new.required
    if views.direction == "response" and name in views.old.required and not stays_required:
        return "removed though required"
    if is_unlisted:
        return "unlisted"
    return "removed from closed" if views.direction == "request" and views.new.closed else "removed"


def _required_facts(views: constraints.Views) -> Iterator[Fact]:
    """Compare what is required of properties that both sides have; what does not travel is required of nobody."""
    old, new = views.required_names
    for name in lacking(shared(views.old.required, old), {*new, *lacking(views.old.properties, views.new.properties)}):
        yield views.at("required", "removed", views.old.required[name], views.new.pointer, subject=name)
    for name in lacking(shared(views.new.required, new), {*old, *lacking(views.new.properties, views.old.properties)}):
        yield views.at("required", "added", views.old.pointer, views.new.required[name], subject=name)
    dependent = views.old.dependent_required, views.new.dependent_required
    for names in lacking(dependent[0], dependent[1]):
        yield views.at("dependent required", "removed", dependent[0][names], None, names[1], subject=names[0])
    for names in lacking(dependent[1], dependent[0]):
        yield views.at("dependent required", "added", None, dependent[1][names], after=names[1], subject=names[0])


def _additional_facts(views: constraints.Views) -> Iterator[Fact]:
    old, new = views.old.closed, views.new.closed
    if bool(old) != bool(new):
        action = "forbidden" if new else "allowed"
        pointers_ = (old.pointer if old else views.old.pointer), (new.pointer if new else views.new.pointer)
        yield views.at("additional properties", action, *pointers_)
    patterns = views.old.pattern_properties, views.new.pattern_properties
    for pattern in lacking(patterns[0], patterns[1]):
        yield views.fact("pattern properties", "removed", patterns[0][pattern][0], None, pattern, told=False)
    for pattern in lacking(patterns[1], patterns[0]):
        yield views.fact("pattern properties", "added", None, patterns[1][pattern][0], pattern, told=False)


def _property_edges(views: constraints.Views) -> Iterator[Edge]:
    """List the properties that travel in this direction; what one side does not list is one of its other properties."""
    old, new = views.old, views.new
    for name in (*old.properties, *lacking(new.properties, old.properties)):
        left = old.properties.get(name) or old.unlisted(name)
        right = new.properties.get(name) or new.unlisted(name)
        if left and right and views.travels(left, right):
            yield name, left, right


def _edges(views: constraints.Views) -> Iterator[Edge]:
    """List what both sides hold inside."""
    old, new = views.old, views.new
    yield from _property_edges(views)
    if (old.additional or new.additional) and not (old.closed or new.closed):
        yield "{}", old.additional, new.additional
    for pattern in shared(old.pattern_properties, new.pattern_properties):
        yield f"{{{pattern}}}", old.pattern_properties[pattern], new.pattern_properties[pattern]
    for index in range(max(len(old.positions), len(new.positions))):
        yield f"[{index}]", _position(old, index), _position(new, index)
    if old.items or new.items:
        yield "[]", old.items, new.items
    contents = old.said("contentSchema"), new.said("contentSchema")
    if contents[0] and contents[1]:
        yield "content", (contents[0],), (contents[1],)


def _position(view: View, index: int) -> Parts:
    return view.positions[index] if index < len(view.positions) else view.items
