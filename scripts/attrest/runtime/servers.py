"""Servers whose URLs have variables (OpenAPI 3.1 §4.8.5), and which server a call goes to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

import attrs

from .errors import ConfigurationError
from .parameters import has_controls, has_surrogates

VARIABLE = re.compile(r"\{([^{}]*)\}")


class Server:
    """A server of the description with a value for each variable of its URL; pass it where a server's name goes."""

    __slots__ = ()

    template: ClassVar[str]
    """The URL with its variables in braces."""
    variables: ClassVar[Mapping[str, str]]
    """The attribute for each of them."""

    @property
    def url(self) -> str:
        """The URL with the values in their places; a brace that is left is part of no variable, and encoded."""
        filled = VARIABLE.sub(lambda found: str(getattr(self, self.variables[found[1]])), self.template)
        return filled.replace("{", "%7B").replace("}", "%7D")


def one_of(*values: str) -> Callable[[Server, attrs.Attribute[Any], object], None]:
    """Return a validator that refuses what is none of some values."""

    def check(server: Server, attribute: attrs.Attribute[Any], value: object) -> None:
        if value not in values:
            said = f"{attribute.name} must be one of {', '.join(values)}, got {value!r}"
            raise ConfigurationError(f"{type(server).__name__}: {said}")

    return check


def text(server: Server, attribute: attrs.Attribute[Any], value: object) -> None:
    """Refuse a value that is no text, or an empty one unless the description gives just that by default."""
    if not isinstance(value, str) or (not value and attribute.default != value):
        raise ConfigurationError(f"{type(server).__name__}: {attribute.name} must be a text, got {value!r}")


def checked(url: str, known: Iterable[str]) -> str:
    """Return a server's URL without a slash at its end.

    Args:
        url: What stands for the server, names resolved.
        known: The names of the servers that there are, for the error.

    Raises:
        ConfigurationError: It is no http or https URL, has no host that can be looked up, or holds a user, a query or
            a fragment.
    """
    scheme, separator, rest = url.partition("://")
    host = rest.partition("/")[0]
    if not separator or scheme.lower() not in ("http", "https") or not host:
        names = ", ".join(known) or "none"
        raise ConfigurationError(f"server: {url!r} is neither an http(s) URL nor one of the servers by name: {names}")
    if "@" in host:
        raise ConfigurationError("server: the URL must hold no user or password; pass credentials as arguments")
    if has_controls(rest) or any(letter in rest for letter in "?# "):
        raise ConfigurationError(f"server: {url!r} must hold no query, fragment or space")
    if has_surrogates(url) or not is_authority(host):
        raise ConfigurationError(f"server: {url!r} does not name a host and a port as a URL does")
    return url.rstrip("/")


def is_authority(text: str) -> bool:
    """Say whether a text is a host, by name or address, with or without a port (RFC 3986 §3.2)."""
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname or "", parts.port
        labels = host.encode("ascii" if host.isascii() else "idna").removesuffix(b".").split(b".")
    except ValueError:
        return False
    return port != 0 and (":" in host or all(0 < len(label) < 64 for label in labels))


def is_absolute(url: str) -> bool:
    """Say whether a URL names a host."""
    return "://" in url


def as_described(url: str) -> str:
    """Return the URL of a server that the description names, checked where it says the whole of it.

    Raises:
        ConfigurationError: It is no URL of a server.
    """
    return described(url) if is_absolute(url) and not VARIABLE.search(url) else url.rstrip("/")


def described(url: str) -> str:
    """Return the URL of a server that the description names.

    Raises:
        ConfigurationError: It does not say where the server is, or nothing can be sent there, so that the caller has to
            name another one.
    """
    if missing := VARIABLE.findall(url):
        said = f"has no value for {', '.join(missing)}; pass server=… with a URL, or with the server's class"
        raise ConfigurationError(f"server: {url!r}, as described, {said}")
    if not is_absolute(url):
        said = "is relative to where the description was found; pass server=… with the whole URL"
        raise ConfigurationError(f"server: {url!r}, as described, {said}")
    try:
        return checked(url, ())
    except ConfigurationError as error:
        said = "is none that a request can be sent to; pass server=… with an http(s) URL"
        raise ConfigurationError(f"server: {url!r}, as described, {said}") from error
