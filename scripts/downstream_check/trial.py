"""Trying a generator: install, generate, compile, call."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import attrs

from downstream_check.generators import Command, Generator
from downstream_check.outcomes import Outcome, Step, Unavailable

_CALLS: Final = Path(__file__).parents[1] / "downstream_calls"
_SHOWN: Final = 1500
_OFFLINE: Final = ("PluginResolutionException", "DependencyResolutionException", "Could not transfer artifact")
"""What Maven says where it cannot fetch what it needs: that is no fault of what it was to compile."""


@attrs.frozen(kw_only=True)
class Trial:
    """What all generators are tried with."""

    bundle: Path
    """The folder of the published bundle."""
    url: str | None
    """The server to call; None where there is none."""
    timeout: float
    """Seconds that a command may take."""

    def of(self, generator: Generator) -> Outcome:
        """Try a generator."""
        start = time.perf_counter()
        outcome = Outcome(
            name=generator.name, version=generator.kits[0].version(generator.package), edition=generator.edition
        )
        try:
            names = {key: value for kit in generator.kits for key, value in kit.ready().items()}
        except Unavailable as reason:
            return attrs.evolve(outcome, generates=Step("skipped", str(reason)))
        with tempfile.TemporaryDirectory(dir=names["home"], prefix="try-") as output:
            outcome = self._tried(generator, outcome, {**names, "output": output})
        return attrs.evolve(outcome, seconds=time.perf_counter() - start)

    def _tried(self, generator: Generator, outcome: Outcome, names: Mapping[str, str]) -> Outcome:
        output = Path(names["output"])
        bundle = self.bundle / ("openapi.json" if generator.edition == "3.1" else f"openapi-{generator.edition}.json")
        names = {**names, "bundle": str(bundle), "calls": str(_CALLS), "url": self.url or ""}
        generates = self._step([generator.generate], names)
        files = sum(1 for file in output.rglob("*") if file.is_file())
        if generates.word == "ok" and not files:
            generates = Step("fails", "it wrote no file")
        outcome = attrs.evolve(outcome, generates=generates, files=files)
        if generates.word != "ok":
            return outcome
        for source, target in generator.placed:
            shutil.copy(_CALLS / source, output / target)
        outcome = attrs.evolve(outcome, compiles=self._compiled(generator, names))
        if not generator.call or outcome.compiles.word != "ok":
            return outcome
        calls = self._step([generator.call], names) if self.url else Step("skipped", "there is no server to call")
        return attrs.evolve(outcome, calls=calls)

    def _compiled(self, generator: Generator, names: Mapping[str, str]) -> Step:
        if missing := [program for program in generator.needs if shutil.which(program) is None]:
            return Step("skipped", f"there is no {' and no '.join(missing)} on the PATH")
        step = self._step(generator.compile, names)
        if step.word == "fails" and any(sign in step.reason for sign in _OFFLINE):
            return Step("skipped", "Maven cannot fetch the libraries that the client needs")
        return step

    def _step(self, commands: Iterable[Command], names: Mapping[str, str]) -> Step:
        """Run commands until one fails."""
        for command in commands:
            arguments = [part.format_map(names) for part in command]
            try:
                done = subprocess.run(  # noqa: S603  # the commands are in our table
                    arguments,
                    cwd=names["output"],
                    env=_environment(names),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    check=False,
                    timeout=self.timeout,
                )
            except subprocess.TimeoutExpired:
                return Step("fails", f"{Path(arguments[0]).name} takes longer than {self.timeout:g} s")
            except OSError as problem:
                return Step("fails", f"{Path(arguments[0]).name} does not run: {problem.strerror}")
            if done.returncode != 0:
                return Step("fails", f"exit code {done.returncode}\n{done.stdout.decode(errors='replace')[-_SHOWN:]}")
        return Step("ok")


def _environment(names: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which a generator's own programs come first, and nothing stands before the loopback."""
    programs = [names[key] for key in ("bin",) if key in names]
    direct = dict.fromkeys(("no_proxy", "NO_PROXY"), "127.0.0.1,localhost")
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return {**kept, **direct, "PATH": os.pathsep.join([*programs, os.environ.get("PATH", "")]), "NO_COLOR": "1"}
