"""The types that schemas come to, read off the schemas themselves."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from attrest import nodes, schemanodes
from attrest.inferring import listed
from attrest.inferring.families import Families, Tags
from attrest.inferring.narrowing import narrowed
from attrest.ledger import Entry, degraded
from attrest.typerefs import (
    ANY,
    NULL,
    Discriminator,
    JsonScalar,
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
    Variant,
    union,
    without_null,
)
from attrest.wellformed import WellFormed

_FORMATS: Final[Mapping[str, ScalarKind]] = {
    "date": "date",
    "date-time": "date-time",
    "time": "time",
    "duration": "duration",
    "uuid": "uuid",
    **dict.fromkeys(("uuid1", "uuid2", "uuid3", "uuid4", "uuid5"), "uuid"),
    "decimal": "decimal",
    "byte": "base64",
    "base64url": "base64url",
    "binary": "file",
}
"""What text of a format is; of any other, it stays text."""
_SCALARS: Final[Mapping[str, ScalarKind]] = {
    "boolean": "boolean",
    "integer": "integer",
    "null": "null",
    "number": "number",
}
_OF_OBJECTS: Final = ("properties", "additionalProperties", "patternProperties", "unevaluatedProperties")
_TELLING: Final[Mapping[str, tuple[str, ...]]] = {
    "object": _OF_OBJECTS,
    "array": ("items", "prefixItems"),
    "string": ("contentEncoding", "contentMediaType", "contentSchema"),
}
"""The keywords that tell the type of a schema which says none."""
_OF_TEXT_ITSELF: Final = frozenset({"7bit", "8bit", "binary"})
"""The encodings that leave text as it is (RFC 2045 §6.2)."""
_STRUCTURED: Final[Mapping[str, TypeRef]] = {"array": ListOf(ANY), "object": MapOf(ANY)}
_SEVERAL: Final = 2
_NO_DECIMAL: Final = "a number of JSON is read as float, which keeps 15 to 17 digits: only text is read as Decimal"
_ANY_OBJECT: Final = "which object it has to be is not checked"
_EVERY_NAME: Final = re.compile(r"\^?(\.[*+])?\$?")
"""The patterns that fit every property's name, or every one that is not empty."""


@attrs.frozen(kw_only=True)
class Named:
    """The schemas that have a name in Python, by their pointers."""

    classes: Mapping[str, str]
    """Models and enums."""
    enums: Mapping[str, frozenset[tuple[bool, JsonScalar]]]
    """The values of the enums, by their names, as ``distinct`` gives them."""
    aliases: Mapping[str, str]
    families: Mapping[str, str]
    """The aliases of a base class and all that extend it, by the pointer of the base class."""
    merged: Mapping[str, TypeRef]
    """What the parser made of schemas that are composed in ways that only it sorts out."""


class Shapes:
    """Spells the type of every schema."""

    def __init__(self, schemas: WellFormed, named: Named, families: Families) -> None:
        """Get to know the schemas.

        Args:
            schemas: The schemas.
            named: Those that have a name.
            families: What tells the members of unions apart.
        """
        self._schemas = schemas
        self._named = named
        self._families = families
        self._known: dict[str, TypeRef] = {}
        self._expanding: set[str] = set()
        self._bodies = {name: pointer for pointer, name in named.aliases.items()}
        self._objects_of: dict[str, tuple[TypeRef, ...]] = {}
        self.entries: dict[Entry, None] = {}

    @property
    def asked(self) -> tuple[str, ...]:
        """The pointers of the schemas whose types were asked for, and have no name."""
        return tuple(self._known)

    def at(self, pointer: str) -> TypeRef:
        """Return the type of the schema at a pointer."""
        if pointer in self._named.aliases:
            return Reference(self._named.aliases[pointer])
        if pointer not in self._known:
            if pointer in self._expanding:
                return self._looser(pointer, "this refers to itself, and has no name of its own: anything is taken")
            self._expanding.add(pointer)
            try:
                self._known[pointer] = self.expanded(pointer)
            finally:
                self._expanding.discard(pointer)
        return self._known[pointer]

    def expanded(self, pointer: str) -> TypeRef:
        """Return the type of the schema at a pointer, as if it were no alias."""
        schema = self._schemas.nodes[pointer]
        if isinstance(schema, bool):
            return ANY if schema else self._looser(pointer, "nothing fits this schema: anything is taken")
        self._note_kind(pointer)
        type_ = self._bare(pointer, schema)
        parts = map(nodes.mapping, nodes.sequence(schema.get("allOf")))
        remarks = [part for part in parts if schemanodes.is_remark(part)]
        is_nullable = any(each.get("nullable") is True for each in (schema, *remarks))
        return _or_null(type_) if is_nullable or _lists_null(schema) else type_

    def additional(self, pointer: str) -> TypeRef | None:
        """Return the type of a class's fields that are not listed; None where it takes none."""
        parts = self._schemas.conjuncts(pointer)
        closed = [part for part in parts if listed.is_closed(self._schemas, part)]
        if not all(listed.patterned(self._schemas, part) for part in closed):
            return None
        told = {each for part in closed for each in listed.listing(self._schemas, part)}.difference(closed)
        values = [self._value(part) for part in parts if self._is_of_objects(part) and part not in told]
        return self._all_of(pointer, values)

    def property(self, parts: Sequence[str]) -> TypeRef:
        """Return the type of a property.

        Args:
            parts: The pointers of the schemas that describe it, the nearest last.
        """
        known = [part for part in parts if not self.is_merged_elsewhere(part)]
        return self._all_of(parts[-1], [self.at(part) for part in known or parts])

    def is_merged_elsewhere(self, pointer: str) -> bool:
        """Return whether a schema would be a class, and is none: one with all of its parts is, at the nearest."""
        return (
            "properties" in self._schemas.mapping(pointer)
            and pointer not in self._named.classes
            and pointer not in self._named.merged
        )

    def objects(self, type_: TypeRef) -> Iterator[TypeRef]:
        """Return the classes and mappings that a value of a type can be."""
        match without_null(type_):
            case Reference(name) if name in self._bodies:
                yield from self._objects_of_alias(name)
            case Reference(name) if name in self._named.enums:
                pass
            case UnionOf(members):
                yield from (each for member in members for each in self.objects(member))
            case Reference() | MapOf() as object_:
                yield object_
            case _:
                pass

    def _is_of_objects(self, pointer: str) -> bool:
        return any(name in self._schemas.mapping(pointer) for name in _OF_OBJECTS[1:])

    def tagged(self, tags: Tags, narrowed_to: Mapping[str, TypeRef]) -> Discriminator:
        """Return a discriminator, its values in their order.

        Args:
            tags: The values, and what each announces.
            narrowed_to: The types of what is announced, where a union says more of it, by the pointers of the schemas.
        """
        variants = tuple(
            Variant(tag, narrowed_to[target] if target in narrowed_to else self._exact(target))
            for tag, target in (*tags.targets.items(), *tags.names.items())
        )
        return Discriminator(tags.wire_name, variants, None if tags.default is None else self._exact(tags.default))

    def _exact(self, pointer: str) -> TypeRef:
        """Return the type of a schema, and not of those that extend it."""
        name = self._named.classes.get(pointer)
        return self.at(pointer) if name is None else Reference(name)

    def _bare(self, pointer: str, schema: dict[str, Any]) -> TypeRef:
        """Return a schema's type, null aside where the schema says it in passing."""
        if pointer in self._named.merged:
            return self._named.merged[pointer]
        name = self._named.families.get(pointer) or self._named.classes.get(pointer)
        kinds = [kind for kind in schemanodes.types(schema) if kind != "null"]
        if name is not None and len(kinds) < _SEVERAL and "enum" not in schema:
            if "const" in schema:
                self._looser(pointer, _ANY_OBJECT)
            return Reference(name)
        target = self._schemas.target(pointer)
        parts = [] if target is None else [self.at(target)]
        parts += [self.at(part) for part in self._schemas.members(pointer, "allOf")]
        own = self._own(pointer, schema, kinds)
        is_implied = not kinds and isinstance(own, ListOf | TupleOf)
        parts += [] if is_implied else [own]
        parts += [self._one_of(pointer, keyword) for keyword in ("oneOf", "anyOf") if schema.get(keyword)]
        type_ = self._all_of(pointer, parts)
        return self._with_items(type_, own) if is_implied else type_

    def _note_kind(self, pointer: str) -> None:
        """Note where nothing says which type a value has, and what is said of objects, arrays or text decides."""
        own = [part for part in self._schemas.conjuncts(pointer) if part.startswith(pointer)]
        implied = next((kind for part in own if (kind := _implied(self._schemas.mapping(part)))), None)
        is_encoded = any("contentEncoding" in self._schemas.mapping(part) for part in own)
        if (implied in _STRUCTURED or is_encoded) and not self._schemas.is_typed(pointer):
            reason = f"no type is said: only {implied}s are taken"
            self.entries[degraded(pointer, reason, alone=True)] = None

    def _with_items(self, type_: TypeRef, array: TypeRef) -> TypeRef:
        """Return a type of which only arrays are narrowed: what says of items alone, says nothing of other values."""
        match type_:
            case Nullable(inner):
                return _or_null(self._with_items(inner, array))
            case UnionOf(members, None):
                return attrs.evolve(type_, members=tuple(self._with_items(member, array) for member in members))
            case _:
                both = narrowed(type_, array, self._body)
                return type_ if both is None else both

    def _all_of(self, pointer: str, parts: Iterable[TypeRef]) -> TypeRef:
        """Return the type of values that fit several types."""
        type_: TypeRef = ANY
        for part in self._narrowest_last(pointer, list(parts)):
            both = narrowed(type_, part, self._body)
            if both is None:
                self._looser(pointer, "no value fits all parts of this: the last one counts")
            type_ = part if both is None else both
        return type_

    def _narrowest_last(self, pointer: str, parts: list[TypeRef]) -> list[TypeRef]:
        """Return some types, the enum or constant last that has just the values that all of those among them share."""
        valued = {part: values for part in parts if (values := self._values(part)) is not None}
        if len(valued) < _SEVERAL:
            return parts
        first, *others = valued.values()
        shared = first.intersection(*others)
        narrowest = [part for part, values in valued.items() if values == shared]
        if not shared:
            self._looser(pointer, "no value is in all of these enums: those of the last are known")
        elif not narrowest:
            self._looser(pointer, "not only the values that are in all of these enums are known, but all of the last")
        return sorted(parts, key=narrowest[-1:].__contains__)

    def _values(self, type_: TypeRef) -> frozenset[tuple[bool, JsonScalar]] | None:
        """Return the values that a type lists; None where it lists none."""
        match without_null(type_):
            case Reference(name):
                return self._named.enums.get(name)
            case LiteralOf(values):
                return distinct(values)
            case _:
                return None

    def _body(self, name: str) -> TypeRef | None:
        """Return what an alias stands for; None for a class, and for an alias that leads back to itself."""
        pointer = self._bodies.get(name)
        if pointer is None or pointer in self._expanding:
            return None
        self._expanding.add(pointer)
        try:
            return self.expanded(pointer)
        finally:
            self._expanding.discard(pointer)

    def _one_of(self, pointer: str, keyword: str) -> TypeRef:
        members = self._schemas.members(pointer, keyword)
        if not members:
            return self._looser(pointer, "nothing fits this schema: anything is taken")
        tags = self._families.union(pointer)
        if tags is None:
            types = [self.at(member) for member in members]
            return union(types, is_open=self._is_open(types))
        objects = [member for member in members if self._is_object(self.at(member))]
        targets = {member: target for member in objects if (target := self._schemas.target(member)) is not None}
        narrower = {to: self.at(member) for member, to in targets.items() if self.at(member) != self.at(to)}
        discriminator = self.tagged(tags, narrower)
        default = [] if discriminator.otherwise is None else [discriminator.otherwise]
        tagged = union([*map(self.at, objects), *default], discriminator)
        return union([tagged, *(self.at(member) for member in members if member not in objects)])

    def _is_open(self, members: Iterable[TypeRef]) -> bool:
        """Return whether a union may gain members: it has several classes, and no mapping that takes other objects."""
        objects = {each for member in members for each in self.objects(member)}
        return len(objects) >= _SEVERAL and not any(isinstance(each, MapOf) for each in objects)

    def _objects_of_alias(self, name: str) -> tuple[TypeRef, ...]:
        if name not in self._objects_of:
            body = self._body(name)
            if body is None:
                return ()
            self._objects_of[name] = tuple(self.objects(body))
        return self._objects_of[name]

    def _is_object(self, type_: TypeRef) -> bool:
        match without_null(type_):
            case Reference(name) if name in self._bodies:
                body = self._body(name)
                return body is not None and self._is_object(body)
            case Reference(name):
                return name not in self._named.enums
            case MapOf():
                return True
            case UnionOf(members):
                return all(map(self._is_object, members))
            case _:
                return False

    def _own(self, pointer: str, schema: dict[str, Any], kinds: list[str]) -> TypeRef:
        """Return the type that a schema's own keywords give, what it is composed of aside."""
        if "const" in schema:
            return self._constant(pointer, schema["const"])
        if schema.get("enum"):
            return self._enum(pointer, schema, kinds)
        if "enum" in schema:
            self._looser(pointer, "no value is listed, so nothing fits: any of the type is taken")
        if not kinds and (implied := _implied(schema)):
            kinds = [implied]
        if not kinds:
            return NULL if "null" in schemanodes.types(schema) else self._untyped(pointer, schema)
        type_ = union(self._of_kind(pointer, schema, kind) for kind in kinds)
        return _or_null(type_) if "null" in schemanodes.types(schema) else type_

    def _untyped(self, pointer: str, schema: dict[str, Any]) -> TypeRef:
        if "then" in schema or "else" in schema:
            self._looser(pointer, "what holds only under a condition is not typed")
        return ANY

    def _of_kind(self, pointer: str, schema: dict[str, Any], kind: str) -> TypeRef:
        match kind:
            case "string":
                return Scalar(self._text(pointer, schema))
            case "array":
                return self._array(pointer, schema)
            case "object":
                return self._object(pointer, schema)
            case "number" if schema.get("format") == "decimal":
                return self._looser(f"{pointer}/format", _NO_DECIMAL, Scalar("number"))
            case _ if kind in _SCALARS:
                return Scalar(_SCALARS[kind])
            case _:
                return self._looser(pointer, f"there is no type {kind}: anything is taken")

    def _text(self, pointer: str, schema: dict[str, Any]) -> ScalarKind:
        encoding = schema.get("contentEncoding")
        kind = schemanodes.content_kind(schema)
        if encoding is not None and kind is None and str(encoding).lower() not in _OF_TEXT_ITSELF:
            self._looser(f"{pointer}/contentEncoding", f"text in {encoding} is handed over as it is, not as bytes")
        return kind or _FORMATS.get(str(schema.get("format")), "string")

    def _array(self, pointer: str, schema: dict[str, Any]) -> TypeRef:
        keyword = schemanodes.other_items(schema)
        if keyword == "items" and schema.get("unevaluatedItems", True) is not True and "items" not in schema:
            self._looser(f"{pointer}/unevaluatedItems", "not checked beside what else describes the items")
        items = schema.get(keyword, True)
        rest = None if items is False else ANY if items is True else self.at(f"{pointer}/{keyword}")
        if prefix := self._schemas.mapping(pointer).get("prefixItems"):
            return TupleOf(tuple(self.at(f"{pointer}/prefixItems/{index}") for index in range(len(prefix))), rest)
        return TupleOf((), None) if rest is None else ListOf(rest)

    def _object(self, pointer: str, schema: dict[str, Any]) -> TypeRef:
        if (name := self._named.families.get(pointer) or self._named.classes.get(pointer)) is not None:
            return Reference(name)
        if schema.get("properties"):
            return MapOf(ANY)
        return MapOf(self._value(pointer))

    def _value(self, pointer: str) -> TypeRef:
        """Return the type of the values of properties that are not listed."""
        schema = self._schemas.mapping(pointer)
        is_closed = listed.is_closed(self._schemas, pointer)
        places = listed.patterned(self._schemas, pointer) if is_closed else self._schemas.patterned(pointer)
        patterned = [self.at(place) for place in places]
        keyword = schemanodes.other_properties(schema)
        others = listed.others(self._schemas, pointer)
        if keyword == "unevaluatedProperties" and others is not True and listed.is_conditional(self._schemas, pointer):
            return self._looser(f"{pointer}/{keyword}", "under a condition there are other fields: anything is taken")
        if isinstance(others, dict):
            return self._of_any_name(pointer, [*patterned, self.at(f"{pointer}/{keyword}")])
        if patterned and (is_closed or any(map(_EVERY_NAME.fullmatch, schema["patternProperties"]))):
            return self._of_any_name(pointer, patterned)
        if patterned:
            self._looser(f"{pointer}/patternProperties", "other names may hold anything: so may these")
        return ANY

    def _of_any_name(self, pointer: str, types: Sequence[TypeRef]) -> TypeRef:
        """Return the type of values whose names decide which of several types each has."""
        if len(set(types)) > 1:
            self._looser(f"{pointer}/patternProperties", "any of these values is taken under any name")
        return union(types)

    def _constant(self, pointer: str, value: object) -> TypeRef:
        match value:
            case None:
                return NULL
            case str() | int() | float():
                return LiteralOf((value,))
            case list():
                return self._looser(pointer, "which array it has to be is not checked", ListOf(ANY))
            case _:
                return self._looser(pointer, _ANY_OBJECT, MapOf(ANY))

    def _enum(self, pointer: str, schema: dict[str, Any], kinds: list[str]) -> TypeRef:
        """Return the type of an enum: its class where it has one, and whatever its type says that no value is of."""
        values = [value for value in schema["enum"] if value is not None]
        if len(values) == len(schema["enum"]) and (
            "null" in schemanodes.types(schema) or schema.get("nullable") is True
        ):
            self._looser(f"{pointer}/enum", "null is not among these values: it is taken all the same")
        if not values:
            return NULL if None in schema["enum"] else ANY
        found = dict.fromkeys(map(schemanodes.type_of, values))
        named = self._named.classes.get(pointer)
        is_named = named is not None and found.keys().isdisjoint(_STRUCTURED)
        others = [kind for kind in kinds if kind not in found and (kind, *found) != ("number", "integer")]
        if others:
            self._looser(pointer, "values are not of the type that is said: both are taken")
        elif kinds and not all(_is_of(value, kinds) for value in values):
            self._looser(pointer, "not all values are of the type that is said: they are taken all the same")
        elif not (is_named or (list(found) == ["boolean"] and len(values) >= _SEVERAL)):
            self._looser(pointer, "which values there are is not checked")
        if named is None and others and {"array", "object"}.issuperset(kinds):
            found = {}
        own: list[TypeRef] = [self._of_kind(pointer, schema, kind) for kind in found]
        if named is not None:
            own = [Reference(named), *(_STRUCTURED[kind] for kind in found if kind in _STRUCTURED)]
        return union([*own, *(self._of_kind(pointer, schema, kind) for kind in others)])

    def _looser(self, pointer: str, reason: str, type_: TypeRef = ANY) -> TypeRef:
        """Note that a type says less than its schema."""
        self.entries[degraded(pointer, reason)] = None
        return type_


def _is_of(value: object, kinds: Collection[str]) -> bool:
    """Return whether a value is of one of several types; a whole number is an integer (JSON Schema 2020-12 §6.1.1)."""
    kind = schemanodes.type_of(value)
    is_whole = isinstance(value, float) and value.is_integer()
    return kind in kinds or (kind == "integer" and "number" in kinds) or (is_whole and "integer" in kinds)


def distinct(values: Iterable[JsonScalar]) -> frozenset[tuple[bool, JsonScalar]]:
    """Return values so that true and 1 differ, and 1 and 1.0 do not (JSON Schema 2020-12 §4.2.2)."""
    return frozenset((isinstance(value, bool), value) for value in values)


def _implied(schema: Mapping[str, Any]) -> str | None:
    """Return the only type that keywords of a schema speak of; None where they do not."""
    return next((kind for kind, keywords in _TELLING.items() if any(name in schema for name in keywords)), None)


def _lists_null(schema: Mapping[str, Any]) -> bool:
    """Return whether null is one of a schema's types, or of its values."""
    return "null" in schemanodes.types(schema) or None in nodes.sequence(schema.get("enum"))


def _or_null(type_: TypeRef) -> TypeRef:
    return type_ if isinstance(type_, Nullable) or type_ in {ANY, NULL} else Nullable(type_)
