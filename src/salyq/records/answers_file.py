"""Reading and writing answers.toml: what a person answered, beside the files it is about.

[[answer]]
say = "cost"
question = "unmatched_transfer_in"
rows = [{ account = "wallet", time = "2025-03-01T10:00:00Z", asset = "BTC", quantity = "0.5" }]
cost = "12000.00"
currency = "USD"
document = "contract 5"
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from salyq.civil.currencies import is_currency
from salyq.civil.days import parse_time
from salyq.civil.errors import InputError
from salyq.civil.numbers import NumberError, format_scaled, parse_written
from salyq.civil.toml_lines import line_of
from salyq.records.answers import NOT_SAID, SAYS, Answer, RowName
from salyq.records.kinds import KINDS
from salyq.records.model import UNIT, Record, Source
from salyq.records.neutral import format_time
from salyq.records.toml_tables import TomlPlace, TomlTable, load_toml, parse_toml, shown_value

FILE = "answers.toml"
_FEWEST = {"together": 2, "renamed": 0}  # rows an answer needs; else one
_MOST = {"cost": 1, "times": 1, "renamed": 0}
_MAY = {
    "cost": ("cost", "currency", "on", "quantity", "document"),
    "kind": ("kind", "cost", "currency", "document"),
    "times": ("times",),
    "renamed": ("asset", "to", "ratio", "on"),
}  # keys besides say, question, rows, note
_ROW = ("account", "time", "kind", "asset", "quantity", "id", "nth", "file")


def read_answers(path: Path, name: str = FILE) -> list[Answer]:
    """The answers of a case, in the order of the file. InputError (file, line, key, value, what would be right)."""
    text, data = load_toml(path, name)
    return _answers(text, data, name)


def parse_answers(text: str, name: str = FILE) -> list[Answer]:
    """The answers of a text."""
    return _answers(text, parse_toml(text, name), name)


def _answers(text: str, data: Mapping[str, Any], name: str) -> list[Answer]:
    top = TomlTable(TomlPlace(name, text), data)
    top.allow("answer")
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    found = []
    for n, table in enumerate(top.tables("answer")):
        line = line_of(text, "answer", n, "") or 0
        found.append(_answer(table, Source(name, line, sha256)))
    return found


def _answer(table: TomlTable, source: Source) -> Answer:
    say = _choice(table, "say", SAYS)
    table.allow("say", "question", "rows", "note", *_MAY.get(say, ()))
    rows = _rows(table, say)
    value = _amount(table, "cost")
    if say == "cost":
        table.need("cost")
    kinds = [k for k in KINDS if k not in NOT_SAID]
    kind = _choice(table, "kind", kinds) if say == "kind" else None
    if kind in ("buy", "sell") and value is None:
        raise table.error("cost", "answer_needs", None, key="cost", say=f"kind = {kind}")
    if say == "leave":
        table.need("question")
    named = {key: _code(table, key) for key in ("asset", "to")} if say == "renamed" else {}
    if named and named["asset"] == named["to"]:
        raise table.error("to", "answer_same_name", named["to"])
    if say == "renamed":
        table.need("on")
    return Answer(
        say,
        rows,
        source,
        **named,
        ratio=_amount(table, "ratio", positive=True) or UNIT,
        question=table.string("question") or "",
        value=value,
        currency=_currency(table),
        day=table.day("on"),
        quantity=_amount(table, "quantity", positive=True),
        kind=kind,
        times=_times(table) if say == "times" else None,
        document=table.string("document"),
        note=table.string("note"),
    )


def _code(table: TomlTable, key: str) -> str:
    value = table.need(key)
    if not isinstance(value, str) or not value.strip() or len(value) > 64 or not value.isprintable():
        raise table.error(key, "person_not_text", value)
    return value.strip().upper()


def _choice(table: TomlTable, key: str, choices: Sequence[str]) -> str:
    value = table.need(key)
    if value not in choices:
        raise table.error(key, "person_not_a_choice", value, choices=", ".join(choices))
    return str(value)


def _amount(table: TomlTable, key: str, *, positive: bool = False) -> int | None:
    value = table.data.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise table.error(key, "answer_not_amount", value)
    try:
        number = parse_written(str(value))
    except NumberError as error:
        raise table.error(key, "person_bad_number", value, why=error.message) from None
    if number < 0 or (positive and not number):
        raise table.error(key, "answer_not_amount", value)
    return number


def _currency(table: TomlTable) -> str:
    value = table.string("currency") or "KZT"
    if not is_currency(value):
        raise table.error("currency", "answer_currency", value)
    return value


def _times(table: TomlTable) -> int:
    value = table.need("times")
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1_000_000:
        raise table.error("times", "answer_times", value)
    return value


def _rows(table: TomlTable, say: str) -> tuple[RowName, ...]:
    given = table.data.get("rows", [])
    if not isinstance(given, list) or not all(isinstance(x, dict) for x in given):
        raise table.error("rows", "answer_rows_shape")
    fewest, most = _FEWEST.get(say, 1), _MOST.get(say)
    if len(given) < fewest or (most is not None and len(given) > most):
        raise table.error("rows", "answer_rows_count", str(len(given)), say=say, count=most or fewest)
    return tuple(_row(table, row) for row in given)


def _row(table: TomlTable, row: Mapping[str, Any]) -> RowName:
    for key in row:
        if key not in _ROW:
            raise table.error("rows", "person_unknown_key", key, allowed=", ".join(_ROW))
    quantity = TomlTable(table.place, {"rows": row.get("quantity")}, table.path, table.index)  # an error names the line
    if "id" not in row and not {"time", "asset", "quantity"} <= row.keys():
        raise table.error("rows", "answer_row_unnamed")
    kind = row.get("kind")
    if kind is not None and kind not in KINDS:
        raise table.error("rows", "person_not_a_choice", kind, choices=", ".join(KINDS))
    nth = row.get("nth")
    if nth is not None and (isinstance(nth, bool) or not isinstance(nth, int) or nth < 1):
        raise table.error("rows", "answer_times", nth)
    return RowName(
        _text(table, row, "account"),
        _time(table, row.get("time")),
        kind,
        _text(table, row, "asset"),
        _amount(quantity, "rows", positive=True),
        _text(table, row, "id"),
        nth,
        _text(table, row, "file"),
    )


def _text(table: TomlTable, row: Mapping[str, Any], key: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise table.error("rows", "person_not_text", value)
    return value


def _time(table: TomlTable, value: object) -> datetime | None:
    if value is None:
        return None
    try:
        if not isinstance(value, str | date):
            raise ValueError
        return parse_time(shown_value(value))[0]
    except (ValueError, OverflowError):
        raise table.error("rows", "answer_time", value) from None


# --- writing ----------------------------------------------------------------------------------------------------------


def row_name(record: Record, nth: int | None = None, file: str | None = None) -> RowName:
    """The name of a record: all that tells it apart; `nth` and `file` where that is not enough."""
    r = record
    return RowName(r.account, r.time, r.kind, r.asset, r.quantity, r.id, nth, file)


def answer_text(answer: Answer) -> str:
    """An answer as the TOML block that `read_answers` reads back."""
    lines = ["[[answer]]", f'say = "{answer.say}"']
    texts = {"question": answer.question, "kind": answer.kind, "document": answer.document, "note": answer.note}
    if answer.value is not None:
        texts |= {"cost": format_scaled(answer.value), "currency": answer.currency}
    if answer.quantity is not None:
        texts["quantity"] = format_scaled(answer.quantity)
    lines += [f"{key} = {_quoted(text)}" for key, text in texts.items() if text]
    if answer.day is not None:
        lines.append(f"on = {answer.day.isoformat()}")
    if answer.times is not None:
        lines.append(f"times = {answer.times}")
    if answer.say == "renamed":
        lines += [f"asset = {_quoted(answer.asset)}", f"to = {_quoted(answer.to)}"]
        return "\n".join([*lines, f'ratio = "{format_scaled(answer.ratio)}"']) + "\n"
    rows = [f"    {_row_text(row)}," for row in answer.rows]
    return "\n".join([*lines, "rows = [", *rows, "]"]) + "\n"


def appended(text: str, answers: Sequence[Answer], name: str = FILE) -> str:
    """`text` with `answers` after it; what stood there stays, comments too. InputError: not readable."""
    body = text if not text or text.endswith("\n") else text + "\n"
    whole = body + "".join(("\n" if body or n else "") + answer_text(a) for n, a in enumerate(answers))
    try:
        parse_answers(whole, name)
    except InputError:
        parse_answers(text, name)  # the fault was there before: its own line
        raise
    return whole


def _row_text(row: RowName) -> str:
    cells = {
        "account": row.account and _quoted(row.account),
        "time": row.time and _quoted(format_time(row.time)),
        "kind": row.kind and _quoted(row.kind),
        "asset": row.asset and _quoted(row.asset),
        "quantity": row.quantity and _quoted(format_scaled(row.quantity)),
        "id": row.id and _quoted(row.id),
        "nth": row.nth and str(row.nth),
        "file": row.file and _quoted(row.file),
    }
    if row.account == "":
        cells["account"] = '""'
    return "{ " + ", ".join(f"{key} = {value}" for key, value in cells.items() if value) + " }"


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in escaped) + '"'
