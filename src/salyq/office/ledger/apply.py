"""A file of requests, a line each, answered a line each in the same order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import msgspec

from salyq.office.ledger.model import Answer, Chain, Fault, Opening, Request, Result
from salyq.office.ledger.reading import Unnamed, read_line

BATCH = 1000  # transfers of one database transaction
TOLD = 20  # faults told to the person who applies a file
_encode = msgspec.json.encode


class Writer(Protocol):
    def send(self, requests: list[Request]) -> Future[list[Answer]]: ...


class Told(NamedTuple):
    """A line that is no request, or one with wrong content."""

    line: int
    fault: Fault


@dataclass(slots=True)
class Applied:
    """How many lines had which result, and the first faults."""

    results: Counter[str] = field(default_factory=Counter)
    faults: list[Told] = field(default_factory=list)


def apply(lines: Iterable[bytes], writer: Writer, done: Applied) -> Iterator[bytes]:
    """Answers as lines of JSON, a batch at a time; blank lines are no requests. `done` is filled on the way."""
    batch: list[Request | Unnamed] = []
    before: _Sent | None = None  # one batch is read while the one before is being kept
    size = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        asked = read_line(line)
        fault = asked.fault if isinstance(asked, Unnamed) else asked.content
        if isinstance(fault, Fault) and len(done.faults) < TOLD:
            done.faults.append(Told(number, fault))
        batch.append(asked)
        size += _size(asked)
        if size >= BATCH:
            sent = _send(batch, writer)
            if before is not None:
                yield _answers(before, done)
            before, batch, size = sent, [], 0
    for rest in (before, _send(batch, writer) if batch else None):
        if rest is not None:
            yield _answers(rest, done)


class _Sent(NamedTuple):
    batch: list[Request | Unnamed]
    answers: Future[list[Answer]]


def _size(asked: Request | Unnamed) -> int:
    content = asked.content if isinstance(asked, Request) else None
    if isinstance(content, Chain):
        return len(content.moves)
    return len(content.accounts) if isinstance(content, Opening) else 1


def _send(batch: list[Request | Unnamed], writer: Writer) -> _Sent:
    return _Sent(batch, writer.send([r for r in batch if isinstance(r, Request)]))


def _answers(sent: _Sent, done: Applied) -> bytes:
    answers = iter(sent.answers.result())
    lines: list[dict[str, object]] = []
    for asked in sent.batch:
        if isinstance(asked, Unnamed):
            lines.append({"request": asked.request, "result": Result.INVALID.value})
        else:
            lines.append(next(answers).as_json())
    done.results.update(str(line["result"]) for line in lines)
    return b"".join(_encode_line(line) for line in lines)


def _encode_line(line: dict[str, object]) -> bytes:
    try:
        return _encode(line) + b"\n"
    except UnicodeEncodeError:  # half of a surrogate pair in a name that could not be kept
        import json

        return json.dumps(line).encode() + b"\n"
