"""Programs that show how a client is used, whole and ready to run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

import attrs

from attrest.code import literals
from attrest.code.eventcode import parser
from attrest.code.requestcode import call_fields
from attrest.code.servercode import is_whole
from attrest.ir import (
    Alias,
    Alternative,
    Api,
    Delivery,
    Enum,
    Event,
    Json,
    Model,
    Operation,
    Pagination,
    Resource,
    SecurityScheme,
    Server,
)
from attrest.pages import examples
from attrest.pages.examples import Atom, Declarations, Expression, Group, Import
from attrest.typerefs import TypeRef


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


@attrs.frozen(kw_only=True)
class Writing:
    """Where the statements of a program stand, and what a call says there."""

    indent: int
    wait: str
    loop: str
    opening: str

    def line(self, text: str, deeper: int = 0) -> str:
        """Return a line as it stands in the program."""
        return f"{' ' * (self.indent + deeper)}{text}"

    def deeper(self) -> Writing:
        """Return the same for statements one level further in."""
        return attrs.evolve(self, indent=self.indent + 4)

    def statement(self, before: str, expression: Expression, after: str = "") -> str:
        """Return an expression with the text around it, on as many lines as it needs."""
        source = examples.layout(expression, self.indent, len(before) + len(after))
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


_ABOUT_THE_CALLER = ("401", "403")
_SYNC = Writing(indent=4, wait="", loop="for", opening="with")
_ASYNC = Writing(indent=8, wait="await ", loop="async for", opening="async with")


def request_values(operation: Operation, declarations: Declarations) -> dict[str, Json]:
    """Return a value by wire name for a call: the description's example, or sampled values for what is required."""
    given = examples.json_object(operation.example) or {}
    fields = tuple(field for field in call_fields(operation) if field.required or field.wire_name in given)
    sampled = examples.sample_fields(fields, declarations)
    fitting = {
        field.wire_name: given[field.wire_name]
        for field in fields
        if field.wire_name in given and examples.fits(given[field.wire_name], field.type, declarations)
    }
    return sampled | fitting


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

        return self._usage(body, examples.imports(expression))

    def pages(self, call: Call, pagination: Pagination) -> Usage:
        """Return a program that prints every item of an operation that answers page by page."""
        expression = self._call(f"client.{call.resource.name}.{pagination.method}", call.operation)

        def body(writing: Writing) -> Iterable[str]:
            return (
                writing.statement(f"{writing.loop} item in ", expression, ":"),
                writing.line("print(item)", 4),
            )

        return self._usage(body, examples.imports(expression))

    def resuming(self, call: Call, pagination: Pagination) -> Usage:
        """Return a program that leaves a walk after its first page, keeps the cursor, and goes on from there."""
        method = f"client.{call.resource.name}.{pagination.method}"
        begun = self._call(method, call.operation)
        arguments = self._arguments(call.operation) | {pagination.cursor: Atom("cursor")}
        resumed = examples.call(method, arguments.items())

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

        return self._usage(body, examples.imports(begun) | examples.imports(resumed))

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

        return self._usage(body, examples.imports(expression) | {Import("", "errors")})

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

        return self._usage(body, examples.imports(request))

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

        return self._usage(body, examples.imports(request))

    def server(self, server: Server) -> str:
        """Return a program that picks a server by its name."""
        named = Atom(literals.string(server.name))
        constructed = self._constructed(("server", self._with_values(server) if server.class_name else named))
        return self._showing(constructed)

    def _with_values(self, server: Server) -> Expression:
        values = ((each.name, Atom(literals.string(each.default or "…"))) for each in server.variables)
        return examples.call(f"servers.{server.class_name}", values, {Import("", "servers")})

    def transport(self) -> str:
        """Return a program whose client checks certificates in its own way and uses a proxy."""
        settings = (
            ("verify", Atom("ssl.create_default_context()", frozenset({Import("ssl", "")}))),
            ("proxy", Atom(literals.string("http://proxy.example:3128"))),
        )
        made = examples.call("Httpx2Transport", settings, {Import("", "Httpx2Transport")})
        constructed = self._constructed(("transport", Atom("transport")))
        body = (
            f"transport = {examples.layout(made, 0, len('transport = '))}",
            f"with {examples.one_line(constructed)} as client:",
            "    print(client)",
            "transport.close()",
        )
        return self._program(body, examples.imports(made) | examples.imports(constructed))

    def file(self) -> str:
        """Return a program that gives a file a name and a media type."""
        settings = (("content", Atom('b"%PDF-"')), ("filename", Atom('"report.pdf"')))
        made = examples.call("File", (*settings, ("content_type", Atom('"application/pdf"'))), {Import("", "File")})
        body = (f"file = {examples.layout(made, 0, len('file = '))}", "print(file)")
        return self._program(body, examples.imports(made))

    def credentials(self, scheme: SecurityScheme) -> str:
        """Return a program whose client gets tokens by itself."""
        settings = (("client_id", Atom('"…"')), ("client_secret", Atom('"…"')))
        made = examples.call("ClientCredentials", settings, {Import("", "ClientCredentials")})
        constructed = self._constructed((scheme.argument, made))
        return self._showing(constructed)

    def certificate(self) -> str:
        """Return a program whose client shows a certificate to the service."""
        settings = (("certificate", Atom('("certificate.pem", "key.pem")')),)
        made = examples.call("Httpx2Transport", settings, {Import("", "Httpx2Transport")})
        constructed = self._constructed(("transport", made))
        return self._showing(constructed)

    def retries(self, call: Call) -> str:
        """Return a program whose client repeats failed calls more often, and gives each a longer deadline."""
        retries = examples.call("Retries", (("attempts", Atom("5")),), {Import("", "Retries")})
        constructed = self._constructed(("timeout", Atom("120.0")), ("retries", retries))
        return self._with(constructed, call.operation, self._call(call.method, call.operation))

    def options(self, call: Call) -> str:
        """Return a program that gives one call a shorter deadline."""
        options = examples.call("Options", (("timeout", Atom("10.0")),), {Import("", "Options")})
        called = self._call(call.method, call.operation, ("options", options))
        return self._with(self._constructed(), call.operation, called)

    def debugging(self, call: Call) -> str:
        """Return a program that shows what a call sends."""
        request = self.request(call.operation)
        body = (f"request = {examples.layout(request, 0, len('request = '))}", "print(request.to_http())")
        return self._program(body, examples.imports(request))

    def reading(self, event: Event) -> str:
        """Return a function that takes a request of the service and prints what it carries."""
        what = "event.payload" if event.body else "event"
        body = (
            "def receive(body: bytes, headers: Mapping[str, str]) -> None:",
            f"    event = events.{parser(event)}(body, headers)",
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
            f"    event = events.{parser(event)}(body, headers, verify=verify)",
            "    print(event)",
        )
        needed = {Import("", "events"), Import("collections.abc", "Mapping"), Import("hmac", "")}
        return self._program(body, frozenset(needed))

    def sending(self, operation: Operation) -> str:
        """Return a program that makes a request and sends it."""
        request = self.request(operation)
        sent = "client.send(request)" if operation.result is None else "print(client.send(request))"
        constructed = self._constructed()
        body = (
            f"request = {examples.layout(request, 0, len('request = '))}",
            "",
            f"with {examples.one_line(constructed)} as client:",
            f"    {sent}",
        )
        return self._program(body, examples.imports(request) | examples.imports(constructed))

    def model(self, model: Model, value: Mapping[str, Json]) -> str:
        """Return a program that makes a model and prints the JSON it stands for."""
        made = examples.construct(value, model, self.declarations)
        body = (f"value = {examples.layout(made, 0, len('value = '))}", "print(value.to_dict())")
        return self._program(body, examples.imports(made))

    def enum(self, enum: Enum) -> str:
        """Return a program that prints what an enum's first member sends; nothing for an enum without members."""
        if not enum.members:
            return ""
        return self._program(
            (f"print(models.{enum.name}.{enum.members[0].name}.value)",), frozenset({Import("", "models")})
        )

    def value(self, alias: Alias, value: Json) -> str:
        """Return a program that prints a value of an alias's type."""
        written = examples.literal(value, alias.type, self.declarations)
        before = f"value: models.{alias.name} = "
        body = (f"{before}{examples.layout(written, 0, len(before))}", "print(value)")
        return self._program(body, examples.imports(written) | {Import("", "models")})

    def request(self, operation: Operation) -> Expression:
        """Return the expression that makes an operation's request."""
        made = self._call(f"models.{operation.request}", operation)
        return attrs.evolve(made, imports=frozenset({Import("", "models")}))

    def _constructed(self, *arguments: tuple[str, Expression], prefix: str = "") -> Expression:
        """Return the expression that makes a client; it names a server where the description does not say the whole."""
        client, server = f"{prefix}{self.api.client}", self.api.servers[0]
        if not is_whole(server) and "server" not in dict(arguments):
            given = self._with_values(server) if server.class_name else Atom('"https://example.com"')
            arguments = (*arguments, ("server", given))
        return examples.call(client, arguments, {Import("", client)})

    def _call(self, function: str, operation: Operation, *more: tuple[str, Expression]) -> Group:
        return examples.call(function, (*self._arguments(operation).items(), *more))

    def _arguments(self, operation: Operation) -> dict[str, Expression]:
        values = request_values(operation, self.declarations)
        return {
            field.name: examples.literal(values[field.wire_name], field.type, self.declarations)
            for field in call_fields(operation)
            if field.wire_name in values
        }

    def _showing(self, constructed: Expression) -> str:
        """Return a program that makes a client and prints it."""
        body = (f"with {examples.one_line(constructed)} as client:", "    print(client)")
        return self._program(body, examples.imports(constructed))

    def _with(self, constructed: Expression, operation: Operation, called: Expression) -> str:
        before, after = "with ", " as client:"
        body = (
            f"{before}{examples.layout(constructed, 0, len(before) + len(after))}{after}",
            *_SYNC.printing(called, operation.delivery, operation.result),
        )
        return self._program(body, examples.imports(constructed) | examples.imports(called))

    def _usage(self, body: Callable[[Writing], Iterable[str]], needed: Iterable[Import]) -> Usage:
        client, other = self._constructed(), self._constructed(prefix="Async")
        sync = (f"with {examples.one_line(client)} as client:", *body(_SYNC))
        asynchronous = (
            "async def main() -> None:",
            f"    async with {examples.one_line(other)} as client:",
            *body(_ASYNC),
            "",
            "",
            "asyncio.run(main())",
        )
        return Usage(
            sync=self._program(sync, {*needed, *examples.imports(client)}),
            asynchronous=self._program(asynchronous, {*needed, *examples.imports(other), Import("asyncio", "")}),
        )

    def _program(self, body: Iterable[str], needed: Collection[Import]) -> str:
        lines = tuple(body)
        standard = _import_lines(each for each in needed if each.module)
        own = _import_lines(attrs.evolve(each, module=self.api.package) for each in needed if not each.module)
        head = "\n\n".join("\n".join(block) for block in (standard, own) if block)
        gap = "\n\n\n" if lines[0].startswith(("async def", "def")) else "\n\n"
        return (head + gap if head else "") + "\n".join(lines)


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
