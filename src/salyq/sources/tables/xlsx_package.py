"""The package that an XLSX file is: a ZIP of XML parts, opened with distrust and read as a stream.

Only the few parts that hold a table are ever opened. Refused in one line: no ZIP, a password, macros, too many or too
large parts, a size out of all proportion to the file (a ZIP bomb), document types and entities, endless nesting, one
endless token.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from salyq.civil.errors import InputError
from salyq.civil.messages import Message

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesImpl

MOST_PARTS = 2000
MOST_BYTES = 10**9  # unpacked, of all parts together
MOST_READ = 3 * MOST_BYTES  # a sheet is gone through twice where its days need it
BOMB_BYTES, BOMB_RATIO = 20 * 10**6, 200  # above so many bytes, parts may not be so many times larger unpacked
_CHUNK = 1 << 16
_LONGEST_TOKEN = 32  # chunks without a single event: a tag or comment of 2 MB
_DEEPEST = 64
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what the format allows; others can ask for gigabytes
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, LookupError, SAXException, OSError)


class Tags(ContentHandler):
    """Elements by their local names. Subclasses fill `start`, `end` and `text`."""

    def __init__(self) -> None:
        super().__init__()
        self.events = self.depth = 0

    def startElement(self, name: str, attrs: AttributesImpl[str]) -> None:
        self.events += 1
        self.depth += 1
        if self.depth > _DEEPEST:
            raise SAXException("elements too deep")
        self.start(name.rpartition(":")[2], dict(attrs.items()))

    def endElement(self, name: str) -> None:
        self.events += 1
        self.depth -= 1
        self.end(name.rpartition(":")[2])

    def characters(self, content: str) -> None:
        self.events += 1
        self.text(content)

    def start(self, name: str, attrs: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, content: str) -> None:
        """A piece of text inside an element."""


class Package:
    """The parts of one file. InputError from every method: the file as a whole cannot be used."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.unpacked = 0  # bytes read so far, however often of one part
        try:
            with path.open("rb") as file:
                start = file.read(8)
            if start.startswith(b"\xd0\xcf\x11\xe0"):  # the container of .xls, and of workbooks with a password
                raise self.bad("xlsx_locked")
            if not start.startswith(b"PK"):
                raise self.bad("xlsx_none")
            self.zip = zipfile.ZipFile(path)
            self.parts = {info.filename.lstrip("/"): info for info in self.zip.infolist()}
        except _BROKEN as error:
            raise self.broken(error) from None
        self._check()

    def close(self) -> None:
        self.zip.close()

    def bad(self, code: str, /, **params: object) -> InputError:
        """An error about the whole file."""
        return InputError(Message(code, params), file=self.name)

    def broken(self, error: Exception) -> InputError:
        """An error of the libraries, as one line."""
        why = str(error).partition("\n")[0][:120] or type(error).__name__
        return self.bad("xlsx_broken", why="".join(c if c.isprintable() else " " for c in why))

    def _check(self) -> None:
        infos = self.zip.infolist()
        if len(infos) > MOST_PARTS or len(infos) != len(self.parts):
            raise self.bad("xlsx_too_many_parts", limit=MOST_PARTS)
        whole, packed = sum(i.file_size for i in infos), sum(i.compress_size for i in infos)
        if whole > MOST_BYTES or (whole > BOMB_BYTES and whole > BOMB_RATIO * max(packed, 1)):
            raise self.bad("xlsx_bomb", limit=MOST_BYTES // 10**6)
        for info in infos:
            if info.flag_bits & 1:
                raise self.bad("xlsx_locked")
            if info.filename.lower().endswith("vbaproject.bin"):
                raise self.bad("xlsx_macros")

    def read(self, part: str, handler: Tags) -> Iterator[None]:
        """Feed a part to `handler`, chunk by chunk; a part that is not there is an error."""
        from defusedxml.sax import make_parser

        info = self.parts.get(part)
        if info is None or info.compress_type not in _METHODS:
            raise self.bad("xlsx_broken", why=part[:120])
        parser = make_parser()
        parser.forbid_dtd = True
        parser.setContentHandler(handler)
        silent = seen = 0
        try:
            with self.zip.open(info) as file:
                while chunk := file.read(_CHUNK):
                    parser.feed(chunk)
                    self.unpacked += len(chunk)
                    if self.unpacked > MOST_READ:
                        raise self.bad("xlsx_bomb", limit=MOST_READ // 10**6)
                    silent = silent + 1 if handler.events == seen else 0
                    if silent > _LONGEST_TOKEN:
                        raise SAXException("a token without end")
                    seen = handler.events
                    yield
            parser.close()
        except _BROKEN as error:
            raise self.broken(error) from None
        yield

    def read_whole(self, part: str, handler: Tags) -> None:
        """Feed a whole part to `handler`."""
        for _ in self.read(part, handler):
            pass
