"""From a reading to one truth: the steps of reconciliation, in order (architecture §5)."""

from __future__ import annotations

from collections.abc import Callable

from salyq.civil.messages import Message
from salyq.reconcile.ask_transfers import ambiguous, unmatched
from salyq.reconcile.books import settle_rows
from salyq.reconcile.model import Ledger, Question, SameEvent, Transfer
from salyq.reconcile.near_events import Near, ask, near_orders, near_receipts, near_rows
from salyq.reconcile.order import Content, sort_key, source_key
from salyq.reconcile.payouts import PayoutRecords
from salyq.reconcile.repeats import Row, drop_repeats, larger_count
from salyq.reconcile.reversals import undo
from salyq.reconcile.sales import half_swaps, join_sales
from salyq.reconcile.told_twice import is_order, p2p, p2p_rows
from salyq.reconcile.transfers import Transfers, is_p2p
from salyq.records.model import Record, Source
from salyq.records.person import Person
from salyq.records.reading import Reading

Progress = Callable[[str, int], None]
SEVERITIES = ("error", "warning", "notice")


def reconcile(reading: Reading, person: Person, *, progress: Progress | None = None) -> Ledger:
    """The ledger of a reading. `reading.files` keep balanced books: rows set aside move to `ignored` (books.py).

    `progress` is called with the name of a step and the number of records done. The result does not depend on the
    order of rows in a file or of files (but for the lines it names), nor on how often a file is given.
    """
    return _Run(reading, person, progress or _quiet).ledger()


def _quiet(_step: str, _count: int) -> None:
    """No progress wanted."""


class _Run:
    """One reconciliation. Records are in the order of semantics 4 throughout, so indices are that order."""

    def __init__(self, reading: Reading, person: Person, progress: Progress) -> None:
        self.reading, self.person, self.progress = reading, person, progress
        self.out = Ledger()
        self.records: list[Record] = []
        self.dropped: list[tuple[Source, str]] = []
        self.told: dict[int, tuple[str, int]] = {}  # records another tells already -> rule, index of that one
        self.told_in: dict[Content, frozenset[str]] = {}
        self.idle: list[Source] = []
        self.payouts = PayoutRecords([])
        self.near: list[Near] = []

    def ledger(self) -> Ledger:
        """All steps."""
        total = len(self.reading.records)
        self.progress("reconcile", 0)
        self._repeats()
        self._reversals()
        self._p2p()
        self.progress("reconcile", total // 2)
        transfers = self._transfers()
        self._write_transfers(transfers)
        self._finish()
        self.progress("reconcile", total)
        return self.out

    def _repeats(self) -> None:
        kept = drop_repeats(self.reading.records)
        self.records = kept.records
        self.told_in = kept.told_in
        self.dropped += kept.dropped
        self.out.questions += kept.questions
        self.out.payouts = self._rows(self.reading.payouts)
        self.out.energy = self._rows(self.reading.energy)
        self.out.expenses = self._rows(self.reading.expenses)
        self.out.payments = self._rows(self.reading.payments)
        self.payouts = PayoutRecords(self.out.payouts)

    def _rows(self, rows: list[Row]) -> list[Row]:
        """Rows of our own other files without repeats."""
        kept, fallen = larger_count(rows)
        self.dropped += [(r.source, "repeat") for r in fallen]
        return kept

    def _reversals(self) -> None:
        settled = undo(self.records)
        self.records = settled.records
        self.out.undone = settled.undone
        self.idle = [r.source for r in settled.idle]
        self.out.questions += settled.questions

    def _p2p(self) -> None:
        rows = p2p_rows(self.records)
        pairs = p2p(self.records, rows)
        self.told |= {row: ("p2p", order) for order, row in pairs}
        settled = {n for pair in pairs for n in pair}
        orders = [r for n, r in enumerate(self.records) if is_order(r) and n not in settled] if rows else []
        self.near += near_orders(orders, [self.records[n] for n in rows if n not in settled])

    def _transfers(self) -> Transfers:
        """Transfers and receipts of payouts in turn, the more certain first: each explains a row away for the next."""
        transfers = Transfers(self.records, self.person)
        transfers.by_hash()
        self._receipts([n for n, r in enumerate(self.records) if r.kind == "mined"], "mined")
        self._receipts(transfers.ins, "wallet")
        transfers.drop(self.told)
        transfers.exact()
        unclear = [n for c in transfers.ambiguous for n in c.ins]
        self._receipts(sorted(transfers.ins + unclear), "anywhere")
        if not self.told.keys().isdisjoint(unclear):
            transfers.reopen()
            transfers.drop(self.told)
            transfers.exact()
        transfers.drop(self.told)
        transfers.near()
        return transfers

    def _receipts(self, rows: list[int], where: str) -> None:
        rows = [n for n in rows if n not in self.told]
        self.told |= {row: ("payout", payout) for payout, row in self.payouts.match(self.records, rows, where)}

    def _write_transfers(self, transfers: Transfers) -> None:
        """Settled transfers, open ones, and what to ask about them."""
        out = self.out
        for pair in sorted(transfers.pairs):
            sent, received = self.records[pair.out], self.records[pair.in_]
            if pair.inside:  # the fee is the difference of the amounts already
                sent = self.records[pair.out] = sent._replace(fee=None, fee_asset=None)
                out.notices.append((sent.source, Message("fee_inside_quantity", {"place": str(sent.source)})))
            out.transfers.append(Transfer(sent, received, pair.how, sent.quantity - received.quantity))
        paired = {n for pair in transfers.pairs for n in (pair.out, pair.in_)}
        unclear = {n for c in transfers.ambiguous for n in (*c.outs, *c.ins)}
        out.questions += [ambiguous(c, self.records) for c in transfers.ambiguous]
        for n, r in enumerate(self.records):
            if r.kind not in ("transfer_in", "transfer_out") or n in paired or n in self.told:
                continue
            (out.unmatched_in if r.kind == "transfer_in" else out.unmatched_out).append(r)
            if n not in unclear:
                out.questions.append(unmatched(r, stranger=n in transfers.strangers))

    def _finish(self) -> None:
        out = self.out
        own = [r for n, r in enumerate(self.records) if n not in self.told]
        for n, (how, kept) in sorted(self.told.items()):
            one = self.payouts.records[kept] if how == "payout" else self.records[kept]
            out.same_events.append(SameEvent(one, self.records[n], how))
            self.dropped.append((self.records[n].source, "told_twice"))
        out.records = own
        if self.payouts.records or out.notices:  # else they are in order still
            out.records = sorted([*own, *self.payouts.records], key=sort_key)
        out.sales = join_sales(out.records)
        incoming = [r for r in out.unmatched_in if not is_p2p(r)]
        self.near += near_receipts(*self.payouts.open(), incoming)
        found = [r for r in own if r.kind == "mined"]
        self.near += near_receipts(found, [0] * len(found), incoming)
        self.near += near_rows(own, self.told_in)
        out.questions += half_swaps(out.records) + ask(self.near)
        out.questions.sort(key=_order)
        self._books()

    def _books(self) -> None:
        """Every row that still says something is kept; the others move to the rule that set them aside."""
        out = self.out
        kept = [r.source for r in out.records]
        kept += [r.source for pair in out.undone for r in pair]
        kept += self.idle
        kept += [r.source for r in out.energy] + [r.source for r in out.expenses] + [r.source for r in out.payments]
        settle_rows(self.reading.files, kept, self.dropped)


def _order(question: Question) -> tuple[int, tuple[tuple[str, int], ...], str, str]:
    places = tuple(source_key(s) for s in question.sources)
    return (SEVERITIES.index(question.severity), places, question.code, question.asset or "")
