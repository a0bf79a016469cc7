"""The changelog of a description: one entry for each release, grouped by what callers know (Keep a Changelog 1.1)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrest.diffing.changes import Change
from attrest.diffing.telling import headline, operation, where
from attrest.ir import Renaming, RenamingKind
from attrest.pages import markdown
from attrest.releasing.comparison import Comparison
from attrest.semanticversions import SemanticVersion

_SECTIONS: Final = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
_PARTS: Final = frozenset(
    {
        *("existence", "property", "enum value", "extensible enum value"),
        *("success", "redirection", "information", "error"),
    }
)
"""The kinds of changes that are of something that came or went."""
_HOMES: Final[Mapping[RenamingKind, str]] = {
    "class": "models",
    "member": "models",
    "attribute": "models",
    "parameter": "models",
    "method": "client",
    "resource": "client",
    "event": "events",
    "parser": "events",
    "import": "",
}
"""What the name of each kind stands behind, its owner aside."""
_CLIENT: Final = "Python client"
_HEADING: Final = re.compile(r"^##[ \t]+(.*?)[ \t]*$", re.MULTILINE)
_SECTION: Final = re.compile(r"^###[ \t]+(.*?)[ \t]*$", re.MULTILINE)
_UNRELEASED: Final = re.compile(r"\[?unreleased\]?", re.IGNORECASE)


def entry(comparison: Comparison | None, dropped: Iterable[Renaming] = ()) -> dict[str, str]:
    """Return what changed as sections of a changelog: heading -> list.

    Args:
        comparison: What changed since the last release; None where this is the first.
        dropped: The names of earlier releases that the client has no more.
    """
    if comparison is None:
        return {"Added": "- Everything: this is the first version that is published."}
    told: dict[str, dict[str, list[str]]] = {}
    gone = (("Removed", _CLIENT, _gone(each)) for each in dropped)
    for section, element, line in (*_lines(comparison), *gone):
        lines = told.setdefault(section, {}).setdefault(element, [])
        if line not in lines:
            lines.append(line)
    if not told:
        return {"Changed": "- What is said about the service, not what it does."}
    return {section: _list(told[section]) for section in _SECTIONS if section in told}


def with_entry(text: str, title: str, version: SemanticVersion, day: dt.date, sections: Mapping[str, str]) -> str:
    """Return a changelog with a new entry, which takes in what stands under Unreleased.

    Args:
        text: The changelog; empty where there is none yet.
        title: What it is about, for a new one.
        version: The version that is released. A changelog that has an entry for it stays as it is.
        day: The day of the release.
        sections: The entry.
    """
    text = text or _start(title)
    headings = list(_HEADING.finditer(text))
    if any(re.match(rf"\[?v?{re.escape(str(version))}\]?(?:\s|$)", heading[1]) for heading in headings):
        return text
    start = headings[0].start() if headings else len(text)
    rest, written = start, ""
    if headings and _UNRELEASED.fullmatch(headings[0][1]):
        start = headings[0].end()
        rest = headings[1].start() if len(headings) > 1 else len(text)
        written = text[start:rest]
    body = "\n\n".join((f"## [{version}] - {day.isoformat()}", *_joined(written, sections)))
    return "\n\n".join(filter(None, (text[:start].rstrip(), body, text[rest:].strip()))) + "\n"


def _start(title: str) -> str:
    return (
        f"# Changelog\n\nWhat changed in {markdown.plain(title)}, version by version. The form is that of\n"
        "[Keep a Changelog](https://keepachangelog.com/en/1.1.0/); versions follow\n"
        "[Semantic Versioning](https://semver.org/spec/v2.0.0.html).\n\n## [Unreleased]\n"
    )


def _joined(written: str, sections: Mapping[str, str]) -> Iterator[str]:
    """List the parts of an entry: what people wrote of it, and what was found, under one heading each."""
    lead, *parts = _SECTION.split(written)
    bodies = dict(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True))
    if lead.strip():
        yield lead.strip()
    for name in (*_SECTIONS, *(name for name in bodies if name not in _SECTIONS)):
        told = "\n".join(filter(None, (bodies.get(name, ""), sections.get(name, ""))))
        if told:
            yield f"### {name}\n\n{told}"


def _list(elements: Mapping[str, list[str]]) -> str:
    return "\n".join(f"- {element}\n" + "\n".join(f"  - {line}" for line in elements[element]) for element in elements)


def _lines(comparison: Comparison) -> Iterator[tuple[str, str, str]]:
    """List changes, each with its section and the element that it is told under.

    Of the client only what callers notice is told: the rest follows from what changed in the service.
    """
    for change in comparison.service:
        yield _section(comparison, change), markdown.code(operation(change)), _line(comparison, change, where(change))
    for change in comparison.client:
        if change.verdict != "safe":
            yield _section(comparison, change), _CLIENT, _line(comparison, change, operation(change))


def _line(comparison: Comparison, change: Change, place: str) -> str:
    at = f"{markdown.code(place)}: " if place else ""
    mark = "**Breaking:** " if comparison.breaks(change) else ""
    remark = comparison.remark(change)
    return f"{mark}{at}{markdown.plain(headline(change.fact))}" + (f" ({remark})" if remark else "")


def _gone(each: Renaming) -> str:
    name = ".".join(filter(None, (_HOMES[each.kind], each.owner, each.old)))
    return f"{markdown.code(name)}, which was renamed to {markdown.code(each.new)} in {each.since}"


def _section(comparison: Comparison, change: Change) -> str:
    fact = change.fact
    if change in comparison.renamed:
        return "Deprecated"
    if fact.kind in {"deprecation", "sunset"} and fact.action != "removed":
        return "Deprecated"
    comes_or_goes = fact.kind in _PARTS or fact.area == "python"
    if comes_or_goes and fact.action.startswith(("added", "first")):
        return "Added"
    return "Removed" if comes_or_goes and fact.action.startswith("removed") else "Changed"
