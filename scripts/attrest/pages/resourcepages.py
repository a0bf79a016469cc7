"""The pages of resources, operation by operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from attrest.code.requestcode import call_fields, rate
from attrest.ir import Absent, Alternative, Operation, Resource, Response
from attrest.pages import examples, markdown
from attrest.pages.docfacts import (
    OPTIONAL,
    REQUIRED,
    Facts,
    bodies,
    described,
    entry,
    exception,
    field_table,
    meaning,
    place,
    returned,
)
from attrest.pages.doclinks import Links
from attrest.pages.markdown import Table
from attrest.pages.snippets import Call, Usage


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
    usage: Usage
    pages: Usage | None
    parameters: Table
    result: str
    forms: tuple[FormPart, ...]
    responses: Table
    headers: Table
    json: str
    errors: Table


@attrs.frozen(kw_only=True)
class ResourcePage:
    """A resource."""

    name: str
    description: str
    operations: tuple[OperationPart, ...]


def resource_page(resource: Resource, facts: Facts) -> ResourcePage:
    """Return what the page of a resource says."""
    return ResourcePage(
        name=resource.class_name,
        description=markdown.prose(resource.description),
        operations=tuple(_part(Call(resource=resource, operation=each), facts) for each in resource.operations),
    )


def _part(call: Call, facts: Facts) -> OperationPart:
    operation = call.operation
    links = facts.links("../../")
    successes = tuple(response for response in operation.responses if response.error is None)
    return OperationPart(
        name=operation.name,
        entry=entry(f"[{operation.name}](#{facts.places.operations[call.resource.name, operation.name]})", operation),
        description=_description(operation),
        facts=tuple(_facts(operation, links)),
        usage=facts.programs.call(call),
        pages=facts.programs.pages(call, operation.pagination) if operation.pagination is not None else None,
        parameters=_parameters(operation, links),
        result=returned(operation.delivery, operation.result, links),
        forms=tuple(_form(call, alternative, facts) for alternative in operation.alternatives),
        responses=_responses(successes, links),
        headers=_headers(operation, links),
        json=_answer(operation, successes, facts),
        errors=_errors(operation, links),
    )


def _form(call: Call, alternative: Alternative, facts: Facts) -> FormPart:
    return FormPart(
        method=markdown.code(alternative.method),
        asked=", ".join(map(markdown.code, alternative.media_types)),
        result=returned(alternative.delivery, alternative.result, facts.links("../../")),
        usage=facts.programs.alternative(call, alternative),
    )


def _description(operation: Operation) -> str:
    texts = (markdown.prose(operation.summary), markdown.prose(operation.description))
    both = "\n\n".join(text for text in dict.fromkeys(texts) if text)
    return described(both, deprecated=operation.deprecated, render=lambda text: text or "")


def _facts(operation: Operation, links: Links) -> Iterator[str]:
    yield f"Sends {markdown.code(f'{operation.method} {operation.path}')}"
    yield f"Request: {links.model(operation.request)}"
    if operation.security:
        alternatives = (" and ".join(map(markdown.code, names)) or "none" for names in operation.security)
        yield f"{links.index('Authentication', 'authentication')}: {' or '.join(alternatives)}"
    if operation.rate_limit is not None:
        yield f"Rate limit: {rate(operation.rate_limit)}"
    if operation.server is not None:
        yield f"Server: {markdown.code(operation.server)}"
    yield f"Described at {place(operation.pointer, operation.location, links)}"


def _parameters(operation: Operation, links: Links) -> Table:
    table = field_table(call_fields(operation), "Parameter", links)
    options = (
        "`options`",
        links.index("Options", "options"),
        OPTIONAL,
        "Settings for this call only.",
        "",
    )
    return Table(table.columns, (*table.rows, options[: len(table.columns)]))


def _responses(successes: Iterable[Response], links: Links) -> Table:
    rows = tuple(
        (
            response.status,
            ", ".join(dict.fromkeys(markdown.code(content.content_type) for content in response.contents)),
            bodies(response, links),
            markdown.cell(response.description),
        )
        for response in successes
    )
    return Table(("Status", "Content type", "Body", "Description"), rows).without_empty("Content type", "Body")


def _headers(operation: Operation, links: Links) -> Table:
    headers = operation.headers.headers if operation.headers else ()
    rows = tuple(
        (
            markdown.code(header.name),
            markdown.code(header.wire_name),
            links.type(header.type),
            REQUIRED if header.required else OPTIONAL,
            described(header.description, deprecated=header.deprecated, render=markdown.cell),
        )
        for header in headers
    )
    columns = ("Header", "Wire name", "Type", "Required", "Description")
    return Table(columns, rows).without_empty("Description")


def _answer(operation: Operation, successes: Iterable[Response], facts: Facts) -> str:
    if operation.result is None:
        return ""
    given = (
        answer.example for answer in successes if examples.fits(answer.example, operation.result, facts.declarations)
    )
    value = next(given, examples.sample(operation.result, facts.declarations))
    return "" if isinstance(value, Absent) else examples.json_text(value)


def _errors(operation: Operation, links: Links) -> Table:
    rows = tuple(
        (
            exception(response, operation, links.errors),
            response.status,
            bodies(response, links),
            markdown.cell(response.description) or meaning(response.status),
        )
        for response in operation.responses
        if response.error is not None
    )
    return Table(("Exception", "Status", "Body", "Description"), rows)
