"""What the pages of the book are made of: plain texts and links, in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from salyq.app.lawbook import Subject
from salyq.rulebook.provisions import Coverage
from salyq.rulebook.sentences import Said


class Link(NamedTuple):
    """Another place of the book; `key` is the page without its ending, `anchor` may be empty."""

    text: str
    key: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class ValueSaid:
    name: str
    anchor: str
    label: str
    unit: str
    chart: str
    rows: Sequence[tuple[str, str, str, str, str, str]]  # from, until, value, known since, article, basis
    notes: Sequence[str]
    read_by: Sequence[Link]


@dataclass(frozen=True, slots=True)
class VersionSaid:
    life: str
    cite: str
    by: str
    basis: str
    lines: Sequence[Said]


@dataclass(frozen=True, slots=True)
class RuleSaid:
    name: str
    anchor: str
    label: str
    role: str
    versions: Sequence[VersionSaid]
    asks: Sequence[Link]
    read_by: Sequence[Link]


@dataclass(frozen=True, slots=True)
class ProvisionSaid:
    id: str
    anchor: str
    cite: str
    life: str
    text: str
    basis: str
    edition: str
    gap: str
    open: bool  # a gap that somebody has to fill
    notes: Sequence[str]
    encodes: Sequence[Link]
    cases: Sequence[Link]
    sort: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class CaseSaid:
    id: str
    anchor: str
    title: str  # in English
    named: str  # in the language of the page, where that is not English
    rests_on: str
    basis: str
    of: str  # the year, or the act and its day
    facts: Sequence[tuple[str, str]]
    files: Sequence[tuple[str, str]]
    results: Sequence[tuple[str, str, str]]  # label, period or part, value
    command: str


@dataclass(frozen=True, slots=True)
class Chapter:
    subject: Subject
    title: str
    provisions: Sequence[ProvisionSaid]
    values: Sequence[ValueSaid]
    rules: Sequence[RuleSaid]
    cases: Sequence[CaseSaid]
    counts: Coverage


@dataclass(frozen=True, slots=True)
class ActSaid:
    id: str
    anchor: str
    title: str
    kind: str
    day: str
    address: str
    editions: Sequence[str]
    articles: Sequence[tuple[str, Sequence[Link]]]
