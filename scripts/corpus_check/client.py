"""A generated client: its modules, and whether they hold what the description has."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import cast

import attrs

from attrest import pointers
from attrest.ir import Api
from attrest.ledger import Entry
from corpus_check.census import Census
from corpus_check.facts import Count, Failure


class Ignored:
    """What a rule that the user set leaves out of a description."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Keep the pointers; what stands inside of an ignored part is ignored as well."""
        self._pointers = frozenset(entry.pointer for entry in entries if entry.verdict == "ignored")

    def __contains__(self, pointer: object) -> bool:
        tokens = pointers.split(str(pointer))
        return any(pointers.join(tokens[:length]) in self._pointers for length in range(1, len(tokens) + 1))


class Client:
    """The package in a folder that ``attrest generate`` wrote."""

    def __init__(self, output: Path, api: Api) -> None:
        """Make the package importable."""
        self._api = api
        self._source = output / "python" / "src"
        sys.path.insert(0, str(self._source))
        sys.dont_write_bytecode = True

    def modules(self) -> tuple[str, ...]:
        """Return the names of all modules, packages included."""
        package = self._source / self._api.package
        inner = pkgutil.walk_packages([str(package)], f"{self._api.package}.", onerror=lambda _: None)
        return (self._api.package, *(module.name for module in inner))

    def import_failures(self) -> Iterator[Failure]:
        """Import every module, and everything that a package offers; a warning counts as an error."""
        for name in self.modules():
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("error")
                    module = importlib.import_module(name)
                    for offered in getattr(module, "__all__", ()):
                        getattr(module, offered)
            except Exception as error:  # noqa: BLE001  # whatever is wrong with it is what we are here to find
                yield Failure(place=name, reason=f"{type(error).__name__}: {error}")

    def module(self, name: str) -> ModuleType:
        """Return a module by its name inside the package."""
        return importlib.import_module(f"{self._api.package}.{name}")

    def operations(self, census: Census, ignored: Ignored) -> Count:
        """Compare the operations of a description with the requests that can be made.

        One is known by its place, or by its path where that is a reference to what stands elsewhere.
        """
        offered = [operation for operation in self._api.operations if self._offers(operation.request)]
        made = {(operation.method, operation.path) for operation in offered}
        known = {*(operation.pointer for operation in offered), *_pointers(self._api.events)}
        missing, present = list[str](), 0
        for operation in census.operations():
            here = operation.pointer in known or (operation.method, operation.path) in made
            if here or operation.pointer in ignored:
                present += 1
            else:
                missing.append(operation.label)
        return Count(present=present, missing=tuple(missing))

    def schemas(self, census: Census, ignored: Ignored) -> Count:
        """Compare the schemas under ``components`` with the classes and aliases."""
        made = {each.pointer for each in self._api.declarations if self._offers(each.name)}
        names = {name: pointers.join(("components", "schemas", name)) for name in census.schemas()}
        missing = tuple(name for name, pointer in names.items() if pointer not in made and pointer not in ignored)
        return Count(present=len(names) - len(missing), missing=missing)

    def _offers(self, name: str) -> bool:
        try:
            return hasattr(self.module("models"), name)
        except Exception:  # noqa: BLE001  # a module that cannot be imported offers nothing
            return False


def _pointers(value: object) -> Iterator[str]:
    """List the pointers of everything in the intermediate representation."""
    if isinstance(value, tuple):
        for part in cast("tuple[object, ...]", value):
            yield from _pointers(part)
    elif attrs.has(kind := type(value)):
        attributes = {field.name: getattr(value, field.name) for field in attrs.fields(kind)}
        if isinstance(pointer := attributes.get("pointer"), str):
            yield pointer
        yield from _pointers(tuple(attributes.values()))
