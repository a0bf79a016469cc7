"""What a fresh checkout needs: the scripts that set it up, the lock, and what the wheel holds."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import attrs
import pytest

TOOLS = ("cat", "cmp", "cp", "dirname", "mkdir", "rm", "sh")

# Stands in for a Python: says yes to every question, and makes environments whose Python notes what it is asked.
PYTHON = """\
#!/bin/sh
case "$1" in
    --version) echo "Python 3.99" ;;
    -m) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
esac
echo "${0##*/} $*" >> "$LOG"
"""
BROKEN_LAUNCHER = "#!/bin/sh\necho 'command not found' >&2\nexit 127\n"
UV = """\
#!/bin/sh
case "$1" in
    venv) mkdir -p .venv/bin && cp "$(command -v python3.12)" .venv/bin/python ;;
esac
echo "uv $*" >> "$LOG"
"""


@attrs.frozen
class Machine:
    """A machine with nothing but the tools of POSIX, a checkout, and the programs that a test adds."""

    folder: Path

    @property
    def checkout(self) -> Path:
        return self.folder / "checkout"

    def add(self, program: str, text: str) -> Path:
        file = self.folder / "bin" / program
        file.write_text(text)
        file.chmod(0o755)
        return file

    def set_up(self, **environment: str) -> subprocess.CompletedProcess[str]:
        log = self.folder / "log"
        log.write_text("")
        return subprocess.run(
            (self.checkout / "scripts/setup",),
            env={"PATH": str(self.folder / "bin"), "LOG": str(log), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def installed(self) -> list[str]:
        """Return the last words of what was asked of pip or uv by the last run."""
        lines = (self.folder / "log").read_text().splitlines()
        return [line.split()[-1] for line in lines if " install " in line or " sync " in line]


@pytest.fixture
def machine(tmp_path: Path, repository: Path) -> Machine:
    machine = Machine(tmp_path)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (tmp_path / "bin" / tool).symlink_to(found)
    (machine.checkout / "scripts").mkdir(parents=True)
    shutil.copy(repository / "scripts/setup", machine.checkout / "scripts")
    for file in ("requirements.lock", "pyproject.toml"):
        (machine.checkout / file).write_text("1")
    return machine


class TestSetup:
    def test_skips_a_launcher_that_starts_nothing(self, machine: Machine) -> None:
        machine.add("python3.13", BROKEN_LAUNCHER)
        machine.add("python3.12", PYTHON)
        done = machine.set_up()
        assert (done.returncode, done.stdout) == (0, "")
        assert "Setting up .venv with Python 3.99" in done.stderr
        assert machine.installed() == ["requirements.lock", "."]

    def test_prefers_the_newest(self, machine: Machine) -> None:
        for program in ("python3", "python3.11", "python3.14", "python3.12"):
            machine.add(program, PYTHON)
        machine.set_up()
        assert "python3.14 -m venv .venv" in (machine.folder / "log").read_text()

    def test_takes_the_one_that_it_is_told(self, machine: Machine) -> None:
        machine.add("python3.14", PYTHON)
        machine.add("mine", PYTHON)
        machine.set_up(PYTHON="mine")
        assert "mine -m venv .venv" in (machine.folder / "log").read_text()

    @pytest.mark.parametrize("environment", [{}, {"PYTHON": "python3.13"}], ids=["searched", "told"])
    def test_says_when_there_is_none(self, machine: Machine, environment: dict[str, str]) -> None:
        machine.add("python3.13", BROKEN_LAUNCHER)
        done = machine.set_up(**environment)
        assert done.returncode == 1
        assert done.stderr.startswith("attrest needs Python 3.11 or newer")
        assert not (machine.checkout / ".venv").exists()

    def test_does_nothing_the_second_time(self, machine: Machine) -> None:
        machine.add("python3.12", PYTHON)
        machine.set_up()
        done = machine.set_up()
        assert (done.returncode, done.stdout, done.stderr, machine.installed()) == (0, "", "", [])

    def test_starts_afresh_when_the_lock_changed(self, machine: Machine) -> None:
        machine.add("python3.12", PYTHON)
        machine.set_up()
        (machine.checkout / "requirements.lock").write_text("2")
        (machine.checkout / ".venv/left-over").write_text("")
        machine.set_up()
        assert machine.installed() == ["requirements.lock", "."]
        assert not (machine.checkout / ".venv/left-over").exists()

    def test_installs_itself_again_when_the_project_or_its_place_changed(self, machine: Machine) -> None:
        machine.add("python3.12", PYTHON)
        machine.set_up()
        (machine.checkout / "pyproject.toml").write_text("2")
        machine.set_up()
        assert machine.installed() == ["."]
        (machine.checkout / ".venv/.place").write_text("/elsewhere")
        machine.set_up()
        assert machine.installed() == ["."]

    def test_starts_afresh_after_an_installation_that_failed(self, machine: Machine) -> None:
        failing = PYTHON + '[ "$2" != pip ]\n'
        machine.add("python3.12", failing)
        assert machine.set_up().returncode != 0
        machine.add("python3.12", PYTHON)
        assert machine.set_up().returncode == 0
        assert machine.installed() == ["requirements.lock", "."]

    def test_uses_uv_where_there_is_one(self, machine: Machine) -> None:
        machine.add("python3.12", PYTHON)
        machine.add("uv", UV)
        assert machine.set_up().returncode == 0
        log = (machine.folder / "log").read_text()
        assert " -m pip " not in log
        assert machine.installed() == ["requirements.lock", "."]

    @pytest.mark.parametrize("tool", ["pip", "uv"])
    def test_insists_on_hashes(self, machine: Machine, tool: str) -> None:
        machine.add("python3.12", PYTHON)
        if tool == "uv":
            machine.add("uv", UV)
        machine.set_up()
        lines = (machine.folder / "log").read_text().splitlines()
        assert all("--require-hashes" in line for line in lines if line.endswith("requirements.lock"))


class TestLock:
    def test_names_versions_and_hashes_and_no_address(self, repository: Path) -> None:
        text = (repository / "requirements.lock").read_text()
        requirements = text.replace("\\\n", " ").splitlines()
        unlocked = [
            line for line in requirements if not re.match(r"[a-z0-9.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)
        ]
        assert unlocked == []
        assert "://" not in text

    def test_has_everything_that_the_project_asks_for(self, repository: Path) -> None:
        configuration = tomllib.loads((repository / "pyproject.toml").read_text())
        groups = configuration["dependency-groups"]
        asked = [*configuration["project"]["dependencies"], *groups["client"], *groups["test"]]
        names = {re.split(r"[<>=~\[]", it)[0].lower() for it in asked if isinstance(it, str)}
        locked = set(re.findall(r"^([a-z0-9.-]+)==", (repository / "requirements.lock").read_text(), re.MULTILINE))
        assert names - locked == set()

    def test_has_nothing_that_the_project_no_longer_asks_for(self, repository: Path) -> None:
        locked = re.findall(r"^([a-z0-9.-]+)==", (repository / "requirements.lock").read_text(), re.MULTILINE)
        assert "hypothesis-jsonschema" not in locked  # it fails with the hypothesis that is locked


def test_what_has_to_run_in_one_process_does(repository: Path) -> None:
    assert "--dist loadgroup" in (repository / "scripts/test").read_text()


def test_pyright_looks_where_the_packages_are(repository: Path) -> None:
    configuration = tomllib.loads((repository / "pyproject.toml").read_text())["tool"]["pyright"]
    assert f"python={configuration['venv']}/bin/python" in (repository / "scripts/setup").read_text().splitlines()
    assert configuration["venvPath"] == "."


def test_scripts_can_be_run(repository: Path) -> None:
    for script in ("setup", "generate", "test", "lock", "corpus", "downstream"):
        assert os.access(repository / "scripts" / script, os.X_OK), script
    assert os.access(repository / ".ci/run", os.X_OK)


def test_the_wheel_holds_the_package_its_runtime_and_its_templates(repository: Path, tmp_path: Path) -> None:
    subprocess.run(
        (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, repository),
        check=True,
        capture_output=True,
        timeout=120,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        (metadata,) = (archive.read(name).decode() for name in archive.namelist() if name.endswith("/METADATA"))
    package = {f"attrest/{path}" for path in tracked(repository, "scripts/attrest")}
    templates = {f"attrest/templates/{path}" for path in tracked(repository, "templates")}
    assert templates
    assert names >= package | templates
    assert {name.split("/")[0] for name in names} == {"attrest"}
    assert metadata.endswith((repository / "README.md").read_text(encoding="utf-8"))


def tracked(repository: Path, folder: str) -> list[str]:
    """Return the files of a folder, relative to it, without what running leaves behind."""
    files = (file for file in (repository / folder).rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return [file.relative_to(repository / folder).as_posix() for file in files]
