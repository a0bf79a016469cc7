"""What generated clients send for parameters, read by Prism: it has to find the very value that was passed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, Final

import attrs
import pytest

from made_client import make
from prism import Judge, Prism, Unavailable, install
from test_parameter_table import ROWS, SCHEMAS, Row, path

AWKWARD: Final = "a,b c&d=e+f/g%?#[]"
VALUES: Final[Mapping[str, tuple[Any, ...]]] = {
    "string": ("blue", AWKWARD),
    "array": (["blue", "black", "brown"], ["one"], ["x y", "50%", "a/b", "c&d=e+f"]),
    "object": ({"r": 100, "g": -200, "b": 150},),
}
_COMMAS: Final = "falls over commas in paths"
DEVIATIONS: Final[Mapping[str, str]] = {
    "PathMatrixJoinedArray": _COMMAS,
    "PathMatrixJoinedObject": _COMMAS,
    "PathLabelJoinedArray": _COMMAS,
    "PathLabelJoinedObject": _COMMAS,
    "PathLabelExplodedObject": "splits at commas, where the standard has full stops",
    "PathSimpleJoinedArray": _COMMAS,
    "PathSimpleJoinedObject": _COMMAS,
    "PathSimpleExplodedArray": _COMMAS,
    "PathSimpleExplodedObject": _COMMAS,
    "QuerySpaceDelimitedJoinedArray": "looks for %20 in what it has decoded",
    "QuerySpaceDelimitedJoinedObject": "knows arrays alone in this style",
    "QueryPipeDelimitedJoinedObject": "knows arrays alone in this style",
}
"""What Prism reads in another way than OpenAPI 3.1 §4.8.12.4 says, and how. Cookies it does not read at all."""
JUDGED: Final = tuple(
    {row.operation: row for row in ROWS if row.location != "cookie" and row.operation not in DEVIATIONS}.values()
)
COLOR: Final = {"type": "object", "properties": {name: {"type": "integer"} for name in "rgb"}}


def description(*, strict: bool) -> dict[str, Any]:
    """The operations that are judged; in the judge's copy, which is strict, a parameter takes the values alone."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Judged", "version": "1"},
        "servers": [{"url": "http://127.0.0.1"}],
        "paths": {path(row): {"get": operation(row, strict=strict)} for row in JUDGED},
        "components": {"schemas": {"Color": COLOR}},
    }


def operation(row: Row, *, strict: bool) -> dict[str, Any]:
    parameter = {
        "name": "color",
        "in": row.location,
        "required": True,
        "style": row.style,
        "explode": row.explode,
        "schema": exact(row) if strict else SCHEMAS[row.kind],
    }
    responses = {"204": {"description": "Nothing."}}
    return {"operationId": row.operation, "parameters": [parameter], "responses": responses}


def exact(row: Row) -> dict[str, Any]:
    values = VALUES[row.kind]
    if row.kind != "object":
        return {**SCHEMAS[row.kind], "enum": [*values]}
    properties = {name: {"type": "integer", "enum": [number]} for name, number in values[0].items()}
    return {"type": "object", "required": [*properties], "properties": properties, "additionalProperties": False}


@attrs.frozen
class Trial:
    """A client, and who judges what it sends."""

    package: ModuleType
    client: Any
    judge: Judge


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """What is needed, where Prism can be had; otherwise the tests are skipped, and this says why."""
    try:
        install()
    except Unavailable as reason:
        pytest.skip(f"Prism cannot be installed here: {reason}")
    folder = tmp_path_factory.mktemp("judged")
    package = make(description(strict=False), folder, "judged_parameters_api")
    judged = folder / "judged.json"
    judged.write_text(json.dumps(description(strict=True)), encoding="utf-8")
    with Prism(judged) as prism, Judge(prism.url) as judge, package.Client(server=judge.url) as client:
        yield Trial(package, client, judge)
        assert prism.alive


@pytest.mark.parametrize("row", JUDGED, ids=lambda row: row.operation)
def test_prism_reads_what_was_passed(row: Row, trial: Trial) -> None:
    request = getattr(trial.package.models, f"{row.operation}Request")
    color = trial.package.models.Color
    for value in VALUES[row.kind]:
        trial.client.send(request(color=color.from_dict(value) if row.kind == "object" else value))
        (exchange,) = trial.judge.take()
        assert (exchange.status, exchange.of_request) == (204, ()), exchange.target


def test_prism_does_judge(trial: Trial) -> None:
    """A value that the judge's copy does not list is refused, so that every other one was read as it was passed."""
    for row in JUDGED:
        other: Any = {"string": "other", "array": ["blue", "black"], "object": {"r": 100, "g": 200, "b": 150}}[row.kind]
        value = trial.package.models.Color.from_dict(other) if row.kind == "object" else other
        request = getattr(trial.package.models, f"{row.operation}Request")(color=value)
        with pytest.raises(trial.package.errors.StatusError):
            trial.client.send(request)
        (exchange,) = trial.judge.take()
        assert exchange.status == 422, row.operation
