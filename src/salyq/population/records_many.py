"""Records of many persons as columns: text in, exact numbers, codes and days out (docs/population.md).

Only what is plain is read here. A person with any row that is not (a spelling that needs a second look, a transfer
without one plain other side, a swap of several rows, two rows of one id) is `odd`, and is assessed alone from the very
same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from salyq.civil.currencies import is_currency
from salyq.civil.days import zone
from salyq.lots.kernel import kernel
from salyq.population.coded import missing
from salyq.population.columns_many import Roll
from salyq.population.numbers_many import Numbers, read_numbers
from salyq.population.repeats_many import repeated
from salyq.population.texts_many import Texts
from salyq.population.transfers_many import IN, OUT, settle
from salyq.reconcile.order import ACQUIRED, DISPOSED
from salyq.records.model import PROOFS, PURPOSES
from salyq.records.tickers import reused
from salyq.rulebook.columns import code, text_of
from salyq.sources.coin_names import code_meant

if TYPE_CHECKING:
    import pyarrow as pa

TIYN = 10**16
MICRO = 10**6
EPOCH = date(1970, 1, 1).toordinal()
FIRST = int(datetime.fromisoformat("2005-01-01T00:00:00+00:00").timestamp())  # before, clocks changed twice a year
LAST = int(datetime.fromisoformat("2199-01-01T00:00:00+00:00").timestamp())
NUMBERS = ("quantity", "value", "fee")
PLAIN = frozenset((ACQUIRED | DISPOSED | {"fee", IN, OUT}) - {"swap_in", "swap_out"})
_TIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}Z$"


@dataclass(slots=True)
class Records:
    """One row a record, in the order of semantics 4 within each person. Texts are codes (rulebook.columns; `group`: a
    number, −1 for none), numbers counts of `grain` · 10⁻¹⁸; where `has_value` or `has_fee` is false, the amount beside
    it is 0 and says nothing."""

    person: Any
    time: Any  # seconds since 1970
    day: Any  # ordinals, in Kazakhstan
    year: Any
    kind: Any
    asset: Any
    quantity: Any
    value: Any
    has_value: Any
    currency: Any
    fee: Any
    has_fee: Any
    fee_asset: Any
    account: Any
    group: Any
    content: Any  # place among the rows of one person and second, by what they say
    crowded: Any  # whether the person has several rows in that second
    undocumented: Any  # document or proof says none
    taxed: Any  # note says taxed
    receivable: Any  # note says receivable
    solo: Any
    valuer: Any
    purpose: Any
    abroad: Any  # 1 yes, 0 no, -1 not said
    unproven: Any  # 1 for a price without a document, and for each repeat of it
    row: Any  # its place in the table that was read
    network: Any  # what of a transfer that left did not arrive
    arrives: Any  # the day on which it arrived; 0: no transfer that left
    grain: int

    def take(self, rows: Any) -> Records:
        return replace(self, **{f.name: getattr(self, f.name)[rows] for f in fields(self) if f.name != "grain"})


def read_records(rows: pa.Table, persons: Any, roll: Roll, assets: frozenset[str]) -> tuple[Records, Any, Any]:
    """(the records of all rows, marks of the odd among the persons, rows that repeat another). `persons`: the person of
    each row (−1: nobody); `assets`: codes that quotes know. Rows of a person stand in the order of their places."""
    column = {n: combined(rows.column(n)) for n in rows.column_names}
    absent = {n: missing(rows.num_rows) for n in (*_SPELLED, *NUMBERS) if n not in column}
    column |= absent
    texts = {name: Texts(column[name], spelled) for name, spelled in _SPELLED.items()}
    time, wrong = _times(column["time"])
    numbers, grain = read_numbers([column[name] for name in NUMBERS])
    odd_rows = wrong | (persons < 0)
    for text in texts.values():
        odd_rows = odd_rows | text.bad
    for number in numbers.values():
        odd_rows = odd_rows | number.wrong
    for name in ("lot", "source", "capital_paid"):
        odd_rows = odd_rows | texts[name].marks(bool)
    odd_rows = odd_rows | _unusual(texts, numbers, assets, TIYN // grain)
    found = _records(persons, time, texts, numbers, grain)
    odd = np.zeros(roll.count, bool)
    odd[persons[odd_rows & (persons >= 0)]] = True
    repeats, first, unlike = repeated(found, texts)
    odd[persons[unlike]] = True
    found.person = persons.copy()
    found.person[repeats] = -1
    np.add.at(found.unproven, first, found.unproven[repeats])  # counted as they are read
    settle(found, texts, roll, odd)
    kept = np.flatnonzero((found.person >= 0) & ~odd[persons])
    return _in_order(found, kept, texts), odd, repeats


def combined(column: pa.ChunkedArray) -> pa.Array:
    """One array of a column, without a copy where it is one."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _unusual(texts: Mapping[str, Texts], numbers: Mapping[str, Numbers], assets: frozenset[str], tiyn: int) -> Any:
    """Rows that a reader would refuse, round or ask about. `tiyn`: how many grains one is."""
    kind, asset, currency, fee_asset = (texts[n] for n in ("kind", "asset", "currency", "fee_asset"))
    quantity, value, fee = (numbers[n] for n in ("quantity", "value", "fee"))
    none = code("")
    odd = ~quantity.given | (quantity.values == 0) | (value.given != (currency.codes != none))
    odd = odd | (fee.given & (fee_asset.codes == none) & (fee.values != 0)) | (currency.codes == asset.codes)
    odd = odd | _rounded(value, currency, tiyn) | _rounded(fee, fee_asset, tiyn)
    odd = odd | (kind.marks(lambda t: t in ("buy", "sell")) & ~value.given)
    return odd | ~currency.marks(lambda t: not t or is_currency(t) or t.upper() in assets)


def _records(
    persons: Any, time: Any, texts: Mapping[str, Texts], numbers: Mapping[str, Numbers], grain: int
) -> Records:
    document, proof, abroad = (texts[n] for n in ("document", "proof", "abroad"))
    value, fee = numbers["value"], numbers["fee"]
    has_fee = fee.given & (texts["fee_asset"].codes != code(""))
    day = EPOCH + (time + _offsets(time)) // 86_400
    told = proof.marks(bool)
    coded = {n: texts[n].codes for n in ("kind", "asset", "currency", "fee_asset", "account", "purpose")}
    return Records(
        person=persons,
        time=time,
        day=day,
        year=_years(day),
        quantity=numbers["quantity"].values,
        value=value.values,
        has_value=value.given,
        fee=np.where(has_fee, fee.values, 0),
        has_fee=has_fee,
        group=texts["group"].numbers(),
        content=np.zeros(len(time), np.int64),
        crowded=np.zeros(len(time), bool),
        undocumented=document.marks(lambda t: t == "none") | proof.marks(lambda t: t == "none"),
        taxed=texts["note"].marks(lambda t: t.lower() == "taxed"),
        receivable=texts["note"].marks(lambda t: t.lower() == "receivable"),
        solo=texts["counterparty"].marks(lambda t: t.lower() == "solo"),
        valuer=proof.marks(lambda t: t == "valuer_report") | (~told & document.marks(_of_valuer)),
        abroad=np.where(abroad.marks(lambda t: t == "yes"), 1, np.where(abroad.marks(lambda t: t == "no"), 0, -1)),
        unproven=(value.given & document.marks(lambda t: not t) & texts["kind"].marks(lambda t: t in ACQUIRED)) * 1,
        row=np.arange(len(time)),
        network=np.zeros_like(numbers["quantity"].values),
        arrives=np.zeros(len(time), np.int64),
        grain=grain,
        **coded,
    )


def _in_order(found: Records, kept: Any, texts: Mapping[str, Texts]) -> Records:
    """The rows of persons that are not odd in order: person, time, acquisitions, disposals, fees, content."""
    came = np.isin(found.kind, [code(k) for k in (*ACQUIRED, IN)])
    rank = np.where(came, 0, np.where(found.kind == code("fee"), 2, 1))
    order = kept
    if len(kept) and bool((_later(found, kept[1:], kept[:-1]) < 0).any()):
        order = kept[kernel().order([found.person[kept], found.time[kept]])]
    same = (found.time[order][1:] == found.time[order][:-1]) & (found.person[order][1:] == found.person[order][:-1])
    crowd = np.zeros(len(order), bool)
    crowd[1:] |= same
    crowd[:-1] |= same
    crowded = order[crowd]
    found.crowded[crowded] = True
    if len(crowded):
        keys = _contents(found, crowded, texts)
        place = {row: n for n, row in enumerate(sorted(range(len(crowded)), key=keys.__getitem__))}
        found.content[crowded] = [place[n] for n in range(len(crowded))]
        by = (found.content[crowded], rank[crowded], found.time[crowded], found.person[crowded])
        order = order.copy()
        order[crowd] = crowded[np.lexsort(by)]  # those of one second stand together: they change places among them
    if len(order) == len(found.time) and bool((order[1:] > order[:-1]).all()):
        return found
    return found.take(order)


def _later(found: Records, rows: Any, others: Any) -> Any:
    """Below zero where a row stands after another that comes before it by person and time."""
    person = found.person[rows] - found.person[others]
    return np.where(person != 0, person, found.time[rows] - found.time[others])


_SAYS = ("account", "id", "kind", "asset")
_MORE = ("fee_asset", "counterparty", "group", "hash", "document", "note", "lot", "proof", "purpose")


def _contents(found: Records, rows: Any, texts: Mapping[str, Texts]) -> list[tuple[Any, ...]]:
    """What each row says, as `sort_key` has it behind time and rank; then its place."""

    def cells(name: str) -> list[str]:
        return [texts[name].cells[p] for p in texts[name].places[rows].tolist()]

    def amounts(has: Any, values: Any) -> list[tuple[int, int]]:
        return [(1, v) if h else (0, 0) for h, v in zip(has[rows].tolist(), values[rows].tolist(), strict=True)]

    assets = [text_of(c) for c in found.asset[rows].tolist()]
    columns: list[Sequence[Any]] = [cells(n) for n in _SAYS]
    columns[3] = assets
    columns += [found.quantity[rows].tolist(), amounts(found.has_value, found.value)]
    columns += [[text_of(c) for c in found.currency[rows].tolist()], amounts(found.has_fee, found.fee)]
    columns += [cells(n) for n in _MORE]
    columns += [[("None", "False", "True")[a + 1] for a in found.abroad[rows].tolist()], rows.tolist()]
    return list(zip(*columns, strict=True))


# cells --------------------------------------------------------------------------------------------------------------
def _code(text: str) -> str | None:
    made = text.upper()
    fine = not text or (made == made.strip() and len(made) <= 64 and made.isprintable())
    return made if fine and made not in reused() and code_meant(text) is None else None


def _coin(text: str) -> str | None:
    return _code(text) if text else None


def _one_of(words: Sequence[str]) -> Callable[[str], str | None]:
    return lambda t: t if not t or t in words else None


def _of_valuer(text: str) -> bool:
    from salyq.facts.records_say import VALUER

    return any(word in text.casefold() for word in VALUER)


_SPELLED: Mapping[str, Callable[[str], str | None] | None] = {
    **dict.fromkeys(
        ("account", "counterparty", "group", "id", "note", "document", "lot", "hash", "source", "capital_paid")
    ),
    "kind": lambda t: t if t in PLAIN else None,
    "asset": lambda t: None if is_currency(t.upper()) else _coin(t),
    "currency": _code,
    "fee_asset": _code,
    "proof": _one_of(PROOFS),
    "purpose": _one_of(PURPOSES),
    "abroad": _one_of(("yes", "no")),
}


def _rounded(amount: Numbers, currency: Texts, tiyn: int) -> Any:
    """Amounts of tenge finer than a tiyn, which are rounded with a notice."""
    rows = np.flatnonzero(amount.given & (currency.codes == code("KZT")))
    marks = np.zeros(len(amount.given), bool)
    marks[rows] = (amount.values[rows] % tiyn).astype(bool)
    return marks


def _times(column: pa.Array) -> tuple[Any, Any]:
    """(seconds since 1970, marks of those not written plainly in UTC)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_timestamp(column.type):
        given = pc.is_valid(column).to_numpy(zero_copy_only=False)
        fine_time = pc.fill_null(column.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
        time = fine_time // MICRO
        return time, ~given | (fine_time % MICRO != 0) | (time < FIRST) | (time >= LAST)
    ends = pc.min_max(pc.binary_length(column)).as_py() if len(column) else {"min": 0, "max": 0}
    fine = np.ones(len(column), bool)
    try:
        if ends != {"min": 20, "max": 20} or not pc.all(pc.ends_with(column, "Z")).as_py():
            raise pa.ArrowInvalid("not written alike")
        read = column.cast(pa.timestamp("s", "UTC"))
    except pa.ArrowInvalid:  # find out which are
        plain = pc.match_substring_regex(column, _TIME)
        text = pc.utf8_slice_codeunits(pc.if_else(plain, column, "1970-01-01T00:00:00Z"), 0, 19)
        text = pc.replace_substring(text, "T", " ")
        read = pc.fill_null(pc.strptime(text, "%Y-%m-%d %H:%M:%S", "s", error_is_null=True), 0)
        again = pc.equal(pc.strftime(read, "%Y-%m-%d %H:%M:%S"), text)  # 30 February is no day
        fine = pc.and_(plain, again).to_numpy(zero_copy_only=False)
    time = read.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return time, ~fine | (time < FIRST) | (time >= LAST)


@cache
def _changes() -> tuple[Any, Any]:
    """The instants at which Kazakhstan's clock was set since FIRST, and its offset (seconds) from each on."""
    at, offsets, step = [FIRST], [_offset(FIRST)], 86_400 * 30
    moment = FIRST
    while moment < FIRST + 40 * 365 * 86_400:
        after = moment + step
        if _offset(after) != offsets[-1]:
            low, high = moment, after
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _offset(middle) == offsets[-1] else (low, middle)
            at.append(high)
            offsets.append(_offset(high))
        moment = after
    return np.array(at, np.int64), np.array(offsets, np.int64)


def _offset(moment: int) -> int:
    from datetime import UTC

    found = datetime.fromtimestamp(moment, UTC).astimezone(zone()).utcoffset()
    return (found or timedelta()) // timedelta(seconds=1)


def _offsets(time: Any) -> Any:
    at, offsets = _changes()
    return offsets[np.maximum(np.searchsorted(at, time, "right") - 1, 0)]


def _years(day: Any) -> Any:
    starts = np.array([date(y, 1, 1).toordinal() for y in range(1970, 2202)], np.int64)
    return 1969 + np.searchsorted(starts, day, "right")
