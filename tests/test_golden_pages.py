"""The reference pages of the golden cases: programs compile and run, links lead somewhere, types are the classes'."""

from __future__ import annotations

import ast
import enum
import inspect
import json
import re
import ssl
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import attrs
import pytest

import golden_cases
import reference_pages
from golden_behaviour import Import
from mocking import Mocking
from reference_pages import REQUIRED, Spelling

REFUSED = re.compile(r"[45]\d\d |no answer")
"""What the programs that handle errors print of one."""
each_case = pytest.mark.parametrize("case", golden_cases.CASES)


def files(case: str) -> dict[str, str]:
    return dict(golden_cases.generated(case).files)


def model_pages(case: str) -> Iterator[tuple[str, str]]:
    """Return the name and the text of every page about a class."""
    for path, text in golden_cases.pages(case).items():
        if path.startswith("docs/models/") and path != "docs/models/README.md":
            yield reference_pages.headings(text)[0], text


def spelling(models: ModuleType) -> Spelling:
    named = {name: getattr(models, name) for name in models.__all__}
    enums = [name for name, class_ in named.items() if isinstance(class_, type) and issubclass(class_, enum.Enum)]
    aliases = {name: declaration for name in named if (declaration := declared_as(models, name))}
    return Spelling(models.__all__, enums, aliases)


def declared_as(models: ModuleType, name: str) -> str:
    """Return what an alias is declared as; nothing for a class."""
    module = import_module(models._MODULES[name], models.__name__)
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.AnnAssign) and node.value and ast.unparse(node.target) == name:
            return ast.unparse(node.value)
    return ""


@each_case
def test_every_link_leads_somewhere(case: str) -> None:
    broken = {path: reference_pages.broken_links(files(case), path) for path in golden_cases.pages(case)}
    assert {path: links for path, links in broken.items() if links} == {}


@each_case
def test_every_program_is_python_and_every_example_json(case: str) -> None:
    for text in golden_cases.pages(case).values():
        for source in reference_pages.blocks(text, "python"):
            ast.parse(source)
        for source in reference_pages.blocks(text, "json"):
            json.loads(source)


@each_case
def test_no_page_says_nothing(case: str) -> None:
    for path, text in golden_cases.pages(case).items():
        assert "N/A" not in text, path
        tokens = reference_pages.tokens(text)
        empty = [
            first for first, second in zip(tokens, tokens[3:], strict=False) if _stands_over_nothing(first, second)
        ]
        assert empty == [], path


def _stands_over_nothing(token: Any, following: Any) -> bool:
    return token.type == "heading_open" == following.type and following.tag <= token.tag


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@each_case
def test_every_program_without_a_client_runs(case: str, package: Import) -> None:
    assert package(case)
    for path, text in golden_cases.pages(case).items():
        for source in reference_pages.blocks(text, "python"):
            if "client" not in source.lower():
                run(source, path)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@each_case
def test_every_program_with_a_client_runs_against_the_mock(
    case: str, package: Import, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("starlette", reason="the extra mock is not installed")
    pytest.importorskip("uvicorn", reason="the extra mock is not installed")
    pages = golden_cases.pages(case)
    for row in reference_pages.rows(pages["docs/README.md"], "Authentication"):
        if row["Environment variable"]:
            monkeypatch.setenv(row["Environment variable"], "user:password")
    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", lambda *_: None)  # the mock asks for no certificate
    with Mocking(golden_cases.GOLDEN / case / "openapi.yaml", "--stateful", "--quiet") as running:
        divert(package(case), running.url, monkeypatch)
        for path, text in pages.items():
            for number, source in enumerate(reference_pages.blocks(text, "python"), start=1):
                if "client" in source.lower():
                    run(source, f"{path}#{number}")
                    assert not REFUSED.match(said := capsys.readouterr().out), (path, source, said)


def run(source: str, name: str) -> None:
    exec(compile(source, name, "exec"), {"__name__": "__main__"})  # noqa: S102 - what a reader would do


def divert(package: ModuleType, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have what a client sends arrive at another server, whatever it was sent to."""
    transports = import_module(f"{package.__name__}._runtime.httpx2_transport")
    for class_ in (transports.Httpx2Transport, transports.AsyncHttpx2Transport):

        def send(self: Any, request: Any, limits: Any, *, send: Any = class_.send) -> Any:
            target = urlsplit(request.url)._replace(scheme="http", netloc=urlsplit(url).netloc)
            return send(self, attrs.evolve(request, url=urlunsplit(target)), limits)

        monkeypatch.setattr(class_, "send", send)


@each_case
def test_every_class_has_a_page(case: str, models: Import) -> None:
    assert sorted(name for name, _ in model_pages(case)) == sorted(models(case).__all__)


@each_case
def test_pages_have_the_fields_and_types_of_the_classes(case: str, models: Import) -> None:
    module = models(case)
    types = spelling(module)
    for name, text in model_pages(case):
        class_ = getattr(module, name)
        told = reference_pages.rows(text, "Fields")
        if not attrs.has(class_):
            assert told == [], name
            continue
        fields = [field for field in attrs.fields(class_) if field.name != "additional_properties"]
        sent = {row["Field"]: row for row in reference_pages.rows(text, "On the wire")}
        assert [row["Field"] for row in told] == [field.name for field in fields], name
        for row, field in zip(told, fields, strict=True):
            required = field.default is attrs.NOTHING
            given = required or "Default" in sent.get(row["Field"], {})
            assert REQUIRED[row["Required"]] in (required, given), (name, field.name)
            assert types.agree(row["Type"], str(field.type), required=required), (name, row, field.type)


@each_case
def test_pages_have_the_types_of_the_aliases(case: str, models: Import) -> None:
    module = models(case)
    types = spelling(module)
    for name, text in model_pages(case):
        listed = re.search(r"## Supported Types\n\n((?:- .*\n)+)", text)
        if listed is None:
            continue
        (token,) = (each for each in reference_pages.tokens(listed[1]) if each.type == "bullet_list_open")
        assert token
        told = [
            "".join(child.content for child in each.children or () if child.type != "html_inline")
            for each in reference_pages.tokens(listed[1])
            if each.type == "inline"
        ]
        assert types.documented(f"Union[{', '.join(told)},]") == types.annotated(types.aliases[name]), name


@each_case
def test_pages_have_the_values_of_the_enums(case: str, models: Import) -> None:
    module = models(case)
    for name, text in model_pages(case):
        class_ = getattr(module, name)
        told = [row["Name"] for row in reference_pages.rows(text, "Values")]
        members = list(class_) if isinstance(class_, type) and issubclass(class_, enum.Enum) else []
        assert told == [member.name for member in members], name


@each_case
def test_pages_have_the_parameters_and_results_of_the_methods(case: str, models: Import) -> None:
    module = models(case)
    types = spelling(module)
    for path, text in golden_cases.pages(case).items():
        if not path.startswith("docs/sdks/"):
            continue
        resource = reference_pages.headings(text)[0]
        class_ = resource_class(case, resource)
        for table in reference_pages.tables(text):
            if table.under[2:] != ("Parameters",) or "Type" not in table.columns:
                continue
            signature = inspect.signature(getattr(class_, table.under[1]))
            parameters = [each for each in signature.parameters.values() if each.name != "self"]
            assert [row["Parameter"] for row in table.rows] == [each.name for each in parameters]
            for row, parameter in zip(table.rows, parameters, strict=True):
                required = parameter.default is parameter.empty
                assert REQUIRED[row["Required"]] == required, table.under
                assert types.agree(row["Type"], parameter.annotation, required=required), (table.under, row, parameter)


def test_headers_of_parts_are_listed() -> None:
    (text,) = (text for text in files("bodies").values() if "### Headers of Parts" in text)
    told = reference_pages.rows(text, "send_multipart", "Headers of Parts")
    assert [(row["Part"], row["Header"], REQUIRED[row["Required"]], row["Sent by itself"]) for row in told] == [
        ("note", "X-Author", True, ""),
        ("note", "X-Version", True, "2"),
        ("tags", "X-Rank", False, ""),
    ]


def resource_class(case: str, name: str) -> Any:
    package = golden_cases.package(case)
    for path in golden_cases.sources(case):
        if path.startswith(f"{package}/resources/") and not path.endswith("__init__.py"):
            module = import_module(path.removesuffix(".py").replace("/", "."))
            if hasattr(module, name):
                return getattr(module, name)
    raise AssertionError(name)
