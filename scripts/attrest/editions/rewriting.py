"""Writes a description anew, object by object, and keeps what that loses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, TypeAlias

import attrs

from attrest import nodes, objects, pointers
from attrest.ledger import Entry, degraded, lost
from attrest.objects import Kind
from attrest.trees import is_list, is_mapping


class Removed:
    """The type of ``REMOVED``: an object that the older version cannot have at all."""


REMOVED: Final = Removed()

_OLDER: Final = "x-oai-"
"""Under this prefix tools look for fields of newer versions of OpenAPI (its registry of extensions)."""


class Part:
    """An object that is being written: a copy, in which the objects inside are written already."""

    def __init__(self, pointer: str, node: dict[str, Any], notes: dict[Entry, None]) -> None:
        """Start with an object.

        Args:
            pointer: Where it stands in the description.
            node: The copy.
            notes: What gets lost is kept here.
        """
        self.pointer = pointer
        self.node = node
        self._notes = notes

    def note(self, reason: str, *tokens: str) -> None:
        """Say what the object, or something in it, does not say any more."""
        self._notes[degraded(self.pointer + pointers.join(tokens), reason)] = None

    def lose(self, reason: str, *tokens: str) -> None:
        """Say that the object, or something in it, is left out."""
        self._notes[lost(self.pointer + pointers.join(tokens), reason)] = None

    def drop(self, name: str, reason: str | None = None) -> Any:
        """Take a field away, and say what that loses, if anything.

        Returns:
            What it held; None where it is not there.
        """
        if name in self.node and reason is not None:
            self.note(reason, name)
        return self.node.pop(name, None)

    def set_aside(self, name: str, prefix: str = _OLDER) -> None:
        """Turn a field that the older version does not know into an extension."""
        if name in self.node:
            self.note(f"stands under {prefix}{name}, which few tools read", name)
            self.node[prefix + name] = self.node.pop(name)


Rule: TypeAlias = Callable[[Part], Any]
"""Changes an object in place, or returns what stands in its place: ``REMOVED`` where nothing does."""


@attrs.frozen(kw_only=True)
class Rules:
    """How a description becomes one of an older version."""

    objects: Mapping[Kind, Rule]
    """What is done with each object of a kind, after the same was done with those inside it."""
    inlined: Collection[Kind] = ()
    """The kinds that may not be referred to: what a reference leads to stands in its place."""
    has_boolean_schemas: bool = True
    """Whether a schema may be ``true`` or ``false``."""
    references: Rule | None = None
    """What is done with a reference that is no schema and no path item."""


def rewrite(tree: dict[str, Any], rules: Rules, moved: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Entry, ...]]:
    """Write a gathered description anew; the tree itself stays as it is.

    Args:
        tree: The description.
        rules: What is done with each object.
        moved: Where objects stand from now on, by their pointers; references to them and into them follow.

    Returns:
        The description of the older version, and what it does not say any more, by the pointers of the tree.
    """
    writer = _Writer(tree, rules, moved)
    return writer.written("description", "", tree), tuple(writer.notes)


class _Writer:
    def __init__(self, tree: dict[str, Any], rules: Rules, moved: Mapping[str, str]) -> None:
        self._tree = tree
        self._rules = rules
        self._moved = moved
        self._inlining: set[str] = set()
        self.notes: dict[Entry, None] = {}

    def written(self, kind: Kind, pointer: str, node: Any) -> Any:
        """Return an object as it is from now on."""
        if isinstance(node, bool) and kind == "schema" and not self._rules.has_boolean_schemas:
            return {} if node else {"not": {}}
        if not is_mapping(node):
            return node
        reference = objects.reference_of(node)
        if reference is not None and kind in self._rules.inlined:
            return self._inlined(kind, pointer, node)
        copy = dict(node)
        if reference is not None:
            copy["$ref"] = self._moved_reference(reference)
        part = Part(pointer, copy, self.notes)
        if reference is not None and kind not in objects.WITH_SIBLINGS:
            return _applied(self._rules.references, part)
        if kind == "discriminator" and "mapping" in node:
            targets = nodes.mapping(node["mapping"])
            copy["mapping"] = {value: self._moved_reference(target) for value, target in targets.items()}
        for name, slot in tuple(objects.slots(kind, node)):
            copy[name] = self._field(slot, pointer + pointers.join([name]), node[name])
            if copy[name] is REMOVED:
                del copy[name]
        return _applied(self._rules.objects.get(kind), part)

    def _field(self, slot: objects.Slot, pointer: str, value: Any) -> Any:
        if is_list(value) and slot.shape == "list":
            made = (self.written(slot.kind, f"{pointer}/{index}", item) for index, item in enumerate(value))
            return [item for item in made if item is not REMOVED]
        if is_mapping(value) and slot.shape == "map":
            named = {key: self.written(slot.kind, pointer + pointers.join([key]), value[key]) for key in value}
            return {key: item for key, item in named.items() if item is not REMOVED}
        return self.written(slot.kind, pointer, value) if slot.shape == "one" else value

    def _inlined(self, kind: Kind, pointer: str, node: dict[str, Any]) -> Any:
        """Return what a reference leads to, under the fields that stand beside the reference."""
        target, found = nodes.follow(self._tree, pointer)
        if target in self._inlining or objects.reference_of(found) is not None:
            Part(pointer, {}, self.notes).lose("a reference that leads to itself cannot be written out")
            return REMOVED
        self._inlining.add(target)
        beside = {name: value for name, value in node.items() if name != "$ref"}
        try:
            made = self.written(kind, target, found)
        finally:
            self._inlining.discard(target)
        return made | self.written(kind, pointer, beside) if beside and is_mapping(made) else made

    def _moved_reference(self, reference: object) -> object:
        """Return a reference to where its target stands from now on."""
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return reference
        tokens = pointers.split(nodes.target(reference))
        for length in range(len(tokens), 0, -1):
            place = self._moved.get(pointers.join(tokens[:length]))
            if place is not None:
                return pointers.as_fragment(place + pointers.join(tokens[length:]))
        return reference


def _applied(rule: Rule | None, part: Part) -> Any:
    changed = None if rule is None else rule(part)
    return part.node if changed is None else changed
