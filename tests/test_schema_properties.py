"""For every schema of the goldens and of some published descriptions: what fits is read and written again.

What does not fit is refused by its place, and what nobody knows yet survives.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final, TypeAlias, cast

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

import golden_cases
import schema_values
from attrest import names, pipeline, pointers
from attrest.code.spelling import Spelling
from attrest.ir import Alias, Api, Declaration, Enum, Model
from attrest.render import render
from attrest.settings import Settings
from attrest.typerefs import Discriminator, Scalar, UnionOf
from schema_values import Description, Place

Json: TypeAlias = Any

CORPUS: Final = Path(__file__).parents[2] / "shared" / "corpus" / "specs"
PUBLISHED: Final = (
    *("museum.yaml", "oapi-codegen-openapi31.yaml", "petstore-3.2.yaml", "petstore-expanded.yaml", "propolis.json"),
    *("readme-schema-types-3.1.json", "swagger-petstore.yaml", "tictactoe-3.1.yaml", "train-travel.json", "uspto.yaml"),
)
"""Small ones, of several hands."""
UNJUDGED: Final = {
    "tolerated",  # no valid description
    "base_classes",  # classes that list those who extend them: a validator never comes to an end
    "schema_keywords",  # anchors, which a validator looks for in what it knows for schemas alone
}
"""What no validator judges by."""
CLIENTS: Final = (*(case for case in golden_cases.CASES if case not in UNJUDGED), *PUBLISHED)
PROFILE: Final = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=6,
    phases=[Phase.generate],  # the values are small as they are
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


@attrs.frozen(eq=False)
class Client:
    """A generated client, and the description that it was generated from."""

    api: Api
    description: Description
    package: ModuleType

    def decoder(self, declaration: Declaration) -> Callable[[Json], Any]:
        """What reads a parsed JSON value as what was declared."""
        named = getattr(self.package.models, declaration.name)
        match declaration:
            case Model():
                return cast("Callable[[Json], Any]", named.from_dict)
            case Enum():
                return cast("Callable[[Json], Any]", self.codec.enum_of(named))
            case Alias():
                module = import_module(f"{self.package.__name__}.models.{declaration.module}")
                return cast(
                    "Callable[[Json], Any]",
                    getattr(module, Spelling(self.api.declarations).alias_decoder(declaration.name)),
                )

    @property
    def codec(self) -> Any:
        """The runtime's decoders and encoders."""
        return import_module(f"{self.package.__name__}._runtime.codec")

    def written(self, value: object) -> Json:
        """What a value that was read is as JSON."""
        return json.loads(json.dumps(self.codec.encode(value)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for packages, on the path of imports."""
    folder = tmp_path_factory.mktemp("schemas")
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture(scope="module", params=CLIENTS)
def client(request: pytest.FixtureRequest, folder: Path) -> Client:
    name: str = request.param
    document = golden_cases.GOLDEN / name / "openapi.yaml" if name in golden_cases.CASES else CORPUS / name
    if not document.is_file():
        pytest.skip(f"{document} is not there: it is no part of the repository")
    package = f"schemas_of_{names.module(name)}"
    chosen = Settings(document=document, output=Path("unused"), package=package, root=document.parent)
    loaded = pipeline.prepare(pipeline.read(chosen, lambda _: None), chosen)
    api = pipeline.analyse(loaded, chosen, lambda _: None)
    root = "python/src/"
    files = {path: text for path, text in render(api, {}, None).files.items() if path.startswith(root)}
    golden_cases.save(folder, {path.removeprefix(root): text for path, text in files.items()})
    return Client(api, Description(loaded.tree), import_module(package))


def fitting(client: Client, declaration: Declaration) -> st.SearchStrategy[Json]:
    """Return the values that fit a declaration; null is the business of whatever refers to a class."""
    values = client.description.fitting(place_of(declaration))
    return values if isinstance(declaration, Alias) else values.filter(lambda value: value is not None)


def place_of(declaration: Declaration) -> str:
    """Return what the values of a declaration fit; all heirs of a class are declared at its discriminator."""
    return declaration.pointer.removesuffix("/discriminator")


def stands_alone(declaration: Declaration) -> bool:
    """Whether a schema says by itself what fits; a part of a composition has to fit what it is a part of, too."""
    return {"allOf", "anyOf", "oneOf"}.isdisjoint(pointers.split(declaration.pointer)[:-1])


def test_values_survive_or_are_refused(client: Client) -> None:
    wrong: dict[str, str] = {}
    for declaration in filter(stands_alone, client.api.declarations):
        try:
            check(client, declaration)
        except Unsatisfiable:  # nothing fits, or nothing was found to
            continue
        except AssertionError as error:
            wrong[declaration.pointer] = str(error)
    assert not wrong, "\n".join(f"{pointer}: {message}" for pointer, message in wrong.items())


def check(client: Client, declaration: Declaration) -> None:
    """Check one schema with values of all kinds."""
    decode, validator = client.decoder(declaration), client.description.validator(place_of(declaration))

    @PROFILE
    @given(fitting(client, declaration), st.data())
    def holds(value: Json, data: st.DataObject) -> None:
        survives(client, decode, value)
        for new in news(declaration, value):
            survives(client, decode, new)
        place = drawn(client, declaration, value, data)
        if place is not None:
            broken = data.draw(schema_values.broken(place, value))
            if not validator.is_valid(broken):
                assert refused_at(decode, broken) == schema_values.path_of(place.keys), json.dumps(broken)

    holds()


def survives(client: Client, decode: Callable[[Json], Any], value: Json) -> None:
    """Require that a value is read, and written as it was."""
    try:
        decoded = decode(value)
    except ValueError as error:
        raise AssertionError(f"{json.dumps(value)} is refused: {error}") from error
    written = client.written(decoded)
    assert schema_values.same(written, value), f"{json.dumps(value)} becomes {json.dumps(written)}"
    assert decode(written) == decoded


def drawn(client: Client, declaration: Declaration, value: Json, data: st.DataObject) -> Place | None:
    """Choose a place of a value that can be made wrong, if there is one."""
    places = client.description.places(place_of(declaration), value)
    return data.draw(st.sampled_from(places)) if places else None


def refused_at(decode: Callable[[Json], Any], value: Json) -> str | None:
    """Return the place by which a value is refused; None if it is not."""
    try:
        decode(value)
    except ValueError as error:
        return str(getattr(error, "path", error))
    return None


NEVER_HEARD_OF: Final[Json] = {"x-never-heard-of": [1, {"a": None}]}


def news(declaration: Declaration, value: Json) -> Iterator[Json]:
    """Return values with something in them that the description does not list."""
    match declaration:
        case Model(additional=None | Scalar("any")):
            yield {**value, **NEVER_HEARD_OF}
        case Enum() if isinstance(value, str):
            yield "never heard of"
        case Enum() if isinstance(value, int) and not isinstance(value, bool):
            yield 987654321
        case Alias(type=UnionOf(discriminator=Discriminator(wire_name, otherwise=None))):
            yield from (NEVER_HEARD_OF, {wire_name: "never heard of", **NEVER_HEARD_OF})
        case Alias(type=UnionOf(is_open=True)):
            yield from (NEVER_HEARD_OF, {})
        case _:
            pass
