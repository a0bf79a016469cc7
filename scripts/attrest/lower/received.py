"""What comes down: the media types of responses (OpenAPI 3.1 §4.8.14, 3.2 §4.14)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrest import nodes
from attrest.contentforms import Form, form_of
from attrest.ir import Content
from attrest.ledger import degraded, exact
from attrest.lower.types import Types
from attrest.typerefs import ANY, STRING, ListOf, Scalar, TypeRef, Variant, union

_PREFERENCE: Final[tuple[Form, ...]] = ("json", "text", "binary", "json-lines", "event-stream")
_BYTES: Final = Scalar("file")
_EVENT_FIELDS: Final = frozenset({"data", "event", "id", "retry"})
"""The fields of a server-sent event (WHATWG HTML §9.2.6)."""
_LAST: Final = "[done]"
"""The data that ends a stream of events, as the runtime reads it."""
_STRUCTURE: Final = frozenset({"additionalProperties", "allOf", "anyOf", "items", "oneOf", "prefixItems", "properties"})
"""Keywords that say of a schema without a type that its value is no plain text."""


def received(tree: Mapping[str, Any], types: Types, owner: str, response: Mapping[str, Any]) -> tuple[Content, ...]:
    """Return the media types of a response, in the order of preference.

    Args:
        tree: The description.
        types: The types of its schemas.
        owner: The response's pointer.
        response: The response.
    """
    written = nodes.mapping(response.get("content"))
    found = [_Media(tree, types, owner, content_type).content() for content_type in written]
    return tuple(sorted(found, key=lambda content: _PREFERENCE.index(content.form)))


class _Media:
    """One media type of a response."""

    def __init__(self, tree: Mapping[str, Any], types: Types, owner: str, content_type: str) -> None:
        self._tree = tree
        self._types = types
        self._content_type = content_type
        self._pointer, self._node = types.media(owner, content_type)

    def content(self) -> Content:
        form = self._form()
        match form:
            case "event-stream":
                return self._events()
            case "json-lines":
                return Content(content_type=self._content_type, form=form, type=self._line())
            case "json":
                return Content(content_type=self._content_type, form=form, type=self._whole())
            case "text" | "form":
                return Content(content_type=self._content_type, form="text", type=STRING)
            case "binary" | "multipart":
                if form_of(self._content_type) == "binary" and self._types.is_structured(self._whole()):
                    place = f"{self._pointer}/schema"
                    self._types.note(degraded(place, f"{self._content_type} is handed over as bytes"))
                return Content(content_type=self._content_type, form="binary", type=_BYTES)

    def _form(self) -> Form:
        """Return how the bytes are read; the schema decides where the media type leaves it open."""
        form = form_of(self._content_type)
        type_ = self._types.resolved(self._whole())
        if form == "json" and type_ == _BYTES:
            return "binary"
        if self._content_type.strip() in {"*/*", "application/*"}:
            return "text" if type_ == STRING else "binary" if type_ in {ANY, _BYTES} else "json"
        return form

    def _whole(self) -> TypeRef:
        return self._types.at(f"{self._pointer}/schema") if "schema" in self._node else ANY

    def _line(self) -> TypeRef:
        """Return the type of one line: ``itemSchema``, or what a schema that does not describe text says."""
        if "itemSchema" in self._node:
            return self._types.at(f"{self._pointer}/itemSchema")
        whole = self._whole()
        match self._types.resolved(whole):
            case ListOf(item):
                return item
            case Scalar("string" | "file"):
                return ANY
            case _:
                return whole

    def _events(self) -> Content:
        if "itemSchema" in self._node:
            pointer, schema = nodes.follow(self._tree, f"{self._pointer}/itemSchema")
            variants = tuple(self._variants(pointer, nodes.mapping(schema)))
            if variants:
                return self._told_apart(variants)
        type_ = self._types.at(f"{self._pointer}/itemSchema") if "itemSchema" in self._node else self._whole()
        resolved = self._types.resolved(type_)
        data = resolved.item if isinstance(resolved, ListOf) else type_
        return Content(content_type=self._content_type, form="event-stream", type=data)

    def _told_apart(self, variants: tuple[Variant, ...]) -> Content:
        """Return a stream whose events differ by their types; the data of unknown ones is text."""
        by_type: dict[str, list[TypeRef]] = {}
        for variant in variants:
            by_type.setdefault(str(variant.value), []).append(variant.type)
        if by_type.keys() == {""}:
            return Content(content_type=self._content_type, form="event-stream", type=union(by_type[""]))
        by_type.setdefault("", [STRING])
        return Content(
            content_type=self._content_type,
            form="event-stream",
            type=union(type_ for types in by_type.values() for type_ in types),
            events=tuple(Variant(name, union(types)) for name, types in by_type.items()),
        )

    def _variants(self, pointer: str, schema: Mapping[str, Any]) -> Iterator[Variant]:
        """Give the types of the data by the types of events, where a schema describes whole events."""
        own = nodes.mapping(schema.get("properties"))
        members = [
            nodes.follow(self._tree, f"{pointer}/{keyword}/{index}")
            for keyword in ("oneOf", "anyOf")
            for index, _ in enumerate(nodes.sequence(schema.get(keyword)))
        ]
        described = [(place, nodes.mapping(nodes.mapping(node).get("properties"))) for place, node in members]
        fields = {*own, *(name for _, properties in described for name in properties)}
        if "data" not in fields or not fields <= _EVENT_FIELDS:
            return
        for place, properties in described or [(pointer, own)]:
            at = place if "data" in properties else pointer
            data = nodes.mapping(nodes.follow(self._tree, f"{at}/properties/data")[1])
            if str(data.get("const", "")).lower() != _LAST:
                for name in _constants(properties.get("event")) or _constants(own.get("event")) or ("",):
                    yield Variant(name, self._data(at, data))

    def _data(self, event: str, schema: Mapping[str, Any]) -> TypeRef:
        """Return the type of an event's data: text, or the JSON in it (JSON Schema 2020-12 validation §8)."""
        pointer, _ = nodes.follow(self._tree, f"{event}/properties/data")
        media_type = nodes.text(schema.get("contentMediaType")) or ""
        if "contentSchema" in schema and (not media_type or form_of(media_type) == "json"):
            self._types.note(exact(f"{pointer}/contentSchema"))
            return self._types.at(f"{pointer}/contentSchema")
        if media_type:
            return ANY if form_of(media_type) == "json" else STRING
        is_text = schema.get("type") == "string" or ("type" not in schema and _STRUCTURE.isdisjoint(schema))
        if is_text:
            return STRING
        model = self._types.model(self._types.at(event))
        fields = {field.wire_name: field.type for field in model.fields} if model else {}
        return fields.get("data") or self._types.at(pointer)


def _constants(schema: object) -> tuple[str, ...]:
    """Return the values that a schema allows, where it lists them."""
    node = nodes.mapping(schema)
    listed = [node["const"]] if "const" in node else nodes.sequence(node.get("enum"))
    return tuple(value for value in listed if isinstance(value, str))
