"""XLSX workbooks as tables: for each sheet, rows of texts with the row's own number. Nothing is computed.

A formula counts with the value that the spreadsheet saved for it; a formula without one is refused, because an empty
cell would be read as an absent value.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.sources.tables.xlsx_cells import DateStyle, date_style, date_text, number_text
from salyq.sources.tables.xlsx_package import Package, Tags

MOST_COLUMNS = 200
MOST_ROWS = 1_048_576  # the format's own limit
LONGEST_CELL = 32_767  # the format's own limit
MOST_SHEETS = 200
MOST_STYLES = 65_536
MOST_TEXTS, MOST_CHARACTERS = 2_000_000, 50_000_000
_REF = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)

Row = tuple[int, list[str]]  # the row's number, its cells


class Sheet(NamedTuple):
    """A sheet of a workbook: its title and its part."""

    title: str
    part: str


class Workbook:
    """An opened file. `rounded`: numbers that lost binary noise so far (xlsx_cells.number_text)."""

    def __init__(self, path: Path, name: str) -> None:
        self.name, self.rounded = name, 0
        self.package = Package(path, name)
        try:
            self._open()
        except BaseException:
            self.package.close()
            raise

    def _open(self) -> None:
        package = self.package
        main = _target(package, "_rels/.rels", "", "/officeDocument") or "xl/workbook.xml"
        book = _Book()
        package.read_whole(main, book)
        folder, base = posixpath.split(main)
        rels = _Relations(folder)
        package.read_whole(posixpath.join(folder, "_rels", base + ".rels"), rels)
        by_id = {key: part for key, (kind, part) in rels.found.items() if kind.endswith("/worksheet")}
        self.sheets = [Sheet(title, by_id[key]) for title, key in book.sheets if key in by_id]
        if not self.sheets or len({s.title for s in self.sheets}) != len(self.sheets):
            raise package.bad("xlsx_broken", why="worksheets")
        if len({s.part for s in self.sheets}) != len(self.sheets):  # few bytes that would be read as many rows
            raise package.bad("xlsx_broken", why="worksheets of one part")
        self.from_1904 = book.from_1904
        parts = {kind.rpartition("/")[2]: part for kind, part in rels.found.values()}
        styles, texts = _Styles(), _Texts()
        if parts.get("styles") in package.parts:
            package.read_whole(parts["styles"], styles)
        if parts.get("sharedStrings") in package.parts:
            package.read_whole(parts["sharedStrings"], texts)
        self.styles, self.texts = styles.dates(), texts.found

    def close(self) -> None:
        self.package.close()

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """The rows of a sheet that have a value, in the order of the file. InputError: a cell that cannot be used."""
        cells = _Cells(self, sheet)
        for _ in self.package.read(sheet.part, cells):
            yield from cells.done
            cells.done.clear()

    def cell_text(self, kind: str, raw: str, style: int) -> str | None:
        """The text of one cell; None for a shared text that is not there."""
        if kind == "s":
            return self.texts[int(raw)] if raw.isdigit() and len(raw) < 9 and int(raw) < len(self.texts) else None
        if kind == "b":
            return "TRUE" if raw == "1" else "FALSE"
        if kind == "d":
            return raw.replace("T", " ")
        if kind != "n":
            return raw
        date = self.styles.get(style)
        shown = date_text(raw, date, self.from_1904) if date else None
        if shown is not None:
            return shown
        text, rounded = number_text(raw)
        self.rounded += rounded
        return text


class _Cells(Tags):
    """The rows of a sheet, as they end."""

    def __init__(self, book: Workbook, sheet: Sheet) -> None:
        super().__init__()
        self.book, self.sheet = book, sheet
        self.done: list[Row] = []
        self.row, self.column, self.inside = 0, 0, ""
        self.cells: list[str] = []
        self.pieces: list[str] = []
        self.length = self.silent = 0
        self.kind, self.style, self.value, self.formula = "n", 0, "", False
        self.has_value = False

    def refuse(self, code: str, /, **params: object) -> InputError:
        file = self.book.name if len(self.book.sheets) == 1 else f"{self.book.name} [{self.sheet.title}]"
        return InputError(Message(code, params), file=file, line=self.row or None, column=_letters(self.column) or None)

    def start(self, name: str, attrs: Mapping[str, str]) -> None:
        if name == "row":
            number = attrs.get("r", "")
            self.row = int(number) if number.isdigit() and len(number) < 9 else self.row + 1
            if self.row > MOST_ROWS:
                raise self.refuse("xlsx_too_many_rows", limit=MOST_ROWS)
            self.cells, self.column = [], 0
        elif name == "c":
            found = _REF.fullmatch(attrs.get("r", ""))
            self.column = _number(found[1]) if found else self.column + 1
            self.kind, style = attrs.get("t", "n"), attrs.get("s", "0")
            self.style = int(style) if style.isdigit() and len(style) < 9 else 0
            self.value, self.has_value, self.formula = "", False, False
        elif name in ("v", "t") and not self.silent:
            self.inside, self.pieces, self.length = name, [], 0
        elif name == "f":
            self.formula = True
        elif name == "rPh":  # how to pronounce the text: no part of it
            self.silent += 1

    def text(self, content: str) -> None:
        if self.inside:
            self.length += len(content)
            if self.length > LONGEST_CELL:
                raise self.refuse("xlsx_cell_too_long", limit=LONGEST_CELL)
            self.pieces.append(content)

    def end(self, name: str) -> None:
        if name in ("v", "t") and self.inside:
            if name == "v" or self.kind == "inlineStr":
                self.value, self.has_value = self.value + "".join(self.pieces), True
            self.inside = ""
        elif name == "rPh":
            self.silent -= 1
        elif name == "c":
            self.put()
        elif name == "row" and self.cells:
            self.done.append((self.row, self.cells))
            self.cells = []

    def put(self) -> None:
        if not self.has_value or (self.value == "" and self.kind != "str"):
            if self.formula:
                raise self.refuse("xlsx_formula_without_value")
            return
        text = self.book.cell_text(self.kind, self.value, self.style)
        if text is None:
            raise self.refuse("xlsx_broken", why=self.value[:40])
        if self.column > MOST_COLUMNS and text.strip():
            raise self.refuse("xlsx_too_many_columns", limit=MOST_COLUMNS)
        if len(self.cells) >= self.column:
            raise self.refuse("xlsx_broken", why=_letters(self.column))  # a cell told twice
        if self.column <= MOST_COLUMNS:
            self.cells.extend([""] * (self.column - len(self.cells) - 1))
            self.cells.append(text)


class _Book(Tags):
    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, name: str, attrs: Mapping[str, str]) -> None:
        if name == "sheet" and len(self.sheets) < MOST_SHEETS:
            key = next((value for key, value in attrs.items() if key.rpartition(":")[2] == "id"), "")
            title = "".join(c if c.isprintable() else " " for c in attrs.get("name", "")[:64])
            self.sheets.append((title, key))
        elif name == "workbookPr":
            self.from_1904 = attrs.get("date1904", "0") in ("1", "true")


class _Relations(Tags):
    """Id -> (type, part), of parts inside the package."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attrs: Mapping[str, str]) -> None:
        if name == "Relationship" and attrs.get("TargetMode") != "External" and len(self.found) < 4 * MOST_SHEETS:
            target = unquote(attrs.get("Target", ""))
            part = target.lstrip("/") if target.startswith("/") else posixpath.join(self.folder, target)
            self.found[attrs.get("Id", "")] = (attrs.get("Type", ""), posixpath.normpath(part))


class _Styles(Tags):
    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[str, str] = {}
        self.cells: list[str] = []
        self.inside = False

    def start(self, name: str, attrs: Mapping[str, str]) -> None:
        if name == "numFmt" and len(self.codes) < MOST_STYLES:
            self.codes[attrs.get("numFmtId", "")] = attrs.get("formatCode", "")[:255]
        elif name == "cellXfs":
            self.inside = True
        elif name == "xf" and self.inside and len(self.cells) < MOST_STYLES:
            self.cells.append(attrs.get("numFmtId", "0"))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self.inside = False

    def dates(self) -> dict[int, DateStyle]:
        """Style number -> what it shows of a date, for the styles that do."""
        found = {}
        for number, key in enumerate(self.cells):
            style = date_style(int(key) if key.isdigit() and len(key) < 9 else 0, self.codes.get(key))
            if style is not None:
                found[number] = style
        return found


class _Texts(Tags):
    """The texts that cells share."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.pieces: list[str] = []
        self.inside, self.silent, self.characters_seen = False, 0, 0

    def start(self, name: str, attrs: Mapping[str, str]) -> None:  # noqa: ARG002
        self.inside = name == "t" and not self.silent
        if name == "si":
            self.pieces = []
        elif name == "rPh":
            self.silent += 1

    def text(self, content: str) -> None:
        if self.inside:
            self.characters_seen += len(content)
            if self.characters_seen > MOST_CHARACTERS:
                raise ValueError("shared texts too large")
            self.pieces.append(content)

    def end(self, name: str) -> None:
        self.inside = False
        if name == "rPh":
            self.silent -= 1
        elif name == "si":
            self.found.append("".join(self.pieces))
            if len(self.found) > MOST_TEXTS:
                raise ValueError("too many shared texts")


def _target(package: Package, part: str, folder: str, kind: str) -> str | None:
    if part not in package.parts:
        return None
    rels = _Relations(folder)
    package.read_whole(part, rels)
    return next((target for type_, target in rels.found.values() if type_.endswith(kind)), None)


def _number(letters: str) -> int:
    """A column's letters as its number, A being 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    """A column's number as its letters."""
    text = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text
