"""One real browser for every page that people read: Chromium, driven by Playwright, judged by axe-core.

Where no browser is installed, tests that need one are skipped and say so; SALYQ_REQUIRE_BROWSER=1 makes that a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

REQUIRED = os.environ.get("SALYQ_REQUIRE_BROWSER") == "1"
WIDTHS = (320, 1280)
THEMES = ("light", "dark")


@contextmanager
def browser() -> Iterator[Any]:
    """A running Chromium: SALYQ_BROWSER, the machine's `chromium`, else Playwright's own (`make browser`)."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        _absent("playwright is not installed")
    own = os.environ.get("SALYQ_BROWSER") or shutil.which("chromium")
    with sync_playwright() as playwright:
        try:
            made = playwright.chromium.launch(executable_path=own, args=["--no-sandbox"])
        except Error as error:
            _absent(str(error).splitlines()[0])
        try:
            yield made
        finally:
            made.close()


def _absent(why: str) -> None:
    if REQUIRED:
        pytest.fail(f"no browser: {why}")
    pytest.skip(f"no browser: {why}")


@contextmanager
def opened(made: Any, where: Path | str, width: int, theme: str = "light", *, script: bool = True) -> Iterator[Any]:
    """A page of that width and theme; a Path is opened as a file."""
    context = made.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, java_script_enabled=script)
    try:
        page = context.new_page()
        page.goto(where.resolve().as_uri() if isinstance(where, Path) else where)
        yield page
    finally:
        context.close()


def axe_faults(page: Any, *rules: str) -> list[str]:
    """What axe-core finds wrong with the page as it stands (by all its rules, or by these): a line each, with the
    first places."""
    from axe_playwright_python.sync_playwright import Axe

    only = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    found = Axe().run(page, options={"resultTypes": ["violations"], **only}).response["violations"]
    return [f"{v['id']} ({v['impact']}): " + "; ".join(n["html"][:120] for n in v["nodes"][:3]) for v in found]


THIN = """() => {
  document.querySelectorAll('details:not([open]) > :not(summary)').forEach(e => e.remove());
  const name = e => e.tagName + '.' + e.className;
  const shape = (e, deep) => name(e) + (deep ? '[' + [...e.children].map(c => shape(c, deep - 1)).join() + ']' : '');
  for (const parent of document.querySelectorAll('body *:has(> :nth-child(4))')) {
    const seen = {};
    for (const e of [...parent.children]) {
      const s = shape(e, 2);
      seen[s] = (seen[s] || 0) + 1;
      if (seen[s] > 3) e.remove();
    }
  }
}"""


def thinned(page: Any) -> Any:
    """The page without what is folded away, and with three of all siblings alike in tags and classes two levels deep:
    axe needs milliseconds for each of a thousand rows and says the same of them all. Only for a page that ends here.
    """
    page.evaluate(THIN)
    return page


def too_wide(page: Any) -> bool:
    """Must a reader scroll sideways to read the page?"""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
