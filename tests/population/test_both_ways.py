"""Persons by columns and one by one: the same figures, duties, findings and rejected rows, over made-up countries of
every kind of row."""

from __future__ import annotations

import csv
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from salyq.lots import kernel as kernels
from salyq.population.outputs import MATCHES, TABLES
from salyq.population.run import assess_population
from salyq.population.sample import write_sample
from salyq.population.tables import text_of

COINS = ("BTC", "ETH", "SOL", "BNB", "USDT", "USDC")
MONEY = ("KZT", "USD", "EUR")
PAID = ("", "KZT", "kzt", "USD", "eur", "USDT")  # expenses, as people write it
COLUMNS = ["person", "time", "kind", "asset", "quantity", "value", "currency", "fee", "fee_asset", "account"]
COLUMNS += ["counterparty", "group", "id", "hash", "note", "document", "proof", "purpose", "abroad"]
ENERGY = ["person", "start", "end", "kwh", "meter", "meter_state", "own_plant", "renewable", "hosted", "price_per_kwh"]
ENERGY += ["site"]
PAYOUTS = ["person", "date", "asset", "quantity", "pool", "wallet"]
EXPENSES = ["person", "date", "category", "amount", "currency", "document", "activity"]
FLAGS = {"own_plant": ("yes", "no"), "renewable": ("да", "NO"), "hosted": ("no", "no")}
FLAWS = (
    *({"kwh": "1e3"}, {"kwh": "0"}, {"meter": "other"}, {"meter_state": "faulty"}, {"price_per_kwh": "12.5"}),
    *({"hosted": "yes"}, {"hosted": "perhaps"}, {"end": ""}),
)
IN = ("staked", "airdrop", "fork", "interest", "gift_in", "inherited", "earned", "contributed_in")
OUT = ("spend", "gift_out", "lost", "contributed_out", "fee")
RARE = ("mined", "transfer_in", "transfer_out", "swap_in", "swap_out", "derivative_result", "reversal")
FINER = {2023: "0000000001", 2026: "0003"}  # digits of some years that leave no room in 64 bits, or little
ACCOUNTS = """
[[account]]
name = "atais"
country = "KZ"
[[account]]
name = "haven"
country = "PA"
low_tax = true
[[account]]
name = "aix"
country = "KZ"
aifc_exchange = true
"""


class Country:
    """Made-up persons with rows of every kind, in CSV as people write it."""

    def __init__(self, seed: int, year: int) -> None:
        self.dice, self.year, self.number = Random(f"{seed} {year}"), year, 0
        self.rows: list[dict[str, str]] = []
        self.energy: list[dict[str, str]] = []
        self.payouts: list[dict[str, str]] = []
        self.expenses: list[dict[str, str]] = []
        self.persons: list[dict[str, str]] = []

    def write(self, folder: Path, persons: int) -> Path:
        for n in range(persons):
            self.person(f"p{n:03}")
        if self.dice.random() < 0.5:
            self.dice.shuffle(self.rows)
        folder.mkdir()
        _csv(folder / "persons.csv", list(self.persons[0]), self.persons)
        _csv(folder / "records.csv", COLUMNS, self.rows)
        _csv(folder / "energy.csv", ENERGY, self.energy)
        _csv(folder / "payouts.csv", PAYOUTS, self.payouts)
        _csv(folder / "expenses.csv", EXPENSES, self.expenses)
        self.quotes(folder)
        return folder

    def person(self, name: str) -> None:
        dice = self.dice
        toml = ACCOUNTS if dice.random() < 0.7 else ""
        if self.year >= 2026 and dice.random() < 0.1:
            toml = '[elections]\nreceipts = "income_on_receipt"\n' + toml
        kind = dice.choice(("individual",) * 8 + ("company",) * 4 + ("sole_proprietor", "pool", "exchange"))
        if kind != "individual" or dice.random() < 0.1:
            toml = self.business(kind) + toml
        self.persons.append(
            {
                "person": name,
                "kind": kind,
                "resident": dice.choice(("", "", "yes", "no")),
                "employment_income_taxable": dice.choice(("", "", "12000000.5", "90000000")),
                "other_income": dice.choice(("", "", "", "5000000.25")),
                "toml": toml,
            }
        )
        if self.persons[-1]["resident"]:
            self.persons[-1]["toml"] = toml
        self.held: dict[str, int] = dict.fromkeys(COINS, 0)
        travels, untidy = dice.random() < 0.4, dice.random() < 0.15
        rare, short = dice.random() < 0.1, dice.random() < 0.08
        moment = date(self.year - 1, dice.choice((1, 9, 12)), 1)
        start = 0
        for _ in range(dice.randrange(0, 40)):
            start += dice.choice((0, 0, 1, 3_600, 86_400 * 5, 86_400 * 30))
            day = moment + timedelta(days=start // 86_400)
            if day.year > self.year:
                break
            time = f"{day}T{start // 3600 % 24:02}:{start // 60 % 60:02}:{start % 60:02}Z"
            self.rows.append({"person": name, "time": time, **self.event(rare, short)})
            if rare and dice.random() < 0.05:
                self.rows.append(dict(self.rows[-1]))
            if travels and dice.random() < 0.1:
                self.travel(name, day, start, untidy)
        if dice.random() < 0.3 or (kind == "company" and dice.random() < 0.5):
            self.mine(name, flawed=dice.random() < 0.15)
        if kind != "individual" or dice.random() < 0.1:
            self.spend(name, flawed=dice.random() < 0.2)
        if rare and dice.random() < 0.3:
            self.rows.append({"person": name, "time": "2025-13-01", "kind": "buy", "asset": "BTC", "quantity": "1"})

    def travel(self, name: str, day: date, start: int, untidy: bool) -> None:
        """A transfer between two accounts, whole or less a network fee; `untidy`: something may be wrong with it."""
        dice = self.dice
        asset = dice.choice(COINS)
        sent = 10**6 if untidy and dice.random() < 0.3 else dice.randrange(10**4, 10**9)
        lost = dice.choice((0, 0, 0, dice.randrange(1, 2_000), sent // 300))
        later = dice.choice((0, 40, 600, 3_600, 80_000, 200_000 if untidy or not lost else 50_000))
        out, in_ = dice.sample(("atais", "haven", "other", "aix"), 2)
        row = {"person": name, "asset": asset, "hash": dice.choice(("", f"0x{self.number:04}"))}
        fee = {}
        if not lost and dice.random() < 0.2:
            fee = dice.choice(({"fee": "12.5", "fee_asset": "KZT"}, {"fee": "0.0001", "fee_asset": asset}))
        for kind, account, amount, at, more in (
            ("transfer_out", out, sent, start, fee), ("transfer_in", in_, sent - lost, start + later, {}),
        ):  # fmt: skip
            if untidy and dice.random() < 0.1:
                continue
            on = day + timedelta(days=at // 86_400 - start // 86_400)
            moment = f"{on}T{at // 3600 % 24:02}:{at // 60 % 60:02}:{at % 60:02}Z"
            other = dice.choice(("", "", "0xwallet", in_ if untidy else ""))
            told = {"kind": kind, "account": account, "quantity": _plain(amount), "time": moment, "counterparty": other}
            self.rows.append({**row, **told, **more, "note": "P2P Trading" if untidy and dice.random() < 0.05 else ""})

    def business(self, kind: str) -> str:
        """Licences and facts of years."""
        dice, toml = self.dice, ""
        if dice.random() < 0.5:
            start, end = dice.choice(
                ((-1, ""), (0, ""), (-1, f"until = {self.year}-06-30\n"), (0, "until = 2099-01-01\n"))
            )
            kind_of = dice.choice(("mining_I", "mining_II"))
            toml += f'[[licence]]\nkind = "{kind_of}"\nfrom = {self.year + start}-01-01\n{end}'
        facts = {"vat_payer": "true", "large_business": "false", "average_staff": "3", "average_income": '"1000000.5"'}
        facts |= {"business_losses_brought": dice.choice(("0", "5000000")), "income_year_before_last": "90000000"}
        for year in (self.year - 1, self.year):
            own = [f"{n} = {v}" for n, v in facts.items() if kind != "individual" and dice.random() < 0.3]
            if own:
                toml += "\n".join([f"[[year]]\nyear = {year}", *own]) + "\n"
        return toml

    def spend(self, name: str, flawed: bool) -> None:
        """Expenses of this year and the one before."""
        dice = self.dice
        for _ in range(dice.randrange(0, 12)):
            day = date(self.year - dice.choice((0, 0, 0, 1)), dice.randrange(1, 13), dice.randrange(1, 28))
            row = {
                "person": name,
                "date": str(day),
                "category": dice.choice(("electricity", "rent", "payroll", "other")),
            }
            row |= {"amount": f"{dice.randrange(1, 10**9) / 100:.2f}", "currency": dice.choice(PAID)}
            row |= {"activity": dice.choice(("", "mining", "other")), "document": dice.choice(("", "act"))}
            if flawed and dice.random() < 0.2:
                row |= dice.choice(
                    ({"amount": "10.005"}, {"currency": "BTC"}, {"category": "fun"}, {"date": "01.02.2024"})
                )
            self.expenses.append(row)

    def mine(self, name: str, flawed: bool) -> None:
        """Meters and payouts of a year; `flawed`: a month, a coin or a cell is not as it should be."""
        dice = self.dice
        first = dice.choice((0, 0, 3, 9))
        own = {c: dice.choice(("", words[0], words[1])) for c, words in FLAGS.items() if dice.random() < 0.3}
        own |= {"meter_state": dice.choice(("", "ok")), "meter": dice.choice(("", "m1"))}
        second = {"meter": dice.choice(("", "m1", "m2")), "site": dice.choice(("", "north"))}
        for begins, more in ((first, {}), (dice.choice((12, 12, first, 3, 6, 8)), second)):
            for month in range(begins, 12):
                start, end = date(self.year, month + 1, 1), date(self.year + (month == 11), (month + 1) % 12 + 1, 1)
                kwh = f"{dice.randrange(10**9)}.{month}"
                row = {"person": name, "start": str(start), "end": str(end), "kwh": kwh, **own, **more}
                if flawed and dice.random() < 0.15:
                    row |= dice.choice(FLAWS)
                self.energy.append(row)
        for week in range(first * 4 + 1, 51):
            if dice.random() < 0.1 and flawed:
                continue
            day = date(self.year, 1, 1) + timedelta(days=7 * week)
            quantity = _plain(dice.randrange(1, 10**7)) + dice.choice(("", "", "0000001"))
            row = {"person": name, "date": str(day), "asset": dice.choice(("BTC", "btc")), "quantity": quantity}
            self.payouts.append({**row, "pool": dice.choice(("", "a pool", " Solo "))})
            if flawed and dice.random() < 0.04:
                self.payouts[-1] |= dice.choice(({"quantity": "0"}, {"wallet": "w"}, {"date": "31.12.2024"}))

    def event(self, rare: bool, short: bool) -> dict[str, str]:
        dice = self.dice
        asset = dice.choice(COINS)
        quantity = dice.randrange(1, 10 ** dice.choice((3, 9, 12)))
        kind = dice.choice(("buy",) * 6 + ("sell",) * 6 + IN + OUT)
        if rare and dice.random() < 0.2:
            kind = dice.choice(RARE)
        coming = kind == "buy" or kind in IN
        if not coming and not short:
            quantity = min(quantity, self.held[asset])
        if quantity <= 0:
            kind, coming, quantity = "buy", True, 10**8
        self.held[asset] += quantity if coming else -quantity
        row = {
            "kind": kind,
            "asset": asset,
            "quantity": _plain(quantity) + (FINER.get(self.year, "") if coming else ""),
            "account": dice.choice(("", "atais", "haven", "aix", "other")),
        }
        if kind in ("buy", "sell", "derivative_result") or dice.random() < 0.3:
            currency = dice.choice(MONEY if dice.random() < 0.6 else [c for c in COINS if c != asset])
            value = dice.randrange(0, 10**11)
            if currency in COINS and kind == "buy" and not short:
                value = min(value, self.held[currency])
            if currency in COINS and kind in ("buy", "sell"):
                self.held[currency] += -value if kind == "buy" else value
            row |= {"currency": currency, "value": f"{value / 100:.2f}" if currency == "KZT" else _plain(value)}
        if dice.random() < 0.3:
            fee_asset = dice.choice([*MONEY, asset, *(c for c in COINS if self.held[c] > 10**6)])
            row |= {"fee": dice.choice(("0", "0.01", "0.005")), "fee_asset": fee_asset}
            if fee_asset == "KZT":
                row["fee"] = "12.50"
            elif fee_asset in COINS:
                self.held[fee_asset] -= 10**6
        self.number += 1
        row["id"] = f"x{self.number}" if dice.random() < 0.7 else ""
        row["group"] = (
            dice.choice(("", "", f"g{self.number // 3}"))
            if kind in ("buy", "sell")
            else f"g{self.number}"
            if kind in RARE
            else ""
        )
        row["document"] = dice.choice(("", "receipt", "none", "valuer report"))
        row["proof"] = dice.choice(("", "", "", "valuer_report", "deed"))
        row["note"] = dice.choice(("", "", "taxed", "Taxed ", "hello"))
        row["counterparty"] = dice.choice(("", "", "solo", "someone"))
        row["purpose"] = dice.choice(("", "goods", "services", "registrable_property")) if kind == "spend" else ""
        row["abroad"] = dice.choice(("", "", "yes", "no"))
        return row

    def quotes(self, folder: Path) -> None:
        days = [date(self.year - 1, 1, 1) + timedelta(days=n) for n in range(-15, 745)]
        dice = self.dice
        whole = dice.random() < 0.7
        rates = [
            {"date": str(d), "currency": c, "rate": f"{dice.randrange(40_000, 60_000) / 100:.2f}", "kind": k}
            for d in days for c in ("USD", "EUR") for k in ("official", "market")
            if whole or (not (k == "market" and dice.random() < 0.4) and not (c == "EUR" and d.month == 3))
        ]  # fmt: skip
        values = [
            {"date": str(d), "asset": c, "value": _plain(dice.randrange(1, 10**11)), "currency": "USD", "kind": k}
            for d in days for c in COINS for k in ("day_average", "official")
            if whole or dice.random() < 0.97
        ]  # fmt: skip
        _csv(folder / "exchange_rates.csv", list(rates[0]), rates)
        _csv(folder / "asset_values.csv", list(values[0]), values)


def _plain(quantity: int) -> str:
    """10⁻⁸ units as a decimal."""
    return f"{quantity // 10**8}.{quantity % 10**8:08}"


def _csv(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def told(out: Path, table: str) -> list[tuple[str, ...]]:
    return sorted(tuple(map(str, row.values())) for row in pq.read_table(out / table).to_pylist())


@pytest.fixture(params=["C", "Python"])
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, library: Path | None) -> Iterator[None]:
    """The kernel that matches lots: compiled where there is a compiler, and the one in Python."""
    if request.param == "C" and library is None:
        pytest.skip("no C compiler")
    monkeypatch.setenv("SALYQ_KERNEL", "" if request.param == "C" else "off")
    monkeypatch.setattr(kernels, "built", lambda: library)
    kernels.kernel.cache_clear()
    yield
    kernels.kernel.cache_clear()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    path = kernels.built()
    if path is None and compiler is not None:
        path = tmp_path_factory.mktemp("kernel") / "kernel.so"
        source = Path(kernels.__file__).with_name("kernel.c")
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", str(path), str(source)], check=True)
    return path


@pytest.mark.usefixtures("kernel")
@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_both_ways_say_the_same(year, tmp_path):
    seed = 3 if isinstance(kernels.kernel(), kernels.InC) else 1
    country = Country(seed, year).write(tmp_path / "in", 45)
    settings = {"fee_in_asset": "sale_at_value"} if year == 2024 else {}
    more = {"workers": 1, "settings": settings, "matches": True}
    many = assess_population(country, tmp_path / "many", year, **more)
    alone = assess_population(country, tmp_path / "alone", year, alone=True, **more)
    fee = [f for f in pq.read_table(tmp_path / "many" / "figures").to_pylist() if f["name"] == "mining_fee.energy"]
    assert any(f["value"] for f in fee)
    for table in (*TABLES, MATCHES):
        assert told(tmp_path / "many", table) == told(tmp_path / "alone", table), table
    assert "rejected" not in many["persons"]
    assert many["worked_out"]["columns"] >= 18
    assert len(told(tmp_path / "many", MATCHES)) > 150
    assert {f["status"] for f in pq.read_table(tmp_path / "many" / "figures").to_pylist()} >= {"known", "unknown"}
    assert alone["worked_out"] == {"columns": 0, "alone": 45}
    assert many | {"worked_out": 0} == alone | {"worked_out": 0}


def test_a_company_that_mines_is_worked_out_by_columns(tmp_path):
    """Licence, meters, payouts, expenses, and losses of the year before that were not stated."""
    write_sample(tmp_path / "in", 4, 5, 2025)
    many = assess_population(tmp_path / "in", tmp_path / "many", 2025, workers=1)
    assert many["worked_out"] == {"columns": 4, "alone": 0}
    assess_population(tmp_path / "in", tmp_path / "alone", 2025, workers=1, alone=True)
    for table in TABLES:
        assert told(tmp_path / "many", table) == told(tmp_path / "alone", table), table
    said = {f["code"] for f in pq.read_table(tmp_path / "many" / "findings").to_pylist() if f["person"] == "P00000003"}
    assert "losses_not_stated" in said


def test_another_order_of_lots_is_no_matter_of_columns(tmp_path):
    """Columns match first in, first out: whoever chooses otherwise is assessed alone."""
    country = Country(3, 2024).write(tmp_path / "in", 12)
    more = {"workers": 1, "settings": {"lot_method": "average"}}
    many = assess_population(country, tmp_path / "many", 2024, **more)
    alone = assess_population(country, tmp_path / "alone", 2024, alone=True, **more)
    assert told(tmp_path / "many", "figures") == told(tmp_path / "alone", "figures")
    assert many == alone


def test_numbers_and_moments_are_read_as_they_are(tmp_path):
    """Parquet's own decimals and moments say what the same cells say as text; a fraction of a second or a number below
    zero is for one by one to judge, and a file of texts beside one of numbers makes both texts."""
    write_sample(tmp_path / "typed", 12, 5, 2025)
    records = pq.read_table(tmp_path / "typed" / "records.parquet")
    moments = pc.strptime(records.column("time"), "%Y-%m-%dT%H:%M:%SZ", "us").cast(pa.timestamp("us", "UTC"))
    late = pa.array([n == 3 for n in range(len(records))])
    moments = pc.if_else(late, pc.add(moments, pa.scalar(250_000, pa.duration("us"))), moments)
    odd = pa.array([n == len(records) - 1 for n in range(len(records))])
    quantity = pc.if_else(odd, pc.negate(records.column("quantity")), records.column("quantity"))
    records = records.set_column(1, "time", moments)
    records = records.set_column(4, "quantity", quantity.cast(pa.decimal128(38, 18)))
    pq.write_table(records, tmp_path / "typed" / "records.parquet")
    shutil.copytree(tmp_path / "typed", tmp_path / "text")
    texts = [text_of(c.combine_chunks()) for c in records.columns]
    as_text = pa.Table.from_arrays(texts, names=records.column_names)
    pq.write_table(as_text, tmp_path / "text" / "records.parquet")
    shutil.copytree(tmp_path / "typed", tmp_path / "mixed")
    pq.write_table(records.slice(0, 50), tmp_path / "mixed" / "records-1.parquet")
    pq.write_table(as_text.slice(50), tmp_path / "mixed" / "records-2.parquet")
    (tmp_path / "mixed" / "records.parquet").unlink()
    runs = {
        n: assess_population(tmp_path / n, tmp_path / f"{n} out", 2025, workers=1) for n in ("typed", "text", "mixed")
    }
    alone = assess_population(tmp_path / "typed", tmp_path / "alone", 2025, workers=1, alone=True)
    for table in set(TABLES) - {"rejected"}:
        one = told(tmp_path / "alone", table)
        assert all(told(tmp_path / f"{n} out", table) == one for n in runs), table
    assert all(run["rows"] == alone["rows"] for run in runs.values())
    assert alone["rows"]["records"]["rejected"] == 1
    assert runs["typed"]["worked_out"] == runs["text"]["worked_out"]
    assert runs["typed"]["worked_out"]["columns"] >= 8
