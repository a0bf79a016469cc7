"""Parameters (OpenAPI 3.2 §4.12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from attrest import names, nodes, pathtemplates, pointers, schemanodes, styles
from attrest.ir import ABSENT, Absent, Content, Field, Parameter, Style
from attrest.ledger import Entry, degraded, ignored
from attrest.lower.contents import parameter_content
from attrest.lower.types import Types
from attrest.pointers import MISSING
from attrest.styles import LOCATIONS, Location
from attrest.typerefs import (
    ANY,
    STRING,
    ListOf,
    LiteralOf,
    Scalar,
    ScalarKind,
    TupleOf,
    TypeRef,
    union,
    without_null,
)

_RESERVED: Final[Mapping[str, frozenset[Location]]] = {
    "3.0": frozenset({"query"}),
    "3.1": frozenset({"query"}),
    "3.2": frozenset({"query", "path", "cookie"}),
}
"""Where ``allowReserved`` counts, by version."""
_NESTED: Final = "how arrays and objects are written inside of others is left open (OpenAPI 3.2 §4.12.3): as JSON"
_BRACKETS: Final = "how deepObject writes what is nested is left open (OpenAPI 3.2 §4.12.3): each level in brackets"
_NOT_BYTES: Final = "text in base64url here, not the bytes themselves"
_IN_BASE64: Final = "bytes travel in base64 here, since parameters are text"
_NO_NULL: Final = "null cannot be written in a parameter: None leaves it out"
_NO_NULL_IN_PATH: Final = "null cannot be written in a path: nothing is, or it is refused"
_NO_NULL_INSIDE: Final = "null cannot be written in an array or object of this style: it is left out"
_DEEP_ARRAY: Final = "deepObject is of objects alone (OpenAPI 3.2 §4.12.4): items have their index in brackets"
_NOT_FOR_SCALARS: Final = "this style is of arrays and objects alone (OpenAPI 3.2 §4.12.4): written as by form"
_PASSED: Final[Mapping[ScalarKind, tuple[TypeRef, str]]] = {
    "base64url": (STRING, _NOT_BYTES),
    "file": (Scalar("base64"), _IN_BASE64),
}
"""What is passed for bytes that no parameter can carry as they are, and what is said of it."""
_STRUCTURED_STYLES: Final = frozenset[Style]({"deepObject", "pipeDelimited", "spaceDelimited"})


@attrs.frozen
class _Place:
    """A parameter as it was found."""

    name: str
    location: Location
    pointer: str
    node: Mapping[str, Any]
    owner: str
    """The pointer of the path item or of the operation that lists it."""
    index: int


def parameters(
    tree: Mapping[str, Any], types: Types, item: str, operation: str, path: str | None = None
) -> tuple[Parameter, ...]:
    """Return an operation's parameters and its path's that it does not override, in the order written.

    Args:
        tree: The description.
        types: The types of its schemas; what cannot be done as described is noted there.
        item: The pointer of the path item.
        operation: The pointer of the operation.
        path: The template that the path parameters fill in; a name in it that is nowhere described becomes a required
            text. None where there is no template to fill in.
    """
    found: dict[tuple[str, Location], _Place] = {}
    for place in _places(tree, types, item, operation):
        _note_repeated(types, found.get((place.name, place.location)), place)
        found[place.name, place.location] = place
    in_path = {name for name, location in found if location == "path"}
    templated = None if path is None else pathtemplates.names(path, in_path)
    described = [
        place
        for place in found.values()
        if templated is None or place.location != "path" or _is_templated(types, place, templated)
    ]
    undescribed = [name for name in templated or () if (name, "path") not in found]
    if undescribed:
        told = " and ".join(f"{{{name}}}" for name in undescribed)
        types.note(degraded(operation, f"the path names {told}, which no parameter describes: sent as text"))
    placed: list[tuple[str, Location]] = [(place.name, place.location) for place in described]
    named = _names(types, [*placed, *((name, "path") for name in undescribed)])
    made = [_parameter(tree, types, place, *next(named)) for place in described]
    if templated is not None:
        types.note(*(entry for each in made for entry in _nulls(types, each)))
    return (
        *made,
        *(_undescribed(name, operation, *next(named)) for name in undescribed),
    )


def _places(tree: Mapping[str, Any], types: Types, item: str, operation: str) -> Iterator[_Place]:
    """Find the parameters; what loading took out has left an empty one, and is accounted for."""
    for owner in (item, operation):
        for index, _ in enumerate(nodes.sequence(nodes.mapping(nodes.find(tree, owner)).get("parameters"))):
            pointer, found = nodes.follow(tree, f"{owner}/parameters/{index}")
            node = nodes.mapping(found)
            name, location = str(node.get("name", "")), LOCATIONS.get(str(node.get("in")))
            if not node:
                continue
            if location is None:
                types.note(degraded(pointer, f"left out: {node.get('in')!r} is no place for a parameter"))
            elif location == "header" and name.lower() in styles.HEADERS_BY_OTHER_MEANS:
                types.note(ignored(pointer, f"the header {name} is described by other means (OpenAPI 3.2 §4.12.2.1)"))
            else:
                yield _Place(name, location, pointer, node, owner, index)


def _note_repeated(types: Types, earlier: _Place | None, place: _Place) -> None:
    """Tell of a parameter that its own list describes otherwise further on; an operation may override its path's."""
    if earlier and earlier.owner == place.owner and earlier.node != place.node:
        types.note(degraded(f"{earlier.owner}/parameters/{earlier.index}", "listed again further on, which counts"))


def _is_templated(types: Types, place: _Place, templated: list[str]) -> bool:
    if place.name in templated:
        return True
    types.note(ignored(place.pointer, "the path has no place for it"))
    return False


def _parameter(tree: Mapping[str, Any], types: Types, place: _Place, attribute: str, key: str) -> Parameter:
    node = place.node
    content = parameter_content(types, place.pointer, node)
    schema = _schema(place.pointer, content)
    style = _style(types, place)
    required = node.get("required") is True or place.location == "path"
    type_ = types.carried(schema, content.type if content else types.at(schema), _PASSED)
    if content is None:
        types.note(*_open(types, place, schema, type_, style))
    return Parameter(
        field=Field(
            name=attribute,
            wire_name=key,
            type=_sent(place, type_ if required else without_null(type_)),
            required=required,
            description=nodes.text(node.get("description")),
            example=_example(tree, node, schema),
            default=_target(tree, schema).get("default", ABSENT),
            constraints=types.constraints(schema),
            deprecated=node.get("deprecated") is True,
            pointer=place.pointer,
        ),
        wire_name=place.name,
        location=place.location,
        style=style,
        explode=node.get("explode", style in styles.EXPLODED) is True,
        allow_reserved=_allows_reserved(tree, types, place),
        content=content,
    )


def _nulls(types: Types, parameter: Parameter) -> Iterator[Entry]:
    """Say which nulls cannot be sent: they are undefined, and what is undefined is left out (RFC 6570 §2.3)."""
    schema = _schema(parameter.field.pointer, parameter.content)
    type_ = types.at(schema)
    if parameter.location == "path":
        if types.takes_null(type_) and not parameter.is_json:
            yield degraded(schema, _NO_NULL_IN_PATH, alone=True)
    elif types.takes_null(type_) and (parameter.is_json or parameter.field.required):
        yield degraded(schema, _NO_NULL, alone=True)
    if parameter.content is None and types.holds_null(type_):
        yield degraded(schema, _NO_NULL_INSIDE, alone=True)


def _open(types: Types, place: _Place, schema: str, type_: TypeRef, style: Style) -> Iterator[Entry]:
    """Say where the standard leaves open how a style writes values of a type."""
    bare = types.resolved(type_)
    if types.is_nested(type_):
        yield degraded(schema, _BRACKETS if style == "deepObject" else _NESTED, alone=True)
    if style == "deepObject" and isinstance(bare, ListOf | TupleOf):
        yield degraded(f"{place.pointer}/style", _DEEP_ARRAY)
    if style in _STRUCTURED_STYLES and bare != ANY and not types.is_structured(bare):
        yield degraded(f"{place.pointer}/style", _NOT_FOR_SCALARS)


def _undescribed(name: str, operation: str, attribute: str, key: str) -> Parameter:
    """Return the parameter for a name of the path's template that the description leaves at that."""
    field = Field(name=attribute, wire_name=key, type=STRING, required=True, pointer=operation)
    return Parameter(field=field, wire_name=name, location="path", style="simple", explode=False)


def _names(types: Types, wanted: Sequence[tuple[str, Location]]) -> Iterator[tuple[str, str]]:
    """Give the names of each parameter's attribute and of its key in ``to_dict``, told apart by its place.

    Args:
        types: Knows the names that no attribute may have.
        wanted: The name and the place of each.
    """
    spelled = [(name, names.attribute(name, names.ARGUMENT_RESERVED, types.names), place) for name, place in wanted]
    attributes = names.Namespace().take_each((name, own, f"{own}_{place}") for name, own, place in spelled)
    keys = {names.BODY, names.CONTENT_TYPE}
    for attribute, (name, location) in zip(attributes, wanted, strict=True):
        key = name if name not in keys else f"{name} ({location})"
        keys.add(key)
        yield attribute, key


def _style(types: Types, place: _Place) -> Style:
    usual = styles.usual(place.location)
    written = place.node.get("style", usual)
    style = styles.known(place.location, written)
    if style is None:
        types.note(degraded(place.pointer, f"style {written!r} is none of a {place.location} parameter: {usual} is"))
    return style or usual


def _sent(place: _Place, type_: TypeRef) -> TypeRef:
    """Return what a caller may pass: the type, and the empty text where ``allowEmptyValue`` lets it stand for none."""
    empty = place.location == "query" and place.node.get("allowEmptyValue") is True
    return union((type_, LiteralOf(("",)))) if empty and isinstance(type_, Scalar) and type_ != STRING else type_


def _allows_reserved(tree: Mapping[str, Any], types: Types, place: _Place) -> bool:
    if place.node.get("allowReserved") is not True:
        return False
    version = str(tree.get("openapi"))[:3]
    if place.location in _RESERVED.get(version, _RESERVED["3.2"]):
        return True
    types.note(ignored(f"{place.pointer}/allowReserved", f"OpenAPI {version} knows it in other places alone"))
    return False


def _schema(pointer: str, content: Content | None) -> str:
    if content is None:
        return f"{pointer}/schema"
    return pointer + pointers.join(("content", content.content_type, "schema"))


def _target(tree: Mapping[str, Any], schema: str) -> Mapping[str, Any]:
    return nodes.mapping(nodes.follow(tree, schema)[1])


def _example(tree: Mapping[str, Any], node: Mapping[str, Any], schema: str) -> Any | Absent:
    """Return the parameter's example, else its schema's; an array's may be put together from its items'."""
    own = schemanodes.example(node)
    if not isinstance(own, Absent):
        return own
    target = _target(tree, schema)
    given = schemanodes.example(target)
    items = nodes.find(tree, f"{schema}/items")
    if isinstance(given, Absent) and items is not MISSING:
        item = schemanodes.example(_target(tree, f"{schema}/items"))
        return item if isinstance(item, Absent) else [item]
    return given
