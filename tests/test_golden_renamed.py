"""The names of earlier releases in a client: they lead to what there is now, and say that they are deprecated."""

from __future__ import annotations

import asyncio
import copy
import importlib
import json
import re
import subprocess
import sys
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest

from attrest import renamings
from attrest.ir import Renaming
from golden_behaviour import AsyncCanned, Canned, Import

ANSWER = (200, "application/json", b'{"name": "Tom", "size": "small"}')
USE = """
from renamed_api import AsyncRenamedClient, RenamedClient
from renamed_api.events import PetBornWebhook, parse_pet_born
from renamed_api.models import Animal, GetPetRequest, Pet, PetSize, Size
from renamed_api.models.animal import Creature
from renamed_api.models.pet import Pet as ByModule
from renamed_api.resources.pets import AsyncPets, Pets

def call(client: RenamedClient) -> Pet:
    print(client.pets)
    animal: Animal = client.animals.get_pet(animal_id="1")
    size: PetSize | str = animal.size
    print(size, client.send(GetPetRequest(animal_id="1")).name)
    animal.size = Size.BIG
    animal.pet_name = client.animals.read_animal(pet_id="1").name
    print(client.animals.read_animal(animal_id="1", language="de"), GetPetRequest(animal_id="1").pet_id)
    event: PetBornWebhook = parse_pet_born(b"{}")
    creature: Creature = event.payload
    by_module: ByModule = creature
    print(by_module.name)
    pets: Pets = client.animals
    print(pets)
    return animal

async def wait(client: AsyncRenamedClient) -> None:
    await client.animals.get_pet(animal_id="1")
    await client.animals.get_pet(pet_id="1")
    pets: AsyncPets = client.animals
    await pets.read_animal(pet_id="1")
"""


def warned(call: Callable[[], Any]) -> set[tuple[str, str]]:
    """What warnings say, and where they say to come from."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    assert all(each.category is DeprecationWarning for each in caught)
    return {(str(each.message), each.filename) for each in caught}


@pytest.mark.parametrize(
    ("old", "new"), [("Pet", "Animal"), ("PetSize", "Size"), ("GetPetRequest", "ReadAnimalRequest")]
)
def test_a_class_has_its_earlier_name_too(models: Import, old: str, new: str) -> None:
    package = models("renamed")
    told = {(f"{old} is deprecated: it was renamed to {new}.", __file__)}
    for _ in range(2):
        assert warned(lambda: getattr(package, old)) == told
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert getattr(package, old) is getattr(package, new)
    assert old not in package.__all__
    assert warned(lambda: getattr(package, new)) == set()


def test_an_import_warns_where_it_stands(golden_packages: Path, tmp_path: Path) -> None:
    assert (golden_packages / "renamed_api").is_dir()
    script = tmp_path / "use.py"
    script.write_text("from renamed_api.models import Pet\nassert Pet.__name__ == 'Animal'\n", encoding="utf-8")
    environment = {"PYTHONPATH": str(golden_packages), "PYTHONWARNINGS": "default"}
    command = (sys.executable, str(script))
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert f"{script}:1: DeprecationWarning: Pet is deprecated: it was renamed to Animal." in done.stderr
    assert done.stderr.count("DeprecationWarning") == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("models.pet.Pet", "models.animal.Animal"),
        ("models.pet_size.PetSize", "models.size.Size"),
        ("models.animal.Creature", "models.animal.Animal"),
        ("models.size.Animal", "models.animal.Animal"),
        ("operations.get_pet.GetPetRequest", "operations.read_animal.ReadAnimalRequest"),
        ("resources.pets.Pets", "resources.animals.Animals"),
        ("resources.pets.AsyncPets", "resources.animals.AsyncAnimals"),
        ("events.pet_born_webhook.PetBornWebhook", "events.animal_born_webhook.AnimalBornWebhook"),
        ("events.pet_born_webhook.parse_pet_born", "events.animal_born_webhook.parse_animal_born"),
    ],
)
def test_a_module_has_what_is_elsewhere_now(package: Import, old: str, new: str) -> None:
    client = package("renamed").__name__
    (earlier, name), (home, now) = (f"{client}.{path}".rsplit(".", 1) for path in (old, new))
    module = importlib.import_module(earlier)
    assert warned(lambda: getattr(module, name)) == {
        (f"{client}.{old} is deprecated: it was moved to {client}.{new}.", __file__)
    }
    with pytest.warns(DeprecationWarning, match="it was moved to"):
        assert getattr(module, name) is getattr(importlib.import_module(home), now)
    with pytest.raises(AttributeError, match=f"module '{re.escape(earlier)}' has no attribute 'Other'"):
        _ = module.Other


def test_a_module_that_leads_nowhere_is_not_there(package: Import) -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(f"{package('renamed').__name__}.models.gone")


def test_what_leads_nowhere_is_no_name(models: Import) -> None:
    with pytest.raises(AttributeError, match="Gone"):
        _ = models("renamed").Gone


def test_a_method_has_its_earlier_name_too(package: Import) -> None:
    transport = Canned(ANSWER, ANSWER)
    animals = package("renamed").RenamedClient(transport=transport).animals
    told = {("get_pet is deprecated: it was renamed to read_animal.", __file__)}
    assert warned(lambda: animals.get_pet(animal_id="7")) == told
    assert warned(lambda: animals.read_animal(animal_id="7")) == set()
    assert [request.url for request in transport.requests] == ["https://renamed.example/animals/7"] * 2


def test_a_resource_has_its_earlier_name_too(package: Import) -> None:
    for client in (package("renamed").RenamedClient(), package("renamed").AsyncRenamedClient()):
        told = {("pets is deprecated: it was renamed to animals.", __file__)}
        assert warned(partial(getattr, client, "pets")) == told
        with pytest.warns(DeprecationWarning, match="pets"):
            assert client.pets is client.animals


def test_a_coroutine_has_its_earlier_name_too(package: Import) -> None:
    client = package("renamed").AsyncRenamedClient(transport=AsyncCanned(ANSWER))
    with pytest.warns(DeprecationWarning, match="get_pet is deprecated: it was renamed to read_animal"):
        assert asyncio.run(client.animals.get_pet(animal_id="7")).name == "Tom"


def test_a_member_of_an_enum_has_its_earlier_name_too(models: Import) -> None:
    size = models("renamed").Size
    told = {("BIG is deprecated: it was renamed to LARGE.", __file__)}
    assert warned(lambda: size.BIG) == told
    assert warned(lambda: size["BIG"]) == told
    assert warned(lambda: (size["LARGE"], size.LARGE, size("large"), list(size))) == set()
    with pytest.warns(DeprecationWarning, match="BIG"):
        assert size.BIG is size["BIG"] is size.LARGE
    assert [member.name for member in size] == list(size.__members__) == ["SMALL", "LARGE"]
    with pytest.raises(KeyError):
        _ = size["HUGE"]
    assert copy.deepcopy(size.LARGE) is size.LARGE


def test_an_attribute_has_its_earlier_name_too(models: Import) -> None:
    package = models("renamed")
    animal = package.Animal(name="Tom", size="small")
    told = {("pet_name is deprecated: it was renamed to name.", __file__)}
    assert warned(lambda: animal.pet_name) == told
    assert warned(lambda: setattr(animal, "pet_name", "Kit")) == told
    assert animal.name == "Kit"
    assert warned(lambda: package.Animal(pet_name="Tom", size="small")) == told
    with pytest.warns(DeprecationWarning, match="pet_name"):
        assert package.Animal(pet_name="Kit", size="small") == animal
    assert warned(lambda: package.Animal.from_dict(animal.to_dict())) == set()
    assert animal.to_dict() == {"name": "Kit", "size": "small"}
    assert warned(lambda: attrs.evolve(animal, name="Tom")) == set()


def test_a_name_and_its_earlier_one_are_not_passed_together(package: Import, models: Import) -> None:
    both = "pet_name was renamed to name: pass one of them, not both"
    with pytest.raises(TypeError, match=both):
        models("renamed").Animal(name="Tom", pet_name="Tom", size="small")
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'name'"):
        models("renamed").Animal(size="small")
    animals = package("renamed").RenamedClient(transport=Canned()).animals
    with pytest.raises(TypeError, match="pet_id was renamed to animal_id: pass one of them, not both"):
        animals.read_animal(animal_id="1", pet_id="1")


def test_an_attribute_of_a_request_has_its_earlier_name_too(models: Import) -> None:
    request = models("renamed").ReadAnimalRequest
    told = {("pet_id is deprecated: it was renamed to animal_id.", __file__)}
    assert warned(lambda: request(pet_id="1")) == told
    assert warned(lambda: request(animal_id="1").pet_id) == told
    with pytest.warns(DeprecationWarning, match="is deprecated: it was renamed"):
        assert request(pet_id="1", language="de") == request(animal_id="1", lang="de")
    with pytest.raises(AttributeError):
        request(animal_id="1").pet_id = "2"


def test_a_parameter_has_its_earlier_name_too(package: Import) -> None:
    transport = Canned(ANSWER, ANSWER, ANSWER)
    animals = package("renamed").RenamedClient(transport=transport).animals
    by_id = ("pet_id is deprecated: it was renamed to animal_id.", __file__)
    by_language = ("language is deprecated: it was renamed to lang.", __file__)
    by_method = ("get_pet is deprecated: it was renamed to read_animal.", __file__)
    assert warned(lambda: animals.read_animal(pet_id="7")) == {by_id}
    assert warned(lambda: animals.read_animal(pet_id="7", language="de")) == {by_id, by_language}
    assert warned(lambda: animals.get_pet(pet_id="7", lang="de")) == {by_id, by_method}
    urls = [request.url for request in transport.requests]
    assert urls == [f"https://renamed.example/animals/7{query}" for query in ("", "?lang=de", "?lang=de")]


def test_a_parameter_of_a_coroutine_has_its_earlier_name_too(package: Import) -> None:
    client = package("renamed").AsyncRenamedClient(transport=AsyncCanned(ANSWER))

    async def call() -> str:
        with pytest.warns(DeprecationWarning, match="pet_id is deprecated") as caught:
            animal = await client.animals.read_animal(pet_id="7")
        assert {each.filename for each in caught} == {__file__}
        name: str = animal.name
        return name

    assert asyncio.run(call()) == "Tom"


def test_an_event_has_its_earlier_names_too(package: Import) -> None:
    events = importlib.import_module(f"{package('renamed').__name__}.events")
    body = json.dumps({"name": "Tom", "size": "small"}).encode()
    told = {("PetBornWebhook is deprecated: it was renamed to AnimalBornWebhook.", __file__)}
    assert warned(lambda: events.PetBornWebhook) == told
    told = {("parse_pet_born is deprecated: it was renamed to parse_animal_born.", __file__)}
    assert warned(lambda: events.parse_pet_born(body)) == told
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert events.PetBornWebhook is events.AnimalBornWebhook
        assert events.parse_pet_born(body) == events.parse_animal_born(body)
    assert warned(lambda: events.parse("pet_born", body)) == set()
    assert events.parse("pet_born", body) == events.parse("animal_born", body)
    assert "PetBornWebhook" not in events.__all__
    with pytest.raises(AttributeError):
        _ = events.GoneWebhook


@pytest.mark.parametrize(
    "checker",
    [
        ("mypy", "--strict", "--enable-error-code=deprecated", "--follow-imports=silent"),
        ("pyright", "--pythonpath", sys.executable),
    ],
)
def test_type_checkers_know_earlier_names(golden_packages: Path, tmp_path: Path, checker: tuple[str, ...]) -> None:
    (tmp_path / "use.py").write_text(USE, encoding="utf-8")
    settings = f'{{"typeCheckingMode": "strict", "pythonVersion": "3.11", "extraPaths": ["{golden_packages}"]}}'
    (tmp_path / "pyrightconfig.json").write_text(settings, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", *checker, "use.py"],
        cwd=tmp_path,
        env={"MYPYPATH": str(golden_packages), "PATH": str(Path(sys.executable).parent)},
        capture_output=True,
        check=False,
        text=True,
    )
    faults = [line for line in done.stdout.splitlines() if "use.py:" in line]
    told = [line for line in faults if "parse_pet_born" in line]
    assert told, done.stdout
    assert len(faults) - len(told) == 10, done.stdout + done.stderr
    assert all("eprecated" in line for line in faults)
    assert done.stdout.count("get_pet is deprecated: it was renamed to read_animal.") == 3
    assert done.stdout.count("pets is deprecated: it was renamed to animals.") == 1
    assert done.stdout.count("BIG is deprecated: it was renamed to LARGE.") == 1
    assert done.stdout.count("pet_name is deprecated: it was renamed to name.") == 1
    assert done.stdout.count("pet_id is deprecated: it was renamed to animal_id.") == 3
    assert done.stdout.count("language is deprecated: it was renamed to lang.") == 1


def test_the_file_that_lists_them_reads_as_it_was_written() -> None:
    listed = (
        Renaming(kind="class", old="Pet", new="Animal", since="1.1.0"),
        Renaming(kind="method", owner="pets", old="get", new="read", since="1.1.0"),
    )
    assert renamings.parse(renamings.as_text(listed)) == listed
    assert renamings.parse(renamings.as_text(())) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("renamed = 5", "renamed: expected a list of tables"),
        ("renamed = [5]", r"renamed\[1\]: expected a table"),
        ("[[renamed]]\ncolour = 'red'", r"renamed\[1\]\.colour: unknown key"),
        ("[[renamed]]\nkind = 'module'", r"renamed\[1\]\.kind: expected one of class, member, .*, parser"),
        ("[[renamed]]\nkind = 'class'\nold = 'a b'\nnew = 'C'", r"renamed\[1\]\.old: expected a name"),
        ("[[renamed]]\nkind = 'class'\nold = 'class'\nnew = 'C'", r"renamed\[1\]\.old: expected a name"),
        (
            "[[renamed]]\nkind = 'attribute'\nowner = 'Pet'\nold = 'to_dict'\nnew = 'b'",
            r"renamed\[1\]\.old: to_dict is taken by what every client has",
        ),
        ("[[renamed]]\nkind = 'class'\nold = '_C'\nnew = 'C'", r"renamed\[1\]\.old: expected a name"),
        ("[[renamed]]\nkind = 'import'\nold = 'models.C'\nnew = 'models.c.C'", r"renamed\[1\]\.old: expected a module"),
        (
            "[[renamed]]\nkind = 'import'\nold = 'models.c.C'\nnew = 'client.c.C'",
            r"renamed\[1\]\.new: expected a module",
        ),
        (
            "[[renamed]]\nkind = 'import'\nold = 'models.__init__.C'\nnew = 'models.c.C'",
            r"renamed\[1\]\.old: expected a module",
        ),
        ("[[renamed]]\nkind = 'method'\nold = 'a'\nnew = 'b'", r"renamed\[1\]\.owner: expected a name"),
    ],
)
def test_a_file_that_is_none_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        renamings.parse(text)
