"""Answers that speak of what is left once repeats are out: how often, what belongs together, what does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from salyq.reconcile.answered import USED, Applied, Found, cited, unfit
from salyq.reconcile.model import Question
from salyq.reconcile.order import ACQUIRED, DISPOSED, in_order, sort_key
from salyq.reconcile.parts import larger_side_fits
from salyq.records.model import Record, Source
from salyq.records.table import Records

IN, OUT = "in", "out"


@dataclass(slots=True)
class Later:
    """By indices of the records: transfers (outs, ins), row -> the row that tells its event, rows whose other side is
    the person's own, and pairs (or single rows) that are not one event with another."""

    transfers: list[tuple[list[int], list[int]]] = field(default_factory=list)
    same: dict[int, int] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)
    apart: list[frozenset[int]] = field(default_factory=list)

    def taken(self) -> set[int]:
        """Rows that no rule of ours matches any more."""
        fixed = {n for outs, ins in self.transfers for n in (*outs, *ins)}
        return fixed | self.own | self.same.keys() | set(self.same.values())


def how_often(records: Records, fallen: Sequence[Record], done: Applied) -> tuple[Records, list[Source]]:
    """Records with as many of each row as an answer `times` says, and the sources of those that fell for it.

    `fallen`: the repeats that were left out; they come back where they were none."""
    extra: list[Record] = []
    gone: set[Record] = set()
    left_out = set(fallen)
    for found in done.found:
        wanted = found.answer.times
        if found.state != USED or wanted is None:
            continue
        rows = sorted(found.records(), key=sort_key)
        if len(rows) < wanted:
            unfit(found, done, "answer_too_few_rows", row=str(found.answer.rows[0]), count=len(rows), times=wanted)
            continue
        rows.sort(key=left_out.__contains__)
        extra += [cited(r, found.answer) for r in rows[:wanted] if r in left_out]
        gone |= {r for r in rows[wanted:] if r not in left_out}
    if not extra and not gone:
        return records, []
    falls = set(records.find(gone).values())
    kept = records.where([n not in falls for n in range(len(records))])
    kept.extend(extra)
    return in_order(kept), [r.source for r in records.take(sorted(falls))]


def settle_answers(records: Records, done: Applied) -> Later:
    """What the remaining answers say of `records` (changed in place: they cite their answers)."""
    later = Later()
    if not done.found:
        return later
    places = records.find({r for found in done.found for r in found.records()} | {r for r, _ in done.bought_elsewhere})
    for sent, receipt in done.bought_elsewhere:
        rows = _survivors(receipt, places, done)
        if rows:
            later.transfers.append(([places[sent]], rows))
    for found in done.found:
        if found.state != USED or found.answer.say not in ("together", "own", "apart", "leave"):
            continue
        rows = _survivors(found, places, done)
        if not rows:
            continue
        if found.answer.say == "own":
            _own(found, rows, records, later, done)
        elif found.answer.say == "apart":
            later.apart.append(frozenset(rows))
        elif found.answer.say == "together":
            _together(found, rows, records, later, done)
    return later


def left(done: Applied) -> list[tuple[str, frozenset[str]]]:
    """Questions that the person leaves as they are: code, and places of the rows."""
    return [
        (f.answer.question, frozenset(r.source.place for r in f.records()))
        for f in done.found
        if f.state == USED and f.answer.say == "leave"
    ]


def without(questions: Iterable[Question], gone: Sequence[tuple[str, frozenset[str]]]) -> list[Question]:
    """The questions that are not left as they are: of one that is, every row is named."""
    if not gone:
        return list(questions)
    by_place: dict[tuple[str, str], list[frozenset[str]]] = {}
    for code, rows in gone:
        for place in rows:
            by_place.setdefault((code, place), []).append(rows)

    def is_left(q: Question) -> bool:
        places = {s.place for s in q.sources}
        return bool(places) and any(places <= rows for rows in by_place.get((q.code, q.sources[0].place), ()))

    return [q for q in questions if not is_left(q)]


def _survivors(found: Found, places: dict[Record, int], done: Applied) -> list[int]:
    """Of each row the copy that repeats left, by its index; none where a row is gone (reversed, say)."""
    rows: list[int] = []
    for name, row in zip(found.answer.rows, found.rows, strict=True):
        alive = [places[r] for r in row if r in places]
        if not alive:
            unfit(found, done, "answer_row_gone", row=str(name))
            return []
        rows.append(alive[0])
    return rows


def _cite(found: Found, rows: Iterable[int], records: Records) -> None:
    for n in rows:
        records[n] = cited(records[n], found.answer)


def _own(found: Found, rows: list[int], records: Records, later: Later, done: Applied) -> None:
    if any(records[n].kind not in ("transfer_in", "transfer_out") for n in rows):
        unfit(found, done, "answer_no_transfer", row=str(found.answer.rows[0]))
        return
    _cite(found, rows, records)
    later.own |= set(rows)


def _together(found: Found, rows: list[int], records: Records, later: Later, done: Applied) -> None:
    """One transfer, one swap, or one event told more than once: the kinds of the rows say which."""
    if len(set(rows)) < len(rows):
        unfit(found, done, "answer_row_many", row=str(found.answer.rows[-1]), count=len(rows))
        return
    kinds = {records[n].kind for n in rows}
    if kinds == {"transfer_in", "transfer_out"} and len(rows) == 2 and _exchanged(*(records[n] for n in rows)):
        _cite(found, rows, records)
        tie = f"answer:{found.answer.source}"
        for n in rows:
            kind = "swap_out" if records[n].kind == "transfer_out" else "swap_in"
            records[n] = records[n]._replace(kind=kind, group=tie)
        return
    if kinds == {"swap_in", "swap_out"}:
        _cite(found, rows, records)
        for n in rows:
            records[n] = records[n]._replace(group=str(found.answer.source))
        return
    if len({records[n].asset for n in rows}) > 1:
        unfit(found, done, "answer_other_assets")
        return
    if kinds == {"transfer_in", "transfer_out"}:
        outs = [n for n in rows if records[n].kind == "transfer_out"]
        ins = [n for n in rows if records[n].kind == "transfer_in"]
        if not larger_side_fits([records[n] for n in outs], [records[n] for n in ins]):
            unfit(found, done, "answer_more_arrives")
            return
        _cite(found, rows, records)
        later.transfers.append((outs, ins))
        return
    if len({_way(records[n]) for n in rows}) > 1:
        unfit(found, done, "answer_two_directions")
        return
    _cite(found, rows, records)
    first = next((n for n in rows if not records[n].kind.startswith("transfer")), rows[0])
    later.same |= {n: first for n in rows if n != first}


def _way(record: Record) -> str:
    if record.kind in ACQUIRED or record.kind == "transfer_in":
        return IN
    return OUT if record.kind in DISPOSED or record.kind == "transfer_out" else record.kind


def _exchanged(one: Record, other: Record) -> bool:
    """Whether a wallet gave one asset and took another: what a chain shows of a swap (no venue tells it as one)."""
    return one.account == other.account and one.asset != other.asset
