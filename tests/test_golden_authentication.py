"""How the golden cases' clients authenticate."""

from __future__ import annotations

import inspect
import ssl
from pathlib import Path
from typing import Any

import pytest

import golden_cases
from attrest.infer import infer
from attrest.ir import Api, Requirement
from attrest.load import load
from attrest.lower import lower
from attrest.settings import Settings
from golden_behaviour import Canned, Import

FINE = (204, "", b"")
GIVEN = "t"


@pytest.fixture
def authentication(package: Import) -> Any:
    return package("authentication")


@pytest.fixture(scope="module")
def api() -> Api:
    file = golden_cases.GOLDEN / "authentication" / "openapi.yaml"
    document = load(file)
    return lower(document, infer(document), Settings(document=file, output=Path("unused")))


def sent(client: Any, transport: Canned, method: str) -> dict[str, str]:
    getattr(client.default, method)()
    return {name: value for name, value in transport.requests[-1].headers.items() if name == "authorization"}


class TestCredentials:
    def test_a_scheme_of_http_stands_before_its_credential(self, authentication: Any) -> None:
        transport = Canned(FINE, FINE)
        client = authentication.AuthenticationClient(digest='username="me"', transport=transport)
        assert sent(client, transport, "by_digest") == {"authorization": 'Digest username="me"'}
        assert sent(client, transport, "by_address") == {"authorization": 'Digest username="me"'}

    def test_a_token_can_come_from_a_function(self, authentication: Any) -> None:
        transport = Canned(FINE)
        client = authentication.AuthenticationClient(token=lambda: "made", transport=transport)
        assert sent(client, transport, "by_scopes") == {"authorization": "Bearer made"}

    def test_client_credentials_ask_where_the_description_says(self, authentication: Any) -> None:
        transport = Canned((200, "application/json", b'{"access_token":"fetched","token_type":"Bearer"}'), FINE, FINE)
        credentials = authentication.ClientCredentials(client_id="me", client_secret="s3cret")  # noqa: S106  # an example
        client = authentication.AuthenticationClient(token=credentials, transport=transport)
        assert sent(client, transport, "by_scopes") == {"authorization": "Bearer fetched"}
        assert sent(client, transport, "by_common") == {"authorization": "Bearer fetched"}
        assert [request.url for request in transport.requests] == [
            "https://authentication.example/token",
            "https://authentication.example/scoped",
            "https://authentication.example/common",
        ]

    def test_a_scheme_without_a_token_url_needs_one(self, authentication: Any) -> None:
        credentials = authentication.ClientCredentials(client_id="me", client_secret="s3cret")  # noqa: S106  # an example
        with pytest.raises(authentication.errors.ConfigurationError, match=r"^web: .* pass ClientCredentials\(token_u"):
            authentication.AuthenticationClient(web=credentials)

    def test_the_transport_shows_a_certificate(self, authentication: Any) -> None:
        with pytest.raises(authentication.errors.ConfigurationError, match=r"pass transport=Httpx2Transport\(certif"):
            authentication.AuthenticationClient().default.by_certificate()
        plain = authentication.Httpx2Transport()
        with pytest.raises(authentication.errors.ConfigurationError, match="pass transport="):
            authentication.AuthenticationClient(transport=plain).default.by_certificate()
        plain.close()
        transport = Canned(FINE)
        assert sent(authentication.AuthenticationClient(transport=transport), transport, "by_certificate") == {}

    def test_a_context_can_hold_the_certificate(self, authentication: Any) -> None:
        transport = authentication.Httpx2Transport(verify=ssl.create_default_context())
        assert transport.has_certificate is None
        transport.close()

    def test_a_certificate_that_cannot_be_read_is_refused(self, authentication: Any, tmp_path: Path) -> None:
        for transport in (authentication.Httpx2Transport, authentication.AsyncHttpx2Transport):
            with pytest.raises(
                authentication.errors.ConfigurationError, match=r"certificate: .*none.pem.*cannot be re"
            ):
                transport(certificate=str(tmp_path / "none.pem"))
            with pytest.raises(authentication.errors.ConfigurationError, match="load it into the context"):
                transport(certificate="a.pem", verify=ssl.create_default_context())

    @pytest.mark.parametrize("method", ["by_forgotten"])
    def test_a_scheme_that_is_not_there_is_not_asked_for(self, authentication: Any, method: str) -> None:
        transport = Canned(FINE)
        assert sent(authentication.AuthenticationClient(transport=transport), transport, method) == {}

    def test_another_alternative_goes_before_one_that_cannot_be_met(self, authentication: Any) -> None:
        transport = Canned(FINE)
        client = authentication.AuthenticationClient(web=GIVEN, transport=transport)
        assert sent(client, transport, "by_what_is_left") == {"authorization": "Bearer t"}
        with pytest.raises(authentication.errors.ConfigurationError, match="pass web=… or set AUTHENTICATION_API_WEB"):
            authentication.AuthenticationClient(transport=transport).default.by_what_is_left()

    def test_the_client_says_what_a_credential_can_be(self, authentication: Any) -> None:
        documentation = inspect.getdoc(authentication.AuthenticationClient.__init__) or ""
        assert (
            "token: Tokens of the console. A token, a function that returns one, or ClientCredentials." in documentation
        )
        assert "web: The credential for web. A token, or a function that returns one." in documentation


class TestLowering:
    def test_flows_are_typed(self, api: Api) -> None:
        (oauth,) = (scheme for scheme in api.security_schemes if scheme.kind == "oauth2")
        assert [(flow.kind, flow.token_url, [scope.name for scope in flow.scopes]) for flow in oauth.flows] == [
            ("client-credentials", "/token", ["read", "write"]),
            ("authorization-code", "https://auth.example/token", ["read"]),
            ("device-authorization", "https://auth.example/token", []),
        ]
        assert oauth.flows[1].refresh_url == "https://auth.example/refresh"
        assert oauth.flows[2].device_authorization_url == "https://auth.example/device"
        assert oauth.metadata_url == "https://auth.example/.well-known/oauth-authorization-server"

    def test_scopes_stay_with_the_operation(self, api: Api) -> None:
        asked = {operation.id: operation.security for operation in api.operations}
        assert asked["byScopes"] == ((Requirement(scheme="oauth", scopes=("read", "write")),),)
        assert asked["byCertificate"] == ((Requirement(scheme="certificate"),),)
        assert asked["byForgotten"] == ((),)

    def test_what_cannot_be_done_is_in_the_ledger(self, api: Api) -> None:
        reasons = {entry.pointer: entry.reason for entry in api.entries}
        schemes = "/components/securitySchemes"
        missing = "there is no such scheme: calls are sent without it"
        assert reasons["/security/0/forgotten"] == missing
        assert reasons["/paths/~1forgotten/get/security/0/forgotten"] == missing
        for name in ("unsendable", "unheard of"):
            assert reasons[f"{schemes}/{name}"] == "no scheme that a client knows: calls are sent without it"
        assert reasons[f"{schemes}/digest"].startswith("the caller gives what stands behind Digest")
        assert not any(pointer.startswith(f"{schemes}/oauth") for pointer in reasons)
