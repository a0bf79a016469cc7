"""Programs that show how a client is used, whole and ready to run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TypeGuard

import attrs

from attrest.code import literals
from attrest.code.requestcode import call_fields
from attrest.code.servercode import is_usable, is_whole
from attrest.ir import (
    Absent,
    Alias,
    Alternative,
    Api,
    Body,
    Delivery,
    Enum,
    Event,
    Field,
    Json,
    Model,
    Operation,
    Pagination,
    Resource,
    SecurityScheme,
    Server,
    ServerVariable,
    resolved,
)
from attrest.pages import bodyparts, examples, expressions, fitting, pythonvalues
from attrest.pages.expressions import Atom, Expression, Group, Import
from attrest.pages.fitting import Declarations
from attrest.pages.telling import telling_filter
from attrest.typerefs import ANY, TypeRef


@attrs.frozen(kw_only=True)
class Usage:
    """One program, for either client."""

    sync: str
    asynchronous: str


@attrs.frozen(kw_only=True)
class Call:
    """An operation with the resource that it is reached through."""

    resource: Resource
    operation: Operation

    @property
    def method(self) -> str:
        """The method as the client's user writes it."""
        return f"client.{self.resource.name}.{self.operation.name}"


@attrs.frozen
class Entered:
    """What a ``with`` statement enters, and what it is called inside."""

    name: str
    value: Expression


@attrs.frozen(kw_only=True)
class Writing:
    """Where the statements of a program stand, and what a call says there."""

    indent: int
    wait: str
    loop: str
    opening: str
    prefix: str
    """Begins the names of the classes that belong to it."""

    def line(self, text: str, deeper: int = 0) -> str:
        """Return a line as it stands in the program."""
        return f"{' ' * (self.indent + deeper)}{text}"

    def deeper(self) -> Writing:
        """Return the same for statements one level further in."""
        return attrs.evolve(self, indent=self.indent + 4)

    def entering(self, *entered: Entered) -> str:
        """Return the line above, or lines, of a ``with`` statement for what follows."""
        outer = attrs.evolve(self, indent=self.indent - 4)
        if len(entered) == 1:
            return outer.statement(f"{self.opening} ", entered[0].value, f" as {entered[0].name}:")
        inside = (outer.deeper().statement("", each.value, f" as {each.name},") for each in entered)
        return "\n".join((outer.line(f"{self.opening} ("), *inside, outer.line("):")))

    def statement(self, before: str, expression: Expression, after: str = "") -> str:
        """Return an expression with the text around it, on as many lines as it needs."""
        source = expressions.layout(expression, self.indent, len(before) + len(after))
        return self.line(f"{before}{source}{after}")

    def printing(self, called: Expression, delivery: Delivery, result: TypeRef | None) -> tuple[str, ...]:
        """Return statements that make a call and print what it returns."""
        if delivery != "whole":
            return (
                self.statement(f"{self.opening} ", called, " as stream:"),
                self.line(f"{self.loop} item in stream:", 4),
                self.line("print(item)", 8),
            )
        if result is None:
            return (self.statement(self.wait, called),)
        return (self.statement(f"result = {self.wait}", called), self.line("print(result)"))


_CERTIFICATE = ("certificate", Atom('("certificate.pem", "key.pem")'))
_ABOUT_THE_CALLER = ("401", "403")
_SYNC = Writing(indent=4, wait="", loop="for", opening="with", prefix="")
_ASYNC = Writing(indent=8, wait="await ", loop="async for", opening="async with", prefix="Async")


def request_values(operation: Operation, declarations: Declarations) -> dict[str, Json]:
    """Return a value by wire name for a call: the description's example, or sampled values.

    Sampled are what is required and a body that has a form; where there is nothing of that, the most telling filter.
    """
    given = fitting.json_object(operation.example) or {}
    needed = {field.wire_name for field in call_fields(operation) if field.required or field.wire_name in given}
    shown = needed | ({operation.body.field.wire_name} if _has_form(operation.body, declarations) else set[str]())
    fields = tuple(field for field in call_fields(operation) if field.wire_name in shown)
    if not fields and (filter_ := telling_filter(_filters(operation), declarations)):
        fields = (filter_,)
    in_path = {each.wire_name for each in operation.parameters if each.location == "path"}  # which is never empty
    sampled = examples.sample_fields(fields, declarations, filled=in_path)
    kept = {
        field.wire_name: examples.kept(given[field.wire_name], field.type, declarations, field.constraints)
        for field in fields
        if field.wire_name in given
    }
    values = sampled | {wire_name: value for wire_name, value in kept.items() if not isinstance(value, Absent)}
    return {
        wire_name: value for wire_name, value in values.items() if wire_name in needed or value not in examples.NOTHING
    }


def _has_form(body: Body | None, declarations: Declarations) -> TypeGuard[Body]:
    return body is not None and resolved(body.field.type, declarations) != ANY


def _filters(operation: Operation) -> Iterator[Field]:
    """Give the parameters that choose what an answer holds, but for the cursor, which only an answer tells."""
    cursor = operation.pagination.cursor if operation.pagination else ""
    yield from (each.field for each in operation.parameters if each.location == "query" and each.field.name != cursor)


@attrs.frozen
class Programs:
    """Writes the programs of one client."""

    api: Api
    declarations: Declarations

    def call(self, call: Call) -> Usage:
        """Return a program that makes a call and prints what it returns."""
        return self._printing(call.method, call.operation, call.operation.delivery, call.operation.result)

    def alternative(self, call: Call, alternative: Alternative) -> Usage:
        """Return a program that asks for another form of an answer and prints it."""
        method = f"client.{call.resource.name}.{alternative.method}"
        return self._printing(method, call.operation, alternative.delivery, alternative.result)

    def _printing(self, method: str, operation: Operation, delivery: Delivery, result: TypeRef | None) -> Usage:
        expression = self._call(method, operation)

        def body(writing: Writing) -> Iterable[str]:
            return writing.printing(expression, delivery, result)

        return self._usage(body, operation, expressions.imports(expression))

    def pages(self, call: Call, pagination: Pagination) -> Usage:
        """Return a program that prints every item of an operation that answers page by page."""
        expression = self._call(f"client.{call.resource.name}.{pagination.method}", call.operation)

        def body(writing: Writing) -> Iterable[str]:
            return (
                writing.statement(f"{writing.loop} item in ", expression, ":"),
                writing.line("print(item)", 4),
            )

        return self._usage(body, call.operation, expressions.imports(expression))

    def resuming(self, call: Call, pagination: Pagination) -> Usage:
        """Return a program that leaves a walk after its first page, keeps the cursor, and goes on from there."""
        method = f"client.{call.resource.name}.{pagination.method}"
        begun = self._call(method, call.operation)
        arguments = self._arguments(call.operation) | {pagination.cursor: Atom("cursor")}
        resumed = expressions.call(method, arguments.items())

        def body(writing: Writing) -> Iterable[str]:
            return (
                writing.statement("walk = ", begun),
                writing.line(f"{writing.loop} page in walk.pages():"),
                writing.line("print(page)", 4),
                writing.line("break", 4),
                writing.line("cursor = walk.cursor"),
                "",
                writing.statement(f"{writing.loop} item in ", resumed, ":"),
                writing.line("print(item)", 4),
            )

        return self._usage(body, call.operation, expressions.imports(begun) | expressions.imports(resumed))

    def handling(self, call: Call) -> Usage:
        """Return a program that tells the ways apart in which a call fails."""
        operation = call.operation
        expression = self._call(call.method, operation)
        declared = _declared_error(operation)

        def body(writing: Writing) -> Iterable[str]:
            return (
                writing.line("try:"),
                *writing.deeper().printing(expression, operation.delivery, operation.result),
                writing.line(f"except errors.{declared} as error:"),
                writing.line("print(error.status, error.request_id, error.body)", 4),
                writing.line("except errors.StatusError as error:"),
                writing.line("print(error.status, error.excerpt)", 4),
                writing.line("except errors.ApiError as error:"),
                writing.line('print("no answer that could be read:", error)', 4),
            )

        return self._usage(body, operation, expressions.imports(expression) | {Import("", "errors")})

    def raw(self, call: Call) -> Usage:
        """Return a program that looks at an answer as it came."""
        request = self.request(call.operation)

        def body(writing: Writing) -> Iterable[str]:
            return (
                writing.statement("request = ", request),
                writing.line(f"raw = {writing.wait}client.send_raw(request)"),
                writing.line("print(raw.status, raw.request_id, len(raw.content))"),
                writing.line("print(raw.parse())"),
            )

        return self._usage(body, call.operation, expressions.imports(request))

    def stream(self, call: Call) -> Usage:
        """Return a program that reads an answer piece by piece."""
        request = self.request(call.operation)

        def body(writing: Writing) -> Iterable[str]:
            return (
                writing.statement("request = ", request),
                writing.line(f"{writing.opening} client.stream(request) as response:"),
                writing.line(f"{writing.loop} piece in response:", 4),
                writing.line("print(response.status, len(piece))", 8),
            )

        return self._usage(body, call.operation, expressions.imports(request))

    def server(self) -> str:
        """Return a program that picks a server: the last of those that requests can be sent to."""
        server = next(filter(is_usable, reversed(self.api.servers)), None)
        given = () if server is None else (("server", self._chosen(server)),)
        return self._showing(Entered("client", self._constructed(*given)))

    def _chosen(self, server: Server) -> Expression:
        """Return what stands for a server: its name, or values for its variables, made up where there is no default."""
        if not server.class_name:
            return Atom(literals.string(server.name))
        values = ((each.name, Atom(literals.string(_value(each)))) for each in server.variables)
        return expressions.call(f"servers.{server.class_name}", values, {Import("", "servers")})

    def transport(self) -> str:
        """Return a program whose client checks certificates in its own way and uses a proxy."""
        settings = (
            ("verify", Atom("ssl.create_default_context()", frozenset({Import("ssl", "")}))),
            ("proxy", Atom(literals.string("http://proxy.example:3128"))),
        )
        return self._showing(*self._over(_transport(_SYNC, *settings)))

    def file(self) -> str:
        """Return a program that gives a file a name and a media type."""
        settings = (("content", Atom('b"%PDF-"')), ("filename", Atom('"report.pdf"')))
        made = expressions.call("File", (*settings, ("content_type", Atom('"application/pdf"'))), {Import("", "File")})
        body = (f"file = {expressions.layout(made, 0, len('file = '))}", "print(file)")
        return self._program(body, expressions.imports(made))

    def credentials(self, scheme: SecurityScheme) -> str:
        """Return a program whose client gets tokens by itself."""
        settings = (("client_id", Atom('"…"')), ("client_secret", Atom('"…"')))
        made = expressions.call("ClientCredentials", settings, {Import("", "ClientCredentials")})
        return self._showing(Entered("client", self._constructed((scheme.argument, made))))

    def certificate(self) -> str:
        """Return a program whose client shows a certificate to the service."""
        return self._showing(*self._over(_transport(_SYNC, _CERTIFICATE)))

    def retries(self, call: Call) -> str:
        """Return a program whose client repeats failed calls more often, and gives each a longer deadline."""
        retries = expressions.call("Retries", (("attempts", Atom("5")),), {Import("", "Retries")})
        settings = (("timeout", Atom("120.0")), ("retries", retries))
        return self._with(call, settings)

    def options(self, call: Call) -> str:
        """Return a program that gives one call a shorter deadline."""
        options = expressions.call("Options", (("timeout", Atom("10.0")),), {Import("", "Options")})
        return self._with(call, (), ("options", options))

    def debugging(self, call: Call) -> str:
        """Return a program that shows what a call sends."""
        request = self.request(call.operation)
        body = (f"request = {expressions.layout(request, 0, len('request = '))}", "print(request.to_http())")
        return self._program(body, expressions.imports(request))

    def reading(self, event: Event) -> str:
        """Return a function that takes a request of the service and prints what it carries."""
        what = "event.payload" if event.body else "event"
        body = (
            "def receive(body: bytes, headers: Mapping[str, str]) -> None:",
            f"    event = events.{event.parser}(body, headers)",
            f"    print({what})",
        )
        return self._program(body, frozenset({Import("", "events"), Import("collections.abc", "Mapping")}))

    def checking(self, event: Event) -> str:
        """Return a function that checks a signature before it reads a request of the service."""
        body = (
            "def verify(body: bytes, headers: Mapping[str, str]) -> None:",
            '    expected = hmac.new(b"the secret that you share", body, "sha256").hexdigest()',
            '    if not hmac.compare_digest(headers.get("X-Signature", ""), expected):',
            '        raise PermissionError("the signature is wrong")',
            "",
            "",
            "def receive(body: bytes, headers: Mapping[str, str]) -> None:",
            f"    event = events.{event.parser}(body, headers, verify=verify)",
            "    print(event)",
        )
        needed = {Import("", "events"), Import("collections.abc", "Mapping"), Import("hmac", "")}
        return self._program(body, frozenset(needed))

    def sending(self, operation: Operation) -> str:
        """Return a program that makes a request and sends it."""
        request = self.request(operation)
        sent = "client.send(request)" if operation.result is None else "print(client.send(request))"
        entered = self._entered(_SYNC, operation)
        body = (
            f"request = {expressions.layout(request, 0, len('request = '))}",
            "",
            _SYNC.entering(*entered),
            f"    {sent}",
        )
        return self._program(body, expressions.imports(request) | _imports(entered))

    def model(self, model: Model, value: Mapping[str, Json]) -> str:
        """Return a program that makes a model and prints the JSON it stands for."""
        made = pythonvalues.construct(value, model, self.declarations)
        body = (f"value = {expressions.layout(made, 0, len('value = '))}", "print(value.to_dict())")
        return self._program(body, expressions.imports(made))

    def enum(self, enum: Enum) -> str:
        """Return a program that prints what an enum's first member sends; nothing for an enum without members."""
        if not enum.members:
            return ""
        return self._program(
            (f"print(models.{enum.name}.{enum.members[0].name}.value)",), frozenset({Import("", "models")})
        )

    def value(self, alias: Alias, value: Json) -> str:
        """Return a program that prints a value of an alias's type."""
        written = pythonvalues.literal(value, alias.type, self.declarations)
        before = f"value: models.{alias.name} = "
        body = (f"{before}{expressions.layout(written, 0, len(before))}", "print(value)")
        return self._program(body, expressions.imports(written) | {Import("", "models")})

    def request(self, operation: Operation) -> Expression:
        """Return the expression that makes an operation's request."""
        made = self._call(f"models.{operation.request}", operation)
        return attrs.evolve(made, imports=frozenset({Import("", "models")}))

    def _entered(
        self, writing: Writing, operation: Operation, *settings: tuple[str, Expression]
    ) -> tuple[Entered, ...]:
        """Return a client for a call; where that asks for a certificate, with a transport before it."""
        if self._asks_for_certificate(operation):
            return self._over(_transport(writing, _CERTIFICATE), *settings, prefix=writing.prefix)
        return (Entered("client", self._constructed(*settings, prefix=writing.prefix)),)

    def _over(self, transport: Expression, *settings: tuple[str, Expression], prefix: str = "") -> tuple[Entered, ...]:
        """Return a transport and a client that sends through it."""
        client = self._constructed(*settings, ("transport", Atom("transport")), prefix=prefix)
        return (Entered("transport", transport), Entered("client", client))

    def _asks_for_certificate(self, operation: Operation) -> bool:
        """Say whether a call is not possible without a certificate, whatever else a client is given."""
        kinds = {scheme.wire_name: scheme.kind for scheme in self.api.security_schemes}
        asked = [{kinds.get(each.scheme) for each in alternative} for alternative in operation.security]
        return bool(asked) and all("mutual-tls" in alternative for alternative in asked)

    def _constructed(self, *arguments: tuple[str, Expression], prefix: str = "") -> Expression:
        """Return the expression that makes a client; it names a server where the description does not say the whole."""
        client, server = f"{prefix}{self.api.client}", self.api.servers[0]
        if not is_whole(server) and "server" not in dict(arguments):
            given = self._chosen(server) if is_usable(server) else Atom('"https://example.com"')
            arguments = (*arguments, ("server", given))
        return expressions.call(client, arguments, {Import("", client)})

    def _call(self, function: str, operation: Operation, *more: tuple[str, Expression]) -> Group:
        return expressions.call(function, (*self._arguments(operation).items(), *more))

    def _arguments(self, operation: Operation) -> dict[str, Expression]:
        values = request_values(operation, self.declarations)
        given = {
            field.name: pythonvalues.literal(values[field.wire_name], field.type, self.declarations)
            for field in call_fields(operation)
            if field.wire_name in values
        }
        return {name: bodyparts.with_headers(operation, each, self.declarations) for name, each in given.items()}

    def _showing(self, *entered: Entered) -> str:
        """Return a program that makes a client and prints it."""
        return self._program((_SYNC.entering(*entered), "    print(client)"), _imports(entered))

    def _with(self, call: Call, settings: Iterable[tuple[str, Expression]], *more: tuple[str, Expression]) -> str:
        """Return a program that makes a call with a client of some settings."""
        operation = call.operation
        entered = self._entered(_SYNC, operation, *settings)
        called = self._call(call.method, operation, *more)
        body = (_SYNC.entering(*entered), *_SYNC.printing(called, operation.delivery, operation.result))
        return self._program(body, _imports(entered) | expressions.imports(called))

    def _usage(self, body: Callable[[Writing], Iterable[str]], operation: Operation, needed: Iterable[Import]) -> Usage:
        entered, other = self._entered(_SYNC, operation), self._entered(_ASYNC, operation)
        sync = (_SYNC.entering(*entered), *body(_SYNC))
        asynchronous = (
            "async def main() -> None:",
            _ASYNC.entering(*other),
            *body(_ASYNC),
            "",
            "",
            "asyncio.run(main())",
        )
        return Usage(
            sync=self._program(sync, {*needed, *_imports(entered)}),
            asynchronous=self._program(asynchronous, {*needed, *_imports(other), Import("asyncio", "")}),
        )

    def _program(self, body: Iterable[str], needed: Collection[Import]) -> str:
        lines = tuple(body)
        standard = _import_lines(each for each in needed if each.module)
        own = _import_lines(attrs.evolve(each, module=self.api.package) for each in needed if not each.module)
        head = "\n\n".join("\n".join(block) for block in (standard, own) if block)
        gap = "\n\n\n" if lines[0].startswith(("async def", "def")) else "\n\n"
        return (head + gap if head else "") + "\n".join(lines)


def _transport(writing: Writing, *settings: tuple[str, Expression]) -> Expression:
    name = f"{writing.prefix}Httpx2Transport"
    return expressions.call(name, settings, {Import("", name)})


def _imports(entered: Iterable[Entered]) -> frozenset[Import]:
    return frozenset[Import]().union(*(expressions.imports(each.value) for each in entered))


def _value(variable: ServerVariable) -> str:
    return variable.default or next(iter(variable.values), "text")


def _declared_error(operation: Operation) -> str:
    """Return the class of an error that is worth handling by itself: of what was asked for, rather than of who asks."""
    errors = {answer.error: answer.status for answer in operation.responses if answer.error != "StatusError"}
    named = [error for error in errors if error is not None]
    about_the_call = (error for error in named if errors[error] not in _ABOUT_THE_CALLER)
    return next(about_the_call, next(iter(named), "ClientError"))


def _import_lines(needed: Iterable[Import]) -> list[str]:
    whole: list[str] = []
    parts: dict[str, list[str]] = {}
    for each in needed:
        if each.name:
            parts.setdefault(each.module, []).append(each.name)
        else:
            whole.append(f"import {each.module}")
    return [
        *sorted(whole),
        *(f"from {module} import {', '.join(_sorted_names(names))}" for module, names in sorted(parts.items())),
    ]


def _sorted_names(names: Iterable[str]) -> list[str]:
    """Return names in the order that formatters give them: constants, classes, then the rest."""
    return sorted(set(names), key=lambda name: (not name.isupper(), not name[:1].isupper(), name))
