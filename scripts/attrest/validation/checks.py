"""Checks of what a description says in two places: names that have to be there, and names that have to be unique."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from attrest import pathitems, pathtemplates, pointers
from attrest.diagnostics import Finding
from attrest.document import Document
from attrest.objects import Placed, follow, mapped, reference_of
from attrest.printers import shown
from attrest.reading.syntax import names_a_file
from attrest.trees import is_list, is_mapping

Check: TypeAlias = Callable[[Document, Sequence[Placed]], Iterator[Finding]]
"""Looks at a document and all its objects."""


def check_security(document: Document, objects: Sequence[Placed]) -> Iterator[Finding]:
    """Find requirements for security schemes that are not in the components."""
    defined = pointers.resolve(document.tree, ("components", "securitySchemes"))
    known: list[str] = list(defined) if is_mapping(defined) else []
    for kind, pointer, node in objects:
        if kind != "security requirement" or not is_mapping(node):
            continue
        for name in node:
            is_uri = document.version == "3.2" and ("/" in name or "#" in name)
            if name not in known and not is_uri:
                hint = f"defined are: {', '.join(known)}" if known else "define it in components/securitySchemes"
                message = f"there is no security scheme {name!r}"
                at = pointer + pointers.join([name])
                yield document.finding("error", "undefined-security-scheme", message, at, hint)


def check_discriminators(document: Document, objects: Sequence[Placed]) -> Iterator[Finding]:
    """Find discriminators that map a value to a schema that is not there."""
    for kind, pointer, node in objects:
        for (name, *tag), target in mapped(node) if kind == "discriminator" else ():
            if not _is_schema(document.tree, target):
                value = f"the value {tag[0]!r}" if tag else "any other value"
                message = f"{value} is mapped to {target}, and there is no such schema"
                at = pointer + pointers.join([name, *tag])
                yield document.finding("error", "dangling-discriminator", message, at)


def _is_schema(tree: Any, target: str) -> bool:
    if pointers.resolve(tree, ("components", "schemas", target)) is not pointers.MISSING or names_a_file(target):
        return True
    if not target.startswith("#"):
        return False
    return pointers.resolve(tree, pointers.split(pointers.parse_reference(target).fragment)) is not pointers.MISSING


def check_operation_ids(document: Document, objects: Sequence[Placed]) -> Iterator[Finding]:
    """Find operations that have the operationId of another one."""
    seen: dict[str, str] = {}
    for kind, pointer, node in objects:
        name = node.get("operationId") if kind == "operation" and is_mapping(node) else None
        if not isinstance(name, str):
            continue
        at = pointer + "/operationId"
        if name in seen:
            message = f"another operation is called {name!r}, at {_place(document, seen[name])}"
            yield document.finding("error", "duplicate-operation-id", message, at)
        seen.setdefault(name, at)


def check_paths(document: Document, objects: Sequence[Placed]) -> Iterator[Finding]:  # noqa: ARG001 - a Check takes both
    """Find paths that differ from another one only in the names of their parameters."""
    seen: dict[str, str] = {}
    for path in _mapping(document.tree.get("paths")):
        shape = pathtemplates.NAME.sub("{}", path)
        at = pointers.join(["paths", path])
        if shape in seen:
            message = f"{path} is the same path as the one at {_place(document, seen[shape])}"
            yield document.finding("error", "duplicate-path", message, at)
        seen.setdefault(shape, at)


class _Parameter(NamedTuple):
    name: str
    location: str
    pointer: str


def check_path_parameters(document: Document, objects: Sequence[Placed]) -> Iterator[Finding]:  # noqa: ARG001 - as above
    """Find path parameters that are declared and not in the path, and those in the path that are not declared."""
    for path, item in _mapping(document.tree.get("paths")).items():
        if path.startswith("x-"):
            continue
        in_path = set(pathtemplates.NAME.findall(path))
        pointer, target = follow(document.tree, pointers.join(["paths", path]), item)
        shared = _path_parameters(document, target, pointer)
        operations = [(held.pointer, held.node) for held in pathitems.operations(pointer, target)]
        declared = [*shared, *(it for at, node in operations for it in _path_parameters(document, node, at))]
        for parameter in declared:
            if parameter.name not in in_path:
                message = f"the path {path} has no {{{parameter.name}}}"
                yield document.finding("error", "path-parameter", message, parameter.pointer)
        for at, node in operations:
            names = {parameter.name for parameter in (*shared, *_path_parameters(document, node, at))}
            for name in sorted(in_path - names):
                message = f"{{{name}}} of the path {path} is not declared as a parameter"
                hint = f"add a parameter with name: {name}, in: path and required: true"
                yield document.finding("error", "path-parameter", message, at, hint)


def _path_parameters(document: Document, holder: Any, pointer: str) -> list[_Parameter]:
    return [it for it in _parameters(document, holder, pointer) if it.location == "path"]


def _parameters(document: Document, holder: Any, pointer: str) -> Iterator[_Parameter]:
    listed = _mapping(holder).get("parameters")
    if not is_list(listed):
        return
    for index, written in enumerate(listed):
        at = f"{pointer}/parameters/{index}"
        target = _mapping(follow(document.tree, at, written)[1])
        name, location = target.get("name"), target.get("in")
        if isinstance(name, str) and isinstance(location, str):
            yield _Parameter(name, location, at if reference_of(written) is not None else f"{at}/name")


def check_parameters(document: Document, objects: Sequence[Placed]) -> Iterator[Finding]:
    """Find parameters that are declared twice in one list."""
    for kind, pointer, node in objects:
        if kind not in ("operation", "path item"):
            continue
        seen: set[tuple[str, str]] = set()
        for name, location, at in _parameters(document, node, pointer):
            if (name, location) in seen:
                message = f"the {location} parameter {name!r} is in this list already"
                yield document.finding("error", "duplicate-parameter", message, at)
            seen.add((name, location))


def _mapping(node: Any) -> dict[str, Any]:
    return node if is_mapping(node) else {}


def _place(document: Document, pointer: str) -> str:
    """Say where a node was written, as a finding that is printed says it."""
    location = document.locate(pointer)
    return f"{shown(location.file)}:{location.line}"


CHECKS: Final[tuple[Check, ...]] = (
    check_security,
    check_discriminators,
    check_operation_ids,
    check_paths,
    check_path_parameters,
    check_parameters,
)
"""All of these checks."""
