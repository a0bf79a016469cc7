"""Parameters and headers that do not say what they have to (OpenAPI 3.1 §4.8.12)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from attrest import nodes, pathitems, pointers
from attrest.mending.draft import Draft
from attrest.objects import Placed, reference_of
from attrest.styles import LOCATIONS, STYLES

_TEMPLATE_NAME: Final = re.compile(r"(?<!\{)\{([^{}]+)\}(?!\})")
"""Braces inside braces are no template of the standard's (OpenAPI 3.2 §4.8.2), and are sent as written."""
_OPERATORS: Final = "+#./;?&*"
"""What RFC 6570 puts around a name, as some descriptions do."""
_FORM: Final = "application/x-www-form-urlencoded"
_NAMELESS: Final = "it says no name and place that a parameter may have"


def settle(draft: Draft) -> None:
    """Make every parameter and header say what it has to."""
    for placed in draft.objects:
        if placed.kind == "parameter" and isinstance(name := nodes.mapping(placed.node).get("name"), int | float):
            draft.put(f"{placed.pointer}/name", json.dumps(name))
    for path, item in _path_items(draft):
        operations = tuple(held.pointer for held in pathitems.operations(item, nodes.find(draft.tree, item)))
        _settle_list(draft, item, (item, *operations), path)
        for operation in operations:
            _settle_list(draft, operation, (item, operation), path)
            _settle_query(draft, (item, operation))
    for placed in draft.objects:
        if reference_of(placed.node) is not None:
            continue
        if placed.kind == "parameter" and placed.node and _location(placed.node) is None:
            draft.put(placed.pointer, {}, f"{_NAMELESS}: it is not sent")
        elif placed.kind == "header" or (placed.kind == "parameter" and placed.node):
            _settle_schema(draft, placed)
            _settle_style(draft, placed)


def _settle_list(draft: Draft, owner: str, scopes: tuple[str, ...], path: str) -> None:
    """Put parameters that the path names in the place of those that are none, as far as there are any."""
    missing = _missing(draft.tree, scopes, path)
    for pointer, parameter in list(_parameters(draft.tree, owner)):
        if _location(parameter) is not None:
            continue
        reference = reference_of(nodes.find(draft.tree, pointer))
        fault = f"{reference} leads to no parameter" if reference else _NAMELESS
        if missing:
            name = missing.pop(0)
            draft.put(pointer, _of_path(name), f"{fault}: it is taken for {{{name}}} of the path")
        else:
            draft.put(pointer, {}, f"{fault}: it is not sent")


def _settle_query(draft: Draft, scopes: tuple[str, ...]) -> None:
    """Leave out what describes the whole query beside others that describe it (OpenAPI 3.2 §4.12)."""
    listed = [(pointer, _location(node)) for scope in scopes for pointer, node in _parameters(draft.tree, scope)]
    whole = [pointer for pointer, location in listed if location == "querystring"]
    has_parts = any(location == "query" for _, location in listed)
    for pointer in whole if has_parts or draft.version != "3.2" else whole[1:]:
        draft.put(pointer, {}, "it describes the whole query, as others do: it is not sent")


def _settle_style(draft: Draft, placed: Placed) -> None:
    """Leave a style out that a parameter may not have, and whatever else is no way to write it."""
    location = "header" if placed.kind == "header" else LOCATIONS[str(placed.node.get("in"))]
    style = placed.node.get("style")
    if style is not None and location in STYLES and style not in STYLES[location]:
        draft.remove(f"{placed.pointer}/style", f"no style of a parameter in the {location}: it is left out")
    if not isinstance(placed.node.get("explode", True), bool):
        draft.remove(f"{placed.pointer}/explode", "it is neither true nor false: it is left out")


def _settle_schema(draft: Draft, placed: Placed) -> None:
    """Make a parameter or a header have either a schema or one media type."""
    node, pointer = placed.node, placed.pointer
    content = nodes.mapping(node.get("content"))
    if node.get("in") == "querystring" and "schema" in node:
        kept = {key: value for key, value in node.items() if key not in {"schema", "style", "explode"}}
        draft.put(pointer, {**kept, "content": {_FORM: {"schema": node["schema"]}}})
    elif "schema" in node and "content" in node:
        draft.remove(f"{pointer}/content", "it has a schema as well, which holds")
    elif "schema" not in node and not content:
        rest = {key: value for key, value in node.items() if key != "content"}
        draft.put(pointer, {**rest, "schema": {}}, "it has no schema: any value is taken")
    elif len(content) > 1:
        draft.put(f"{pointer}/content", dict([next(iter(content.items()))]), "of its media types the first one holds")


def _path_items(draft: Draft) -> Iterator[tuple[str, str]]:
    """List the pointers of all path items, each with its path, which is empty where it is called from elsewhere."""
    tree = draft.tree
    for path in nodes.mapping(tree.get("paths")):
        if not path.startswith("x-"):
            yield path, nodes.follow(tree, pointers.join(("paths", path)))[0]
    for kind, pointer, node in draft.objects:
        if kind == "path item" and reference_of(node) is None and len(pointers.split(pointer)) > 2:
            yield "", pointer


def _of_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _missing(tree: Any, scopes: Iterable[str], path: str) -> list[str]:
    """List the names in a path's template that no parameter of some path item and operations has."""
    declared = {name for scope in scopes for name in _path_parameters(tree, scope)}
    return [
        name
        for name in dict.fromkeys(_TEMPLATE_NAME.findall(path))
        if name not in declared and name.strip(_OPERATORS) not in declared
    ]


def _parameters(tree: Any, owner: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """List the parameters of a path item or an operation, each with its pointer and followed to where it is written."""
    for index, _ in enumerate(nodes.sequence(nodes.mapping(nodes.find(tree, owner)).get("parameters"))):
        pointer = f"{owner}/parameters/{index}"
        yield pointer, nodes.mapping(nodes.follow(tree, pointer)[1])


def _path_parameters(tree: Any, owner: str) -> list[str]:
    return [str(node["name"]) for _, node in _parameters(tree, owner) if _location(node) == "path"]


def _location(parameter: Mapping[str, Any]) -> str | None:
    """Return where a parameter is sent; None where it does not say so, or has no name."""
    location = nodes.text(parameter.get("in"))
    return location if isinstance(parameter.get("name"), str) and location in LOCATIONS else None
