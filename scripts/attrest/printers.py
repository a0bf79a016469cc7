"""Prints findings: for people, for programs, and as annotations of a GitHub workflow."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from attrest.diagnostics import Finding, in_order


def text(findings: Iterable[Finding]) -> str:
    """Print ``file:line:col: error[rule]: message``, then the line with a caret, then the hint."""
    return "".join(f"{_text(finding)}\n" for finding in in_order(findings))


def as_json(findings: Iterable[Finding]) -> str:
    """Print a list of objects."""
    listed = [
        {
            "severity": finding.severity,
            "rule": finding.rule,
            "message": finding.message,
            "file": shown(finding.location.file),
            "line": finding.location.line,
            "column": finding.location.column,
            "pointer": finding.pointer,
            "hint": finding.hint,
        }
        for finding in in_order(findings)
    ]
    return json.dumps(listed, ensure_ascii=False, indent=2) + "\n"


def github(findings: Iterable[Finding]) -> str:
    """Print workflow commands, which GitHub shows beside the lines of a change."""
    return "".join(f"{_github(finding)}\n" for finding in in_order(findings))


PRINTERS: Final[Mapping[str, Callable[[Iterable[Finding]], str]]] = {"text": text, "json": as_json, "github": github}
"""The forms of output by name."""


def shown(file: str) -> str:
    """Give a path relative to the current directory if it lies below that, and as it is if not."""
    path = Path(os.path.normpath(Path.cwd() / file))
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else file


def _text(finding: Finding) -> str:
    at = finding.location
    lines = [f"{shown(at.file)}:{at.line}:{at.column}: {finding.severity}[{finding.rule}]: {one_line(finding.message)}"]
    if finding.source.strip():
        before = finding.source[: at.column - 1]
        caret = "".join(character if character == "\t" else " " for character in _source(before)) + "^"
        lines += [f"  {_source(finding.source)}", f"  {caret}"]
    if finding.hint:
        lines.append(f"hint: {one_line(finding.hint)}")
    return "\n".join(lines)


def _github(finding: Finding) -> str:
    properties = {
        "file": shown(finding.location.file),
        "line": str(finding.location.line),
        "col": str(finding.location.column),
        "title": finding.rule,
    }
    listed = ",".join(f"{name}={escaped_property(value)}" for name, value in properties.items())
    message = f"{finding.message}\nhint: {finding.hint}" if finding.hint else finding.message
    return f"::{finding.severity} {listed}::{escaped(message)}"


def escaped(message: str) -> str:
    """Write text as the message of a workflow command."""
    return message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escaped_property(value: str) -> str:
    """Write text as a property of a workflow command."""
    return escaped(value).replace(":", "%3A").replace(",", "%2C")


def _source(line: str) -> str:
    """Keep a line of a document from doing more to a terminal than its tabs do."""
    return "\t".join(map(one_line, line.split("\t")))


def lines(texts: Iterable[str]) -> str:
    """Print some texts, each as a line."""
    return "".join(f"{one_line(text)}\n" for text in texts)


def one_line(message: str) -> str:
    """Keep what a description says from looking like lines of its own, and from steering a terminal.

    Whatever is not printable is written as Python escapes it: control characters, what separates lines or paragraphs,
    what turns the direction of writing.
    """
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in message)
