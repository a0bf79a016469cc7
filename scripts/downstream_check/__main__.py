"""The command ``scripts/downstream``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import attrs

from downstream_check import mock, table
from downstream_check.generators import GENERATORS, Generator
from downstream_check.outcomes import Outcome, Unavailable
from downstream_check.trial import Trial

_BUNDLE: Final = Path(__file__).parents[2] / "generated" / "openapi"
_INTERRUPTED: Final = 130  # 128 and the number of SIGINT, as a shell says it
_WRONG_USAGE: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the generators, print the table, and return the exit code: 1 where one fails."""
    options = _options(arguments)
    names = {generator.name for generator in GENERATORS}
    if unknown := sorted(set(options.only) - names):
        print(f"scripts/downstream: no {unknown[0]}; there are {', '.join(sorted(names))}", file=sys.stderr)
        return _WRONG_USAGE
    chosen = [generator for generator in GENERATORS if not options.only or generator.name in options.only]
    try:
        outcomes = _try_each(chosen, options.bundle.resolve(), options.timeout)
    except KeyboardInterrupt:
        return _INTERRUPTED
    print(table.summary(outcomes))
    if options.json is not None:
        facts = [attrs.asdict(outcome) for outcome in outcomes]
        options.json.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    return 1 if any(outcome.failed for outcome in outcomes) else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/downstream",
        description="Try generators of other people on the published bundle: what they make of it has to compile, and "
        "to call attrest mock. They are installed under build/. The exit code is 1 where one fails; one that cannot "
        "be installed here is skipped.",
    )
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="try this one; may be repeated")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was found out to this file")
    parser.add_argument("--bundle", type=Path, default=_BUNDLE, metavar="FOLDER", help="the folder of the bundle")
    parser.add_argument("--timeout", type=float, default=600.0, metavar="SECONDS", help="how long a command may take")
    return parser.parse_args(arguments)


def _try_each(chosen: Sequence[Generator], bundle: Path, timeout: float) -> list[Outcome]:
    outcomes: list[Outcome] = []
    with ExitStack() as running:
        url: str | None = None
        if any(generator.call for generator in chosen):
            try:
                url = running.enter_context(mock.running(bundle / "openapi.json"))
            except Unavailable as reason:
                print(f"scripts/downstream: {reason}", file=sys.stderr)
        trial = Trial(bundle=bundle, url=url, timeout=timeout)
        print(table.heading(), flush=True)
        for generator in chosen:
            outcomes.append(trial.of(generator))
            print(table.row(outcomes[-1]), flush=True)
    return outcomes


if __name__ == "__main__":
    sys.exit(main())
