"""The golden cases: small descriptions, what attrest makes of each, and what it is expected to make."""

from __future__ import annotations

import difflib
import shutil
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import attrs

import reference_pages
from attrest.filetree import FileTree
from attrest.pipeline import build
from attrest.settings import Settings, renamed_beside

GOLDEN = Path(__file__).parent / "golden"
CASES = tuple(sorted(folder.name for folder in GOLDEN.iterdir() if (folder / "openapi.yaml").is_file()))
WITH_PAGES = frozenset({"minimal", "multi_file"})
"""The cases whose reference pages are kept as well; tests of their own judge those of the others."""
PROGRAMS = "reference_programs"
"""The folder, beside the packages of the cases, that has a module for each with the programs of its pages."""

_CODE = ("models/", "operations/", "resources/", "events/", "client.py", "servers.py")


def package(case: str) -> str:
    """The import name of a case's client: one that nothing else on the machine has."""
    return f"{case}_api"


def fresh(case: str) -> FileTree:
    """Generate a case, now."""
    document = GOLDEN / case / "openapi.yaml"
    settings = Settings(document=document, output=Path("unused"), package=package(case), root=document.parent)
    settings = attrs.evolve(settings, renamed=renamed_beside(document))
    return build(settings, lambda _: None).tree


@cache
def generated(case: str) -> FileTree:
    """Generate a case, once."""
    return fresh(case)


def sources(case: str) -> dict[str, str]:
    """The client of a case, as it lies in a folder that Python imports from."""
    root = "python/src/"
    tree = generated(case).files
    return {path.removeprefix(root): text for path, text in tree.items() if path.startswith(root)}


def pages(case: str) -> dict[str, str]:
    """The reference pages of a case, and its package's README."""
    return {path: text for path, text in generated(case).files.items() if path.endswith(".md")}


def programs(case: str) -> str:
    """The programs of a case's pages, as one module."""
    return reference_pages.functions(pages(case))


def readable(case: str, tree: FileTree) -> dict[str, str]:
    """The part of a tree that a person reviews: path below ``expected`` -> text.

    The runtime is a copy, and the bundle and the manifest are the business of other tests.
    """
    source = f"python/src/{package(case)}/"
    code = {path.removeprefix(source): text for path, text in tree.files.items() if path.startswith(source)}
    files = {path: text for path, text in code.items() if path.startswith(_CODE)}
    if case in WITH_PAGES:
        files |= {path: text for path, text in tree.files.items() if path.startswith("docs/")}
    return files


def expected(case: str) -> dict[str, str]:
    """What is kept in the repository."""
    folder = GOLDEN / case / "expected"
    files = sorted(file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return {file.relative_to(folder).as_posix(): file.read_bytes().decode() for file in files}


def replace(case: str, files: Mapping[str, str]) -> None:
    """Make these files all that is kept for a case."""
    folder = GOLDEN / case / "expected"
    shutil.rmtree(folder, ignore_errors=True)
    save(folder, files)


def save(folder: Path, files: Mapping[str, str]) -> None:
    """Write files, byte for byte."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())


def differences(kept: Mapping[str, str], made: Mapping[str, str]) -> str:
    """A unified diff from what is kept to what is made; ``/dev/null`` stands for a file that is not there."""
    return "".join(_difference(path, kept.get(path), made.get(path)) for path in sorted({*kept, *made}))


def _difference(path: str, before: str | None, after: str | None) -> str:
    lines = difflib.unified_diff(
        (before or "").splitlines(keepends=True),
        (after or "").splitlines(keepends=True),
        "/dev/null" if before is None else f"expected/{path}",
        "/dev/null" if after is None else f"generated/{path}",
    )
    return "".join(_closed(lines)) or ("" if before == after else f"{path}: an empty file too many or too few\n")


def _closed(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
