"""A client for a description whose every name stands in the way of something: it works, and the wire names survive."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from urllib.parse import parse_qsl

import attrs
import pytest

import nasty_names
from attrest import pipeline, pointers
from attrest.ir import Api
from attrest.settings import Settings
from golden_cases import save
from nasty_names import NAMES

pytestmark = pytest.mark.xdist_group("nasty names")

PACKAGE: Final = "nasty_names_client"
CHECKS: Final = {
    "ruff": ("-m", "ruff", "check", "--isolated", "--no-cache", "--line-length=120", "--target-version=py311", "."),
    "mypy": ("-m", "mypy", "--strict", "--python-version=3.11", "--cache-dir", os.devnull, "."),
}


@attrs.frozen
class Made:
    """What the description gives."""

    api: Api
    files: Mapping[str, str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    document = tmp_path_factory.mktemp("descriptions") / "openapi.json"
    document.write_text(json.dumps(nasty_names.description(NAMES)), encoding="utf-8")
    settings = Settings(document=document, output=Path("unused"), package=PACKAGE, root=document.parent)
    loaded = pipeline.prepare(pipeline.read(settings, lambda _: None), settings)
    api = pipeline.analyse(loaded, settings, lambda _: None)
    rendered = pipeline.render(loaded, api, settings, lambda _: None)
    return Made(rendered.api, rendered.tree.files)


@pytest.fixture(scope="module")
def folder(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that was made."""
    folder = tmp_path_factory.mktemp("nasty")
    save(folder, made.files)
    return folder / "python" / "src"


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[ModuleType]:
    """The client's package."""
    sys.path.insert(0, str(folder))
    yield import_module(PACKAGE)
    sys.path.remove(str(folder))


def models(made: Made, client: ModuleType) -> dict[str, Any]:
    """The model of each schema, by the schema's name."""
    found = {pointers.split(each.pointer): getattr(client.models, each.name) for each in made.api.declarations}
    return {place[-1]: model for place, model in found.items() if place[:-1] == ("components", "schemas")}


def requests(made: Made, client: ModuleType) -> list[Any]:
    """The request of each operation, in the order of the names that start its parameters."""
    by_path = {each.path: getattr(client.models, each.request) for each in made.api.operations}
    return [by_path[f"/{number}"] for number in range(len(NAMES))]


def test_every_module_imports(client: ModuleType, folder: Path) -> None:
    for file in sorted((folder / PACKAGE).rglob("*.py")):
        parts = file.relative_to(folder).with_suffix("").parts
        import_module(".".join(part for part in parts if part != "__init__"))
    assert len(client.models.__all__) == len({*client.models.__all__})


@pytest.mark.parametrize("tool", CHECKS)
def test_the_checkers_find_nothing(tool: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, *CHECKS[tool]], cwd=folder, capture_output=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_path_is_one_that_any_file_system_takes(made: Made) -> None:
    folded = {unicodedata.normalize("NFKC", path).casefold() for path in made.files}
    assert len(folded) == len(made.files)
    parts = {part for path in made.files for part in path.split("/")}
    assert all(part.isascii() and len(part) <= 130 and not part.endswith((" ", ".")) for part in parts)
    devices = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
    assert devices.isdisjoint(part.partition(".")[0].lower() for part in parts)


def test_fields_travel_under_their_names(made: Made, client: ModuleType) -> None:
    found = models(made, client)
    assert found.keys() >= {*NAMES}
    for number, name in enumerate(NAMES):
        after = nasty_names.successor(number, NAMES)
        data = {
            name: "2025-03-04T12:00:00Z",
            f"{after} of": after,
            f"{after} list": [],
            f"{name} kind": after,
            "not listed": name,
        }
        assert found[name].from_dict(data).to_dict() == data
        assert found[name].from_dict({**data, name: None}).to_dict() == {**data, name: None}


def test_arguments_travel_under_their_names(made: Made, client: ModuleType) -> None:
    for number, request in enumerate(requests(made, client)):
        some = nasty_names.parameters(number, NAMES)
        fields = [field.name for field in attrs.fields(request)][: len(some)]
        arguments = {field: str(index) for index, field in enumerate(fields)}
        sent = request(**arguments).to_http()
        asked = parse_qsl(sent.target.partition("?")[2], keep_blank_values=True, strict_parsing=True)
        assert asked == [(name, str(index)) for index, name in enumerate(some)]
        assert request.from_dict(request(**arguments).to_dict()) == request(**arguments)
        assert request.operation.id == (NAMES[number] if NAMES[number].strip() else f"post {number}")


def test_methods_are_there_in_both_clients(made: Made, client: ModuleType) -> None:
    for prefix in ("", "Async"):
        made_client = getattr(client, f"{prefix}{made.api.client}")(server="https://x.example")
        for resource in made.api.resources:
            methods = getattr(made_client, resource.name)
            for operation in resource.operations:
                assert callable(getattr(methods, operation.name))


def test_servers_and_schemes_keep_their_names(made: Made, client: ModuleType) -> None:
    assert [scheme.wire_name for scheme in made.api.security_schemes] == [*NAMES]
    arguments = [scheme.argument for scheme in made.api.security_schemes]
    with getattr(client, made.api.client)(**dict.fromkeys(arguments, "secret"), server="https://x.example") as opened:
        schemes = [(each.scheme, each.parameter) for each in opened.configuration.credentials.values()]
    assert schemes == [(name, f"x-{number}") for number, name in enumerate(NAMES)]


def test_values_of_an_enum_have_members_of_their_own(made: Made, client: ModuleType) -> None:
    kind = models(made, client)[nasty_names.LISTED]
    assert [member.value for member in kind] == [*NAMES]
    assert all(kind(name).value == name for name in NAMES)
