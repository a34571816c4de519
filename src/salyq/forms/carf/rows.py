"""Users and operations as they come (CSV or Parquet), one user's rows at a time, whatever the order of the files.

Memory stays flat: a file that is not in order of users is first put in order on disk.
"""

from __future__ import annotations

import csv
import heapq
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, NamedTuple

from salyq.civil.currencies import is_currency
from salyq.civil.errors import InputError
from salyq.civil.ids import check_id
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, parse_scaled
from salyq.forms.carf.codes import CONTROLLING, EXCHANGE, KINDS, LONGEST, UNWRITABLE, VALUATION
from salyq.forms.countries import countries
from salyq.records.neutral import unguard

CHUNK = 50_000  # rows of a run of the sort on disk
USER_COLUMNS = (
    "id", "kind", "first_name", "last_name", "name", "birth_date", "address", "city", "country", "residence", "tin",
    "tin_country", "controlling_of", "ctrlg_type",
)  # fmt: skip
OPERATION_COLUMNS = (
    "user", "time", "asset", "kind", "units", "amount", "currency", "transfer_type", "exchange", "wallet", "valuation",
)  # fmt: skip
NEEDED_USER = ("id", "kind", "city", "country", "residence")
NEEDED_OPERATION = ("user", "time", "asset", "kind", "units", "amount", "currency")
_BLANK = [""]
Row = tuple[str, int, tuple[str, ...]]  # key, line, cells in the order of the columns above


class User(NamedTuple):
    """A crypto-asset user or a controlling person. `tins`: (number, country), "" for an unknown number."""

    id: str
    kind: str  # individual | entity
    first_name: str
    last_name: str
    name: str
    birth_date: str
    address: str
    city: str
    country: str
    residences: tuple[str, ...]
    tins: tuple[tuple[str, str], ...]
    controlling_of: str
    roles: tuple[str, ...]


class Operation(NamedTuple):
    """One operation; units and amount in whole 10⁻¹⁸."""

    asset: str
    kind: str
    units: int
    amount: int
    currency: str
    type: str
    valuation: str


class Group(NamedTuple):
    """One user with controlling persons and operations of the period."""

    user: User
    controlling: tuple[User, ...]
    operations: list[Operation]


def groups(users: Path, operations: Path, year: int, counted: dict[str, int] | None = None) -> Iterator[Group]:
    """Users in order of their ids, each with what belongs to them. InputError (file, line, column, value, what would be
    right) for a row that cannot be used, an operation of an unknown user, or a user told twice.

    `counted` gathers how many rows were read, and how many were of other years.
    """
    tally = counted if counted is not None else {}
    tally |= {"users": 0, "operations": 0, "other_years": 0}
    with ExitStack() as stack:
        people = groupby(_ordered(users, USER_COLUMNS, NEEDED_USER, _user_key, stack), itemgetter(0))
        deals = _Lookahead(
            groupby(_ordered(operations, OPERATION_COLUMNS, NEEDED_OPERATION, _op_key, stack), itemgetter(0))
        )
        for key, rows in people:
            own = [_user(users, line, cells) for _, line, cells in rows]
            tally["users"] += len(own)
            main = [u for u in own if not u.controlling_of]
            if len(main) != 1:
                raise _fault(users, 0, "id", key, "carf_user_twice" if main else "carf_no_such_entity")
            found = deals.of(key, operations)
            tally["operations"] += len(found)
            ops = [o for line, cells in found if (o := _operation(operations, line, cells, year)) is not None]
            tally["other_years"] += len(found) - len(ops)
            yield Group(main[0], tuple(u for u in own if u.controlling_of), ops)
        deals.end(operations)


class _Lookahead:
    """Groups of operations, taken in step with users: an operation whose user does not come is an error."""

    def __init__(self, found: Iterator[tuple[Any, Iterator[Row]]]) -> None:
        self.found = found
        self.key: str | None = None
        self.rows: list[tuple[int, tuple[str, ...]]] = []
        self._next()

    def _next(self) -> None:
        key, rows = next(self.found, (None, iter(())))
        self.key = key
        self.rows = [(line, cells) for _, line, cells in rows]

    def of(self, key: str, file: Path) -> list[tuple[int, tuple[str, ...]]]:
        if self.key is not None and self.key < key:
            raise _fault(file, self.rows[0][0], "user", self.key, "carf_unknown_user")
        if self.key != key:
            return []
        rows = self.rows
        self._next()
        return rows

    def end(self, file: Path) -> None:
        if self.key is not None:
            raise _fault(file, self.rows[0][0], "user", self.key, "carf_unknown_user")


# ---- reading ---------------------------------------------------------------------------------------------------------
def _user_key(cells: tuple[str, ...]) -> str:
    return cells[12] or cells[0]  # a controlling person stands with the entity


def _op_key(cells: tuple[str, ...]) -> str:
    return cells[0]


def _ordered(path: Path, columns: Sequence[str], needed: Sequence[str], key: Any, stack: ExitStack) -> Iterator[Row]:
    """The rows in order of their key; read straight through where the file is in order already."""
    last = ""
    for _, cells in _cells(path, columns, needed):
        own = key(cells)
        if own < last:
            return _sorted(path, columns, needed, key, stack)
        last = own
    return ((key(cells), line, cells) for line, cells in _cells(path, columns, needed))


def _sorted(path: Path, columns: Sequence[str], needed: Sequence[str], key: Any, stack: ExitStack) -> Iterator[Row]:
    rows = ((key(cells), line, cells) for line, cells in _cells(path, columns, needed))
    runs = []
    while chunk := sorted(islice(rows, CHUNK)):
        run = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115
        run.writelines(json.dumps(row) + "\n" for row in chunk)
        run.seek(0)
        runs.append(_run(run))
    return heapq.merge(*runs)


def _run(file: IO[str]) -> Iterator[Row]:
    """A run of the sort, read back."""
    for text in file:
        key, line, cells = json.loads(text)
        yield key, line, tuple(cells)


def _cells(path: Path, columns: Sequence[str], needed: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    rows = _parquet if path.suffix.lower() == ".parquet" else _csv
    for line, cells in rows(path, columns, needed):
        own = "".join(cells)
        if len(own) > LONGEST or not own.isprintable():
            _writable(path, line, columns, cells)
        yield line, cells


def _writable(path: Path, line: int, columns: Sequence[str], cells: tuple[str, ...]) -> None:
    """Refuses a text that a message cannot hold as it is: cut or changed, it would name something else."""
    for column, text in zip(columns, cells, strict=True):
        found = UNWRITABLE.search(text)
        if found is not None:
            raise _fault(path, line, column, text[:80], "carf_character", character=f"U+{ord(found[0]):04X}")
        if len(text) > LONGEST:
            raise _fault(path, line, column, f"{text[:80]}…", "carf_long", count=len(text), most=LONGEST)


def _csv(path: Path, columns: Sequence[str], needed: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            places = _places(path, next(reader, []), columns, needed)
            pick, width = itemgetter(*places), max(places) + 1
            for row in reader:
                if not row:
                    continue
                row += [""] * (width - len(row) + 1) if len(row) < width else _BLANK  # -1 is a column that is absent
                cells = pick(row)
                yield reader.line_num, tuple(map(unguard, cells)) if "'" in "".join(cells) else cells
    except OSError as error:
        raise InputError(Message("form_file", {"why": error.strerror or "?"}), file=str(path)) from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError(Message("form_file", {"why": str(error)[:120]}), file=str(path)) from None


def _parquet(path: Path, columns: Sequence[str], needed: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise InputError(Message("form_needs_package", {"package": "pyarrow"}), file=str(path)) from None
    try:
        with pq.ParquetFile(path) as file:
            places = _places(path, file.schema_arrow.names, columns, needed)
            names = [file.schema_arrow.names[p] for p in places if p >= 0]
            line = 1
            for batch in file.iter_batches(batch_size=8192, columns=names):
                own = [c.cast(pa.string()).to_pylist() for c in batch.columns]
                blank = [None] * batch.num_rows
                by_name = dict(zip(batch.schema.names, own, strict=True))
                for cells in zip(*(by_name.get(c, blank) for c in columns), strict=True):
                    line += 1
                    yield line, tuple(c or "" for c in cells)
    except (OSError, pa.ArrowException) as error:
        raise InputError(Message("form_file", {"why": str(error).splitlines()[0][:120]}), file=str(path)) from None


def _places(path: Path, header: Sequence[str], columns: Sequence[str], needed: Sequence[str]) -> list[int]:
    names = [h.strip() for h in header]
    unknown = [n for n in names if n not in columns]
    missing = [n for n in needed if n not in names]
    if unknown or missing:
        params = {"columns": ", ".join(columns)}
        raise _fault(path, 1, (unknown or missing)[0], None, "carf_column" if unknown else "carf_no_column", **params)
    return [names.index(c) if c in names else -1 for c in columns]


# ---- one row ---------------------------------------------------------------------------------------------------------
def _user(path: Path, line: int, cells: tuple[str, ...]) -> User:
    (identity, kind, first, last, name, birth, address, city, country, residence, tin, tin_country, of, role) = cells
    if not identity:
        raise _fault(path, line, "id", identity, "carf_blank")
    if kind not in ("individual", "entity"):
        raise _fault(path, line, "kind", kind, "carf_choice", choices="individual, entity")
    for column, text in (
        ("city", city),
        *((("last_name", last), ("birth_date", birth)) if kind == "individual" else (("name", name),)),
    ):
        if not text.strip():
            raise _fault(path, line, column, text, "carf_blank")
    if kind == "individual" and not _is_birth_date(birth):
        raise _fault(path, line, "birth_date", birth, "carf_birth")
    known = countries()
    residences = tuple(residence.split(";"))
    for column, code in (("country", country), *(("residence", r) for r in residences)):
        if code not in known:
            raise _fault(path, line, column, code, "carf_country")
    roles = tuple(r for r in role.split(";") if r)
    if of and (kind != "individual" or not roles or not set(roles) <= CONTROLLING):
        raise _fault(path, line, "ctrlg_type", role, "carf_role")
    tins = _tins(path, line, tin, tin_country, residences)
    return User(identity, kind, first, last, name, birth, address, city, country, residences, tins, of, roles)


def _tins(
    path: Path, line: int, tin: str, tin_country: str, residences: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    numbers, issuers = tin.split(";"), tin_country.split(";") if tin_country else list(residences)
    if len(numbers) != len(issuers):
        if tin:
            raise _fault(path, line, "tin_country", tin_country, "carf_tin_count")
        numbers = [""] * len(issuers)
    for number, issuer in zip(numbers, issuers, strict=True):
        if issuer not in countries():
            raise _fault(path, line, "tin_country", issuer, "carf_country")
        wrong = check_id(number) if issuer == "KZ" and number else None
        if wrong is not None:
            raise InputError(wrong, file=str(path), line=line, column="tin", value=number)
    return tuple(zip(numbers, issuers, strict=True))


def _is_birth_date(text: str) -> bool:
    try:
        return len(text) == 10 and date.fromisoformat(text).year >= 1900
    except ValueError:
        return False


def _operation(path: Path, line: int, cells: tuple[str, ...], year: int) -> Operation | None:
    """An operation of the period, None for another year's. The day is as written."""
    _, time, asset, kind, units, amount, currency, transfer, exchange, _, valuation = cells
    if not (time[:4].isdigit() and time[4:5] == "-"):
        raise _fault(path, line, "time", time, "carf_time")
    if int(time[:4]) != year:
        return None
    told = (kind, currency, transfer, exchange, valuation)
    codes = _CODES.get(told)
    if codes is None:  # checked once for all operations that say the same
        codes = _CODES[told] = _codes(path, line, *told)
        if len(_CODES) > MOST_CODES:
            _CODES.clear()
    if not asset or asset.isspace():
        raise _fault(path, line, "asset", asset, "carf_blank")
    try:
        number, worth = parse_scaled(units), parse_scaled(amount)
    except NumberError:
        for column, text in (("units", units), ("amount", amount)):
            _number(path, line, column, text)
        raise
    if number <= 0 or worth < 0:
        raise _fault(path, line, "units", units, "carf_negative")
    return Operation(asset, kind, number, worth, currency, *codes)


def _number(path: Path, line: int, column: str, text: str) -> None:
    try:
        parse_scaled(text)
    except NumberError as error:
        raise InputError(error.message, file=str(path), line=line, column=column, value=text) from None


_CODES: dict[tuple[str, ...], tuple[str, str]] = {}
MOST_CODES = 10_000


def _codes(
    path: Path, line: int, kind: str, currency: str, transfer: str, exchange: str, valuation: str
) -> tuple[str, str]:
    """(type, valuation) as codes."""
    known = KINDS.get(kind)
    if known is None:
        raise _fault(path, line, "kind", kind, "carf_choice", choices=", ".join(KINDS))
    if not is_currency(currency):
        raise _fault(path, line, "currency", currency, "carf_currency")
    word = exchange if known.types is EXCHANGE else transfer
    code = known.default
    if word and known.types:
        code = known.types.get(word, word if word in known.types.values() else "?")
        if code == "?":
            column = "exchange" if known.types is EXCHANGE else "transfer_type"
            raise _fault(path, line, column, word, "carf_choice", choices=", ".join(known.types))
    value = VALUATION.get(valuation, valuation)
    if value and (not known.valued or value not in VALUATION.values()):
        raise _fault(path, line, "valuation", valuation, "carf_choice", choices=", ".join(VALUATION))
    return code, value


def _fault(path: Path, line: int, column: str, value: str | None, code: str, **params: object) -> InputError:
    return InputError(Message(code, params), file=str(path), line=line or None, column=column, value=value)
