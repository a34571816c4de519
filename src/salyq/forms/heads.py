"""What the head of a filled file says of itself: whose it is, of which period, and that its own lines say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from salyq.civil.ids import check_id
from salyq.civil.messages import Message
from salyq.forms.fill import periods
from salyq.forms.load import lines_of
from salyq.forms.model import Edition

if TYPE_CHECKING:
    from salyq.forms.read_back import ReadBack

_SHEET = re.compile(r"\[[0-9]+\]")
_PERSON, _YEAR, _QUARTER, _HALF = "person.id", "year", "quarter", "half"


class Differs(NamedTuple):
    line: str
    value: str
    message: Message
    right: str


def told(edition: Edition, lines: Mapping[str, str], fact: str) -> str:
    """What the file's lines say of a fact of its head, "" where they are silent."""
    facts = _facts(edition)
    return next((text for name, text in lines.items() if facts.get(_SHEET.sub("", name)) == fact), "")


def period_of(edition: Edition, year: int, quarter: str, lines: Mapping[str, str]) -> str:
    """The period of a file that has no key of its own for it."""
    if quarter:
        return f"{year}-Q{quarter}"
    half = told(edition, lines, _HALF)
    return f"{year}-H{half}" if half else str(year)


def differing(read: ReadBack) -> Iterator[Differs]:
    """A head that is none, each line that says otherwise than the head, and each line of the head that is missing."""
    if (wrong := check_id(read.person_id)) is not None:
        yield Differs("person", read.person_id, wrong, "")
    may = periods(read.edition, read.year)
    if read.period not in may:
        yield Differs("period", read.period, Message("form_head_period"), ", ".join(may))
    part = read.period[-1] if len(read.period) == len("2025-Q1") else ""
    right = {_PERSON: read.person_id, _YEAR: str(read.year), _QUARTER: part, _HALF: part}
    facts = _facts(read.edition)
    for name, text in read.lines.items():
        wanted = right.get(facts.get(_SHEET.sub("", name), ""), "")
        if wanted and text and text != wanted:
            yield Differs(name, text, Message("form_head_differs"), wanted)
    if read.how == "lines":  # the others have a head of their own, without which they are not read
        main = read.edition.annex[0]
        for code, cell in lines_of(main):
            name, wanted = f"{main.code}.{code}", right.get(cell.fact or "", "")
            if wanted and not read.lines.get(name):
                yield Differs(name, "", Message("form_head_missing"), wanted)


def _facts(edition: Edition) -> dict[str, str]:
    return {f"{a.code}.{code}": cell.fact for a in edition.annex for code, cell in lines_of(a) if cell.fact}
