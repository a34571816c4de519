"""Builds a CARF message: users stream through, the schema and the rules look on, and nothing half-written remains."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from salyq.civil.errors import InputError, UsageError
from salyq.civil.messages import Message
from salyq.forms.carf import hmrc
from salyq.forms.carf.check import Checked
from salyq.forms.carf.codes import NEW, NIL
from salyq.forms.carf.looking_on import Onlooker
from salyq.forms.carf.rcasp import Rcasp
from salyq.forms.carf.rows import Group, groups
from salyq.forms.carf.write import CLOSING, Head, doc_ref_of, opening, user_content, user_record
from salyq.forms.countries import countries

BATCH = 200  # users that are written and checked at once


@dataclass
class Built:
    """What was built. `counted`: rows read, rows of other years; `skipped`: users without operations in the period."""

    message_ref: str
    indic: str
    users: int = 0
    skipped: int = 0
    counted: dict[str, int] = field(default_factory=dict)
    elsewhere: int = 0  # users resident in another country than the receiving one


def route(transmitting: str | None, receiving: str | None) -> tuple[str, str]:
    """Both countries. Kazakhstan has made no commitment that was found, so neither has a default (UsageError)."""
    if not transmitting or not receiving:
        raise UsageError(Message("carf_off"), column="--transmitting" if not transmitting else "--receiving")
    for option, code in (("--transmitting", transmitting), ("--receiving", receiving)):
        if code not in countries():
            raise UsageError(Message("carf_country"), column=option, value=code)
    return transmitting, receiving


def new_ref(transmitting: str, year: int, receiving: str, sender: str = "") -> str:
    """A MessageRefId that was never used: country, year, country, and 96 bits of chance; HMRC wants the sender too."""
    own = f"-{sender}" if hmrc.applies(transmitting, receiving) and sender else ""
    return f"{transmitting}{year}{receiving}{own}-{secrets.token_hex(12).upper()}"


def stamp() -> str:
    """The time now, in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def build(
    users: Path, operations: Path, rcasp: Rcasp, *, year: int, transmitting: str, receiving: str, to: Path,
    message_ref: str = "", timestamp: str = "",
) -> Built:  # fmt: skip
    """Writes the message to `to`, whole or not at all. Without operations in the period it is a nil report."""
    ref = message_ref or new_ref(transmitting, year, receiving, rcasp.sending_in)
    british = hmrc.applies(transmitting, receiving)
    counted: dict[str, int] = {}
    found = Built(ref, NEW, counted=counted)
    reportable = _reportable(groups(users, operations, year, counted), found, receiving)
    first = next(reportable, None)
    if first is None:
        found.indic = NIL
    head = Head(transmitting, receiving, ref, found.indic, year, timestamp or stamp())
    with whole_file(to) as file, Writer(file, str(to)) as writer:
        writer.put(opening(head, rcasp, "OECD1", f"{ref}-RCASP"))
        if first is not None:
            for group in _chain(first, reportable):
                found.users += 1
                content = user_content(group, british=british)
                writer.put(user_record(content, "OECD1", doc_ref_of(f"{ref}-", group.user.id)))
        writer.put(CLOSING)
        writer.end()
    return found


def _chain(first: Group, rest: Iterator[Group]) -> Iterator[Group]:
    yield first
    yield from rest


def _reportable(all_groups: Iterable[Group], found: Built, receiving: str) -> Iterator[Group]:
    for group in all_groups:
        if not group.operations:
            found.skipped += 1
            continue
        own = {r for u in (group.user, *group.controlling) for r in u.residences}
        found.elsewhere += receiving not in own
        yield group


class Writer:
    """Writes text and feeds it to the check in the same breath."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self.file, self.name, self.onlooker = file, name, Onlooker(name)
        self.waiting: list[str] = []

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self.onlooker.stop()

    def put(self, text: str) -> None:
        """The next part."""
        self.waiting.append(text)
        if len(self.waiting) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        data = "".join(self.waiting).encode()
        self.waiting.clear()
        self.file.write(data)
        self.onlooker.feed(data)

    def end(self) -> Checked:
        """Closes the check: a message of ours that breaks a rule is an error, and no file is left."""
        self._flush()
        checked = self.onlooker.end()
        for problem in checked.problems:
            if not problem.warning:
                raise InputError(problem.message, file=self.name, column=problem.where, value=problem.value)
        return checked


@contextmanager
def whole_file(to: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name only when it is whole."""
    try:
        if to.is_dir() or (to.exists() and not to.is_file()):
            raise UsageError(Message("form_target"), column="--to", value=str(to))
        to.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".salyq-", suffix=".part", dir=to.parent)
    except OSError as error:
        raise UsageError(Message("form_file", {"why": error.strerror or "?"}), column="--to", value=str(to)) from None
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
