"""Checks a CARF message as it streams by: the schema, then rules that a schema cannot say. Memory stays flat."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from hashlib import blake2b
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.forms.carf import codes
from salyq.forms.carf.codes import NAMESPACE, TYPES

BLOCK = 1 << 18
SHOWN = 200  # problems that a check gathers of one code
C, S = f"{{{NAMESPACE}}}", f"{{{TYPES}}}"
NUMBERS = (f"{C}Amount", f"{C}NumberofUnits", f"{C}NumberofTransactions")


class Problem(NamedTuple):
    """`code`: of the OECD's status message, "" for a rule whose number is not known to us. `warning`: the receiver may
    still take the file."""

    code: str
    where: str
    value: str
    message: Message
    warning: bool = False


class Checked(NamedTuple):
    """What a message said, and what is wrong with it."""

    message_ref: str
    indic: str
    users: int
    problems: list[Problem]

    @property
    def refused(self) -> bool:
        return any(not p.warning for p in self.problems)


@cache
def schema(name: str = "CARFXML_v1.5.reconstructed.xsd") -> etree.XMLSchema:
    """A shipped schema, read once."""
    with as_file(files("salyq.forms.carf") / "schema") as folder:
        return etree.XMLSchema(etree.parse(str(folder / name)))


class _Nothing:
    """A target that wants nothing of what is parsed."""

    def close(self) -> None:
        """The end."""


def _short(text: str) -> str:
    """The first line of a parser's complaint, without namespaces."""
    first = (text.splitlines() or ["?"])[0]
    return first.replace(f"{{{NAMESPACE}}}", "").replace(f"{{{TYPES}}}", "stf:")[:240]


class Stream:
    """Takes a message block by block: `feed` raises InputError at the first breach of the schema, `close` gives what
    the other rules found. Users are forgotten as soon as they are checked."""

    def __init__(self, name: str, today: date | None = None, *, own: bool = False) -> None:
        """`own`: a message that is being built: its rows were checked as they came, so only the schema looks on."""
        self.name = name
        self.today = today or datetime.now(UTC).date()
        self.parser = etree.XMLPullParser(
            events=("start", "end"),
            tag=(f"{C}CARF_OECD", f"{C}MessageSpec", f"{C}RCASP", f"{C}CryptoUsers"),
            schema=schema(),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
            huge_tree=False,
        )
        nothing: Any = _Nothing()
        self.plain = etree.XMLParser(target=nothing, schema=schema(), resolve_entities=False) if own else None
        self.head: dict[str, str] = {}
        self.rules = Rules(self.today)
        self.users = 0

    def feed(self, data: bytes) -> None:
        """The next block."""
        if self.plain is not None:
            self._feed_plain(data)
            return
        try:
            self.parser.feed(data)
        except etree.XMLSyntaxError as error:
            raise self._refused(error) from None
        self._events()

    def close(self) -> Checked:
        """The end of the message."""
        if self.plain is not None:
            self._feed_plain(b"", end=True)
            return Checked("", "", self.users, [])
        try:
            self.parser.close()
        except etree.XMLSyntaxError as error:
            raise self._refused(error) from None
        self._events()
        found = self.rules.found(self.head, self.users)
        return Checked(self.head.get("MessageRefId", ""), self.head.get("MessageTypeIndic", ""), self.users, found)

    def _feed_plain(self, data: bytes, *, end: bool = False) -> None:
        """Only the schema looks on, and no tree is built: half again as fast."""
        assert self.plain is not None
        try:
            self.plain.close() if end else self.plain.feed(data)
        except etree.XMLSyntaxError as error:
            raise self._refused(error) from None
        log: Any = self.plain.feed_error_log
        if len(log):
            params = {"why": _short(log[0].message)}
            raise InputError(Message("carf_schema", params), file=self.name, line=log[0].line or None)

    def _events(self) -> None:
        found: Any = self.parser.read_events()
        for event, element in found:
            if event == "start":
                continue
            if element.tag == f"{C}MessageSpec":
                self.head = {etree.QName(x).localname: x.text or "" for x in element}
                if element.getroottree().docinfo.internalDTD is not None:
                    raise InputError(Message("form_xml_doctype"), file=self.name)
            elif element.tag == f"{C}RCASP":
                self.rules.record(element, self.head, provider=True)
            elif element.tag == f"{C}CryptoUsers":
                self.users += 1
                self.rules.record(element, self.head)
                self.rules.user(element)
                element.clear()
                parent = element.getparent()
                if parent is not None and len(parent) > 2:
                    del parent[1]  # the provider stays, users before this one go

    def _refused(self, error: etree.XMLSyntaxError) -> InputError:
        line = error.lineno if isinstance(error.lineno, int) and error.lineno > 0 else None
        return InputError(Message("carf_schema", {"why": _short(str(error))}), file=self.name, line=line)


class Rules:
    """What the schema cannot say: identities, chains of corrections, kinds of messages, numbers, dates."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.problems: list[Problem] = []
        self.counts: Counter[str] = Counter()
        self.refs = array("Q")
        self.corrected = array("Q")
        self.kinds: Counter[str] = Counter()
        self.other_nexus = False

    def problem(self, code: str, where: str, value: str, rule: str, *, warning: bool = False, **params: object) -> None:
        self.counts[rule] += 1
        if self.counts[rule] <= SHOWN:
            self.problems.append(Problem(code, where, value[:80], Message(rule, params), warning))

    def record(self, element: Any, head: dict[str, str], *, provider: bool = False) -> None:
        """The identity of one record against the kind of message."""
        spec = element.find(f"{C}DocSpec")
        kind = spec.findtext(f"{S}DocTypeIndic") or ""
        ref = spec.findtext(f"{S}DocRefId") or ""
        corrects = spec.findtext(f"{S}CorrDocRefId") or ""
        self.kinds[kind] += 1
        self.other_nexus |= provider and element.find(f"{C}OtherNexus") is not None
        self.refs.append(_hash(ref))
        plain = kind.replace("OECD1", "OECD", 1) if len(kind) == 6 else kind  # OECD10-13 are tests of OECD0-3
        if corrects:
            self.corrected.append(_hash(corrects))
        if spec.find(f"{S}CorrMessageRefId") is not None:
            self.problem(codes.CORR_MESSAGE_DOC, ref, corrects, "carf_corr_message")
        if plain in ("OECD0", "OECD1") and corrects:
            self.problem(codes.CORR_FOR_NEW, ref, corrects, "carf_corr_for_new")
        if plain in ("OECD2", "OECD3") and not corrects:
            self.problem(codes.CORR_MISSING, ref, kind, "carf_corr_missing")
        allowed = {
            codes.NEW: ("OECD1", "OECD0") if provider else ("OECD1",),
            codes.CORRECTION: ("OECD0", "OECD2", "OECD3") if provider else ("OECD2", "OECD3"),
            codes.NIL: ("OECD1", "OECD0"),
        }.get(head.get("MessageTypeIndic", ""), ())
        if plain not in allowed:
            indic = head.get("MessageTypeIndic", "")
            self.problem(codes.TYPE_MIX, ref, kind, "carf_type_mix", indic=indic, allowed=", ".join(allowed))

    def user(self, element: Any) -> None:
        """Numbers, dates and tax numbers of one user."""
        ref = element.findtext(f"{C}DocSpec/{S}DocRefId") or ""
        for birth in element.iter(f"{C}BirthDate"):
            if not "1900-01-01" <= (birth.text or "") <= self.today.isoformat():
                self.problem("", ref, birth.text or "", "carf_birth")
        for tin in element.iter(f"{C}TIN"):
            unknown = tin.get("unknown") in ("true", "1")
            if bool((tin.text or "").strip()) == unknown:
                self.problem("", ref, tin.text or "", "carf_tin")
            elif not unknown and not tin.get("issuedBy"):
                self.problem("", ref, tin.text or "", "carf_tin_issuer", warning=True)
        for number in element.iter(*NUMBERS):
            text = (number.text or "").strip()
            least = text.startswith("-") or (not text.strip("0.+") and number.tag != f"{C}Amount")
            if least:
                self.problem("", ref, text, "carf_not_positive", element=etree.QName(number).localname)

    def found(self, head: dict[str, str], users: int) -> list[Problem]:
        """All problems, those of the whole message last."""
        self._twice(self.refs, codes.DOC_USED, "carf_doc_twice")
        self._twice(self.corrected, codes.CORR_TWICE, "carf_corr_twice")
        indic, ref = head.get("MessageTypeIndic", ""), head.get("MessageRefId", "")
        if indic == codes.NIL and users:
            self.problem(codes.TYPE_MIX, ref, indic, "carf_nil_with_users")
        if indic != codes.NIL and head and not users and not (indic == codes.NEW and self.other_nexus):
            self.problem(codes.NO_USERS, ref, indic, "carf_no_users", warning=indic == codes.CORRECTION)
        tests = sum(n for k, n in self.kinds.items() if len(k) == 6)
        if 0 < tests < sum(self.kinds.values()):
            self.problem(codes.TEST_IN_LIVE, ref, "", "carf_test_mixed")
        elif tests:
            self.problem(codes.TEST_IN_LIVE, ref, "", "carf_test", warning=True)
        period = head.get("ReportingPeriod", "")
        if not period.endswith("-12-31"):
            self.problem("", ref, period, "carf_period", warning=True)
        start = f"{head.get('TransmittingCountry', '')}{period[:4]}{head.get('ReceivingCountry', '')}"
        if head.get("TransmittingCountry") != head.get("ReceivingCountry") and not (
            ref.startswith(start) and len(ref) > len(start)
        ):
            self.problem(codes.FORMAT, ref, ref, "carf_ref_format", warning=True, start=start)
        return self.problems

    def _twice(self, hashes: array[int], code: str, rule: str) -> None:
        own = sorted(hashes)
        repeated = sum(1 for a, b in pairwise(own) if a == b)
        if repeated:
            self.problem(code, "", str(repeated), rule, count=repeated)


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def check_message(path: Path, today: date | None = None) -> Checked:
    """Checks a file. InputError (one line) where it is no CARF message by the schema."""
    stream = Stream(str(path), today)
    for block in blocks(path):
        stream.feed(block)
    return stream.close()


def blocks(path: Path) -> Iterator[bytes]:
    """A file block by block. A document type is refused before the parser sees it."""
    try:
        with path.open("rb") as file:
            first = True
            while data := file.read(BLOCK):
                if first and b"<!DOCTYPE" in data[:4096].replace(b"\x00", b""):
                    raise InputError(Message("form_xml_doctype"), file=str(path))
                first = False
                yield data
    except OSError as error:
        raise InputError(Message("form_file", {"why": error.strerror or "?"}), file=str(path)) from None
