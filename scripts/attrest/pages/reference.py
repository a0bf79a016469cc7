"""The reference pages: which there are, and what each of them says; templates only lay it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from attrest.code import multipart
from attrest.code.servercode import variable_servers
from attrest.ir import ABSENT, Alias, Api, Declaration, Enum, Model, Pagination
from attrest.pages import markdown
from attrest.pages.authpages import AuthenticationPart, authentication
from attrest.pages.docfacts import Facts, bodies, entry, exception, meaning
from attrest.pages.doclinks import EVENTS
from attrest.pages.eventpages import events_page
from attrest.pages.markdown import Table
from attrest.pages.modelpages import alias_page, enum_page, model_page, request_page
from attrest.pages.resourcepages import resource_page
from attrest.pages.snippets import Call, Usage

_CONTENTS = (
    "Summary",
    "Installation",
    "Example Usage",
    "Available Resources and Operations",
    "Webhooks and Callbacks",
    "Pagination",
    "Retries",
    "Timeouts",
    "Error Handling",
    "Server Selection",
    "Authentication",
    "Options",
    "Custom Transport",
    "Raw Responses",
    "Streaming",
    "Files",
    "Resource Management",
    "Debugging",
)


@attrs.frozen(kw_only=True)
class Page:
    """One generated page."""

    path: str
    """Relative to the output folder."""
    template: str
    """Relative to the folder of templates."""
    context: Mapping[str, Any]


@attrs.frozen(kw_only=True)
class ErrorsPage:
    """The errors that calls raise."""

    package: str
    statuses: Table
    handling: Usage | None


@attrs.frozen(kw_only=True)
class ModelsPage:
    """The list of all models."""

    package: str
    models: Table


@attrs.frozen(kw_only=True)
class ListedResource:
    """A resource as the index lists it."""

    link: str
    description: str
    operations: tuple[str, ...]


@attrs.frozen(kw_only=True)
class IndexWalk:
    """A walk over the items of all pages."""

    whole: Usage
    resumed: Usage
    cursor: str
    """The parameter that takes the cursor."""


@attrs.frozen(kw_only=True)
class IndexPrograms:
    """The programs that the index shows."""

    call: Usage
    walk: IndexWalk | None
    """None where no operation answers page by page."""
    handling: Usage
    raw: Usage
    stream: Usage
    retries: str
    options: str
    debugging: str


@attrs.frozen(kw_only=True)
class IndexPage:
    """The first page, and the package's own README."""

    title: str
    description: str
    version: str
    distribution: str
    package: str
    client: str
    prefix: str
    """What the names of the client's environment variables begin with."""
    contents: tuple[str, ...]
    resources: tuple[ListedResource, ...]
    events: tuple[str, ...]
    """Webhooks and callbacks, as a list."""
    servers: Table
    variables: Table
    """The variables of the URLs of servers, also of those that only some operations have."""
    server: str
    """A program that picks one."""
    transport: str
    """A program that sets up how requests are sent."""
    authentication: AuthenticationPart
    programs: IndexPrograms | None
    """None for an API without operations."""
    streams: bool
    """Whether a call returns items one by one, as they arrive."""
    file: str
    """A program that gives a file a name and a media type; empty where nothing takes a file."""
    parts: bool
    """Whether a body is sent in parts."""


def pages(api: Api) -> tuple[Page, ...]:
    """Return every page of an API's reference, and the package's README.

    Paths are relative to the output folder: ``docs/…`` and ``python/README.md``.
    """
    return tuple(_pages(Facts(api)))


def _pages(facts: Facts) -> Iterator[Page]:
    index = _index(facts)
    yield _page("docs/README.md", "docs/README.md.j2", index)
    yield _page("python/README.md", "package/README.md.j2", index)
    yield _page("docs/errors/README.md", "docs/errors.md.j2", _errors(facts))
    yield _page("docs/models/README.md", "docs/models.md.j2", _models(facts))
    if facts.api.events:
        yield _page(f"docs/{EVENTS}", "docs/events.md.j2", events_page(facts))
    for resource in facts.api.resources:
        path = f"docs/{facts.places.resources[resource.name]}"
        yield _page(path, "docs/resource.md.j2", resource_page(resource, facts))
    for call in facts.calls:
        yield _page(_model_path(call.operation.request, facts), "docs/model.md.j2", request_page(call, facts))
    for declaration in facts.api.declarations:
        yield _declaration(declaration, facts)


def _page(path: str, template: str, page: object) -> Page:
    return Page(path=path, template=template, context={"page": page})


def _model_path(name: str, facts: Facts) -> str:
    return f"docs/{facts.places.models[name]}"


def _declaration(declaration: Declaration, facts: Facts) -> Page:
    path = _model_path(declaration.name, facts)
    match declaration:
        case Model():
            return _page(path, "docs/model.md.j2", model_page(declaration, facts))
        case Enum():
            return _page(path, "docs/enum.md.j2", enum_page(declaration, facts))
        case Alias():
            return _page(path, "docs/alias.md.j2", alias_page(declaration, facts))


def _errors(facts: Facts) -> ErrorsPage:
    links = facts.links("../")
    call = _headline(facts)
    found: dict[tuple[str, str], dict[str, None]] = {}
    for operation in facts.api.operations:
        for response in operation.responses:
            if response.error is not None:
                raised = exception(response, operation, markdown.code)
                known = found.setdefault((response.status, raised), {})
                known.update(dict.fromkeys(filter(None, (bodies(response, links),))))
    rows = tuple(
        (raised, status, ", ".join(types), meaning(status)) for (status, raised), types in sorted(found.items())
    )
    return ErrorsPage(
        package=facts.api.package,
        statuses=Table(("Exception", "Status", "Body", "Meaning"), rows),
        handling=None if call is None else facts.programs.handling(call),
    )


def _models(facts: Facts) -> ModelsPage:
    links = facts.links("../")
    texts = {call.operation.request: call.operation.summary or call.operation.description for call in facts.calls}
    texts |= {declaration.name: declaration.description for declaration in facts.api.declarations}
    rows = tuple((links.model(name), markdown.first_sentence(texts[name])) for name in sorted(texts))
    return ModelsPage(package=facts.api.package, models=Table(("Name", "Description"), rows))


def _index(facts: Facts) -> IndexPage:
    api = facts.api
    return IndexPage(
        title=markdown.plain(api.title),
        description=markdown.prose(api.description),
        version=markdown.plain(api.version),
        distribution=api.distribution,
        package=api.package,
        client=api.client,
        prefix=api.package.upper(),
        contents=_contents(facts),
        resources=tuple(_listed(facts)),
        events=tuple(entry(facts.links("").model(event.class_name), event) for event in api.events),
        servers=_servers(api),
        variables=_variables(api),
        server=facts.programs.server(),
        transport=facts.programs.transport(),
        authentication=authentication(facts),
        programs=_programs(facts),
        streams=any(operation.has_streams for operation in api.operations),
        file=facts.programs.file() if facts.takes_files else "",
        parts=multipart.is_used(api),
    )


def _contents(facts: Facts) -> tuple[str, ...]:
    api = facts.api
    paginated = any(operation.pagination for operation in api.operations)
    absent = {
        *(() if paginated else ("Pagination",)),
        *(() if api.events else ("Webhooks and Callbacks",)),
        *(() if facts.takes_files else ("Files",)),
        *(() if api.security_schemes else ("Authentication",)),
    }
    listed = [heading for heading in _CONTENTS if heading not in absent]
    return tuple(
        markdown.link(heading, f"#{anchor}") for heading, anchor in zip(listed, markdown.anchors(listed), strict=True)
    )


def _listed(facts: Facts) -> Iterator[ListedResource]:
    links = facts.links("")
    for resource in facts.api.resources:
        yield ListedResource(
            link=links.resource(resource),
            description=markdown.first_sentence(resource.description),
            operations=tuple(entry(links.operation(resource, each, each.name), each) for each in resource.operations),
        )


def _servers(api: Api) -> Table:
    rows = tuple(
        (markdown.code(server.name), markdown.code(server.template or server.url), markdown.cell(server.description))
        for server in api.servers
    )
    return Table(("Name", "URL", "Description"), rows).without_empty("Description")


def _variables(api: Api) -> Table:
    rows = tuple(
        (
            markdown.code(f"servers.{server.class_name}"),
            markdown.code(variable.name),
            markdown.code(variable.default) if variable.default is not None else "",
            ", ".join(map(markdown.code, variable.values)),
            markdown.cell(variable.description),
        )
        for server in variable_servers(api)
        for variable in server.variables
    )
    return Table(("Class", "Variable", "Default", "Values", "Description"), rows).without_empty(
        "Default", "Values", "Description"
    )


def _headline(facts: Facts) -> Call | None:
    """Return the call that the index shows: the first with an example, or the first of all, streams aside."""
    calls = [call for call in facts.calls if call.operation.delivery == "whole"] or facts.calls
    exemplary = (call for call in calls if call.operation.example is not ABSENT)
    return next(exemplary, next(iter(calls), None))


def _programs(facts: Facts) -> IndexPrograms | None:
    call = _headline(facts)
    if call is None:
        return None
    programs = facts.programs
    return IndexPrograms(
        call=programs.call(call),
        walk=next(
            (_walk(each, each.operation.pagination, facts) for each in facts.calls if each.operation.pagination), None
        ),
        handling=programs.handling(call),
        raw=programs.raw(call),
        stream=programs.stream(call),
        retries=programs.retries(call),
        options=programs.options(call),
        debugging=programs.debugging(call),
    )


def _walk(call: Call, pagination: Pagination, facts: Facts) -> IndexWalk:
    return IndexWalk(
        whole=facts.programs.pages(call, pagination),
        resumed=facts.programs.resuming(call, pagination),
        cursor=pagination.cursor,
    )
