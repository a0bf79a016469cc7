"""What each kind of bad description gets told: one folder of ``rejected`` for each."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from attrest import printers
from attrest.diagnostics import Finding, LoadError
from attrest.load import load
from attrest.validate import validate

CASES = sorted(path for path in (Path(__file__).parent / "rejected").iterdir() if path.is_dir())


def findings(root: Path) -> Iterable[Finding]:
    try:
        return validate(load(root))
    except LoadError as error:
        return error.findings


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_says_what_is_wrong(case: Path, monkeypatch: pytest.MonkeyPatch, *, update_golden: bool) -> None:
    monkeypatch.chdir(case)
    (root,) = Path().glob("openapi.*")
    printed = printers.text(findings(root))
    expected = Path("expected.txt")
    if update_golden:
        expected.write_text(printed, encoding="utf-8")
    command = f"pytest 'tests/test_rejected.py::test_says_what_is_wrong[{case.name}]' --update-golden"
    written = expected.read_text(encoding="utf-8") if expected.exists() else ""
    assert printed == written, f"to accept what is printed now, run:\n  {command}"
    assert printed, "a rejected description gets told something"


def test_each_case_is_named_for_a_rule_that_it_breaks() -> None:
    for case in CASES:
        (root,) = case.glob("openapi.*")
        rules = {finding.rule for finding in findings(root)}
        aliases = {
            "alias-bomb": "bad-yaml",
            "circular-composition": "circular-reference",
            "empty-file": "wrong-version",
            "not-a-mapping": "wrong-version",
            "several-files": "duplicate-key",
            "too-deep": "bad-yaml",
            "house-rules": "operation-text",
        }
        assert any(aliases.get(case.name, case.name).startswith(rule) for rule in rules), (case.name, rules)
