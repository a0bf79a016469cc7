"""Document -> findings: what the parts of a description say of each other, the standard's own schema, house rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib import import_module
from typing import Any, Final, NamedTuple

from attrest import pointers
from attrest.diagnostics import Finding, in_order
from attrest.document import Document
from attrest.objects import Placed, reference_of, walk
from attrest.schemachecks import innermost, validator
from attrest.validation import rules
from attrest.validation.checks import CHECKS
from attrest.validation.values import check_values, shortened

_ALREADY_CHECKED: Final = frozenset(
    {"DuplicateOperationIDError", "UnresolvableParameterError", "ParameterDuplicateError"}
)
"""What openapi-spec-validator raises for mistakes that are found here too, with their places."""
_UNRESOLVED: Final = frozenset({"dangling-reference", "circular-reference", "remote-reference"})
_DEFAULTS: Final = "default"
"""The validator of defaults, which are judged here already."""
_TOKENS: Final = "attrest_tokens"
"""The attribute of an error that says which part of the description was looked at."""


def validate(document: Document, ignored_rules: Collection[str] = ()) -> tuple[Finding, ...]:
    """Say everything that is wrong with a description, or could be better.

    Args:
        document: The description, as loaded.
        ignored_rules: The house rules that it need not keep.

    Returns:
        What loading found, what breaks the standard (errors) and what breaks the house rules (warnings), by place.
    """
    objects = list(walk(document.tree))
    found = [*_cross_checked(document, objects), *check_values(document, objects)]
    reported = {finding.location for finding in found}
    follows_references = _are_references_sound(found, objects)
    gate = _gate(document, follows_references=follows_references)
    found.extend(finding for finding in gate if finding.location not in reported)
    found.extend(rules.check(document, objects, ignored_rules))
    return in_order(found)


def cross_check(document: Document) -> tuple[Finding, ...]:
    """Say what the parts of a description say wrongly of each other; this takes a fraction of a full validation.

    Args:
        document: The description, as loaded.

    Returns:
        What loading found, and references, names and parameters that do not match, by place.
    """
    return in_order(_cross_checked(document, list(walk(document.tree))))


def _cross_checked(document: Document, objects: list[Placed]) -> list[Finding]:
    return [*document.findings, *(finding for check in CHECKS for finding in check(document, objects))]


class _Problem(NamedTuple):
    """What openapi-spec-validator found, and where."""

    tokens: pointers.Tokens
    message: str


def _are_references_sound(found: Iterable[Finding], objects: Iterable[Placed]) -> bool:
    """Tell whether openapi-spec-validator can follow all references; it cannot follow one to an anchor."""
    references = (reference_of(placed.node) for placed in objects)
    return not any(finding.rule in _UNRESOLVED for finding in found) and all(
        reference is None or reference.startswith("#/") for reference in references
    )


def _gate(document: Document, *, follows_references: bool) -> Iterator[Finding]:
    """Ask openapi-spec-validator, and find the places that it does not tell."""
    problems: list[_Problem] = []
    crash: Exception | None = None
    try:
        for problem in _problems(document, follows_references=follows_references):
            problems.append(problem)  # noqa: PERF402 - what came before a crash counts
    except Exception as error:  # noqa: BLE001 - the validator relies on what it is to check, and may fail in any way
        crash = error
    for problem in _without_consequences(problems):
        yield document.finding("error", "openapi", problem.message, pointers.join(problem.tokens))
    if crash:
        message = f"openapi-spec-validator cannot read all of this description: {type(crash).__name__}: {crash}"
        yield document.finding("error", "openapi", message, "", "correct the other findings first")


def _problems(document: Document, *, follows_references: bool) -> Iterator[_Problem]:
    validator = _validator(document)
    errors = validator.iter_errors() if follows_references else validator.schema_validator.iter_errors(document.tree)
    in_schema: set[pointers.Tokens] = set()
    for error in errors:
        if type(error).__name__ in _ALREADY_CHECKED:
            continue
        leaf = _deepest(error)
        around: tuple[str | int, ...] | None = getattr(error, _TOKENS, None)
        tokens = tuple(map(str, (*(around or ()), *leaf.absolute_path)))
        if around is None:
            in_schema.add(tokens)
        if around is None or tokens not in in_schema:
            yield _Problem(tokens, shortened(leaf.message, leaf.instance))


def _deepest(error: Any) -> Any:
    """Choose, of the reasons why none of several alternatives fits, the one that lies deepest."""
    while error.context:
        error = max(error.context, key=lambda it: len(it.absolute_path))
    return error


def _without_consequences(problems: Iterable[_Problem]) -> list[_Problem]:
    """Leave out what is said only because something inside was refused, and what is said twice."""
    unique = list(dict.fromkeys(problems))
    places = [problem.tokens for problem in unique]
    return [
        problem
        for problem in unique
        if not (
            problem.message.startswith("Unevaluated properties")
            and any(
                len(place) > len(problem.tokens) and place[: len(problem.tokens)] == problem.tokens for place in places
            )
        )
    ]


def _validator(document: Document) -> Any:
    """Make the validator of the document's version, which says where each of its errors is."""
    module = import_module("openapi_spec_validator")
    version = document.version.replace(".", "")
    plain: Any = getattr(module, f"OpenAPIV{version}SpecValidator")
    schema = getattr(import_module("openapi_spec_validator.schemas"), f"schema_v{version}")
    placing = {name: _placing(kind) for name, kind in plain.keyword_validators.items()}
    members = {
        "schema_validator": _MetaSchema(schema),
        "keyword_validators": {**placing, _DEFAULTS: _silent(plain.keyword_validators[_DEFAULTS])},
    }
    return type(plain.__name__, (plain,), members)(document.tree)


class _MetaSchema:
    """The schema of the standard, which gives the innermost reasons for its errors."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._validator = validator(schema)
        self._error: Any = import_module("jsonschema.exceptions").ValidationError

    def iter_errors(self, instance: Any) -> Iterator[Any]:
        for error in self._validator.iter_errors(instance):
            leaf = innermost(error)
            unexpected: list[str] | None = getattr(leaf.kind, "unexpected", None)
            if unexpected:
                for name in unexpected:
                    yield self._error(f"{name!r} is not a field of this object", path=[*leaf.instance_path, name])
            else:
                yield self._error(leaf.message, path=leaf.instance_path)


def _placing(kind: type[Any]) -> type[Any]:
    """Make a keyword validator that notes on each error which part of the description it looked at."""

    def call(self: Any, *args: Any, **options: Any) -> Iterator[Any]:
        parts: tuple[Any, ...] = next((tuple(it.parts) for it in args if hasattr(it, "parts")), ())
        for error in kind.__call__(self, *args, **options):
            if not hasattr(error, _TOKENS):
                setattr(error, _TOKENS, parts)
            yield error

    return type(kind.__name__, (kind,), {"__call__": call})


def _silent(kind: type[Any]) -> type[Any]:
    """Make a keyword validator that finds nothing."""

    def call(_self: Any, *_args: Any) -> Iterator[Any]:
        return iter(())

    return type(kind.__name__, (kind,), {"__call__": call})
