"""Resource modules, and the client, as their templates lay them out."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from attrest.code import importing, limits, literals, packagecode, readers
from attrest.code.requestcode import about, call_fields
from attrest.code.spelling import Spelling
from attrest.ir import Alternative, Api, Delivery, Field, Operation, Resource, Response, SecurityScheme
from attrest.typerefs import TypeRef


@attrs.frozen(kw_only=True)
class IteratorCode:
    """What a method returns that sends its request when it is iterated over."""

    module: str
    """The module of the runtime."""
    class_name: str
    """The class; the one of the asynchronous client is ``Async`` and this."""
    types: str
    """Its type arguments."""
    arguments: str
    """What it is made with, behind the client and the request."""
    parameters: tuple[str, ...] = ()
    """Parameters that the method has behind ``options``."""


@attrs.frozen(kw_only=True)
class MethodCode:
    """One method, which sends one request."""

    name: str
    request: str
    arguments: tuple[str, ...]
    """Name, annotation and default."""
    passed: tuple[str, ...]
    alternative: str
    """The form of the answer that it asks for, as the request's attribute; empty for the preferred one."""
    result: str
    documentation: str
    iterator: IteratorCode | None
    """None for a method that returns an answer."""
    deprecated: bool


@attrs.frozen(kw_only=True)
class ResourceModule:
    """One module of the package ``resources``."""

    name: str
    source: str
    summary: str
    class_name: str
    documentation: str
    methods: tuple[MethodCode, ...]
    imports: tuple[str, ...]
    local_imports: tuple[str, ...]
    iterators: tuple[str, ...]
    """The imports of the modules whose iterators are used."""


@attrs.frozen(kw_only=True)
class CredentialCode:
    """One credential of the client."""

    argument: str
    annotation: str
    expression: str


@attrs.frozen(kw_only=True)
class ClientModule:
    """The module ``client``."""

    source: str
    title: str
    name: str
    documentation: str
    prefix: str
    user_agent: str
    servers: tuple[tuple[str, str], ...]
    server_annotation: str
    arguments: str
    """Documentation of what a client is made with."""
    credentials: tuple[CredentialCode, ...]
    resources: tuple[tuple[str, str, str, str], ...]
    """Attribute, module, class, documentation."""


def resource_modules(api: Api) -> tuple[ResourceModule, ...]:
    """Return every module of the package ``resources``."""
    spelling = Spelling(api.declarations)
    return tuple(_resource_module(api, spelling, resource) for resource in api.resources)


def _resource_module(api: Api, spelling: Spelling, resource: Resource) -> ResourceModule:
    methods = [code for operation in resource.operations for code in _methods(spelling, operation)]
    expressions = [part for method in methods for part in (*method.arguments, method.result)]
    expressions += [method.iterator.types for method in methods if method.iterator]
    words = importing.mentioned(expressions)
    iterators = frozenset(method.iterator.module for method in methods if method.iterator)
    description = resource.description or f"The operations tagged {resource.tag}."
    return ResourceModule(
        name=resource.module,
        source=api.source,
        summary=f"The operations tagged {resource.tag}.",
        class_name=resource.class_name,
        documentation=description,
        methods=tuple(methods),
        imports=importing.standard(words),
        local_imports=importing.runtime(words, ".._runtime")
        + importing.siblings(spelling, words, inside=None, package="..models."),
        iterators=importing.runtime(iterators, ".._runtime"),
    )


def _methods(spelling: Spelling, operation: Operation) -> Iterator[MethodCode]:
    fields = call_fields(operation)
    method = MethodCode(
        name=operation.name,
        request=operation.request,
        arguments=tuple(_signature(spelling, field) for field in fields),
        passed=tuple(f"{field.name}={field.name}" for field in fields),
        alternative="",
        result=readers.annotation(spelling, "whole", operation.result),
        documentation=_documentation(operation),
        iterator=_stream(spelling, operation.delivery, operation.result, "options"),
        deprecated=operation.deprecated,
    )
    yield method
    if operation.pagination is not None:
        yield attrs.evolve(
            method,
            name=operation.pagination.method,
            iterator=_pages(method.result, spelling.annotation(operation.pagination.item_type)),
            documentation=_iterator_documentation(operation, operation.pagination.cursor),
        )
    for alternative in operation.alternatives:
        attribute = f"_request.{alternative.attribute}"
        yield attrs.evolve(
            method,
            name=alternative.method,
            alternative=alternative.attribute,
            result=readers.annotation(spelling, "whole", alternative.result),
            documentation=_alternative_documentation(operation, alternative),
            iterator=_stream(spelling, alternative.delivery, alternative.result, f"options, {attribute}"),
        )


def _pages(answer: str, item: str) -> IteratorCode:
    return IteratorCode(
        module="_pagination",
        class_name="Pages",
        types=f"{answer}, {item}",
        arguments="_request.pagination, options, poll",
        parameters=("poll: float | None = None",),
    )


def _stream(spelling: Spelling, delivery: Delivery, item: TypeRef | None, arguments: str) -> IteratorCode | None:
    if delivery == "whole":
        return None
    return IteratorCode(
        module="_streams",
        class_name="EventStream" if delivery == "event-stream" else "JsonLines",
        types=readers.annotation(spelling, "whole", item),
        arguments=arguments,
    )


def _signature(spelling: Spelling, field: Field) -> str:
    annotation = spelling.argument(field.type, required=field.required, text_for_times=True)
    return f"{field.name}: {annotation}" if field.required else f"{field.name}: {annotation} = None"


def _documentation(operation: Operation) -> str:
    parts = [about(operation), *_returned(operation.delivery), *_arguments(operation), *_raises(operation)]
    return "\n\n".join(parts)


def _alternative_documentation(operation: Operation, alternative: Alternative) -> str:
    asked = literals.plain(", ".join(alternative.media_types))
    told = f"As ``{operation.name}``, but ask for ``{asked}``."
    return "\n\n".join([told, *_returned(alternative.delivery), *_arguments(operation), *_raises(operation)])


def _returned(delivery: Delivery) -> list[str]:
    """Say what a method does that returns a stream."""
    if delivery == "whole":
        return []
    items = "events" if delivery == "event-stream" else "values"
    told = (
        f"Returns the {items} as they arrive, to be iterated over in a with statement. The request is sent at its "
        "beginning, which is where errors of the service are raised."
    )
    return [told]


def _iterator_documentation(operation: Operation, cursor: str) -> str:
    told = f"Iterate over all items of ``{operation.name}``, fetching page after page as they are needed."
    resuming = f"Its ``cursor`` says where to go on later: pass it as ``{cursor}``."
    waiting = "    poll: Seconds to wait for more when the service has no more for now; None ends there."
    arguments = _arguments(operation)
    parts = [f"{arguments[0]}\n{waiting}" if arguments else f"Args:\n{waiting}"]
    return "\n\n".join([told, resuming, *parts, *_raises(operation)])


def _arguments(operation: Operation) -> list[str]:
    lines = [_argument_line(field) for field in call_fields(operation)]
    lines.append("    options: What differs for this call: timeouts, retries, headers.")
    return ["\n".join(["Args:", *lines])]


def _argument_line(field: Field) -> str:
    described = " ".join((field.description or "").split())
    limit = limits.in_words(field.constraints)
    told = (
        [described]
        + ([f"{limit[:1].upper()}{limit[1:]}."] if limit else [])
        + (["Deprecated."] if field.deprecated else [])
    )
    return f"    {field.name}: {' '.join(part for part in told if part)}".rstrip().rstrip(":")


def _raises(operation: Operation) -> list[str]:
    lines = [_raised(response) for response in operation.responses if response.error]
    return ["\n".join(["Raises:", *dict.fromkeys(lines)])] if lines else []


def _raised(response: Response) -> str:
    return f"    {response.error}: {' '.join((response.description or response.status).split())}"


def client_module(api: Api) -> ClientModule:
    """Return the module ``client``."""
    names = [server.name for server in api.servers]
    return ClientModule(
        source=api.source,
        title=literals.plain(api.title),
        name=api.client,
        documentation="\n\n".join([f"The clients of {api.title}.", *([api.description] if api.description else [])]),
        prefix=literals.string(api.package.upper()),
        user_agent=literals.string(f"{api.distribution}/{packagecode.version(api.version)}"),
        servers=tuple((literals.string(server.name), literals.string(server.url)) for server in api.servers),
        server_annotation=f"Literal[{', '.join(map(literals.string, names))}] | str | None",
        arguments=_client_arguments(api),
        credentials=tuple(_credential(scheme) for scheme in api.security_schemes if _has_argument(scheme)),
        resources=tuple(
            (each.name, each.module, each.class_name, each.description or each.tag.strip() or each.name)
            for each in api.resources
        ),
    )


def _has_argument(scheme: SecurityScheme) -> bool:
    return scheme.kind in {"bearer", "oauth2", "openid", "basic", "api-key"}


def _credential(scheme: SecurityScheme) -> CredentialCode:
    name = literals.string(scheme.wire_name)
    shared = f"{name}, argument={literals.string(scheme.argument)}, environment={literals.string(scheme.environment)}"
    given = f"{shared}, value={scheme.argument}"
    match scheme.kind:
        case "basic":
            annotation, expression = "str | tuple[str, str] | None", f"_auth.basic({given})"
        case "api-key":
            place = f"location={literals.string(scheme.location)}, parameter={literals.string(scheme.parameter)}"
            annotation, expression = "str | None", f"_auth.api_key({given}, {place})"
        case _:
            annotation, expression = "str | None", f"_auth.bearer({given})"
    return CredentialCode(argument=scheme.argument, annotation=annotation, expression=expression)


def _client_arguments(api: Api) -> str:
    prefix, names = api.package.upper(), [server.name for server in api.servers]
    credentials = [_credential_line(scheme) for scheme in api.security_schemes if _has_argument(scheme)]
    lines = [
        "Make a client; it connects when it sends.\n",
        "Args:",
        *credentials,
        f"    server: One of {', '.join(names)}, or a URL. Where it is None, {prefix}_SERVER, else {names[0]}.",
        "    timeout: How long a call may take, retries included; a number is the total in seconds.",
        "    retries: When to send again what failed.",
        "    headers: Headers to add to every request.",
        "    transport: What sends the requests; where it is None, httpx2 does.\n",
        "Raises:",
        "    ConfigurationError: There is no such server, or a setting makes no sense.",
    ]
    return "\n".join(lines)


def _credential_line(scheme: SecurityScheme) -> str:
    told = literals.summary(scheme.description or f"The credential for {scheme.wire_name}.")
    return f"    {scheme.argument}: {told} Where it is None, {scheme.environment}."
