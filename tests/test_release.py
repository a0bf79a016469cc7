"""``attrest release``, as it is called: which version it asks for, and what it writes."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from attrest import cli, renamings, write
from attrest.semanticversions import SemanticVersion, parse

DESCRIPTION: Final = """\
# Maintained by hand.
openapi: 3.1.0
info:
  title: Pets   # two spaces
  version: '{version}' # the only line that changes
  license: {{name: MIT}}
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - {{name: limit, in: query, schema: {{type: integer}}}}
      responses:
        '200':
          description: All of them.
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/Pet'}}}}}}
components:
  schemas:
    Pet:
      type: object
      properties: {{name: {{type: string}}}}
"""
LIMIT: Final = "        - {name: limit, in: query, schema: {type: integer}}\n"
OFFSET: Final = "        - {name: offset, in: query, schema: {type: integer}}\n"
ADDED: Final = (LIMIT, LIMIT + OFFSET)
BROKEN: Final = (LIMIT, OFFSET)
TOLD: Final = ("All of them.", "All that there are.")
NAMED: Final = ("schemas/Pet", "schemas/Animal"), ("    Pet:", "    Animal:")
DAY: Final = ("--date", "2026-02-03")


class Project:
    """A folder with a description that attrest maintains a client for."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.description = folder / "api" / "openapi.yaml"
        self.changelog = folder / "api" / "CHANGELOG.md"
        self.versions = folder / "out" / "openapi" / "versions"
        self._capsys = capsys

    def write(self, version: str) -> None:
        self.description.parent.mkdir()
        self.description.write_text(DESCRIPTION.format(version=version))

    def change(self, *replacements: tuple[str, str]) -> None:
        text = self.description.read_text()
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        self.description.write_text(text)

    def release(self, *arguments: str, code: int = 0) -> str:
        """Call the command, and return what it prints."""
        self._capsys.readouterr()
        assert cli.run(["release", *arguments]) == code
        printed = self._capsys.readouterr()
        return printed.out + printed.err

    def files(self) -> dict[str, bytes]:
        return {
            str(file.relative_to(self.folder)): file.read_bytes() for file in self.folder.rglob("*") if file.is_file()
        }

    def released(self) -> set[str]:
        return {file.name for file in self.versions.iterdir()}


Begin = Callable[[str], Project]


@pytest.fixture
def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Begin:
    """Make a project whose first version is published."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.attrest]\ndocument = "api/openapi.yaml"\noutput = "out"\n')

    def begun(version: str) -> Project:
        project = Project(tmp_path, capsys)
        project.write(version)
        project.release("--write", "--date", "2026-01-01")
        return project

    return begun


def test_the_first_release_publishes_what_there_is(begin: Begin) -> None:
    project = begin("1.2.3")
    assert project.released() == {"1.2.3.json"}
    published = (project.folder / "out" / "openapi" / "openapi.json").read_bytes()
    assert (project.versions / "1.2.3.json").read_bytes() == published
    assert project.description.read_text() == DESCRIPTION.format(version="1.2.3")
    assert "## [1.2.3] - 2026-01-01\n\n### Added\n\n- Everything:" in project.changelog.read_text()
    before = project.files()
    assert project.release() == "nothing changed since 1.2.3\n"
    assert project.release("--write") == "nothing changed since 1.2.3\n"
    assert project.release("1.2.3") == "nothing changed since 1.2.3\n"
    assert project.files() == before


@pytest.mark.parametrize(
    ("last", "change", "needed"),
    [
        ("1.2.3", BROKEN, "2.0.0"),
        ("1.2.3", ADDED, "1.3.0"),
        ("1.2.3", TOLD, "1.2.4"),
        ("1.2.3", ("license: {name: MIT}", "license: {name: BSD}"), "1.2.4"),
        ("0.2.3", BROKEN, "0.3.0"),
        ("0.2.3", ADDED, "0.3.0"),
        ("0.2.3", TOLD, "0.2.4"),
        ("2.0.0-rc.1", BROKEN, "2.0.0"),
    ],
)
def test_what_changed_decides_the_version(begin: Begin, last: str, change: tuple[str, str], needed: str) -> None:
    project = begin(last)
    project.change(change)
    before = project.files()
    assert f": {needed} at least\n" in (told := project.release(code=1))
    assert f"attrest: error: info.version is {last}; attrest release --write publishes {needed}\n" in told
    project.change((f"'{last}'", f"'{needed}'"))
    assert "which is enough" in project.release()
    assert project.files().keys() == before.keys()


def test_a_class_that_callers_import_counts_as_well(begin: Begin) -> None:
    project = begin("1.0.0")
    dogs = "  /dogs: {get: {operationId: listDogs, responses: {'204': {description: None.}}}}\n"
    project.change(("operationId: listPets", "operationId: listPets\n      tags: [animals]"))
    project.change(("components:\n", f"{dogs}components:\n"))
    assert "2.0.0 at least" in project.release(code=1)


def test_a_resource_keeps_its_earlier_name(begin: Begin) -> None:
    project = begin("1.0.0")
    project.change(("operationId: listPets", "operationId: readPets\n      tags: [animals]"))
    assert "1.1.0 at least" in project.release(code=1)
    project.release("--write")
    source = project.folder / "out" / "python" / "src" / "pets"
    assert "    def default(self) -> Animals:\n" in (source / "client.py").read_text()
    assert "    def list_pets(self, *, " in (source / "resources" / "animals.py").read_text()


SIZES: Final = "        size: {type: string, enum: [small, large], x-enum-varnames: [Small, Large]}\n"
NAME: Final = "      properties: {name: {type: string}}\n"


def renames(project: Project) -> set[tuple[str, str, str, str]]:
    file = project.folder / "api" / "renames.toml"
    return {(each.kind, each.owner, each.old, each.new) for each in renamings.parse(file.read_text())}


def test_a_member_of_an_enum_keeps_its_earlier_name(begin: Begin) -> None:
    project = begin("1.0.0")
    project.change((NAME, f"      properties:\n        name: {{type: string}}\n{SIZES}"))
    project.release("--write")
    project.change(("[Small, Large]", "[Small, Big]"))
    told = project.release(code=1)
    assert "renamed   pets.models.PetSize.LARGE: member LARGE renamed" in told
    assert "1.2.0 at least" in told
    project.release("--write")
    assert renames(project) == {("member", "PetSize", "LARGE", "BIG")}
    assert "models.PetSize.LARGE" in project.changelog.read_text()

    project.change(*NAMED, ("[Small, Big]", "[Small, Huge]"))
    project.release("--write")
    assert {each for each in renames(project) if each[0] == "member"} == {
        ("member", "AnimalSize", "LARGE", "HUGE"),
        ("member", "AnimalSize", "BIG", "HUGE"),
    }
    assert ("class", "", "PetSize", "AnimalSize") in renames(project)


def test_a_parameter_and_an_attribute_keep_their_earlier_names(begin: Begin) -> None:
    project = begin("1.0.0")
    header = "        - {name: limit, in: header, schema: {type: integer}}\n"
    twin = NAME.replace("name: {type: string}", "first-name: {type: string}, firstName: {type: string}")
    project.change((LIMIT, LIMIT + header), (NAME, twin))
    project.release("--write")
    project.change((LIMIT, ""), ("first-name: {type: string}, ", ""))
    assert "3.0.0 at least" in project.release(code=1)
    project.release("--write")
    assert renames(project) == {
        ("parameter", "ListPetsRequest", "limit_header", "limit"),
        ("attribute", "Pet", "first_name_2", "first_name"),
    }
    deprecated = project.changelog.read_text().partition("### Deprecated")[2].partition("\n## ")[0]
    works = "(the old name works, deprecated"
    refused = f"{works}; type checkers refuse it where one is made, which breaks those who run them)\n"
    told = {line.split(": ")[0].strip(" -`"): line for line in deprecated.splitlines(keepends=True)}
    assert told["pets.models.Pet.first_name_2"].endswith(refused)
    assert told["pets.models.ListPetsRequest.limit_header"].endswith(refused)
    assert told["pets.resources.default.Default.list_pets(limit_header)"].endswith(f"{works})\n")


def test_a_webhook_keeps_its_earlier_names(begin: Begin) -> None:
    project = begin("1.0.0")
    body = "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}"
    hook = f"  petBorn: {{post: {{{body}, responses: {{'204': {{description: Noted.}}}}}}}}\n"
    project.change(("components:\n", f"webhooks:\n{hook}components:\n"))
    project.release("--write")
    project.change(("  petBorn:", "  animalBorn:"))
    project.release("--write")
    assert renames(project) == {
        ("event", "", "PetBornWebhook", "AnimalBornWebhook"),
        ("parser", "", "parse_pet_born", "parse_animal_born"),
        ("import", "", "events.pet_born_webhook.PetBornWebhook", "events.animal_born_webhook.AnimalBornWebhook"),
        ("import", "", "events.pet_born_webhook.parse_pet_born", "events.animal_born_webhook.parse_animal_born"),
    }
    entry = project.changelog.read_text().partition("### Deprecated")[2].partition("\n## ")[0]
    assert "pets.events.parse_pet_born" in entry
    two = hook.replace("petBorn", "one") + hook.replace("petBorn", "two")
    project.change((hook.replace("petBorn", "animalBorn"), two))
    project.release("--write")
    project.change(("  one:", "  other:"))
    project.release("--write")
    assert not {each for each in renames(project) if each[3] == "OtherWebhook"}


def test_a_name_that_something_else_took_is_not_kept(begin: Begin) -> None:
    project = begin("1.0.0")
    project.change((LIMIT, LIMIT.replace("query", "header")))
    project.release("--write")
    project.change((LIMIT.replace("query", "header"), LIMIT + LIMIT.replace("query", "header")))
    told = project.release(code=1)
    assert "3.0.0 at least" in told
    assert "breaking  pets.models.ListPetsRequest.limit: attribute limit renamed" in told
    project.release("--write")
    assert not (project.folder / "api" / "renames.toml").exists()


def kept(project: Project) -> set[tuple[str, str, str]]:
    """The earlier names that the project's client has, as the file and as the client says."""
    file = project.folder / "api" / "renames.toml"
    listed = {(each.old, each.new, each.since) for each in renamings.parse(file.read_text())}
    source = project.folder / "out" / "python" / "src" / "pets"
    models = (source / "models" / "__init__.py").read_text()
    methods = (source / "resources" / "default.py").read_text()
    for old, new, _ in listed:
        module, _, name = old.rpartition(".")
        if module:
            assert (
                f"    {name} = _{new.rpartition('.')[2]}\n" in (source / f"{module.replace('.', '/')}.py").read_text()
            )
        else:
            assert f"    {old} = {new}\n" in models or f"def {old}(" in methods
    assert ("_RENAMED" in models) is any(old[0].isupper() for old, _, _ in listed)
    return listed


def test_earlier_names_stay_until_something_may_break(begin: Begin) -> None:
    project = begin("1.0.0")
    project.change(*NAMED, ("operationId: listPets", "operationId: readPets"))
    told = project.release(code=1)
    assert "renamed   pets.models.Pet: class Pet renamed" in told
    unmarked = "the old name works, deprecated; type checkers take it, and do not tell that it is deprecated"
    assert f'class Pet moved: "models.pet.Pet" → "models.animal.Animal"\n          {unmarked}\n' in told
    assert "1.1.0 at least" in told
    project.release("--write")
    fresh = {
        ("list_pets", "read_pets", "1.1.0"),
        ("ListPetsRequest", "ReadPetsRequest", "1.1.0"),
        ("operations.list_pets.ListPetsRequest", "operations.read_pets.ReadPetsRequest", "1.1.0"),
    }
    by_module = ("models.pet.Pet", "models.animal.Animal", "1.1.0")
    assert kept(project) == {("Pet", "Animal", "1.1.0"), by_module, *fresh}
    assert "### Deprecated\n\n- Python client\n  - " in project.changelog.read_text()
    assert cli.run(["generate", "--check"]) == 0

    project.change(("schemas/Animal", "schemas/Creature"), ("    Animal:", "    Creature:"))
    project.release("--write")
    assert kept(project) == {
        ("Pet", "Creature", "1.1.0"),
        ("models.pet.Pet", "models.creature.Creature", "1.1.0"),
        ("Animal", "Creature", "1.2.0"),
        ("models.animal.Animal", "models.creature.Creature", "1.2.0"),
        *fresh,
    }

    project.change(("schemas/Creature", "schemas/Being"), ("    Creature:", "    Being:"), BROKEN)
    project.release("--write")
    assert project.released() == {"1.0.0.json", "1.1.0.json", "1.2.0.json", "2.0.0.json"}
    by_module = ("models.creature.Creature", "models.being.Being", "2.0.0")
    assert kept(project) == {("Creature", "Being", "2.0.0"), by_module}
    entry = project.changelog.read_text().partition("## [2.0.0]")[2].partition("\n## ")[0]
    assert "  - `models.Pet`, which was renamed to `Creature` in 1.1.0\n" in entry
    assert "  - `models.pet.Pet`, which was renamed to `models.creature.Creature` in 1.1.0\n" in entry
    assert "  - `client.default.list_pets`, which was renamed to `read_pets` in 1.1.0\n" in entry


def test_a_file_of_earlier_names_that_is_none_is_told_of(begin: Begin) -> None:
    project = begin("1.0.0")
    (project.folder / "api" / "renames.toml").write_text("[[renamed]]\nkind = 'module'\n")
    assert "api/renames.toml: renamed[1].kind: expected one of class, member, " in project.release(code=2)


def test_what_is_listed_as_meant_breaks_nobody(begin: Begin) -> None:
    project = begin("1.0.0")
    with (project.folder / "pyproject.toml").open("a") as file:
        file.write('[tool.attrest.diff]\nallowed = "meant.toml"\n')
    (project.folder / "meant.toml").write_text('[[allowed]]\nrule = "*"\npointer = "*"\nreason = "nobody calls it"\n')
    project.change(BROKEN)
    assert "1.1.0 at least" in project.release(code=1)


def test_a_release_changes_one_value_and_tells_the_rest(begin: Begin) -> None:
    project = begin("1.0.0")
    project.change(BROKEN)
    text = project.description.read_text()
    told = project.release("--write", *DAY)
    assert project.description.read_text() == text.replace("'1.0.0'", "'2.0.0'")
    assert told.endswith("2.0.0 is published: out/openapi/versions/2.0.0.json, api/CHANGELOG.md, api/openapi.yaml\n")
    assert project.released() == {"1.0.0.json", "2.0.0.json"}
    assert json.loads((project.versions / "2.0.0.json").read_text())["info"]["version"] == "2.0.0"
    log = project.changelog.read_text()
    assert (
        log.index("## [Unreleased]\n") < log.index("## [2.0.0] - 2026-02-03\n") < log.index("## [1.0.0] - 2026-01-01")
    )
    assert "### Removed\n\n- `GET /pets`\n  - `query parameter limit`: parameter removed\n" in log
    assert cli.run(["generate", "--check"]) == 0


def test_what_people_wrote_of_the_release_is_kept(begin: Begin) -> None:
    project = begin("1.0.0")
    log = project.changelog.read_text()
    written = "## [Unreleased]\n\nThe great one.\n\n### Added\n\n- Pages.\n\n### Notes\n\n- None.\n"
    project.changelog.write_text(log.replace("## [Unreleased]\n", written))
    project.change(ADDED)
    project.release("1.1.0", *DAY)
    entry = project.changelog.read_text().partition("## [1.1.0] - 2026-02-03\n")[2].partition("\n## ")[0]
    assert entry.startswith("\nThe great one.\n\n### Added\n\n- Pages.\n- `GET /pets`\n  - ")
    assert entry.endswith("### Notes\n\n- None.\n")
    assert "## [Unreleased]\n\n## [1.1.0]" in project.changelog.read_text()


@pytest.mark.parametrize(
    ("version", "code", "said"),
    [
        ("1.0.1", 1, "1.0.1 is too small: it must be 1.1.0 at least; nothing is written\n"),
        ("1.1.0-rc.1", 0, "1.1.0-rc.1 is published: "),
        ("2.0.0", 0, "2.0.0 is published: "),
        ("1.0.0", 1, "1.0.0 does not come after 1.0.0, which was published last; nothing is written\n"),
        ("0.9.0", 1, "0.9.0 does not come after 1.0.0"),
        ("2", 2, "'2' is no semantic version such as 1.4.0 or 2.0.0-rc.1\n"),
        ("1.01.0", 2, "'1.01.0' is no semantic version"),
    ],
)
def test_a_version_that_is_given_must_be_enough(begin: Begin, version: str, code: int, said: str) -> None:
    project = begin("1.0.0")
    project.change(ADDED)
    before = project.files()
    assert said in project.release(version, code=code)
    assert (project.files() == before) is bool(code)


def test_a_version_that_is_no_semantic_one_has_to_be_given(begin: Begin) -> None:
    project = begin("1.0.0")
    for file in project.versions.iterdir():
        file.unlink()
    project.change(("'1.0.0'", "2026-01"))
    assert "info.version is 2026-01, no version such as 1.0.0: give the first one" in project.release(code=1)
    assert "give the first one" in project.release("--write", code=2)
    project.release("3.0.0")
    assert "  version: 3.0.0 # the only" in project.description.read_text()


@pytest.mark.parametrize("written", ["*v", "!!str 1.0.0", ">-\n    1.0.0"])
def test_a_version_that_is_not_written_plainly_is_left_to_people(begin: Begin, written: str) -> None:
    project = begin("1.0.0")
    project.change(("# Maintained by hand.", "x-v: &v 1.0.0"), ("'1.0.0'", written), BROKEN)
    before = project.files()
    said = project.release("2.0.0", code=2)
    assert "api/openapi.yaml:5: cannot change info.version here: set it to 2.0.0 by hand\n" in said
    assert project.files() == before


def test_the_encoding_and_the_line_ends_stay(begin: Begin) -> None:
    project = begin("1.0.0")
    project.change(ADDED)
    content = b"\xef\xbb\xbf" + project.description.read_bytes().replace(b"\n", b"\r\n")
    project.description.write_bytes(content)
    project.release("--write")
    assert project.description.read_bytes() == content.replace(b"'1.0.0'", b"'1.1.0'")


def test_what_was_published_stays_whatever_is_generated(begin: Begin) -> None:
    project = begin("1.0.0")
    project.change(("/pets:", "/animals:"))
    assert cli.run(["generate", "--force"]) == 0
    assert project.released() == {"1.0.0.json"}
    (project.versions / "1.0.0.json").unlink()
    assert cli.run(["generate"]) == 0
    assert "no version is published yet" in project.release()


def test_nothing_is_half_done_where_somebody_edited_a_file(begin: Begin) -> None:
    project = begin("1.0.0")
    project.change(ADDED)
    (project.folder / "out" / "docs" / "README.md").write_text("mine\n")
    before = project.files()
    assert "edited by hand" in project.release("--write", code=1)
    assert project.files() == before
    project.release("--write", "--force")
    assert project.released() == {"1.0.0.json", "1.1.0.json"}


def test_nothing_is_half_done_on_an_interrupt(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    project = begin("1.0.0")
    project.change(ADDED)
    before = project.files()

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(write, "_stage", interrupted)
        assert "interrupted" in project.release("--write", code=130)
    assert project.files() == before

    swap: Callable[..., None] = write._swap

    def signalled(*arguments: Any) -> None:
        signal.raise_signal(signal.SIGINT)
        swap(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(write, "_swap", signalled)
        assert "interrupted" in project.release("--write", code=130)
    assert project.released() == {"1.0.0.json", "1.1.0.json"}
    assert project.release() == "nothing changed since 1.1.0\n"
    assert not [path for path in project.files() if Path(path).name.startswith(".")]


def test_a_changelog_of_the_project_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table = '[tool.attrest]\ndocument = "pets.yaml"\noutput = "out"\n'
    (tmp_path / "pyproject.toml").write_text(table)
    (tmp_path / "pets.yaml").write_text(DESCRIPTION.format(version="1.0.0"))
    assert cli.run(["release", "--write"]) == 0
    assert {file.name for file in tmp_path.glob("*.md")} == {"API-CHANGELOG.md"}
    (tmp_path / "pyproject.toml").write_text(f'{table}[tool.attrest.release]\nchangelog = "history.md"\n')
    assert cli.run(["release", "1.0.1"]) == 0
    assert {file.name for file in tmp_path.glob("*.md")} == {"API-CHANGELOG.md", "history.md"}


def test_versions_stand_in_the_order_of_the_standard() -> None:
    written = [
        *("1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11"),
        *("1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0"),
    ]
    versions = [found for text in written if (found := parse(text))]
    assert [str(version) for version in sorted({*versions}, key=lambda each: each.order)] == written
    for text in (
        "1",
        "1.0",
        "v1.0.0",
        "01.0.0",
        "1.0.0-",
        "1.0.0-01",
        "1.0.0-a..b",
        "1.0.0+build",
        "1.0.0\n",
        "\u0661.0.0",
    ):
        assert parse(text) is None
    assert SemanticVersion(1, 2, 3).breaks(SemanticVersion(0, 9, 0))
    assert not SemanticVersion(1, 2, 3).breaks(SemanticVersion(1, 0, 0))


def test_a_description_in_json_is_edited_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.attrest]\ndocument = "pets.json"\noutput = "out"\n')
    text = (
        '{"openapi": "3.1.0", "x-version": "9.9.9",\n\t"info": {"title": "Pets", "version" : "1.0.0"}, "paths": {}}\n'
    )
    (tmp_path / "pets.json").write_text(text)
    assert cli.run(["release", "1.5.0"]) == 0
    assert (tmp_path / "pets.json").read_text() == text.replace('"1.0.0"', '"1.5.0"')
