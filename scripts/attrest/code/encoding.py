"""Types as expressions that encode values as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from attrest.code import limits
from attrest.code.declared import Declared
from attrest.ir import Alias, Declaration, Enum, Model
from attrest.typerefs import (
    ANY,
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
    references,
)

_ENCODERS: Final[Mapping[ScalarKind, str]] = {
    "any": "_codec.encode({})",
    "date-time": "_codec.date_time_text({})",
    "date": "_codec.date_text({})",
    "time": "_codec.time_text({})",
    "duration": "_codec.duration_text({})",
    "uuid": "str({})",
    "decimal": "_codec.decimal_text({})",
    "base64": "_codec.base64_text({})",
    "base64url": "_codec.base64url_text({})",
}


class Encoders(Declared):
    """Spells how values of types are written."""

    def send(self, type_: TypeRef, value: str, depth: int = 0) -> str:
        """Return an expression for the JSON value of a value that is sent: what only the service sets is left out."""
        if not any(map(self.differs_when_sent, references(type_))):
            return self.encode(type_, value, depth)
        each, key = f"item{depth or ''}", f"key{depth or ''}"
        match type_:
            case Reference(name) if isinstance(self._declarations[name], Model):
                return f"{value}.to_sent()"
            case ListOf(item):
                return f"[{self.send(item, each, depth + 1)} for {each} in {value}]"
            case MapOf(item):
                return f"{{{key}: {self.send(item, each, depth + 1)} for {key}, {each} in {value}.items()}}"
            case Nullable(inner):
                return f"None if {value} is None else {self.send(inner, value, depth)}"
            case _:
                return f"_codec.encode_sent({value}{self._bytes_writer(type_)})"

    def encode(self, type_: TypeRef, value: str, depth: int = 0) -> str:
        """Return an expression for the JSON value of a value."""
        match type_:
            case Scalar(kind):
                return _ENCODERS.get(kind, "{}").format(value)
            case Reference(name):
                return self._encode_reference(self._declarations[name], value)
            case ListOf(item):
                each = f"item{depth or ''}"
                encoded = self.encode(item, each, depth + 1)
                return f"list({value})" if encoded == each else f"[{encoded} for {each} in {value}]"
            case MapOf(item):
                each = f"item{depth or ''}"
                encoded = self.encode(item, each, depth + 1)
                if encoded == each:
                    return f"dict({value})"
                return f"{{key{depth or ''}: {encoded} for key{depth or ''}, {each} in {value}.items()}}"
            case LiteralOf():
                return value
            case Nullable(inner):
                encoded = self.encode(inner, value, depth)
                return value if encoded == value else f"None if {value} is None else {encoded}"
            case TupleOf() | UnionOf():
                return self._encode_any(type_, value)

    def _encode_any(self, type_: TypeRef, value: str) -> str:
        """Return an expression that encodes whatever a type can be: raw bytes in it are no JSON, and stay."""
        if "file" in self._scalars(type_, frozenset()):
            return f"_bodies.encoded({value})"
        return f"_codec.encode({value}{self._bytes_writer(type_)})"

    def _bytes_writer(self, type_: TypeRef) -> str:
        """Return the argument that says how bytes in a value of a type are written; empty for in base64."""
        return ", _codec.base64url_text" if "base64url" in self._scalars(type_, frozenset()) else ""

    def _scalars(self, type_: TypeRef, seen: frozenset[str]) -> Iterator[ScalarKind]:
        """Give the kinds of scalar that a value of a type can be or hold; models write their own."""
        match type_:
            case Scalar(kind):
                yield kind
            case Reference(name):
                alias = self._declarations[name]
                if isinstance(alias, Alias) and name not in seen:
                    yield from self._scalars(alias.type, seen | {name})
            case ListOf(inner) | MapOf(inner) | Nullable(inner):
                yield from self._scalars(inner, seen)
            case TupleOf(members, rest):
                for member in members if rest is None else (*members, rest):
                    yield from self._scalars(member, seen)
            case UnionOf(members):
                for member in members:
                    yield from self._scalars(member, seen)
            case LiteralOf():
                pass

    def _encode_reference(self, declaration: Declaration, value: str) -> str:
        match declaration:
            case Model():
                return f"{value}.to_dict()"
            case Enum():
                return f"{value}.value if isinstance({value}, {declaration.name}) else {value}"
            case Alias():
                return self._encode_any(declaration.type, value)

    def differs_when_sent(self, name: str) -> bool:
        """Return whether requests hold a declaration otherwise than it is.

        They leave out a field that only the service sets, and never one that is required in requests, however deep.
        """
        return name in self._differing

    @cached_property
    def _differing(self) -> frozenset[str]:
        return self._with_users(
            each.name
            for each in self._declarations.values()
            if isinstance(each, Model) and any(field.read_only or field.required_in_requests for field in each.fields)
        )

    def holds_limits(self, type_: TypeRef) -> bool:
        """Return whether values of a type hold models with limits, which may change after they were made."""
        return not self._limited.isdisjoint(references(type_))

    @cached_property
    def _limited(self) -> frozenset[str]:
        return self._with_users(
            each.name for each in self._declarations.values() if isinstance(each, Model) and self._has_limits(each)
        )

    def _has_limits(self, model: Model) -> bool:
        return bool(limits.of_unlisted(self, model.additional or ANY, model.constraints)) or any(
            field.requires or limits.validators(self, field.type, field.constraints)
            for field in model.fields
            if not field.read_only
        )

    def _with_users(self, names: Iterable[str]) -> frozenset[str]:
        """Return some declarations, and those whose values hold any of them, however deep."""
        found = set(names)
        users: dict[str, list[str]] = {}
        for name, each in self._declarations.items():
            for used in _mentioned(each):
                users.setdefault(used, []).append(name)
        waiting = list(found)
        while waiting:
            more = [user for user in users.get(waiting.pop(), ()) if user not in found]
            found.update(more)
            waiting += more
        return frozenset(found)


def _mentioned(declaration: Declaration) -> Iterator[str]:
    """Return the names of the declarations that the values of one hold."""
    match declaration:
        case Alias(type=type_):
            yield from references(type_)
        case Model(fields=fields, additional=additional):
            for field in fields:
                yield from () if field.read_only else references(field.type)
            yield from () if additional is None else references(additional)
        case Enum():
            pass
