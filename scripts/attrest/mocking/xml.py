"""JSON values as XML, as far as schemas tell how (OpenAPI 3.1 §4.8.26), and whether bytes are XML at all."""

from __future__ import annotations

from typing import Any, Final
from xml.etree import ElementTree as ET
from xml.parsers import expat

from attrest import nodes, pointers
from attrest.mocking.adapting import Node
from attrest.mocking.schemata import Schemata
from attrest.trees import is_list, is_mapping

_ROOT: Final = "root"
"""The name of an element that nothing names."""


def written(schemata: Schemata, pointer: str, value: Any) -> bytes:
    """Return a document whose root is a value of the schema at a pointer, named after it or after its component."""
    schema = schemata.at(pointer)
    reference = schema.get("$ref")
    component = pointers.split(nodes.target(reference))[-1] if isinstance(reference, str) else _ROOT
    root = _element(schemata, schema, component, value)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def check(content: bytes | str) -> None:
    """See to it that an XML document is well-formed (XML 1.0 §2.1). Nothing outside of it is read.

    Args:
        content: The document; bytes are in the encoding that they tell themselves.

    Raises:
        ValueError: It is not; the message says why, and where.
    """
    try:
        expat.ParserCreate().Parse(content, True)  # noqa: FBT003 - takes no keywords
    except expat.ExpatError as error:
        raise ValueError(f"well-formed XML: {error}") from None


def _element(schemata: Schemata, schema: Node, name: str, value: Any) -> ET.Element:
    told = nodes.mapping(schemata.flat(schema).get("xml"))
    element = ET.Element(_name(told, name))
    if namespace := nodes.text(told.get("namespace")):
        prefix = nodes.text(told.get("prefix"))
        element.set(f"xmlns:{prefix}" if prefix else "xmlns", namespace)
    if is_mapping(value):
        for key, each in value.items():
            _add(schemata, element, schemata.property(schema, key), key, each)
    elif is_list(value):
        for each in value:
            element.append(_element(schemata, schemata.items(schema), name, each))
    elif value is not None:
        element.text = _text(value)
    return element


def _add(schemata: Schemata, parent: ET.Element, schema: Node, name: str, value: Any) -> None:
    """Add a property to an element: as its attribute, as an element, or as one element for each item of an array."""
    told = nodes.mapping(schemata.flat(schema).get("xml"))
    if told.get("attribute") is True:
        parent.set(_name(told, name), _text(value))
    elif not is_list(value):
        parent.append(_element(schemata, schema, name, value))
    else:
        holder = ET.SubElement(parent, _name(told, name)) if told.get("wrapped") is True else parent
        holder.extend(_element(schemata, schemata.items(schema), name, each) for each in value)


def _name(told: Node, name: str) -> str:
    return str(told.get("name", name))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
