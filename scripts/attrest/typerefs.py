"""How the intermediate representation spells a type: a small tree of frozen values.

A type reference says what a value *is* on the wire and in Python, and never how it is rendered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal, TypeAlias

import attrs

ScalarKind: TypeAlias = Literal[
    "any",
    "null",
    "string",
    "integer",
    "number",
    "boolean",
    "date-time",
    "date",
    "time",
    "duration",
    "uuid",
    "decimal",
    "base64",
    "base64url",
    "file",
]
"""What a scalar is; ``base64`` and ``base64url`` are text that carries bytes, ``file`` a body or part of raw bytes."""

JsonScalar: TypeAlias = str | int | float | bool | None


@attrs.frozen
class Scalar:
    """One value without structure."""

    kind: ScalarKind


@attrs.frozen
class Reference:
    """A model, enum or alias of the same Api, by its class name."""

    name: str


@attrs.frozen
class ListOf:
    """A JSON array whose items all have one type."""

    item: TypeRef


@attrs.frozen
class MapOf:
    """A JSON object whose values all have one type."""

    value: TypeRef


@attrs.frozen
class TupleOf:
    """A JSON array with a type per position (``prefixItems``); ``rest`` types what follows, None forbids it."""

    items: tuple[TypeRef, ...]
    rest: TypeRef | None

    @property
    def item(self) -> TypeRef:
        """What an item is, wherever it stands."""
        listed = (*self.items, *(() if self.rest is None else (self.rest,)))
        return union(listed) if listed else ANY


@attrs.frozen
class LiteralOf:
    """Exactly one of these values (``const``)."""

    values: tuple[JsonScalar, ...]


@attrs.frozen
class Nullable:
    """The inner type, or null."""

    inner: TypeRef


@attrs.frozen
class Variant:
    """One value of a discriminator and the type that it announces."""

    value: JsonScalar
    type: TypeRef


@attrs.frozen
class Discriminator:
    """The property whose value tells the members of a union apart (OpenAPI 3.1 §4.8.25)."""

    wire_name: str
    variants: tuple[Variant, ...]
    otherwise: TypeRef | None = None
    """What a value is that no variant announces; None where it is kept as it came."""


@attrs.frozen
class UnionOf:
    """One of several types (``oneOf``, ``anyOf`` or a list of types), in the order written."""

    members: tuple[TypeRef, ...]
    discriminator: Discriminator | None = None
    is_open: bool = False
    """Whether an object that is no member is kept as it came. Where there is a discriminator, it knows."""


TypeRef: TypeAlias = Scalar | Reference | ListOf | MapOf | TupleOf | LiteralOf | Nullable | UnionOf

ANY: Final = Scalar("any")
NULL: Final = Scalar("null")
STRING: Final = Scalar("string")


def kind_of(value: JsonScalar) -> Literal["string", "integer", "number", "boolean", "null"]:
    """Return the kind of a JSON scalar as it was written: 1.0 is a number."""
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case None:
            return "null"


def parts(type_: TypeRef) -> Iterator[TypeRef]:
    """Return a type and all types inside it, in the order written, with repeats."""
    yield type_
    match type_:
        case ListOf(inner) | MapOf(inner) | Nullable(inner):
            yield from parts(inner)
        case TupleOf(items, rest):
            for item in (*items, *(() if rest is None else (rest,))):
                yield from parts(item)
        case UnionOf(members, discriminator):
            tagged = () if discriminator is None else tuple(variant.type for variant in discriminator.variants)
            last = () if discriminator is None or discriminator.otherwise is None else (discriminator.otherwise,)
            for member in (*members, *tagged, *last):
                yield from parts(member)
        case Reference() | Scalar() | LiteralOf():
            return


def references(type_: TypeRef) -> tuple[str, ...]:
    """Return the names that a type mentions, in the order written, with repeats."""
    return tuple(part.name for part in parts(type_) if isinstance(part, Reference))


def without_null(type_: TypeRef) -> TypeRef:
    """Return a type without null."""
    return type_.inner if isinstance(type_, Nullable) else type_


def union(members: Iterable[TypeRef], discriminator: Discriminator | None = None, *, is_open: bool = False) -> TypeRef:
    """Return the simplest type that says "one of these": null outside, each once, anything swallows the rest."""
    flat: list[TypeRef] = []
    null = False
    for member in members:
        null = null or isinstance(member, Nullable) or member == NULL
        inner = without_null(member)
        if isinstance(inner, UnionOf) and inner.discriminator is None:
            flat += inner.members
            is_open = is_open or inner.is_open
        else:
            flat.append(inner)
    distinct = [member for member in dict.fromkeys(flat) if member != NULL]
    if not distinct:
        return NULL
    if ANY in distinct:
        return ANY
    spelt = distinct[0] if len(distinct) == 1 else UnionOf(tuple(distinct), discriminator, is_open)
    return Nullable(spelt) if null else spelt
