"""The default transport, on httpx2: the only module that knows an HTTP library.

It uses httpx2's connection pools without its client, which would keep cookies and log whole URLs.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import httpx2

from .bodies import Stream
from .errors import ConfigurationError, ConnectError, ConnectionLostError, ReadTimeoutError, TransportError
from .http import Headers, Limits, PreparedRequest

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

NEVER_REACHED = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
)
"""What happens before the first byte of a request is sent."""


@contextmanager
def translated(request: PreparedRequest) -> Generator[None, None, None]:
    """Raise our errors in place of httpx2's.

    Args:
        request: What is being sent, to name its host.
    """
    try:
        yield
    except httpx2.RequestError as error:
        raise translation(error, urlsplit(request.url).netloc) from None
    except (httpx2.InvalidURL, httpx2.StreamError) as error:
        raise ConnectError(f"the request cannot be sent: {type(error).__name__}") from None


def translation(error: httpx2.RequestError, host: str) -> TransportError:
    """Return our error for one of httpx2's.

    Args:
        error: What httpx2 raised.
        host: The server's host and port.
    """
    said = str(error) or type(error).__name__
    if isinstance(error, (httpx2.ConnectTimeout, httpx2.PoolTimeout)):
        result: TransportError = ConnectError(f"no connection to {host} in time")
    elif isinstance(error, NEVER_REACHED):
        result = ConnectError(f"no connection to {host}: {said}")
    elif isinstance(error, httpx2.TimeoutException):
        result = ReadTimeoutError(f"{host} was silent for too long")
    elif isinstance(error, httpx2.DecodingError):
        result = ConnectionLostError(f"what {host} sent cannot be unpacked: {said}")
    else:
        result = ConnectionLostError(f"lost the connection to {host}: {said}")
    result.excerpt = said
    return result


def native(request: PreparedRequest, limits: Limits, content: Any) -> httpx2.Request:
    """Return a request as httpx2 takes it.

    Args:
        request: What to send.
        limits: How long each phase may take.
        content: The body, as bytes or an iterator.
    """
    headers = [(b"accept-encoding", b"gzip, deflate"), (b"connection", b"keep-alive")]
    headers += [(name.encode("ascii"), value.encode()) for name, value in request.headers.items()]
    if isinstance(request.content, Stream) and request.content.length is not None:
        headers.append((b"content-length", str(request.content.length).encode("ascii")))
    phases = {"connect": limits.connect, "pool": limits.connect, "read": limits.read, "write": limits.read}
    made = httpx2.Request(request.method, request.url, headers=headers, content=content, extensions={"timeout": phases})
    made.method = request.method  # which httpx2 would write in capitals (RFC 9110 §9.1: methods are case-sensitive)
    return made


def proxy_for(url: str) -> str | None:
    """Return the proxy that the environment names for a URL; None for a direct connection.

    The variables are those that most programs know: ``https_proxy``, ``http_proxy``, ``all_proxy``, ``no_proxy``.
    """
    if not any(name.lower().endswith("_proxy") for name in os.environ):
        return None
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(parts.hostname or ""):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


class Pools:
    """What both transports are told about connections."""

    def __init__(
        self,
        *,
        verify: ssl.SSLContext | bool,
        proxy: str | None,
        connections: int,
        certificate: str | tuple[str, str] | None,
    ) -> None:
        """Keep the settings.

        Args:
            verify: How to check the server's certificate.
            proxy: The proxy for every request; None to ask the environment.
            connections: The most connections at a time.
            certificate: The certificate to show to the server, and its key.

        Raises:
            ConfigurationError: The certificate cannot be read, or there is a context that should have it already.
        """
        self.proxy = proxy
        self.lock = Lock()
        self.has_certificate = certificate is not None if isinstance(verify, bool) else None
        self.settings: dict[str, Any] = {
            "verify": verify if certificate is None else with_certificate(certificate, verify=verify),
            "limits": httpx2.Limits(max_connections=connections, max_keepalive_connections=connections),
        }

    def proxy_of(self, request: PreparedRequest) -> str | None:
        """Return the proxy for a request; None for a direct connection."""
        return self.proxy or proxy_for(request.url)


def with_certificate(certificate: str | tuple[str, str], *, verify: ssl.SSLContext | bool) -> ssl.SSLContext:
    """Return a context that shows a certificate to the server.

    Args:
        certificate: The path of a PEM file with certificate and key, or the paths of a file for each.
        verify: Whether to check the server's own.

    Raises:
        ConfigurationError: It cannot be read, or ``verify`` is a context.
    """
    if not isinstance(verify, bool):
        raise ConfigurationError("certificate: load it into the context that verify is, with load_cert_chain")
    context = httpx2.create_ssl_context(verify=verify)
    paths = (certificate,) if isinstance(certificate, str) else certificate
    try:
        context.load_cert_chain(*paths)
    except (OSError, TypeError) as error:
        raise ConfigurationError(f"certificate: {', '.join(map(repr, paths))} cannot be read: {error}") from None
    return context


def proxied(settings: dict[str, Any], proxy: str | None) -> dict[str, Any]:
    """Return a pool's settings with a proxy.

    Raises:
        ConfigurationError: It is no URL of a proxy.
    """
    try:
        return {**settings, "proxy": None if proxy is None else httpx2.Proxy(proxy)}
    except (ValueError, httpx2.InvalidURL):
        raise ConfigurationError("the proxy is not a URL of a scheme that is supported") from None


class Httpx2Response:
    """A response of httpx2 whose body has not been read."""

    def __init__(self, request: PreparedRequest, response: httpx2.Response) -> None:
        """Wrap a response.

        Args:
            request: What it answers.
            response: The response.
        """
        self._request = request
        self._response = response
        self.status: int = response.status_code
        self.headers = Headers(response.headers.multi_items())

    def chunks(self) -> Iterator[bytes]:
        """Read the body piece by piece, content encodings undone."""
        with translated(self._request):
            yield from self._response.iter_bytes()

    def close(self) -> None:
        """Give the connection back, or close it if the body has not been read to its end."""
        self._response.close()


class Httpx2Transport:
    """Carries requests over a pool of connections that threads can share."""

    def __init__(
        self,
        *,
        verify: ssl.SSLContext | bool = True,
        proxy: str | None = None,
        connections: int = 100,
        certificate: str | tuple[str, str] | None = None,
    ) -> None:
        """Make a transport without connections.

        Args:
            verify: How to check the server's certificate: by the system's authorities, by a context, or not at all.
            proxy: The URL of a proxy for every request; None to follow the environment.
            connections: The most connections at a time.
            certificate: What to show to a server that asks for a certificate: the path of a PEM file that holds it and
                its key, or the paths of a file for each. A context as ``verify`` has to hold it itself.

        Raises:
            ConfigurationError: The certificate cannot be read.
        """
        self._settings = Pools(verify=verify, proxy=proxy, connections=connections, certificate=certificate)
        self._pools: dict[str | None, httpx2.HTTPTransport] = {}

    @property
    def has_certificate(self) -> bool | None:
        """Whether a certificate is shown to servers; None where a context decides that."""
        return self._settings.has_certificate

    def send(self, request: PreparedRequest, limits: Limits) -> Httpx2Response:
        """Send the request and wait for the response's headers.

        Raises:
            TransportError: There is no response.
        """
        content = iter(request.content) if isinstance(request.content, Stream) else request.content
        with translated(request):
            native_request = native(request, limits, content)
            response = self._pool(self._settings.proxy_of(request)).handle_request(native_request)
        response.request = native_request
        return Httpx2Response(request, response)

    def __enter__(self) -> Self:
        """Return the transport, to be closed at the end."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the transport."""
        self.close()

    def close(self) -> None:
        """Close every connection."""
        with self._settings.lock:
            pools, self._pools = self._pools, {}
        for pool in pools.values():
            pool.close()

    def _pool(self, proxy: str | None) -> httpx2.HTTPTransport:
        with self._settings.lock:
            if proxy not in self._pools:
                self._pools[proxy] = httpx2.HTTPTransport(**proxied(self._settings.settings, proxy))
            return self._pools[proxy]


class AsyncHttpx2Response:
    """As ``Httpx2Response``, for asyncio."""

    def __init__(self, request: PreparedRequest, response: httpx2.Response) -> None:
        """Wrap a response.

        Args:
            request: What it answers.
            response: The response.
        """
        self._request = request
        self._response = response
        self.status: int = response.status_code
        self.headers = Headers(response.headers.multi_items())

    async def chunks(self) -> AsyncIterator[bytes]:
        """Read the body piece by piece, content encodings undone."""
        with translated(self._request):
            async for chunk in self._response.aiter_bytes():
                yield chunk

    async def close(self) -> None:
        """Give the connection back, or close it if the body has not been read to its end."""
        await self._response.aclose()


class AsyncHttpx2Transport:
    """Carries requests over a pool of connections of one event loop."""

    def __init__(
        self,
        *,
        verify: ssl.SSLContext | bool = True,
        proxy: str | None = None,
        connections: int = 100,
        certificate: str | tuple[str, str] | None = None,
    ) -> None:
        """Make a transport without connections.

        Args:
            verify: How to check the server's certificate: by the system's authorities, by a context, or not at all.
            proxy: The URL of a proxy for every request; None to follow the environment.
            connections: The most connections at a time.
            certificate: What to show to a server that asks for a certificate: the path of a PEM file that holds it and
                its key, or the paths of a file for each. A context as ``verify`` has to hold it itself.

        Raises:
            ConfigurationError: The certificate cannot be read.
        """
        self._settings = Pools(verify=verify, proxy=proxy, connections=connections, certificate=certificate)
        self._pools: dict[str | None, httpx2.AsyncHTTPTransport] = {}

    @property
    def has_certificate(self) -> bool | None:
        """Whether a certificate is shown to servers; None where a context decides that."""
        return self._settings.has_certificate

    async def send(self, request: PreparedRequest, limits: Limits) -> AsyncHttpx2Response:
        """Send the request and wait for the response's headers.

        Raises:
            TransportError: There is no response.
        """
        content = aiter(request.content) if isinstance(request.content, Stream) else request.content
        with translated(request):
            native_request = native(request, limits, content)
            response = await self._pool(self._settings.proxy_of(request)).handle_async_request(native_request)
        response.request = native_request
        return AsyncHttpx2Response(request, response)

    async def __aenter__(self) -> Self:
        """Return the transport, to be closed at the end."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the transport."""
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            await pool.aclose()

    def _pool(self, proxy: str | None) -> httpx2.AsyncHTTPTransport:
        if proxy not in self._pools:
            self._pools[proxy] = httpx2.AsyncHTTPTransport(**proxied(self._settings.settings, proxy))
        return self._pools[proxy]
