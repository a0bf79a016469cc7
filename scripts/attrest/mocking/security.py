"""Whether a request carries credentials as its operation asks (OpenAPI 3.1 §4.8.27), of whatever worth."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import unquote, unquote_plus

import attrs

from attrest import nodes, pointers
from attrest.mocking.parameters import Sent

_SECTION = "/components/securitySchemes"


@attrs.frozen
class Scheme:
    """One way to authenticate."""

    location: str
    """``header``, ``query``, ``cookie``; empty where no request shows it."""
    name: str
    """Of the header, parameter or cookie, headers in lower case."""
    http_scheme: str = ""
    """What stands before the credentials, in lower case; empty where nothing does."""
    challenge: str = ""
    """What a 401 says of it in WWW-Authenticate (RFC 9110 §11.6.1)."""

    def is_in(self, sent: Sent, known: Collection[str]) -> bool:
        """Tell whether a request carries it.

        Args:
            sent: The request.
            known: The credentials that count: tokens, keys, names and passwords with a colon between; all, if empty.
        """
        if not self.location:
            return True
        found = self._found(sent)
        return found in known if known else bool(found)

    def _found(self, sent: Sent) -> str:
        """Return the credentials that a request carries; empty where it carries none."""
        match self.location:
            case "query":
                return next((unquote_plus(value) for name, value in sent.query if name == self.name), "")
            case "cookie":
                return next((unquote(value) for name, value in sent.cookies if name == self.name), "")
            case _:
                return self._of_header(sent.headers.get(self.name, ""))

    def _of_header(self, text: str) -> str:
        if not self.http_scheme:
            return text
        scheme, _, credentials = text.partition(" ")
        if scheme.lower() != self.http_scheme:
            return ""
        return _pair(credentials) if self.http_scheme == "basic" else credentials.strip()


def _pair(credentials: str) -> str:
    """Return a name and a password (RFC 7617 §2), with a colon between; empty where there is none."""
    try:
        text = base64.b64decode(credentials, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
    return text if ":" in text else ""


@attrs.frozen
class Security:
    """What an operation asks for: all of any one alternative."""

    alternatives: tuple[tuple[Scheme, ...], ...]
    pointer: str

    def is_met(self, sent: Sent, known: Collection[str]) -> bool:
        """Tell whether a request carries enough of the credentials that count; of any, if none are given."""
        alternatives = self.alternatives
        return not alternatives or any(all(each.is_in(sent, known) for each in one) for one in alternatives)

    @property
    def in_query(self) -> frozenset[str]:
        """The names of the query parameters that carry credentials."""
        return frozenset(each.name for one in self.alternatives for each in one if each.location == "query")

    @property
    def challenges(self) -> str:
        """What a 401 says in WWW-Authenticate."""
        found = dict.fromkeys(each.challenge for one in self.alternatives for each in one if each.challenge)
        return ", ".join(found) or "Bearer"


def described(tree: Mapping[str, Any], operation: str) -> Security:
    """Return what an operation asks for, which the description asks for where the operation does not say."""
    own = nodes.mapping(nodes.find(tree, operation))
    pointer, written = (f"{operation}/security", own["security"]) if "security" in own else ("/security", None)
    asked = nodes.sequence(nodes.mapping(tree).get("security") if written is None else written)
    return Security(tuple(_alternative(tree, nodes.mapping(each)) for each in asked), pointer)


def _alternative(tree: Mapping[str, Any], asked: Mapping[str, Any]) -> tuple[Scheme, ...]:
    return tuple(_scheme(nodes.mapping(nodes.follow(tree, _pointer(tree, name))[1])) for name in asked)


def _pointer(tree: Mapping[str, Any], name: str) -> str:
    """Return the scheme that a requirement names, by its name or by its URI (OpenAPI 3.2 §4.30)."""
    known = nodes.mapping(nodes.find(tree, _SECTION))
    return nodes.target(name) if name not in known and name.startswith("#/") else _SECTION + pointers.join((name,))


def _scheme(node: Mapping[str, Any]) -> Scheme:
    match node.get("type"), str(node.get("scheme", "")).lower():
        case "apiKey", _:
            location, name = str(node.get("in", "header")), str(node.get("name", ""))
            return Scheme(location, name.lower() if location == "header" else name, "", _key_challenge(location, name))
        case "http", scheme:
            return Scheme("header", "authorization", scheme, _challenges(scheme))
        case (("oauth2" | "openIdConnect"), _):
            return Scheme("header", "authorization", "bearer", "Bearer")
        case _:
            return Scheme("", "")


def _challenges(scheme: str) -> str:
    return 'Basic realm="mock"' if scheme == "basic" else scheme.capitalize()


def _key_challenge(location: str, name: str) -> str:
    is_plain = name.isascii() and name.isprintable() and '"' not in name and "\\" not in name
    return f'ApiKey in="{location}"' + (f', name="{name}"' if is_plain else "")
