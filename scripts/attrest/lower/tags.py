"""Tags (OpenAPI 3.2 §4.22): the order of the resources, and what is said of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrest import nodes
from attrest.ir import ExternalDocumentation
from attrest.ledger import Entry, degraded


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


def flaws(tree: Mapping[str, Any]) -> Iterator[Entry]:
    """Return an entry for each tag that is described as a part of one that there is not, or of itself."""
    listed = [nodes.mapping(tag) for tag in nodes.sequence(tree.get("tags"))]
    parents = {str(tag.get("name", "")): parent(tag) for tag in reversed(listed)}
    for index, tag in enumerate(listed):
        pointer, above = f"/tags/{index}/parent", parent(tag)
        if above is not None and above not in parents:
            yield degraded(pointer, f"there is no tag {above}: this one is part of none")
        elif above is not None and _leads_back(str(tag.get("name", "")), parents):
            yield degraded(pointer, "this leads back to the tag itself")


def _leads_back(name: str, parents: Mapping[str, str | None]) -> bool:
    seen: set[str] = set()
    above = parents.get(name)
    while above is not None and above not in seen and above != name:
        seen.add(above)
        above = parents.get(above)
    return above == name


def parent(tag: Mapping[str, Any]) -> str | None:
    """Return the name of the tag that a tag is a part of."""
    return nodes.text(tag.get("parent"))


def external_documentation(node: Mapping[str, Any]) -> ExternalDocumentation | None:
    """Return where more is said of a tag or an operation."""
    written = nodes.mapping(node.get("externalDocs"))
    url = nodes.text(written.get("url"))
    return ExternalDocumentation(url=url, description=nodes.text(written.get("description"))) if url else None
