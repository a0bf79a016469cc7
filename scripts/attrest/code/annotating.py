"""Types as annotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrest.code import literals
from attrest.code.declared import Declared
from attrest.ir import Alias, Declaration, Enum, Model
from attrest.typerefs import (
    ListOf,
    LiteralOf,
    MapOf,
    Nullable,
    Reference,
    Scalar,
    ScalarKind,
    TupleOf,
    TypeRef,
    UnionOf,
    kind_of,
    references,
    without_null,
)

ANNOTATIONS: Final[Mapping[ScalarKind, str]] = {
    "any": "Any",
    "null": "None",
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "date-time": "_dt.datetime",
    "date": "_dt.date",
    "time": "_dt.time",
    "duration": "_dt.timedelta",
    "uuid": "UUID",
    "decimal": "Decimal",
    "base64": "bytes",
    "base64url": "bytes",
    "file": "bytes",
}
_KEPT: Final[Mapping[ScalarKind, tuple[str, ...]]] = {"duration": ("str",)}
"""What values of a scalar stay that its class cannot hold."""
_CLASSES: Final[Mapping[ScalarKind, tuple[str, ...]]] = {
    "any": ("object",),
    "null": ("type(None)",),
    "number": ("float", "int"),
    "duration": ("_dt.timedelta", "str"),
    "file": ("_bodies.File",),
}
"""What the values of a scalar are instances of, where that is not what it is annotated as."""


class Annotations(Declared):
    """Annotates values of types."""

    def __init__(self, declarations: Iterable[Declaration], files: str = "bytes") -> None:
        """Get to know the declarations.

        Args:
            declarations: The API's.
            files: The annotation of a file: its bytes where it was received.
        """
        super().__init__(declarations)
        self._files = files

    def annotation(self, type_: TypeRef) -> str:
        """Return the annotation of a value that was decoded."""
        return _union(self._alternatives(type_))

    def is_late(self, type_: TypeRef) -> bool:
        """Return whether the annotation of a type cannot be evaluated: it is a union with something that is text."""
        return " | " in self.annotation(type_) and any(self.is_quoted(name) for name in references(type_))

    def _alternatives(self, type_: TypeRef) -> list[str]:
        match type_:
            case Scalar("file"):
                return [self._files]
            case Scalar(kind):
                return [ANNOTATIONS[kind], *_KEPT.get(kind, ())]
            case Reference(name):
                declaration = self._declarations[name]
                return [name, *(_open_types(declaration) if isinstance(declaration, Enum) else ())]
            case ListOf() | TupleOf():
                return [f"list[{self.annotation(type_.item)}]"]
            case MapOf(value):
                return [f"dict[str, {self.annotation(value)}]"]
            case LiteralOf(values):
                return _literal_alternatives(values)
            case Nullable(inner):
                return [*self._alternatives(inner), "None"]
            case UnionOf(members):
                return [*(each for member in members for each in self._alternatives(member)), self._unknown(type_)]

    def _unknown(self, union: UnionOf) -> str:
        """Return the annotation of an object that is no member of a union; empty where it is refused, or a member's."""
        is_said = any(isinstance(each, Reference) and self.keeps_unknown(each) for each in union.members)
        return "UnknownVariant" if self.keeps_unknown(union) and not is_said else ""

    def argument(self, type_: TypeRef, *, required: bool, text_for_times: bool = False) -> str:
        """Return the annotation of a value that a caller passes: any sequence or mapping, and a file in any form.

        Args:
            type_: The type.
            required: Whether the caller must pass it; else None stands for its absence.
            text_for_times: Whether a time may be passed as RFC 3339 text.
        """
        text = "str" if text_for_times and self.resolved(type_) == Scalar("date-time") else ""
        null = "" if required and not self.takes_null(type_) else "None"
        bare = without_null(type_)
        if isinstance(bare, UnionOf) and bare.discriminator is None:
            accepted = [*(each for member in bare.members for each in self._accepted(member)), self._unknown(bare)]
        else:
            accepted = self._accepted(bare)
        return _union([*accepted, text, null])

    def _accepted(self, type_: TypeRef) -> list[str]:
        match bare := self.resolved(type_):
            case ListOf() | TupleOf():
                return [f"Sequence[{self.annotation(bare.item)}]"]
            case MapOf(value):
                return [f"Mapping[str, {self.annotation(value)}]"]
            case Scalar("file"):
                return ["_bodies.FileLike"]
            case _:
                return self._alternatives(without_null(type_))

    def classes(self, type_: TypeRef) -> tuple[str, ...]:
        """Return expressions for the classes that the values of a type have, ``object`` for any."""
        found = dict.fromkeys(self._classes(type_, frozenset()))
        return ("object",) if "object" in found else tuple(found)

    def _classes(self, type_: TypeRef, seen: frozenset[str]) -> Iterator[str]:
        match type_:
            case Scalar(kind):
                yield from _CLASSES.get(kind, (ANNOTATIONS[kind],))
            case Reference(name):
                yield from () if name in seen else self._classes_of(self._declarations[name], seen | {name})
            case ListOf() | TupleOf():
                yield "Sequence"
            case MapOf():
                yield "Mapping"
            case LiteralOf(values):
                yield from ("type(None)" if value is None else type(value).__name__ for value in values)
            case Nullable(inner):
                yield from (*self._classes(inner, seen), "type(None)")
            case UnionOf(members):
                yield from (each for member in members for each in self._classes(member, seen))
                yield from ("UnknownVariant",) if self.keeps_unknown(type_) else ()

    def _classes_of(self, declaration: Declaration, seen: frozenset[str]) -> Iterator[str]:
        match declaration:
            case Model():
                yield declaration.name
            case Enum():
                yield from (declaration.name, *_open_types(declaration))
            case Alias():
                yield from self._classes(declaration.type, seen)


def _open_types(enum: Enum) -> list[str]:
    """Return the types of the values that an enum does not list."""
    kinds: dict[ScalarKind, None] = dict.fromkeys(kind_of(member.value) for member in enum.members)
    return [ANNOTATIONS[kind] for kind in kinds if kind != "integer" or "number" not in kinds]


def _literal_alternatives(values: tuple[object, ...]) -> list[str]:
    spelt = [literals.literal(value) for value in values if isinstance(value, str | int)]
    literal = [f"Literal[{', '.join(spelt)}]"] if spelt else []
    others = ["float"] if any(isinstance(value, float) for value in values) else []
    null = ["None"] if None in values else []
    return [*literal, *others, *null] or ["Any"]


def _union(alternatives: Iterable[str]) -> str:
    """Return the annotation for one of several types: each once, null last, and nothing beside one that takes all."""
    distinct = dict.fromkeys(each for each in alternatives if each)
    if "Any" in distinct:
        return "Any"
    return " | ".join(sorted(distinct, key="None".__eq__))
