"""Walking over the items of an operation that answers page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

import attrs

from .client import AsyncClient, SyncClient
from .errors import InvalidArgumentError
from .operation import Request
from .options import Options
from .retries import LONGEST_WAIT, is_time

R = TypeVar("R", bound=Request[Any])
P = TypeVar("P")
I = TypeVar("I")


@attrs.frozen(kw_only=True)
class Pagination(Generic[R, P, I]):
    """How an operation pages: where a request takes a cursor, and where an answer has items and the next cursor."""

    advance: Callable[[R, str], R]
    """Returns the request for the page at a cursor."""
    start: Callable[[R], str | None]
    """Returns the cursor that a request begins at; None for the first page."""
    items: Callable[[P], Iterable[I] | None]
    """Returns a page's items."""
    cursor: Callable[[P], str | None]
    """Returns the next page's cursor; None or empty where there is none."""
    more: Callable[[P], bool | None] | None = None
    """Says whether there is another page; None where the cursor alone tells."""


class Walk(Generic[P, I]):
    """Where an iteration stands; it sends nothing itself."""

    def __init__(self, request: Request[P], pagination: Pagination[Any, P, I], poll: float | None) -> None:
        """Stand before the first page.

        Args:
            request: The request for it.
            pagination: How the operation pages.
            poll: Seconds to wait before asking for what is new at the end; None to stop there.

        Raises:
            InvalidArgumentError: ``poll`` is no time to wait.
        """
        if poll is not None and not (is_time(poll) and poll > 0):
            raise InvalidArgumentError(
                f"poll: must be None or a number of seconds above 0, at most {LONGEST_WAIT:.0f}, got {poll!r}"
            )
        self.request = request
        self.pagination = pagination
        self.poll = poll
        self.cursor: str | None = pagination.start(request)
        self.position = self.cursor
        """Where to resume so that nothing is lost."""
        self.seen = {self.cursor}
        """The cursors of the walk so far, where going back to one of them would never end."""
        self.wait: float | None = 0.0
        """Seconds to wait before the next page; None where there is none."""

    def arrived(self, page: P) -> list[I]:
        """Take a page, work out what comes after it, and return its items."""
        items = list(self.pagination.items(page) or ())
        following = self.pagination.cursor(page) or None
        ended = self.pagination.more is not None and not self.pagination.more(page)
        if self.poll is None:
            moved = following is not None and following not in self.seen
            self.seen.add(following)
            self.wait = None if ended or not moved else 0.0
        else:
            moved = following is not None and following != self.cursor
            self.wait = self.poll if ended or not moved or not items else 0.0
        self.position = self.cursor
        if following is not None and moved:
            self.cursor = following
            self.request = self.pagination.advance(self.request, following)
        return items

    def finished(self) -> None:
        """Note that the caller has everything of the page that arrived last."""
        self.position = self.cursor

    def giving_out(self, items: list[I]) -> Iterator[I]:
        """Iterate over a page's items; the page counts as finished when its last one is given out."""
        for left, item in zip(range(len(items) - 1, -1, -1), items, strict=True):
            if not left:
                self.finished()
            yield item
        self.finished()


class Pages(Generic[P, I]):
    """The items of all pages, fetched as they are needed.

    Iterating gives items, ``pages`` gives whole answers; each begins anew at the request's own cursor. A cursor that
    was there before ends it. With ``poll`` it never ends by itself: at the end it waits, then asks for what is new.
    """

    def __init__(
        self,
        client: SyncClient,
        request: Request[P],
        pagination: Pagination[Any, P, I],
        options: Options | None = None,
        poll: float | None = None,
    ) -> None:
        """Prepare a walk; nothing is sent yet.

        Args:
            client: What sends.
            request: The request for the first page.
            pagination: How the operation pages.
            options: What each call does differently from the client.
            poll: Seconds to wait at the end before asking for what is new; None to stop there.

        Raises:
            InvalidArgumentError: ``poll`` is no time to wait.
        """
        self._client = client
        self._request = request
        self._pagination = pagination
        self._options = options
        self._poll = poll
        self._walk = Walk(request, pagination, poll)

    @property
    def cursor(self) -> str | None:
        """Where to resume: at the next page once the last item of a page was given out, before that at this page."""
        return self._walk.position

    def __iter__(self) -> Iterator[I]:
        """Iterate over the items of all pages."""
        for walk, items, _ in self._fetch():
            yield from walk.giving_out(items)

    def pages(self) -> Iterator[P]:
        """Iterate over the answers as they are."""
        for walk, _, page in self._fetch():
            walk.finished()
            yield page

    def _fetch(self) -> Iterator[tuple[Walk[P, I], list[I], P]]:
        walk = self._walk = Walk(self._request, self._pagination, self._poll)
        while walk.wait is not None:
            if walk.wait:
                self._client.pause(walk.wait)
            page = self._client.send(walk.request, self._options)
            yield walk, walk.arrived(page), page


class AsyncPages(Generic[P, I]):
    """As ``Pages``, with ``async for``."""

    def __init__(
        self,
        client: AsyncClient,
        request: Request[P],
        pagination: Pagination[Any, P, I],
        options: Options | None = None,
        poll: float | None = None,
    ) -> None:
        """Prepare a walk; nothing is sent yet.

        Args:
            client: What sends.
            request: The request for the first page.
            pagination: How the operation pages.
            options: What each call does differently from the client.
            poll: Seconds to wait at the end before asking for what is new; None to stop there.

        Raises:
            InvalidArgumentError: ``poll`` is no time to wait.
        """
        self._client = client
        self._request = request
        self._pagination = pagination
        self._options = options
        self._poll = poll
        self._walk = Walk(request, pagination, poll)

    @property
    def cursor(self) -> str | None:
        """Where to resume: at the next page once the last item of a page was given out, before that at this page."""
        return self._walk.position

    async def __aiter__(self) -> AsyncIterator[I]:
        """Iterate over the items of all pages."""
        async for walk, items, _ in self._fetch():
            for item in walk.giving_out(items):
                yield item

    async def pages(self) -> AsyncIterator[P]:
        """Iterate over the answers as they are."""
        async for walk, _, page in self._fetch():
            walk.finished()
            yield page

    async def _fetch(self) -> AsyncIterator[tuple[Walk[P, I], list[I], P]]:
        walk = self._walk = Walk(self._request, self._pagination, self._poll)
        while walk.wait is not None:
            if walk.wait:
                await self._client.pause(walk.wait)
            page = await self._client.send(walk.request, self._options)
            yield walk, walk.arrived(page), page
