"""Modules of events as their templates lay them out: per webhook or callback a class, and a function that reads it."""

from __future__ import annotations

import attrs

from attrest.code import importing, literals
from attrest.code.earlier import EarlierImport, EarlierName, EarlierNames
from attrest.code.modelcode import deprecation, documentation
from attrest.code.requestcode import told
from attrest.code.spelling import Spelling
from attrest.ir import Api, Body, Content, Encoding, Event, Field, Parameter
from attrest.typerefs import ANY, ListOf, Scalar, TupleOf, TypeRef, without_null

_DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|"}
_PARSER = """Read the {}.

Args:
    body: The body of the request, as it came.
    headers: Its headers, with names in any case.
    query: The query of its URL, as it came, without the question mark.
    verify: Takes the body and the headers before anything is read, and raises an error of its own where the
        signature in them is wrong. None checks nothing.

Raises:
    DecodeError: It is not what the description promises; ``path`` says where.
"""


@attrs.frozen(kw_only=True)
class EventFieldCode:
    """One attribute, and the expression that reads it."""

    name: str
    annotation: str
    default: str
    documentation: str
    read: str


@attrs.frozen(kw_only=True)
class EventModule:
    """One module of the package ``events``."""

    name: str
    source: str
    summary: str
    directives: tuple[str, ...]
    """Comments for type checkers."""
    imports: tuple[str, ...]
    local_imports: tuple[str, ...]
    class_name: str
    documentation: str
    definition: str
    """The arguments that describe it."""
    fields: tuple[EventFieldCode, ...]
    parser: str
    parser_documentation: str
    deprecation: str
    """What a warning says to those who call the parser, as a literal; empty where the event is not deprecated."""
    earlier: tuple[EarlierName, ...]
    """Earlier names of the parser."""
    moved: tuple[EarlierImport, ...]
    """What it had in earlier releases."""


@attrs.frozen(kw_only=True)
class EventPackage:
    """The package ``events``."""

    source: str
    directives: tuple[str, ...]
    """Comments for type checkers."""
    names: tuple[tuple[str, str], ...]
    """Names and the modules that have them, relative."""
    parsers: tuple[tuple[str, str], ...]
    """What ``parse`` calls an event, and the function that reads it."""
    classes: tuple[str, ...]
    renamed: tuple[EarlierName, ...]
    """Earlier names of classes."""
    earlier_parsers: tuple[tuple[str, str], ...]
    """Earlier names of functions, and the modules that have them."""
    earlier_names: tuple[tuple[str, str], ...]
    """As of the parsers, what ``parse`` called an event."""


def event_modules(api: Api) -> tuple[EventModule, ...]:
    """Return every module of the package ``events``."""
    spelling, earlier = Spelling(api.declarations), EarlierNames(api)
    return tuple(_module(api, spelling, earlier, event) for event in api.events)


def event_package(api: Api) -> EventPackage:
    """Return the package ``events``."""
    names = [(event.class_name, f".{event.module}") for event in api.events]
    names += [(event.parser, f".{event.module}") for event in api.events]
    earlier, homes, called = EarlierNames(api), dict(names), {event.parser: event.name for event in api.events}
    return EventPackage(
        source=api.source,
        directives=_directives(api, earlier),
        names=tuple(sorted(names)),
        parsers=tuple((literals.string(event.name), event.parser) for event in api.events),
        classes=tuple(event.class_name for event in api.events),
        renamed=earlier.of("event"),
        earlier_parsers=tuple((each.old, homes[each.new]) for each in earlier.of("parser")),
        earlier_names=tuple(
            (literals.string(name), each.new)
            for each in earlier.of("parser")
            if (name := each.old.removeprefix("parse_")) not in called.values()
        ),
    )


def event_fields(event: Event) -> tuple[Field, ...]:
    """Return the fields of an event, the payload first."""
    payload = [event.body.field] if event.body else []
    return (*payload, *(parameter.field for parameter in event.parameters))


def _directives(api: Api, earlier: EarlierNames) -> tuple[str, ...]:
    if any(event.deprecated for event in api.events):
        return importing.REFERS_TO_DEPRECATED
    return importing.OFFERS_EARLIER_NAMES if earlier.of("parser") else ()


def _module(api: Api, spelling: Spelling, earlier: EarlierNames, event: Event) -> EventModule:
    before = tuple(each for each in earlier.of("parser") if each.new == event.parser)
    fields = (
        *((_payload(spelling, event.body),) if event.body else ()),
        *(_field(spelling, parameter) for parameter in event.parameters),
    )
    expressions = [part for field in fields for part in (field.annotation, field.read)]
    words = importing.mentioned(expressions) | {"ClassVar", "Mapping", "_events"}
    words |= {"_deprecation"} if event.deprecated or before else frozenset[str]()
    words |= earlier.words(f"events.{event.module}")
    return EventModule(
        name=event.module,
        source=api.source,
        summary=f"The {event.kind} {event.id}.",
        directives=importing.directives(spelling, words),
        imports=importing.standard(words),
        local_imports=importing.runtime(words, ".._runtime")
        + importing.siblings(spelling, words, inside=None, package="..models."),
        class_name=event.class_name,
        documentation=_documentation(event),
        definition=_definition(event),
        fields=fields,
        parser=event.parser,
        parser_documentation=_parser_documentation(event),
        deprecation=deprecation(event.parser) if event.deprecated else "",
        earlier=before,
        moved=earlier.imports(f"events.{event.module}"),
    )


def _definition(event: Event) -> str:
    parts = [f"id={literals.string(event.id)}", f"method={literals.string(event.method)}"]
    parts += [f"url={literals.string(event.url)}"] if event.url else []
    return ", ".join(parts)


def _documentation(event: Event) -> str:
    where = f", sent to ``{event.url}``" if event.url else ""
    return "\n\n".join(
        [
            *filter(None, [told(event.summary, event.description)]),
            f"The {event.kind} ``{event.id}``{where} by {event.method}.",
            *(["Deprecated."] if event.deprecated else []),
            *_answers(event),
        ]
    )


def _answers(event: Event) -> list[str]:
    if not event.responses:
        return []
    lines = [
        f"    {response.status}: {' '.join((response.description or '').split())}".rstrip().rstrip(":")
        for response in event.responses
    ]
    return ["\n".join(["Answer with one of:", *lines])]


def _parser_documentation(event: Event) -> str:
    return _PARSER.format(f"{event.kind} ``{event.id}``")


def _payload(spelling: Spelling, body: Body) -> EventFieldCode:
    readers = [(content.content_type, _reader(spelling, content)) for content in body.contents]
    table = "".join(f"{literals.string(content_type)}: {reader}, " for content_type, reader in readers)
    reader = readers[0][1] if len(readers) == 1 else f"_operation.by_content_type({{{table}}})"
    method = "payload" if body.field.required else "optional_payload"
    return _code(spelling, body.field, f"received.{method}({reader})")


def _reader(spelling: Spelling, content: Content) -> str:
    match content.form:
        case "json":
            return f"_operation.json({spelling.decoder(content.type, '')})"
        case "form":
            by_name = {encoding.wire_name: encoding for encoding in content.encodings}
            fields = _form_fields(spelling, content.type)
            parts = "".join(f"{_form_field(spelling, field, by_name.get(field.wire_name))}, " for field in fields)
            return (
                f"_events.form({spelling.decoder(content.type, '')}, [{parts}]{_other_fields(spelling, content.type)})"
            )
        case "text":
            return "_operation.text()"
        case _:
            return "_operation.binary()"


def _form_fields(spelling: Spelling, type_: TypeRef) -> tuple[Field, ...]:
    model = spelling.model(spelling.resolved(type_))
    return model.fields if model else ()


def _other_fields(spelling: Spelling, type_: TypeRef) -> str:
    """Return the argument for how fields of a form are read that are not listed; none where they are text."""
    model = spelling.model(spelling.resolved(type_))
    if model is None or model.additional is None or "string" in spelling.kinds(model.additional):
        return ""
    return f", {_place(spelling, 'form', '', model.additional, '')}"


def _form_field(spelling: Spelling, field: Field, encoding: Encoding | None) -> str:
    is_split = encoding is not None and encoding.style is not None and not encoding.explode
    delimiter = _DELIMITERS.get(encoding.style or "", ",") if encoding is not None and is_split else ""
    return _place(spelling, "form", field.wire_name, field.type, delimiter)


def _field(spelling: Spelling, parameter: Parameter) -> EventFieldCode:
    field = parameter.field
    if parameter.is_json:
        where = f"{literals.string(parameter.location)}, {literals.string(parameter.wire_name)}"
        place = f"_events.Parameter({where}, _codec.loads_or_text)"
    else:
        delimiter = _DELIMITERS.get(parameter.style, ",")
        is_split = parameter.location == "header" or not parameter.explode
        place = _place(
            spelling,
            parameter.location,
            parameter.wire_name,
            field.type,
            delimiter if is_split else "",
            is_encoded=parameter.style != "cookie",
        )
    decoder = spelling.decoder(field.type, "")
    return _code(spelling, field, f"received.{'value' if field.required else 'optional'}({place}, {decoder})")


def _place(
    spelling: Spelling, location: str, name: str, type_: TypeRef, delimiter: str, *, is_encoded: bool = True
) -> str:
    """Return the expression for where a value is found, and how its text becomes JSON."""
    first: tuple[TypeRef, ...] = ()
    match bare := spelling.resolved(type_):
        case ListOf(item):
            single = item
        case TupleOf(first, rest):
            single = ANY if rest is None else rest
        case _:
            single = bare
    arguments = [literals.string(location), literals.string(name), _item_reader(spelling, single)]
    arguments += [literals.string(delimiter)] if isinstance(bare, ListOf | TupleOf) else []
    arguments += [] if is_encoded else ["is_encoded=False"]
    arguments += [f"first=({''.join(f'{_item_reader(spelling, item)}, ' for item in first)})"] if first else []
    return f"_events.Parameter({', '.join(arguments)})"


def _item_reader(spelling: Spelling, type_: TypeRef) -> str:
    return "_events.text" if "string" in spelling.kinds(type_) else "_codec.loads_or_text"


def _code(spelling: Spelling, field: Field, read: str) -> EventFieldCode:
    annotation = spelling.annotation(field.type if field.required else without_null(field.type))
    is_any = without_null(field.type) == Scalar("any")
    return EventFieldCode(
        name=field.name,
        annotation=annotation if field.required or is_any else f"{annotation} | None",
        default="" if field.required else " = None",
        documentation=documentation(field),
        read=read,
    )
