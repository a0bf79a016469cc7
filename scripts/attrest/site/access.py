"""How a service is reached, as the first page of a site tells it: its servers, and what a caller has to show."""

from __future__ import annotations

import attrs

from attrest.ir import Api, SecurityScheme, Server
from attrest.pages import markdown
from attrest.site.rendering import render
from attrest.site.texts import line


@attrs.frozen(kw_only=True)
class Row:
    """A line of a table."""

    name: str
    value: str
    about: str
    """HTML."""


@attrs.frozen
class Rows:
    """A table."""

    rows: tuple[Row, ...]

    @property
    def are_described(self) -> bool:
        """Whether there is anything to say about any of them."""
        return any(row.about for row in self.rows)


def servers(api: Api) -> Rows:
    """Return the servers: name, URL, description."""
    return Rows(
        tuple(
            Row(name=line(server.name), value=line(_url(server)), about=prose(server.description))
            for server in api.servers
        )
    )


def schemes(api: Api) -> Rows:
    """Return the security schemes: name, kind, description."""
    return Rows(
        tuple(
            Row(name=line(scheme.wire_name), value=line(_kind(scheme)), about=prose(scheme.description))
            for scheme in api.security_schemes
        )
    )


def prose(description: str | None) -> str:
    """Return CommonMark text as HTML in which only links to the web lead anywhere."""
    return render(markdown.prose(description), lambda link: link).html


def _url(server: Server) -> str:
    return server.template or server.url


def _kind(scheme: SecurityScheme) -> str:
    match scheme.kind:
        case "bearer":
            return "Bearer token in the header Authorization"
        case "basic":
            return "Name and password (HTTP Basic)"
        case "http":
            return f"{scheme.http_scheme} credentials in the header Authorization"
        case "api-key":
            place = {"header": "header", "query": "query parameter", "cookie": "cookie"}[scheme.location]
            return f"API key in the {place} {scheme.parameter}"
        case "oauth2":
            return "OAuth 2.0 access token"
        case "openid":
            return "OpenID Connect access token"
        case "mutual-tls":
            return "Client certificate"
