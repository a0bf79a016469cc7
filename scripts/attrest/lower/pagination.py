"""Pagination by cursor, as ``x-pagination`` describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrest import names, nodes, pointers
from attrest.ir import Pagination, Parameter, Response
from attrest.lower.types import Types
from attrest.typerefs import ListOf, TypeRef


def pagination(
    types: Types,
    operation: Mapping[str, Any],
    parameters: tuple[Parameter, ...],
    answers: tuple[Response, ...],
    name: str,
) -> Pagination | None:
    """Return how to walk over an operation's items; None where it does not say, or says what its answer lacks."""
    written = nodes.mapping(operation.get("x-pagination"))
    cursor = next((each.field.name for each in parameters if each.wire_name == written.get("cursor")), None)
    answer = next((each.contents[0].type for each in answers if each.error is None and each.contents), None)
    if cursor is None or answer is None:
        return None
    items = _resolve(types, answer, written.get("items"))
    following = _resolve(types, answer, written.get("next"))
    if items is None or following is None or not isinstance(items[1], ListOf):
        return None
    more = _resolve(types, answer, written.get("more"))
    return Pagination(
        method=_iterator(names.attribute(name, names.METHOD_RESERVED)),
        cursor=cursor,
        items=items[0],
        item_type=items[1].item,
        next_cursor=following[0],
        has_more=more[0] if more else None,
    )


def _iterator(method: str) -> str:
    for verb in ("get_", "list_", "fetch_"):
        if method.startswith(verb):
            return f"iter_{method.removeprefix(verb)}"
    return f"iter_{method}"


def _resolve(types: Types, type_: TypeRef, pointer: object) -> tuple[tuple[str, ...], TypeRef] | None:
    """Turn a JSON pointer into an answer to the path of attributes that leads there, and its type."""
    if not isinstance(pointer, str):
        return None
    path: list[str] = []
    for token in pointers.split(pointer):
        model = types.model(type_)
        field = next((each for each in model.fields if each.wire_name == token), None) if model else None
        if field is None or not field.required:
            return None
        path.append(field.name)
        type_ = field.type
    return tuple(path), type_
