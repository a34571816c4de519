"""Writing entries: checked, folded, appended to the log, and the spans that changed are closed and written anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from salyq.civil.messages import Message
from salyq.office.registry import names
from salyq.office.registry.book import register
from salyq.office.registry.check import Fault, check_entry
from salyq.office.registry.fold import MENDS, Broken, states
from salyq.office.registry.model import Register, RegisterEntry, State, Subject
from salyq.office.registry.read import SQL, entry_of
from salyq.office.store import entries as log
from salyq.office.store.errors import StoreError
from salyq.office.store.store import Transaction

Record = tuple[str, str]  # register, number


@dataclass(frozen=True, slots=True)
class Proposed:
    """An entry to be written. A field that is None is taken away. `evidence` names a file by its SHA-256."""

    register: str
    number: str
    event: str
    valid_from: date
    subject: Subject
    fields: Mapping[str, Any] = field(default_factory=dict)
    ground: Mapping[str, Any] = field(default_factory=dict)
    corrects: int | None = None


class Refused(StoreError):
    """The entry is not one that the register may hold; `faults` names each field."""

    def __init__(self, proposed: Proposed, faults: Sequence[Fault]) -> None:
        first = faults[0]
        super().__init__("registry_refused", number=proposed.number, field=first.field, why=first.message)
        self.proposed = proposed
        self.faults = list(faults)


class _Span(NamedTuple):
    id: int
    register: str
    number: str
    first: date
    last: date | None
    status: str
    subject_id: str
    subject_name: str
    granted: date
    fields: dict[str, Any]
    entry: int


def write(tx: Transaction, proposals: Sequence[Proposed]) -> list[log.Written]:
    """All of them, in order, or none: Refused names the first that may not be written.

    A record's entries are read and its new ones written under the log's lock, so two writers cannot cross.
    """
    if not proposals:
        return []
    tx.run(log.SQL["lock_head"])
    touched = list(dict.fromkeys((p.register, p.number) for p in proposals))
    before = _entries(tx, touched)
    acts = [_act(p, before) for p in proposals]
    written = log.append(tx, acts)
    after: dict[Record, list[RegisterEntry]] = {record: list(before[record]) for record in touched}
    for proposed, done in zip(proposals, written, strict=True):
        entry = _entry(proposed, done, _office(register(proposed.register), proposed))
        after[proposed.register, proposed.number].append(entry)
        _folded(proposed, after[proposed.register, proposed.number])
    _keep_spans(tx, {r: states(e) for r, e in after.items()}, written[-1])
    return written


def next_number(tx: Transaction, code: str, year: int) -> str:
    """The next number of the register's own series, under the log's lock."""
    tx.run(log.SQL["lock_head"])
    series = register(code).number.series
    head = series.split("{n", 1)[0].format(year=year)
    highest = tx.value(SQL["highest"], {"register": code, "like": head.replace("_", r"\_") + "%"})
    last = int(highest[len(head) :]) if highest and highest[len(head) :].isdigit() else 0
    return series.format(year=year, n=last + 1)


# --- how --------------------------------------------------------------------------------------------------------------


def _entries(tx: Transaction, records: Sequence[Record]) -> dict[Record, list[RegisterEntry]]:
    found: dict[Record, list[RegisterEntry]] = {record: [] for record in records}
    rows = tx.dicts(SQL["entries_of"], {"streams": [f"{c}/{n}" for c, n in records], "known": None})
    for row in rows:
        entry = entry_of(row)
        found[entry.register, entry.number].append(entry)
    return found


def _act(proposed: Proposed, before: Mapping[Record, list[RegisterEntry]]) -> log.Act:
    spec = register(proposed.register)
    faults = check_entry(
        spec, proposed.number, proposed.event, proposed.valid_from, proposed.subject, _present(proposed.fields)
    )
    if proposed.event in MENDS and proposed.corrects is None:
        faults.append(Fault("corrects", _message("registry_corrects_nothing")))
    if not proposed.ground.get("act"):
        faults.append(Fault("ground", _message("registry_no_ground")))
    if faults:
        raise Refused(proposed, faults)
    hidden = hidden_fields(spec)
    past = before[proposed.register, proposed.number]
    content = {
        "register": proposed.register,
        "number": proposed.number,
        "event": proposed.event,
        "valid_from": proposed.valid_from.isoformat(),
        "subject": {"id": proposed.subject.id, "name": proposed.subject.name},
        "fields": {k: v for k, v in proposed.fields.items() if k not in hidden},
        "ground": dict(proposed.ground),
        "previous": past[-1].position if past else None,
    }
    if proposed.corrects is not None:
        content["corrects"] = proposed.corrects
    return log.Act(
        kind="register",
        stream=f"{proposed.register}/{proposed.number}",
        content=content,
        public=spec.public,
        office=_office(spec, proposed),
        organisation=proposed.subject.id if spec.public and proposed.subject.id else None,
        sealed={k: v for k, v in proposed.fields.items() if k in hidden and v is not None},
    )


def hidden_fields(spec: Register) -> set[str]:
    """Fields of a public register that are not public: sealed in the entry, never in a span."""
    return {f.name for f in spec.fields if not f.public} if spec.public else set()


def _present(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in fields.items() if v is not None}


def _office(spec: Register, proposed: Proposed) -> str:
    """The keeper on the day; where several keep a register, the one that the ground names."""
    keepers = spec.keepers_on(proposed.valid_from)
    named = str(proposed.ground.get("authority", ""))
    return named if named in spec.offices() else keepers[0]


def _entry(proposed: Proposed, done: log.Written, office: str) -> RegisterEntry:
    return RegisterEntry(
        position=done.position,
        recorded_at=done.recorded_at,
        register=proposed.register,
        number=proposed.number,
        event=proposed.event,
        valid_from=proposed.valid_from,
        ground=proposed.ground,
        subject=proposed.subject,
        fields={k: v for k, v in proposed.fields.items() if k not in hidden_fields(register(proposed.register))},
        corrects=proposed.corrects,
        office=office,
    )


def _folded(proposed: Proposed, entries: Sequence[RegisterEntry]) -> None:
    try:
        states(entries)
    except Broken as error:
        what = {"event": error.entry.event, "status": error.found, "day": error.entry.valid_from.isoformat()}
        raise Refused(proposed, [Fault("event", _message("registry_out_of_order", **what))]) from None


def _keep_spans(tx: Transaction, folded: Mapping[Record, Sequence[State]], last: log.Written) -> None:
    params = {"registers": [r for r, _ in folded], "numbers": [n for _, n in folded]}
    spans = tx.all(_Span, SQL["open_spans"], params)
    kept = {_known(s) for s in spans}
    wanted = {(code, number, *_shape(state)): state for (code, number), found in folded.items() for state in found}
    if gone := [s.id for s in spans if _known(s) not in wanted]:
        tx.run(SQL["close_spans"], {"ids": gone, "at": last.recorded_at})
    new = [_span_row(shape[0], shape[1], state, last) for shape, state in wanted.items() if shape not in kept]
    if new:
        tx.run_many(SQL["add_span"], new)
        if open_to_all := [row for row in new if row["public"]]:
            _keep_words(tx, open_to_all)


def _keep_words(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """What a public record is found by: its key, and the key's words."""
    keys = [(row["register"], row["number"], row["key"]) for row in rows]
    words = [(code, number, word) for code, number, key in keys for word in key.split()]
    for query, last, found in ((SQL["add_sought"], "keys", keys), (SQL["add_words"], "words", words)):
        tx.run(
            query, {"registers": [f[0] for f in found], "numbers": [f[1] for f in found], last: [f[2] for f in found]}
        )


def _known(s: _Span) -> tuple[Any, ...]:
    subject = (s.subject_id, s.subject_name)
    return (s.register, s.number, s.first, s.last, s.status, *subject, s.granted, log.canonical(s.fields), s.entry)


def _shape(state: State) -> tuple[Any, ...]:
    subject = (state.subject.id, state.subject.name)
    return (state.first, state.last, state.status, *subject, state.granted, log.canonical(state.fields), state.entry)


def _span_row(code: str, number: str, state: State, last: log.Written) -> dict[str, Any]:
    spec = register(code)
    fields = dict(state.fields)
    kind = next((fields.get(n) for n in ("kind", "dfa_kind", "activity", "permit", "measure") if n in fields), None)
    return {
        "register": code,
        "number": number,
        "first": state.first,
        "end": None if state.last is None else state.last + timedelta(days=1),
        "at": last.recorded_at,
        "status": state.status,
        "subject_id": state.subject.id,
        "subject_name": state.subject.name,
        "key": names.key(state.subject.name),
        "kind": kind if isinstance(kind, str) else None,
        "region": fields.get("region"),
        "granted": state.granted,
        "fields": Jsonb(fields),
        "entry": state.entry,
        "public": spec.public,
        "office": spec.keepers_on(state.first)[0],
        "organisation": state.subject.id if spec.public and state.subject.id else None,
    }


def _message(code: str, **params: object) -> Message:
    return Message(code, params)
