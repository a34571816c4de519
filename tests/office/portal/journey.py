"""What journeys share: a real portal on a port of its own, a browser's page signed in, keys pressed, axe asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from tests.browser import axe_faults, too_wide
from tests.office.conftest import Portal

WAIT = 20_000  # milliseconds


class Visitor:
    """One page of a browser as somebody; `keyboard` uses no mouse."""

    def __init__(self, page: Any, address: str, lang: str, *, keyboard: bool = False, script: bool = True) -> None:
        self.page, self.address, self.lang, self.keyboard, self.script = page, address, lang, keyboard, script
        page.set_default_timeout(WAIT)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.address}/{self.lang}{path}")

    def fill(self, name: str, value: str) -> None:
        place = self.page.locator(f'[name="{name}"]').first
        if place.evaluate("e => e.tagName") == "SELECT":
            self._focus(place)
            place.select_option(value)
            return
        if self.keyboard:
            self._focus(place)
            self.page.keyboard.press("ControlOrMeta+A")
            self.page.keyboard.type(value)
        else:
            place.fill(value)

    def press(self, words: str, of: str = "button") -> None:
        """Uses a button or a link with these words, and waits for the page that follows."""
        place = self.page.locator(of, has_text=words).first
        with self.page.expect_navigation():
            if self.keyboard:
                self._focus(place)
                self.page.keyboard.press("Enter")
            else:
                place.click()

    def _focus(self, place: Any) -> None:
        """By Tab alone where the visitor has no mouse: what cannot be reached fails."""
        if not self.keyboard:
            return
        here = "e => e === document.activeElement"
        for _ in range(200):
            if place.evaluate(here):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"not to be reached by keyboard: {place}")

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

    def faults(self) -> list[str]:
        """What axe finds, and whether the page is wider than the window. axe is a script of the page itself: where
        scripts are off it would wait for ever, so it looks only where they are on."""
        wide = ["wider than the window"] if too_wide(self.page) else []
        found = axe_faults(self.page) if self.script else []
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
