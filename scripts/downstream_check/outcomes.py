"""What came of trying a generator."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

Word: TypeAlias = Literal["ok", "fails", "skipped", "none"]


class Unavailable(Exception):  # noqa: N818  # it is a circumstance, not a defect
    """Something that a step needs cannot be had here; the text says what, and why."""


@attrs.frozen
class Step:
    """How one step ended: ``skipped`` where something is not to be had here, ``none`` where there is no such step."""

    word: Word = "none"
    reason: str = ""
    """Why, where it is not fine."""


@attrs.frozen(kw_only=True)
class Outcome:
    """How a generator did, step by step."""

    name: str
    version: str
    edition: str
    """The version of OpenAPI that the bundle it got is written in."""
    files: int = 0
    generates: Step = Step()
    compiles: Step = Step()
    calls: Step = Step()
    seconds: float = 0.0

    @property
    def steps(self) -> dict[str, Step]:
        """The steps by what they are called in the table."""
        return {"generates": self.generates, "compiles": self.compiles, "call": self.calls}

    @property
    def failed(self) -> bool:
        """Whether any step did."""
        return any(step.word == "fails" for step in self.steps.values())
