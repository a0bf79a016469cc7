"""The schemas of a description as the standard has them, for those who cannot do with anything else.

Published descriptions hold ``required: true`` in a property, or nothing behind a property's colon. What validation says
of that is one thing; that the rest of the description is still good is another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

import attrs

from attrest import nodes, objects, pointers, schemanodes
from attrest.ledger import Entry, degraded
from attrest.trees import is_list, is_mapping

Schema: TypeAlias = dict[str, Any] | bool


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_limit(value: object) -> bool:
    return isinstance(value, int | float)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_type(value: object) -> bool:
    return _is_text(value) or _is_list_of_text(value)


def _is_list_of_text(value: object) -> bool:
    return is_list(value) and all(map(_is_text, value))


def _are_lists_of_text(value: object) -> bool:
    return is_mapping(value) and all(map(_is_list_of_text, value.values()))


_FIT: Final[Mapping[str, Callable[[object], bool]]] = {
    "type": _is_type,
    **dict.fromkeys(("$dynamicRef", "$recursiveRef", "$ref", "description", "format", "pattern", "title"), _is_text),
    **dict.fromkeys(("deprecated", "nullable", "readOnly", "uniqueItems", "writeOnly"), _is_flag),
    **dict.fromkeys(("maximum", "minimum", "multipleOf"), _is_number),
    **dict.fromkeys(("exclusiveMaximum", "exclusiveMinimum"), _is_limit),
    **dict.fromkeys(("maxItems", "maxLength", "maxProperties", "minItems", "minLength", "minProperties"), _is_count),
    **dict.fromkeys(("allOf", "anyOf", "enum", "oneOf", "prefixItems"), is_list),
    **dict.fromkeys(
        ("$defs", "definitions", "dependentSchemas", "discriminator", "patternProperties", "properties"), is_mapping
    ),
    "required": _is_list_of_text,
    "dependentRequired": _are_lists_of_text,
}
_SLOTS: Final[Mapping[str, objects.Shape]] = {
    name: slot.shape for name, slot in objects.slots_of("schema").items() if slot.kind == "schema"
}
_REFERENCES: Final = ("$ref", "$dynamicRef", "$recursiveRef")
_ALTERNATIVES: Final = ("oneOf", "anyOf")
_TYPING: Final = frozenset({"type", "enum", "const"})
_CONDITIONS: Final = frozenset({"required", "not", "title", "description", "$comment"})
"""Keywords of an alternative that has no form of its own."""


def fits(keyword: str, value: object) -> bool:
    """Return whether a schema's keyword can hold a value, as far as that is known."""
    return keyword not in _FIT or _FIT[keyword](value)


@attrs.frozen(eq=False)
class WellFormed:
    """Every schema of a description, without keywords that hold what they cannot.

    A schema's own schemas are in it as they are listed here. Every ``$ref`` leads to a schema of ``nodes``, and none
    of them leads back to itself but through a property, an item or another value inside.
    """

    nodes: Mapping[str, Schema]
    """By their pointers."""
    roots: tuple[str, ...]
    """The pointers of those that are in no other schema, in the order as written."""
    entries: tuple[Entry, ...]
    """What had to be mended."""

    def mapping(self, pointer: str) -> dict[str, Any]:
        """Return the schema at a pointer; an empty one where that is no object."""
        found = self.nodes.get(pointer)
        return found if isinstance(found, dict) else {}

    def target(self, pointer: str) -> str | None:
        """Return the pointer that the schema at a pointer refers to; None where it does not."""
        reference = self.mapping(pointer).get("$ref")
        return nodes.target(reference) if isinstance(reference, str) else None

    def members(self, pointer: str, *keywords: str) -> tuple[str, ...]:
        """Return the pointers of the schemas that keywords of a schema list, without those that nothing fits."""
        schema = self.mapping(pointer)
        found = (
            f"{pointer}/{keyword}/{index}"
            for keyword in keywords
            for index in range(len(nodes.sequence(schema.get(keyword))))
        )
        return tuple(member for member in found if self.nodes[member] is not False)

    def patterned(self, pointer: str) -> tuple[str, ...]:
        """Return the pointers of what a schema says of properties by patterns of their names."""
        patterns = nodes.mapping(self.mapping(pointer).get("patternProperties"))
        return tuple(pointer + pointers.join(("patternProperties", pattern)) for pattern in patterns)

    def conjuncts(self, pointer: str) -> tuple[str, ...]:
        """Return the pointers of all schemas that a schema's values have to fit, the nearest last: itself."""
        found: dict[str, None] = {}
        self._collect(pointer, found, set())
        return tuple(found)

    def _collect(self, pointer: str, found: dict[str, None], seen: set[str]) -> None:
        if pointer in seen:
            return
        seen.add(pointer)
        target = self.target(pointer)
        for part in (*([] if target is None else [target]), *self.members(pointer, "allOf")):
            self._collect(part, found, seen)
        found[pointer] = None

    def properties(self, pointer: str) -> dict[str, list[str]]:
        """Return where a schema and what it is composed of describe each property: its pointers, the nearest last."""
        found: dict[str, list[str]] = {}
        for part in self.conjuncts(pointer):
            for name in nodes.mapping(self.mapping(part).get("properties")):
                found.setdefault(name, []).append(part + pointers.join(("properties", name)))
        return found

    def whole(self, pointer: str) -> str:
        """Return the pointer of what a schema is a part of by ``allOf``, however deep; its own where it is none."""
        while (tokens := pointers.split(pointer))[-2:-1] == ("allOf",):
            pointer = pointers.join(tokens[:-2])
        return pointer

    def own_parts(self, pointer: str) -> tuple[str, ...]:
        """Return the pointers of the parts that stand in a schema by ``allOf``, however deep, and of itself."""
        return tuple(part for part in self.conjuncts(pointer) if self.whole(part) == self.whole(pointer))

    def alternatives(self, pointer: str) -> tuple[tuple[str, str], ...]:
        """Return where a schema and what it is composed of list alternatives: the pointer of the part, the keyword."""
        return tuple(
            (part, keyword)
            for part in self.conjuncts(pointer)
            for keyword in _ALTERNATIVES
            if self.members(part, keyword)
        )

    def listed_alternatives(self, pointer: str) -> tuple[tuple[str, ...], ...]:
        """Return the pointers of the alternatives that a schema and what it is composed of list, list by list."""
        return tuple(self.members(*alternatives) for alternatives in self.alternatives(pointer))

    def parts_beside(self, pointer: str) -> tuple[str, ...]:
        """Return the pointers of the schemas that a schema's values have to fit too, where it stands in ``allOf``.

        A property's have to fit what other parts of its owner say of it.
        """
        parts = [whole := self.whole(pointer)]
        tokens = pointers.split(whole)
        if tokens[-2:-1] == ("properties",):
            parts += self.properties(self.whole(pointers.join(tokens[:-2]))).get(tokens[-1], ())
        found = dict.fromkeys(each for part in parts for each in self.conjuncts(part))
        return tuple(each for each in found if each != pointer)

    def is_typed(self, pointer: str) -> bool:
        """Return whether a schema, something that it is composed of, or what it is a part of says its type."""
        tokens = pointers.split(self.whole(pointer))
        if any(map(self._says_type, (*self.conjuncts(pointer), *self.parts_beside(pointer)))):
            return True
        return any(keyword in tokens[-2:-1] for keyword in _ALTERNATIVES) and self.is_typed(pointers.join(tokens[:-2]))

    def _says_type(self, pointer: str) -> bool:
        """Return whether a schema itself, or each of its alternatives, says its type."""
        unions = (self.members(pointer, keyword) for keyword in _ALTERNATIVES)
        return not _TYPING.isdisjoint(self.mapping(pointer)) or any(
            members and all(any(map(self._says_type, self.conjuncts(member))) for member in members)
            for members in unions
        )

    def required(self, pointer: str) -> frozenset[str]:
        """Return the names of the properties that a schema, or something that it is composed of, requires."""
        parts = map(self.mapping, self.conjuncts(pointer))
        return frozenset(name for part in parts for name in nodes.sequence(part.get("required")))


def wellformed(tree: dict[str, Any]) -> WellFormed:
    """Return the schemas of a gathered description, put right. The tree itself is left as it is.

    What stands where a schema should, and is none, takes anything; a reference to a parameter means the parameter's
    schema; a schema that is composed of itself is composed of the rest.
    """
    copier = _Copier(tree)
    copier.copy()
    schemas = WellFormed(copier.nodes, tuple(copier.roots), ())
    entries = [*copier.entries]
    for pointer in schemas.nodes:
        entries += _without_conditions(schemas, pointer)
        entries += _impossible(schemas, pointer)
    for pointer in schemas.nodes:
        _settle_base_class(schemas, pointer)
    entries += _without_circles(copier.nodes, schemas)
    return attrs.evolve(schemas, entries=tuple(entries))


class _Copier:
    """Copies the schemas, and mends them on the way."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self._tree = tree
        placed = tuple(objects.walk(tree))
        self._kinds: dict[str, objects.Kind] = {each.pointer: each.kind for each in placed}
        self._written = {each.pointer: each.node for each in placed if each.kind == "schema"}
        self._anchors = {
            name: pointer
            for pointer, node in self._written.items()
            for keyword in ("$dynamicAnchor", "$anchor")
            if isinstance(name := nodes.mapping(node).get(keyword), str)
        }
        self._targets: list[str] = []
        self.nodes: dict[str, Schema] = {}
        self.roots: list[str] = []
        self.entries: list[Entry] = []

    def copy(self) -> None:
        """Copy every schema, and whatever else a schema refers to."""
        for pointer, node in self._written.items():
            self._add_root(pointer, node)
        while self._targets:
            target = self._targets.pop()
            self._add_root(target, nodes.find(self._tree, target))

    def _add_root(self, pointer: str, node: object) -> None:
        if pointer not in self.nodes:
            self.roots.append(pointer)
            self._copied(pointer, node)

    def _copied(self, pointer: str, node: object) -> Schema:
        """Return a schema as it should be, and list it and all that are in it."""
        if isinstance(node, bool):
            self.nodes[pointer] = node
            return node
        schema: dict[str, Any] = {}
        self.nodes[pointer] = schema
        if not is_mapping(node):
            self.entries.append(degraded(pointer, "this is no schema: anything is taken"))
            return schema
        for name, value in node.items():
            if not fits(name, value):
                self.entries.append(degraded(pointer + pointers.join([name]), "this is not what belongs here"))
            elif name not in _REFERENCES:
                schema[name] = self._value(pointer + pointers.join([name]), _SLOTS.get(name), value)
        if reference := self._reference(pointer, node):
            self._note_beside_reference(pointer, schema, nodes.mapping(nodes.find(self._tree, nodes.target(reference))))
            schema["$ref"] = reference
        return schema

    def _note_beside_reference(self, pointer: str, beside: Mapping[str, Any], target: Mapping[str, Any]) -> None:
        """Note what OpenAPI 3.0 has tools ignore (§4.7.23), though whoever writes it means it; no mere repetition."""
        if not str(self._tree.get("openapi")).startswith("3.0"):
            return
        for name, value in beside.items():
            is_repeated = name in target and target[name] == value
            if not is_repeated and (name == "nullable" or not schemanodes.is_remark({name: value})):
                self.entries.append(degraded(pointer + pointers.join([name]), "counts beside a reference, as in 3.1"))

    def _value(self, pointer: str, shape: objects.Shape | None, value: object) -> object:
        if shape is None:
            return value
        if shape == "list" and is_list(value):
            return [self._copied(f"{pointer}/{index}", item) for index, item in enumerate(value)]
        if shape == "map" and is_mapping(value):
            return {key: self._copied(pointer + pointers.join([key]), item) for key, item in value.items()}
        return self._copied(pointer, value)

    def _reference(self, pointer: str, node: Mapping[str, Any]) -> str | None:
        """Return a schema's reference, to the schema of its target where that is none itself."""
        written = next((text for name in _REFERENCES if isinstance(text := node.get(name), str)), None)
        if written is None:
            return None
        target = self.roots[-1] if written == "#" else self._target(pointers.parse_reference(written))
        if target is None or nodes.find(self._tree, target) is pointers.MISSING:
            self.entries.append(degraded(pointer, f"{written} leads to no schema: anything is taken"))
            return None
        self._targets.append(target)
        return pointers.as_fragment(target)

    def _target(self, reference: pointers.Reference) -> str | None:
        if reference.file or reference.is_remote:
            return None
        if not reference.is_pointer:
            return self._anchors.get(reference.fragment)
        if self._kinds.get(reference.fragment, "schema") == "schema":
            return reference.fragment
        return nodes.follow(self._tree, reference.fragment)[0] + "/schema"


def _without_conditions(schemas: WellFormed, pointer: str) -> Iterator[Entry]:
    """Leave out alternatives that say only which properties go together, which nothing checks."""
    schema = schemas.mapping(pointer)
    for keyword in _ALTERNATIVES:
        listed = nodes.sequence(schema.get(keyword))
        if listed and all(is_mapping(each) and each and each.keys() <= _CONDITIONS for each in listed):
            del schema[keyword]
            yield degraded(f"{pointer}/{keyword}", "which properties go together is not checked")


def _impossible(schemas: WellFormed, pointer: str) -> Iterator[Entry]:
    """Tell which parts of a schema nothing fits, so that nothing would fit the whole: ``members`` leaves them out."""
    for index, part in enumerate(nodes.sequence(schemas.mapping(pointer).get("allOf"))):
        if part is False:
            yield degraded(f"{pointer}/allOf/{index}", "nothing fits this schema: it is left out")


def _settle_base_class(schemas: WellFormed, pointer: str) -> None:
    """Take one direction of a schema that lists those which extend it.

    A base class with properties of its own is told from its children by its discriminator; one that has none is the
    union of its children, which gain nothing from it.
    """
    schema = schemas.mapping(pointer)
    for member in schemas.members(pointer, *_ALTERNATIVES):
        child = schemas.target(member)
        if child is None or child == pointer or pointer not in schemas.conjuncts(child):
            continue
        if "properties" in schema or "allOf" in schema:
            for keyword in _ALTERNATIVES:
                schema.pop(keyword, None)
            return
        for part in schemas.conjuncts(child):
            if schemas.target(part) == pointer:
                del schemas.mapping(part)["$ref"]


def _without_circles(listed: dict[str, Schema], schemas: WellFormed) -> Iterator[Entry]:
    """Leave out references by which a schema is composed of itself: they say nothing (JSON Schema 2020-12 §9.4.1)."""
    done: set[str] = set()
    for start in tuple(listed):
        path: dict[str, None] = {}
        waiting = [(start, False)]
        while waiting:
            pointer, is_left = waiting.pop()
            if is_left:
                del path[pointer]
                done.add(pointer)
            elif pointer not in done:
                path[pointer] = None
                waiting.append((pointer, True))
                target = schemas.target(pointer)
                if target in path:
                    yield degraded(pointer, "this leads back to itself: it is left out")
                    _leave_out(listed, pointer)
                elif target is not None:
                    waiting.append((target, False))
                waiting += [(member, False) for member in schemas.members(pointer, "allOf", *_ALTERNATIVES)]


def _leave_out(listed: dict[str, Schema], pointer: str) -> None:
    """Take the reference out of a schema; of several alternatives, the one that only refers."""
    schema = nodes.mapping(listed[pointer])
    holder, keyword, index = pointers.split(pointer)[:-2], *pointers.split(pointer)[-2:]
    alternatives = nodes.mapping(listed.get(pointers.join(holder))).get(keyword)
    if keyword in _ALTERNATIVES and is_list(alternatives) and set(schema) == {"$ref"}:
        alternatives[int(index)] = listed[pointer] = False
    elif isinstance(schema, dict):
        del schema["$ref"]
