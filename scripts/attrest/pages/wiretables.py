"""How fields travel: their names on the wire, where in a request they stand, their limits and defaults."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import attrs

from attrest import bounds
from attrest.bounds import FREE
from attrest.code.limits import Types, in_words
from attrest.ir import ABSENT, Absent, Body, Constraints, Field, Operation, Parameter
from attrest.pages import markdown
from attrest.pages.doclinks import Links
from attrest.pages.markdown import Table
from attrest.typerefs import STRING, JsonScalar, ListOf, MapOf, Nullable, TupleOf, TypeRef, without_null

_LIST_STYLES = {
    ("form", True): "repeated",
    ("form", False): "comma-separated",
    ("simple", True): "comma-separated",
    ("simple", False): "comma-separated",
    ("spaceDelimited", False): "space-separated",
    ("pipeDelimited", False): "pipe-separated",
}


@attrs.frozen
class Travel:
    """How a field travels."""

    field: Field
    wire_name: str
    """The name that travels, empty where none does."""
    way: str = ""
    """Where in a request, in words."""
    constant: JsonScalar | Absent = ABSENT
    """The value that it has by itself."""


def travels(operation: Operation) -> tuple[Travel, ...]:
    """Return how the parameters of an operation and its body travel."""
    found = [Travel(each.field, each.wire_name, _way(each)) for each in operation.parameters]
    if operation.body is not None:
        found.append(Travel(operation.body.field, "", body_way(operation.body)))
        found += [Travel(each, "Content-Type", "header") for each in (operation.body.content_type,) if each]
    return tuple(found)


def body_way(body: Body) -> str:
    """Say how a body travels: in which media types."""
    return ", ".join(("body", *(markdown.code(content.content_type) for content in body.contents)))


def wire_table(travels: Iterable[Travel], limits: Limits, heading: str = "Field") -> Table:
    """Return how fields travel, for those about which there is something to say."""
    rows = (
        (
            markdown.code(each.field.name),
            markdown.code(each.wire_name) if each.wire_name else "",
            each.way,
            _limits(each.field, limits),
            _default(each),
        )
        for each in travels
    )
    told = tuple(row for row in rows if row[0] != row[1] or any(row[2:]))
    return Table((heading, "Wire name", "Sent in", "Constraints", "Default"), told).without_empty(
        "Sent in", "Constraints", "Default"
    )


def _default(travel: Travel) -> str:
    known = (travel.constant, travel.field.default, travel.field.preset)
    value = next((each for each in known if not isinstance(each, Absent)), ABSENT)
    return "" if isinstance(value, Absent) else markdown.code(json.dumps(value, ensure_ascii=False))


def _limits(field: Field, limits: Limits) -> str:
    flags = (
        ("read only", field.read_only),
        ("write only", field.write_only),
        ("required in requests", field.required_in_requests),
    )
    words = (
        limits.in_words(field.type, field.constraints),
        f"requires {' and '.join(map(markdown.code, field.requires))}" if field.requires else "",
        *(word for word, is_set in flags if is_set),
    )
    return ", ".join(filter(None, words))


@attrs.frozen
class Limits:
    """Says the limits of values in words, for one page."""

    types: Types
    links: Links

    def in_words(self, type_: TypeRef, limits: Constraints) -> str:
        """Return the limits that can apply to values of a type, with those of what is inside them."""
        pattern = bounds.applying(limits, self.types.kinds(type_)).pattern
        matching = "" if pattern is None else f"matches {markdown.code(pattern)}"
        return ", ".join(filter(None, (in_words(self.types, type_, limits), matching, *self._inside(type_, limits))))

    def _inside(self, type_: TypeRef, limits: Constraints) -> Iterator[str]:
        match type_:
            case Nullable(inner):
                yield from self._inside(inner, limits)
            case ListOf(item):
                yield self._of("each item", item, limits.items)
            case TupleOf(items, rest):
                inside = (*limits.prefix_items, *(FREE for _ in items))
                told = (self._position(each, limit) for each, limit in zip(items, inside, strict=False))
                more = () if rest is None else (f"then {self._position(rest, limits.items or FREE)}",)
                yield f"in order {', '.join((*told, *more))}"
            case MapOf(value):
                yield self._of("each name", STRING, limits.property_names)
                yield self._of("each value", value, limits.values)
            case _:
                return

    def _of(self, what: str, type_: TypeRef, limits: Constraints | None) -> str:
        words = self.in_words(type_, limits or FREE)
        return f"{what}: {words}" if words else ""

    def _position(self, type_: TypeRef, limits: Constraints) -> str:
        words = self.in_words(type_, limits)
        return f"{self.links.given(type_)} ({words})" if words else self.links.given(type_)


def _way(parameter: Parameter) -> str:
    style = _LIST_STYLES.get((parameter.style, parameter.explode), parameter.style)
    if parameter.content is not None:
        return f"{parameter.location}, {markdown.code(parameter.content.content_type)}"
    return f"{parameter.location}, {style}" if _is_list(parameter.field.type) else parameter.location


def _is_list(type_: TypeRef) -> bool:
    return isinstance(without_null(type_), ListOf)
