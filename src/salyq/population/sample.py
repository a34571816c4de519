"""A made-up country: persons, records, meters and quotes from a seed. Nobody in it exists.

Activity is heavy-tailed (most trade a little, a few a great deal), people sit in regions and on several venues, some
send coins to a wallet of their own, some hold coins whose purchase is not known, some have salaries, some mine alone or
in companies, which pay VAT and have bills for power. Whoever each shipped reform touches is in it, however small it is.
The same seed gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.reconcile.network_fee import largest_fee
from salyq.records.model import UNIT
from salyq.records.person import COMPANY, FULL_MINING_LICENCE, INDIVIDUAL

if TYPE_CHECKING:
    import pyarrow as pa

REGIONS = ("750000000", "710000000", "790000000", "350000000", "550000000", "630000000", "190000000", "110000000")
VENUES = (("binance", ""), ("bybit", ""), ("atais", "KZ"), ("caspian", "KZ"))
COINS = {"BTC": 31_000_000, "ETH": 1_150_000, "SOL": 72_000, "TON": 2_400, "USDT": 520}  # tenge, about
DOLLAR = Decimal("520.15")
_CHUNK = 2_000  # persons written at once
_MOST = 4_000  # records of the busiest person
_MINERS, _SALARIED, _BASELESS = 0.01, 0.6, 0.08
_EVERY, _COMPANY, _WEALTHY = 250, 3, 7  # of so many persons one is a company, one trades in large sums
_LARGE = 400  # times what others spend
_WALLETS, _MOVES = ("1", "5"), 3  # ends of names of persons with a wallet; each third event of theirs may go on there


class Row(NamedTuple):
    """One record of the sample, in the columns of our own format that it uses."""

    person: str
    time: str
    kind: str
    asset: str
    quantity: Decimal
    value: Decimal | None
    currency: str
    fee: Decimal | None
    fee_asset: str
    account: str
    id: str
    document: str


def write_sample(folder: Path, persons: int, seed: int, year: int) -> dict[str, int]:
    """Writes a population of `persons` into a new `folder` as Parquet; returns how many rows each table has."""
    import pyarrow.parquet as pq

    if folder.exists() and any(folder.iterdir()):
        raise InputError(Message("population_not_empty"), file=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    writers: dict[str, pq.ParquetWriter] = {}
    try:
        for name, table in _tables(persons, seed, year):
            if name not in writers:
                writers[name] = pq.ParquetWriter(folder / f"{name}.parquet", table.schema, compression="zstd")
            writers[name].write_table(table)
            counts[name] = counts.get(name, 0) + table.num_rows
    finally:
        for writer in writers.values():
            writer.close()
    return counts


def _tables(persons: int, seed: int, year: int) -> Iterator[tuple[str, pa.Table]]:
    yield from quotes(seed, year)
    for first in range(0, persons, _CHUNK):
        rng = Random(f"{seed}:{first}")  # noqa: S311  a made-up country, no secret
        who: list[dict[str, Any]] = []
        rows: list[Row] = []
        energy: list[dict[str, Any]] = []
        payouts: list[dict[str, Any]] = []
        expenses: list[dict[str, Any]] = []
        for n in range(first, min(first + _CHUNK, persons)):
            person = _person(rng, n, year)
            who.append(person)
            if person["kind"] == COMPANY or rng.random() < _MINERS:
                energy += _meters(rng, person["person"], year)
                payouts += _payouts(rng, person["person"], year)
            if person["kind"] == COMPANY:
                expenses += _expenses(rng, person["person"], year)
            own = {_COMPANY: 24, _WEALTHY: 60}.get(n % _EVERY, 0)
            rows += _records(rng, person["person"], year, least=own, large=n % _EVERY == _WEALTHY)
        yield "persons", _table(who, _persons_columns())
        yield "records", _table([r._asdict() for r in rows], _records_columns())
        if energy:
            yield "energy", _table(energy, _energy_columns())
            yield "payouts", _table(payouts, _payouts_columns())
        if expenses:
            yield "expenses", _table(expenses, _expenses_columns())


def _person(rng: Random, n: int, year: int) -> dict[str, Any]:
    company = n % _EVERY == _COMPANY
    salary = (
        None
        if company or rng.random() > _SALARIED
        else Decimal(rng.randrange(1_500_000, 24_000_000)).quantize(Decimal("0.01"))
    )
    toml = ""
    if company:
        toml = f'[[licence]]\nkind = "{FULL_MINING_LICENCE}"\nfrom = {year - 1}-01-01\n'
        toml += f"[[year]]\nyear = {year}\nvat_payer = true\n"
    return {
        "person": f"P{n:08d}",
        "kind": COMPANY if company else INDIVIDUAL,
        "region": rng.choice(REGIONS),
        "employment_income_taxable": salary,
        "personal_income_tax_withheld": None if salary is None else (salary / 10).quantize(Decimal("0.01")),
        "toml": toml + "".join(f'[[account]]\nname = "{v}"\ncountry = "{c or "AE"}"\n' for v, c in VENUES),
    }


def _records(rng: Random, person: str, year: int, *, least: int, large: bool) -> Iterator[Row]:
    """Trades over two years; a coin is sold only while some is left, but for those whose purchase is not known."""
    count = max(least, min(_MOST, int(rng.paretovariate(1.1) * 6)))
    venue, _ = rng.choice(VENUES)
    held: dict[str, Decimal] = {}
    baseless = rng.random() < _BASELESS and not least
    first = date(year - 1, 1, 1)
    moments = sorted(rng.randrange(2 * 365 * 86_400) for _ in range(count))
    for n, at in enumerate(moments):
        day = first + timedelta(days=at // 86_400)
        second = at % 86_400
        time = f"{day}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
        asset = rng.choice(tuple(COINS))
        left = held.get(asset, Decimal(0))
        sells = (left > 0 or baseless) and rng.random() < 0.45
        price = Decimal(COINS[asset]) * Decimal(rng.randrange(700, 1400)) / 1000
        spent = (Decimal(int(rng.lognormvariate(10.8, 1.4))) + 500) * (_LARGE if large else 1)
        quantity = (spent / price).quantize(Decimal("1e-8")) or Decimal("1e-8")
        if sells and not baseless:
            quantity = min(quantity, left)
        held[asset] = left + (-quantity if sells else quantity)
        tenge = rng.random() < 0.5
        value = (
            (price * quantity).quantize(Decimal("0.01"))
            if tenge
            else (price * quantity / DOLLAR).quantize(Decimal("0.000001"))
        )
        yield Row(
            person, time, "sell" if sells else "buy", asset, quantity, value, "KZT" if tenge else "USD",
            None, "", venue, f"{person}-{n}", "" if sells else "statement",
        )  # fmt: skip
        if not sells and n % _MOVES == _MOVES - 1 and person.endswith(_WALLETS):
            yield from _moved(person, day, second, asset, quantity, venue)


def _moved(person: str, day: date, second: int, asset: str, quantity: Decimal, venue: str) -> Iterator[Row]:
    """What was bought goes to the person's own wallet; a part of it pays the network, no more than networks take."""
    fee = min(quantity.scaleb(-3), Decimal(largest_fee(asset, int(quantity * UNIT))) / UNIT).quantize(quantity)
    left, came = (f"{day}T{min(second // 3600 + 1, 23):02}:{minute}:00Z" for minute in (20, 40))
    for kind, time, account, arrived in (
        ("transfer_out", left, venue, quantity),
        ("transfer_in", came, "wallet", quantity - fee),
    ):
        yield Row(person, time, kind, asset, arrived, None, "", None, "", account, "", "")


def _meters(rng: Random, person: str, year: int) -> Iterator[dict[str, Any]]:
    megawatts = Decimal(rng.randrange(5, 4000)) / 1000
    for month in range(1, 13):
        first, last = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
        hours = (last - first).days * 24
        kwh = (megawatts * 1000 * hours * Decimal(rng.randrange(900, 1000)) / 1000).quantize(Decimal("0.001"))
        yield {"person": person, "start": first.isoformat(), "end": last.isoformat(), "kwh": kwh}


def _payouts(rng: Random, person: str, year: int) -> Iterator[dict[str, Any]]:
    for week in range(1, 52):
        day = date(year, 1, 1) + timedelta(days=7 * week)
        quantity = Decimal(rng.randrange(1_000, 900_000)).scaleb(-8)
        yield {"person": person, "date": day.isoformat(), "asset": "BTC", "quantity": quantity, "pool": "made-up pool"}


def _expenses(rng: Random, person: str, year: int) -> Iterator[dict[str, Any]]:
    for month in range(1, 13):
        day, amount = f"{year}-{month:02}-20", Decimal(rng.randrange(100_000, 900_000))
        yield {
            "person": person, "date": day, "category": "electricity", "amount": amount, "currency": "KZT",
            "document": f"act {month}", "activity": "mining",
        }  # fmt: skip


def quotes(seed: int, year: int) -> Iterator[tuple[str, pa.Table]]:
    """Official values of BTC and official dollar rates of every day of the years that records touch."""
    rng = Random(f"{seed}:quotes")  # noqa: S311
    days = [date(year - 1, 1, 1) - timedelta(days=14) + timedelta(days=n) for n in range(2 * 366 + 30)]
    values, rates = [], []
    worth = Decimal(COINS["BTC"])
    for day in days:
        worth = (worth * Decimal(rng.randrange(975, 1027)) / 1000).quantize(Decimal("0.01"))
        values.append({"date": day.isoformat(), "asset": "BTC", "value": worth, "currency": "KZT", "source": "made up"})
        rate = DOLLAR + Decimal(rng.randrange(-2000, 2000)) / 100
        rates.append(
            {"date": day.isoformat(), "currency": "USD", "rate": rate, "quantity": Decimal(1), "source": "made up"}
        )
    number = _number()
    yield (
        "asset_values",
        _table(values, _schema(date="text", asset="text", value=number, currency="text", source="text")),
    )
    yield (
        "exchange_rates",
        _table(rates, _schema(date="text", currency="text", rate=number, quantity=number, source="text")),
    )


def _number() -> Any:
    import pyarrow as pa

    return pa.decimal128(38, 18)


def _schema(**columns: Any) -> pa.Schema:
    import pyarrow as pa

    return pa.schema([(n, pa.string() if t == "text" else t) for n, t in columns.items()])


def _persons_columns() -> pa.Schema:
    number = _number()
    return _schema(
        person="text", kind="text", region="text", employment_income_taxable=number,
        personal_income_tax_withheld=number, toml="text",
    )  # fmt: skip


def _records_columns() -> pa.Schema:
    texts = dict.fromkeys(Row._fields, "text")
    return _schema(**{**texts, "quantity": _number(), "value": _number(), "fee": _number()})


def _energy_columns() -> pa.Schema:
    return _schema(person="text", start="text", end="text", kwh=_number())


def _payouts_columns() -> pa.Schema:
    return _schema(person="text", date="text", asset="text", quantity=_number(), pool="text")


def _expenses_columns() -> pa.Schema:
    texts = dict.fromkeys(("person", "date", "category", "amount", "currency", "document", "activity"), "text")
    return _schema(**{**texts, "amount": _number()})


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_pylist(rows, schema=schema)
