"""The pages of resources, operation by operation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import attrs

from attrest.code.requestcode import call_fields, rate
from attrest.code.resourcecode import value_text
from attrest.ir import Absent, Alternative, Field, HeaderClass, Link, Operation, Resource, Response, Server
from attrest.pages import examples, markdown
from attrest.pages.docfacts import (
    OPTIONAL,
    REQUIRED,
    Facts,
    bodies,
    both,
    described_in_cell,
    encodings,
    entry,
    exception,
    field_table,
    introduction,
    meaning,
    more,
    place,
    required,
    returned,
    shown,
)
from attrest.pages.doclinks import Links
from attrest.pages.markdown import Table
from attrest.pages.snippets import Call, Usage
from attrest.pages.wiretables import Limits, travels, wire_table
from attrest.typerefs import Scalar


@attrs.frozen(kw_only=True)
class FormPart:
    """Another form of an operation's answer."""

    method: str
    asked: str
    result: str
    usage: Usage


@attrs.frozen(kw_only=True)
class OperationPart:
    """An operation's part of its resource's page."""

    name: str
    entry: str
    """Its line in the list of operations."""
    description: str
    facts: tuple[str, ...]
    links: tuple[str, ...]
    """What can be called next."""
    usage: Usage
    pages: Usage | None
    parameters: Table
    wire: Table
    """How the parameters travel."""
    part_headers: Table
    """What the parts of a multipart body can carry."""
    result: str
    forms: tuple[FormPart, ...]
    responses: Table
    headers: Table
    error_headers: Table
    json: str
    errors: Table
    handling: Usage
    """A program that tells the errors apart."""


@attrs.frozen(kw_only=True)
class ResourcePage:
    """A resource."""

    name: str
    description: str
    facts: tuple[str, ...]
    operations: tuple[OperationPart, ...]


def resource_page(resource: Resource, facts: Facts) -> ResourcePage:
    """Return what the page of a resource says."""
    return ResourcePage(
        name=resource.class_name,
        description=both(resource.summary, resource.description),
        facts=tuple(_resource_facts(resource, facts)),
        operations=tuple(_part(Call(resource=resource, operation=each), facts) for each in resource.operations),
    )


def _part(call: Call, facts: Facts) -> OperationPart:
    operation = call.operation
    links = facts.links("../../")
    successes = tuple(response for response in operation.responses if response.error is None)
    return OperationPart(
        name=operation.name,
        entry=entry(f"[{operation.name}](#{facts.places.operations[call.resource.name, operation.name]})", operation),
        description=introduction(operation),
        facts=tuple(_facts(operation, facts, links)),
        links=tuple(dict.fromkeys(_links(operation, facts, links))),
        usage=facts.programs.call(call),
        pages=facts.programs.pages(call, operation.pagination) if operation.pagination is not None else None,
        parameters=_parameters(operation, facts, links),
        wire=wire_table(travels(operation), Limits(facts.spelling, links), "Parameter"),
        part_headers=_part_headers(operation, facts, links),
        result=returned(operation.delivery, operation.result, links),
        forms=tuple(_form(call, alternative, facts) for alternative in operation.alternatives),
        responses=_responses(successes, links),
        headers=_headers(operation.headers, links),
        error_headers=_headers(operation.error_headers, links),
        json=_answer(operation, successes, facts),
        errors=_errors(operation, links),
        handling=facts.programs.handling(call),
    )


def _form(call: Call, alternative: Alternative, facts: Facts) -> FormPart:
    return FormPart(
        method=markdown.code(alternative.method),
        asked=", ".join(map(markdown.code, alternative.media_types)),
        result=returned(alternative.delivery, alternative.result, facts.links("../../")),
        usage=facts.programs.alternative(call, alternative),
    )


def _resource_facts(resource: Resource, facts: Facts) -> Iterator[str]:
    links = facts.links("../../")
    if resource.parent is not None:
        parents = (links.resource(each) for each in facts.api.resources if each.tag == resource.parent)
        yield f"Part of: {next(parents, markdown.plain(resource.parent))}"
    if parts := [links.resource(each) for each in facts.api.resources if each.parent == resource.tag]:
        yield f"Parts: {', '.join(parts)}"
    if resource.kind is not None:
        yield f"Kind: {markdown.plain(resource.kind)}"
    yield from more(resource.external_documentation)


def _links(operation: Operation, facts: Facts, links: Links) -> Iterator[str]:
    """Return what can be called with what an answer holds."""
    calls = {call.operation.request: call for call in facts.calls}
    for response in operation.responses:
        for link in response.links:
            call = calls[link.operation] if link.operation else None
            target = links.operation(call.resource, call.operation, call.method) if call else markdown.code(link.target)
            yield f"After {response.status}, {markdown.plain(link.name)}: {target}{_taken(link)}"


def _taken(link: Link) -> str:
    taken = [f"{markdown.code(each.name)} = {markdown.code(value_text(each.value))}" for each in link.parameters]
    taken += [f"body = {markdown.code(value_text(link.body))}"] if not isinstance(link.body, Absent) else []
    taken += [f"server {markdown.code(link.server)}"] if link.server else []
    told = markdown.first_sentence(link.description)
    return "".join((f" with {', '.join(taken)}" if taken else "", f". {told}" if told else ""))


def _facts(operation: Operation, facts: Facts, links: Links) -> Iterator[str]:
    yield f"Sends {markdown.code(f'{operation.method} {operation.path}')}"
    yield f"Request: {links.model(operation.request)}"
    if operation.security:
        alternatives = " or ".join(required(each, "none") for each in operation.security)
        yield f"{links.index('Authentication', 'authentication')}: {alternatives}"
    if operation.rate_limit is not None:
        yield f"Rate limit: {rate(operation.rate_limit)}"
    if operation.servers:
        yield f"{links.index('Server', 'server-selection')}: {', '.join(map(_server, operation.servers))}"
    if events := [event for event in facts.api.events if operation.request in event.operations]:
        yield f"Calls back: {', '.join(links.model(event.class_name) for event in events)}"
    if len(operation.tags) > 1:
        yield f"Also tagged: {', '.join(map(markdown.plain, operation.tags[1:]))}"
    yield from more(operation.external_documentation)
    yield f"Described at {place(operation.pointer, operation.location, links)}"


def _server(server: Server) -> str:
    values = f" (`servers.{server.class_name}`)" if server.class_name else ""
    return f"{markdown.code(server.name)}, {markdown.code(server.template or server.url)}{values}"


def _parameters(operation: Operation, facts: Facts, links: Links) -> Table:
    def spell(field: Field) -> str:
        return links.argument(field.type, is_time=facts.spelling.resolved(field.type) == Scalar("date-time"))

    table = field_table(call_fields(operation), "Parameter", facts, spell)
    options = (
        "`options`",
        links.index("Options", "options"),
        OPTIONAL,
        "Settings for this call only.",
        "",
    )
    return attrs.evolve(table, rows=(*table.rows, options[: len(table.columns)]))


def _part_headers(operation: Operation, facts: Facts, links: Links) -> Table:
    limits = Limits(facts.spelling, links)
    rows = tuple(
        (
            markdown.code(encoding.wire_name),
            markdown.code(each.header.wire_name),
            links.received(each.header.type),
            REQUIRED if each.header.required else OPTIONAL,
            "" if isinstance(each.preset, Absent) else shown(each.preset),
            limits.in_words(each.header.type, each.constraints),
            described_in_cell(each.header.description, deprecated=each.header.deprecated),
        )
        for encoding in encodings(operation)
        for each in encoding.part_headers
    )
    told = markdown.notes(
        (markdown.code(f"{encoding.wire_name}: {each.header.wire_name}"), each.header.description)
        for encoding in encodings(operation)
        for each in encoding.part_headers
    )
    columns = ("Part", "Header", "Type", "Required", "Sent by itself", "Constraints", "Description")
    return Table(columns, rows, told).without_empty("Sent by itself", "Constraints", "Description")


def _responses(successes: Collection[Response], links: Links) -> Table:
    rows = tuple(
        (
            response.status,
            ", ".join(dict.fromkeys(markdown.code(content.content_type) for content in response.contents)),
            bodies(response, links),
            markdown.brief(response.description),
        )
        for response in successes
    )
    told = markdown.notes((response.status, response.description) for response in successes)
    return Table(("Status", "Content type", "Body", "Description"), rows, told).without_empty("Content type", "Body")


def _headers(described_headers: HeaderClass | None, links: Links) -> Table:
    headers = described_headers.headers if described_headers else ()
    rows = tuple(
        (
            markdown.code(header.name),
            markdown.code(header.wire_name),
            links.received(header.type),
            REQUIRED if header.required else OPTIONAL,
            described_in_cell(header.description, deprecated=header.deprecated),
        )
        for header in headers
    )
    told = markdown.notes((markdown.code(header.name), header.description) for header in headers)
    columns = ("Header", "Wire name", "Type", "Required", "Description")
    return Table(columns, rows, told).without_empty("Description")


def _answer(operation: Operation, successes: Iterable[Response], facts: Facts) -> str:
    if operation.result is None:
        return ""
    given = (
        answer.example for answer in successes if examples.fits(answer.example, operation.result, facts.declarations)
    )
    value = next(given, examples.sample(operation.result, facts.declarations))
    return "" if isinstance(value, Absent) else examples.json_text(value)


def _errors(operation: Operation, links: Links) -> Table:
    raised = tuple(response for response in operation.responses if response.error is not None)
    rows = tuple(
        (
            exception(response, operation, links.errors),
            response.status,
            bodies(response, links),
            markdown.brief(response.description) or meaning(response.status),
        )
        for response in raised
    )
    told = markdown.notes((response.status, response.description) for response in raised)
    return Table(("Exception", "Status", "Body", "Description"), rows, told)
