"""Every identifier of the generated code is made here.

A name depends on what it names and on nothing beside it as long as nothing else wants the same one; so adding a schema
leaves the other names alone. Where several do, it goes to what is spelled so, wherever that stands, and numbers follow
the others in their order. Names are compared without regard to case, since file systems are.
"""

from __future__ import annotations

import builtins
import hashlib
import keyword
import re
import unicodedata
from collections.abc import Container, Iterable
from functools import lru_cache

_CHUNK = re.compile(r"[A-Za-z0-9]+")
_SIGNED = re.compile(r"(?<![^\W_])([+-])(?=\d)")
_CLASS_NAME = re.compile(r"[A-Z][A-Za-z0-9_]*")
_LONGEST = 100
_REMEMBERED = 10_000
"""Texts whose words are kept: large descriptions repeat them."""
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0").union(
    map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
"""What Python takes for part of an identifier, though nobody sees it (Unicode, Default_Ignorable_Code_Point)."""

DEVICES = frozenset(
    {"aux", "con", "nul", "prn"} | {f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)}
)
"""What no file can be called on Windows."""

CLASS_HELPERS = frozenset(
    {
        "Any",
        "Callable",
        "ClassVar",
        "Decimal",
        "Enum",
        "IntEnum",
        "Literal",
        "Mapping",
        "Self",
        "Sequence",
        "StrEnum",
        "TYPE_CHECKING",
        "TypeAlias",
        "UNSET",
        "UUID",
        "Unset",
        "UnknownVariant",
    }
)
"""Names that generated modules import beside the models."""
RESOURCE_HELPERS = frozenset(
    {"AsyncTransport", "Mapping", "Literal", "Retries", "TYPE_CHECKING", "Timeout", "Transport"}
)
"""Names that the modules of resources and of the client import beside the resources."""

BODY = "body"
"""What the body of every request is called, and no parameter."""
CONTENT_TYPE = "content_type"
"""The same of what says as which media type a body is sent."""
_BUILTINS = frozenset(dir(builtins))
_SHADOWED = frozenset({"bool", "bytes", "classmethod", "dict", "float", "int", "list", "str", "tuple"})
"""Builtins that generated class bodies use, so that no attribute may hide them."""
_MODEL_METHODS = frozenset({"from_dict", "to_dict", "to_sent", "additional_properties"})
_REQUEST_MEMBERS = _MODEL_METHODS | {"error_headers_of", "headers_of", "operation", "pagination", "to_http"}
_METHOD_ARGUMENTS = frozenset({"self", BODY, CONTENT_TYPE, "options", "poll"})
_CLIENT_MEMBERS = frozenset({"close", "configuration", "pause", "send", "send_as", "send_raw", "stream"})

FIELD_RESERVED = _SHADOWED | _MODEL_METHODS | {"self"}
ARGUMENT_RESERVED = _SHADOWED | _REQUEST_MEMBERS | _METHOD_ARGUMENTS
METHOD_RESERVED = _SHADOWED
RESOURCE_RESERVED = _SHADOWED | _CLIENT_MEMBERS
CLIENT_ARGUMENTS = _SHADOWED | {"self", "super", "server", "timeout", "retries", "headers", "transport"}


@lru_cache(maxsize=_REMEMBERED)
def words(text: str) -> tuple[str, ...]:
    """Split text of any convention (``fooBar``, ``foo-bar``, ``HTTPServer2``, ``userIDs``) into its words."""
    return tuple(word for chunk in _chunks(unicodedata.normalize("NFKC", text)) for word in _humps(chunk))


def _chunks(text: str) -> list[str]:
    """Split text at all that cannot be part of an identifier, and at underscores."""
    if text.isascii():
        return _CHUNK.findall(text)
    return "".join(letter if _is_part_of_word(letter) else " " for letter in text if letter not in _UNSEEN).split()


def _is_part_of_word(letter: str) -> bool:
    return letter != "_" and f"a{letter}".isidentifier()


def _humps(chunk: str) -> list[str]:
    if not any(map(str.isupper, chunk)):
        return [chunk]
    starts = [0, *(index for index in range(1, len(chunk)) if _starts_word(chunk, index))]
    return [chunk[start:end] for start, end in zip(starts, [*starts[1:], len(chunk)], strict=True)]


def _starts_word(chunk: str, index: int) -> bool:
    if not chunk[index].isupper():
        return False
    after = chunk[index + 1 : index + 3]
    plural = after[:1] == "s" and not after[1:].islower()
    return not chunk[index - 1].isupper() or (after[:1].islower() and not plural)


def snake(text: str) -> str:
    """Return text as ``snake_case`` made of letters, digits and underscores that start with a letter."""
    return _identifier("_".join(word.lower() for word in words(text)), "value_")


def pascal(text: str) -> str:
    """Return text in ``PascalCase``; words that are all capitals stay so."""
    return _identifier("".join(word[:1].upper() + word[1:] for word in words(text)), "Value")


def upper(text: str) -> str:
    """Return text as ``UPPER_CASE``, as enum members and environment variables are written."""
    return _identifier(snake(text).upper(), "VALUE_") if words(text) else "EMPTY"


def class_name(text: str) -> str:
    """Return the class name for a schema's name: the name itself wherever it can be one.

    It is not where it begins with ``ClassVar``: attrs takes every annotation that begins so for no field.
    """
    wanted = text if _CLASS_NAME.fullmatch(text) else pascal(text)
    name = f"Schema{wanted}" if wanted.startswith("ClassVar") else wanted
    return _short(f"{name}_" if name in _BUILTINS or name in CLASS_HELPERS or keyword.iskeyword(name) else name)


def attribute(text: str, *reserved: Container[str]) -> str:
    """Return the attribute or argument name for a wire name.

    Args:
        text: The wire name.
        reserved: Names that would be hidden; an underscore follows them, as it does the words that Python needs.
            Where letters have no case, the name of a class can be one of them.
    """
    name = _short(snake(_signs_in_words(text)))
    return f"{name}_" if keyword.iskeyword(name) or any(name in each for each in reserved) else name


def module(text: str) -> str:
    """Return the module name for a class name.

    It is ASCII, since file systems disagree about anything else, and no name of a device on Windows. A module is an
    attribute of its package, where it must not hide a builtin.
    """
    name = portable(_short(snake(text)))
    return f"{name}_" if keyword.iskeyword(name) or name in _BUILTINS or name in DEVICES else name


def portable(name: str) -> str:
    """Return a name that any file system takes: lower case, without accents; a hash stands for other scripts."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in letters if letter.isascii())
    if all(letter.isascii() or unicodedata.combining(letter) for letter in letters):
        return plain
    return f"{_identifier(plain.strip('_'), 'module_')}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


@lru_cache(maxsize=_REMEMBERED)
def enum_member(text: str) -> str:
    """Return the member name for an enum's value; signs count, and text of symbols alone goes by their names."""
    name = _short(upper(_signs_in_words(text) if words(text) else _symbols_in_words(text)))
    return f"{name}_" if keyword.iskeyword(name) or name in {"mro", "MRO"} else name


def _symbols_in_words(text: str) -> str:
    return " ".join(unicodedata.name(character, "character") for character in text)


def _signs_in_words(text: str) -> str:
    """Spell the signs of numbers out, so that ``+1`` and ``-1`` have different names."""
    return _SIGNED.sub(lambda sign: "plus " if sign[1] == "+" else "minus ", text)


def _identifier(name: str, prefix: str) -> str:
    """Return a name as Python reads it, which is in normal form KC (Python reference §2.3)."""
    normal = unicodedata.normalize("NFKC", name)
    if not normal:
        return prefix.rstrip("_")
    return normal if normal.isidentifier() else unicodedata.normalize("NFKC", f"{prefix}{normal}")


def _short(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    return f"{name[: _LONGEST - 9]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


class Namespace:
    """Names already given, so that the next one differs, also where case does not count."""

    def __init__(self, taken: Iterable[str] = (), prefixes: Iterable[str] = ("",)) -> None:
        """Start with names that are taken.

        Args:
            taken: These names.
            prefixes: A name is given out together with itself behind each of these, all of which have to be free.
        """
        self._taken = {name.casefold() for name in taken}
        self._prefixes = tuple(prefixes)

    def free(self, name: str) -> bool:
        """Return whether nobody has the name."""
        return self._taken.isdisjoint(self._claimed(name))

    def take(self, name: str, *alternatives: str) -> str:
        """Give out the name, or the first free alternative, or the name with the first free number after it."""
        for candidate in (name, *alternatives):
            if self.free(candidate):
                return self._give(candidate)
        separator = "_" if name[-1:].isdigit() or name.islower() or name.isupper() else ""
        number = 2
        while not self.free(f"{name}{separator}{number}"):
            number += 1
        return self._give(f"{name}{separator}{number}")

    def take_each(self, wanted: Iterable[tuple[str, ...]]) -> list[str]:
        """Give out a name for each of several texts, in their order; one that is a name already takes it first.

        Args:
            wanted: Each text, the name that it comes to, and alternatives to that.
        """
        wishes = list(wanted)
        by_spelling = sorted(range(len(wishes)), key=lambda index: wishes[index][0] != wishes[index][1])
        given = {index: self.take(*wishes[index][1:]) for index in by_spelling}
        return [given[index] for index in range(len(wishes))]

    def _give(self, name: str) -> str:
        self._taken |= self._claimed(name)
        return name

    def _claimed(self, name: str) -> set[str]:
        return {f"{prefix}{name}".casefold() for prefix in self._prefixes}


def attributes(texts: Iterable[str], *reserved: Container[str]) -> dict[str, str]:
    """Return a name for each of several wire names, in their order; one that is a name already keeps it."""
    wanted = {text: attribute(text, *reserved) for text in texts}
    return dict(zip(wanted, Namespace().take_each(wanted.items()), strict=True))
