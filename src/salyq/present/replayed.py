"""A result made again: does the same input still give the same bytes, and what differs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from salyq.present.amounts import number
from salyq.present.as_json import Json
from salyq.present.page import Page
from salyq.present.words import Words

ABSENT = "-"
_AMOUNT = re.compile(r"-?[0-9]+\.[0-9]{2}")


class Difference(NamedTuple):
    """`what`: version | law | person | input | choice | figure | obligation | verdict | text."""

    what: str
    name: str
    before: str
    after: str


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """What the assessment `new` says otherwise than `old`, causes before effects; both as the JSON of an assessment."""
    found: list[Difference] = []
    for what, tell in (
        ("version", lambda j: {"": j.get("salyq")}),
        ("law", lambda j: {"": _short(j.get("law", {}))}),
        ("person", lambda j: {k: j.get("person", {}).get(k) for k in ("id", "kind")}),
        ("input", lambda j: {str(i["file"]): i["sha256"][:12] for i in j.get("inputs", ())}),
        ("choice", lambda j: {c["election"]: c["choice"] for c in j.get("choices", ())}),
        ("figure", lambda j: {f"{f['name']} {f['period']}": _shown(f) for f in j.get("figures", ())}),
        ("obligation", lambda j: {f"{o['name']} {o['period']}": _due(o) for o in j.get("obligations", ())}),
        ("verdict", lambda j: {"": j.get("verdict", {}).get("state")}),
    ):
        before, after = tell(old), tell(new)
        for name in [*before, *(n for n in after if n not in before)]:
            if before.get(name) != after.get(name):
                pair = [ABSENT if x is None else str(x) for x in (before.get(name), after.get(name))]
                found.append(Difference(what, name, *pair))
    if not found and dict(old) != dict(new):
        found.append(Difference("text", "", ABSENT, ABSENT))
    return found


def _short(law: Mapping[str, Any]) -> str:
    return f"{str(law.get('fingerprint'))[:19]} ({law.get('known')})"


def _shown(f: Mapping[str, Any]) -> str:
    if f["value"] is not None or not f.get("bounds"):
        return str(f["value"] or f["status"])
    return f"{f['status']} {f['bounds']['low']}…{f['bounds']['high']}"


def _due(o: Mapping[str, Any]) -> str:
    return f"{o['due']} {o['amount'] or ''}".strip()


def labels(result: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """What the figures of an assessment's JSON are called, by name and period."""
    return {f"{f['name']} {f['period']}": f["label"] for f in result.get("figures", ()) if f.get("label")}


def replay_page(found: Sequence[Difference], file: str, lang: str, named: Mapping[str, Mapping[str, str]]) -> Page:
    """One line where nothing differs; else a line a difference. `named`: `labels` of the result made again."""
    say = Words(lang)
    page = Page(lang=lang)
    if not found:
        page.line(say("replay_same", file=file))
        return page
    page.title(say("replay_differs", count=len(found)))
    for d in found:
        what = say(f"replay_what_{d.what}")
        before, after = (_told(text, d.what, say) for text in (d.before, d.after))
        page.line("• " + say("replay_line", what=what, name=_name(d, say, named), before=before, after=after), indent=1)
    return page


def _name(d: Difference, say: Words, named: Mapping[str, Mapping[str, str]]) -> str:
    """The name by which `explain` is asked, after the words for it."""
    if d.what == "obligation":
        name, _, period = d.name.partition(" ")
        return f"{say.duty(name)} {period}".strip()
    label = named.get(d.name)
    return d.name if label is None else f"{say.label(label, '')} ({d.name})"


def _told(text: str, what: str, say: Words) -> str:
    """Amounts as the language writes them; what stands nowhere, and states, in words."""
    if text == ABSENT:
        return say("replay_absent")
    if what not in ("figure", "obligation", "verdict"):
        return text
    return " ".join(_word(word, say) for word in text.split(" "))


def _word(word: str, say: Words) -> str:
    return number(Decimal(word), say.lang, decimals=2) if _AMOUNT.fullmatch(word) else say.known(f"status_{word}", word)


def replay_json(found: Sequence[Difference]) -> Json:
    """`same`, and each difference."""
    return {"same": not found, "differences": [d._asdict() for d in found]}
