"""Webhooks and callbacks (OpenAPI 3.1 §4.8.1, §4.8.18) as events: requests that the service sends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

import attrs

from attrest import names, nodes, pathitems, pointers
from attrest.document import Document
from attrest.ir import Body, Content, Encoding, Event, Operation, Parameter
from attrest.ledger import Entry, degraded, ignored, lost
from attrest.lower import bodies, parameters, responses, security
from attrest.lower.types import Types
from attrest.schemas import Schemas
from attrest.typerefs import ANY, STRING, MapOf, Scalar, TypeRef, UnionOf, union

_RESERVED: Final = ("body", "event", "headers", "payload", "query", "verify")
"""What the functions that read events call their own arguments."""
_KEPT_AS_BYTES: Final = "a payload of this media type is handed over as bytes"
_KEPT_AS_TEXT: Final = "a payload of this media type is handed over as text"
_DEMANDED: Final = "not said to be required, nor that it is not: it is demanded"
_WHOLE_QUERY: Final = "not read: the query of an event is taken apart by name"
_APART: Final = "not read: its parts come with an event under names of their own"
_FIELD_APART: Final = "its parts come under names of their own: they are kept so"
_OBJECT: Final = "an object that comes with an event in this way is handed over as text"


@attrs.frozen
class Received:
    """The events of a description, and what could not be typed as it is described."""

    events: tuple[Event, ...]
    entries: tuple[Entry, ...]


@attrs.frozen(eq=False)
class _Place:
    """Where an event stands, and which operations ask for it."""

    kind: Literal["webhook", "callback"]
    id: str
    method: str
    url: str | None
    item: str
    own: str
    node: Mapping[str, Any]
    operations: tuple[str, ...]

    @property
    def identity(self) -> object:
        """What makes two of them the same event: all but the place."""
        return self.kind, self.id, self.method, self.url, repr(self.node)


def events(
    document: Document,
    schemas: Schemas,
    operations: Iterable[Operation],
    taken: names.Namespace,
    authentication: frozenset[str],
) -> Received:
    """Return every webhook, and every callback that an operation asks for, each once.

    Args:
        document: The bundled description.
        schemas: What its schemas come to.
        operations: All of them.
        taken: The names of classes that there are.
        authentication: The names of the security schemes that there are.
    """
    lowering = _Lowering(document, schemas, taken, authentication)
    places = [*_webhooks(document.tree), *_callbacks(document.tree, operations)]
    merged = _merged(places)
    attempted = {place: lowering.attempted(place) for place in sorted(merged, key=_order_of_names)}
    found = (attempted[place] for place in merged)
    return Received(tuple(event for event in found if event is not None), lowering.entries)


def _order_of_names(place: _Place) -> tuple[bool, bool, str, str, str, str]:
    """Return which of several events has the name that they all want, wherever they stand: one that is called so."""
    is_respelled = place.id != names.attribute(place.id) or place.method != "POST"
    return is_respelled, place.kind != "webhook", place.id, place.method, place.url or "", place.own


def _webhooks(tree: Mapping[str, Any]) -> Iterator[_Place]:
    for name in nodes.mapping(tree.get("webhooks")):
        if not name.startswith("x-"):
            yield from _places(tree, pointers.join(("webhooks", name)), _Origin("webhook", name))


def _callbacks(tree: Mapping[str, Any], operations: Iterable[Operation]) -> Iterator[_Place]:
    for operation in operations:
        yield from _asked_for(tree, operation.pointer, operation.request)


def _asked_for(tree: Mapping[str, Any], operation: str, request: str) -> Iterator[_Place]:
    for name in nodes.mapping(nodes.mapping(nodes.find(tree, operation)).get("callbacks")):
        pointer, callback = nodes.follow(tree, operation + pointers.join(("callbacks", name)))
        for expression in nodes.mapping(callback):
            if not expression.startswith("x-"):
                origin = _Origin("callback", name, expression, (request,))
                yield from _places(tree, pointer + pointers.join((expression,)), origin)


@attrs.frozen
class _Origin:
    """What the events of one path item have in common."""

    kind: Literal["webhook", "callback"]
    id: str
    url: str | None = None
    operations: tuple[str, ...] = ()


def _places(tree: Mapping[str, Any], pointer: str, origin: _Origin) -> Iterator[_Place]:
    item, node = nodes.follow(tree, pointer)
    for method, own, operation in pathitems.operations(item, node):
        yield _Place(origin.kind, origin.id, method, origin.url, item, own, operation, origin.operations)


def _merged(places: Iterable[_Place]) -> tuple[_Place, ...]:
    """Make one of those that are alike: a callback that several operations ask for."""
    found: dict[object, _Place] = {}
    for place in places:
        known = found.setdefault(place.identity, place)
        asking = tuple(dict.fromkeys((*known.operations, *place.operations)))
        found[place.identity] = attrs.evolve(known, operations=asking)
    return tuple(found.values())


class _Lowering:
    """Makes events, and remembers what it could not type."""

    def __init__(
        self, document: Document, schemas: Schemas, taken: names.Namespace, authentication: frozenset[str]
    ) -> None:
        self._document = document
        self._tree = document.tree
        self._types = Types(self._tree, schemas)
        self._of_messages = Types(self._tree, schemas)  # its notes are about sending what events receive, and reverse
        self._classes = taken
        self._authentication = authentication
        self._names, self._modules = names.Namespace(), names.Namespace()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What could not be typed as it is described."""
        return tuple(self._types.entries)

    def attempted(self, place: _Place) -> Event | None:
        """Return an event; None, and an entry, where it fails: that is no reason to go without the others."""
        try:
            return self.event(place)
        except Exception as error:  # noqa: BLE001  # whatever it is, the other events have nothing to do with it
            self._types.note(lost(place.own, f"attrest fails on it: {type(error).__name__}: {error}"))
            return None

    def event(self, place: _Place) -> Event:
        wanted = place.id if place.method == "POST" else f"{place.method.lower()} {place.id}"
        kind = names.pascal(place.kind)
        class_name = names.pascal(wanted).removesuffix(kind) + kind
        class_name = self._classes.take(names.class_name(class_name), names.class_name(f"{class_name}Event"))
        given = names.Namespace(_RESERVED)
        self._note_unused(place)
        return Event(
            kind=place.kind,
            id=place.id,
            name=self._names.take(names.attribute(wanted)),
            class_name=class_name,
            module=self._modules.take(names.module(class_name)),
            method=place.method,
            url=place.url,
            operations=place.operations,
            pointer=place.own,
            location=self._document.display(place.own),
            summary=nodes.text(place.node.get("summary")),
            description=nodes.text(place.node.get("description")),
            parameters=tuple(
                self._parameter(parameter, given)
                for parameter in parameters.parameters(self._tree, self._types, place.item, place.own)
                if self._is_read(parameter)
            ),
            body=self._payload(place),
            responses=responses.described(self._tree, self._of_messages, place.own),
            security=security.requirements(place.node.get("security"), self._authentication),
            deprecated=place.node.get("deprecated") is True,
        )

    def _note_unused(self, place: _Place) -> None:
        """Note which parts of an operation mean nothing to one who receives its requests, or are not made use of."""
        if place.node.get("callbacks"):
            self._types.note(degraded(f"{place.own}/callbacks", "what follows an event is no event of its own"))
        if "tags" in place.node:
            self._types.note(ignored(f"{place.own}/tags", "events are filed under no tags"))
        for owner in (place.item, place.own):
            if "servers" in nodes.mapping(nodes.find(self._tree, owner)):
                self._types.note(ignored(f"{owner}/servers", "an event comes to where its receiver is"))

    def _is_read(self, parameter: Parameter) -> bool:
        """Return whether a parameter is an attribute of its event; where it could be and is not, note why."""
        if parameter.location == "path":
            self._types.note(ignored(parameter.field.pointer, "the path of an event is its receiver's own"))
            return False
        if parameter.location == "querystring":
            self._types.note(degraded(parameter.field.pointer, _WHOLE_QUERY))
            return False
        is_styled = not parameter.is_json and parameter.location != "header"
        if is_styled and self._comes_apart(parameter, parameter.field.type):
            self._types.note(degraded(parameter.field.pointer, _APART))
            return False
        return True

    def _comes_apart(self, written: Parameter | Encoding, type_: TypeRef) -> bool:
        """Return whether the parts of values come under names of their own."""
        if written.style == "deepObject":
            return self._types.is_structured(type_)
        return written.explode and self._is_object(self._types.resolved(type_))

    def _parameter(self, parameter: Parameter, given: names.Namespace) -> Parameter:
        field = attrs.evolve(
            parameter.field, name=given.take(parameter.field.name, f"{parameter.field.name}_{parameter.location}")
        )
        if not parameter.is_json and self._holds_object(field.type):
            self._types.note(degraded(field.pointer, _OBJECT))
            field = attrs.evolve(field, type=STRING)
        return attrs.evolve(parameter, field=field)

    def _holds_object(self, type_: TypeRef) -> bool:
        match self._types.resolved(type_):
            case UnionOf(members):
                return any(map(self._holds_object, members))
            case bare:
                return self._is_object(bare)

    def _is_object(self, bare: TypeRef) -> bool:
        return isinstance(bare, MapOf) or self._types.model(bare) is not None

    def _payload(self, place: _Place) -> Body | None:
        body = bodies.body(self._tree, self._of_messages, place.own)
        if body is None:
            return None
        contents = tuple(self._content(content, body.field.pointer) for content in body.contents)
        written = nodes.mapping(nodes.find(self._tree, body.field.pointer))
        if "required" not in written:
            self._types.note(degraded(body.field.pointer, _DEMANDED, alone=True))
        field = attrs.evolve(
            body.field,
            name="payload",
            wire_name="payload",
            type=union(content.type for content in contents),
            required=written.get("required") is not False,
        )
        return Body(field=field, contents=contents)

    def _field_type(self, content: Content, name: str) -> TypeRef:
        model = self._types.model(content.type)
        return next((field.type for field in model.fields if field.wire_name == name), ANY) if model else ANY

    def _content(self, content: Content, owner: str) -> Content:
        """Return how a payload is read: nothing but JSON, a form with named fields and text is taken apart."""
        form = content.form == "form" and self._types.model(content.type) is not None
        for encoding in content.encodings if form else ():
            if encoding.style is not None and self._comes_apart(
                encoding, self._field_type(content, encoding.wire_name)
            ):
                place = ("content", content.content_type, "encoding", encoding.wire_name)
                self._types.note(degraded(owner + pointers.join(place), _FIELD_APART))
        if form or content.form == "json" or content.type == Scalar("file"):
            return content
        is_text = content.form in {"form", "text"}
        if content.type != STRING or not is_text:
            reason = _KEPT_AS_TEXT if is_text else _KEPT_AS_BYTES
            self._types.note(degraded(owner + pointers.join(("content", content.content_type)), reason))
        return (
            attrs.evolve(content, form="text", type=STRING)
            if is_text
            else attrs.evolve(content, form="binary", type=Scalar("file"))
        )
