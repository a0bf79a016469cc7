"""Which server the calls of the golden cases' clients go to."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest

from golden_behaviour import Canned, Import
from made_client import NOTHING, Recorder, make

FINE = (204, "", b"")
NUMBERS: Final = count()


@pytest.fixture
def servers(package: Import) -> Any:
    return package("servers")


def url(servers: Any, method: str, options: Any = None, **settings: Any) -> str:
    transport = Canned(FINE)
    client = servers.ServersClient(transport=transport, **settings)
    getattr(client.default, method)(options=options)
    return str(transport.requests[0].url)


def refusal(servers: Any, method: str, **settings: Any) -> str:
    with pytest.raises(servers.errors.ConfigurationError) as caught:
        url(servers, method, **settings)
    return str(caught.value)


class TestVariables:
    def test_they_stand_at_their_defaults(self, servers: Any) -> None:
        assert url(servers, "common") == "https://eu.servers.example:8443/v1/common"
        assert servers.servers.ProductionServer().url == "https://eu.servers.example:8443/v1"

    def test_they_take_other_values(self, servers: Any) -> None:
        server = servers.servers.ProductionServer(region="us", port="443", class_="v2/beta")
        assert url(servers, "common", server=server) == "https://us.servers.example:443/v2/beta/common"
        own = servers.servers.OwnServer(host="localhost:8000")
        assert url(servers, "common", server=own) == "https://localhost:8000/v1/common"

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"region": "mars"}, "ProductionServer: region must be one of eu, us, got 'mars'"),
            ({"port": 8443}, "ProductionServer: port must be a text, got 8443"),
            ({"port": ""}, "ProductionServer: port must be a text, got ''"),
        ],
    )
    def test_values_that_they_cannot_have_are_refused(self, servers: Any, values: dict[str, Any], said: str) -> None:
        with pytest.raises(servers.errors.ConfigurationError) as caught:
            servers.servers.ProductionServer(**values)
        assert str(caught.value) == said

    @pytest.mark.parametrize("port", ["80@evil.example", "x", "80?a=", "80 "])
    def test_values_that_make_no_url_are_refused(self, servers: Any, port: str) -> None:
        server = servers.servers.ProductionServer(port=port)
        assert refusal(servers, "common", server=server).startswith("server: ")

    def test_a_variable_without_a_value_needs_one(self, servers: Any) -> None:
        said = "server: 'https://{host}/v1', as described, has no value for host; pass server=… with a URL, or with"
        assert refusal(servers, "common", server="own").startswith(said)
        with pytest.raises(TypeError, match="host"):
            servers.servers.OwnServer()


class TestRelative:
    def test_a_relative_server_needs_a_whole_url(self, servers: Any) -> None:
        said = "server: '/v1', as described, is relative to where the description was found; pass server=… with the who"
        assert refusal(servers, "common", server="relative").startswith(said)

    def test_making_a_client_needs_no_server_yet(self, servers: Any) -> None:
        assert url(servers, "get_file", server="relative") == "https://files.example/shared/files"

    def test_an_operations_relative_server_starts_from_the_clients(self, servers: Any) -> None:
        assert url(servers, "put_file") == "https://eu.servers.example:8443/upload/files"
        assert url(servers, "put_file", server="http://127.0.0.1:9/v1") == "http://127.0.0.1:9/upload/files"
        assert "whole URL" in refusal(servers, "put_file", server="relative")


class TestUnusable:
    """A client of a description that does not say where the service is asks for that when it is made."""

    @pytest.mark.parametrize(
        ("servers", "said"),
        [
            ([], "'/', as described, is relative to where the description was found; pass server="),
            ([{"url": "/v1"}], "'/v1', as described, is relative to where the description was found; pass server="),
            ([{"url": "https://{host}/"}], "'https://{host}/', as described, has no value for host; pass server="),
            ([{"url": "wss://x.example"}], "'wss://x.example', as described, is none that a request can be sent to; "),
            ([{"url": "https://a@x.example"}], "'https://a@x.example', as described, is none that a request can be "),
        ],
    )
    def test_it_is_asked_for(self, tmp_path: Path, servers: list[dict[str, Any]], said: str) -> None:
        package = made(tmp_path, servers)
        for client in (package.Client, package.AsyncClient):
            with pytest.raises(package.errors.ConfigurationError) as caught:
                client()
            assert str(caught.value).startswith(f"server: {said}")
        with Recorder() as recorder, package.Client(server=f"{recorder.url}/v1") as client:
            client.default.fetch()
            assert recorder.take().target == "/v1/a"

    def test_the_environment_says_it_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        package = made(tmp_path, [{"url": "/v1"}])
        with Recorder() as recorder:
            monkeypatch.setenv(f"{package.__name__.upper()}_SERVER", recorder.url)
            with package.Client() as client:
                client.default.fetch()
            assert recorder.take().target == "/a"

    def test_operations_with_servers_of_their_own_can_do_without(self, tmp_path: Path) -> None:
        with Recorder() as recorder:
            package = made(tmp_path, [{"url": "/v1"}], own=[{"url": recorder.url}])
            with package.Client() as client:
                client.default.fetch()
            assert recorder.take().target == "/a"


def made(folder: Path, servers: list[dict[str, Any]], own: list[dict[str, Any]] | None = None) -> Any:
    """The client of a description with some servers, and others for its only operation."""
    operation = {"operationId": "fetch", "responses": NOTHING, **({"servers": own} if own else {})}
    description = {"openapi": "3.1.0", "info": {"title": "X", "version": "1"}, "paths": {"/a": {"get": operation}}}
    return make({**description, "servers": servers}, folder, f"unusable_{next(NUMBERS)}")


class TestOperationsOwn:
    def test_the_first_is_used_and_yields_to_a_url_of_the_callers(self, servers: Any) -> None:
        assert url(servers, "get_file") == "https://files.example/shared/files"
        production = servers.servers.ProductionServer(region="us")
        assert url(servers, "get_file", server=production) == "https://files.example/shared/files"
        assert url(servers, "get_file", server="http://127.0.0.1:9") == "http://127.0.0.1:9/files"

    @pytest.mark.parametrize(
        ("wanted", "expected"),
        [
            ("backup", "https://backup.example/files"),
            ("production", "https://eu.servers.example:8443/v1/files"),
            ("https://mine.example/", "https://mine.example/files"),
        ],
    )
    def test_options_pick_another(self, servers: Any, wanted: str, expected: str) -> None:
        assert url(servers, "get_file", servers.Options(server=wanted)) == expected
        assert url(servers, "get_file", servers.Options(server=wanted), server="http://127.0.0.1:9") == expected

    def test_options_take_values_for_variables(self, servers: Any) -> None:
        options = servers.Options(server=servers.servers.FilesServer(bucket="mine"))
        assert url(servers, "get_file", options) == "https://files.example/mine/files"

    @pytest.mark.parametrize("wanted", ["elsewhere", "ftp://x"])
    def test_what_is_no_server_is_refused(self, servers: Any, wanted: str) -> None:
        with pytest.raises(servers.errors.ConfigurationError, match="production, own, relative, default, backup"):
            url(servers, "get_file", servers.Options(server=wanted))

    def test_options_take_servers_alone(self, servers: Any) -> None:
        with pytest.raises(servers.errors.ConfigurationError, match="server: expected a text, got a int"):
            servers.Options(server=5)
