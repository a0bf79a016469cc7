"""Text of a description is data: it arrives as it was written, and changes nothing in the code around it."""

from __future__ import annotations

import ast
import builtins
import inspect
import io
import json
import os
import re
import subprocess
import sys
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl, unquote

import attrs
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hostile_texts
from attrest import pipeline
from attrest.code import filters, literals
from attrest.pages.codesamples import EXTENSION
from attrest.settings import Settings
from golden_cases import save
from hostile_texts import CALM, TEXTS

pytestmark = pytest.mark.xdist_group("hostile text")

Trees: TypeAlias = Mapping[str, Mapping[str, str]]

PACKAGE: Final = "hostile_texts_client"
CODE: Final = f"python/src/{PACKAGE}/"
CHECKS: Final = {
    "ruff": ("-m", "ruff", "check", "--isolated", "--no-cache", "--line-length=120", "--target-version=py311", "."),
    "mypy": ("-m", "mypy", "--strict", "--python-version=3.11", "--cache-dir", os.devnull, "."),
}


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Trees:
    """What a description full of hostile texts gives, and what the same gives with calm ones."""
    folder = tmp_path_factory.mktemp("descriptions")
    return {name: generated(folder / f"{name}.json", texts) for name, texts in (("hostile", TEXTS), ("calm", CALM))}


def generated(document: Path, texts: tuple[str, ...]) -> Mapping[str, str]:
    document.write_text(json.dumps(hostile_texts.description(texts)), encoding="utf-8")
    chosen = Settings(document=document, output=Path("unused"), package=PACKAGE, root=document.parent)
    return pipeline.build(chosen, lambda _: None).tree.files


@pytest.fixture(scope="module")
def folder(trees: Trees, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the hostile client's package."""
    folder = tmp_path_factory.mktemp("hostile")
    root = "python/src/"
    files = {path.removeprefix(root): text for path, text in trees["hostile"].items() if path.startswith(root)}
    save(folder, files)
    return folder


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[ModuleType]:
    """The hostile client's package."""
    sys.path.insert(0, str(folder))
    yield import_module(PACKAGE)
    sys.path.remove(str(folder))


def code(tree: Mapping[str, str]) -> dict[str, str]:
    """The generated Python files but for the runtime, which is a copy."""
    return {
        path: text
        for path, text in tree.items()
        if path.startswith(CODE) and path.endswith(".py") and not path.startswith(f"{CODE}_runtime/")
    }


def shape(node: object) -> object:
    """A syntax tree without names and without the values of constants."""
    match node:
        case ast.Constant(value):
            return type(value)
        case ast.AST():
            return type(node), *(shape(child) for _, child in ast.iter_fields(node))
        case list():
            return tuple(map(shape, node))
        case _:
            return type(node)


def shapes(tree: Mapping[str, str]) -> Counter[object]:
    """How often each shape of a module occurs in each folder."""
    return Counter((PurePosixPath(path).parent, shape(ast.parse(text))) for path, text in code(tree).items())


def test_no_text_changes_the_code_around_it(trees: Trees) -> None:
    hostile, calm = shapes(trees["hostile"]), shapes(trees["calm"])
    assert hostile.total() > 5 * len(TEXTS)
    assert hostile == calm


def test_nothing_in_the_code_is_out_of_sight(trees: Trees) -> None:
    for path, text in trees["hostile"].items():
        if path.endswith((".py", ".toml")):
            assert all(line.isprintable() for line in text.split("\n")), path


def test_no_text_is_run(client: ModuleType, folder: Path) -> None:
    for file in sorted((folder / PACKAGE).rglob("*.py")):
        parts = file.relative_to(folder).with_suffix("").parts
        import_module(".".join(part for part in parts if part != "__init__"))
    for name in client.models.__all__:
        getattr(client.models, name)
    assert not hasattr(builtins, "attrest_canary")


@pytest.mark.parametrize("tool", CHECKS)
def test_the_checkers_find_nothing(tool: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, *CHECKS[tool]], cwd=folder, capture_output=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_values_of_enums_arrive(client: ModuleType) -> None:
    assert [member.value for member in client.models.Listed] == [*TEXTS]
    assert [member.value for member in client.models.Named] == [*range(len(TEXTS))]


@pytest.mark.parametrize("name", ["Holder", "Closed"])
def test_names_and_values_of_fields_arrive(client: ModuleType, name: str) -> None:
    data = dict(zip(TEXTS, TEXTS, strict=True))
    decoded = getattr(client.models, name).from_dict(data)
    assert decoded.to_dict() == data
    assert decoded.additional_properties == {}


def test_patterns_take_the_text_that_they_are_made_for(client: ModuleType) -> None:
    """The pattern of each field takes exactly the text that is its name."""
    holder = client.models.Holder
    names = [field.name for field in attrs.fields(holder)][: len(TEXTS)]
    assert holder(**dict(zip(names, TEXTS, strict=True))).to_dict() == dict(zip(TEXTS, TEXTS, strict=True))
    with pytest.raises(ValueError, match="must match"):
        holder(**dict.fromkeys(names, "something else"))


def models_of_texts(client: ModuleType) -> dict[str, Any]:
    """The model that was made for each text."""
    found = {name: re.match(r"Model(\d+)Of", name) for name in client.models.__all__}
    models = {name: getattr(client.models, name) for name, match in found.items() if match}
    return {TEXTS[int(found[name][1])]: model for name, model in models.items() if attrs.has(model)}


def test_constants_and_names_of_models_arrive(client: ModuleType) -> None:
    models = models_of_texts(client)
    assert models.keys() == {*TEXTS}
    for text, model in models.items():
        data = {
            text: text,
            f"{text} chosen": text,
            f"{text} itself": {text: text},
            f"{text} values": [text, 1, None],
            "unlisted": text,
        }
        assert model.from_dict(data).to_dict() == data
        assert model().to_dict() == {text: text}
        with pytest.raises(ValueError, match=r"^\$"):
            model.from_dict({text: f"no {text}"})


def squeezed(text: str | None) -> str:
    return "".join((text or "").split())


def test_descriptions_arrive_but_for_how_their_lines_break(client: ModuleType, trees: Trees) -> None:
    for text, model in models_of_texts(client).items():
        assert squeezed(model.__doc__) == squeezed(text)
    told = {squeezed(documentation) for documentation in docstrings(trees["hostile"][f"{CODE}models/holder.py"])}
    assert {squeezed(text) for text in TEXTS} <= told


def docstrings(source: str) -> Iterator[str]:
    """Every text in a module that stands for itself, those of fields among them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value.value


def requests(client: ModuleType) -> dict[str, Any]:
    """The request that was made for each text."""
    classes = [getattr(client.models, name) for name in client.models.__all__]
    return {each.operation.id: each for each in classes if hasattr(each, "to_http")}


def test_operations_are_described_as_written(client: ModuleType) -> None:
    found = requests(client)
    assert found.keys() == {*TEXTS}
    for number, text in enumerate(TEXTS):
        operation = found[text].operation
        assert operation.path == hostile_texts.path(number, text)
        assert operation.security == ((text,),)
        assert operation.servers == {text: f"https://x.example/{hostile_texts.in_path(text)}/{text}"}
        assert squeezed(f"What it does: {text}") in squeezed(found[text].__doc__)


def test_parameters_travel_under_their_names(client: ModuleType) -> None:
    for number, text in enumerate(TEXTS):
        request = requests(client)[text]
        path, query, _, cookie = [field.name for field in attrs.fields(request)][:4]
        sent = request(**{path: hostile_texts.in_path(text), query: text, cookie: text}).to_http()
        target, _, asked = sent.target.partition("?")
        assert target.isascii()
        name = hostile_texts.in_path(text)
        assert unquote(target) == f"/{number}/{unquote(name)}/;{name}={name}"
        assert parse_qsl(asked, keep_blank_values=True, strict_parsing=True) == [(text, text)]
        assert [unquote(part) for part in sent.headers["Cookie"].split("=", 1)] == [text, text]


def test_headers_travel_or_are_refused(client: ModuleType) -> None:
    """Only a token can name a header (RFC 9110 §5.1), and nothing that breaks a line can be its value (§5.5)."""
    for text, request in requests(client).items():
        path, _, header, _ = [field.name for field in attrs.fields(request)][:4]
        asked = request(**{path: hostile_texts.in_path(text), header: text})
        fits = re.fullmatch(r"[!#$%&'*+.^_`|~\w-]+", text, re.ASCII) is not None
        if fits:
            assert asked.to_http().headers[text] == text
        else:
            with pytest.raises(ValueError, match="header"):
                asked.to_http()


def test_the_client_knows_servers_and_schemes_as_written(client: ModuleType, trees: Trees) -> None:
    (servers,) = [node for node in ast.parse(trees["hostile"][f"{CODE}client.py"]).body if isinstance(node, ast.Assign)]
    assert [*ast.literal_eval(servers.value).values()] == [
        f"https://x.example/{hostile_texts.in_path(text)}/{text}" for text in TEXTS
    ]
    (name,) = {name for name in client.__all__ if name.endswith("Client") and not name.startswith("Async")}
    made = getattr(client, name)
    arguments = [
        each for each in inspect.signature(made).parameters.values() if each.kind is each.POSITIONAL_OR_KEYWORD
    ]
    with made(*("secret" for _ in arguments), server="https://x.example") as opened:
        credentials = opened.configuration.credentials.values()
    assert [(each.scheme, each.parameter) for each in credentials] == [
        (text, f"x-{number}") for number, text in enumerate(TEXTS)
    ]


def test_the_project_file_holds_the_title_as_text(trees: Trees) -> None:
    hostile, calm = (tomllib.loads(trees[name]["python/pyproject.toml"]) for name in ("hostile", "calm"))
    title = " ".join(" ".join(TEXTS).split())
    assert hostile["project"].pop("description") == f"A client of {title}."
    del calm["project"]["description"], calm["project"]["version"], hostile["project"]["version"]
    assert hostile == calm


def test_the_bundle_is_the_description_with_samples(trees: Trees) -> None:
    written = hostile_texts.description(TEXTS)
    read = json.loads(trees["hostile"]["openapi/openapi.json"])
    assert yaml.load(trees["hostile"]["openapi/openapi.yaml"], yaml.CSafeLoader) == read
    samples = [operation.pop(EXTENSION) for item in read["paths"].values() for operation in _with_samples(item)]
    assert read == written
    assert samples
    for sample in (sample for each in samples for sample in each):
        ast.parse(sample["source"])


def _with_samples(item: dict[str, Any]) -> list[Any]:
    return [each for each in item.values() if isinstance(each, dict) and EXTENSION in each]


ANY_TEXT: Final = st.sampled_from(TEXTS) | st.lists(st.sampled_from(TEXTS) | st.characters(), max_size=8).map("".join)
PROFILE: Final = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],  # it goes by the clock
)


@PROFILE
@given(ANY_TEXT)
def test_a_literal_has_the_value_of_its_text(text: str) -> None:
    source = literals.string(text)
    assert ast.literal_eval(source) == text
    assert source.isprintable()


@PROFILE
@given(ANY_TEXT, st.sampled_from([0, 4, 8]))
def test_a_docstring_says_its_text_and_nothing_else(text: str, indent: int) -> None:
    source = literals.docstring(text, indent)
    margin = " " * indent
    nested = "".join(f"{' ' * depth}if 1:\n" for depth in range(0, indent, 4))
    (statement,) = [node for node in ast.walk(ast.parse(f"{nested}{margin}{source}\n")) if isinstance(node, ast.Expr)]
    assert isinstance(statement.value, ast.Constant)
    assert squeezed(statement.value.value) == squeezed(text)
    assert all(line.isprintable() for line in source.split("\n"))


@pytest.mark.parametrize("place", ["{}", "{}.", "x {}", "x {}\n", "'{}'"])
@PROFILE
@given(text=ANY_TEXT)
def test_text_in_a_docstring_of_a_template_stays_there(place: str, text: str) -> None:
    (statement,) = ast.parse(f'"""{place.format(literals.plain(text))}"""').body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Constant)
    assert statement.value.value == place.format(text)


@PROFILE
@given(ANY_TEXT)
def test_a_comment_is_one_line_that_says_nothing_to_python(text: str) -> None:
    line = f"# Generated from {filters.comment(text)}. Do not edit.\n"
    source = f"{line}1\n".encode()
    assert line[:-1].isprintable()
    assert tokenize.detect_encoding(io.BytesIO(source).readline)[0] == "utf-8"
    kinds = [token.type for token in tokenize.tokenize(io.BytesIO(source).readline)]
    assert kinds.count(tokenize.COMMENT) == kinds.count(tokenize.NUMBER) == 1


@PROFILE
@given(ANY_TEXT)
def test_a_text_of_toml_has_the_value_of_its_text(text: str) -> None:
    assert tomllib.loads(f"x = {filters.toml(text)}\n") == {"x": text}
