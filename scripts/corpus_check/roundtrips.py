"""Examples that go through a client: decoded, encoded, and compared."""

from __future__ import annotations

import importlib
import json
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from attrest.code.spelling import Spelling
from attrest.ir import Api, Model
from attrest.lower.types import Types
from attrest.schemas import Schemas
from attrest.trees import is_list, is_mapping
from attrest.typerefs import ANY, ListOf, MapOf, Nullable, TypeRef, references
from corpus_check.examples import Example
from corpus_check.facts import Examples, Failure
from corpus_check.validity import Validity

_NOWHERE: Final = ""
"""No module: what is spelt stands outside of all of them."""
_WORD: Final = re.compile(r"\b[^\W\d]\w*")
_UUID: Final = re.compile(r"[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
_PADDED_BASE64: Final = re.compile(r"([0-9A-Za-z+/]{4})*([0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)")
_LONGEST: Final = 300

EXACT: Final = "exact"
RESPELT: Final = "respelt"
DIFFERENT: Final = "different"
UNTYPED: Final = "untyped"
Sameness: TypeAlias = Literal["exact", "respelt", "different"]

_FINE: Final = frozenset({EXACT, RESPELT})


class Decoders:
    """The decoders of a client, by the pointers of the schemas that they are for."""

    def __init__(self, tree: Mapping[str, Any], api: Api, schemas: Schemas) -> None:
        """Learn the types."""
        self._resolved = Types(tree, schemas)
        self._package = api.package
        self._spelling = Spelling(api.declarations)
        self._declared = frozenset(each.name for each in api.declarations)
        self._types: dict[str, TypeRef] = {}
        for pointer, type_ in schemas.types.items():
            self._add(pointer, type_)
        for model in api.declarations:
            if isinstance(model, Model):
                for field in model.fields:
                    self._add(field.pointer, field.type)

    def decoder(self, pointer: str) -> Callable[[Any], Any] | None:
        """Return the decoder for the schema at a pointer; None where the client has no part of it."""
        type_ = self._types.get(pointer) or self._resolved.at(pointer)
        if type_ == ANY or not self._declared.issuperset(references(type_)):
            return None
        expression = self._spelling.decoder(type_, _NOWHERE)
        decode: Callable[[Any], Any] = eval(expression, self._namespace(expression))  # noqa: S307  # attrest wrote it
        return decode

    def encode(self, value: Any) -> Any:
        """Encode a decoded value, all the way to text and back."""
        codec = self._module("_runtime.codec")
        return json.loads(codec.dumps(codec.encode(value)))

    def _add(self, pointer: str, type_: TypeRef) -> None:
        self._types.setdefault(pointer, type_)
        match type_:
            case Nullable(inner):
                self._add(pointer, inner)
            case ListOf(item):
                self._add(f"{pointer}/items", item)
            case MapOf(value):
                self._add(f"{pointer}/additionalProperties", value)
            case _:
                pass

    def _namespace(self, expression: str) -> dict[str, Any]:
        homes = {word: self._spelling.home(word) for word in _WORD.findall(expression)}
        found = {
            word: getattr(self._module(f"models.{home}"), word) for word, home in homes.items() if home is not None
        }
        return {"_codec": self._module("_runtime.codec"), **found}

    def _module(self, name: str) -> Any:
        return importlib.import_module(f"{self._package}.{name}")


def round_trips(examples: Iterable[Example], decoders: Decoders, validity: Validity) -> Examples:
    """Send every example through the client, and say what became of it."""
    outcomes = Counter[str]()
    untyped, failures = list[str](), list[Failure]()
    for example in examples:
        outcome = _outcome(example, decoders)
        if outcome == UNTYPED:
            untyped.append(example.pointer)
        elif outcome in _FINE:
            outcomes[outcome] += 1
        elif validity.fits(example.value, example.schema, example.direction):
            failures.append(Failure(place=example.pointer, reason=outcome[:_LONGEST]))
        else:
            outcomes["invalid"] += 1
    return Examples(
        exact=outcomes[EXACT],
        respelt=outcomes[RESPELT],
        invalid=outcomes["invalid"],
        untyped=tuple(untyped),
        failures=tuple(failures),
    )


def _outcome(example: Example, decoders: Decoders) -> str:
    """Return how alike a value comes back, or what goes wrong."""
    try:
        if (decode := decoders.decoder(example.schema)) is None:
            return UNTYPED
        value = decode(example.value)
        after = decoders.encode(value)
        if (sameness := compared(example.value, after)) == DIFFERENT:
            return f"came back as {json.dumps(after, ensure_ascii=False)}"
        return sameness if decode(after) == value else "decoding it again gives another value"
    except Exception as error:  # noqa: BLE001  # whatever is wrong is what we are here to find
        return f"{type(error).__name__}: {error}"


def compared(before: Any, after: Any) -> Sameness:
    """Compare two JSON values: 1 and 1.0 are one number, and true is none (JSON Schema 2020-12 §4.2.2)."""
    if is_mapping(before) and is_mapping(after):
        return (
            _all((value, after[key]) for key, value in before.items()) if before.keys() == after.keys() else DIFFERENT
        )
    if is_list(before) and is_list(after):
        return _all(zip(before, after, strict=True)) if len(before) == len(after) else DIFFERENT
    if before == after and isinstance(before, bool) == isinstance(after, bool):
        return EXACT
    return RESPELT if _meaning(before) is not None and _meaning(before) == _meaning(after) else DIFFERENT


def _all(pairs: Iterable[tuple[Any, Any]]) -> Sameness:
    parts = {compared(before, after) for before, after in pairs}
    return DIFFERENT if DIFFERENT in parts else RESPELT if RESPELT in parts else EXACT


def _meaning(value: Any) -> datetime | UUID | bytes | None:
    """Return the instant, the UUID or the bytes that a text spells.

    All have several spellings (RFC 3339 §4, RFC 9562 §4, RFC 4648 §3.5).
    """
    if not isinstance(value, str):
        return None
    if _UUID.fullmatch(value):
        return UUID(value)
    if _PADDED_BASE64.fullmatch(value):
        return b64decode(value)
    try:
        instant = datetime.fromisoformat(value.upper())
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None
