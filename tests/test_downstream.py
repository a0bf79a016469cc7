"""``scripts/downstream``: generators of other people read the bundle, and what fails or is skipped is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import pytest

import downstream_check.__main__ as command
from downstream_check import generators, kits
from downstream_check.generators import GENERATORS, Generator
from downstream_check.kits import PythonKit
from downstream_check.outcomes import Unavailable

QUICKEST = ("openapi-typescript", "openapi-python-client")


@attrs.frozen
class StubKit:
    """Installs nothing, or cannot."""

    home: Path
    reason: str = ""

    def version(self, package: str) -> str:
        return f"1.0 of {package}"

    def ready(self) -> dict[str, str]:
        if self.reason:
            raise Unavailable(self.reason)
        return {"home": str(self.home)}


def stub(tmp_path: Path, generate: str, *compile: str, **more: Any) -> Generator:  # noqa: A002 - the field of a generator
    return Generator(
        name="stub",
        package="stub",
        kits=(StubKit(tmp_path, more.pop("reason", "")),),
        edition="3.1",
        generate=("sh", "-c", generate),
        compile=tuple(("sh", "-c", each) for each in compile),
        **more,
    )


@pytest.mark.parametrize("name", QUICKEST)
def test_the_quickest_read_the_bundle_and_call(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = tmp_path / "facts.json"
    code = command.main(["--only", name, "--json", str(facts)])
    (outcome,) = json.loads(facts.read_text())
    if outcome["generates"]["word"] == "skipped":
        pytest.skip(outcome["generates"]["reason"])
    assert (code, [outcome[step]["word"] for step in ("generates", "compiles", "calls")]) == (0, ["ok", "ok", "ok"])
    assert outcome["files"] > 0
    assert "1 of 1 without a failure" in capsys.readouterr().out


class TestTrying:
    @pytest.fixture
    def tried(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
        def tried(generate: str, *compile_: str, **more: Any) -> tuple[int, str]:
            monkeypatch.setattr(command, "GENERATORS", (stub(tmp_path, generate, *compile_, **more),))
            code = command.main([])
            assert [path.name for path in tmp_path.iterdir()] == []
            return code, capsys.readouterr().out

        return tried

    def test_what_works(self, tried: Any) -> None:
        code, out = tried("cp {bundle} {output}/made.json", "test -s {output}/made.json")
        assert code == 0
        assert out.splitlines()[1].split()[:9] == ["stub", "1.0", "of", "stub", "3.1", "1", "ok", "ok", "-"]

    def test_a_generator_that_fails(self, tried: Any) -> None:
        code, out = tried("echo cannot read it; exit 3", "true")
        assert code == 1
        assert "    generates: fails, exit code 3\n    generates: fails, cannot read it\n" in out
        assert out.endswith("0 of 1 without a failure; fails: stub\n")

    def test_a_generator_that_writes_nothing(self, tried: Any) -> None:
        assert "it wrote no file" in tried("true", "true")[1]

    def test_what_does_not_compile(self, tried: Any) -> None:
        code, out = tried("touch {output}/made", "true", "echo type error; exit 1")
        assert code == 1
        assert "compiles: fails, type error" in out

    def test_what_cannot_be_installed_is_skipped(self, tried: Any) -> None:
        code, out = tried("true", reason="no network")
        assert (code, "generates: skipped, no network" in out) == (0, True)
        assert out.endswith("skipped, in full or in part: stub\n")

    def test_a_compiler_that_is_not_there_is_skipped(self, tried: Any) -> None:
        code, out = tried("touch {output}/made", "false", needs=("no-such-compiler",))
        assert (code, "compiles: skipped, there is no no-such-compiler on the PATH" in out) == (0, True)


def test_what_cannot_be_installed_is_tried_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kits, "BUILD", tmp_path)
    runs: list[object] = []

    def fail(*command: object) -> None:
        runs.append(command)
        raise Unavailable("no network")

    monkeypatch.setattr(kits, "_run", fail)
    for _ in range(2):
        with pytest.raises(Unavailable, match="no network"):
            PythonKit(("nothing==1.0",)).ready()
    assert len(runs) == 1


def test_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--only", "nothing"]) == 2
    assert "there are @hey-api/openapi-ts, " in capsys.readouterr().err


def test_each_has_a_version() -> None:
    for generator in GENERATORS:
        assert generator.kits[0].version(generator.package)[0].isdigit(), generator.name


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((Path(generators.__file__).parent / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert [name for name, package in packages.items() if not {"version", "integrity"} <= package.keys()] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []
