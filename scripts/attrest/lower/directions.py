"""Fields that travel in one direction only (OpenAPI 3.0 §4.7.24.2, JSON Schema 2020-12 validation §9.4).

What only the service sets is not there in what a caller makes, and what only a caller sets is not there in an answer;
so neither is required of a model that travels in both directions. What only a caller sets is required when it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from attrest.ir import Declaration, Field, Model


def relaxed(
    declarations: Mapping[str, Declaration], sent: frozenset[str], received: frozenset[str]
) -> dict[str, Declaration]:
    """Return the declarations, with only those fields required that are there in every direction they travel in.

    Args:
        declarations: All of them, by name.
        sent: The names of those that requests hold.
        received: The names of those that answers hold.
    """
    return {
        name: _directed(each, is_sent=name in sent, is_received=name in received) if isinstance(each, Model) else each
        for name, each in declarations.items()
    }


def _directed(model: Model, *, is_sent: bool, is_received: bool) -> Model:
    fields = _relaxed(model.fields, is_sent=is_sent, is_received=is_received)
    return attrs.evolve(model, fields=fields, is_sent=is_sent)


def _relaxed(fields: Iterable[Field], *, is_sent: bool, is_received: bool) -> tuple[Field, ...]:
    return tuple(
        attrs.evolve(
            field,
            required=False,
            required_in_requests=field.required and is_sent and not field.read_only,
        )
        if (field.read_only and is_sent) or (field.write_only and is_received)
        else field
        for field in fields
    )
