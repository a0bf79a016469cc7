"""References to other hosts: what is fetched, from where, and what becomes of the rest."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from attrest import cli
from attrest.diagnostics import LoadError
from attrest.load import load
from attrest.mend import mend
from attrest.reading import remote, syntax

HEAD = "openapi: 3.1.0\ninfo: {title: Library, version: '1'}\npaths: {}\n"


class Host:
    """A server on loopback, and what it was asked for."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.name = f"http://127.0.0.1:{server.server_address[1]}"
        self.files: dict[str, bytes | int | str] = {}
        """Path -> content; or a status; or where it has moved to."""
        self.asked: list[tuple[str, dict[str, str]]] = []


@pytest.fixture
def host() -> Iterator[Host]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            found = served.files.get(self.path, 404)
            self.send_response(200 if isinstance(found, bytes) else found if isinstance(found, int) else 302)
            if isinstance(found, str):
                self.send_header("Location", found)
            content = found if isinstance(found, bytes) else b""
            self.send_header("Content-Length", str(len(content) + (1 if self.path.endswith("short.yaml") else 0)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served = Host(server)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield served
        server.shutdown()
        thread.join()


def described(folder: Path, *references: str) -> Path:
    root = folder / "openapi.yaml"
    schemas = "".join(f"    S{number}: {{$ref: '{reference}'}}\n" for number, reference in enumerate(references))
    root.write_text(f"{HEAD}components:\n  schemas:\n{schemas}", encoding="utf-8")
    return root


def schemas(document: Any) -> Any:
    return document.tree["components"]["schemas"]


class TestWhatIsNotAllowed:
    def test_is_not_fetched_and_said(self, host: Host, tmp_path: Path) -> None:
        document = load(described(tmp_path, f"{host.name}/a.yaml"), ["example.com"])
        (finding,) = document.findings
        assert (finding.severity, finding.rule) == ("warning", "remote-reference")
        assert finding.hint is not None
        assert f"--allow-host {host.name}," in finding.hint
        assert host.asked == []
        assert schemas(document) == {"S0": {"$ref": f"{host.name}/a.yaml"}}
        mended = mend(document)
        assert schemas(mended) == {"S0": {}}
        assert [(entry.pointer, entry.verdict, entry.reason) for entry in mended.entries] == [
            ("/components/schemas/S0", "degraded", f"{host.name}/a.yaml is not fetched: any value is taken")
        ]

    @pytest.mark.parametrize(
        ("url", "allowed"),
        [
            ("https://example.com/a", "example.com"),
            ("https://EXAMPLE.com:8443/a", "example.com:8443"),
            ("http://example.com/a", "http://example.com"),
            ("https://[::1]:1/a", "[::1]:1"),
            ("https://user:secret@example.com/a", None),
            ("https://example.com:port/a", None),
            ("https://[broken/a", None),
            ("ftp://example.com/a", None),
            ("file:///etc/passwd", None),
            ("urn:example:a", None),
        ],
    )
    def test_is_named_by_its_host(self, url: str, allowed: str | None) -> None:
        assert remote.host_of(url) == allowed
        assert not remote.Fetcher(["example.org", "example.com.example.org"]).allows(url)

    def test_plain_http_is_not_allowed_by_a_host_alone(self) -> None:
        assert not remote.Fetcher(["example.com"]).allows("http://example.com/a")
        assert remote.Fetcher(["Example.com"]).allows("https://example.com/a")

    def test_a_remote_file_cannot_name_one_of_this_machine(self, host: Host, tmp_path: Path) -> None:
        (tmp_path / "secret.yaml").write_text("title: secret\n", encoding="utf-8")
        here = (tmp_path / "secret.yaml").as_uri()
        host.files["/a.yaml"] = f"items: {{$ref: '{here}'}}\n".encode()
        document = load(described(tmp_path, f"{host.name}/a.yaml"), [host.name])
        assert [finding.rule for finding in document.findings] == ["remote-reference"]
        assert schemas(document) == {"S0": {"items": {"$ref": here}}}


class TestWhatIsAllowed:
    def test_is_gathered_like_a_local_file(self, host: Host, tmp_path: Path) -> None:
        host.files |= {
            "/v1/a.yaml": b"title: A\nitems: {$ref: 'b%20b.json?x=1#/definitions/B'}\n",
            "/v1/b%20b.json?x=1": b'{"definitions": {"B": {"items": {"$ref": "/v1/a.yaml"}}}}',
        }
        document = load(described(tmp_path, f"{host.name}/v1/a.yaml", f"{host.name}/v1/a.yaml#/items"), [host.name])
        assert document.findings == ()
        assert schemas(document)["S0"] == {"title": "A", "items": {"$ref": "#/components/schemas/B"}}
        assert schemas(document)["B"] == {"items": {"$ref": "#/components/schemas/S0"}}
        assert [path for path, _ in host.asked] == ["/v1/a.yaml", "/v1/b%20b.json?x=1"]
        assert not {"authorization", "cookie"} & {name for _, headers in host.asked for name in headers}
        assert [(source.display, source.is_local) for source in document.sources] == [
            ("openapi.yaml", True),
            (f"{host.name}/v1/a.yaml", False),
            (f"{host.name}/v1/b%20b.json?x=1", False),
        ]
        assert document.display("/components/schemas/S0/title") == f"{host.name}/v1/a.yaml:1"

    def test_may_have_moved_to_where_it_is_allowed_too(self, host: Host, tmp_path: Path) -> None:
        host.files |= {"/old.yaml": "/new.yaml", "/new.yaml": b"title: A\n", "/away.yaml": "http://localhost:1/a.yaml"}
        document = load(described(tmp_path, f"{host.name}/old.yaml", f"{host.name}/away.yaml"), [host.name])
        assert schemas(document)["S0"] == {"title": "A"}
        (finding,) = document.findings
        assert "it has moved to http://localhost:1/a.yaml, which is not allowed" in finding.message

    def test_may_not_be_there_for_good(self, host: Host, tmp_path: Path) -> None:
        host.files |= {"/round.yaml": "/round.yaml", "/broken.yaml": b"a: b: c\n"}
        urls = [f"{host.name}/{name}.yaml" for name in ("none", "none", "round", "broken")]
        document = load(described(tmp_path, *urls), [host.name])
        assert {finding.rule for finding in document.findings} == {"dangling-reference", "bad-yaml"}
        assert [path for path, _ in host.asked].count("/none.yaml") == 1
        assert schemas(mend(document)) == {"S0": {}, "S1": {}, "S2": {}, "S3": {}}

    @pytest.mark.parametrize("answer", [503, 429, b"title: short\n"])
    def test_refuses_the_run_where_another_may_do_better(self, host: Host, tmp_path: Path, answer: bytes | int) -> None:
        host.files["/short.yaml"] = answer
        with pytest.raises(LoadError) as caught:
            load(described(tmp_path, f"{host.name}/short.yaml"), [host.name])
        assert [finding.rule for finding in caught.value.findings] == ["dangling-reference"]

    def test_may_not_be_too_large(self, host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for module in (remote, syntax):
            monkeypatch.setattr(module, "LARGEST_FILE", 10)
        host.files["/a.yaml"] = b"title: larger than that\n"
        (finding,) = load(described(tmp_path, f"{host.name}/a.yaml"), [host.name]).findings
        assert "it has more than" in finding.message


class TestRuns:
    COMMAND: ClassVar = ["generate", "openapi.yaml", "-o", "client"]

    def test_fetch_again_and_tell_what_changed(
        self, host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        described(tmp_path, f"{host.name}/a.yaml")
        host.files["/a.yaml"] = b"{type: object, properties: {a: {type: string}}}"
        assert cli.run([*self.COMMAND]) == 0
        assert cli.run([*self.COMMAND, "--check", "--allow-host", host.name]) == 1
        assert cli.run([*self.COMMAND, "--allow-host", host.name]) == 0
        assert f'"{host.name}/a.yaml":' in (tmp_path / "client" / "manifest.json").read_text()
        capsys.readouterr()
        assert cli.run([*self.COMMAND, "--allow-host", host.name]) == 0
        assert capsys.readouterr().out.startswith("client: up to date\n")
        host.files["/a.yaml"] = b"{type: object, properties: {b: {type: string}}}"
        assert cli.run([*self.COMMAND, "--check", "--allow-host", host.name]) == 1

    def test_take_hosts_from_the_settings(self, host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        described(tmp_path, f"{host.name}/a.yaml")
        host.files["/a.yaml"] = b"type: string\n"
        table = f'[tool.attrest]\ndocument = "openapi.yaml"\nallow-hosts = ["{host.name}"]\n'
        (tmp_path / "pyproject.toml").write_text(table, encoding="utf-8")
        assert cli.run(["bundle", "-o", "bundle.json"]) == 0
        assert json.loads((tmp_path / "bundle.json").read_text())["components"]["schemas"] == {"S0": {"type": "string"}}
        (tmp_path / "openapi.yaml").rename(tmp_path / "other.yaml")
        assert cli.run(["validate", "other.yaml", "--strict"]) == 1

    @pytest.mark.parametrize("name", ["https://example.com", "example.com/a", "", "a b"])
    def test_refuse_what_is_no_host(
        self, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        described(tmp_path)
        assert cli.run(["validate", "openapi.yaml", "--allow-host", name]) == 2
        assert "expected a host such as example.com" in capsys.readouterr().err
