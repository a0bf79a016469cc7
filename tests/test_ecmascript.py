"""Patterns as ECMAScript reads them, by what Python finds with their translation."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from attrest.ecmascript import translated

FOUND = [
    (r"^\d+$", "12", True),
    (r"^\d+$", "12\n", False),
    (r"^\d+$", "\u0661", False),
    (r"^\D$", "\u0661", True),
    (r"^\w$", "é", False),
    (r"\bb", "éb", True),
    (r"^\s$", "\ufeff", True),
    (r"^\s$", "\x1c", False),
    (r"^\S$", "\x85", True),
    (r"^[\s\S]$", "\n", True),
    (r"^[^\S\n]$", "\n", False),
    (r"^[^\S\n]$", " ", True),
    (r"^[\Sa ]$", " ", True),
    (r"^.$", "\r", False),
    (r"^a\/b$", "a/b", True),
    (r"^\u0041\x42\u{43}\u{1F600}$", "ABC😀", True),
    (r"^[\u{1F600}-\u{1F64F}]$", "😀", True),
    (r"^[\uD83D\uDE00]$", "😀", True),
    (r"^\cJ\0$", "\n\0", True),
    (r"^(?<first>a|b)\k<first>$", "aa", True),
    (r"^(?<first>a|b)\k<first>$", "ab", False),
    (r"(?<=a)b(?!c)", "ab", True),
    (r"(?<!a)b", "ab", False),
    (r"^[[a&&b]$", "[", True),
    (r"^[[a&&b]$", "&", True),
    (r"^[\w\-.]+$", "a-.", True),
    (r"^[^]$", "\n", True),
    (r"^[]", "a", False),
    (r"^[a^]$", "^", True),
    (r"^a{2}?b+?$", "aab", True),
    (r"^[\d]{1,3}%$", "10%", True),
    (r"^(a)\1$", "aa", True),
    (r"^\{\}\-$", "{}-", True),
]


@pytest.mark.parametrize(("pattern", "text", "is_found"), FOUND)
def test_finds_what_ecmascript_finds(pattern: str, text: str, *, is_found: bool) -> None:
    python = translated(pattern)
    assert python is not None
    assert bool(re.search(python, text)) is is_found


@pytest.mark.parametrize(
    "pattern",
    [
        *(r"^\p{L}+$", r"(?i)a", r"\Aa\Z", r"a++", r"a{,3}", r"(?<=a+)b", r"(?P<a>b)", r"(", r"[a", "a\\", r"(?<a$>b)"),
        *(r"\u{110000}", r"\k<a>", r"(?>a)", r"[z-a]", r"*a", r"\q"),
    ],
)
def test_has_nothing_for_what_python_cannot_say(pattern: str) -> None:
    assert translated(pattern) is None


@pytest.mark.skipif(shutil.which("node") is None, reason="the judge is not here")
def test_node_agrees() -> None:
    import json

    program = (
        "const cases = JSON.parse(require('fs').readFileSync(0));"
        "const find = (pattern, text) => { try { return new RegExp(pattern, 'u').test(text) }"
        " catch { return new RegExp(pattern).test(text) } };"
        "console.log(JSON.stringify(cases.map(([pattern, text]) => find(pattern, text))))"
    )
    done = subprocess.run(
        [str(shutil.which("node")), "-e", program],
        input=json.dumps([case[:2] for case in FOUND]),
        capture_output=True,
        check=True,
        text=True,
    )
    assert json.loads(done.stdout) == [case[2] for case in FOUND]
