"""Tries one description: generates it, judges the client, checks its types."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, get_args, get_origin, get_type_hints

import attrs

from corpus_check.documents import Description
from corpus_check.facts import Facts, Verdict
from corpus_check.peers import Peer
from corpus_check.processes import measured

_TYPING_ERROR: Final = ": error: "


@attrs.frozen(kw_only=True)
class Examination:
    """How descriptions are tried."""

    output: Path
    """The folder that gets one folder for each."""
    mypy_cache: Path | None
    """The folder in which mypy remembers what clients have in common; None where types are not checked."""
    peer: Peer | None
    """What generating is compared with."""
    timeout: float
    """Seconds that each step may take."""

    def of(self, description: Description, progress: Callable[[str], None]) -> Facts:
        """Try a description.

        Args:
            description: The description.
            progress: Told what is being done.
        """
        output = self.output / description.name.replace("/", "-")
        progress(f"{description.name}: generating")
        command = (sys.executable, "-m", "attrest", "generate", description.path, "-o", output)
        run = measured(command, folder=self.output, timeout=self.timeout)
        facts = Facts(
            name=description.name,
            exit_code=run.exit_code,
            timed_out=run.timed_out,
            message=run.output if run.exit_code else "",
            cpu=run.cpu,
            peak=run.peak,
        )
        if not (output / "python").is_dir():
            return facts
        facts = self._judged(facts, description, output, progress)
        if self.mypy_cache is not None and facts.verdict is not None:
            progress(f"{description.name}: checking types")
            facts = attrs.evolve(facts, typing=self._typing_errors(output / "python" / "src", facts.verdict.package))
        if self.peer is not None:
            progress(f"{description.name}: measuring datamodel-code-generator")
            facts = attrs.evolve(facts, peer=self.peer.cpu(description.path))
        return facts

    def _judged(self, facts: Facts, description: Description, output: Path, progress: Callable[[str], None]) -> Facts:
        progress(f"{description.name}: judging the client")
        verdict = output.with_name(f"{output.name}.verdict.json")
        command = (sys.executable, "-m", "corpus_check.judge", description.path, output, verdict)
        run = measured(command, folder=self.output, timeout=self.timeout)
        if run.exit_code != 0:
            return attrs.evolve(facts, judge=run.output or "it takes too long")
        return attrs.evolve(facts, verdict=from_json(Verdict, json.loads(verdict.read_text())))

    def _typing_errors(self, source: Path, package: str) -> tuple[str, ...]:
        command = (sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--config-file", "", "-p", package)
        cache = ("--cache-dir", str(self.mypy_cache), "--python-version", "3.11")
        run = measured((*command, *cache), folder=source, timeout=self.timeout)
        errors = tuple(line for line in run.output.splitlines() if _TYPING_ERROR in line)
        return errors or ((run.output.strip() or "it takes too long",) if run.exit_code else ())


def from_json(hint: Any, value: Any) -> Any:
    """Read what ``attrs.asdict`` made of a class of ours."""
    if attrs.has(hint):
        hints = get_type_hints(hint)
        return hint(**{name: from_json(hints[name], inner) for name, inner in value.items()})
    if get_origin(hint) is tuple:
        return tuple(from_json(get_args(hint)[0], item) for item in value)
    inner = next(iter(get_args(hint)), None)
    return value if inner is None or value is None else from_json(inner, value)
