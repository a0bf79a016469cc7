"""What comes back: a response as it is, and the result or the error that it stands for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import attrs

from . import codec
from .errors import EXCERPT_LENGTH, ApiError, Attempt, DecodeError, StatusError, hidden, status_error
from .http import Headers
from .operation import Operation, Reader, decoded_text, json

T_co = TypeVar("T_co", covariant=True)
ErrorT = TypeVar("ErrorT", bound=ApiError)

WITHOUT_BODY = frozenset((204, 205, 304))
"""Statuses whose answers have no body, whatever follows their headers (RFC 9110 §15.3.5, §15.3.6, §15.4.5)."""


@attrs.frozen(kw_only=True)
class RawResponse(Generic[T_co]):
    """A response before anything was made of it; getting one raises nothing for its status."""

    status: int
    """The status code."""
    headers: Headers
    """The headers."""
    content: bytes = attrs.field(repr=False)
    """The body, content encodings undone; what arrived of it where it is incomplete."""
    incomplete: str | None = None
    """Why the body ended before its end; None where it is whole."""
    attempts: tuple[Attempt, ...] = ()
    """Every time that the request was sent."""
    retry_after: float | None = None
    """Seconds that the service asks to wait before the next request."""
    operation: Operation = attrs.field(repr=False)
    """What was called."""
    secrets: Callable[[], tuple[str, ...]] = attrs.field(default=tuple, repr=False, eq=False)
    """Gives the credentials that were sent, to keep them out of messages."""

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.operation.method

    @property
    def url_template(self) -> str:
        """The path as the description writes it."""
        return self.operation.path

    @property
    def without_body(self) -> bool:
        """Whether the answer can have no body: it answers HEAD, or its status says so (RFC 9110 §6.4.1)."""
        return self.method == "HEAD" or self.status in WITHOUT_BODY

    @property
    def content_type(self) -> str:
        """The Content-Type header; empty where there is none."""
        return self.headers.get("content-type", "")

    @property
    def request_id(self) -> str | None:
        """What the service calls this request: its X-Request-Id header, else ``requestId`` of a JSON body."""
        return self.headers.get("x-request-id") or request_id_in(self.content)

    @property
    def excerpt(self) -> str:
        """The beginning of the body as text, with ``***`` in the place of credentials that were sent."""
        beginning = decoded_text(self.content[: 4 * EXCERPT_LENGTH], self.content_type)
        return hidden(beginning, self.secrets())[:EXCERPT_LENGTH]

    def json(self) -> Any:
        """Parse the body as JSON, whatever the description says of it.

        Raises:
            DecodeError: It is not JSON, or incomplete.
        """
        try:
            self.refuse_incomplete()
            return json(codec.any_value).read(self.content, self.content_type)
        except DecodeError as error:
            raise self.explained(error) from None

    def parse(self) -> T_co:
        """Return what the call would have returned.

        Raises:
            StatusError: The status is no success that the description declares.
            DecodeError: The body is not what the description declares, or incomplete.
        """
        reader = self.operation.result(self.status)
        if reader is None:
            raise self.error()
        try:
            result: T_co = self.read(reader)
        except DecodeError as error:
            raise self.explained(error) from None
        return result

    def read(self, reader: Reader[Any]) -> Any:
        """Read the body.

        Args:
            reader: How to.

        Raises:
            DecodeError: The body is not what the reader reads, or incomplete.
        """
        if self.without_body:
            return reader.empty()
        if reader.accept:
            self.refuse_incomplete()
        return reader.read(self.content, self.content_type)

    def error(self) -> StatusError:
        """Return the error that the status stands for, with the body that the description declares for it."""
        error = status_error(self.status)(status_line(self.status))
        error.body = self.error_body()
        error.retry_after = self.retry_after
        return self.explained(error)

    def error_body(self) -> Any:
        """Return the body of an error as it is declared; None where none is, or where it is something else."""
        reader = self.operation.error(self.status)
        if reader is None or self.incomplete is not None:
            return None
        try:
            return self.read(reader)
        except DecodeError:
            return None

    def refuse_incomplete(self) -> None:
        """Refuse a body that ended before its end.

        Raises:
            DecodeError: It did.
        """
        if self.incomplete is not None:
            raise DecodeError("the whole body", f"{len(self.content)} bytes of it: {self.incomplete}")

    def explained(self, error: ErrorT) -> ErrorT:
        """Add to an error what is known of the call and its response."""
        error.during(method=self.method, url_template=self.url_template, attempts=self.attempts)
        error.answered(status=self.status, headers=self.headers, request_id=self.request_id, excerpt=self.excerpt)
        return error.hiding(self.secrets())


def request_id_in(content: bytes) -> str | None:
    """Return ``requestId`` of a body that is a JSON object; None where there is none."""
    if b'"requestId"' not in content:
        return None
    try:
        value = codec.mapping(codec.any_value, codec.loads(content))
    except ValueError:
        return None
    found = value.get("requestId")
    return found if isinstance(found, str) else None


def status_line(status: int) -> str:
    """Return a status with its standard phrase, such as ``404 Not Found`` (RFC 9110 §15)."""
    from http import HTTPStatus

    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status}"
