"""Files that are made to overwhelm: each must be refused in one line, quickly and in little memory."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.fuzz.books import parts_of, sheet_xml
from tests.fuzz.checks import checked, no_hang, one_line

from salyq.civil.errors import InputError
from salyq.sources import read_files

MB = 1 << 20
HEADER = b"time,kind,asset,quantity,note\n"
Giant = Callable[[Path, int], Path]  # (folder, size in MB) -> the file


def endless_line(folder: Path, size: int) -> Path:
    """One line without an end."""
    return _written(folder / "line.csv", [b"a" * MB] * size)


def endless_line_below(folder: Path, size: int) -> Path:
    """A good header, then one line without an end."""
    return _written(folder / "below.csv", [HEADER, *[b"2" * MB] * size])


def endless_cell(folder: Path, size: int) -> Path:
    """A quote that never closes, over many lines."""
    return _written(folder / "quote.csv", [HEADER, b'2025-03-01,"', *[b"words and lines\n" * (MB // 16)] * size])


def million_columns(folder: Path, size: int) -> Path:
    """A header of a million columns."""
    return _written(folder / "columns.csv", [b",".join(b"c%d" % n for n in range(1_000_000)), b"\n1,2,3\n"])


def million_cells(folder: Path, size: int) -> Path:
    """A good header, and rows of very many cells."""
    return _written(folder / "cells.csv", [HEADER, (b"1," * 400_000 + b"\n") * 3])


def wide_sheet(folder: Path, size: int) -> Path:
    """A sheet with a value in its last column."""
    return _packed(folder / "wide.xlsx", _sheet([["time", "kind", "asset", "quantity", '<c r="XFD1"><v>1</v></c>']]))


def deep_sheet(folder: Path, size: int) -> Path:
    """Elements inside elements."""
    return _packed(folder / "deep.xlsx", iter([b"<worksheet>", *[b"<a>" * (MB // 3)] * min(size, 50)]))


def bomb(folder: Path, size: int) -> Path:
    """A small file that unpacks to a giant one."""
    return _packed(folder / "bomb.xlsx", iter([b"<worksheet>", *[b" " * MB] * size]))


def endless_token(folder: Path, size: int) -> Path:
    """A comment without an end, kept large enough in the package not to look like a bomb."""
    noise = bytes(range(97, 123)) * (MB // 26)
    return _packed(folder / "token.xlsx", iter([b"<worksheet><!--", *[noise] * min(size, 200)]), zipfile.ZIP_STORED)


def entities(folder: Path, size: int) -> Path:
    """The billion laughs."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    dtd = f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{laughs}]>'
    return _packed(folder / "laughs.xlsx", _sheet([["&l9;"]], dtd))


def outside_entity(folder: Path, size: int) -> Path:
    """An entity that is another file."""
    (folder / "secret.txt").write_text("secret")
    dtd = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{(folder / "secret.txt").as_uri()}">]>'
    return _packed(folder / "outside.xlsx", _sheet([["time", "kind", "asset", "quantity"], ["<is>&s;</is>"]], dtd))


def many_parts(folder: Path, size: int) -> Path:
    """A package of very many parts."""
    path = folder / "parts.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        for n in range(5000):
            package.writestr(f"x{n}", b"")
    return path


GIANTS: tuple[Giant, ...] = (
    endless_line,
    endless_line_below,
    endless_cell,
    million_columns,
    million_cells,
    wide_sheet,
    deep_sheet,
    bomb,
    endless_token,
    entities,
    outside_entity,
    many_parts,
)
READ = (million_cells,)  # its rows are rejected one by one; the file itself is one


def check_giant(folder: Path, giant: Giant, *, small: bool) -> str:
    """Makes the file (a gigabyte, or ten megabytes), reads it, removes it."""
    path = giant(folder, 10 if small else 1024)
    try:
        with no_hang(60):
            checked(read_files([path], base=folder))
    except InputError as error:
        one_line(error)
        return "refused"
    finally:
        path.unlink()
    assert giant in READ, f"{giant.__name__} was read"
    return "read"


def _written(path: Path, pieces: list[bytes]) -> Path:
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
    return path


def _sheet(rows: list[list[str]], before: str = "") -> Iterator[bytes]:
    yield sheet_xml(rows, before).encode()


def _packed(path: Path, sheet: Iterator[bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    parts = parts_of({"Sheet1": ""})
    with zipfile.ZipFile(path, "w", how) as package:
        for name, content in parts.items():
            if name == "xl/worksheets/sheet1.xml":
                with package.open(name, "w", force_zip64=True) as part:
                    for piece in sheet:
                        part.write(piece)
            else:
                package.writestr(name, content)
    return path
