"""From OpenAPI 3.1 to 3.0: references with nothing beside them, and schemas in the dialect of 3.0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from attrest import nodes, objects, pointers
from attrest.editions import schemas_3_0
from attrest.editions.rewriting import Part, Rules, rewrite
from attrest.ledger import Entry
from attrest.trees import is_mapping

_RAW: Final = re.compile(r"application/octet-stream|(audio|font|image|video)/.*")
"""Media types that are raw bytes where no schema says what they are (OpenAPI 3.1 §4.8.14.2)."""
_SCHEMAS: Final = ("components", "schemas")
_DEFINITIONS: Final = ("$defs", "definitions")
_CERTIFICATE: Final = "mutualTLS"
_SCOPED: Final = frozenset({"oauth2", "openIdConnect"})


def rewritten(tree: dict[str, Any]) -> tuple[dict[str, Any], tuple[Entry, ...]]:
    """Return a gathered description of 3.1 as one of 3.0, and what it does not say any more."""
    writer = _Writer(tree)
    made, entries = rewrite(tree, writer.rules, writer.moved)
    for pointer, schema in writer.definitions.items():
        components = made.setdefault("components", {})
        components.setdefault("schemas", {})[pointers.split(pointer)[-1]] = schema
    return made, entries


class _Writer:
    """The rules for one description: some depend on what stands elsewhere in it."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self._schemes = nodes.mapping(nodes.find(tree, "/components/securitySchemes"))
        self.moved = dict(_places(tree))
        """Where the schemas stand that others keep for themselves: 3.0 has components alone for them."""
        self.definitions: dict[str, Any] = {}
        """These schemas, by their new places."""
        self.rules = Rules(
            objects={
                "description": _description,
                "components": _components,
                "info": _info,
                "operation": _operation,
                "media type": _media_type,
                "server variable": _server_variable,
                "security scheme": _security_scheme,
                "security requirement": self._security_requirement,
                "schema": self._schema,
            },
            inlined=frozenset[objects.Kind]({"path item"}),
            has_boolean_schemas=False,
            references=_reference,
        )

    def _schema(self, part: Part) -> None:
        for keyword in _DEFINITIONS:
            for name, schema in nodes.mapping(part.node.pop(keyword, None)).items():
                self.definitions[self.moved[part.pointer + pointers.join((keyword, name))]] = schema
        schemas_3_0.rewrite(part)

    def _security_requirement(self, part: Part) -> None:
        for name in part.node:
            kind = nodes.text(nodes.mapping(self._schemes.get(name)).get("type"))
            if kind not in _SCOPED and part.node[name]:
                part.note("3.0 knows roles for OAuth alone", name)
                part.node[name] = []


def _places(tree: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """List where each schema that another keeps for itself stands, and where it will stand."""
    taken = set(nodes.mapping(nodes.find(tree, pointers.join(_SCHEMAS))))
    for placed in objects.walk(tree):
        if placed.kind != "schema":
            continue
        for keyword in _DEFINITIONS:
            for name in nodes.mapping(nodes.mapping(placed.node).get(keyword)):
                free = _free(re.sub(r"[^A-Za-z0-9._-]", "_", name), taken)
                taken.add(free)
                yield placed.pointer + pointers.join((keyword, name)), pointers.join((*_SCHEMAS, free))


def _free(name: str, taken: set[str]) -> str:
    number = 1
    candidate = name
    while candidate in taken:
        number += 1
        candidate = f"{name}{number}"
    return candidate


def _description(part: Part) -> None:
    part.node["openapi"] = "3.0.4"
    part.drop("jsonSchemaDialect")
    part.node.setdefault("paths", {})
    part.set_aside("webhooks", "x-")


def _components(part: Part) -> None:
    part.drop("pathItems")


def _info(part: Part) -> None:
    part.set_aside("summary", "x-")
    licence = part.node.get("license")
    if is_mapping(licence) and "identifier" in licence:
        others = {name: value for name, value in licence.items() if name != "identifier"}
        part.node["license"] = {"url": f"https://spdx.org/licenses/{licence['identifier']}.html", **others}


def _reference(part: Part) -> None:
    for name in ("summary", "description"):
        part.drop(name, "a reference of 3.0 has nothing beside it")


def _operation(part: Part) -> None:
    if not part.node.get("responses"):
        part.node["responses"] = {"default": {"description": ""}}


def _media_type(part: Part) -> None:
    if "schema" not in part.node and _RAW.fullmatch(pointers.split(part.pointer)[-1].lower()):
        part.node["schema"] = {"type": "string", "format": "binary"}


def _server_variable(part: Part) -> None:
    if part.node.get("enum") == []:
        del part.node["enum"]


def _security_scheme(part: Part) -> None:
    """Keep a scheme that 3.0 does not know as one that is of no use: without it, calls would look free to all."""
    if part.node.get("type") == _CERTIFICATE:
        part.note(f"3.0 does not know client certificates: stands as an HTTP scheme of the name {_CERTIFICATE}", "type")
        part.node |= {"type": "http", "scheme": _CERTIFICATE}
