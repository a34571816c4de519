"""What happened in the made-up country, register by register, as entries with the day on which each was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from salyq.office.demonstration.invent import Inventor
from salyq.office.registry.book import regions
from salyq.office.registry.model import Subject
from salyq.office.registry.write import Proposed

REFORM = date(2026, 5, 1)
APPLIED = date(2026, 7, 1)  # from then on there are applications
_FIRST = date(2023, 4, 20)


class Happening(NamedTuple):
    """An entry and the day of its recording."""

    day: date
    entry: Proposed


class Country:
    """The firms by what they are, for the accounts and the pilots; `happenings` in the order of recording."""

    def __init__(self, seed: int, last: date) -> None:
        self.invent = Inventor(seed)
        self.last = last
        self.granted_later = int(last >= APPLIED)  # one of the eighty licences is applied for (cases.py)
        self.firms: dict[str, list[Subject]] = {}
        self.numbers: dict[str, list[str]] = {}
        self.happenings: list[Happening] = []
        for part in (_mining, _markets, _aifc, _sandbox, _crime, _city):
            self.happenings += [h for h in part(self) if h.day <= last]
        self.happenings.sort(key=lambda h: h.day)  # stable: a record's own order stays

    def new(self, register: str, number: str, firm: Subject) -> None:
        self.numbers.setdefault(register, []).append(number)
        self.firms.setdefault(register, []).append(firm)


def years_later(day: date, years: int) -> date:
    """The last day of a term of whole years."""
    try:
        return day.replace(year=day.year + years) - timedelta(days=1)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _entry(
    register: str,
    number: str,
    event: str,
    day: date,
    who: Subject,
    fields: dict[str, Any],
    article: str,
    act: str = "law-193-vii",
    **ground: Any,
) -> Proposed:
    return Proposed(register, number, event, day, who, fields, {"act": act, "article": article, **ground})


def _mining(c: Country) -> Iterator[Happening]:
    draw = c.invent.chance
    centres: list[tuple[str, str]] = []
    for n in range(1, 25):
        day = c.invent.day(_FIRST, date(2025, 6, 1))
        firm, region = c.invent.firm("miner", date(2019, 3, 1)), draw.choice(regions(day))
        number = f"C-{day.year}-{n:04}"
        fields = {
            "region": region,
            "address": f"Өнеркәсіп аймағы, {draw.randrange(1, 90)}",
            "capacity_mw": str(draw.randrange(2, 60)),
            "power_source": draw.choice(["import", "single_purchaser", "own_plant", "renewable"]),
            "outside_residential": True,
        }
        c.new("data_centres", number, firm)
        centres.append((number, region))
        yield Happening(day, _entry("data_centres", number, "granted", day, firm, fields, "1.9"))
    for n in range(1, 81 - c.granted_later):
        yield from _licence(c, n, centres)
    for n in range(1, 6):
        day = c.invent.day(_FIRST, date(2024, 12, 1))
        firm = c.invent.firm("pool", date(2021, 5, 1))
        number = f"P-{day.year}-{n:03}"
        fields = {
            "region": draw.choice(regions(day)),
            "hardware_in_kz": True,
            "security_protocol": f"ИҚ-{draw.randrange(100, 999)}",
        }
        c.new("pools", number, firm)
        yield Happening(day, _entry("pools", number, "granted", day, firm, fields, "10.1"))


def _licence(c: Country, n: int, centres: list[tuple[str, str]]) -> Iterator[Happening]:
    draw = c.invent.chance
    day = c.invent.day(_FIRST, date(2025, 11, 1)) if n > 30 else c.invent.day(_FIRST, date(2023, 12, 20))
    kind = "I" if n % 3 == 0 else "II"
    centre, region = draw.choice(centres)
    firm = c.invent.firm("miner", date(2020, 1, 1) + timedelta(days=n * 9))
    number = f"M-{day.year}-{n:04}"
    fields = {
        "kind": kind,
        "until": years_later(day, 3).isoformat(),
        "region": region,
        "centre": centre,
        "capacity_mw": str(draw.randrange(1, 40)),
        "size_class": draw.choice(["medium", "large"]) if kind == "I" else draw.choice(["small", "medium"]),
        "contact": f"{c.invent.person()}, +7 700 000 {n:02} 00",
    }
    c.new("miners", number, firm)
    yield Happening(day, _entry("miners", number, "granted", day, firm, fields, "9.1"))
    if n % 4 == 0:
        hardware = {
            "licence": number,
            "centre": centre,
            "maker": draw.choice(["Bitmain", "MicroBT", "Canaan"]),
            "model": draw.choice(["S19", "S21", "M50", "A1466"]),
            "count": draw.randrange(40, 3000),
            "power_kw": str(draw.randrange(200, 9000)),
            "region": region,
            "serials": f"SN{n:04}…",
        }
        entered = day + timedelta(days=20)
        c.new("mining_hardware", f"H-{entered.year}-{n:05}", firm)
        yield Happening(
            entered, _entry("mining_hardware", f"H-{entered.year}-{n:05}", "granted", entered, firm, hardware, "4.3.6")
        )
    yield from _later(c, n, number, day, firm)


def _later(c: Country, n: int, number: str, granted: date, firm: Subject) -> Iterator[Happening]:
    """What became of the licence: most run on; some were suspended, resumed, renewed, given up, taken by a court."""
    first = granted + timedelta(days=c.invent.chance.randrange(200, 500))

    def step(event: str, day: date, article: str, **fields: Any) -> Happening:
        late = day + timedelta(days=c.invent.chance.randrange(3))
        return Happening(late, _entry("miners", number, event, day, firm, fields, article))

    if n % 11 == 0:
        until = first + timedelta(days=92)
        yield step("suspended", first, "9.4", suspended_until=until.isoformat(), reason="9.4.3")
        if n % 22 == 0:
            yield step("resumed", until, "9.6", reason=None)
    elif n % 17 == 0:
        yield step("revoked", first, "9.7", reason="сот шешімі")
    elif n % 13 == 0:
        yield step("surrendered", first, "9.4", reason="өз өтініші")
    elif n <= 30 and n % 2 == 0:
        next_term = years_later(granted, 3) + timedelta(days=1)
        asked = next_term - timedelta(days=40)
        renewal = step("renewed", next_term, "9.1", until=years_later(next_term, 3).isoformat())
        yield renewal._replace(day=asked)
    elif n % 19 == 0:
        yield step("changed", first, "9.4.4", capacity_mw=str(c.invent.chance.randrange(5, 50)))


def _markets(c: Country) -> Iterator[Happening]:
    plan = (
        ("exchange_operators", "exchange", "EX", 4, "12-2", 50_000_000, "12-2.9"),
        ("trading_platforms", "platform", "TP", 3, "6.5", 200_000_000, "6.17"),
        ("dfa_platforms", "dfa", "DP", 2, "6.5", 100_000_000, "6.17"),
    )
    for register, trade, letters, count, _, capital, article in plan:
        for n in range(1, count + 1):
            day = c.invent.day(REFORM + timedelta(days=33), date(2026, 10, 15))
            firm = c.invent.firm(trade, date(2022, 2, 1), "АҚ" if n % 2 else "ЖШС")
            number = f"{letters}-{day.year}-{n:03}"
            fields = {
                "legal_form": "jsc" if n % 2 else "llp",
                "capital_kzt": str(c.invent.amount(capital, capital * 3, 1_000_000)),
                "site": f"https://{letters.lower()}{n}.example",
                "region": c.invent.chance.choice(["710000000", "750000000"]),
            }
            c.new(register, number, firm)
            yield Happening(day, _entry(register, number, "granted", day, firm, fields, article, authority="nbk"))
            if register == "exchange_operators" and n == 4:
                stop = day + timedelta(days=40)
                yield Happening(
                    stop, _entry(register, number, "suspended", stop, firm, {"reason": "12-6"}, "12-6", authority="nbk")
                )
    for n, kind in enumerate("12132", 1):
        day = c.invent.day(date(2026, 8, 1), date(2026, 11, 10))
        firm = c.invent.firm("issuer", date(2021, 9, 1), "АҚ")
        number = f"DFA-{kind}-{day.year}-{n:03}"
        fields = {
            "dfa_kind": kind,
            "platform": c.numbers["dfa_platforms"][0],
            "base_asset": {"1": "KZT", "2": "астық", "3": "облигация"}[kind],
        }
        c.new("dfa_issues", number, firm)
        yield Happening(day, _entry("dfa_issues", number, "granted", day, firm, fields, "6.1", authority="nbk"))
    for n in range(1, 7):
        day = c.invent.day(date(2023, 9, 1), date(2025, 9, 1))
        firm = c.invent.firm("issuer", date(2021, 9, 1))
        fields = {
            "asset": c.invent.chance.choice(["алтын", "мыс", "астық", "тауар"]),
            "until": date(2026, 4, 30).isoformat(),
        }
        c.new("secured_issuers", f"S-{day.year}-{n:03}", firm)
        yield Happening(day, _entry("secured_issuers", f"S-{day.year}-{n:03}", "granted", day, firm, fields, "5"))


def _aifc(c: Country) -> Iterator[Happening]:
    every = ["principal", "agent", "custody", "advising", "money_services", "trading_facility", "managing_investments"]
    for n in range(1, 31):
        day = c.invent.day(date(2022, 8, 1), date(2026, 9, 1))
        firm = replace(c.invent.firm("aifc", date(2022, 1, 1)))
        number = f"AFSA-A-LA-{day.year}-{n:04}"
        chosen = c.invent.chance.sample(every, c.invent.chance.randrange(1, 4))
        fields: dict[str, Any] = {"activities": sorted(chosen), "retail": n % 3 == 0}
        if n % 10 == 0:
            fields = {"activities": ["fintech_lab"], "until": years_later(day, 2).isoformat(), "retail": False}
        c.new("aifc_participants", number, firm)
        yield Happening(
            day, _entry("aifc_participants", number, "granted", day, firm, fields, "1.1", "aifc-daa", authority="afsa")
        )
        if n % 14 == 0:
            end = day + timedelta(days=300)
            yield Happening(
                end,
                _entry("aifc_participants", number, "surrendered", end, firm, {}, "1.1", "aifc-daa", authority="afsa"),
            )


def _sandbox(c: Country) -> Iterator[Happening]:
    plan = (("card", "bank", "bank"), ("corridor", "bank", "bank"), ("exchange", "exchange", "non_financial"),
            ("stablecoin", "payments", "payment_organisation"))  # fmt: skip
    for n, (activity, trade, kind) in enumerate(plan, 1):
        day = c.invent.day(date(2025, 10, 1), date(2025, 12, 20))
        firm = c.invent.firm(trade, date(2015, 1, 1), "АҚ")
        number = f"SB-{day.year}-{n:03}"
        fields = {
            "contract": f"№ {n} / {day:%d.%m.%Y}",
            "until": years_later(day, 2).isoformat(),
            "activity": activity,
            "participant_kind": kind,
            "clients_limit": c.invent.amount(500, 5000, 100),
            "client_month_kzt": str(c.invent.amount(500_000, 3_000_000, 100_000)),
            "total_kzt": str(c.invent.amount(1_000_000_000, 5_000_000_000, 50_000_000)),
            "assets": ["BTC", "ETH", "USDT"],
        }
        c.new("sandbox_participants", number, firm)
        yield Happening(
            day,
            _entry("sandbox_participants", number, "granted", day, firm, fields, "51-5.2", "nbk-law", authority="nbk"),
        )


def _city(c: Country) -> Iterator[Happening]:
    """A payment organisation takes the pilot city on once its regime has begun."""
    day, firm, number = date(2026, 7, 6), c.firms["sandbox_participants"][3], "SB-2026-005"
    fields = {
        "contract": f"№ 5 / {day:%d.%m.%Y}",
        "until": years_later(day, 3).isoformat(),
        "activity": "city",
        "participant_kind": "payment_organisation",
        "assets": ["BTC", "USDT"],
    }
    if day <= c.last:
        c.new("sandbox_participants", number, firm)
    yield Happening(
        day, _entry("sandbox_participants", number, "granted", day, firm, fields, "51-5.2", "nbk-law", authority="nbk")
    )


def _crime(c: Country) -> Iterator[Happening]:
    letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    for n in range(1, 13):
        day = c.invent.day(date(2026, 6, 1), date(2026, 11, 1))
        wallet = "T" + "".join(c.invent.chance.choice(letters) for _ in range(33))
        crime = c.invent.chance.choice(["laundering", "terrorism", "fraud", "drugs"])
        fields = {"network": "tron", "crime": crime, "case": f"{n:04}/2026"}
        c.new("criminal_wallets", wallet, Subject("", "—"))
        yield Happening(
            day,
            _entry("criminal_wallets", wallet, "granted", day, Subject("", "—"), fields, "4.4", authority="afm"),
        )
    for n in range(1, 9):
        day = c.invent.day(date(2026, 10, 20), date(2026, 11, 10))
        register = c.invent.chance.choice(["miners", "exchange_operators"])
        about = c.invent.chance.randrange(len(c.numbers[register]))
        measure, article = ("order", "12") if register == "miners" else ("recommendation", "12-5")
        fields = {
            "measure": measure,
            "about_register": register,
            "about": c.numbers[register][about],
            "article": article,
        }
        firm = c.firms[register][about]
        office = "ministry" if register == "miners" else "nbk"
        c.new("measures", f"ME-2026-{n:04}", firm)
        yield Happening(
            day, _entry("measures", f"ME-2026-{n:04}", "granted", day, firm, fields, article, authority=office)
        )
        if n % 2:
            done = day + timedelta(days=12)
            yield Happening(
                done, _entry("measures", f"ME-2026-{n:04}", "surrendered", done, firm, {}, article, authority=office)
            )
