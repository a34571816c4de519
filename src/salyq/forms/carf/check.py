"""Checks a CARF message as it streams by: the schema, then rules that a schema cannot say. Memory stays flat."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.forms.carf.beyond import C, Problem, Rules
from salyq.forms.carf.codes import NAMESPACE, TYPES
from salyq.forms.carf.earlier import Earlier
from salyq.forms.xml_in import LARGEST, parser

BLOCK = 1 << 18
_CHOICES = re.compile(r"\{'[^}]*'\}")  # a parser names all 250 countries
_NO_LINE = re.compile(r" ?\(<string>, line 0\)")


class Checked(NamedTuple):
    """What a message said, and what is wrong with it."""

    message_ref: str
    indic: str
    users: int
    problems: list[Problem]

    @property
    def refused(self) -> bool:
        return any(not p.warning for p in self.problems)


@cache
def schema(name: str = "CARFXML_v1.5.reconstructed.xsd") -> etree.XMLSchema:
    """A shipped schema, read once."""
    with as_file(files("salyq.forms.carf") / "schema") as folder:
        return etree.XMLSchema(etree.parse(str(folder / name)))


class _Nothing:
    """A target that wants nothing of what is parsed."""

    def close(self) -> None:
        """The end."""


def _short(text: str) -> str:
    """The first line of a parser's complaint, without namespaces and lists of hundreds."""
    first = (text.splitlines() or ["?"])[0].replace(f"{{{NAMESPACE}}}", "").replace(f"{{{TYPES}}}", "stf:")
    long = _CHOICES.search(first)
    if long is not None and len(long[0]) > 120:
        first = first.replace(long[0], "{…}")
    return _NO_LINE.sub("", first)[:240]


class Stream:
    """Takes a message block by block: `feed` raises InputError at the first breach of the schema, `close` gives what
    the other rules found. Users are forgotten as soon as they are checked."""

    def __init__(
        self, name: str, today: date | None = None, *, own: bool = False, earlier: Earlier | None = None
    ) -> None:
        """`own`: a message that is being built: its rows were checked as they came, so only the schema looks on.
        `earlier`: what was sent before."""
        self.name = name
        self.today = today or datetime.now(UTC).date()
        self.parser = etree.XMLPullParser(
            events=("start", "end"),
            tag=(f"{C}CARF_OECD", f"{C}MessageSpec", f"{C}RCASP", f"{C}CryptoUsers", f"{C}CARFBody"),
            schema=schema(),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
            huge_tree=False,
        )
        nothing: Any = _Nothing()
        self.plain = etree.XMLParser(target=nothing, schema=schema(), resolve_entities=False) if own else None
        self.head: dict[str, str] = {}
        self.rules = Rules(self.today, earlier)
        self.users = 0

    def feed(self, data: bytes) -> None:
        """The next block."""
        if self.plain is not None:
            self._feed_plain(data)
            return
        try:
            self.parser.feed(data)
        except etree.XMLSyntaxError as error:
            raise self._refused(error) from None
        self._events()

    def close(self) -> Checked:
        """The end of the message."""
        if self.plain is not None:
            self._feed_plain(b"", end=True)
            return Checked("", "", self.users, [])
        try:
            self.parser.close()
        except etree.XMLSyntaxError as error:
            raise self._refused(error) from None
        self._events()
        if not self.head:  # with a schema, the parser is silent about a short file that is no XML at all
            raise InputError(Message("carf_schema", {"why": "no CARF_OECD"}), file=self.name)
        found = self.rules.found(self.head, self.users)
        return Checked(self.head.get("MessageRefId", ""), self.head.get("MessageTypeIndic", ""), self.users, found)

    def _feed_plain(self, data: bytes, *, end: bool = False) -> None:
        """Only the schema looks on, and no tree is built: half again as fast."""
        assert self.plain is not None
        try:
            self.plain.close() if end else self.plain.feed(data)
        except etree.XMLSyntaxError as error:
            raise self._refused(error) from None
        log: Any = self.plain.feed_error_log
        if len(log):
            params = {"why": _short(log[0].message)}
            raise InputError(Message("carf_schema", params), file=self.name, line=log[0].line or None)

    def _events(self) -> None:
        found: Any = self.parser.read_events()
        for event, element in found:
            if event == "start":
                continue
            if element.tag == f"{C}MessageSpec":
                self.head = {etree.QName(x).localname: x.text or "" for x in element}
                if element.getroottree().docinfo.internalDTD is not None:
                    raise InputError(Message("form_xml_doctype"), file=self.name)
            elif element.tag == f"{C}RCASP":
                self.rules.record(element, self.head, provider=True)
            elif element.tag == f"{C}CARFBody":
                self.rules.end_of_body()
            elif element.tag == f"{C}CryptoUsers":
                self.users += 1
                self.rules.record(element, self.head)
                self.rules.user(element)
                element.clear()
                parent = element.getparent()
                if parent is not None and len(parent) > 2:
                    del parent[1]  # the provider stays, users before this one go

    def _refused(self, error: etree.XMLSyntaxError) -> InputError:
        line = error.lineno if isinstance(error.lineno, int) and error.lineno > 0 else None
        log: Any = self.parser.feed_error_log
        if line is None and len(log):
            line = log[0].line or None
        return InputError(Message("carf_schema", {"why": _short(str(error))}), file=self.name, line=line)


def check_message(path: Path, today: date | None = None, after: Sequence[Path] = ()) -> Checked:
    """Checks a file, with `after` (what was sent before, oldest first) its chain of corrections too. InputError (one
    line) where a file is no CARF message by the schema."""
    earlier = None
    if after:
        earlier = Earlier()
        for sent in after:
            _through(Stream(str(sent), today, earlier=earlier), sent)
            earlier.end_of_message()
    return _through(Stream(str(path), today, earlier=earlier), path)


def _through(stream: Stream, path: Path) -> Checked:
    try:
        for block in blocks(path):
            stream.feed(block)
        return stream.close()
    except InputError as error:
        if error.line is None and error.message.code == "carf_schema":
            raise InputError(error.message, file=error.file, line=_line(path)) from None
        raise


def _line(path: Path) -> int | None:
    """Where the schema is broken: a stream does not know its lines, a document that is read whole does."""
    if path.stat().st_size > LARGEST:
        return None
    rules = schema()
    try:
        rules.validate(etree.fromstring(path.read_bytes(), parser()))
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)  # not even well formed
        return line if isinstance(line, int) and line > 0 else None
    log: Any = rules.error_log
    return log[0].line or None if len(log) else None


def blocks(path: Path) -> Iterator[bytes]:
    """A file block by block. A document type is refused before the parser sees it."""
    try:
        with path.open("rb") as file:
            first = True
            while data := file.read(BLOCK):
                if first and b"<!DOCTYPE" in data[:4096].replace(b"\x00", b""):
                    raise InputError(Message("form_xml_doctype"), file=str(path))
                first = False
                yield data
    except OSError as error:
        raise InputError(Message("form_file", {"why": error.strerror or "?"}), file=str(path)) from None
