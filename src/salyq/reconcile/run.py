"""From a reading to one truth: the steps of reconciliation, in order (architecture §5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from salyq.civil.messages import Message
from salyq.reconcile.answered import apply
from salyq.reconcile.answers_later import Later, how_often, left, settle_answers, without
from salyq.reconcile.ask_transfers import ambiguous, unmatched
from salyq.reconcile.balances import wrong_balances
from salyq.reconcile.books import NOTHING, REPEAT, TOLD_TWICE, held, settle_rows, unheld
from salyq.reconcile.deals import Classes
from salyq.reconcile.explained import explain
from salyq.reconcile.exports import Exports
from salyq.reconcile.holdings import SENT
from salyq.reconcile.model import Answered, Ledger, Question, SameEvent, Transfer
from salyq.reconcile.near_events import Near, ask, near_orders, near_receipts, near_rows
from salyq.reconcile.order import Content, in_order, source_key
from salyq.reconcile.parts import cut
from salyq.reconcile.payouts import PayoutRecords
from salyq.reconcile.repeats import Placed, drop_repeats, larger_count
from salyq.reconcile.reversals import undo
from salyq.reconcile.sales import half_swaps, join_sales
from salyq.reconcile.same_files import without_copies
from salyq.reconcile.told_twice import is_order, p2p, p2p_rows
from salyq.reconcile.transfers import Transfers, is_p2p
from salyq.reconcile.without_orders import ask_orders, sold
from salyq.records.model import Record, Source
from salyq.records.person import Person
from salyq.records.reading import Reading, Rule
from salyq.records.table import Records

Progress = Callable[[str, int], None]
Row = TypeVar("Row", bound=Placed)
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
        self.records = Records()
        self.dropped: list[tuple[Source, Rule]] = []
        self.told: dict[int, tuple[str, int]] = {}  # records another tells already -> rule, index of that one
        self.told_in: dict[Content, frozenset[str]] = {}
        self.idle: list[Source] = []
        self.payouts = PayoutRecords([])
        self.near: list[Near] = []
        records, copies = without_copies(reading.records, reading.files)
        self.dropped += [(source, REPEAT) for source in copies]
        self.answers = apply(records, reading.answers)
        self.later = Later()
        self.classes = Classes(reading.files, reading.tells)
        self.parts: list[Record] = []  # further parts of transfers that are told in several
        self.unordered: list[Record] = []  # P2P rows without their orders, as they were read

    def ledger(self) -> Ledger:
        """All steps."""
        total = len(self.reading.records)
        self.progress("reconcile", 0)
        self._repeats()
        self._reversals()
        self.later = settle_answers(self.records, self.answers)
        self.told |= {n: ("answer", kept) for n, kept in self.later.same.items()}
        self._exports()
        self._explained()
        self._p2p()
        self.progress("reconcile", total // 2)
        transfers = self._transfers()
        self._write_transfers(transfers)
        self._finish()
        self.progress("reconcile", total)
        return self.out

    def _repeats(self) -> None:
        kept = drop_repeats(self.answers.records, self.classes)
        self.records, gone = how_often(kept.records, kept.fallen, self.answers)
        if self.answers.added:
            self.records.extend(self.answers.added)
            self.records = in_order(self.records)
        self.told_in = kept.told_in
        self.dropped += [(source, NOTHING) for source in self.answers.nothing]
        self.dropped += kept.dropped + [(source, REPEAT) for source in gone]
        self.out.questions += kept.questions
        self.out.payouts = self._rows(self.reading.payouts)
        self.out.energy = self._rows(self.reading.energy)
        self.out.expenses = self._rows(self.reading.expenses)
        self.out.payments = self._rows(self.reading.payments)
        self.payouts = PayoutRecords([p for p in self.out.payouts if p.quantity])

    def _rows(self, rows: list[Row]) -> list[Row]:
        """Rows of our own other files without repeats."""
        kept, fallen = larger_count(rows)
        self.dropped += [(rows[n].source, REPEAT) for n in fallen]
        return [rows[n] for n in kept]

    def _reversals(self) -> None:
        settled = undo(self.records)
        self.records = settled.records
        self.out.undone = settled.undone
        self.idle = [r.source for r in settled.idle]
        self.out.questions += settled.questions

    def _exports(self) -> None:
        exports = Exports(self.records, self.classes, self.later.taken())
        self.told |= {n: ("exports", kept) for n, kept in exports.told.items()}
        self.near += exports.near

    def _explained(self) -> None:
        reading = self.reading
        explain(self.records, reading.unclear, reading.files, self.classes, reading.told_apart)

    def _p2p(self) -> None:
        taken = self.told.keys() | self.later.taken()
        rows = [n for n in p2p_rows(self.records) if n not in taken]
        pairs = p2p(self.records, rows)
        self.told |= {row: ("p2p", order) for order, row in pairs}
        settled = {n for pair in pairs for n in pair}
        orders = [r for n, r in enumerate(self.records) if is_order(r) and n not in settled] if rows else []
        self.near += near_orders(orders, [self.records[n] for n in rows if n not in settled])

    def _transfers(self) -> Transfers:
        """Transfers and receipts of payouts in turn, the more certain first: each explains a row away for the next."""
        transfers = Transfers(self.records, self.person, self.later.apart)
        transfers.drop(self.told)
        transfers.drop(self.later.taken())
        transfers.by_hash()
        self._receipts(self.records.of_kinds("mined"), "mined")
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
        transfers.split()
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
        for how, splits in (("answer", self.later.transfers), ("split", transfers.splits)):
            for outs, ins in splits:
                self._write_split(outs, ins, how)
        self._write_own()
        paired = {n for pair in transfers.pairs for n in (pair.out, pair.in_)}
        paired |= {n for outs, ins in (*self.later.transfers, *transfers.splits) for n in (*outs, *ins)}
        paired |= {n for n in self.later.own if self.records[n].kind == "transfer_in"}
        unclear = {n for c in transfers.ambiguous for n in (*c.outs, *c.ins)}
        out.questions += [ambiguous(c, self.records) for c in transfers.ambiguous]
        for n in self.records.of_kinds("transfer_in", "transfer_out"):
            if n in paired or n in self.told:
                continue
            r = self.records[n]
            if is_p2p(r) and n not in self.later.own and n not in transfers.strangers:
                self._without_order(n)
                continue
            (out.unmatched_in if r.kind == "transfer_in" else out.unmatched_out).append(r)
            if n not in unclear and n not in self.later.own:
                out.questions.append(unmatched(r, stranger=n in transfers.strangers, silent=transfers.silent(n)))

    def _without_order(self, n: int) -> None:
        """A P2P row whose order is in no file: coins bought at an unknown cost, or sold at an unknown price."""
        row = self.records[n]
        self.unordered.append(row)
        if row.kind == "transfer_in":
            self.out.unmatched_in.append(row)
        else:
            self.records[n] = sold(row)

    def _write_split(self, outs: list[int], ins: list[int], how: str) -> None:
        """A transfer of several rows on one side: its larger row is told in parts."""
        pieces = cut([self.records[n] for n in outs], [self.records[n] for n in ins])
        for rows, own in ((outs, pieces.sent), (ins, pieces.received)):
            for n, part in zip(rows, own, strict=False):
                self.records[n] = part
            self.parts += own[len(rows) :]
        for sent, received in zip(pieces.sent, pieces.received, strict=True):
            self.out.transfers.append(Transfer(sent, received, how, sent.quantity - received.quantity))

    def _write_own(self) -> None:
        """Receipts from an own account that no file tells: coins that had been sent there, or were owned before."""
        for n in sorted(self.later.own):
            r = self.records[n]
            if r.kind == "transfer_in":
                sent = r._replace(kind="transfer_out", account=SENT, fee=None, fee_asset=None)
                self.out.transfers.append(Transfer(sent, r, "own", 0))

    def _finish(self) -> None:
        out = self.out
        own = self.records.where([n not in self.told for n in range(len(self.records))]) if self.told else self.records
        own.extend(self.parts)
        for n, (how, kept) in sorted(self.told.items()):
            one = self.payouts.records[kept] if how == "payout" else self.records[kept]
            out.same_events.append(SameEvent(one, self.records[n], how))
            self.dropped.append((self.records[n].source, TOLD_TWICE))
        out.records = own
        if self.payouts.records or self.parts or out.notices or self.unordered:  # else they are in order still
            whole = own.take(range(len(own)))
            whole.extend(self.payouts.records)
            out.records = in_order(whole)
        out.sales = join_sales(out.records)
        incoming = [r for r in out.unmatched_in if not is_p2p(r)]
        self.near += near_receipts(*self.payouts.open(), incoming)
        found = list(own.some(own.of_kinds("mined")))
        self.near += near_receipts(found, [0] * len(found), incoming)
        self.near += near_rows(own, self.told_in)
        near = self._not_apart()
        out.questions += half_swaps(out.records) + ask(near)
        out.questions += ask_orders(self.unordered, {r.source for pair in near for r in pair})
        out.questions += self.answers.questions
        out.answers = [Answered(f.answer, f.state) for f in self.answers.found]
        out.left = left(self.answers)
        out.questions = sorted(without(out.questions, out.left), key=_order)
        wrong = wrong_balances(out, self.reading.balances, self.reading.files)
        out.balances = sorted(without(wrong, out.left), key=_order)
        self._books()

    def _not_apart(self) -> list[Near]:
        """Near rows but for those of which the person says that they are two events."""
        alone: set[Source] = set()
        sets: dict[Source, set[int]] = {}
        for number, rows in enumerate(self.later.apart):
            if len(rows) == 1:
                alone |= {self.records[n].source for n in rows}
            for n in rows if len(rows) > 1 else ():
                sets.setdefault(self.records[n].source, set()).add(number)
        none: set[int] = set()

        def said(pair: Near) -> bool:
            one, other = pair.one.source, pair.other.source
            return one in alone or other in alone or bool(sets.get(one, none) & sets.get(other, none))

        return [p for p in self.near if not said(p)]

    def _books(self) -> None:
        """Every row that still says something is kept; the others move to the rule that set them aside."""
        out = self.out
        others = [r.source for pair in out.undone for r in pair]
        others += self.idle + [p.source for p in out.payouts if not p.quantity]
        others += [r.source for r in out.energy] + [r.source for r in out.expenses] + [r.source for r in out.payments]
        kept = held(out.records, others)
        settle_rows(self.reading.files, kept, self.dropped)
        for file, rows in sorted(unheld(self.reading.files, kept).items()):  # a defect of ours, which our tests forbid
            message = Message("books_differ", {"file": file, "rows": abs(rows)})
            out.questions.append(Question("books_differ", "error", message, (Source(file, 0),)))


def _order(question: Question) -> tuple[int, tuple[tuple[str, int], ...], str, str]:
    places = tuple(source_key(s) for s in question.sources)
    return (SEVERITIES.index(question.severity), places, question.code, question.asset or "")
