"""Values for the schemas of a description: those that fit, and the places where they can be made wrong.

They come from the schemas alone, by way of JSON Schema 2020-12, and a validator that is not ours has the last word.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

import attrs
import jsonschema_rs
from hypothesis import assume
from hypothesis import strategies as st

from attrest import pointers

Json: TypeAlias = Any
Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

DEEPEST: Final = 4
"""How many containers stand inside each other before all that may be left out is."""

SCHEMAS: Final = "#/components/schemas/"
BASES: Final = "x-bases"
"""Where in a description the bases of classes stand."""
ANCHORS: Final = ("$anchor", "$dynamicAnchor")

NAMES: Final = st.text("abcXYZ _-/~.é", max_size=5)
ANYTHING: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=3,
)
OFFSETS: Final = ("Z", "z", "+00:00", "-23:59", "+05:30")


def _times() -> st.SearchStrategy[str]:
    fractions = st.sampled_from(["", ".5", ".123456", ".000001", ".1234567", ".000000001"])
    times = st.times().map(lambda time: time.replace(microsecond=0).isoformat())
    leap_second = st.tuples(st.just("23:59:60"), fractions, st.sampled_from("Zz"))
    return st.one_of(st.tuples(times, fractions, st.sampled_from(OFFSETS)), leap_second).map("".join)


def _date_times() -> st.SearchStrategy[str]:
    days = st.dates(dt.date(1, 1, 3), dt.date(9999, 12, 28)).map(dt.date.isoformat)
    return st.builds(lambda day, mark, time: f"{day}{mark}{time}", days, st.sampled_from("Tt"), _times())


def _base64url() -> st.SearchStrategy[str]:
    padded = st.binary(max_size=6).map(lambda content: base64.urlsafe_b64encode(content).decode())
    return padded | padded.map(lambda text: text.rstrip("="))


FORMATS: Final[Mapping[str, st.SearchStrategy[str]]] = {
    "date-time": _date_times(),
    "date": st.dates().map(dt.date.isoformat),
    "time": _times(),
    "duration": st.sampled_from(["P1D", "PT0S", "P3W", "PT1H30M", "P2DT3H4M5S", "PT36H", "P1Y2M", "PT0.0000001S"]),
    "uuid": st.uuids().map(str) | st.uuids().map(lambda uuid: str(uuid).upper()),
    "decimal": st.decimals(-(10**6), 10**6, places=2).map(str),
    "byte": st.binary(max_size=6).map(lambda content: base64.b64encode(content).decode()),
    "base64": st.binary(max_size=6).map(lambda content: base64.b64encode(content).decode()),
    "base64url": _base64url(),
    "email": st.just("somebody@example.com"),
    "uri": st.sampled_from(["https://example.com/x?y=z", "urn:x:y"]),
    "hostname": st.just("host.example.com"),
    "ipv4": st.ip_addresses(v=4).map(str),
    "ipv6": st.ip_addresses(v=6).map(str),
}


@attrs.frozen
class Place:
    """A place in a value of which its schema says what kind of value belongs there."""

    keys: tuple[str | int, ...]
    kinds: frozenset[str]
    """What fits, as JSON Schema names types."""
    is_required: bool
    """Whether the object that holds it must have it."""


class Description:
    """A description's schemas, as JSON Schema 2020-12."""

    def __init__(self, tree: Mapping[str, Json]) -> None:
        self._is_3_0 = str(tree["openapi"]).startswith("3.0")
        self._anchors = dict(_anchors(tree, ""))
        self._bases = _bases(tree)
        self._tree = {**self._standard(tree), BASES: {name: self._standard(base) for name, base in self._bases.items()}}
        for name in self._bases:
            self._cut_from_heirs(name)
        self._tree = self._discriminated(self._tree)

    def _standard(self, node: Json) -> Json:
        """Say in JSON Schema 2020-12 what OpenAPI 3.0 says in words of its own (OpenAPI 3.0 §4.7.24)."""
        if isinstance(node, list):
            return [self._standard(item) for item in node]
        if not isinstance(node, dict):
            return node
        if isinstance(node.get("$ref"), str) and self._is_3_0:
            return {key: node[key] for key in ("$ref", "readOnly", "writeOnly") if key in node}
        made = {key: value if key in {"enum", "const"} else self._standard(value) for key, value in node.items()}
        self._point(made)
        if isinstance(made.get("properties"), dict) and not {"$ref", "not", "if"} & made.keys():
            made.setdefault("type", "object")  # what a schema means that lists properties
        if not self._is_3_0:
            return made
        for limit, strict in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if isinstance(made.get(strict), bool) and made.pop(strict) and limit in made:
                made[strict] = made.pop(limit)
        if made.get("nullable") is True and isinstance(made.get("type"), str):
            made["type"] = [made["type"], "null"]
        if made.get("nullable") is True and {"allOf", "anyOf", "oneOf"} & made.keys() and "type" not in made:
            return {"anyOf": [made, {"type": "null"}]}  # not what the standard says, but what all who write it mean
        return made

    def _point(self, schema: dict[str, Json]) -> None:
        """Refer by pointers to what has an anchor: a validator looks for anchors in what it knows for schemas alone."""
        for keyword in ("$ref", "$dynamicRef"):
            anchor = str(schema.get(keyword)).removeprefix("#")
            if anchor in self._anchors:
                del schema[keyword]
                schema["$ref"] = self._anchors[anchor]
        for keyword in ANCHORS:
            schema.pop(keyword, None)

    def _cut_from_heirs(self, base: str) -> None:
        """Let those who extend a class refer to what it has of its own: one that lists them never ends otherwise."""
        schemas = self._tree["components"]["schemas"]
        waiting = [part for keyword in ("oneOf", "anyOf") for part in schemas[base].get(keyword, ())]
        seen: set[str] = set()
        while waiting:
            name = str(waiting.pop().get("$ref")).removeprefix(SCHEMAS)
            parts = schemas[name].get("allOf", ()) if name in schemas and name not in seen else ()
            seen.add(name)
            for part in parts:
                if part.get("$ref") == SCHEMAS + base:
                    part["$ref"] = f"#/{BASES}/{base}"
            waiting += parts

    def _discriminated(self, node: Json) -> Json:
        """Say of alternatives what a discriminator says of them (OpenAPI 3.1 §4.8.25), where they do not say it."""
        if isinstance(node, list):
            return [self._discriminated(item) for item in node]
        if not isinstance(node, dict):
            return node
        made = {key: value if key in {"enum", "const"} else self._discriminated(value) for key, value in node.items()}
        told = node.get("discriminator")
        if isinstance(told, dict) and "propertyName" in told and "defaultMapping" not in told:
            for keyword in {"oneOf", "anyOf"} & made.keys():
                made[keyword] = [self._named(part, told) for part in made[keyword]]
        return made

    def _named(self, variant: Json, discriminator: Mapping[str, Json]) -> Json:
        wire_name, mapping = discriminator["propertyName"], discriminator.get("mapping", {})
        reference = str(variant.get("$ref"))
        if not reference.startswith(SCHEMAS):
            return variant
        whole = self._followed(variant)
        marker = self._followed(whole.get("properties", {}).get(wire_name, True))
        if {"oneOf", "anyOf"} & whole.keys() or "const" in marker or len(marker.get("enum", ())) == 1:
            return variant
        names = {"properties": {wire_name: {"enum": _names_of(reference, mapping)}}}
        return {"allOf": [variant, names]}

    def validator(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        """Return an independent judge of what fits the schema at a pointer; what is no keyword of its says nothing."""
        while True:
            schema = {**self._tree, "$ref": pointers.as_fragment(pointer)}
            try:
                return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
            except jsonschema_rs.ValidationError as error:
                self._leave_out(error.instance_path)

    def _leave_out(self, place: list[str | int]) -> None:
        """Take out what is not as JSON Schema wants it."""
        *above, last = place
        holder = self._tree
        for key in above:
            holder = holder[key]
        del holder[last]

    def fitting(self, pointer: str, validator: jsonschema_rs.Draft202012Validator) -> st.SearchStrategy[Json]:
        """Return the values that fit the schema at a pointer, as its validator says."""

        @st.composite
        def value(draw: Draw) -> Json:
            made = self._value(draw, self.at(pointer), DEEPEST)
            assume(validator.is_valid(made))
            return made

        return value()

    def at(self, pointer: str) -> Json:
        """Return the node at a pointer."""
        return pointers.resolve(self._tree, pointers.split(pointer))

    def _followed(self, schema: Json) -> Json:
        """Return a schema with what it refers to, and what it is composed of by ``allOf``, as one."""
        if not isinstance(schema, dict):
            return {} if schema is True else {"not": {}} if schema is False else schema
        parts = [schema["$ref"]] if "$ref" in schema else []
        merged = {key: value for key, value in schema.items() if key not in {"$ref", "allOf"}}
        for part in (*({"$ref": part} for part in parts), *schema.get("allOf", ())):
            found = self.at(pointers.parse_reference(part["$ref"]).fragment) if "$ref" in part else part
            rest = {key: value for key, value in part.items() if key != "$ref"} if "$ref" in part else {}
            merged = _both(_both(merged, self._followed(found)), rest)
        return merged

    def _value(self, draw: Draw, schema: Json, depth: int) -> Json:
        assume(depth > -DEEPEST)
        whole = self._followed(schema)
        if "const" in whole:
            return whole["const"]
        if "enum" in whole:
            assume(whole["enum"])
            return draw(st.sampled_from(whole["enum"]))
        for keyword in ("oneOf", "anyOf"):
            if keyword in whole:
                rest = {key: value for key, value in whole.items() if key != keyword}
                variants = [_both(rest, self._followed(variant)) for variant in whole[keyword]]
                chosen = draw(st.sampled_from(variants)) if depth > 0 else min(variants, key=_size)
                return self._value(draw, chosen, depth)
        if "if" in whole:
            then = {"allOf": [whole["if"], whole.get("then", {})]}
            branch = self._followed(draw(st.sampled_from([then, whole.get("else", {})])))
            rest = {key: value for key, value in whole.items() if key not in {"if", "then", "else"}}
            return self._value(draw, _both(rest, branch), depth)
        kinds = _kinds(whole)
        if kinds is None:
            return draw(ANYTHING)
        kind = draw(st.sampled_from(sorted(kinds))) if depth > 0 else min(kinds, key=lambda kind: kind != "null")
        return self._of_kind(draw, kind, whole, depth)

    def _of_kind(self, draw: Draw, kind: str, schema: Json, depth: int) -> Json:
        match kind:
            case "object":
                return self._object(draw, schema, depth - 1)
            case "array":
                return self._array(draw, schema, depth - 1)
            case "string":
                return draw(_texts(schema))
            case "integer":
                return draw(_numbers(schema, whole=True))
            case "number":
                return draw(_numbers(schema, whole=False))
            case "boolean":
                return draw(st.booleans())
            case _:
                return None

    def _object(self, draw: Draw, schema: Json, depth: int) -> Json:
        properties, required = schema.get("properties", {}), schema.get("required", ())
        optional = [name for name in properties if name not in required]
        chosen = draw(st.lists(st.sampled_from(optional), unique=True, max_size=6)) if optional and depth > 0 else []
        value = {name: self._value(draw, properties.get(name, True), depth) for name in (*required, *chosen)}
        additional = schema.get("additionalProperties", schema.get("unevaluatedProperties", True))
        if additional is not False and depth > 0:
            for name in draw(st.lists(NAMES.filter(lambda name: name not in properties), max_size=2, unique=True)):
                value[name] = self._value(draw, additional, depth)
        return value

    def _array(self, draw: Draw, schema: Json, depth: int) -> Json:
        first, least = schema.get("prefixItems", ()), schema.get("minItems", 0)
        most = max(least, min(schema.get("maxItems", 3), 3)) if depth > 0 else least
        count = draw(st.integers(least, most))
        items = [*first[:count], *(schema.get("items", True) for _ in range(count - len(first)))]
        return [self._value(draw, item, depth) for item in items]

    def places(self, pointer: str, value: Json) -> list[Place]:
        """Return the places of a value of which the schema at a pointer speaks without alternatives."""
        return [*self._places(self.at(pointer), value, (), is_required=True)]

    def _places(self, schema: Json, value: Json, keys: tuple[str | int, ...], *, is_required: bool) -> Iterator[Place]:
        whole = self._followed(schema)
        kinds = _kinds(whole)
        if kinds is None or {"oneOf", "anyOf", "const", "enum", "not", "if"} & whole.keys():
            return
        yield Place(keys, kinds, is_required)
        if isinstance(value, list) and "prefixItems" not in whole:
            for index, item in enumerate(value):
                yield from self._places(whole.get("items", True), item, (*keys, index), is_required=False)
        if isinstance(value, dict):
            for name, part in whole.get("properties", {}).items():
                if name in value and part is not False:
                    needed = name in whole.get("required", ()) and not self._one_way(part)
                    yield from self._places(part, value[name], (*keys, name), is_required=needed)

    def _one_way(self, schema: Json) -> bool:
        """Say whether a property travels in one direction only, and may be missing in the other."""
        whole = self._followed(schema)
        return whole.get("readOnly") is True or whole.get("writeOnly") is True


def _anchors(node: Json, pointer: str) -> Iterator[tuple[str, str]]:
    """List the anchors below a node, each with the reference to where it is."""
    if isinstance(node, dict):
        for keyword in ANCHORS:
            if isinstance(node.get(keyword), str):
                yield node[keyword], pointers.as_fragment(pointer)
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from _anchors(value, pointers.join((*pointers.split(pointer), str(key))))


def _bases(tree: Mapping[str, Json]) -> dict[str, Json]:
    """Return, of each class that lists those who extend it, what it has of its own."""
    return {
        name: {key: value for key, value in schema.items() if key not in {"oneOf", "anyOf"}}
        for name, schema in tree.get("components", {}).get("schemas", {}).items()
        if isinstance(schema, dict) and "discriminator" in schema and ({"oneOf", "anyOf"} & schema.keys())
    }


def _names_of(reference: str, mapping: Mapping[str, str]) -> list[str]:
    """Return the names by which a discriminator knows a schema."""
    own = reference.removeprefix(SCHEMAS)
    return [name for name, target in mapping.items() if target in {own, reference}] or [own]


def _both(one: Json, other: Json) -> Json:
    """Return a schema that takes what two take, as far as merging keywords can say it."""
    merged = {**other, **one}
    if "properties" in one and "properties" in other:
        names = [*one["properties"], *other["properties"]]
        merged["properties"] = {
            name: _both_parts(one["properties"].get(name), other["properties"].get(name)) for name in names
        }
    if "required" in one and "required" in other:
        merged["required"] = [*dict.fromkeys([*one["required"], *other["required"]])]
    if "type" in one and "type" in other:
        merged["type"] = sorted(_listed(one["type"]) & _listed(other["type"])) or sorted(_listed(one["type"]))
    for keyword in ("oneOf", "anyOf"):
        if keyword in one and keyword in other:
            merged[keyword] = [{"allOf": [mine, its]} for mine in one[keyword] for its in other[keyword]]
    return merged


def _both_parts(one: Json, other: Json) -> Json:
    if one is None or other is None:
        return other if one is None else one
    return {"allOf": [one, other]}


def _listed(kinds: str | list[str]) -> frozenset[str]:
    return frozenset([kinds] if isinstance(kinds, str) else kinds)


def _is_raw(schema: Json) -> bool:
    """Whether a string is bytes as they are (OpenAPI 3.1 §4.8.14.2), which is no business of JSON."""
    return "contentEncoding" not in schema and not str(schema.get("contentMediaType", "text/")).startswith("text/")


def _kinds(schema: Json) -> frozenset[str] | None:
    """Return the kinds of value that a schema takes, or clearly means; None where it says nothing, or bytes."""
    if schema.get("format") == "binary" or _is_raw(schema):
        return None
    if "type" in schema:
        return _listed(schema["type"])
    if "properties" in schema or isinstance(schema.get("additionalProperties"), dict):
        return frozenset({"object"})
    if "items" in schema:
        return frozenset({"array"})
    return frozenset({"string"}) if "contentEncoding" in schema else None


def _size(schema: Json) -> int:
    """Return how large the values of a schema are at least, roughly."""
    kinds = _kinds(schema) or {"object"}
    return min({"object": 2, "array": 1}.get(kind, 0) for kind in kinds)


def _texts(schema: Json) -> st.SearchStrategy[str]:
    least = schema.get("minLength", 0)
    longest = schema.get("maxLength", 10**6)
    most = min(longest, least + 8)
    if schema.get("contentEncoding") in {"base64", "base64url"}:
        return FORMATS[schema["contentEncoding"]]
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    if "pattern" in schema:
        try:
            matching = st.from_regex(re.compile(schema["pattern"], re.ASCII))
        except re.error:
            return st.nothing()
        return matching.filter(lambda text: least <= len(text) <= longest)
    return st.text(min_size=least, max_size=most)


def _numbers(schema: Json, *, whole: bool) -> st.SearchStrategy[float]:
    least = schema.get("minimum", schema.get("exclusiveMinimum"))
    most = schema.get("maximum", schema.get("exclusiveMaximum"))
    step = schema.get("multipleOf")
    low, high = -(10**6) if least is None else least, 10**6 if most is None else most
    if least is not None and most is None:
        high = max(high, least + 100)
    if most is not None and least is None:
        low = min(low, most - 100)
    if step is not None:
        count = st.integers(int(low / step), int(high / step))
        return count.map(lambda number: number * step)
    integers = st.integers(int(low) + (low > int(low)), int(high))
    return integers if whole else integers | st.floats(low, high)


MISSING: Final = object()
OF_KIND: Final[Mapping[str, Json]] = {
    "object": {"some": "thing"},
    "array": ["thing"],
    "string": "\0 no such thing",
    "integer": 7,
    "number": 7.5,
    "boolean": True,
    "null": None,
}


@st.composite
def broken(draw: Draw, place: Place, value: Json) -> Json:
    """Return a value that is wrong at one place: what it needs is missing there, or of another kind.

    Null where something may be missing is not wrong: it means that it is.
    """
    if place.is_required and place.keys and draw(st.booleans()):
        return _replaced(value, place.keys, MISSING)
    fit = {*place.kinds, *(["integer"] if "number" in place.kinds else []), *(() if place.is_required else ["null"])}
    return _replaced(value, place.keys, OF_KIND[draw(st.sampled_from(sorted(OF_KIND.keys() - fit)))])


def _replaced(value: Json, keys: tuple[str | int, ...], news: Json) -> Json:
    if not keys:
        return news
    copy = value.copy()
    if news is MISSING and len(keys) == 1:
        del copy[keys[0]]
    else:
        copy[keys[0]] = _replaced(value[keys[0]], keys[1:], news)
    return copy


def path_of(keys: tuple[str | int, ...]) -> str:
    """Return a place as an error names it (RFC 9535 §2.3)."""
    return "".join(
        f".{key}" if isinstance(key, str) and re.fullmatch(r"[A-Za-z_]\w*", key, re.ASCII) else f"[{key!r}]"
        for key in keys
    )


def same(one: Json, other: Json) -> bool:
    """Say whether two JSON values are equal, or spell the same instant, duration, number, bytes or UUID."""
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(same(item, other[key]) for key, item in one.items())
        case list(), list():
            return len(one) == len(other) and all(map(same, one, other))
        case str(), str():
            return one == other or any(_equal_by(meaning, one, other) for meaning in MEANINGS)
        case _:
            return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _equal_by(meaning: Callable[[str], object], one: str, other: str) -> bool:
    try:
        return meaning(one) == meaning(other)
    except (ValueError, InvalidOperation):
        return False


BELOW_MICROSECOND: Final = re.compile(r"\.\d{6}\d*[1-9]")
"""Digits that fromisoformat leaves out."""


def _instant(text: str) -> dt.datetime:
    if BELOW_MICROSECOND.search(text):
        raise ValueError("more digits than a datetime has")
    moment = dt.datetime.fromisoformat(text.upper())
    if moment.tzinfo is None or "T" not in text.upper():
        raise ValueError("no instant")
    return moment


def _time(text: str) -> object:
    if BELOW_MICROSECOND.search(text):
        raise ValueError("more digits than a time has")
    time = dt.time.fromisoformat(text.upper())
    return time.replace(tzinfo=None), time.utcoffset()


def _duration(text: str) -> dt.timedelta:
    match = re.fullmatch(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", text)
    if match is None:
        raise ValueError("no duration")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return dt.timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _uuid(text: str) -> str:
    if not re.fullmatch(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text):
        raise ValueError("no UUID")
    return text.lower()


MEANINGS: Final[tuple[Callable[[str], object], ...]] = (_instant, _time, _duration, _uuid, Decimal)
