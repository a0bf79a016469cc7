"""Request bodies (OpenAPI 3.2 §4.13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs

from attrest import names, nodes, schemanodes
from attrest.bounds import FREE
from attrest.ir import ABSENT, Absent, Body, Constraints, Content, Field
from attrest.ledger import degraded, exact
from attrest.lower.contents import contents, is_loose_text
from attrest.lower.encodings import encodings
from attrest.lower.types import Types
from attrest.typerefs import (
    ANY,
    STRING,
    ListOf,
    LiteralOf,
    MapOf,
    Nullable,
    Scalar,
    TupleOf,
    TypeRef,
    union,
    without_null,
)

_FILE: Final = Scalar("file")
_FILES: Final = frozenset({"application", "audio", "font", "image", "model", "video"})
"""The kinds of media whose ranges are raw bytes where nothing else is said."""
_SAMPLES: Final = {"image": "image/png", "audio": "audio/mpeg", "video": "video/mp4", "text": "text/plain"}
"""A media type of each kind, for examples."""


def body(tree: Mapping[str, Any], types: Types, operation: str) -> Body | None:
    """Return an operation's body; None where it has none or describes no media type.

    Args:
        tree: The description.
        types: The types of its schemas; what cannot be done as described is noted there.
        operation: The pointer of the operation.
    """
    if "requestBody" not in nodes.mapping(nodes.find(tree, operation)):
        return None
    pointer, node = nodes.follow(tree, f"{operation}/requestBody")
    written = nodes.mapping(node)
    offered = tuple(_sent(tree, types, pointer, content) for content in contents(types, pointer, written))
    if not offered:
        return None
    media = types.media(pointer, offered[0].content_type)
    is_required = written.get("required") is True
    type_ = union(content.type for content in offered)
    if isinstance(type_, Nullable) and not is_required:
        types.note(degraded(pointer, "None leaves the body out, so that null cannot be sent"))
    return Body(
        field=Field(
            name=names.BODY,
            wire_name=names.BODY,
            type=type_ if is_required else without_null(type_),
            required=is_required,
            description=nodes.text(written.get("description")),
            example=_example(tree, *media),
            constraints=_constraints(types, pointer, offered),
            pointer=pointer,
        ),
        contents=offered,
        content_type=_content_type(pointer, offered, is_required=is_required),
    )


def _constraints(types: Types, owner: str, offered: tuple[Content, ...]) -> Constraints:
    """Return the limits of a body that hold for every media type that it can be sent as."""
    limits = dict(_limits(types, owner, content) for content in offered)
    if len(set(limits.values())) == 1:
        return next(iter(limits.values()))
    for place, found in limits.items():
        if found != FREE:
            types.note(degraded(place, "its limits are not checked: those of other media types differ"))
    return FREE


def _limits(types: Types, owner: str, content: Content) -> tuple[str, Constraints]:
    """Return the schema that limits what a caller passes for a media type, and the limits."""
    pointer, media = types.media(owner, content.content_type)
    if content.form != "json-lines":
        return f"{pointer}/schema", types.constraints(f"{pointer}/schema")
    place = f"{pointer}/{'itemSchema' if 'itemSchema' in media else 'schema'}"
    found = types.constraints(place)
    return place, found if found == FREE or _is_whole(types, pointer, media) else Constraints(items=found)


def _content_type(pointer: str, offered: tuple[Content, ...], *, is_required: bool) -> Field | None:
    """Return the field that says as which media type the body is sent; None where there is but one."""
    named = [content.content_type for content in offered if not content.is_range]
    ranges = [content.content_type for content in offered if content.is_range]
    if len(offered) == 1 and not ranges:
        return None
    preset = named[0] if named else _usual(offered[0])
    among = f"One of {', '.join(ranges)}" + (", or one of those listed." if named else ".") if ranges else ""
    return Field(
        name=names.CONTENT_TYPE,
        wire_name=names.CONTENT_TYPE,
        type=STRING if ranges else LiteralOf(tuple(named)),
        required=preset is None and is_required,
        description=f"The media type that the body is sent as. {among}".rstrip(),
        example=_SAMPLES.get(ranges[0].partition("/")[0], "application/octet-stream") if preset is None else ABSENT,
        preset=ABSENT if preset is None else preset,
        pointer=f"{pointer}/content",
    )


def _usual(content: Content) -> str | None:
    """Return the media type that is meant where a range leaves all open; None where only the caller can tell."""
    if content.content_type != "*/*":
        return None
    return "application/octet-stream" if content.type == _FILE else "application/json"


def _sent(tree: Mapping[str, Any], types: Types, owner: str, content: Content) -> Content:
    """Return a media type with the type of what a caller passes for it, and with what is said of its fields."""
    pointer, media = types.media(owner, content.content_type)
    if content.is_range:
        return attrs.evolve(content, type=_type_of_range(types, pointer, media, content))
    match content.form:
        case "json-lines":
            return attrs.evolve(content, type=_type_of_lines(types, pointer, media))
        case "form" | "multipart":
            fields = _type_of_fields(types, pointer, content)
            return attrs.evolve(
                content, type=fields, encodings=encodings(tree, types, pointer, media, form=content.form)
            )
        case "event-stream":
            types.note(degraded(pointer, "events are handed over as text"))
        case "text" if is_loose_text(tree, pointer):
            types.note(degraded(f"{pointer}/schema", "text is sent as it is"))
        case "binary" if content.content_type.startswith("multipart/"):
            types.note(degraded(pointer, f"{content.content_type} is handed over as bytes"))
        case "binary" if types.is_structured(types.at(f"{pointer}/schema")):
            types.note(degraded(f"{pointer}/schema", f"{content.content_type} is handed over as bytes"))
        case _:
            pass
    return content


def _type_of_range(types: Types, pointer: str, media: Mapping[str, Any], content: Content) -> TypeRef:
    if "schema" in media:
        return types.at(f"{pointer}/schema")
    kind = content.content_type.partition("/")[0]
    return _FILE if kind in _FILES else STRING if kind == "text" else ANY


def _type_of_fields(types: Types, pointer: str, content: Content) -> TypeRef:
    """Return the type of a form, which has fields whatever its schema says (RFC 7578 §4)."""
    match types.resolved(content.type):
        case TupleOf() | ListOf() | LiteralOf() | Scalar() as type_ if type_ != ANY:
            types.note(degraded(f"{pointer}/schema", "a form has fields, which this schema is not: any are taken"))
            return MapOf(ANY)
        case _:
            return content.type


def _type_of_lines(types: Types, pointer: str, media: Mapping[str, Any]) -> TypeRef:
    """Return the type of a sequence of JSON values: by what an item is, or by what the whole is, as an array."""
    if "itemSchema" in media:
        types.note(exact(f"{pointer}/itemSchema"))
        return ListOf(types.at(f"{pointer}/itemSchema"))
    if "schema" not in media:
        return ListOf(ANY)
    type_ = types.at(f"{pointer}/schema")
    return type_ if _is_whole(types, pointer, media) else ListOf(type_)


def _is_whole(types: Types, pointer: str, media: Mapping[str, Any]) -> bool:
    """Return whether a sequence of JSON values is described as an array, and not by what an item is."""
    return "itemSchema" not in media and isinstance(types.resolved(types.at(f"{pointer}/schema")), ListOf)


def _example(tree: Mapping[str, Any], pointer: str, media: Mapping[str, Any]) -> Any | Absent:
    own = schemanodes.example(media)
    if not isinstance(own, Absent):
        return own
    return schemanodes.example(nodes.mapping(nodes.follow(tree, f"{pointer}/schema")[1]))
