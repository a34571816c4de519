"""Bank statements prove what P2P orders were paid with; they never make a record (money makes no lot).

An order bought or sold for tenge and a bank row belong together where the amount is the same to the tiyn, the money
went the right way, and the bank booked it from a few minutes before the order to a day after it. Whose statement it is,
the person's IIN tells, else the party that stands in every row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta

from salyq.civil.messages import Message
from salyq.records.model import BankRow, Record
from salyq.records.person import Person
from salyq.records.reading import Reading, rule
from salyq.records.table import Records

BEFORE = timedelta(minutes=10)  # clocks of a bank and a venue
AFTER = timedelta(hours=24)
NO_ORDER = rule(
    "no_order_of_it",
    kk="бұл төлемге сәйкес P2P ордер жоқ: төлем цифрлық активке қатысты емес",
    ru="ордера P2P на эту сумму нет: платёж не относится к цифровым активам",
    en="no P2P order of this amount: the payment is not about digital assets",
)


def settle_proofs(reading: Reading, person: Person) -> None:
    """Orders get the bank row that proves them as their document; bank rows that prove nothing are left out."""
    if not reading.bank:
        return
    ways = _ways(reading.bank, person)
    open_rows: dict[tuple[int, int], list[int]] = defaultdict(list)
    for n in sorted(range(len(reading.bank)), key=lambda n: (reading.bank[n].time, reading.bank[n].source)):
        open_rows[ways[n], reading.bank[n].quantity].append(n)
    proven: dict[int, int] = {}
    for order in _orders(reading.records):
        first = reading.records[order[0]]
        rows = open_rows.get((-1 if first.kind == "buy" else 1, first.value or 0), [])
        found = next((n for n in rows if _near(first, reading.bank[n])), None)
        if found is not None:
            rows.remove(found)
            proven.update(dict.fromkeys(order, found))
    for n, row in proven.items():
        r, place = reading.records[n], reading.bank[row].source.place
        if r.kind == "buy":
            reading.records[n] = r._replace(document=r.document or f"bank statement {place}")
        else:
            reading.records[n] = r._replace(note=" · ".join(x for x in (r.note, f"bank statement {place}") if x))
    _account(reading, set(proven.values()))
    _said(reading, len({reading.records[n].id for n in proven}))


def _orders(records: Records) -> list[list[int]]:
    """Orders for tenge in order of time; the same order told by several files is one."""
    found: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for n, (kind, currency, value, own_id, account) in enumerate(
        records.rows("kind", "currency", "value", "id", "account")
    ):
        if kind in ("buy", "sell") and currency == "KZT" and value and own_id is not None:
            found[account, kind, own_id].append(n)
    return sorted(found.values(), key=lambda rows: (records[rows[0]].time, records[rows[0]].id or ""))


def _ways(rows: Sequence[BankRow], person: Person) -> list[int]:
    """1 received, -1 paid, 0 not told, of each row: by its columns, else by whose statement its file is."""
    parties: dict[str, Counter[str]] = defaultdict(Counter)
    count: Counter[str] = Counter()
    for row in rows:
        count[row.source.file] += 1
        parties[row.source.file].update({x for x in (row.payer, row.receiver) if x})
    owner: dict[str, str] = {}
    for file, seen in parties.items():
        always = [party for party, times in seen.items() if times == count[file]]
        if person.id in seen:
            owner[file] = person.id
        elif len(always) == 1 and count[file] > 1:
            owner[file] = always[0]
    found = []
    for row in rows:
        whose = owner.get(row.source.file)
        one_way = (row.receiver == whose) - (row.payer == whose) if whose else 0
        found.append(row.way or one_way)
    return found


def _near(order: Record, row: BankRow) -> bool:
    if row.whole_day:
        return timedelta() <= row.day - order.day <= timedelta(days=1)
    return -BEFORE <= row.time - order.time <= AFTER


def _account(reading: Reading, proving: set[int]) -> None:
    """Rows that prove nothing were read, and are left out by their rule."""
    reports = {report.file: report for report in reading.files}
    for n, row in enumerate(reading.bank):
        if n not in proving:
            report = reports[row.source.file]
            report.used -= 1
            report.ignore(NO_ORDER)


def _said(reading: Reading, proven: int) -> None:
    """How many orders the statements prove, and how many of their days they do not."""
    first, last = min(row.day for row in reading.bank), max(row.day for row in reading.bank)
    covered = {
        own_id
        for own_id, kind, currency, day in reading.records.rows("id", "kind", "currency", "day")
        if own_id and kind in ("buy", "sell") and currency == "KZT" and first <= day <= last
    }
    source = reading.bank[0].source._replace(line=0)
    params = {"proven": proven, "orders": len(covered), "first": first, "last": last}
    reading.notices.append((source, Message("notice_orders_proven", params)))
