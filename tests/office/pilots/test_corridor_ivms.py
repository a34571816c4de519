"""The parties' data (IVMS101) field by field, and a refusal in words of three languages."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.office.pilots.corridor_world import CONTRACT, World
from tests.office.pilots.test_corridor import pay

from salyq.app.asking import ask_act
from salyq.civil.messages import LANGUAGES
from salyq.office.ledger import books
from salyq.office.ledger.reading import request
from salyq.office.pilots import quotes
from salyq.office.pilots.corridor import accounts, demo
from salyq.office.pilots.corridor.ivms import missing, wrong
from salyq.office.pilots.corridor.problems import CODES, words
from salyq.office.pilots.corridor.questions import questions
from salyq.office.pilots.reasons import lacking
from salyq.office.pilots.sandbox import contracts, limits

DAY = date(2026, 11, 29)
TRISA = json.loads((Path(__file__).parent / "data/ivms101_trisa.json").read_text())
COMPANY = {
    "name": {"nameIdentifier": [{"legalPersonName": "Made Up LLP", "legalPersonNameIdentifierType": "LEGL"}]},
    "nationalIdentification": {"nationalIdentifier": "990140000136", "nationalIdentifierType": "TXID"},
}


def law(act: str, facts: dict[str, str], on: date) -> dict[str, Any]:
    found: dict[str, Any] = ask_act(act, facts, on=on, explain=False).as_json()
    return found


def trisa() -> tuple[dict[str, Any], dict[str, Any]]:
    return deepcopy(TRISA["originator"]), deepcopy(TRISA["beneficiary"])


def of(kind: str, inner: dict[str, Any]) -> dict[str, Any]:
    return {"originatorPersons": [{kind: inner}], "accountNumber": ["KZ1"]}


def put(party: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """A copy with one field set; None takes it away."""
    made = deepcopy(party)
    at: Any = made["originatorPersons"][0]
    *steps, last = [int(s) if s.isdigit() else s for s in path.split(".")]
    for step in steps:
        at = at[step]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return made


def test_what_another_implementation_writes_is_whole() -> None:
    sender, receiver = trisa()
    assert (missing(sender, receiver), wrong(sender, receiver, DAY)) == ([], None)
    company = of("legalPerson", TRISA["originatingVASP"]["originatingVASP"]["legalPerson"])
    assert (missing(company, receiver), wrong(company, receiver, DAY)) == ([], None)


N = "naturalPerson"
WRONG = [
    (f"{N}.name", [], ""),  # nothing said is missing, not wrong
    (f"{N}.name", "Howard", f"{N}.name"),
    (f"{N}.name.nameIdentifier", {"primaryIdentifier": "x"}, f"{N}.name.nameIdentifier"),
    (f"{N}.name.nameIdentifier.0.primaryIdentifier", 5, f"{N}.name.nameIdentifier[0].primaryIdentifier"),
    (f"{N}.name.nameIdentifier.0.primaryIdentifier", "x" * 100, ""),
    (f"{N}.name.nameIdentifier.0.primaryIdentifier", "x" * 101, f"{N}.name.nameIdentifier[0].primaryIdentifier"),
    (f"{N}.name.nameIdentifier.0.nameIdentifierType", "LEGAL", f"{N}.name.nameIdentifier[0].nameIdentifierType"),
    (f"{N}.name.nameIdentifier.0.nameIdentifierType", "ALIA", f"{N}.name.nameIdentifier"),  # no legal name
    (f"{N}.name.localNameIdentifier", [{"primaryIdentifier": "Ә" * 101}], f"{N}.name.localNameIdentifier[0]."),
    (f"{N}.geographicAddress", {"country": "KZ"}, f"{N}.geographicAddress"),
    (f"{N}.geographicAddress.0.addressType", "HOUSE", f"{N}.geographicAddress[0].addressType"),
    (f"{N}.geographicAddress.0.country", "Kazakhstan", f"{N}.geographicAddress[0].country"),
    (f"{N}.geographicAddress.0.country", "kz", f"{N}.geographicAddress[0].country"),
    (f"{N}.geographicAddress.0.country", "QQ", f"{N}.geographicAddress[0].country"),
    (f"{N}.geographicAddress.0.country", "XX", ""),
    (f"{N}.geographicAddress.0.postCode", "1" * 17, f"{N}.geographicAddress[0].postCode"),
    (f"{N}.geographicAddress.0.addressLine", ["a"] * 8, f"{N}.geographicAddress[0].addressLine"),
    (f"{N}.geographicAddress.0.addressLine", ["a", 5], f"{N}.geographicAddress[0].addressLine[1]"),
    (
        f"{N}.nationalIdentification.nationalIdentifierType",
        "NIDN",
        f"{N}.nationalIdentification.nationalIdentifierType",
    ),
    (f"{N}.nationalIdentification.nationalIdentifier", "1" * 36, f"{N}.nationalIdentification.nationalIdentifier"),
    (f"{N}.nationalIdentification.registrationAuthority", "RA1", f"{N}.nationalIdentification.registrationAuthority"),
    (f"{N}.customerIdentification", "1" * 51, f"{N}.customerIdentification"),
    (f"{N}.dateAndPlaceOfBirth.dateOfBirth", "31.01.1990", f"{N}.dateAndPlaceOfBirth.dateOfBirth"),
    (f"{N}.dateAndPlaceOfBirth.dateOfBirth", "1990-02-30", f"{N}.dateAndPlaceOfBirth.dateOfBirth"),
    (f"{N}.dateAndPlaceOfBirth.dateOfBirth", "1931-02-28", ""),
    (f"{N}.dateAndPlaceOfBirth.dateOfBirth", "2026-11-28", ""),
    (f"{N}.dateAndPlaceOfBirth.dateOfBirth", "2026-11-29", f"{N}.dateAndPlaceOfBirth.dateOfBirth"),  # not in the past
    (f"{N}.dateAndPlaceOfBirth.placeOfBirth", "x" * 71, f"{N}.dateAndPlaceOfBirth.placeOfBirth"),
    (f"{N}.countryOfResidence", ["KZ"], f"{N}.countryOfResidence"),
    ("legalPerson", COMPANY, ""),  # beside a natural person
]


@pytest.mark.parametrize(("path", "value", "where"), WRONG)
def test_a_field_that_may_not_hold_this(path: str, value: object, where: str) -> None:
    sender, receiver = trisa()
    fault = wrong(put(sender, path, value), receiver, DAY)
    if path == "legalPerson":
        assert fault is not None
        assert fault.field == "sender.originatorPersons[0]"
    elif where:
        assert fault is not None
        assert fault.why is not None
        assert fault.field.startswith(f"sender.originatorPersons[0].{where}")
        assert all(fault.why.text(lang) for lang in LANGUAGES)
    else:
        assert fault is None


@pytest.mark.parametrize(
    ("number", "type_", "field"),
    [
        ("506700T7Z685VUOZL877", "LEIX", ""),
        ("506700T7Z685VUOZL878", "LEIX", "nationalIdentifier"),
        ("506700t7z685vuozl877", "LEIX", "nationalIdentifier"),
        ("990140000136", "TXID", ""),
        ("N123", "CCPT", "nationalIdentifierType"),  # a company has no passport
    ],
)
def test_the_number_of_a_company(number: str, type_: str, field: str) -> None:
    told = {"nationalIdentifier": number, "nationalIdentifierType": type_}
    fault = wrong(of("legalPerson", {**COMPANY, "nationalIdentification": told}), trisa()[1], DAY)
    assert (fault.field.rpartition(".")[2] if fault else "") == field


@pytest.mark.parametrize(
    ("path", "lacks"),
    [
        (f"{N}.name", f"originator.originatorPersons.{N}.name"),
        (f"{N}.name.nameIdentifier.0.nameIdentifierType", f"originator.originatorPersons[0].{N}.name."),
        (f"{N}.geographicAddress.0.country", f"originator.originatorPersons[0].{N}.geographicAddress[0].country"),
        (
            f"{N}.geographicAddress.0.streetName",
            f"originator.originatorPersons[0].{N}.geographicAddress[0].addressLine",
        ),
        (f"{N}.dateAndPlaceOfBirth.placeOfBirth", f"originator.originatorPersons[0].{N}.dateAndPlaceOfBirth."),
        (f"{N}.nationalIdentification.nationalIdentifier", f"originator.originatorPersons[0].{N}.national"),
    ],
)
def test_what_a_field_may_not_lack(path: str, lacks: str) -> None:
    sender, receiver = trisa()
    made = put(sender, path, None)
    [found] = missing(made, receiver)
    assert found.startswith(lacks)
    assert wrong(made, receiver, DAY) is None
    assert all(found not in lacking(found, lang) for lang in LANGUAGES)  # in words


def test_one_of_address_number_birth_or_customer_number_is_enough() -> None:
    whole = TRISA["originator"]["originatorPersons"][0][N]
    keys = ("geographicAddress", "nationalIdentification", "dateAndPlaceOfBirth", "customerIdentification")
    for key in keys:
        assert missing(of(N, {"name": whole["name"], key: whole[key]}), trisa()[1]) == []
        assert len(missing(of(N, {"name": whole["name"], key: type(whole[key])()}), trisa()[1])) == 1
    assert missing(of("legalPerson", {"name": COMPANY["name"], "customerNumber": "7"}), trisa()[1]) == []


@pytest.mark.parametrize(
    "numbers", [["x" * 35], [""], [5], ["KZ1", 5], "KZ1", ["-1"], ["KZ1", "x" * 101], [None], [["KZ1"]]]
)
def test_account_numbers(numbers: object) -> None:
    sender, receiver = trisa()
    made = {**sender, "accountNumber": numbers}
    assert missing(made, receiver) or wrong(made, receiver, DAY)


def test_a_wrong_field_is_refused_in_three_languages_and_the_quote_still_serves(world: World) -> None:
    sender, receiver = trisa()
    demo.sender(world.gates["kz"], "14HmBSwec8XrcWge9Zi1ZngNia64u3Wd2v", 10**9)
    bad = put(sender, f"{N}.dateAndPlaceOfBirth.dateOfBirth", "04.10.1992")
    pid, _, (status, told) = pay(world, "ivms", sender=bad, receiver=receiver)
    assert (status, told["code"]) == (422, "field_wrong")
    assert told["field"] == f"sender.originatorPersons[0].{N}.dateAndPlaceOfBirth.dateOfBirth"
    assert "YYYY-MM-DD" in told["words"]["en"]
    assert "ГГГГ-ММ-ДД" in told["words"]["ru"]
    assert "ЖЖЖЖ-АА-КК" in told["words"]["kk"]
    assert world.payment("kz", pid) is None
    _, _, (status, told) = pay(world, "ivms", sender=sender, receiver=receiver)
    assert (status, told["state"]) == (200, "prepared")


@pytest.mark.parametrize("tiyn", ["1", "2", "100000000000000000000000000000"])
def test_an_amount_that_buys_nothing_or_too_much(world: World, tiyn: str) -> None:
    asked = {"send_asset": "KZT", "receive_asset": "AED", "send_amount": tiyn}
    reply = world.ask("kz", "POST", "/quotes", asked)
    assert reply is not None
    assert (reply[0], reply[1]["code"]) == (422, "field_wrong" if len(tiyn) > 1 else "amount_small")


def test_every_refusal_has_words() -> None:
    for code in (*CODES, "contract_stopped", "limit:day", "something_made_up"):
        told = words(code)
        assert set(told) == set(LANGUAGES)
        assert len({told[lang] for lang in LANGUAGES}) == len(LANGUAGES), code
        assert all(code in told[lang] for lang in LANGUAGES) == (code == "something_made_up")


def test_who_was_counted_by_his_account_keeps_his_place_and_what_he_used(world: World) -> None:
    """Before persons were counted, an account was a client: the same person is not counted anew by his IIN."""
    with world.stores["kz"].transaction() as tx:
        for name, amount in (("clients", 1), ("client_total", 100_000_00)):
            contracts.amend(tx, CONTRACT, name, amount, "annex", date(2026, 1, 1))
        found = contracts.limits(tx, CONTRACT, DAY)
    gate = world.gates["kz"]
    assert limits.admit(gate, CONTRACT, "KZ1", found["clients"])
    [use] = limits.uses(CONTRACT, "KZ1", DAY, {"client_total": found["client_total"]})
    gate.submit(limits.openings(CONTRACT, [use]))
    [step] = limits.steps(CONTRACT, [use.named], 60_000_00, None)
    assert gate.ask(request("before", transfers=[step])).accepted
    person = demo.party("originator", "840802422705", "Асель")
    states = []
    for key, account, tiyn in (("a", "KZ1", 30_000_00), ("b", "KZ2", 10_000_00), ("c", "KZ2", 10_00)):
        demo.sender(gate, account, 10**9)
        sender = {**person, "accountNumber": [account]}
        _, _, (_, told) = pay(world, key, amount=tiyn, sender=sender)
        states.append((told["state"], told["reason"]))
    assert states == [("prepared", ""), ("prepared", ""), ("rejected", "limit:client_total")]
    with world.stores["kz"].transaction() as tx:
        assert books.balance(tx, f"limit/{CONTRACT}/clients_taken").credits == 1
        assert books.account(tx, f"limit/{CONTRACT}/client_total/840802422705") is None
        assert books.account(tx, accounts.sender("KZ2")) is not None


def test_what_law_does_not_settle_is_asked_with_its_article(world: World) -> None:
    told = {q["code"]: q for q in questions()}
    day = date(2026, 11, 29)
    paid = law("settle_abroad", {"leg": "asset", "export_contract": "yes"}, day)
    assert paid["verdict"] == "not_regulated"
    assert {"ask_bank", "asset_leg_outside"} <= {f["name"].rpartition(".")[2] for f in paid["findings"]}
    digital = {"operation": "cross_border", "account_keeper": "bank", "within_the_balance": "yes"}
    sent = law("use_digital_tenge", digital, day)
    assert sent["verdict"] == "unknown"
    for code, cites in (("repatriation", paid), ("asset_leg", paid), ("digital_tenge", sent)):
        every = [c for f in cites["findings"] for c in f["cites"]] + cites["cites"]
        assert any(told[code]["cite"].startswith(c) for c in every), (code, every)
        assert len(set(told[code]["words"].values())) == len(LANGUAGES)
    _, _, (_, answer) = pay(world, "asked")
    assert answer["questions"] == questions()


@pytest.mark.parametrize("asset", ["USDT", "BTC", "XYZ", "ZWL"])
def test_only_a_money_that_messages_can_name_is_received(world: World, asset: str) -> None:
    with world.stores["abroad"].transaction() as tx:
        quotes.add(tx, f"USDT/{asset}", "1", "made up", tx.now)
    asked = {"send_asset": "KZT", "receive_asset": asset, "send_amount": "5000000"}
    assert world.ask("kz", "POST", "/quotes", asked)[1]["code"] == "asset_unknown"  # type: ignore[index]
