"""Writing answers: from a question's code and rows as they are shown to an entry of the case's answers.toml."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from salyq.civil.errors import InputError, UsageError, nearest
from salyq.civil.messages import Message
from salyq.facts.case import Case
from salyq.reconcile.deals import told_in
from salyq.reconcile.model import Question
from salyq.records.answers import HASH_SHOWN, Answer, RowName
from salyq.records.answers_file import FILE, appended, parse_answers, row_name
from salyq.records.locking import alone_in
from salyq.records.model import Record, Source

__all__ = ["ANY", "Said", "Written", "alone_in", "named", "near", "write_answer"]

ANY = "row"  # the code for an answer to no question: this row is a repeat, is nothing …
_WHICH = {
    "unmatched_transfer_in": ("transfer_in",),
    "unmatched_transfer_out": ("transfer_out",),
    "ambiguous_transfer": ("transfer_in", "transfer_out"),
    "half_swap": ("swap_in", "swap_out"),
}  # kinds of record that a question's rows mean, where one row of a file makes several records
_OTHER = dict.fromkeys(("unmatched_transfer_in", "unmatched_transfer_out"), "ambiguous_transfer")  # of further rows


@dataclass(frozen=True, slots=True)
class Said:
    """What the person says of the rows: one of SAYS (records/answers.py), with its facts. Amounts in 10⁻¹⁸."""

    say: str
    value: int | None = None
    currency: str = "KZT"
    day: date | None = None
    quantity: int | None = None
    kind: str | None = None
    times: int | None = None
    document: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """The whole text of answers.toml with the new answers, and the places they stand at."""

    path: Path
    text: str
    places: tuple[str, ...]


def write_answer(
    case: Case, folder: Path, asked: Sequence[Question], code: str, rows: Sequence[str], said: Said
) -> Written:
    """The answers.toml of `folder` with an answer to question `code` about `rows` (file:line[:kind]) at its end.

    UsageError: no such question, no such row. InputError: an answers.toml that cannot be read.
    """
    question = _question(asked, code, rows)
    names = [r for n, row in enumerate(rows) for r in _records(case, _OTHER.get(code, code) if n else code, row)]
    if said.say == "apart" and question is not None and not names:
        raise UsageError(Message("answer_no_record", {}), value=rows[0])
    path = folder / FILE
    text = _text(path)
    base = Answer(
        said.say,
        (),
        Source(FILE, 0),
        question="" if code == ANY else code,
        value=said.value,
        currency=said.currency,
        day=said.day,
        quantity=said.quantity,
        kind=said.kind,
        times=said.times,
        document=said.document,
        note=said.note,
    )
    groups = _groups(said.say, code, names)
    answers = [replace(base, rows=tuple(named(case, r) for r in group)) for group in groups]
    before = len(parse_answers(text, str(path)))
    whole = appended(text, answers, str(path))
    return Written(path, whole, tuple(str(a.source) for a in parse_answers(whole)[before:]))


def write_renamed(folder: Path, asset: str, to: str, ratio: int | None, day: date, note: str | None) -> Written:
    """The answers.toml of `folder` with the answer that a coin is called otherwise after `day` (semantics 42)."""
    path = folder / FILE
    text = _text(path)
    said = Answer("renamed", (), Source(FILE, 0), day=day, note=note, asset=asset.upper(), to=to.upper())
    said = said if ratio is None else replace(said, ratio=ratio)
    before = len(parse_answers(text, str(path)))
    whole = appended(text, [said], str(path))
    return Written(path, whole, tuple(str(a.source) for a in parse_answers(whole)[before:]))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig") if path.exists() else ""
    except UnicodeDecodeError:
        raise InputError(Message("person_not_utf8"), file=str(path)) from None


def _question(asked: Sequence[Question], code: str, rows: Sequence[str]) -> Question | None:
    """The question of that code about the first row; any row will do for the code `row`."""
    if code == ANY:
        return None
    same = [q for q in asked if q.code == code]
    if not same:
        known = [ANY, *sorted({q.code for q in asked})]
        told = Message("answer_no_question", {"codes": ", ".join(known)})
        raise UsageError(told, value=code, near=nearest(code, known))
    places = {_place(row) for row in rows}
    for q in same:
        if places & {s.place for s in q.sources}:
            return q
    shown = ", ".join(dict.fromkeys(s.place for q in same for s in q.sources[:1]))
    raise UsageError(Message("answer_other_row", {"code": code, "rows": shown}), value=rows[0])


def _place(row: str) -> str:
    """file:line of file:line[:kind]."""
    head, _, tail = row.rpartition(":")
    return row if tail.isdigit() or not head else head


def _records(case: Case, code: str, row: str) -> list[Record]:
    """The records of a row: one, but for a row that makes several of which the question means all."""
    place = _place(row)
    kind = row[len(place) + 1 :]
    found = [r for r in case.reading.records if r.source.place == place]
    if not found:
        if any(p.source.place == place for p in case.reading.payouts):
            return []  # a payout has no record of its own: its receipt is what is answered about
        raise UsageError(Message("answer_no_record", {}), value=row)
    wanted = (kind,) if kind else _WHICH.get(code, ())
    fitting = [r for r in found if r.kind in wanted] if wanted else found
    if not fitting or (len(fitting) > 1 and kind):
        raise UsageError(Message("answer_no_kind", {"kinds": ", ".join(r.kind for r in found)}), value=row)
    return fitting


def _groups(say: str, code: str, records: Sequence[Record]) -> list[list[Record]]:
    """Answers that are needed: for pairs told two by two, one a pair; for what concerns one row, one a row."""
    if say in ("cost", "kind", "times"):
        return [[r] for r in records]
    if code == "maybe_same_event" and len(records) > 2 and len(records) % 2 == 0 and say in ("together", "apart"):
        return [list(records[n : n + 2]) for n in range(0, len(records), 2)]
    return [list(records)]


Near = dict[tuple[object, ...], list[Record]]


def near(records: Iterable[Record]) -> Near:
    """Records by time and asset, among which all stand that could bear one name."""
    found: Near = {}
    for r in records:
        found.setdefault((r.time, r.asset), []).append(r)
    return found


def named(case: Case, record: Record, index: Near | None = None) -> RowName:
    """The name of a record, with its number among equal rows of its file, and its file (by content, not by
    name) where others say otherwise.

    `index`: `near` of the records of the case, for who names many."""
    name = row_name(record)
    among = case.reading.records if index is None else index[record.time, record.asset]
    alike = [r for r in among if name.fits(r)]
    own = [r for r in alike if told_in(r.source) == told_in(record.source)]
    own.sort(key=lambda r: (r.source.file, r.source.line))
    nth = own.index(record) + 1 if len(own) > 1 else None
    differ = any(r[:-1] != record[:-1] for r in alike)
    return row_name(record, nth, _content_of(record.source) if differ else None)


def _content_of(source: Source) -> str:
    """What names a file however it is called: the beginning of its hash, where that is known."""
    return source.sha256[:HASH_SHOWN] if len(source.sha256) >= HASH_SHOWN else source.file
