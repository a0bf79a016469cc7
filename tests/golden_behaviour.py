"""What the tests of golden cases share: round trips, refusals, and a transport that answers from a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeAlias

import attrs
import pytest

Import: TypeAlias = Callable[[str], Any]
"""Takes a case's name."""

NOON = dt.datetime(2025, 3, 4, 12, 0, tzinfo=dt.UTC)


def names(model: type) -> list[str]:
    return [field.name for field in attrs.fields(model)]


def round_trip(model: Any, data: Any) -> Any:
    """Decode and encode a value, and require that nothing was lost; returns what was decoded."""
    value = model.from_dict(data)
    assert value.to_dict() == data
    assert model.from_dict(value.to_dict()) == value
    return value


def refusal(decode: Callable[[Any], object], data: Any) -> str:
    """What is said about data that does not fit."""
    with pytest.raises(ValueError, match=r"^\$") as caught:
        decode(data)
    return str(caught.value)


class Canned:
    """A transport that answers from a list and keeps what it was asked."""

    def __init__(self, *answers: tuple[int, str, bytes]) -> None:
        self.answers = list(answers)
        self.requests: list[Any] = []

    def send(self, request: Any, _: object) -> Any:
        self.requests.append(request)
        status, content_type, content = self.answers.pop(0)
        return CannedResponse(status, content_type, content)


class CannedResponse:
    def __init__(self, status: int, content_type: str, content: bytes) -> None:
        self.status = status
        self.headers: Any = {"content-type": content_type}
        self.content = content

    def chunks(self) -> list[bytes]:
        return [self.content]

    def close(self) -> None:
        pass


class AsyncCanned(Canned):
    """As ``Canned``, for asynchronous clients."""

    async def send(self, request: Any, limits: object) -> Any:
        return AsyncCannedResponse(super().send(request, limits))


class AsyncCannedResponse:
    def __init__(self, response: Any) -> None:
        self.status = response.status
        self.headers = response.headers
        self.content = response.content

    async def chunks(self) -> AsyncIterator[bytes]:
        yield self.content

    async def close(self) -> None:
        pass
