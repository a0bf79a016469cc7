"""For every schema of the Training API: what fits is read and written again, what does not is refused by its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, TypeAlias

import attrs
import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from training_api import models
from training_api.errors import DecodeError

Json: TypeAlias = Any
Schema: TypeAlias = Mapping[str, Any]

DESCRIPTION: Final[Schema] = json.loads(
    (Path(__file__).parents[1] / "generated" / "openapi" / "openapi.json").read_text(encoding="utf-8")
)
ANNOTATIONS: Final = frozenset(("description", "examples"))
PROFILE: Final = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],  # it goes by the clock
)
DATE_TIME: Final = re.compile(r"(.{10})[Tt](..:..):(..)(?:\.(\d+))?(.+)")


def whole(schema: Any) -> Any:
    """Return a schema with everything that it refers to inside it, and without what only people read."""
    if isinstance(schema, list):
        return [whole(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        target = DESCRIPTION
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return whole(target)
    properties = {name: whole(found) for name, found in schema.get("properties", {}).items()}
    rest = {key: whole(value) for key, value in schema.items() if key not in ANNOTATIONS | {"properties"}}
    return {**rest, "properties": properties} if properties else rest


SCHEMAS: Final = {name: whole(schema) for name, schema in DESCRIPTION["components"]["schemas"].items()}
OBJECTS: Final = sorted(name for name, schema in SCHEMAS.items() if schema["type"] == "object")
ENUMS: Final = sorted(name for name, schema in SCHEMAS.items() if "enum" in schema)
VALIDATORS: Final = {
    name: jsonschema_rs.Draft202012Validator(schema, validate_formats=True) for name, schema in SCHEMAS.items()
}


def date_times() -> st.SearchStrategy[str]:
    """Return texts of every form of RFC 3339 §5.6 in years that Python knows; leap seconds are where §5.7 has them."""
    fraction = st.just("") | st.text("0123456789", min_size=1, max_size=9).map(lambda digits: f".{digits}")
    day_and_mark = st.tuples(st.dates(max_value=date(9999, 12, 30)).map(str), st.sampled_from("Tt"))
    clock = st.times().map(lambda time: f"{time:%H:%M:%S}")
    numeric = st.tuples(st.sampled_from("+-"), st.integers(0, 23), st.integers(0, 59)).map(
        lambda parts: f"{parts[0]}{parts[1]:02}:{parts[2]:02}"
    )
    offset = st.sampled_from(["Z", "z", "+00:00"]) | numeric
    last_second = st.sampled_from(
        [("23:59:60", "Z"), ("23:59:60", "z"), ("05:29:60", "+05:30"), ("15:59:60", "-08:00")]
    )
    return st.tuples(day_and_mark, fraction, st.tuples(clock, offset) | last_second).map(
        lambda parts: f"{''.join(parts[0])}{parts[2][0]}{parts[1]}{parts[2][1]}"
    )


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


def fitting(schema: Schema) -> st.SearchStrategy[Json]:
    """Return the values that fit a schema, those with properties that it does not list among them."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema["type"]:
        case "object":
            return fitting_objects(schema)
        case "array":
            most = schema.get("maxItems")
            return st.lists(fitting(schema["items"]), min_size=schema.get("minItems", 0), max_size=min(most or 3, 3))
        case "string":
            return date_times() if schema.get("format") == "date-time" else st.text()
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(-(2**63), 2**63 - 1)
        case "number":
            return st.integers() | st.floats(allow_nan=False, allow_infinity=False)
        case other:
            raise AssertionError(f"no values are made for the type {other!r}")


def fitting_objects(schema: Schema) -> st.SearchStrategy[Json]:
    properties, required = schema["properties"], schema.get("required", ())
    known = st.fixed_dictionaries(
        {name: fitting(properties[name]) for name in required},
        optional={name: fitting(part) for name, part in properties.items() if name not in required},
    )
    if not schema.get("additionalProperties", True):
        return known
    others = st.dictionaries(st.text().filter(lambda name: name not in properties), JSON, max_size=2)
    return st.builds(lambda some, more: {**more, **some}, known, others)


STRATEGIES: Final = {name: fitting(SCHEMAS[name]) for name in OBJECTS}


def arguments_schema(operation: Schema) -> Schema:
    """Return the schema of an operation's arguments as one object."""
    parameters = [whole(parameter) for parameter in operation["parameters"]]
    return {
        "type": "object",
        "properties": {parameter["name"]: parameter["schema"] for parameter in parameters},
        "required": [parameter["name"] for parameter in parameters if parameter.get("required")],
        "additionalProperties": False,
    }


ARGUMENTS: Final = {
    f"{operation['operationId'][0].upper()}{operation['operationId'][1:]}Request": arguments_schema(operation)
    for path in DESCRIPTION["paths"].values()
    for method, operation in path.items()
    if method in {"get", "post", "patch", "delete"}
}


def instant(text: str) -> tuple[datetime, Fraction, int]:
    """Return the moment that a date-time names: its minute, in UTC as if without offset; its second; and the offset.

    Date-times are compared as moments, since there are many ways to write one: ``Z`` or ``+00:00``, as many zeros after
    the digits of a second as one likes.
    """
    match = DATE_TIME.fullmatch(text)
    assert match is not None, text
    day, minute, second, fraction, offset = match.groups()
    local = datetime.fromisoformat(f"{day}T{minute}:00").replace(tzinfo=UTC)
    sign = -1 if offset[0] == "-" else 1
    minutes = 0 if offset in "Zz" else sign * (int(offset[1:3]) * 60 + int(offset[4:]))
    return local, Fraction(f"{second}.{fraction or 0}"), minutes


def comparable(schema: Schema, value: Json) -> Json:
    """Return a JSON value such that two are equal exactly if they mean the same; true is not 1."""
    match value:
        case dict():
            properties = schema.get("properties", {})
            return {key: comparable(properties.get(key, {}), found) for key, found in value.items()}
        case list():
            return [comparable(schema.get("items", {}), item) for item in value]
        case str() if schema.get("format") == "date-time":
            return instant(value)
        case bool():
            return ("boolean", value)
        case _:
            return value


def enum_fields(schema: Schema) -> list[str]:
    return [field for field, part in schema["properties"].items() if "enum" in part]


def test_every_schema_is_an_object_or_an_enum() -> None:
    assert set(OBJECTS) | set(ENUMS) == set(SCHEMAS)
    assert len(OBJECTS) >= 10
    assert set(ARGUMENTS) <= set(models.__all__)
    assert len(ARGUMENTS) == 5


@pytest.mark.parametrize("name", ENUMS)
def test_an_enum_has_the_values_of_its_schema(name: str) -> None:
    kind = getattr(models, name)
    assert [member.value for member in kind] == SCHEMAS[name]["enum"]


@pytest.mark.parametrize("name", OBJECTS)
def test_what_fits_is_read_and_written_again(name: str) -> None:
    model, schema, validator = getattr(models, name), SCHEMAS[name], VALIDATORS[name]

    @PROFILE
    @given(STRATEGIES[name])
    def check(value: Json) -> None:
        decoded = model.from_dict(value)
        written = json.loads(json.dumps(decoded.to_dict()))
        assert comparable(schema, written) == comparable(schema, value)
        validator.validate(written)
        assert model.from_dict(written) == decoded

    check()


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_arguments_that_fit_are_read_and_written_again(name: str) -> None:
    request, schema = getattr(models, name), ARGUMENTS[name]
    validator = jsonschema_rs.Draft202012Validator(dict(schema), validate_formats=True)

    @PROFILE
    @given(fitting(schema))
    def check(value: Json) -> None:
        decoded = request.from_dict(value)
        written = json.loads(json.dumps(decoded.to_dict()))
        assert comparable(schema, written) == comparable(schema, value)
        validator.validate(written)
        assert request.from_dict(written) == decoded
        assert decoded.to_http().target.startswith("/training-")

    check()


@attrs.frozen
class Breakage:
    """One way in which one place of a value can be wrong."""

    keys: tuple[str | int, ...]
    kind: str
    """What is wrong: ``missing``, ``type`` or ``date-time``."""
    type: str = ""
    """What the schema wants there."""

    @property
    def path(self) -> str:
        return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.keys)

    def apply(self, value: Json, wrong: Json) -> Json:
        """Return the value with this place broken."""
        return self._replaced(value, self.keys, wrong)

    def _replaced(self, value: Json, keys: tuple[str | int, ...], wrong: Json) -> Json:
        if not keys:
            return wrong
        copy = value.copy()
        if self.kind == "missing" and len(keys) == 1:
            del copy[keys[0]]
        else:
            copy[keys[0]] = self._replaced(value[keys[0]], keys[1:], wrong)
        return copy


def breakages(schema: Schema, value: Json, keys: tuple[str | int, ...] = ()) -> Iterator[Breakage]:
    """Return every way to break a value in one place that its schema speaks of."""
    yield Breakage(keys, "type", schema["type"])
    if schema.get("format") == "date-time":
        yield Breakage(keys, "date-time")
    if schema["type"] == "array":
        for index, item in enumerate(value):
            yield from breakages(schema["items"], item, (*keys, index))
    for name, part in schema.get("properties", {}).items():
        if name in value:
            yield from breakages(part, value[name], (*keys, name))
            if name in schema.get("required", ()):
                yield Breakage((*keys, name), "missing")


OF_TYPE: Final[Mapping[str, st.SearchStrategy[Json]]] = {
    "object": st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    "array": st.lists(st.integers(), max_size=2),
    "string": st.text(max_size=5),
    "boolean": st.booleans(),
    "integer": st.integers(),
    "number": st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not number.is_integer()),
}
ALSO_FIT: Final = {"number": {"integer"}}
"""What is no wrong type: an integer is a number. Null is left out here, see below."""
NO_DATE_TIMES: Final = (
    "",
    "tomorrow",
    "2019-06-13",
    "2019-06-13T19:08:25",
    "2019-06-13 19:08:25Z",
    "2019-13-13T19:08:25Z",
    "2019-06-31T19:08:25Z",
    "2019-06-13T24:00:00Z",
    "2019-06-13T19:08:61Z",
    "2019-06-13T19:08:25.Z",
    "2019-06-13T19:08:25+2:00",
    "2019-W24-4T19:08:25Z",
    "20190613T190825Z",
    "2019-06-13T19:08Z",
    " 2019-06-13T19:08:25Z",
    "2019-06-13T19:08:25Z\n",
    "٢٠١٩-06-13T19:08:25Z",
)


def wrong_values(breakage: Breakage) -> st.SearchStrategy[Json]:
    match breakage.kind:
        case "missing":
            return st.none()
        case "date-time":
            return st.sampled_from(NO_DATE_TIMES)
        case _:
            fit = {breakage.type} | ALSO_FIT.get(breakage.type, set())
            return st.one_of(*(strategy for kind, strategy in OF_TYPE.items() if kind not in fit))


@pytest.mark.parametrize("name", OBJECTS)
def test_what_does_not_fit_is_refused_by_its_place(name: str) -> None:
    model, schema, validator = getattr(models, name), SCHEMAS[name], VALIDATORS[name]

    @PROFILE
    @given(STRATEGIES[name], st.data())
    def check(value: Json, data: st.DataObject) -> None:
        breakage = data.draw(st.sampled_from(sorted(breakages(schema, value), key=lambda one: (one.path, one.kind))))
        broken = breakage.apply(value, data.draw(wrong_values(breakage)))
        assert not validator.is_valid(broken)
        with pytest.raises(DecodeError) as raised:
            model.from_dict(broken)
        assert raised.value.path == breakage.path
        assert str(raised.value).startswith(f"${breakage.path}: ")
        assert ("required, but missing" in str(raised.value)) == (breakage.kind == "missing")

    check()


@pytest.mark.parametrize("name", OBJECTS)
def test_null_is_refused_where_a_value_is_required_and_means_absent_where_not(name: str) -> None:
    """The description knows no null; a service that writes null where it has nothing shall not stop anybody."""
    model, schema = getattr(models, name), SCHEMAS[name]

    @PROFILE
    @given(STRATEGIES[name], st.sampled_from(sorted(schema["properties"])))
    def check(value: Json, field: str) -> None:
        nulled = {**value, field: None}
        if field in schema["required"]:
            with pytest.raises(DecodeError) as raised:
                model.from_dict(nulled)
            assert raised.value.path == f".{field}"
        else:
            without = {key: found for key, found in value.items() if key != field}
            assert model.from_dict(nulled) == model.from_dict(without)

    check()


@pytest.mark.parametrize("name", [name for name in OBJECTS if enum_fields(SCHEMAS[name])])
def test_values_that_an_enum_does_not_list_are_kept(name: str) -> None:
    model, schema = getattr(models, name), SCHEMAS[name]
    enums = enum_fields(schema)

    @PROFILE
    @given(STRATEGIES[name], st.text(max_size=12))
    def check(value: Json, news: str) -> None:
        renewed = {**value, **dict.fromkeys(enums, news)}
        assert comparable(schema, model.from_dict(renewed).to_dict()) == comparable(schema, renewed)

    check()
