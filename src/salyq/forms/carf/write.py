"""The parts of a CARF message as text. Everything from outside is escaped; nothing else is put in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from salyq.civil.numbers import format_scaled, round_half_up
from salyq.forms.carf import hmrc
from salyq.forms.carf.codes import KINDS, NAMESPACE, TYPES
from salyq.forms.carf.rcasp import Rcasp
from salyq.forms.carf.rows import Group, Operation, User

CENT = 10**16  # of 10⁻¹⁸: amounts have two decimals
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_PLAIN = re.compile(r"[\w .,:;'/()+*-]*\Z").match  # nothing to escape: most of what is written


class Head(NamedTuple):
    """What a message says of itself."""

    transmitting: str
    receiving: str
    message_ref: str
    indic: str
    year: int
    timestamp: str


def escape(text: str) -> str:
    """Text for XML. What XML cannot hold was refused with its row."""
    if _PLAIN(text):
        return text
    for raw, safe in _ESCAPES.items():
        if raw in text:
            text = text.replace(raw, safe)
    return text


def opening(head: Head, rcasp: Rcasp, doc_type: str, doc_ref: str, corrects: str = "") -> str:
    """Everything before the first user. In a message of corrections the provider itself is resent (OECD0)."""
    sender = rcasp.sending_in or rcasp.tin
    residence, issuer = rcasp.residence or rcasp.country, rcasp.tin_country or rcasp.residence or rcasp.country
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<CARF_OECD xmlns="{NAMESPACE}" xmlns:stf="{TYPES}" version="1.5">\n'
        f"<MessageSpec><SendingEntityIN>{escape(sender)}</SendingEntityIN>"
        f"<TransmittingCountry>{head.transmitting}</TransmittingCountry>"
        f"<ReceivingCountry>{head.receiving}</ReceivingCountry><MessageType>CARF</MessageType>"
        f"<MessageRefId>{escape(head.message_ref)}</MessageRefId><MessageTypeIndic>{head.indic}</MessageTypeIndic>"
        f"<ReportingPeriod>{head.year}-12-31</ReportingPeriod><Timestamp>{head.timestamp}</Timestamp></MessageSpec>\n"
        f"<CARFBody><RCASP><RCASP_ID><Entity><ResCountryCode>{residence}</ResCountryCode>"
        f'<TIN issuedBy="{issuer}">{escape(rcasp.tin)}</TIN><Name>{escape(rcasp.name)}</Name>'
        f"{_address(rcasp.country, rcasp.address, rcasp.city)}</Entity></RCASP_ID><Nexus>{rcasp.nexus}</Nexus>"
        f"{doc_spec(doc_type, doc_ref, corrects)}</RCASP>\n"
    )


CLOSING = "</CARFBody></CARF_OECD>\n"


def doc_spec(doc_type: str, doc_ref: str, corrects: str = "") -> str:
    """The identity of one record."""
    chain = f"<stf:CorrDocRefId>{corrects}</stf:CorrDocRefId>" if corrects else ""
    kind = f"<stf:DocTypeIndic>{doc_type}</stf:DocTypeIndic>"
    return f"<DocSpec>{kind}<stf:DocRefId>{doc_ref}</stf:DocRefId>{chain}</DocSpec>"


def user_content(group: Group, *, british: bool = False) -> str:
    """A user without the identity of the record: what a correction compares. `british`: as HMRC takes it."""
    user = group.user
    party = _individual(user, british) if user.kind == "individual" else _entity(user, british)
    controlling = "".join(
        f"<ControllingPerson>{_individual(p, british)}"
        + "".join(f"<CtrlgPersonType>{r}</CtrlgPersonType>" for r in p.roles)
        + "</ControllingPerson>"
        for p in group.controlling
    )
    return f"<UserID>{party}</UserID>{controlling}{relevant(group.operations)}"


def user_record(content: str, doc_type: str, doc_ref: str, corrects: str = "") -> str:
    """One CryptoUsers element."""
    return f"<CryptoUsers>{content}{doc_spec(doc_type, doc_ref, corrects)}</CryptoUsers>\n"


def relevant(operations: Sequence[Operation]) -> str:
    """Operations added up by asset, kind, type, valuation and currency."""
    sums: dict[tuple[str, int, str, str, str, str], list[int]] = {}
    for o in operations:
        key = (o.asset, KINDS[o.kind].order, o.kind, o.type, o.valuation, o.currency)
        had = sums.get(key)
        if had is None:
            sums[key] = [1, o.amount, o.units]
        else:
            had[0] += 1
            had[1] += o.amount
            had[2] += o.units
    parts: list[str] = []
    asset: str | None = None
    for (name, _, kind, code, valuation, currency), (count, amount, units) in sorted(sums.items()):
        if name != asset:
            if asset is not None:
                parts.append("</RelevantTransactions>")
            asset = name
            parts.append(f"<RelevantTransactions><CryptoAsset>{escape(name)}</CryptoAsset>")
        known = KINDS[kind]
        kind_of = f"<{known.tag}>{code}</{known.tag}>" if code else ""
        number = f"<NumberofTransactions>{count}</NumberofTransactions>" if known.counted else ""
        other = f"<AltValuation>{valuation}</AltValuation>" if valuation else ""
        parts.append(
            f'<{known.element}>{kind_of}{number}<Amount currCode="{currency}">{money(amount)}</Amount>'
            f"<NumberofUnits>{format_scaled(units)}</NumberofUnits>{other}</{known.element}>"
        )
    if asset is not None:
        parts.append("</RelevantTransactions>")
    return "".join(parts)


def money(amount: int) -> str:
    """10⁻¹⁸ units with two decimals, half up."""
    whole, tail = divmod(round_half_up(amount, CENT), 100)
    return f"{whole}.{tail:02d}"


def doc_ref_of(prefix: str, user_id: str) -> str:
    """The DocRefId of a user in a message: the same user always has the same tail, so that corrections find it."""
    return f"{prefix}{blake2b(user_id.encode(), digest_size=12).hexdigest()}"


def _individual(u: User, british: bool) -> str:
    return (
        f"<Individual>{_residences(u)}{_tins(u, british)}<Name><FirstName>{escape(u.first_name or '-')}</FirstName>"
        f"<LastName>{escape(u.last_name)}</LastName></Name>{_address(u.country, u.address, u.city)}"
        f"<BirthInfo><BirthDate>{u.birth_date}</BirthDate></BirthInfo></Individual>"
    )


def _entity(u: User, british: bool) -> str:
    return (
        f"<Entity>{_residences(u)}{_tins(u, british)}<Name>{escape(u.name)}</Name>"
        f"{_address(u.country, u.address, u.city)}</Entity>"
    )


def _residences(u: User) -> str:
    return "".join(f"<ResCountryCode>{c}</ResCountryCode>" for c in u.residences)


def _tins(u: User, british: bool) -> str:
    return "".join(
        f'<TIN issuedBy="{issuer}">{escape(number)}</TIN>' if number
        else f'<TIN unknown="true">{hmrc.NO_TIN}</TIN>' if british
        else f'<TIN issuedBy="{issuer}" unknown="true"/>'
        for number, issuer in u.tins
    )  # fmt: skip


def _address(country: str, street: str, city: str) -> str:
    told = f"<Street>{escape(street)}</Street>" if street else ""
    return (
        f"<Address><CountryCode>{country}</CountryCode><AddressFix>{told}<City>{escape(city)}</City>"
        "</AddressFix></Address>"
    )
