"""Redoc with a description in it: a program and its data that load nothing."""

from __future__ import annotations

import re
from typing import Final

import attrs

from attrest.ir import Json
from attrest.site import scripts

_EXPORTS: Final = re.compile(r"export\{[^{}]*\};?\s*$")
_FROM_ITS_MAKER: Final = re.compile(r"https://(?:cdn\.redoc\.ly|cdn\.redocly\.com|otel\.cloud\.redocly\.com)/[\w./-]*")
"""A logo, icons, and where telemetry would go."""
_NOTHING: Final = "data:,"
_OPTIONS: Final[dict[str, Json]] = {
    "disableTelemetry": True,
    "hideDownloadButtons": True,  # the site has downloads of its own
    "sanitize": True,
    "skipBundle": True,  # the description is bundled; to bundle it again would fetch what references name
}
_START: Final = """
init(JSON.parse(document.getElementById("description").textContent), %(options)s);
const page = document.querySelector("redoc");
const nameMenus = () => {
  for (const menu of page.querySelectorAll(".menu-content:not([role])")) {
    menu.setAttribute("role", "navigation");
    menu.setAttribute("aria-label", "Operations");
  }
};
const orderHeadings = () => {
  let above = 0;
  for (const heading of page.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const level = Math.min(Number(heading.tagName.slice(1)), above + 1);
    heading.setAttribute("aria-level", level);
    above = level;
  }
};
const nameChoices = () => {
  for (const choice of page.querySelectorAll("button[aria-haspopup][aria-label]")) {
    const shown = choice.textContent.trim();
    choice.dataset.label ??= choice.getAttribute("aria-label");
    if (shown) choice.setAttribute("aria-label", `${choice.dataset.label}: ${shown}`);
  }
};
const openByKey = (event) => {
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  event.currentTarget.click();
};
const nameSearch = () => {
  for (const trigger of document.querySelectorAll("[data-testid=search-trigger]:not([role])")) {
    trigger.setAttribute("role", "button");
    trigger.tabIndex = 0;
    trigger.addEventListener("keydown", openByKey);
  }
  for (const dialog of document.querySelectorAll("[data-testid=search-dialog]")) {
    dialog.setAttribute("role", "dialog");
    dialog.setAttribute("aria-modal", "true");
    dialog.setAttribute("aria-label", "Search");
    dialog.querySelector("header")?.setAttribute("role", "presentation");
    dialog.querySelector("input")?.setAttribute("aria-label", "What to search for");
    dialog.querySelector("header button:not([aria-label])")?.setAttribute("aria-label", "Clear");
  }
};
let due = false;
const mend = () => {
  due = false;
  nameMenus();
  nameSearch();
  orderHeadings();
  nameChoices();
};
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the fragment is Redoc's, which would look for an operation of this name
  page.focus();
});
new MutationObserver(() => {
  due ||= Boolean(requestAnimationFrame(mend));
}).observe(document.body, { characterData: true, childList: true, subtree: true });
"""


@attrs.frozen(kw_only=True)
class Redoc:
    """What the page of Redoc holds."""

    program: str
    data: str
    policy: str
    """The content security policy under which the program, and nothing else, runs."""


def redoc(bundle: str, description: Json) -> Redoc:
    """Put a description into Redoc.

    Args:
        bundle: Redoc's standalone bundle, an ES module, its notice of copyright included.
        description: The description, self-contained.
    """
    program = scripts.program(_alone(bundle) + _START % {"options": scripts.data(_OPTIONS)})
    policy = (
        "default-src 'none'",
        f"script-src {scripts.source_hash(program)}",
        "style-src 'unsafe-inline'",
        "img-src data: blob:",
        "font-src data:",
        "worker-src blob:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return Redoc(program=program, data=scripts.data(description), policy="; ".join(policy))


def _alone(module: str) -> str:
    """Return a module without what it would load from its maker, and without exports, which nobody imports."""
    return _EXPORTS.sub("", _FROM_ITS_MAKER.sub(_NOTHING, module))
