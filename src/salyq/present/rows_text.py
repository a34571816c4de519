"""The account of input rows: each ends used, ignored by a named rule, or rejected with a reason (architecture §5.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from salyq.civil.errors import place
from salyq.civil.messages import Message
from salyq.civil.messages import Words as RuleWords
from salyq.present.page import Page
from salyq.present.words import Words

if TYPE_CHECKING:
    from salyq.app.api import Case

SHOWN = 20  # rejected rows and notices shown without --all


class RejectedRow(NamedTuple):
    file: str
    line: int
    column: str | None
    value: str | None
    reason: Message

    def text(self, lang: str) -> str:
        """`file:line: column «value»: reason`."""
        return place(self.file, self.line, self.column, self.value) + self.reason.shown(lang)


class FileRows(NamedTuple):
    """One input file. `event` is false for files of quotes and rates; `ignored` maps the rule to its count, `rules` to
    its words."""

    file: str
    reader: str
    sha256: str
    event: bool
    read: int
    used: int
    ignored: Mapping[str, int]
    rejected: Sequence[RejectedRow]
    rules: Mapping[str, RuleWords] = MappingProxyType({})

    def balanced(self) -> bool:
        return self.read == self.used + sum(self.ignored.values()) + len(self.rejected)


class Notice(NamedTuple):
    place: str  # file:line, or empty
    message: Message


def file_rows(case: Case) -> list[FileRows]:
    """The files of a case, in order of their names."""
    reports = sorted(case.reading.files, key=lambda f: f.file)
    return [
        FileRows(
            file=f.file,
            reader=f.reader,
            sha256=f.sha256,
            event=f.event,
            read=f.read,
            used=f.used,
            ignored=dict(sorted(f.ignored.items())),
            rejected=[RejectedRow(r.source.file, r.source.line, r.column, r.value, r.reason) for r in f.rejected],
            rules=f.rules,
        )
        for f in reports
    ]


def notices(case: Case) -> list[Notice]:
    """What reading and reconciling had to say, each with its place where it has one."""
    said = [*case.reading.notices, *case.ledger.notices]
    return [Notice("" if source is None else _place(source.file, source.line), message) for source, message in said]


def _place(file: str, line: int) -> str:
    return f"{file}:{line}" if line else file


def rows_headline(say: Words, files: Sequence[FileRows], unread: bool, rejected: bool = False) -> str:
    """Whether rows were lost, which is said only of files that were read."""
    if rejected or any(f.rejected for f in files):
        return say("rows_heading_rejected")
    return say("rows_heading_unread") if unread else say("rows_heading")


def rows_table(page: Page, say: Words, files: Sequence[FileRows], named: Callable[[str], str] | None = None) -> None:
    """A line a file, with the rules by which rows were ignored. `named`: what its reader is called; rules are then told
    below, in words (`rule_lines`)."""
    head = [say(f"col_{name}") for name in ("file", "reader", "read", "used", "ignored", "rejected")]
    page.table(head if named else [*head, say("col_rules")], [_row(f, named) for f in files], right=range(2, 6))
    page.blank()
    if not all(f.balanced() for f in files):
        page.line(say("rows_unbalanced"), style="error")


def _row(f: FileRows, named: Callable[[str], str] | None) -> list[str]:
    rules = ", ".join(f"{rule} {count}" for rule, count in f.ignored.items())
    counts = (f.read, f.used, sum(f.ignored.values()), len(f.rejected))
    cells = [f.file, named(f.reader) if named else f.reader, *map(str, counts)]
    return cells if named else [*cells, rules]


def rule_lines(page: Page, say: Words, files: Sequence[FileRows], *, counted: bool = False) -> None:
    """What each rule that ignored a row says; `counted`: of how many rows of which files, instead of its code."""
    words = {rule: words for f in files for rule, words in f.rules.items() if rule in f.ignored}
    rules = sorted(words)
    if rules:
        page.heading(say("rules_heading"))
    for rule in rules:
        where = ", ".join(f"{f.file} {f.ignored[rule]}" for f in files if f.ignored.get(rule))
        said = words[rule].text(say.lang)
        page.line(f"{said}: {where}" if counted else f"{rule} — {said}", indent=1)


def totals(files: Iterable[FileRows]) -> dict[str, int]:
    """Sums over event files only, as `rows` of an assessment has them."""
    mine = [f for f in files if f.event]
    return {
        "read": sum(f.read for f in mine),
        "used": sum(f.used for f in mine),
        "ignored": sum(sum(f.ignored.values()) for f in mine),
        "rejected": sum(len(f.rejected) for f in mine),
    }


def rejected_lines(page: Page, say: Words, files: Sequence[FileRows], *, everything: bool = False) -> None:
    """Each rejected row with its place, value and reason."""
    lines = [r.text(say.lang) for f in files for r in f.rejected]
    if lines:
        page.heading(say("rejected_heading", count=len(lines)))
        listed(page, say, lines, everything=everything)


def notice_lines(page: Page, say: Words, said: Sequence[Notice], *, everything: bool = False) -> None:
    """Each notice with its place."""
    lines = [f"{n.place}: {say.of(n.message)}" if n.place else say.of(n.message) for n in said]
    if lines:
        page.heading(say("notices_heading", count=len(lines)))
        listed(page, say, lines, everything=everything)


def listed(page: Page, say: Words, lines: Sequence[str], *, everything: bool) -> None:
    """The first lines of many, then how many more there are."""
    shown = lines if everything else lines[:SHOWN]
    for line in shown:
        page.line(line, indent=1)
    if len(shown) < len(lines):
        page.line(say("more_lines", count=len(lines) - len(shown)), indent=1)
