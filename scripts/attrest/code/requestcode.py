"""Request modules as their template lays them out: one class per operation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

import attrs

from attrest import pathtemplates
from attrest.code import importing, limits, literals, multipart, readers
from attrest.code.decoding import is_hoisted
from attrest.code.earlier import EarlierAttribute, EarlierImport, EarlierNames
from attrest.code.modelcode import FieldCode, Hoisted, documentation, with_deprecation
from attrest.code.spelling import Spelling
from attrest.contentforms import form_of
from attrest.ir import (
    Absent,
    Alternative,
    Api,
    Body,
    Content,
    Encoding,
    Field,
    Header,
    HeaderClass,
    Operation,
    Parameter,
    PartHeader,
    RateLimit,
)
from attrest.typerefs import ListOf, Nullable, Reference, Scalar, TypeRef, UnionOf, without_null

_QUERY_STYLES = {
    "form": "form",
    "spaceDelimited": "space_delimited",
    "pipeDelimited": "pipe_delimited",
    "deepObject": "deep_object",
}
_COOKIE_STYLES = {"form": "cookie_form", "cookie": "cookie_plain"}
_EXPLODES_BY_DEFAULT = frozenset({"form", "deepObject", "cookie"})
"""The styles that explode in the functions of the runtime unless they are told otherwise."""
_MEDIA_TYPES = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "multipart": "multipart/form-data",
    "text": "text/plain; charset=utf-8",
    "binary": "application/octet-stream",
}
"""What the functions of the runtime that make bodies assume."""
_MAKERS = {form: form for form in _MEDIA_TYPES} | {"json-lines": "json_lines", "event-stream": "text"}
"""The functions of the runtime that make bodies, by the form of the content."""
_HEADERS_OF = """Read the headers of {}.

Raises:
    DecodeError: One is not what the description promises.
"""
_SLASH = re.compile(r"/(?![^{}]*\})")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


@attrs.frozen(kw_only=True)
class PaginationCode:
    """How to walk over the pages, with every type spelt."""

    cursor: str
    answer: str
    item: str
    items: str
    next_cursor: str
    has_more: str
    """Empty where the cursor alone says whether there is another page."""


@attrs.frozen(kw_only=True)
class AlternativeCode:
    """Another form that the successes can be asked for in."""

    attribute: str
    result: str
    asks: str
    results: tuple[tuple[str, str], ...]
    documentation: str


@attrs.frozen(kw_only=True)
class HeaderCode:
    """One header, as an attribute."""

    name: str
    wire_name: str
    annotation: str
    default: str
    documentation: str
    presence: str
    """The function of the runtime that reads one that is, or is not, always there."""
    reader: str


@attrs.frozen(kw_only=True)
class HeadersCode:
    """A class that holds the headers of successes or of errors."""

    name: str
    documentation: str
    method: str
    """The method of the request that reads them."""
    method_documentation: str
    headers: tuple[HeaderCode, ...]


@attrs.frozen(kw_only=True)
class RequestModule:
    """One module of the package ``operations``."""

    name: str
    source: str
    summary: str
    directives: tuple[str, ...]
    """Comments for type checkers."""
    imports: tuple[str, ...]
    local_imports: tuple[str, ...]
    request: str
    result: str
    """The type that a call returns, as an expression that can be evaluated."""
    late_result: str
    """The type as text, where it cannot be evaluated and ``result`` is a name for it; else empty."""
    documentation: str
    fields: tuple[FieldCode, ...]
    hoisted: tuple[Hoisted, ...]
    id: str
    method: str
    path: str
    facts: tuple[str, ...]
    """Further arguments of the operation's description."""
    results: tuple[tuple[str, str], ...]
    errors: tuple[tuple[str, str], ...]
    alternatives: tuple[AlternativeCode, ...]
    headers_classes: tuple[HeadersCode, ...]
    pagination: PaginationCode | None
    target: str
    query: tuple[str, ...]
    headers: tuple[str, ...]
    body: str
    checked: str
    """The arguments that hold models with limits, as they are passed on; empty where there are none."""
    wire_names: str
    earlier: tuple[EarlierAttribute, ...]
    moved: tuple[EarlierImport, ...]
    """What it had in earlier releases."""


def request_modules(api: Api) -> tuple[RequestModule, ...]:
    """Return every module of the package ``operations``."""
    spelling, earlier = Spelling(api.declarations), EarlierNames(api)
    return tuple(_Writer(spelling, earlier, api).module(operation) for operation in api.operations)


def call_fields(operation: Operation) -> tuple[Field, ...]:
    """Return the fields of an operation's request, the required ones first."""
    return tuple(sorted(operation.fields, key=lambda field: not field.required))


def about(operation: Operation) -> str:
    """Return what an operation does: its summary and its description, if they differ."""
    return told(operation.summary, operation.description) or f"{operation.method} {operation.path}."


def told(summary: str | None, description: str | None) -> str:
    """Return a summary and a description, if they differ, as one text; an empty one where there is neither."""
    parts = [part.strip() for part in (summary, description) if part]
    if len(parts) == 2 and parts[1].startswith(parts[0].rstrip(".")):
        del parts[0]
    return "\n\n".join([sentence(parts[0]), *parts[1:]]) if parts else ""


def sentence(text: str) -> str:
    """Return text with a full stop, unless it ends in another way."""
    return text if text[-1:] in ".!?:" or "\n" in text else f"{text}."


class _Writer:
    """Spells one request, and remembers what it mentions."""

    def __init__(self, spelling: Spelling, earlier: EarlierNames, api: Api) -> None:
        self._spelling = spelling
        self._earlier = earlier
        self._api = api
        self._expressions: list[str] = []
        self._hoisted: list[Hoisted] = []

    def module(self, operation: Operation) -> RequestModule:
        fields = tuple(self._field(field) for field in call_fields(operation))
        self._expressions += [field.annotation + field.default for field in fields]
        self._expressions += [field.read for field in fields] + [field.write for field in fields]
        result = readers.annotation(self._spelling, operation.delivery, operation.result)
        is_late = operation.result is not None and self._spelling.is_late(operation.result)
        results = readers.results(self._spelling, operation.readings, strict=bool(operation.alternatives))
        declared = readers.errors(self._spelling, operation.responses)
        alternatives = tuple(map(self._alternative, operation.alternatives))
        headers_classes = tuple(self._headers_classes(operation))
        query = self._query(operation)
        headers = self._headers(operation)
        body = self._body(operation.body) if operation.body else ""
        target = _target(operation)
        checked = [field.name for field in call_fields(operation) if self._spelling.holds_limits(field.type)]
        pagination = self._pagination(operation)
        self._expressions += [result, *query, *headers, body, target, "_attrs", "_codec"]
        self._expressions += [reader for _, reader in (*results, *declared)]
        self._expressions += [part for each in alternatives for part in (each.result, *dict(each.results).values())]
        words = importing.mentioned(self._expressions) | {"Any", "ClassVar", "Mapping", "Self", "_operation", "_http"}
        words |= {"_parameters"} if query or "_parameters." in target else frozenset[str]()
        words |= {"_checks"} if checked else frozenset[str]()
        words |= {"TypeAlias"} if is_late else frozenset[str]()
        words |= {"_pagination"} if pagination else frozenset[str]()
        earlier = self._earlier.attributes("parameter", operation.request, fields)
        words |= {"_deprecation", "_property", "_renaming"} if earlier else frozenset[str]()
        words |= self._earlier.words(f"operations.{operation.module}")
        return RequestModule(
            name=operation.module,
            source=self._api.source,
            summary=f"The request of {literals.plain(operation.id)}.",
            directives=importing.directives(self._spelling, words),
            imports=importing.standard(words),
            local_imports=importing.runtime(words, ".._runtime")
            + importing.siblings(self._spelling, words, inside=None, package="..models."),
            request=operation.request,
            result="_Result" if is_late else result,
            late_result=literals.string(result) if is_late else "",
            documentation=_documentation(operation),
            fields=fields,
            hoisted=tuple(self._hoisted),
            id=literals.string(operation.id),
            method=literals.string(operation.method),
            path=literals.string(operation.path),
            facts=_facts(operation),
            results=results,
            errors=declared,
            alternatives=alternatives,
            headers_classes=headers_classes,
            pagination=pagination,
            target=target,
            query=query,
            headers=headers,
            body=body,
            checked=", ".join(f"{name}=self.{name}" for name in checked),
            wire_names=literals.literal([field.wire_name for field in call_fields(operation)]),
            earlier=earlier,
            moved=self._earlier.imports(f"operations.{operation.module}"),
        )

    def _annotation(self, type_: TypeRef | None) -> str:
        if type_ is None:
            return "None"
        return self._spelling.annotation(type_)

    def _field(self, field: Field) -> FieldCode:
        wire_name = literals.string(field.wire_name)
        is_given = field.required or not isinstance(field.preset, Absent)
        return FieldCode(
            name=field.name,
            wire_name=wire_name,
            annotation=self._spelling.argument(field.type, required=is_given),
            default=_default(self._spelling, field),
            documentation=documentation(field),
            required=field.required,
            absent="" if is_given else "None",
            read=self._read(field, f"source[{wire_name}]" if field.required else "v"),
            write=self._write(field.type, f"self.{field.name}"),
        )

    def _read(self, field: Field, found: str) -> str:
        """Return an expression that decodes an argument; bytes have no JSON, and stay what they are."""
        type_ = field.type if field.required else without_null(field.type)
        if (others := multipart.without_files(type_)) != type_:
            return f"{found} if _bodies.is_raw({found}) else {self._decode(field.name, others, found)}"
        return self._decode(field.name, type_, found)

    def _decode(self, name: str, type_: TypeRef, found: str) -> str:
        decoder = f"_decode_{name}"
        if is_hoisted(type_):
            expression = self._spelling.decoder(without_null(type_), "")
            self._hoisted.append(Hoisted(name=decoder, expression=expression))
            self._expressions.append(expression)
        return self._spelling.decode(type_, found, "", decoder)

    def _write(self, type_: TypeRef, value: str) -> str:
        if multipart.without_files(type_) != type_:
            return f"{value} if _bodies.is_raw({value}) else _codec.encode({value})"
        return self._spelling.encode(type_, value)

    def _alternative(self, alternative: Alternative) -> AlternativeCode:
        asked = literals.plain(", ".join(alternative.media_types))
        return AlternativeCode(
            attribute=alternative.attribute,
            result=readers.annotation(self._spelling, alternative.delivery, alternative.result),
            asks=_tuple(alternative.media_types),
            results=readers.results(self._spelling, alternative.readings, strict=True),
            documentation=f"The form that asks for ``{asked}``.",
        )

    def _headers_classes(self, operation: Operation) -> Iterator[HeadersCode]:
        """Give the classes of the headers of successes and of errors, where there are any."""
        told = f"of {literals.plain(operation.id)}."
        if operation.headers:
            yield HeadersCode(
                name=operation.headers.name,
                documentation=f"The headers of the successes {told}",
                method="headers_of",
                method_documentation=_HEADERS_OF.format("a success, such as what ``send_raw`` returns"),
                headers=self._header_codes(operation.headers),
            )
        if operation.error_headers:
            yield HeadersCode(
                name=operation.error_headers.name,
                documentation=f"The headers of the errors {told}",
                method="error_headers_of",
                method_documentation=_HEADERS_OF.format("an error, such as a ``StatusError`` that a call raised"),
                headers=self._header_codes(operation.error_headers),
            )

    def _header_codes(self, described: HeaderClass) -> tuple[HeaderCode, ...]:
        headers = tuple(map(self._header, sorted(described.headers, key=lambda header: not header.required)))
        self._expressions += [part for header in headers for part in (header.annotation, header.reader)]
        return headers

    def _header(self, header: Header) -> HeaderCode:
        annotation = self._spelling.annotation(header.type if header.required else Nullable(header.type))
        return HeaderCode(
            name=header.name,
            wire_name=literals.string(header.wire_name),
            annotation=annotation,
            default="" if header.required else " = None",
            documentation=with_deprecation((header.description or "").strip(), deprecated=header.deprecated),
            presence="required" if header.required else "optional",
            reader=readers.header(self._spelling, header),
        )

    def _query(self, operation: Operation) -> tuple[str, ...]:
        return _own_query(operation) + tuple(
            _query_parameter(parameter) if parameter.location == "query" else _querystring(parameter)
            for parameter in operation.parameters
            if parameter.location in {"query", "querystring"}
        )

    def _headers(self, operation: Operation) -> tuple[str, ...]:
        headers = [_header(parameter) for parameter in operation.parameters if parameter.location == "header"]
        cookies = [_cookie(parameter) for parameter in operation.parameters if parameter.location == "cookie"]
        if cookies:
            headers.append(f'("Cookie", _parameters.cookie({", ".join(cookies)}))')
        return tuple(headers)

    def _body(self, body: Body) -> str:
        value = f"self.{body.field.name}"
        if body.content_type is None:
            made = self._content(body.contents[0], value)
        else:
            choices = "".join(f"{self._choice(content, body.content_type)}, " for content in body.contents)
            made = f"_bodies.chosen({value}, self.{body.content_type.name}, {{{choices}}})"
        return made if body.field.required else f"None if {value} is None else {made}"

    def _choice(self, content: Content, content_type: Field) -> str:
        """Return an entry of the table of media types: what each takes, and how it is written."""
        classes = self._spelling.classes(content.type)
        made = (
            f"_bodies.anything(body, self.{content_type.name})" if content.is_range else self._content(content, "body")
        )
        taken = "".join(f"{each}, " for each in classes)
        return f"{literals.string(content.content_type)}: _bodies.Choice(({taken}), lambda body: {made})"

    def _content(self, content: Content, value: str) -> str:
        maker = _MAKERS.get(content.form, "binary")
        has_files = maker == "multipart" and not isinstance(self._spelling.resolved(content.type), Reference | UnionOf)
        is_raw = has_files or maker in {"text", "binary"}
        arguments = [value if is_raw else self._spelling.send(content.type, value)]
        if encodings := "".join(f"{self._encoding(each)}, " for each in content.encodings):
            arguments.append(f"encodings={{{encodings}}}")
        if content.content_type != _MEDIA_TYPES.get(maker):
            arguments.append(f"content_type={literals.string(content.content_type)}")
        return f"_bodies.{maker}({', '.join(arguments)})"

    def _encoding(self, encoding: Encoding) -> str:
        """Return an entry of the table of encodings."""
        given: list[str] = []
        if encoding.content_type is not None:
            given.append(f"content_type={literals.string(encoding.content_type)}")
        if encoding.style is not None:
            given.append(f"style=_parameters.{_QUERY_STYLES[encoding.style]}, explode={encoding.explode}")
        if encoding.allow_reserved:
            given.append("allow_reserved=True")
        if headers := "".join(f"{self._part_header(each)}, " for each in encoding.part_headers):
            given.append(f"headers=({headers})")
        return f"{literals.string(encoding.wire_name)}: _bodies.Encoding({', '.join(given)})"

    def _part_header(self, described: PartHeader) -> str:
        header = described.header
        type_ = self._spelling.resolved(header.type)
        checks = limits.checks(self._spelling, type_, described.constraints)
        given = [f"name={literals.string(header.wire_name)}", f"read={readers.header(self._spelling, header)}"]
        given += ["required=True"] if header.required else []
        given += [] if isinstance(described.preset, Absent) else [f"preset={literals.literal(described.preset)}"]
        given += ["explode=True"] if header.explode else []
        given += ["is_json=True"] if header.content_type and form_of(header.content_type) == "json" else []
        given += [f"checks=({', '.join(checks)},)"] if checks else []
        return f"_part_headers.PartHeader({', '.join(given)})"

    def _pagination(self, operation: Operation) -> PaginationCode | None:
        pages = operation.pagination
        if pages is None:
            return None
        item = self._annotation(pages.item_type)
        self._expressions.append(item)
        return PaginationCode(
            cursor=pages.cursor,
            answer=self._annotation(operation.result),
            item=item,
            items=".".join(("page", *pages.items)),
            next_cursor=".".join(("page", *pages.next_cursor)),
            has_more=".".join(("page", *pages.has_more)) if pages.has_more else "",
        )


def default_value(field: Field) -> str:
    """Return what an argument is where the caller says nothing; empty for one that is required."""
    if field.required:
        return ""
    return "None" if isinstance(field.preset, Absent) else literals.literal(field.preset)


def _default(spelling: Spelling, field: Field) -> str:
    value = default_value(field)
    arguments = [f"default={value}"] if value else []
    type_ = spelling.resolved(field.type)
    always = ["required"] if field.required and not spelling.takes_null(field.type) else []
    if type_ == Scalar("date-time"):
        arguments.append("converter=_checks.aware_datetime")
        always.append("aware")
    if isinstance(type_, ListOf) and field.constraints.min_items is field.constraints.max_items is None:
        always.append("sequence")
    if checks := limits.validators(spelling, type_, field.constraints, first=always, last=_items(spelling, type_)):
        arguments.append(f"validator={checks}")
    if arguments == [f"default={value}"]:
        return f" = {value}"
    return f" = _attrs.field({', '.join(arguments)})" if arguments else ""


def _items(spelling: Spelling, type_: TypeRef) -> list[str]:
    """Return the check of a list's items: nothing may be dropped from it on the way."""
    if not isinstance(type_, ListOf) or spelling.takes_null(type_.item):
        return []
    return ["texts"] if spelling.is_text(type_.item) else ["items"]


def _documentation(operation: Operation) -> str:
    line = f"``{operation.method} {operation.path}``"
    if operation.rate_limit:
        line += f", {rate(operation.rate_limit)}"
    told = [about(operation)] if operation.summary or operation.description else []
    return "\n\n".join([*told, f"{line}.", *(["Deprecated."] if operation.deprecated else [])])


def rate(limit: RateLimit) -> str:
    """Return a rate limit as a phrase."""
    period = "second" if limit.seconds == 1 else f"{limit.seconds:g} seconds"
    return f"at most {limit.requests} requests {'a' if limit.seconds == 1 else 'in'} {period}"


def _facts(operation: Operation) -> tuple[str, ...]:
    facts: list[str] = []
    if operation.idempotent:
        facts.append("idempotent=True")
    if operation.security:
        alternatives = ", ".join(_tuple(each.scheme for each in alternative) for alternative in operation.security)
        facts.append(f"security=({alternatives},)")
    if operation.rate_limit:
        limit = operation.rate_limit
        facts.append(f"rate_limit=_operation.RateLimit(requests={limit.requests}, seconds={limit.seconds!r})")
    if operation.servers:
        facts.append(f"servers={literals.literal({server.name: server.url for server in operation.servers})}")
    return tuple(facts)


def _tuple(names: Iterable[str]) -> str:
    return "(" + "".join(literals.string(name) + ", " for name in names) + ")"


def _target(operation: Operation) -> str:
    """Return an operation's path, up to a query or fragment that it brings, its literal parts percent-encoded."""
    path, _ = pathtemplates.split(operation.path)
    return _f_string("/".join(_segment(operation, segment) for segment in _SLASH.split(path)))


def _own_query(operation: Operation) -> tuple[str, ...]:
    """Return the query that an operation's path brings, if it brings one."""
    _, written = pathtemplates.split(operation.path)
    return (_f_string(_filled_in(operation, written, whole=False)),) if written else ()


def _f_string(text: str) -> str:
    return f'f"{text}"' if "{" in text else f'"{text}"'


def _segment(operation: Operation, written: str) -> str:
    """Return a segment of a path; one that holds more than parameters and dots can never be empty, ``.`` or ``..``."""
    literal = "".join(pathtemplates.NAME.split(written)[::2])
    return _filled_in(operation, written, whole=not literal.strip("."))


def _filled_in(operation: Operation, written: str, *, whole: bool) -> str:
    """Return a part of a URL template with an expression for each parameter in it."""
    by_name = {each.wire_name: each for each in operation.parameters if each.location == "path"}
    pieces = pathtemplates.NAME.split(written)
    texts, wire_names = pieces[::2], pieces[1::2]
    expressions = [_path_parameter(by_name[name], whole=whole) for name in wire_names]
    return _safe(texts[0]) + "".join(
        f"{{{expression}}}{_safe(text)}" for expression, text in zip(expressions, texts[1:], strict=True)
    )


def _safe(text: str) -> str:
    """Percent-encode what a URL's path or query cannot hold; what is percent-encoded already stays so."""
    return _LONE_PERCENT.sub("%25", quote(text, safe="/:@!$&'()*+,;=~-._?%"))


def _path_parameter(parameter: Parameter, *, whole: bool) -> str:
    value = f"self.{parameter.field.name}"
    if parameter.is_json:
        return f"_parameters.json_segment({value})"
    if parameter.content and parameter.content.form == "form":
        return f"_parameters.simple(_parameters.form_query({value}){_options(whole=whole)})"
    name = f"'{quote(parameter.wire_name, safe='')}', " if parameter.style == "matrix" else ""
    options = _options(explode=parameter.explode, allow_reserved=parameter.allow_reserved, whole=whole)
    return f"_parameters.{parameter.style}({name}{value}{options})"


def _options(**given: bool) -> str:
    """Return the arguments for what is not as the functions of the runtime assume."""
    return "".join(f", {name}={value}" for name, value in given.items() if value != (name == "whole"))


def _query_parameter(parameter: Parameter) -> str:
    name, value = literals.string(parameter.wire_name), f"self.{parameter.field.name}"
    if parameter.is_json:
        return f"_parameters.json({name}, {value})"
    if parameter.content and parameter.content.form == "form":
        return f"_parameters.form({name}, _parameters.form_query({value}) or None)"
    return f"_parameters.{_QUERY_STYLES[parameter.style]}({name}, {value}{_style_options(parameter)})"


def _querystring(parameter: Parameter) -> str:
    value = f"self.{parameter.field.name}"
    form = parameter.content.form if parameter.content else "form"
    return f"_parameters.{form}_query({value})"


def _cookie(parameter: Parameter) -> str:
    name, value = literals.string(parameter.wire_name), f"self.{parameter.field.name}"
    if parameter.is_json:
        return f"_parameters.json({name}, {value})"
    if parameter.content and parameter.content.form == "form":
        return f"_parameters.cookie_form({name}, _parameters.form_query({value}) or None)"
    style = "cookie" if parameter.content else parameter.style
    return f"_parameters.{_COOKIE_STYLES[style]}({name}, {value}{_style_options(parameter)})"


def _style_options(parameter: Parameter) -> str:
    by_default = parameter.style in _EXPLODES_BY_DEFAULT
    explode = f", explode={parameter.explode}" if parameter.explode != by_default else ""
    return explode + (", allow_reserved=True" if parameter.allow_reserved else "")


def _header(parameter: Parameter) -> str:
    name, value = literals.string(parameter.wire_name), f"self.{parameter.field.name}"
    if parameter.is_json:
        return f"_parameters.json_header({name}, {value})"
    if parameter.content and parameter.content.form == "form":
        return f"_parameters.header({name}, _parameters.form_query({value}) or None)"
    return f"_parameters.header({name}, {value}{_options(explode=parameter.explode)})"
