"""Applications at every step, acts of the offices, and filings of the made-up country, by its own people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from salyq.civil.days import last_working_day
from salyq.office.demonstration.country import APPLIED, Country
from salyq.office.intake.receive import receive
from salyq.office.procedures.effects import written
from salyq.office.procedures.take import open_application, take_step
from salyq.office.registry.model import Subject
from salyq.office.store.store import Access, Transaction

EVERY_OFFICE = "ministry,nbk,afsa,ardfm,alatau,tax"
OFFICER = Access("officer", "officer", EVERY_OFFICE)
SECOND = Access("second_officer", "second_officer", EVERY_OFFICE)
Content = Mapping[str, Any]
_MINING = {"kind": "II", "region": "350000000", "capacity_mw": "8", "legal_form": "llp", "owns_hardware": True}
_OPERATOR = {"legal_form": "llp", "capital_kzt": "60000000", "site": "https://kz.example", "region": "750000000"}
_PLATFORM = {**_OPERATOR, "legal_form": "jsc", "capital_kzt": "250000000"}
_SANDBOX = {"contract": "№ 9", "activity": "city", "participant_kind": "non_financial", "legal_form": "llp",
            "payment_provider": "none", "financial_organisation": False, "fits_aims": True}  # fmt: skip
_GRANT, _REFUSAL = {"article": "9.1"}, {"article": "12-3", "reason": "құжаттар толық емес"}


@dataclass
class Deed:
    """What somebody did on a day: `do` runs in a transaction as `who`."""

    day: date
    who: Access
    do: Callable[[Transaction], None]


@dataclass
class _Case:
    """One application: opened, then step by step; `id` is known once it is open."""

    country: Country
    procedure: str
    applicant: Subject
    fields: Content
    number: str | None = None
    content: Content = field(default_factory=dict)
    id: UUID | None = None

    @property
    def owner(self) -> Access:
        name = "miner" if self.applicant == self.country.firms["miners"][30] else "applicant"
        return Access(name, "applicant", organisations=(self.applicant.id,))

    def deeds(self, opened: int, *steps: tuple[int, Access | None, str, Content]) -> list[Deed]:
        """`opened` and the first of each step are days before today; a step of nobody named is the applicant's."""
        first = self.owner if self.procedure in _APPLIED else OFFICER
        found = [Deed(self._day(opened), first, self._open)]
        for days, who, step, content in steps:
            found.append(Deed(self._day(days), who or self.owner, self._step(step, content)))
        return found

    def _day(self, before: int) -> date:
        return last_working_day(self.country.last - timedelta(days=before))

    def _open(self, tx: Transaction) -> None:
        organisation = "" if self.number and self.procedure not in _APPLIED else self.applicant.id
        case = open_application(
            tx, self.procedure, organisation, self.applicant.name, self.fields, number=self.number, content=self.content
        )
        self.id = case.application.id

    def _step(self, name: str, content: Content) -> Callable[[Transaction], None]:
        def do(tx: Transaction) -> None:
            assert self.id is not None
            case = take_step(tx, self.id, name, content)
            found = written(case)
            if found is not None and found["event"] == "granted":
                self.country.new(found["register"], found["number"], self.applicant)

        return do


_APPLIED = ("mining_licence", "mining_licence_renewal", "exchange_operator", "trading_platform", "dfa_platform",
            "sandbox_contract", "pool_accreditation", "hardware_entry", "dfa_issue")  # fmt: skip


def deeds(c: Country) -> list[Deed]:
    """Everything that people did in the last two months, in the order of days."""
    if c.last < APPLIED:
        return []  # the procedures of the reform are not in force, or just begun

    def firm(trade: str) -> Subject:
        return c.invent.firm(trade, date(2024, 2, 1))

    accept: tuple[str, Content] = ("accept", {})
    confirm: tuple[str, Content] = ("confirm_grant", {})
    miner = c.firms["miners"][30]
    found: list[Deed] = []
    found += _Case(c, "mining_licence", firm("miner"), _MINING).deeds(3)
    found += _Case(c, "mining_licence", firm("miner"), _MINING).deeds(8, (6, OFFICER, *accept))
    found += _Case(c, "mining_licence", miner, _MINING).deeds(
        12, (10, OFFICER, *accept), (7, OFFICER, "return", {"faults": "орталықпен шарт жоқ"})
    )
    found += _Case(c, "mining_licence", firm("miner"), _MINING).deeds(
        14, (12, OFFICER, *accept), (9, OFFICER, "return", {"faults": "қуат көрсетілмеген"}),
        (5, None, "resubmit", {"fields": {"capacity_mw": "9"}}),
    )  # fmt: skip
    found += _Case(c, "mining_licence", firm("miner"), _MINING).deeds(
        18, (15, OFFICER, *accept), (4, OFFICER, "propose_grant", _GRANT)
    )
    found += _Case(c, "mining_licence", firm("miner"), _MINING).deeds(
        30, (28, OFFICER, *accept), (20, OFFICER, "propose_grant", _GRANT), (19, SECOND, *confirm)
    )
    found += _Case(c, "mining_licence", firm("miner"), _MINING).deeds(45)  # nobody looked: the day passes
    found += _Case(c, "mining_licence", firm("miner"), _MINING).deeds(21, (20, None, "withdraw", {}))
    found += _Case(c, "exchange_operator", firm("exchange"), _OPERATOR).deeds(10, (9, OFFICER, *accept))
    found += _Case(c, "exchange_operator", firm("exchange"), {**_OPERATOR, "capital_kzt": "40000000"}).deeds(
        25, (24, OFFICER, *accept), (16, OFFICER, "propose_refusal", _REFUSAL), (15, SECOND, "confirm_refusal", {}),
        (11, None, "appeal", {"reason": "капитал толықтырылды"}),
    )  # fmt: skip
    found += _Case(c, "trading_platform", firm("platform"), _PLATFORM).deeds(
        22, (21, OFFICER, *accept), (6, OFFICER, "propose_refusal", _REFUSAL)
    )
    found += _Case(c, "dfa_platform", firm("dfa"), _PLATFORM).deeds(
        13, (12, OFFICER, *accept), (8, OFFICER, "return", {"faults": "ішкі қағидалар жоқ"})
    )
    until = (c.last + timedelta(days=700)).isoformat()
    found += _Case(c, "sandbox_contract", firm("payments"), {**_SANDBOX, "until": until}).deeds(
        9, (7, OFFICER, *accept)
    )
    found += _issues(c)
    found += _offices(c)
    return sorted((d for d in found if d.day <= c.last), key=lambda d: d.day)


def _issues(c: Country) -> list[Deed]:
    """Issues of DFA at a platform: one waits for its operator, one was sent back, one was registered by him."""
    issuer, platform = c.firms["dfa_issues"][0], c.firms["dfa_platforms"][0]
    operator = Access("dfa_operator", "applicant", organisations=(platform.id,))
    fields = {"platform": c.numbers["dfa_platforms"][0], "dfa_kind": "1", "base_asset": "KZT",
              "storage": "«Сенім Кастоди» АҚ", "quantity": "500000", "legal_form": "jsc", "resident_issuer": True,
              "issue_decision": True, "base_checked": True}  # fmt: skip
    accept: tuple[str, Content] = ("accept", {})
    return [
        *_Case(c, "dfa_issue", issuer, fields).deeds(4),
        *_Case(c, "dfa_issue", issuer, {**fields, "dfa_kind": "2", "base_asset": "астық"}).deeds(
            10, (9, operator, *accept), (6, operator, "return", {"faults": "базалық актив расталмаған"})
        ),
        *_Case(c, "dfa_issue", issuer, fields).deeds(
            24, (22, operator, *accept), (15, operator, "register", {"article": "6.1"})
        ),
    ]


def _offices(c: Country) -> list[Deed]:
    """Acts of the offices themselves: a suspension, a breach of a sandbox contract, an order with its plan."""
    found: list[Deed] = []
    number, holder = c.numbers["miners"][60], c.firms["miners"][60]
    suspension = {"months": 2, "ground": "not_cured", "reason": "9.4.3"}
    found += _Case(c, "mining_licence_suspension", holder, suspension, number).deeds(2)
    sandbox, bank = c.numbers["sandbox_participants"][3], c.firms["sandbox_participants"][3]
    breach = _Case(c, "sandbox_breach", bank, {}, sandbox, {"reason": "тұтынушыларға хабарланбаған"})
    found += breach.deeds(6, (3, None, "plan", {"measures": "хабарлама жарияланады"}))
    order = {"measure": "order", "about_register": "miners", "about": number, "article": "12"}
    found += _Case(c, "inspection", holder, order).deeds(17, (16, SECOND, "confirm", {}))
    return found


_HEAD = "№;Наименование майнера;БИН/ИИН;Наименование пула;БИН/ИИН пула;№ лицензии;Дата лицензии;Кошелек;" \
        "Дата распределения;ЦА;Кол-во;Комиссия (актив);Комиссия (кол-во)"  # fmt: skip


def file_tables(tx: Transaction, c: Country, folder: Path) -> None:
    """Last month's table of the first pool: one with faults, then a good one; a licence in it is not in force."""
    pool = c.firms["pools"][0]
    month = (c.last.replace(day=1) - timedelta(days=1)).replace(day=5)
    rows = []
    for n, miner in enumerate(c.firms["miners"][25:45], 1):
        number = c.numbers["miners"][24 + n]
        paid = f"0.{c.invent.chance.randrange(10**6, 10**7)}"
        rows.append(
            f"{n};{miner.name};{miner.id};{pool.name};{pool.id};{number};;bc1q{n:06};{month:%d.%m.%Y};BTC;{paid};BTC;0.0001"
        )
    wrong = [*rows[:3], rows[3].replace(f"{month:%d.%m.%Y}", "31.02.2026")]
    for text in ("\n".join([_HEAD, *wrong]), "\n".join([_HEAD, *rows])):
        receive(tx, folder, "pool_table", pool.id, f"smp1-{month:%Y-%m}.csv", text.encode())
