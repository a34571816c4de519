"""Reading a TOML file that anybody may have written: too large, unreadable, no UTF-8, no TOML, endless numbers."""

from __future__ import annotations

import errno
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.civil.toml_lines import line_of

_LONGEST_INTEGER = 63  # bits
LARGEST = 1_000_000  # bytes: such a file is a page or a few, not a book


def load_toml(path: Path, shown: str) -> tuple[str, dict[str, Any]]:
    """The text of a TOML file and what it says. InputError where it cannot be read, is no UTF-8 or no TOML."""
    try:
        if path.exists() and not path.is_file():
            raise InputError(Message("person_unreadable", {"why": os.strerror(errno.EINVAL)}), file=shown)
        if path.stat().st_size > LARGEST:
            raise InputError(Message("person_too_large", {"bytes": LARGEST}), file=shown)
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(Message("person_unreadable", {"why": error.strerror or str(error)}), file=shown) from None
    except UnicodeDecodeError:
        raise InputError(Message("person_not_utf8"), file=shown) from None
    return text, parse_toml(text, shown)


def parse_toml(text: str, shown: str) -> dict[str, Any]:
    """What a TOML text says. InputError where it is no TOML."""
    try:
        data = tomllib.loads(text.replace("\r\n", "\n"))
        refuse_endless(data, text, shown)
        return data
    except tomllib.TOMLDecodeError as error:
        raise InputError(Message("person_not_toml", {"why": str(error)}), file=shown, line=_toml_line(error)) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, tables nested without end
        raise InputError(Message("toml_beyond_limits"), file=shown) from None


def refuse_endless(data: Mapping[str, Any], text: str, shown: str, table: str = "", index: int = 0) -> None:
    """InputError at a whole number beyond 64 bits, which TOML does not promise and Python cannot always print."""
    for key, value in data.items():
        path = ".".join(part for part in (table, key) if part)
        for n, item in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(item, Mapping):
                refuse_endless(item, text, shown, path, n)
            elif isinstance(item, list):
                refuse_endless({key: item}, text, shown, table, index)
            elif isinstance(item, int) and item.bit_length() > _LONGEST_INTEGER:
                line = line_of(text, table, index, key) or line_of(text, table, index, "")
                raise InputError(Message("toml_endless_integer"), file=shown, line=line, column=path)


def _toml_line(error: Exception) -> int | None:
    _, _, rest = str(error).partition("at line ")
    digits = rest.partition(",")[0]
    return int(digits) if digits.isascii() and digits.isdigit() else None
