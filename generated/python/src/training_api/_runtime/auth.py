"""Credentials: where they come from, how they travel (OpenAPI 3.1 §4.8.27), and that nobody gets to see them."""

from __future__ import annotations

import os
from binascii import a2b_base64, b2a_base64
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Literal, TypeAlias
from urllib.parse import quote_plus

import attrs

from .codec import dumps
from .errors import ConfigurationError
from .parameters import has_controls, has_surrogates, is_text, quoted
from .tokens import ClientCredentials, Fetched, Supplied, Tokens

Location: TypeAlias = Literal["header", "query", "cookie"]
Token: TypeAlias = str | Callable[[], str] | ClientCredentials
"""A token, a function that returns one for each call, or what tokens are got with."""
AsyncToken: TypeAlias = str | Callable[[], str] | Callable[[], Awaitable[str]] | ClientCredentials
"""As ``Token``; what the function returns may have to be awaited."""


@attrs.frozen(kw_only=True)
class Credential:
    """One security scheme and the secret for it."""

    scheme: str
    """The scheme's name in the description."""
    argument: str
    """The client's argument that gives the secret."""
    environment: str
    """The environment variable that gives it when the argument does not."""
    location: Location
    parameter: str
    """The header, query parameter or cookie that carries it."""
    value: str | None = attrs.field(repr=lambda value: "None" if value is None else "'***'")
    """What is sent there; None where no secret was given."""
    tokens: Tokens | None = None
    """Gives the token that is sent as ``Bearer``, and not ``value``; None for a secret that stays the same."""
    supposed: bool = False
    """Whether nobody can tell that the secret is there; others go before it."""

    @property
    def missing(self) -> str:
        """How to give the secret, for an error's message."""
        if not self.environment:
            return f"pass {self.argument}"
        return f"pass {self.argument}=… or set {self.environment}"

    def sent(self, tokens: Mapping[str, str]) -> str:
        """Return what is sent.

        Args:
            tokens: By scheme, what ``tokens`` gave.
        """
        return (self.value or "") if self.tokens is None else f"Bearer {tokens.get(self.scheme, '')}"


@attrs.frozen(kw_only=True, repr=False)
class Authorization:
    """What credentials add to a request."""

    headers: Mapping[str, str]
    query: str = ""
    """Parameters, percent-encoded and joined."""
    keys: tuple[str, ...] = ()
    """The secrets that travel elsewhere than in the header Authorization."""


def bearer(
    scheme: str, *, argument: str, environment: str, value: AsyncToken | None, token_url: str | None = None
) -> Credential:
    """Make a credential that is sent as ``Authorization: Bearer …`` (RFC 6750 §2.1).

    Args:
        scheme: The scheme's name in the description.
        argument: The client's argument that gives the token.
        environment: The environment variable that gives it when the argument does not.
        value: The token, a function that returns one, or what tokens are got with; None to take the environment's.
        token_url: Where a program gets tokens by itself, as the description says.

    Raises:
        ConfigurationError: The token cannot be sent in a header, or there is no URL to get one from.
    """
    if isinstance(value, ClientCredentials):
        return renewed(scheme, argument, Fetched(argument, value, token_url))
    if callable(value):
        return renewed(scheme, argument, Supplied(argument, value))
    return http(scheme, argument=argument, environment=environment, value=value, kind="Bearer")


def renewed(scheme: str, argument: str, tokens: Tokens) -> Credential:
    """Make a credential whose token is asked for when it is needed."""
    return attrs.evolve(in_authorization(scheme, argument, "", ""), tokens=tokens)


def of_client(client: ClientCredentials) -> dict[str, Credential]:
    """Return what a program proves itself with to an authorization server (RFC 6749 §2.3.1).

    Args:
        client: Its id and secret; where they travel in the form, all that is left to do is to keep the secret out of
            messages.
    """
    hidden = attrs.evolve(in_authorization("secret", "client_secret", "", client.client_secret), parameter="")
    if client.in_body:
        return {"secret": hidden}
    pair = (quote_plus(client.client_id), quote_plus(client.client_secret))
    return {"secret": hidden, "client": basic("client", argument="client_secret", environment="", value=pair)}


def http(scheme: str, *, argument: str, environment: str, value: str | None, kind: str) -> Credential:
    """Make a credential that is sent in the header Authorization as it is, behind the name of its kind.

    Args:
        scheme: The scheme's name in the description.
        argument: The client's argument that gives the credential.
        environment: The environment variable that gives it when the argument does not.
        value: The credential; None to take the environment's.
        kind: The authentication scheme (RFC 9110 §11.1), such as ``HOBA``.

    Raises:
        ConfigurationError: It cannot be sent in a header.
    """
    given = secret(argument, environment, value)
    return in_authorization(scheme, argument, environment, None if given is None else f"{kind} {given}")


def basic(scheme: str, *, argument: str, environment: str, value: str | tuple[str, str] | None) -> Credential:
    """Make a credential that is sent as ``Authorization: Basic …`` (RFC 7617 §2).

    Args:
        scheme: The scheme's name in the description.
        argument: The client's argument that gives user and password.
        environment: The environment variable that gives them, as ``user:password``, when the argument does not.
        value: User and password, as a pair or as ``user:password``; None to take the environment's.

    Raises:
        ConfigurationError: There is no colon, or one in the user, or it cannot be sent in a header.
    """
    if isinstance(value, tuple):
        if not is_pair(value):
            raise ConfigurationError(f"{argument}: expected user and password as two texts")
        if ":" in value[0]:
            raise ConfigurationError(f"{argument}: a user must hold no colon (RFC 7617 §2)")
    pair = secret(argument, environment, ":".join(value) if isinstance(value, tuple) else value)
    if pair is not None and ":" not in pair:
        raise ConfigurationError(f"{argument}: expected user:password, got something without a colon")
    encoded = None if pair is None else "Basic " + b2a_base64(pair.encode(), newline=False).decode("ascii")
    return in_authorization(scheme, argument, environment, encoded)


def is_pair(value: tuple[object, ...]) -> bool:
    """Say whether a tuple is user and password, whatever its type promises."""
    return len(value) == 2 and all(map(is_text, value))


def api_key(
    scheme: str, *, argument: str, environment: str, value: str | None, location: Location, parameter: str
) -> Credential:
    """Make a credential that is sent as a header, query parameter or cookie of its own.

    Args:
        scheme: The scheme's name in the description.
        argument: The client's argument that gives the key.
        environment: The environment variable that gives it when the argument does not.
        value: The key; None to take the environment's.
        location: Where it travels.
        parameter: The name that it travels under.

    Raises:
        ConfigurationError: The key cannot be sent in a header.
    """
    return Credential(
        scheme=scheme,
        argument=argument,
        environment=environment,
        location=location,
        parameter=parameter,
        value=secret(argument, environment, value),
    )


def in_authorization(scheme: str, argument: str, environment: str, value: str | None) -> Credential:
    """Make a credential whose value is the Authorization header; None where there is none."""
    return Credential(
        scheme=scheme,
        argument=argument,
        environment=environment,
        location="header",
        parameter="Authorization",
        value=value,
    )


def certificate(scheme: str, transport: object) -> Credential:
    """Stand for a client certificate, which the transport shows when it connects (RFC 8446 §4.4.2).

    Args:
        scheme: The scheme's name in the description.
        transport: The client's, where it was given one; what says nothing of a certificate is supposed to have one.
    """
    has_one = False if transport is None else getattr(transport, "has_certificate", None)
    return Credential(
        scheme=scheme,
        argument="transport=Httpx2Transport(certificate=…)",
        environment="",
        location="header",
        parameter="",
        value=None if has_one is False else "",
        supposed=has_one is None,
    )


def secret(argument: str, environment: str, value: str | None) -> str | None:
    """Return a secret from an argument or the environment; an empty one counts as none.

    Args:
        argument: The argument's name.
        environment: The environment variable's name.
        value: The argument's value.

    Raises:
        ConfigurationError: It is no text, or holds characters that a header cannot carry (RFC 9110 §5.5).
    """
    given, origin = (os.environ.get(environment, "").strip(), environment) if value is None else (value, argument)
    if not is_text(given):
        raise ConfigurationError(f"{origin}: a credential must be a text, got a {type(given).__name__}")
    if has_surrogates(given):
        raise ConfigurationError(f"{origin}: a credential must hold no lone surrogate, which has no form in UTF-8")
    if has_controls(given) or given != given.strip():
        raise ConfigurationError(f"{origin}: a credential must hold no line break, nor spaces around it")
    return given or None


def chosen(
    security: Iterable[Iterable[str]], credentials: Mapping[str, Credential], operation: str
) -> tuple[Credential, ...]:
    """Choose the credentials for an operation: the first alternative that all are there for.

    Args:
        security: Alternatives, each a set of schemes; none at all, or an empty one, means that none is needed.
        credentials: The client's, by scheme.
        operation: The operation's id, for the error.

    Raises:
        ConfigurationError: None of the alternatives can be met; it says what to pass or set.
    """
    alternatives = [tuple(schemes) for schemes in security]
    met = [found for schemes in alternatives if schemes and (found := given(schemes, credentials))]
    if met:
        return min(met, key=lambda found: any(credential.supposed for credential in found))
    if not alternatives or () in alternatives:
        return ()
    raise ConfigurationError(f"{operation} needs a credential: {' or '.join(ways(alternatives, credentials))}")


def given(schemes: Iterable[str], credentials: Mapping[str, Credential]) -> tuple[Credential, ...]:
    """Return the credentials of some schemes; nothing where one of them was not given."""
    found = tuple(credentials.get(scheme) for scheme in schemes)
    present = tuple(credential for credential in found if credential is not None and credential.value is not None)
    return present if len(present) == len(found) else ()


def ways(alternatives: Iterable[tuple[str, ...]], credentials: Mapping[str, Credential]) -> list[str]:
    """Return, per alternative, what is left to do to meet it."""
    return [
        " and ".join(
            credentials[scheme].missing if scheme in credentials else f"the scheme {scheme}, which this client lacks"
            for scheme in schemes
            if scheme not in credentials or credentials[scheme].value is None
        )
        for schemes in alternatives
    ]


def carried(credentials: Iterable[Credential], tokens: Mapping[str, str]) -> Authorization:
    """Return what credentials add to a request.

    Args:
        credentials: What is sent.
        tokens: By scheme, the tokens of those that have them from elsewhere.
    """
    headers: dict[str, str] = {}
    query: list[str] = []
    cookies: list[str] = []
    keys: list[str] = []
    for credential in credentials:
        value = credential.sent(tokens)
        if credential.parameter.lower() != "authorization":
            keys.append(value)
        match credential.location:
            case "header" if credential.parameter:
                headers[credential.parameter.lower()] = value
            case "query":
                query.append(f"{quoted(credential.parameter)}={quoted(value)}")
            case "cookie":
                cookies.append(f"{credential.parameter}={quoted(value)}")
            case _:
                pass
    if cookies:
        headers["cookie"] = "; ".join(cookies)
    return Authorization(headers=headers, query="&".join(query), keys=tuple(keys))


def secrets_of(keys: Iterable[str], authorization: str) -> tuple[str, ...]:
    """Return the secrets of a request in every form that an answer can repeat them in.

    Args:
        keys: Those that do not travel in the header Authorization.
        authorization: That header; empty where there is none.
    """
    kind, _, token = authorization.partition(" ")
    plain = {*keys, token or kind}
    if kind.lower() == "basic":
        try:
            pair = a2b_base64(token).decode()
        except ValueError:
            pair = ""
        plain |= {pair, pair.partition(":")[2]}
    escaped = {dumps(value).decode()[1:-1] for value in plain}
    forms = plain | escaped | {value.replace("/", "\\/") for value in escaped} | {quoted(value) for value in plain}
    forms |= {repr(form)[1:-1] for form in forms}
    return tuple(sorted(filter(None, forms), key=len, reverse=True))
