"""The whole API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from attrest import names, nodes
from attrest.document import Document
from attrest.ir import Api, Operation, Resource
from attrest.lower import links, tags, webhooks
from attrest.lower.declarations import arranged
from attrest.lower.operations import Described, Lowering
from attrest.lower.security import security_schemes
from attrest.lower.servers import Servers
from attrest.schemas import Schemas
from attrest.settings import Settings, is_taken

_UNTAGGED = "default"
_NOISE = frozenset({"api", "apis", "rest", "openapi", "swagger", "specification", "spec"})


def lower(document: Document, schemas: Schemas, settings: Settings) -> Api:
    """Make the intermediate representation of a description.

    Args:
        document: The bundled description.
        schemas: What its schemas come to.
        settings: Names that the user chose; those left out come from the title.

    Returns:
        The API, complete: every operation, and every declaration that is a component or that an operation needs.
    """
    tree = document.tree
    info = nodes.mapping(tree.get("info"))
    title = " ".join((nodes.text(info.get("title")) or "API").split())
    package = settings.package or _package(title)
    taken = names.Namespace(declaration.name for declaration in schemas.declarations)
    client = settings.client or _client(package)
    classes = names.Namespace(
        [declaration.name for declaration in schemas.declarations]
        + [client, f"Async{client}", *names.RESOURCE_HELPERS],
        prefixes=("", "Async"),
    )
    authentication = security_schemes(tree, package)
    servers = Servers(tree)
    own = servers.of_description()
    lowering = Lowering(document, schemas, taken, servers, authentication.names)
    resources, dangling = links.linked(tree, _resources(tree, lowering.operations(), classes))
    operations = tuple(operation for resource in resources for operation in resource.operations)
    received = webhooks.events(document, schemas, operations, taken, authentication.names)
    return Api(
        title=title,
        version=str(info.get("version", "0")),
        description=nodes.text(info.get("description")),
        source=settings.source,
        distribution=settings.distribution or package.replace("_", "-"),
        package=package,
        client=client,
        servers=own,
        security_schemes=authentication.schemes,
        resources=resources,
        events=received.events,
        declarations=arranged(schemas.declarations, operations, received.events),
        entries=(
            *(*schemas.entries, *authentication.entries, *servers.entries, *lowering.entries),
            *(*dangling, *received.entries, *tags.flaws(tree)),
        ),
        renamed=settings.renamed,
    )


def _package(title: str) -> str:
    name = names.module(title)
    return f"{name}_api" if is_taken(name) else name


def _client(package: str) -> str:
    words = names.words(package)
    kept = [word for word in words if word not in _NOISE] or words
    return names.pascal("_".join(kept)) + "Client"


def _resources(
    tree: Mapping[str, Any], described: tuple[Described, ...], classes: names.Namespace
) -> tuple[Resource, ...]:
    declared = tags.described(tree)
    grouped: dict[str, list[Operation]] = {}
    for each in described:
        grouped.setdefault(each.tag or _UNTAGGED, []).append(each.operation)
    groups = dict(sorted(grouped.items(), key=_order_of(declared)))
    by_spelling = sorted(groups, key=lambda tag: tag != names.attribute(tag))
    class_names = {tag: _class_name(tag, classes) for tag in by_spelling}
    attributes = names.Namespace().take_each((tag, names.attribute(tag, names.RESOURCE_RESERVED)) for tag in groups)
    modules = names.Namespace().take_each((tag, names.module(tag)) for tag in groups)
    return tuple(
        Resource(
            name=attribute,
            class_name=class_names[tag],
            module=module,
            tag=tag,
            summary=nodes.text(node.get("summary")),
            description=nodes.text(node.get("description")),
            parent=tags.parent(node),
            kind=nodes.text(node.get("kind")),
            external_documentation=tags.external_documentation(node),
            operations=_named_apart(operations),
        )
        for (tag, operations), attribute, module in zip(groups.items(), attributes, modules, strict=True)
        for node in (declared.get(tag, {}),)
    )


def _class_name(tag: str, classes: names.Namespace) -> str:
    """Return a resource's class name, which the client's attribute must not hide: some letters have no case."""
    name = names.class_name(names.pascal(tag))
    wanted = () if name == names.attribute(tag) else (name,)
    return classes.take(*wanted, f"{name}Resource")


def _order_of(declared: Mapping[str, Any]) -> Callable[[tuple[str, list[Operation]]], int]:
    positions = {name: index for index, name in enumerate(declared)}
    return lambda item: positions.get(item[0], len(positions))


def _named_apart(operations: list[Operation]) -> tuple[Operation, ...]:
    """Give each method of a resource a name of its own; iterators and other forms of answers take what is left."""
    given = names.Namespace(names.METHOD_RESERVED)
    methods = given.take_each((operation.id, operation.name) for operation in operations)
    named = (attrs.evolve(operation, name=name) for operation, name in zip(operations, methods, strict=True))
    return tuple(_with_further_methods(operation, given) for operation in named)


def _with_further_methods(operation: Operation, given: names.Namespace) -> Operation:
    pages = operation.pagination
    return attrs.evolve(
        operation,
        pagination=pages and attrs.evolve(pages, method=given.take(pages.method)),
        alternatives=tuple(
            attrs.evolve(alternative, method=given.take(alternative.method)) for alternative in operation.alternatives
        ),
    )
