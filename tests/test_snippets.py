"""The published reference pages: every program runs, every link leads somewhere, every type is the class's."""

from __future__ import annotations

import datetime as dt
import enum
import inspect
import json
import re
import subprocess
import sys
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import attrs
import pytest
from training_api import UNSET, Httpx2Transport, Options, Retries, Timeout, errors, models

import reference_pages
from mocking import Mocking
from reference_pages import REQUIRED
from training_server import Answer, HangUp, TrainingServer, error, example_service, html

GENERATED: Final = Path(__file__).parent.parent / "generated"
DOCS: Final = GENERATED / "docs"
PAGES: Final = (GENERATED / "python" / "README.md", *sorted(DOCS.rglob("*.md")))
MODEL_PAGES: Final = [page for page in PAGES if page.parent.name == "models" and page.name != "README.md"]
HANDLING: Final = "except errors."
RESUMING: Final = "cursor = walk.cursor"
DELETING: Final = 'client.training_assignments.delete_training_assignments(ids=["1"])'
PROXY: Final = "http://proxy.example:3128"


@attrs.frozen
class Snippet:
    page: Path
    number: int
    source: str

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(GENERATED)}#{self.number}"

    @property
    def calls(self) -> bool:
        return re.search(r"\bclient\.", self.source) is not None


@cache
def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str) -> list[str]:
    return reference_pages.blocks(text(page), language)


def cells(page: Path, heading: str) -> list[reference_pages.Row]:
    """Return the rows of the table under a heading."""
    return reference_pages.rows(text(page), heading)


SNIPPETS: Final = [
    Snippet(page, number, source) for page in PAGES for number, source in enumerate(blocks(page, "python"), start=1)
]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[TrainingServer]:
    with TrainingServer(example_service()) as running:
        monkeypatch.setenv("TRAINING_API_SERVER", running.url)
        monkeypatch.setenv("TRAINING_API_TOKEN", running.token)
        yield running


def run(snippet: Snippet) -> None:
    exec(compile(snippet.source, snippet.name, "exec"), {"__name__": "__main__"})  # noqa: S102 - what a reader would do


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet.name)
def test_every_program_runs(snippet: Snippet, server: TrainingServer, capsys: pytest.CaptureFixture[str]) -> None:
    run(snippet)
    assert bool(server.requests) == snippet.calls
    assert capsys.readouterr().out or HANDLING in snippet.source or "print(" not in snippet.source


@pytest.fixture(scope="module")
def mocks() -> Iterator[list[Mocking]]:
    """The mock that is running, if one is."""
    running: list[Mocking] = []
    yield running
    for mock in running:
        mock.stop()


@pytest.mark.parametrize("snippet", [each for each in SNIPPETS if each.calls], ids=lambda each: each.name)
def test_every_program_runs_against_the_mock(
    snippet: Snippet, mocks: list[Mocking], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("starlette", reason="the extra mock is not installed")
    pytest.importorskip("uvicorn", reason="the extra mock is not installed")
    if not mocks:
        mocks.append(Mocking(GENERATED / "openapi" / "openapi.yaml", "--stateful").__enter__())
    monkeypatch.setenv("TRAINING_API_SERVER", mocks[0].url)
    monkeypatch.setenv("TRAINING_API_TOKEN", "any")
    run(snippet)
    assert not re.match(r"[45]\d\d |no answer", capsys.readouterr().out)
    if re.search("delete_?training_?assignments", snippet.source, re.IGNORECASE):
        mocks.pop().stop()  # what it removed would be missing to the next


def test_every_operation_has_a_program_for_each_client() -> None:
    sources = [snippet.source for snippet in SNIPPETS if snippet.page.parent.parent.name == "sdks"]
    methods = (
        ("training_assignments", "post_training_assignments"),
        ("training_assignments", "patch_training_assignments"),
        ("training_assignments", "delete_training_assignments"),
        ("training_assignments", "get_training_assignments_stream"),
        ("training_assignments", "iter_training_assignments_stream"),
        ("training_courses", "get_training_courses"),
        ("training_courses", "iter_training_courses"),
    )
    for resource, method in methods:
        found = [source for source in sources if f"client.{resource}.{method}(" in source]
        handling = [] if method.startswith("iter_") else [True, True]
        assert [HANDLING in source for source in found] == [False, False, *handling], method
        assert ["asyncio.run(" in source for source in found] == [False, True] * (len(found) // 2), method


HANDLERS: Final = [snippet for snippet in SNIPPETS if HANDLING in snippet.source]


@pytest.mark.parametrize("snippet", HANDLERS, ids=lambda each: each.name)
def test_the_programs_about_errors_handle_the_errors_of_the_description(
    snippet: Snippet, server: TrainingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.next_answers(error(404, "No such thing"))
    run(snippet)
    assert capsys.readouterr().out.startswith("404 request-1 ErrorResponse(message='No such thing'")


@pytest.mark.parametrize(
    "snippet", [each for each in HANDLERS if "post_training_assignments(" in each.source], ids=lambda each: each.name
)
@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (error(404, "No such course"), "404 request-1 ErrorResponse(message='No such course'"),
        (html(502), "502 <html"),
        (HangUp(), "no answer that could be read:"),
    ],
    ids=["404", "502", "hung up"],
)
def test_the_programs_about_errors_tell_them_apart(
    snippet: Snippet, answer: Any, told: str, server: TrainingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.next_answers(answer)
    run(snippet)
    assert capsys.readouterr().out.lower().startswith(told.lower())


@pytest.mark.parametrize("snippet", [each for each in SNIPPETS if RESUMING in each.source], ids=lambda each: each.name)
def test_the_programs_that_resume_a_walk_see_every_item_once(
    snippet: Snippet, server: TrainingServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.service.page_size = 1
    run(snippet)
    seen = re.findall(r"TrainingAssignmentResponseObjectResponseBody\(.*? id='([^']+)'", capsys.readouterr().out)
    assert seen == [assignment.id for assignment in server.service.standing()]
    first, resumed = server.requests[:2]
    assert "after=" not in first.query
    assert "after=" in resumed.query


def test_both_clients_resume_a_walk() -> None:
    sources = [snippet.source for snippet in SNIPPETS if RESUMING in snippet.source]
    assert [("asyncio.run(" in source) for source in sources] == [False, True]


def test_the_program_with_a_transport_sends_by_the_proxy(server: TrainingServer) -> None:
    (snippet,) = [each for each in SNIPPETS if PROXY in each.source]
    server.next_answers(Answer(status=204))
    called = snippet.source.replace(PROXY, server.url).replace("print(client)", DELETING)
    exec(compile(called, snippet.name, "exec"), {"__name__": "__main__"})  # noqa: S102 - what a reader would do
    assert [request.target.partition("?")[0] for request in server.requests] == [f"{server.url}/training-assignments"]


@pytest.mark.parametrize(("heading", "class_"), [("Options", Options), ("Timeouts", Timeout), ("Retries", Retries)])
def test_the_index_lists_the_fields_of_settings(heading: str, class_: type[Any]) -> None:
    documented = [(row["Field"], row["Default"]) for row in cells(DOCS / "README.md", heading)]
    made = class_()
    assert documented == [(field.name, repr(getattr(made, field.name))) for field in attrs.fields(class_)]


def test_the_index_lists_the_arguments_of_a_transport() -> None:
    documented = [(row["Argument"], row["Default"]) for row in cells(DOCS / "README.md", "Custom Transport")]
    parameters = inspect.signature(Httpx2Transport).parameters
    assert documented == [(name, repr(parameter.default)) for name, parameter in parameters.items()]


def test_the_errors_of_a_page_are_those_that_are_raised() -> None:
    for page in (DOCS / "errors" / "README.md", *DOCS.glob("sdks/*/README.md")):
        text = page.read_text(encoding="utf-8")
        named = set(re.findall(r"errors\.(\w+Error)\b", text))
        assert named
        assert all(issubclass(getattr(errors, name), Exception) for name in named)
        (default,) = {line.partition("| default")[0] for line in text.splitlines() if "| default |" in line}
        assert "for 400" in default
        assert "errors.BadRequestError" in default


def test_every_program_passes_the_type_checker(tmp_path: Path) -> None:
    for number, snippet in enumerate(SNIPPETS):
        (tmp_path / f"snippet_{number}.py").write_text(f"# {snippet.name}\n{snippet.source}", encoding="utf-8")
    sources = GENERATED / "python" / "src"
    options = ("--strict", "--follow-imports=silent", f"--cache-dir={tmp_path / 'cache'}", "--config-file=")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "."],
        cwd=tmp_path,
        env={"MYPYPATH": str(sources)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(GENERATED)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert reference_pages.broken_links(published(), page.relative_to(GENERATED).as_posix()) == []


@cache
def published() -> dict[str, str]:
    """All files that a page may lead to, by their paths."""
    found = (*PAGES, *(GENERATED / "openapi").iterdir())
    return {page.relative_to(GENERATED).as_posix(): text(page) for page in found if page.is_file()}


def test_every_class_has_a_page_and_every_page_a_class() -> None:
    documented = [reference_pages.headings(text(page))[0] for page in MODEL_PAGES]
    assert sorted(documented) == sorted(models.__all__)
    assert [page.stem for page in MODEL_PAGES] == [name.lower() for name in documented]


@pytest.mark.parametrize("page", MODEL_PAGES, ids=lambda page: page.stem)
def test_a_page_documents_the_fields_that_the_class_has(page: Path) -> None:
    class_ = documented_class(page)
    documented = [(row["Field"], row["Type"], REQUIRED[row["Required"]]) for row in cells(page, "Fields")]
    assert documented == ([] if issubclass(class_, enum.Enum) else list(fields_of(class_)))


@pytest.mark.parametrize("page", MODEL_PAGES, ids=lambda page: page.stem)
def test_a_page_documents_the_values_that_the_enum_has(page: Path) -> None:
    class_ = documented_class(page)
    documented = [(row["Name"], row["Value"]) for row in cells(page, "Values")]
    assert documented == ([(each.name, each.value) for each in class_] if issubclass(class_, enum.Enum) else [])


@pytest.mark.parametrize("page", MODEL_PAGES, ids=lambda page: page.stem)
def test_a_page_shows_json_that_the_class_reads_and_writes_again(page: Path) -> None:
    class_: Any = documented_class(page)
    (block,) = blocks(page, "json")
    value = json.loads(block)
    assert (class_(value).value if issubclass(class_, enum.Enum) else class_.from_dict(value).to_dict()) == value


@pytest.mark.parametrize("page", MODEL_PAGES, ids=lambda page: page.stem)
def test_wire_names_are_those_that_the_class_writes(page: Path) -> None:
    class_ = documented_class(page)
    if issubclass(class_, enum.Enum):
        return
    renamed = {row["Field"]: row["Wire name"] for row in cells(page, "On the wire")}
    documented = {renamed.get(row["Field"], row["Field"]) for row in cells(page, "Fields")}
    assert documented == sys.modules[class_.__module__]._WIRE_NAMES


def test_answers_shown_are_read_by_the_type_of_the_answer() -> None:
    shown = 0
    for page in DOCS.glob("sdks/*/README.md"):
        text = page.read_text(encoding="utf-8")
        for name, block in re.findall(r"\n\*\*\[models\.(\w+)\].*?```json\n(.*?)```", text, re.DOTALL):
            value = json.loads(block)
            assert getattr(models, name).from_dict(value).to_dict() == value
            shown += 1
    assert shown == 4


def documented_class(page: Path) -> type:
    found = getattr(models, reference_pages.headings(text(page))[0])
    assert isinstance(found, type)
    return found


def fields_of(class_: type) -> Iterator[tuple[str, str, bool]]:
    """Return each field's name, its type as the pages spell it, and whether it must be given."""
    hints = typing.get_type_hints(class_)
    for field in attrs.fields(class_):
        if field.name != "additional_properties":
            required = field.default is attrs.NOTHING
            yield field.name, spelled(hints[field.name], optional=not required), required


def spelled(hint: Any, *, optional: bool = False) -> str:
    members = list(typing.get_args(hint)) if isinstance(hint, types.UnionType) else [hint]
    kept = [member for member in members if member is not type(UNSET)]
    nullable = types.NoneType in kept and (not optional or len(kept) < len(members))
    bare = [member for member in kept if member is not types.NoneType]
    if any(isinstance(member, type) and issubclass(member, enum.Enum) for member in bare):
        bare = [member for member in bare if member not in (str, int)]
    inner = spelled_one(bare[0]) if len(bare) == 1 else f"Union[{', '.join(map(spelled_one, bare))}]"
    return f"Nullable[{inner}]" if nullable else inner


def spelled_one(hint: Any) -> str:
    arguments = [spelled(argument) for argument in typing.get_args(hint)]
    match typing.get_origin(hint) or hint:
        case origin if origin in (list, Sequence):
            return f"List[{arguments[0]}]"
        case origin if origin in (dict, Mapping):
            return f"Dict[{', '.join(arguments)}]"
        case origin if origin in (str, int, float, bool, dt.datetime):
            return str(origin.__name__)
        case origin:
            assert getattr(models, origin.__name__) is origin
            return f"models.{origin.__name__}"
