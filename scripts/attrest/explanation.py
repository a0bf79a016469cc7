"""What became of a description, or of a part of it, for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

from attrest import pointers, printers
from attrest.document import Document
from attrest.ir import Alias, Api, Declaration, Enum, Field, Model
from attrest.ledger import Entry, Ledger

_KINDS: Final[Mapping[type[Declaration], str]] = {Model: "class", Enum: "enum", Alias: "alias"}
_SHOWN: Final = 50
"""How many entries a person reads."""


class Explanation:
    """A description, what was made of it, and what became of each of its parts."""

    def __init__(self, document: Document, api: Api, ledger: Ledger) -> None:
        """Keep them.

        Args:
            document: The description.
            api: What was made of it.
            ledger: What became of each part.
        """
        self._document = document
        self._ledger = ledger
        self._made: dict[str, str] = {}
        for pointer, made in _made(api):
            self._made[pointer] = f"{self._made[pointer]}; {made}" if pointer in self._made else made

    def as_text(self, pointer: str = "") -> str:
        """Return it for people.

        Args:
            pointer: The part to explain; empty for the whole.
        """
        lines = self._part(pointer) if pointer else self._whole()
        return printers.lines([*lines, *self._inside(pointer)])

    def as_json(self, pointer: str = "") -> str:
        """Return it for programs: the numbers, what was made of the part, and every entry about it or inside it.

        What older editions of the description say less of is listed apart: it has no influence on the client.

        Args:
            pointer: The part to explain; empty for the whole.
        """
        own = self._ledger.entry(pointer)
        content: dict[str, Any] = {
            "summary": attrs.asdict(self._ledger.summary),
            "pointer": pointer,
            "verdict": own.verdict,
            "reason": own.reason or None,
            "made": self._made.get(pointer),
            "entries": [
                {
                    "pointer": entry.pointer,
                    "verdict": entry.verdict,
                    "reason": entry.reason,
                    "lost": entry.lost,
                    "location": self._document.display(entry.pointer),
                }
                for entry in self._entries(pointer)
            ],
            "editions": {
                version: [
                    {"pointer": entry.pointer, "reason": entry.reason, "lost": entry.lost}
                    for entry in dict.fromkeys((*edition.about(pointer), *_at_or_inside(edition.entries, pointer)))
                ]
                for version, edition in self._ledger.editions.items()
            },
        }
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"

    def _whole(self) -> Iterator[str]:
        yield self._ledger.summary.text
        if not self._ledger.lost:
            yield "no operation and no schema is lost"
        for entry in self._ledger.lost:
            yield f"lost: {self._document.display(entry.pointer)}: {entry.pointer}: {entry.reason}"

    def _part(self, pointer: str) -> Iterator[str]:
        yield f"{pointer} ({self._document.display(pointer)})"
        own = self._ledger.about(pointer)
        for entry in own:
            around = "" if entry.pointer == pointer else f" with {entry.pointer}"
            yield f"{'lost' if entry.lost else entry.verdict}{around}: {entry.reason}"
        if not own:
            yield "exact, but for what follows" if any(self._entries(pointer)) else "exact"
        if pointer in self._made:
            yield f"becomes {self._made[pointer]}"
        for version, edition in self._ledger.editions.items():
            for entry in edition.about(pointer):
                around = "" if entry.pointer == pointer else f", with {entry.pointer}"
                yield f"in the {version} edition{around}: {entry.reason}"

    def _entries(self, pointer: str) -> Iterator[Entry]:
        return _at_or_inside(self._ledger.entries, pointer)

    def _inside(self, pointer: str) -> Iterator[str]:
        entries = [entry for entry in self._entries(pointer) if entry.pointer != pointer or not pointer]
        yield from self._listed(
            "degraded", [entry for entry in entries if entry.verdict == "degraded" and (pointer or not entry.lost)]
        )
        yield from _counted(entry for entry in entries if entry.verdict == "ignored")
        for version, edition in self._ledger.editions.items():
            inside = [entry for entry in _at_or_inside(edition.entries, pointer) if entry.pointer != pointer]
            yield from self._listed(f"in the {version} edition", inside)

    def _listed(self, heading: str, entries: list[Entry]) -> Iterator[str]:
        if entries:
            yield ""
            yield f"{heading}:"
        for entry in entries[:_SHOWN]:
            yield f"  {self._document.display(entry.pointer)}: {entry.pointer}: {entry.reason}"
        if len(entries) > _SHOWN:
            yield f"  and {len(entries) - _SHOWN} more; --json lists all"


def _at_or_inside(entries: Iterable[Entry], pointer: str) -> Iterator[Entry]:
    return (entry for entry in entries if f"{entry.pointer}/".startswith(f"{pointer}/"))


def _counted(entries: Iterable[Entry]) -> Iterator[str]:
    """List rules by how much they ignore; the parts are named by --json."""
    rules = Counter(entry.reason for entry in entries)
    if rules:
        yield ""
        yield "ignored:"
    for rule, number in rules.most_common():
        yield f"  {number:,} by the rule: {rule}"


def _made(api: Api) -> Iterator[tuple[str, str]]:
    """List what was made of parts of a description, by pointer."""
    models = f"{api.package}.models"
    for declaration in api.declarations:
        if isinstance(declaration, Model):
            for field in declaration.fields:
                yield field.pointer, f"the attribute {declaration.name}.{field.name}"
        yield declaration.pointer, f"the {_KINDS[type(declaration)]} {models}.{declaration.name}"
    for resource in api.resources:
        for operation in resource.operations:
            fields: list[Field] = [parameter.field for parameter in operation.parameters]
            fields += [operation.body.field] if operation.body else []
            for field in fields:
                yield field.pointer, f"the attribute {operation.request}.{field.name}"
            yield operation.pointer, f"client.{resource.name}.{operation.name} and {models}.{operation.request}"
    for event in api.events:
        yield event.pointer, f"{api.package}.events.{event.class_name}, read by parse_{event.name}"
    for scheme in api.security_schemes:
        pointer = pointers.join(("components", "securitySchemes", scheme.wire_name))
        yield pointer, f"the argument {scheme.argument} of {api.client}"
