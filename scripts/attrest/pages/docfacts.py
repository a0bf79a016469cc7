"""What the reference pages share: the API looked up from every side, and the phrases that several pages use."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property

import attrs

from attrest.code.multipart import Carriers
from attrest.code.requestcode import call_fields
from attrest.code.spelling import Spelling
from attrest.ir import (
    Absent,
    Alias,
    Api,
    Declaration,
    Delivery,
    Encoding,
    Event,
    ExternalDocumentation,
    Field,
    Json,
    Model,
    Operation,
    Requirement,
    Response,
)
from attrest.pages import doclinks, markdown
from attrest.pages.doclinks import Links
from attrest.pages.markdown import Table
from attrest.pages.snippets import Call, Programs
from attrest.typerefs import Reference, Scalar, TypeRef, parts, references, without_null

REQUIRED = ":heavy_check_mark:"
OPTIONAL = ":heavy_minus_sign:"
_DEPRECATED = "**Deprecated.**"
_STATUSES = {
    "default": "Any other status",
    "400": "Bad Request",
    "401": "Unauthorized",
    "402": "Payment Required",
    "403": "Forbidden",
    "404": "Not Found",
    "405": "Method Not Allowed",
    "406": "Not Acceptable",
    "408": "Request Timeout",
    "409": "Conflict",
    "410": "Gone",
    "411": "Length Required",
    "412": "Precondition Failed",
    "413": "Content Too Large",
    "414": "URI Too Long",
    "415": "Unsupported Media Type",
    "416": "Range Not Satisfiable",
    "417": "Expectation Failed",
    "421": "Misdirected Request",
    "422": "Unprocessable Content",
    "426": "Upgrade Required",
    "428": "Precondition Required",
    "429": "Too Many Requests",
    "431": "Request Header Fields Too Large",
    "500": "Internal Server Error",
    "501": "Not Implemented",
    "502": "Bad Gateway",
    "503": "Service Unavailable",
    "504": "Gateway Timeout",
    "505": "HTTP Version Not Supported",
    "511": "Network Authentication Required",
}
"""Spelled here because Python's own names for them differ from one release to the next."""


@attrs.define(slots=False)
class Facts:
    """An API, looked up from every side that a page needs."""

    api: Api

    @cached_property
    def declarations(self) -> Mapping[str, Declaration]:
        """Every model, enum and alias by its class name."""
        return {declaration.name: declaration for declaration in self.api.declarations}

    @cached_property
    def spelling(self) -> Spelling:
        """What types come to."""
        return Spelling(self.api.declarations)

    @cached_property
    def carriers(self) -> Carriers:
        """The fields whose parts can carry headers."""
        return Carriers(self.api, self.spelling)

    @cached_property
    def programs(self) -> Programs:
        """The writer of programs."""
        return Programs(self.api, self.declarations)

    @cached_property
    def places(self) -> doclinks.Places:
        """Where the pages stand."""
        return doclinks.places(self.api)

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """Every operation with its resource."""
        return tuple(
            Call(resource=resource, operation=operation)
            for resource in self.api.resources
            for operation in resource.operations
        )

    @cached_property
    def returned_by(self) -> Mapping[str, tuple[Call, ...]]:
        """The calls that return a type, by the names that the type mentions."""
        found: dict[str, list[Call]] = {}
        for call in self.calls:
            forms = (call.operation.result, *(form.result for form in call.operation.alternatives))
            for name in dict.fromkeys(name for form in forms if form is not None for name in references(form)):
                found.setdefault(name, []).append(call)
        return {name: tuple(calls) for name, calls in found.items()}

    @cached_property
    def error_bodies(self) -> frozenset[str]:
        """The names that the bodies of errors mention."""
        return frozenset(
            name
            for operation in self.api.operations
            for response in operation.responses
            if response.error is not None
            for content in response.contents
            for name in references(content.type)
        )

    @cached_property
    def takes_files(self) -> bool:
        """Whether a class or a method takes a file, or a part with headers."""
        if any(encoding.part_headers for call in self.calls for encoding in encodings(call.operation)):
            return True
        return any(
            part == Scalar("file") for type_ in (*self._field_types(), *self._alias_types()) for part in parts(type_)
        )

    def _field_types(self) -> Iterator[TypeRef]:
        for declaration in self.api.declarations:
            if isinstance(declaration, Model):
                yield from (field.type for field in declaration.fields)
                yield from () if declaration.additional is None else (declaration.additional,)
        yield from (field.type for call in self.calls for field in call_fields(call.operation))

    def _alias_types(self) -> Iterator[TypeRef]:
        yield from (each.type for each in self.api.declarations if isinstance(each, Alias))

    def links(self, root: str) -> Links:
        """Return the links from a page whose folder reaches the folder of all pages by ``root``."""
        return Links(self.places, root)


def encodings(operation: Operation) -> Iterator[Encoding]:
    """Give what is said of single fields of an operation's body."""
    contents = operation.body.contents if operation.body else ()
    yield from (encoding for content in contents for encoding in content.encodings)


def described(text: str | None, *, deprecated: bool) -> str:
    """Return a description that stands on its own, marked where what it describes is deprecated."""
    return _marked(markdown.prose(text), deprecated=deprecated)


def described_in_cell(
    text: str | None, *, deprecated: bool, render: Callable[[str | None], str] = markdown.brief
) -> str:
    """Return a description as one line, marked where what it describes is deprecated."""
    return " ".join(filter(None, (_DEPRECATED if deprecated else "", render(text))))


def _marked(told: str, *, deprecated: bool) -> str:
    return markdown.marked(_DEPRECATED, told) if deprecated else told


def shown(value: Json | Absent) -> str:
    """Return a value for a cell: text as it is, lists and objects as JSON."""
    if isinstance(value, Absent):
        return ""
    if isinstance(value, str):
        return markdown.plain(value) if value.strip() else markdown.code(json.dumps(value))
    text = json.dumps(value, ensure_ascii=False)
    return markdown.code(text) if isinstance(value, list | dict) else text


def field_table(fields: Collection[Field], heading: str, facts: Facts, spell: Callable[[Field], str]) -> Table:
    """Return the table of a model's fields or an operation's parameters.

    Args:
        fields: What the table lists.
        facts: Knows what the models are that types name.
        heading: The heading of the column of names.
        spell: Spells a field's type.
    """
    rows = tuple(
        (
            markdown.code(field.name),
            spell(field),
            REQUIRED if field.required else OPTIONAL,
            _about(field, facts),
            shown(field.example),
        )
        for field in fields
    )
    told = markdown.notes((markdown.code(field.name), field.description) for field in fields)
    return Table((heading, "Type", "Required", "Description", "Example"), rows, told).without_empty("Example")


def _about(field: Field, facts: Facts) -> str:
    """Return what is said of a field, or else, in short, of the model that it holds."""
    if field.description is not None:
        return described_in_cell(field.description, deprecated=field.deprecated)
    type_ = without_null(field.type)
    held = facts.declarations.get(type_.name) if isinstance(type_, Reference) else None
    text = held.description if held is not None else None
    return described_in_cell(text, deprecated=field.deprecated, render=markdown.first_sentence)


def both(summary: str | None, description: str | None) -> str:
    """Return a summary and a description, or one of them where they are alike."""
    texts = (markdown.prose(summary), markdown.prose(description))
    return "\n\n".join(text for text in dict.fromkeys(texts) if text)


def introduction(message: Operation | Event) -> str:
    """Return all that is said of an operation or an event, and whether it is deprecated."""
    return _marked(both(message.summary, message.description), deprecated=message.deprecated)


def entry(link: str, message: Operation | Event) -> str:
    """Return the line of an operation or an event in a list of them."""
    return " - ".join(filter(None, (link, markdown.first_sentence(message.summary or message.description))))


def place(pointer: str, location: str, links: Links) -> str:
    """Say where something is described, without the line: a line moves with whatever is written above it."""
    path = location.rpartition(":")[0] or location
    return f"{markdown.code(pointer)} of {links.bundle('the description')}, written in {markdown.code(path)}"


_WEB = re.compile(r"https?://[^\s<>()\[\]\"'`|\\]+")


def more(documentation: ExternalDocumentation | None) -> tuple[str, ...]:
    """Return a line about where more is said, if that is said."""
    if documentation is None:
        return ()
    address = f"<{documentation.url}>" if _WEB.fullmatch(documentation.url) else markdown.code(documentation.url)
    return (f"{markdown.first_sentence(documentation.description).rstrip('.') or 'More'}: {address}",)


def required(alternative: Iterable[Requirement], none: str) -> str:
    """Return the security schemes that are needed together, and what for.

    Args:
        alternative: The schemes.
        none: What to say where there is none.
    """
    schemes = (
        f"{markdown.code(each.scheme)} ({', '.join(map(markdown.code, each.scopes))})"
        if each.scopes
        else markdown.code(each.scheme)
        for each in alternative
    )
    return " and ".join(schemes) or none


def bodies(response: Response, links: Links) -> str:
    """Return the types that the body of a response has, each once."""
    return ", ".join(dict.fromkeys(links.received(content.type) for content in response.contents))


def returned(delivery: Delivery, result: TypeRef | None, links: Links) -> str:
    """Return the type of what a call returns: a value, or a stream of them."""
    item = "None" if result is None else links.received(result)
    match delivery:
        case "whole":
            return item
        case "event-stream":
            return f"EventStream[{item}]"
        case "json-lines":
            return f"JsonLines[{item}]"


def exception(response: Response, operation: Operation, spell: Callable[[str], str]) -> str:
    """Return the class that an answer raises, and the one for 400 where only ``default`` covers that status."""
    named = spell(f"errors.{response.error}")
    covered = {each.status for each in operation.responses}
    if response.status != "default" or covered & {"400", "4XX"}:
        return named
    return f"{named}, for 400 {spell('errors.BadRequestError')}"


def meaning(status: str) -> str:
    """Return the name of a status (RFC 9110 §15, RFC 6585), nothing for a range or an unregistered one."""
    return _STATUSES.get(status, "")
