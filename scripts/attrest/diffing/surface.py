"""What callers of a generated client can name: its classes, methods, parameters and attributes, as a tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal, TypeAlias

import attrs

from attrest.code.packagecode import root as package_code
from attrest.code.requestcode import call_fields
from attrest.code.servercode import variable_servers
from attrest.code.spelling import Spelling
from attrest.diffing.changes import Direction
from attrest.ir import (
    ABSENT,
    Absent,
    Alias,
    Api,
    Declaration,
    Enum,
    Event,
    Field,
    Model,
    Operation,
    RenamingKind,
    Resource,
    Server,
)
from attrest.typerefs import NULL, Reference, TypeRef, references, union

ElementKind: TypeAlias = Literal[
    "package",
    "export",
    "client",
    "credential",
    "server",
    "resource",
    "method",
    "parameter",
    "result",
    "exception",
    "class",
    "attribute",
    "enum",
    "member",
    "alias",
    "event",
]


@attrs.frozen(kw_only=True)
class Element:
    """Something with a name."""

    kind: ElementKind
    name: str
    path: str
    """Where it is in the package, dotted, or how it is reached from a client."""
    identity: str = ""
    """What it is, whatever it is called."""
    pointer: str | None = None
    """Where the description says it."""
    directions: tuple[Direction, ...] = ("request", "response")
    """Whether callers give it, get it, or both."""
    imported_from: str = ""
    """Its module and its name there, where it can be imported from a module of its own."""
    type: TypeRef | None = None
    annotation: str = ""
    """The type as Python writes it."""
    required: bool | None = None
    value: Any | Absent = ABSENT
    """What it is set to where callers say nothing; of a member, its value; of a credential, where else it is found."""
    members: tuple[Element, ...] = ()
    kept_as: tuple[RenamingKind, str] | None = None
    """Kind and owner of the ``Renaming`` that keeps an earlier name of it; None where a client cannot."""


def surface(api: Api) -> Element:
    """Return the package with everything inside it."""
    return _Surface(api).package()


class _Surface:
    def __init__(self, api: Api) -> None:
        self._api = api
        self._package = api.package
        self._spelling = Spelling(api.declarations)
        self._declarations = {declaration.name: declaration for declaration in api.declarations}
        self._received = frozenset(_reached(self._declarations, _answers(api)))
        self._sent = frozenset(_reached(self._declarations, _questions(api)))

    def package(self) -> Element:
        """Return the package."""
        api = self._api
        declared = (self._declaration(declaration) for declaration in api.declarations)
        requests = (self._request(operation) for operation in api.operations)
        servers = (self._server_class(server) for server in variable_servers(api))
        events = (each for event in api.events for each in (self._event(event), self._reader(event)))
        exports = (
            Element(kind="export", name=name, path=f"{api.package}.{name}", identity=name)
            for name, home in package_code(api).names
            if home != ".client"
        )
        members = (self._client(), *declared, *requests, *servers, *events, *exports)
        return Element(kind="package", name=api.package, path=api.package, identity="package", members=members)

    def _client(self) -> Element:
        api = self._api
        path = f"{api.package}.{api.client}"
        credentials = (
            Element(
                kind="credential",
                name=scheme.argument,
                path=f"{path}({scheme.argument})",
                identity=f"{scheme.kind} {scheme.location} {scheme.parameter} {scheme.http_scheme}",
                value=scheme.environment,
            )
            for scheme in api.security_schemes
            if scheme.kind != "mutual-tls"
        )
        servers = (
            Element(kind="server", name=server.name, path=f"{path}(server={server.name!r})", identity=server.url)
            for server in api.servers
        )
        resources = (self._resource(resource) for resource in api.resources)
        members = (*credentials, *servers, *resources)
        return Element(kind="client", name=api.client, path=path, identity="client", members=members)

    def _resource(self, resource: Resource) -> Element:
        module = f"resources.{resource.module}"
        path = f"{self._package}.{module}.{resource.class_name}"
        methods = (method for operation in resource.operations for method in _methods(self._spelling, operation, path))
        return Element(
            kind="resource",
            name=resource.name,
            path=path,
            identity=", ".join(sorted(_call(operation) for operation in resource.operations)),
            imported_from=f"{module}.{resource.class_name}",
            members=tuple(attrs.evolve(method, kept_as=("method", resource.name)) for method in methods),
            kept_as=("resource", ""),
        )

    def _request(self, operation: Operation) -> Element:
        path = f"{self._package}.models.{operation.request}"
        return Element(
            kind="class",
            name=operation.request,
            path=path,
            identity=_call(operation),
            pointer=operation.pointer,
            imported_from=f"operations.{operation.module}.{operation.request}",
            directions=("request",),
            members=tuple(
                attrs.evolve(
                    attribute, identity=_travels_as(operation, field), kept_as=("parameter", operation.request)
                )
                for attribute, field in zip(
                    _attributes(self._spelling, path, call_fields(operation), ("request",)),
                    call_fields(operation),
                    strict=True,
                )
            ),
            kept_as=("class", ""),
        )

    def _declaration(self, declaration: Declaration) -> Element:
        path = f"{self._package}.models.{declaration.name}"
        directions = self._directions(declaration.name)
        match declaration:
            case Model():
                attributes = _attributes(self._spelling, path, declaration.fields, directions)
                members = tuple(attrs.evolve(each, kept_as=("attribute", declaration.name)) for each in attributes)
                return self._declared("class", declaration, path, members)
            case Enum():
                members = tuple(
                    Element(
                        kind="member",
                        name=member.name,
                        path=f"{path}.{member.name}",
                        identity=repr(member.value),
                        pointer=declaration.pointer,
                        value=member.value,
                        kept_as=("member", declaration.name),
                    )
                    for member in declaration.members
                )
                return self._declared("enum", declaration, path, members)
            case Alias():
                annotation = self._spelling.annotation(declaration.type)
                declared = self._declared("alias", declaration, path, ())
                return attrs.evolve(declared, type=declaration.type, annotation=annotation)

    def _declared(
        self, kind: ElementKind, declaration: Declaration, path: str, members: tuple[Element, ...]
    ) -> Element:
        return Element(
            kind=kind,
            name=declaration.name,
            path=path,
            identity=_identity(declaration),
            pointer=declaration.pointer,
            imported_from=f"models.{declaration.module}.{declaration.name}",
            directions=self._directions(declaration.name),
            value=declaration.base if isinstance(declaration, Enum) else ABSENT,
            members=members,
            kept_as=("class", ""),
        )

    def _directions(self, name: str) -> tuple[Direction, ...]:
        """Return in which directions a declaration travels; one that does in none counts as received."""
        if name not in self._sent:
            return ("response",)
        return ("request", "response") if name in self._received else ("request",)

    def _server_class(self, server: Server) -> Element:
        path = f"{self._package}.servers.{server.class_name}"
        members = (
            Element(
                kind="attribute",
                name=variable.name,
                path=f"{path}.{variable.name}",
                identity=variable.wire_name,
                directions=("request",),
                required=variable.default is None,
                value=ABSENT if variable.default is None else variable.default,
            )
            for variable in server.variables
        )
        return Element(
            kind="class", name=server.class_name or "", path=path, identity=server.template, members=tuple(members)
        )

    def _event(self, event: Event) -> Element:
        path = f"{self._package}.events.{event.class_name}"
        fields = [parameter.field for parameter in event.parameters]
        fields += [event.body.field] if event.body else []
        return Element(
            kind="event",
            name=event.class_name,
            path=path,
            identity=self._sent_as(event),
            pointer=event.pointer,
            imported_from=f"events.{event.module}.{event.class_name}",
            directions=("response",),
            members=tuple(_attributes(self._spelling, path, fields, ("response",))),
            kept_as=("event", ""),
        )

    def _reader(self, event: Event) -> Element:
        """Return the function that reads an event."""
        return Element(
            kind="method",
            name=event.parser,
            path=f"{self._package}.events.{event.parser}",
            identity=self._sent_as(event),
            pointer=event.pointer,
            imported_from=f"events.{event.module}.{event.parser}",
            kept_as=("parser", ""),
        )

    def _sent_as(self, event: Event) -> str:
        """Return what an event is known by under another name: what it carries, if no other carries the same."""
        carried = self._carried(event)
        return carried if self._carrying[carried] == 1 else event.pointer

    @cached_property
    def _carrying(self) -> Counter[str]:
        return Counter(map(self._carried, self._api.events))

    def _carried(self, event: Event) -> str:
        parameters = sorted(f"{each.location} {each.wire_name}" for each in event.parameters)
        return f"{event.kind} {event.method} {event.url or ''} {parameters} {self._payload(event)}"

    def _payload(self, event: Event) -> str:
        if event.body is None:
            return ""
        type_ = event.body.field.type
        declaration = self._declarations.get(type_.name) if isinstance(type_, Reference) else None
        return _identity(declaration) if declaration else repr(type_)


def _call(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def _travels_as(operation: Operation, field: Field) -> str:
    """Return where a field of a request travels, and under which name."""
    places = (f"{each.location} {each.wire_name}" for each in operation.parameters if each.field == field)
    return next(places, f"body {field.wire_name}")


def _identity(declaration: Declaration) -> str:
    """Return what a declaration consists of, by which it is known under another name."""
    match declaration:
        case Model(fields=fields):
            return repr(sorted(field.wire_name for field in fields))
        case Enum(members=members):
            return repr(sorted(repr(member.value) for member in members))
        case Alias(type=type_):
            return repr(type_)


def _methods(spelling: Spelling, operation: Operation, path: str) -> Iterator[Element]:
    """List the methods that send an operation's request: in each form of the answer, and page by page."""
    identity = _call(operation)
    yield _method(spelling, operation, f"{path}.{operation.name}", operation.name, identity, operation.result)
    for form in operation.alternatives:
        yield _method(
            spelling, operation, f"{path}.{form.method}", form.method, f"{identity} as {form.media_types}", form.result
        )
    if pages := operation.pagination:
        yield _method(
            spelling, operation, f"{path}.{pages.method}", pages.method, f"{identity} in pages", pages.item_type
        )


def _method(
    spelling: Spelling, operation: Operation, path: str, name: str, identity: str, result: TypeRef | None
) -> Element:
    type_ = NULL if result is None else result
    parameters = (
        Element(
            kind="parameter",
            name=field.name,
            path=f"{path}({field.name})",
            identity=_travels_as(operation, field),
            pointer=field.pointer,
            directions=("request",),
            type=field.type,
            annotation=spelling.annotation(field.type),
            required=field.required and isinstance(field.preset, Absent),
            value=field.preset,
            kept_as=("parameter", operation.request),
        )
        for field in call_fields(operation)
    )
    exceptions = (
        Element(
            kind="exception",
            name=error,
            path=f"{path}() raises {error}",
            identity=error,
            pointer=operation.pointer,
            directions=("response",),
        )
        for error in dict.fromkeys(response.error for response in operation.responses if response.error)
    )
    returned = Element(
        kind="result",
        name="",
        path=f"{path}()",
        identity="result",
        pointer=operation.pointer,
        directions=("response",),
        type=type_,
        annotation=spelling.annotation(type_),
        value=operation.delivery if name == operation.name else ABSENT,
    )
    return Element(
        kind="method",
        name=name,
        path=path,
        identity=identity,
        pointer=operation.pointer,
        members=(*parameters, returned, *exceptions),
    )


def _attributes(
    spelling: Spelling, path: str, fields: Iterable[Field], directions: tuple[Direction, ...]
) -> Iterator[Element]:
    for field in fields:
        yield Element(
            kind="attribute",
            name=field.name,
            path=f"{path}.{field.name}",
            identity=field.wire_name,
            pointer=field.pointer,
            directions=directions,
            type=field.type,
            annotation=spelling.annotation(field.type),
            required=field.required,
            value=field.preset if field.announces is None else field.announces,
        )


def _answers(api: Api) -> Iterator[TypeRef]:
    """List the types that callers get."""
    for operation in api.operations:
        for response in operation.responses:
            yield from (content.type for content in response.contents)
            yield from (header.type for header in response.headers)
    for event in api.events:
        yield from (parameter.field.type for parameter in event.parameters)
        yield from (event.body.field.type,) if event.body else ()


def _questions(api: Api) -> Iterator[TypeRef]:
    """List the types that callers give."""
    for operation in api.operations:
        yield from (field.type for field in call_fields(operation))


def _reached(declarations: Mapping[str, Declaration], types: Iterable[TypeRef]) -> Iterator[str]:
    """List the declarations that types mention, directly or not."""
    waiting, seen = list(references(union(types))), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in declarations:
            continue
        seen.add(name)
        yield name
        for type_ in _inside(declarations[name]):
            waiting += references(type_)


def _inside(declaration: Declaration) -> Iterator[TypeRef]:
    match declaration:
        case Model():
            yield from (field.type for field in declaration.fields)
            yield from () if declaration.additional is None else (declaration.additional,)
        case Alias():
            yield declaration.type
        case Enum():
            return
