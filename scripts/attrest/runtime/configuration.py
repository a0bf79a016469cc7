"""A client's settings, worked out once from its arguments, the environment and the description."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from urllib.parse import urljoin

import attrs

from .auth import Credential
from .errors import ConfigurationError
from .options import Timeout, as_retries, as_timeout
from .parameters import headers as checked_headers
from .retries import Clock, Retries
from .servers import Server, as_described, checked, described, is_absolute

EMPTY: Mapping[str, str] = MappingProxyType({})


@attrs.frozen(kw_only=True)
class Configuration:
    """Everything that all calls of a client share."""

    server: str
    """The server's URL, without a slash at its end; as described where the description does not say the whole of it."""
    servers: Mapping[str, str]
    """Names and URLs of the servers of the description."""
    own_server: bool
    """Whether the caller gave a URL, which then holds for operations with servers of their own as well."""
    credentials: Mapping[str, Credential]
    """By scheme."""
    timeout: Timeout
    retries: Retries
    headers: Mapping[str, str] = attrs.field(repr=False)
    """Headers of every request, names in lower case; the caller's among them, so they can hold secrets."""
    clock: Clock = attrs.field(repr=False)


def configure(
    *,
    prefix: str,
    servers: Mapping[str, str],
    server: str | Server | None = None,
    own_servers: bool = False,
    credentials: Iterable[Credential] = (),
    timeout: Timeout | float | None = None,
    retries: Retries | None = None,
    headers: Mapping[str, str] | None = None,
    user_agent: str = "attrest",
    clock: Clock | None = None,
) -> Configuration:
    """Work out a client's settings.

    Args:
        prefix: Begins the names of environment variables: ``<prefix>_SERVER`` names the server where no argument does.
        servers: Names and URLs of the servers that the description lists; the first one is the default.
        server: One of their names, a URL, or one with values for its variables.
        own_servers: Whether operations have servers of their own, so that a client whose server the description leaves
            open is of use all the same.
        credentials: What authenticates, one per security scheme.
        timeout: How long a call may take; a number is the total in seconds.
        retries: When to send again.
        headers: Headers to add to every request.
        user_agent: What the client calls itself in the header User-Agent, as ``<distribution>/<version>`` (RFC 9110
            §10.1.5); one in ``headers`` goes first.
        clock: Time and chance, for tests.

    Raises:
        ConfigurationError: There is no such server, the description does not say where it is, or a setting makes no
            sense.
        InvalidArgumentError: A header's value, or ``user_agent``, is not one.
    """
    if server is not None and not is_server(server):
        raise ConfigurationError(f"server: expected a text, got a {type(server).__name__}")
    if headers is not None and not is_mapping(headers):
        raise ConfigurationError(f"headers: expected a mapping, got a {type(headers).__name__}")
    chosen = server or os.environ.get(f"{prefix}_SERVER", "").strip() or next(iter(servers), "")
    wanted = chosen.url if isinstance(chosen, Server) else chosen
    is_described = isinstance(chosen, Server) or wanted in servers
    whole = as_described if own_servers else described
    named = checked_headers(("User-Agent", user_agent))
    given = checked_headers(*(headers or {}).items())
    return Configuration(
        server=whole(servers.get(wanted, wanted)) if is_described else checked(wanted, servers),
        servers=servers,
        own_server=not is_described,
        credentials={credential.scheme: credential for credential in credentials},
        timeout=as_timeout(timeout, Timeout()),
        retries=as_retries(retries, "retries") or Retries(),
        headers={name.lower(): value for name, value in (*named.items(), *given.items())},
        clock=clock or Clock(),
    )


def server_of(configuration: Configuration, own: Mapping[str, str] = EMPTY, wanted: str | Server | None = None) -> str:
    """Return the URL of the server that a call goes to, without a slash at its end.

    A server of the operation's own goes before the client's, and a relative URL of one starts from the client's. A URL
    that the caller gave the client holds for all operations, whatever whole URLs the description gives them.

    Args:
        configuration: The client's settings.
        own: Names and URLs of the operation's own servers.
        wanted: The server for this call: its name, its URL or its value; None leaves the choice to the description.

    Raises:
        ConfigurationError: There is no such server, or the description does not say where it is.
    """
    named = {**configuration.servers, **own}
    if isinstance(wanted, Server):
        return absolute(wanted.url, configuration)
    if wanted is not None:
        return absolute(named[wanted], configuration) if wanted in named else checked(wanted, named)
    first = next(iter(own.values()), None)
    if first is None or (configuration.own_server and is_absolute(first)):
        return described(configuration.server)
    return absolute(first, configuration)


def absolute(url: str, configuration: Configuration) -> str:
    """Return the URL of a server of the description, without a slash at its end."""
    return described(joined(url, configuration))


def joined(url: str, configuration: Configuration) -> str:
    """Return a URL of the description; a relative one starts from the client's server.

    Raises:
        ConfigurationError: The description does not say where that is.
    """
    return url if is_absolute(url) else urljoin(f"{described(configuration.server)}/", url)


def is_server(value: object) -> bool:
    """Say whether a value can stand for a server, whatever its type promises."""
    return isinstance(value, (str, Server))


def is_mapping(value: object) -> bool:
    """Say whether a value is a mapping, whatever its type promises."""
    return isinstance(value, Mapping)
