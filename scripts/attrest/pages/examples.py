"""Examples for the reference pages: those that the description gives, and values made up where it gives none.

A value is JSON, as the description would give it. Sampled values keep to required fields below the first level, or
where there are none to the most telling, so that hardly any optional field that is added to a schema changes a page
that merely mentions it.
"""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Collection, Iterable, Mapping
from typing import Final

import attrs

from attrest import ecmascript, patterns
from attrest.bounds import FREE
from attrest.ir import ABSENT, Absent, Alias, Constraints, Declaration, Enum, Field, Json, Model
from attrest.pages.fitting import Declarations, Fitting, is_needed, items_of, json_object, object_of, positions
from attrest.pages.telling import telling
from attrest.pages.withinlimits import is_within
from attrest.typerefs import (
    STRING,
    Discriminator,
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
    references,
)

_SAMPLES: Final[Mapping[ScalarKind, Json]] = {
    "any": "anything",
    "null": None,
    "string": "text",
    "integer": 1,
    "number": 1.5,
    "boolean": True,
    "date-time": "2030-01-31T12:00:00Z",
    "date": "2030-01-31",
    "time": "12:00:00Z",
    "duration": "PT1H30M",
    "uuid": "2f1d8a52-6b0e-4c57-9d43-7a8e0b9c1d26",
    "decimal": "12.50",
    "file": "content",
}
NOTHING: Final[tuple[Json, ...]] = (None, "", [], {}, [{}])
"""Values that show nothing."""


def sample(type_: TypeRef, declarations: Declarations, constraints: Constraints = FREE) -> Json | Absent:
    """Return a value of a type; ABSENT where a type refers to itself without an end."""
    return _Sampler(declarations).value(type_, constraints)


def sample_fields(fields: Iterable[Field], declarations: Declarations, filled: Collection[str] = ()) -> dict[str, Json]:
    """Return a value for every field that can have one, by wire name.

    Args:
        fields: The fields.
        declarations: What their types refer to.
        filled: The wire names of those whose objects have all their optional fields, where they would be empty.
    """
    sampler = _Sampler(declarations)
    values = {
        field.wire_name: sampler.filled(field) if field.wire_name in filled else sampler.field(field)
        for field in fields
    }
    return {wire_name: value for wire_name, value in values.items() if not isinstance(value, Absent)}


def sample_model(model: Model, declarations: Declarations) -> dict[str, Json]:
    """Return the example that the description gives a model, or else a value with all its fields.

    What its limits refuse in the example is sampled, or left out.
    """
    given = json_object(model.example)
    sampler = _Sampler(declarations, frozenset({model.name}))
    if given is not None and Fitting(declarations).fits_model(given, model):
        return sampler.kept_model(given, model)
    return sampler.object(model.fields)


def kept(
    value: Json | Absent, type_: TypeRef, declarations: Declarations, constraints: Constraints = FREE
) -> Json | Absent:
    """Return as much of an example as a type and its limits take.

    Args:
        value: The example.
        type_: The type.
        declarations: What it refers to.
        constraints: Its limits.

    Returns:
        The example, with sampled values in the place of those inside it that limits refuse; ABSENT where there is none,
        or none that is one of the type.
    """
    return _Sampler(declarations).given(value, type_, constraints)


def fits(value: Json | Absent, type_: TypeRef, declarations: Declarations) -> bool:
    """Return whether there is a value and it is one of a type; limits and patterns do not count."""
    return not isinstance(value, Absent) and Fitting(declarations).fits(value, type_)


def json_text(value: Json) -> str:
    """Return a JSON value as indented text."""
    return json.dumps(value, ensure_ascii=False, indent=2)


@attrs.frozen
class _Sampler:
    """Makes values up."""

    declarations: Declarations
    visiting: frozenset[str] = frozenset()
    """The names of the models whose value is being made, so that a circle ends."""

    def field(self, field: Field) -> Json | Absent:
        given = self.given(field.example, field.type, field.constraints)
        if isinstance(given, Absent) and field.default not in NOTHING:
            given = self.given(field.default, field.type, field.constraints)
        return self.value(field.type, field.constraints) if isinstance(given, Absent) else given

    def given(self, example: Json | Absent, type_: TypeRef, limits: Constraints) -> Json | Absent:
        """Return as much of an example as its type and limits take; ABSENT where they do not take it."""
        if isinstance(example, Absent) or not Fitting(self.declarations).fits(example, type_):
            return ABSENT
        return self._kept(example, type_, limits)

    def _kept(self, value: Json, type_: TypeRef, limits: Constraints) -> Json | Absent:
        """Return a value of a type without what limits refuse in it; ABSENT where they refuse the whole."""
        match type_:
            case Nullable(inner):
                return None if value is None else self._kept(value, inner, limits)
            case UnionOf():
                return self._kept(value, Fitting(self.declarations).member(value, type_), limits)
            case Reference(name):
                made = self._kept_declared(value, self.declarations[name])
            case ListOf(item):
                made = self._kept_items(items_of(value), itertools.repeat(item), limits)
            case TupleOf(items, rest):
                made = self._kept_items(items_of(value), positions(items, rest, len(items_of(value))), limits)
            case MapOf(inner):
                made = self._kept_values(object_of(value), inner, limits)
            case _:
                made = value
        return made if not isinstance(made, Absent) and is_within(made, type_, limits) else ABSENT

    def _kept_declared(self, value: Json, declaration: Declaration) -> Json | Absent:
        if isinstance(declaration, Alias):
            return self._kept(value, declaration.type, declaration.constraints)
        return value if isinstance(declaration, Enum) else self.kept_model(object_of(value), declaration)

    def _kept_items(self, value: list[Json], types: Iterable[TypeRef], limits: Constraints) -> Json | Absent:
        inside = itertools.chain(limits.prefix_items, itertools.repeat(limits.items or FREE))
        made = [self._kept(*each) for each in zip(value, types, inside, strict=False)]
        return ABSENT if any(isinstance(each, Absent) for each in made) else made

    def _kept_values(self, value: Mapping[str, Json], type_: TypeRef, limits: Constraints) -> dict[str, Json]:
        inside, names = limits.values or FREE, limits.property_names or FREE
        made = {name: self._kept(each, type_, inside) for name, each in value.items() if is_within(name, STRING, names)}
        return {name: each for name, each in made.items() if not isinstance(each, Absent)}

    def kept_model(self, value: Mapping[str, Json], model: Model) -> dict[str, Json]:
        """Return an object that fits a model, with sampled fields in the place of those that limits refuse."""
        inner = attrs.evolve(self, visiting=self.visiting | {model.name})
        made: dict[str, Json | Absent] = dict(value)
        for field in model.fields:
            if field.wire_name in value:
                found = self._kept(value[field.wire_name], field.type, field.constraints)
                made[field.wire_name] = inner.field(field) if isinstance(found, Absent) else found
        return {name: each for name, each in made.items() if not isinstance(each, Absent)}

    def filled(self, field: Field) -> Json | Absent:
        value = self.field(field)
        models = (self.declarations[name] for name in references(field.type)) if value == {} else ()
        return next((self.object(each.fields) for each in models if isinstance(each, Model)), value)

    def object(self, fields: Iterable[Field]) -> dict[str, Json]:
        values = {field.wire_name: self.field(field) for field in fields}
        return {wire_name: value for wire_name, value in values.items() if not isinstance(value, Absent)}

    def value(self, type_: TypeRef, constraints: Constraints = FREE) -> Json | Absent:
        match type_:
            case Scalar(kind):
                return _scalar(kind, constraints)
            case Reference(name):
                return self._declared(self.declarations[name], constraints)
            case ListOf(item):
                value = self.value(item, constraints.items or FREE)
                return [] if isinstance(value, Absent) else [value] * max(1, constraints.min_items or 0)
            case MapOf(inner):
                value = self.value(inner, constraints.values or FREE)
                is_unknown = isinstance(value, Absent) or constraints.property_names is not None
                return {} if is_unknown or constraints.max_properties == 0 else {"key": value}
            case TupleOf(items):
                limits = (*constraints.prefix_items, *(FREE for _ in items))
                values = [self.value(item, limit) for item, limit in zip(items, limits, strict=False)]
                return ABSENT if any(isinstance(value, Absent) for value in values) else values
            case LiteralOf(values):
                return values[0]
            case Nullable(inner):
                value = self.value(inner, constraints)
                return None if isinstance(value, Absent) else value
            case UnionOf(members, discriminator):
                return self._union(members, discriminator, constraints)

    def _declared(self, declaration: Declaration, constraints: Constraints) -> Json | Absent:
        if isinstance(declaration, Enum):
            listed = [member.value for member in declaration.members]
            taken = (value for value in listed if is_within(value, Reference(declaration.name), constraints))
            return next(taken, listed[0] if listed else _SAMPLES["string"])
        given = self.given(declaration.example, Reference(declaration.name), FREE)
        if not isinstance(given, Absent):
            return given
        if declaration.name in self.visiting:
            return ABSENT
        inner = attrs.evolve(self, visiting=self.visiting | {declaration.name})
        if isinstance(declaration, Alias):
            return inner.value(declaration.type, declaration.constraints)
        required = _needed(declaration.fields)
        if not required:
            told = inner.object(telling(declaration.fields, self.declarations))
            return {name: each for name, each in told.items() if each not in NOTHING}
        value = inner.object(required)
        return value if len(value) == len(required) else ABSENT

    def _union(
        self, members: tuple[TypeRef, ...], discriminator: Discriminator | None, limits: Constraints
    ) -> Json | Absent:
        for member in members:
            value = self.value(member, limits)
            if not isinstance(value, Absent):
                return value if discriminator is None else _tagged(value, member, discriminator)
        return ABSENT


def _needed(fields: tuple[Field, ...]) -> list[Field]:
    """Return the fields that a request cannot do without, and those that they require, however indirectly."""
    by_name = {field.name: field for field in fields}
    waiting, reached = [field.name for field in fields if is_needed(field)], set[str]()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += by_name[name].requires
    return [field for field in fields if field.name in reached]


def _tagged(value: Json, member: TypeRef, discriminator: Discriminator) -> Json:
    tags = [variant.value for variant in discriminator.variants if variant.type == member]
    return object_of(value) | {discriminator.wire_name: tags[0]} if tags and isinstance(value, dict) else value


def _scalar(kind: ScalarKind, constraints: Constraints) -> Json:
    if kind in ("base64", "base64url"):
        return _base64(constraints)
    value = _SAMPLES[kind]
    if kind == "integer":
        return int(_within(value, constraints))
    if kind == "number":
        return _within(value, constraints)
    if kind == "string":
        return _text(str(value), constraints)
    return value


def _base64(limits: Constraints) -> str:
    """Return bytes as text of a length within the limits: four characters stand for three bytes."""
    groups = max(2, -(-(limits.min_length or 0) // 4))
    if limits.max_length is not None:
        groups = min(groups, limits.max_length // 4)
    content = b"hello" if groups == 2 else (b"hello" * groups)[: groups * 3]
    return base64.b64encode(content).decode()


def _text(text: str, limits: Constraints) -> str:
    fitting = text.ljust(limits.min_length or 0, "x")[: limits.max_length]
    if limits.pattern is None:
        return fitting
    pattern = ecmascript.translated(limits.pattern) or limits.pattern
    return patterns.matching(pattern, limits.min_length or 0, limits.max_length) or fitting


def _within(value: float, limits: Constraints) -> float:
    """Return the value, or the next one that keeps within the limits."""
    step = limits.multiple_of or 1
    value = value if limits.multiple_of is None else limits.multiple_of
    if limits.minimum is not None and value < limits.minimum:
        value = limits.minimum
    if limits.exclusive_minimum is not None and value <= limits.exclusive_minimum:
        value = limits.exclusive_minimum + step
    if limits.maximum is not None and value > limits.maximum:
        value = limits.maximum
    if limits.exclusive_maximum is not None and value >= limits.exclusive_maximum:
        value = limits.exclusive_maximum - step
    return value
