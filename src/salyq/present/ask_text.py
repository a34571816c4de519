"""What law says of an act, for people: the answer of `salyq ask`, an act with its facts, the list of acts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from salyq.present.acts_text import Act, acts_cited
from salyq.present.amounts import measure
from salyq.present.page import Page
from salyq.present.words import Words

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
Codes = Mapping[str, Mapping[str, str]]  # what the codes of answers are called


def answer_page(
    answer: Mapping[str, Any], title: Mapping[str, str], lang: str, codes: Codes, acts: Mapping[str, Act]
) -> Page:
    """An answer (the form of interfaces §7). `codes`: words of verdicts, authorities and gates."""
    say = Words(lang, acts)
    page = Page(lang=lang)

    def called(code: str) -> str:
        return say.label(codes.get(code), code)

    page.title(say("ask_heading", title=say.label(title, answer["act"]), day=answer["on"]))
    head = [say("ask_verdict", verdict=called(answer["verdict"]))]
    if answer["gate"]:
        head.append(say("ask_gate", gate=called(answer["gate"])))
    if answer["authority"]:
        head.append(say("ask_authority", authority=called(answer["authority"])))
    style = {"unlawful": "error", "unknown": "warning"}.get(answer["verdict"], "strong")
    page.line(" · ".join(head) + _cites(answer["cites"], answer["basis"], say), style=style)
    _part(page, say("ask_needs"), (_need(n, say) for n in answer["needs"]))
    _part(page, say("ask_duties"), (_duty(d, say, called) for d in answer["duties"]))
    _part(page, say("ask_amounts"), (_amount(a, say, called) for a in answer["amounts"]))
    _part(
        page,
        say("ask_findings"),
        (say.label(f["text"], f["name"]) + _cites(f["cites"], f["basis"], say) for f in answer["findings"]),
    )
    _part(page, say("ask_missing"), (_missing(m, say) for m in answer["missing"]))
    _part(
        page,
        say("ask_unsettled"),
        (say.label(u["reason"], u["name"]) + _cites(u["cites"], "", say) for u in answer["unsettled"]),
    )
    acts_cited(page, say, _all_cites(answer), acts)
    return page


def _all_cites(answer: Mapping[str, Any]) -> Iterator[str]:
    yield from answer["cites"]
    for part in ("needs", "duties", "amounts", "findings", "unsettled"):
        for one in answer[part]:
            yield from one["cites"]


def _part(page: Page, heading: str, lines: Iterable[str]) -> None:
    found = list(lines)
    if found:
        page.heading(heading)
        for line in found:
            page.line(line, indent=1)


def _cites(cites: list[str], basis: str, say: Words) -> str:
    """The first articles (the rest stand in JSON and in the tree), and what it rests on where that is no statute."""
    rests = "" if basis in ("", "statute") else say.known(f"basis_{basis}", basis)
    shown = " · ".join(x for x in (say.cites([c for c in cites if c][:3]), rests) if x)
    return f"  [{shown}]" if shown else ""


def _need(need: Mapping[str, Any], say: Words) -> str:
    state = {True: "ask_met", False: "ask_not_met", None: "ask_not_told"}[need["met"]]
    return f"{say.label(need['label'], need['name'])}: {say(state)}{_cites(need['cites'], need['basis'], say)}"


def _duty(duty: Mapping[str, Any], say: Words, called: Any) -> str:
    told = [say.label(duty["label"], duty["name"])]
    if duty.get("to"):
        told.append(say("ask_to", to=called(duty["to"])))
    if duty.get("due"):
        told.append(say("ask_due", due=duty["due"]))
    if duty.get("until"):
        told.append(say("ask_until", until=duty["until"]))
    return " · ".join(told) + _cites(duty["cites"], duty["basis"], say)


def _amount(amount: Mapping[str, Any], say: Words, called: Any) -> str:
    value, unit = amount["value"], amount["unit"]
    if value is None:
        shown = say("status_unknown")
    elif amount.get("said"):
        shown = say.label(amount["said"], value)
    else:
        shown = measure(Decimal(value), unit, say.lang) if _NUMBER.fullmatch(value) else called(value)
    return f"{say.label(amount['label'], amount['name'])}: {shown}{_cites(amount['cites'], amount['basis'], say)}"


def _missing(missing: Mapping[str, Any], say: Words) -> str:
    choices = f" ({' | '.join(missing['choices'])})" if missing.get("choices") else ""
    return f"{missing['fact']} — {say.label(missing['question'], '')}{choices}"


def act_page(act: Mapping[str, Any], lang: str) -> Page:
    """One act: its facts with types, choices and questions, and an example."""
    say = Words(lang)
    page = Page(lang=lang)
    page.title(f"{act['act']} — {say.label(act['title'], '')}")
    page.line(say("ask_since", since=act["since"]))
    if act["dated_by"]:
        page.line(say("ask_dated_by", facts=", ".join(act["dated_by"])))
    page.heading(say("ask_facts"))
    for fact in act["facts"]:
        page.line(f"{fact['name']} ({fact['type']}) — {say.label(fact['question'], '')}", indent=1)
        for choice, said in fact["choices"].items():
            page.line(f"{choice} — {say.label(said, '')}", indent=3)
    page.heading(say("ask_example"))
    page.line(act["example"], indent=1)
    return page


def acts_page(names: Mapping[str, Mapping[str, str]], lang: str) -> Page:
    """Every act in a line."""
    say = Words(lang)
    page = Page(lang=lang)
    page.title(say("ask_list_heading"))
    page.table([say("col_name"), say("col_label")], ([name, say.label(title, "")] for name, title in names.items()))
    return page
