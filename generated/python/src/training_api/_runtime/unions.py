"""Unions: which of several types a value is (OpenAPI 3.1 §4.8.25; JSON Schema 2020-12 §10.2.1)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import attrs

from .decoding import is_object, kind_of, located, refuse, same, shown
from .errors import DecodeError


@attrs.frozen
class UnknownVariant:
    """An object in the place of a union, of a type that this version does not know."""

    value: Any
    """The value as the JSON parser made it; it is sent as it came."""


@attrs.frozen
class Variant:
    """One member of a union without a discriminator, and what tells it apart."""

    decode: Callable[[Any], Any]
    kinds: Collection[str]
    """The kinds of JSON value that it can be, as ``decoding.Kind`` names them."""
    required: frozenset[str] = frozenset()
    """Keys that an object must have."""
    known: frozenset[str] = frozenset()
    """Keys that an object can be expected to have."""
    constants: Mapping[str, Collection[Any]] = attrs.field(factory=dict[str, Collection[Any]])
    """Keys and the values that they must have where they are there."""
    name: str = ""
    """What errors call it; its class, or what kinds of value it can be, where this is empty."""

    @property
    def label(self) -> str:
        """What errors call it."""
        owner = getattr(self.decode, "__self__", None)
        return self.name or (owner.__name__ if isinstance(owner, type) else in_words(self.kinds))

    def explained(self, reason: object) -> str:
        """Say why a value is not this member; that it is of another kind goes without saying where kinds are all."""
        return self.label if reason == f"not {self.label}" else f"{self.label}: {reason}"

    def mismatch(self, value: Any) -> str | None:
        """Say why a value cannot be this member, as far as can be told without decoding it; None where it can."""
        kind = kind_of(value)
        if kind not in self.kinds and not (kind == "integer" and "number" in self.kinds):
            return f"not {in_words(self.kinds)}"
        if kind != "object":
            return None
        if missing := sorted(self.required - value.keys()):
            return f"no {', '.join(map(repr, missing))}"
        for key, allowed in self.constants.items():
            if key in value and not any(same(value[key], constant) for constant in allowed):
                return f"{key!r} is not {' or '.join(map(repr, allowed))}"
        return None

    def strangers(self, value: Any) -> int:
        """Count the keys of a value that this member does not know."""
        return len(value.keys() - self.known) if is_object(value) else 0


def in_words(kinds: Iterable[str]) -> str:
    """Return kinds of JSON value as errors say what was expected: ``a string or null``."""
    articles = {"null": "", "array": "an ", "integer": "an ", "object": "an "}
    return " or ".join(f"{articles.get(kind, 'a ')}{kind}" for kind in sorted(kinds))


def one_of(*variants: Variant, is_open: bool = False) -> Callable[[Any], Any]:
    """Make a decoder for a union without a discriminator.

    A value goes to the variants that its kind, its keys and its constants allow; of those that decode it, the one that
    knows most of its keys wins, and the first of equals. Where they allow one variant alone, it is that one, or wrong.

    Args:
        variants: The members, in the order of the description.
        is_open: Whether an object that fits none is of a type that is not known yet, and kept.

    Returns:
        A decoder that raises DecodeError, with a reason per variant, where none fits.
    """

    def decode(value: Any) -> Any:
        reasons: list[str] = []
        fitting: list[Variant] = []
        for variant in variants:
            reason = variant.mismatch(value)
            if reason is None:
                fitting.append(variant)
            else:
                reasons.append(variant.explained(reason))
        if len(fitting) == 1:
            return fitting[0].decode(value)
        fitting.sort(key=lambda variant: variant.strangers(value))
        is_kept = is_open and is_object(value)
        for variant in fitting:
            try:
                decoded = variant.decode(value)
            except DecodeError as error:
                reasons.append(variant.explained(error))
            else:
                if not isinstance(decoded, UnknownVariant):
                    return decoded
                is_kept = True
        if is_kept:
            return UnknownVariant(value)
        return refuse(f"one of the variants ({'; '.join(reasons)})", value)

    return decode


def tagged(
    wire_name: str, decoders: Mapping[Any, Callable[[Any], Any]], otherwise: Callable[[Any], Any] | None = None
) -> Callable[[Any], Any]:
    """Make a decoder for a union with a discriminator.

    Args:
        wire_name: The key whose value names the type.
        decoders: That value, and the decoder that it announces.
        otherwise: The decoder of what has a value that is not listed, or none. Without it, the one is kept as an
            UnknownVariant, and the other goes to the variant that its other keys fit best, if there is just one.

    Returns:
        A decoder that raises DecodeError for what is no object, or has a value of another kind than those listed.
    """
    kinds = {kind for tag in decoders if (kind := kind_of(tag))}
    unlisted: Callable[[Any], Any] = otherwise or UnknownVariant
    untagged = otherwise or partial(by_keys, tuple(decoders.values()))
    expected = in_words(kinds)

    def decode(value: Any) -> Any:
        if not is_object(value):
            refuse("an object", value)
        if wire_name not in value:
            return untagged(value)
        tag: Any = value[wire_name]
        if kind_of(tag) not in kinds:
            raise located(DecodeError(expected, shown(tag)), wire_name)
        return decoders.get(tag, unlisted)(value)

    return decode


def by_keys(decoders: Iterable[Callable[[Any], Any]], value: Mapping[str, Any]) -> Any:
    """Decode an object that does not say which member of a union it is: as the one that knows most of its keys.

    Args:
        decoders: Those of the members.
        value: The object.

    Returns:
        An UnknownVariant where it fits no member, or several equally well.
    """
    found: dict[int, list[Any]] = {}
    for decode in dict.fromkeys(decoders):
        with suppress(DecodeError):
            decoded = decode(value)
            strangers: Mapping[str, Any] = getattr(decoded, "additional_properties", value)
            found.setdefault(len(strangers), []).append(decoded)
    best = found[min(found)] if found else []
    return best[0] if len(best) == 1 else UnknownVariant(value)
