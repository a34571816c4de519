"""What journeys share: a real portal on a port of its own, a browser's page signed in, keys pressed, axe asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from tests.browser import axe_faults, thinned, too_wide
from tests.office.conftest import Portal

WAIT = 20_000  # milliseconds
SHOWN = """() => {
  const e = document.activeElement, look = getComputedStyle(e), at = e.getBoundingClientRect();
  const light = colour => {
    const [r, g, b] = colour.match(/[0-9.]+/g).slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  let behind = e.parentElement;
  while (behind && getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
  const ground = behind ? getComputedStyle(behind).backgroundColor : 'rgb(255, 255, 255)';
  const two = [light(look.outlineColor), light(ground)].sort((a, b) => a - b);
  const what = e.outerHTML.slice(0, 120);
  if (look.outlineStyle === 'none' || parseFloat(look.outlineWidth) < 2) return 'no outline: ' + what;
  if (two[1] / two[0] < 3) return `outline ${look.outlineColor} on ${ground}: ` + what;
  const inside = at.right > 0 && at.bottom > 0 && at.left < innerWidth && at.top < innerHeight;
  return inside && at.width && at.height ? '' : 'outside of the window: ' + what;
}"""  # what is wrong with the place that the keyboard stands at: its outline has 3:1 (WCAG 1.4.11), it is on the screen


class Visitor:
    """One page of a browser as somebody; `keyboard` uses no mouse."""

    def __init__(self, page: Any, address: str, lang: str, *, keyboard: bool = False, script: bool = True) -> None:
        self.page, self.address, self.lang, self.keyboard, self.script = page, address, lang, keyboard, script
        page.set_default_timeout(WAIT)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}/{self.lang}{path}")

    def fill(self, name: str, value: str, of: str = "main") -> None:
        """A field of the form (`of`: where on the page it stands), as people fill it: text or a choice."""
        place = self.page.locator(f'{of} [name="{name}"]').first
        if place.evaluate("e => e.tagName") == "SELECT":
            self._select(place, value)
            return
        if self.keyboard:
            self._focus(place)
            self.page.keyboard.press("ControlOrMeta+A")
            self.page.keyboard.type(value)
        else:
            place.fill(value)

    def press(self, words: str, of: str = "button") -> None:
        """Uses a button or a link with these words, and waits for the page that follows."""
        self.use(self.page.locator(of, has_text=words).first)

    def _select(self, place: Any, value: str) -> None:
        if not self.keyboard:
            place.select_option(value)
            return
        self._focus(place)
        self.page.keyboard.press("Home")
        for _ in range(60):
            if place.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not to be chosen by keyboard")

    def choose(self, name: str, files: list[str]) -> None:
        """Files for a field; by keyboard through the chooser that it opens."""
        place = self.page.locator(f"input[name={name}]").first
        if not self.keyboard:
            place.set_input_files(files)
            return
        from playwright.sync_api import TimeoutError as Late

        for key in ("Enter", "Space", "Enter"):  # a busy machine may lose the first
            self._focus(place)
            try:
                with self.page.expect_file_chooser(timeout=WAIT / 3) as opened:
                    self.page.keyboard.press(key)
            except Late:
                continue
            opened.value.set_files(files)
            return
        raise AssertionError(f"no files are to be chosen by keyboard for {name}")

    def use(self, place: Any, *, leaves: bool = True) -> None:
        """Uses a button or a link, and waits for the page that follows (where one does: a file is only fetched)."""
        self._focus(place)
        with self.page.expect_navigation() if leaves else nullcontext():
            if self.keyboard:
                self.page.keyboard.press("Enter")
            else:
                place.click()

    def _focus(self, place: Any) -> None:
        """By the link that skips the head of the page and by Tab alone where the visitor has no mouse: what cannot be
        reached fails, and so does a place on the way that does not show that it is the one.
        """
        if not self.keyboard:
            return
        if self.page.evaluate("document.activeElement === document.body"):
            self.page.keyboard.press("Tab")
            assert self.page.locator("a.skip:focus").is_visible()
            self.page.keyboard.press("Enter")
        for _ in range(200):
            if place.evaluate("e => e === document.activeElement"):
                unseen = self.page.evaluate(SHOWN)
                assert not unseen, f"{self.page.url}: {unseen}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"not to be reached by keyboard: {place}")

    def unseen(self) -> list[str]:
        """Tab through the whole page: the places that do not show that the keyboard stands at them."""
        found = []
        for _ in range(300):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement === document.body"):
                return found
            found += [f"{self.page.url}: {fault}" for fault in [self.page.evaluate(SHOWN)] if fault]
        raise AssertionError(f"{self.page.url}: Tab never comes out of the page")

    @property
    def path(self) -> str:
        """Where the visitor is, in whatever language, without what was asked and where on the page."""
        return str(urlsplit(self.page.url).path).removeprefix(f"/{self.lang}")

    def main(self) -> str:
        return " ".join(str(self.page.locator("main").inner_text()).split())

    def until(self, words: str, path: str) -> str:
        """The main part of the page once it says these words (a case may still be worked out)."""
        for _ in range(60):
            self.go(path)
            if words in self.main():
                return self.main()
            self.page.wait_for_timeout(250)
        raise AssertionError(f"{path}: {words!r} not in {self.main()[:1500]}")

    def faults_everywhere(self) -> list[str]:
        """`faults` of a page that is looked at and left: wide and light, narrow and dark (no colour of ours hangs on
        the width)."""
        found = []
        for width in (1280, 320):
            self.page.set_viewport_size({"width": width, "height": 900})
            found += [f"{self.page.url} ({width}): wider than the window"] if too_wide(self.page) else []
        for width, theme in ((1280, "light"), (320, "dark")):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=theme)
            faults = axe_faults(thinned(self.page))
            found += [f"{self.page.url} ({width}, {theme}): {fault}" for fault in faults]
        return found

    def looked_at(self, path: str) -> list[str]:
        """Goes there, and `faults` of what stands there; the page is good for nothing else afterwards."""
        self.go(path)
        return self.faults(leaving=True)

    def faults(self, *, leaving: bool = False) -> list[str]:
        """What axe finds, and whether the page is wider than the window. axe is a script of the page itself: where
        scripts are off it would wait for ever, so it looks only where they are on."""
        wide = ["wider than the window"] if too_wide(self.page) else []
        found = axe_faults(thinned(self.page) if leaving else self.page) if self.script else []
        return [f"{self.page.url}: {fault}" for fault in [*found, *wide]]


@contextmanager
def listening(country: Portal) -> Iterator[str]:
    """The address of the portal of a test, answered by uvicorn as `salyq serve` does."""
    config = uvicorn.Config(country.browser.app, host="127.0.0.1", port=0, log_config=None, server_header=False)
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    thread = threading.Thread(target=server.run, args=([socket],))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(15)


@contextmanager
def visitor(
    made: Any,
    country: Portal,
    address: str,
    lang: str,
    who: str = "",
    *,
    script: bool = True,
    theme: str = "light",
    keyboard: bool = False,
    width: int = 1100,
) -> Iterator[Visitor]:
    size = {"width": width, "height": 900}
    context = made.new_context(viewport=size, color_scheme=theme, java_script_enabled=script, accept_downloads=True)
    try:
        here = Visitor(context.new_page(), address, lang, keyboard=keyboard, script=script)
        if who:
            here.page.goto(address + country.user(who)["link"].replace("/kk/", f"/{lang}/"))
        yield here
    finally:
        context.close()
