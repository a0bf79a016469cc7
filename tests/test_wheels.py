"""Both wheels, each installed alone, outside of the checkout, on every Python from 3.11 up that this machine has.

Installing takes packages from the index, so what was installed is kept under ``build`` for as long as the lock, the
wheel's requirements and the Python stay the same. The wheel itself is built and installed anew each time.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from email.parser import HeaderParser
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from attrest import cli
from client import five_operations
from training_server import TrainingServer, TrainingService
from training_server.service import COURSES

pytestmark = pytest.mark.xdist_group("wheels")

REPOSITORY: Final = Path(__file__).parents[1]
KEPT: Final = REPOSITORY / "build" / "wheels"
LOCK: Final = REPOSITORY / "requirements.lock"
DESCRIPTION: Final = REPOSITORY / "tests" / "golden" / "minimal" / "openapi.yaml"
LOCKED: Final = re.compile(r"^([A-Za-z0-9._-]+==[^\s;\\]+(?: ; [^\\\n]*)?)", re.MULTILINE)
VERSION: Final = "import ensurepip, sys, venv; print(*sys.version_info[:3], sep='.')"
OLDEST: Final = (3, 11)


@attrs.frozen
class Interpreter:
    """A Python that runs and can make environments."""

    executable: Path
    version: str

    @property
    def release(self) -> str:
        return self.version.rpartition(".")[0]


def run(*command: str | Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in surroundings without any trace of this checkout or this Python."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return subprocess.run(
        command, cwd=cwd, env={**kept, **environment}, capture_output=True, text=True, check=False, timeout=600
    )


def succeed(*command: str | Path, cwd: Path | None = None, **environment: str) -> str:
    done = run(*command, cwd=cwd, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@cache
def interpreters() -> tuple[Interpreter, ...]:
    """Return one Python for each release that is here, this one first.

    A launcher may lie on the PATH and start nothing, so each is run.
    """
    found: dict[str, Interpreter] = {}
    for executable in (Path(sys.executable), *candidates()):
        release = executable.name.removeprefix("python")
        if release not in found and (version := version_of(executable)):
            interpreter = Interpreter(executable, version)
            found.setdefault(interpreter.release, interpreter)
    return tuple(found[release] for release in sorted(found, key=lambda release: int(release.partition(".")[2])))


def candidates() -> Iterator[Path]:
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    folders = [*sorted(pyenv.glob("*/bin")), *map(Path, os.get_exec_path())]
    for folder in folders:
        for executable in sorted(folder.glob("python3.*")):
            minor = executable.name.removeprefix("python3.")
            if minor.isdecimal() and (3, int(minor)) >= OLDEST:
                yield executable


def version_of(executable: Path) -> str | None:
    try:
        done = run(executable, "-c", VERSION)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def build(project: Path, folder: Path) -> Path:
    """Build a project's wheel, with the build backend that is installed here."""
    succeed(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, project)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def client_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(REPOSITORY / "generated" / "python", tmp_path_factory.mktemp("client-wheel"))


@pytest.fixture(scope="module")
def generator_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(REPOSITORY, tmp_path_factory.mktemp("generator-wheel"))


@pytest.fixture(params=interpreters(), ids=lambda interpreter: interpreter.release)
def interpreter(request: pytest.FixtureRequest) -> Interpreter:
    found: Interpreter = request.param
    return found


def requirements(wheel: Path) -> list[str]:
    """Return what a wheel asks for."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = HeaderParser().parsestr(archive.read(name).decode())
    return list(metadata.get_all("Requires-Dist", []))


def environment(interpreter: Interpreter, wheel: Path) -> Path:
    """Return the folder of the programs of an environment that holds a wheel, what it requires, and nothing else."""
    facts = [LOCK.read_text(encoding="utf-8"), *requirements(wheel), interpreter.version, str(interpreter.executable)]
    key = sha256("\n".join(facts).encode()).hexdigest()[:16]
    folder = KEPT / f"{wheel.name.partition('-')[0]}-{interpreter.release}-{key}"
    programs = folder / "bin"
    with alone(folder):
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            succeed(interpreter.executable, "-m", "venv", folder)
            install_requirements(programs / "python", wheel, folder)
            (folder / "complete").touch()
        pip = (programs / "python", "-m", "pip", "--disable-pip-version-check")
        succeed(*pip, "install", "--quiet", "--no-index", "--no-deps", "--force-reinstall", wheel)
        succeed(*pip, "check")
    return programs


@contextmanager
def alone(folder: Path) -> Generator[None, None, None]:
    """Keep other test runs away from an environment."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def install_requirements(python: Path, wheel: Path, folder: Path) -> None:
    """Install a wheel with what it requires, in the versions that the lock names."""
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(LOCKED.findall(LOCK.read_text(encoding="utf-8"))), encoding="utf-8")
    pip = (python, "-m", "pip", "--disable-pip-version-check")
    done = run(*pip, "install", "--quiet", "--constraint", constraints, wheel)
    if done.returncode == 0:
        return
    probe = run(*pip, "download", "--quiet", "--no-deps", "--dest", folder / "probe", "attrs")
    if probe.returncode != 0:
        pytest.skip(f"pip reaches no package index: {probe.stderr.strip().splitlines()[-1]}")
    raise AssertionError(done.stderr)


@pytest.mark.skipif(version_of(Path(sys.executable)) is None, reason="this Python cannot make environments with pip")
def test_this_python_is_among_them() -> None:
    assert f"3.{sys.version_info.minor}" in {found.release for found in interpreters()}


def test_the_client_asks_for_two_packages(client_wheel: Path) -> None:
    asked = requirements(client_wheel)
    needed = {re.split(r"[<>=~ ;]", it)[0] for it in asked if "extra ==" not in it}
    offered = {re.split(r"[<>=~ ;]", it)[0] for it in asked if "extra ==" in it}
    assert (needed, offered) == ({"attrs", "httpx2"}, {"orjson"})
    with zipfile.ZipFile(client_wheel) as archive:
        assert "training_api/py.typed" in archive.namelist()


def test_the_client_alone_runs_the_five_operations(
    interpreter: Interpreter, client_wheel: Path, tmp_path: Path
) -> None:
    programs = environment(interpreter, client_wheel)
    script = shutil.copy(five_operations.__file__, tmp_path)
    with TrainingServer(TrainingService(page_size=2)) as server:
        settings = {"TRAINING_API_SERVER": server.url, "TRAINING_API_TOKEN": server.token}
        said = succeed(programs / "python", "-I", "-W", "error", script, cwd=tmp_path, **settings)
    outcome: dict[str, Any] = json.loads(said)
    expected = {
        "made": 2,
        "moved": ["2019-08-01T12:00:00+00:00"] * 2,
        "left": ["driver-2"],
        "courses": [course.title for course in COURSES if course.status != "draft"],
        "refused": "There is no assignment unheard-of.",
    }
    assert outcome["sync"] == expected
    assert outcome["async"] == expected
    assert Path(outcome["package"]).is_relative_to(programs.parent)
    assert {"attrs", "httpx2", "training-api"} <= set(outcome["installed"])
    assert not {"attrest", "click", "jinja2", "pydantic", "ruff", "orjson"} & set(outcome["installed"])


IMPORT_ALL: Final = """
import importlib, pkgutil, sys

sys.path.insert(0, sys.argv[1])
package = importlib.import_module(sys.argv[2])
names = [module.name for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
for name in names:
    if not name.endswith("httpx2_transport"):  # what a client needs beside attrs is not installed here
        importlib.import_module(name)
for name in package.models.__all__:
    getattr(package.models, name)
print(len(names))
"""


def test_the_generator_alone_generates(interpreter: Interpreter, generator_wheel: Path, tmp_path: Path) -> None:
    programs = environment(interpreter, generator_wheel)
    project = tmp_path / "elsewhere"
    project.mkdir()
    shutil.copy(DESCRIPTION, project / "openapi.yaml")
    arguments = ("generate", "openapi.yaml", "--package", "wheel_client", "-o")
    succeed(programs / "attrest", *arguments, "out", cwd=project)
    imported = succeed(programs / "python", "-I", "-c", IMPORT_ALL, "out/python/src", "wheel_client", cwd=project)
    assert int(imported) > 20
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        assert cli.run([*arguments, "here"]) == 0
    assert contents(project / "out") == contents(project / "here")


def contents(folder: Path) -> dict[str, bytes]:
    found = (file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in found}
