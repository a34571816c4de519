"""What was sent before: the records, which of them still stand, and what a later message may say of them."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

from salyq.civil.messages import Message
from salyq.forms.carf import codes


def key_of(text: str) -> int:
    """A DocRefId as a number of 64 bits: millions of them stay small."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


class Sent(NamedTuple):
    """One record that was sent. `body`: the first DocRefId of the provider it stands under."""

    provider: bool
    period: str
    body: int
    stands: bool


class Found(NamedTuple):
    """A rule that a record breaks against what was sent."""

    code: str
    message: Message


class Earlier:
    """Records of messages, in the order in which they were sent. A message that is being read changes nothing before
    `end_of_message`."""

    def __init__(self) -> None:
        self.records: dict[int, Sent] = {}
        self.messages: set[str] = set()
        self.coming: dict[int, Sent] = {}
        self.fallen: set[int] = set()
        self.ref = ""

    def against(self, ref: str, kind: str, corrects: str, period: str, *, provider: bool) -> Iterator[Found]:
        """What a record breaks."""
        had = self.records.get(key_of(ref))
        if kind == "OECD0":
            if had is None or not had.provider:
                yield Found(codes.RESENT_UNKNOWN, Message("carf_resent_unknown"))
            elif not had.stands:
                yield Found(codes.RESENT_FALLEN, Message("carf_resent_fallen"))
        elif had is not None:
            yield Found(codes.DOC_USED, Message("carf_doc_used"))
        if not corrects:
            return
        upon = self.records.get(key_of(corrects))
        if upon is None or upon.provider != provider:
            yield Found(codes.CORR_UNKNOWN, Message("carf_corr_unknown", {"ref": corrects}))
        elif not upon.stands:
            yield Found(codes.CORR_FALLEN, Message("carf_corr_fallen", {"ref": corrects}))
        elif upon.period != period:
            params = {"ref": corrects, "period": upon.period}
            yield Found(codes.TWO_PERIODS, Message("carf_corr_period", params))

    def body_of(self, ref: str, corrects: str) -> int:
        """The provider's own identity, the same through its corrections."""
        own = key_of(corrects or ref)
        upon = self.records.get(own)
        return own if upon is None else upon.body

    def add(self, ref: str, kind: str, corrects: str, period: str, body: int, *, provider: bool) -> None:
        """A record of the message that is being read."""
        if kind != "OECD0":
            self.coming[key_of(ref)] = Sent(provider, period, body, kind != "OECD3")
        if corrects:
            self.fallen.add(key_of(corrects))

    def standing(self, body: int) -> int:
        """Users of a provider that would still stand after the message that is being read."""
        old = sum(
            1
            for k, r in self.records.items()
            if r.stands and not r.provider and r.body == body and k not in self.fallen
        )
        return old + sum(1 for r in self.coming.values() if r.stands and not r.provider and r.body == body)

    def end_of_message(self) -> None:
        """What was read is now sent."""
        for key in self.fallen:
            if key in self.records:
                self.records[key] = self.records[key]._replace(stands=False)
        self.records |= self.coming
        self.messages.add(self.ref)
        self.coming, self.fallen = {}, set()
