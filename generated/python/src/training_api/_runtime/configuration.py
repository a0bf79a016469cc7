"""A client's settings, worked out once from its arguments, the environment and the description."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

import attrs

from .auth import Credential
from .errors import ConfigurationError
from .options import Timeout, as_retries, as_timeout
from .parameters import has_controls, has_surrogates, is_text
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
        user_agent: What the client calls itself in the header User-Agent, as ``<distribution>/<version>`` (RFC 9110
            §10.1.5); one in ``headers`` goes first.
        clock: Time and chance, for tests.

    Raises:
        ConfigurationError: There is no such server, or a setting makes no sense.
        InvalidArgumentError: A header's value, or ``user_agent``, is not one.
    """
    if server is not None and not is_text(server):
        raise ConfigurationError(f"server: expected a text, got a {type(server).__name__}")
    if headers is not None and not is_mapping(headers):
        raise ConfigurationError(f"headers: expected a mapping, got a {type(headers).__name__}")
    wanted = server or os.environ.get(f"{prefix}_SERVER", "").strip() or next(iter(servers), "")
    named = checked_headers(("User-Agent", user_agent))
    given = checked_headers(*(headers or {}).items())
    return Configuration(
        server=checked_server(servers.get(wanted, wanted), servers),
        own_server=wanted not in servers,
        credentials={credential.scheme: credential for credential in credentials},
        timeout=as_timeout(timeout, Timeout()),
        retries=as_retries(retries, "retries") or Retries(),
        headers={name.lower(): value for name, value in (*named.items(), *given.items())},
        clock=clock or Clock(),
    )


def checked_server(url: str, servers: Mapping[str, str]) -> str:
    """Return a server's URL without a slash at its end.

    Args:
        url: What stands for the server, names resolved.
        servers: Names and URLs of the servers that there are, for the error.

    Raises:
        ConfigurationError: It is no http or https URL, has no host that can be looked up, or holds a user, a query or
            a fragment.
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
    if has_surrogates(url) or not is_authority(host):
        raise ConfigurationError(f"server: {url!r} does not name a host and a port as a URL does")
    return url.rstrip("/")


def is_authority(text: str) -> bool:
    """Say whether a text is a host, by name or address, with or without a port (RFC 3986 §3.2)."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname or "", parts.port
        labels = host.encode("ascii" if host.isascii() else "idna").removesuffix(b".").split(b".")
    except ValueError:
        return False
    return port != 0 and (":" in host or all(0 < len(label) < 64 for label in labels))


def is_mapping(value: object) -> bool:
    """Say whether a value is a mapping, whatever its type promises."""
    return isinstance(value, Mapping)
