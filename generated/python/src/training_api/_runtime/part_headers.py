"""The headers that parts of multipart bodies carry, as the description says (OpenAPI 3.2 §4.15.1.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import attrs

from .checks import Named, Validator
from .errors import DecodeError, InvalidArgumentError
from .parameters import absent, headers, json_header
from .parameters import header as header_parameter
from .unset import UNSET

OF_THE_CLIENT = {"content-disposition": "the filename of a File", "content-type": "its content_type"}
"""The headers that the client writes itself, and what says what stands in them."""


@attrs.frozen(kw_only=True)
class PartHeader:
    """A header that a part is described to carry."""

    name: str
    read: Callable[[tuple[str, ...]], Any]
    """Reads it as its receiver does; raises DecodeError."""
    required: bool = False
    preset: Any = UNSET
    """What it is where the caller does not give it; UNSET where only the caller can tell."""
    explode: bool = False
    is_json: bool = False
    checks: tuple[Validator, ...] = ()
    """The limits of what is read."""

    def written(self, given: Any) -> str | None:
        """Return what is sent; None where nothing is.

        Args:
            given: What the caller gives; UNSET for nothing.

        Raises:
            InvalidArgumentError: It is not what the description promises.
        """
        value = self.preset if absent(given) else given
        if absent(value):
            if self.required:
                raise InvalidArgumentError(f"header {self.name}: required, but missing")
            return None
        written = json_header if self.is_json else partial(header_parameter, explode=self.explode)
        _, text = written(self.name, value)
        if text is not None:
            self.check(text)
        return text

    def check(self, text: str) -> None:
        """Refuse what a receiver that keeps to the description cannot read.

        Args:
            text: What is to be sent.

        Raises:
            InvalidArgumentError: It is of another type, or not within the limits.
        """
        try:
            read = self.read((text,))
        except DecodeError as error:
            where_and_what = error.summary().removeprefix("$")
            raise InvalidArgumentError(f"header {self.name}{where_and_what}") from None
        place: Any = Named(f"header {self.name}")
        for check in self.checks:
            check(None, place, read)


def lines(part: str, given: Mapping[str, Any], described: Iterable[PartHeader]) -> str:
    """Return the lines of a part's headers, each behind a line break; those that are described first.

    Args:
        part: The name of the part.
        given: Names and values of what the caller gives.
        described: What is described.

    Raises:
        InvalidArgumentError: One is missing, not as described or no header (RFC 9110 §5), or written by the client.
    """
    try:
        written = headers(*texts(given, described))
    except InvalidArgumentError as error:
        raise InvalidArgumentError(f"part {part}: {error}") from None
    return "".join(f"\r\n{name}: {value}" for name, value in written.items())


def texts(given: Mapping[str, Any], described: Iterable[PartHeader]) -> Iterator[tuple[str, str | None]]:
    """Give the names and values of headers as they are sent; None for what is not."""
    left = {str(name).lower(): (name, value) for name, value in given.items()}
    if len(left) < len(given):
        raise InvalidArgumentError("a header is given twice, in upper and in lower case")
    for name in left.keys() & OF_THE_CLIENT.keys():
        raise InvalidArgumentError(f"header {left[name][0]} is written by the client: {OF_THE_CLIENT[name]} says it")
    for header in described:
        _, value = left.pop(header.name.lower(), ("", UNSET))
        yield header.name, header.written(value)
    for name, value in left.values():
        yield header_parameter(name, value)
