"""What the client of a description with deprecated parts says to those who use them, at run time and when checked."""

from __future__ import annotations

import asyncio
import copy
import inspect
import json
import pickle
import subprocess
import sys
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from golden_behaviour import Canned, CannedResponse, Import
from made_client import Recorder

PAGE = (200, "application/json", b'{"pets": [{"name": "Tom", "kind": "cat", "parent": {"name": "Kim"}}], "next": null}')
USE = """
from deprecated_api import AsyncDeprecatedClient, DeprecatedClient
from deprecated_api.models import Kind, Pet

def call(client: DeprecatedClient) -> None:
    client.pets.list_pets()
    client.pets.list_pets_as_csv()
    client.pets.iter_pets()

async def wait(client: AsyncDeprecatedClient) -> None:
    await client.pets.list_pets()
"""


@pytest.fixture
def pets(package: Import) -> Any:
    """The resource ``pets`` of a client that gets one page."""
    return package("deprecated").DeprecatedClient(transport=Canned(PAGE)).pets


class AsyncCanned:
    async def send(self, _request: object, _timeout: object) -> Any:
        return AsyncCannedResponse(*PAGE)


class AsyncCannedResponse(CannedResponse):
    async def chunks(self) -> Any:
        yield self.content

    async def close(self) -> None:
        pass


def warned(call: Callable[[], Any]) -> list[tuple[str, str]]:
    """What is called, and where it says to have been called from."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    assert all(each.category is DeprecationWarning for each in caught)
    return [(str(each.message).split()[0], each.filename) for each in caught]


def test_a_deprecated_method_warns_its_caller(pets: Any) -> None:
    assert warned(pets.list_pets) == [("list_pets", __file__)]


def test_an_iterator_warns_where_it_is_made(pets: Any) -> None:
    assert warned(lambda: list(pets.iter_pets())) == [("iter_pets", __file__)]


def test_another_form_of_a_deprecated_operation_warns_too(package: Import) -> None:
    transport = Canned((200, "text/csv", b"Tom,cat"))
    client = package("deprecated").DeprecatedClient(transport=transport)
    assert warned(client.pets.list_pets_as_csv) == [("list_pets_as_csv", __file__)]


def test_a_coroutine_warns_where_it_is_made(package: Import) -> None:
    client = package("deprecated").AsyncDeprecatedClient(transport=AsyncCanned())

    async def call() -> None:
        page = await asyncio.create_task(client.pets.list_pets())
        assert page.pets[0].name == "Tom"

    assert warned(lambda: asyncio.run(call())) == [("list_pets", __file__)]


def test_an_argument_that_is_deprecated_warns_whoever_passes_it(package: Import) -> None:
    deprecated = package("deprecated")
    pet = deprecated.models.Pet.from_dict({"name": "Tom"})
    with Recorder() as recorder, deprecated.DeprecatedClient(server=recorder.url) as client:
        add = partial(client.pets.add_pet, body=pet, x_key="1")
        assert warned(lambda: add(note="x")) == [("note", __file__)]
        assert recorder.take().target == "/pets?note=x"
        assert warned(add) == warned(lambda: add(note=None)) == []


def test_a_coroutine_with_an_argument_that_is_deprecated_warns_where_it_is_made(package: Import) -> None:
    deprecated = package("deprecated")
    pet = deprecated.models.Pet.from_dict({"name": "Tom"})

    async def call(url: str) -> None:
        async with deprecated.AsyncDeprecatedClient(server=url) as client:
            await asyncio.create_task(client.pets.add_pet(body=pet, x_key="1", note="x"))

    with Recorder() as recorder:
        assert warned(lambda: asyncio.run(call(recorder.url))) == [("note", __file__)]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="inspect cannot be told before")
def test_a_coroutine_function_remains_one(package: Import) -> None:
    assert inspect.iscoroutinefunction(
        package("deprecated").AsyncDeprecatedClient(transport=AsyncCanned()).pets.list_pets
    )


def test_each_place_warns_once(pets: Any) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(3):
            pets.iter_pets()
        pets.iter_pets()
    assert len(caught) == 2


def test_making_a_deprecated_model_warns_and_reading_or_copying_one_does_not(models: Import) -> None:
    pet_class = models("deprecated").Pet
    assert warned(lambda: pet_class(name="Tom")) == [("Pet", __file__)]
    pet = pet_class.from_dict({"name": "Tom", "kind": "cat", "parent": {"name": "Kim"}})
    assert pet.parent is not None
    assert copy.deepcopy(pet) == pet == pickle.loads(pickle.dumps(pet))  # noqa: S301  # it was made here
    assert isinstance(pet, pet_class)
    with pytest.warns(DeprecationWarning, match="Pet"), pytest.raises(ValueError, match="at least 1 character"):
        pet_class(name="")


def test_deprecated_classes_say_so_and_others_do_not(models: Import) -> None:
    deprecated = models("deprecated")
    assert "Pet is deprecated" in deprecated.Pet.__deprecated__
    assert "Kind is deprecated" in deprecated.Kind.__deprecated__
    assert deprecated.Kind("cat") is deprecated.Kind.CAT
    assert not hasattr(deprecated.Page, "__deprecated__")
    assert inspect.signature(deprecated.Pet).parameters["name"].kind is inspect.Parameter.KEYWORD_ONLY


@pytest.mark.parametrize(
    ("checker", "mark"),
    [
        (("mypy", "--strict", "--enable-error-code=deprecated", "--follow-imports=silent"), "[deprecated]"),
        (("pyright", "--pythonpath", sys.executable), "reportDeprecated"),
    ],
)
def test_type_checkers_see_it(golden_packages: Path, tmp_path: Path, checker: tuple[str, ...], mark: str) -> None:
    (tmp_path / "use.py").write_text(USE, encoding="utf-8")
    settings = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "extraPaths": [str(golden_packages)]}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", *checker, "use.py"],
        cwd=tmp_path,
        env={"MYPYPATH": str(golden_packages), "PATH": str(Path(sys.executable).parent)},
        capture_output=True,
        check=False,
        text=True,
    )
    for name in ("Kind", "Pet", "list_pets", "list_pets_as_csv", "iter_pets"):
        assert f"{name} is deprecated:" in done.stdout, done.stdout + done.stderr
    assert mark in done.stdout
