"""The site that attrest publish makes: its files, its links, what it loads, and what becomes of hostile text."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from os.path import normpath
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from markdown_it import MarkdownIt

from attrest import cli
from attrest.site import places, requirements, scripts
from attrest.site.rendering import render
from hostile_texts import TEXTS, description
from site_pages import elements, identifiers, links, loaded

GOLDEN = Path(__file__).parent / "golden"
MEANT = tuple(text for text in TEXTS if any(sign in text for sign in "<>[]&`|\0\u2028\u202e{%"))
"""The texts that mean something to Markdown, HTML or templates."""
LARGEST = 5_000_000
"""Bytes of the site of the Training API, as the issue asks for."""


def published(document: Path, output: Path) -> Path:
    assert cli.run(["publish", str(document), "-o", str(output)]) == 0
    return output


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """The site of the Training API."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(repository)
        output = tmp_path_factory.mktemp("training") / "site"
        assert cli.run(["publish", "-o", str(output)]) == 0
    return output


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a description that has each hostile text in each place that takes text."""
    folder = tmp_path_factory.mktemp("hostile")
    document = folder / "openapi.json"
    document.write_text(json.dumps(description(MEANT)), encoding="utf-8")
    cli.run(["publish", str(document), "-o", str(folder / "site")])  # what it says of the description is no matter here
    return folder / "site"


@pytest.fixture(scope="module")
def webhooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(GOLDEN / "webhooks" / "openapi.yaml", tmp_path_factory.mktemp("webhooks") / "site")


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def contents(site: Path) -> dict[str, bytes]:
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in site.rglob("*") if file.is_file()}


def test_the_site_has_every_part(site: Path) -> None:
    assert {file.name for file in site.iterdir()} == {
        *("index.html", "reference.html", "changelog.html", "changelog.md", "llms.txt", "manifest.json"),
        *("assets", "docs", "downloads"),
    }
    assert {file.name for file in (site / "downloads").iterdir()} == {
        *("openapi.yaml", "openapi.json", "openapi-3.0.yaml", "openapi-3.0.json", "SHA256SUMS", "versions"),
    }


def test_the_site_is_small(site: Path) -> None:
    assert sum(map(len, contents(site).values())) < LARGEST


def test_each_reference_page_is_there_as_html_and_as_text(site: Path, repository: Path) -> None:
    for page in (repository / "generated" / "docs").rglob("*.md"):
        text = site / "docs" / page.relative_to(repository / "generated" / "docs")
        shown = text.with_name("index.html") if text.name == "README.md" else text.with_suffix(".html")
        assert text.is_file()
        assert shown.is_file()


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    document = GOLDEN / "minimal" / "openapi.yaml"
    assert contents(published(document, tmp_path / "a")) == contents(published(document, tmp_path / "b"))


@pytest.mark.parametrize("name", ["site", "hostile", "webhooks"])
def test_every_link_of_every_page_leads_somewhere(name: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(name)
    anchors = {str(file): frozenset[str]() for file in folder.rglob("*") if file.is_file()}
    anchors |= {str(page): frozenset(identifiers(page)) for page in pages(folder)}
    broken = [(page, link) for page in pages(folder) for link in set(links(page)) if not _leads(page, link, anchors)]
    assert not broken


def _leads(page: Path, link: str, anchors: Mapping[str, frozenset[str]]) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return parts.scheme in {"http", "https", "mailto"}
    target = normpath(page.parent / unquote(parts.path)) if parts.path else str(page)
    return target in anchors and (not parts.fragment or unquote(parts.fragment) in anchors[target])


@pytest.mark.parametrize("name", ["site", "hostile", "webhooks"])
def test_ids_are_unique(name: str, request: pytest.FixtureRequest) -> None:
    for page in pages(request.getfixturevalue(name)):
        found = identifiers(page)
        assert len(found) == len(set(found)), page


@pytest.mark.parametrize("name", ["site", "hostile", "webhooks"])
def test_nothing_is_loaded_from_elsewhere(name: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(name)
    for page in pages(folder):
        for address in loaded(page):
            assert address == "data:," or (page.parent / address).resolve().is_relative_to(folder), (page, address)
        policy = next(element.attributes["content"] for element in elements(page) if "http-equiv" in element.attributes)
        assert policy.startswith("default-src 'none';")
        assert "http" not in policy
    assert not re.search(r"url\(|@import", (folder / "assets" / "style.css").read_text(encoding="utf-8"))


def test_redoc_keeps_its_notice_and_lost_what_it_would_load(site: Path) -> None:
    page = (site / "reference.html").read_text(encoding="utf-8")
    assert "@license MIT" in page
    assert "Redocly LLC, all rights reserved." in page
    assert not re.search(r"https://(?:cdn|otel)\.", page)
    assert '"disableTelemetry":true' in page


def test_redoc_gets_the_bundle(site: Path) -> None:
    data = next(each for each in elements(site / "reference.html") if each.attributes.get("id") == "description")
    assert json.loads(data.text) == json.loads((site / "downloads" / "openapi.json").read_bytes())


def test_hostile_text_becomes_no_element(hostile: Path) -> None:
    ours = {
        *("html", "head", "meta", "title", "link", "body", "a", "header", "div", "nav", "ul", "ol", "li", "form"),
        *("label", "input", "p", "main", "footer", "span", "h1", "h2", "h3", "h4", "pre", "code", "em", "strong", "s"),
        *("table", "thead", "tbody", "tr", "th", "td", "br", "hr", "blockquote", "script", "wbr"),
    }
    for page in pages(hostile):
        found = elements(page)
        is_redoc = page.name == "reference.html"
        ours_here = ours | {"style", "noscript", "redoc"} if is_redoc else ours
        assert {element.tag for element in found} <= ours_here, page
        assert not [name for element in found for name in element.attributes if name.startswith("on")]
        programs = [
            element.text.strip() for element in found if element.tag == "script" and "src" not in element.attributes
        ]
        assert len(programs) == (2 if is_redoc else 0)


def test_hostile_text_reaches_redoc_as_data(hostile: Path) -> None:
    data = next(each for each in elements(hostile / "reference.html") if each.attributes.get("id") == "description")
    assert json.loads(data.text) == json.loads((hostile / "downloads" / "openapi.json").read_bytes())


@pytest.mark.parametrize("name", ["site", "hostile"])
def test_the_text_of_pages_leads_to_text(name: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(name)
    for page in (folder / "docs").rglob("*.md"):
        for link in _links_of_text(page.read_text(encoding="utf-8")):
            parts = urlsplit(link)
            assert parts.scheme or not parts.path or (page.parent / parts.path).resolve().is_file(), (page, link)


def _links_of_text(text: str) -> Iterator[str]:
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrs["href"])


def test_the_list_for_language_models_has_its_form_and_leads_to_text(site: Path) -> None:
    text = (site / "llms.txt").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines[0] == "# Training API"
    assert lines[2].startswith("> ")
    assert [line for line in lines if line.startswith("## ")] == ["## Description", "## Reference", "## Optional"]
    targets = [link for link in _links_of_text(text) if not urlsplit(link).scheme]
    assert all((site / target).is_file() and not target.endswith(".html") for target in targets)
    listed = set(targets)
    assert {file.relative_to(site).as_posix() for file in site.rglob("*.md")} <= listed
    items = [line for line in lines if line.startswith("- ")]
    assert len(items) == len(targets)


def test_the_checksums_are_those_of_the_downloads(site: Path) -> None:
    lines = (site / "downloads" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    files = {path.relative_to(site / "downloads").as_posix() for path in (site / "downloads").rglob("*.*")}
    assert listed.keys() == files
    assert "versions/1.0.0.json" in listed
    for name, digest in listed.items():
        assert hashlib.sha256((site / "downloads" / name).read_bytes()).hexdigest() == digest
        assert digest in (site / "index.html").read_text(encoding="utf-8")


def test_the_index_of_the_search_leads_to_places_that_are_there(site: Path) -> None:
    text = (site / "assets" / "search-index.js").read_text(encoding="utf-8")
    entries = json.loads(text.removeprefix("window.siteIndex = ").removesuffix(";\n"))
    for title, kind, place, _, _ in entries:
        path, _, fragment = place.partition("#")
        assert title
        assert kind
        assert not fragment or fragment in identifiers(site / path)
    by_title = {title: (kind, place, names.split()) for title, kind, place, _, names in entries}
    assert by_title["get_training_courses"][:2] == (
        "Method",
        "docs/sdks/trainingcourses/index.html#get_training_courses",
    )
    kind, place, names = by_title["TrainingCourseObjectResponseBody"]
    assert (kind, place) == ("Model", "docs/models/trainingcourseobjectresponsebody.html")
    assert {"revision_id", "revisionId"} <= set(names)


class TestCommand:
    """Run in a project of its own."""

    @pytest.fixture(autouse=True)
    def project(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.chdir(tmp_path)
        Path("pets.yaml").write_text(
            (GOLDEN / "minimal" / "openapi.yaml").read_text(encoding="utf-8"), encoding="utf-8"
        )
        Path("pyproject.toml").write_text('[tool.attrest]\ndocument = "pets.yaml"\n', encoding="utf-8")
        return tmp_path

    def test_without_a_changelog_there_is_no_page_of_one(self) -> None:
        assert cli.run(["publish", "-o", "site"]) == 0
        assert not Path("site/changelog.html").exists()
        assert "changelog" not in Path("site/index.html").read_text(encoding="utf-8")

    def test_the_changelog_of_the_description_is_published(self) -> None:
        text = "# Changes\n\n## 1.0\n\n- <script>alert(1)</script> [ours](ours.md)\n"
        Path("API-CHANGELOG.md").write_text(text, encoding="utf-8")
        assert cli.run(["publish", "-o", "site"]) == 0
        page = Path("site/changelog.html").read_text(encoding="utf-8")
        assert "&lt;script&gt;" in page
        assert "ours.md" not in page
        assert '<h2 id="10"' in page

    def test_what_was_released_can_be_had(self) -> None:
        kept = Path("generated/openapi/versions")
        kept.mkdir(parents=True)
        for version in ("1.9.0", "1.10.0", "draft"):
            (kept / f"{version}.json").write_text(f'{{"info": "{version}"}}', encoding="utf-8")
        assert cli.run(["publish", "-o", "site"]) == 0
        hrefs = [link for link in links(Path("site/index.html")) if "/versions/" in link]
        assert hrefs == ["downloads/versions/1.10.0.json", "downloads/versions/1.9.0.json"]
        for link in hrefs:
            assert Path("site", link).read_bytes() == (kept / Path(link).name).read_bytes()
            assert f"]({link})" in Path("site/llms.txt").read_text(encoding="utf-8")

    def test_what_was_released_of_another_description_is_not(self) -> None:
        kept = Path("generated/openapi/versions")
        kept.mkdir(parents=True)
        (kept / "1.0.0.json").write_text("{}", encoding="utf-8")
        Path("pets.yaml").rename("other.yaml")
        assert cli.run(["publish", "other.yaml", "-o", "site"]) == 0
        assert not Path("site/downloads/versions").exists()

    def test_the_changelog_of_the_project_is_not(self) -> None:
        Path("CHANGELOG.md").write_text("# Changes of the project\n", encoding="utf-8")
        assert cli.run(["publish", "-o", "site"]) == 0
        assert not Path("site/changelog.html").exists()

    def test_a_changelog_that_is_not_text_is_said(self, capsys: pytest.CaptureFixture[str]) -> None:
        Path("API-CHANGELOG.md").write_bytes(b"\xff")
        assert cli.run(["publish", "-o", "site"]) == 2
        assert capsys.readouterr().err.endswith("attrest: error: API-CHANGELOG.md: is not UTF-8\n")

    def test_only_what_differs_is_written_and_what_is_stale_removed(self, capsys: pytest.CaptureFixture[str]) -> None:
        Path("API-CHANGELOG.md").write_text("# Changes\n", encoding="utf-8")
        assert cli.run(["publish", "-o", "site"]) == 0
        capsys.readouterr()
        assert cli.run(["publish", "-o", "site"]) == 0
        assert capsys.readouterr().out.startswith("site: up to date\n")
        Path("API-CHANGELOG.md").unlink()
        assert cli.run(["publish", "-o", "site", "--check"]) == 1
        assert Path("site/changelog.html").exists()
        assert cli.run(["publish", "-o", "site"]) == 0
        assert not Path("site/changelog.html").exists()

    def test_a_file_that_somebody_edited_is_kept(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["publish", "-o", "site"]) == 0
        page = Path("site/index.html")
        page.write_text("mine", encoding="utf-8")
        assert cli.run(["publish", "-o", "site"]) == 1
        assert "edited by hand" in capsys.readouterr().err
        assert page.read_text(encoding="utf-8") == "mine"
        assert cli.run(["publish", "-o", "site", "--force"]) == 0
        assert page.read_text(encoding="utf-8") != "mine"

    def test_what_generate_wrote_is_not_replaced_by_a_site(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.run(["generate", "-o", "client"]) == 0
        capsys.readouterr()
        assert cli.run(["publish", "-o", "client", "--force"]) == 2
        assert "client: holds what attrest generate wrote" in capsys.readouterr().err

    def test_generate_takes_a_site_for_no_output_of_its_own(self) -> None:
        assert cli.run(["publish", "-o", "site"]) == 0
        assert cli.run(["generate", "-o", "site", "--check"]) == 1

    def test_a_lacking_extra_is_said_in_one_line(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(requirements, "find_spec", lambda name: None if name == "offapi" else name)
        assert cli.run(["publish", "-o", "site"]) == 2
        assert (
            capsys.readouterr().err == "attrest: error: attrest publish needs offapi: pip install 'attrest[publish]'\n"
        )

    def test_templates_of_ones_own_go_before_ours(self) -> None:
        Path("ours/site").mkdir(parents=True)
        Path("ours/site/style.css.j2").write_text("body { color: red }\n", encoding="utf-8")
        table = '[tool.attrest]\ndocument = "pets.yaml"\ntemplates = "ours"\n'
        Path("pyproject.toml").write_text(table, encoding="utf-8")
        assert cli.run(["publish", "-o", "site"]) == 0
        assert Path("site/assets/style.css").read_text(encoding="utf-8") == "body { color: red }\n"

    def test_text_of_the_description_stands_on_the_first_page(self) -> None:
        tree = yaml.safe_load(Path("pets.yaml").read_text(encoding="utf-8"))
        tree["info"] |= {
            "title": "Pets & <b>more</b>",
            "contact": {"name": "Us", "url": "https://example.org/us"},
            "license": {"name": "Ours", "url": "javascript:alert(1)"},
        }
        Path("pets.yaml").write_text(yaml.safe_dump(tree), encoding="utf-8")
        assert cli.run(["publish", "-o", "site"]) == 0
        page = Path("site/index.html").read_text(encoding="utf-8")
        assert "Pets &amp; &lt;b&gt;more&lt;/b&gt;" in page
        assert '<a href="https://example.org/us">Us</a>' in page
        assert "javascript:" not in page


class TestMarkdown:
    """Markdown as HTML."""

    def html(self, text: str) -> str:
        return render(text, lambda link: link if link.startswith("https:") else None).html

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
            ("a <img src=x onerror=alert(1)> b", "<p>a &lt;img src=x onerror=alert(1)&gt; b</p>\n"),
            ("<!-- x", "<p>&lt;!-- x</p>\n"),
            ("a<br>b", "<p>a<br>b</p>\n"),
            ("a<br onclick=x>b", "<p>a&lt;br onclick=x&gt;b</p>\n"),
            ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
            ("[x](../y)", "<p>x</p>\n"),
            ("[x](https://y.example)", '<p><a href="https://y.example">x</a></p>\n'),
            ("![x](https://y.example/z.png)", '<p><a href="https://y.example/z.png">x</a></p>\n'),
            ("![x](z.png)", "<p>x</p>\n"),
            ("[![x](https://y.example/z.png)](https://w.example)", '<p><a href="https://w.example">x</a></p>\n'),
            ("```nothing\n<b>\n```", '<pre tabindex="0"><code>&lt;b&gt;\n</code></pre>\n'),
            ("    <b>", '<pre tabindex="0"><code>&lt;b&gt;\n</code></pre>\n'),
            (":heavy_check_mark:", '<p><span role="img" aria-label="yes">✓</span></p>\n'),
        ],
    )
    def test_nothing_breaks_out(self, text: str, expected: str) -> None:
        assert self.html(text) == expected

    def test_cells_of_much_text_get_room(self) -> None:
        html = self.html(f"| a | b | c |\n| --- | --- | --- |\n| {'x ' * 40} | [y](https://{'y' * 60}) | z |")
        assert [cell.partition(">")[0] for cell in html.split("<td")[1:]] == [' class="long"', "", ""]

    def test_code_has_classes(self) -> None:
        assert '<span class="kn">import</span>' in self.html("```python\nimport x\n```")

    def test_headings_have_the_anchors_that_links_of_the_reference_use(self) -> None:
        found = render("# A b\n\n## get_pets\n\nText of `code`.\n\n## get_pets\n", lambda _: None)
        assert [(each.title, each.anchor, each.summary) for each in found.sections] == [
            ("A b", "a-b", ""),
            ("get_pets", "get_pets", "Text of code."),
            ("get_pets", "get_pets-1", ""),
        ]
        assert found.sections[1].names == ("code",)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('x = "</script>"', r'x = "<\/script>"'),
        ('x = "<!--"', r'x = "<\x21--"'),
        ('x = "<script>"', r'x = "<\x73cript>"'),
        ('x = "<SCRIPT>"', r'x = "<\x53CRIPT>"'),
        ("a < b", "a < b"),
        ('x = "</b>"', 'x = "</b>"'),
    ],
)
def test_programs_hold_nothing_that_ends_them(source: str, expected: str) -> None:
    assert scripts.program(source) == expected


def test_a_model_called_index_has_a_place_of_its_own() -> None:
    found = places.shown(["docs/models/README.md", "docs/models/index.md"])
    assert found == {
        "docs/models/README.md": "docs/models/index.html",
        "docs/models/index.md": "docs/models/index.md.html",
    }
