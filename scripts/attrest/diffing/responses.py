"""Compares responses (OpenAPI 3.1 §4.8.16) with their headers, bodies and links."""

from __future__ import annotations

from collections.abc import Collection

from attrest import nodes
from attrest.diffing import contents, parameters
from attrest.diffing.changes import Direction, Place
from attrest.diffing.collecting import Collector
from attrest.diffing.keys import lacking
from attrest.diffing.views import Part, Side

_TARGET = ("operationId", "operationRef", "parameters", "requestBody", "server")


def compare(collector: Collector, place: Place, old: Part, new: Part, direction: Direction) -> None:
    """Compare the responses of an operation.

    Args:
        collector: Told what is found.
        place: The operation.
        old: The old operation.
        new: The new one.
        direction: ``response`` where callers receive them.
    """
    left, right = _statuses(collector.old, old), _statuses(collector.new, new)
    for status in [status for status in left if status in right]:
        compare_one(collector, place.then(f"response {status}"), left[status], right[status], direction)
    gone = {status: part for status, part in left.items() if status not in right}
    come = {status: part for status, part in right.items() if status not in left}
    pairs = [(status, range_) for status in gone if (range_ := _range(status, right))]
    pairs += [(range_, status) for status in come if (range_ := _range(status, left))]
    for first, second in pairs:
        inner = place.then(f"response {second}")
        if first in gone and second in come:
            action = "narrowed" if _range(second, left) == first else "widened"
            pointers = {"old": left[first].pointer, "new": right[second].pointer}
            spot = collector.at(inner, direction, "response")
            spot.tell(_class(second, right), action, before=first, after=second, **pointers)
        compare_one(collector, inner, left[first], right[second], direction)
    covered = {status for pair in pairs for status in pair}
    for status in lacking(gone, covered):
        spot = collector.at(place.then(f"response {status}"), direction, "response")
        spot.tell(_class(status, left), "removed", old=gone[status].pointer, subject=status)
    for status in lacking(come, covered):
        spot = collector.at(place.then(f"response {status}"), direction, "response")
        spot.tell(_class(status, right), "added", new=come[status].pointer, subject=status)


def _statuses(side: Side, operation: Part) -> dict[str, Part]:
    written = nodes.mapping(operation.node.get("responses"))
    return {
        status.upper() if status != "default" else status: side.object_of(operation.child("responses", status))
        for status in written
        if not status.startswith("x-")
    }


def _range(status: str, others: Collection[str]) -> str:
    """Return the range that a status is in where that is described, or ``default`` that covers it. Empty for none."""
    ranges = [f"{status[:1]}XX"] if status != "default" else []
    if _class(status, others) == "error" or not _has_success(others):
        ranges.append("default")
    return next((range_ for range_ in ranges if range_ in others and range_ != status), "")


def _class(status: str, others: Collection[str]) -> str:
    """Return what a status means to callers.

    A redirection is the success where its operation describes no other, and ``default`` where it describes neither.

    Args:
        status: The status.
        others: All that the operation describes.
    """
    match status[:1]:
        case "2":
            return "success"
        case "3":
            return "redirection" if any(each.startswith("2") for each in others) else "success"
        case "1":
            return "information"
        case "d":
            return "error" if _has_success(others) else "success"
        case _:
            return "error"


def _has_success(statuses: Collection[str]) -> bool:
    """Return whether any success is described by its status, so that ``default`` is none."""
    return any(status.startswith(("2", "3")) for status in statuses)


def compare_one(collector: Collector, place: Place, old: Part, new: Part, direction: Direction) -> None:
    """Compare two responses."""
    collector.nodes(place, old, new, direction, "response")
    parameters.compare_headers(collector, place, old, new, direction)
    contents.compare(collector, place.then("body"), old, new, direction)
    compare_links(collector, place, old, new, direction)


def compare_links(collector: Collector, place: Place, old: Part, new: Part, direction: Direction) -> None:
    """Compare the links of two responses."""
    left, right = _links(collector.old, old), _links(collector.new, new)
    for name in dict.fromkeys([*left, *right]):
        before, after = left.get(name), right.get(name)
        inner = place.then(f"link {name}")
        if before and after:
            collector.nodes(inner, before, after, direction, "link")
            if any(before.node.get(key) != after.node.get(key) for key in _TARGET):
                collector.at(inner, direction, "link").tell("target", "changed", old=before.pointer, new=after.pointer)
        elif before:
            collector.at(inner, direction, "link").tell("existence", "removed", old=before.pointer)
        elif after:
            collector.at(inner, direction, "link").tell("existence", "added", new=after.pointer)


def _links(side: Side, response: Part) -> dict[str, Part]:
    written = nodes.mapping(nodes.mapping(response.node).get("links"))
    return {name: side.object_of(response.child("links", name)) for name in written}
