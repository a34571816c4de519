"""Rules of a CARF message that a schema cannot say. Which there are, their numbers and who says so: rules.toml."""

from __future__ import annotations

from array import array
from collections import Counter
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from lxml import etree

from salyq.civil.messages import Message
from salyq.forms.carf import codes, hmrc
from salyq.forms.carf.codes import NAMESPACE, TYPES
from salyq.forms.carf.earlier import Earlier, key_of

SHOWN = 200  # problems that a check gathers of one rule
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


class Rules:
    """What the schema cannot say: identities, chains of corrections, kinds of messages, numbers, dates."""

    def __init__(self, today: date, earlier: Earlier | None = None) -> None:
        self.today = today
        self.earlier = earlier
        self.problems: list[Problem] = []
        self.counts: Counter[str] = Counter()
        self.refs = array("Q")
        self.corrected = array("Q")
        self.kinds: Counter[str] = Counter()
        self.bodies = 0
        self.other_nexus = self.british = False
        self.body = 0
        self.deleted = ""  # DocRefId of a provider that this body deletes
        self.left = 0  # users of this body that stay
        self.misnamed: list[str] = []

    def problem(self, code: str, where: str, value: str, rule: str, *, warning: bool = False, **params: object) -> None:
        self.found_one(Problem(code, where, value[:80], Message(rule, params), warning))

    def found_one(self, problem: Problem) -> None:
        """Keeps the first of each rule."""
        self.counts[problem.message.code] += 1
        if self.counts[problem.message.code] <= SHOWN:
            self.problems.append(problem)

    # ---- one record --------------------------------------------------------------------------------------------------
    def record(self, element: Any, head: dict[str, str], *, provider: bool = False) -> None:
        """The identity of one record against the kind of message."""
        spec = element.find(f"{C}DocSpec")
        kind = spec.findtext(f"{S}DocTypeIndic") or ""
        ref = spec.findtext(f"{S}DocRefId") or ""
        corrects = spec.findtext(f"{S}CorrDocRefId") or ""
        self.kinds[kind] += 1
        plain = kind.replace("OECD1", "OECD", 1) if len(kind) == 6 else kind  # OECD10-13 are tests of OECD0-3
        self.refs.append(key_of(ref))
        if corrects:
            self.corrected.append(key_of(corrects))
        if spec.find(f"{S}CorrMessageRefId") is not None:
            self.problem(codes.CORR_MESSAGE_DOC, ref, corrects, "carf_corr_message")
        if plain in ("OECD0", "OECD1") and corrects:
            self.problem(codes.CORR_FOR_NEW, ref, corrects, "carf_corr_for_new")
        if plain in ("OECD2", "OECD3") and not corrects:
            self.problem(codes.CORR_MISSING, ref, kind, "carf_corr_missing")
        self._kind(plain, kind, ref, head.get("MessageTypeIndic", ""), provider)
        self._named(plain, ref, head)
        if provider:
            self._provider(element, plain, ref, corrects)
        elif plain != "OECD3":
            self.left += 1
        if self.earlier is not None:
            period = head.get("ReportingPeriod", "")
            for code, message in self.earlier.against(ref, plain, corrects, period, provider=provider):
                self.found_one(Problem(code, ref, corrects[:80], message))
            self.earlier.add(ref, plain, corrects, period, self.body, provider=provider)

    def _kind(self, plain: str, kind: str, ref: str, indic: str, provider: bool) -> None:
        if plain == "OECD0" and not provider:
            self.problem(codes.RESENT_USER, ref, kind, "carf_resent_user")
            return
        allowed = {
            codes.NEW: ("OECD1", "OECD0") if provider else ("OECD1",),
            codes.CORRECTION: ("OECD0", "OECD2", "OECD3") if provider else ("OECD2", "OECD3"),
            codes.NIL: ("OECD1", "OECD0"),
        }.get(indic, ())
        if plain not in allowed:
            code = "" if indic == codes.NIL else codes.TYPE_MIX
            self.problem(code, ref, kind, "carf_type_mix", indic=indic, allowed=", ".join(allowed))

    def _named(self, plain: str, ref: str, head: dict[str, str]) -> None:
        """DocRefIds that begin otherwise than they should, told once for the whole message."""
        country, message = head.get("TransmittingCountry", ""), head.get("MessageRefId", "")
        self.british = hmrc.applies(country, head.get("ReceivingCountry", ""))
        fine = hmrc.doc_ref(ref, message) if self.british and plain != "OECD0" else ref.startswith(country)
        if not fine:
            self.misnamed.append(ref) if not self.misnamed else None
            self.counts["carf_doc_format"] += 1

    def _provider(self, element: Any, plain: str, ref: str, corrects: str) -> None:
        own = element.findtext(f"{C}Nexus") or ""
        others = [e.get("Nexus") or "" for e in element.iter(f"{C}OtherNexus")]
        self.other_nexus |= bool(others)
        for other in others:
            if not hmrc.nexus(own, other):
                self.problem("", ref, other, "carf_other_nexus", warning=True, own=own)
        self.body = self.earlier.body_of(ref, corrects) if self.earlier else 0
        self.deleted, self.left = ref if plain == "OECD3" else "", 0

    def end_of_body(self) -> None:
        """A provider goes only with all of its users."""
        self.bodies += 1
        if not self.deleted:
            return
        left = self.earlier.standing(self.body) if self.earlier else self.left
        if left:
            self.problem(codes.PROVIDER_ALONE, self.deleted, "", "carf_provider_alone", count=left)
        elif not self.earlier:
            self.problem(codes.PROVIDER_ALONE, self.deleted, "", "carf_provider_alone_unseen", warning=True)

    def user(self, element: Any) -> None:
        """Numbers, dates and tax numbers of one user."""
        ref = element.findtext(f"{C}DocSpec/{S}DocRefId") or ""
        for birth in element.iter(f"{C}BirthDate"):
            if not "1900-01-01" <= (birth.text or "") <= self.today.isoformat():
                self.problem("", ref, birth.text or "", "carf_birth")
        for tin in element.iter(f"{C}TIN"):
            self._tin(tin, ref)
        for number in element.iter(f"{C}IN", f"{C}IIN"):
            full = number.get("issuedBy") and (number.get("INType") or number.tag == f"{C}IIN")
            if not full and (number.text or "").strip() != hmrc.NO_TIN:
                self.problem("", ref, number.text or "", "carf_in", warning=True)
        for number in element.iter(*NUMBERS):
            text = (number.text or "").strip()
            least = text.startswith("-") or (not text.strip("0.+") and number.tag != f"{C}Amount")
            if least:
                self.problem("", ref, text, "carf_not_positive", element=etree.QName(number).localname)
            elif number.tag == f"{C}Amount" and len(text.partition(".")[2]) != 2:
                self.problem("", ref, text, "carf_decimals", warning=True)

    def _tin(self, tin: Any, ref: str) -> None:
        text, unknown = (tin.text or "").strip(), tin.get("unknown") in ("true", "1")
        if bool(text) == unknown and not (unknown and text == hmrc.NO_TIN):
            self.problem("", ref, text, "carf_tin")
        elif self.british and not hmrc.tin(tin):
            self.problem("", ref, text, "carf_tin_hmrc", warning=True)
        elif not unknown and not tin.get("issuedBy"):
            self.problem("", ref, text, "carf_tin_issuer", warning=True)

    # ---- the whole message -------------------------------------------------------------------------------------------
    def found(self, head: dict[str, str], users: int) -> list[Problem]:
        """All problems, those of the whole message last."""
        self._twice(self.refs, codes.DOC_USED, "carf_doc_twice")
        self._twice(self.corrected, codes.CORR_TWICE, "carf_corr_twice")
        indic, ref = head.get("MessageTypeIndic", ""), head.get("MessageRefId", "")
        if indic == codes.NIL and users:
            self.problem("", ref, indic, "carf_nil_with_users")
        if head and indic != codes.NIL and not self.bodies:
            self.problem(codes.NO_BODY, ref, indic, "carf_no_body")
        elif indic == codes.NEW and not users and not self.other_nexus:
            self.problem(codes.NO_USERS, ref, indic, "carf_no_users")
        tests = sum(n for k, n in self.kinds.items() if len(k) == 6)
        if 0 < tests < sum(self.kinds.values()):
            self.problem(codes.TEST_IN_LIVE, ref, "", "carf_test_mixed")
        elif tests:
            self.problem(codes.TEST_IN_LIVE, ref, "", "carf_test", warning=True)
        period = head.get("ReportingPeriod", "")
        if not period.endswith("-12-31"):
            self.problem("", ref, period, "carf_period", warning=True)
        self._names(head, ref, period)
        if self.earlier is not None:
            if ref in self.earlier.messages:
                self.problem(codes.USED, ref, ref, "register_ref_used")
            self.earlier.ref = ref
        return self.problems

    def _names(self, head: dict[str, str], ref: str, period: str) -> None:
        country, receiving = head.get("TransmittingCountry", ""), head.get("ReceivingCountry", "")
        start = f"{country}{period[:4]}{receiving}"
        if hmrc.applies(country, receiving):
            if not head.get("SendingEntityIN"):
                self.problem("", ref, "", "carf_sender_hmrc", warning=True)
            elif not hmrc.message_ref(head):
                self.problem(codes.FORMAT, ref, ref, "carf_ref_hmrc", warning=True, start=start)
        elif country != receiving and not (ref.startswith(start) and len(ref) > len(start)):
            self.problem(codes.FORMAT, ref, ref, "carf_ref_format", warning=True, start=start)
        if self.misnamed:
            rule = "carf_doc_format_hmrc" if hmrc.applies(country, receiving) else "carf_doc_format"
            params = {"count": self.counts["carf_doc_format"], "start": country}
            self.problems.append(Problem(codes.DOC_FORMAT, self.misnamed[0], "", Message(rule, params), warning=True))

    def _twice(self, hashes: array[int], code: str, rule: str) -> None:
        own = sorted(hashes)
        repeated = sum(1 for a, b in pairwise(own) if a == b)
        if repeated:
            self.problem(code, "", str(repeated), rule, count=repeated)
