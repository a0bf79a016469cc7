"""Answers that only ``default`` describes (OpenAPI 3.1 §4.8.16), over real sockets."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

import pytest

from made_client import Recorder, make

JSON: Final = {"content-type": "application/json"}
PROBLEM: Final = {
    "description": "Whatever comes.",
    "headers": {"X-Count": {"schema": {"type": "integer"}}},
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    "links": {"again": {"operationId": "alone"}},
}
RESPONSES: Final[dict[str, Any]] = {
    "alone": {"default": PROBLEM},
    "besideAnError": {"404": {"description": "None."}, "default": PROBLEM},
    "besideASuccess": {"200": {"description": "Done."}, "default": PROBLEM},
    "withoutContent": {"default": {"description": "Done."}},
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    paths = {
        f"/{name}": {"get": {"operationId": name, "tags": ["problems"], "responses": responses}}
        for name, responses in RESPONSES.items()
    }
    problem = {"type": "object", "required": ["since"], "properties": {"since": {"type": "string", "format": "date"}}}
    description = {
        "openapi": "3.1.0",
        "info": {"title": "Problems", "version": "1"},
        "paths": paths,
        "components": {"schemas": {"Problem": problem}},
    }
    return make(description, tmp_path_factory.mktemp("default"), "only_default")


def raised(package: ModuleType, method: str, status: int, content: bytes) -> Any:
    with Recorder(status, {**JSON, "x-count": "3"}, content) as recorder:
        client = package.Client(server=recorder.url, retries=package.Retries(attempts=1))
        with client, pytest.raises(package.errors.StatusError) as caught:
            getattr(client.problems, method)()
    return caught.value


@pytest.mark.parametrize("status", [400, 404, 500])
def test_it_is_what_an_error_holds(package: ModuleType, status: int) -> None:
    error = raised(package, "alone", status, b'{"since": "2026-01-02"}')
    assert error.status == status
    assert type(error.body) is package.models.Problem
    assert error.body.since.year == 2026
    assert package.models.AloneRequest.error_headers_of(error).x_count == 3


def test_it_is_what_a_success_holds_as_well(package: ModuleType) -> None:
    with Recorder(200, JSON, b'{"since": "2026-01-02"}') as recorder, package.Client(server=recorder.url) as client:
        assert client.problems.alone() == client.problems.beside_an_error()
        assert type(client.problems.alone()) is package.models.Problem
        assert client.problems.beside_a_success() is None


def test_it_covers_what_no_other_error_does(package: ModuleType) -> None:
    assert raised(package, "beside_an_error", 404, b"{}").body is None
    assert raised(package, "beside_an_error", 500, b'{"since": "2026-01-02"}').body.since.year == 2026
    assert raised(package, "beside_a_success", 500, b'{"since": "2026-01-02"}').body.since.year == 2026


def test_an_error_that_holds_something_else_has_no_body(package: ModuleType) -> None:
    assert raised(package, "alone", 502, b"<html>").body is None
    assert raised(package, "without_content", 404, b"{}").body is None


def test_what_comes_next_is_told_once(package: ModuleType) -> None:
    told = package.Client(server="https://loopback.example").problems.alone.__doc__
    assert told.count("client.problems.alone") == 1
    assert "StatusError: Whatever comes." in told
    assert "StatusError" not in package.Client(server="https://loopback.example").problems.without_content.__doc__
