"""Values of closed lists in words: what a code of law is called, for whoever shows it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files

from salyq.records.kinds import KINDS

Said = Mapping[str, str]

_CODE = re.compile(r"(KOAP|UK):|[a-z]")  # assets, currencies and countries are known by their codes


@cache
def lists() -> Mapping[str, Mapping[str, Said]]:
    """The closed lists of the tax subjects, by the fact or rule that has them: code -> kk, ru, en."""
    text = (files("salyq") / "law" / "words.toml").read_text(encoding="utf-8")  # a name of salyq.law would load it all
    return tomllib.loads(text)


@cache
def codes() -> Mapping[str, Mapping[str, str]]:
    """What the codes that stand in rules and answers are called."""
    from salyq.law.asked.catalogue import facts

    found: dict[str, Mapping[str, str]] = {name: kind.label for name, kind in KINDS.items()}
    for said in lists().values():
        found |= {code: words for code, words in said.items() if code not in found}
    for fact in facts().values():
        found |= fact.choices
    return found | tomllib.loads((files("salyq.law.asked") / "words.toml").read_text(encoding="utf-8"))


def together(several: Collection[str]) -> Mapping[str, Said]:
    """What codes that stand together are called: by the first list that has them all, for a code alone may stand in
    several (“agent” is one who deals for others and one who withholds tax); else each by itself."""
    from salyq.law.asked.catalogue import facts

    every = (*(f.choices for f in facts().values()), *lists().values())
    return next((said for said in every if several and set(several) <= said.keys()), codes())


def word(name: str, code: str) -> Said | None:
    """What `code` is called as a value of the fact or rule `name`; None for what is in no closed list."""
    if not _CODE.match(code):
        return None
    column = name.rpartition(".")[2]
    own = lists().get(column, {}).get(code)
    if own is not None:
        return own
    if column == "kind" and code in KINDS:
        return KINDS[code].label
    return _of_acts(column, code)


def _of_acts(column: str, code: str) -> Said | None:
    """The same for what acts are asked about: the fact's own choices first, then those of answers and other facts."""
    from salyq.law.asked.catalogue import facts

    fact = facts().get(column)
    if fact is not None and code in fact.choices:
        return fact.choices[code]
    return codes().get(code)


def chosen(election: str, choice: str) -> tuple[Said, Said] | None:
    """What an election is called and what a choice of it is; None for one of a law that is not shipped."""
    from salyq.law import shipped

    for name, series in shipped().series.items():
        if name.rpartition(".")[2] == election and choice in series.choices:
            return series.label, series.choices[choice]
    return None
