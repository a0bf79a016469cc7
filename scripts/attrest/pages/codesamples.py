"""Code samples for the published description: each operation gets the programs that its reference page shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from attrest import nodes, pointers
from attrest.document import Document
from attrest.edits import Edits
from attrest.ir import Api
from attrest.pages.docfacts import Facts
from attrest.pages.snippets import Usage

EXTENSION: Final = "x-codeSamples"
"""Redoc's extension of the Operation Object."""
_LANGUAGE: Final = "Python"
_LABELS: Final = ("Python", "Python (async)")


def with_code_samples(document: Document, api: Api) -> dict[str, Any]:
    """Return the tree of a description whose operations have code samples.

    Samples that the description has itself stay, in front, but for those that were put there by this function before.

    Args:
        document: The description; it stays as it is.
        api: What was made of it. Operations that are not in it get no samples.
    """
    edits = Edits(document.tree, document.positions)
    seen = set[str]()
    facts = Facts(api)
    for call in facts.calls:
        pointer = call.operation.pointer
        operation = nodes.mapping(nodes.find(document.tree, pointer))
        # where paths share a path item, the samples are those of the first
        if operation and pointer not in seen:
            seen.add(pointer)
            samples = [*_others(operation), *_samples(facts.programs.call(call))]
            edits.put((*pointers.split(pointer), EXTENSION), samples)
    return edits.tree


def _samples(usage: Usage) -> list[dict[str, str]]:
    sources = (f"{source}\n" for source in (usage.sync, usage.asynchronous))
    return [
        {"lang": _LANGUAGE, "label": label, "source": source} for label, source in zip(_LABELS, sources, strict=True)
    ]


def _others(operation: Mapping[str, Any]) -> list[Any]:
    """Return the samples of an operation that are none of ours."""
    return [sample for sample in nodes.sequence(operation.get(EXTENSION)) if not _is_ours(nodes.mapping(sample))]


def _is_ours(sample: Mapping[str, Any]) -> bool:
    return sample.get("lang") == _LANGUAGE and sample.get("label") in _LABELS
