"""Opening a file that claims to be text: size, hash, encoding, and what is plainly no table, before any row is read."""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path
from typing import NamedTuple

from salyq.civil.errors import InputError
from salyq.civil.messages import Message

LARGEST_FILE = 2 * 10**9  # bytes
LONGEST_LINE = 1 << 20  # bytes; also the chunk in which files are looked through
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Probe(NamedTuple):
    """`encoding` for open(); `bad_line`: the first line that is not UTF-8, where it is not."""

    sha256: str
    encoding: str
    bad_line: int | None


def probe(path: Path, name: str) -> Probe:
    """Look a file through once. InputError: unreadable, empty, too large, binary, endless line, unknown encoding."""
    try:
        size = path.stat().st_size
        if size == 0:
            raise InputError(Message("file_empty"), file=name)
        if size > LARGEST_FILE:
            raise InputError(Message("file_too_large", {"limit": LARGEST_FILE // 10**9}), file=name)
        return _look(path, name)
    except OSError as error:
        raise InputError(Message("file_unreadable", {"why": error.strerror or str(error)}), file=name) from None


def _look(path: Path, name: str) -> Probe:
    digest, lines, bad_line, encoding = hashlib.sha256(), 1, None, ""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while chunk := file.read(LONGEST_LINE):
            encoding = encoding or _encoding(chunk)
            digest.update(chunk)
            wide = encoding.startswith("utf-16")
            if not wide and b"\0" in chunk:
                raise InputError(Message("file_binary"), file=name, line=lines + _lines(chunk[: chunk.index(b"\0")]))
            if len(chunk) == LONGEST_LINE and b"\n" not in chunk and b"\r" not in chunk:
                raise InputError(Message("file_line_too_long", {"limit": LONGEST_LINE}), file=name, line=lines)
            if not wide and bad_line is None:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError as error:
                    bad_line = lines + _lines(chunk[: max(error.start, 0)])
            lines += _lines(chunk)
    if bad_line is None and not encoding.startswith("utf-16") and decoder.getstate()[0]:
        bad_line = lines  # the file ends in the middle of a character
    if bad_line is not None:
        encoding = "cp1251"
        _check(path, name, encoding)
    elif encoding.startswith("utf-16"):
        _check(path, name, encoding)
        bad_line = 1
    return Probe(digest.hexdigest(), encoding, bad_line)


def _lines(data: bytes) -> int:
    """Line ends in `data`: \\n, or \\r where there is no \\n."""
    return data.count(b"\n") or data.count(b"\r")


def _encoding(start: bytes) -> str:
    """By byte order mark; a text of Latin letters without one in UTF-16 has a zero in every second byte."""
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return encoding
    head = start[:1024]
    if len(head) >= 4 and head[1::2].count(0) > len(head) // 3 and not head[0::2].count(0):
        return "utf-16-le"
    if len(head) >= 4 and head[0::2].count(0) > len(head) // 3 and not head[1::2].count(0):
        return "utf-16-be"
    return "utf-8"


def _check(path: Path, name: str, encoding: str) -> None:
    """Decode the whole file once, so that no error can come in the middle of a reading."""
    line = 0
    try:
        with path.open(encoding=encoding, newline="") as file:
            while piece := file.read(LONGEST_LINE):
                if "\0" in piece:
                    raise InputError(Message("file_binary"), file=name, line=line + 1)
                line += piece.count("\n")
    except UnicodeError:
        raise InputError(Message("file_encoding"), file=name, line=line + 1) from None
