"""The models that are sent as multipart bodies, whose fields can be raw bytes where their schemas leave them open."""

from __future__ import annotations

from attrest.code.spelling import Spelling
from attrest.ir import Api
from attrest.typerefs import ANY, ListOf, TypeRef, UnionOf


def models(api: Api, spelling: Spelling) -> frozenset[str]:
    """Return the names of the models that are sent as multipart bodies."""
    bodies = [operation.body for operation in api.operations if operation.body]
    contents = [content for body in bodies for content in body.contents if content.form == "multipart"]
    types = [member for content in contents for member in _members(spelling.resolved(content.type))]
    return frozenset(model.name for model in map(spelling.model, types) if model)


def _members(type_: TypeRef) -> tuple[TypeRef, ...]:
    return type_.members if isinstance(type_, UnionOf) else (type_,)


def is_open(spelling: Spelling, type_: TypeRef) -> bool:
    """Return whether what travels of a field as a part can be anything: the field itself, or each item of its list."""
    whole = spelling.resolved(type_)
    return ANY in {whole, spelling.resolved(whole.item) if isinstance(whole, ListOf) else whole}
