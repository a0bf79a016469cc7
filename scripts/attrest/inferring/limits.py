"""The limits that hold for the values of every schema, and for what is inside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from attrest import bounds, ecmascript, nodes, pointers, schemanodes
from attrest.bounds import EMPTY, FREE
from attrest.inferring import listed
from attrest.inferring.shapes import Shapes
from attrest.ir import Constraints
from attrest.ledger import Entry, degraded
from attrest.trees import is_mapping
from attrest.typerefs import (
    ANY,
    NULL,
    STRING,
    ListOf,
    LiteralOf,
    MapOf,
    Nullable,
    Reference,
    Scalar,
    ScalarKind,
    TupleOf,
    TypeRef,
    UnionOf,
    kind_of,
    without_null,
)
from attrest.wellformed import WellFormed

_OF_KIND: Final[Mapping[str, tuple[str, ...]]] = {
    "string": ("min_length", "max_length", "pattern"),
    "number": ("minimum", "maximum", "exclusive_minimum", "exclusive_maximum", "multiple_of"),
    "array": ("min_items", "max_items", "unique_items", "items", "prefix_items"),
    "object": ("min_properties", "max_properties", "values", "property_names"),
}
"""Which limits count for which kind of value."""
_KINDS: Final = {"integer": "number", "number": "number", "boolean": "", "null": ""}
"""The kind of value that a scalar is; text where it is not listed."""
_OF_NAMES: Final = frozenset({"type", "minLength", "maxLength", "pattern", "$ref", "$comment", "description", "title"})
"""The keywords of ``propertyNames`` that are checked, or that need no check."""
_OF_MANY_TYPES: Final = frozenset({"string", "array", "object"})
"""The kinds of value that many types are written as."""
_TOLD_BY_KIND: Final = frozenset[TypeRef]({ANY, STRING})
"""The types that take all values of a kind that many types are written as."""
_NOT_WHEN_SENT: Final = "that this type stands at this position is checked when received, not when sent"
_COUNTS: Final = ("minProperties", "maxProperties")


class Limits:
    """Finds the limits of every schema; what is a class checks its fields by itself."""

    def __init__(self, schemas: WellFormed, shapes: Shapes, classes: Collection[str], enums: Collection[str]) -> None:
        """Get to know the schemas.

        Args:
            schemas: The schemas.
            shapes: Their types.
            classes: The pointers of those that are models or enums.
            enums: The pointers of the enums.
        """
        self._schemas = schemas
        self._shapes = shapes
        self._classes = classes
        self._enums = enums
        self._known: dict[str, Constraints] = {}
        self._visiting: set[str] = set()
        self._circular: set[str] = set()
        self._having_such: dict[str, bool] = {}
        self.entries: dict[Entry, None] = {}

    def at(self, pointer: str) -> Constraints:
        """Return the limits on the values of a schema; where it holds itself, those inside end there."""
        if pointer in self._visiting:
            self._circular.add(pointer)
            return FREE
        if pointer in self._enums:
            return self._of_enum(pointer)
        if pointer in self._classes:
            self._note_counts(pointer)
            return FREE
        if pointer not in self._known:
            self._visiting.add(pointer)
            self._known[pointer] = self._composed(pointer)
            self._visiting.discard(pointer)
            if pointer in self._circular and self._known[pointer] != FREE:
                self._leave(pointer, "where it stands inside of itself, its limits are not checked")
        return self._known[pointer]

    def _of_enum(self, pointer: str) -> Constraints:
        """Return the limits of an enum itself, if there is a value that it lists and that is not within them."""
        schema = self._schemas.mapping(pointer)
        own = bounds.own(schema)
        return FREE if all(bounds.holds(own, value) for value in nodes.sequence(schema.get("enum"))) else own

    def of_property(self, parts: Sequence[str]) -> Constraints:
        """Return the limits on a property, by the pointers of the schemas that describe it."""
        found = self._together(parts[-1], [self.at(part) for part in parts])
        self._note_unchecked(parts, found)
        return found

    def of_class(self, pointer: str) -> Constraints:
        """Return the limits that a model sets on the properties that it does not list, and on their names."""
        parts = self._schemas.conjuncts(pointer)
        for part in parts:
            self._note_counts(part)
        return self._together(pointer, map(self._own, parts))

    def _note_counts(self, pointer: str) -> None:
        for keyword in _COUNTS:
            if keyword in self._schemas.mapping(pointer):
                self._leave(f"{pointer}/{keyword}", "how many fields a model has is not checked")

    def _can_be_model(self, pointer: str) -> bool:
        objects = self._shapes.objects(self._shapes.expanded(pointer))
        return any(isinstance(each, Reference) for each in objects)

    def _composed(self, pointer: str) -> Constraints:
        target = self._schemas.target(pointer)
        if not self._schemas.mapping(pointer).keys().isdisjoint(_COUNTS) and self._can_be_model(pointer):
            self._note_counts(pointer)
        parts = [] if target is None else [self.at(target)]
        parts += [self.at(part) for part in self._schemas.members(pointer, "allOf")]
        parts += [
            self._own(pointer),
            EMPTY if schemanodes.takes_no_properties(self._schemas.mapping(pointer)) else FREE,
        ]
        parts += [self._alternatives(self._schemas.members(pointer, keyword)) for keyword in ("oneOf", "anyOf")]
        found = self._together(pointer, parts)
        self._note_unchecked((pointer,), found)
        return found

    def _note_unchecked(self, described_by: Iterable[str], limits: Constraints) -> None:
        """Note the limits of text that are not checked, since values of its format are no text in Python.

        Args:
            described_by: The pointers of schemas that values have to fit.
            limits: What the limits of all of them come to.
        """
        if {limits.min_length, limits.max_length, limits.pattern} == {None}:
            return
        parts = [part for pointer in described_by for part in self._schemas.conjuncts(pointer)]
        kinds = {kind for part in parts for kind in _scalars(self._shapes.expanded(part))}
        keywords = {keyword for kind, names in bounds.UNCHECKED.items() if kind in kinds for keyword in names}
        for part in parts:
            for keyword in sorted(keywords):
                if keyword in self._schemas.mapping(part):
                    self._leave(f"{part}/{keyword}", "not checked: values of this format are no text in Python")

    def _together(self, pointer: str, parts: Iterable[Constraints]) -> Constraints:
        given = tuple(parts)
        if not bounds.are_all_kept(given):
            self._leave(pointer, "of several patterns or divisors one is checked")
        return bounds.tightest(given)

    def _own(self, pointer: str) -> Constraints:
        """Return what a schema says by its own keywords, of its values and of what is inside them."""
        schema = self._schemas.mapping(pointer)
        inside: dict[str, Any] = {
            "items": self._items(pointer, schema),
            "values": self._values(pointer, schema),
            "property_names": self._property_names(pointer),
        }
        found = {name: limits for name, limits in inside.items() if limits != FREE}
        positions = [self.at(f"{pointer}/prefixItems/{index}") for index, _ in enumerate(schema.get("prefixItems", ()))]
        if any(limits != FREE for limits in positions):
            found["prefix_items"] = tuple(positions)
        if positions:
            self._note_positions(pointer)
        if schema.get(schemanodes.other_items(schema)) is False:
            found["max_items"] = len(positions)
        own = bounds.own(schema)
        if own.pattern is not None and ecmascript.translated(own.pattern) is None:
            self._leave(f"{pointer}/pattern", "Python has no such regular expression: it is not checked")
        return bounds.tightest((own, Constraints(**found)))

    def _note_positions(self, pointer: str) -> None:
        """Note the positions of an array that are checked by the kind of value alone, or not at all."""
        types = self._position_types(pointer)
        if len(set(types.values())) > 1 and isinstance(without_null(self._shapes.expanded(pointer)), UnionOf):
            self._leave(f"{pointer}/prefixItems", _NOT_WHEN_SENT)
            return
        kinds = {place: frozenset(_OF_KIND) if type_ == ANY else self._kinds(place) for place, type_ in types.items()}
        for place, type_ in types.items():
            others = [kinds[other] for other, each in types.items() if each != type_]
            shared = kinds[place].intersection(_OF_MANY_TYPES, frozenset[str]().union(*others))
            if shared and type_ not in _TOLD_BY_KIND:
                self.entries[degraded(place, _NOT_WHEN_SENT, alone=True)] = None

    def _position_types(self, pointer: str) -> dict[str, TypeRef]:
        """Return the types of the items of an array by where their schemas are, or would be."""
        schema = self._schemas.mapping(pointer)
        keyword = schemanodes.other_items(schema)
        places = [f"{pointer}/prefixItems/{index}" for index, _ in enumerate(nodes.sequence(schema.get("prefixItems")))]
        types = {place: self._shapes.at(place) for place in places}
        if is_mapping(schema.get(keyword)):
            types[f"{pointer}/{keyword}"] = self._shapes.at(f"{pointer}/{keyword}")
        elif schema.get(keyword) is not False:
            types[f"{pointer}/{keyword}"] = ANY
        return types

    def _items(self, pointer: str, schema: Mapping[str, Any]) -> Constraints:
        keyword = schemanodes.other_items(schema)
        return self.at(f"{pointer}/{keyword}") if is_mapping(schema.get(keyword)) else FREE

    def _values(self, pointer: str, schema: Mapping[str, Any]) -> Constraints:
        is_closed = listed.is_closed(self._schemas, pointer)
        patterned = listed.patterned(self._schemas, pointer) if is_closed else self._schemas.patterned(pointer)
        keyword = schemanodes.other_properties(schema)
        others = listed.others(self._schemas, pointer)
        places = [*patterned, *([f"{pointer}/{keyword}"] if is_mapping(others) else [])]
        limits = {self.at(place) for place in places}
        if len(limits) == 1 and (others is not True or not patterned):
            return limits.pop()
        for place in places:
            if self.at(place) != FREE:
                self._leave(place, "its limits are not checked: they depend on the name")
        return FREE

    def _property_names(self, pointer: str) -> Constraints:
        patterned, own = self._patterned_names(pointer), self.of_names(pointer)
        if patterned.pattern is not None and own.pattern is not None:
            self._leave(f"{pointer}/patternProperties", "which names there are is not checked: propertyNames is")
        return bounds.tightest((own, patterned))

    def _patterned_names(self, pointer: str) -> Constraints:
        """Return the limits on names where one that fits no pattern may not be there."""
        patterns = [pointers.split(place)[-1] for place in listed.patterned(self._schemas, pointer)]
        if not patterns or not listed.is_closed(self._schemas, pointer):
            return FREE
        pattern = patterns[0] if len(patterns) == 1 else "|".join(f"(?:{each})" for each in patterns)
        if ecmascript.translated(pattern) is None:
            self._leave(f"{pointer}/patternProperties", "Python has no such regular expression: names are not checked")
        return Constraints(pattern=pattern)

    def of_names(self, pointer: str) -> Constraints:
        """Return the limits that ``propertyNames`` of a schema sets on the names of properties."""
        place = f"{pointer}/propertyNames"
        if self._schemas.nodes.get(place) is False:
            self._leave(place, "that there may be no properties is not checked")
        if not is_mapping(self._schemas.mapping(pointer).get("propertyNames")):
            return FREE
        if not self._schemas.mapping(place).keys() <= _OF_NAMES:
            self._leave(place, "of names, length and pattern alone are checked")
        return self.at(place)

    def _alternatives(self, members: Iterable[str]) -> Constraints:
        """Return the limits that hold whichever of several schemas a value fits.

        Those of a kind of value hold if all of the schemas that take this kind agree on them.
        """
        found = [(member, self.at(member)) for member in members]
        self._note_told_apart([member for member, _ in found if self._shapes.expanded(member) != NULL])
        if all(limits == FREE for _, limits in found):
            return FREE
        kinds = {member: self._kinds(member) for member, _ in found}
        held: dict[str, Any] = {}
        for kind, names in _OF_KIND.items():
            takers = [(member, limits) for member, limits in found if kind in kinds[member]]
            offered = {tuple(getattr(limits, name) for name in names) for _, limits in takers}
            if len(offered) == 1:
                held |= zip(names, offered.pop(), strict=True)
            for member, limits in takers if len(offered) > 1 else ():
                if any(getattr(limits, name) != getattr(FREE, name) for name in names):
                    self._leave(member, "its limits are not checked: other alternatives take such values too")
        return Constraints(**held)

    def _note_told_apart(self, members: Sequence[str]) -> None:
        for member in members if len(members) > 1 else ():
            for place in self._of_one_alternative(member):
                self._leave(place, "not checked when sent: other alternatives are taken too")

    def _of_one_alternative(self, pointer: str) -> Iterator[str]:
        """Give the constants, and the positions of different types, of a schema and of values inside, classes aside.

        Of what a schema refers to, it is the reference that is given.
        """
        schema, target = self._schemas.mapping(pointer), self._schemas.target(pointer)
        if target is not None and self._has_such(target):
            yield f"{pointer}/$ref"
        if "const" in schema:
            yield f"{pointer}/const"
        elif pointer not in self._classes:
            if "prefixItems" in schema and len(set(self._position_types(pointer).values())) > 1:
                yield f"{pointer}/prefixItems"
            others = (
                f"{pointer}/{schemanodes.other_items(schema)}",
                f"{pointer}/{schemanodes.other_properties(schema)}",
            )
            inside = (
                *self._schemas.members(pointer, "allOf", "prefixItems"),
                *self._schemas.patterned(pointer),
                *others,
            )
            for place in filter(self._schemas.nodes.__contains__, inside):
                yield from self._of_one_alternative(place)

    def _has_such(self, pointer: str) -> bool:
        """Return whether a schema has constants, or positions of different types; in circles, where it stands first."""
        if pointer not in self._having_such:
            self._having_such[pointer] = False
            self._having_such[pointer] = any(self._of_one_alternative(pointer))
        return self._having_such[pointer]

    def _kinds(self, pointer: str) -> frozenset[str]:
        """Return the kinds of value that a schema takes, as far as is known, else all of them."""
        if pointer in self._enums:
            values = nodes.sequence(self._schemas.mapping(pointer).get("enum"))
            return frozenset(_kind(str(kind_of(value))) for value in values)
        if pointer in self._classes:
            return frozenset({"object"})
        target = self._schemas.target(pointer)
        return _kinds_of(self._shapes.expanded(pointer)) if target is None else self._kinds(target)

    def _leave(self, pointer: str, reason: str) -> None:
        self.entries[degraded(pointer, reason)] = None


def _scalars(type_: TypeRef) -> Iterator[ScalarKind]:
    """Give the kinds of scalar that a value of a type can be by itself."""
    match type_:
        case Scalar(kind):
            yield kind
        case Nullable(inner):
            yield from _scalars(inner)
        case UnionOf(members):
            for member in members:
                yield from _scalars(member)
        case _:
            pass


def _kinds_of(type_: TypeRef) -> frozenset[str]:
    match type_:
        case Scalar(kind) if kind != "any":
            return frozenset({_kind(kind)})
        case ListOf() | TupleOf():
            return frozenset({"array"})
        case MapOf():
            return frozenset({"object"})
        case LiteralOf(values):
            return frozenset(_kind(kind_of(value)) for value in values)
        case Nullable(inner):
            return _kinds_of(inner)
        case UnionOf(members):
            return frozenset(kind for member in members for kind in _kinds_of(member))
        case _:
            return frozenset(_OF_KIND)


def _kind(scalar: str) -> str:
    return _KINDS.get(scalar, "string")
