"""Headers (OpenAPI 3.1 §4.8.21); those of an operation's answers are a class for its successes, one for its errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

from attrest import names, nodes, pointers
from attrest.contentforms import form_of
from attrest.ir import Header, HeaderClass, Response
from attrest.ledger import degraded
from attrest.lower.types import Types
from attrest.typerefs import STRING, ScalarKind, TypeRef, union

_IGNORED: Final = "content-type"
"""Described by ``content`` (OpenAPI 3.1 §4.8.17)."""
_NESTED: Final = (
    "how a header writes what is nested is left open (OpenAPI 3.2 §4.12.3): as JSON, which commas may break"
)
_CARRIED: Final[Mapping[ScalarKind, tuple[TypeRef, str]]] = {
    "file": (STRING, "handed over as text: a header holds no bytes"),
}
"""What is handed over for bytes, and what is said of it."""


def headers(tree: Mapping[str, Any], types: Types, owner: str, node: Mapping[str, Any]) -> tuple[Header, ...]:
    """Return the headers of a response, or of a part of a body.

    Args:
        tree: The description.
        types: The types of its schemas.
        owner: The pointer of the response, or of the encoding.
        node: What is there.
    """
    written = [name for name in nodes.mapping(node.get("headers")) if name.lower() != _IGNORED]
    attributes = names.attributes(written, names.FIELD_RESERVED, types.names)
    return tuple(
        _header(tree, types, f"{owner}{pointers.join(('headers', name))}", name, attributes[name]) for name in written
    )


def _header(tree: Mapping[str, Any], types: Types, place: str, wire_name: str, name: str) -> Header:
    pointer, found = nodes.follow(tree, place)
    node = nodes.mapping(found)
    content_type = next(iter(nodes.mapping(node.get("content"))), None)
    return Header(
        name=name,
        wire_name=wire_name,
        type=_type(types, pointer, node, content_type),
        required=node.get("required") is True,
        explode=node.get("explode") is True,
        content_type=content_type,
        description=nodes.text(node.get("description")),
        deprecated=node.get("deprecated") is True,
    )


def _type(types: Types, pointer: str, node: Mapping[str, Any], content_type: str | None) -> TypeRef:
    if content_type is None:
        return _listed(types, f"{pointer}/schema") if "schema" in node else STRING
    if form_of(content_type) != "json":
        return STRING
    return types.at(pointer + pointers.join(("content", content_type, "schema")))


def _listed(types: Types, schema: str) -> TypeRef:
    """Return the type of a header in style ``simple``."""
    type_ = types.at(schema)
    if types.is_nested(type_):
        types.note(degraded(schema, _NESTED, alone=True))
    return types.carried(schema, type_, _CARRIED)


def of_successes(answers: Iterable[Response], name: str, taken: names.Namespace) -> HeaderClass | None:
    """Return the headers that successes can have, those of the same name once; None where none has any.

    Args:
        answers: The operation's responses.
        name: The class's name.
        taken: The names that classes have.
    """
    successes = [answer.headers for answer in answers if answer.error is None]
    merged = [
        attrs.evolve(header, required=len(same) == len(successes) and all(each.required for each in same))
        for header, same in _merged(successes)
    ]
    return HeaderClass(name=taken.take(name), headers=tuple(merged)) if merged else None


def of_errors(answers: Iterable[Response], name: str, taken: names.Namespace) -> HeaderClass | None:
    """Return the headers that errors can have, those of the same name once; None where none has any.

    None is required: an error can come from something on the way to the service, which knows nothing of its headers.

    Args:
        answers: The operation's responses.
        name: The class's name.
        taken: The names that classes have.
    """
    errors = [answer.headers for answer in answers if answer.error is not None]
    merged = tuple(attrs.evolve(header, required=False) for header, _ in _merged(errors))
    return HeaderClass(name=taken.take(name), headers=merged) if merged else None


def _merged(answers: Iterable[tuple[Header, ...]]) -> Iterator[tuple[Header, list[Header]]]:
    """Give one of the headers of each name, of all their types, and those that it stands for."""
    grouped: dict[str, list[Header]] = {}
    for header in (header for own in answers for header in own):
        grouped.setdefault(header.wire_name.lower(), []).append(header)
    attributes = names.Namespace()
    for same in grouped.values():
        type_ = union(header.type for header in same)
        yield attrs.evolve(same[0], name=attributes.take(same[0].name), type=type_), same
