"""Whatever is wrong with a description, each command can do with it, or refuses it with findings."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple, TypeAlias

import pytest

from attrest import pipeline
from attrest.diagnostics import LoadError
from attrest.diffing.comparison import compare
from attrest.load import load
from attrest.mocking.exchange import Request
from attrest.mocking.mock import Mock
from attrest.progress import silent
from attrest.settings import Settings
from attrest.validate import validate
from golden_cases import CASES, GOLDEN, save

TODAY: Final = dt.date(2026, 7, 1)
EACH: Final = 4
"""How many broken descriptions are made of one that is sound."""
KEYWORDS: Final = (
    *("type", "properties", "items", "allOf", "oneOf", "anyOf", "enum", "const", "$ref", "format", "nullable", "title"),
    *("additionalProperties", "required", "default", "discriminator", "prefixItems", "patternProperties", "pattern"),
    *("dependentRequired", "contentEncoding", "contentMediaType", "contentSchema", "x-enum-varnames", "encoding"),
    *("parameters", "requestBody", "responses", "content", "schema", "headers", "security", "servers", "tags", "links"),
    *("operationId", "callbacks", "style", "in", "name", "example", "examples", "description", "deprecated", "mapping"),
)
ODDITIES: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1.5, "", "x", "array", "a b", "class", "\0", '"""', "\\", [], {}, [None], [{}], ["a"]),
    *({"type": "string"}, {"type": ["string", "null"]}, {"type": "array"}, {"$ref": "#"}, {"$ref": "#/nowhere"}),
    *({"allOf": [{}]}, {"oneOf": [{"type": "string"}, {"type": "object"}]}, {"enum": [1, "1", True, None]}),
)
NAMES: Final = ("class", "", "a/b", "~", "Ä", "1x", "default", "2XX", "x-y", "a b", '"', "self", "None")


class Place(NamedTuple):
    """A node of a description, by what holds it."""

    holder: Any
    key: Any


Mutation: TypeAlias = Callable[[Random, Place, list[Place]], None]


def places(node: Any) -> Iterator[Place]:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield Place(node, key)
        yield from places(value)


def value(place: Place) -> Any:
    return deepcopy(place.holder[place.key])


def leave_out(_random: Random, place: Place, _all: list[Place]) -> None:
    del place.holder[place.key]


def replace(random: Random, place: Place, _all: list[Place]) -> None:
    place.holder[place.key] = deepcopy(random.choice(ODDITIES))


def replace_by_another(random: Random, place: Place, every: list[Place]) -> None:
    place.holder[place.key] = value(random.choice(every))


def add(random: Random, place: Place, every: list[Place]) -> None:
    if isinstance(place.holder, dict):
        added = random.choice(ODDITIES) if random.random() < 0.5 else value(random.choice(every))
        place.holder[random.choice(KEYWORDS)] = deepcopy(added)


def rename(random: Random, place: Place, _all: list[Place]) -> None:
    if isinstance(place.holder, dict):
        place.holder[random.choice(NAMES)] = place.holder.pop(place.key)


MUTATIONS: Final[tuple[Mutation, ...]] = (leave_out, replace, replace_by_another, add, rename)


def broken(tree: Mapping[str, Any], random: Random) -> dict[str, Any]:
    """Return a description with something wrong in one to four places."""
    made = deepcopy(dict(tree))
    for _ in range(random.randint(1, 4)):
        every = list(places(made))
        random.choice(MUTATIONS)(random, random.choice(every), every)
    return made


def descriptions(case: str, folder: Path) -> Iterator[Path]:
    """Write broken descriptions, always the same ones."""
    tree = load(GOLDEN / case / "openapi.yaml").tree
    random = Random(case)  # noqa: S311 - nothing is kept secret
    for number in range(EACH):
        description = folder / f"{number}.json"
        description.write_text(json.dumps(broken(tree, random)), encoding="utf-8")
        yield description


@pytest.mark.parametrize("case", CASES)
def test_a_description_is_generated_or_refused(case: str, tmp_path: Path) -> None:
    generated = refused = 0
    for description in descriptions(case, tmp_path):
        package = f"broken_{description.stem}"
        settings = Settings(document=description, output=tmp_path / "out", package=package, root=tmp_path)
        try:
            made = pipeline.build(settings, silent)
        except pipeline.DescriptionError as error:
            refused += bool(error.findings)
            continue
        generated += 1
        save(tmp_path / "made" / package, made.tree.files)
        assert [finding.message for finding in made.lost if "attrest fails on it" in finding.message] == []
    assert generated + refused == EACH
    command = (sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select=E9,F", str(tmp_path))
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("case", CASES)
def test_a_description_is_validated_compared_and_mocked_or_refused(case: str, tmp_path: Path) -> None:
    sound = load(GOLDEN / case / "openapi.yaml")
    mocked = refused = 0
    for description in descriptions(case, tmp_path):
        try:
            document = load(description)
        except LoadError as error:
            refused += bool(error.findings)
            continue
        assert all(finding.rule for finding in validate(document))
        for old, new in ((sound, document), (document, sound)):
            assert all(change.verdict for change in compare(old.tree, new.tree, TODAY))
        mock = Mock(pipeline.mended(document))
        assert all(mock.remarks())
        assert all(mock.answer(Request(method=each.method, path=each.path)) for each in mock.operations)
        mocked += 1
    assert mocked + refused == EACH
