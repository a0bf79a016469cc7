"""Fetches files of a description from the hosts that the user allows, and from no other."""

from __future__ import annotations

import errno
import time
from collections.abc import Collection
from http.client import HTTPException, HTTPResponse
from typing import Final, NoReturn
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from attrest.reading.syntax import LARGEST_FILE, TOO_LARGE

_SECONDS: Final = 30.0
"""How long a host may be silent, and how long the content of a file may take."""
_MOST_REDIRECTS: Final = 5
_CHUNK: Final = 1 << 16
_PASSING: Final = frozenset({408, 425, 429})
"""Statuses of the caller's errors that another try may not meet (RFC 9110 §15.5, RFC 8470, RFC 6585)."""


class UnreachableError(OSError):
    """A host did not answer as it should; another try may do better."""


def is_url(location: str) -> bool:
    """Tell whether a location is a URL that could be fetched, as against the absolute path of a file."""
    return location.startswith(("https://", "http://"))


def host_of(url: str) -> str | None:
    """Return what has to be allowed for a URL to be fetched; None where it never is, as with a password in it.

    That is the host, with the port where one is written; where the URL is not HTTPS, ``http://`` and the host.
    """
    parts = _parts(url)
    if parts is None or parts.scheme not in {"https", "http"} or not parts.hostname or "@" in parts.netloc:
        return None
    host = parts.netloc.lower()
    return host if parts.scheme == "https" else f"http://{host}"


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


class Fetcher:
    """Fetches from allowed hosts, without credentials."""

    def __init__(self, hosts: Collection[str] = ()) -> None:
        """Take the hosts, as ``host_of`` writes them."""
        self._hosts = frozenset(host.lower() for host in hosts)
        self._opener = build_opener(_NoRedirects)

    def allows(self, url: str) -> bool:
        """Tell whether a URL may be fetched."""
        return host_of(url) in self._hosts

    def fetch(self, url: str) -> bytes:
        """Fetch a file from an allowed host; it may redirect to another one that is allowed.

        Raises:
            UnreachableError: The host cannot be reached, fails, or takes too long.
            OSError: The host does not give the file, or it is too large.
        """
        wanted = url
        for _ in range(_MOST_REDIRECTS + 1):
            if not self.allows(wanted):
                raise PermissionError(errno.EACCES, f"it has moved to {wanted}, which is not allowed", url)
            try:
                return self._get(wanted)
            except HTTPError as answer:
                answer.close()
                wanted = _redirection(answer, wanted) or _refuse(answer, url)
            except (URLError, HTTPException, TimeoutError, ConnectionError) as error:
                reason = error.reason if isinstance(error, URLError) else error
                raise UnreachableError(errno.EIO, f"the host cannot be reached: {reason}", url) from None
        raise OSError(errno.ELOOP, "it keeps moving", url)

    def _get(self, url: str) -> bytes:
        headers = {"Accept": "application/yaml, application/json, */*;q=0.5", "User-Agent": "attrest"}
        request = Request(url, headers=headers)  # noqa: S310  # its scheme is one that `allows` knows
        response: HTTPResponse
        with self._opener.open(request, timeout=_SECONDS) as response:
            return _content(response, url)


def _content(response: HTTPResponse, url: str) -> bytes:
    end = time.monotonic() + _SECONDS
    content = bytearray()
    while chunk := response.read1(_CHUNK):
        content += chunk
        if len(content) > LARGEST_FILE:
            raise OSError(errno.EFBIG, TOO_LARGE, url)
        if time.monotonic() > end:
            raise TimeoutError("it takes too long")
    if response.length:
        raise ConnectionError("it ends early")
    return bytes(content)


def _redirection(answer: HTTPError, url: str) -> str | None:
    location = answer.headers.get("Location") if answer.code in {301, 302, 303, 307, 308} else None
    return urljoin(url, location) if location else None


def _refuse(answer: HTTPError, url: str) -> NoReturn:
    kind = UnreachableError if answer.code >= 500 or answer.code in _PASSING else OSError
    raise kind(errno.EIO, f"the host answers {answer.code} {answer.reason}".rstrip(), url) from None


class _NoRedirects(HTTPRedirectHandler):
    """Leaves redirections to the caller, who knows which hosts are allowed."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None
