"""Security schemes (OpenAPI 3.1 §4.8.27) and what an operation asks of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from attrest import names, nodes, pointers
from attrest.ir import SecurityScheme

_Kind: TypeAlias = Literal["bearer", "basic", "api-key", "oauth2", "openid", "mutual-tls", "other"]
_ARGUMENTS: Mapping[_Kind, str] = {
    "bearer": "token",
    "oauth2": "token",
    "openid": "token",
    "basic": "basic_auth",
    "api-key": "api_key",
}


def security_schemes(tree: Mapping[str, Any], package: str) -> tuple[SecurityScheme, ...]:
    """Return every scheme, each with a client argument and an environment variable of its own."""
    components = nodes.mapping(nodes.mapping(tree.get("components")).get("securitySchemes"))
    given = names.Namespace(names.CLIENT_ARGUMENTS)
    schemes: list[SecurityScheme] = []
    for wire_name in components:
        _, node = nodes.follow(tree, pointers.join(("components", "securitySchemes", wire_name)))
        scheme = nodes.mapping(node)
        kind = _kind(scheme)
        own = names.attribute(wire_name, names.CLIENT_ARGUMENTS)
        argument = given.take(_ARGUMENTS.get(kind, own), own)
        schemes.append(
            SecurityScheme(
                wire_name=wire_name,
                kind=kind,
                argument=argument,
                environment=f"{package}_{argument}".upper(),
                location=_location(scheme),
                parameter=str(scheme.get("name", "Authorization")) if kind == "api-key" else "Authorization",
                description=nodes.text(scheme.get("description")),
            )
        )
    return tuple(schemes)


def requirements(tree: Mapping[str, Any], operation: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """Return the alternatives that an operation accepts, each a set of schemes (OpenAPI 3.1 §4.8.30)."""
    written = operation.get("security", tree.get("security"))
    return tuple(tuple(nodes.mapping(alternative)) for alternative in nodes.sequence(written))


def _kind(scheme: Mapping[str, Any]) -> _Kind:
    match scheme.get("type"), str(scheme.get("scheme", "")).lower():
        case "http", "bearer":
            return "bearer"
        case "http", "basic":
            return "basic"
        case "apiKey", _:
            return "api-key"
        case "oauth2", _:
            return "oauth2"
        case "openIdConnect", _:
            return "openid"
        case "mutualTLS", _:
            return "mutual-tls"
        case _:
            return "other"


def _location(scheme: Mapping[str, Any]) -> Literal["header", "query", "cookie"]:
    match scheme.get("in"):
        case "query":
            return "query"
        case "cookie":
            return "cookie"
        case _:
            return "header"
