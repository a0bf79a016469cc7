"""Unions: which of several types a value is (OpenAPI 3.1 §4.8.25; JSON Schema 2020-12 §10.2.1)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import attrs

from .decoding import KINDS, is_object, kind_of, located, refuse
from .errors import DecodeError


@attrs.frozen
class UnknownVariant:
    """A value of a union whose discriminator names a type that this version does not know."""

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
    """What errors call it; the decoder's name where this is empty."""

    @property
    def label(self) -> str:
        """What errors call it."""
        return self.name or getattr(self.decode, "__qualname__", "a variant").removesuffix(".from_dict")

    def mismatch(self, value: Any) -> str | None:
        """Say why a value cannot be this member, as far as can be told without decoding it; None where it can."""
        kind = kind_of(value)
        if kind not in self.kinds and not (kind == "integer" and "number" in self.kinds):
            return f"expected {' or '.join(self.kinds)}"
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


def same(value: Any, constant: Any) -> bool:
    """Say whether two JSON scalars are equal: true is not 1, but 1.0 is (JSON Schema 2020-12 §4.2.2)."""
    return bool(value == constant) and isinstance(value, bool) == isinstance(constant, bool)


def one_of(*variants: Variant) -> Callable[[Any], Any]:
    """Make a decoder for a union without a discriminator.

    A value goes to the variants that its kind, its keys and its constants allow; of those that decode it, the one that
    knows most of its keys wins, and the first of equals.

    Args:
        variants: The members, in the order of the description.

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
                reasons.append(f"{variant.label}: {reason}")
        if len(fitting) == 1:
            return fitting[0].decode(value)
        fitting.sort(key=lambda variant: variant.strangers(value))
        for variant in fitting:
            try:
                return variant.decode(value)
            except DecodeError as error:
                reasons.append(f"{variant.label}: {error}")
        return refuse(f"one of the variants ({'; '.join(reasons)})", value)

    return decode


def tagged(
    wire_name: str, decoders: Mapping[Any, Callable[[Any], Any]], otherwise: Callable[[Any], Any] = UnknownVariant
) -> Callable[[Any], Any]:
    """Make a decoder for a union with a discriminator.

    Args:
        wire_name: The key whose value names the type.
        decoders: That value, and the decoder that it announces.
        otherwise: The decoder of what has a value that is not listed.

    Returns:
        A decoder that raises DecodeError for what is no object, or has a value of another kind than those listed.
    """
    types: set[type] = {type(tag) for tag in decoders}
    expected = " or ".join(sorted(f"{'an' if kind is int else 'a'} {KINDS[kind]}" for kind in types))

    def decode(value: Any) -> Any:
        if not is_object(value):
            refuse("an object", value)
        try:
            tag: Any = value[wire_name]
            chosen = decoders.get(tag) if type(tag) in types else refuse(expected, tag)
        except (KeyError, DecodeError) as error:
            raise located(error, wire_name) from None
        return otherwise(value) if chosen is None else chosen(value)

    return decode
