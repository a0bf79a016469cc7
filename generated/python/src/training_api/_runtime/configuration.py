"""A client's settings, worked out once from its arguments, the environment and the description."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

import attrs

from .auth import Credential
from .errors import ConfigurationError
from .options import Timeout, as_timeout
from .parameters import has_controls
from .parameters import headers as checked_headers
from .retries import Clock, Retries


@attrs.frozen(kw_only=True)
class Configuration:
    """Everything that all calls of a client share."""

    server: str
    """The server's URL, without a slash at its end."""
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
    server: str | None = None,
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
        server: One of their names, or a URL.
        credentials: What authenticates, one per security scheme.
        timeout: How long a call may take; a number is the total in seconds.
        retries: When to send again.
        headers: Headers to add to every request.
        user_agent: What the client calls itself; ``headers`` goes first.
        clock: Time and chance, for tests.

    Raises:
        ConfigurationError: There is no such server, or a setting makes no sense.
        InvalidArgumentError: A header's value is not one.
    """
    wanted = server or os.environ.get(f"{prefix}_SERVER", "").strip() or next(iter(servers), "")
    given = {name.lower(): value for name, value in checked_headers(*(headers or {}).items()).items()}
    return Configuration(
        server=checked_server(servers.get(wanted, wanted), servers),
        own_server=wanted not in servers,
        credentials={credential.scheme: credential for credential in credentials},
        timeout=as_timeout(timeout, Timeout()),
        retries=retries or Retries(),
        headers={"user-agent": user_agent, **given},
        clock=clock or Clock(),
    )


def checked_server(url: str, servers: Mapping[str, str]) -> str:
    """Return a server's URL without a slash at its end.

    Args:
        url: What stands for the server, names resolved.
        servers: Names and URLs of the servers that there are, for the error.

    Raises:
        ConfigurationError: It is no http or https URL, or holds a user, a query or a fragment.
    """
    scheme, separator, rest = url.partition("://")
    host = rest.partition("/")[0]
    if not separator or scheme.lower() not in ("http", "https") or not host:
        known = ", ".join(servers) or "none"
        raise ConfigurationError(f"server: {url!r} is neither an http(s) URL nor one of the servers by name: {known}")
    if "@" in host:
        raise ConfigurationError("server: the URL must hold no user or password; pass credentials as arguments")
    if has_controls(rest) or any(letter in rest for letter in "?# "):
        raise ConfigurationError(f"server: {url!r} must hold no query, fragment or space")
    return url.rstrip("/")
