"""Drives both clients by the same words."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from types import TracebackType
from typing import Any, Final, Self

import attrs
from training_api import AsyncTrainingClient, TrainingClient
from training_api._runtime.retries import Clock

TOKEN: Final = "test-token"  # noqa: S105 - guards a server of the tests
NOW: Final = 1_560_452_905.0
"""2019-06-13T19:08:25Z, in seconds since 1970."""


@attrs.define
class Waits:
    """Time that passes without anybody waiting, and without chance."""

    seconds: list[float] = attrs.field(factory=list[float])
    """How long the client would have waited, each time."""
    meanwhile: Callable[[], None] | None = None
    """What happens while the client waits."""

    def sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)
        if self.meanwhile is not None:
            self.meanwhile()

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)

    def clock(self) -> Clock:
        return Clock(
            monotonic=lambda: time.monotonic() + sum(self.seconds),
            wall=lambda: NOW + sum(self.seconds),
            random=lambda: 0.5,
            sleep=self.sleep,
            sleep_async=self.sleep_async,
        )


class Driver:
    """One kind of client. What its methods give is passed through the driver, which awaits what has to be awaited."""

    def __init__(self, *, asynchronous: bool) -> None:
        self.asynchronous = asynchronous
        self.waits = Waits()
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._runner.close()

    def make(self, token: str | None = TOKEN, **settings: Any) -> Any:
        """Make a client whose clock never waits."""
        client: Any = (AsyncTrainingClient if self.asynchronous else TrainingClient)(token, **settings)
        client.configuration = attrs.evolve(client.configuration, clock=self.waits.clock())
        return client

    @contextmanager
    def client(self, server: str | None = None, token: str | None = TOKEN, **settings: Any) -> Iterator[Any]:
        """Make a client, and close it at the end."""
        client = self.make(token, server=server, **settings)
        try:
            yield self.enter(client)
        finally:
            self.leave(client)

    def __call__(self, outcome: Any) -> Any:
        """Give what a call gives."""
        return self._runner.run(_awaited(outcome)) if inspect.isawaitable(outcome) else outcome

    def take(self, pages: Any, count: int | None = None) -> list[Any]:
        """Give the first items, or all; no page is fetched for more than that."""
        if self.asynchronous:
            collected: list[Any] = self._runner.run(_first(pages, count))
            return collected
        return list(islice(pages, count))

    def enter(self, client: Any) -> Any:
        return self(client.__aenter__() if self.asynchronous else client.__enter__())

    def leave(self, client: Any) -> None:
        self(client.__aexit__(None, None, None) if self.asynchronous else client.__exit__(None, None, None))


async def _awaited(outcome: Any) -> Any:
    return await outcome


async def _first(pages: Any, count: int | None) -> list[Any]:
    found: list[Any] = []
    async for item in pages:
        found.append(item)
        if len(found) == count:
            break
    return found
