"""What the person answered, applied to records: the rows an answer names are found by content, then changed or kept.

Answers that speak of a row as it was read come first (`apply`: cost, kind, nothing); those that speak of what is left
after repeats come later (answers_later.py). Of two answers to the same row the later one of the file holds. One that
finds no rows, or rows that say something else by now, does nothing and leaves a question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from salyq.civil.days import kz_day, kz_midnight
from salyq.civil.messages import Message
from salyq.reconcile.deals import told_in
from salyq.reconcile.model import Question
from salyq.reconcile.order import ACQUIRED, DISPOSED, source_key
from salyq.records.answers import Answer, RowName
from salyq.records.kinds import is_acquisition
from salyq.records.model import Record, Source
from salyq.records.table import Records

ELSEWHERE = "(elsewhere)"  # where coins were bought before they came in, when an answer says so
ABOUT_ROWS = ("cost", "kind", "nothing", "times", "own", "together")  # of these a row takes one
USED, UNFIT, REPLACED = "used", "unfit", "replaced"


@dataclass(slots=True)
class Found:
    """An answer with the records that each of its rows names (one of every file that tells the row)."""

    answer: Answer
    rows: list[list[Record]]
    state: str = USED

    def records(self) -> list[Record]:
        return [r for row in self.rows for r in row]


@dataclass(slots=True)
class Applied:
    """Records after `apply`; sources of rows that are nothing; records that answers add; questions of unfit ones."""

    records: Records
    found: list[Found] = field(default_factory=list)
    nothing: list[Source] = field(default_factory=list)
    added: list[Record] = field(default_factory=list)
    bought_elsewhere: list[tuple[Record, Found]] = field(default_factory=list)  # (sent from ELSEWHERE, its receipt)
    questions: list[Question] = field(default_factory=list)


def apply(records: Records, answers: Sequence[Answer]) -> Applied:
    """Apply the answers that speak of rows as they were read; find the rows of the others. No answer, no work."""
    done = Applied(records.take(range(len(records))))
    if not answers:
        return done
    index = _Index(records, answers)
    taken: set[Record] = set()
    for answer in reversed(answers):
        found = _find(answer, index, done)
        rows = set(found.records())
        if found.state == USED and answer.say in ABOUT_ROWS:
            if rows & taken:
                found.state = REPLACED
            taken |= rows
        done.found.append(found)
    done.found.reverse()
    places = index.places
    gone: set[int] = set()
    for found in done.found:
        if found.state == USED:
            _apply(found, done, places, gone)
    if gone:
        done.records = done.records.where([n not in gone for n in range(len(records))])
    return done


def unfit(found: Found, done: Applied, code: str, **params: object) -> None:
    """The answer does nothing, and we ask."""
    found.state = UNFIT
    source = found.answer.source
    message = Message("answer_does_not_fit", {"place": str(source), "why": Message(code, params)})
    rows = [r.source for r in found.records()]
    done.questions.append(
        Question(
            "answer_does_not_fit",
            "error",
            message,
            (source, *sorted(rows, key=source_key)),
            year=min((r.day.year for r in found.records()), default=None),
        )
    )


# --- finding ----------------------------------------------------------------------------------------------------------


class _Index:
    """The records that some answer could mean: by (account, id), and by (time, asset)."""

    def __init__(self, records: Records, answers: Iterable[Answer]) -> None:
        names = [row for answer in answers for row in answer.rows]
        ids = {row.id for row in names if row.id}
        times = {(row.time, row.asset) for row in names if row.time}
        self.by_id: dict[str, list[Record]] = defaultdict(list)
        self.by_time: dict[tuple[datetime, str], list[Record]] = defaultdict(list)
        self.places: dict[Record, int] = {}  # of those records
        for n, (own_id, *moment) in enumerate(records.rows("id", "time", "asset")):
            told, then = own_id is not None and own_id in ids, (moment[0], moment[1]) in times
            if told or then:
                r = records[n]
                self.places[r] = n
                if told:
                    self.by_id[own_id].append(r)
                if then:
                    self.by_time[r.time, r.asset].append(r)

    def near(self, name: RowName) -> list[Record]:
        """Records of that id (and account), or of that time and asset."""
        if name.id:
            return [r for r in self.by_id[name.id] if name.account in (None, r.account)]
        return self.by_time[name.time, name.asset] if name.time and name.asset else []


def _find(answer: Answer, index: _Index, done: Applied) -> Found:
    found = Found(answer, [])
    for name in answer.rows:
        near = index.near(name)
        fitting = [r for r in near if name.fits(r)]
        if not fitting:
            unfit(found, done, "answer_row_changed" if near else "answer_row_gone", row=str(name))
            return found
        by_file: dict[str, list[Record]] = defaultdict(list)
        for r in sorted(fitting, key=lambda r: source_key(r.source)):
            by_file[told_in(r.source)].append(r)
        if name.nth is None and answer.say != "times" and any(len(same) > 1 for same in by_file.values()):
            count = max(map(len, by_file.values()))
            unfit(found, done, "answer_row_many", row=str(name), count=count)
            return found
        if answer.say == "times":
            found.rows.append(fitting)
            continue
        chosen = [same[(name.nth or 1) - 1] for same in by_file.values() if len(same) >= (name.nth or 1)]
        if not chosen:
            unfit(found, done, "answer_row_gone", row=f"{name} (nth = {name.nth})")
            return found
        found.rows.append(chosen)
    return found


# --- changing ---------------------------------------------------------------------------------------------------------


def _apply(found: Found, done: Applied, places: dict[Record, int], gone: set[int]) -> None:
    answer = found.answer
    if answer.say == "nothing":
        for r in found.records():
            gone.add(places[r])
            done.nothing.append(r.source)
    elif answer.say == "kind":
        _turn(found, done, places)
    elif answer.say == "cost":
        _cost(found, done, places)


def cited(record: Record, answer: Answer) -> Record:
    """The record, resting on the answer too."""
    return record._replace(source=record.source._replace(answer=str(answer.source)))


def _change(found: Found, done: Applied, places: dict[Record, int], fields: dict[str, Any]) -> None:
    """Replace every copy of the rows; `found` goes on with the new ones."""
    for row in found.rows:
        for n, r in enumerate(row):
            new = cited(r._replace(**fields), found.answer)
            done.records[places[r]] = new
            row[n] = new


def _turn(found: Found, done: Applied, places: dict[Record, int]) -> None:
    """Rows that are of another kind than their file could know."""
    answer = found.answer
    assert answer.kind is not None
    incoming = is_acquisition(answer.kind)
    for r in found.records():
        if (r.kind in ACQUIRED or r.kind == "transfer_in") != incoming:
            unfit(found, done, "answer_other_direction", kind=answer.kind, row=r.kind)
            return
    fields: dict[str, Any] = {"kind": answer.kind}
    if answer.value is not None:
        fields |= {"value": answer.value, "currency": answer.currency}
    if answer.document is not None:
        fields["document"] = answer.document
    if not answer.kind.startswith("swap"):
        fields["group"] = None
    _change(found, done, places, fields)


def _cost(found: Found, done: Applied, places: dict[Record, int]) -> None:
    """What a purchase cost: of coins that came in, or (named by their sale) of coins that were sold."""
    answer = found.answer
    r = found.rows[0][0]
    if r.kind in DISPOSED or r.kind in ("transfer_out", "fee"):
        _missing_purchase(found, done)
        return
    if answer.quantity is not None and answer.quantity != r.quantity:
        unfit(found, done, "answer_other_quantity", row=str(answer.rows[0]))
        return
    fields: dict[str, Any] = {"value": answer.value, "currency": answer.currency}
    if answer.document is not None:
        fields["document"] = answer.document
    if r.kind != "transfer_in":
        keeps = r.kind not in ("swap_in",)
        _change(found, done, places, fields | ({} if keeps else {"kind": "buy", "group": None}))
    elif answer.day is None or answer.day >= r.day:
        if answer.day is not None and answer.day > r.day:
            unfit(found, done, "answer_bought_later", day=answer.day.isoformat(), row=str(answer.rows[0]))
            return
        _change(found, done, places, fields | {"kind": "buy"})
    else:
        _bought_elsewhere(found, done, places, fields)


def _bought_elsewhere(found: Found, done: Applied, places: dict[Record, int], fields: dict[str, Any]) -> None:
    """Bought on an earlier day, then sent here: a purchase elsewhere, and a transfer of one's own."""
    answer = found.answer
    assert answer.day is not None
    _change(found, done, places, {})
    r = found.rows[0][0]
    moment = kz_midnight(answer.day)
    place = Source(answer.source.file, answer.source.line, answer.source.sha256)
    note = answer.note or r.note
    bought = Record(moment, answer.day, "buy", r.asset, r.quantity, account=ELSEWHERE, note=note, source=place)
    sent = Record(r.time, r.day, "transfer_out", r.asset, r.quantity, account=ELSEWHERE, source=place)
    done.added += [bought._replace(**fields), sent]
    done.bought_elsewhere.append((sent, found))


def _missing_purchase(found: Found, done: Applied) -> None:
    """Coins that were sold had been bought in no file: the purchase is a record of its own, the answer its evidence."""
    answer = found.answer
    r = found.rows[0][0]
    moment = r.time if answer.day is None else min(r.time, kz_midnight(answer.day))
    if answer.day is not None and answer.day > r.day:
        unfit(found, done, "answer_bought_later", day=answer.day.isoformat(), row=str(answer.rows[0]))
        return
    done.added.append(
        Record(
            moment.astimezone(UTC),
            kz_day(moment),
            "buy",
            r.asset,
            answer.quantity or r.quantity,
            answer.value,
            answer.currency,
            account=r.account,
            note=answer.note,
            document=answer.document,
            source=Source(answer.source.file, answer.source.line, answer.source.sha256),
        )
    )
