"""What files alone leave open, before law is asked: it stands in every year's verdict."""

from __future__ import annotations

from collections.abc import Sequence

from salyq.civil.errors import place
from salyq.civil.messages import Message
from salyq.facts.case import Case
from salyq.facts.coverage import (
    NO_READINGS,
    OF_MINING,
    ask_meters,
    ask_mining,
    coin_days,
    meters,
    silent_accounts,
    told_years,
)
from salyq.reconcile.answers_later import without
from salyq.reconcile.balances import by_rejected_row
from salyq.reconcile.model import Question
from salyq.reconcile.new_names import MAYBE_RENAMED, ask_renamed
from salyq.records.model import Source
from salyq.records.reading import Rejection, Yields

ASKED = frozenset(
    (
        *("row_rejected", "unread_file", "conflicting_rows", "maybe_same_event", "answer_does_not_fit", "half_swap"),
        *("unmatched_transfer_in", "unmatched_transfer_out", "ambiguous_transfer", "negative_balance"),
        *("balance_differs", "missing_acquisition", "missing_quotes", "silent_account", "p2p_sold_without_order"),
        MAYBE_RENAMED,
        *("p2p_bought_without_order", "unknown_reversal_target", "ambiguous_reversal", "reversal_differs"),
        *(NO_READINGS, *OF_MINING),
    )
)  # codes of questions; other reasons of a verdict are nobody's to answer


def of_files(case: Case, year: int | None = None) -> list[Question]:
    """What files alone leave open, before law is asked: rows and files that could not be read, what reconciliation
    asks, meters that leave time out, accounts that fall silent; without what the person leaves as it is. `year`: one
    that is looked at, whether the files tell of it or not."""
    found = [_rejected(r) for f in case.reading.files if f.event for r in f.rejected]
    found += [_unread(source, reason) for source, reason in case.reading.unread]
    found += [*case.ledger.questions, *[q for q in case.ledger.balances if not by_rejected_row(q)]]
    found += ask_meters(meters(case.ledger.energy))
    years = told_years(case.ledger) | ({year} if year is not None else set())
    found += ask_mining(case.person, case.ledger.energy, coin_days(case.ledger), years)
    found += ask_renamed(case.ledger.records)
    found += silent_accounts(case.ledger.records)
    return without(found, case.ledger.left)


def open_in(case: Case, year: int, asked: Sequence[Question]) -> list[Question]:
    """The questions that are open for a year. One of an earlier year counts, for what came in then is sold now; but a
    row that moves no asset touches its own year alone (semantics 5)."""
    moving = {f.file for f in case.reading.files if f.yields & {Yields.RECORDS, Yields.PAYOUTS}}

    def counts(q: Question) -> bool:
        stays = q.code in OF_MINING or (q.code == "row_rejected" and q.sources[0].file not in moving)
        return q.year is None or q.year == year or (q.year < year and not stays)

    return [q for q in asked if counts(q)]


def _unread(source: Source, reason: Message) -> Question:
    message = Message("unread_file", {"file": source.file, "reason": reason})
    return Question("unread_file", "warning", message, (source,))


def _rejected(rejection: Rejection) -> Question:
    where = place(rejection.source.file, rejection.source.line, rejection.column, rejection.value)
    params = {"place": where.removesuffix(": "), "reason": rejection.reason}
    return Question(
        "row_rejected", "error", Message("row_rejected_why", params), (rejection.source,), year=rejection.year
    )
