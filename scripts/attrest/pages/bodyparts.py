"""What the parts of multipart bodies have to carry beside their values, in programs (OpenAPI 3.2 §4.15.1.1)."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from attrest.ir import ABSENT, Absent, Content, Encoding, Json, Model, Operation, resolved
from attrest.pages import examples, expressions, pythonvalues
from attrest.pages.expressions import Expression, Group, Import
from attrest.pages.fitting import Declarations
from attrest.typerefs import ANY, ListOf, MapOf, Reference, Scalar, TupleOf, TypeRef


def with_headers(operation: Operation, body: Expression, declarations: Declarations) -> Expression:
    """Return the body of a call with the headers that its parts have to carry, where only the caller can tell them.

    Args:
        operation: What is called.
        body: The body; what is no model that is sent in parts comes back as it is.
        declarations: What types refer to.
    """
    for content in operation.body.contents if operation.body else ():
        model = _model(content, declarations)
        if content.form == "multipart" and model is not None and _makes(body, model):
            return _with_headers(body, model, content.encodings, declarations)
    return body


def _with_headers(
    body: Expression, model: Model, encodings: tuple[Encoding, ...], declarations: Declarations
) -> Expression:
    needed = {each.wire_name: (each, headers) for each in encodings if (headers := _needed(each, declarations))}
    carrying = {
        f"{field.name}=": (field.type, *needed[field.wire_name]) for field in model.fields if field.wire_name in needed
    }
    if isinstance(body, Group):
        items = [
            attrs.evolve(item, value=_carrying(item.value, *carrying[item.prefix], declarations))
            if item.prefix in carrying
            else item
            for item in body.items
        ]
        return attrs.evolve(body, items=tuple(items))
    return body


def _needed(encoding: Encoding, declarations: Declarations) -> dict[str, Json]:
    """Return a value for each header that is required, and that the client cannot fill in by itself."""
    sampled = {
        each.header.wire_name: examples.sample(each.header.type, declarations, each.constraints)
        for each in encoding.part_headers
        if each.header.required and each.preset is ABSENT
    }
    return {name: value for name, value in sampled.items() if not isinstance(value, Absent)}


def _carrying(
    value: Expression, type_: TypeRef, encoding: Encoding, headers: Mapping[str, Json], declarations: Declarations
) -> Expression:
    """Return the value of a field, or each item of its list, as a part with headers."""
    whole = resolved(type_, declarations)
    if isinstance(whole, ListOf | TupleOf) and encoding.style is None and isinstance(value, Group):
        items = [attrs.evolve(item, value=_part(item.value, whole.item, headers, declarations)) for item in value.items]
        return attrs.evolve(value, items=tuple(items))
    return _part(value, whole, headers, declarations)


def _part(value: Expression, type_: TypeRef, headers: Mapping[str, Json], declarations: Declarations) -> Expression:
    is_file = resolved(type_, declarations) == Scalar("file")
    function, holder = ("File", "content") if is_file else ("Part", "value")
    given = pythonvalues.literal(dict(headers), MapOf(ANY), declarations)
    return expressions.call(function, ((holder, value), ("headers", given)), {Import("", function)})


def _makes(body: Expression, model: Model) -> bool:
    return isinstance(body, Group) and body.opening == f"models.{model.name}("


def _model(content: Content, declarations: Declarations) -> Model | None:
    type_ = resolved(content.type, declarations)
    declaration = declarations.get(type_.name) if isinstance(type_, Reference) else None
    return declaration if isinstance(declaration, Model) else None
