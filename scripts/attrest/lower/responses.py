"""Responses (OpenAPI 3.1 §4.8.16, §4.8.17)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

from attrest import nodes, pointers, schemanodes
from attrest.ir import ABSENT, Response
from attrest.ledger import degraded
from attrest.lower.headers import headers
from attrest.lower.received import received
from attrest.lower.types import Types
from attrest.runtime.errors import StatusError, status_error
from attrest.runtime.responses import WITHOUT_BODY

_STATUS: Final = re.compile("[1-9][0-9]{2}|[1-9]XX|default", re.IGNORECASE)
_DEFAULT: Final = "default"
"""Stands for every status that is not described (OpenAPI 3.1 §4.8.16)."""
_ANY_SUCCESS: Final = Response(status="2XX")
_SUCCESSES: Final = ("2", "3")
"""What the statuses of successes begin with: of those that are described, the first."""
_WITHOUT_BODY: Final = frozenset(map(str, WITHOUT_BODY))


def responses(tree: Mapping[str, Any], types: Types, operation: str) -> tuple[Response, ...]:
    """Return what an operation answers, by status.

    A redirect, which nobody follows, is the success where no other is described. ``default`` is an error where any
    success is described; where none is, it stands for both, and is returned once as the success and, where it says what
    comes with it, once as an error. Where there is neither, any success will do, and nothing is known of what it holds.
    """
    found = described(tree, types, operation)
    if all(each.error is not None for each in found):
        return (_ANY_SUCCESS, *found)
    return (*found, *_errors_alike(found))


def _errors_alike(found: Iterable[Response]) -> Iterator[Response]:
    for answer in found:
        if answer.status == _DEFAULT and answer.error is None and (answer.contents or answer.headers):
            yield attrs.evolve(answer, error=StatusError.__name__)


def described(tree: Mapping[str, Any], types: Types, operation: str) -> tuple[Response, ...]:
    """Return each response of an operation once, as its description lists them."""
    written = nodes.mapping(nodes.mapping(nodes.find(tree, operation)).get("responses"))
    statuses = [status for status in written if _STATUS.fullmatch(status)]
    for other in written:
        if other not in statuses and not other.startswith("x-"):
            types.note(degraded(operation + pointers.join(("responses", other)), "no status: it is left out"))
    success = next((first for first in _SUCCESSES if any(status.startswith(first) for status in statuses)), _DEFAULT)
    return tuple(_response(tree, types, operation, status, success) for status in statuses)


def _response(tree: Mapping[str, Any], types: Types, operation: str, status: str, success: str) -> Response:
    pointer, node = nodes.follow(tree, operation + pointers.join(("responses", status)))
    written = nodes.mapping(node)
    empty = operation.endswith("/head") or status in _WITHOUT_BODY
    found = () if empty else received(tree, types, pointer, written)
    return Response(
        status=_normal(status),
        description=nodes.text(written.get("description")),
        contents=found,
        headers=headers(tree, types, pointer, written),
        example=schemanodes.example(types.media(pointer, found[0].content_type)[1]) if found else ABSENT,
        error=_error(_normal(status), success),
    )


def _normal(status: str) -> str:
    return status.upper() if status.lower() != _DEFAULT else _DEFAULT


def _error(status: str, success: str) -> str | None:
    """Return the class of error that a status raises; None for a success, by what the statuses of those begin with."""
    if status.startswith(success):
        return None
    if status == _DEFAULT:
        return StatusError.__name__
    any_of_range = status.replace("X", "9")
    return status_error(int(any_of_range) if any_of_range.isdecimal() else 0).__name__
