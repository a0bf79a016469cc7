"""For every schema of the goldens and of some published descriptions: what fits is read and written again.

What does not fit is refused by its place, and what nobody knows yet survives.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final, TypeAlias, TypeVar, cast

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

import golden_cases
import schema_values
from attrest import names, nodes, pathitems, pipeline, pointers
from attrest.code.spelling import Spelling
from attrest.ir import Alias, Api, Declaration, Enum, Model
from attrest.progress import silent
from attrest.render import render
from attrest.settings import Choice, Settings
from attrest.typerefs import Discriminator, Scalar, UnionOf
from corpus_check.documents import descriptions
from schema_values import Description, Place

Json: TypeAlias = Any
Item = TypeVar("Item")

CORPUS: Final = Path(__file__).parents[2] / "shared" / "corpus" / "specs"
PUBLISHED: Final = sorted(CORPUS.iterdir()) if CORPUS.is_dir() else []
OPERATIONS: Final = 6
"""Of a published description, spread over it: with all that they need, they are what is generated of it."""
DECLARATIONS: Final = 24
"""Of those, spread as well, that are judged."""
UNJUDGED: Final = {
    ("openai", "/components/schemas/CompoundFilter"): "says $recursiveRef, which JSON Schema 2020-12 does not know",
    (
        "tolerated",
        "/components/schemas/Thing",
    ): "refers to a parameter for a schema: any value fits, as a validator sees it",
}
"""What no validator judges by, and why."""
PROFILE: Final = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=6,
    phases=[Phase.generate],  # the values are small as they are
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
BRIEF: Final = settings(PROFILE, max_examples=2)


@attrs.frozen(eq=False)
class Client:
    """A generated client, and the description that it was generated from."""

    name: str
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


def client_of(name: str, document: Path, folder: Path, operations: int | None) -> Client:
    """Generate the models of a description.

    Args:
        name: What it is called here.
        document: Its root file.
        folder: Where packages are looked for.
        operations: How many operations to generate, with what they need; None for the whole description.
    """
    package = f"schemas_of_{names.module(name)}"
    chosen = Settings(document=document, output=Path("unused"), package=package, root=document.parent)
    loaded = pipeline.mended(pipeline.read(chosen, silent))
    if operations is not None:
        chosen = attrs.evolve(chosen, include=Choice(operations=spread(operations_of(loaded.tree), operations)))
    prepared = pipeline.prepare(loaded, chosen)
    api = pipeline.analyse(prepared, chosen, silent)
    root = "python/src/"
    files = {path: text for path, text in render(api, {}, None).files.items() if path.startswith(root)}
    golden_cases.save(folder, {path.removeprefix(root): text for path, text in files.items()})
    return Client(name, api, Description(prepared.tree), import_module(package))


def operations_of(tree: Json) -> list[str]:
    """Return the operations of a description, as the settings name them."""
    found: list[str] = []
    for path in tree.get("paths", {}):
        pointer, item = nodes.follow(tree, pointers.join(("paths", path)))
        found += [f"{method} {path}" for method, _, _ in pathitems.operations(pointer, item)]
    return found


def spread(items: Sequence[Item], count: int) -> tuple[Item, ...]:
    """Return some of many, from the first to the last."""
    if len(items) <= count:
        return tuple(items)
    return tuple(items[index * (len(items) - 1) // (count - 1)] for index in range(count))


def place_of(declaration: Declaration) -> str:
    """Return what the values of a declaration fit; all heirs of a class are declared at its discriminator."""
    return declaration.pointer.removesuffix("/discriminator")


def judged(api: Api) -> list[Declaration]:
    """Return the declarations whose schemas say by themselves what fits.

    A part of a composition has to fit what it is a part of, too; and what stands beside the alternatives of a schema is
    declared with each of them, at the schema itself.
    """
    unions = {each.pointer for each in api.declarations if isinstance(each, Alias)}
    return [
        each
        for each in api.declarations
        if {"allOf", "anyOf", "oneOf"}.isdisjoint(pointers.split(each.pointer)[:-1])
        and (isinstance(each, Alias) or each.pointer not in unions)
    ]


@pytest.mark.parametrize("case", golden_cases.CASES)
def test_values_of_goldens_survive_or_are_refused(case: str, folder: Path) -> None:
    client = client_of(case, golden_cases.GOLDEN / case / "openapi.yaml", folder, None)
    require_faithful(client, judged(client.api), PROFILE)


@pytest.mark.skipif(not PUBLISHED, reason=f"{CORPUS} is not there: it is no part of the repository")
@pytest.mark.parametrize("entry", PUBLISHED or [CORPUS], ids=lambda entry: entry.stem)
def test_values_of_published_descriptions_survive_or_are_refused(
    entry: Path, folder: Path, *, every_schema: bool
) -> None:
    for document in roots(entry, every=every_schema):
        client = client_of(document.stem, document, folder, None if every_schema else OPERATIONS)
        declarations = judged(client.api)
        require_faithful(client, declarations if every_schema else spread(declarations, DECLARATIONS), BRIEF)


def roots(entry: Path, *, every: bool) -> list[Path]:
    """Return the root files of what the corpus has by one name; of a description of many, the largest will do."""
    if entry.is_file():
        return [entry]
    found = [each.path for each in descriptions(entry.parent) if entry.resolve() in each.path.parents]
    return found if every else [max(found, key=lambda path: path.stat().st_size)]


def require_faithful(client: Client, declarations: Iterable[Declaration], profile: settings) -> None:
    """Require that values of all kinds survive, or are refused, as each of some schemas says."""
    wrong: dict[str, str] = {}
    for declaration in declarations:
        if (client.name, declaration.pointer) in UNJUDGED:
            continue
        try:
            check(client, declaration, profile)
        except Unsatisfiable:  # nothing fits, or nothing was found to
            continue
        except AssertionError as error:
            wrong[declaration.pointer] = str(error)
    assert not wrong, "\n".join(f"{pointer}: {message}" for pointer, message in wrong.items())


def check(client: Client, declaration: Declaration, profile: settings) -> None:
    """Check one schema with values of all kinds."""
    decode, validator = client.decoder(declaration), client.description.validator(place_of(declaration))
    fitting = client.description.fitting(place_of(declaration), validator)
    if not isinstance(declaration, Alias):  # null is the business of whatever refers to a class
        fitting = fitting.filter(lambda value: value is not None)

    @profile
    @given(fitting, st.data())
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
