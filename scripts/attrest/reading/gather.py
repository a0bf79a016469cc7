"""Gathers a description in several files into one tree.

What stands in other files moves into ``components``, under the name that it has there, or takes the place of the
reference where an object cannot be in ``components``. A component of the root file that is only a reference takes over
what it refers to, so that the root file's names hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePath
from typing import Any, TypeAlias

import attrs

from attrest import pointers
from attrest.diagnostics import Finding, LoadError, Severity
from attrest.document import finding_at
from attrest.objects import NOT_IN_NAMES, SECTIONS, Child, Kind, children, mapped, referable, reference_of, slots
from attrest.positions import Place
from attrest.reading.files import File, Files
from attrest.reading.identifiers import find_anchor
from attrest.reading.remote import UnreachableError, host_of
from attrest.reading.syntax import names_a_file
from attrest.trees import is_list, is_mapping

Address: TypeAlias = tuple[str, pointers.Tokens]
"""A node as it was written: the location of its file, and its pointer in it."""


def gather(files: Files, root: File) -> tuple[Finding, ...]:
    """Move what other files hold into the root file's tree, and make every reference one into that tree.

    Args:
        files: Where to read from.
        root: The root file; its tree is changed.

    Returns:
        The references that lead nowhere. They are left as they were written.
    """
    walker = _Walker(files, root)
    walker.walk()
    _Placer(walker).place()
    return tuple(walker.findings)


@attrs.frozen(eq=False)
class _Site:
    """A reference that is to be rewritten."""

    container: dict[str, Any]
    key: str
    address: Address


@attrs.frozen(eq=False)
class _Target:
    """What a reference leads to."""

    kind: Kind
    node: Any


@attrs.frozen(eq=False)
class _Visit:
    """An object on the way of the walk."""

    kind: Kind
    node: Any
    tokens: pointers.Tokens
    """Its pointer in the unit: the root's tree, or a target that will be moved as a whole."""
    inside: tuple[Address, ...]
    """What was put in the place of a reference around it."""


class _Walker:
    """Finds every reference; puts in place what has to stand where it is referred to."""

    def __init__(self, files: Files, root: File) -> None:
        self.files = files
        self.root = root
        self.findings: list[Finding] = []
        self.sites: list[_Site] = []
        self.targets: dict[Address, _Target] = {}
        self.inlined: dict[Address, tuple[Address, pointers.Tokens]] = {}
        """What stands in the place of a reference: in which unit, and where in it."""
        self.left: list[tuple[dict[str, Any], str, str]] = []
        """The references that lead nowhere, outside the root file: a mapping, its key, and what to write there."""
        self.links: list[_Site] = []
        """The references of links to operations, which stay where they are."""
        self._visited: set[tuple[int, Kind]] = set()
        self._root_path = root.source.path
        self._unit: Address = (self._root_path, ())
        self._referable = referable(str(root.data["openapi"])[:3])

    def walk(self) -> None:
        self._walk_unit(self._unit, _Target("description", self.root.data))
        done = 0
        while done < len(self.targets):
            for address, target in list(self.targets.items())[done:]:
                self._walk_unit(address, target)
                done += 1

    def _walk_unit(self, unit: Address, target: _Target) -> None:
        self._unit = unit
        reference = reference_of(target.node)
        if reference is not None and target.kind in self._referable:
            self._add_site(target.node, reference, target.kind)
        waiting = [_Visit(target.kind, target.node, (), ())]
        while waiting:
            visit = waiting.pop()
            if (id(visit.node), visit.kind) in self._visited:
                continue
            self._visited.add((id(visit.node), visit.kind))
            self._inline_holders(visit)
            if visit.kind == "discriminator":
                self._discriminator(visit.node)
            elif visit.kind == "link":
                self._link(visit.node)
            found = [self._visit_child(visit, child) for child in children(visit.kind, visit.node)]
            waiting.extend(reversed(found))

    def _inline_holders(self, visit: _Visit) -> None:
        """Put a list or a map of objects in the place of the reference that it was written as."""
        if not is_mapping(visit.node):
            return
        for key, slot in list(slots(visit.kind, visit.node)):
            if slot.shape != "one" and reference_of(visit.node[key]) is not None:
                holder = Child((key,), "data", visit.node, key, visit.node[key])
                self._visit_child(visit, holder)

    def _visit_child(self, parent: _Visit, child: Child) -> _Visit:
        """Deal with the references that a child is, and give what to walk next in its place."""
        node = child.node
        inside = parent.inside
        tokens = parent.tokens + child.tokens
        while (reference := reference_of(node)) is not None:
            if not self._is_inlined(parent, child, node, reference):
                if child.kind in self._referable:
                    self._add_site(node, reference, child.kind)
                break
            address = self._address(node, reference)
            if address is None or not self._exists(node, reference, address):
                break
            if child.kind in self._referable and self._has_place(address):
                self.sites.append(_Site(node, "$ref", address))
                break
            if any(_contains(address, around) for around in (*inside, self._unit)):
                self.report(node, "circular-reference", f"{reference} leads back to itself")
                break
            node = self._inline(child, node, address)
            self.inlined.setdefault(address, (self._unit, tokens))
            inside = (*inside, address)
        return _Visit(child.kind, node, tokens, inside)

    def _is_inlined(self, parent: _Visit, child: Child, node: dict[str, Any], reference: str) -> bool:
        """Tell whether what a reference leads to takes its place, as against its being moved to the components."""
        if self._location(node) == self._root_path and reference.startswith("#"):
            return False
        if child.kind not in self._referable or child.kind == "path item":
            return True
        is_component = parent.kind == "components" and self._unit == (self._root_path, ())
        address = self.address_of(node, reference)
        return is_component and len(node) == 1 and address is not None and not self._has_place(address)

    def _has_place(self, address: Address) -> bool:
        """Tell whether an address is in the root's tree already."""
        return address[0] == self._root_path or any(prefix in self.inlined for prefix in _prefixes(address))

    def _inline(self, child: Child, reference: dict[str, Any], address: Address) -> Any:
        positions = self.files.positions
        node = self._resolve(address)
        if self._has_place(address):
            node = positions.copy(node)
        if is_mapping(node) and len(reference) > 1:
            node = self._with_siblings(node, reference)
        positions.keep(reference)
        child.container[child.key] = node
        return node

    def _with_siblings(self, node: dict[str, Any], reference: dict[str, Any]) -> dict[str, Any]:
        """Add the fields beside a path item's ``$ref``, which hold over those of what it refers to."""
        positions = self.files.positions
        merged: dict[str, Any] = {}
        for mapping in (node, reference):
            for key, value in mapping.items():
                if mapping is node or key != "$ref":
                    merged[key] = value
                    if place := positions.find(mapping, key):
                        positions.move(merged, key, place)
        positions.keep(node)
        if source := positions.source_of(node):
            positions.record(merged, source, {})
        return merged

    def _discriminator(self, node: Any) -> None:
        for (*holder, key), value in mapped(node):
            container = pointers.resolve(node, holder)
            path = self._location(container)
            if path == self._root_path and value.startswith("#"):
                continue
            file = self.files.read(path)
            is_name = (
                pointers.resolve(file.data if file else None, ("components", "schemas", value)) is not pointers.MISSING
            )
            if is_name and path != self._root_path:
                address: Address = (path, ("components", "schemas", value))
                self._add_target(container, key, address, "schema")
            elif not is_name and (names_a_file(value) or value.startswith("#")):
                self._add_site(container, value, "schema", key)

    def _link(self, node: Any) -> None:
        reference = node.get("operationRef") if is_mapping(node) else None
        if isinstance(reference, str) and not (reference.startswith("#") and self._location(node) == self._root_path):
            parsed = pointers.parse_reference(reference)
            address = self.files.locate(self._location(node), parsed), pointers.split(parsed.fragment)
            self.links.append(_Site(node, "operationRef", address))

    def _add_site(self, container: dict[str, Any], reference: str, kind: Kind, key: str = "$ref") -> None:
        address = self._address(container, reference, key)
        if address is not None and self._exists(container, reference, address, key):
            self._add_target(container, key, address, kind)

    def _add_target(self, container: dict[str, Any], key: str, address: Address, kind: Kind) -> None:
        is_internal = address[0] == self._root_path
        if not (is_internal and container[key].startswith("#") and self._location(container) == address[0]):
            self.sites.append(_Site(container, key, address))
        node = self._resolve(address)
        if node is not pointers.MISSING:
            self.targets.setdefault(address, _Target(kind, node))

    def _address(self, container: dict[str, Any], reference: str, key: str = "$ref") -> Address | None:
        """Say where a reference leads; None, and a finding, if it is not into a file."""
        parsed = pointers.parse_reference(reference)
        location = self.files.locate(self._location(container), parsed)
        if self.files.is_off(location):
            told = "a URL" if parsed.is_remote else location
            self.report(
                container, "remote-reference", f"{reference} is {told}, and is not fetched", _allow(location), key
            )
            return None
        if parsed.is_pointer:
            return location, pointers.split(parsed.fragment)
        return None if location == self._root_path else self._anchored(container, location, parsed.fragment, key)

    def _anchored(self, container: dict[str, Any], location: str, name: str, key: str) -> Address | None:
        """Say where a name in a file that is not the root leads; None, and a finding, if nowhere."""
        address = self._named(location, name)
        if address is None and self._exists(container, container[key], (location, ()), key):
            message = f"{container[key]} leads nowhere: no schema has the anchor {name}"
            self.report(container, "dangling-reference", message, None, key)
        return address

    def _named(self, location: str, name: str) -> Address | None:
        with suppress(OSError, ValueError):
            file = self.files.read(location)
            tokens = find_anchor(file.data, name) if file else None
            return None if tokens is None else (location, tokens)
        return None

    def address_of(self, container: dict[str, Any], reference: str) -> Address | None:
        parsed = pointers.parse_reference(reference)
        location = self.files.locate(self._location(container), parsed)
        if self.files.is_off(location):
            return None
        return (
            (location, pointers.split(parsed.fragment)) if parsed.is_pointer else self._named(location, parsed.fragment)
        )

    def _exists(self, container: dict[str, Any], reference: str, address: Address, key: str = "$ref") -> bool:
        """Tell whether there is something at an address, and report if not; into the root file, validation reports.

        Raises:
            LoadError: A host does not answer now.
        """
        location, tokens = address
        if location == self._root_path:
            return bool(tokens) or self.report(container, "dangling-reference", f"{reference} is the whole description")
        try:
            file = self.files.read(location)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            message = f"{reference} leads to a file that cannot be read: {reason}"
            self.report(container, "dangling-reference", message, None, key)
            if isinstance(error, UnreachableError):
                raise LoadError(self.findings[-1:]) from error
            return False
        if file is None:
            return self.leave(container, key)
        if pointers.resolve(file.data, tokens) is pointers.MISSING:
            message = f"{reference} leads nowhere: {_missing_part(file, tokens)}"
            return self.report(container, "dangling-reference", message, None, key)
        return True

    def _resolve(self, address: Address) -> Any:
        file = self.files.read(address[0])
        return pointers.resolve(file.data, address[1]) if file else pointers.MISSING

    def _location(self, container: Any) -> str:
        source = self.files.positions.source_of(container)
        return source.base if source else self._root_path

    def report(
        self, container: dict[str, Any], rule: str, message: str, hint: str | None = None, key: str = "$ref"
    ) -> bool:
        place = self.files.positions.find(container, key) or Place(self.root.source, 0)
        severity: Severity = "warning" if rule == "remote-reference" else "error"
        self.findings.append(finding_at(place, severity, rule, message, "", hint))
        return self.leave(container, key)

    def leave(self, container: dict[str, Any], key: str) -> bool:
        """Note a reference that leads nowhere, to be written in the end as the root file would write it."""
        location = self._location(container)
        if location != self._root_path:
            named = self.files.locate(location, pointers.parse_reference(container[key]))
            _, mark, fragment = container[key].partition("#")
            self.left.append((container, key, self.files.shown(named) + mark + fragment))
        return False


def _allow(url: str) -> str:
    """Say what to do about a reference that is not fetched."""
    host = host_of(url)
    if host is None:
        return "copy what it names beside the description, and refer to the copy"
    return f'allow it with --allow-host {host}, or allow-hosts = ["{host}"] in [tool.attrest]'


def _missing_part(file: File, tokens: pointers.Tokens) -> str:
    node = file.data
    for depth, token in enumerate(tokens):
        node = pointers.step(node, token)
        if node is pointers.MISSING:
            return f"{file.source.display} has no {pointers.join(tokens[: depth + 1])}"
    return f"{file.source.display} is empty"


class _Placer:
    """Gives what is referred to its place in the root's tree, and rewrites the references."""

    def __init__(self, walker: _Walker) -> None:
        self._walker = walker
        self._root_path = walker.root.source.path
        self._homes: dict[Address, pointers.Tokens] = {(self._root_path, ()): ()}

    def place(self) -> None:
        for address, target in self._walker.targets.items():
            if not self._is_placed(address):
                self._move(address, target)
        for site in self._walker.sites:
            tokens = self._place_of(site)
            if tokens is not None:
                site.container[site.key] = pointers.as_fragment(pointers.join(tokens))
        for site in self._walker.links:
            self._link(site)
        for container, key, text in self._walker.left:
            container[key] = text
        self._unshare()

    def _link(self, site: _Site) -> None:
        """Write where the operation of a link is in the root's tree; one of another description is nowhere in it."""
        tokens = self._place_of(site) if self._has_home(site.address) else None
        if tokens is None:
            self._walker.leave(site.container, site.key)
        else:
            site.container[site.key] = pointers.as_fragment(pointers.join(tokens))

    def _unshare(self) -> None:
        """Make what was put in several places a copy in all but the first, and inside itself a reference."""
        positions = self._walker.files.positions
        seen: set[int] = set()
        around: dict[int, pointers.Tokens] = {}
        waiting: list[tuple[Any, Any, pointers.Tokens, bool]] = [([self._walker.root.data], 0, (), False)]
        while waiting:
            parent, key, tokens, is_done = waiting.pop()
            node = parent[key]
            if is_done:
                del around[id(node)]
                continue
            if id(node) in around:
                parent[key] = self._reference(parent, key, around[id(node)])
                continue
            if id(node) in seen:
                node = parent[key] = positions.copy_container(node)
            seen.add(id(node))
            around[id(node)] = tokens
            waiting.append((parent, key, tokens, True))
            keyed: list[tuple[Any, Any]] = list(node.items() if is_mapping(node) else enumerate(list[Any](node)))
            waiting.extend(
                (node, name, (*tokens, str(name)), False)
                for name, child in reversed(keyed)
                if is_mapping(child) or is_list(child)
            )

    def _reference(self, parent: Any, key: Any, tokens: pointers.Tokens) -> dict[str, Any]:
        """Make a reference that stands where something was put inside itself."""
        reference = {"$ref": pointers.as_fragment(pointers.join(tokens))}
        if place := self._walker.files.positions.find(parent, key):
            self._walker.files.positions.record(reference, place.source, {"$ref": place.offset})
        self._walker.files.positions.keep(reference)
        return reference

    def _is_placed(self, address: Address) -> bool:
        """Tell whether an address is, or lies inside, something that has or will have a place."""
        walker = self._walker
        if address in walker.inlined:
            return True
        outer = list(_prefixes(address))[1:]
        return any(prefix in self._homes or prefix in walker.inlined or prefix in walker.targets for prefix in outer)

    def _has_home(self, address: Address) -> bool:
        """Tell whether an address is, or lies inside, something that has a place."""
        return any(prefix in self._homes or prefix in self._walker.inlined for prefix in _prefixes(address))

    def _place_of(self, site: _Site) -> pointers.Tokens | None:
        """Say where in the root's tree a reference leads; None, and a finding, where it leads around in a circle."""
        address, behind = site.address, pointers.Tokens()
        for _ in range(len(self._walker.inlined) + 1):
            prefix = next(it for it in _prefixes(address) if it in self._homes or it in self._walker.inlined)
            behind = address[1][len(prefix[1]) :] + behind
            if prefix in self._homes:
                return self._homes[prefix] + behind
            address, inner = self._walker.inlined[prefix]
            behind = inner + behind
        self._walker.report(
            site.container, "circular-reference", "this is part of itself, through references", key=site.key
        )
        return None

    def _move(self, address: Address, target: _Target) -> None:
        section_name = SECTIONS[target.kind]
        section = self._section(section_name)
        for name in _names(address):
            if name not in section:
                section[name] = target.node
                self._walker.files.positions.move(section, name, self._written(address))
                break
            if self._same(section[name], target.node):
                break
        else:
            raise AssertionError("unreachable: names never end")
        self._homes[address] = ("components", section_name, name)

    def _section(self, name: str) -> dict[str, Any]:
        root = self._walker.root
        return self._mapping(self._mapping(root.data, "components"), name)

    def _mapping(self, parent: dict[str, Any], key: str) -> dict[str, Any]:
        if not isinstance(parent.get(key), dict):
            if parent.get(key) is not None:
                place = self._walker.files.positions.find(parent, key) or Place(self._walker.root.source, 0)
                self._walker.findings.append(finding_at(place, "error", "openapi", f"{key} is not a mapping"))
            parent[key] = {}
            self._walker.files.positions.record(parent[key], self._walker.root.source, {})
        section: dict[str, Any] = parent[key]
        return section

    def _written(self, address: Address) -> Place:
        path, tokens = address
        file = self._walker.files.read(path)
        source = file.source if file else self._walker.root.source
        place = None
        if file and tokens:
            parent = pointers.resolve(file.data, tokens[:-1])
            key: str | int = int(tokens[-1]) if is_list(parent) else tokens[-1]
            place = self._walker.files.positions.find(parent, key)
        return place or Place(source, 0)

    def _same(self, one: Any, other: Any) -> bool:
        """Tell whether two nodes say the same, references included."""
        if is_mapping(one) and is_mapping(other):
            return one.keys() == other.keys() and all(
                self._same_reference(one, other) if key == "$ref" else self._same(one[key], other[key]) for key in one
            )
        if is_list(one) and is_list(other):
            return len(one) == len(other) and all(map(self._same, one, other))
        return type(one) is type(other) and bool(one == other)

    def _same_reference(self, one: dict[str, Any], other: dict[str, Any]) -> bool:
        references = [reference_of(node) for node in (one, other)]
        addresses = [
            self._walker.address_of(node, text) for node, text in zip((one, other), references, strict=True) if text
        ]
        return len(addresses) == len(references) and addresses[0] is not None and addresses[0] == addresses[1]


def _contains(outer: Address, inner: Address) -> bool:
    """Tell whether a node is, or stands inside, another one."""
    return outer[0] == inner[0] and outer[1] == inner[1][: len(outer[1])]


def _prefixes(address: Address) -> Iterator[Address]:
    """List an address and those of everything around it, the innermost first."""
    path, tokens = address
    for length in range(len(tokens), -1, -1):
        yield path, tokens[:length]


def _names(address: Address) -> Iterator[str]:
    """List names for a component, the best first, without end."""
    path, tokens = address
    stem = _as_name(PurePath(path).stem)
    name = _as_name(tokens[-1]) if tokens else stem
    yield name
    if tokens:
        name = f"{name}_{stem}"
        yield name
    number = 2
    while True:
        yield f"{name}_{number}"
        number += 1


def _as_name(text: str) -> str:
    return NOT_IN_NAMES.sub("_", text) or "component"
