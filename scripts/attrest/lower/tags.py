"""Tags (OpenAPI 3.2 §4.22): the order of the resources, and what is said of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrest import nodes
from attrest.ir import ExternalDocumentation


def described(tree: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the tags that a description declares, by name, each after the one that it is a part of."""
    declared: dict[str, Mapping[str, Any]] = {}
    for tag in map(nodes.mapping, nodes.sequence(tree.get("tags"))):
        declared.setdefault(str(tag.get("name", "")), tag)
    parts: dict[str | None, list[str]] = {}
    for name, tag in declared.items():
        parts.setdefault(parent(tag) if parent(tag) in declared else None, []).append(name)
    ordered: dict[str, Mapping[str, Any]] = {}
    waiting = parts.get(None, [])[::-1]
    while waiting:
        name = waiting.pop()
        if name not in ordered:
            ordered[name] = declared[name]
            waiting += parts.get(name, [])[::-1]
    return ordered | {name: tag for name, tag in declared.items() if name not in ordered}


def parent(tag: Mapping[str, Any]) -> str | None:
    """Return the name of the tag that a tag is a part of."""
    return nodes.text(tag.get("parent"))


def external_documentation(node: Mapping[str, Any]) -> ExternalDocumentation | None:
    """Return where more is said of a tag or an operation."""
    written = nodes.mapping(node.get("externalDocs"))
    url = nodes.text(written.get("url"))
    return ExternalDocumentation(url=url, description=nodes.text(written.get("description"))) if url else None
