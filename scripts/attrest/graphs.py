"""Graphs of names."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet


def circles(uses: Mapping[str, AbstractSet[str]]) -> list[list[str]]:
    """Return the strongly connected components of a graph (Tarjan's algorithm, without recursion).

    Args:
        uses: Each name and those that it leads to; every one of these is a key as well.
    """
    index: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack, on_stack, found = list[str](), set[str](), list[list[str]]()
    for start in uses:
        work = [] if start in index else [(start, iter(sorted(uses[start])))]
        while work:
            name, rest = work[-1]
            if name not in index:
                index[name] = lowest[name] = len(index)
                stack.append(name)
                on_stack.add(name)
            following = next((each for each in rest if each not in index or each in on_stack), None)
            if following is None:
                work.pop()
                if work:
                    lowest[work[-1][0]] = min(lowest[work[-1][0]], lowest[name])
                if lowest[name] == index[name]:
                    at = stack.index(name)
                    found.append(stack[at:])
                    on_stack.difference_update(stack[at:])
                    del stack[at:]
            elif following in index:
                lowest[name] = min(lowest[name], index[following])
            else:
                work.append((following, iter(sorted(uses[following]))))
    return found
