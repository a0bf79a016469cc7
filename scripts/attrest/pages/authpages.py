"""What the index says of authentication: the schemes, and for OAuth 2.0 where tokens come from."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from attrest.code.resourcecode import has_argument, token_url
from attrest.ir import Api, OAuthFlow, SecurityScheme
from attrest.pages import markdown
from attrest.pages.docfacts import Facts
from attrest.pages.markdown import Table

_KINDS = {
    "bearer": "Bearer token",
    "basic": "Name and password",
    "http": "HTTP",
    "api-key": "API key",
    "oauth2": "OAuth 2.0",
    "openid": "OpenID Connect",
    "mutual-tls": "Client certificate",
}
_FLOWS = {
    "implicit": "Implicit",
    "password": "Password",
    "client-credentials": "Client credentials",
    "authorization-code": "Authorization code",
    "device-authorization": "Device authorization",
}


@attrs.frozen(kw_only=True)
class FlowPart:
    """One way to get a token."""

    title: str
    urls: tuple[str, ...]
    scopes: Table


@attrs.frozen(kw_only=True)
class AuthenticationPart:
    """How a client authenticates."""

    schemes: Table
    takes_tokens: bool
    """Whether a scheme takes a function that returns a token."""
    credentials: str
    """A program that has the client get tokens by itself; empty where none can be got so."""
    certificate: str
    """A program that shows a certificate; empty where none is asked for."""
    flows: tuple[FlowPart, ...]


def authentication(facts: Facts) -> AuthenticationPart:
    """Return what the index says of authentication."""
    schemes = facts.api.security_schemes
    fetching = next((scheme for scheme in schemes if token_url(scheme)), None)
    certified = any(scheme.kind == "mutual-tls" for scheme in schemes)
    return AuthenticationPart(
        schemes=_table(facts.api),
        takes_tokens=any(scheme.kind in {"bearer", "oauth2", "openid"} for scheme in schemes),
        credentials=facts.programs.credentials(fetching) if fetching else "",
        certificate=facts.programs.certificate() if certified else "",
        flows=tuple(_flow(scheme, flow) for scheme in schemes for flow in scheme.flows),
    )


def _table(api: Api) -> Table:
    rows = tuple(
        (
            markdown.code(scheme.wire_name),
            ". ".join(_kind(scheme)),
            markdown.code(scheme.argument if has_argument(scheme) else "transport"),
            markdown.code(scheme.environment) if has_argument(scheme) else "",
            markdown.brief(scheme.description),
        )
        for scheme in api.security_schemes
    )
    told = markdown.notes((markdown.code(scheme.wire_name), scheme.description) for scheme in api.security_schemes)
    columns = ("Scheme", "Kind", "Argument", "Environment variable", "Description")
    return Table(columns, rows, told).without_empty("Description")


def _kind(scheme: SecurityScheme) -> Iterator[str]:
    match scheme.kind:
        case "bearer" if scheme.bearer_format:
            yield f"{_KINDS[scheme.kind]}, {markdown.plain(scheme.bearer_format)}"
        case "http":
            yield f"{_KINDS[scheme.kind]}, {markdown.code(scheme.http_scheme)}"
        case "api-key":
            yield f"{_KINDS[scheme.kind]}, {scheme.location} {markdown.code(scheme.parameter)}"
        case _:
            yield _KINDS[scheme.kind]
    if scheme.openid_url:
        yield f"See {markdown.code(scheme.openid_url)}"
    if scheme.metadata_url:
        yield f"See {markdown.code(scheme.metadata_url)}"
    if scheme.deprecated:
        yield "**Deprecated**"


def _flow(scheme: SecurityScheme, flow: OAuthFlow) -> FlowPart:
    named = (
        ("Authorization", flow.authorization_url),
        ("Device authorization", flow.device_authorization_url),
        ("Token", flow.token_url),
        ("Refresh", flow.refresh_url),
    )
    rows = tuple((markdown.code(scope.name), markdown.cell(scope.description)) for scope in flow.scopes)
    return FlowPart(
        title=f"{markdown.code(scheme.wire_name)}: {_FLOWS[flow.kind].lower()}",
        urls=tuple(f"{name} URL: {markdown.code(url)}" for name, url in named if url),
        scopes=Table(("Scope", "Description"), rows).without_empty("Description"),
    )
