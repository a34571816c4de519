"""Corrections: what changed since the messages that were sent, as a chain of records (CARF702)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.forms.carf import hmrc
from salyq.forms.carf.beyond import C, S
from salyq.forms.carf.build import Writer, new_ref, stamp, whole_file
from salyq.forms.carf.check import BLOCK, blocks, schema
from salyq.forms.carf.codes import CORRECTION
from salyq.forms.carf.rcasp import Rcasp
from salyq.forms.carf.rows import groups
from salyq.forms.carf.write import CLOSING, Head, doc_ref_of, opening, user_content, user_record

_RECORD = re.compile(rb"<CryptoUsers>(.*?)<DocSpec>(.*?)</DocSpec></CryptoUsers>", re.S)
TAIL = 24  # characters of a DocRefId that stand for the user


class Sent(NamedTuple):
    """The last record of a user that was sent. `content` is empty after a deletion."""

    doc_ref: str
    digest: bytes
    gone: bool


class Corrected(NamedTuple):
    """What the message says: records changed, deleted; `new`: users never sent, who need a message of their own."""

    message_ref: str
    changed: int
    deleted: int
    same: int
    new: int


def correct(
    previous: Sequence[Path], users: Path, operations: Path, rcasp: Rcasp, *, to: Path, message_ref: str = "",
    timestamp: str = "",
) -> Corrected:  # fmt: skip
    """Writes the corrections of messages that Salyq wrote (`previous`, oldest first). InputError where there is nothing
    to correct, or a message is not one of ours."""
    transmitting, receiving, year, rcasp_ref = _head(previous[0])
    sent = _sent(previous)
    ref = message_ref or new_ref(transmitting, year, receiving, rcasp.sending_in)
    prefix, british = f"{ref}-", hmrc.applies(transmitting, receiving)
    changed = same = new = 0
    head = Head(transmitting, receiving, ref, CORRECTION, year, timestamp or stamp())
    seen: set[str] = set()
    with whole_file(to) as file, Writer(file, str(to)) as writer:
        writer.put(opening(head, rcasp, "OECD0", rcasp_ref))
        for group in groups(users, operations, year):
            if not group.operations:
                continue
            own = doc_ref_of("", group.user.id)
            seen.add(own)
            content = user_content(group, british=british)
            had = sent.get(own)
            if had is None or had.gone:
                new += 1
            elif had.digest == _digest(content.encode()):
                same += 1
            else:
                changed += 1
                writer.put(user_record(content, "OECD2", prefix + own, had.doc_ref))
        gone = {k: v for k, v in sent.items() if k not in seen and not v.gone}
        for own, content in _contents(previous, gone):
            writer.put(user_record(content, "OECD3", prefix + own, gone[own].doc_ref))
        if not changed and not gone:
            raise InputError(Message("carf_nothing_changed", {"new": new}), file=str(users))
        writer.put(CLOSING)
        writer.end()
    return Corrected(ref, changed, len(gone), same, new)


def _head(path: Path) -> tuple[str, str, int, str]:
    """Countries, year and the provider's DocRefId of a message."""
    parser = etree.XMLPullParser(events=("end",), schema=schema(), resolve_entities=False, no_network=True)
    found: dict[str, str] = {}
    for block in blocks(path):
        try:
            parser.feed(block)
        except etree.XMLSyntaxError as error:
            raise InputError(Message("carf_schema", {"why": str(error)[:200]}), file=str(path)) from None
        events: list[tuple[str, etree._Element]] = list(parser.read_events())  # type: ignore[arg-type]
        for _, element in events:
            name = etree.QName(element).localname
            if name in ("TransmittingCountry", "ReceivingCountry", "ReportingPeriod"):
                found[name] = element.text or ""
            if element.tag == f"{C}RCASP":
                ref = element.findtext(f"{C}DocSpec/{S}DocRefId") or ""
                period = found["ReportingPeriod"]
                return found["TransmittingCountry"], found["ReceivingCountry"], int(period[:4]), ref
    raise InputError(Message("carf_not_ours"), file=str(path))


def _records(path: Path) -> Iterator[tuple[bytes, str, str, str]]:
    """(content, kind, DocRefId, CorrDocRefId) of each user of a message of ours."""
    rest = b""
    for block in blocks(path):
        rest += block
        end = 0
        for found in _RECORD.finditer(rest):
            end = found.end()
            spec = found[2].decode()
            yield found[1], _inner(spec, "DocTypeIndic"), _inner(spec, "DocRefId"), _inner(spec, "CorrDocRefId")
        rest = rest[end:]
        if len(rest) > 64 * BLOCK:
            raise InputError(Message("carf_not_ours"), file=str(path))


def _inner(text: str, name: str) -> str:
    return text.partition(f"<stf:{name}>")[2].partition("<")[0]


def _sent(previous: Sequence[Path]) -> dict[str, Sent]:
    sent: dict[str, Sent] = {}
    for path in previous:
        for content, kind, ref, corrects in _records(path):
            own = ref[-TAIL:]
            if corrects and (own not in sent or sent[own].doc_ref != corrects):
                raise InputError(Message("carf_chain", {"ref": corrects}), file=str(path), value=ref)
            if not corrects and own in sent and not sent[own].gone:
                raise InputError(Message("carf_chain", {"ref": sent[own].doc_ref}), file=str(path), value=ref)
            sent[own] = Sent(ref, _digest(content), kind == "OECD3")
    if not sent:
        raise InputError(Message("carf_not_ours"), file=str(previous[0]))
    return sent


def _contents(previous: Sequence[Path], gone: dict[str, Sent]) -> Iterator[tuple[str, str]]:
    """The last content of records that are to be deleted: a deletion repeats it."""
    for path in previous:
        for content, _, ref, _ in _records(path):
            own = ref[-TAIL:]
            if own in gone and gone[own].doc_ref == ref:
                yield own, content.decode()


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=16).digest()
