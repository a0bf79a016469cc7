"""Names that a client gets from a description's title."""

from __future__ import annotations

from pathlib import Path

import pytest

from attrest.infer import infer
from attrest.ir import Api
from attrest.load import load
from attrest.lower import lower
from attrest.settings import Settings


def lowered(folder: Path, title: str) -> Api:
    file = folder / "openapi.yaml"
    file.write_text(f"openapi: 3.1.0\ninfo: {{title: {title}, version: '1'}}\npaths: {{}}\n", encoding="utf-8")
    document = load(file)
    return lower(document, infer(document), Settings(document=file, output=folder / "out"))


@pytest.mark.parametrize(
    ("title", "package", "client"),
    [
        ("Training API", "training_api", "TrainingClient"),
        ("Petstore", "petstore", "PetstoreClient"),
        ("API", "api", "ApiClient"),
        ("Calendar", "calendar_api", "CalendarClient"),
        ("httpx2", "httpx2_api", "Httpx2Client"),
        ("2FA service", "value_2_fa_service", "Value2FaServiceClient"),
    ],
)
def test_the_title_names_the_package_and_the_client(tmp_path: Path, title: str, package: str, client: str) -> None:
    api = lowered(tmp_path, title)
    assert (api.package, api.client, api.distribution) == (package, client, package.replace("_", "-"))
