"""Tokens that a client gets by itself: from a function, or from an authorization server (RFC 6749 §4.4).

Nothing here does input or output: the clients send what this module asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeGuard

import attrs

from . import bodies
from .decoding import is_object, refuse
from .errors import ConfigurationError, DecodeError, StatusError, TokenError
from .http import Headers
from .http import Request as HttpRequest
from .operation import Operation, Request, json
from .parameters import has_controls, has_surrogates

if TYPE_CHECKING:
    import asyncio

    from .responses import RawResponse

MARGIN = 30.0
"""Seconds before its end that a token is replaced; half its time where it lasts less than twice that."""


def is_plain(value: object) -> bool:
    """Say whether a value is text with a form in UTF-8, whatever its type promises."""
    return isinstance(value, str) and not has_surrogates(value)


def text(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    """Refuse anything but text, without showing it: it can be a secret."""
    if not is_plain(value):
        raise ConfigurationError(f"ClientCredentials: {attribute.name} must be a text")


def texts(_: object, attribute: attrs.Attribute[Any], value: tuple[object, ...]) -> None:
    """Refuse anything but texts."""
    if not all(map(is_plain, value)):
        raise ConfigurationError(f"ClientCredentials: {attribute.name} must be texts")


def separate(value: Iterable[str]) -> tuple[str, ...]:
    """Return scopes one by one; a text holds them with spaces between them."""
    return tuple(value.split() if isinstance(value, str) else value)


@attrs.frozen(kw_only=True)
class ClientCredentials:
    """What a program gets tokens with for itself (RFC 6749 §4.4).

    A token is fetched when it is first needed, again shortly before it ends, and once more where the service refuses it
    with status 401. The secret is sent to the token URL alone.
    """

    client_id: str = attrs.field(validator=text)
    """The program's name at the authorization server."""
    client_secret: str = attrs.field(validator=text, repr=lambda _: "'***'")
    """Its secret."""
    scopes: tuple[str, ...] = attrs.field(default=(), converter=separate, validator=texts)
    """What the tokens have to be good for; where none is given, the server decides."""
    token_url: str | None = None
    """Where to get tokens; None for where the description says."""
    in_body: bool = False
    """Whether id and secret travel in the form, for a server that does not take them in a header (RFC 6749 §2.3.1)."""
    parameters: Mapping[str, str] = attrs.field(factory=dict[str, str], repr=False)
    """What else the server wants to have in the form, such as ``audience``."""


@attrs.frozen(kw_only=True)
class Grant:
    """A token as an authorization server gives it (RFC 6749 §5.1)."""

    token: str = attrs.field(repr=False)
    kind: str
    expires_in: float | None
    """For how many seconds it is good; None where that is not said."""


def grant(value: Any) -> Grant:
    """Decode what an authorization server answers.

    Raises:
        DecodeError: There is no token in it.
    """
    source: Mapping[str, Any] = value if is_object(value) else refuse("an object", value)
    token, kind, expires_in = source.get("access_token"), source.get("token_type"), source.get("expires_in")
    if not is_token(token):
        raise DecodeError("access_token", "none that a header can carry")
    return Grant(token=token, kind=kind if isinstance(kind, str) else "Bearer", expires_in=seconds(expires_in))


def is_token(value: object) -> TypeGuard[str]:
    """Say whether a value is a text that a header can carry (RFC 9110 §5.5)."""
    if not isinstance(value, str) or not value or value != value.strip():
        return False
    return not has_controls(value) and not has_surrogates(value)


def seconds(value: object) -> float | None:
    """Return a number of seconds, which some servers write as text; None for anything else."""
    try:
        return max(0.0, float(value)) if isinstance(value, (int, float, str)) else None
    except ValueError:
        return None


@attrs.frozen(kw_only=True)
class TokenRequest(Request[Grant]):
    """Ask an authorization server for a token (RFC 6749 §4.4.2)."""

    target: str
    """Path and query of the token URL."""
    fields: Mapping[str, str] = attrs.field(repr=False)
    """The form."""

    operation: ClassVar[Operation] = Operation(
        id="the token request",
        method="POST",
        path="the token URL",
        idempotent=True,
        security=(("secret", "client"), ("secret",)),
        results={"2XX": json(grant)},
        errors={"default": json(lambda value: value)},
    )

    def to_http(self) -> HttpRequest:
        """Build the HTTP request, without server and credentials."""
        return HttpRequest(method="POST", target=self.target, body=bodies.form(self.fields))


class Supplied:
    """The tokens of one security scheme, from a function of the caller's."""

    def __init__(self, argument: str, supply: Callable[[], object]) -> None:
        """Keep the function.

        Args:
            argument: The client's argument that gave it, for errors.
            supply: Gives a token, or what has to be awaited for one.
        """
        self.argument = argument
        self.supply = supply

    def reject(self, token: str) -> None:
        """Do nothing: the function is asked for each call."""

    def checked(self, value: object) -> str:
        """Return what the function gave.

        Raises:
            ConfigurationError: It is no token.
        """
        if is_token(value):
            return value
        said = "a text that no header can carry" if isinstance(value, str) else f"a {type(value).__name__}"
        close: Any = getattr(value, "close", None)
        if close is not None:
            close()  # a coroutine that nobody awaits
        raise ConfigurationError(f"{self.argument}: the function has to return a token, and returned {said}")


class Fetched:
    """The tokens of one security scheme, from an authorization server, for one client."""

    def __init__(self, argument: str, client: ClientCredentials, token_url: str | None) -> None:
        """Begin without a token.

        Args:
            argument: The client's argument that gave the credentials, for errors.
            client: What tokens are got with.
            token_url: Where the description says that they are got; it can be relative to the server.

        Raises:
            ConfigurationError: There is no token URL.
        """
        if not (client.token_url or token_url):
            raise ConfigurationError(
                f"{argument}: the description names no URL where a program gets tokens by itself; pass "
                "ClientCredentials(token_url=…), a token, or a function that returns one"
            )
        self.argument = argument
        self.client = client
        self.lock = Lock()
        """Held by the thread that fetches a token, so that the others wait for it."""
        self.token_url = client.token_url or token_url or ""
        self._async_lock: tuple[asyncio.AbstractEventLoop, asyncio.Lock] | None = None
        self._token: str | None = None
        self._fresh_until: float | None = None

    def __repr__(self) -> str:
        """Show nothing that is secret."""
        return f"Fetched({self.argument!r})"

    def async_lock(self) -> asyncio.Lock:
        """Return what the task that fetches a token holds, so that the others of its event loop wait for it."""
        import asyncio

        loop = asyncio.get_running_loop()
        if self._async_lock is None or self._async_lock[0] is not loop:
            self._async_lock = loop, asyncio.Lock()
        return self._async_lock[1]

    def current(self, now: float) -> str | None:
        """Return the token that was fetched, while it is good.

        Args:
            now: The time on the monotonic clock.
        """
        is_over = self._fresh_until is not None and now >= self._fresh_until
        return None if is_over else self._token

    def reject(self, token: str) -> None:
        """Forget a token that the service refused, unless another has replaced it by now."""
        if token == self._token:
            self._token = None

    def fields(self) -> dict[str, str]:
        """Return the form that asks for a token."""
        scopes = {"scope": " ".join(self.client.scopes)} if self.client.scopes else {}
        known = {"client_id": self.client.client_id, "client_secret": self.client.client_secret}
        return {
            "grant_type": "client_credentials",
            **scopes,
            **(known if self.client.in_body else {}),
            **self.client.parameters,
        }

    def keep(self, answer: RawResponse[Grant], now: float) -> str:
        """Return the token that an authorization server gave, and keep it while it is good.

        Args:
            answer: What it answered.
            now: The time on the monotonic clock when it was asked.

        Raises:
            TokenError: That is no token, or none that is sent as ``Bearer``.
        """
        try:
            found = answer.parse()
        except StatusError as error:
            raise refused(answer, error) from None
        except DecodeError as error:
            raise failed(answer, f"the authorization server answered {error.got} where a token should be") from None
        if found.kind.lower() != "bearer":
            raise failed(answer, f"the token is of type {found.kind!r}, and not Bearer")
        self._fresh_until = None
        if found.expires_in is not None:
            self._fresh_until = now + found.expires_in - min(MARGIN, found.expires_in / 2)
        self._token = found.token
        return found.token


Tokens: TypeAlias = Supplied | Fetched


def refused(answer: RawResponse[Grant], error: StatusError) -> TokenError:
    """Return the error for a refusal (RFC 6749 §5.2)."""
    body: Any = error.body
    given = body.get("error") if is_object(body) else None
    code = given if isinstance(given, str) and given else None
    return failed(answer, f"the authorization server gave no token: {code or error.message}", code)


def failed(answer: RawResponse[Grant], message: str, code: str | None = None) -> TokenError:
    """Return an error about an answer of an authorization server, without its body, which can hold a token."""
    error = TokenError(message)
    error.code = code
    error.during(method=answer.method, url_template=answer.url_template, attempts=answer.attempts)
    error.answered(status=answer.status, headers=Headers(), request_id=answer.request_id, excerpt="")
    return error.hiding(answer.secrets())
