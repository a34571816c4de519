"""A holder's year as files: records for the tax engine, CARF lines, what must be reported, and a statement.

`records.csv` holds every purchase and every sale up to the end of the year, because the cost of a sale stands in what
was bought before; a sale is one clearing, and its id is the clearing's.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from salyq.civil.days import kz_day, kz_midnight
from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.civil.numbers import format_scaled
from salyq.office.ledger.assets import SCALES, shown
from salyq.office.pilots import asks, events
from salyq.office.pilots.card.accounts import Card, cards
from salyq.office.pilots.events import Event
from salyq.office.pilots.sandbox.contracts import Contract, contract
from salyq.office.store.store import Transaction
from salyq.present.as_csv import table_csv
from salyq.records.person import INDIVIDUAL

RECORDS: tuple[str, ...] = (
    *("time", "kind", "asset", "quantity", "value", "currency", "fee", "fee_asset", "account", "counterparty"),
    *("group", "id", "note", "document"),
)
CARF = ("user", "time", "asset", "kind", "units", "amount", "currency", "transfer_type", "exchange", "wallet")
ACCOUNT = "crypto-card"


class Line(NamedTuple):
    """A purchase or a sale. `tiyn` is the whole value, fee included."""

    event: Event
    kind: str
    units: int
    tiyn: int
    fee: int
    counterparty: str
    note: str


class Year(NamedTuple):
    """`card` and `contract` are those of the holder's first card, or made for a payer of the city who has none."""

    card: Card
    contract: Contract
    year: int
    lines: list[Line]
    operations: list[tuple[Event, int]]  # of the year, each with its tiyn

    def of_year(self) -> list[Line]:
        return [x for x in self.lines if kz_day(x.event.at).year == self.year]


def year_of(tx: Transaction, holder: str, year: int) -> Year:
    """What a holder's card did up to the end of a year. InputError where nobody of this name has a card."""
    card = next(iter(cards(tx, holder)), None) or _payer(tx, holder)
    if card is None:
        raise InputError(Message("card_no_holder", {}), column="--holder", value=holder)
    terms = contract(tx, card.contract)
    assert terms is not None
    found = events.of_holder(tx, holder, datetime(1970, 1, 1, tzinfo=UTC), kz_midnight(date(year + 1, 1, 1)))
    lines = [line for line in map(_line, found) if line is not None]
    told = [(e, tiyn) for e in found if kz_day(e.at).year == year and (tiyn := operation(e))]
    return Year(card, terms, year, lines, told)


def _payer(tx: Transaction, holder: str) -> Card | None:
    """A payer of the city who has no card."""
    bought = events.of_holder_kind(tx, holder, ["bought"], 1)
    if not bought or not bought[0].contract:
        return None
    return Card(b"", "", holder, holder, str(bought[0].body["asset"]), bought[0].contract, "")


def _line(event: Event) -> Line | None:
    b = event.body
    if event.kind == "bought":
        return Line(event, "buy", int(b["units"]), int(b["tiyn"]), 0, b["source"], "")
    if event.kind in ("clearing_done", "paid") and int(b["units"]):
        tiyn = int(b["settled"]) - int(b["covered"]) + int(b["fee"])
        note = f"MCC {b['mcc']}" if b.get("mcc") else str(b.get("rrn", ""))
        return Line(event, "sell", int(b["units"]), tiyn, int(b["fee"]), b["merchant"], note)
    return None


def operation(event: Event) -> int:
    """The tiyn by which law asks whether an event must be told: what the coins that a client bought or sold were worth,
    the fee with it, or the tenge that came back; 0 where nothing of a client's moved. What an issuer covers is its own.
    """
    line = _line(event)
    if line is not None:
        return line.tiyn
    b = event.body
    return max(-int(b["settled"]) - int(b.get("repaid", "0")), 0) if event.kind == "clearing_done" else 0


def name_of(event: Event) -> str:
    """The id of a line of the year's file: the clearing's, the invoice's, the purchase's."""
    return event.id.removeprefix("clearing/").removesuffix("/done")


def files(year: Year) -> dict[str, str]:
    """Name -> text of every file but the PDF."""
    return {
        "person.toml": _person(year),
        "records.csv": table_csv(RECORDS, (_record(x) for x in year.lines)),
        "carf.csv": table_csv(CARF, (_carf(x, year) for x in year.of_year())),
        "reports.json": json.dumps(reports(year), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
    }


def _asset(line: Line) -> str:
    return str(line.event.body["asset"])


def quantity(line: Line) -> str:
    return format_scaled(line.units, SCALES[_asset(line)])


def _record(line: Line) -> dict[str, str]:
    row = {"time": line.event.at.isoformat(), "kind": line.kind, "asset": _asset(line), "quantity": quantity(line)}
    row |= {"value": shown(line.tiyn, "KZT"), "currency": "KZT", "account": ACCOUNT, "counterparty": line.counterparty}
    if line.fee:
        row |= {"fee": shown(line.fee, "KZT"), "fee_asset": "KZT"}
    name = name_of(line.event)
    document = str(line.event.body.get("document", line.event.id)) if line.kind == "buy" else ""
    # A payment is a sale of its own, however many are cleared in one second.
    group = name if line.kind == "sell" else ""
    return {**row, "group": group, "id": name, "note": line.note, "document": document}


def _carf(line: Line, year: Year) -> dict[str, str]:
    """A plain exchange: the column of that name is for lending and its like (docs/carf.md)."""
    kind = "crypto_fiat_in" if line.kind == "buy" else "crypto_fiat_out"
    row = {"user": year.card.holder, "time": line.event.at.isoformat(), "asset": _asset(line), "kind": kind}
    return {**row, "units": quantity(line), "amount": shown(line.tiyn, "KZT"), "currency": "KZT"}


def reports(year: Year) -> dict[str, Any]:
    """Operations of the year that law wants told, each with its article and due day; what law did not answer is
    unknown."""
    told: list[dict[str, Any]] = []
    unknown: list[dict[str, Any]] = []
    for event, tiyn in year.operations:
        asked = asks.threshold_report(year.contract.terms, tiyn, event.at)
        row = {"event": event.id, "at": event.at.isoformat(), "amount_kzt": shown(tiyn, "KZT"), **asked.told()}
        if asked.verdict == "unknown":
            unknown.append(row)
        elif asked.verdict == "yes":
            told.append(row)
    return {"holder": year.card.holder, "year": year.year, "reports": told, "unknown": unknown}


def _person(year: Year) -> str:
    name = json.dumps(year.card.name, ensure_ascii=False)
    aifc = "true" if year.contract.terms.get("exchange_in_aifc", True) else "false"
    return (
        f'id = "{year.card.holder}"\nname = {name}\nkind = "{INDIVIDUAL}"\nresident = true\n\n'
        f'[[account]]\nname = "{ACCOUNT}"\ncountry = "KZ"\naifc_exchange = {aifc}\n\n'
        '[ignore]  # the same payments in other forms\nfiles = ["carf.csv", "reports.json", "statement.pdf"]\n'
    )


def pdf(year: Year, words: dict[str, str]) -> bytes:
    """The statement of the year as PDF. `words` are the headings in the reader's language."""
    import typst

    rows = [
        [
            f"{kz_day(x.event.at)}",
            words[x.kind],
            f"{quantity(x)} {_asset(x)}",
            shown(x.tiyn, "KZT"),
            shown(x.fee, "KZT"),
            f"{x.counterparty} {x.note}".strip(),
        ]
        for x in year.of_year()
    ]
    sold = sum(x.tiyn for x in year.of_year() if x.kind == "sell")
    fee = sum(x.fee for x in year.of_year())
    content = {"words": words, "rows": rows, "name": year.card.name, "card": year.card.shown, "year": str(year.year)}
    content |= {"sold": shown(sold, "KZT"), "fee": shown(fee, "KZT"), "contract": year.contract.id}
    made: bytes = typst.compile(_TEMPLATE.encode(), sys_inputs={"told": json.dumps(content, ensure_ascii=False)})
    return made


_TEMPLATE = """#let told = json(bytes(sys.inputs.told))
#let w = told.words
#set document(title: w.title + " " + told.year, author: "Salyq", date: none)
#set page(paper: "a4", margin: 18mm, numbering: "1 / 1")
#set text(size: 9pt, lang: "kk", font: ("Libertinus Serif",))
#text(size: 15pt, weight: "bold")[#w.title #told.year]

#told.name · #told.card · #w.contract #told.contract

#table(columns: (auto, auto, 1fr, auto, auto, 1.6fr), stroke: 0.4pt + luma(170), inset: 4pt,
  align: (left, left, right, right, right, left),
  table.header([*#w.day*], [*#w.what*], [*#w.quantity*], [*#w.value*], [*#w.fee*], [*#w.where*]),
  ..told.rows.flatten().map(cell => [#cell]))

*#w.sold:* #told.sold ₸ #h(2em) *#w.fees:* #told.fee ₸

#w.notice
"""
PDF_WORDS = (
    "title",
    "contract",
    "day",
    "what",
    "quantity",
    "value",
    "fee",
    "where",
    "sold",
    "fees",
    "notice",
    "buy",
    "sell",
)


def pdf_words(lang: str) -> dict[str, str]:
    """The statement's words."""
    return {name: Message(f"card_statement_{name}").text(lang) for name in PDF_WORDS}
