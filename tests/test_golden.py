"""Each golden case gives the files that are kept for it, and what they hold is sound by every tool's judgement."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import golden_cases
from attrest.filetree import FileTree

RUNTIME = Path(__file__).parent.parent / "scripts" / "attrest" / "runtime"

PYRIGHT = {"include": ["."], "typeCheckingMode": "strict", "pythonVersion": "3.11"}
OURS = (f"--exclude={golden_cases.PROGRAMS}", ".")
"""The clients alone: the programs of the pages are laid out for the width of a page."""
CHECKS = {
    "ruff": ("-m", "ruff", "check", "--isolated", "--no-cache", "--line-length=120", "--target-version=py311", *OURS),
    "ruff format": ("-m", "ruff", "format", "--check", "--isolated", "--no-cache", "--line-length=120", *OURS),
    "mypy": ("-m", "mypy", "--strict", "--python-version=3.11", "--cache-dir", os.devnull, "."),
    "pyright": ("-m", "pyright", "--pythonpath", sys.executable),
}


@pytest.mark.parametrize("case", golden_cases.CASES)
def test_gives_what_is_expected(case: str, *, update_golden: bool) -> None:
    made = golden_cases.readable(case, golden_cases.generated(case))
    if update_golden:
        golden_cases.replace(case, made)
        return
    if difference := golden_cases.differences(golden_cases.expected(case), made):
        pytest.fail(
            f"{difference}\nIf that is how it should be: pytest tests/test_golden.py --update-golden -k {case}",
            pytrace=False,
        )


@pytest.mark.parametrize("case", golden_cases.CASES)
def test_gives_the_same_bytes_again(case: str) -> None:
    assert golden_cases.fresh(case) == golden_cases.generated(case)


@pytest.mark.parametrize("case", ["naming", "unions_discriminated"])
def test_gives_the_same_bytes_whatever_order_sets_have(case: str) -> None:
    program = "import sys, golden_cases, test_golden; print(test_golden.digest(golden_cases.fresh(sys.argv[1])))"
    path = os.pathsep.join([str(RUNTIME.parent.parent), str(Path(__file__).parent)])
    digests = {
        subprocess.run(
            [sys.executable, "-c", program, case],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert digests == {digest(golden_cases.generated(case))}


def digest(tree: FileTree) -> str:
    """A hash of all paths and texts of a tree."""
    return hashlib.sha256(json.dumps(list(tree.files.items())).encode()).hexdigest()


@pytest.mark.parametrize("case", golden_cases.CASES)
def test_describes_one_idea_in_a_page(case: str) -> None:
    lines = (golden_cases.GOLDEN / case / "openapi.yaml").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 100


@pytest.mark.parametrize("case", golden_cases.CASES)
def test_brings_what_it_needs_of_the_runtime_byte_for_byte(case: str) -> None:
    prefix = f"{golden_cases.package(case)}/_runtime/"
    sources = golden_cases.sources(case)
    brought = {path.removeprefix(prefix): text.encode() for path, text in sources.items() if path.startswith(prefix)}
    assert brought == {name: (RUNTIME / name).read_bytes() for name in brought}
    called = "".join(text for path, text in sources.items() if "/resources/" in path)
    for module in ("streams", "pagination"):
        assert (f"{module}.py" in brought) == (f"_{module}." in called)


@pytest.mark.parametrize("case", golden_cases.CASES)
def test_every_module_imports(case: str, golden_packages: Path) -> None:
    package = golden_cases.package(case)
    files = sorted((golden_packages / package).rglob("*.py"))
    for file in files:
        parts = file.relative_to(golden_packages).with_suffix("").parts
        importlib.import_module(".".join(part for part in parts if part != "__init__"))
    models = importlib.import_module(f"{package}.models")
    assert models.__all__
    assert all(getattr(models, name) is not None or name == "OnlyNull" for name in models.__all__)


@pytest.mark.parametrize("tool", CHECKS)
def test_the_checkers_find_nothing(tool: str, golden_packages: Path) -> None:
    """One run for all cases: starting a checker costs more than a case does."""
    (golden_packages / "pyrightconfig.json").write_text(json.dumps(PYRIGHT), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, *CHECKS[tool]],
        cwd=golden_packages,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
