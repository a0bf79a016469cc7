"""Where every reference page stands, and how a type is spelled on it."""

from __future__ import annotations

import json
from collections.abc import Mapping

import attrs

from attrest.code.multipart import without_files
from attrest.ir import Api, Event, Operation, Resource
from attrest.names import DEVICES, Namespace, portable
from attrest.pages import markdown
from attrest.typerefs import (
    ListOf,
    LiteralOf,
    MapOf,
    Nullable,
    Reference,
    Scalar,
    ScalarKind,
    TupleOf,
    TypeRef,
    UnionOf,
    without_null,
)

_DATETIME = "https://docs.python.org/3/library/datetime.html"
_SCALARS: dict[ScalarKind, str] = {
    "any": "*Any*",
    "null": "*None*",
    "string": "*str*",
    "integer": "*int*",
    "number": "*float*",
    "boolean": "*bool*",
    "date-time": f"[datetime]({_DATETIME}#datetime-objects)",
    "date": f"[date]({_DATETIME}#date-objects)",
    "time": f"[time]({_DATETIME}#time-objects)",
    "duration": f"Union[[timedelta]({_DATETIME}#timedelta-objects), *str*]",
    "uuid": "[UUID](https://docs.python.org/3/library/uuid.html#uuid.UUID)",
    "decimal": "[Decimal](https://docs.python.org/3/library/decimal.html#decimal.Decimal)",
    "base64": "*bytes*",
    "base64url": "*bytes*",
    "file": "*bytes*",
}
FILES = "files"
"""The fragment of the index's part about files."""
EVENTS = "events/README.md"
"""The page of events."""
_SECTIONS = ("Example Usage", "Pagination", "Parameters", "Response", "Errors")
"""The headings that a resource's page has under an operation, where it has them all."""


@attrs.frozen
class Places:
    """The path of every page, relative to the folder of the pages."""

    models: Mapping[str, str]
    """By the name of a model, enum, alias or request class."""
    resources: Mapping[str, str]
    """By the resource's name."""
    operations: Mapping[tuple[str, str], str]
    """The fragment on the resource's page, by the resource's and the operation's name."""
    events: Mapping[str, str]
    """The fragment on the page of events, by the event's class name."""


def places(api: Api) -> Places:
    """Give every page its path; no two differ only in case, and no model's is that of the list of models."""
    files = Namespace((*DEVICES, "readme"))
    names = sorted({*(each.name for each in api.declarations), *(each.request for each in api.operations)})
    folders = Namespace(DEVICES)
    return Places(
        models={name: f"models/{files.take(portable(name))}.md" for name in names},
        resources={
            resource.name: f"sdks/{folders.take(portable(resource.name.replace('_', '')))}/README.md"
            for resource in api.resources
        },
        operations={
            (resource.name, operation.name): anchor
            for resource in api.resources
            for operation, anchor in zip(resource.operations, _operation_anchors(resource), strict=True)
        },
        events=_event_anchors(api.events),
    )


def _event_anchors(events: tuple[Event, ...]) -> dict[str, str]:
    before, names = ("Webhooks and Callbacks", "Signatures"), [event.class_name for event in events]
    return dict(zip(names, markdown.anchors((*before, *names))[len(before) :], strict=True))


def headings(operation: Operation) -> tuple[str, ...]:
    """Return the headings of an operation's part of its resource's page, its own first."""
    absent = () if operation.pagination is not None else ("Pagination",)
    return (operation.name, *(section for section in _SECTIONS if section not in absent))


def _operation_anchors(resource: Resource) -> tuple[str, ...]:
    before = (resource.class_name, "Available Operations")
    found = markdown.anchors((*before, *(text for each in resource.operations for text in headings(each))))
    starts: list[str] = []
    position = len(before)
    for operation in resource.operations:
        starts.append(found[position])
        position += len(headings(operation))
    return tuple(starts)


@attrs.frozen
class Links:
    """Links from one page to the others."""

    places: Places
    root: str
    """How the page's folder reaches the folder of all pages: ``../`` for a model's page."""

    def model(self, name: str) -> str:
        """Return the link to the page of a model, enum, alias or request class, or to an event's part of its page."""
        if name in self.places.events:
            return f"[events.{name}]({self.root}{EVENTS}#{self.places.events[name]})"
        return f"[models.{name}]({self.root}{self.places.models[name]})"

    def resource(self, resource: Resource) -> str:
        """Return the link to a resource's page."""
        return markdown.link(resource.class_name, f"{self.root}{self.places.resources[resource.name]}")

    def operation(self, resource: Resource, operation: Operation, label: str) -> str:
        """Return the link to an operation's part of its resource's page."""
        fragment = self.places.operations[resource.name, operation.name]
        return f"[{label}]({self.root}{self.places.resources[resource.name]}#{fragment})"

    def errors(self, label: str) -> str:
        """Return the link to the page about errors."""
        return f"[{label}]({self.root}errors/README.md)"

    def index(self, label: str, fragment: str) -> str:
        """Return the link to a part of the index."""
        return f"[{label}]({self.root}README.md#{fragment})"

    def bundle(self, label: str) -> str:
        """Return the link to the bundled description, which stands beside the pages' folder."""
        return f"[{label}]({self.root}../openapi/openapi.yaml)"

    def received(self, type_: TypeRef) -> str:
        """Return the type of what a call returns, as the pages spell it: a file is its bytes."""
        return self._type(type_, _SCALARS)

    def given(self, type_: TypeRef) -> str:
        """Return the type of what a class or a method takes, as the pages spell it: a file is whatever can be sent."""
        return self._type(type_, {**_SCALARS, "file": self.index("FileLike", FILES)})

    def in_part(self, type_: TypeRef) -> str:
        """Return the type of what a class takes where a part can carry headers: the value, or a part that holds it."""
        match type_:
            case Nullable(inner):
                return f"Nullable[{self.in_part(inner)}]"
            case Scalar("any"):
                return self.given(type_)
            case _:
                members = type_.members if isinstance(type_, UnionOf) else (type_,)
                part = f"{self.index('Part', FILES)}[{self.given(without_files(type_))}]"
                return f"Union[{', '.join((*map(self.given, members), part))}]"

    def argument(self, type_: TypeRef, *, is_time: bool) -> str:
        """Return the type of what a method takes as an argument, as the pages spell it.

        Args:
            type_: The type.
            is_time: Whether it comes to a point in time, which a method takes as text, too.
        """
        spelled = self.given(without_null(type_) if is_time else type_)
        return f"Union[{spelled}, *str*]" if is_time else spelled

    def _type(self, type_: TypeRef, scalars: Mapping[ScalarKind, str]) -> str:
        def spell(inner: TypeRef) -> str:
            return self._type(inner, scalars)

        match type_:
            case Scalar(kind):
                return scalars[kind]
            case Reference(name):
                return self.model(name)
            case ListOf() | TupleOf():
                return f"List[{spell(type_.item)}]"
            case MapOf(value):
                return f"Dict[*str*, {spell(value)}]"
            case LiteralOf(values):
                return f"Literal[{', '.join(markdown.code(_python(value)) for value in values)}]"
            case Nullable(inner):
                return f"Nullable[{spell(inner)}]"
            case UnionOf(members):
                return f"Union[{', '.join(map(spell, members))}]"


def _python(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
