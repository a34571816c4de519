"""ISO 20022 messages of a payment: pacs.008 (order), pacs.002 (status), camt.054 (credit told), pacs.004 (return)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from salyq.office.ledger.assets import shown
from salyq.office.pilots.corridor import ivms

PACS_008 = "urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"
PACS_002 = "urn:iso:std:iso:20022:tech:xsd:pacs.002.001.10"
PACS_004 = "urn:iso:std:iso:20022:tech:xsd:pacs.004.001.09"
CAMT_054 = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"
STATUS = {"prepared": "ACSP", "fulfilled": "ACSC", "settled": "ACSC", "rejected": "RJCT", "expired": "RJCT"}
REASONS = {"expired": "AB05", "liquidity": "AM04", "funds": "AM04", "limit": "AM14", "data": "RR04", "rate": "FF10"}


def _put(parent: ET.Element, path: str, text: str | None = None, **attributes: str) -> ET.Element:
    for name in path.split("/"):
        parent = ET.SubElement(parent, name)
    if text is not None:
        parent.text = text
    parent.attrib.update(attributes)
    return parent


def _document(namespace: str, body: str) -> tuple[ET.Element, ET.Element]:
    document = ET.Element("Document", {"xmlns": namespace})
    return document, ET.SubElement(document, body)


def _text(document: ET.Element) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(document, encoding="unicode")


def _head(parent: ET.Element, name: str, at: str, count: bool = True) -> ET.Element:
    head = _put(parent, "GrpHdr")
    _put(head, "MsgId", name[:35])
    _put(head, "CreDtTm", at)
    if count:
        _put(head, "NbOfTxs", "1")
        _put(head, "SttlmInf/SttlmMtd", "CLRG")
    return head


def _money(amount: int | str, asset: str) -> str:
    return shown(int(amount), asset)


def _party(parent: ET.Element, tag: str, name: str, account: str) -> None:
    _put(parent, f"{tag}/Nm", name[:140] or "NOTPROVIDED")
    _put(parent, f"{tag}Acct/Id/Othr/Id", account[:34])


def pacs008(p: Mapping[str, Any], at: str) -> str:
    """The order: sender's amount, receiver's amount, both parties, the condition as remittance."""
    document, body = _document(PACS_008, "FIToFICstmrCdtTrf")
    _head(body, f"{p['id'][:30]}-008", at)
    tx = _put(body, "CdtTrfTxInf")
    ids = _put(tx, "PmtId")
    _put(ids, "EndToEndId", p["id"][:35])
    _put(ids, "TxId", p["id"][:35])
    _put(tx, "IntrBkSttlmAmt", _money(p["receive_amount"], p["receive_asset"]), Ccy=p["receive_asset"])
    _put(tx, "IntrBkSttlmDt", at[:10])
    _put(tx, "InstdAmt", _money(p["send_amount"], p["send_asset"]), Ccy=p["send_asset"])
    _put(tx, "ChrgBr", "SHAR")
    sender, receiver = p["sender"], p["receiver"]
    _party(tx, "Dbtr", ivms.name_of(sender, "originator"), ivms.account_of(sender))
    _put(tx, "DbtrAgt/FinInstnId/Othr/Id", str(p.get("origin", "kz")))
    _put(tx, "CdtrAgt/FinInstnId/Othr/Id", str(p.get("destination", "abroad")))
    _party(tx, "Cdtr", ivms.name_of(receiver, "beneficiary"), ivms.account_of(receiver))
    _put(tx, "RmtInf/Ustrd", f"condition {p['condition']}")
    return _text(document)


def pacs002(p: Mapping[str, Any], state: str, reason: str, at: str) -> str:
    """The status of the order."""
    document, body = _document(PACS_002, "FIToFIPmtStsRpt")
    _head(body, f"{p['id'][:29]}-002-{state[:1]}", at, count=False)
    tx = _put(body, "TxInfAndSts")
    _put(tx, "OrgnlEndToEndId", p["id"][:35])
    _put(tx, "OrgnlTxId", p["id"][:35])
    _put(tx, "TxSts", STATUS[state])
    if STATUS[state] == "RJCT":
        info = _put(tx, "StsRsnInf")
        _put(info, "Rsn/Cd", REASONS.get(reason, "NARR"))
        _put(info, "AddtlInf", reason[:105] or state)
    return _text(document)


def camt054(p: Mapping[str, Any], at: str) -> str:
    """The receiver is told of the credit."""
    document, body = _document(CAMT_054, "BkToCstmrDbtCdtNtfctn")
    _head(body, f"{p['id'][:30]}-054", at, count=False)
    note = _put(body, "Ntfctn")
    _put(note, "Id", p["id"][:35])
    _put(note, "CreDtTm", at)
    _put(note, "Acct/Id/Othr/Id", ivms.account_of(p["receiver"])[:34])
    entry = _put(note, "Ntry")
    _put(entry, "Amt", _money(p["receive_amount"], p["receive_asset"]), Ccy=p["receive_asset"])
    _put(entry, "CdtDbtInd", "CRDT")
    _put(entry, "Sts/Cd", "BOOK")
    _put(entry, "BkTxCd/Prtry/Cd", "CORRIDOR")
    _put(entry, "NtryDtls/TxDtls/Refs/EndToEndId", p["id"][:35])
    return _text(document)


def pacs004(p: Mapping[str, Any], reason: str, at: str) -> str:
    """What was held goes back."""
    document, body = _document(PACS_004, "PmtRtr")
    _head(body, f"{p['id'][:30]}-004", at)
    tx = _put(body, "TxInf")
    _put(tx, "RtrId", f"{p['id'][:30]}-R")
    _put(tx, "OrgnlEndToEndId", p["id"][:35])
    _put(tx, "RtrdIntrBkSttlmAmt", _money(p["send_amount"], p["send_asset"]), Ccy=p["send_asset"])
    _put(tx, "IntrBkSttlmDt", at[:10])
    _put(tx, "RtrRsnInf/Rsn/Cd", REASONS.get(reason, "NARR"))
    return _text(document)
