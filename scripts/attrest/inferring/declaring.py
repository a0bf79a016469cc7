"""From schemas, and what the parser makes of them, to declarations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import attrs

from attrest import names, nodes, placenames, schemanodes
from attrest.bounds import FREE
from attrest.document import Document
from attrest.inferring.composing import ClassFields, Composed
from attrest.inferring.exclusive import Exclusive
from attrest.inferring.families import Families, Tags, announced
from attrest.inferring.graph import Graph, GraphField
from attrest.inferring.limits import Limits
from attrest.inferring.otherfields import OtherFields
from attrest.inferring.shapes import Named, Shapes, distinct
from attrest.ir import ABSENT, Alias, Declaration, Enum, EnumMember, Field, Model
from attrest.ledger import Entry, degraded, exact
from attrest.schemas import Schemas
from attrest.typerefs import JsonScalar, LiteralOf, Nullable, Reference, TypeRef, UnionOf, union
from attrest.wellformed import WellFormed


def declare(
    document: Document, schemas: WellFormed, graph: Graph, places: Collection[str], failures: Mapping[str, Entry]
) -> Schemas:
    """Turn schemas into declarations and types.

    Args:
        document: The description, for the places of what is in it.
        schemas: Its schemas.
        graph: Which of them are classes.
        places: The pointers of the schemas that values are described by.
        failures: Pointer -> what is said of a schema that the parser could not read.
    """
    return _Declaring(document, schemas, graph, places, failures).schemas()


@attrs.frozen(kw_only=True, order=True)
class _Wish:
    """A declaration that wants a name; of those that want the same one, the least has it."""

    is_inexact: bool
    is_inline: bool
    is_class: bool
    is_model: bool
    is_respelled: bool
    """Whether it is named after something that is not called as it is spelled."""
    pointer: str
    key: str
    """The key of a class; of anything else, its pointer."""


class _Declaring:
    def __init__(
        self,
        document: Document,
        schemas: WellFormed,
        graph: Graph,
        places: Collection[str],
        failures: Mapping[str, Entry],
    ) -> None:
        self._document = document
        self._schemas = schemas
        self._graph = graph
        self._places = places
        self._failures = failures
        self._entries: dict[str, Entry] = {}
        enums = {pointer: schemanodes.enum_members(schemas.mapping(pointer)) for pointer in places}
        self._enums = {pointer: members for pointer, members in enums.items() if members}
        self._enums |= dict(self._shared_members())
        self._note_labels()
        self._merged = self._merged_unions()
        self._classes = self._sole_classes()
        self._families = Families(schemas, self._classes.keys())
        self._names = self._given_names()
        self._taken = frozenset(self._names.values())
        self._shapes = Shapes(schemas, self._named(), self._families)
        self._limits = Limits(schemas, self._shapes, {*self._classes, *self._merged, *self._enums}, self._enums.keys())
        self._other_fields = OtherFields(schemas, self._shapes, self._limits)
        self._spoken_of: dict[Entry, None] = {}
        self._single: dict[TypeRef, JsonScalar] = {
            Reference(self._names[pointer]): members[0].value
            for pointer, members in self._enums.items()
            if len(members) == 1
        }
        self._announced = announced(self._tags())

    def schemas(self) -> Schemas:
        """Return everything."""
        declarations = sorted(self._declarations(), key=lambda each: each.name)
        described = [place for place in self._places if not self._shapes.is_merged_elsewhere(place)]
        types = {pointer: self._shapes.at(pointer) for pointer in (*self._schemas.roots, *described)}
        limits = {pointer: self._limits.at(pointer) for pointer in types}
        composed = self._composed()
        asked = dict.fromkeys((*types, *self._shapes.asked))
        return Schemas(
            declarations=tuple(declarations),
            types=types,
            constraints={pointer: each for pointer, each in limits.items() if each != FREE},
            entries=self._told(entry for pointer in asked for entry in composed.entries(pointer)),
        )

    def _composed(self) -> Composed:
        classes = {
            self._names[key]: self._class_fields(key, each.pointer)
            for key, each in self._graph.classes.items()
            if key in self._names
        }
        families = {
            self._names[_family(base)]: classes[self._names[self._classes[base]]] for base in self._families.bases
        }
        return Composed(self._schemas, self._shapes, classes | families, self._classes.keys())

    def _class_fields(self, key: str, pointer: str) -> ClassFields:
        fields = self._graph.fields(key)
        described = {name for name, field in fields.items() if field.pointer is not None}
        described |= self._schemas.properties(pointer).keys()
        return ClassFields(pointer=pointer, described=described, required=described & self._required(pointer, fields))

    def _required(self, pointer: str, merged: Mapping[str, GraphField]) -> frozenset[str]:
        return self._schemas.required(pointer).union(name for name, field in merged.items() if field.required)

    def _told(self, composed: Iterable[Entry]) -> tuple[Entry, ...]:
        """Return what is said of schemas, sorted by pointer; of one that could not be read nothing but that."""
        settled = (*self._entries.values(), *self._families.entries.values())
        composed_entries = (*composed, *self._spoken_of, *Exclusive(self._schemas, self._shapes).entries())
        entries = (*settled, *composed_entries, *self._shapes.entries, *self._limits.entries, *self._schemas.entries)
        others = (entry for entry in dict.fromkeys(entries) if entry.pointer not in self._failures)
        return tuple(sorted((*self._failures.values(), *others), key=lambda entry: entry.pointer))

    def _sole_classes(self) -> dict[str, str]:
        """Return pointer -> key of the classes that their schemas are, as they stand.

        Of several it is the fullest; of those, the one that the schema comes to where it is listed.
        """
        listed = {
            key
            for pointer, members in self._merged.items()
            for key in members
            if self._graph.classes[key].pointer.startswith(f"{pointer}/")
        }
        found: dict[str, tuple[tuple[int, bool], str]] = {}
        for key, each in self._graph.classes.items():
            fields = self._graph.fields(key).keys()
            is_alone = each.pointer not in self._merged and each.pointer not in self._enums and not each.is_copy
            foreign = len(fields - self._schemas.properties(each.pointer).keys())
            rank = -foreign if foreign else len(fields), key in listed
            if is_alone and (each.pointer not in found or rank > found[each.pointer][0]):
                found[each.pointer] = rank, key
        return {pointer: key for pointer, (_, key) in found.items()}

    def _shared_members(self) -> Iterator[tuple[str, tuple[EnumMember, ...]]]:
        """Return the members of those enums that have values which other parts of the same composition do not list."""
        for pointer, members in self._enums.items():
            others = [self._enums[part] for part in self._schemas.parts_beside(pointer) if part in self._enums]
            allowed = [_values(other) for other in others]
            shared = tuple(member for member in members if all(_values([member]) <= values for values in allowed))
            if shared and shared != members:
                yield pointer, shared

    def _note_labels(self) -> None:
        """Note what is wrong with the names that the description gives to values, and with what it says of them."""
        for pointer in self._places:
            for keyword, reason in schemanodes.label_flaws(self._schemas.mapping(pointer)):
                self._entries[f"{pointer}/{keyword}"] = degraded(f"{pointer}/{keyword}", reason)

    def _merged_unions(self) -> dict[str, tuple[str, ...]]:
        """Return the members of those schemas that come to one of several classes that the parser merged."""
        classes = {each.pointer for each in self._graph.classes.values()}
        return {
            pointer: union.members
            for pointer, union in self._graph.unions.items()
            if not union.is_open
            and len(union.members) >= self._alternatives_of_objects(pointer)
            and (pointer in classes or self._has_parts_beside_alternatives(pointer))
        }

    def _has_parts_beside_alternatives(self, pointer: str) -> bool:
        """Return whether each of several alternatives has properties that stand beside them."""
        schema = self._schemas.mapping(pointer)
        if not {"oneOf", "anyOf"}.isdisjoint(schema):
            return not {"$ref", "allOf", "properties"}.isdisjoint(schema)
        is_composed = "allOf" in schema and schemanodes.wrapped(schema) is None
        return is_composed and bool(self._schemas.alternatives(pointer))

    def _alternatives_of_objects(self, pointer: str) -> int:
        """Return how many of a schema's alternatives may take objects."""
        listed = self._schemas.listed_alternatives(pointer)
        return max((sum(map(self._may_be_object, members)) for members in listed), default=0)

    def _may_be_object(self, pointer: str) -> bool:
        parts = map(self._schemas.mapping, self._schemas.conjuncts(pointer))
        return all("object" in (schemanodes.types(part) or ("object",)) for part in parts)

    def _given_names(self) -> dict[str, str]:
        """Return the name of every declaration: by key for models, by pointer for all else."""
        wishes = [self._wish(pointer, key) for pointer, key in self._classes.items()]
        wishes += [self._wish(pointer, pointer) for pointer in self._enums]
        wishes += [
            self._wish(pointer, pointer)
            for pointer in self._schemas.roots
            if schemanodes.component_name(pointer) is not None
            and pointer not in self._classes
            and pointer not in self._enums
        ]
        given = names.Namespace()
        found = {wish.key: given.take(self._wanted(wish.pointer)) for wish in sorted(wishes)}
        for pointer, members in sorted(self._merged.items()):
            for index, key in enumerate(members, 1):
                if key not in found:
                    found[key] = given.take(f"{self._wanted(pointer)}Variant{index}")
        for pointer in self._families.bases:
            found[_family(pointer)] = given.take(f"Any{found[self._classes[pointer]]}")
        return found

    def _wanted(self, pointer: str) -> str:
        return placenames.schema_name(self._document.tree, pointer)

    def _wish(self, pointer: str, key: str) -> _Wish:
        name = schemanodes.component_name(pointer)
        is_model = key in self._graph.classes
        return _Wish(
            is_inexact=name is None or names.class_name(name) != name,
            is_inline=name is None,
            is_class=is_model or pointer in self._enums,
            is_model=is_model,
            is_respelled=placenames.is_in_respelled(self._document.tree, pointer),
            pointer=pointer,
            key=key,
        )

    def _named(self) -> Named:
        models = {pointer: self._names[key] for pointer, key in self._classes.items()}
        enums = {pointer: self._names[pointer] for pointer in self._enums}
        return Named(
            classes=models | enums,
            enums={name: _values(self._enums[pointer]) for pointer, name in enums.items()},
            aliases={
                pointer: self._names[pointer]
                for pointer in self._schemas.roots
                if pointer in self._names and pointer not in enums
            },
            families={pointer: self._names[_family(pointer)] for pointer in self._families.bases},
            merged={pointer: self._merged_type(pointer, members) for pointer, members in self._merged.items()},
        )

    def _merged_type(self, pointer: str, members: Iterable[str]) -> TypeRef:
        type_ = union((Reference(self._names[key]) for key in members), is_open=True)
        return Nullable(type_) if self._takes_null(pointer) else type_

    def _takes_null(self, pointer: str) -> bool:
        """Return whether null is among the alternatives of a schema, and nothing beside them excludes it."""
        listed = self._schemas.listed_alternatives(pointer)
        said = (schemanodes.types(self._schemas.mapping(part)) for part in self._schemas.conjuncts(pointer))
        has_null = (any(self._schemas.mapping(each).get("type") == "null" for each in members) for members in listed)
        return bool(listed) and all(has_null) and all("null" in (types or ("null",)) for types in said)

    def _tags(self) -> Iterator[Tags]:
        yield from self._families.bases.values()
        for pointer in self._places:
            if "discriminator" in self._schemas.mapping(pointer) and (tags := self._families.union(pointer)):
                yield tags

    def _declarations(self) -> Iterator[Declaration]:
        for key, each in self._graph.classes.items():
            if key in self._names:
                yield self._model(self._names[key], each.pointer, self._graph.fields(key))
        for pointer, name in self._names.items():
            if pointer in self._enums:
                yield self._enum(name, pointer)
            elif pointer in self._schemas.nodes:
                yield self._alias(name, pointer)
        for pointer in self._families.bases:
            yield self._family(self._names[_family(pointer)], pointer)

    def _common(self, name: str, pointer: str) -> dict[str, Any]:
        schema = self._schemas.mapping(pointer)
        return {
            "name": name,
            "module": names.module(name),
            "pointer": pointer,
            "location": self._document.display(pointer),
            "description": schemanodes.description(schema),
            "deprecated": schema.get("deprecated") is True,
        }

    def _enum(self, name: str, pointer: str) -> Enum:
        members = self._enums[pointer]
        return Enum(**self._common(name, pointer), base=schemanodes.enum_base(members), members=members)

    def _alias(self, name: str, pointer: str) -> Alias:
        return Alias(
            **self._common(name, pointer),
            type=self._shapes.expanded(pointer),
            constraints=self._limits.at(pointer),
            example=schemanodes.example(self._schemas.mapping(pointer)),
        )

    def _family(self, name: str, pointer: str) -> Alias:
        """Return the alias of a class and all that extend it."""
        base = Reference(self._names[self._classes[pointer]])
        discriminator = self._shapes.tagged(self._families.bases[pointer], {})
        default = base if discriminator.otherwise is None else discriminator.otherwise
        members = dict.fromkeys([*(variant.type for variant in discriminator.variants), base, default])
        alias = Alias(**self._common(name, pointer), type=UnionOf(tuple(members), discriminator))
        return attrs.evolve(alias, pointer=f"{pointer}/discriminator")

    def _model(self, name: str, pointer: str, merged: Mapping[str, GraphField]) -> Model:
        parts = self._schemas.properties(pointer)
        for wire_name, field in merged.items():
            if wire_name not in parts and field.pointer is not None:
                parts[wire_name] = [field.pointer]
        required = self._required(pointer, merged)
        self._note_required(pointer, parts)
        attributes = names.attributes(parts, names.FIELD_RESERVED, self._taken)
        fields = {
            wire_name: self._field(attribute, wire_name, parts[wire_name], pointer, is_required=wire_name in required)
            for wire_name, attribute in attributes.items()
        }
        self._spoken_of |= dict.fromkeys(self._other_fields.entries(pointer, fields))
        return Model(
            **self._common(name, pointer),
            fields=tuple(self._requiring(pointer, fields)),
            additional=self._shapes.additional(pointer),
            constraints=self._limits.of_class(pointer),
            example=schemanodes.example(self._schemas.mapping(pointer)),
        )

    def _note_required(self, pointer: str, described: Collection[str]) -> None:
        """Note which parts of a model require properties that it does not describe, and so has no fields for."""
        for part in self._schemas.conjuncts(pointer):
            required = nodes.sequence(self._schemas.mapping(part).get("required"))
            if not set(required).issubset(described):
                place = f"{part}/required"
                self._entries[place] = degraded(place, "not checked for properties that are not described")

    def _requiring(self, pointer: str, fields: Mapping[str, Field]) -> Iterator[Field]:
        """Give the fields of a model, each with those that it requires.

        Args:
            pointer: The model's.
            fields: Its fields, by wire name.
        """
        required: dict[str, dict[str, None]] = {name: {} for name in fields}
        for part in self._schemas.conjuncts(pointer):
            dependent = nodes.mapping(self._schemas.mapping(part).get("dependentRequired"))
            named = {*dependent, *(name for each in dependent.values() for name in nodes.sequence(each))}
            place = f"{part}/dependentRequired"
            if not named <= fields.keys():
                self._entries[place] = degraded(place, "not checked for properties that are not described")
            elif dependent:
                self._entries.setdefault(place, exact(place))
            for name in dependent.keys() & fields.keys():
                required[name] |= dict.fromkeys(nodes.sequence(dependent[name]))
        for name, field in fields.items():
            others = [fields[each] for each in required[name] if each in fields]
            yield attrs.evolve(field, requires=tuple(each.name for each in others if not each.read_only))

    def _field(self, name: str, wire_name: str, parts: list[str], owner: str, *, is_required: bool) -> Field:
        schema = self._schemas.mapping(parts[-1])
        type_ = self._shapes.property(parts)
        all_parts = [self._schemas.mapping(each) for part in parts for each in self._schemas.conjuncts(part)]
        tag = self._announced.get(owner, {}).get(wire_name)
        if isinstance(tag, str) and owner not in self._families.bases and self._is_only_value(type_, tag):
            type_ = LiteralOf((tag,))
        return Field(
            name=name,
            wire_name=wire_name,
            type=type_,
            required=is_required,
            description=schemanodes.description_of_value(schema),
            example=schemanodes.example(schema),
            default=schema.get("default", ABSENT),
            announces=None if isinstance(type_, LiteralOf) else tag,
            constraints=self._limits.of_property(parts),
            read_only=any(part.get("readOnly") is True for part in all_parts),
            write_only=any(part.get("writeOnly") is True for part in all_parts),
            deprecated=schema.get("deprecated") is True,
            pointer=parts[-1],
        )

    def _is_only_value(self, type_: TypeRef, value: str) -> bool:
        """Return whether a type is an enum of one value."""
        return type_ in self._single and self._single[type_] == value


def _values(members: Iterable[EnumMember]) -> frozenset[tuple[bool, JsonScalar]]:
    return distinct(member.value for member in members)


def _family(pointer: str) -> str:
    return f"family of {pointer}"
