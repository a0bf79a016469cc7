"""The command ``scripts/corpus``."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import attrs

from corpus_check import table
from corpus_check.documents import Description, descriptions
from corpus_check.examination import Examination
from corpus_check.facts import Facts
from corpus_check.peers import Peer

_REPOSITORY: Final = Path(__file__).parents[2]
_KEPT: Final = _REPOSITORY / "build" / "corpus"
_DEFAULT: Final = _REPOSITORY.parent / "shared" / "corpus" / "specs"
_INTERRUPTED: Final = 130  # 128 and the number of SIGINT, as a shell says it
_WRONG_USAGE: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the descriptions of a folder, and return the exit code: 0 where all of them meet the bar."""
    options = _options(arguments)
    if not options.folder.is_dir():
        return _refuse(f"{options.folder}: no such folder; give one that holds OpenAPI descriptions")
    if options.keep is not None and options.keep.is_dir() and any(options.keep.iterdir()):
        return _refuse(f"{options.keep}: holds something already; give a folder that is new or empty")
    every = descriptions(options.folder)
    found = [each for each in every if not options.only or any(_is_named(each, name) for name in options.only)]
    if unknown := [name for name in options.only if not any(_is_named(each, name) for each in found)]:
        return _refuse(f"{options.folder}: no description is called {', '.join(unknown)}")
    results: list[Facts] = []
    with ExitStack() as cleanup:
        examination = _examination(options, cleanup)
        try:
            _try_each(found, examination, results)
        except KeyboardInterrupt:
            print()
    print(table.summary(results, len(found)))
    if options.json is not None:
        options.json.write_text(json.dumps([_as_json(facts) for facts in results], indent=1) + "\n", encoding="utf-8")
    if len(results) < len(found):
        return _INTERRUPTED
    return 1 if any(facts.shortfalls for facts in results) else 0


def _is_named(description: Description, name: str) -> bool:
    return description.name == name or description.name.startswith(f"{name}/")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/corpus",
        description="Generate a client for each description of a folder, and say what it holds, costs and lacks. "
        "The exit code is 1 where one does not meet the bar.",
    )
    parser.add_argument("folder", nargs="?", type=Path, default=_DEFAULT, metavar="DIR")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help="try this one, or all of this inner folder; may be repeated",
    )
    parser.add_argument(
        "--no-mypy", dest="mypy", action="store_false", help="leave out mypy --strict, the slowest step"
    )
    parser.add_argument(
        "--peer", action="store_true", help="hold the CPU time against that of datamodel-code-generator alone"
    )
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep what is generated in this folder")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was found out to this file")
    parser.add_argument("--timeout", type=float, default=900.0, metavar="SECONDS", help="how long a step may take")
    return parser.parse_args(arguments)


def _examination(options: argparse.Namespace, cleanup: ExitStack) -> Examination:
    output = options.keep or Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="corpus-")))
    output.mkdir(parents=True, exist_ok=True)
    return Examination(
        output=output.resolve(),
        mypy_cache=_KEPT / "mypy" if options.mypy else None,
        peer=Peer(_KEPT / "peer.json", options.timeout) if options.peer else None,
        timeout=options.timeout,
    )


def _try_each(found: Sequence[Description], examination: Examination, results: list[Facts]) -> None:
    print(table.heading(), flush=True)
    for description in found:
        facts = examination.of(description, _progress)
        results.append(facts)
        _progress("")
        print(table.row(facts), flush=True)


def _progress(text: str) -> None:
    """Show on a terminal what is being done, in place of what was shown before."""
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns - 1
        print(f"\r{text[:width].ljust(width)}\r", end="", file=sys.stderr, flush=True)


def _as_json(facts: Facts) -> dict[str, object]:
    return {**attrs.asdict(facts), "shortfalls": facts.shortfalls}


def _refuse(message: str) -> int:
    print(f"scripts/corpus: {message}", file=sys.stderr)
    return _WRONG_USAGE


if __name__ == "__main__":
    sys.exit(main())
