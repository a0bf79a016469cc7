"""The headers of parts of multipart bodies (OpenAPI 3.2 §4.15.1.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrest import nodes, pointers, schemanodes
from attrest.bounds import FREE
from attrest.ir import ABSENT, Absent, Header, Json, PartHeader
from attrest.ledger import degraded
from attrest.lower.headers import headers
from attrest.lower.types import Types

_DISPOSITION: Final = "content-disposition"


def part_headers(
    tree: Mapping[str, Any], types: Types, owner: str, encoding: Mapping[str, Any]
) -> Iterator[PartHeader]:
    """List the headers that a part is described to carry, but those that the client itself writes.

    Args:
        tree: The description.
        types: The types of its schemas; what cannot be done as described is noted there.
        owner: The pointer of the encoding.
        encoding: The encoding.
    """
    for header in headers(tree, types, owner, encoding):
        pointer, found = nodes.follow(tree, owner + pointers.join(("headers", header.wire_name)))
        if header.wire_name.lower() == _DISPOSITION:
            told = "written by the client, with the names of the field and of the file (RFC 7578 §4.2)"
            types.note(degraded(owner + pointers.join(("headers", header.wire_name)), told))
            continue
        schema = f"{pointer}/schema"
        yield PartHeader(
            header=header,
            preset=_preset(tree, schema, header),
            constraints=types.constraints(schema) if "schema" in nodes.mapping(found) else FREE,
        )


def _preset(tree: Mapping[str, Any], schema: str, header: Header) -> Json | Absent:
    """Return what a header is by itself: of a required one, its only value, else its default."""
    if not header.required:
        return ABSENT
    node = nodes.mapping(nodes.follow(tree, schema)[1])
    values = schemanodes.constants(node)
    return values[0] if len(values) == 1 else node.get("default", ABSENT)
