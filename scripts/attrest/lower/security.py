"""Security schemes (OpenAPI 3.1 §4.8.27) and what an operation asks of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

import attrs

from attrest import names, nodes, pointers
from attrest.ir import OAuthFlow, Requirement, Scope, SecurityScheme
from attrest.ledger import Entry, degraded
from attrest.runtime.parameters import NAME_CHARACTERS

_Kind: TypeAlias = Literal["bearer", "basic", "http", "api-key", "oauth2", "openid", "mutual-tls"]
_Flow: TypeAlias = Literal["implicit", "password", "client-credentials", "authorization-code", "device-authorization"]
_Alternatives: TypeAlias = tuple[tuple[Requirement, ...], ...]

_SECTION: Final = ("components", "securitySchemes")
_ARGUMENTS: Final[Mapping[_Kind, str]] = {
    "bearer": "token",
    "oauth2": "token",
    "openid": "token",
    "basic": "basic_auth",
    "api-key": "api_key",
}
_FLOWS: Final[Mapping[str, _Flow]] = {
    "implicit": "implicit",
    "password": "password",
    "clientCredentials": "client-credentials",
    "authorizationCode": "authorization-code",
    "deviceAuthorization": "device-authorization",
}


@attrs.frozen
class Schemes:
    """The ways to authenticate, and what is wrong with others."""

    schemes: tuple[SecurityScheme, ...]
    entries: tuple[Entry, ...]

    @property
    def names(self) -> frozenset[str]:
        """The wire names of those that a client can use."""
        return frozenset(scheme.wire_name for scheme in self.schemes)


def security_schemes(tree: Mapping[str, Any], package: str) -> Schemes:
    """Return every scheme, each with a client argument and an environment variable of its own."""
    usable: dict[str, tuple[_Kind, Mapping[str, Any]]] = {}
    entries: list[Entry] = []
    for wire_name in nodes.mapping(nodes.find(tree, pointers.join(_SECTION))):
        pointer, node = nodes.follow(tree, pointers.join((*_SECTION, wire_name)))
        scheme = nodes.mapping(node)
        kind = _kind(scheme)
        if kind is None:
            entries.append(degraded(pointer, "no scheme that a client knows: calls are sent without it"))
            continue
        entries += _limits(pointer, scheme)
        usable[wire_name] = kind, scheme
    arguments = _arguments(tree, {wire_name: kind for wire_name, (kind, _) in usable.items()})
    schemes = (
        _scheme(wire_name, kind, scheme, arguments[wire_name], f"{package}_{arguments[wire_name]}".upper())
        for wire_name, (kind, scheme) in usable.items()
    )
    return Schemes(tuple(schemes), tuple(entries))


def _arguments(tree: Mapping[str, Any], kinds: Mapping[str, _Kind]) -> dict[str, str]:
    """Return the client's argument for each scheme, wherever the schemes stand.

    Of several that would go by the same kind, one that is called so does, else one that the description asks for
    everywhere, and the others go by their own names.

    Args:
        tree: The description.
        kinds: The kinds of the schemes, by their wire names.
    """
    everywhere = {key for each in nodes.sequence(tree.get("security")) for key in nodes.mapping(each)}
    own = {wire_name: names.attribute(wire_name, names.CLIENT_ARGUMENTS) for wire_name in kinds}
    wanted = {wire_name: _ARGUMENTS.get(kind, own[wire_name]) for wire_name, kind in kinds.items()}
    given = names.Namespace(names.CLIENT_ARGUMENTS)
    first = sorted(kinds, key=lambda name: (wanted[name] != name, own[name] != name, name not in everywhere, name))
    return {wire_name: given.take(wanted[wire_name], own[wire_name]) for wire_name in first}


def _scheme(wire_name: str, kind: _Kind, scheme: Mapping[str, Any], argument: str, environment: str) -> SecurityScheme:
    return SecurityScheme(
        wire_name=wire_name,
        kind=kind,
        argument=argument,
        environment=environment,
        location=_location(scheme),
        parameter=str(scheme["name"]) if kind == "api-key" else "Authorization",
        http_scheme=str(scheme["scheme"]) if kind == "http" else "",
        bearer_format=nodes.text(scheme.get("bearerFormat")),
        flows=_flows(scheme) if kind == "oauth2" else (),
        openid_url=nodes.text(scheme.get("openIdConnectUrl")),
        metadata_url=nodes.text(scheme.get("oauth2MetadataUrl")),
        description=nodes.text(scheme.get("description")),
        deprecated=scheme.get("deprecated") is True,
    )


def _limits(pointer: str, scheme: Mapping[str, Any]) -> list[Entry]:
    """Return what a client does not do by itself for a scheme."""
    if str(scheme.get("scheme", "")).lower() != "digest":
        return []
    return [degraded(pointer, "the caller gives what stands behind Digest: no challenge is answered")]


def requirements(written: object, schemes: frozenset[str]) -> _Alternatives:
    """Return the alternatives that a list of security requirements gives (OpenAPI 3.1 §4.8.30).

    A scheme that is not there cannot be met; an alternative goes without it, and is left out where nothing is left of
    it and another one asks for something.

    Args:
        written: The list, as it is described.
        schemes: The names of the schemes that there are.
    """
    alternatives = [_alternative(nodes.mapping(each), schemes) for each in nodes.sequence(written)]
    asked = [found for found, is_whole in alternatives if found or is_whole]
    return tuple(dict.fromkeys(asked)) if any(asked) or not alternatives else ((),)


def _alternative(written: Mapping[str, Any], schemes: frozenset[str]) -> tuple[tuple[Requirement, ...], bool]:
    """Return what an alternative asks for, and whether that is all that it is described to."""
    found = tuple(
        Requirement(scheme=name, scopes=tuple(map(str, nodes.sequence(scopes))))
        for name, scopes in ((_name(key, schemes), scopes) for key, scopes in written.items())
        if name in schemes
    )
    return found, len(found) == len(written)


def undefined(pointer: str, written: object, schemes: frozenset[str]) -> tuple[Entry, ...]:
    """Return an entry for each requirement of a scheme that is not there."""
    return tuple(
        degraded(pointer + pointers.join((str(index), key)), "there is no such scheme: calls are sent without it")
        for index, alternative in enumerate(nodes.sequence(written))
        for key in nodes.mapping(alternative)
        if _name(key, schemes) not in schemes
    )


def _name(key: str, schemes: frozenset[str]) -> str:
    """Return the scheme that a requirement's key stands for: one of that name, or of that URI (OpenAPI 3.2 §4.30)."""
    prefix = f"#{pointers.join(_SECTION)}/"
    if key in schemes or not key.startswith(prefix):
        return key
    return pointers.split(pointers.parse_reference(key).fragment)[-1]


def _kind(scheme: Mapping[str, Any]) -> _Kind | None:
    match scheme.get("type"), str(scheme.get("scheme", "")).lower():
        case "http", "bearer":
            return "bearer"
        case "http", "basic":
            return "basic"
        case "http", other:
            return "http" if _is_token(other) else None
        case "apiKey", _:
            return "api-key" if _is_sendable(scheme) else None
        case "oauth2", _:
            return "oauth2"
        case "openIdConnect", _:
            return "openid"
        case "mutualTLS", _:
            return "mutual-tls"
        case _:
            return None


def _is_sendable(scheme: Mapping[str, Any]) -> bool:
    name = nodes.text(scheme.get("name")) or ""
    return bool(name) if scheme.get("in") == "query" else _is_token(name)


def _is_token(text: str) -> bool:
    """Return whether a text can be the name of a header, of a cookie or of a scheme (RFC 9110 §5.6.2)."""
    return bool(text) and NAME_CHARACTERS.issuperset(text)


def _location(scheme: Mapping[str, Any]) -> Literal["header", "query", "cookie"]:
    match scheme.get("in"):
        case "query":
            return "query"
        case "cookie":
            return "cookie"
        case _:
            return "header"


def _flows(scheme: Mapping[str, Any]) -> tuple[OAuthFlow, ...]:
    return tuple(
        OAuthFlow(
            kind=_FLOWS[name],
            authorization_url=nodes.text(flow.get("authorizationUrl")),
            device_authorization_url=nodes.text(flow.get("deviceAuthorizationUrl")),
            token_url=nodes.text(flow.get("tokenUrl")),
            refresh_url=nodes.text(flow.get("refreshUrl")),
            scopes=tuple(
                Scope(name=scope, description=nodes.text(told))
                for scope, told in nodes.mapping(flow.get("scopes")).items()
            ),
        )
        for name, flow in ((name, nodes.mapping(flow)) for name, flow in nodes.mapping(scheme.get("flows")).items())
        if name in _FLOWS
    )
