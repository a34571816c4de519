"""TOML texts of ours, read once: what a text says is kept beside the explanations, under the hash of the text itself.

So a text that changes is read again, and nothing has to be cleared. What is kept is data; whatever does not check is
read from the text. Nothing here ever fails that reading the text would not.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import msgspec

from salyq.civil.caches import cache_folder, clear, private_bytes, private_folder, write_private

FOLDER = "compiled"
LEAST = 2_000  # characters; a shorter text is read as fast
MOST_ENTRY = 8 * 2**20  # bytes
MOST_BYTES = 64 * 2**20
MOST_FILES = 300
_DATE = 1  # the code of a day among the data
_MAGIC = b"salyq-compiled 1 "


def toml_of(text: str) -> dict[str, Any]:
    """What a TOML text says. tomllib.TOMLDecodeError: it is none."""
    if len(text) < LEAST:
        return tomllib.loads(text)
    return found_once(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), lambda: tomllib.loads(text))


def found_once(name: str, find: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `find` gives, kept under `name`: a hash of all that it depends on. Texts, numbers, flags and days."""
    with suppress(OSError, ValueError):  # msgspec's errors are ValueErrors
        return _kept(name)
    found = find()
    with suppress(OSError, ValueError, TypeError, OverflowError, RecursionError):
        _keep(name, msgspec.msgpack.encode(_plain(found)))
    return found


def _kept(name: str) -> dict[str, Any]:
    head, _, body = private_bytes(cache_folder().joinpath(FOLDER, name), MOST_ENTRY).partition(b"\n")
    if head != _head(name, body):
        raise ValueError(name)
    found = _DECODER.decode(body)
    if not isinstance(found, dict):
        raise ValueError(name)
    return found


def _keep(name: str, body: bytes) -> None:
    folder = private_folder(FOLDER)
    write_private(folder, name, _head(name, body) + b"\n" + body)
    clear(folder, MOST_BYTES, MOST_FILES)


def _head(name: str, body: bytes) -> bytes:
    return _MAGIC + hashlib.sha256(name.encode() + body).hexdigest().encode()


def _plain(value: Any) -> Any:
    """The same with days as data of their own. TypeError: a value that law and words do not have (a time)."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return msgspec.msgpack.Ext(_DATE, value.isoformat().encode())
    if isinstance(value, str | bool | int | float):
        return value
    raise TypeError(type(value).__name__)


def _ext(code: int, data: memoryview) -> date:
    if code != _DATE:
        raise ValueError(code)
    return date.fromisoformat(bytes(data).decode())


_DECODER = msgspec.msgpack.Decoder(ext_hook=_ext)
