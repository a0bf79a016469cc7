"""The pages of models, enums, aliases and requests."""

from __future__ import annotations

import attrs

from attrest.code.modelcode import constant_value
from attrest.code.requestcode import call_fields
from attrest.ir import Absent, Alias, Declaration, Enum, Field, Json, Model
from attrest.pages import examples, markdown, snippets
from attrest.pages.docfacts import Facts, described, field_table, place, shown
from attrest.pages.doclinks import Links
from attrest.pages.markdown import Table
from attrest.pages.snippets import Call
from attrest.pages.wiretables import Limits, Travel, travels, wire_table
from attrest.typerefs import UnionOf


@attrs.frozen(kw_only=True)
class ModelPage:
    """A model or a request class."""

    name: str
    description: str
    fields: Table
    other_fields: str
    """What becomes of fields that are not listed."""
    wire: Table
    json: str
    python: str
    used_by: tuple[str, ...]
    place: str


@attrs.frozen(kw_only=True)
class EnumPage:
    """An enum."""

    name: str
    description: str
    values: Table
    json: str
    python: str
    used_by: tuple[str, ...]
    place: str


@attrs.frozen(kw_only=True)
class AliasPage:
    """A name for a type."""

    name: str
    description: str
    types: tuple[str, ...]
    constraints: str
    json: str
    python: str
    used_by: tuple[str, ...]
    place: str


def model_page(model: Model, facts: Facts) -> ModelPage:
    """Return what the page of a model says."""
    links = _links(facts)
    value = examples.sample_model(model, facts.declarations)
    return ModelPage(
        name=model.name,
        description=described(model.description, deprecated=model.deprecated),
        fields=field_table(model.fields, "Field", facts, lambda field: _given(model, field, facts, links)),
        other_fields=_other_fields(model, links),
        wire=wire_table(
            (Travel(field, field.wire_name, constant=constant_value(field)) for field in model.fields),
            Limits(facts.spelling, links),
        ),
        json=examples.json_text(value),
        python=facts.programs.model(model, value),
        used_by=_used_by(model, facts),
        place=place(model.pointer, model.location, links),
    )


def request_page(call: Call, facts: Facts) -> ModelPage:
    """Return what the page of a request class says."""
    links = _links(facts)
    operation = call.operation
    return ModelPage(
        name=operation.request,
        description=described(operation.summary or operation.description, deprecated=operation.deprecated),
        fields=field_table(call_fields(operation), "Field", facts, lambda field: links.given(field.type)),
        other_fields="",
        wire=wire_table(travels(operation), Limits(facts.spelling, links)),
        json=examples.json_text(snippets.request_values(operation, facts.declarations)),
        python=facts.programs.sending(operation),
        used_by=(links.operation(call.resource, operation, call.method),),
        place=place(operation.pointer, operation.location, links),
    )


def enum_page(enum: Enum, facts: Facts) -> EnumPage:
    """Return what the page of an enum says."""
    rows = tuple(
        (markdown.code(member.name), shown(member.value), markdown.brief(member.description)) for member in enum.members
    )
    told = markdown.notes((markdown.code(member.name), member.description) for member in enum.members)
    return EnumPage(
        name=enum.name,
        description=described(enum.description, deprecated=enum.deprecated),
        values=Table(("Name", "Value", "Description"), rows, told).without_empty("Description"),
        json="\n".join(examples.json_text(member.value) for member in enum.members[:1]),
        python=facts.programs.enum(enum),
        used_by=_used_by(enum, facts),
        place=place(enum.pointer, enum.location, _links(facts)),
    )


def alias_page(alias: Alias, facts: Facts) -> AliasPage:
    """Return what the page of an alias says."""
    members = alias.type.members if isinstance(alias.type, UnionOf) else (alias.type,)
    links, value = _links(facts), _alias_value(alias, facts)
    return AliasPage(
        name=alias.name,
        description=described(alias.description, deprecated=alias.deprecated),
        types=tuple(map(links.given, members)),
        constraints=Limits(facts.spelling, links).in_words(alias.type, alias.constraints),
        json="" if isinstance(value, Absent) else examples.json_text(value),
        python="" if isinstance(value, Absent) else facts.programs.value(alias, value),
        used_by=_used_by(alias, facts),
        place=place(alias.pointer, alias.location, links),
    )


def _alias_value(alias: Alias, facts: Facts) -> Json | Absent:
    given = examples.kept(alias.example, alias.type, facts.declarations, alias.constraints)
    if not isinstance(given, Absent):
        return given
    return examples.sample(alias.type, facts.declarations, alias.constraints)


def _given(model: Model, field: Field, facts: Facts, links: Links) -> str:
    """Return the type of what a model takes for a field, which may be a part that carries headers."""
    match facts.carriers.of(model, field):
        case None:
            return links.given(field.type)
        case "whole":
            return links.in_part(field.type)
        case "items":
            items = f"List[{links.in_part(facts.carriers.item(field.type))}]"
            return f"Nullable[{items}]" if facts.spelling.takes_null(field.type) else items


def _links(facts: Facts) -> Links:
    return facts.links("../")


def _other_fields(model: Model, links: Links) -> str:
    if model.additional is None:
        return ""
    kept = f"Dict[*str*, {links.given(model.additional)}]"
    return f"Fields that are not listed are kept in `additional_properties`, {kept}."


def _used_by(declaration: Declaration, facts: Facts) -> tuple[str, ...]:
    links = _links(facts)
    calls = facts.returned_by.get(declaration.name, ())
    return (
        *(links.model(name) for name in declaration.used_by),
        *(links.operation(call.resource, call.operation, call.method) for call in calls),
        *((links.errors("errors"),) if declaration.name in facts.error_bodies else ()),
    )
