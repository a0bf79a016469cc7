"""What schemas that are composed of others say, and the types that they come to do not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

import attrs

from attrest import nodes
from attrest.inferring.shapes import Shapes
from attrest.ledger import Entry, degraded
from attrest.typerefs import ANY, MapOf, Reference, TypeRef
from attrest.wellformed import WellFormed

_COMPOSING: Final = frozenset({"$ref", "allOf", "anyOf", "oneOf"})
_OF_OTHER_FIELDS: Final = ("additionalProperties", "patternProperties", "unevaluatedProperties")
_NO_CLASS: Final = "no class could be made of these properties: they are keys of a mapping"
_RELEVANT: Final = frozenset({*_COMPOSING, "properties", "required"})
_NOT_TOGETHER: Final = "not typed with what else stands here: these fields are kept as they come"


@attrs.frozen(kw_only=True)
class ClassFields:
    """The fields of a class."""

    pointer: str
    """The schema of the class."""
    described: Collection[str]
    """Their wire names."""
    required: Collection[str]
    """The wire names of those that are required."""


class Composed:
    """Tells what types leave out of the schemas that they are of."""

    def __init__(
        self, schemas: WellFormed, shapes: Shapes, classes: Mapping[str, ClassFields], typed: Collection[str]
    ) -> None:
        """Get to know the schemas.

        Args:
            schemas: The schemas.
            shapes: Their types.
            classes: The fields of the classes, by the names that types refer to them by.
            typed: The pointers of the schemas that are classes.
        """
        self._schemas = schemas
        self._shapes = shapes
        self._classes = classes
        self._typed = typed

    def entries(self, pointer: str) -> Iterator[Entry]:
        """Return what the type of a schema leaves out; of a schema that is a part of another, that one tells."""
        if self._schemas.whole(pointer) != pointer or _RELEVANT.isdisjoint(self._schemas.mapping(pointer)):
            return
        objects = tuple(self._shapes.objects(self._shapes.at(pointer)))
        yield from self._alternatives(pointer, objects)
        if pointer not in self._typed:
            yield from self._required(pointer, objects)
            yield from self._properties(pointer, objects)
            yield from self._other_fields(pointer, objects)

    def _named(self, objects: Collection[TypeRef]) -> list[ClassFields]:
        names = (each.name for each in objects if isinstance(each, Reference))
        return [self._classes[name] for name in names if name in self._classes]

    def _alternatives(self, pointer: str, objects: Collection[TypeRef]) -> Iterator[Entry]:
        """Tell which alternatives have fields that no class of a type has."""
        known = {name for each in self._named(objects) for name in each.described}
        for part in self._schemas.own_parts(pointer):
            target = self._schemas.target(part)
            referred = () if target is None else self._schemas.alternatives(target)
            own = [each for each in self._schemas.alternatives(part) if each[0] == part]
            places = [(f"{part}/{keyword}", part, keyword) for _, keyword in own]
            places += [(f"{part}/$ref", holder, keyword) for holder, keyword in referred]
            for place, *alternatives in places:
                members = self._schemas.members(*alternatives)
                if not known.issuperset(name for member in members for name in self._schemas.properties(member)):
                    yield degraded(place, "the alternatives are not typed here: their fields are kept as they come")

    def _required(self, pointer: str, objects: Collection[TypeRef]) -> Iterator[Entry]:
        """Tell which parts require properties that a value of a type may lack."""
        if not objects and self._shapes.expanded(pointer) != ANY:
            return
        named = self._named(objects)
        for part in self._schemas.own_parts(pointer):
            required = set(nodes.sequence(self._schemas.mapping(part).get("required")))
            if any(isinstance(each, MapOf) for each in objects) and required:
                yield degraded(f"{part}/required", "which names a mapping has is not checked")
            elif not all(required.issubset(each.required) for each in named) or (required and not named):
                yield degraded(f"{part}/required", _not_required(required, named))

    def _properties(self, pointer: str, objects: Collection[TypeRef]) -> Iterator[Entry]:
        """Tell which parts describe properties that a class of a type does not have."""
        named = self._named(objects)
        own_parts = self._schemas.own_parts(pointer)
        is_mapping = any(isinstance(each, MapOf) for each in objects) and not named
        if is_mapping and any(self._schemas.mapping(part).get("properties") for part in own_parts):
            yield degraded(pointer, _NO_CLASS)
        for part in own_parts:
            target = self._schemas.target(part)
            own = nodes.mapping(self._schemas.mapping(part).get("properties"))
            referred = {} if target is None else self._schemas.properties(target)
            for keyword, names in (("properties", own), ("$ref", referred)):
                if not all(set(names).issubset(each.described) for each in named):
                    yield degraded(f"{part}/{keyword}", _NOT_TOGETHER)

    def _other_fields(self, pointer: str, objects: Collection[TypeRef]) -> Iterator[Entry]:
        """Tell which parts say something of other fields, which classes that stand on their own do not know."""
        named = self._named(objects)
        if not named or _COMPOSING.isdisjoint(self._schemas.mapping(pointer)):
            return
        is_closed = all(self._shapes.additional(each.pointer) is None for each in named)
        for part in self._schemas.own_parts(pointer):
            schema = self._schemas.mapping(part)
            for keyword in _OF_OTHER_FIELDS:
                said = schema.get(keyword, True)
                if said not in (True, {}) and not (said is False and is_closed):
                    yield degraded(f"{part}/{keyword}", "not checked beside what else this is composed of")


def _not_required(required: Collection[str], classes: Collection[ClassFields]) -> str:
    if len(classes) > 1:
        return "not checked for variants that do not require it themselves"
    if classes and all(set(required).issubset(each.described) for each in classes):
        return "not checked where this stands beside what it is composed of"
    return "not checked for properties that are not described"
