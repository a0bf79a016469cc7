"""Which schemas extend which, and which values of a discriminator announce them (OpenAPI 3.1 §4.8.25)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Any, Final

import attrs

from attrest import nodes, pointers, schemanodes
from attrest.ledger import Entry, degraded
from attrest.typerefs import JsonScalar, kind_of
from attrest.wellformed import WellFormed

_UNUSABLE: Final = "the values of the discriminator do not tell the variants apart: their fields do"


@attrs.frozen(kw_only=True)
class Tags:
    """A discriminator, and what each of its values announces."""

    wire_name: str
    targets: Mapping[JsonScalar, str]
    """Value -> pointer of the schema."""
    names: Mapping[JsonScalar, str] = attrs.field(factory=dict[JsonScalar, str])
    """The names of mapped schemas, which announce them as well where they are received -> pointer of the schema."""
    default: str | None = None
    """The pointer of the schema of what has none of these values (OpenAPI 3.2 §4.25)."""


class Families:
    """Unions and base classes whose members a property tells apart."""

    def __init__(self, schemas: WellFormed, classes: Collection[str]) -> None:
        """Look at the schemas.

        Args:
            schemas: The schemas.
            classes: The pointers of those that are classes.
        """
        self._schemas = schemas
        self._classes = classes
        self.entries: dict[str, Entry] = {}

    def _base(self, pointer: str) -> Tags | None:
        """Return what tells a class and those that extend it apart; None where none do, or nothing can."""
        children = self._children.get(pointer)
        owner = next((each for each in reversed(self._schemas.conjuncts(pointer)) if self._property(each)), None)
        if not children or owner is None:
            return None
        wire_name = self._property(owner) or ""
        mapped = self._mapped(owner, wire_name)
        targets = {tag: target for tag, target in mapped.items() if target in children or target == pointer}
        implied = _distinct(
            {child: self._tags(child, wire_name) for child in children if child not in targets.values()}
        )
        if self._is_no_text(pointer, wire_name):
            implied = {tag: child for tag, child in (implied or {}).items() if not isinstance(tag, str)}
        targets |= {tag: child for tag, child in (implied or {}).items() if tag not in mapped}
        names = self._names_beside(targets, wire_name)
        return Tags(wire_name=wire_name, targets=targets, names=names, default=self._default(owner) or pointer)

    @cached_property
    def bases(self) -> dict[str, Tags]:
        """What tells a class and those that extend it apart, by its pointer, where others do and something can."""
        found = {pointer: self._base(pointer) for pointer in self._children}
        return {pointer: tags for pointer, tags in found.items() if tags}

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        """The components that extend a class, however indirectly, by its pointer."""
        children: dict[str, list[str]] = {}
        for pointer in self._classes:
            if schemanodes.component_name(pointer) is not None:
                for part in self._schemas.conjuncts(pointer)[:-1]:
                    if part in self._classes:
                        children.setdefault(part, []).append(pointer)
        return children

    def union(self, pointer: str) -> Tags | None:
        """Return what tells the members of ``oneOf`` and ``anyOf`` apart; None where nothing is said to, or can."""
        wire_name = self._property(pointer)
        if wire_name is None:
            return self._told_by_constants(pointer)
        targets = self._targets(pointer, wire_name, frozenset())
        if targets is None:
            self._report(f"{pointer}/discriminator", _UNUSABLE)
        if not targets:
            return None
        names = self._names_beside(targets, wire_name)
        return Tags(wire_name=wire_name, targets=targets, names=names, default=self._default(pointer))

    def _names_beside(self, targets: Mapping[JsonScalar, str], wire_name: str) -> dict[JsonScalar, str]:
        """Return name -> pointer of the announced schemas whose names can be values of the property as well."""
        named = {schemanodes.component_name(target): target for target in targets.values()}
        return {
            name: target
            for name, target in named.items()
            if name is not None
            and name not in targets
            and not self._tags(target, wire_name)
            and not self._is_no_text(target, wire_name)
        }

    def _told_by_constants(self, pointer: str) -> Tags | None:
        """Return the property that each member of a union requires and has values of its own for, if there is one."""
        members = [self._schemas.target(each) or each for each in self._schemas.members(pointer, "oneOf", "anyOf")]
        members = [member for member in members if not self._is_null(member)]
        if len(members) < 2 or not all(member in self._classes for member in members):
            return None
        for wire_name in self._schemas.properties(members[0]):
            if all(wire_name in self._schemas.required(member) for member in members):
                tags = {member: self._tags(member, wire_name) for member in members}
                values = [tag for each in tags.values() for tag in each]
                if all(tags.values()) and len(values) == len(set(values)):
                    return Tags(wire_name=wire_name, targets={tag: at for at, each in tags.items() for tag in each})
        return None

    def _property(self, pointer: str) -> str | None:
        return nodes.text(self._discriminator(pointer).get("propertyName"))

    def _discriminator(self, pointer: str) -> Mapping[str, Any]:
        return nodes.mapping(self._schemas.mapping(pointer).get("discriminator"))

    def _mapped(self, pointer: str, wire_name: str) -> dict[JsonScalar, str]:
        """Return the targets that a discriminator's mapping names and that are there."""
        targets: dict[JsonScalar, str] = {}
        for tag, reference in nodes.mapping(self._discriminator(pointer).get("mapping")).items():
            target = self._resolved(pointer + pointers.join(("discriminator", "mapping", tag)), reference)
            if target is not None:
                own = {schemanodes.as_tag(value): value for value in self._tags(target, wire_name)}
                targets[own[tag] if tag in own else self._value(tag, target, wire_name)] = target
        return targets

    def _value(self, tag: str, target: str, wire_name: str) -> JsonScalar:
        """Return the value of the property that a mapping means: it can only write text, whatever the property is."""
        kinds = self._kinds(target, wire_name)
        try:
            value: JsonScalar = json.loads(tag)
        except (ValueError, RecursionError):
            return tag
        is_number = "number" in kinds and kind_of(value) == "integer"
        return value if "string" not in kinds and (kind_of(value) in kinds or is_number) else tag

    def _kinds(self, pointer: str, wire_name: str) -> set[str]:
        """Return the types that a schema gives a property; none where it gives it none."""
        described = self._schemas.properties(pointer).get(wire_name, ())
        parts = [self._schemas.mapping(part) for each in described for part in self._schemas.conjuncts(each)]
        return {kind for part in parts for kind in schemanodes.types(part)} - {"null"}

    def _default(self, pointer: str) -> str | None:
        """Return the target of a discriminator's default mapping, if it has one that is there."""
        reference = self._discriminator(pointer).get("defaultMapping")
        return None if reference is None else self._resolved(f"{pointer}/discriminator/defaultMapping", reference)

    def _resolved(self, pointer: str, reference: object) -> str | None:
        """Return what a mapping at a pointer leads to, by reference or by name; None where it is not there."""
        if isinstance(reference, str):
            found = nodes.target(reference) if reference.startswith("#") else schemanodes.component(reference)
            if found in self._schemas.nodes:
                return found
        self._report(pointer, "this maps to a schema that is not there: such values are kept as they came")
        return None

    def _targets(self, pointer: str, wire_name: str, seen: frozenset[str]) -> dict[JsonScalar, str] | None:
        """Return tag -> pointer of a union's members, as mapped, else as they or their names say; None if unclear."""
        mapped = self._mapped(pointer, wire_name)
        members = [self._schemas.target(each) or each for each in self._schemas.members(pointer, "oneOf", "anyOf")]
        members = [each for each in members if not (each in mapped.values() or each in seen or self._is_null(each))]
        nested = {each: self._nested(each, wire_name, seen) for each in members}
        own_tags = {each: self._tags(each, wire_name) for each in members if not nested[each]}
        implied = _distinct(own_tags)
        if implied is None or any(not tags and self._is_no_text(each, wire_name) for each, tags in own_tags.items()):
            return None
        targets = dict(mapped)
        for each in members:
            own = nested[each] or {tag: target for tag, target in implied.items() if target == each}
            targets |= {tag: target for tag, target in own.items() if tag not in targets}
        return targets

    def _is_no_text(self, pointer: str, wire_name: str) -> bool:
        """Return whether a property is of other types alone, so that the name of a schema is none of its values."""
        kinds = self._kinds(pointer, wire_name)
        return bool(kinds) and "string" not in kinds

    def _nested(self, pointer: str, wire_name: str, seen: frozenset[str]) -> dict[JsonScalar, str] | None:
        """Return tag -> pointer of a union in a union."""
        if self._property(pointer) != wire_name:
            return None
        return self._targets(pointer, wire_name, seen | {pointer})

    def _is_null(self, pointer: str) -> bool:
        return self._schemas.mapping(pointer).get("type") == "null"

    def _tags(self, pointer: str, wire_name: str) -> tuple[JsonScalar, ...]:
        """Return the values that a schema allows for the property: its own, else the one that it inherits."""
        return self._own_tags(pointer, wire_name) or self._inherited_tags(pointer, wire_name)

    def _own_tags(self, pointer: str, wire_name: str) -> tuple[JsonScalar, ...]:
        """Return the values that a schema itself allows for the property, what it extends left aside."""
        values = self._constants(pointer + pointers.join(("properties", wire_name)))
        for part in self._schemas.members(pointer, "allOf"):
            if not values and self._schemas.target(part) is None:
                values = self._own_tags(part, wire_name)
        return values

    def _inherited_tags(self, pointer: str, wire_name: str) -> tuple[JsonScalar, ...]:
        """Return the one value that what a schema extends allows for the property."""
        for each in reversed(self._schemas.properties(pointer).get(wire_name, [])):
            if len(values := self._constants(each)) == 1:
                return values
        return ()

    def _constants(self, pointer: str) -> tuple[JsonScalar, ...]:
        parts = reversed(self._schemas.conjuncts(pointer)) if pointer in self._schemas.nodes else ()
        found = (schemanodes.constants(self._schemas.mapping(part)) or self._alternatives(part) for part in parts)
        return next((values for values in found if values), ())

    def _alternatives(self, pointer: str) -> tuple[JsonScalar, ...]:
        """Return the values that the members of a union list, where each of them but null does."""
        members = self._schemas.members(pointer, "oneOf", "anyOf")
        listed = [self._constants(member) for member in members if not self._is_null(member)]
        return tuple(value for values in listed for value in values) if all(listed) else ()

    def _report(self, pointer: str, reason: str) -> None:
        self.entries[pointer] = degraded(pointer, reason)


def _distinct(tags: Mapping[str, tuple[JsonScalar, ...]]) -> dict[JsonScalar, str] | None:
    """Return tag -> pointer, by the names of schemas where their own tags are no help; None where neither are."""
    counts = Counter(tag for each in tags.values() for tag in each)
    found: dict[JsonScalar, str] = {}
    for pointer, own in tags.items():
        clear = own and all(counts[tag] == 1 for tag in own)
        found |= dict.fromkeys(own if clear else (schemanodes.component_name(pointer),), pointer)
    return None if None in found else found


def announced(tags: Iterator[Tags]) -> dict[str, Mapping[str, JsonScalar]]:
    """Return the one value of each discriminator that announces a schema: pointer -> wire name -> value."""
    found: dict[str, dict[str, set[JsonScalar]]] = {}
    for each in tags:
        for tag, target in each.targets.items():
            found.setdefault(target, {}).setdefault(each.wire_name, set()).add(tag)
    return {
        target: {wire_name: values.pop() for wire_name, values in by_name.items() if len(values) == 1}
        for target, by_name in found.items()
    }
