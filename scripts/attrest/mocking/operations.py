"""The operations of a description, with all that is needed to check a request and to answer it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from attrest import nodes, pathitems, pointers
from attrest.mocking import bodies, parameters, security
from attrest.mocking.adapting import Node
from attrest.mocking.responses import Responses
from attrest.mocking.schemata import Schemata


@attrs.frozen(kw_only=True, eq=False)
class Operation:
    """One operation."""

    method: str
    path: str
    pointer: str
    node: Node
    reader: parameters.Reader
    body: bodies.Body | None
    security: security.Security
    responses: Responses

    @property
    def violated(self) -> int:
        """The status of a request that is not as described: 422 where the description has that and not 400."""
        return 422 if "422" in self.responses.all and "400" not in self.responses.all else 400


@attrs.frozen(eq=False)
class PathItem:
    """A path, and its operations by method."""

    path: str
    names: frozenset[str]
    """The path parameters that are described."""
    operations: Mapping[str, Operation]
    owners: tuple[Node, ...]
    """The nodes that may have servers of their own."""


def described(requests: Schemata, answers: Schemata) -> Iterator[PathItem]:
    """Return the paths of a description.

    Args:
        requests: The schemas, as requests see them.
        answers: The same, as answers see them.
    """
    for path in nodes.mapping(requests.tree.get("paths")):
        if not path.startswith("/"):
            continue
        pointer, item = nodes.follow(requests.tree, pointers.join(("paths", path)))
        held = list(pathitems.operations(pointer, item))
        found = {each.method: _operation(requests, answers, pointer, path, each) for each in held}
        names = (each.name for one in found.values() for each in one.reader.parameters if each.location == "path")
        owners = (nodes.mapping(item), *(each.node for each in held))
        yield PathItem(path, frozenset(names), found, owners)


def _operation(requests: Schemata, answers: Schemata, item: str, path: str, held: pathitems.Held) -> Operation:
    tree = requests.tree
    found = parameters.described(tree, item, held.pointer)
    known = (*found, *parameters.undescribed(path, found, held.pointer))
    return Operation(
        method=held.method,
        path=path,
        pointer=held.pointer,
        node=held.node,
        reader=parameters.Reader(known, requests),
        body=bodies.described(tree, held.pointer),
        security=security.described(tree, held.pointer),
        responses=Responses(answers, held.pointer),
    )
