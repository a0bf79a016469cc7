"""Resource modules, and the client, as their templates lay them out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

import attrs

from attrest.code import importing, limits, literals, packagecode, readers
from attrest.code.earlier import EarlierImport, EarlierName, EarlierNames
from attrest.code.modelcode import deprecation
from attrest.code.requestcode import about, call_fields, default_value, sentence, told
from attrest.code.servercode import is_whole, variable_servers
from attrest.code.spelling import Spelling
from attrest.ir import (
    Absent,
    Alternative,
    Api,
    Delivery,
    Field,
    Json,
    Link,
    Operation,
    Resource,
    Response,
    SecurityScheme,
)
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
class OverloadCode:
    """One way to call a method."""

    arguments: tuple[str, ...]
    """As of the method."""
    deprecation: str = ""
    """What type checkers say to those who call it so, as a literal; empty where they say nothing."""


@attrs.frozen(kw_only=True)
class MethodCode:
    """One method, which sends one request."""

    name: str
    request: str
    arguments: tuple[str, ...]
    """Name, annotation and default."""
    overloads: tuple[OverloadCode, ...]
    """The ways to call it; none where there is no other than with its own arguments."""
    earlier: tuple[EarlierName, ...]
    """Earlier names of its arguments."""
    passed: tuple[str, ...]
    alternative: str
    """The form of the answer that it asks for, as the request's attribute; empty for the preferred one."""
    result: str
    documentation: str
    iterator: IteratorCode | None
    """None for a method that returns an answer."""
    deprecation: str
    """What a warning says to those who call it, as a literal; empty where it is not deprecated."""
    deprecated_arguments: tuple[str, ...]
    """The arguments that warn those who pass them, as literals; none where calling the method warns already."""


@attrs.frozen(kw_only=True)
class ResourceModule:
    """One module of the package ``resources``."""

    name: str
    source: str
    summary: str
    class_name: str
    documentation: str
    directives: tuple[str, ...]
    """Comments for type checkers."""
    methods: tuple[MethodCode, ...]
    imports: tuple[str, ...]
    local_imports: tuple[str, ...]
    runtime_imports: tuple[str, ...]
    """The imports of the modules of the runtime that are used while the program runs."""
    has_overloads: bool
    moved: tuple[EarlierImport, ...]
    """What it had in earlier releases."""


@attrs.frozen(kw_only=True)
class CredentialCode:
    """One credential of the client."""

    argument: str
    """Empty for one that comes with the transport."""
    annotations: Mapping[str, str]
    """By what the client's class begins with: empty, or ``Async``."""
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
    has_server_classes: bool
    """Whether a server has variables, so that a class takes their values."""
    has_own_servers: bool
    """Whether operations have servers of their own."""
    arguments: str
    """Documentation of what a client is made with."""
    credentials: tuple[CredentialCode, ...]
    resources: tuple[tuple[str, str, str, str], ...]
    """Attribute, module, class, documentation."""
    renamed: tuple[tuple[EarlierName, str], ...]
    """An earlier attribute, and the class of what it leads to."""


def resource_modules(api: Api) -> tuple[ResourceModule, ...]:
    """Return every module of the package ``resources``."""
    writer = _Writer(
        Spelling(api.declarations),
        {
            each.request: f"client.{resource.name}.{each.name}"
            for resource in api.resources
            for each in resource.operations
        },
        EarlierNames(api),
    )
    return tuple(_resource_module(api, writer, resource) for resource in api.resources)


@attrs.frozen
class _Writer:
    """What the methods of all resources are written with."""

    spelling: Spelling
    calls: Mapping[str, str]
    """How each operation is called, by its request class."""
    earlier: EarlierNames


def _resource_module(api: Api, writer: _Writer, resource: Resource) -> ResourceModule:
    spelling = writer.spelling
    methods = [code for operation in resource.operations for code in _methods(writer, operation)]
    methods += _under_earlier_names(writer, resource, methods)
    has_overloads = any(method.overloads for method in methods)
    expressions = [part for method in methods for part in (*method.arguments, method.result)]
    expressions += [method.iterator.types for method in methods if method.iterator]
    words = importing.mentioned(expressions)
    modules = frozenset(method.iterator.module for method in methods if method.iterator)
    is_marked = has_overloads or any(method.deprecation or method.deprecated_arguments for method in methods)
    modules |= {"_deprecation"} if is_marked else frozenset[str]()
    moved = writer.earlier.imports(f"resources.{resource.module}")
    modules |= {"_renaming"} if has_overloads or moved else frozenset[str]()
    description = told(resource.summary, resource.description) or f"The operations tagged {resource.tag}."
    return ResourceModule(
        name=resource.module,
        source=api.source,
        summary=f"The operations tagged {resource.tag}.",
        class_name=resource.class_name,
        documentation=description,
        directives=importing.directives(spelling, words),
        methods=tuple(methods),
        imports=importing.standard(words),
        local_imports=importing.runtime(words, ".._runtime")
        + importing.siblings(spelling, words, inside=None, package="..models."),
        runtime_imports=importing.runtime(modules, ".._runtime"),
        has_overloads=has_overloads,
        moved=moved,
    )


def _methods(writer: _Writer, operation: Operation) -> Iterator[MethodCode]:
    spelling, fields = writer.spelling, call_fields(operation)
    earlier = writer.earlier.of("parameter", operation.request)
    method = MethodCode(
        name=operation.name,
        request=operation.request,
        arguments=tuple(_signature(spelling, field) for field in fields),
        overloads=_overloads(spelling, fields, earlier),
        earlier=earlier,
        passed=tuple(f"{field.name}={field.name}" for field in fields),
        alternative="",
        result=readers.annotation(spelling, "whole", operation.result),
        documentation=_documentation(operation, writer),
        iterator=_stream(spelling, operation.delivery, operation.result, "options"),
        deprecation=deprecation(operation.name) if operation.deprecated else "",
        deprecated_arguments=() if operation.deprecated else tuple(_deprecated_arguments(fields)),
    )
    yield method
    if operation.pagination is not None:
        yield attrs.evolve(
            method,
            name=operation.pagination.method,
            deprecation=deprecation(operation.pagination.method) if operation.deprecated else "",
            iterator=_pages(method.result, spelling.annotation(operation.pagination.item_type)),
            documentation=_iterator_documentation(operation, operation.pagination.cursor, writer),
        )
    for alternative in operation.alternatives:
        attribute = f"_request.{alternative.attribute}"
        yield attrs.evolve(
            method,
            name=alternative.method,
            deprecation=deprecation(alternative.method) if operation.deprecated else "",
            alternative=alternative.attribute,
            result=readers.annotation(spelling, "whole", alternative.result),
            documentation=_alternative_documentation(operation, alternative, writer),
            iterator=_stream(spelling, alternative.delivery, alternative.result, f"options, {attribute}"),
        )


def _under_earlier_names(writer: _Writer, resource: Resource, methods: Iterable[MethodCode]) -> list[MethodCode]:
    """Return methods again, deprecated, under the names that they had in earlier releases."""
    by_name = {method.name: method for method in methods}
    return [
        attrs.evolve(
            by_name[each.new],
            name=each.old,
            documentation=f"As ``{each.new}``, which this was renamed to.",
            deprecation=each.message,
            deprecated_arguments=(),
        )
        for each in writer.earlier.of("method", resource.name)
    ]


def _deprecated_arguments(fields: Iterable[Field]) -> Iterator[str]:
    """Give the arguments that a caller can do without, and should."""
    for field in fields:
        if field.deprecated and not field.required:
            yield literals.string(field.name)


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


def _overloads(spelling: Spelling, fields: Iterable[Field], earlier: Iterable[EarlierName]) -> tuple[OverloadCode, ...]:
    """Return the ways to call a method: by the names of its arguments, or with one of them under an earlier name."""
    signatures = {field.name: _signature(spelling, field) for field in fields}
    given = {field.name: _annotation(spelling, field) for field in fields}
    ways = [
        OverloadCode(
            arguments=tuple((signatures | {each.new: f"{each.old}: {given[each.new]}"}).values()),
            deprecation=each.message,
        )
        for each in earlier
    ]
    return (OverloadCode(arguments=tuple(signatures.values())), *ways) if ways else ()


def _signature(spelling: Spelling, field: Field) -> str:
    value = default_value(field)
    return f"{field.name}: {_annotation(spelling, field)}" + (f" = {value}" if value else "")


def _annotation(spelling: Spelling, field: Field) -> str:
    return spelling.argument(field.type, required=default_value(field) != "None", text_for_times=True)


def _documentation(operation: Operation, writer: _Writer) -> str:
    parts = [
        about(operation),
        *_returned(operation.delivery),
        *_arguments(operation, writer),
        *_raises(operation),
    ]
    return "\n\n".join([*parts, *_next(operation, writer.calls)])


def _next(operation: Operation, calls: Mapping[str, str]) -> list[str]:
    """Return what can be called with what an answer holds."""
    lines = [_link(link, calls) for response in operation.responses for link in response.links]
    return ["\n".join(["What next:", *dict.fromkeys(lines)])] if lines else []


def _link(link: Link, calls: Mapping[str, str]) -> str:
    target = f"``{calls[link.operation]}``" if link.operation else f"{link.target}, which is not part of this client"
    taken = [f"{parameter.name} = {value_text(parameter.value)}" for parameter in link.parameters]
    taken += [f"body = {value_text(link.body)}"] if not isinstance(link.body, Absent) else []
    with_ = f" with {', '.join(taken)}" if taken else ""
    told = f" {' '.join(link.description.split())}" if link.description else ""
    return f"    {link.name}: {target}{with_}.{told}"


def value_text(value: Json) -> str:
    """Return a constant or a runtime expression of a link as text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _alternative_documentation(operation: Operation, alternative: Alternative, writer: _Writer) -> str:
    asked = literals.plain(", ".join(alternative.media_types))
    told = f"As ``{operation.name}``, but ask for ``{asked}``."
    parts = [told, *_returned(alternative.delivery), *_arguments(operation, writer), *_raises(operation)]
    return "\n\n".join(parts)


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


def _iterator_documentation(operation: Operation, cursor: str, writer: _Writer) -> str:
    told = f"Iterate over all items of ``{operation.name}``, fetching page after page as they are needed."
    resuming = f"Its ``cursor`` says where to go on later: pass it as ``{cursor}``."
    waiting = "    poll: Seconds to wait for more when the service has no more for now; None ends there."
    arguments = _arguments(operation, writer)
    parts = [f"{arguments[0]}\n{waiting}" if arguments else f"Args:\n{waiting}"]
    return "\n\n".join([told, resuming, *parts, *_raises(operation)])


def _arguments(operation: Operation, writer: _Writer) -> list[str]:
    before = {each.new: each.old for each in writer.earlier.of("parameter", operation.request)}
    lines = [_argument_line(field, before.get(field.name), writer.spelling) for field in call_fields(operation)]
    lines.append("    options: What differs for this call: timeouts, retries, headers.")
    return ["\n".join(["Args:", *lines])]


def _argument_line(field: Field, earlier: str | None, spelling: Spelling) -> str:
    described = " ".join((field.description or "").split())
    limit = limits.in_words(spelling, field.type, field.constraints)
    parts = (
        [described]
        + ([f"{limit[:1].upper()}{limit[1:]}."] if limit else [])
        + (["Deprecated."] if field.deprecated else [])
        + ([f"``{earlier}``, which it was renamed from, is deprecated."] if earlier else [])
    )
    return f"    {field.name}: {' '.join(part for part in parts if part)}".rstrip().rstrip(":")


def _raises(operation: Operation) -> list[str]:
    lines = [_raised(response) for response in operation.responses if response.error]
    return ["\n".join(["Raises:", *dict.fromkeys(lines)])] if lines else []


def _raised(response: Response) -> str:
    return f"    {response.error}: {' '.join((response.description or response.status).split())}"


def client_module(api: Api) -> ClientModule:
    """Return the module ``client``."""
    names, classes = [server.name for server in api.servers], variable_servers(api)
    return ClientModule(
        source=api.source,
        title=literals.plain(api.title),
        name=api.client,
        documentation="\n\n".join([f"The clients of {api.title}.", *([api.description] if api.description else [])]),
        prefix=literals.string(api.package.upper()),
        user_agent=literals.string(f"{api.distribution}/{packagecode.version(api.version)}"),
        servers=tuple((literals.string(server.name), literals.string(server.url)) for server in api.servers),
        server_annotation=" | ".join(
            (
                f"Literal[{', '.join(map(literals.string, names))}]",
                "str",
                *(("_servers.Server",) if classes else ()),
                "None",
            )
        ),
        has_server_classes=bool(classes),
        has_own_servers=any(operation.servers for operation in api.operations),
        arguments=_client_arguments(api),
        credentials=tuple(map(_credential, api.security_schemes)),
        resources=tuple(
            (
                each.name,
                each.module,
                each.class_name,
                told(each.summary, each.description) or each.tag.strip() or each.name,
            )
            for each in api.resources
        ),
        renamed=tuple(
            (each, resource.class_name)
            for each in EarlierNames(api).of("resource")
            for resource in api.resources
            if each.new == resource.name
        ),
    )


def _credential(scheme: SecurityScheme) -> CredentialCode:
    name = literals.string(scheme.wire_name)
    shared = f"{name}, argument={literals.string(scheme.argument)}, environment={literals.string(scheme.environment)}"
    given = f"{shared}, value={scheme.argument}"
    sync = asynchronous = "str"
    match scheme.kind:
        case "basic":
            sync = asynchronous = "str | tuple[str, str]"
            expression = f"_auth.basic({given})"
        case "api-key":
            place = f"location={literals.string(scheme.location)}, parameter={literals.string(scheme.parameter)}"
            expression = f"_auth.api_key({given}, {place})"
        case "http":
            expression = f"_auth.http({given}, kind={literals.string(scheme.http_scheme)})"
        case "mutual-tls":
            expression = f"_auth.certificate({name}, transport)"
        case _:
            sync, asynchronous = "_auth.Token", "_auth.AsyncToken"
            url = token_url(scheme)
            expression = f"_auth.bearer({given}{f', token_url={literals.string(url)}' if url else ''})"
    return CredentialCode(
        argument=scheme.argument if has_argument(scheme) else "",
        annotations={"": f"{sync} | None", "Async": f"{asynchronous} | None"},
        expression=expression,
    )


def has_argument(scheme: SecurityScheme) -> bool:
    """Return whether the client has an argument for a scheme; what the transport does needs none."""
    return scheme.kind != "mutual-tls"


def token_url(scheme: SecurityScheme) -> str | None:
    """Return where a program gets tokens by itself; None where the description does not say."""
    return next((flow.token_url for flow in scheme.flows if flow.kind == "client-credentials"), None)


def _client_arguments(api: Api) -> str:
    prefix, names = api.package.upper(), [server.name for server in api.servers]
    credentials = [_credential_line(scheme) for scheme in api.security_schemes if has_argument(scheme)]
    otherwise = f", else {names[0]}" if is_whole(api.servers[0]) else " has to say it"
    lines = [
        "Make a client; it connects when it sends.\n",
        "Args:",
        *credentials,
        f"    server: {_server_forms(api)}. Where it is None, {prefix}_SERVER{otherwise}.",
        "    timeout: How long a call may take, retries included; a number is the total in seconds.",
        "    retries: When to send again what failed.",
        "    headers: Headers to add to every request.",
        "    transport: What sends the requests; where it is None, httpx2 does.\n",
        "Raises:",
        "    ConfigurationError: There is no such server, or a setting makes no sense.",
    ]
    return "\n".join(lines)


def _server_forms(api: Api) -> str:
    names = f"One of {', '.join(server.name for server in api.servers)}"
    classes = [f"servers.{server.class_name}" for server in variable_servers(api)]
    return (
        f"{names}, a URL, or {' or '.join(classes)} with values for its variables" if classes else f"{names}, or a URL"
    )


def _credential_line(scheme: SecurityScheme) -> str:
    about_it = sentence(literals.summary(scheme.description or f"The credential for {scheme.wire_name}."))
    return f"    {scheme.argument}: {' '.join((about_it, *_forms(scheme)))} Where it is None, {scheme.environment}."


def _forms(scheme: SecurityScheme) -> list[str]:
    """Return what else than a text a credential can be."""
    match scheme.kind:
        case "basic":
            return ["User and password, as a pair or with a colon between them."]
        case "oauth2" if token_url(scheme):
            return ["A token, a function that returns one, or ClientCredentials."]
        case "bearer" | "oauth2" | "openid":
            return ["A token, or a function that returns one."]
        case _:
            return []
