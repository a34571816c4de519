"""One line of JSON, or one mapping, read as a request: strict, exact, and never an exception for what a stranger wrote.

The content of a request is all of its keys: whatever differs makes another digest. Keys that nobody knows make the
request invalid, for a slip of the pen must not move money.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

import msgspec

from salyq.civil.days import parse_time
from salyq.civil.messages import Message
from salyq.office.ledger.model import (
    Balancing,
    Chain,
    Content,
    End,
    Fault,
    Hold,
    Limit,
    Linked,
    Move,
    NewAccount,
    Opening,
    Request,
    Switch,
)

LONGEST_ID = 512  # characters of an id, an asset or a code
LONGEST_AMOUNT = 1000  # digits; more than any asset has, a guard against a hostile line
LONGEST_HOLD = 100 * 366 * 86400  # seconds
DEEPEST = 32  # levels of a line; a request has four
_DURATION = re.compile(
    r"P(?:(?P<W>\d{1,9})W|(?:(?P<D>\d{1,9})D)?(?:T(?=\d)(?:(?P<H>\d{1,9})H)?(?:(?P<M>\d{1,9})M)?(?:(?P<S>\d{1,9})S)?)?)",
    re.ASCII,
)
_SECONDS = {"W": 604800, "D": 86400, "H": 3600, "M": 60, "S": 1}
_LIMITS = {x.value: x for x in Limit}
_BALANCING = {x.value: x for x in (Balancing.DEBIT, Balancing.CREDIT)}
_NESTED = (dict, list)
_encode = msgspec.json.Encoder(order="sorted").encode


class _WrongError(Exception):
    def __init__(self, column: str, value: object, code: str, **params: object) -> None:
        super().__init__(code)
        self.fault = Fault(column, value if isinstance(value, str) else json.dumps(value)[:200], Message(code, params))


class Unnamed(msgspec.Struct, frozen=True):
    """A line that is no request at all: it names none that an answer could be kept under."""

    request: object  # what stood in "request", echoed; None where nothing did
    fault: Fault


def read_line(line: bytes) -> Request | Unnamed:
    """A line of a ledger file. Never raises."""
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return _read_slowly(line)
    keys = _keys(found)
    if keys is None:
        return _no_json(line)
    if line.count(b":") != keys:  # a colon in a text, or a key written twice, which decoders do not tell
        twice = _twice(line)
        if twice is not None:
            return twice
    return read(found)


def read(content: object) -> Request | Unnamed:
    """A request given as a mapping of JSON values. Never raises."""
    if not isinstance(content, dict):
        return Unnamed(None, Fault("", str(content)[:80], Message("ledger_no_object", {})))
    name = content.get("request")
    if not isinstance(name, str) or not _is_name(name):
        return Unnamed(name, Fault("request", str(name)[:80], Message("ledger_no_name", {"longest": LONGEST_ID})))
    digest = hashlib.sha256(_encode(content)).digest()
    try:
        effective = _time(content["effective"]) if "effective" in content else None
        return Request(name, digest, _content(content), effective)
    except _WrongError as wrong:
        return Request(name, digest, wrong.fault)


def request(name: str, **content: object) -> Request:
    """A request of the house's own programs; ValueError for what `read` would call invalid."""
    made = read({"request": name, **content})
    if isinstance(made, Unnamed) or isinstance(made.content, Fault):
        fault = made.fault if isinstance(made, Unnamed) else made.content
        assert isinstance(fault, Fault)
        raise ValueError(f"{fault.column} {fault.value}: {fault.message.text('en')}")
    return made


# --- what stands in a request -------------------------------------------------------------------------------------


def _content(c: Mapping[str, object]) -> Content:
    if "transfers" in c:
        _only(c, "transfers", "request", "effective")
        return _transfers(c["transfers"])
    if "post" in c or "void" in c:
        return _end(c, "request", "effective")
    if "linked" in c:
        _only(c, "linked", "request", "effective")
        return Linked(tuple(_step(row) for row in _list(c["linked"], "linked")))
    if "accounts" in c:
        _only(c, "accounts", "request", "effective")
        made = tuple(_account(a) for a in _list(c["accounts"], "accounts"))
        if len({a.id for a in made}) != len(made):
            raise _WrongError("accounts", [a.id for a in made], "ledger_twice")
        return Opening(made)
    for key in ("close", "reopen"):
        if key in c:
            _only(c, key, "request", "effective")
            names = _list(c[key], key)
            if not all(map(_is_name, names)) or len(set(map(str, names))) != len(names):
                raise _WrongError(key, names, "ledger_twice")
            return Switch(tuple(str(n) for n in names), key == "close")
    raise _WrongError("", ", ".join(map(str, c)), "ledger_nothing_asked")


def _transfers(given: object) -> Chain | Hold:
    rows = _list(given, "transfers")
    moves = tuple([_move(row) for row in rows])
    if len(rows) > 1:
        for row in rows:
            for alone in ("hold", "balancing"):
                if alone in row:
                    raise _WrongError(alone, row[alone], "ledger_alone")
        return Chain(moves)
    return Hold(moves[0], _duration(rows[0]["hold"])) if "hold" in rows[0] else Chain(moves)


def _end(c: Mapping[str, object], *also: str) -> End:
    key = "post" if "post" in c else "void"
    _only(c, key, *also, *(["amount"] if key == "post" else []), "n")
    n = c.get("n", 0)
    if not isinstance(n, int) or isinstance(n, bool) or not 0 <= n < 1_000_000:
        raise _WrongError("n", n, "ledger_step")
    return End(_name(c, key), key == "post", _amount(c["amount"], "amount") if "amount" in c else None, n)


def _step(row: object) -> Move | Hold | End:
    if isinstance(row, dict) and ("post" in row or "void" in row):
        return _end(row)
    move = _move(row)
    assert isinstance(row, dict)
    if move.balancing is not Balancing.NONE:
        raise _WrongError("balancing", move.balancing.value, "ledger_alone")
    return Hold(move, _duration(row["hold"])) if "hold" in row else move


_MOVE_KEYS = frozenset({"debit", "credit", "amount", "code", "hold", "balancing"})
_ACCOUNT_KEYS = frozenset({"id", "asset", "code", "limit", "rounding"})


def _move(row: object) -> Move:
    _known(row, _MOVE_KEYS, "transfers")
    assert isinstance(row, dict)
    balancing = Balancing.NONE
    if "balancing" in row:
        side = row["balancing"]
        if not isinstance(side, str) or side not in _BALANCING:
            raise _WrongError("balancing", side, "ledger_one_of", choices=", ".join(_BALANCING))
        balancing = _BALANCING[side]
    code = row.get("code", "")
    if code != "" and not _is_name(code):
        raise _WrongError("code", code, "ledger_no_text", longest=LONGEST_ID)
    if "amount" not in row:
        raise _WrongError("amount", "", "ledger_amount")
    return Move(_name(row, "debit"), _name(row, "credit"), _amount(row["amount"], "amount"), str(code), balancing)


def _account(row: object) -> NewAccount:
    _known(row, _ACCOUNT_KEYS, "accounts")
    assert isinstance(row, dict)
    limit = row.get("limit", "none")
    if not isinstance(limit, str) or limit not in _LIMITS:
        raise _WrongError("limit", limit, "ledger_one_of", choices=", ".join(_LIMITS))
    code = row.get("code", "")
    if code != "" and not _is_name(code):
        raise _WrongError("code", code, "ledger_no_text", longest=LONGEST_ID)
    rounding = row.get("rounding", False)
    if not isinstance(rounding, bool):
        raise _WrongError("rounding", rounding, "ledger_one_of", choices="true, false")
    return NewAccount(_name(row, "id"), _name(row, "asset"), str(code), _LIMITS[limit], rounding)


def _only(c: Mapping[str, object], *keys: str) -> None:
    for key in c:
        if key not in keys:
            raise _WrongError(key, c[key], "ledger_unknown_key", keys=", ".join(keys))


def _known(row: object, keys: frozenset[str], column: str) -> None:
    if not isinstance(row, dict):
        raise _WrongError(column, row, "ledger_no_object")
    for key in row:
        if key not in keys:
            raise _WrongError(key, row[key], "ledger_unknown_key", keys=", ".join(sorted(keys)))


def _list(given: object, column: str) -> Sequence[dict[str, object]]:
    if not isinstance(given, list) or not given:
        raise _WrongError(column, given, "ledger_no_list")
    return given


def _is_name(given: object) -> bool:
    """A text that can be kept and printed: 1 to 512 characters, no control character, no half of a pair."""
    if not isinstance(given, str) or not 0 < len(given) <= LONGEST_ID:
        return False
    return given.isprintable() or not any(c < " " or "\x7f" <= c < "\xa0" or "\ud800" <= c <= "\udfff" for c in given)


def _name(row: Mapping[str, object], key: str) -> str:
    given = row.get(key)
    if not _is_name(given):
        raise _WrongError(key, given, "ledger_no_text", longest=LONGEST_ID)
    return str(given)


def _amount(given: object, column: str) -> int:
    if isinstance(given, str) and given.isdigit() and given.isascii() and len(given) <= LONGEST_AMOUNT:
        return int(given)
    raise _WrongError(column, given if not isinstance(given, str) else given[:80], "ledger_amount")


def _duration(given: object) -> int:
    seconds = _seconds(given) if isinstance(given, str) else 0
    if not 0 < seconds <= LONGEST_HOLD:
        raise _WrongError("hold", given, "ledger_duration")
    return seconds


@lru_cache(1000)
def _seconds(given: str) -> int:
    found = _DURATION.fullmatch(given)
    return sum(_SECONDS[unit] * int(n) for unit, n in found.groupdict().items() if n) if found else 0


def _time(given: object) -> datetime:
    try:
        moment, zoned = parse_time(given) if isinstance(given, str) else (None, False)
    except ValueError:
        moment, zoned = None, False
    if moment is None or not zoned:
        raise _WrongError("effective", given, "ledger_time")
    return moment


# --- the slow way: lines that JSON's quick reader refuses or does not tell apart ------------------------------------


def _keys(found: object) -> int | None:
    """How many keys a decoded value has, at any depth; None where it lies deeper than anybody reads."""
    keys, level = 0, [found]
    for _ in range(DEEPEST):
        below: list[object] = []
        for value in level:
            if isinstance(value, dict):
                pairs = value.pairs if isinstance(value, _Twice) else value.items()
                keys += len(pairs)
                below += [v for _, v in pairs if isinstance(v, _NESTED)]
            elif isinstance(value, list):
                below += [v for v in value if isinstance(v, _NESTED)]
        if not below:
            return keys
        level = below
    return None


class _Twice(dict[str, object]):
    """An object in which a key stands twice; `pairs` is all of it."""

    pairs: Sequence[tuple[str, object]] = ()


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    made = _Twice(pairs)
    if len(made) == len(pairs):
        return dict(made)
    made.pairs = pairs
    return made


def _constant(text: str) -> object:
    raise ValueError(text)


def _loads(line: bytes) -> object:
    try:
        return json.loads(line.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_constant)
    except (ValueError, RecursionError):
        return None


def _has_twice(found: object) -> str | None:
    if isinstance(found, _Twice):
        keys = [k for k, _ in found.pairs]
        return next(k for k in keys if keys.count(k) > 1)
    inside = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    return next((k for k in map(_has_twice, inside) if k is not None), None)


def _twice(line: bytes) -> Request | Unnamed | None:
    """The answer to a line with a key twice; None where each stands once."""
    found = _loads(line)
    if _keys(found) is None:  # deep in a value that a later one of its key hid
        return _no_json(line)
    key = _has_twice(found)
    return None if key is None else _faulty(found, Fault(key, key, Message("ledger_key_twice", {})))


def _read_slowly(line: bytes) -> Request | Unnamed:
    found = _loads(line)
    if not isinstance(found, dict) or _keys(found) is None:
        return _no_json(line)
    key = _has_twice(found)
    if key is not None:
        return _faulty(found, Fault(key, key, Message("ledger_key_twice", {})))
    try:
        return read(msgspec.json.decode(_encode(found)))
    except (ValueError, RecursionError, UnicodeError):  # half of a surrogate pair somewhere
        return _faulty(found, _no_json(line).fault)


def _no_json(line: bytes) -> Unnamed:
    return Unnamed(None, Fault("", line.strip()[:80].decode("utf-8", "replace"), Message("ledger_no_json", {})))


def _faulty(found: object, fault: Fault) -> Request | Unnamed:
    assert isinstance(found, dict)
    pairs = found.pairs if isinstance(found, _Twice) else list(found.items())
    names = [v for k, v in pairs if k == "request"]
    if len(names) != 1 or not _is_name(names[0]):
        return Unnamed(names[0] if len(names) == 1 else None, fault)
    flat = json.dumps([_flat(p) for p in pairs])
    return Request(str(names[0]), hashlib.sha256(flat.encode()).digest(), fault)


def _flat(value: object) -> object:
    if isinstance(value, _Twice):
        return ["twice", [_flat(p) for p in value.pairs]]
    if isinstance(value, dict):
        return ["object", sorted((k, _flat(v)) for k, v in value.items())]
    if isinstance(value, list | tuple):
        return [_flat(v) for v in value]
    return value
