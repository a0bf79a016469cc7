"""From OpenAPI 3.2 to 3.1: what 3.2 brought becomes extensions, or what came nearest to it before."""

from __future__ import annotations

from typing import Any, Final

from attrest.editions.rewriting import REMOVED, Part, Rules, rewrite
from attrest.ledger import Entry
from attrest.objects import Kind

_KINDS_OF_XML: Final = {"attribute": "attribute", "element": "wrapped"}
"""What a node's kind was called while it was a flag (OpenAPI 3.1 §4.8.26)."""
_SECURITY_SCHEMES: Final = "#/components/securitySchemes/"


def rewritten(tree: dict[str, Any]) -> tuple[dict[str, Any], tuple[Entry, ...]]:
    """Return a gathered description of 3.2 as one of 3.1, and what it does not say any more."""
    return rewrite(tree, _RULES, {})


def _description(part: Part) -> None:
    part.node["openapi"] = "3.1.2"
    part.drop("$self")


def _components(part: Part) -> None:
    part.drop("mediaTypes")


def _server(part: Part) -> None:
    part.set_aside("name")


def _path_item(part: Part) -> None:
    """Put what is called by methods that 3.1 does not know together, under one extension."""
    others: dict[str, Any] = {}
    if "query" in part.node:
        part.lose("3.1 does not know the method QUERY: it stands under x-oai-additionalOperations", "query")
        others["QUERY"] = part.node.pop("query")
    for method in part.node.get("additionalOperations", {}):
        part.lose(
            f"3.1 does not know the method {method}: it stands under x-oai-additionalOperations",
            *("additionalOperations", method),
        )
    others |= part.node.pop("additionalOperations", {})
    if others:
        part.node["x-oai-additionalOperations"] = others


def _parameter(part: Part) -> object:
    if part.node.get("in") == "querystring":
        part.lose("3.1 has no parameter that is the whole query")
        return REMOVED
    if part.node.get("style") == "cookie":
        part.drop("style", "3.1 does not know the style cookie: it is written as a form")
    return None


def _media_type(part: Part) -> None:
    for name in ("itemSchema", "prefixEncoding", "itemEncoding"):
        part.set_aside(name)


def _encoding(part: Part) -> None:
    for name in ("encoding", "prefixEncoding", "itemEncoding"):
        part.set_aside(name)


def _example(part: Part) -> None:
    """Call the value what it was called before: as data where that is said, else as it travels."""
    node = part.node
    if "dataValue" in node:
        node["value"] = node.pop("dataValue")
        part.set_aside("serializedValue")
    elif "serializedValue" in node:
        part.note("how it travels stands in the place of the value", "serializedValue")
        node["value"] = node.pop("serializedValue")


def _response(part: Part) -> None:
    summary = part.drop("summary")
    part.node.setdefault("description", summary or "")
    if summary and part.node["description"] != summary:
        part.node["x-oai-summary"] = summary


def _tag(part: Part) -> None:
    if "summary" in part.node:
        part.node["x-displayName"] = part.node.pop("summary")
    part.set_aside("parent")
    part.set_aside("kind")


def _security_scheme(part: Part) -> None:
    part.set_aside("oauth2MetadataUrl")
    part.set_aside("deprecated")


def _security_requirement(part: Part) -> None:
    """Name a security scheme by its name alone: 3.1 does not know references here."""
    for written in tuple(part.node):
        name = written.removeprefix(_SECURITY_SCHEMES)
        if name != written:
            part.node[name] = part.node.pop(written)


def _oauth_flows(part: Part) -> None:
    part.set_aside("deviceAuthorization")


def _discriminator(part: Part) -> None:
    part.set_aside("defaultMapping")


def _xml(part: Part) -> None:
    kind = part.node.get("nodeType")
    if kind in _KINDS_OF_XML:
        part.node[_KINDS_OF_XML[kind]] = True
        del part.node["nodeType"]
    part.set_aside("nodeType")


_RULES: Final = Rules(
    objects={
        "description": _description,
        "components": _components,
        "server": _server,
        "path item": _path_item,
        "parameter": _parameter,
        "media type": _media_type,
        "encoding": _encoding,
        "example": _example,
        "response": _response,
        "tag": _tag,
        "security requirement": _security_requirement,
        "security scheme": _security_scheme,
        "oauth flows": _oauth_flows,
        "discriminator": _discriminator,
        "xml": _xml,
    },
    inlined=frozenset[Kind]({"media type"}),
)
