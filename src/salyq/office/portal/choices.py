"""Words that stand on every page of a register, put together once: its statuses, regions and kinds, and the lists of a
filter made of them. They come from files of the package, so they change with the version only.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from markupsafe import Markup, escape

from salyq.app import words_of_law
from salyq.office.registry import book
from salyq.office.registry.model import STATUSES

_KINDS = ("kind", "dfa_kind", "activity", "permit", "measure")  # the field that a filter by kind reads


@cache
def statuses(code: str, lang: str) -> Mapping[str, str]:
    spec = book.register(code)
    return {s: book.status_words(spec, s).text(lang) for s in STATUSES}


@cache
def regions(lang: str) -> Mapping[str, str]:
    """Of every day: a record keeps the region that it was granted in."""
    return {code: book.words("region", code).text(lang) for code in book.regions()}


@cache
def kinds(code: str, lang: str) -> Mapping[str, str]:
    """Empty where records of the register have no kinds."""
    found = next((f.choices for f in book.register(code).fields if f.name in _KINDS), ())
    return {k: book.words("choice", k).text(lang) for k in found}


@cache
def chosen(election: str, choice: str, lang: str) -> str:
    """A choice that law leaves, in law's words: “Order of lots: moving average”."""
    found = words_of_law.chosen(election, choice)
    if found is None:
        return f"{election} = {choice}"
    label, said = found
    return f"{label.get(lang, election)}: {said.get(lang, choice)}"


@cache
def choice(election: str, said: str, lang: str) -> str:
    """The choice alone: “moving average”; what is in no list stays as it is."""
    found = words_of_law.chosen(election, said)
    return said if found is None else found[1].get(lang, said)


def filters(code: str, lang: str, on: date) -> Mapping[str, Mapping[str, str]]:
    """What may be chosen, by the name of the filter."""
    now = set(book.regions(on))
    of_day = {region: said for region, said in regions(lang).items() if region in now}
    return {"status": statuses(code, lang), "kind": kinds(code, lang), "region": of_day}


@cache
def _option(value: str, said: str) -> str:
    return str(Markup('<option value="{}">{}</option>').format(value, said))


def options(choices: Mapping[str, str], chosen: str | None) -> Markup:
    """The options of a list, the chosen one marked."""
    made = "".join([_option(value, said) for value, said in choices.items()])
    if chosen in choices:
        plain = f'<option value="{escape(chosen)}"'
        made = made.replace(plain, plain + " selected", 1)
    return Markup(made)  # noqa: S704 every part was escaped above
