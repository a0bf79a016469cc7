"""The site of the Training API in a browser: from the disk, with search and Redoc, on a phone and in the dark."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

import node_packages
from attrest import cli

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PAGES = (
    "index.html",
    "changelog.html",
    "docs/index.html",
    "docs/errors/index.html",
    "docs/models/index.html",
    "docs/models/trainingcourseobjectresponsebody.html",
    "docs/sdks/trainingassignments/index.html",
    "reference.html",
)
OPERATION = "#/training-courses/gettrainingcourses"
HOSTILE = (
    '<img src="https://evil.example/x.png" onerror="window.hit = 1">',
    "</script><script>window.hit = 1</script>",
    "<svg onload='window.hit = 1'>",
    "![x](https://evil.example/y.png)",
    "<style>@import url(https://evil.example/z.css)</style>",
    '<iframe src="https://evil.example"></iframe>',
)
LOCAL = ("file:", "data:", "blob:")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(repository)
        output = tmp_path_factory.mktemp("browser") / "site"
        assert cli.run(["publish", "-o", str(output)]) == 0
    return output


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def axe() -> str:
    """The program of axe-core."""
    try:
        folder = node_packages.install("axe", Path(__file__).parent / "site")
    except node_packages.Unavailable as reason:
        pytest.skip(f"axe-core cannot be had: {reason}")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


class Visit:
    """A page in the browser, and what it asked for and complained about."""

    def __init__(self, browser: Any, address: str, scheme: str = "light", size: dict[str, int] = DESKTOP) -> None:
        self.context = browser.new_context(color_scheme=scheme, viewport=size, reduced_motion="reduce")
        self.page = self.context.new_page()
        self.requests: list[Any] = []
        self.complaints: list[str] = []
        self.page.on("request", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        self.page.goto(address)
        if "reference.html" in address:
            self.page.wait_for_selector("main :is(h1, h2, h3)")
            self.page.wait_for_selector(".menu-content[role=navigation]", state="attached")
            self.page.locator(".menu-content", has_text="Search").wait_for(state="attached")

    def _note(self, request: Any) -> None:
        self.requests.append(request)

    @property
    def asked(self) -> list[str]:
        """What the network was asked for; what the page's own policy refused never got there."""
        return [each.url for each in self.requests if not each.url.startswith(LOCAL) and each.failure != "csp"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_from_the_disk_asks_nobody_and_has_no_violation(
    site: Path, browser: Any, axe: str, path: str
) -> None:
    for scheme, size in (("light", DESKTOP), ("dark", PHONE)):
        with Visit(browser, (site / path).as_uri(), scheme, size) as visit:
            width = visit.page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], f"{path} is {width} pixels wide"
            assert _violations(visit, axe) == []
            assert [each.url for each in visit.requests if not each.url.startswith(LOCAL)] == []
            assert visit.complaints == []


def test_every_other_page_has_no_violation_either(site: Path, browser: Any, axe: str) -> None:
    others = sorted({page.relative_to(site).as_posix() for page in site.rglob("*.html")} - set(PAGES))
    with Visit(browser, (site / "index.html").as_uri(), "dark") as visit:
        for path in others:
            visit.page.goto((site / path).as_uri())
            assert _violations(visit, axe) == [], path
        assert visit.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_operation_in_redoc_has_no_violation(site: Path, browser: Any, axe: str, scheme: str) -> None:
    with Visit(browser, f"{(site / 'reference.html').as_uri()}{OPERATION}", scheme) as visit:
        visit.page.wait_for_selector("main >> text=courseIds")
        assert _violations(visit, axe) == []
        assert visit.asked == []


@pytest.mark.parametrize(("scheme", "size"), [("light", DESKTOP), ("dark", PHONE)], ids=["light", "dark phone"])
def test_the_search_of_redoc_has_no_violation(
    site: Path, browser: Any, axe: str, scheme: str, size: dict[str, int]
) -> None:
    with Visit(browser, (site / "reference.html").as_uri(), scheme, size) as visit:
        if size is PHONE:
            visit.page.get_by_role("button", name="Open navigation menu").click()
        visit.page.get_by_role("button", name="Search Ctrl+K").press("Enter")
        dialog = visit.page.get_by_role("dialog", name="Search")
        dialog.get_by_role("textbox", name="What to search for").wait_for()
        assert _violations(visit, axe) == []
        visit.page.keyboard.type("published course")
        dialog.get_by_role("link").first.wait_for()
        assert _violations(visit, axe) == []
        visit.page.keyboard.press("ArrowDown")
        assert _violations(visit, axe) == []
        visit.page.keyboard.press("Enter")
        dialog.wait_for(state="detached")
        assert "#/training-" in visit.page.url
        assert visit.complaints == []
        assert visit.asked == []


@pytest.mark.parametrize("case", ["deprecated", "webhooks"])
def test_what_the_training_api_lacks_has_no_violation_in_redoc(
    tmp_path: Path, browser: Any, axe: str, case: str
) -> None:
    document = Path(__file__).parent / "golden" / case / "openapi.yaml"
    assert cli.run(["publish", str(document), "-o", str(tmp_path)]) == 0
    for scheme in ("light", "dark"):
        with Visit(browser, (tmp_path / "reference.html").as_uri(), scheme) as visit:
            visit.page.get_by_text("deprecated", exact=True).first.wait_for()
            assert _violations(visit, axe) == []


def _violations(visit: Visit, axe: str) -> list[str]:
    visit.page.evaluate(axe)
    found = visit.page.evaluate("axe.run({preload: false})")
    return [
        f"{violation['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def test_redoc_draws_every_operation(site: Path, browser: Any) -> None:
    with Visit(browser, (site / "reference.html").as_uri()) as visit:
        drawn = visit.page.eval_on_selector_all("main a[href^='#/']", "links => links.map(link => link.textContent)")
        assert sum("/training-assignments" in text for text in drawn) >= 4
        assert sum("/training-courses" in text for text in drawn) >= 1


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("TrainingCourseStatus", "TrainingCourseStatus"),
        ("training course status", "TrainingCourseStatus"),
        ("get_training_courses", "get_training_courses"),
        ("retries", "Retries"),
    ],
)
def test_the_search_finds(site: Path, browser: Any, text: str, first: str) -> None:
    with Visit(browser, (site / "docs/models/errorresponse.html").as_uri()) as visit:
        visit.page.fill("#SearchText", text)
        link = visit.page.wait_for_selector("#SearchList a")
        assert link.query_selector(".title").text_content() == first
        visit.page.press("#SearchText", "Enter")
        visit.page.locator("main :is(h1, h2)", has_text=first).first.wait_for()
        target = visit.page.url
        assert Path(target.removeprefix("file://").partition("#")[0]).is_file()
        assert not target.endswith("errorresponse.html")
        assert visit.asked == []


def test_the_search_finds_a_model_by_a_field(site: Path, browser: Any) -> None:
    with Visit(browser, (site / "index.html").as_uri(), "dark", PHONE) as visit:
        visit.page.keyboard.press("/")
        visit.page.keyboard.type("revisionId")
        visit.page.wait_for_selector("#SearchList a")
        titles = visit.page.eval_on_selector_all(
            "#SearchList .title", "titles => titles.map(title => title.textContent)"
        )
        assert "TrainingCourseObjectResponseBody" in titles
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        visit.page.keyboard.press("ArrowDown")
        assert visit.page.evaluate("document.activeElement.closest('#SearchList') !== null")
        visit.page.keyboard.press("Escape")
        assert not visit.page.is_visible("#SearchResults")


def test_the_search_says_that_it_found_nothing(site: Path, browser: Any, axe: str) -> None:
    with Visit(browser, (site / "index.html").as_uri()) as visit:
        visit.page.fill("#SearchText", "zebra")
        visit.page.wait_for_selector("#SearchStatus:has-text('0 results')")
        visit.page.fill("#SearchText", "training")
        visit.page.wait_for_selector("#SearchList a")
        assert _violations(visit, axe) == []


def test_the_keyboard_skips_to_the_content(site: Path, browser: Any) -> None:
    for path, focused in (("docs/index.html", "main"), ("reference.html", "redoc")):
        with Visit(browser, (site / path).as_uri()) as visit:
            visit.page.keyboard.press("Tab")
            assert visit.page.evaluate("document.activeElement.className") == "skip"
            visit.page.keyboard.press("Enter")
            visit.page.wait_for_selector(f"{focused}:focus")


def test_text_of_the_description_runs_nothing_and_asks_nobody(
    tmp_path: Path, browser: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = "\n\n".join(HOSTILE)
    tree = {
        "openapi": "3.1.0",
        "info": {"title": hostile, "version": hostile, "description": f"Begins well.\n\n{hostile}"},
        "paths": {"/pets": {"get": {"summary": hostile, "responses": {"200": {"description": hostile}}}}},
    }
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(tree), encoding="utf-8")
    assert cli.run(["publish", str(document), "-o", str(tmp_path / "site")]) == 0, capsys.readouterr().err
    for path in ("index.html", "docs/index.html", "reference.html"):
        with Visit(browser, (tmp_path / "site" / path).as_uri()) as visit:
            visit.page.locator("body", has_text="Begins well.").wait_for()
            assert visit.page.evaluate("window.hit") is None
            assert visit.asked == []


def test_the_dark_is_dark_and_the_light_is_light(site: Path, browser: Any) -> None:
    for path in ("index.html", "reference.html"):
        shades = {}
        for scheme in ("light", "dark"):
            with Visit(browser, (site / path).as_uri(), scheme) as visit:
                colour = "getComputedStyle(document.querySelector('h1')).color"
                shades[scheme] = sum(map(int, visit.page.evaluate(f"{colour}.match(/[0-9]+/g).slice(0, 3)")))
        assert shades["light"] < 200
        assert shades["dark"] > 500
