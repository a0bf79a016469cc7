"""What is published under ``generated/``: that it is up to date, what making it costs, and what using it drags in."""

from __future__ import annotations

import ast
import difflib
import importlib
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

import pytest
import training_api
import yaml

from attrest import pipeline, progress, write
from attrest.settings import resolve

REPOSITORY: Final = Path(__file__).parents[1]
GENERATED: Final = REPOSITORY / "generated"
SOURCES: Final = GENERATED / "python" / "src"
PACKAGE: Final = SOURCES / "training_api"
ADAPTER: Final = "httpx2_transport"
"""The module of the client's runtime that may know an HTTP library."""


def run(*arguments: str | Path, cwd: Path = REPOSITORY, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, *arguments),
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


class TestDrift:
    def test_what_is_published_is_what_the_description_gives(self) -> None:
        settings = resolve(start=REPOSITORY)
        with progress.shown() as stage:
            made = pipeline.build(settings, stage)
        changes = write.diff(made.tree, made.manifest, settings.output)
        shown = "".join(change.unified() for change in changes)[:20_000]
        assert not changes, f"{shown}\ngenerated/ is not what openapi/ gives. Run: scripts/generate"

    def test_nothing_else_lies_there(self) -> None:
        listed = json.loads((GENERATED / "manifest.json").read_text(encoding="utf-8"))["files"]
        assert {*listed, "manifest.json"} == set(files(GENERATED))


def files(folder: Path) -> dict[str, bytes]:
    """Return the files under a folder, without what was released, and what running them leaves behind."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not {"versions", "__pycache__", ".ruff_cache", ".mypy_cache"} & set(file.parts)
    }


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of its own with the Training API's description, and the client generated from it."""
    shutil.copytree(REPOSITORY / "openapi", tmp_path / "openapi")
    table = (
        (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.attrest]")[2].partition("\n[")[0]
    )
    (tmp_path / "pyproject.toml").write_text(f"[tool.attrest]{table}", encoding="utf-8")
    generate(tmp_path)
    return tmp_path


def generate(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    done = run(*options, "-m", "attrest", "generate", cwd=project, PYTHONPATH=str(REPOSITORY / "scripts"))
    assert done.returncode == 0, done.stderr
    return done


class TestAgain:
    def test_another_place_gives_the_same_bytes(self, project: Path) -> None:
        ours, theirs = files(GENERATED), files(project / "generated")
        assert ours.keys() == theirs.keys()
        for path in ours:
            assert ours[path] == theirs[path], difference(ours[path], theirs[path])

    def test_a_second_run_writes_nothing_and_loads_no_stage(self, project: Path) -> None:
        def stamps() -> Mapping[str, tuple[int, int]]:
            found = sorted((project / "generated").rglob("*"))
            return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino) for path in found}

        before = stamps()
        done = generate(project, "-X", "importtime")
        assert stamps() == before
        assert done.stdout.startswith("generated: up to date\nledger: 5 operations, ")
        loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
        assert "attrest.manifest" in loaded
        for name in ("datamodel_code_generator", "jinja2", "openapi_spec_validator", "attrest.infer", "attrest.render"):
            assert name not in loaded

    @pytest.mark.parametrize(
        "schema", ["TrainingCategoryObjectResponseBody", "TrainingAssignmentPostResponseObjectResponseBody"]
    )
    def test_an_optional_field_changes_one_module_and_what_shows_it(self, project: Path, schema: str) -> None:
        before = files(project / "generated")
        add_optional_field(project / "openapi" / "components" / "schemas" / f"{schema}.yaml")
        generate(project)
        after = files(project / "generated")
        assert before.keys() == after.keys()
        changed = {path for path in after if after[path] != before[path]}
        module = f"python/src/training_api/models/{snake(schema)}.py"
        page = f"docs/models/{schema.lower()}.md"
        bundle = {"openapi.json", "openapi.yaml", "openapi-3.0.json", "openapi-3.0.yaml", "SHA256SUMS"}
        certain = {module, page, "manifest.json", *(f"openapi/{name}" for name in bundle)}
        assert certain <= changed
        listing = {path for path in after if path.endswith(".md") and f"{schema.lower()}.md" in after[path].decode()}
        assert changed - certain <= listing
        assert b"nickname" in after[module]
        assert b"nickname" in after[page]


def add_optional_field(file: Path) -> None:
    schema = yaml.safe_load(file.read_text(encoding="utf-8"))
    schema["properties"]["nickname"] = {"type": "string", "description": "What people call it."}
    file.write_text(yaml.safe_dump(schema, sort_keys=False), encoding="utf-8")


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def difference(before: bytes, after: bytes) -> str:
    old, new = (text.decode().splitlines(keepends=True) for text in (before, after))
    return "".join(difflib.unified_diff(old, new))


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Return every module of the client by its dotted name, parsed."""
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = PurePosixPath(file.relative_to(SOURCES).as_posix()).with_suffix("").parts
        yield ".".join(parts).removesuffix(".__init__"), ast.parse(file.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> set[str]:
    """Return what some code imports anywhere, functions and type checking included."""
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    origins = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return names | {f"{'.' * node.level}{node.module or ''}" for node in origins}


def annotated(owner: Any) -> Iterator[str]:
    """Return every annotation of a class or function, of its attributes, methods and properties, as text."""
    yield from map(str, getattr(owner, "__annotations__", {}).values())
    if inspect.isclass(owner):
        for name, member in vars(owner).items():
            if not name.startswith("_") or name == "__init__":
                yield from annotated(unwrapped(member))


def unwrapped(member: Any) -> Any:
    """Return the function behind a property, a class method or the like."""
    return getattr(member, "fget", None) or getattr(member, "func", None) or getattr(member, "__func__", None) or member


def public() -> Iterator[tuple[str, Any]]:
    """Return everything that a user can name, with the bases that it inherits from."""
    for module in (training_api, training_api.models, training_api.errors):
        for name in module.__all__:
            found = getattr(module, name)
            for owner in found.__mro__ if inspect.isclass(found) else (found,):
                yield name, owner
    for name in ("training_assignments", "training_courses"):
        module = importlib.import_module(f"training_api.resources.{name}")
        yield from ((name, found) for found in vars(module).values() if inspect.isclass(found))


def runs_on_import(statement: ast.stmt) -> bool:
    """Tell whether a statement does more than define something or inform type checkers."""
    for_checkers = isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING"
    return not for_checkers and not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


class TestPublicNames:
    def test_one_module_alone_knows_an_http_library(self) -> None:
        libraries = re.compile(r"(httpx2?|httpcore2?|aiohttp|requests|urllib3|anyio)(\.|$)")
        knowing = {name for name, module in modules() if any(map(libraries.match, imported(module)))}
        assert knowing == {f"training_api._runtime.{ADAPTER}"}

    def test_that_module_is_imported_inside_functions_alone(self) -> None:
        for name, module in modules():
            for statement in module.body:
                if runs_on_import(statement):
                    assert not any(ADAPTER in origin for origin in imported(statement)), name

    def test_no_signature_shows_an_http_library(self) -> None:
        seen = 0
        for name, owner in public():
            for annotation in annotated(owner):
                seen += 1
                assert not re.search(r"http(x|core)|aiohttp", annotation), (name, annotation)
        assert seen > 200

    def test_nothing_of_the_generator_is_needed(self) -> None:
        standard = sys.stdlib_module_names
        outside = {
            origin.partition(".")[0] for _, module in modules() for origin in imported(module) if origin[0] != "."
        }
        assert outside - standard == {"attrs", "httpx2", "orjson"}


COUNT: Final = """
import json, sys

def measure(name):
    executed = 0

    def local(frame, event, argument):
        nonlocal executed
        executed += event == "opcode"
        return local

    def begin(frame, event, argument):
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return local

    before = set(sys.modules)
    sys.settrace(begin)
    __import__(name)
    sys.settrace(None)
    return {"modules": sorted(set(sys.modules) - before), "instructions": executed}

print(json.dumps(measure(sys.argv[1])))
"""
"""Imports a module in a new interpreter; prints what that loads, and how many bytecode instructions it takes."""


def cost(name: str) -> dict[str, Any]:
    done = run("-c", COUNT, name, PYTHONPATH=str(SOURCES))
    assert done.returncode == 0, done.stderr
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


class TestImport:
    def test_loads_nothing(self) -> None:
        assert cost("training_api")["modules"] == ["training_api"]

    def test_costs_at_most_a_tenth_of_the_http_library(self) -> None:
        ours, theirs = cost("training_api"), cost("httpx2")
        assert 10 * ours["instructions"] <= theirs["instructions"]
        assert 10 * len(ours["modules"]) <= len(theirs["modules"])

    def test_making_a_client_loads_no_http_library_and_no_model(self) -> None:
        program = "import sys; from training_api import TrainingClient; TrainingClient('t').training_assignments"
        done = run("-c", f"{program}; print(*sys.modules, sep='\\n')", PYTHONPATH=str(SOURCES))
        assert done.returncode == 0, done.stderr
        loaded = set(done.stdout.split())
        assert "training_api.resources.training_assignments" in loaded
        assert not {name for name in loaded if name.partition(".")[0] in {"httpx2", "httpcore2", "asyncio"}}
        assert {name for name in loaded if name.startswith("training_api.models")} == {"training_api.models"}
        assert not {name for name in loaded if name.startswith("training_api.operations")}

    def test_a_model_loads_what_it_needs_alone(self) -> None:
        program = "import sys; from training_api.models import TrainingCategoryObjectResponseBody"
        done = run("-c", f"{program}; print(*sys.modules, sep='\\n')", PYTHONPATH=str(SOURCES))
        assert done.returncode == 0, done.stderr
        models = {name for name in done.stdout.split() if name.startswith("training_api.models.")}
        assert models == {"training_api.models.training_category_object_response_body"}


class TestTypes:
    def test_mypy_strict_finds_nothing(self) -> None:
        done = run("-m", "mypy", "--strict", "scripts/attrest", PACKAGE)
        assert done.returncode == 0, done.stdout + done.stderr

    def test_pyright_strict_finds_nothing(self) -> None:
        done = run("-m", "pyright", "--pythonpath", sys.executable)
        assert done.returncode == 0, done.stdout + done.stderr
        configuration = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
        assert "generated/python/src" in configuration["tool"]["pyright"]["strict"]
