"""An API in a few lines: its client, resources, calls and numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from attrest import printers
from attrest.ir import Alias, Api, Enum, Model, Operation, Resource


def as_text(api: Api) -> str:
    """Return an API's client, resources, calls and numbers, for people."""
    return printers.lines(_lines(api))


def _lines(api: Api) -> Iterator[str]:
    yield f"{api.title} {api.version}"
    yield f"  distribution {api.distribution}, package {api.package}, client {api.client}"
    yield "  servers " + ", ".join(f"{server.name} ({server.url})" for server in api.servers)
    for resource in api.resources:
        yield from _resource_lines(resource)
    if api.events:
        yield ""
        yield "events"
        width = max(len(event.name) for event in api.events)
        yield from (f"  {event.name:<{width}}  {event.kind} {event.id}, {event.method}" for event in api.events)
    yield ""
    yield _counts(api)


def _resource_lines(resource: Resource) -> Iterator[str]:
    yield ""
    yield f"{resource.name}"
    width = max((len(operation.name) for operation in resource.operations), default=0)
    for operation in resource.operations:
        yield f"  {operation.name:<{width}}  {operation.method} {operation.path}{_remarks(operation)}"


def _remarks(operation: Operation) -> str:
    remarks: Iterable[str] = (
        *(("deprecated",) if operation.deprecated else ()),
        *((f"pages by {operation.pagination.cursor}",) if operation.pagination else ()),
    )
    return f"  ({', '.join(remarks)})" if remarks else ""


def _counts(api: Api) -> str:
    kinds = Counter(type(declaration) for declaration in api.declarations)
    return (
        f"{len(api.operations)} operations, {kinds[Model]} models, {kinds[Enum]} enums, {kinds[Alias]} aliases, "
        f"{len(api.resources)} resources" + (f", {len(api.events)} events" if api.events else "")
    )
