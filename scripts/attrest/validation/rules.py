"""House rules: what a description should say beyond what the standard asks for. Breaking one is a warning."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import attrs

from attrest import pointers
from attrest.diagnostics import Finding
from attrest.document import Document
from attrest.objects import Kind, Placed, follow, reference_of
from attrest.trees import is_list, is_mapping

_CAMEL_CASE: Final = re.compile(r"[a-z][A-Za-z0-9]*")


class Breach(NamedTuple):
    """One place where a rule is not kept."""

    pointer: str
    message: str


Ask: TypeAlias = Callable[[Any, str, dict[str, Any]], Iterator[Breach]]
"""Looks at one object of a description: the whole tree, the object's pointer, the object."""


@attrs.frozen
class Rule:
    """One rule of the house."""

    name: str
    asks: str
    """What it asks for, in one sentence."""
    kind: Kind
    """The objects it looks at."""
    ask: Ask = attrs.field(repr=False)


def check(document: Document, objects: Sequence[Placed], ignored: Collection[str]) -> Iterator[Finding]:
    """Find where a description does not keep the rules, but for those that are ignored."""
    rules_of: dict[Kind, list[Rule]] = {}
    for rule in [rule for rule in RULES if rule.name not in ignored]:
        rules_of.setdefault(rule.kind, []).append(rule)
    for kind, pointer, node in objects:
        if not is_mapping(node) or reference_of(node) is not None:
            continue
        for rule in rules_of.get(kind, ()):
            for breach in rule.ask(document.tree, pointer, node):
                yield document.finding("warning", rule.name, breach.message, breach.pointer)


def _has_text(node: Any, field: str) -> bool:
    return is_mapping(node) and isinstance(value := node.get(field), str) and bool(value.strip())


def operation_id(_tree: Any, pointer: str, operation: dict[str, Any]) -> Iterator[Breach]:
    """Ask for a camelCase operationId, which names the method in every client."""
    name = operation.get("operationId")
    if name is None:
        yield Breach(pointer, "the operation has no operationId")
    elif isinstance(name, str) and not _CAMEL_CASE.fullmatch(name):
        yield Breach(f"{pointer}/operationId", f"the operationId {name!r} is not in camelCase")


def operation_tag(tree: Any, pointer: str, operation: dict[str, Any]) -> Iterator[Breach]:
    """Ask for one tag, which names the resource in every client, and that the root describes it."""
    tags = operation.get("tags")
    if not is_list(tags) or len(tags) != 1:
        yield Breach(f"{pointer}/tags" if "tags" in operation else pointer, "the operation should have exactly one tag")
        return
    declared = tree.get("tags")
    described = [tag for tag in declared if _has_text(tag, "description")] if is_list(declared) else []
    if not any(tag.get("name") == tags[0] for tag in described):
        yield Breach(f"{pointer}/tags/0", f"the tag {tags[0]!r} is not described in the tags of the description")


def operation_text(_tree: Any, pointer: str, operation: dict[str, Any]) -> Iterator[Breach]:
    """Ask for a summary and a description."""
    for field in ("summary", "description"):
        if not _has_text(operation, field):
            yield Breach(pointer, f"the operation has no {field}")


def operation_errors(_tree: Any, pointer: str, operation: dict[str, Any]) -> Iterator[Breach]:
    """Ask that some answer is declared for errors."""
    responses = operation.get("responses")
    if is_mapping(responses) and not any(status == "default" or status[:1] in ("4", "5") for status in responses):
        yield Breach(f"{pointer}/responses", "the operation declares no answer for errors")


def answer_example(tree: Any, pointer: str, operation: dict[str, Any]) -> Iterator[Breach]:
    """Ask that every JSON answer of a success has an example."""
    responses = operation.get("responses")
    for status, written in responses.items() if is_mapping(responses) else ():
        at, response = follow(tree, f"{pointer}/responses{pointers.join([status])}", written)
        content = response.get("content") if is_mapping(response) else None
        for media_type, body in content.items() if status.startswith("2") and is_mapping(content) else ():
            if "json" in media_type and is_mapping(body) and not {"example", "examples"} & body.keys():
                yield Breach(f"{at}/content{pointers.join([media_type])}", f"the answer {status} has no example")


def parameter_text(_tree: Any, pointer: str, parameter: dict[str, Any]) -> Iterator[Breach]:
    """Ask for a description."""
    if not _has_text(parameter, "description"):
        yield Breach(pointer, f"the parameter {parameter.get('name')!r} has no description")


def wire_name(_tree: Any, pointer: str, parameter: dict[str, Any]) -> Iterator[Breach]:
    """Ask for camelCase in the names of query parameters."""
    name = parameter.get("name")
    if parameter.get("in") == "query" and isinstance(name, str) and not _CAMEL_CASE.fullmatch(name):
        yield Breach(f"{pointer}/name", f"the parameter {name!r} is not in camelCase")


def property_text(tree: Any, pointer: str, schema: dict[str, Any]) -> Iterator[Breach]:
    """Ask for a description of every property, beside a reference or where that leads."""
    for name, at, node in _properties(pointer, schema):
        if not _has_text(node, "description") and not _has_text(follow(tree, at, node)[1], "description"):
            yield Breach(at, f"the property {name!r} has no description")


def property_name(_tree: Any, pointer: str, schema: dict[str, Any]) -> Iterator[Breach]:
    """Ask for camelCase in the names of properties."""
    for name, at, _ in _properties(pointer, schema):
        if not _CAMEL_CASE.fullmatch(name):
            yield Breach(at, f"the property {name!r} is not in camelCase")


def _properties(pointer: str, schema: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    properties = schema.get("properties")
    for name, node in properties.items() if is_mapping(properties) else ():
        yield name, f"{pointer}/properties{pointers.join([name])}", node


def component_text(tree: Any, _pointer: str, components: dict[str, Any]) -> Iterator[Breach]:
    """Ask for a description of every schema that has a name."""
    schemas = components.get("schemas")
    for name, node in schemas.items() if is_mapping(schemas) else ():
        at = pointers.join(["components", "schemas", name])
        if not _has_text(node, "description") and not _has_text(follow(tree, at, node)[1], "description"):
            yield Breach(at, f"the schema {name} has no description")


def server_text(_tree: Any, pointer: str, server: dict[str, Any]) -> Iterator[Breach]:
    """Ask for a description of every server."""
    if not _has_text(server, "description"):
        yield Breach(pointer, f"the server {server.get('url')} has no description")


RULES: Final[tuple[Rule, ...]] = (
    Rule("operation-id", "Every operation has an operationId in camelCase.", "operation", operation_id),
    Rule("operation-tag", "Every operation has exactly one tag, which the root describes.", "operation", operation_tag),
    Rule("operation-text", "Every operation has a summary and a description.", "operation", operation_text),
    Rule("operation-errors", "Every operation declares an answer for errors.", "operation", operation_errors),
    Rule("answer-example", "Every JSON answer of a success has an example.", "operation", answer_example),
    Rule("parameter-text", "Every parameter has a description.", "parameter", parameter_text),
    Rule("parameter-name", "The names of query parameters are in camelCase.", "parameter", wire_name),
    Rule("property-text", "Every property has a description.", "schema", property_text),
    Rule("property-name", "The names of properties are in camelCase.", "schema", property_name),
    Rule("schema-text", "Every schema in the components has a description.", "components", component_text),
    Rule("server-text", "Every server has a description.", "server", server_text),
)
"""All of the rules, as openapi/README.md lists them."""
