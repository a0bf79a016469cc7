"""The files around a description: settings, README, tests, hooks of pre-commit and a workflow of GitHub."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

from attrest import __version__
from attrest.pages import markdown

MARK: Final = "Started by attrest init."
"""In the first line of each of these files."""

_TEXTS: Final = Path(__file__).parent / "project"
_FILES: Final[Mapping[str, str]] = {
    ".github/workflows/description.yml": "description.yml.txt",
    ".gitignore": "gitignore.txt",
    ".pre-commit-config.yaml": "pre-commit-config.yaml.txt",
    "README.md": "README.md.txt",
    "pyproject.toml": "pyproject.toml.txt",
    "requirements.txt": "requirements.txt",
    "tests/test_client.py": "test_client.py.txt",
}
_BLANK: Final = re.compile(r"<<(\w+)>>")


def files(*, title: str, document: str, gate: bool, hosts: Sequence[str], rules: Sequence[str]) -> dict[str, bytes]:
    """Return the files, each with its path relative to the project.

    Args:
        title: What the API is called.
        document: The path of the description's root file, relative to the project.
        gate: Whether the description has to pass the full validation from now on.
        hosts: The hosts that its references may lead to.
        rules: The house rules that it does not keep, which it need not from now on.
    """
    blanks = {
        "title": markdown.plain(title),
        "path": markdown.plain(document),
        "link": quote(document),
        "document": _toml(document),
        "gate": _toml(gate),
        "hosts": f"allow-hosts = {_toml(list(hosts))}\n" if hosts else "",
        "rules": f"\n[tool.attrest.validate]\nignore = {_toml(list(rules))}\n" if rules else "",
        "version": __version__,
    }
    return {path: _filled(_TEXTS / name, blanks).encode() for path, name in _FILES.items()}


def _filled(file: Path, blanks: Mapping[str, str]) -> str:
    return _BLANK.sub(lambda found: blanks[found[1]], file.read_text(encoding="utf-8"))


def _toml(value: object) -> str:
    """Return a text, a truth value or a list of texts as TOML 1.0, which writes these as JSON does, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
