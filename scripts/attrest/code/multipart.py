"""The models that are sent as multipart bodies: which fields can be raw bytes, and which can carry headers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal, TypeAlias

from attrest.code.spelling import Spelling
from attrest.ir import Api, Content, Encoding, Field, Model
from attrest.typerefs import ANY, ListOf, Nullable, Scalar, TupleOf, TypeRef, UnionOf, union, without_null

Carrier: TypeAlias = Literal["whole", "items"]
"""What of a field is a part that can carry headers: all of it, or each item of its list."""


def is_used(api: Api) -> bool:
    """Return whether a body is sent in parts."""
    return any(_contents(api))


def models(api: Api, spelling: Spelling) -> frozenset[str]:
    """Return the names of the models that are sent as multipart bodies."""
    return frozenset(model.name for content in _contents(api) for model in _models(content, spelling))


def carriers(api: Api, spelling: Spelling) -> Mapping[tuple[str, str], Carrier]:
    """Return the fields that can carry headers and are more than files, by the names of their models and their own.

    A file carries its headers itself, and what can be anything can be a part as well.
    """
    return {
        (model.name, field.name): _carrier(spelling, field, encoding)
        for content in _contents(api)
        for model in _models(content, spelling)
        for encoding in content.encodings
        for field in model.fields
        if encoding.part_headers and field.wire_name == encoding.wire_name and _is_typed(spelling, field.type)
    }


def _contents(api: Api) -> Iterator[Content]:
    for operation in api.operations:
        contents = operation.body.contents if operation.body else ()
        yield from (content for content in contents if content.form == "multipart")


def _models(content: Content, spelling: Spelling) -> Iterator[Model]:
    type_ = spelling.resolved(content.type)
    members = type_.members if isinstance(type_, UnionOf) else (type_,)
    yield from filter(None, map(spelling.model, members))


def _carrier(spelling: Spelling, field: Field, encoding: Encoding) -> Carrier:
    is_list = isinstance(spelling.resolved(field.type), ListOf | TupleOf)
    return "items" if is_list and encoding.style is None else "whole"


def _is_typed(spelling: Spelling, type_: TypeRef) -> bool:
    return _single(spelling, type_) not in {ANY, Scalar("file")}


def is_open(spelling: Spelling, type_: TypeRef) -> bool:
    """Return whether what travels of a field as a part can be anything: the field itself, or each item of its list."""
    return ANY in {spelling.resolved(type_), _single(spelling, type_)}


def _single(spelling: Spelling, type_: TypeRef) -> TypeRef:
    whole = spelling.resolved(type_)
    return spelling.resolved(whole.item) if isinstance(whole, ListOf) else whole


def without_files(type_: TypeRef) -> TypeRef:
    """Return what a value can be beside raw bytes, where it can be either."""
    match type_:
        case Nullable(inner):
            return Nullable(without_files(inner))
        case UnionOf(members, None, is_open):
            return union((member for member in members if member != Scalar("file")), is_open=is_open)
        case _:
            return type_


class Carriers:
    """Spells the fields that can carry headers."""

    def __init__(self, api: Api, spelling: Spelling) -> None:
        """Find them.

        Args:
            api: The API.
            spelling: Knows its declarations.
        """
        self._spelling = spelling
        self._found = carriers(api, spelling)

    def of(self, model: Model, field: Field) -> Carrier | None:
        """Return what of a field can carry headers; None where nothing can."""
        return self._found.get((model.name, field.name))

    def annotation(self, type_: TypeRef, carrier: Carrier) -> str:
        """Return the annotation of a field."""
        if carrier == "items":
            null = " | None" if self._spelling.takes_null(type_) else ""
            return f"Sequence[{self._in_part(self.item(type_))}]{null}"
        return self._in_part(type_)

    def _in_part(self, type_: TypeRef) -> str:
        bare = without_null(type_)
        carried = self._spelling.annotation(without_files(bare))
        if carried == "Any":
            return carried
        null = " | None" if isinstance(type_, Nullable) else ""
        return f"{self._spelling.annotation(bare)} | _parts.Part[{carried}]{null}"

    def decoder(self, type_: TypeRef, carrier: Carrier, inside: str) -> str:
        """Return a decoder of a field.

        Args:
            type_: The type of the field.
            carrier: What of it can carry headers.
            inside: The module that the expression stands in.
        """
        if carrier == "whole":
            return self._reading(type_, inside)
        match self._spelling.resolved(type_):
            case TupleOf(items, rest):
                ending = "None" if rest is None else self._reading(rest, inside)
                first = "".join(f"{self._reading(item, inside)}, " for item in items)
                decoder = f"_codec.tuple_of(({first}), {ending})"
            case _:
                decoder = f"_codec.array_of({self._reading(self.item(type_), inside)})"
        return f"_codec.nullable({decoder})" if self._spelling.takes_null(type_) else decoder

    def _reading(self, type_: TypeRef, inside: str) -> str:
        return f"_parts.reading({self._spelling.decoder(type_, inside)})"

    def write(self, type_: TypeRef, carrier: Carrier, value: str, encode: Callable[[TypeRef, str], str]) -> str:
        """Return an expression that writes a field.

        Args:
            type_: The type of the field.
            carrier: What of it can carry headers.
            value: An expression for it.
            encode: Writes what is in no part.
        """
        if carrier == "whole":
            return self._write_one(type_, value, encode)
        one = self._write_one(self.item(type_), "item", encode)
        items = f"list({value})" if one == "item" else f"[{one} for item in {value}]"
        return f"None if {value} is None else {items}" if self._spelling.takes_null(type_) else items

    def _write_one(self, type_: TypeRef, value: str, encode: Callable[[TypeRef, str], str]) -> str:
        written = encode(type_, "part")
        return value if written == "part" else f"_parts.mapped({value}, lambda part: {written})"

    def item(self, type_: TypeRef) -> TypeRef:
        """Return the type of the items of a list; those of a tuple can be anything."""
        whole = self._spelling.resolved(type_)
        return whole.item if isinstance(whole, ListOf) else ANY
