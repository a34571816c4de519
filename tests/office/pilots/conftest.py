"""A made-up card programme on a fresh database: a host, cards with coins, an acquirer that speaks ISO 8583."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.office.pilots.corridor_world import World

from salyq.civil.errors import InputError
from salyq.office.ledger import books
from salyq.office.ledger.gate import Gate
from salyq.office.pilots import demo
from salyq.office.pilots.card import accounts, spec
from salyq.office.pilots.card.clearing import Clearing, Day, Row, read_file
from salyq.office.pilots.card.host import Host
from salyq.office.store.migrate import make_database
from salyq.office.store.server import Server
from salyq.office.store.store import Store


@pytest.fixture
def gate(store: Store) -> Iterator[Gate]:
    with Gate(store.url, store.clock) as made:
        yield made


@dataclass
class Acquirer:
    """Makes messages, sends them straight to the host, keeps what it must clear."""

    store: Store
    gate: Gate
    host: Host
    cards: list[demo.MadeCard]
    folder: Path
    stan: int = 0
    rows: list[list[str]] = field(default_factory=list)

    def message(self, amount: int, card: int = 0, **more: str) -> dict[str, str]:
        self.stan += 1
        base = {
            "h": "",
            "t": "0100",
            "2": self.cards[card].pan,
            "3": "000000",
            "4": f"{amount:012d}",
            "7": "0615060000",
        }
        base |= {"11": f"{self.stan:06d}", "12": "110000", "13": "0615", "14": self.cards[card].card.expires}
        base |= {
            "18": "5814",
            "32": "00000123456",
            "37": f"RRN{self.stan:09d}",
            "41": "TERM0001",
            "42": "COFFEE000000001",
        }
        return (
            base | {"43": "Kofe Almaty KZ".ljust(40), "49": "398"} | {k.removeprefix("f"): v for k, v in more.items()}
        )

    def ask(self, message: dict[str, str]) -> dict[str, str]:
        """Through the bytes of the wire, both ways."""
        sent = spec.decode(spec.encode(message)[2:])
        return spec.decode(spec.encode(self.host.handle([sent])[0])[2:])

    def pay(self, amount: int, card: int = 0, **more: str) -> tuple[dict[str, str], dict[str, str]]:
        sent = self.message(amount, card, **more)
        return sent, self.ask(sent)

    def reverse(self, sent: dict[str, str], amount: int | None = None, **more: str) -> dict[str, str]:
        original = f"0100{sent['11']}{sent['7']}{sent['32']:>011}{'0' * 11}"
        self.stan += 1
        again = {**sent, "t": "0400", "11": f"{self.stan:06d}", "90": original}
        if amount is not None:
            again["4"] = f"{amount:012d}"
        return self.ask(again | {k.removeprefix("f"): v for k, v in more.items()})

    def row(self, sent: dict[str, str], reply: dict[str, str], amount: int, kind: str = "clear") -> list[str]:
        approval = reply.get("38", "")
        return [sent["37"], approval, sent["2"], str(amount), "KZT", "2026-06-16", "Kofe", sent["18"], kind]

    def write(self, *rows: list[str]) -> list[Row | InputError]:
        """The rows as a file, read."""
        file = self.folder / "clearing.csv"
        head = "rrn,approval,card,amount,currency,date,merchant,mcc,kind"
        file.write_text("\n".join([head, *(",".join(r) for r in rows)]) + "\n")
        return read_file(file)

    def clear(self, *rows: list[str]) -> Day:
        return Clearing(self.store, self.gate).clear(self.write(*rows))

    def balance(self, account: str) -> books.Balance:
        with self.store.transaction() as tx:
            return books.balance(tx, account)

    def coins(self, card: int = 0) -> books.Balance:
        made = self.cards[card].card
        return self.balance(accounts.wallet(made.holder, made.asset))

    def left(self, name: str, card: int = 0) -> int:
        """What a limit of a holder still allows, today."""
        from salyq.civil.days import kz_day
        from salyq.office.pilots.sandbox import contracts, limits

        made = self.cards[card].card
        day = kz_day(self.store.clock.now())
        with self.store.transaction() as tx:
            found = contracts.limits(tx, made.contract, day)
            use = next(u for u in limits.uses(made.contract, made.holder, day, found) if u.limit.name == name)
            return books.balance(tx, use.account).available


def programme(store: Store, gate: Gate, folder: Path, **more: Any) -> Acquirer:
    made = demo.programme(store, gate, **more)
    return Acquirer(store, gate, Host(store, gate), made, folder)


@pytest.fixture
def acquirer(store: Store, gate: Gate, tmp_path: Path) -> Acquirer:
    return programme(store, gate, tmp_path)


@pytest.fixture
def world(server: Server, template: str, database: str) -> Iterator[World]:
    """Both sides of the corridor, each on a database that nobody had before. The far one is named after this
    test's own: a counter of a module would begin twice where the module is loaded under two names."""
    name = f"abroad_of_{database.rpartition('=')[2]}"
    make_database(server.url("postgres"), name, template)
    made = World(database, server.url(name))
    yield made
    made.close()
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)".encode())
