"""Pages asked for and forms sent as a browser without script does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from httpx import Response
from lxml import html
from starlette.testclient import TestClient

Sent = Mapping[str, str]


def forms(answer: Response) -> list[Any]:
    found: list[Any] = html.fromstring(answer.text).forms
    return found


def send(
    client: TestClient,
    answer: Response,
    values: Sent,
    *,
    button: str = "",
    files: Sequence[tuple[str, tuple[str, bytes, str]]] = (),
) -> Response:
    """Fills the form that has a button with these words (else the last form of the page) and sends it."""
    every = forms(answer)
    mine = (
        [f for f in every if any(button in (b.text_content() or "") for b in f.xpath(".//button"))] if button else every
    )
    assert mine, f"no form with {button!r} at {answer.url}"
    form = mine[-1] if not button else mine[0]
    fields = dict(form.form_values())
    unknown = set(values) - set(form.fields)
    assert not unknown, f"the form has no {unknown}: {sorted(form.fields)}"
    data = {**fields, **values}
    url = urljoin(str(answer.url), form.get("action") or str(answer.url))
    if form.method == "GET":
        return client.get(url, params=data)
    for b in form.xpath(".//button[@name]"):
        if button and button in " ".join(b.text_content().split()):
            data[b.get("name")] = b.get("value")
    return client.post(url, data=data, files=list(files) or None)


def link(answer: Response, words: str) -> str:
    """The address behind a link with these words."""
    found = [a for a in html.fromstring(answer.text).xpath("//main//a") if words in a.text_content()]
    assert found, f"no link {words!r} at {answer.url}"
    return urljoin(str(answer.url), found[0].get("href"))


def text(answer: Response) -> str:
    """What is read in the main part of the page."""
    return " ".join(" ".join(html.fromstring(answer.text).xpath("//main")[0].itertext()).split())
