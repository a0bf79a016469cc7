"""What was found out about a description, and whether it meets the bar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

PEER_FACTOR: Final = 1.5
PEER_ALLOWANCE: Final = 2.0
"""Seconds beside it that generating may take, compared with datamodel-code-generator."""


@attrs.frozen(kw_only=True)
class Count:
    """How many things a description has, and how many of them the client has."""

    present: int
    missing: tuple[str, ...]
    """The names of those that the client has not, and that no rule sets aside."""

    @property
    def total(self) -> int:
        """How many the description has."""
        return self.present + len(self.missing)


@attrs.frozen(kw_only=True)
class Failure:
    """Something that is not as it has to be."""

    place: str
    """A module, or the JSON pointer of an example."""
    reason: str


@attrs.frozen(kw_only=True)
class Examples:
    """What became of the examples that a description carries."""

    exact: int
    """They were decoded, and encoded to the same JSON."""
    respelt: int
    """They came back in another spelling, such as an instant by another offset, or a UUID in small letters."""
    invalid: int
    """Their own schema refuses them."""
    untyped: tuple[str, ...]
    """Those whose schema has no part in the client, such as that of a component that no operation uses."""
    failures: tuple[Failure, ...]


@attrs.frozen(kw_only=True)
class Verdict:
    """What the judge says of a client."""

    package: str
    operations: Count
    schemas: Count
    files: int
    modules: int
    imports: tuple[Failure, ...]
    """The modules that cannot be imported without so much as a warning."""
    examples: Examples
    degraded: int
    """How many parts of the description the manifest calls degraded, each for a reason."""
    lost: int
    """How many operations and schemas it says are not generated."""


@attrs.frozen(kw_only=True)
class Facts:
    """All that was found out about one description."""

    name: str
    exit_code: int
    timed_out: bool
    message: str
    """What generating printed, where it failed."""
    cpu: float
    peak: int
    verdict: Verdict | None = None
    judge: str = ""
    """What the judge printed, where it gave no verdict."""
    typing: tuple[str, ...] | None = None
    """The errors of mypy; None where it did not run."""
    peer: float | None = None
    """The CPU seconds that datamodel-code-generator takes; None where they were not asked for, or it fails."""

    @property
    def shortfalls(self) -> tuple[str, ...]:
        """Why the bar is not met, one reason each; empty where it is met."""
        return tuple(_shortfalls(self))


def _shortfalls(facts: Facts) -> Iterator[str]:
    if facts.timed_out:
        yield "generating takes too long"
    elif facts.exit_code != 0:
        yield f"generating ends with {facts.exit_code}: {_gist(facts.message)}"
    if facts.peer is not None and facts.cpu > (limit := PEER_FACTOR * facts.peer + PEER_ALLOWANCE):
        yield f"generating takes {facts.cpu:.1f} s, more than {limit:.1f} s"
    if facts.judge:
        yield f"the client cannot be judged: {_gist(facts.judge)}"
    if facts.verdict is not None:
        yield from _of_verdict(facts.verdict)
    yield from (f"mypy: {error}" for error in facts.typing or ())


def _of_verdict(verdict: Verdict) -> Iterator[str]:
    if verdict.lost:
        yield f"the manifest says that {verdict.lost} operations or schemas are not generated"
    for what, count in (("operation", verdict.operations), ("schema", verdict.schemas)):
        yield from (f"{what} {name} is missing" for name in count.missing)
    yield from (f"import of {failure.place}: {failure.reason}" for failure in verdict.imports)
    yield from (f"example {failure.place}: {failure.reason}" for failure in verdict.examples.failures)


def _gist(text: str) -> str:
    """Return the first line of what a command printed that speaks of an error; the last one where none does."""
    lines = [line.strip() for line in text.splitlines() if line.strip()] or ["nothing was said"]
    return next((line for line in lines if "error" in line), lines[-1])
