"""Links (OpenAPI 3.1 §4.8.20): what an answer leads to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs

from attrest import nodes, pointers
from attrest.ir import ABSENT, Link, LinkParameter, Operation, Resource, Response
from attrest.ledger import Entry, degraded

_DANGLING: Final = "there is no such operation: it is documented by the name it has there"


def linked(tree: Mapping[str, Any], resources: tuple[Resource, ...]) -> tuple[tuple[Resource, ...], tuple[Entry, ...]]:
    """Return the resources with the links of their operations' answers, and what leads nowhere.

    Args:
        tree: The bundled description.
        resources: All of them, without links.
    """
    linking = _Linking(tree, tuple(operation for resource in resources for operation in resource.operations))
    found = tuple(
        attrs.evolve(resource, operations=tuple(map(linking.operation, resource.operations))) for resource in resources
    )
    return found, tuple(dict.fromkeys(linking.entries))


class _Linking:
    def __init__(self, tree: Mapping[str, Any], operations: tuple[Operation, ...]) -> None:
        self._tree = tree
        self._by_id = {operation.id: operation.request for operation in reversed(operations)}
        self._by_pointer = {operation.pointer: operation.request for operation in reversed(operations)}
        self.entries: list[Entry] = []

    def operation(self, operation: Operation) -> Operation:
        written = nodes.mapping(nodes.find(self._tree, f"{operation.pointer}/responses"))
        found = {
            status.lower(): self._links(operation.pointer + pointers.join(("responses", status))) for status in written
        }
        if not any(found.values()):
            return operation
        return attrs.evolve(operation, responses=tuple(_with(each, found) for each in operation.responses))

    def _links(self, response: str) -> tuple[Link, ...]:
        pointer, node = nodes.follow(self._tree, response)
        return tuple(
            self._link(name, *nodes.follow(self._tree, pointer + pointers.join(("links", name))))
            for name in nodes.mapping(nodes.mapping(node).get("links"))
            if not name.startswith("x-")
        )

    def _link(self, name: str, pointer: str, node: Any) -> Link:
        written = nodes.mapping(node)
        target = nodes.text(written.get("operationId")) or nodes.text(written.get("operationRef")) or ""
        operation = self._by_id.get(target) if "operationId" in written else self._referred(target)
        if operation is None:
            self.entries.append(degraded(pointer, _DANGLING))
        return Link(
            name=name,
            target=target,
            operation=operation,
            parameters=tuple(
                LinkParameter(name=parameter, value=value)
                for parameter, value in nodes.mapping(written.get("parameters")).items()
            ),
            body=written.get("requestBody", ABSENT),
            server=nodes.text(nodes.mapping(written.get("server")).get("url")),
            description=nodes.text(written.get("description")),
        )

    def _referred(self, reference: str) -> str | None:
        """Return the request class of the operation that a reference within the description leads to."""
        if not reference.startswith("#/"):
            return None
        tokens = pointers.split(nodes.target(reference))
        item, _ = nodes.follow(self._tree, pointers.join(tokens[:2]))
        return self._by_pointer.get(item + pointers.join(tokens[2:]))


def _with(response: Response, found: Mapping[str, tuple[Link, ...]]) -> Response:
    return attrs.evolve(response, links=found.get(response.status.lower(), ()))
