"""Reads parameters from requests: the reverse of the styles of OpenAPI 3.2 §4.12."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import unquote, unquote_plus

import attrs

from attrest import nodes, pathtemplates, pointers, styles
from attrest.contentforms import form_of
from attrest.ir import ABSENT, Absent, Style
from attrest.mocking import coercion, expectations
from attrest.mocking.adapting import Node
from attrest.mocking.exchange import Pairs, Place, Violation
from attrest.mocking.schemata import Schemata
from attrest.styles import LOCATIONS, Location

_SEPARATORS: Final[Mapping[str, re.Pattern[str]]] = {
    "spaceDelimited": re.compile(r"%20|\+| "),
    "pipeDelimited": re.compile(r"%7[Cc]|\|"),
}
_COMMA: Final = re.compile(",")
_BRACKETS: Final = re.compile(r"\[([^\[\]]*)\]")

Decode: TypeAlias = Callable[[str], str]
"""Takes the encoding away from a part of what was sent."""
Values: TypeAlias = dict[tuple[Location, str], Any]
"""By place and name."""


@attrs.frozen(kw_only=True)
class Parameter:
    """A parameter, and how to find its value in a request."""

    name: str
    location: Location
    style: Style
    explode: bool
    required: bool
    allows_empty: bool
    is_json: bool
    """Whether its text is JSON, as a media type says."""
    schema: str
    """The pointer of its schema."""
    pointer: str

    @property
    def place(self) -> Place:
        """Where it is in a request."""
        return self.location


@attrs.frozen
class Sent:
    """What a request carries where parameters are looked for."""

    segments: Mapping[str, str]
    """What stands in the place of each name of the path's template, as sent."""
    query: Pairs
    querystring: str
    headers: Mapping[str, str]
    cookies: Pairs


def described(tree: Mapping[str, Any], item: str, operation: str) -> tuple[Parameter, ...]:
    """Return the parameters of an operation and those of its path that it does not override.

    Args:
        tree: The description.
        item: The pointer of the path item.
        operation: The pointer of the operation.
    """
    found: dict[tuple[str, str], Parameter] = {}
    for owner in (item, operation):
        for index, _ in enumerate(nodes.sequence(nodes.mapping(nodes.find(tree, owner)).get("parameters"))):
            pointer, node = nodes.follow(tree, f"{owner}/parameters/{index}")
            parameter = _parameter(pointer, nodes.mapping(node))
            if parameter is not None:
                found[parameter.name, parameter.location] = parameter
    return tuple(found.values())


def undescribed(path: str, known: Sequence[Parameter], operation: str) -> Iterator[Parameter]:
    """Return a text for each name of a path's template that no parameter describes."""
    names = {each.name for each in known if each.location == "path"}
    for name in pathtemplates.names(path, names):
        if name not in names:
            yield attrs.evolve(_TEXT, name=name, pointer=operation, schema="")


def _parameter(pointer: str, node: Mapping[str, Any]) -> Parameter | None:
    location, name = LOCATIONS.get(str(node.get("in"))), str(node.get("name", ""))
    if location is None or (location == "header" and name.lower() in styles.HEADERS_BY_OTHER_MEANS):
        return None
    style = styles.known(location, node.get("style")) or styles.usual(location)
    content = next(iter(nodes.mapping(node.get("content"))), None)
    return Parameter(
        name=name,
        location=location,
        style=style,
        explode=node.get("explode", style in styles.EXPLODED) is True
        or style == "deepObject",  # that knows no other way
        required=node.get("required") is True or location == "path",
        allows_empty=node.get("allowEmptyValue") is True,
        is_json=content is not None and form_of(content) == "json",
        schema=f"{pointer}/schema" if content is None else pointer + pointers.join(("content", content, "schema")),
        pointer=pointer,
    )


_TEXT: Final = Parameter(
    name="",
    location="path",
    style="simple",
    explode=False,
    required=True,
    allows_empty=False,
    is_json=False,
    schema="",
    pointer="",
)


class Reader:
    """Reads the parameters of one operation."""

    def __init__(self, parameters: Sequence[Parameter], schemata: Schemata) -> None:
        """Prepare for parameters whose schemas are among those of requests."""
        self.parameters = tuple(parameters)
        self._schemata = schemata
        self._kinds = {each: _kind(schemata, each) for each in parameters}
        self._taken = {each.name for each in parameters if each.location == "query"}

    def read(self, sent: Sent) -> tuple[Values, list[Violation]]:
        """Return the value of each parameter that was sent, and whatever is wrong with them."""
        values: Values = {}
        violations: list[Violation] = []
        for parameter in self.parameters:
            try:
                value = self._value(parameter, sent)
            except _UnreadableError as error:
                violations.append(_violation(parameter, error.expected, error.got))
                continue
            if isinstance(value, Absent):
                if parameter.required:
                    violations.append(_violation(parameter, "a value", None, "required"))
                continue
            values[parameter.location, parameter.name] = value
            if value != "" or not parameter.allows_empty:
                violations.extend(self._problems(parameter, value))
        return values, violations

    def undescribed(self, query: Pairs) -> Iterator[str]:
        """Give the names of a query, each once, that none of the parameters takes."""
        open_ = [each for each in self.parameters if self._takes_names(each)]
        for name in dict.fromkeys(name for name, _ in query):
            if name not in self._taken and not any(self._takes(each, name) for each in open_):
                yield name

    def _takes_names(self, parameter: Parameter) -> bool:
        """Tell whether a parameter is sent under other names than its own."""
        is_spread = self._kinds[parameter] == "object" and parameter.explode and not parameter.is_json
        return parameter.location == "querystring" or (parameter.location == "query" and is_spread)

    def _takes(self, parameter: Parameter, name: str) -> bool:
        if parameter.style == "deepObject":
            return name.startswith(f"{parameter.name}[")
        return parameter.location == "querystring" or self._is_property(name, self._schemata.at(parameter.schema))

    def _problems(self, parameter: Parameter, value: Any) -> Iterator[Violation]:
        if not parameter.schema:
            return
        for problem in self._schemata.problems(parameter.schema, value):
            yield Violation(
                place=parameter.place,
                name=parameter.name,
                pointer=pointers.join(problem.tokens),
                expected=expectations.expected(problem, self._schemata),
                got=problem.got,
                described=problem.pointer or parameter.schema,
            )

    def _value(self, parameter: Parameter, sent: Sent) -> Any | Absent:
        match parameter.location:
            case "path":
                return self._of_path(parameter, sent.segments.get(parameter.name, ""))
            case "header":
                text = sent.headers.get(parameter.name.lower())
                return ABSENT if text is None else self._simple(parameter, text, lambda part: part.strip())
            case "querystring":
                return self._whole_query(parameter, sent)
            case "query":
                return self._of_pairs(parameter, sent.query, unquote_plus)
            case "cookie":
                return self._of_pairs(parameter, sent.cookies, unquote)

    def _of_path(self, parameter: Parameter, raw: str) -> Any:
        if parameter.style == "label":
            raw = raw.removeprefix(".")
        elif parameter.style == "matrix":
            return self._matrix(parameter, raw)
        return self._simple(parameter, raw, unquote)

    def _matrix(self, parameter: Parameter, raw: str) -> Any:
        pairs = [(unquote(name), value) for name, _, value in (each.partition("=") for each in raw.split(";")[1:])]
        if not pairs and raw:
            raise _UnreadableError(f"a text that begins with ;{parameter.name}=", raw)
        return self._of_pairs(parameter, pairs, unquote, "")

    def _simple(self, parameter: Parameter, raw: str, decode: Decode) -> Any:
        """Read what holds no name: the whole value, with its items between commas, or dots for an exploded label."""
        if parameter.is_json:
            return _json(decode(raw))
        kind, schema = self._kinds[parameter], self._schemata.at(parameter.schema)
        separator = "." if parameter.style == "label" and parameter.explode else ","
        parts = raw.split(separator) if raw else []
        if kind == "array":
            return self._array(parameter, schema, parts, decode)
        if kind == "object":
            return self._object(parameter, parts, decode)
        return coercion.scalar(self._schemata, schema, decode(raw))

    def _array(self, parameter: Parameter, schema: Node, parts: Sequence[str], decode: Decode) -> list[Any]:
        """Read items; an empty text is one where it may be, since an array without items is not sent."""
        if not parts:
            return [""] if self._schemata.fits(parameter.schema, [""]) else []
        return coercion.array(self._schemata, schema, map(decode, parts))

    def _object(self, parameter: Parameter, parts: Sequence[str], decode: Decode) -> Any:
        """Read properties: ``R=100`` each where they are exploded, else ``R`` and ``100`` in turns."""
        if parameter.explode:
            split = [part.partition("=") for part in parts]
            pairs = [(decode(name), decode(value)) for name, _, value in split]
        elif len(parts) % 2:
            raise _UnreadableError("names and values in turns", ",".join(map(decode, parts)))
        else:
            pairs = [(decode(name), decode(value)) for name, value in zip(parts[::2], parts[1::2], strict=True)]
        return coercion.mapping(self._schemata, self._schemata.at(parameter.schema), pairs)

    def _of_pairs(self, parameter: Parameter, pairs: Pairs, decode: Decode, empty: Any = ABSENT) -> Any | Absent:
        """Read what is told by name."""
        kind, schema = self._kinds[parameter], self._schemata.at(parameter.schema)
        if parameter.style == "deepObject":
            return self._deep(parameter, pairs)
        if kind == "object" and parameter.explode and not parameter.is_json:
            own = [(name, decode(raw)) for name, raw in pairs if self._is_property(name, schema)]
            return coercion.mapping(self._schemata, schema, own) if own else empty if empty != "" else {}
        found = [raw for name, raw in pairs if name == parameter.name]
        if kind == "array" and parameter.explode and not parameter.is_json:
            return coercion.array(self._schemata, schema, map(decode, found)) if found else ABSENT
        if not found:
            return ABSENT
        if len(found) > 1:
            raise _UnreadableError("one value", [decode(raw) for raw in found])
        if parameter.is_json:
            return _json(decode(found[0]))
        parts = _SEPARATORS.get(parameter.style, _COMMA).split(found[0]) if found[0] else []
        if kind == "array":
            return self._array(parameter, schema, parts, decode)
        if kind == "object" and len(parts) == 1:
            return self._object(parameter, decode(parts[0]).split(","), str)  # the commas may be encoded too
        if kind == "object":
            return self._object(parameter, parts, decode)
        return coercion.scalar(self._schemata, schema, decode(found[0]))

    def _is_property(self, name: str, schema: Node) -> bool:
        """Tell whether a name is that of a property of an exploded object, described or not."""
        known = self._schemata.properties(schema)
        if name in known or name in self._taken or name.partition("[")[0] in self._taken:
            return name in known
        return not known or bool(self._schemata.flat(schema).get("additionalProperties"))

    def _deep(self, parameter: Parameter, pairs: Pairs) -> Any | Absent:
        """Read ``name[property]=value``, and deeper levels as most frameworks write them."""
        made: dict[str, Any] = {}
        flat: list[tuple[str, str]] = []
        for name, raw in pairs:
            if not name.startswith(f"{parameter.name}["):
                continue
            keys = _BRACKETS.findall(name[len(parameter.name) :])
            if len(keys) < 2:
                flat.append(("".join(keys), unquote_plus(raw)))
                continue
            holder, schema = made, self._schemata.at(parameter.schema)
            for key in keys[:-1]:
                holder, schema = holder.setdefault(key, {}), self._schemata.property(schema, key)
            holder |= coercion.mapping(self._schemata, schema, [(keys[-1], unquote_plus(raw))])
        made |= coercion.mapping(self._schemata, self._schemata.at(parameter.schema), flat)
        return made or ABSENT

    def _whole_query(self, parameter: Parameter, sent: Sent) -> Any | Absent:
        if not sent.querystring:
            return ABSENT
        if parameter.is_json:
            return _json(unquote(sent.querystring))
        pairs = [(name, unquote_plus(raw)) for name, raw in sent.query]
        return coercion.mapping(self._schemata, self._schemata.at(parameter.schema), pairs)


class _UnreadableError(Exception):
    """A value is not written as its style asks."""

    def __init__(self, expected: str, got: Any) -> None:
        super().__init__(expected)
        self.expected = expected
        self.got = got


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise _UnreadableError("JSON", text) from None


def _kind(schemata: Schemata, parameter: Parameter) -> Literal["array", "object", "scalar"]:
    """Return the form in which a parameter is written; where its schema takes several, that with most structure."""
    types = schemata.types(schemata.at(parameter.schema)) if parameter.schema else schemata.types({})
    if len(types) == 7:
        return "scalar"
    return "array" if "array" in types else "object" if "object" in types else "scalar"


def _violation(parameter: Parameter, expected: str, got: Any, keyword: str = "") -> Violation:
    described_at = f"{parameter.pointer}/{keyword}" if keyword and parameter.schema else parameter.pointer
    return Violation(place=parameter.place, name=parameter.name, expected=expected, got=got, described=described_at)
