"""Makes the keys of new items: such as tell them apart, and as the description takes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from attrest.ir import Absent
from attrest.mocking import coercion, values
from attrest.mocking.collections import Collection
from attrest.mocking.schemata import Schemata

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_FIRST_UUID: Final = 0x0000_0000_0000_4000_8000_0000_0000_0000


class Keys:
    """The keys that items of one collection may have."""

    def __init__(self, collection: Collection, answers: Schemata) -> None:
        """Find what describes the key: the answers that show it, and the parameters that name it."""
        pointers = dict.fromkeys(
            parameter.schema
            for role in collection.roles
            for parameter in role.operation.reader.parameters
            if (parameter.location, parameter.name) == role.selected_by and parameter.schema
        )
        self._parameters = [each for each in pointers if "array" not in answers.types(answers.at(each))]
        shown = (role.shown.item for role in collection.roles if role.shown is not None)
        described = [answers.property(item, collection.key) for item in shown]
        self._schema = {"allOf": [*described, *map(answers.at, self._parameters)]}
        self._answers = answers
        self._maker = values.Maker(answers, has_examples=False)

    def candidates(self, number: int, sample: Any) -> Iterator[Any]:
        """Return keys of a number that requests can name, the likeliest first.

        Args:
            number: Of how many new items this is the one, counted from 1.
            sample: The key of an item as the description shows it; None where it shows none.
        """
        for key in self._likely(number, sample):
            if not isinstance(key, Absent) and all(self._is_taken(each, key) for each in self._parameters):
                yield key

    def _likely(self, number: int, sample: Any) -> Iterator[Any]:
        if isinstance(sample, str) and _UUID.fullmatch(sample):
            yield str(UUID(int=_FIRST_UUID + number))
        elif not isinstance(sample, str) and "integer" in self._answers.types(self._schema):
            yield number
        yield str(number)
        yield self._maker.distinct(self._schema, number)

    def _is_taken(self, pointer: str, key: Any) -> bool:
        """Tell whether a parameter takes a key as it is written in a request."""
        sent = coercion.scalar(self._answers, self._answers.at(pointer), str(key))
        return self._answers.fits(pointer, sent)
