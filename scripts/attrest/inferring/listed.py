"""Which properties schemas of objects list, and whether they forbid others (JSON Schema 2020-12 §10.3.2 and §11.3)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from attrest import ecmascript, nodes, pointers, schemanodes
from attrest.wellformed import Schema, WellFormed

_CONDITIONS: Final = frozenset({"if", "then", "else", "dependentSchemas"})


def is_conditional(schemas: WellFormed, pointer: str) -> bool:
    """Return whether a schema, or what it is composed of, may describe fields that are there under a condition."""
    return any(not _CONDITIONS.isdisjoint(schemas.mapping(part)) for part in schemas.conjuncts(pointer))


def listing(schemas: WellFormed, pointer: str) -> tuple[str, ...]:
    """Return the pointers of the schemas that list what is no other property to a schema.

    That is the schema alone for ``additionalProperties``, and all that it is composed of for ``unevaluatedProperties``.
    """
    keyword = schemanodes.other_properties(schemas.mapping(pointer))
    return (pointer,) if keyword == "additionalProperties" else schemas.conjuncts(pointer)


def patterned(schemas: WellFormed, pointer: str) -> tuple[str, ...]:
    """Return the pointers of what is said of properties that are listed for a schema by patterns of their names."""
    return tuple(place for part in listing(schemas, pointer) for place in schemas.patterned(part))


def others(schemas: WellFormed, pointer: str) -> Schema:
    """Return what a schema by itself says of the properties that are not listed for it; true where that is nothing.

    Where something that it is composed of speaks of all properties, none is left for ``unevaluatedProperties``.
    """
    schema = schemas.mapping(pointer)
    parts = (schemas.mapping(part) for part in listing(schemas, pointer) if part != pointer)
    if any(part.get(schemanodes.other_properties(part), False) is not False for part in parts):
        return True
    said: Schema = schema.get(schemanodes.other_properties(schema), True)
    return said


def is_closed(schemas: WellFormed, pointer: str) -> bool:
    """Return whether a schema by itself forbids the properties that are not listed for it."""
    is_said = "additionalProperties" in schemas.mapping(pointer)
    return others(schemas, pointer) is False and (is_said or not is_conditional(schemas, pointer))


def spoken_of(schemas: WellFormed, pointer: str, names: Collection[str]) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Give what a schema by itself says of properties, but for those that it lists by name.

    Args:
        schemas: The schemas.
        pointer: The schema.
        names: The names of all properties.

    Returns:
        The keyword, the pointer of what is said, and the names of those that it is said of, if there are any.
    """
    for place in schemas.patterned(pointer):
        if found := frozenset(name for name in names if _matches(place, name)):
            yield "patternProperties", place, found
    keyword = schemanodes.other_properties(schemas.mapping(pointer))
    patterns = patterned(schemas, pointer)
    known = {name for part in listing(schemas, pointer) for name in _named(schemas, part)}
    unlisted = (name for name in names if name not in known)
    if others(schemas, pointer) is not True and (
        found := frozenset(name for name in unlisted if not any(_matches(place, name) for place in patterns))
    ):
        yield keyword, f"{pointer}/{keyword}", found


def _named(schemas: WellFormed, pointer: str) -> Collection[str]:
    return nodes.mapping(schemas.mapping(pointer).get("properties"))


def _matches(place: str, name: str) -> bool:
    """Return whether a name fits the pattern at a pointer; not where Python has no such pattern."""
    pattern = ecmascript.translated(pointers.split(place)[-1])
    return pattern is not None and re.search(pattern, name) is not None
