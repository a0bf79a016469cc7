"""A folder of templates of one's own, laid over those that attrest brings."""

from __future__ import annotations

from pathlib import Path

import pytest

from attrest import cli

DESCRIPTION = "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths: {}\n"
README = Path("client/python/README.md")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose folder ``ours`` overrides the README of a client; the current folder."""
    monkeypatch.chdir(tmp_path)
    Path("pets.yaml").write_text(DESCRIPTION, encoding="utf-8")
    table = '[tool.attrest]\ndocument = "pets.yaml"\noutput = "client"\ntemplates = "ours"\n'
    Path("pyproject.toml").write_text(table, encoding="utf-8")
    override("# {{ page.title }}, our way\n")
    return tmp_path


def override(text: str, name: str = "package/README.md.j2") -> None:
    path = Path("ours") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_template_goes_before_the_one_of_the_same_name() -> None:
    assert cli.run(["generate"]) == 0
    assert README.read_text(encoding="utf-8") == "# Pets, our way\n"
    assert "[build-system]" in Path("client/python/pyproject.toml").read_text(encoding="utf-8")


def test_a_change_of_a_template_makes_the_output_out_of_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["generate"]) == 0
    capsys.readouterr()
    assert cli.run(["generate"]) == 0
    assert capsys.readouterr().out.startswith("client: up to date\n")
    override("# {{ page.title }}, another way\n")
    assert cli.run(["generate", "--check"]) == 1
    assert "+# Pets, another way" in capsys.readouterr().out
    assert cli.run(["generate"]) == 0
    assert README.read_text(encoding="utf-8") == "# Pets, another way\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a\n{% if %}\n", 2, "Expected an expression"),
        ("a\nb\n{{ nothing }}\n", 3, "'nothing' is undefined"),
        ("{{ page.nothing }}\n", 1, "has no attribute 'nothing'"),
        ("a\n{% include 'nowhere.j2' %}\n", 2, "nowhere.j2"),
        ("{{ 1 | nothing }}\n", 1, "No filter named 'nothing'"),
        ("a\n{{ 1 / 0 }}\n", 2, "division by zero"),
        ("a\n{{ page.title() }}\n", 2, "not callable"),
    ],
)
def test_what_is_wrong_with_a_template_is_said_with_its_place(
    text: str, line: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    override(text)
    assert cli.run(["generate"]) == 2
    printed = capsys.readouterr().err
    assert f"attrest: error: ours/package/README.md.j2:{line}: " in printed
    assert said in printed
    assert not Path("client").exists()


def test_what_is_no_python_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    override("def\n", "client/client.py.j2")
    assert cli.run(["generate"]) == 2
    printed = capsys.readouterr().err
    assert printed.startswith("attrest: error: templates ours: generated code does not parse: ")
    assert "src/pets/client.py:1:" in printed
    assert not Path("client").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("modles/module.py.j2", "no template modles/module.py.j2, and none includes it; did you mean models/module.py"),
        (
            "package/README.md",
            "no template package/README.md, and none includes it; did you mean package/README.md.j2?",
        ),
        ("nothing_like_it.jinja", "no template nothing_like_it.jinja, and none includes it\n"),
    ],
)
def test_a_template_that_nothing_uses_is_refused(name: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    override("", name)
    assert cli.run(["generate"]) == 2
    assert f"ours/{name}: attrest has {said}" in capsys.readouterr().err
    assert not Path("client").exists()


def test_a_template_may_include_one_of_its_own_folder() -> None:
    override("{% include 'parts/head.j2' %}")
    override("# Our head\n", "parts/head.j2")
    override("notes on the templates", "NOTES.md")
    override("what an editor leaves", "models/.module.py.j2")
    assert cli.run(["generate"]) == 0
    assert README.read_text(encoding="utf-8") == "# Our head\n"
