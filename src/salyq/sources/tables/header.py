"""Recognising a file by its header: among the formats of the registry, behind preamble lines, by any delimiter."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.sources.format import Format, Match
from salyq.sources.tables.unread_fees import unread_fees

PREAMBLE = 30  # lines looked at for a header
_MOST_COLUMNS = 200
_MOST_OF_THEM = 4  # columns of ours
_DELIMITERS = (",", ";", "\t")


class Head(NamedTuple):
    """A line that may be the header: its physical number, and its cells by each delimiter that parts it."""

    line: int
    readings: tuple[tuple[str, list[str]], ...]


class Recognised(NamedTuple):
    """`lines`: physical lines up to and with the header; `width`: header cells without empty ones at the end; `fees`:
    columns of fees that the reader leaves unread (unread_fees.py)."""

    format: Format
    match: Match
    delimiter: str
    lines: int
    width: int
    fees: Mapping[int, str] = {}


def split_line(line: str, delimiter: str) -> list[str] | None:
    """The stripped cells of one line; a line quoted whole is opened. None where it is no CSV line."""
    line = line.replace("\ufeff", "")  # one venue puts a byte order mark before every cell
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
        if len(cells) == 1 and delimiter in cells[0]:
            cells = next(csv.reader([cells[0]], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None
    cells = [c.strip() for c in cells]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def text_heads(lines: Sequence[str]) -> list[Head]:
    """What a text file may have as a header: its lines that are not empty."""
    heads = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            readings = [(d, split_line(line, d)) for d in _DELIMITERS]
            heads.append(Head(number, tuple([(d, cells) for d, cells in readings if cells])))
    return heads


def recognise(heads: Sequence[Head], formats: Sequence[Format], name: str) -> Recognised:
    """The format of a table from its first lines. InputError: no reader takes it, or an own format is misspelt."""
    if not heads:
        raise InputError(Message("file_empty"), file=name)
    for number, head in enumerate(heads):
        for delimiter, header in head.readings:
            if len(header) > _MOST_COLUMNS:
                continue
            for form in formats:
                if form.own and (number or form.unknown(header)):
                    continue
                match = form.match(header)
                whole = form if match is None else form.whole()
                if whole is not form:  # what an outline takes, the reader itself may refuse
                    match = whole.match(header)
                if match is not None:
                    _refuse_twice(form, header, name, head.line)
                    if form.doubtful(header):
                        raise _may_be_other(form, name, head.line)
                    fees = unread_fees(whole, header, match.places)
                    return Recognised(whole, match, delimiter, head.line, len(header), fees)
    raise _why_not(heads[0], formats, name)


def _refuse_twice(form: Format, header: Sequence[str], name: str, line: int) -> None:
    folded = [title.casefold() for title in header]
    for title in folded:
        if form.own and folded.count(title) > 1:
            raise InputError(Message("header_column_twice"), file=name, line=line, column=title)


def _may_be_other(form: Format, name: str, line: int) -> InputError:
    return InputError(
        Message("header_may_be_other", {"format": form.name, "columns": ", ".join(form.surely)}), file=name, line=line
    )


def _why_not(head: Head, formats: Sequence[Format], name: str) -> InputError:
    """An own format that was meant: its required columns are there and another too, or nearly so; else none."""
    line, headers = head.line, [cells for _, cells in head.readings if len(cells) <= _MOST_COLUMNS]
    if headers and all(form.taught for form in formats):  # the person named this file for it
        form, header = formats[0], min(headers, key=lambda h: len(formats[0].missing(h)))
        column = (form.missing(header) or [""])[0]
        words = Message("header_column_missing", {"format": form.name, "column": column})
        return InputError(words, file=name, line=line, column=column)
    own = [form for form in formats if form.own]
    for header in headers:
        for form in own:
            if not form.missing(header):
                return _unknown_column(form, header, name, line)
    meant = []
    for header in headers:
        for form in own:
            unknown, missing = form.unknown(header), form.missing(header)
            needed = sum(c.required for c in form.columns)
            known = len(header) - len(unknown)
            if (
                known >= 2
                and 2 * len(missing) <= needed
                and 10 * known >= 6 * len(header)
                and _misspelt(missing, unknown, known)
            ):
                meant.append((len(unknown) + len(missing), form.name, form, header))
    if not meant:
        return InputError(Message("file_no_reader"), file=name, line=line)
    _, _, form, header = min(meant, key=lambda m: m[:2])
    if form.unknown(header):
        return _unknown_column(form, header, name, line)
    column = form.missing(header)[0]
    words = Message("header_column_missing", {"format": form.name, "column": column})
    return InputError(words, file=name, line=line, column=column)


def _misspelt(missing: Sequence[str], unknown: Sequence[str], known: int) -> bool:
    """Whether a table with these columns is one of ours: what it must have and lacks stands there in another spelling,
    or one column is left out of a table that has most of the others."""
    near = [difflib.get_close_matches(name, [title.casefold() for title in unknown], n=1) for name in missing]
    return all(near) or (len(missing) == 1 and known >= _MOST_OF_THEM)


def _unknown_column(form: Format, header: Sequence[str], name: str, line: int) -> InputError:
    title = form.unknown(header)[0]
    names = [c.name for c in form.columns]
    near = difflib.get_close_matches(title.casefold(), names, n=1)
    words = Message("header_column_like", {"format": form.name, "near": near[0]}) if near else None
    words = words or Message("header_column_unknown", {"format": form.name, "columns": ", ".join(names)})
    return InputError(words, file=name, line=line, column=title or "«»")
