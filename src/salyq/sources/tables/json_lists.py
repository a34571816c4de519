"""Lists of JSON as explorers' interfaces give them out: each object a row of a table that a reader knows.

Known: token transfers of Etherscan's interface and its kin (`tokentx`), and of TronGrid (`transactions/trc20`). A list
of the chain's own coin does not name the coin, so it is not read. A row is called by its number in the list.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.records.model import UNIT, Source
from salyq.records.reading import Reading
from salyq.sources.format import Format

LARGEST = 200 * 10**6  # bytes: such a list is read at once
_MOST_DECIMALS, _LONGEST = 36, 80
_LISTS = ("result", "data")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Layout(NamedTuple):
    """`keys` (dotted where one lies in another) tell it; `header` are the reader's titles, `cells` a row under them."""

    reader: str
    keys: tuple[str, ...]
    header: tuple[str, ...]
    cells: Callable[[Mapping[str, str]], list[str]]


def _tokentx(item: Mapping[str, str]) -> list[str]:
    value = _whole(item["value"], item["tokenDecimal"])
    names = ("contractAddress", "tokenSymbol", "tokenName")
    return [item["hash"], item["timeStamp"], item["from"], item["to"], value, *[item[name] for name in names]]


def _trc20(item: Mapping[str, str]) -> list[str]:
    moved = item["type"].casefold() == "transfer"  # an approval moves nothing
    value = _whole(item["value"], item["token_info.decimals"]) if moved else "0"
    time, names = _time(item["block_timestamp"]), ("token_info.symbol", "token_info.address")
    return [item["transaction_id"], time, item["from"], item["to"], value, *[item[name] for name in names], "true"]


_LAYOUTS = (
    Layout(
        "etherscan_tokens",
        ("hash", "timeStamp", "from", "to", "value", "tokenDecimal", "contractAddress", "tokenSymbol", "tokenName"),
        ("Txhash", "UnixTimestamp", "From", "To", "TokenValue", "ContractAddress", "TokenSymbol", "TokenName"),
        _tokentx,
    ),
    Layout(
        "tronscan_tokens",
        (
            *("transaction_id", "block_timestamp", "from", "to", "value", "type"),
            *("token_info.symbol", "token_info.address", "token_info.decimals"),
        ),
        ("Tx Hash", "blockTime(UTC)", "from", "to", "value", "symbol", "tokenAddress", "isConfirm"),
        _trc20,
    ),
)
Rows = Callable[[Format, Sequence[str], list[tuple[int, list[str]]], str], None]


def read_json(path: Path, name: str, formats: Sequence[Format], reading: Reading, read: Rows) -> None:
    """Reads a list that is known, through `read` (form, header, rows, sha256). InputError: it is none."""
    if path.stat().st_size > LARGEST:
        raise InputError(Message("file_kind_unread"), file=name)
    raw = path.read_bytes()
    try:
        found = json.loads(raw, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise InputError(Message("file_kind_unread"), file=name) from None
    items = next((found[key] for key in _LISTS if isinstance(found.get(key), list)), []) if _map(found) else found
    first = _flat(items[0]) if isinstance(items, list) and items else {}
    layout = next((x for x in _LAYOUTS if {*x.keys} <= first.keys()), None)
    form = next((f for f in formats if layout is not None and f.name == layout.reader), None)
    if layout is None or form is None:
        raise InputError(Message("file_kind_unread"), file=name)
    rows = [(n, _row(layout, _flat(item))) for n, item in enumerate(items, start=1)]
    read(form, layout.header, rows, hashlib.sha256(raw).hexdigest())
    if _map(found) and _map(found.get("meta")) and found["meta"].get("fingerprint"):
        reading.notices.append((Source(name, 0), Message("notice_json_more_pages")))


def _map(thing: Any) -> bool:
    return isinstance(thing, dict)


def _flat(item: Any) -> dict[str, str]:
    """An object's texts, those of an object inside it under a dotted name."""
    found: dict[str, str] = {}
    for key, value in item.items() if _map(item) else ():
        for name, text in value.items() if _map(value) else ((None, value),):
            if isinstance(text, str):
                found[key if name is None else f"{key}.{name}"] = text
    return found


def _row(layout: Layout, item: Mapping[str, str]) -> list[str]:
    """A row; one that lacks a key has empty cells there, and the reader says so."""
    return layout.cells({key: item.get(key, "") for key in layout.keys})


def _whole(value: str, decimals: str) -> str:
    """Units of a token from its smallest parts; what is no whole number, or finer than anything here counts, is told
    as it is written, which the reader refuses."""
    written = f"{value} / 10^{decimals}"
    if not (value.isascii() and value.isdigit() and decimals.isascii() and decimals.isdigit()):
        return written
    places = int(decimals[:3])
    if places > _MOST_DECIMALS or len(value) > _LONGEST:
        return written
    exact, rest = divmod(int(value) * UNIT, 10**places)
    return written if rest else format_scaled(exact)


def _time(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) <= 14):
        return text
    return (_EPOCH + timedelta(milliseconds=int(text))).strftime("%Y-%m-%d %H:%M:%S")
